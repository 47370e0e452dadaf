"""The application of the explorer: the page at each address, the downloads, and the queries that a person saves."""

from __future__ import annotations

import os
import shlex
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from commentariat import InputError, WarehouseError
from flows.explorer.article_page import article_page, compared
from flows.explorer.filters import Filter
from flows.explorer.guard import Tokens
from flows.explorer.guarded import form_items, guarded
from flows.explorer.overview import VIEWS, overview, written
from flows.explorer.pages import page
from flows.explorer.snapshots import Snapshots
from warehouse import Reader
from warehouse.durable import explained
from warehouse.exporting.forms import Form, write
from warehouse.publishing.generations import current_generation
from warehouse.querying.own_queries import keep_query

_CHUNK_BYTES = 1 << 20
_FORMS: dict[str, tuple[Form, str]] = {
    "csv": ("csv", "text/csv; charset=utf-8"),
    "parquet": ("parquet", "application/vnd.apache.parquet"),
}


def application(snapshots: Snapshots, *, port: int, tokens: Tokens) -> ASGIApp:
    """Make the application for a warehouse; the guard protects all pages, also those about errors."""
    routes = [
        Route("/", _overview),
        Route("/article/{article_id}", _article),
        Route("/article/{article_id}/changes", _changes),
        Route("/download/{name}.{form}", _download),
        Route("/save", _save, methods=["POST"]),
        Route("/snapshot", _snapshot),
    ]
    command = "commentariat explore"
    return guarded(
        routes, port=port, tokens=tokens, command=command, home="All articles", snapshots=snapshots
    )


def _overview(request: Request) -> Response:
    chosen = _chosen(request)
    snapshots = _snapshots(request)
    content = snapshots.ask(lambda reader: overview(snapshots, reader, chosen) | _made_of(reader))
    return page("overview.html", **content)


def _article(request: Request) -> Response:
    chosen, article_id = _chosen(request), request.path_params["article_id"]
    revision = _number(request, "revision")
    content = _snapshots(request).ask(
        lambda reader: article_page(reader, article_id, revision, chosen) | _made_of(reader)
    )
    return page("article.html", **content)


def _changes(request: Request) -> Response:
    chosen, article_id = _chosen(request), request.path_params["article_id"]
    before, after = _number(request, "before"), _number(request, "after")
    if before is None or after is None:
        raise InputError("two revisions are compared: name both, as ?before=1&after=2")
    content = _snapshots(request).ask(
        lambda reader: compared(reader, article_id, before, after) | _made_of(reader)
    )
    return page("changes.html", chosen=chosen, **content)


def _download(request: Request) -> Response:
    """Write all rows of a view to a file, and send the file.

    The file has no name, so nothing of it is left on disk, however this ends.
    """
    chosen = _chosen(request)
    name, ending = request.path_params["name"], request.path_params["form"]
    if name not in VIEWS or ending not in _FORMS:
        raise HTTPException(404)
    form, media = _FORMS[ending]
    file = _unnamed_file()

    def fill(reader: Reader) -> int:
        file.seek(0)
        file.truncate()
        with reader.stream(written(name, chosen, reader)) as batches:
            write(batches.schema, batches, form, file, for_spreadsheet=True)
        return file.seek(0, os.SEEK_END)

    def chunks() -> Iterator[bytes]:
        with file:
            file.seek(0)
            while chunk := file.read(_CHUNK_BYTES):
                yield chunk

    with explained("Writing the download", Path(tempfile.gettempdir())):
        try:
            size = _snapshots(request).ask(fill)
        except BaseException:
            file.close()
            raise
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{ending}"',
        "Content-Length": str(size),
    }
    return StreamingResponse(chunks(), media_type=media, headers=headers)


def _unnamed_file() -> IO[bytes]:
    try:
        return tempfile.TemporaryFile()  # it is closed when it has been sent
    except OSError as error:  # also if no folder for temporary files can be written to
        raise WarehouseError(
            f"a download needs a temporary file, and none can be made ({error.strerror}): set TMPDIR to a folder with "
            "free space, and start the explorer again"
        ) from error


async def _save(request: Request) -> Response:
    """Save the SQL of a view as a query of the user's own."""
    items = await form_items(request)
    given = dict(items)
    if given.get("view") not in VIEWS:
        raise InputError("there is no such view to save")
    chosen, snapshots = Filter.of_address(items), _snapshots(request)
    name = given.get("name", "").strip()

    def save() -> Path:
        sql = snapshots.ask(lambda reader: written(given["view"], chosen, reader))
        return keep_query(snapshots.root, name, sql)

    path = await run_in_threadpool(save)
    root = shlex.quote(str(snapshots.root))
    return page("saved.html", name=name, path=str(path), root=root, back=chosen.address())


def _snapshot(request: Request) -> Response:
    """Give the name of the newest snapshot, so that an open page can show that there is a newer one."""
    generation = current_generation(_snapshots(request).root)
    return JSONResponse({"snapshot": generation.name if generation else None})


def _snapshots(request: Request) -> Snapshots:
    snapshots: Snapshots = request.app.state.snapshots
    return snapshots


def _chosen(request: Request) -> Filter:
    return Filter.of_address(request.query_params.multi_items())


def _number(request: Request, name: str) -> int | None:
    value = request.query_params.get(name)
    if value is None:
        return None
    if not value.isascii() or not value.isdigit() or len(value) > 6:
        raise InputError(f"{name} is {value[:40]!r}; it should be the number of a revision")
    return int(value)


def _made_of(reader: Reader) -> dict[str, object]:
    """Give the snapshot from which a page was made."""
    (row,) = reader.query("FROM snapshot").to_pylist()
    generation = reader.generation
    return {
        "warehouse": str(reader.root),
        "snapshot": generation.name if generation else "",
        "sequence": row["sequence"],
        "published_at": row["published_at"],
    }
