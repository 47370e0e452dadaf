"""Fixtures that several journeys share."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, for the modules that need it; without Chromium they are skipped."""
    from tests.journeys.test_browser import CHROMIUM, FLAGS, sync_api  # noqa: PLC0415 - skipped without playwright

    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
