"""The file of labels agrees with the articles, the listings and the configuration of the sample."""

import tomllib
from collections import Counter
from typing import get_args

import pytest

from flows.sample import load_corpus, load_labels
from flows.sample.corpus import HERE
from tasks.addresses.urls import canonical_url
from tasks.fetch.settings import FetchSettings
from tasks.outcome import OutcomeName
from tasks.sources import Source

CORPUS = load_corpus()
LABELS = load_labels()
PIECES = LABELS["pieces"]
CONFIG = tomllib.loads((HERE / "commentariat.toml").read_text(encoding="utf-8"))
TARGETS = [target["id"] for target in CONFIG["targets"]]
SCORED = {key: label for key, label in PIECES.items() if label["outcome"] == "loaded"}


def text_of(key: str) -> str:
    return "\n".join(CORPUS.pieces[key].paragraphs)


def with_trait(trait: str) -> list[str]:
    return [key for key, label in PIECES.items() if trait in label.get("traits", ())]


def test_every_piece_has_a_label_and_every_label_a_piece():
    assert set(PIECES) == set(CORPUS.pieces)


@pytest.mark.parametrize("key", PIECES)
def test_a_label_speaks_of_known_things(key: str):
    label = PIECES[key]
    assert label["outcome"] in get_args(OutcomeName)
    assert set(label.get("stances", {})) <= set(TARGETS)
    assert all(code in map(str, range(1, 24)) for code in [label["topic"], *label.get("topics_also", ())])
    assert label["topic"] not in label.get("topics_also", ())
    assert all(
        stance["stance"] in ("favor", "against", "neutral") for stance in label.get("stances", {}).values()
    )


@pytest.mark.parametrize("key", PIECES)
def test_the_word_count_is_as_claimed(key: str):
    assert PIECES[key]["words"] == CORPUS.pieces[key].word_count


@pytest.mark.parametrize("key", PIECES)
def test_sentences_are_quoted_from_the_text(key: str):
    label = PIECES[key]
    stances = label.get("stances", {}).values()
    quoted = [stance["says"] for stance in stances if "says" in stance]
    assert all(sentence in text_of(key) for sentence in [*quoted, *label.get("quotes", ())])
    if label["outcome"] == "loaded":
        assert all("says" in stance for stance in stances if stance["stance"] != "neutral")


def test_every_target_has_a_piece_in_favor_and_a_piece_against():
    taken = Counter(
        (target, stance["stance"])
        for label in SCORED.values()
        for target, stance in label.get("stances", {}).items()
    )
    assert all(taken[target, side] for target in TARGETS for side in ("favor", "against"))


def test_some_pieces_are_about_no_target_at_all():
    assert sum(not label.get("stances") for label in SCORED.values()) >= 5


def test_the_sample_has_pieces_of_every_hard_kind():
    assert len(with_trait("late-position")) >= 2
    assert len(with_trait("both-sides")) >= 2
    for trait in ("quoted-opponents", "concession", "misleading-headline", "damaged", "moved", "plain-text"):
        assert with_trait(trait)


@pytest.mark.parametrize("key", with_trait("late-position"))
def test_a_late_position_comes_after_the_first_two_thousand_characters(key: str):
    clear = [stance["says"] for stance in PIECES[key]["stances"].values() if "says" in stance]
    assert all(text_of(key).index(sentence) > 2000 for sentence in clear)


@pytest.mark.parametrize("trait", ["damaged", "paywalled"])
def test_traits_are_those_of_the_page(trait: str):
    assert with_trait(trait) == [key for key, piece in CORPUS.pieces.items() if getattr(piece, trait)]


def test_a_copy_is_labelled_like_its_original():
    copies = {key: label["duplicate_of"] for key, label in PIECES.items() if label["outcome"] == "duplicate"}
    assert copies == {key: piece.copy_of for key, piece in CORPUS.pieces.items() if piece.copy_of}
    for copy, original in copies.items():
        assert PIECES[copy]["topic"] == PIECES[original]["topic"]
        assert {target: stance["stance"] for target, stance in PIECES[copy].get("stances", {}).items()} == {
            target: stance["stance"] for target, stance in PIECES[original].get("stances", {}).items()
        }


def test_every_link_to_no_piece_has_a_label():
    listed = {link.url for outlet in CORPUS.outlets.values() for link in outlet.also_listed}
    assert listed == set(LABELS["links"]) | set(LABELS["same_address"])
    assert set(LABELS["links"].values()) <= set(get_args(OutcomeName))


def test_a_tracking_link_has_the_canonical_address_of_a_piece():
    for url, key in LABELS["same_address"].items():
        assert canonical_url(url) == CORPUS.pieces[key].url


def test_addresses_are_in_their_canonical_form():
    assert all(canonical_url(piece.listed_url) == piece.listed_url for piece in CORPUS.pieces.values())


def test_the_bundled_configuration_reads_every_outlet_once():
    *listed, wire = CONFIG["sources"]
    assert [source["location"] for source in listed] == [
        outlet.root + outlet.listing for outlet in CORPUS.outlets.values() if outlet.listing
    ]
    outlet = CORPUS.outlets[wire["name"]]
    other_links = [link.url for link in outlet.also_listed]
    assert sorted(wire["locations"]) == sorted(
        [piece.listed_url for piece in CORPUS.of(outlet)] + other_links
    )
    assert [source["name"] for source in CONFIG["sources"]] == list(CORPUS.outlets)
    assert [source["outlet"] for source in CONFIG["sources"]] == [
        outlet.name for outlet in CORPUS.outlets.values()
    ]


def test_the_bundled_sources_let_in_every_piece_and_not_the_page_that_lists_them():
    FetchSettings.model_validate(CONFIG["fetch"])
    for entry in CONFIG["sources"]:
        source = Source.model_validate(entry)
        outlet = CORPUS.outlets[source.name]
        assert all(source.why_left_out(piece.listed_url, None) is None for piece in CORPUS.of(outlet))
    assert Source.model_validate(CONFIG["sources"][4]).why_left_out(
        "http://plainspoken.example/essays/", None
    )
