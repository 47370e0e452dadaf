"""``commentariat try``: tests a target on a sample of the stored articles, before all of them are asked."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.app import MOST, ConfigOption, WarehouseOption, app, in_utf8, warehouse_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models import Target
    from tasks.targets.try_target import FoundArticle, Tried


@app.command(name="try")
def try_(
    statement: Annotated[
        str,
        typer.Argument(metavar="STATEMENT", callback=in_utf8, help="A statement one can be for or against."),
    ],
    also: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WORDING", callback=in_utf8, help="The same statement in other words; may be repeated."
        ),
    ] = None,
    denied: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WORDING", callback=in_utf8, help="A wording that says the opposite; may be repeated."
        ),
    ] = None,
    alias: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WORDS",
            callback=in_utf8,
            help="Another name of the statement's subject; may be repeated.",
        ),
    ] = None,
    sample: Annotated[int, typer.Option(min=1, max=MOST, help="Number of articles to read.")] = 200,
    shown: Annotated[
        int, typer.Option("--show", min=0, max=MOST, help="Number of articles to show for each side.")
    ] = 3,
    config: ConfigOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Read a sample of the stored articles with a target, before all of them are asked; nothing is stored.

    It prints how many articles speak about the target and their stances, what each further wording changes, the most
    certain articles on each side with their evidence, an estimate for the whole warehouse, and the lines for the
    configuration.

    For example:

    `commentariat try "Public transport should be free"`

    `commentariat try "Public transport should be free" --also "Buses should cost nothing" --sample 500`
    """
    from flows.cli.remarks import print_remark
    from flows.monitoring.console import progress
    from flows.settings.server_settings import import_prefect

    import_prefect()
    from flows.settings.classifier import configured_classifier
    from flows.settings.config import load_config
    from flows.settings.extra_target import extra_target
    from models.questions_without_yes import remark_on
    from tasks.targets.try_target import try_target
    from warehouse import connect
    from warehouse.sql_files import load_sql

    settings = load_config(config)
    known = {configured.id: configured.statement for configured in settings.asked_targets}
    target = extra_target(
        statement, also=also or (), denied=denied or (), aliases=alias or (), taken=known.keys()
    )
    if target.statement in known:
        print_remark(
            f"{target.statement} is the id of a configured target, and is read here as a statement of these words; "
            f"the statement of that target is {known[target.statement]!r}"
        )
    # Further wordings of a configured target are to be written into its own entry.
    own_id = next((name for name, words in known.items() if words == target.statement), target.id)
    target = replace(target, id=own_id)
    if remark := remark_on(wording.statement for wording in target.wordings):
        print_remark(remark)
    choice = configured_classifier(settings)
    with connect(warehouse_path(warehouse, config)) as reader, reader.pinned():
        how_many = min(sample, reader.query(load_sql("askable"))["articles"][0].as_py() or 0)
        with progress("reading", total=how_many) as advance:
            tried = try_target(reader, target, choice, how_many=sample, on_read=advance)
    for line in _lines(tried, target, shown):
        typer.echo(line)


def _lines(tried: "Tried", target: "Target", shown: int) -> "Iterator[str]":
    if not tried.sample:
        yield "Nothing is stored yet: `commentariat run` takes in the articles of the sources"
        return
    yield from _counts(tried)
    yield from _examples(tried, shown)
    yield ""
    yield _estimate(tried)
    yield ""
    yield from _configuration(target)


def _counts(tried: "Tried") -> "Iterator[str]":
    """Write how many articles speak about the target, their stances, and what each further wording changes."""
    from flows.monitoring.summary import FEW_ARTICLES

    about, counts = len(tried.found), tried.counts
    yield f"Of {tried.sample:,} articles, of {tried.stored:,} that are stored, {about:,} speak about it:"
    yield "  " + ", ".join(f"{n} {side}" for side, n in counts.items())
    if about < FEW_ARTICLES:
        advice = "too few to compare the sides; try a larger --sample, other words, or an --alias"
        yield f"  fewer than {FEW_ARTICLES}: {advice}"
    for wording in tried.wordings:
        changed = "; ".join(f"{before} -> {after} {n}" for before, after, n in wording.changes)
        yield f"With {wording.wording!r} too: {wording.same} the same" + (f"; {changed}" if changed else "")


def _examples(tried: "Tried", shown: int) -> "Iterator[str]":
    """Write the most certain articles on each side."""
    for side in ("favor", "against"):
        articles = [article for article in tried.found if article.answer.stance == side][:shown]
        if articles:
            yield ""
            yield {"favor": "In favor", "against": "Against"}[side]
            for article in articles:
                yield from _article(article)


def _estimate(tried: "Tried") -> str:
    likely, low, high = tried.expected
    about = f"some {likely:,} ({low:,} to {high:,})" if tried.sample < tried.stored else f"{likely:,}"
    return (
        f"For the whole warehouse: about {_duration(tried.seconds_for_all)} of reading on this machine and "
        f"{tried.stored:,} rows of stances, of which {about} speak about it"
    )


def _article(article: "FoundArticle") -> "Iterator[str]":
    from tasks.outcome import printable

    day = f"{article.published_at:%Y-%m-%d}" if article.published_at else None
    head = ", ".join(part for part in (article.outlet, day) if part)
    title = article.title or "(without a title)"
    yield printable(f"  {head}: {title}" if head else f"  {title}")
    for sentence in article.evidence:
        yield printable(f"      {' '.join(sentence.split())}")


def _configuration(target: "Target") -> "Iterator[str]":
    """Write the lines for ``commentariat.toml``; a JSON text is a TOML text too."""

    def texts(values: "list[str] | tuple[str, ...]") -> str:
        return "[" + ", ".join(json.dumps(value, ensure_ascii=False) for value in values) + "]"

    yield "[[targets]]"
    yield f"id = {json.dumps(target.id)}"
    yield f"statement = {json.dumps(target.statement, ensure_ascii=False)}"
    if also := [wording.statement for wording in target.also if not wording.denied]:
        yield f"statements = {texts(also)}"
    if denied := [wording.statement for wording in target.also if wording.denied]:
        yield f"denied = {texts(denied)}"
    if target.aliases:
        yield f"aliases = {texts(target.aliases)}"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} seconds"
    return f"{round(seconds / 60)} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"
