"""``commentariat extract``: extracts text and metadata from pages; it needs no warehouse."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.app import OutputOption, app, named_path


@app.command()
def extract(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="FILE-or-DIR...", parser=named_path, help="HTML, txt or Markdown."),
    ],
    output: OutputOption = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Add every signal on which the quality verdict is based.")
    ] = False,
) -> None:
    """Extract text and metadata from pages: one JSON line per page, with an outcome and its reason.

    The keys: `path`, `outcome`, `reason`, `url`, `title`, `subtitle`, `authors`, `published_at`, `modified_at`,
    `outlet`, `section`, `language`, `kind` with the `kind_signal` that shows it, `text`, `note`, `caption`, `quality`,
    `quality_flags` and `extractor`; with `--explain` also `signals`. The outcome is `loaded` for a page that can be
    read: nothing is stored, and no language or kind is left out here. A text that fails the quality rules has an
    outcome that says so, and its text all the same.

    For example:

    `commentariat extract page.html | jq .title`

    `commentariat extract saved-pages/ --output pages.jsonl`
    """
    from flows.cli.json_lines import JSON_LINES_ENDINGS, json_lines_writer
    from flows.cli.outputs import refuse_input_as_output, refuse_other_format
    from flows.monitoring.console import progress
    from tasks.extract_files import extract_paths
    from tasks.local_files.page_paths import page_paths

    files = page_paths(paths)
    refuse_input_as_output(output, files)
    refuse_other_format(output, "one JSON object on each line", JSON_LINES_ENDINGS)
    with json_lines_writer(output) as write, progress("extracting", total=len(files)) as advance:
        for record in extract_paths(files, explain=explain):
            write(record)
            advance(1)
