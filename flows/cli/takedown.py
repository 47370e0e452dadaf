"""``commentariat takedown``: removes articles from everything that is stored, for ever."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.app import ConfigOption, WarehouseOption, app, in_utf8, warehouse_path

if TYPE_CHECKING:
    from flows.cli.listed_in_file import NamedFile
    from warehouse import Writer
    from warehouse.upkeep.takedown import Receipt

_LISTED = 50


def _checked_reason(reason: str, option: typer.CallbackParam) -> str:
    if not reason.strip():
        raise typer.BadParameter("the reason is empty: say why, as the tombstone keeps it for ever")
    return in_utf8(reason, option)


@app.command()
def takedown(
    reason: Annotated[
        str,
        typer.Option(
            "--reason",
            metavar="TEXT",
            callback=_checked_reason,
            help="Reason of the takedown; the tombstone keeps it.",
        ),
    ],
    urls: Annotated[
        list[str] | None,
        typer.Option(
            "--url", metavar="URL", callback=in_utf8, help="Take down this address; may be repeated."
        ),
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
        typer.Option(
            "--article", metavar="ID", callback=in_utf8, help="Take down this article_id; may be repeated."
        ),
    ] = None,
    outlets: Annotated[
        list[str] | None,
        typer.Option(
            "--outlet",
            metavar="NAME",
            callback=in_utf8,
            help="Take down everything of this publication; may be repeated.",
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Remove articles from data, snapshots, trash and search; later runs refuse their known addresses.

    An article is removed under each of its known addresses: the one that a feed listed, the one to which that
    redirects, and the one that its page names as its own. A tombstone with the reason stays, and a receipt lists the
    removed rows. Syndicated copies are pages of their own: the receipt names them, and they stay unless they are named
    too.

    For example: `commentariat takedown --url https://www.example.com/a-piece --reason "request of the author"`

    Exit code 0: everything that was named is gone; 1: it was not confirmed, and nothing was taken down; or some name
    was not found, and the receipt says which; or a file could not be read, and more of it may be stored.
    """
    from commentariat import InputError
    from flows.cli.listed_in_file import files_of_inputs
    from flows.cli.writing import writing
    from flows.settings.config import load_config
    from warehouse.publishing.generations import REPORT
    from warehouse.upkeep.takedown import take_down

    if not (urls or inputs or articles or outlets):
        raise InputError("nothing was named; name articles with --url, --input, --article or --outlet")
    path = warehouse_path(warehouse, config)
    settings = load_config(config)
    named = _named((*(urls or ()), *(inputs or ())))
    files = files_of_inputs(inputs or (), settings.sources, settings.fetch)
    if not yes:
        # The lock is not held while a person thinks.
        with writing(warehouse, config, flow="takedown") as writer:
            _print_may_be_left(writer, files)
            _print_stored(writer, _addresses(writer, named, files), articles or (), outlets or ())
        typer.confirm("This cannot be undone. Take it down?", abort=True, err=True)
    had_report = (path / REPORT).is_file()
    with writing(warehouse, config, flow="takedown") as writer:
        addresses = _addresses(writer, named, files)
        may_be_left = _print_may_be_left(writer, files)
        receipt = take_down(
            writer,
            reason=reason,
            urls=[url for of_name in addresses.values() for url in of_name],
            article_ids=articles or (),
            outlets=outlets or (),
        )
    _print_receipt(receipt)
    _print_archives_that_stay(settings.fetch.archives)
    missing = _not_found(receipt.not_found, addresses, (*(articles or ()), *(outlets or ())))
    for name in missing:
        typer.echo(f"  not found, and not taken down: {name}")
    if had_report:
        _write_report(path)
    if missing or may_be_left:
        raise typer.Exit(1)


def _write_report(path: Path) -> None:
    """Write the report again; if that fails, only say so, because the takedown itself is done."""
    from commentariat import CommentariatError
    from flows.report.write import write_report

    try:
        write_report(path)
    except CommentariatError as error:
        typer.echo(f"no report was written; `commentariat report` tries again: {error}", err=True)


def _named(urls: Sequence[str]) -> dict[str, list[str]]:
    """Give the addresses that each named one may mean."""
    return {url: list(_spellings(url)) for url in urls}


def _addresses(
    writer: "Writer", named: Mapping[str, Sequence[str]], files: "Mapping[str, NamedFile]"
) -> dict[str, list[str]]:
    """Give, for each name as it was typed, its addresses and those of what came from the file or folder of this name.

    The writer is asked and not the published snapshot, which lacks what a run has committed before it was killed.
    """
    import pyarrow as pa

    from warehouse.sql_files import load_sql

    sql = load_sql("came_from", Path(__file__).parent)
    addresses = {name: list(spellings) for name, spellings in named.items()}
    for name, file in files.items():
        listed = pa.table({"url": pa.array(file.listed, pa.string())})
        came = writer.query(sql, {"place": file.place}, {"listed": listed})["url"].to_pylist()
        addresses[name] += [file.place, *map(str, came)]
    return addresses


def _print_may_be_left(writer: "Writer", files: "Mapping[str, NamedFile]") -> bool:
    """Print which files could not be listed, if the warehouse has rows that only their files show to be theirs."""
    from warehouse.sql_files import load_sql

    unread = {name: file.unread for name, file in files.items() if file.unread}
    sql = load_sql("read_from_files", Path(__file__).parent)
    if not unread or not writer.query(sql)["is_there"][0].as_py():
        return False
    for name, reason in unread.items():
        typer.echo(
            f"{name} cannot be listed ({reason}): those of its articles that have an address of their own may still be "
            "stored; name them with --url",
            err=True,
        )
    return True


def _not_found(
    unknown: Sequence[str], addresses: Mapping[str, Sequence[str]], others: Sequence[str]
) -> list[str]:
    """Give the names, as they were typed, of which no address is known, and those of the others that are not known."""
    missing = [name for name, urls in addresses.items() if set(unknown).issuperset(urls)]
    return missing + [name for name in others if name in unknown]


def _print_stored(
    writer: "Writer", addresses: Mapping[str, Sequence[str]], articles: Sequence[str], outlets: Sequence[str]
) -> None:
    """Print the named articles that are stored, and the names under which there is none.

    Raises
    ------
    InputError
        Nothing is stored under any of the names.
    """
    import pyarrow as pa

    from commentariat import InputError
    from warehouse.sql_files import load_sql
    from warehouse.upkeep.takedown import names_not_found

    urls = [url for of_name in addresses.values() for url in of_name]
    sought = {"urls": urls, "ids": articles, "outlets": outlets}
    tables = {
        name: pa.table({"name": pa.array(list(values), pa.string())}) for name, values in sought.items()
    }
    stored = writer.query(load_sql("takedown"), tables=tables)
    if not stored.num_rows:
        raise InputError(
            "nothing in the warehouse has this URL, article id or outlet; nothing was taken down"
        )
    _print_addresses(writer, [str(article_id) for article_id in stored["article_id"].to_pylist()])
    unknown = names_not_found(writer, urls=urls, article_ids=articles, outlets=outlets)
    for name in _not_found(unknown, addresses, (*articles, *outlets)):
        typer.echo(f"not found: {name}", err=True)


def _print_addresses(writer: "Writer", ids: list[str]) -> None:
    """Print the addresses of articles, each with outlet and title; of many, only the first ones."""
    from tasks.outcome import printable
    from warehouse.sql_files import load_sql

    sql = load_sql("would_go", Path(__file__).parent)
    rows = writer.query(sql, {"ids": ids}).to_pylist()
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
        typer.echo(
            f"  a copy is not removed: article {copy}; only its address is stored, and it is not taken in instead"
        )


def _print_archives_that_stay(archives: Path) -> None:
    """Print where downloaded web archives are, because a takedown does not change them."""
    try:
        are_there = any(archives.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        are_there = False
    except OSError as error:  # the home folder of another user
        typer.echo(
            f"  {archives} cannot be read ({error.strerror}): downloaded web archives there, if any, stay"
        )
        return
    if are_there:
        typer.echo(
            f"  downloaded web archives stay in {archives}: empty this folder if one of them contains the article"
        )


def _spellings(url: str) -> Iterator[str]:
    """Give an address as it was typed and, if it is the address of a page, as it is stored.

    The name of a file may have bytes that are not UTF-8. It is stored only in the form that :class:`NamedFile` gives.
    """
    from commentariat import InputError
    from tasks.addresses.urls import canonical_url

    try:
        url.encode()
    except UnicodeEncodeError:
        return
    yield url
    with suppress(InputError):
        yield canonical_url(url)
