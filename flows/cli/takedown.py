"""``commentariat takedown``: removes articles from everything that is stored, for ever."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.app import ConfigOption, WarehouseOption, app, warehouse_path

if TYPE_CHECKING:
    from warehouse import Writer
    from warehouse.upkeep.takedown import Receipt

_LISTED = 50


def _not_blank(reason: str) -> str:
    if not reason.strip():
        raise typer.BadParameter("the reason is empty: say why, as the tombstone keeps it for ever")
    return reason


@app.command()
def takedown(
    reason: Annotated[
        str,
        typer.Option(
            "--reason",
            metavar="TEXT",
            callback=_not_blank,
            help="Reason of the takedown; the tombstone keeps it.",
        ),
    ],
    urls: Annotated[
        list[str] | None,
        typer.Option("--url", metavar="URL", help="Take down this address; may be repeated."),
    ] = None,
    inputs: Annotated[
        list[str] | None,
        typer.Option(
            "--input",
            "-i",
            metavar="URL-OR-PATH",
            help="Take down this address, or all that came from this file or folder, as it was given to `run`; "
            "may be repeated.",
        ),
    ] = None,
    articles: Annotated[
        list[str] | None,
        typer.Option("--article", metavar="ID", help="Take down this article_id; may be repeated."),
    ] = None,
    outlets: Annotated[
        list[str] | None,
        typer.Option(
            "--outlet", metavar="NAME", help="Take down everything of this publication; may be repeated."
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Remove articles from data, snapshots, trash and search; they are never taken in again.

    An article is removed under each of its known addresses: the one that a feed listed, and the one that its page names
    as its own. A tombstone with the reason stays, and a receipt lists the removed rows. Syndicated copies are pages of
    their own: the receipt names them, and they stay unless they are named too.

    For example: `commentariat takedown --url https://www.example.com/a-piece --reason "request of the author"`
    """
    from commentariat import InputError
    from flows.cli.writing import writing
    from flows.report.write import write_report
    from flows.settings.config import load_config
    from warehouse.publishing.generations import REPORT
    from warehouse.upkeep.takedown import take_down

    if not (urls or inputs or articles or outlets):
        raise InputError("nothing was named; name articles with --url, --input, --article or --outlet")
    path = warehouse_path(warehouse, config)
    spellings = [spelling for url in (*(urls or ()), *(inputs or ())) for spelling in _spellings(url)]
    places = _places(inputs or ())
    if not yes:
        # The lock is not held while a person thinks.
        with writing(warehouse, config, flow="takedown") as writer:
            _print_stored(writer, _addresses(writer, spellings, places), articles or (), outlets or ())
        typer.confirm("This cannot be undone. Take it down?", abort=True, err=True)
    had_report = (path / REPORT).is_file()
    with writing(warehouse, config, flow="takedown") as writer:
        receipt = take_down(
            writer,
            reason=reason,
            urls=_addresses(writer, spellings, places),
            article_ids=articles or (),
            outlets=outlets or (),
        )
    if had_report:
        write_report(path)
    _print_receipt(receipt)
    _print_archives_that_stay(load_config(config).fetch.archives)


def _addresses(writer: "Writer", urls: Sequence[str], places: Sequence[str]) -> list[str]:
    """Give the named addresses, and those of everything that came from the named files and folders.

    The writer is asked and not the published snapshot, which lacks what a run has committed before it was killed.
    """
    from warehouse.sql_files import load_sql

    sql = load_sql("came_from", Path(__file__).parent)
    came = [str(url) for place in places for url in writer.select(sql, {"place": place})["url"].to_pylist()]
    return [*urls, *places, *came]


def _print_stored(
    writer: "Writer", urls: Sequence[str], articles: Sequence[str], outlets: Sequence[str]
) -> None:
    """Print the named articles that are stored, or that none is."""
    import pyarrow as pa

    from warehouse.sql_files import load_sql

    named = {"urls": urls, "ids": articles, "outlets": outlets}
    tables = {name: pa.table({"name": pa.array(list(values), pa.string())}) for name, values in named.items()}
    found = writer.select(load_sql("takedown"), tables=tables)
    if found.num_rows:
        _print_addresses(writer, [str(one) for one in found["article_id"].to_pylist()])
    else:
        typer.echo(
            "Nothing is stored under these names. A named address would be kept from being taken in.",
            err=True,
        )


def _print_addresses(writer: "Writer", ids: list[str]) -> None:
    """Print the addresses of articles, each with outlet and title; of many, only the first ones."""
    from tasks.outcome import printable
    from warehouse.sql_files import load_sql

    sql = load_sql("would_go", Path(__file__).parent)
    rows = writer.select(sql, {"ids": ids}).to_pylist()
    typer.echo(f"{len(rows)} addresses would go:", err=True)
    for row in rows[:_LISTED]:
        description = " - ".join(printable(row[name]) for name in ("outlet", "title") if row[name])
        typer.echo(f"  {row['url']}" + (f"  {description}" if description else ""), err=True)
    if len(rows) > _LISTED:
        typer.echo(f"  and {len(rows) - _LISTED} more", err=True)


def _print_receipt(receipt: "Receipt") -> None:
    typer.echo(f"Taken down: {len(receipt.article_ids)} addresses, {receipt.files} files rewritten")
    for url in receipt.urls:
        typer.echo(f"  {url}")
    for table, rows in sorted(receipt.rows.items()):
        typer.echo(f"  {rows} rows of {table}")
    for copy in receipt.copies:
        typer.echo(f"  a copy is kept: article {copy}")


def _print_archives_that_stay(archives: Path) -> None:
    """Print where downloaded web archives are, because a takedown does not change them."""
    if any(archives.glob("*")):
        typer.echo(
            f"  downloaded web archives stay in {archives}: empty this folder if one of them contains the article"
        )


def _places(inputs: Sequence[str]) -> list[str]:
    """Give files and folders as they are stored in addresses."""
    from commentariat import InputError
    from tasks.home import with_home_if_known
    from tasks.urls import file_url

    try:
        return [file_url(with_home_if_known(Path(text))) for text in inputs if "://" not in text]
    except ValueError as error:
        raise InputError(str(error)) from error


def _spellings(url: str) -> Iterator[str]:
    """Give an address as it was typed and, if it is the address of a page, as it is stored."""
    from commentariat import InputError
    from tasks.urls import canonical_url

    yield url
    with suppress(InputError):
        yield canonical_url(url)
