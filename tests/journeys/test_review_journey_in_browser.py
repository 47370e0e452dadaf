"""The way from questions to corrected shares: people answer in a browser during a night, and run commands."""

import csv
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from flows.settings.config import load_config
from tests.flows.cli.read_before import PIECES, a_person_says, answered, configure, questions_in, read_before
from tests.flows.explorer.conftest import RunningServer, started
from tests.journeys.console_script import SameProcess
from tests.journeys.prefect_server import PATIENCE_SECONDS, Hold, PrefectServer, own_environment
from tests.journeys.press import essay
from tests.journeys.test_browser import CHROMIUM, PATIENCE_MS
from tests.journeys.test_review_in_browser import KEYS, answer_by_keyboard, kept, opened, say_who
from warehouse import connect

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (apt-get install chromium)"),
]
ASKED, BY_KEYBOARD, TONIGHT = 300, 10, 4
KEY_OF = {answer: key for key, answer in KEYS.items()}
SIDES = {"favor": "in favor", "against": "against", "neutral": "taking no side"}
# The model's share in favor is 66 (33%, 27 to 40%), and the corrected share in favor 37% (31 to 44%).
RAW = r"{side} (?P<articles>\d+) \((?P<share>\d+)%, (?P<low>\d+) to (?P<high>\d+)%\)"
CORRECTED = r"{side} (?P<corrected>\d+)% \((?P<corrected_low>\d+) to (?P<corrected_high>\d+)%\)"
READ = "SELECT run_id, count(*) FROM raw_score GROUP BY ALL ORDER BY ALL"
COUNTING = "SELECT DISTINCT model_version FROM stance WHERE is_current"


@pytest.fixture
def desk(tmp_path: Path, prefect_api: str) -> SameProcess:
    """A person at a terminal, in the folder of a warehouse with two hundred pieces."""
    read_before(tmp_path)
    return SameProcess(tmp_path, prefect_api)


def begun(desk: SameProcess, *arguments: str, **settings: str) -> "subprocess.Popen[str]":
    """Begin a run in a process of its own, because the thread of a browser already has an event loop."""
    environment = own_environment(desk.here / "prefect") | settings
    config = desk.here / "commentariat.toml"
    prefect = PrefectServer(None, desk.api, environment, desk.here, config)
    return prefect.command(*arguments, "--config", str(config))


@contextmanager
def night_that_writes(desk: SameProcess) -> Iterator[tuple["subprocess.Popen[str]", Hold]]:
    """Run a night that has committed half of its pieces, and waits with the other half until it is released."""
    texts, hold = desk.here / "texts", Hold(desk.here / "station")
    texts.mkdir()
    for number in range(TONIGHT):
        (texts / f"{number}.txt").write_text(essay(number))
    hold.at("load")
    settings = {"COMMENTARIAT_RUN__BATCH_SIZE": str(TONIGHT // 2), "COMMENTARIAT_EXTRACT__WORKERS": "1"}
    with begun(desk, "run", "--input", str(texts), **settings, **hold.settings) as night:
        try:
            hold.wait_until_reached(lambda: f"the night does not come to its second half: {night.poll()}")
            yield night, hold
        finally:
            night.kill()


def answer_ten(page: Any, server: RunningServer, questions: list[dict[str, str]]) -> None:
    say_who(page, "Ada")
    answers = [a_person_says(number, question) for number, question in enumerate(questions[:BY_KEYBOARD])]
    for number, answer in enumerate(answers, start=1):
        assert page.locator("h1").inner_text() == questions[number - 1]["statement"]
        answer_by_keyboard(page, number, KEY_OF[answer])
    assert [one.answer for one in kept(server, "Ada")] == answers
    page.get_by_role("link", name="Your answers").click()
    page.get_by_role("heading", name=f"{BY_KEYBOARD} of {ASKED} questions answered").wait_for()
    assert page.get_by_text(f"{BY_KEYBOARD} answers of all people wait on disk").is_visible()


def asked(desk: SameProcess, sql: str) -> list[dict[str, object]]:
    with connect(desk.here / "commentary") as reader:
        return reader.query(sql).to_pylist()


def in_the_report(page: Any, statement: str, side: str) -> dict[str, int]:
    """Return the shares of one side of a target in the report: the model's and, below them, the corrected ones."""
    target = page.locator("#stances .targets > li").filter(has_text=statement)
    lines = {RAW: target.locator("p.small:not(.corrected)"), CORRECTED: target.locator("p.small.corrected")}
    shown: dict[str, int] = {}
    for form, line in lines.items():
        assert line.is_visible()
        found = re.search(form.format(side=SIDES[side]), line.inner_text())
        assert found, line.inner_text()
        shown |= {name: int(number) for name, number in found.groupdict().items()}
    drawn = re.search(r"answers of people on (\d+) articles", lines[CORRECTED].inner_text())
    assert drawn and target.locator("svg.bar").count() == 2, "a bar for each of the two"
    return shown | {"labelled": int(drawn[1])}


def test_answers_given_beside_a_night_and_imported_ones_correct_the_shares_of_the_report(
    browser: Any, desk: SameProcess
) -> None:
    ended = desk.types("review", "sample", "questions.csv", "--size", ASKED, "--random", 1, "--name", "first")
    assert ended.code == 0 and f"{ASKED} questions: {ASKED} random" in ended.out, ended.err
    file = desk.here / "questions.csv"
    questions = questions_in(file)

    with started(desk.here / "commentary", "review", "serve", file) as server:
        page = opened(browser, server)
        with night_that_writes(desk) as (night, hold):
            answer_ten(page, server, questions)
            ended = desk.types("review", "score")
            assert ended.code == 2 and f"{BY_KEYBOARD} answers wait and are not counted yet" in ended.err
            assert night.poll() is None, "the night had the warehouse all the while"
            hold.release()
            printed, _ = night.communicate(timeout=PATIENCE_SECONDS)
        assert night.returncode == 0 and re.search(rf"loaded +{TONIGHT}\n", printed), printed
        page.reload()
        assert page.get_by_text("Every answer is in the warehouse.").is_visible()
        assert page.messages == []
        page.context.close()

    ended = desk.types("review", "score", "--format", "csv")
    assert ended.code == 0 and "wait" not in ended.err, ended.err
    scored = {row["measure"]: row["answers"] for row in csv.DictReader(ended.out.splitlines())}
    predicted = [question["stratum"].split(" / ")[1] for question in questions[:BY_KEYBOARD]]
    stated = sum(answer in ("favor", "against") for answer in predicted)
    assert 0 < stated < BY_KEYBOARD and scored["precision of sides"] == str(stated)
    ended = desk.types("review", "recalibrate")
    assert ended.code == 2 and f"{BY_KEYBOARD} answers can be used" in ended.err
    assert f"{100 - BY_KEYBOARD} more are needed" in ended.err
    assert not (desk.here / "calibration.json").exists()

    given = answered(file, ASKED, desk.here / "answers.csv")
    ended = desk.types("review", "import", given, "--annotator", "mo")
    assert (ended.code, ended.out) == (0, f"{ASKED} answers added\n"), ended.err
    ended = desk.types("review", "recalibrate", "calibration.json")
    assert ended.code == 0, ended.out + ended.err
    used = re.search(r"Fitted on (\d+) answers; on (\d+) others", ended.out)
    assert used and int(used[1]) + int(used[2]) == ASKED, "what Ada says is what mo says"
    advised = re.search(r"Put (calibration = .+) into \[model\]", ended.out)
    assert advised

    config = configure(desk.here, advised[1])
    before = [asked(desk, sql) for sql in (READ, COUNTING)]
    with begun(desk, "rescore") as rescore:
        printed, _ = rescore.communicate(timeout=PATIENCE_SECONDS)
    assert rescore.returncode == 0, printed
    assert f"0 articles read, {PIECES + TONIGHT} decided again from stored scores" in printed
    assert asked(desk, READ) == before[0], "no text was read again"
    assert len(asked(desk, COUNTING)) == 1 and asked(desk, COUNTING) != before[1]

    assert desk.types("report", "--output", "report.html").code == 0
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto((desk.here / "report.html").as_uri())
    assert page.get_by_text(f"{PIECES + TONIGHT} articles from").first.is_visible()
    ended = desk.types("sql", "corrected_shares", "--format", "csv")
    rows = [row for row in csv.DictReader(ended.out.splitlines()) if row["stance"] in SIDES]
    statements = {target.id: target.statement for target in load_config(config).asked_targets}
    assert sorted(row["target"] for row in rows) == sorted([*statements] * len(SIDES))
    for row in rows:
        for name, shown in in_the_report(page, statements[row["target"]], row["stance"]).items():
            exact = float(row[name]) * (1 if name in ("articles", "labelled") else 100)
            assert shown == pytest.approx(exact, abs=0.51), (name, row)
    assert any(abs(float(row["corrected"]) - float(row["share"])) > 0.02 for row in rows)
    assert sum(int(row["labelled"]) for row in rows if row["stance"] == "favor") == ASKED
    page.close()
