"""A report with hostile texts, opened from disk in a real browser, on small and large screens, in light and dark."""

from pathlib import Path
from typing import Any

import pytest

from tests.flows.report.test_report import SECTIONS, hostile_report
from tests.journeys.test_browser import CHROMIUM, PATIENCE_MS

__all__ = ["hostile_report"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (apt-get install chromium)"),
]


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1440, "light")])
def test_a_report_fits_the_screen_runs_and_loads_nothing_and_works_by_keyboard(
    browser: Any, hostile_report: Path, width: int, scheme: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.set_default_timeout(PATIENCE_MS)
    messages: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.on("dialog", lambda dialog: messages.append(dialog.message))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(hostile_report.as_uri())
    assert page.evaluate("[...document.querySelectorAll('section')].map(s => s.id)") == SECTIONS
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("getComputedStyle(document.body).maxWidth") != "none", (
        "the policy keeps its own style out"
    )
    first = page.locator("details > summary").first
    first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details").first.get_attribute("open") is not None
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == (
        "rgb(20, 21, 23)" if scheme == "dark" else "rgb(255, 255, 255)"
    )
    assert messages == []
    assert asked == [hostile_report.as_uri()]
    page.close()
