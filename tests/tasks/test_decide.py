"""Deciding again: stored raw scores give the answers that reading the texts would give."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from models import RawScore, Reading, SentenceScore, Target, TargetStance, TopicScore, Wording, WordingScore
from tasks.classify import Assignment, ClassifierChoice, Scored, classify_batch
from tasks.decide import Stored, decide_batch, stored_scores
from tasks.load import arrow_tables, score_rows
from tasks.reference_rows import changed_targets, new_model
from tasks.targets.statement_hash import statement_hash
from tests.warehouse import nights
from tests.warehouse.copies import new_warehouse
from warehouse import Writer

AT = datetime(2026, 11, 1, tzinfo=UTC)
URLS = [nights.url(1, 0, number) for number in range(2)]
IDS = [nights.hash32(url) for url in URLS]
FREE = Wording("Driving into the centre should cost nothing", denied=True)
TOLL = Target(id="toll", statement="Cities should charge drivers", also=(FREE,))
TRAM = Target(id="tram", statement="Cities should build trams")
FOR = (
    "Cities should charge drivers for entering the centre. It works, it is fair, and the money pays for buses. "
    "Streets belong to the people who live in them. "
)
TEXTS = (FOR * 4, "The recipe needs three eggs, flour and a little salt. Bake it for an hour. " * 6)


def assignment(number: int, *targets: Target, with_topics: bool = True) -> Assignment:
    return Assignment(IDS[number], 1, None, TEXTS[number], "en", targets, with_topics)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    """A warehouse with the two articles and the two targets, and no answers yet."""
    rows = nights.batch(1, 0, articles=2)
    with new_warehouse(tmp_path / "w").writing(run_id="run-1", flow="test") as writer:
        texts = pa.Table.from_pylist(
            [{"article_id": name, "revision": 1, "text": text} for name, text in zip(IDS, TEXTS, strict=True)]
        )
        writer.commit("articles", {"article": rows["article"], "article_text": texts})
        targets = {"target": changed_targets(writer, [TOLL, TRAM], AT, retire=True)}
        writer.commit("targets", arrow_tables(targets, writer.run_id))
        yield writer


def keep(writer: Writer, scored: Sequence[Scored], version: str, weights: str) -> None:
    rows = score_rows(scored, version, "cap", weights_version=weights)
    rows |= {"model": new_model(writer, version, "fast", "cap", AT, weights_version=weights)}
    writer.commit(f"scores of {version}", arrow_tables(rows, writer.run_id))


def stored(writer: Writer, weights: str, *targets: Target) -> Stored:
    asked = pa.Table.from_pylist(
        [
            {
                "article_id": name,
                "revision": 1,
                "target": target.id,
                "statement_hash": statement_hash(target),
            }
            for name in IDS
            for target in targets
        ]
    )
    parameters = {"weights_version": weights}
    return stored_scores(
        writer.query_file("raw_scores", parameters, {"asked": asked}).to_pylist(),
        writer.query_file("wording_scores", parameters, {"asked": asked}).to_pylist(),
        writer.query_file("topics_to_copy", parameters | {"taxonomy": "cap"}, {"asked": asked}).to_pylist(),
    )


def answered(target: Target, raw: RawScore) -> TargetStance:
    return TargetStance(target, "favor", 0.6, 0.2, 0.1, relevance=0.9, about=True, raw=raw)


def test_raw_scores_come_back_from_the_warehouse_as_they_were_stored(writer: Writer) -> None:
    raw = RawScore(
        screen=0.40625,
        wordings=(
            WordingScore(Wording(TOLL.statement), favor=12.0, against=-1.25, neutral=0.5, about=3.0),
            WordingScore(FREE, favor=-2.0, against=2.25, neutral=0.0000125, about=2.0),
        ),
        sentences=(SentenceScore(0, 10, 0.75, quoted=False), SentenceScore(20, 40, 0.25, quoted=True)),
    )
    topics = (TopicScore("10", "Transportation", 1, 0.75), TopicScore("1", "Macroeconomics", 2, 0.5))
    readings = [
        Reading(IDS[0], topics, (answered(TOLL, raw), answered(TRAM, RawScore(0.125)))),
        Reading(IDS[1], topics[:1], (answered(TOLL, RawScore(0.0)),)),
    ]
    asked = [assignment(0, TOLL, TRAM), assignment(1, TOLL)]
    keep(writer, [Scored(a, r) for a, r in zip(asked, readings, strict=True)], "m1", "w1")
    found = stored(writer, "w1", TOLL, TRAM)
    assert set(found.raw) == {(IDS[0], 1, "toll"), (IDS[0], 1, "tram"), (IDS[1], 1, "toll")}
    again = found.raw[IDS[0], 1, "toll"]
    assert again.wordings[1].neutral == pytest.approx(0.0000125, rel=1e-6)
    assert again.wordings[0] == raw.wordings[0]
    assert [score.wording for score in again.wordings] == list(TOLL.wordings)
    assert (again.screen, again.sentences) == (raw.screen, raw.sentences)
    assert found.raw[IDS[0], 1, "tram"] == RawScore(0.125)
    assert [topic.code for topic in found.topics[IDS[0], 1]] == ["10", "1"]
    assert stored(writer, "other weights", TOLL, TRAM) == Stored({}, {})


CHOICE = ClassifierChoice(threads=2, stated_right=0.85)
STRICT = ClassifierChoice(threads=2, stated_right=0.97)


def test_an_answer_decided_again_is_the_answer_that_reading_gives(writer: Writer) -> None:
    asked = [assignment(0, TOLL, TRAM), assignment(1, TOLL, TRAM)]
    keep(writer, classify_batch(asked, CHOICE), CHOICE.version, CHOICE.weights_version)
    assert STRICT.version != CHOICE.version
    assert STRICT.weights_version == CHOICE.weights_version

    decided = decide_batch(asked, stored(writer, STRICT.weights_version, TOLL, TRAM), STRICT)
    read = classify_batch(asked, STRICT)
    for again, whole in zip(decided, read, strict=True):
        assert again.assignment == whole.assignment
        topics = [[(topic.code, topic.rank) for topic in one.reading.topics] for one in (again, whole)]
        assert topics[0] == topics[1] != []
        for one, other in zip(again.reading.stances, whole.reading.stances, strict=True):
            assert (one.target, one.stance, one.about) == (other.target, other.stance, other.about)
            assert one.p_favor == pytest.approx(other.p_favor, abs=1e-5)
            assert one.p_against == pytest.approx(other.p_against, abs=1e-5)
            assert one.relevance == pytest.approx(other.relevance, abs=1e-5)
            spans = [[(e.start, e.end, e.stance, e.quoted) for e in a.evidence] for a in (one, other)]
            assert spans[0] == spans[1]


def test_articles_of_which_nothing_is_stored_are_left_out() -> None:
    asked = [assignment(0, TOLL), assignment(1, TOLL, TRAM)]
    assert decide_batch(asked, Stored({}, {}), CHOICE) == []
    of_one_target = Stored({(IDS[1], 1, "tram"): RawScore(0.0)}, {})
    (answer,) = decide_batch(asked, of_one_target, CHOICE)
    assert (answer.assignment.key, answer.assignment.with_topics) == ((IDS[1], 1), False)
    assert [stance.target for stance in answer.reading.stances] == [TRAM]


def test_an_article_of_which_only_the_topics_are_stored_gets_these() -> None:
    topics = (TopicScore("10", "Transportation", 1, 0.75),)
    asked = [assignment(0, TOLL), assignment(1, TOLL), assignment(1, TOLL, with_topics=False)]
    (answer,) = decide_batch(asked, Stored({}, {(IDS[1], 1): topics}), CHOICE)
    assert (answer.assignment.key, answer.assignment.targets) == ((IDS[1], 1), ())
    assert (answer.reading.topics, answer.reading.stances) == (topics, ())
