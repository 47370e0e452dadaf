"""One piece is counted once: it is compared with its batch and with all stored articles."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.addresses.urls import article_id
from tasks.article import Article
from tasks.dedupe.dedupe import Deduped, dedupe_batch
from tasks.dedupe.minhash import BANDS, bands_of, share_contained, shingle_hashes
from tasks.load import arrow_tables, article_rows, band_rows, duplicate_rows, outcome_rows
from tests.tasks.pages import article_of, prose
from tests.warehouse.copies import new_warehouse
from warehouse import Warehouse
from warehouse.upkeep.takedown import take_down

TEXT = "\n".join(prose(10, seed=11))
OTHER = "\n".join(prose(10, seed=12))
A, B, C = (f"https://{name}.example/piece" for name in ("gull", "tern", "auk"))
EARLY, LATE = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)


class Store:
    """A warehouse and its open night, which compares batches with all that is stored, and may store them."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse
        self.night = ExitStack()
        self.nights = self.batches = 0
        self.begin_night()

    def begin_night(self) -> None:
        """Begin another night, because a night stores the outcome of an address only once."""
        self.night.close()
        self.nights += 1
        run = self.warehouse.writing(run_id=f"night-{self.nights}", flow="nightly")
        self.writer = self.night.enter_context(run)

    def compare(self, *articles: Article) -> Deduped:
        """Dedupe a batch, and store nothing."""
        return dedupe_batch(articles, self.writer)

    def take(self, *articles: Article) -> Deduped:
        """Dedupe a batch, and commit the result, as a night does."""
        result = self.compare(*articles)
        kept = (*result.new, *result.revised)
        stored = article_rows(kept)
        article_ids = {article.item_url: article.article_id for article in articles}
        rows = {
            "article": stored,
            "article_text": stored,
            "minhash_band": band_rows(kept, result.bands),
            "duplicate": duplicate_rows(result.duplicates, EARLY),
            "outcome": outcome_rows(result.outcomes, EARLY, article_ids),
        }
        self.batches += 1
        self.writer.commit(f"{self.batches}", arrow_tables(rows, self.writer.run_id))
        return result


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store without articles."""
    store = Store(new_warehouse(tmp_path / "warehouse"))
    with store.night:
        yield store


@pytest.fixture(scope="module")
def with_text(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store in which ``TEXT`` is at the address ``A``, published late. Tests only compare with it."""
    store = Store(new_warehouse(tmp_path_factory.mktemp("with-text") / "warehouse"))
    with store.night:
        store.take(article_of(TEXT, A, published_at=LATE))
        yield store


def syndicated(text: str = TEXT) -> str:
    """Change a text as a reprinting outlet does: another opening, a shorter end, and a line of its own."""
    lines = text.split("\n")
    return "\n".join(
        ["Readers will remember the debate about the quay.", *lines[:-1], "This column appears on Fridays."]
    )


def test_different_pieces_are_new_and_leave_their_bands(store):
    result = store.take(article_of(TEXT, A), article_of(OTHER, B))
    assert {article.url for article in result.new} == {A, B}
    assert (result.revised, result.unchanged, result.duplicates) == ((), (), ())
    assert [len(bands) for bands in result.bands.values()] == [BANDS, BANDS]
    assert {outcome.outcome for outcome in result.outcomes} == {"loaded"}
    # The classifier, which comes later, may settle the kind: the reason must not contradict it.
    assert {outcome.reason for outcome in result.outcomes} == {
        f"new: {article.word_count} words" for article in result.new
    }


def test_the_same_address_with_the_same_words_is_unchanged(with_text):
    result = with_text.compare(article_of(TEXT.upper(), A))
    assert [article.url for article in result.unchanged] == [A]
    assert result.outcomes[0].outcome == "unchanged"
    assert result.bands == {}


def test_the_same_address_with_other_words_is_the_next_revision(store):
    store.take(article_of(TEXT, A))
    store.begin_night()
    assert [a.revision for a in store.take(article_of(TEXT + "\nA correction.", A)).revised] == [2]
    third = store.compare(article_of(OTHER, A))
    assert [(a.revision, a.url) for a in third.revised] == [(3, A)]
    assert third.outcomes[0].outcome == "revised"
    assert [len(bands) for bands in third.bands.values()] == [BANDS]


def test_the_same_words_elsewhere_are_a_copy_of_what_is_stored(with_text):
    # It was published earlier, but a stored piece remains canonical.
    result = with_text.compare(article_of(TEXT, B, published_at=EARLY, outlet="The Tern"))
    (copy,) = result.duplicates
    assert (copy.duplicate_of, copy.how, copy.similarity) == (article_id(A), "text", 1.0)
    (row,) = duplicate_rows(result.duplicates, LATE)
    assert (row["outlet"], row["found_at"]) == ("The Tern", LATE)


def test_a_syndicated_copy_is_found_in_all_history(store):
    store.take(article_of(TEXT, A))
    later = [
        article_of("\n".join(prose(10, seed=100 + number)), f"https://auk.example/{number}")
        for number in range(20)
    ]
    assert len(store.take(*later).new) == 20
    (copy,) = store.compare(article_of(syndicated(), B)).duplicates
    assert (copy.duplicate_of, copy.how) == (article_id(A), "near")
    assert 0.8 < copy.similarity < 1


def test_within_a_batch_the_piece_published_first_is_canonical(store):
    late, early = article_of(syndicated(), A, published_at=LATE), article_of(TEXT, B, published_at=EARLY)
    result = store.compare(late, early)
    assert [article.url for article in result.new] == [B]
    assert [(copy.article.url, copy.duplicate_of) for copy in result.duplicates] == [(A, early.article_id)]


def test_the_same_address_twice_in_a_batch_is_taken_once(store):
    twice = article_of(TEXT, A)
    result = store.take(twice, replace(twice, item_url="https://gull.example/amp/piece"))
    assert len(result.new) == 1
    assert [copy.how for copy in result.duplicates] == ["url"]
    assert duplicate_rows(result.duplicates, EARLY) == []
    assert len({outcome.url for outcome in result.outcomes}) == 2


def test_a_stored_copy_remains_a_copy_and_is_not_stored_again(store):
    store.take(article_of(TEXT, A))
    store.take(article_of(syndicated(), B))
    again = store.compare(article_of(syndicated(), B))
    assert [article.url for article in again.unchanged] == [B]
    assert again.duplicates == ()


@pytest.mark.parametrize("text", [TEXT, syndicated()], ids=["the same words", "some of the words"])
def test_a_copy_of_a_piece_that_was_taken_down_remains_a_copy(store, text):
    store.take(article_of(TEXT, A))
    assert len(store.take(article_of(text, B)).duplicates) == 1
    take_down(store.writer, reason="The author asked for it.", urls=[A])
    again = store.compare(article_of(text, B))
    assert [article.url for article in again.unchanged] == [B]
    assert again.outcomes[0].reason == "on record as a copy of an article that was taken down"


def test_only_the_current_revision_of_an_article_counts_as_known_text(store):
    store.take(article_of(TEXT, A))
    store.begin_night()
    store.take(article_of(OTHER, A))
    for earlier in (TEXT, syndicated(TEXT)):
        assert [article.url for article in store.compare(article_of(earlier, B)).new] == [B]
    for current, how in ((OTHER, "text"), (syndicated(OTHER), "near")):
        (copy,) = store.compare(article_of(current, B)).duplicates
        assert (copy.duplicate_of, copy.how) == (article_id(A), how)


def test_short_texts_are_compared_word_for_word_only(store):
    short = " ".join(TEXT.split()[:40])
    store.take(article_of(short, A))
    assert len(store.compare(article_of(short + " Indeed.", B)).new) == 1
    assert [copy.how for copy in store.compare(article_of(short, C)).duplicates] == ["text"]


def test_texts_that_share_a_paragraph_are_not_the_same_piece(store):
    shared = prose(1, seed=50)
    store.take(article_of("\n".join([*prose(9, seed=51), *shared]), A))
    assert len(store.compare(article_of("\n".join([*shared, *prose(9, seed=52)]), B)).new) == 1


def test_a_reply_that_quotes_its_opponent_in_full_is_a_piece_of_its_own(store):
    quoted, answers = prose(6, seed=60), prose(6, seed=61)
    reply = "\n".join(line for pair in zip(quoted, answers, strict=True) for line in pair)
    opponent = article_of("\n".join(quoted), A, published_at=EARLY)
    assert len(store.take(opponent, article_of(reply, B, published_at=LATE)).new) == 2
    assert len(store.compare(article_of(reply + "\nThat is my answer.", C, published_at=LATE)).new) == 0


def test_a_reply_to_a_stored_piece_that_it_quotes_in_full_is_a_piece_of_its_own(store):
    quoted, answers = prose(6, seed=60), prose(6, seed=61)
    store.take(article_of("\n".join(quoted), A))
    assert len(store.compare(article_of("\n".join([*quoted, *answers]), B)).new) == 1


@pytest.mark.parametrize("kept", [5, 8, 9])
def test_a_shortened_piece_is_a_copy_also_with_another_heading_and_lines_of_the_outlet(with_text, kept):
    lines = [
        "Another headline",
        "By Staff Writers",
        *TEXT.split("\n")[:kept],
        "This column appears on Fridays.",
    ]
    (copy,) = with_text.compare(article_of("\n".join(lines), B)).duplicates
    assert copy.similarity > 0.9


@pytest.mark.parametrize("kept", [8, 9])
def test_a_whole_piece_is_a_copy_of_its_shortened_form_and_the_reason_says_how_much_of_it_is(store, kept):
    store.take(article_of("\n".join(TEXT.split("\n")[:kept]), A))
    result = store.compare(article_of(TEXT, B))
    (copy,) = result.duplicates
    assert copy.similarity == pytest.approx(kept / 10, abs=0.06)
    assert result.outcomes[0].reason.startswith(f"{copy.similarity:.0%} of it stands in article")


def test_letters_with_the_same_lines_of_their_outlet_below_them_are_different_pieces(store):
    below = " ".join(" ".join(prose(4, seed=70)).split()[:80])
    letters = [" ".join(" ".join(prose(3, seed=seed)).split()[:50]) + "\n" + below for seed in (71, 72)]
    assert len(store.compare(article_of(letters[0], A), article_of(letters[1], B)).new) == 2


def test_every_article_has_one_outcome_under_its_items_url(with_text):
    batch = [
        article_of(TEXT, A),
        article_of(syndicated(), B),
        article_of(OTHER, C),
        article_of(OTHER, C + "/2"),
    ]
    result = with_text.compare(*batch)
    assert sorted(outcome.url for outcome in result.outcomes) == sorted(article.item_url for article in batch)
    assert sorted(outcome.outcome for outcome in result.outcomes) == [
        "duplicate",
        "duplicate",
        "loaded",
        "unchanged",
    ]


def test_the_order_of_a_batch_does_not_matter(store):
    batch = [
        article_of(text, f"https://auk.example/{n}")
        for n, text in enumerate([TEXT, syndicated(), OTHER, syndicated(OTHER), TEXT])
    ]
    expected = store.compare(*batch)
    for seed in range(3):
        shuffled = random.Random(seed).sample(batch, len(batch))
        assert store.compare(*shuffled) == expected


def test_an_empty_batch_asks_nothing(store):
    store.writer.close()  # it answers no question any more
    assert store.compare() == Deduped((), (), (), (), {}, ())


def test_bands_are_the_same_on_every_machine_and_in_every_year():
    # Stored bands are compared with those of years to come: these numbers may change only with the algorithm's name.
    shingles = shingle_hashes("The harbour is not for sale, and neither are we.")
    assert shingles.tolist()[:2] == FIRST_SHINGLES
    assert bands_of(shingles).tolist()[:2] == FIRST_BANDS


FIRST_SHINGLES = [1540949791452196388, 11353032679283888543]
FIRST_BANDS = [3379835035935410866, 3353527853751962193]


@given(st.text(max_size=400))
def test_typography_and_case_do_not_change_the_shingles(text):
    plain = shingle_hashes("It's a 'quay', NOT a \"key\" for sale " + text)
    assert np.array_equal(plain, shingle_hashes("it’s   a “quay” – not A «key» for sale " + text))
    assert np.array_equal(plain, np.unique(plain))


@given(st.integers(0, 10_000), st.integers(1, 9))
def test_a_text_contains_every_run_of_its_own_paragraphs(seed, kept):
    lines = prose(10, seed=seed)
    part = "\n".join(lines[:kept])
    assert share_contained(shingle_hashes(part), shingle_hashes("\n".join(lines))) == 1.0


@pytest.mark.parametrize("text", ["", "one two three four", "…", "一二三"])
def test_texts_without_shingles_have_no_bands_and_no_likeness(text):
    assert len(bands_of(shingle_hashes(text))) == 0
    assert share_contained(shingle_hashes(text), shingle_hashes(TEXT)) == 0.0
