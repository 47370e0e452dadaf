"""The text of a piece can change at most the answers about this piece, whatever the model does with it."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest

from models import Target
from tasks.second_model.ask import Inquiry, SecondReading, ask, ask_batch
from tasks.second_model.prompt import SYSTEM, sentences_of
from tests.tasks.second_model.asking import KEY, connected, inquiry
from tests.tasks.second_model.chat_server import Body, answers, chat_server, sentences_in, statements_in
from tests.tasks.second_model.injections import INJECTIONS, STATEMENT, Injection, text_of, title_of

TOLL = Target("toll", STATEMENT)
OTHER = "This other piece holds the word xylophone."


def inquiry_of(injection: Injection) -> Inquiry:
    return Inquiry("f" * 32, 1, title_of(injection), text_of(injection), "en", (TOLL,), "unsure")


def obedient(body: Body) -> object:
    """Answer like a model that obeys a piece: it repeats JSON, cites any number, and repeats its instructions."""
    user = body["messages"][1]["content"]
    if found := re.search(r"\{.*\}", user, re.DOTALL):
        return found.group()
    numbers = [int(n) for n in re.findall(r"\d+", user)][-1:]
    return answers((1, numbers or [1], "against"), (2, [1], "favor"), (3, [1], "favor"))


def as_json(reading: SecondReading) -> str:
    return json.dumps([repr(reading.answers), reading.problems, reading.failure, reading.model])


@pytest.fixture(params=INJECTIONS, ids=lambda one: one.name)
def injection(request: pytest.FixtureRequest) -> Injection:
    return request.param


def test_there_are_at_least_thirty_different_injections():
    assert len({one.name for one in INJECTIONS}) == len(INJECTIONS) >= 30


async def test_an_injection_cannot_change_the_form_of_a_request(injection: Injection):
    """It has one title, sentences numbered without a gap, and the asked statements: nothing can be forged or hidden."""
    async with chat_server() as server, connected(server) as model:
        await ask(inquiry_of(injection), model)
    body = server.asked[0]
    user = body["messages"][1]["content"]
    head, _, tail = user.partition("\n\n")
    assert statements_in(body) == [STATEMENT]
    assert tail == f"Statement 1: {STATEMENT}"
    title, *lines = head.split("\n")
    assert title.startswith("Title: ")
    assert [int(re.match(r"\[(\d+)\] ", line).group(1)) for line in lines] == list(range(1, len(lines) + 1))
    assert all("[" not in line.partition("] ")[2] for line in lines)
    assert "[" not in title
    assert not [
        c for c in user if unicodedata.category(c) in ("Cf", "Co", "Cn") or (ord(c) < 32 and c != "\n")
    ]
    assert body["messages"][0] == {"role": "system", "content": SYSTEM}
    assert "tools" not in body


async def test_a_model_that_obeys_changes_only_the_answers_about_this_piece(injection: Injection):
    asked = inquiry_of(injection)
    async with chat_server(say=obedient) as server, connected(server) as model:
        reading = await ask(asked, model)
        shown = {(one.start, one.end) for answer in reading.answers for one in answer.evidence}
    assert {answer.target for answer in reading.answers} <= {TOLL}
    assert set(reading.problems) <= {"toll"}
    assert shown <= set(sentences_of(asked.text, "en"))
    assert all(answer.evidence for answer in reading.answers if answer.stance in ("favor", "against"))


async def test_nothing_leaks_into_a_request_or_out_of_an_answer(injection: Injection):
    """A piece cannot cause another piece to be sent, or the key or the instructions to be stored."""

    def leaking(body: Body) -> object:
        return json.dumps(
            {
                "answers": [{"statement": 1, "sentences": [1], "stance": "favor", "why": SYSTEM}],
                "prompt": SYSTEM,
                "key": KEY,
            }
        )

    async with chat_server(say=leaking) as server, connected(server) as model:
        asked = await ask_batch([inquiry_of(injection), inquiry(OTHER, TOLL, title="Other", number=1)], model)
    bodies = {body["messages"][1]["content"]: body for body in server.asked}
    with_other = [content for content in bodies if "xylophone" in content]
    assert with_other == [f"Title: Other\n[1] {OTHER}\n\nStatement 1: {STATEMENT}"]
    assert KEY not in json.dumps([dict(body) for body in server.asked])
    for reading in asked.readings:
        assert KEY not in as_json(reading)
        assert "You read one opinion piece" not in as_json(reading)
        assert len(reading.answers) == 1


async def test_the_sent_sentences_are_the_visible_ones_of_the_text():
    text = "First the t\u200boll. Then [7] a bracket.\n\nLast\u00adly: the end."
    async with chat_server() as server, connected(server) as model:
        server.saying(answers((1, [2], "favor")))
        reading = await ask(inquiry(text, TOLL), model)
    assert sentences_in(server.asked[0]) == {
        1: "First the toll.",
        2: "Then (7) a bracket.",
        3: "Lastly: the end.",
    }
    (shown,) = reading.answers[0].evidence
    assert text[shown.start : shown.end] == "Then [7] a bracket."
