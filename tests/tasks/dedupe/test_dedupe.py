"""One piece is counted once: it is compared with its batch and with all stored articles."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.article import Article
from tasks.dedupe.dedupe import Deduped, dedupe_batch
from tasks.dedupe.minhash import BANDS, bands_of, share_contained, shingle_hashes
from tasks.load import band_rows, duplicate_rows
from tests.tasks.pages import article_of, prose

KNOWN_TEXT = """
    SELECT i.article_id, s.article_id AS known_id, s.revision, s.text_hash, 'url' AS how
    FROM incoming i JOIN stored s USING (article_id)
    WHERE s.revision = (SELECT max(revision) FROM stored l WHERE l.article_id = s.article_id)
    UNION ALL
    SELECT i.article_id, s.article_id, s.revision, s.text_hash, 'text'
    FROM incoming i JOIN stored s ON s.text_hash = i.text_hash AND s.article_id <> i.article_id
    UNION ALL
    SELECT i.article_id, d.duplicate_of, NULL, NULL, 'copy' FROM incoming i JOIN duplicate d USING (article_id)
"""
NEAR = """
    SELECT i.article_id, b.article_id AS candidate_id, b.revision, count(*) AS bands_shared, any_value(s.text) AS text
    FROM incoming_band i JOIN minhash_band b USING (algorithm, band, hash)
    JOIN stored s ON s.article_id = b.article_id AND s.revision = b.revision
    WHERE b.article_id <> i.article_id
    GROUP BY ALL
"""


class Store:
    """A small store in DuckDB that answers the queries of the lookup in SQL, as a warehouse does."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute(
            "CREATE TABLE stored (article_id TEXT, revision INT, text_hash TEXT, text TEXT)"
        )
        self.connection.execute(
            "CREATE TABLE minhash_band (article_id TEXT, revision INT, algorithm TEXT, band SMALLINT, hash UBIGINT)"
        )
        self.connection.execute("CREATE TABLE duplicate (article_id TEXT, duplicate_of TEXT)")

    def known_text(self, incoming: pa.Table) -> pa.Table:
        self.connection.register("incoming", incoming)
        return self.connection.sql(KNOWN_TEXT).to_arrow_table()

    def near_duplicates(self, incoming_band: pa.Table) -> pa.Table:
        self.connection.register("incoming_band", incoming_band)
        return self.connection.sql(NEAR).to_arrow_table()

    def take(self, *articles: Article) -> Deduped:
        """Dedupe a batch, and store the result."""
        result = dedupe_batch(articles, self)
        kept = (*result.new, *result.revised)
        for article in kept:
            row = [article.article_id, article.revision, article.text_hash, article.text]
            self.connection.execute("INSERT INTO stored VALUES (?, ?, ?, ?)", row)
        for row in band_rows(kept, result.bands):
            self.connection.execute("INSERT INTO minhash_band VALUES (?, ?, ?, ?, ?)", list(row.values()))
        for row in duplicate_rows(result.duplicates, EARLY):
            self.connection.execute(
                "INSERT INTO duplicate VALUES (?, ?)", [row["article_id"], row["duplicate_of"]]
            )
        return result


@pytest.fixture
def store() -> Store:
    return Store()


TEXT = "\n".join(prose(10, seed=11))
OTHER = "\n".join(prose(10, seed=12))
A, B, C = (f"https://{name}.example/piece" for name in ("gull", "tern", "auk"))
EARLY, LATE = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)


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


def test_the_same_address_with_the_same_words_is_unchanged(store):
    store.take(article_of(TEXT, A))
    result = store.take(article_of(TEXT.upper(), A))
    assert [article.url for article in result.unchanged] == [A]
    assert result.outcomes[0].outcome == "unchanged"
    assert result.bands == {}


def test_the_same_address_with_other_words_is_the_next_revision(store):
    store.take(article_of(TEXT, A))
    assert [a.revision for a in store.take(article_of(TEXT + "\nA correction.", A)).revised] == [2]
    third = store.take(article_of(OTHER, A))
    assert [(a.revision, a.url) for a in third.revised] == [(3, A)]
    assert third.outcomes[0].outcome == "revised"
    assert [len(bands) for bands in third.bands.values()] == [BANDS]


def test_the_same_words_elsewhere_are_a_copy_of_what_is_stored(store):
    first = article_of(TEXT, A, published_at=LATE)
    store.take(first)
    # It was published earlier, but a stored piece remains canonical.
    result = store.take(article_of(TEXT, B, published_at=EARLY, outlet="The Tern"))
    (copy,) = result.duplicates
    assert (copy.duplicate_of, copy.how, copy.similarity) == (first.article_id, "text", 1.0)
    (row,) = duplicate_rows(result.duplicates, LATE)
    assert (row["outlet"], row["found_at"]) == ("The Tern", LATE)


def test_a_syndicated_copy_is_found_in_all_history(store):
    first = article_of(TEXT, A)
    store.take(first)
    for number in range(20):
        store.take(article_of("\n".join(prose(10, seed=100 + number)), f"https://auk.example/{number}"))
    (copy,) = store.take(article_of(syndicated(), B)).duplicates
    assert (copy.duplicate_of, copy.how) == (first.article_id, "near")
    assert 0.8 < copy.similarity < 1


def test_within_a_batch_the_piece_published_first_is_canonical(store):
    late, early = article_of(syndicated(), A, published_at=LATE), article_of(TEXT, B, published_at=EARLY)
    result = store.take(late, early)
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
    again = store.take(article_of(syndicated(), B))
    assert [article.url for article in again.unchanged] == [B]
    assert again.duplicates == ()


def test_short_texts_are_compared_word_for_word_only(store):
    short = " ".join(TEXT.split()[:40])
    store.take(article_of(short, A))
    assert len(store.take(article_of(short + " Indeed.", B)).new) == 1
    assert [copy.how for copy in store.take(article_of(short, C)).duplicates] == ["text"]


def test_texts_that_share_a_paragraph_are_not_the_same_piece(store):
    shared = prose(1, seed=50)
    store.take(article_of("\n".join([*prose(9, seed=51), *shared]), A))
    assert len(store.take(article_of("\n".join([*shared, *prose(9, seed=52)]), B)).new) == 1


def test_a_reply_that_quotes_its_opponent_in_full_is_a_piece_of_its_own(store):
    quoted, answers = prose(6, seed=60), prose(6, seed=61)
    reply = "\n".join(line for pair in zip(quoted, answers, strict=True) for line in pair)
    opponent = article_of("\n".join(quoted), A, published_at=EARLY)
    assert len(store.take(opponent, article_of(reply, B, published_at=LATE)).new) == 2
    assert len(store.take(article_of(reply + "\nThat is my answer.", C, published_at=LATE)).new) == 0


def test_a_reply_to_a_stored_piece_that_it_quotes_in_full_is_a_piece_of_its_own(store):
    quoted, answers = prose(6, seed=60), prose(6, seed=61)
    store.take(article_of("\n".join(quoted), A))
    assert len(store.take(article_of("\n".join([*quoted, *answers]), B)).new) == 1


@pytest.mark.parametrize("kept", [5, 8, 9])
def test_a_shortened_piece_is_a_copy_also_with_another_heading_and_lines_of_the_outlet(store, kept):
    store.take(article_of(TEXT, A))
    lines = [
        "Another headline",
        "By Staff Writers",
        *TEXT.split("\n")[:kept],
        "This column appears on Fridays.",
    ]
    (copy,) = store.take(article_of("\n".join(lines), B)).duplicates
    assert copy.similarity > 0.9


@pytest.mark.parametrize("kept", [8, 9])
def test_a_whole_piece_is_a_copy_of_its_shortened_form_and_the_reason_says_how_much_of_it_is(store, kept):
    store.take(article_of("\n".join(TEXT.split("\n")[:kept]), A))
    result = store.take(article_of(TEXT, B))
    (copy,) = result.duplicates
    assert copy.similarity == pytest.approx(kept / 10, abs=0.06)
    assert result.outcomes[0].reason.startswith(f"{copy.similarity:.0%} of it stands in article")


def test_letters_with_the_same_lines_of_their_outlet_below_them_are_different_pieces(store):
    below = " ".join(" ".join(prose(4, seed=70)).split()[:80])
    letters = [" ".join(" ".join(prose(3, seed=seed)).split()[:50]) + "\n" + below for seed in (71, 72)]
    assert len(store.take(article_of(letters[0], A), article_of(letters[1], B)).new) == 2


def test_every_article_has_one_outcome_under_its_items_url(store):
    store.take(article_of(TEXT, A))
    batch = [
        article_of(TEXT, A),
        article_of(syndicated(), B),
        article_of(OTHER, C),
        article_of(OTHER, C + "/2"),
    ]
    result = store.take(*batch)
    assert sorted(outcome.url for outcome in result.outcomes) == sorted(article.item_url for article in batch)
    assert sorted(outcome.outcome for outcome in result.outcomes) == [
        "duplicate",
        "duplicate",
        "loaded",
        "unchanged",
    ]


def test_the_order_of_a_batch_does_not_matter():
    batch = [
        article_of(text, f"https://auk.example/{n}")
        for n, text in enumerate([TEXT, syndicated(), OTHER, syndicated(OTHER), TEXT])
    ]
    expected = Store().take(*batch)
    for seed in range(3):
        shuffled = random.Random(seed).sample(batch, len(batch))
        assert Store().take(*shuffled) == expected


def test_an_empty_batch_asks_nothing(store):
    assert store.take() == Deduped((), (), (), (), {}, ())


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
