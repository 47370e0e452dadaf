"""A person uses the Prefect UI in a real browser: starts a night from its form, watches it, and finds its summary."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest

from tests.journeys.prefect_server import PrefectServer, commentariat_up
from tests.journeys.press import slow_press, write_config

sync_api = pytest.importorskip("playwright.sync_api", reason="needs `pip install playwright`")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Folder for new pictures of docs/monitoring.md, e.g. COMMENTARIAT_SCREENSHOTS=docs/images.
SCREENSHOTS = os.environ.get("COMMENTARIAT_SCREENSHOTS")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (apt-get install chromium)"),
]
PATIENCE_MS = 120_000


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    folder = tmp_path_factory.mktemp("prefect")
    with slow_press() as port, commentariat_up(folder, write_config(folder, port, pages=7)) as prefect:
        yield prefect


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        page.set_default_timeout(PATIENCE_MS)
        yield page
        browser.close()


def picture(page: Any, name: str) -> None:
    """Keep a picture of the page, if a folder for them is named."""
    if SCREENSHOTS:
        page.wait_for_timeout(1_500)
        page.screenshot(path=str(Path(SCREENSHOTS) / f"{name}.png"))


def test_start_a_night_from_its_form_watch_it_finish_and_find_its_summary(
    prefect: PrefectServer, page: Any
) -> None:
    ui = prefect.api.removesuffix("/api")
    deployment = prefect.deployment("nightly")["id"]
    page.goto(f"{ui}/deployments/deployment/{deployment}/run")
    for label in ("Config", "Warehouse", "Inputs", "Targets", "Since", "Until"):
        page.get_by_text(f"{label} (Optional)").wait_for()
    page.get_by_text("Backfill: of what is listed, only what was published from then on.").wait_for()
    picture(page, "form")
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url(lambda url: not url.endswith("/run"))

    page.goto(f"{ui}/runs")
    night = page.get_by_role("link", name="night of").first
    night.wait_for()
    night.click()
    page.get_by_text("Completed").first.wait_for()
    page.get_by_text("source:slow-press").first.wait_for()
    page.get_by_text("batch 3: 1 articles").first.wait_for()
    picture(page, "night")

    page.get_by_text("Artifacts", exact=True).last.click()
    page.get_by_text("night-summary").first.click()
    page.get_by_text("7 taken in: 7 loaded").first.wait_for()
    page.get_by_text("Stance by target").first.wait_for()
    picture(page, "summary")
    over_time = page.get_by_role("link", name="each source over time").get_attribute("href")
    page.goto(urljoin(page.url, over_time))
    page.get_by_text("night-sources").first.wait_for()
    picture(page, "sources")
    for key in ("night-progress", "night-snapshot", "night-outcomes", "night-stance"):
        page.goto(f"{ui}/artifacts/key/{key}")
        page.get_by_text(key).first.wait_for()
        picture(page, key)


def test_a_night_that_needs_attention_says_why_and_is_not_drawn_green(
    prefect: PrefectServer, page: Any
) -> None:
    ui = prefect.api.removesuffix("/api")
    run = prefect.start_night(inputs=["http://slow-press.example/opinion/gone"])
    prefect.wait_for(run, "NeedsAttention")
    page.goto(f"{ui}/runs/flow-run/{run}")
    badge = page.get_by_text("NeedsAttention").first
    badge.wait_for()
    page.get_by_text("1 of 1 items failed").first.wait_for()
    picture(page, "attention")
