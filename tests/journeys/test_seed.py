"""The op-ed with which the project began: a plain text with a caption and a note that shows the author's stances.

The text is not part of this project. ``COMMENTARIAT_SEED_DIR`` names its folder.
"""

import json
import os
from pathlib import Path

import pytest

from tests.journeys.console_script import Ended, SameProcess
from warehouse import connect

FOLDER = os.environ.get("COMMENTARIAT_SEED_DIR", "")
FILE = Path(FOLDER) / "cgtn-op-ed-2023.txt"
pytestmark = pytest.mark.skipif(
    not (FOLDER and FILE.is_file()), reason="COMMENTARIAT_SEED_DIR does not name a folder with the seed op-ed"
)

STANCES = {
    "China should rely on itself for core technologies": "favor",
    "The state should direct scientific research": "favor",
    "The United States is right to restrict chip exports to China": "against",
}


#: The author speaks about the chip bill in one sentence. The model leans to his side there, but its probability is near
#: to the threshold from which a side is stated.
CLOSE = "The United States is right to restrict chip exports to China"
CLEAR = {statement: stance for statement, stance in STANCES.items() if statement != CLOSE}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, prefect_api: str) -> SameProcess:
    return SameProcess(tmp_path_factory.mktemp("seed"), prefect_api)


@pytest.fixture(scope="module")
def ended(desk: SameProcess) -> Ended:
    asked = [argument for statement in STANCES for argument in ("--target", statement)]
    return desk.types("run", "--input", FILE, *asked)


@pytest.fixture(scope="module")
def article(desk: SameProcess, ended: Ended) -> dict[str, object]:
    assert ended.code == 0, ended.err
    (row,) = _ask(desk, "FROM article JOIN article_text USING (article_id, revision)")
    return row


def _ask(desk: SameProcess, sql: str) -> list[dict[str, object]]:
    with connect(desk.here / "commentary") as reader:
        return reader.query(sql).to_pylist()


def test_it_is_loaded_as_opinion(desk: SameProcess, article: dict[str, object]):
    assert article["kind"] == "opinion"
    assert article["language"] == "en"
    assert [row["outcome"] for row in _ask(desk, "FROM outcome")] == ["loaded"]


def test_its_author_is_read_from_the_note(article: dict[str, object]):
    assert article["authors"] == ["Xie Maosong"]
    assert "Xie Maosong" in str(article["note"])
    assert "Xie Maosong" not in str(article["text"])


def test_caption_and_note_are_not_in_the_body(article: dict[str, object]):
    caption, note, text = (str(article[name]) for name in ("caption", "note", "text"))
    assert caption
    assert note.startswith("Editor's note")
    assert caption not in text
    assert "Editor's note" not in text


def test_the_whole_text_is_stored(article: dict[str, object]):
    paragraphs = [line.strip() for line in FILE.read_text("utf-8").splitlines() if line.strip()]
    kept = " ".join(f"{article['text']} {article['note']} {article['caption']}".split())
    assert [p for p in paragraphs if " ".join(p.split()) not in kept] == []
    assert str(article["text"]).rstrip().endswith(paragraphs[-1][-40:])


@pytest.mark.parametrize(("statement", "stance"), CLEAR.items())
def test_the_authors_stance_is_found(
    desk: SameProcess, article: dict[str, object], statement: str, stance: str
):
    answers = _ask(desk, "FROM stance JOIN target USING (target, statement_hash)")
    assert [row["stance"] for row in answers if row["statement"] == statement] == [stance]


def test_the_answer_to_a_passing_remark_leans_to_the_authors_side(
    desk: SameProcess, article: dict[str, object]
):
    (row,) = (
        row
        for row in _ask(desk, "FROM stance JOIN target USING (target, statement_hash)")
        if row["statement"] == CLOSE
    )
    assert row["about"]
    assert row["p_against"] > 5 * row["p_favor"]


@pytest.mark.parametrize(("statement", "stance"), STANCES.items())
def test_no_answer_has_the_opposite_side(
    desk: SameProcess, article: dict[str, object], statement: str, stance: str
):
    answers = _ask(desk, "FROM stance JOIN target USING (target, statement_hash)")
    (stated,) = (row["stance"] for row in answers if row["statement"] == statement)
    assert stated in {stance, "unsure", "neutral"}


@pytest.mark.parametrize(("statement", "stance"), CLEAR.items())
def test_evidence_is_the_authors_own(
    desk: SameProcess, article: dict[str, object], statement: str, stance: str
):
    evidence = _ask(desk, "FROM evidence JOIN target USING (target, statement_hash)")
    own = [
        row
        for row in evidence
        if row["statement"] == statement and row["stance"] == stance and not row["quoted"]
    ]
    assert own
    assert all(str(article["text"])[row["start"] : row["end"]].strip() for row in own)


def test_the_main_topic_is_technology(desk: SameProcess, article: dict[str, object]):
    (topic,) = _ask(desk, "FROM topic WHERE rank = 1")
    assert topic["label"] == "Technology"


def test_classify_gives_what_the_run_gave(desk: SameProcess, article: dict[str, object]):
    asked = [argument for statement in STANCES for argument in ("--target", statement)]
    ended = desk.types("classify", FILE, *asked)
    assert ended.code == 0, ended.err
    answers = {answer["target"]: answer for answer in map(json.loads, ended.out.splitlines())}
    stored = _ask(desk, "FROM stance JOIN target USING (target, statement_hash)")
    assert {row["statement"] for row in stored} >= set(STANCES) == set(answers)
    for row in stored:
        if row["statement"] in answers:
            answer = answers[str(row["statement"])]
            assert (answer["stance"], answer["about"]) == (row["stance"], row["about"])
            # aliases of the bundled configuration affect the choice of passages, and `classify` has none
            if not row["aliases"]:
                assert answer["p_favor"] == pytest.approx(row["p_favor"], abs=2e-3)
            for evidence in answer["evidence"]:
                assert str(article["text"])[evidence["start"] : evidence["end"]] == evidence["text"]
