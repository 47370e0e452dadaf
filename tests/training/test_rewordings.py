"""Rewordings are found by their statement, and each line of the file is complete."""

import json

import pytest

from commentariat import InputError
from training.hashes import name_of
from training.rewordings import FOLDER, Rewordings, read_lines, read_rewordings

STATEMENT = "The ferry should be free"


def line(**changes):
    whole = {
        "of": name_of(STATEMENT),
        "same": ["Nobody should pay for the ferry"],
        "denials": ["Ferry fares are fair"],
    }
    return json.dumps(whole | changes) + "\n"


def test_a_statement_finds_its_rewordings_and_others_have_none(tmp_path):
    (tmp_path / "some.jsonl").write_text(line(), encoding="utf-8")
    found = read_rewordings([STATEMENT, "The ferry is late"], tmp_path)
    assert found == {STATEMENT: Rewordings(("Nobody should pay for the ferry",), ("Ferry fares are fair",))}
    assert found[STATEMENT].every == ("Nobody should pay for the ferry", "Ferry fares are fair")


def test_phrases_are_distinguished_from_sentences_with_the_same_meaning(tmp_path):
    (tmp_path / "some.jsonl").write_text(line(favored=["free ferries"], opposed=["fares"]), encoding="utf-8")
    found = read_rewordings([STATEMENT], tmp_path)[STATEMENT]
    assert found.sentences == ("Nobody should pay for the ferry", "Ferry fares are fair")
    assert found.phrases == ("free ferries", "fares")
    assert found.every == found.sentences + found.phrases


@pytest.mark.parametrize("text", ["{", '{"of": "0"}\n', line(same=None)])
def test_a_broken_file_is_named(tmp_path, text):
    (tmp_path / "some.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="cannot be read as rewordings") as caught:
        read_rewordings([STATEMENT], tmp_path)
    assert str(tmp_path) in str(caught.value)


def test_a_folder_without_a_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"cannot be read as rewordings.*no \.jsonl file"):
        read_rewordings([STATEMENT], tmp_path)


def test_no_statement_has_the_same_words_twice():
    rows = read_lines(FOLDER)
    assert len({row["of"] for row in rows}) == len(rows) > 3000
    for row in rows:
        sentences = [*row["same"], *row["denials"]]
        phrases = [*row.get("favored", ()), *row.get("opposed", ())]
        every = sentences + phrases
        assert every, row
        assert len({text.casefold() for text in every}) == len(every), row
        assert all(text.strip() == text and text for text in every), row
        assert all(2 <= len(text.split()) <= 40 for text in sentences), row
        assert all(len(text.split()) <= 12 for text in phrases), row
