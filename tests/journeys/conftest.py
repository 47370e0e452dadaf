"""Fixtures that several journeys share."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.standstills import assert_that_no_loop_stood_still, runs_measured


@pytest.fixture(scope="module", autouse=True)
def no_loop_stands_still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Fail at the end of a module if the event loop of one of its runs stood still while pages were fetched.

    Gives the folder of the measures: a module whose runs should be measured can look whether they were.
    """
    folder = tmp_path_factory.mktemp("turns")
    with runs_measured(folder):
        yield folder
    assert_that_no_loop_stood_still(folder)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, for the modules that need it; without Chromium they are skipped."""
    from tests.journeys.test_browser import CHROMIUM, FLAGS, sync_api  # noqa: PLC0415 - skipped without playwright

    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
