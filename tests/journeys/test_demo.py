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
from tests.journeys.console_script import SCRIPT, Ended, SameProcess, Stranger
from tests.journeys.offline import Watch
from tests.journeys.standstills import standstills
from warehouse import connect

CORPUS = load_corpus()
LABELS = load_labels()
ROOT = Path(__file__).parents[2]
of_a_checkout = pytest.mark.skipif(not (ROOT / "flows").is_dir(), reason="pages tell of a checkout")

LOADED = {name: label for name, label in LABELS["pieces"].items() if label["outcome"] == "loaded"}
#: Traits of pieces from which it is easy to read a stance that is not the author's.
TRAPS = {"quoted-opponents", "concession", "late-position"}
WITH_TRAPS = [name for name, label in LOADED.items() if TRAPS.intersection(label.get("traits", ()))]
#: The present model gives four of the authors with traps another side than theirs, and four their own. For one of these
#: the probabilities of both sides are .53 and .47, so another processor may state the other one. With a better model,
#: lower the first bound and raise the second.
MOST_WITH_ANOTHER_SIDE = 4 + 1
LEAST_WITH_THEIR_OWN_SIDE = 4 - 1
WITH_QUOTES = [name for name, label in LOADED.items() if label.get("quotes")]


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory, no_loop_stands_still: Path) -> Watch:
    """Who is contacted by the stranger's commands outside this machine."""
    return Watch(tmp_path_factory.mktemp("contacts"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory, watch: Watch) -> Stranger:
    return Stranger(tmp_path_factory.mktemp("demo"), watch.settings)


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


def test_the_run_contacts_nobody_outside_this_machine(watch: Watch, first: Ended):
    assert first.code == 0, first.err
    # Only where these were watched does it say something that no contact was noted.
    for process in ("commentariat run", "prefect_program.py server start"):
        assert any(process in command for command in watch.commands), watch.commands
    assert watch.contacts == []


def test_the_run_leaves_nothing_of_its_libraries_in_the_home_of_its_user(stranger: Stranger, first: Ended):
    """A library that opens sockets in C, which the watch cannot see, keeps there what it fetched or is still to send.

    DuckDB keeps extensions there, and ONNX Runtime an identifier of the machine and the events for its maker.
    """
    assert first.code == 0, first.err
    assert {path.name for path in (stranger.here / "home").iterdir()} == {".prefect"}


def test_the_turns_of_the_loop_are_measured_while_the_run_fetches(first: Ended, no_loop_stands_still: Path):
    """Without a measure, the module would pass whatever stops the loop."""
    measured = {found.command: found.seconds for found in standstills(no_loop_stands_still)}
    assert measured.get(f"{SCRIPT} run", 0) > 0, measured


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


# --- whose stance it is


def _article_of(name: str, warehouse: Path) -> str:
    """Give the id of the article of a piece, or of its copy if the copy came first."""
    addresses = [piece.url for piece in CORPUS.pieces.values() if name in (piece.key, piece.copy_of)]
    (row,) = ask(warehouse, f"SELECT article_id FROM article WHERE list_contains({addresses}, url)")
    return str(row["article_id"])


def _stances_of(name: str, warehouse: Path) -> dict[str, tuple[str, str]]:
    """Give the label and the stored stance for each target of which a piece speaks."""
    article = _article_of(name, warehouse)
    rows = ask(warehouse, f"SELECT target, stance FROM stance WHERE article_id = '{article}'")
    stored = {str(row["target"]): str(row["stance"]) for row in rows}
    labels = LABELS["pieces"][name]["stances"]
    return {target: (label["stance"], stored[target]) for target, label in labels.items()}


def test_few_authors_who_quote_or_concede_or_decide_late_get_another_side_than_theirs(warehouse: Path):
    asked = {
        (name, target): pair for name in WITH_TRAPS for target, pair in _stances_of(name, warehouse).items()
    }
    # Other answers, "unsure" and "neutral", state no side.
    stated = {asked_of: pair for asked_of, pair in asked.items() if pair[1] in ("favor", "against")}
    wrong = {asked_of: pair for asked_of, pair in stated.items() if pair[0] != pair[1]}
    assert len(wrong) <= MOST_WITH_ANOTHER_SIDE, wrong
    # A model that never states a side would keep the first bound.
    assert len(stated) - len(wrong) >= LEAST_WITH_THEIR_OWN_SIDE, asked


@pytest.mark.parametrize("name", WITH_QUOTES)
def test_no_sentence_of_an_opponent_is_shown_or_kept_as_the_authors_own(warehouse: Path, name: str):
    article = _article_of(name, warehouse)
    (stored,) = ask(warehouse, f"SELECT text FROM article_text WHERE article_id = '{article}'")
    text = str(stored["text"])
    quotes = {text.index(quote): quote for quote in LABELS["pieces"][name]["quotes"]}
    shown_as_own = f"""SELECT start, "end" FROM evidence WHERE article_id = '{article}' AND NOT quoted"""
    # The raw scores keep more sentences, from which the evidence is chosen again when answers are decided again.
    kept_as_own = f"""SELECT start, "end" FROM (
        SELECT unnest(sentence_start) AS start, unnest(sentence_end) AS "end", unnest(sentence_quoted) AS quoted
        FROM raw_score WHERE article_id = '{article}') WHERE NOT quoted"""
    for sentences in (shown_as_own, kept_as_own):
        own = ask(warehouse, sentences)
        assert own
        taken = [
            (quote, text[row["start"] : row["end"]])
            for row in own
            for begin, quote in quotes.items()
            if row["start"] < begin + len(quote) and begin < row["end"]
        ]
        assert taken == []


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


@pytest.mark.parametrize("table", ["stance", "evidence"])
def test_every_answer_and_its_evidence_name_a_stored_wording_and_a_stored_model(warehouse: Path, table: str):
    assert ask(warehouse, f"SELECT count(*) AS n FROM {table}")[0]["n"] > 0
    assert ask(warehouse, f"FROM {table} ANTI JOIN target USING (target, statement_hash)") == []
    assert ask(warehouse, f"FROM {table} ANTI JOIN model USING (model_version)") == []
