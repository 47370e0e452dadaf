"""``commentariat classify``: classifies files and folders and writes JSON lines; it needs no warehouse."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.app import STATED_RIGHT_OPTION, OutputOption, app, in_utf8, named_path, not_empty_name


@app.command()
def classify(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE-or-DIR...",
            parser=named_path,
            help="HTML, txt or Markdown, or a folder of them; or jsonl or parquet with `id`, `text` and optionally "
            "`title`, or the output of `extract`.",
        ),
    ],
    targets: Annotated[
        list[str] | None,
        typer.Option(
            "--target",
            "-t",
            metavar="TEXT",
            callback=in_utf8,
            help="A statement one can be for or against. A `target` column in the file is used instead of it.",
        ),
    ] = None,
    output: OutputOption = None,
    model: Annotated[
        str,
        typer.Option(
            metavar="NAME", callback=not_empty_name, help="Bundled model, folder, or Hugging Face id."
        ),
    ] = "fast",
    taxonomy: Annotated[
        str,
        typer.Option(metavar="NAME", callback=not_empty_name, help="Taxonomy: cap, iptc, or a TOML file."),
    ] = "cap",
    stated_right: Annotated[float, STATED_RIGHT_OPTION] = 0.7,
    threads: Annotated[int, typer.Option(min=0, max=1024, help="CPU threads; 0 uses every core.")] = 0,
    batch_size: Annotated[int, typer.Option(min=1, max=512, help="Texts classified at a time.")] = 64,
) -> None:
    """Find the topics of each text and its stance on each target: one JSON line per text and target.

    `id` is the file's name or, for a file of a folder, its path in that folder; if two would be the same, all are the
    paths. For a row it is the column `id`, or else `path` or `url`. `about` is whether the text speaks about the
    target, and `stance` is favor, against, neutral or unsure. Title, captions and notes of a page or a text are
    separated from its body, as in `run`. `start` and `end` of the evidence count characters of this body, or of the
    text of a row, whose tags of HTML are removed first. A page or a text that a run with the default settings would
    leave out, because of its language or quality, is answered too; a line on standard error gives the reason. Another
    says how many rows and files of a folder have nothing to read, and are left out.

    For example:

    `commentariat classify op-ed.txt --target "College should be free"`

    `commentariat classify saved-pages/ posts.jsonl -t "nuclear power" -o stance.jsonl`
    """
    from flows.cli.json_lines import JSON_LINES_ENDINGS, json_lines_writer
    from flows.cli.outputs import refuse_input_as_output, refuse_other_format
    from flows.cli.remarks import print_remark
    from flows.monitoring.console import progress
    from models.questions_without_yes import remark_on
    from tasks.classify import ClassifierChoice
    from tasks.classify_files import classify_texts, read_texts
    from tasks.local_files.page_paths import page_paths

    if output is not None:
        refuse_input_as_output(output, page_paths(paths))
        refuse_other_format(output, "one JSON object on each line", JSON_LINES_ENDINGS)
    texts = read_texts(paths, tuple(targets or ()), remark=print_remark)
    for text in texts:
        if text.left_out:
            print_remark(f"{text.id}: a run with the default settings would leave it out: {text.left_out}")
    if remark := remark_on(target.statement for text in texts for target in text.targets):
        print_remark(remark)
    choice = ClassifierChoice(model, taxonomy, threads, stated_right)
    with json_lines_writer(output) as write, progress("classifying", total=len(texts)) as advance:
        for lines, count in classify_texts(texts, choice, batch_size=batch_size):
            for line in lines:
                write(line)
            advance(count)
