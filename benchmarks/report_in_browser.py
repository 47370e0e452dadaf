"""Check a report in a browser: pictures, the issues that axe-core finds, overflowing content, and console messages.

``python -m benchmarks.report_in_browser report.html --axe node_modules/axe-core/axe.min.js [--pictures FOLDER]``.
It needs Playwright for Python and Chromium (``apt-get install chromium``; ``npm install axe-core`` for the checks). The
report is opened in light and dark mode, at widths of 390 and 1,440 pixels, with all tables closed and open. The exit
code is 1 if an issue is serious or critical.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
ISSUES = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations.map(
    found => [found.impact, found.id, found.nodes.length, found.nodes[0].html.slice(0, 160)])"""


def issues_of(page: Page, axe: str) -> list[list[Any]]:
    """Run axe-core; the debugger inserts it, because the page's security policy does not apply to the debugger."""
    page.evaluate(axe)
    issues: list[list[Any]] = page.evaluate(ISSUES)
    return issues


def main() -> int:
    """Open the report in each of the four ways, and print the findings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("report", type=Path)
    parser.add_argument("--axe", type=Path, required=True)
    parser.add_argument("--pictures", type=Path)
    given = parser.parse_args()
    axe, wrong = given.axe.read_text(encoding="utf-8"), 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for scheme in ("light", "dark"):
            for width in (390, 1440):
                page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
                messages: list[str] = []
                page.on("console", lambda message, messages=messages: messages.append(message.text))
                page.goto(given.report.resolve().as_uri())
                if given.pictures:
                    page.screenshot(path=str(given.pictures / f"report-{scheme}-{width}.png"), full_page=True)
                for state in ("closed", "open"):
                    if state == "open":
                        for summary in page.locator("details > summary").all():
                            summary.click()
                    issues = issues_of(page, axe)
                    wrong += sum(impact in ("serious", "critical") for impact, *_ in issues)
                    print(scheme, width, state, issues or "no issue")
                wide = page.evaluate("document.documentElement.scrollWidth")
                wrong += bool(messages) + (wide > width)
                print(
                    scheme,
                    width,
                    f"content is {wide} pixels wide; console: {messages or 'nothing'}",
                    flush=True,
                )
                page.close()
        browser.close()
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(main())
