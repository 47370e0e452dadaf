"""``commentariat search``: finds articles by the words in them."""

from typing import Annotated

import typer

from flows.cli.app import (
    MOST,
    ConfigOption,
    FormatOption,
    ResultOption,
    WarehouseOption,
    app,
    in_utf8,
    warehouse_path,
)


@app.command()
def search(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="WORDS...",
            callback=in_utf8,
            help='Words that must all occur; also "a phrase", pre*, and in capitals AND, OR, NOT.',
        ),
    ],
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, max=MOST, help="Most articles to show, best first.")
    ] = 20,
    output_format: FormatOption = None,
    output: ResultOption = None,
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Find articles by the words in their titles and texts; a hit in the title counts more.

    For example:

    `commentariat search congestion charge`

    `commentariat search '"congestion charge"'` (the words side by side)

    `commentariat search 'nuclear NOT weapons' --format csv`

    The same in SQL: `FROM search('congestion charge')`.
    """
    from flows.cli.query_results import search_articles, write_result

    result = search_articles(warehouse_path(warehouse, config), " ".join(words), limit)
    write_result(result, output_format, output)
