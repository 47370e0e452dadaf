"""``commentariat takedown``: an article out of everything, for good."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Annotated

import typer

from flows.cli.app import ConfigOption, WarehouseOption, app


@app.command()
def takedown(
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept with the tombstone.")
    ],
    urls: Annotated[
        list[str] | None, typer.Option("--url", metavar="URL", help="By address; may be repeated.")
    ] = None,
    articles: Annotated[
        list[str] | None, typer.Option("--article", metavar="ID", help="By article_id; may be repeated.")
    ] = None,
    outlets: Annotated[
        list[str] | None,
        typer.Option("--outlet", metavar="NAME", help="Everything of a publication; may be repeated."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")] = False,
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Remove articles from data, snapshots, trash and search; they are never taken in again.

    An article goes under every address known of it: the one a feed listed and the one its page names as its own. What
    is left is a tombstone with the reason, and a receipt of what was removed. Syndicated copies are pages of their
    own: the receipt names them, and they stay unless they are named too.

    For example: `commentariat takedown --url https://www.example.com/a-piece --reason "request of the author"`
    """
    from commentariat import InputError
    from flows.cli.writing import writing
    from flows.settings.config import load_config
    from warehouse.takedown import take_down

    if not (urls or articles or outlets):
        raise InputError("nothing was named; name articles with --url, --article or --outlet")
    if not yes:
        typer.confirm("This cannot be undone. Take it down?", abort=True, err=True)
    with writing(warehouse, config, flow="takedown") as writer:
        receipt = take_down(
            writer,
            reason=reason,
            urls=[spelling for url in urls or () for spelling in _spellings(url)],
            article_ids=articles or (),
            outlets=outlets or (),
        )
    typer.echo(f"Taken down: {len(receipt.article_ids)} addresses, {receipt.files} files rewritten")
    for url in receipt.urls:
        typer.echo(f"  {url}")
    for table, rows in sorted(receipt.rows.items()):
        typer.echo(f"  {rows} rows of {table}")
    for copy in receipt.copies:
        typer.echo(f"  a copy stays: article {copy}")
    archives = load_config(config).fetch.archives
    if any(archives.glob("*")):
        typer.echo(
            f"  web archives as they were downloaded stay in {archives}: empty it if one of them holds the piece"
        )


def _spellings(url: str) -> Iterator[str]:
    """Give an address as it was typed, and as it is stored if it is that of a page."""
    from commentariat import InputError
    from tasks.urls import canonical_url

    yield url
    with suppress(InputError):
        yield canonical_url(url)
