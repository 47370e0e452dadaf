"""``commentariat discover``: shows which items a source would bring, and why others are left out."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.app import DATES, ConfigOption, FormatOption, WarehouseOption, app, refuse_empty_period

if TYPE_CHECKING:
    import pyarrow as pa

    from flows.settings.config import Config
    from tasks.item import Discovery
    from tasks.sources import Source


@app.command()
def discover(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="Name of a configured source, or an address or path.")
    ],
    config: ConfigOption = None,
    since: Annotated[
        datetime | None,
        typer.Option(metavar="DAY", formats=DATES, help="Only this day (UTC) and later."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(metavar="DAY", formats=DATES, help="Only days before this one (UTC)."),
    ] = None,
    output_format: FormatOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Show which items a source would bring, and why others are left out; it reads listings and stores nothing.

    Items that the warehouse already knows are marked: items that are stored, were read before or were taken down.
    `--format` gives the columns `verdict` (`take`, `known`, `leave out`, or the outcome of a listing or item that
    cannot be read), `published`, `changed`, `title`, `reason` and `url`.

    For example:

    `commentariat discover harbor-ledger`

    `commentariat discover https://www.example.com/opinion/feed.xml --since 2026-11-01`

    Exit code 0: the source was read; 1: a part of it could not be read, and the answer names the part.
    """
    import asyncio

    from flows.cli.query_results import write_result
    from flows.settings.config import load_config

    refuse_empty_period(since, until)
    settings = load_config(config)
    discovery = asyncio.run(_discover(_source(settings, source), settings, since, until))
    for note in (*discovery.notes, *discovery.warnings):
        typer.echo(note, err=True)
    known = _known(
        settings.warehouse.path if warehouse is None else warehouse, [item.url for item in discovery.items]
    )
    write_result(_as_table(discovery, known), output_format, None)
    counts = f"{len(discovery.items) - len(known)} to take"
    counts += f", {len(known)} known already" if known else ""
    typer.echo(
        f"{source}: {counts}, {len(discovery.left_out)} left out, {len(discovery.problems)} problems",
        err=True,
    )
    if discovery.problems:
        raise typer.Exit(1)


def _source(config: "Config", name: str) -> "Source":
    """Find a configured source by name, or make one of an address or path; refuse any other text."""
    from commentariat import InputError
    from tasks.named_inputs import source_from_input
    from tasks.nearest import nearest

    known = {source.name: source for source in config.sources}
    if name in known:
        return known[name]
    try:
        return source_from_input(name)
    except InputError as error:
        message = f"{error}; no source of this name is configured: {nearest(name, known)}"
        raise InputError(message) from error


async def _discover(
    source: "Source", config: "Config", since: datetime | None, until: datetime | None
) -> "Discovery":
    from flows.settings.server_settings import import_prefect

    import_prefect()
    from flows.night.opening import open_fetcher
    from flows.settings.request import utc_moment
    from tasks.discover.discover import discover as discover_source

    async with open_fetcher(config) as fetcher:
        return await discover_source(
            source, fetcher, since=since and utc_moment(since), until=until and utc_moment(until)
        )


def _known(warehouse: Path, urls: list[str]) -> dict[str, str]:
    """Give the latest outcome of each address that the published warehouse knows; empty without a warehouse."""
    from commentariat import WarehouseError
    from warehouse import connect
    from warehouse.sql_files import load_sql

    sql = load_sql("known_addresses", Path(__file__).parent)
    with suppress(WarehouseError), connect(warehouse) as reader:
        rows = reader.query(sql, {"urls": urls}).to_pylist() if urls else []
        return {row["url"]: f"{row['outcome']} on {row['decided_at']:%Y-%m-%d}" for row in rows}
    return {}


def _as_table(discovery: "Discovery", known: dict[str, str]) -> "pa.Table":
    """Make the rows: first items to take, then known items, items left out, and parts that could not be read."""
    import pyarrow as pa

    rows = [
        (
            "known" if item.url in known else "take",
            item.published_hint,
            item.modified_hint,
            item.title_hint,
            known.get(item.url, ""),
            item.url,
        )
        for item in sorted(discovery.items, key=lambda item: item.url in known)
    ]
    rows += [("leave out", None, None, None, left.reason, left.url) for left in discovery.left_out]
    rows += [
        (problem.outcome, None, None, None, problem.reason, problem.url) for problem in discovery.problems
    ]
    columns: dict[str, pa.DataType] = {
        "verdict": pa.string(),
        "published": pa.timestamp("us", "UTC"),
        "changed": pa.timestamp("us", "UTC"),
        "title": pa.string(),
        "reason": pa.string(),
        "url": pa.string(),
    }
    schema = pa.schema(columns)
    return pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema=schema)
