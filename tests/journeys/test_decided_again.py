"""With another share of right sides, stored answers are decided again without reading; a trial can be taken back."""

import json
import urllib.request
from pathlib import Path

import pytest

from flows.sample import load_corpus
from tests.journeys.console_script import Ended, SameProcess
from warehouse import connect

CONFIG = """
[model]
stated_right = {stated_right}

[[targets]]
id = "nuclear-power"
statement = "Countries should build new nuclear power plants"

[[targets]]
id = "congestion-charge"
statement = "Cities should charge drivers for entering the centre"
statements = ["Driving into the middle of a city should cost something"]
denied = ["Drivers should enter city centres free of charge"]
"""
THIRD = '[[targets]]\nid = "third"\nstatement = "Rents should be capped"\n'
SHARES = (0.55, 0.75)
PIECES = 6


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, prefect_api: str) -> SameProcess:
    return SameProcess(tmp_path_factory.mktemp("decided-again"), prefect_api)


@pytest.fixture(scope="module")
def warehouse(desk: SameProcess) -> Path:
    """A warehouse after a run on a few files and a re-score with another share."""
    folder = desk.here / "texts"
    folder.mkdir()
    long = [piece for piece in load_corpus().pieces.values() if piece.word_count > 500 and not piece.copy_of]
    for number, piece in enumerate(long[:PIECES]):
        (folder / f"{number}.txt").write_text("\n\n".join(piece.paragraphs), encoding="utf-8")
    configure(desk, SHARES[0])
    ended = desk.types("run", "--input", folder)
    assert ended.code == 0, ended.err
    return desk.here / "commentary"


def configure(desk: SameProcess, stated_right: float) -> None:
    (desk.here / "commentariat.toml").write_text(CONFIG.format(stated_right=stated_right))


@pytest.fixture(scope="module")
def rescored(desk: SameProcess, warehouse: Path) -> tuple[Ended, Ended, Ended]:
    """The ends of a dry run, of the re-score, and of a dry run after it."""
    configure(desk, SHARES[1])
    dry = desk.types("rescore", "--dry-run")
    return dry, desk.types("rescore"), desk.types("rescore", "--dry-run")


def ask(warehouse: Path, sql: str) -> list[dict[str, object]]:
    with connect(warehouse) as reader:
        return reader.query(sql).to_pylist()


def count(warehouse: Path, table: str) -> dict[object, object]:
    rows = ask(warehouse, f"SELECT run_id, count(*) AS n FROM {table} GROUP BY run_id")
    return {row["run_id"]: row["n"] for row in rows}


def test_the_artifact_of_a_rescore_has_what_the_command_printed(
    prefect_api: str, rescored: tuple[Ended, Ended, Ended]
) -> None:
    body = json.dumps({"artifacts": {"key": {"any_": ["rescore-summary"]}}}).encode()
    asked = urllib.request.Request(
        f"{prefect_api}/artifacts/filter", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(asked, timeout=30) as answer:
        pages = {artifact["description"]: artifact["data"] for artifact in json.load(answer)}
    headline, *lines = rescored[1].out.splitlines()
    shown = pages[headline].replace("\\", "")
    assert lines and all(line.strip() in shown for line in lines), shown


def test_no_text_is_read_again(warehouse: Path, rescored: tuple[Ended, Ended, Ended]) -> None:
    dry, done, after = rescored
    (n,) = ask(warehouse, "SELECT count(*) AS n FROM article")
    articles = n["n"]
    assert articles == PIECES
    assert dry.out == (
        f"0 articles to read, {articles} to be decided again from stored scores, {3 * PIECES} answers missing\n"
    )
    assert done.code == 0, done.err
    assert f"backlog: {articles} of {articles} articles decided again from stored scores\n" in done.err
    assert f"0 articles read, {articles} decided again from stored scores" in done.out
    assert after.out == "0 articles to read, 0 answers missing\n"
    assert list(count(warehouse, "raw_score").values()) == [2 * PIECES]
    assert len(count(warehouse, "wording_score")) == 1
    assert sorted(count(warehouse, "stance").values()) == [2 * PIECES] * 2
    assert len(count(warehouse, "topic")) == 2


def test_the_new_answers_are_those_that_count(warehouse: Path, rescored: tuple[Ended, Ended, Ended]) -> None:
    versions = ask(warehouse, "FROM model ORDER BY rank")
    assert len({row["model_version"] for row in versions}) == 2
    assert len({row["weights_version"] for row in versions}) == 1
    current = ask(warehouse, "SELECT DISTINCT model_version FROM stance WHERE is_current")
    assert [row["model_version"] for row in current] == [versions[-1]["model_version"]]
    topics = ask(warehouse, "SELECT article_id, topic, rank, score FROM topic WHERE is_current ORDER BY ALL")
    first = ask(
        warehouse,
        "SELECT article_id, topic, t.rank, score FROM topic t JOIN model m USING (model_version) "
        "WHERE m.rank = 1 ORDER BY ALL",
    )
    assert topics == first


def test_every_wording_was_read_where_the_screen_let_the_article_through(
    warehouse: Path, rescored: tuple[Ended, Ended, Ended]
) -> None:
    rows = ask(
        warehouse,
        "SELECT target, list(denied ORDER BY wording_number) AS denied FROM wording_score "
        "GROUP BY article_id, target",
    )
    wanted = {"nuclear-power": [False], "congestion-charge": [False, False, True]}
    assert rows
    assert all(row["denied"] == wanted[str(row["target"])] for row in rows)


def test_classify_gives_what_is_stored(
    desk: SameProcess, warehouse: Path, rescored: tuple[Ended, Ended, Ended]
) -> None:
    statement = "Countries should build new nuclear power plants"
    stored = ask(
        warehouse,
        "SELECT a.url, s.stance, s.about, s.p_favor, s.p_against, s.p_neutral, m.rank FROM stance s "
        "JOIN article a USING (article_id, revision) JOIN model m USING (model_version) "
        "WHERE target = 'nuclear-power'",
    )
    for rank, share in enumerate(SHARES, start=1):
        ended = desk.types(
            "classify", *sorted((desk.here / "texts").iterdir()), "-t", statement, "--stated-right", share
        )
        assert ended.code == 0, ended.err
        answers = {record["id"]: record for record in map(json.loads, ended.out.splitlines())}
        rows = [row for row in stored if row["rank"] == rank]
        assert len(rows) == PIECES
        for row in rows:
            answer = answers[str(row["url"]).rpartition("/")[2]]
            assert (answer["stance"], answer["about"]) == (row["stance"], row["about"])
            for name in ("p_favor", "p_against", "p_neutral"):
                assert answer[name] == pytest.approx(row[name], abs=2e-3)


def test_a_trial_does_not_count_until_it_is_configured_and_going_back_reads_nothing(
    desk: SameProcess, warehouse: Path, rescored: tuple[Ended, Ended, Ended]
) -> None:
    def counting() -> list[object]:
        rows = ask(warehouse, "SELECT DISTINCT model_version FROM scored WHERE is_current")
        return [row["model_version"] for row in rows]

    (configured,) = counting()
    trial = desk.types("rescore", "--stated-right", "0.65")
    assert trial.code == 0, trial.err
    assert counting() == [configured]
    assert f"Compared with {configured} on {2 * PIECES} answers: " in trial.out
    assert "A trial: these answers are stored beside those that count." in trial.out
    configure(desk, 0.65)
    adopted = desk.types("rescore")
    (counts_now,) = counting()
    assert counts_now != configured
    configure(desk, SHARES[1])
    back = desk.types("rescore")
    assert counting() == [configured]
    for ended in (adopted, back):
        assert ended.out.startswith("0 articles read, 2 targets asked by "), ended.out
        assert "A trial" not in ended.out
    (desk.here / "commentariat.toml").write_text(CONFIG.format(stated_right=SHARES[1]) + THIRD)
    trial = desk.types("rescore", "--stated-right", "0.65", "--target", "third")
    assert f"{PIECES} answers are left out of the trial" in trial.out
    assert ask(warehouse, "FROM stance WHERE target = 'third' AND is_current") == []


def test_a_trial_with_other_words_of_a_target_is_refused_and_its_answers_go_on_counting(
    desk: SameProcess, warehouse: Path, rescored: tuple[Ended, Ended, Ended]
) -> None:
    before = ask(warehouse, "FROM scored WHERE target = 'nuclear-power' AND is_current ORDER BY ALL")
    reworded = CONFIG.replace("new nuclear power plants", "nuclear power plants at once")
    (desk.here / "commentariat.toml").write_text(reworded.format(stated_right=SHARES[1]))
    trial = desk.types("rescore", "--stated-right", "0.6")
    assert trial.code == 2 and "these are to other words of nuclear-power" in trial.err
    assert "Traceback" not in trial.err
    other = desk.types("rescore", "--stated-right", "0.6", "--target", "congestion-charge")
    assert other.code == 0, other.err
    assert before
    assert ask(warehouse, "FROM scored WHERE target = 'nuclear-power' AND is_current ORDER BY ALL") == before
