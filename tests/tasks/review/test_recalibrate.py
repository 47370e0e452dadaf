"""A calibration is fitted to answers that say how often the model is right, and to the outputs for what people read."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from commentariat import InputError
from models import load_classifier
from models.answers import AnswerSettings, probabilities
from models.classifier import DocumentClassifier
from models.interface import RawScore, Wording, WordingScore
from models.recalibration import quality
from tasks.classify import ClassifierChoice
from tasks.review.recalibrate import Recalibrated, recalibrate
from tests.warehouse import nights
from warehouse import Warehouse, connect
from warehouse.annotations.annotation import Annotation, Answer, Draw, SampledBy
from warehouse.annotations.inbox import Inbox
from warehouse.annotations.joining import join_annotations

ANSWERS: tuple[Answer, ...] = ("favor", "against", "neutral", "not_about")
CHOICE = ClassifierChoice(threads=1)
WORDS = Wording("We need it.")


@pytest.fixture(scope="module")
def settings() -> AnswerSettings:
    """The bundled model's own calibration."""
    classifier = load_classifier("fast", threads=1)
    assert isinstance(classifier, DocumentClassifier)
    return classifier.answer_settings


def made_up(chance: np.random.Generator, count: int) -> list[RawScore]:
    sides, about = chance.normal(0, 3, (count, 3)), chance.normal(2, 1.5, count)
    rows = [(*map(float, three), float(four)) for three, four in zip(sides, about, strict=True)]
    return [RawScore(screen=1.0, wordings=(WordingScore(WORDS, *row),)) for row in rows]


def true_answers(
    chance: np.random.Generator, raw: list[RawScore], settings: AnswerSettings
) -> tuple[np.ndarray, np.ndarray]:
    """Draw people's answers with the model's probabilities, so that its calibration is right; and give its answers."""
    three = np.asarray([probabilities(one, settings) for one in raw], dtype=np.float64)
    four = np.column_stack([three, 1 - three.sum(1)]).clip(0)
    truth = (chance.random((len(raw), 1)) > four.cumsum(1)).sum(1).clip(max=3)
    return truth, four.argmax(1)


def stored(
    root: Path, raw: list[RawScore], statement_hash: str, *, also: pa.Table | None = None
) -> Warehouse:
    """Store articles that are asked about one target, with the raw scores of one statement of it."""
    warehouse = Warehouse(root)
    rows = nights.batch(1, 0, articles=len(raw)) | raw_rows(raw, statement_hash)
    with warehouse.writing(run_id="night-1", flow="nightly") as writer:
        registers = nights.reference_rows() | nights.model_row(nights.MODEL, 1, CHOICE.weights_version)
        if also is not None:
            registers["target"] = pa.concat_tables([registers["target"], also], promote_options="default")
        writer.commit("registers", registers)
        writer.commit("1", rows)
        writer.finish("made up")
    return warehouse


def raw_rows(raw: list[RawScore], statement_hash: str) -> dict[str, pa.Table]:
    keys = [
        {
            "article_id": nights.hash32(nights.url(1, 0, n)),
            "revision": 1,
            "target": nights.TARGETS[0],
            "statement_hash": statement_hash,
            "weights_version": CHOICE.weights_version,
        }
        for n in range(len(raw))
    ]
    columns = ("sentence_start", "sentence_end", "sentence_score", "sentence_quoted")
    nothing: dict[str, object] = {name: [] for name in columns}
    asked = {"wording_number": 0, "wording": WORDS.statement, "denied": False}
    outputs = [
        {name: getattr(one.wordings[0], name) for name in ("favor", "against", "neutral", "about")}
        for one in raw
    ]
    return {
        "raw_score": nights.table([key | nothing | {"screen": 1.0} for key in keys]),
        "wording_score": nights.table([key | asked | its for key, its in zip(keys, outputs, strict=True)]),
    }


def answered(warehouse: Warehouse, answers: dict[int, tuple[int, SampledBy]], statement_hash: str) -> None:
    """Store people's answers by the number of the article, each with the reason why it was asked."""
    given = [
        Annotation(
            article_id=nights.hash32(nights.url(1, 0, n)),
            revision=1,
            target=nights.TARGETS[0],
            statement_hash=statement_hash,
            statement="We need it.",
            annotator="mo",
            answer=ANSWERS[answer],
            draw=Draw(why, None if why == "chosen" else "s"),
        )
        for n, (answer, why) in answers.items()
    ]
    Inbox(warehouse.root).keep(given)
    with warehouse.writing(run_id="review", flow="review") as writer:
        join_annotations(writer)
        writer.publish()


def refitted(warehouse: Warehouse) -> Recalibrated:
    with connect(warehouse.root) as reader:
        return recalibrate(reader, CHOICE)


def test_answers_asked_because_another_model_differs_do_not_spoil_a_right_calibration(
    settings: AnswerSettings, tmp_path: Path
):
    """The model's probabilities are right; another model gives the true answer nine times in ten."""
    chance = np.random.default_rng(3)
    raw = made_up(chance, 900)
    truth, model = true_answers(chance, raw, settings)
    other = np.where(chance.random(len(raw)) < 0.9, truth, chance.integers(0, 4, len(raw)))
    drawn = chance.permutation(len(raw))[:250]
    differing = [n for n in np.flatnonzero(model != other) if n not in set(drawn)][:250]
    answers: dict[int, tuple[int, SampledBy]] = {n: (int(truth[n]), "chosen") for n in drawn.tolist()}
    answers |= {int(n): (int(truth[n]), "models_differ") for n in differing}
    warehouse = stored(tmp_path / "w", raw, nights.hash32(nights.TARGETS[0]))
    answered(warehouse, answers, nights.hash32(nights.TARGETS[0]))
    found = refitted(warehouse)
    new = AnswerSettings.from_config(json.loads(found.text)["answer"])
    before, after = (quality(one, 0.5, raw, truth.tolist()).log_loss for one in (settings, new))
    assert len(differing) > 100
    assert after < before + 0.02
    assert found.fitted_on + found.before.answers == 250


def test_the_message_about_too_few_answers_counts_those_that_cannot_be_used(
    settings: AnswerSettings, tmp_path: Path
):
    raw = made_up(np.random.default_rng(3), 60)
    warehouse = stored(tmp_path / "w", raw, nights.hash32(nights.TARGETS[0]))
    why: tuple[SampledBy, SampledBy] = ("least_certain", "models_differ")
    answered(warehouse, {n: (0, why[n % 3 == 0]) for n in range(60)}, nights.hash32(nights.TARGETS[0]))
    with pytest.raises(InputError, match=r"40 answers can be used.* 20 asked because another model"):
        refitted(warehouse)


def test_the_outputs_for_an_earlier_statement_stay_apart_from_those_for_the_present_one(
    settings: AnswerSettings, tmp_path: Path
):
    """People answered about the opposite of the present statement."""
    chance = np.random.default_rng(4)
    raw = made_up(chance, 300)
    truth, _ = true_answers(chance, raw, settings)
    earlier, present = nights.hash32("the opposite"), nights.hash32(nights.TARGETS[0])
    opposite = [
        RawScore(screen=1.0, wordings=(WordingScore(WORDS, one.against, one.favor, one.neutral, one.about),))
        for one in (score.wordings[0] for score in raw)
    ]
    (declared,) = nights.reference_rows()["target"].slice(0, 1).to_pylist()
    declared |= {
        "statement": "We do not need it.",
        "statement_hash": earlier,
        "asked_from": declared["asked_from"].replace(year=2024),
    }
    warehouse = stored(tmp_path / "w", opposite, present, also=nights.table([declared]))
    with warehouse.writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("1", raw_rows(raw, earlier))
    answered(warehouse, {n: (int(truth[n]), "chosen") for n in range(300)}, earlier)
    found = refitted(warehouse)
    others = [n for n in range(300) if int(nights.hash32(nights.url(1, 0, n))[:8], 16) % 10 >= 6]
    expected = quality(settings, 0.5, [raw[n] for n in others], [int(truth[n]) for n in others])
    assert found.before.log_loss == pytest.approx(expected.log_loss, abs=0.001)
