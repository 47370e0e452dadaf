"""Reading documents with the bundled model: behaviour that does not depend on the weights."""

import json
import time
from copy import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models import (
    NO_TOPIC,
    STANCES,
    UNSURE,
    Document,
    RawScore,
    Reading,
    Target,
    TargetStance,
    Wording,
    layout,
    load_classifier,
    load_taxonomy,
)
from models.layout import lay_out
from models.packs import Pack
from models.pairs import PairScore
from models.questions import as_statement
from models.sentences import sentence_spans

NUCLEAR = Target("nuclear", "Countries should build new nuclear power plants", ("nuclear energy",))
RENT = Target("rent", "Should rent increases be limited by law?")
WORDED = replace(
    NUCLEAR,
    id="worded",
    also=(Wording("New reactors are a mistake", denied=True), Wording("Nuclear power should be expanded")),
)
ARTICLE = (
    "The reactor on the coast should be rebuilt, and soon. Nuclear power is clean, it runs in winter, and it needs "
    "little land.\n\nCritics say new nuclear power plants are too expensive. They forget what gas costs us. "
    "“No country has solved the waste,” said an opponent. Finland has.\n\nWe should build new nuclear power plants, "
    "because nothing else gives so much steady power for so little carbon."
)
KITCHEN = (
    "Peel the onions and cut them finely. Melt the butter, add the onions, and stir until they turn golden."
)


def shape(reading):
    """Return everything in a reading that is not a probability."""
    return (
        reading.document_id,
        [topic.code for topic in reading.topics],
        [
            (one.target.id, one.stance, one.about, [(e.start, e.end, e.stance) for e in one.evidence])
            for one in reading.stances
        ],
    )


def test_every_document_and_target_gets_one_answer_in_the_order_asked(classifier) -> None:
    documents = [Document("a", ARTICLE), Document("b", ""), Document("c", KITCHEN, title="Soup")]
    readings = classifier.read(documents, [[NUCLEAR, RENT], [RENT], []])
    assert [reading.document_id for reading in readings] == ["a", "b", "c"]
    assert [[one.target for one in reading.stances] for reading in readings] == [[NUCLEAR, RENT], [RENT], []]
    for reading in readings:
        assert [topic.rank for topic in reading.topics] == list(range(1, len(reading.topics) + 1))
        assert all(0 <= topic.score <= 1 for topic in reading.topics)
        for one in reading.stances:
            assert one.p_favor + one.p_against + one.p_neutral == pytest.approx(one.relevance, abs=1e-4)
            assert 0 <= one.relevance <= 1
            assert one.stance in {*STANCES, UNSURE}
            assert one.about or (one.stance == "neutral" and one.evidence == ())


class Recording:
    """A scorer of pairs that records the packs which it is given."""

    def __init__(self) -> None:
        self.packs: list[Pack] = []

    def score(self, pairs):
        self.packs += [pack for _, pack in pairs]
        return [
            PairScore(np.zeros(3, np.float32), 0.0, np.zeros(len(pack.sentences), np.float32))
            for _, pack in pairs
        ]


@pytest.mark.parametrize(("screen", "full_pack", "tokens"), [(9.0, 0, 0), (0, 9.0, 100), (0, 0, 240)])
def test_a_text_that_hardly_passes_the_screen_is_read_with_a_short_pack(
    classifier, screen, full_pack, tokens
) -> None:
    thresholds = replace(classifier._settings.thresholds, screen=screen, full_pack=full_pack)
    recording, other = Recording(), copy(classifier)
    other._pairs, other._settings = recording, replace(classifier._settings, thresholds=thresholds)
    other.read([Document("a", f"{ARTICLE}\n\n{KITCHEN}\n\n" * 5, "Nuclear power now")], [[NUCLEAR]])
    counted = classifier._encoder.count_tokens([pack.text for pack in recording.packs])
    assert len(counted) == (1 if tokens else 0)
    assert all(0.6 * tokens < number <= tokens for number in counted)


def test_evidence_is_a_whole_sentence_of_the_text(classifier) -> None:
    (reading,) = classifier.read([Document("a", ARTICLE)], [[NUCLEAR]])
    (answer,) = reading.stances
    sentences = set(sentence_spans(ARTICLE))
    assert answer.about
    assert answer.evidence
    assert {(one.start, one.end) for one in answer.evidence} <= sentences


def test_an_unrelated_text_is_not_about_the_target(classifier) -> None:
    (reading,) = classifier.read([Document("soup", KITCHEN)], [[NUCLEAR, RENT]])
    assert [one.about for one in reading.stances] == [False, False]
    assert all(one.relevance < 0.5 for one in reading.stances)


def test_deciding_again_from_raw_scores_gives_the_same_answers_as_reading(classifier) -> None:
    readings = classifier.read(
        [Document("a", ARTICLE), Document("b", KITCHEN), Document("c", "")], [[NUCLEAR, RENT, WORDED]] * 3
    )
    for reading in readings:
        for one in reading.stances:
            assert classifier.decide(one.target, one.raw) == one
            assert classifier.decide(one.target, stored(one.raw)) == one


def stored(raw: RawScore) -> RawScore:
    """Return the same scores after rounding to 32-bit numbers, as in a column of type FLOAT."""
    return RawScore(
        float(np.float32(raw.screen)),
        tuple(
            replace(one, **{name: float(np.float32(getattr(one, name))) for name in (*STANCES, "about")})
            for one in raw.wordings
        ),
        tuple(replace(one, score=float(np.float32(one.score))) for one in raw.sentences),
    )


def test_each_wording_is_read_and_all_count(classifier) -> None:
    (reading,) = classifier.read([Document("a", ARTICLE)], [[NUCLEAR, WORDED]])
    alone, all_of_them = (one.raw for one in reading.stances)
    assert [one.wording for one in all_of_them.wordings] == list(WORDED.wordings)
    assert all_of_them.wordings[0] == alone.wordings[0]
    scores = [sentence.score for sentence in all_of_them.sentences]
    assert scores == sorted(scores, reverse=True)


def test_a_denied_wording_is_read_unchanged_and_its_sides_are_exchanged_only_in_the_answer(
    classifier,
) -> None:
    asked = [Target("t", "Nuclear power is too dear", also=(Wording("Build reactors", denied=denied),))
             for denied in (False, True)]  # fmt: skip
    (reading,) = classifier.read([Document("a", ARTICLE)], [asked])
    plain, turned = (one.raw.wordings[1] for one in reading.stances)
    assert replace(turned, wording=plain.wording) == plain
    assert reading.stances[0].p_favor != reading.stances[1].p_favor


def test_a_question_is_read_as_the_statement_that_a_yes_makes(classifier) -> None:
    text = "Rents have doubled in ten years. A cap on rents is needed now."
    (reading,) = classifier.read([Document("a", text)], [[RENT]])
    (given,) = reading.stances[0].raw.wordings
    spans = tuple(sentence_spans(text))
    # the text is one passage, so its worth is the score of the screen
    whole = Pack(text, spans, tuple(start for start, _ in spans), reading.stances[0].raw.screen)
    as_asked, restated = classifier._pairs.score(
        [(RENT.statement, whole), (as_statement(RENT.statement), whole)]
    )
    assert given.wording.statement == RENT.statement
    assert [given.favor, given.against, given.neutral] == restated.stance.tolist()
    assert given.about == restated.about
    assert restated.stance.tolist() != as_asked.stance.tolist()


def test_a_title_is_read_with_the_text(classifier) -> None:
    text = "Nuclear power is clean, it is safe, and it runs in winter. We need more of it."
    untitled, titled = classifier.read(
        [Document("a", text), Document("b", text, title="Build nuclear power plants")], [[NUCLEAR]] * 2
    )
    assert titled.stances[0].raw.wordings != untitled.stances[0].raw.wordings
    evidence = {(one.start, one.end) for one in titled.stances[0].evidence}
    assert evidence
    assert evidence <= set(sentence_spans(text)), "offsets are into the text, without its title"


def test_a_stance_at_the_end_of_a_long_text_is_found(classifier) -> None:
    (reading,) = classifier.read([Document("a", KITCHEN * 80 + "\n\n" + ARTICLE)], [[NUCLEAR]])
    (answer,) = reading.stances
    assert len(lay_out(Document("a", KITCHEN * 80), classifier._encoder.count_tokens).passages) > 20
    assert answer.about
    assert all(one.start > len(KITCHEN * 80) for one in answer.evidence)
    assert answer.evidence


def test_a_target_of_white_space_is_not_about_anything(classifier) -> None:
    (reading,) = classifier.read([Document("a", ARTICLE)], [[Target("blank", " ")]])
    assert reading.stances[0].raw == RawScore(0.0)
    assert not reading.stances[0].about


def test_a_batch_gives_the_same_answers_as_single_documents(classifier) -> None:
    documents = [
        Document("a", ARTICLE),
        Document("b", KITCHEN * 5),
        Document("c", ARTICLE[::-1]),
        Document("d", "Rent."),
    ]
    targets = [[NUCLEAR, RENT]] * 4
    together = classifier.read(documents, targets)
    alone = [
        classifier.read([document], [asked])[0] for document, asked in zip(documents, targets, strict=True)
    ]
    assert together == alone


def test_reading_twice_gives_the_same(classifier) -> None:
    documents = [Document("a", ARTICLE), Document("b", KITCHEN)]
    first = classifier.read(documents, [[NUCLEAR]] * 2)
    assert classifier.read(documents, [[NUCLEAR]] * 2) == first


def test_without_topics_the_stances_are_the_same(classifier) -> None:
    (with_topics,) = classifier.read([Document("a", ARTICLE)], [[NUCLEAR]])
    (without,) = classifier.read([Document("a", ARTICLE)], [[NUCLEAR]], with_topics=False)
    assert without.topics == ()
    assert without.p_opinion is None
    assert shape(without)[2] == shape(with_topics)[2]


def scored_topics(taxonomy: Path) -> dict[str, float]:
    reader = load_classifier("fast", taxonomy=str(taxonomy), threads=2)
    (reading,) = reader.read([Document("a", ARTICLE)], [[]])
    return {topic.code: topic.score for topic in reading.topics}


def test_a_topic_of_the_trained_taxonomy_with_another_description_is_found_by_that_description(
    classifier, tmp_path: Path
) -> None:
    file = tmp_path / "mine.toml"
    cooking = (
        '[[topics]]\ncode = "8"\nlabel = "Cooking"\ndescription = "Recipes, kitchens and restaurants."\n'
    )
    file.write_text(f'name = "cap"\n{cooking}', encoding="utf-8")
    assert list(scored_topics(file)) == [NO_TOPIC]
    file.write_text(
        f'name = "cap"\n{cooking.replace("Recipes, kitchens", "Nuclear power, reactors")}', encoding="utf-8"
    )
    assert list(scored_topics(file)) == ["8"]


def test_topics_of_the_trained_taxonomy_keep_their_scores_if_labels_are_translated_and_others_left_out(
    classifier, tmp_path: Path
) -> None:
    (reading,) = classifier.read([Document("a", ARTICLE)], [[]])
    file = tmp_path / "mine.toml"
    rows = [
        f'[[topics]]\ncode = {json.dumps(topic.code)}\nlabel = "Thema"\n'
        f"description = {json.dumps(topic.description)}\n"
        for topic in load_taxonomy("cap").topics
        if topic.code in {one.code for one in reading.topics}
    ]
    file.write_text('name = "cap"\n' + "".join(rows), encoding="utf-8")
    assert scored_topics(file) == {topic.code: topic.score for topic in reading.topics}


def test_without_documents_there_are_no_readings(classifier) -> None:
    assert classifier.read([], []) == []


def test_unequal_lengths_are_refused(classifier) -> None:
    with pytest.raises(ValueError, match="1 documents but 2"):
        classifier.read([Document("a", "x")], [[], []])


def check_answer(answer: TargetStance, text: str) -> None:
    """Check what holds for every answer, whatever the text and the target."""
    not_about = 1 - answer.relevance
    chances = [answer.p_favor, answer.p_against, answer.p_neutral, not_about]
    assert min(chances) >= 0
    assert sum(chances) == pytest.approx(1, abs=1e-3)
    assert answer.stance in {*STANCES, UNSURE}
    assert answer.about or (answer.stance, answer.evidence) == ("neutral", ())
    for sentence in answer.evidence:
        assert 0 <= sentence.start < sentence.end <= len(text)
        assert text[sentence.start : sentence.end].strip()
        assert sentence.stance == answer.stance
        assert 0 < sentence.score <= 1
    assert sum(sentence.score for sentence in answer.evidence) <= 1 + 1e-3


def check_topics(reading: Reading) -> None:
    codes = [topic.code for topic in reading.topics]
    assert codes and len(set(codes)) == len(codes)
    assert NO_TOPIC not in codes or codes == [NO_TOPIC]
    assert [topic.rank for topic in reading.topics] == list(range(1, len(codes) + 1))
    scores = [topic.score for topic in reading.topics]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n ",
        "\0\0\0",
        "😀😀 😀",
        "مرحبا بالعالم. كيف حالك؟",
        "x" * 200_000,
        "\ud800 nuclear power",
        "...",
        "a",
        ARTICLE.replace(". ", ".\0 \ud800 "),
    ],
    ids=[
        *("empty", "blank", "nul", "emoji", "right to left", "one word", "surrogate", "dots", "letter"),
        "argument between other characters",
    ],
)
def test_hostile_texts_get_an_answer(classifier, text: str) -> None:
    (reading,) = classifier.read([Document("x", text, title=text[:100])], [[NUCLEAR, WORDED]])
    assert reading.document_id == "x"
    assert [answer.target for answer in reading.stances] == [NUCLEAR, WORDED]
    for answer in reading.stances:
        check_answer(answer, text)
    check_topics(reading)
    assert reading.p_opinion is None or 0 <= reading.p_opinion <= 1
    assert 0 < reading.coverage <= 1


def test_hostile_targets_get_an_answer(classifier) -> None:
    targets = [
        Target("e", ""),
        Target("q", "?"),
        Target("l", "nuclear " * 5_000),
        Target("n", "\0\ud800", ("", "(")),
    ]
    (reading,) = classifier.read([Document("a", ARTICLE)], [targets])
    assert [one.target for one in reading.stances] == targets
    for answer in reading.stances:
        check_answer(answer, ARTICLE)


def test_a_very_long_text_is_read_from_end_to_end_in_bounded_time(classifier, monkeypatch) -> None:
    monkeypatch.setattr(layout, "MOST_PASSAGES", 256)  # as many as are usual take six seconds
    text = "We walked along the shore for an hour. " * 8_000 + "New nuclear power plants should be built."
    started = time.process_time()
    (reading,) = classifier.read([Document("x", text)], [[NUCLEAR]], with_topics=False)
    assert time.process_time() - started < 20
    assert 0.05 < reading.coverage < 1.0
    # the last sentence, which alone is about the target, was found and read
    assert text.index("New nuclear") in {one.start for one in reading.stances[0].raw.sentences}


def test_an_empty_text_has_the_answer_no_topic(classifier) -> None:
    (reading,) = classifier.read([Document("x", "")], [[]])
    assert [topic.code for topic in reading.topics] == [NO_TOPIC]


def test_topics_of_another_taxonomy_are_found_by_similarity_of_embeddings() -> None:
    texts = {
        "15000000": "The team scored twice late in the football match, and its players won the league title.",
        "17000000": "Heavy snow and freezing rain are forecast for the weekend, with gusts of wind up to 90 km/h.",
        "07000000": "The hospital's doctors said that the vaccine protects patients against the disease.",
    }
    readings = load_classifier("fast", taxonomy="iptc", threads=2).read(
        [Document(code, text) for code, text in texts.items()], [[]] * 3
    )
    assert [reading.topics[0].code for reading in readings] == list(texts)
