"""``commentariat classify``: the files that it reads, the lines that it writes, and its share of right sides."""

import inspect
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.main import get_command

from flows.cli.classify import classify
from flows.cli.commands import application
from flows.settings.config import Config
from models.loading import STATED_RIGHT
from tests.flows.cli.conftest import PAGE
from tests.flows.conftest import Command

COMMANDS = get_command(application()).commands


@pytest.mark.parametrize("wrong", [("--taxonomy", "typo.toml"), ("--model", "./nowhere")])
def test_an_earlier_output_stays_if_nothing_can_be_classified(
    command: Command, tmp_path: Path, wrong: tuple[str, str]
):
    (tmp_path / "a.txt").write_text("Cities should charge drivers. " * 8)
    (tmp_path / "stance.jsonl").write_text("earlier\n")
    assert command("classify", "a.txt", "-t", "Tolls", "-o", "stance.jsonl", *wrong).code != 0
    assert (tmp_path / "stance.jsonl").read_text() == "earlier\n"


def test_classify_reads_txt_jsonl_and_parquet(command: Command, tmp_path: Path):
    text = "Cities should charge drivers. " * 8
    (tmp_path / "a.txt").write_text(text)
    rows = [{"id": 1, "text": text}, {"id": "x", "text": text, "target": "Nuclear power"}]
    (tmp_path / "b.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    pq.write_table(pa.Table.from_pylist([{"id": "p", "text": text, "target": None}]), tmp_path / "c.parquet")
    ended = command(
        "classify", "a.txt", "b.jsonl", "c.parquet", "-t", "Tolls", "-t", "Trams", "--threads", "1"
    )
    assert ended.code == 0, ended
    records = [json.loads(line) for line in ended.out.splitlines()]
    assert [(record["id"], record["target"]) for record in records] == [
        ("a.txt", "Tolls"), ("a.txt", "Trams"), ("1", "Tolls"), ("1", "Trams"), ("x", "Nuclear power"),
        ("p", "Tolls"), ("p", "Trams"),
    ]  # fmt: skip
    keys = [
        "id",
        "target",
        "stance",
        "p_favor",
        "p_against",
        "p_neutral",
        "relevance",
        "about",
        "evidence",
        "topic",
        "topics",
        "model_version",
    ]
    assert all(list(record) == keys for record in records)
    assert ended.err == "classifying: 4 done\n"


def test_classify_reads_folders_and_what_extract_writes(command: Command, tmp_path: Path):
    for name, content in (("a.html", PAGE), ("sub/a.html", PAGE), ("sub/b.txt", "")):
        (tmp_path / "pages" / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / "pages" / name).write_text(content)
    of_folder = command("classify", "pages", "-t", "Tolls", "--threads", "1")
    assert of_folder.code == 0, of_folder
    assert of_folder.err.splitlines() == [
        "Attention: pages: 1 of 3 texts is left out, as there is nothing to read: sub/b.txt (empty)",
        "classifying: 2 done",
    ]
    assert command("extract", "pages", "-o", "pages.jsonl").code == 0
    of_records = command("classify", "pages.jsonl", "-t", "Tolls", "--threads", "1")
    assert of_records.code == 0, of_records
    assert of_records.err.splitlines() == [
        "Attention: pages.jsonl: 1 of 3 texts is left out, as there is nothing to read: pages/sub/b.txt (empty)",
        "classifying: 2 done",
    ]
    answers = [json.loads(line) for line in of_folder.out.splitlines()]
    assert [answer["id"] for answer in answers] == ["a.html", "sub/a.html"]
    by_record = [json.loads(line) for line in of_records.out.splitlines()]
    assert [answer["id"] for answer in by_record] == ["pages/a.html", "pages/sub/a.html"]
    assert [answer["stance"] for answer in by_record] == [answer["stance"] for answer in answers]


def test_classify_answers_a_text_in_another_language_and_says_so(command: Command, tmp_path: Path):
    text = "Die Fähre gehört uns allen, und der Rat der Stadt darf sie nicht verkaufen. " * 9
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    ended = command("classify", "a.txt", "-t", "Tolls", "--threads", "1")
    assert ended.code == 0
    assert [json.loads(line)["id"] for line in ended.out.splitlines()] == ["a.txt"]
    assert ended.err.splitlines() == [
        "Attention: a.txt: a run with the default settings would leave it out: it is in de; configured: en",
        "classifying: 1 done",
    ]


def test_classify_answers_a_question_without_a_yes_and_says_what_to_write(command: Command, tmp_path: Path):
    rows = [
        {"id": "x", "text": "Cities should charge drivers. " * 8, "target": target}
        for target in ("Who should pay for the war?", "Tolls", "How dangerous is Putin?")
    ]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    ended = command("classify", "a.jsonl", "--threads", "1")
    assert ended.code == 0 and len(ended.out.splitlines()) == 3
    (line,) = [line for line in ended.err.splitlines() if line.startswith("Attention: ")]
    assert line.startswith(
        "Attention: 'Who should pay for the war?', 'How dangerous is Putin?': no plain yes"
    )


def test_classify_has_the_same_default_of_stated_right_as_a_run():
    (option,) = [one for one in COMMANDS["classify"].params if one.name == "stated_right"]
    assert option.default == Config().model.stated_right


@pytest.mark.parametrize("share", ["0.5", "1", "nan", "85"])
@pytest.mark.parametrize("arguments", [("classify", "a.txt"), ("rescore", "--dry-run")])
def test_an_impossible_share_of_right_stances_is_reported(
    command: Command, arguments: tuple[str, ...], share: str
):
    ended = command(*arguments, "--stated-right", share)
    assert ended.code == 2
    assert "should be above 0.5 and below 1" in " ".join(ended.err.replace("│", " ").split())


def test_classify_without_targets_writes_one_line_for_each_text(command: Command, tmp_path: Path):
    (tmp_path / "a.txt").write_text("The state should build reactors. " * 10)
    (record,) = map(json.loads, command("classify", "a.txt").out.splitlines())
    assert "stance" not in record
    assert record["topics"]


def test_classify_reports_a_missing_model(command: Command, tmp_path: Path):
    (tmp_path / "a.txt").write_text("A text.")
    ended = command("classify", "a.txt", "--model", str(tmp_path / "no-model"))
    assert ended.code == 3
    assert "no-model" in ended.err


def test_classify_states_as_many_sides_as_a_night_does_if_nothing_is_configured():
    default = inspect.signature(classify).parameters["stated_right"].default
    assert default == STATED_RIGHT == Config.model_validate({}).model.stated_right
