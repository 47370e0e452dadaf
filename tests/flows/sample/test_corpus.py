"""The articles of the sample: their number and length, and that each differs from the others."""

from collections import Counter
from itertools import combinations

import pytest

from flows.sample import Piece, load_corpus
from flows.sample.render import render_page

CORPUS = load_corpus()
PIECES = list(CORPUS.pieces.values())
ESSAYS = [
    piece
    for piece in PIECES
    if piece.kind == "opinion"
    and piece.language.startswith("en")
    and not piece.copy_of
    and piece.word_count > 200
]


def shingles(piece: Piece) -> set[tuple[str, ...]]:
    words = piece.body.lower().split()
    return set(zip(*(words[start:] for start in range(5)), strict=False))


def test_there_are_enough_essays_by_enough_outlets():
    assert len(ESSAYS) >= 34
    assert len({piece.outlet.key for piece in ESSAYS}) >= 6


@pytest.mark.parametrize("piece", ESSAYS, ids=lambda piece: piece.key)
def test_an_essay_has_the_length_of_an_essay(piece: Piece):
    limit = 1400 if piece.outlet.key == "northfield-review" else 700
    assert 350 <= piece.word_count <= limit


def test_some_essays_run_well_past_their_first_two_thousand_characters():
    assert sum(len(piece.body) > 5000 for piece in ESSAYS) >= 3


def test_no_two_essays_share_more_than_short_phrases():
    marks = {piece.key: shingles(piece) for piece in ESSAYS}
    shared = {(a, b): len(marks[a] & marks[b]) for a, b in combinations(marks, 2)}
    assert max(shared.values()) < 12


@pytest.mark.parametrize("piece", [piece for piece in PIECES if piece.copy_of], ids=lambda piece: piece.key)
def test_a_syndicated_copy_keeps_most_of_its_original_under_another_headline(piece: Piece):
    original = CORPUS.pieces[piece.copy_of]
    kept = shingles(original) & shingles(piece)
    assert 0.6 < len(kept) / len(shingles(original)) < 1
    assert piece.title != original.title
    assert piece.outlet != original.outlet
    assert piece.authors == original.authors


def test_every_piece_has_an_address_a_title_and_an_author_of_its_own():
    for field in ("url", "title", "key"):
        assert max(Counter(getattr(piece, field) for piece in PIECES).values()) == 1
    assert all(piece.authors for piece in PIECES)


def test_every_piece_is_dated_with_a_zone_in_the_autumn_of_2026():
    for piece in PIECES:
        assert piece.published.tzinfo is not None
        assert (2026, 9) <= (piece.published.year, piece.published.month) <= (2026, 11)


def test_hosts_are_ones_that_nobody_can_own():
    assert all(outlet.host.endswith(".example") for outlet in CORPUS.outlets.values())


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.key)
def test_a_page_says_that_it_is_a_sample(piece: Piece):
    page = render_page(piece, CORPUS).decode("utf-8", "replace")
    assert piece.plain or "ommentariat sample corpus" in page or "original text" in page


def test_pull_quotes_repeat_the_text():
    for piece in PIECES:
        pulled = [block[2:] for block in piece.paragraphs if block.startswith("| ")]
        text = " ".join(block for block in piece.paragraphs if not block.startswith("| "))
        assert all(quote in text for quote in pulled)
