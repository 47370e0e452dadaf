"""``commentariat review``: collects answers of people to questions about articles, and measures the model by them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from flows.cli import waiting_answers
from flows.cli.app import (
    MOST,
    ConfigOption,
    FormatOption,
    ResultOption,
    WarehouseOption,
    app,
    in_utf8,
    named_path,
    same_options,
    warehouse_path,
)
from flows.cli.outputs import ForceOption, output_explained, refuse_existing

if TYPE_CHECKING:
    from tasks.review.recalibrate import Recalibrated

review = typer.Typer(
    name="review",
    help="""Let people answer questions about articles, and measure and calibrate the model by their answers.

    For example: `commentariat review sample questions.csv`""",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
app.add_typer(review)

FileArgument = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        parser=named_path,
        help="A file name that ends in .csv, .tsv, .jsonl or .ndjson, or in .json for Label Studio.",
    ),
]


@review.command()
def sample(
    file: FileArgument,
    size: Annotated[int, typer.Option(min=1, max=MOST, help="Number of questions.")] = 200,
    random_share: Annotated[
        float, typer.Option("--random", min=0, max=1, help="Share of the questions that is drawn by chance.")
    ] = 0.5,
    why: Annotated[
        list[str] | None,
        typer.Option(
            metavar="REASON",
            callback=in_utf8,
            help="Reason to choose the other questions: least_certain, models_differ, wordings_differ or most_copied; "
            "may be repeated. Without it: all four in turns.",
        ),
    ] = None,
    targets: Annotated[
        list[str] | None,
        typer.Option("--target", metavar="ID", callback=in_utf8, help="Only this target; may be repeated."),
    ] = None,
    outlets: Annotated[
        list[str] | None,
        typer.Option("--outlet", metavar="NAME", callback=in_utf8, help="Only this outlet; may be repeated."),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            callback=in_utf8,
            help="Name of the sample; the same name draws the same questions from the same snapshot.",
        ),
    ] = None,
    force: ForceOption = False,
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Write a file of questions for people, with the texts, in random order; they can be answered in any tool.

    The part drawn by chance has questions on each target and each answer of the model (and on each outlet, if there
    are enough). The probability with which each was drawn is kept, so results from this part hold for all articles. The
    other questions are the most doubtful ones, or are about articles that were reprinted most, spread over targets,
    outlets and answers. `review serve` puts the questions to people; `review import` reads answers given elsewhere.

    For example: `commentariat review sample questions.csv --size 300 --target congestion-charge`
    """
    from datetime import UTC, datetime
    from uuid import uuid4

    from tasks.review.exchange import write_records
    from tasks.review.records import form_of
    from tasks.review.sample import Wanted, draw
    from warehouse import connect

    form_of(file)
    refuse_existing(file, force=force)
    wanted = Wanted(
        size=size,
        name=name or f"{datetime.now(UTC):%Y-%m-%d}-{uuid4().hex[:6]}",
        random_share=random_share,
        why=_reasons(why),
        targets=tuple(targets or ()),
        outlets=tuple(outlets or ()),
    )
    with connect(warehouse_path(warehouse, config)) as reader, reader.pinned():
        drawn = draw(reader, wanted)
    write_records(drawn.questions, file)
    counted = ", ".join(f"{count:,} {reason}" for reason, count in sorted(drawn.counts.items()))
    typer.echo(f"{file}  {drawn.questions.num_rows:,} questions: {counted}; sample {wanted.name}")


def _reasons(named: list[str] | None) -> tuple[str, ...]:
    """Check the reasons to choose a question; without any, give all."""
    from commentariat import InputError
    from tasks.review.sample import REASONS

    if unknown := sorted(set(named or ()) - set(REASONS)):
        raise InputError(f"there is no reason {', '.join(unknown)}; there are {', '.join(REASONS)}")
    return tuple(named or REASONS)


@review.command()
def score(
    by: Annotated[
        Literal["target", "outlet", "month"] | None, typer.Option(help="Also measure for each of them.")
    ] = None,
    output: ResultOption = None,
    output_format: FormatOption = None,
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Measure how far people agree, and how often the model is right if people are right, with 95 % intervals.

    Only questions that were drawn by chance are used, with their sampling weights, so the results hold for all
    articles. If there are none, all answers are used, and a remark says so. If several people answered a question, the
    most frequent answer counts; without one, it is left out.

    For example: `commentariat review score --by target`
    """
    from commentariat import InputError
    from flows.cli.query_results import write_result
    from flows.cli.remarks import print_remark
    from tasks.review.measure import score as measured
    from warehouse import connect

    path = warehouse_path(warehouse, config)
    with connect(path) as reader, reader.pinned():
        table, notes = measured(reader, by)
    waiting = waiting_answers.sentence_on_waiting(path, warehouse, config)
    if not table.num_rows:
        draw = "`commentariat review sample` draws questions"
        nobody = f"nobody has answered a question yet: {draw}"
        raise InputError(waiting or (f"{'; '.join(notes)}; {draw}" if notes else nobody))
    write_result(table, output_format, output)
    for note in (*notes, *_fitted(warehouse, config)):
        print_remark(note)
    if waiting:
        typer.echo(waiting, err=True)


@review.command()
def recalibrate(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", parser=named_path, help="File to write the calibration to.")
    ] = Path("calibration.json"),
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Write it even if it is no better on the other articles.")
    ] = False,
    force: ForceOption = False,
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Fit the model's calibration to the answers of people: on six of ten articles, and test it on the others.

    It is one calibration for all targets, fitted on the stored raw scores: no text is read. It needs 100 answers.
    It can be fitted too if the configured calibration is lost, damaged or of other weights.
    Name the file in the configuration (`[model] calibration`): this makes another model version, and
    `commentariat rescore` then decides all answers again.

    For example: `commentariat review recalibrate calibration.json`

    Exit code 0: written; 1: no better on the other articles, and not written; 2: too few answers.
    """
    from flows.settings.classifier import classifier_to_recalibrate
    from flows.settings.config import load_config, path_in_config
    from tasks.review.recalibrate import recalibrate as fitted
    from warehouse import connect

    refuse_existing(file, force=force)  # the fit takes its time
    settings = load_config(config)
    choice, is_as_configured = classifier_to_recalibrate(settings)
    if not is_as_configured:
        typer.echo(
            f"{settings.model.calibration} is lost, damaged or of other weights: the new calibration is compared with "
            "the model's own",
            err=True,
        )
    path = warehouse_path(warehouse, config)
    if waiting := waiting_answers.sentence_on_waiting(path, warehouse, config):
        typer.echo(waiting, err=True)
    with connect(path) as reader, reader.pinned():
        recalibrated = fitted(reader, choice)
    print_fit(recalibrated)
    if not (recalibrated.is_better or anyway):
        typer.echo("No better on the other answers: not written (--anyway writes it)")
        raise typer.Exit(1)
    with output_explained(file):
        file.write_text(recalibrated.text, encoding="utf-8")
    typer.echo(
        f"{file} is written. Put calibration = {path_in_config(file, config)} into [model] and run "
        f"`commentariat rescore{same_options(config, warehouse)}`: no text is read"
    )


@review.command("import")
def import_(
    file: FileArgument,
    annotator: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", callback=in_utf8, help="The person who answered, for rows that name nobody."
        ),
    ] = None,
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Import answers of people: one row per answer, with the article, the target, the answer and the person.

    Columns: `article_id` or `url`, `target`, `answer` (favor, against, neutral, not_about, skip), `annotator`; and, if
    known, `sentences` (like 120-188; 301-350), `note`, `answered_at`, and the columns of `review export`. Importing the
    same file again stores no answer twice. While a night is writing, the answers wait, and are added when it ends.

    For example: `commentariat review import answers.csv --annotator mo`
    """
    from flows.cli.remarks import print_remark
    from flows.settings.config import load_config
    from tasks.review.exchange import read_annotations
    from warehouse import connect

    load_config(config)  # a mistake in it is reported before anything is stored
    path = warehouse_path(warehouse, config)
    with connect(path) as reader:
        annotations, remark = read_annotations(file, reader, annotator=annotator)
    typer.echo(waiting_answers.keep(annotations, path, warehouse, config))
    if remark:
        print_remark(remark)


@review.command("export")
def export_(
    file: FileArgument,
    texts: Annotated[bool, typer.Option("--texts", help="Also the articles' texts.")] = False,
    force: ForceOption = False,
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Write the answers of people to a file that `review import` can read: each person's latest answer to a question.

    The column `split` is train, dev or test, by article: do not train a model on the articles that you test it on.

    For example: `commentariat review export answers.jsonl`
    """
    from tasks.review.exchange import exported, write_records
    from tasks.review.records import form_of
    from warehouse import connect

    refuse_existing(file, force=force)
    with connect(warehouse_path(warehouse, config)) as reader:
        table = exported(reader, texts=texts or form_of(file) == "label-studio")
    write_records(table, file)
    typer.echo(f"{file}  {table.num_rows:,} answers")


def print_fit(recalibrated: "Recalibrated") -> None:
    """Print the quality of the calibration before and after the fit."""
    typer.echo(f"Fitted on {recalibrated.fitted_on:,} answers; on {recalibrated.before.answers:,} others:")
    for name, part in (("before", recalibrated.before), ("after", recalibrated.after)):
        right = f", {part.right:.0%} of them right where {part.promised:.0%} are expected"
        typer.echo(
            f"  {name:<7} log loss {part.log_loss:.3f}, Brier score {part.brier:.3f}; {part.stated:,} sides stated"
            + (right if part.stated else "")
        )


def _fitted(warehouse: Path | None, config: Path | None) -> list[str]:
    """Say that the configured calibration was fitted to answers by which it is measured; empty if it was not."""
    from commentariat import ConfigError
    from flows.settings.config import load_config
    from models.calibration_file import fitted_at

    if warehouse is not None and config is None:
        return []
    try:
        when = fitted_at(load_config(config).model.calibration_text())
    except ConfigError:  # measuring needs no calibration
        return []
    if when is None:
        return []
    return [
        f"the configured calibration was fitted at {when} to answers that had been given until then: as far as these "
        "measures are based on the same answers, they are a little too good"
    ]
