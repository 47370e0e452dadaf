"""From a spreadsheet to data that can be cited: a target is tried, asked, looked at in a browser, exported twice."""

import csv
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from flows.sample import load_corpus
from flows.sample.corpus import Piece
from tests.flows.cli.test_try import bytes_of
from tests.flows.explorer.conftest import RunningServer, json_rows, started
from tests.journeys.console_script import SameProcess
from tests.journeys.prefect_server import PATIENCE_SECONDS
from tests.journeys.test_browser import CHROMIUM, PATIENCE_MS
from tests.journeys.test_explorer_in_browser import opened
from tests.journeys.test_review_journey_in_browser import begun

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (apt-get install chromium)"),
]
CONFIG = """
[warehouse]
path = "commentary"
[model]
threads = 1
[[sources]]
name = "corpus"
type = "table"
location = "corpus.csv"
kind = "opinion"
columns = { text = "Volltext", title = "Schlagzeile", authors = "Von", published_at = "Erschienen", outlet = "Zeitung" }
dates = ["%d.%m.%Y"]
"""
HEAD = ["Nr", "Schlagzeile", "Von", "Erschienen", "Zeitung", "Volltext"]
COLUMNS_USED = (
    "corpus.csv: text = 'Volltext', title = 'Schlagzeile', authors = 'Von', published_at = 'Erschienen', "
    "outlet = 'Zeitung'; not used: Nr"
)
TARGET, STATEMENT = "drivers-should-pay", "Cities should charge drivers for entering the centre"
ALIASES = ("congestion charge", "downtown toll")
ON_IT = (
    "meridian-post/the-charge-that-gave-us-back-the-street",
    "harbor-ledger/the-toll-at-the-gate",
    "plainspoken/my-shop-on-the-wrong-side-of-the-line",
)
ON_OTHERS = (
    "harbor-ledger/build-reactors-again",
    "meridian-post/tax-the-smoke",
    "northfield-review/the-case-against-the-carbon-tax",
    "meridian-post/give-everyone-the-money",
    "plainspoken/a-teacher-against-the-phone-ban",
)
LATER = ("continental-courier/streets-are-for-stopping-in", "continental-courier/work-is-not-a-bug")
# One character of a text, and two of a string in a browser: offsets that are counted otherwise miss their sentence.
TRAM = "\U0001f68b"
SIDES = ("favor", "against", "neutral", "unsure")
IN_REPORT = {"favor": "in favor", "against": "against", "neutral": "taking no side", "unsure": "unsure"}


@pytest.fixture
def desk(tmp_path: Path, prefect_api: str) -> SameProcess:
    """A person at a terminal, in an empty folder."""
    return SameProcess(tmp_path, prefect_api)


def write_table(file: Path, pieces: Sequence[Piece]) -> None:
    """Write pieces as a spreadsheet in German writes them."""
    with file.open("w", newline="", encoding="utf-8-sig") as opened_file:
        writer = csv.writer(opened_file, delimiter=";")
        writer.writerow(HEAD)
        for number, piece in enumerate(pieces, start=1):
            text = f"{TRAM} " + "\n\n".join(piece.paragraphs)
            day = f"{piece.published:%d.%m.%Y}"
            writer.writerow([number, piece.title, "; ".join(piece.authors), day, piece.outlet.name, text])


def night(desk: SameProcess) -> str:
    with begun(desk, "run", COMMENTARIAT_EXTRACT__WORKERS="1") as run:
        printed, _ = run.communicate(timeout=PATIENCE_SECONDS)
    assert run.returncode == 0, printed
    return printed


def rows_of(desk: SameProcess, sql: str) -> list[dict[str, Any]]:
    ended = desk.types("sql", sql, "--format", "json")
    assert ended.code == 0, ended.err
    return json_rows(ended.out)


def tried(desk: SameProcess) -> dict[str, int]:
    """Try the target, put the lines for the configuration into it, and give how many pieces stand where."""
    before = bytes_of(desk.here / "commentary")
    ended = desk.types("try", STATEMENT, *(word for alias in ALIASES for word in ("--alias", alias)))
    assert ended.code == 0, ended.err
    assert bytes_of(desk.here / "commentary") == before, "trying stores nothing"
    about = re.match(r"Of (\d+) articles, of \1 that are stored, (\d+) speak about it:\n +(.+)\n", ended.out)
    assert about, ended.out
    counts = {side: int(number) for number, side in (part.split() for part in about[3].split(", "))}
    assert sum(counts.values()) == int(about[2])
    lines = ended.out[ended.out.index("[[targets]]") :]
    named = lines.replace(f'id = "{STATEMENT.lower().replace(" ", "-")}"', f'id = "{TARGET}"')
    assert named != lines, lines
    (desk.here / "commentariat.toml").write_text(CONFIG + named)
    return counts


def in_the_report(page: Any, desk: SameProcess) -> tuple[int, dict[str, int], int]:
    """What a person reads of the target: its n, how many pieces stand where, and as of which commit."""
    page.goto((desk.here / "commentary" / "report.html").as_uri())
    target = page.locator("#stances .targets > li").filter(has_text=STATEMENT)
    n = re.fullmatch(r"n\s=\s(\d+)", target.locator(".n").inner_text())
    line = target.locator("p.small").first.inner_text()
    counts = {side: re.search(rf"{words} (\d+)", line) for side, words in IN_REPORT.items()}
    commit = re.search(r"As of commit (\d+)", page.locator("header").inner_text())
    assert n and commit and all(counts.values()), line
    return int(n[1]), {side: int(found[1]) for side, found in counts.items() if found}, int(commit[1])


def copied_sql(page: Any, section: str) -> str:
    """Copy the SQL of a part of the page as a person does."""
    part = page.locator(f"section[aria-labelledby={section}]")
    part.locator("details.behind > summary").filter(has_text="SQL and download").first.click()
    part.locator("button.copy").first.click()
    part.get_by_role("button", name="Copied").wait_for()
    return str(page.evaluate("navigator.clipboard.readText()"))


def of_the_side(page: Any, side: str) -> list[str]:
    """Choose the target and a side in the filter; give the headlines that are listed."""
    page.goto("/")
    page.locator("#target").select_option(TARGET)
    page.locator(f"input[name=stance][value={side}]").check()
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url(f"**/?**target={TARGET}**")
    assert f"stance={side}" in page.url
    return [str(title) for title in page.locator(".articles h3").all_inner_texts()]


def as_marked(page: Any) -> dict[str, dict[str, Any]]:
    """The evidence as the page of a piece marks it: by number, where it begins in the text, and its words."""
    found: dict[str, dict[str, Any]] = {}
    for mark in page.locator(".text mark").all():
        for number in mark.get_attribute("data-evidence").split():
            start = int(mark.get_attribute("data-start"))
            shown = found.setdefault(number, {"start": start, "sentence": ""})
            shown["sentence"] += mark.text_content()
    return found


def look_at_it(browser: Any, desk: SameProcess, server: RunningServer, counts: dict[str, int]) -> None:
    page = opened(browser, server)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for side in [side for side in SIDES if counts[side]]:
        listed = of_the_side(page, side)
        assert len(listed) == counts[side]
        assert page.locator("h1").inner_text().startswith(f"{counts[side]} article")
        [shown] = page.locator(".sides tbody tr").all()
        (numbers,) = rows_of(desk, copied_sql(page, "h-stances"))
        for name in SIDES:
            words = "in favor" if name == "favor" else name
            cell = shown.locator(f"td[data-name='{words}']").inner_text()
            assert int(cell) == numbers[name] == (counts[side] if name == side else 0), (name, cell)
        assert int(shown.locator("td[data-name=all]").inner_text()) == numbers["articles"] == counts[side]
        assert [row["title"] for row in rows_of(desk, copied_sql(page, "h-articles"))] == listed
        if side in ("favor", "against"):
            read_the_first(page, desk, side)
    assert page.messages == []
    page.context.close()


def read_the_first(page: Any, desk: SameProcess, side: str) -> None:
    """Open the first piece of the list: its evidence is marked where the stored text has it."""
    page.locator(".articles h3 a").first.click()
    page.locator(".text mark").first.wait_for()
    article = page.locator("dl.record code").first.inner_text()
    stored = rows_of(
        desk,
        f"""SELECT e.start, e."end", e.stance, t.text[e.start + 1 : e."end"] AS sentence, t.text
        FROM evidence e JOIN article_text t USING (article_id, revision)
        WHERE article_id = '{article}' AND target = '{TARGET}' AND e.is_current ORDER BY e.start""",
    )
    marked = as_marked(page)
    assert stored and [(one["start"], one["sentence"]) for one in marked.values()] == [
        (one["start"], one["sentence"].replace("\n", "")) for one in stored
    ]
    for one in stored:
        assert one["stance"] == side
        assert one["text"][one["start"] : one["end"]] == one["sentence"] and one["text"].startswith(TRAM)
        assert one["sentence"][0].isupper() or one["sentence"][0] in "\"'“‘", "it begins with a sentence"
        assert one["sentence"].rstrip()[-1] in ".?!\"'”’", "and ends with one"
    page.locator(".text .ref").first.click()
    assert page.evaluate("location.hash") == f"#answer-{TARGET}"


def exported(desk: SameProcess, folder: str, commit: int) -> dict[str, Any]:
    """Export the state at a commit; give its manifest."""
    ended = desk.types("export", folder, "--at", commit, "--format", "csv", "--texts")
    assert ended.code == 0, ended.err
    manifest: dict[str, Any] = json.loads((desk.here / folder / "manifest.json").read_text())
    assert f"The state at commit {commit}; SHA-256 of the data {manifest['data_sha256']}" in ended.out
    return manifest


def hashes(manifest: dict[str, Any]) -> dict[str, str]:
    """What an export is cited by: the hash of its data, and those of its files."""
    of_files = {file["name"]: file["sha256"] for file in manifest["files"]}
    return of_files | {"rows": manifest["data_sha256"], "codebook": manifest["codebook_sha256"]}


def answers_in(file: Path) -> dict[str, int]:
    with file.open(newline="", encoding="utf-8") as opened_file:
        told = [row["stance"] for row in csv.DictReader(opened_file) if row["about"] == "true"]
    return {side: told.count(side) for side in SIDES}


def test_a_spreadsheet_becomes_answers_that_are_looked_at_and_data_that_can_be_cited(
    browser: Any, desk: SameProcess
) -> None:
    pieces = load_corpus().pieces
    tonight, later = [pieces[name] for name in (*ON_IT, *ON_OTHERS)], [pieces[name] for name in LATER]
    (desk.here / "commentariat.toml").write_text(CONFIG)
    write_table(desk.here / "corpus.csv", tonight)
    printed = night(desk)
    assert COLUMNS_USED in printed and re.search(rf"loaded +{len(tonight)}\n", printed), printed

    counts = tried(desk)
    n = sum(counts.values())
    assert n >= len(ON_IT) and counts["favor"] and counts["against"], counts
    printed = night(desk)
    assert re.search(rf"unchanged +{len(tonight)}\n", printed) and "loaded" not in printed, printed

    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    shown, sides, commit = in_the_report(page, desk)
    assert (shown, sides) == (n, counts), "what was tried is what the night finds"
    with started(desk.here / "commentary") as server:
        look_at_it(browser, desk, server, counts)

    first = exported(desk, "cited", commit)
    assert answers_in(desk.here / "cited" / "stance.csv") == counts
    write_table(desk.here / "corpus.csv", [*later, *tonight])
    printed = night(desk)
    assert re.search(rf"loaded +{len(later)}\n", printed), printed
    assert re.search(rf"unchanged +{len(tonight)}\n", printed), "other places in the table, and the same rows"
    shown, _, newest = in_the_report(page, desk)
    assert shown > n and newest > commit
    again = exported(desk, "cited-again", commit)
    assert hashes(again) == hashes(first)
    assert bytes_of(desk.here / "cited-again") == bytes_of(desk.here / "cited")
    assert hashes(exported(desk, "newest", newest)) != hashes(first)
    page.close()
