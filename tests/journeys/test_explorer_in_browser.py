"""A person uses the explorer in a real browser: by keyboard, without scripts, on a phone, and in dark mode."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.flows.explorer.conftest import HOSTILE, RunningServer, started, stored
from tests.journeys.axe import serious
from tests.journeys.test_browser import CHROMIUM, PATIENCE_MS
from tests.warehouse import nights
from warehouse import Warehouse

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (apt-get install chromium)"),
]
ARTICLE = nights.hash32(nights.url(1, 0, 0))
REVISED = nights.hash32(nights.url(1, 2, 0))
HOSTILE_ARTICLE = nights.hash32(nights.url(9, 0, 0))
PAGES = (
    "/",
    "/?target=chip-exports&stance=favor&words=workers",
    "/?words=zeppelin&outlet=Harbor+Ledger",
    f"/article/{ARTICLE}",
    f"/article/{HOSTILE_ARTICLE}",
    f"/article/{REVISED}/changes?before=1&after=2",
    "/?since=never",
)


@pytest.fixture(scope="module")
def explorer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with started(stored(tmp_path_factory.mktemp("explored") / "warehouse")) as explorer:
        yield explorer


def opened(browser: Any, explorer: RunningServer, path: str = "/", **options: Any) -> Any:
    """Open a page with the token in a context of its own; ``page.messages`` collects the messages of its console."""
    page = browser.new_context(base_url=f"http://127.0.0.1:{explorer.port}", **options).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.messages, page.asked = [], []
    page.on("console", lambda message: page.messages.append(message.text))
    page.on("pageerror", lambda error: page.messages.append(str(error)))
    page.on("dialog", lambda dialog: page.messages.append(dialog.message))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(f"{path}{'&' if '?' in path else '?'}token={explorer.token}")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_pages_have_no_serious_barriers_and_fit_the_screen(
    browser: Any, explorer: RunningServer, width: int, scheme: str
) -> None:
    page = opened(browser, explorer, viewport={"width": width, "height": 900}, color_scheme=scheme)
    for path in PAGES:
        page.goto(path)
        for details in page.locator("details").all():
            details.evaluate("element => { element.open = true }")
        assert serious(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.context.close()


def test_filtering_reading_evidence_and_copying_the_sql_work_by_keyboard(
    browser: Any, explorer: RunningServer
) -> None:
    page = opened(browser, explorer)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the results"
    page.locator("#words").focus()
    page.keyboard.type("workers")
    page.locator("#target").focus()
    page.keyboard.type("We need chip")
    page.locator("input[name=stance][value=favor]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?**target=chip-exports**")
    assert "stance=favor" in page.url and "words=workers" in page.url
    listed = page.locator(".articles h3").all_inner_texts()

    page.locator("section[aria-labelledby=h-articles] > details > summary").first.focus()
    page.keyboard.press("Enter")
    page.locator("section[aria-labelledby=h-articles] button.copy").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    asked = subprocess.run(
        [
            sys.executable,
            "-c",
            "from flows.cli import main; main()",
            "sql",
            copied,
            "-w",
            explorer.warehouse,
            "-f",
            "json",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert [json.loads(line)["title"] for line in asked.stdout.splitlines()] == listed

    page.locator(".articles h3 a").first.focus()
    page.keyboard.press("Enter")
    mark = page.locator("mark").first
    mark.wait_for()
    assert mark.inner_text() == nights.SENTENCE
    page.locator(".ref").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#answer-chip-exports"
    page.locator("header a:has-text('Back')").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/?**words=workers**")
    assert page.messages == []
    assert all(url.startswith(f"http://127.0.0.1:{explorer.port}/") for url in page.asked)
    page.context.close()


def test_without_a_script_all_of_it_works(browser: Any, explorer: RunningServer) -> None:
    page = opened(browser, explorer, java_script_enabled=False)
    page.fill("#words", "workers")
    page.get_by_role("button", name="Apply").click()
    page.locator(".articles h3 a").first.click()
    assert page.locator("mark").first.inner_text() == nights.SENTENCE
    page.go_back()
    page.locator("details.behind summary").first.click()
    with page.expect_download() as download:
        page.locator("details.behind a[download]").first.click()
    assert download.value.suggested_filename == "stances.csv"
    assert not page.locator("button.copy").first.is_visible()
    page.context.close()


def test_hostile_texts_do_nothing(browser: Any, explorer: RunningServer) -> None:
    page = opened(browser, explorer, f"/article/{HOSTILE_ARTICLE}")
    assert page.locator("h1").inner_text() == HOSTILE
    page.goto("/")
    assert page.messages == []
    page.context.close()


def test_an_open_page_says_that_there_is_a_newer_snapshot(browser: Any, tmp_path: Path) -> None:
    with started(stored(tmp_path / "warehouse")) as explorer:
        page = opened(browser, explorer)
        assert not page.locator("#newer").is_visible()
        with Warehouse(explorer.warehouse).writing(run_id="night-3", flow="nightly") as writer:
            writer.commit("1", nights.batch(2, 0))
            writer.publish()
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        page.locator("#newer a").click()
        assert page.locator("h1").inner_text().startswith("17 articles")
        page.context.close()
