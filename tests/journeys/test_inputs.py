"""Named inputs: a file, a folder and JSON lines go into the same tables as a night's pages."""

import json
import socket
import sqlite3
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import metadata
from pathlib import Path

import pytest

from flows.sample import load_corpus
from tests.journeys.console_script import Ended, SameProcess, Stranger
from warehouse import connect

TARGET = "Countries should build new nuclear power plants"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, prefect_api: str) -> SameProcess:
    return SameProcess(tmp_path_factory.mktemp("inputs"), prefect_api)


@pytest.fixture(scope="module")
def ended(desk: SameProcess) -> Ended:
    """The end of a run on a file, a folder and JSON lines."""
    pieces = sorted(load_corpus().pieces.items())
    texts = {name: "\n\n".join(piece.paragraphs) for name, piece in pieces}
    names = [
        name for name, text in texts.items() if name.startswith("harbor-ledger/") and len(text.split()) > 500
    ]
    (desk.here / "one.txt").write_text(texts[names[0]], encoding="utf-8")
    folder = desk.here / "folder"
    folder.mkdir()
    (folder / "two.txt").write_text(texts[names[1]], encoding="utf-8")
    (folder / "three.md").write_text(f"# A headline\n\n{texts[names[2]]}", encoding="utf-8")
    (folder / "picture.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    rows = [
        {"id": "four", "text": texts[names[3]], "title": "Four", "author": "D. Writer"},
        {"id": "five", "url": "https://a.example/five", "text": texts[names[4]]},
        {"id": "six", "text": ""},
    ]
    lines = "".join(json.dumps(row) + "\n" for row in rows) + "not json\n"
    (desk.here / "rows.jsonl").write_text(lines, encoding="utf-8")
    inputs = [arg for name in ("one.txt", "folder", "rows.jsonl") for arg in ("--input", name)]
    return desk.types("run", *inputs, "--target", TARGET)


@pytest.fixture
def rows(desk: SameProcess, ended: Ended):
    assert ended.code in (0, 1), ended.err

    def ask(sql: str) -> list[dict[str, object]]:
        with connect(desk.here / "commentary") as reader:
            return reader.query(sql).to_pylist()

    return ask


def test_every_text_is_loaded_and_every_fault_has_its_outcome(rows):
    found = {
        str(row["url"]).rpartition("/")[2]: row["outcome"] for row in rows("SELECT url, outcome FROM outcome")
    }
    loaded = {name for name, outcome in found.items() if outcome == "loaded"}
    assert loaded == {"one.txt", "two.txt", "three.md", "rows.jsonl#four", "five"}
    assert {name for name in found if name not in loaded} == {"rows.jsonl#six", "rows.jsonl#line%3D4"}


def test_a_row_with_a_url_is_known_by_it_and_one_without_by_its_place(rows, desk: SameProcess):
    urls = {row["url"] for row in rows("SELECT url FROM article")}
    assert "https://a.example/five" in urls
    assert (desk.here / "rows.jsonl").as_uri() + "#four" in urls


def test_metadata_of_a_row_is_kept(rows):
    (four,) = rows("SELECT title, authors FROM article WHERE url LIKE '%#four'")
    assert four == {"title": "Four", "authors": ["D. Writer"]}


def test_the_extra_target_is_asked_beside_the_configured_ones(rows):
    (target,) = rows(f"SELECT target, active FROM target WHERE statement = '{TARGET}'")
    assert target["active"]
    assert len(rows(f"SELECT 1 FROM stance WHERE target = '{target['target']}'")) == 5


def test_the_same_inputs_again_are_unchanged(desk: SameProcess, ended: Ended, rows):
    again = desk.types("run", "--input", "one.txt", "--input", "folder", "--target", TARGET)
    assert again.code == 0, again.err
    assert len(rows("SELECT 1 FROM article")) == 5
    assert len(rows("SELECT 1 FROM outcome WHERE outcome = 'unchanged'")) == 3


def test_a_changed_text_is_a_new_revision_and_is_scored_again(desk: SameProcess, ended: Ended, rows):
    file = desk.here / "one.txt"
    file.write_text(
        file.read_text("utf-8") + "\n\nOne more thing has to be said, and I will say it here.\n", "utf-8"
    )
    assert desk.types("run", "--input", Path("one.txt"), "--target", TARGET).code == 0
    revisions = rows("SELECT revision, is_current FROM article WHERE url LIKE '%one.txt' ORDER BY ALL")
    assert revisions == [{"revision": 1, "is_current": False}, {"revision": 2, "is_current": True}]
    current = rows("SELECT DISTINCT revision FROM stance WHERE is_current AND article_id IN "
                   "(SELECT article_id FROM article WHERE url LIKE '%one.txt')")  # fmt: skip
    assert current == [{"revision": 2}]


def test_the_next_night_fetches_no_page_in_place_of_a_row_that_was_read(
    desk: SameProcess, ended: Ended, rows
):
    with socket.create_server(("127.0.0.1", 0)) as a_example:
        port = a_example.getsockname()[1]
        (desk.here / "night.toml").write_text(
            f'[fetch]\nretries = 0\ntotal_timeout_s = 2\nconnect_to = {{ "a.example" = "127.0.0.1:{port}" }}\n'
            '[[sources]]\nname = "folder"\ntype = "files"\nlocation = "folder"\n',
            encoding="utf-8",
        )
        night = desk.types("run", "--config", "night.toml", "--target", TARGET)
        assert night.code == 0, night.err
        a_example.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody has connected
            a_example.accept()
    found = rows("SELECT url, outcome FROM outcome WHERE run_id = (SELECT max(run_id) FROM outcome)")
    names = {str(row["url"]).rpartition("/")[2]: row["outcome"] for row in found}
    assert names == {"two.txt": "unchanged", "three.md": "unchanged"}
    assert rows("SELECT outcome FROM outcome WHERE url = 'https://a.example/five'") == [{"outcome": "loaded"}]


def test_a_takedown_of_a_file_removes_its_rows_that_have_addresses_of_their_own(
    desk: SameProcess, ended: Ended, rows
):
    gone = desk.types("takedown", "--input", "rows.jsonl", "--reason", "asked", "--yes")
    assert gone.code == 0, gone.err
    left = {str(row["url"]).rpartition("/")[2] for row in rows("SELECT DISTINCT url FROM article")}
    assert left == {"one.txt", "two.txt", "three.md"}


def test_a_server_that_the_run_starts_and_that_is_not_ready_in_time_is_reported_in_one_sentence(
    tmp_path: Path,
):
    home = tmp_path / "home" / ".prefect"
    home.mkdir(parents=True)
    hurried = Stranger(tmp_path, {"PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "1"})
    (tmp_path / "one.txt").write_text("Reactors are worth building. " * 40, encoding="utf-8")
    # However fast this machine is, the server is late: it waits for the lock of its database.
    with closing(sqlite3.connect(home / "prefect.db", isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("BEGIN IMMEDIATE")
        ended = hurried.types("run", "--input", tmp_path / "one.txt", "--target", TARGET)
    assert ended.code == 1, ended.err
    assert "Traceback" not in ended.err
    assert "did not start in time" in ended.err
    assert "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS" in ended.err


class _Overloaded(BaseHTTPRequestHandler):
    """A Prefect server that reports to be healthy but refuses every request."""

    def do_GET(self):
        answers = {"health": b"true", "version": json.dumps(metadata.version("prefect")).encode()}
        known = answers.get(self.path.rpartition("/")[2])
        self._answer(404 if known is None else 200, known or b"{}")

    def do_POST(self):
        self._answer(503, b"{}")

    def _answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_a_server_that_refuses_runs_is_reported_in_one_sentence(tmp_path: Path):
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Overloaded)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/api"
    turned_away = Stranger(tmp_path, {"PREFECT_API_URL": address, "PREFECT_CLIENT_MAX_RETRIES": "0"})
    (tmp_path / "one.txt").write_text("Reactors are worth building. " * 40, encoding="utf-8")
    try:
        ended = turned_away.types("run", "--input", tmp_path / "one.txt", "--target", TARGET)
    finally:
        server.shutdown()
        server.server_close()
    assert ended.code == 1, ended.err
    assert "Traceback" not in ended.err
    assert f"the Prefect server at {address} does not accept the run: it answers 503" in ended.err
