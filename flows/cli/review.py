"""``commentariat review``: what people say of the pieces, and what that says of the model."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from flows.cli.app import AnswerOption, ConfigOption, FormatOption, WarehouseOption, app, warehouse_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from warehouse.annotation import Annotation

review = typer.Typer(
    name="review",
    help="""Let people say what pieces say, and measure and calibrate the model by it.

    For example: `commentariat review sample questions.csv`""",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
app.add_typer(review)

FileArgument = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="Ends in .csv or .jsonl, or in .json for Label Studio."),
]


@review.command()
def sample(
    file: FileArgument,
    size: Annotated[int, typer.Option(min=1, help="So many questions.")] = 200,
    random_share: Annotated[
        float, typer.Option("--random", min=0, max=1, help="Of them, so many are drawn by chance.")
    ] = 0.5,
    why: Annotated[
        list[str] | None,
        typer.Option(
            metavar="REASON",
            help="For the others: least_certain, models_differ, wordings_differ or most_copied; may be repeated. "
            "Without it, all four in turns.",
        ),
    ] = None,
    targets: Annotated[
        list[str] | None, typer.Option("--target", metavar="ID", help="Only this target; may be repeated.")
    ] = None,
    outlets: Annotated[
        list[str] | None,
        typer.Option("--outlet", metavar="NAME", help="Only this outlet; may be repeated."),
    ] = None,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of the sample; the same name draws the same again.")
    ] = None,
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Write down what people should read: questions with their texts, in random order, to be answered in any tool.

    The part drawn by chance takes some of each target and each answer of the model (and outlet, where there are
    enough), and keeps with what probability each was drawn: from it one can say something of all pieces. The others are
    what is most doubtful or was reprinted most, spread over targets, outlets and answers. `review serve` puts the
    questions to people; answers given elsewhere come back with `review import`.

    For example: `commentariat review sample questions.csv --size 300 --target congestion-charge`
    """
    from datetime import UTC, datetime
    from uuid import uuid4

    from commentariat import InputError
    from tasks.review.exchange import write_records
    from tasks.review.records import form_of
    from tasks.review.sample import REASONS, Wanted, draw
    from warehouse import connect

    form_of(file)
    if unknown := sorted(set(why or ()) - set(REASONS)):
        raise InputError(f"there is no reason {', '.join(unknown)}; there are {', '.join(REASONS)}")
    wanted = Wanted(
        size=size,
        name=name or f"{datetime.now(UTC):%Y-%m-%d}-{uuid4().hex[:6]}",
        random_share=random_share,
        why=tuple(why or REASONS),
        targets=tuple(targets or ()),
        outlets=tuple(outlets or ()),
    )
    with connect(warehouse_path(warehouse, config)) as reader, reader.pinned():
        drawn = draw(reader, wanted)
    write_records(drawn.questions, file)
    counted = ", ".join(f"{count:,} {reason}" for reason, count in sorted(drawn.counts.items()))
    typer.echo(f"{file}  {drawn.questions.num_rows:,} questions: {counted}; sample {wanted.name}")


@review.command()
def score(
    by: Annotated[
        Literal["target", "outlet", "month"] | None, typer.Option(help="For each of them, too.")
    ] = None,
    output: AnswerOption = None,
    output_format: FormatOption = None,
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Say how far people agree, and how often the model is right by what they say, with 95 % intervals.

    Measured on the questions that were drawn by chance, weighted as they were drawn, so that it holds for all pieces.
    Of several people that of most counts; where they are split, the question is left out.

    For example: `commentariat review score --by target`
    """
    from commentariat import InputError
    from flows.cli.answers import write_answer
    from tasks.review.measure import score as measured
    from warehouse import connect

    path = warehouse_path(warehouse, config)
    with connect(path) as reader, reader.pinned():
        table, notes = measured(reader, by)
    waiting = _waiting(path)
    if not table.num_rows:
        raise InputError(
            waiting or "nobody has answered anything yet: `commentariat review sample` draws what to ask"
        )
    write_answer(table, output_format, output)
    for note in notes:
        typer.echo(note, err=True)
    if waiting:
        typer.echo(waiting, err=True)


@review.command()
def recalibrate(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the calibration is written.")] = Path(
        "calibration.json"
    ),
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Write it also if it is no better on the other part.")
    ] = False,
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Fit the model's calibration to what people say: on six of ten articles, and try it on the others.

    One calibration for all targets, from the raw scores that are stored: no text is read. It takes 100 answers.
    The configuration names the file (`[model] calibration`), which makes another model version; `commentariat rescore`
    then decides everything again.

    For example: `commentariat review recalibrate calibration.json`

    Exit code 0: written; 1: no better on the other part, and not written; 2: too few answers.
    """
    from commentariat import InputError
    from flows.settings.classifier import configured_classifier
    from flows.settings.config import load_config
    from tasks.review.recalibrate import recalibrate as fitted
    from warehouse import connect

    settings = load_config(config)
    choice = configured_classifier(settings)
    path = warehouse_path(warehouse, config)
    if waiting := _waiting(path):
        typer.echo(waiting, err=True)
    with connect(path) as reader, reader.pinned():
        found = fitted(reader, choice)
    typer.echo(f"Fitted on {found.fitted_on:,} answers; on {found.before.answers:,} others:")
    for name, part in (("before", found.before), ("after", found.after)):
        typer.echo(
            f"  {name:<7} log loss {part.log_loss:.3f}, Brier score {part.brier:.3f}; {part.stated:,} sides stated, "
            f"{part.right:.0%} of them right where {part.promised:.0%} are expected"
        )
    if not (found.is_better or anyway):
        typer.echo("No better on the others: not written (--anyway writes it)")
        raise typer.Exit(1)
    try:
        file.write_text(found.text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{file}: cannot be written: {error.strerror or error}") from error
    typer.echo(
        f'{file} is written. Put calibration = "{file}" into [model] and run `commentariat rescore`: no text is read'
    )


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


def _waiting(path: Path) -> str:
    """Say how many answers are in the inbox and not in the warehouse yet; empty where there are none."""
    from warehouse.inbox import Inbox

    waiting = len(Inbox(path).waiting())
    if not waiting:
        return ""
    return (
        f"{waiting:,} answers wait and are not counted yet: they join the warehouse when a run ends, or with "
        "`commentariat publish`"
    )


def _kept(
    annotations: "Sequence[Annotation]", path: Path, warehouse: Path | None, config: Path | None
) -> str:
    """Keep answers at once, bring them into the warehouse where nobody is writing; say what became of them."""
    from warehouse.inbox import Inbox

    Inbox(path).keep(annotations)
    return join_waiting(len(annotations), warehouse, config)


def join_waiting(count: int, warehouse: Path | None, config: Path | None) -> str:
    """Bring the answers that wait into the warehouse, unless somebody is writing; say what became of so many."""
    from commentariat import WarehouseLockedError
    from flows.cli.writing import writing
    from warehouse.joining import join_annotations

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
    sentence = f"{joined.answers:,} answers taken in"
    return sentence + (f", {known:,} were here already" if known else "")
