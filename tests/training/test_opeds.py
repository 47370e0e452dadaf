"""The invented op-eds are complete, divided into splits by subject, and have labels that fit their paragraphs."""

import json
from collections import Counter

import pytest

from commentariat import InputError
from training.corpus import Single
from training.opeds import FORMS, OPEDS, AskedTarget, Piece, read_pieces, topic_texts
from training.topics import CODES

#: Subjects of the bundled sample's targets. The op-eds must not be about them, so that they are new to the networks.
OF_THE_SAMPLE = (
    "rent control",
    "carbon tax",
    "congestion charge",
    "basic income",
    "nuclear power",
    "chip export",
    "phones in school",
)


def every_piece():
    return read_pieces(OPEDS, "train") + read_pieces(OPEDS, "dev")


def test_every_piece_has_text_topics_and_labels_that_fit():
    pieces = every_piece()
    assert len({piece.id for piece in pieces}) == len(pieces) >= 400
    for piece in pieces:
        assert set(piece.topics) <= set(CODES), piece.id
        assert 4 <= len(piece.paragraphs) <= 8, piece.id
        for asked in piece.targets:
            assert asked.stance in {"favor", "against", "neutral", "none"}, piece.id
            spoken = [label for label in asked.by_paragraph if label is not None]
            assert (asked.stance == "none") == (not spoken), (piece.id, asked.target)


def test_every_form_occurs_in_both_splits_and_no_subject_does():
    train, dev = read_pieces(OPEDS, "train"), read_pieces(OPEDS, "dev")
    assert {piece.form for piece in train} == {piece.form for piece in dev} == set(FORMS)
    assert not {piece.subject for piece in train} & {piece.subject for piece in dev}
    assert len(dev) >= 60


def test_sides_are_about_as_frequent():
    counts = Counter(asked.stance for piece in every_piece() for asked in piece.targets)
    assert 0.8 < counts["favor"] / counts["against"] < 1.25


@pytest.mark.parametrize("subject", OF_THE_SAMPLE)
def test_no_piece_is_about_what_the_sample_asks(subject):
    assert not [piece.id for piece in every_piece() if subject in f"{piece.subject} {piece.title}".lower()]


def piece():
    return Piece(
        id="x-1",
        subject="dams",
        style="plain",
        form="straight",
        opinion=True,
        title="Let it run.",
        topics=("21", "7"),
        paragraphs=("The river was here first.", "Tear it down.", "The turbines are tired."),
        targets=(
            AskedTarget("The dam should go", "favor", (2, 0, None)),
            AskedTarget("Anglers need licences", "none", (None, None, None)),
        ),
    )


def test_passages_carry_the_topics_of_the_piece_the_main_one_first():
    texts = list(topic_texts([piece()]))
    assert texts[0] == Single(
        "Let it run. The river was here first.",
        (CODES.index("21"), CODES.index("7")),
        frozenset(),
        1.0,
        "opeds",
    )
    assert len(texts) == 3


def test_a_line_that_is_no_piece_is_named(tmp_path):
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "bad.jsonl").write_text(json.dumps({"id": "x"}) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"bad\.jsonl, line 1"):
        read_pieces(tmp_path, "train")


def test_shared_questions_have_authors_on_both_sides():
    """Otherwise the wording of a question would reveal its answer."""
    sides: dict[str, Counter[str]] = {}
    for one in every_piece():
        for asked in one.targets:
            if asked.shared:
                sides.setdefault(asked.target, Counter())[asked.stance] += 1
    both = [target for target, counts in sides.items() if counts["favor"] and counts["against"]]
    assert len(sides) >= 150
    assert len(both) / len(sides) > 0.95
    total = sum(sides.values(), Counter())
    assert 0.9 < total["favor"] / total["against"] < 1.1
