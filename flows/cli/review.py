"""``commentariat review``: what people say of the pieces, and what that says of the model."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.app import ConfigOption, WarehouseOption, app, warehouse_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from warehouse.annotation import Annotation

review = typer.Typer(
    name="review",
    help="""Let people say what pieces say, and measure and calibrate the model by it.

    For example: `commentariat review export answers.csv`""",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
app.add_typer(review)

FileArgument = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="Ends in .csv or .jsonl, or in .json for Label Studio."),
]


@review.command("import")
def import_(
    file: FileArgument,
    annotator: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who answered, where a row does not say.")
    ] = None,
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Take in answers of people: one row an answer, with the piece, the target, the answer and who gave it.

    Columns: `article_id` or `url`, `target`, `answer` (favor, against, neutral, not_about, skip), `annotator`; and
    where known `sentences` (like 120-188; 301-350), `note`, `answered_at`, and what `review export` writes. The same
    file again doubles nothing. While a night is writing, the answers are kept and join the warehouse when it ends.

    For example: `commentariat review import answers.csv --annotator mo`
    """
    from tasks.review.exchange import read_annotations
    from warehouse import connect

    path = warehouse_path(warehouse, config)
    with connect(path) as reader:
        annotations = read_annotations(file, reader, annotator=annotator)
    typer.echo(_kept(annotations, path, warehouse, config))


@review.command("export")
def export_(
    file: FileArgument,
    texts: Annotated[bool, typer.Option("--texts", help="The articles' texts too.")] = False,
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Write the answers of people to a file that `review import` takes: of each person the latest to each question.

    `split` says train, dev or test, by article: keep what a model is judged by out of what it is trained on.

    For example: `commentariat review export answers.jsonl`
    """
    from tasks.review.exchange import exported, write_records
    from warehouse import connect

    with connect(warehouse_path(warehouse, config)) as reader:
        table = exported(reader, texts=texts or file.suffix == ".json")
    write_records(table, file)
    typer.echo(f"{file}  {table.num_rows:,} answers")


def _kept(
    annotations: "Sequence[Annotation]", path: Path, warehouse: Path | None, config: Path | None
) -> str:
    """Keep answers at once, bring them into the warehouse where nobody is writing; say what became of them."""
    from commentariat import WarehouseLockedError
    from flows.cli.writing import writing
    from warehouse.inbox import Inbox
    from warehouse.joining import join_annotations

    Inbox(path).keep(annotations)
    count = len(annotations)
    try:
        with writing(warehouse, config, flow="review") as writer:
            joined = join_annotations(writer)
            writer.finish(f"{joined.answers} answers of people")
            writer.publish()
    except WarehouseLockedError as error:
        return (
            f"{count:,} answers are kept and join the warehouse when the run that is writing ends ({error})"
        )
    known = max(0, count - joined.answers - joined.without_piece)
    told = f"{joined.answers:,} answers taken in"
    return told + (f", {known:,} were here already" if known else "")
