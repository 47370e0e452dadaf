"""``export --training`` writes the answers of the second model as data that ``training`` reads, and no other data."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from flows.night.run import Run
from flows.settings.config import Config, load_config
from models.sentences import sentence_spans
from tasks.load import arrow_tables
from tasks.targets.statement_hash import statement_hash
from tasks.text.prose import normalise_text, paragraphs_of
from tests.flows.conftest import Command
from tests.flows.night.unsure_night import (
    AT,
    TEXT,
    a_run,
    answer_too,
    ask,
    configured,
    piece,
    publish,
    take_in,
)
from tests.tasks.second_model.chat_server import Body, answers, chat_server, statements_in, title_in
from training.opeds_data import OpEd, read_opeds
from warehouse.annotations.annotation import Annotation, Answer
from warehouse.annotations.inbox import Inbox
from warehouse.annotations.joining import join_annotations
from warehouse.upkeep.takedown import take_down

EVERY_TARGET = 'ask = "all"\nrandom_share = 1.0'
WORDINGS = """
[[targets]]
id = "rent"
statement = "Rents should be capped"
statements = ["The law should limit rents", "Rent control helps"]
denied = ["Landlords should set rents as they like"]
"""


def answer_by_number(body: Body) -> object:
    """Answer by the number of the piece: 0 against, 1 takes no side, 2 not about it, 3 cannot tell, others favor."""
    number = int(title_in(body).removeprefix("Piece "))
    stance = {0: "against", 1: "no_side", 2: "not_about", 3: "cannot_tell"}.get(number, "favor")
    shown = [] if stance == "not_about" else [3, 2]
    return answers(*((n, shown, stance) for n, _ in enumerate(statements_in(body), start=1)))


def a_night(
    folder: Path, pieces: int = 6, more: str = EVERY_TARGET, then: Callable[[Run], None] | None = None
) -> Config:
    """Take in pieces, let the second model answer, and publish."""

    async def night() -> Config:
        async with chat_server(say=answer_by_number) as server:
            config = configured(folder, server.url, more)
            with a_run(config) as run:
                take_in(run, range(pieces), answers=("unsure", "favor", "unsure")[: len(run.targets)])
                await ask(run)
                if then is not None:
                    then(run)
                publish(run.writer)
            return config

    return asyncio.run(night())


async def ask_again(folder: Path, model: str, say: Callable[[Body], object]) -> None:
    """Configure another second model, let it answer in a further night, and publish."""
    async with chat_server(say=say) as server:
        configured(folder, server.url, EVERY_TARGET)
        file = folder / "commentariat.toml"
        file.write_text(file.read_text().replace('model = "tiny"', f'model = "{model}"'))
        config = load_config(file, {"COMMENTARIAT_SECOND_MODEL__KEY": "sk-very-secret-0123456789"})
        with a_run(config) as run:
            await ask(run)
            publish(run.writer)


def given(run: Run, number: int, annotator: str, answer: Answer) -> Annotation:
    """Give a person's answer on the first target."""
    tolls = run.targets[0]
    return Annotation(
        article_id=piece(number),
        revision=1,
        target=tolls.id,
        statement_hash=statement_hash(tolls),
        statement=tolls.statement,
        annotator=annotator,
        answer=answer,
        sentences=((0, 31),),
    )


def labels_in(folder: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(folder / "labels.parquet").to_pylist()
    return rows


def every(folder: Path) -> dict[str, OpEd]:
    return {one.title: one for split in ("train", "dev", "test") for one in read_opeds(folder, split)}


def test_training_reads_what_the_second_model_answered(command: Command, tmp_path: Path):
    a_night(tmp_path)
    ended = command("export", "data", "--training")
    assert ended.code == 0, ended.err
    assert "opeds.parquet  5 rows" in ended.out
    pieces = every(tmp_path / "data")
    assert sorted(pieces) == ["Piece 0", "Piece 1", "Piece 2", "Piece 4", "Piece 5"], "3 could not be told"
    against = pieces["Piece 0"]
    assert (against.text, against.outlet, against.kind, against.bank) == (TEXT, "Harbor", "opinion", "a")
    assert [(one.target, one.stance, one.own) for one in against.labels] == [
        ("Cities should build trams", "against", False),
        ("Cities should charge drivers", "against", False),
    ]
    assert {one.stance for one in pieces["Piece 1"].labels} == {"neutral"}
    assert pieces["Piece 2"].labels == ()
    assert pieces["Piece 2"].silent == ("Cities should build trams", "Cities should charge drivers")


def test_each_label_says_where_it_came_from_and_which_sentences_show_it(command: Command, tmp_path: Path):
    a_night(tmp_path)
    command("export", "data", "--training")
    rows = labels_in(tmp_path / "data")
    assert len(rows) == 10
    (row,) = [one for one in rows if one["title"] == "Piece 0" and one["target"] == "tolls"]
    assert (row["article_id"], row["revision"], row["split"]) == (piece(0), 1, "train")
    assert (row["statement"], row["also"], row["label"]) == ("Cities should charge drivers", [], "against")
    assert [row["text"][one["start"] : one["end"]] for one in row["evidence"]] == [
        "The council should vote for it.",
        "We will see.",
    ]
    assert row["said_by"] == "tiny-1" and row["model_version"].startswith("second-") and row["asked_with"]
    assert {one["label"] for one in rows if one["title"] == "Piece 2"} == {"not_about"}
    query = "SELECT label, count(*) AS n FROM labels GROUP BY ALL ORDER BY ALL"
    counted = command("sql", query, "--with", "labels=data/labels.parquet", "-f", "csv")
    assert counted.out.splitlines()[1:] == ["against,2", "favor,4", "neutral,2", "not_about,2"]


def test_an_article_that_was_answered_before_it_was_chosen_at_random_counts_as_chosen(
    command: Command, tmp_path: Path
):
    """The pieces that serve to calibrate must not lack those of which the first model was unsure."""

    async def nights() -> None:
        async with chat_server() as server:
            with a_run(configured(tmp_path, server.url, "random_share = 0")) as run:
                take_in(run, range(4), answers=("favor", "favor"))
                take_in(run, range(4, 12), answers=("unsure", "unsure"))
                await ask(run)
                publish(run.writer)
            with a_run(configured(tmp_path, server.url, "random_share = 1.0")) as run:
                take_in(run, range(12, 16), answers=("favor", "favor"))
                await ask(run)
                publish(run.writer)

    asyncio.run(nights())
    command("export", "data", "--training")
    banks = [one.bank for one in every(tmp_path / "data").values()]
    assert len(banks) == 16
    assert banks.count("a") > 8  # all but those whose ids end after all that the second run asked about


LATER = """
[[targets]]
id = "rent"
statement = "Rents should be capped"
"""


def test_questions_that_came_after_an_article_was_chosen_at_random_are_not_in_its_random_part(
    command: Command, tmp_path: Path
):
    """The second model is asked about a later target only where the first model is unsure."""

    async def nights() -> None:
        async with chat_server() as server:
            with a_run(configured(tmp_path, server.url, "random_share = 1.0")) as run:
                take_in(run, range(6), answers=("favor", "favor"))
                await ask(run)
                publish(run.writer)
            with a_run(configured(tmp_path, server.url, "random_share = 0" + LATER)) as run:
                for number in range(6):
                    answer_too(run, number, "rent", "unsure" if number < 2 else "favor")
                await ask(run)
                rent = run.targets[2]
                on_rent = replace(
                    given(run, 4, "mo", "against"),
                    target=rent.id,
                    statement_hash=statement_hash(rent),
                    statement=rent.statement,
                )
                Inbox(run.writer.root).keep([on_rent, given(run, 5, "mo", "against")])
                join_annotations(run.writer)
                publish(run.writer)

    asyncio.run(nights())
    command("export", "data", "--training")
    found = {
        (one.title, one.bank): {label.target: label.stance for label in one.labels}
        for split in ("train", "dev", "test")
        for one in read_opeds(tmp_path / "data", split)
    }
    both = {"Cities should build trams": "favor", "Cities should charge drivers": "favor"}
    at_random = {(f"Piece {number}", "a"): both for number in range(6)}
    at_random["Piece 5", "a"] = both | {"Cities should charge drivers": "against"}
    later = {(f"Piece {number}", "b"): {"Rents should be capped": "favor"} for number in (0, 1)}
    assert found == at_random | later | {("Piece 4", "b"): {"Rents should be capped": "against"}}


def test_an_answer_to_a_later_version_of_a_target_stays_in_the_random_part_if_the_statement_is_the_same(
    command: Command, tmp_path: Path
):
    """Without those that were asked again because the first model was unsure, the rest would not be random."""

    async def nights() -> None:
        async with chat_server() as server:
            config = configured(tmp_path, server.url, "random_share = 1.0" + LATER)
            with a_run(config) as run:
                take_in(run, range(6), answers=("favor", "favor", "favor"))
                await ask(run)
                publish(run.writer)
            worded = LATER + 'statements = ["The law should limit rents"]\n'
            with a_run(configured(tmp_path, server.url, "random_share = 0" + worded)) as run:
                for number in range(6):
                    answer_too(run, number, "rent", "unsure" if number < 2 else "favor")
                await ask(run)
                publish(run.writer)

    asyncio.run(nights())
    command("export", "data", "--training")
    rows = [row for row in labels_in(tmp_path / "data") if row["target"] == "rent"]
    assert sorted((row["title"], row["also"], row["at_random"]) for row in rows) == [
        (f"Piece {number}", ["The law should limit rents"] if number < 2 else [], True) for number in range(6)
    ]


def test_paragraphs_are_named_that_hold_the_evidence(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    page = TEXT.replace(". ", ".\n\n").replace("Everybody", "Ünbelievable 🚋 everybody")
    text = normalise_text(page)
    assert text.count("\n") == 2, "as an article is stored"
    monkeypatch.setattr("tests.flows.night.unsure_night.TEXT", text)
    a_night(tmp_path)
    command("export", "data", "--training")
    one = every(tmp_path / "data")["Piece 0"]
    assert one.paragraphs == tuple(paragraphs_of(page))
    assert [label.paragraphs for label in one.labels] == [(1, 2), (1, 2)]
    read, trained_on = ([one[start:end] for start, end in sentence_spans(one)] for one in (text, one.text))
    assert read == trained_on == ["Ünbelievable 🚋 everybody talks about the toll.", *text.split("\n")[1:]]
    assert {one.paragraph_at(one.text.index(line)) for line in text.split("\n")} == {0, 1, 2}


def test_empty_lines_of_a_text_that_an_earlier_version_stored_are_no_paragraphs(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("tests.flows.night.unsure_night.TEXT", TEXT.replace(". ", ".\n \n\n"))
    a_night(tmp_path)
    command("export", "data", "--training")
    one = every(tmp_path / "data")["Piece 0"]
    assert one.paragraphs == tuple(f"{sentence}." for sentence in TEXT.removesuffix(".").split(". "))
    assert [label.paragraphs for label in one.labels] == [(1, 2), (1, 2)]


def test_all_wordings_are_asked_and_a_denied_one_has_the_other_side(command: Command, tmp_path: Path):
    a_night(tmp_path, more=EVERY_TARGET + WORDINGS)
    command("export", "data", "--training")
    pieces = every(tmp_path / "data")
    found = {
        one.target: (one.other_wording, one.stance)
        for one in pieces["Piece 0"].labels
        if "ent" in one.target or "rents" in one.target
    }
    assert found == {
        "Rents should be capped": ("The law should limit rents", "against"),
        "Rent control helps": (None, "against"),
        "Landlords should set rents as they like": (None, "favor"),
    }
    assert len(pieces["Piece 2"].silent) == 5


def test_pieces_that_may_not_be_sent_or_were_taken_down_are_not_exported(command: Command, tmp_path: Path):
    def then(run: Run) -> None:
        take_down(run.writer, article_ids=[piece(4)], reason="Asked for.")
        of_intranet = [
            {"url": f"https://harbor.example/{n}", "article_id": piece(n), "source": "intranet"}
            for n in (5, 6)
        ]
        rows = {
            "item": [of_intranet[0] | {"discovered_at": AT}],
            "also_listed": [of_intranet[1] | {"listed_at": AT}],
        }
        run.writer.commit("of intranet", arrow_tables(rows, run.run_id))

    a_night(tmp_path, pieces=7, then=then)
    command("export", "data", "--training")
    assert sorted(every(tmp_path / "data")) == ["Piece 0", "Piece 1", "Piece 2"]
    file = tmp_path / "commentariat.toml"
    file.write_text(file.read_text().replace('feed.xml"\n', 'feed.xml"\nsecond_model = false\n', 1))
    ended = command("export", "again", "--training")
    assert ended.code == 2, (
        "what the configuration never sends now is not given out, whatever was asked before"
    )
    assert "no answer of a second model" in ended.err
    assert not (tmp_path / "again").exists()


def test_copies_are_in_the_split_of_their_original_and_each_split_has_its_share(
    command: Command, tmp_path: Path
):
    def then(run: Run) -> None:
        # 6 and 8 alone would be in dev, 14 in test; 39 and 38 are copies of each other.
        pairs = [(5, 6), (6, 8), (8, 13), (12, 14), (39, 38), (38, 39)]
        copies = [
            {"article_id": piece(one), "duplicate_of": piece(other), "how": "near", "similarity": 0.9}
            for one, other in [*pairs, (13, 4)]
        ]
        run.writer.commit("copies", arrow_tables({"duplicate": copies}, run.run_id))
        Inbox(run.writer.root).keep([given(run, number, "mo", "favor") for number in (6, 8, 14, 17)])
        join_annotations(run.writer)

    a_night(tmp_path, pieces=40, then=then)
    command("export", "data", "--training")
    split = {row["title"]: row["split"] for row in labels_in(tmp_path / "data")}
    assert {split[f"Piece {n}"] for n in (4, 5, 6, 8, 13)} == {"train"}
    assert {split[f"Piece {n}"] for n in (12, 14)} == {"test"}
    assert {split[f"Piece {n}"] for n in (17, 22)} == {"dev"}
    assert split["Piece 38"] == split["Piece 39"]
    assert {one.title for one in read_opeds(tmp_path / "data", "dev")} == {"Piece 17", "Piece 22"}
    command("review", "export", "answers.jsonl")
    exported = map(json.loads, (tmp_path / "answers.jsonl").read_text().splitlines())
    assert {row["title"]: row["split"] for row in exported} == {
        f"Piece {n}": split[f"Piece {n}"] for n in (6, 8, 14, 17)
    }


def test_answers_of_people_replace_answers_of_a_model(command: Command, tmp_path: Path):
    def then(run: Run) -> None:
        answers: list[tuple[int, str, Answer]] = [
            (0, "mo", "favor"),
            (0, "li", "favor"),
            (0, "jo", "against"),
        ]
        answers += [(2, "mo", "not_about"), (3, "mo", "neutral"), (4, "mo", "skip")]
        answers += [(5, "mo", "favor"), (5, "li", "against")]
        Inbox(run.writer.root).keep([given(run, *answer) for answer in answers])
        join_annotations(run.writer)

    a_night(tmp_path, then=then)
    command("export", "data", "--training")
    rows = {row["title"]: row for row in labels_in(tmp_path / "data") if row["target"] == "tolls"}
    assert {title: (row["label"], row["said_by"]) for title, row in rows.items()} == {
        "Piece 0": ("favor", "people"),
        "Piece 1": ("neutral", "tiny-1"),
        "Piece 2": ("not_about", "people"),
        "Piece 3": ("neutral", "people"),
        "Piece 4": ("favor", "tiny-1"),
        "Piece 5": ("favor", "tiny-1"),
    }
    assert [(one["start"], one["end"]) for one in rows["Piece 0"]["evidence"]] == [(0, 31)]
    assert rows["Piece 0"]["model_version"] is None


def test_an_unsure_answer_of_the_better_second_model_is_not_replaced_by_that_of_the_one_before(
    command: Command, tmp_path: Path
):
    def unsure_of_some(body: Body) -> object:
        stance = "cannot_tell" if title_in(body) in ("Piece 0", "Piece 2") else "against"
        return answers(*((n, [1], stance) for n, _ in enumerate(statements_in(body), start=1)))

    a_night(tmp_path)
    asyncio.run(ask_again(tmp_path, "better", unsure_of_some))
    command("export", "data", "--training")
    rows = labels_in(tmp_path / "data")
    assert {row["title"] for row in rows} == {f"Piece {n}" for n in (1, 3, 4, 5)}
    assert {row["label"] for row in rows} == {"against"}


def test_pieces_that_were_asked_about_some_targets_are_marked(command: Command, tmp_path: Path):
    a_night(tmp_path, more="")
    command("export", "data", "--training")
    pieces = every(tmp_path / "data")
    assert {one.bank for one in pieces.values()} == {"b"}
    assert {len(one.labels) for title, one in pieces.items() if title != "Piece 2"} == {1}


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--training",), 2, "has no answer of a second model or of people"),
        (("--training", "--format", "csv"), 2, "--training exports all answers, as Parquet"),
        (("--training", "--at", "1"), 2, "--training exports all answers, as Parquet"),
        (("--training", "-w", "nowhere"), 4, "there is no warehouse"),
    ],
)
def test_bad_input_is_one_message(
    command: Command, published: Path, arguments: tuple[str, ...], code: int, message: str
):
    ended = command("export", "out", "-w", published, *arguments)
    assert ended.code == code
    assert message in ended.err
    assert "Traceback" not in ended.err
