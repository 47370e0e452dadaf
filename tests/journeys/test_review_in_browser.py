"""People answer in real browsers: by keyboard while a night runs, two at once despite a kill, and without scripts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.flows.explorer.conftest import RunningServer, started, stored
from tests.flows.explorer.test_review import drawn
from tests.journeys.axe import serious
from tests.journeys.test_browser import CHROMIUM, PATIENCE_MS
from warehouse import Warehouse
from warehouse.annotations.annotation import Annotation
from warehouse.annotations.inbox import Inbox

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (apt-get install chromium)"),
]
KEYS = {"f": "favor", "a": "against", "n": "neutral", "o": "not_about", "s": "skip"}


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return drawn(stored(tmp_path_factory.mktemp("reviewed") / "warehouse"), 26)


@pytest.fixture(scope="module")
def server(questions: Path) -> Iterator[RunningServer]:
    with started(questions.parent / "warehouse", "review", "serve", questions) as server:
        yield server


def opened(browser: Any, server: RunningServer, **options: Any) -> Any:
    page = browser.new_context(**options).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.messages = []
    page.on("console", lambda message: page.messages.append(message.text))
    page.on("pageerror", lambda error: page.messages.append(str(error)))
    enter(page, server)
    return page


def enter(page: Any, server: RunningServer) -> None:
    page.goto(f"http://127.0.0.1:{server.port}/?token={server.token}")


def say_who(page: Any, name: str) -> None:
    page.locator("input[name=name]:focus").wait_for()  # the field has the focus without a click
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.locator("#question").wait_for()
    page.wait_for_load_state()  # keys work only after the script is loaded


def answer_by_keyboard(page: Any, number: int, key: str, note: str = "") -> None:
    """Choose an answer to the shown question, mark the second sentence, and go to the next question."""
    assert page.locator("main > form p").first.inner_text().startswith(f"Question {number} of")
    page.keyboard.press(key)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    if note:
        page.keyboard.press("w")
        page.keyboard.type(note)
        page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/question/*?kept={number}")


def kept(server: RunningServer, name: str) -> list[Annotation]:
    found = {one.annotation_id: one for one in Inbox(server.warehouse).waiting() if one.annotator == name}
    return sorted(found.values(), key=lambda one: one.answered_at)


def test_ten_pieces_are_answered_by_keyboard_while_a_night_runs(browser: Any, server: RunningServer) -> None:
    with Warehouse(server.warehouse).writing(run_id="night-8", flow="nightly"):
        page = opened(browser, server)
        say_who(page, "Ada")
        for number, key in enumerate(list(KEYS) * 2, start=1):
            answer_by_keyboard(page, number, key, note="so far" if number == 3 else "")
        answers = kept(server, "Ada")
        assert [one.answer for one in answers] == list(KEYS.values()) * 2
        assert all(len(one.sentences) == 1 for one in answers)
        assert [one.note for one in answers if one.note] == ["so far"]
        page.keyboard.press("b")
        page.wait_for_url("**/question/10")
        assert page.locator("input[name=answer]:checked").get_attribute("value") == "skip"
        page.keyboard.press("a")
        page.keyboard.press("Enter")
        page.wait_for_url("**/question/11?kept=10")
        assert kept(server, "Ada")[-1].answer == "against"
    assert page.messages == []
    page.context.close()


def test_single_keys_can_be_switched_off_and_stay_off(browser: Any, server: RunningServer) -> None:
    page = opened(browser, server)
    say_who(page, "off")
    page.locator("#single").uncheck()
    page.reload()
    page.keyboard.press("f")
    assert page.locator("input[name=answer]:checked").count() == 0
    page.keyboard.press("Enter")
    assert kept(server, "off") == [], "without an answer nothing is sent"
    page.context.close()


def test_without_a_script_it_is_a_form(browser: Any, server: RunningServer) -> None:
    page = opened(browser, server, java_script_enabled=False)
    say_who(page, "Bo")
    sentence = page.locator("input[name=sentence]").first
    sentence.focus()
    page.keyboard.press("Space")
    page.locator("input[name=answer][value=against]").focus()
    page.keyboard.press("Space")
    chosen = sentence.get_attribute("value")
    page.keyboard.press("Enter")
    page.wait_for_url("**?kept=1")
    (answer,) = kept(server, "Bo")
    assert (answer.answer, [f"{start}-{end}" for start, end in answer.sentences]) == ("against", [chosen])
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_pages_have_no_serious_barriers_and_fit_the_screen(
    browser: Any, server: RunningServer, width: int, scheme: str
) -> None:
    page = opened(browser, server, viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert serious(page) == []
    say_who(page, f"axe {width} {scheme}")
    page.keyboard.press("f")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("Enter")
    page.wait_for_url("**?kept=1")
    page.goto(f"http://127.0.0.1:{server.port}/answers?kept=1")
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


def test_two_browsers_answer_at_once_and_go_on_after_a_kill(browser: Any, tmp_path: Path) -> None:
    file = drawn(stored(tmp_path / "warehouse"), 26)
    answered: dict[str, list[int]] = {"cy": [], "dee": []}

    def answer(page: Any, name: str) -> None:
        number = int(page.url.rpartition("/")[2].partition("?")[0])
        page.keyboard.press("n")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**?kept={number}")
        answered[name].append(number)

    with started(tmp_path / "warehouse", "review", "serve", file) as server:
        pages = {name: opened(browser, server) for name in answered}
        for name, page in pages.items():
            say_who(page, name)
        for _ in range(4):
            for name, page in pages.items():
                answer(page, name)
        server.process.kill()
        server.process.wait()
    with started(tmp_path / "warehouse", "review", "serve", file) as server:
        for name, page in pages.items():
            enter(page, server)
            page.locator("#question").wait_for()
            assert page.url.endswith("/question/5"), "the browser has remembered who answers"
            answer(page, name)
            page.context.close()
        assert {name: len(kept(server, name)) for name in answered} == {"cy": 5, "dee": 5}
