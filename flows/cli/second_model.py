"""``commentariat second-model``: tests a second model before a night uses it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.app import ConfigOption, WarehouseOption, app, named_path, warehouse_path

if TYPE_CHECKING:
    from flows.settings.config import Config
    from tasks.second_model.ask import Inquiry, SecondReading

ARTICLES = 3

second_model = typer.Typer(
    name="second-model",
    help="""Ask the second model that `[second_model]` names, to see its answers and their cost.

    For example: `commentariat second-model try`""",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
app.add_typer(second_model)


@second_model.command("try")
def try_it(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE-or-DIR...",
            parser=named_path,
            help="HTML, txt or Markdown, or a folder of them; or jsonl or parquet. Without it: the latest articles of "
            "which the first model is unsure.",
        ),
    ] = None,
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Ask about three articles: print the answers, the sentences that show them, tokens and seconds.

    Nothing is stored, and the budget of the night is not used. If there is a warehouse, the command also estimates the
    tokens of a night like the last one.

    For example:

    `commentariat second-model try`

    `commentariat second-model try op-ed.txt`

    Exit code 0: answered; 1: no article has a usable answer; 2: a mistake in the configuration.
    """
    import asyncio

    from commentariat import ConfigError
    from flows.cli.remarks import print_remark
    from flows.settings.config import load_config

    configuration = load_config(config)
    if not configuration.second_model.is_on:
        raise ConfigError(
            "no second model is configured; name one in [second_model] of commentariat.toml with url and model"
        )
    if not configuration.targets:
        raise ConfigError("no targets are configured; add [[targets]] for the second model to be asked about")
    path = warehouse_path(warehouse, config)
    inquiries = _of_files(files, configuration) if files else _of_warehouse(path, configuration)
    readings, stopped = asyncio.run(_ask(inquiries, configuration))
    if stopped:
        print_remark(f"{configuration.second_model.url}: {stopped}")
    if readings:
        _print_totals(readings, path, configuration)
    if not any(reading.answers for reading in readings):
        raise typer.Exit(1)


def _of_files(files: list[Path], config: "Config") -> list["Inquiry"]:
    from flows.cli.remarks import print_remark
    from tasks.classify_files import read_texts
    from tasks.second_model.ask import Inquiry

    texts = read_texts(files, (), remark=print_remark)[:ARTICLES]
    return [
        Inquiry(text.id, 1, text.title, text.text, None, text.targets or config.asked_targets, "all")
        for text in texts
    ]


def _of_warehouse(path: Path, config: "Config") -> list["Inquiry"]:
    from commentariat import InputError
    from tasks.second_model.ask import Inquiry
    from warehouse import connect

    targets = {target.id: target for target in config.asked_targets}
    with connect(path) as reader:
        parameters = {"never_sent": list(config.never_sent), "targets": list(targets), "how_many": ARTICLES}
        rows = reader.query(_sql("second_model_try"), parameters).to_pylist()
    if not rows:
        raise InputError(
            f"{path} has no article that may be sent to a second model; run a night first, or name a file"
        )
    return [
        Inquiry(
            row["article_id"],
            row["revision"],
            row["title"],
            row["text"],
            row["language"],
            tuple(targets[name] for name in row["targets"]) or config.asked_targets,
            "unsure",
        )
        for row in rows
    ]


async def _ask(inquiries: list["Inquiry"], config: "Config") -> tuple[list["SecondReading"], str]:
    """Ask about one article after another and print the answers; give the readings, and the reason of an early end."""
    from flows.settings.server_settings import import_prefect

    import_prefect()
    from flows.night.second_model.asking import key_of
    from tasks.second_model.ask import ask
    from tasks.second_model.budget import UnlimitedBudget
    from tasks.second_model.client import SecondModel
    from tasks.second_model.failures import StopAsking

    settings = config.second_model
    readings: list[SecondReading] = []
    async with SecondModel(settings, await key_of(settings), UnlimitedBudget()) as model:
        typer.echo(f"{settings.model} at {settings.url}, context {model.context:,} tokens\n")
        for inquiry in inquiries:
            try:
                reading = await ask(inquiry, model)
            except StopAsking as error:
                return readings, str(error)
            readings.append(reading)
            _print_reading(reading)
    return readings, ""


def _print_reading(reading: "SecondReading") -> None:
    from tasks.outcome import printable

    inquiry = reading.inquiry
    typer.echo(printable(inquiry.title or inquiry.article_id))
    for answer in reading.answers:
        stance = answer.stance if answer.about else "not about it"
        typer.echo(f"  {stance:<12}  {printable(answer.target.statement)}")
        for shown in answer.evidence:
            sentence = " ".join(printable(inquiry.text[shown.start : shown.end]).split())
            typer.echo(f"                - {sentence}" + (" (quoted)" if shown.quoted else ""))
    for target in inquiry.targets:
        if target.id in reading.problems:
            typer.echo(f"  {'no answer':<12}  {printable(target.statement)}: {reading.problems[target.id]}")
    if reading.failure:
        typer.echo(f"  no answer: {reading.failure}")
    by = f" by {reading.model}" if reading.model else ""
    typer.echo(
        f"  {reading.tokens_in:,} tokens sent, {reading.tokens_out:,} answered in {reading.requests} requests"
        f"{by}, {reading.seconds:.1f} s\n"
    )


def _print_totals(readings: list["SecondReading"], path: Path, config: "Config") -> None:
    from commentariat import CommentariatError
    from flows.night.second_model.tally import cost_of
    from tasks.text.numbers import articles
    from warehouse import connect

    settings, count = config.second_model, len(readings)
    sent = sum(reading.tokens_in for reading in readings)
    answered = sum(reading.tokens_out for reading in readings)
    cost = cost_of(sent, answered, settings)
    typer.echo(
        f"{articles(count)}: {sent:,} tokens sent, {answered:,} answered" + (f", {cost}" if cost else "")
    )
    parameters = {
        "ask": settings.ask,
        "random_below": settings.random_below,
        "never_sent": list(config.never_sent),
        "targets": [target.id for target in config.asked_targets],
    }
    try:
        with connect(path) as reader:
            (night,) = reader.query(_sql("second_model_night"), parameters).to_pylist()
    except (CommentariatError, ValueError):  # no warehouse yet, or no night in it
        return
    to_ask = min(night["to_ask"], settings.most_a_night)
    # An article without a reply, which cost nothing, says nothing of the cost of others.
    replied = sum(reading.requests > 0 for reading in readings)
    costs = "its tokens are not known, because no reply came"
    if replied:
        to_ask = min(to_ask, settings.most_tokens_a_night * replied // max(1, sent + answered))
        sent, answered = sent * to_ask // replied, answered * to_ask // replied
        cost = cost_of(sent, answered, settings)
        costs = f"about {sent:,} tokens sent, {answered:,} answered" + (f", {cost}" if cost else "")
    typer.echo(
        f"A night like the last (run {night['run_id']}) would have asked about {to_ask:,} of its "
        f"{night['taken_in']:,} articles: {costs}"
    )


def _sql(name: str) -> str:
    from warehouse.sql_files import load_sql

    return load_sql(name, Path(__file__).parent)
