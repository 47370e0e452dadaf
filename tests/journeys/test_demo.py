"""Two commands on a new machine: one fetches, reads and stores the sample, one queries it in SQL."""

import csv
import io
import json
import shlex
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from documents import notebook, shown
from flows.sample import load_corpus, load_labels
from flows.settings.file import SAMPLE_CONFIG
from models.sentences import sentence_spans
from tests.journeys.console_script import Ended, SameProcess, Stranger
from warehouse import connect

CORPUS = load_corpus()
LABELS = load_labels()
ROOT = Path(__file__).parents[2]
of_a_checkout = pytest.mark.skipif(not (ROOT / "flows").is_dir(), reason="pages tell of a checkout")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Stranger:
    return Stranger(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def first(stranger: Stranger) -> Ended:
    """The end of the first night."""
    return stranger.types("run")


@pytest.fixture(scope="module")
def warehouse(stranger: Stranger, first: Ended) -> Path:
    assert first.code == 0, first.err
    return stranger.here / "commentary"


@pytest.fixture(scope="module")
def desk(stranger: Stranger, warehouse: Path, prefect_api: str) -> SameProcess:
    """The same folder after the first night."""
    return SameProcess(stranger.here, prefect_api)


@pytest.fixture(scope="module")
def second(desk: SameProcess, warehouse: Path) -> dict[str, int]:
    """The number of rows of each table before the second night; the second night is run here."""
    before = _rows(warehouse)
    ended = desk.types("run")
    assert ended.code == 0, ended.err
    return before


def ask(warehouse: Path, sql: str) -> list[dict[str, object]]:
    with connect(warehouse) as reader:
        return reader.query(sql).to_pylist()


def _rows(warehouse: Path) -> dict[str, int]:
    tables = ("article", "topic", "stance", "evidence", "scored", "duplicate", "item")
    return {name: ask(warehouse, f"SELECT count(*) AS n FROM {name}")[0]["n"] for name in tables}


# --- the first night


def test_the_run_ends_with_a_summary_that_says_what_to_type_next(first: Ended):
    assert first.code == 0, first.err
    for words in ("taken in", "main topic", "stance by target", "warehouse.duckdb", "commentariat sql"):
        assert words in first.out, first.out
    assert "\x1b" not in first.out
    assert "sources list" in first.err
    assert "Traceback" not in first.err


def test_outcomes_add_up_to_what_was_discovered(warehouse: Path):
    (counted,) = ask(warehouse, "SELECT count(*) AS outcomes, count(DISTINCT url) AS urls FROM outcome")
    (discovered,) = ask(warehouse, "SELECT count(*) AS items FROM item")
    assert counted["outcomes"] == counted["urls"] == discovered["items"]
    assert ask(warehouse, "FROM item ANTI JOIN outcome USING (url)") == []


def test_every_piece_and_link_has_the_outcome_of_its_label(warehouse: Path):
    outcomes = {row["url"]: row["outcome"] for row in ask(warehouse, "SELECT url, outcome FROM outcome")}
    copies = {name for name, label in LABELS["pieces"].items() if "duplicate_of" in label}
    originals = {label["duplicate_of"] for label in LABELS["pieces"].values() if "duplicate_of" in label}
    wrong = {}
    for name, label in LABELS["pieces"].items():
        found = _outcome_of(name, outcomes)
        # Either a copy or its original may come first; together they are one loaded piece and one duplicate.
        allowed = {"loaded", "duplicate"} if name in copies | originals else {label["outcome"]}
        if found not in allowed:
            wrong[name] = (found, label["outcome"])
    for url, outcome in LABELS["links"].items():
        if outcomes.get(url) != outcome:
            wrong[url] = (outcomes.get(url), outcome)
    assert not wrong
    for name in copies:
        pair = {_outcome_of(name, outcomes), _outcome_of(LABELS["pieces"][name]["duplicate_of"], outcomes)}
        assert pair == {"loaded", "duplicate"}, name


def _outcome_of(name: str, outcomes: dict[str, str]) -> str | None:
    piece = CORPUS.pieces[name]
    addresses = [piece.url]
    if piece.moved_from:
        parts = urlsplit(piece.url)
        addresses.append(f"{parts.scheme}://{parts.netloc}{piece.moved_from}")
    return next((outcomes[url] for url in addresses if url in outcomes), None)


def test_another_spelling_of_an_address_is_not_a_new_item(warehouse: Path):
    for url in LABELS["same_address"]:
        assert ask(warehouse, f"SELECT 1 FROM outcome WHERE url = '{url}'") == []


def test_every_outcome_has_a_reason(warehouse: Path):
    assert ask(warehouse, "SELECT url FROM outcome WHERE length(reason) < 5 OR reason IS NULL") == []


def test_every_loaded_piece_has_its_title_author_day_and_outlet(warehouse: Path):
    stored = ask(warehouse, "SELECT url, title, authors, published_at, outlet FROM article")
    assert len(stored) >= 40
    # The plain text of the news agency has neither a headline nor a day, and none is made up for it.
    pages = [row for row in stored if not str(row["url"]).endswith(".txt")]
    assert [row["url"] for row in pages if not (row["title"] and row["outlet"] and row["published_at"])] == []
    assert sum(bool(row["authors"]) for row in stored) >= 0.9 * len(stored)


def test_each_piece_is_asked_about_every_target_once(warehouse: Path):
    targets = ask(warehouse, "SELECT count(*) AS n FROM target WHERE active")[0]["n"]
    asked = ask(warehouse, "SELECT article_id, count(*) AS n FROM stance GROUP BY article_id")
    articles = ask(warehouse, "SELECT count(*) AS n FROM article")[0]["n"]
    assert len(asked) == articles
    assert {row["n"] for row in asked} == {targets}


def test_evidence_cuts_whole_sentences_out_of_the_stored_text(warehouse: Path):
    rows = ask(warehouse, 'SELECT e.article_id, e.start, e."end", t.text FROM evidence e JOIN article_text t'
                          " USING (article_id, revision)")  # fmt: skip
    assert rows
    for row in rows:
        spans = sentence_spans(row["text"])
        assert (row["start"], row["end"]) in spans, row["text"][row["start"] : row["end"]]


def test_every_stated_side_has_evidence(warehouse: Path):
    silent = ask(
        warehouse,
        "FROM stance ANTI JOIN evidence USING (article_id, revision, target, model_version)"
        " WHERE about AND stance <> 'neutral'",
    )
    assert silent == []


def test_sql_answers_at_the_command_line(stranger: Stranger, warehouse: Path):
    ended = stranger.types("sql", "SELECT outcome, count(*) AS n FROM outcome GROUP BY ALL", "-f", "csv")
    counted = {row["outcome"]: int(row["n"]) for row in csv.DictReader(io.StringIO(ended.out))}
    assert counted == Counter(row["outcome"] for row in ask(warehouse, "SELECT outcome FROM outcome"))


def test_the_warehouse_is_sound(stranger: Stranger, warehouse: Path):
    ended = stranger.types("verify")
    assert ended.code == 0, ended.out
    assert ended.out.rstrip().endswith("sound")


# --- the outputs that pages show


@of_a_checkout
def test_make_run_is_the_command_that_pages_show_it_as():
    assert "run: $(BIN)/.installed\n\t$(BIN)/commentariat run\n" in (ROOT / "Makefile").read_text("utf-8")


@of_a_checkout
@pytest.mark.parametrize("page", shown.PAGES, ids=lambda page: page.stem)
def test_the_commands_on_a_page_print_what_the_page_shows(
    page: Path, stranger: Stranger, first: Ended, warehouse: Path
):
    commands = list(shown.shown_in(page))
    assert [one.command for one in commands][:1] == ["make run"]
    missing: dict[str, list[str]] = {}
    for one in commands:
        program, *arguments = shlex.split(one.command)
        ended = first if one.command == "make run" else stranger.types(*arguments)
        assert program in ("make", "commentariat")
        assert ended.code == 0, ended.err
        lines = shown.not_printed(one.output, shown.as_shown(ended.out, stranger.here))
        # On another processor a close answer may be another side: this changes a line or two of a long summary.
        if len(lines) > one.output.count("\n") // 20:
            missing[one.command] = lines
    assert missing == {}, "`make shown` writes the page again"


@of_a_checkout
def test_the_notebook_runs_and_shows_what_it_prints(stranger: Stranger, warehouse: Path):
    pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    kept = notebook.outputs(json.loads(notebook.NOTEBOOK.read_text("utf-8")))
    assert any(kept)
    printed = notebook.outputs(notebook.executed(stranger.here))
    missing = [shown.not_printed(*pair) for pair in zip(kept, printed, strict=True)]
    assert not any(missing), f"{missing}; `make shown` writes the notebook again"


# --- the second night


def test_running_again_changes_nothing(warehouse: Path, second: dict[str, int]):
    assert _rows(warehouse) == second


def test_running_again_ends_as_unchanged(warehouse: Path, second: dict[str, int]):
    (latest,) = ask(warehouse, "SELECT run_id FROM run ORDER BY started_at DESC LIMIT 1")
    found = ask(
        warehouse, f"SELECT url, outcome, http_status FROM outcome WHERE run_id = '{latest['run_id']}'"
    )
    ended = Counter(row["outcome"] for row in found)
    assert ended["unchanged"] >= 40
    assert set(ended) <= {"unchanged", "fetch_failed", "extract_failed"}
    # One outlet sends no validators, and a broken page has none; pages that are sent again are compared byte by byte.
    sent_again = Counter(urlsplit(str(row["url"])).hostname for row in found if row["http_status"] == 200)
    assert sent_again.pop("plainspoken.example") >= 5
    assert sent_again.total() <= 1, sent_again
    assert sum(row["http_status"] == 304 for row in found) >= 30


def test_status_shows_the_latest_night(desk: SameProcess, warehouse: Path, second: dict[str, int]):
    out = desk.types("status").out
    (latest,) = ask(warehouse, "SELECT run_id FROM run ORDER BY started_at DESC LIMIT 1")
    assert f"Run {latest['run_id']}" in out
    assert "unchanged" in out


# --- a new target


def test_a_new_target_is_asked_of_what_is_stored_and_only_that(
    desk: SameProcess, warehouse: Path, second: dict[str, int]
):
    config = SAMPLE_CONFIG.read_text("utf-8") + (
        '\n[[targets]]\nid = "four-day-week"\nstatement = "The working week should have four days"\n'
    )
    (desk.here / "commentariat.toml").write_text(config, encoding="utf-8")
    articles = second["article"]
    before = _rows(warehouse)
    dry = desk.types("rescore", "--dry-run")
    assert dry.out == f"{articles} articles to read, {articles} answers missing\n"
    assert _rows(warehouse) == before
    done = desk.types("rescore")
    assert done.code == 0, done.err
    after = _rows(warehouse)
    assert after["stance"] == before["stance"] + articles
    assert after["scored"] == before["scored"] + articles
    assert after["topic"] == before["topic"]
    assert desk.types("rescore", "--dry-run").out == "0 articles to read, 0 answers missing\n"
    assert (
        ask(warehouse, "SELECT count(*) AS n FROM stance WHERE target = 'four-day-week' AND is_current")[0][
            "n"
        ]
        == articles
    )


def test_evidence_is_stored_as_it_was_asked_for(warehouse: Path):
    """The wording of a statement is stored, and every answer names its wording and its model."""
    lost = ask(warehouse, "FROM stance ANTI JOIN target USING (target, statement_hash)")
    assert lost == []
    assert ask(warehouse, "FROM stance ANTI JOIN model USING (model_version)") == []
    json.dumps(ask(warehouse, "SELECT count(*) AS n FROM stance"))
