"""The explorer, started as from a terminal, with a small warehouse that has a hostile text, a copy and a revision."""

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import lxml.html
import pytest

from tests.warehouse import nights
from tests.warehouse.copies import copied
from warehouse import Warehouse

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}"
REVISED = f"They say it is cheap. {nights.SENTENCE} Everybody was asked."
START = "from flows.cli import main; main()"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def page(self) -> lxml.html.HtmlElement:
        return lxml.html.fromstring(self.text)

    def shown(self, selector: str) -> list[str]:
        return [" ".join(element.text_content().split()) for element in self.page.cssselect(selector)]

    def sql(self, section: str = "") -> str:
        """Return the SQL that a section of a page shows."""
        return self.page.cssselect(f"{section} details.behind pre code")[0].text_content()


@dataclass(frozen=True)
class RunningServer:
    """A running explorer, and a client that the token has let in."""

    warehouse: Path
    port: int
    token: str
    process: "subprocess.Popen[str]"

    def ask(
        self, path: str, *, method: str = "GET", cookie: bool = True, body: str = "", **headers: str
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if cookie:
            sent["Cookie"] = f"commentariat_{self.port}={self.token}"
        connection.request(method, path, body=body or None, headers=sent)
        got = connection.getresponse()
        answer = Answer(got.status, {name.lower(): value for name, value in got.getheaders()}, got.read())
        connection.close()
        return answer


@contextmanager
def started(warehouse: Path, *arguments: str | Path) -> Iterator[RunningServer]:
    """Run ``explore``, or another command that prints an address, until the block ends; it may end by itself before."""
    asked = [str(argument) for argument in arguments or ("explore",)]
    command = [sys.executable, "-c", START, *asked, "-w", str(warehouse)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | {"COLUMNS": "200"}
    ) as server:
        try:
            assert server.stdout is not None
            address = urlsplit(server.stdout.readline().removeprefix("Open ").strip())
            assert address.hostname == "127.0.0.1" and address.port
            yield RunningServer(warehouse, address.port, address.query.removeprefix("token="), server)
            has_ended = server.poll() is not None
        finally:
            server.terminate()
    assert has_ended or server.returncode in (0, -15)


def stored(path: Path) -> Path:
    """Twelve ordinary articles, one that is hostile in every field, a copy of one and a later revision of four."""
    with Warehouse(path).writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("reference rows", nights.reference_rows())
        for number in range(3):
            writer.commit(f"{number:04d}", nights.batch(1, number))
        writer.commit("hostile", hostile_article())
    with Warehouse(path).writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("revised", nights.batch(1, 2, revision=2, text=REVISED))
        writer.commit("copied", {"duplicate": nights.table([copy_of(nights.url(1, 0, 0))])})
        writer.update_search()
        writer.publish()
    return path


def hostile_article() -> dict[str, object]:
    rows = nights.batch(9, 0, articles=1, text=f"{HOSTILE} {nights.SENTENCE}")
    article, text = rows["article"].to_pylist(), rows["article_text"].to_pylist()
    topic = rows["topic"].to_pylist()
    article[0] |= {"title": HOSTILE, "authors": [HOSTILE], "outlet": HOSTILE, "url": "javascript:alert(3)"}
    article[0] |= {"section": HOSTILE}
    text[0] |= {"note": HOSTILE, "caption": HOSTILE}
    topic[0] |= {"label": HOSTILE}
    kept = {name: rows[name] for name in ("stance", "evidence", "scored")}
    return kept | {
        "article": nights.table(article),
        "article_text": nights.table(text),
        "topic": nights.table(topic),
    }


def copy_of(url: str) -> dict[str, object]:
    original, address = nights.hash32(url), "https://reprints.example/a-copy"
    found = {"url": address, "outlet": "Reprints", "found_at": nights.START}
    return {
        "article_id": nights.hash32(address),
        "duplicate_of": original,
        "how": "near",
        "similarity": 0.97,
    } | found


@pytest.fixture(scope="session")
def stored_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse, which is not to be written to."""
    return stored(tmp_path_factory.mktemp("explorer") / "warehouse")


@pytest.fixture
def own(stored_once: Path, tmp_path: Path) -> Path:
    """A copy of the warehouse for one test."""
    return copied(stored_once, tmp_path).root


@pytest.fixture(scope="session")
def explorer(stored_once: Path) -> Iterator[RunningServer]:
    with started(stored_once) as explorer:
        yield explorer


def json_rows(out: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.splitlines()]
