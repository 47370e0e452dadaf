"""``second-model try`` and ``rescore --second-model``, with which a person tries a second model before using it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.night.run import Run
from flows.night.second_model.due import ArticlePeriod, due_inquiries
from tasks.load import arrow_tables
from tasks.reference_rows import new_model
from tasks.targets.statement_hash import statement_hash
from tests.flows.conftest import Command
from tests.flows.night.unsure_night import AT, TEXT, a_run, configured, piece, publish, take_in
from tests.tasks.second_model.chat_server import served
from tests.warehouse import nights
from warehouse.spending import FILE


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with served() as url:
        yield url


def test_files_are_asked_about_and_nothing_is_stored(command: Command, tmp_path: Path, url: str):
    configured(tmp_path, url, "price_per_million = [1.0, 2.0]")
    (tmp_path / "toll.txt").write_text(f"On the toll\n\n{TEXT}\n")
    ended = command("second-model", "try", "toll.txt")
    assert ended.code == 0
    assert "tiny at http://127.0.0.1" in ended.out
    assert "favor         Cities should charge drivers" in ended.out
    assert "- Everybody talks about the toll." in ended.out
    assert "1 article: 400 tokens sent, 40 answered, 0.0005 by price_per_million" in ended.out
    assert not (tmp_path / "commentary").exists()


def test_a_target_in_a_file_gives_no_commands_to_the_terminal(command: Command, tmp_path: Path, url: str):
    configured(tmp_path, url)
    row = {"id": "1", "text": TEXT, "target": "Cities should\x1b]0;owned\x07 charge drivers"}
    (tmp_path / "rows.jsonl").write_text(json.dumps(row))
    ended = command("second-model", "try", "rows.jsonl")
    assert ended.code == 0 and "Cities should ]0;owned  charge drivers" in ended.out, ended


def test_without_a_file_the_latest_unsure_pieces_that_may_be_sent_are_asked_about(
    command: Command, tmp_path: Path, url: str
):
    with a_run(configured(tmp_path, url, "most_a_night = 4")) as run:
        take_in(run, range(2), answers=("favor", "against"))
        take_in(run, range(2, 7))
        take_in(run, range(7, 9), source="intranet")
        take_in(run, range(9, 10))
        too = {
            "url": "https://harbor.example/9",
            "article_id": piece(9),
            "source": "intranet",
            "listed_at": AT,
        }
        run.writer.commit("listed too", arrow_tables({"also_listed": [too]}, run.run_id))
        publish(run.writer)
    ended = command("second-model", "try")
    assert ended.code == 0
    assert ended.out.count("  favor ") == 3
    assert not {"Piece 7", "Piece 8", "Piece 9", "Piece 0"} & set(ended.out.splitlines())
    assert "3 articles: 1,200 tokens sent, 120 answered" in ended.out
    assert not (tmp_path / "commentary" / FILE).exists()


def store_a_trial(run: Run, numbers: range) -> None:
    """Store the answers of a model that are only compared; it is unsure about everything."""
    key = {"model_version": "trial-1", "revision": 1}
    shares = {"p_favor": 0.4, "p_against": 0.3, "p_neutral": 0.1, "relevance": 0.8}
    asked = [
        key | {"article_id": piece(number), "target": target.id, "statement_hash": statement_hash(target)}
        for number in numbers
        for target in run.targets
    ]
    rows = {
        "model": new_model(run.writer, "trial-1", "fast", "cap", AT, weights_version="weights-1"),
        "stance": [one | shares | {"stance": "unsure", "about": True} for one in asked],
        "scored": [one | {"task": "stance", "n_rows": 1} for one in asked],
    }
    run.writer.commit("trial", arrow_tables(rows, run.run_id))


def test_the_estimate_of_a_night_is_what_a_night_would_ask_about_within_its_budget(
    command: Command, tmp_path: Path, url: str
):
    with a_run(configured(tmp_path, url), flow="nightly") as run:
        take_in(run, range(6), answers=("favor", "against"))
        take_in(run, range(6, 9))
        take_in(run, range(9, 11), source="intranet")
        store_a_trial(run, range(11))
        publish(run.writer)
    for more, asked in (
        ("", 3),
        ("most_a_night = 1", 1),
        ("most_tokens_a_night = 900", 2),
        ('ask = "stated"', 9),
        ("random_share = 1.0", 9),
    ):
        configured(tmp_path, url, more)
        ended = command("second-model", "try")
        assert {f"Piece {number}" for number in (6, 7, 8)} <= set(ended.out.splitlines())
        assert (
            f"would have asked about {asked} of its 11 articles: about {asked * 400:,} tokens sent, "
            f"{asked * 40} answered" in ended.out
        ), more


def store_raw_scores(run: Run, numbers: range, *, read: bool) -> None:
    """Store the classifier's outputs for articles that do not speak about a target: they were read, or screened out."""
    asked = [
        {"article_id": piece(number), "revision": 1, "weights_version": "weights-1", "target": target.id}
        | {"statement_hash": statement_hash(target)}
        for number in numbers
        for target in run.targets
    ]
    sentences = ("sentence_start", "sentence_end", "sentence_score", "sentence_quoted")
    wording = {"wording_number": 0, "wording": "Cities should", "denied": False}
    outputs = {"favor": 0.5, "against": 0.4, "neutral": 0.3, "about": -3.0}
    rows = {
        "raw_score": [row | {name: [] for name in sentences} | {"screen": 0.5} for row in asked],
        "wording_score": [row | wording | outputs for row in asked if read],
    }
    run.writer.commit(f"scores from {numbers.start}", arrow_tables(rows, run.run_id))


def test_the_estimate_counts_articles_that_were_read_and_do_not_speak_about_a_target_if_all_are_asked_about(
    command: Command, tmp_path: Path, url: str
):
    with a_run(configured(tmp_path, url), flow="nightly") as run:
        take_in(run, range(2))
        take_in(run, range(2, 6), answers=("not about it", "not about it"))
        store_raw_scores(run, range(2, 5), read=True)
        store_raw_scores(run, range(5, 6), read=False)
        publish(run.writer)
    for more, asked in (("", 2), ('ask = "stated"', 2), ('ask = "all"', 5)):
        configured(tmp_path, url, more)
        ended = command("second-model", "try")
        assert f"would have asked about {asked} of its 6 articles: " in ended.out, more


def test_no_tokens_are_estimated_if_the_server_never_replied(command: Command, tmp_path: Path):
    with a_run(configured(tmp_path, "http://127.0.0.1:9/v1"), flow="nightly") as run:
        take_in(run, range(1))
        publish(run.writer)
    ended = command("second-model", "try")
    assert ended.code == 1
    assert "would have asked about 1 of its 1 articles: its tokens are not known" in ended.out, ended.out


def test_the_estimate_is_of_the_last_night_and_not_of_a_file_that_was_named_after_it(
    command: Command, tmp_path: Path, url: str
):
    config = configured(tmp_path, url)
    with a_run(config, flow="nightly") as run:
        take_in(run, range(3))
        publish(run.writer)
    with a_run(config, flow="nightly") as run:
        take_in(run, range(3, 4), source="input")
        of_file = nights.of_source(nights.batch(1, 0, articles=1), "input")
        run.writer.commit("its outcome", {"outcome": of_file["outcome"]})
        publish(run.writer)
    assert "of its 3 articles: " in command("second-model", "try").out


def test_a_server_that_is_not_there_is_reported_in_a_line(command: Command, tmp_path: Path):
    configured(tmp_path, "http://127.0.0.1:9/v1")
    (tmp_path / "toll.txt").write_text(TEXT)
    ended = command("second-model", "try", "toll.txt")
    assert ended.code == 1
    assert "the server cannot be reached" in ended.out + ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("arguments", [("second-model", "try"), ("rescore", "--second-model", "--dry-run")])
def test_without_a_second_model_there_is_a_message_that_says_where_to_name_one(
    command: Command, tmp_path: Path, arguments: tuple[str, ...]
):
    configured(tmp_path, "")
    ended = command(*arguments)
    assert ended.code == 2
    assert "[second_model]" in ended.err


def test_due_pieces_are_counted_without_asking_the_model(tmp_path: Path):
    with a_run(configured(tmp_path, "http://127.0.0.1:9/v1")) as run:
        take_in(run, range(3))
        assert [len(inquiry.targets) for inquiry in due_inquiries(run, ArticlePeriod())] == [1, 1, 1]
        assert not list(due_inquiries(run, ArticlePeriod(published_since=run.started_at)))
    assert not (tmp_path / "commentary" / FILE).exists()
