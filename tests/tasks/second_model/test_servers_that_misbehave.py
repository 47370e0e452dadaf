"""Faults of a server: each has its outcome, and none raises an unexpected exception."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from time import monotonic

import pytest
from aiohttp import web

from models import Target
from tasks.second_model.ask import ask, ask_batch
from tasks.second_model.breaker import Breaker
from tasks.second_model.budget import NightBudget
from tasks.second_model.client import REFUSED_IN_A_ROW
from tasks.second_model.failures import OverBudget, StopAsking
from tasks.second_model.prompt import estimated_tokens, parts_of, sentences_of
from tests.ports import silent_port
from tests.tasks.second_model.asking import KEY, TEXT, Counted, connected, inquiry
from tests.tasks.second_model.chat_server import (
    all_favor,
    answers,
    chat_server,
    cut_stream,
    endless,
    hangs,
    silent_host,
    slow_drip,
    status,
    title_in,
)
from warehouse.spending import Spending

pytestmark = pytest.mark.usefixtures("short_pauses")


async def test_a_good_answer_becomes_stances_with_sentences_of_the_stored_text():
    async with chat_server() as server, connected(server) as model:
        server.saying(answers((1, [2, 3], "favor"), (2, [], "not_about")))
        reading = await ask(inquiry(), model)
    toll, rent = reading.answers
    assert (toll.stance, toll.about, rent.stance, rent.about) == ("favor", True, "neutral", False)
    assert [TEXT[one.start : one.end] for one in toll.evidence] == [
        "I have changed my mind about it, and the council should vote for it.",
        '"It is a tax on the poor," says the mayor.',
    ]
    assert [one.quoted for one in toll.evidence] == [False, True]
    assert not rent.evidence
    assert (reading.model, reading.tokens_in, reading.tokens_out, reading.requests) == ("tiny-1", 400, 40, 1)
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"


async def test_after_too_many_requests_the_pause_is_as_long_as_the_server_demands():
    async with chat_server() as server, connected(server) as model:
        server.turns = [status(429, "slow down", Retry_After="1")]
        reading = await ask(inquiry(), model)
    assert len(reading.answers) == 2
    assert server.times[1] - server.times[0] >= 1


async def test_asking_stops_if_the_server_demands_a_pause_of_an_hour():
    async with chat_server() as server, connected(server) as model:
        server.always = status(429, "come back later", Retry_After="3600")
        asked = await ask_batch([inquiry(number=n) for n in range(20)], model)
    assert not asked.readings
    assert "3600 s" in asked.stopped
    assert len(server.asked) <= model.settings.concurrency


async def test_a_request_that_fails_on_the_server_is_tried_again():
    async with chat_server() as server, connected(server) as model:
        server.turns = [status(500, "oops"), status(503)]
        assert len((await ask(inquiry(), model)).answers) == 2
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("turn", "reason"),
    [
        (slow_drip, "no whole answer"),
        (hangs, "no whole answer"),
        (cut_stream, "breaks off"),
        (endless, "bytes"),
    ],
    ids=["slow drip", "hangs", "cut stream", "endless"],
)
async def test_an_answer_that_does_not_end_well_is_a_failure_of_its_piece(turn, reason):
    budget, began = Counted(), monotonic()
    async with chat_server() as server, connected(server, budget, timeout_s=0.5) as model:
        server.always = turn
        reading = await ask(inquiry(), model)
    assert not reading.answers
    assert reason in reading.failure
    assert monotonic() - began < 30
    assert (
        budget.settled == budget.reserved
    )  # the server may have worked on each request, so each counts in full


@pytest.mark.parametrize(
    "content",
    [
        "I cannot help with that.",
        '{"answers": [{"statement": 1}]}',
        '{"answers": "favor"}',
        '[{"statement": 1, "sentences": [1], "stance": "favor"}]',
        '{"answers": [{"statement": "1", "sentences": ["1"], "stance": "favor"}]}',
        '{"answers": [{"statement": 1, "sentences": [1], "stance": "enthusiastic"}]}',
        "[" * 100_000,
        "\ud83d no JSON",
        '{"answers": [{"statement": 1' + "0" * 10_000 + ', "sentences": [1], "stance": "favor"}]}',
    ],
    ids=[
        "a refusal",
        "lacks a field",
        "no list",
        "no object",
        "text for numbers",
        "stance",
        "deep",
        "half a surrogate pair",
        "long",
    ],
)
async def test_an_answer_outside_the_schema_is_asked_once_more_and_then_refused(content):
    async with chat_server() as server, connected(server) as model:
        server.saying(content, content)
        reading = await ask(inquiry(), model)
    assert not reading.answers
    assert set(reading.problems) == {"toll", "rent"}
    assert len(server.asked) == 2
    assert "cannot be used" in server.asked[1]["messages"][-1]["content"]


@pytest.mark.parametrize("content", [None, "", " \n"], ids=["null", "nothing", "spaces"])
async def test_an_empty_answer_is_not_asked_again_and_its_tokens_count(content: str | None):
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
    async with chat_server() as server, connected(server) as model:

        async def empty(*_: object) -> object:
            return server.reply("", choices=[choice])

        server.always = empty
        reading = await ask(inquiry(), model)
    assert len(server.asked) == 1
    assert reading.problems == dict.fromkeys(("toll", "rent"), "the model wrote no text")
    assert (reading.tokens_in, reading.tokens_out) == (400, 40)


@pytest.mark.parametrize("usage", [{}, {"prompt_tokens": 400, "completion_tokens": 40}])
async def test_an_answer_with_half_a_surrogate_pair_beside_the_json_is_used(usage):
    good = "<think>\ud83d</think>" + json.dumps(answers((1, [2], "favor"), (2, [], "not_about")))
    async with chat_server() as server, connected(server) as model:

        async def cut_by_a_proxy(*_):
            return server.reply(good, usage=usage)

        server.always = cut_by_a_proxy
        asked = await ask_batch([inquiry(number=n) for n in range(3)], model)
    assert not asked.stopped
    assert [len(reading.answers) for reading in asked.readings] == [2, 2, 2]


@pytest.mark.parametrize(
    "entry",
    [(1, [99], "favor"), (1, [0], "favor"), (1, [-1], "neutral"), (1, [], "against"), (1, [2, 99], "favor")],
    ids=["no such sentence", "zero", "negative", "no sentence", "one of two"],
)
async def test_a_side_needs_existing_sentences_as_evidence(entry):
    async with chat_server() as server, connected(server) as model:
        wrong = answers(entry, (2, [], "not_about"))
        server.saying(wrong, wrong)
        reading = await ask(inquiry(), model)
    assert [one.target.id for one in reading.answers] in ([], ["rent"])
    assert "toll" in reading.problems


async def test_a_repair_corrects_wrong_answers_and_keeps_right_ones():
    async with chat_server() as server, connected(server) as model:
        server.saying(
            answers((1, [99], "favor"), (2, [], "not_about")),
            answers((1, [2], "favor"), (2, [1], "favor")),
        )
        reading = await ask(inquiry(), model)
    assert {one.target.id: one.stance for one in reading.answers} == {"toll": "favor", "rent": "neutral"}
    assert not reading.problems


async def test_a_piece_that_is_too_long_is_asked_about_in_parts():
    text = " ".join(f"Sentence number {n} is about the toll." for n in range(200))

    async def overflow(_, body):
        return await status(400, {"code": "context_length_exceeded", "message": "too long"})(_, body)

    budget = Counted()
    async with chat_server() as server, connected(server, budget, context_tokens=4096) as model:
        server.turns = [overflow, overflow]
        reading = await ask(inquiry(text), model)
    assert reading.requests > 1
    assert sum(budget.articles) == 1, "the refused requests are about the same piece"
    assert not reading.failure
    assert {one.stance for one in reading.answers} == {"favor"}


async def test_requests_about_many_targets_leave_room_for_their_answers_in_the_context():
    text = " ".join(f"Sentence number {n} is about the toll." for n in range(500))
    targets = [Target(f"toll-{n}", f"The city should have toll number {n}.") for n in range(40)]
    async with chat_server() as server, connected(server, context_tokens=4096) as model:
        reading = await ask(inquiry(text, *targets), model)
    assert not reading.failure
    assert len(server.asked) > 1
    for body in server.asked:
        sent = sum(estimated_tokens(message["content"]) for message in body["messages"])
        assert sent + body["max_tokens"] <= 4096


async def test_the_server_is_asked_how_long_its_context_is():
    async with chat_server(context=2345) as server, connected(server, context_tokens=0) as model:
        assert model.context == 2345


@pytest.mark.parametrize("code", [401, 402, 403, 404, 307])
async def test_a_refusal_stops_asking_at_once_and_its_redirect_is_not_followed(code):
    async with chat_server() as server, connected(server) as model:
        elsewhere = f"http://127.0.0.1:{server.port}/v1/chat/completions"
        server.always = status(code, f"the key {KEY} is wrong", Location=elsewhere)
        with pytest.raises(StopAsking) as raised:
            await ask(inquiry(), model)
        with pytest.raises(StopAsking):
            await ask(inquiry(), model)
    assert len(server.asked) == 1
    assert KEY not in str(raised.value)


async def test_a_server_out_of_money_is_not_asked_again():
    async with chat_server() as server, connected(server) as model:
        server.always = status(
            429, {"code": "insufficient_quota", "message": f"pay for {KEY}"}, Retry_After="1"
        )
        with pytest.raises(StopAsking, match="money") as raised:
            await ask(inquiry(), model)
    assert KEY not in str(raised.value)


async def test_a_server_that_lacks_schemas_is_asked_in_json_mode_and_then_in_plain_text():
    async with chat_server() as server, connected(server) as model:
        server.turns = [
            status(400, "response_format json_schema is not supported"),
            status(422, "json_object?"),
        ]
        server.saying(
            "```json\n" + '{"answers": [{"statement": 1, "sentences": [1], "stance": "against"}]}' + "\n```"
        )
        reading = await ask(inquiry(), model)
        await ask(inquiry(), model)
    forms = [body.get("response_format", {}).get("type") for body in server.asked]
    assert forms[:3] == ["json_schema", "json_object", None]
    assert set(forms[3:]) == {None}
    assert reading.answers[0].stance == "against"


async def test_a_text_that_is_refused_at_the_beginning_does_not_change_how_the_others_are_asked():
    """Whether the text or the form was refused is known only when the server has understood a question."""
    async with chat_server() as server, connected(server, concurrency=1) as model:
        server.turns = [status(400, "filtered")] * 3
        asked = await ask_batch([inquiry(number=n) for n in range(3)], model)
    assert not asked.stopped
    assert sorted(one.failure for one in asked.readings) == [
        "",
        "",
        "the server refuses the request: filtered",
    ]
    forms = [body.get("response_format", {}).get("type") for body in server.asked]
    assert forms == ["json_schema", "json_object", None, "json_schema", "json_schema"]


async def test_a_long_piece_that_is_refused_counts_once_and_not_for_each_of_its_parts():
    long = " ".join(f"Sentence number {n} is about the toll." for n in range(500))
    async with chat_server() as server, connected(server, concurrency=1, context_tokens=2500) as model:

        async def filtered(request, body):
            if title_in(body) == "Refused":
                return await status(400, "filtered")(request, body)
            return server.reply(all_favor(body))

        server.always = filtered
        pieces = [inquiry(), inquiry(long, title="Refused", number=1), inquiry(number=2)]
        asked = await ask_batch(pieces, model)
    assert len(parts_of("Refused", long, sentences_of(long, "en"), 1500)) >= REFUSED_IN_A_ROW
    assert not asked.stopped
    assert [len(reading.answers) for reading in asked.readings] == [2, 0, 2]
    assert server.pieces.count("Refused") == 3, "its first part, in each form"


async def test_asking_stops_if_the_server_refuses_one_question_after_another():
    async with chat_server() as server, connected(server, concurrency=1) as model:
        server.always = status(400, "what do you mean?")
        asked = await ask_batch([inquiry(number=n) for n in range(20)], model)
    assert asked.stopped == "the server refuses the request: what do you mean?"
    assert len(server.asked) == 3 * REFUSED_IN_A_ROW
    assert all(one.failure and not one.problems for one in asked.readings), "no fault of these pieces"


REASONED = "The author says {so} and not so. I first thought </think> of no_side."
GOOD = json.dumps(answers((1, [2], "favor"), (2, [], "not_about")))


@pytest.mark.parametrize(
    "reply",
    [
        "<think>" + REASONED + "</think>{json}",
        REASONED + "\n</think>\n\n{json}",
        "{json} would be wrong.</think>\n```json\n{json}\n```",
    ],
    ids=["both tags", "the template opens it", "a draft and a fence"],
)
async def test_the_reasoning_before_an_answer_is_left_out(reply: str):
    async with chat_server() as server, connected(server) as model:
        server.saying(reply.replace("{json}", GOOD))
        reading = await ask(inquiry(), model)
    assert [one.stance for one in reading.answers] == ["favor", "neutral"]
    assert reading.requests == 1


@pytest.mark.parametrize(
    ("reply", "requests"),
    [
        ("Here is my answer:\n\n```json\n{json}\n```\nI hope that this {helps}.", 1),
        ("```JSON\n{json}```", 1),
        ("The text says ```json\n{json}\n```, and I say\n```json\n{json}\n```", 2),
    ],
    ids=["a sentence before and behind", "without a line", "two blocks"],
)
async def test_the_only_block_of_code_in_a_reply_is_the_answer(reply: str, requests: int):
    async with chat_server() as server, connected(server) as model:
        server.saying(reply.replace("{json}", GOOD), reply.replace("{json}", GOOD))
        reading = await ask(inquiry(), model)
    assert reading.requests == requests
    assert [one.stance for one in reading.answers] == (["favor", "neutral"] if requests == 1 else [])


async def test_the_tag_that_ends_reasoning_may_be_part_of_the_answer():
    async with chat_server() as server, connected(server) as model:
        server.saying('{"note": "</think>", ' + GOOD.removeprefix("{"))
        assert len((await ask(inquiry(), model)).answers) == 2


async def test_a_repair_repeats_the_answer_and_not_the_reasoning_before_it():
    wrong = json.dumps(answers((1, [99], "favor"), (2, [], "not_about")))
    async with chat_server() as server, connected(server) as model:
        server.saying("Let me see. " * 1000 + "</think>" + wrong, answers((1, [2], "favor")))
        reading = await ask(inquiry(), model)
    assert len(reading.answers) == 2
    assert server.asked[1]["messages"][-2]["content"] == wrong


async def test_parameters_that_a_server_does_not_know_are_left_out():
    async with chat_server() as server, connected(server) as model:
        server.turns = [
            status(400, "max_tokens is not supported, use max_completion_tokens"),
            status(400, "temperature does not support 0"),
        ]
        assert (await ask(inquiry(), model)).answers
    assert "max_completion_tokens" in server.asked[-1]
    assert "temperature" not in server.asked[-1]
    assert server.asked[-1]["response_format"]["type"] == "json_schema"


async def test_asking_stops_after_a_few_attempts_if_the_server_is_down():
    breaker = Breaker(after=3, pause_s=0.05, pauses=1)
    with silent_port() as port:
        async with (
            chat_server() as server,
            connected(server, breaker=breaker, url=f"http://127.0.0.1:{port}/v1") as model,
        ):
            asked = await ask_batch([inquiry(number=n) for n in range(50)], model)
    assert "cannot be reached" in asked.stopped
    assert len(asked.readings) < 20


@pytest.mark.parametrize("url", ["http://{host}/v1", "https://{host}/v1"])
async def test_a_host_that_lets_nobody_in_is_not_reached_and_takes_nothing_of_the_budget(url: str):
    budget = Counted()
    with silent_host() as host:
        async with (
            chat_server() as server,
            connected(server, budget, url=url.format(host=host), timeout_s=0.4) as model,
        ):
            reading = await ask(inquiry(), model)
    assert reading.failure == "the server cannot be reached (no connection in time)"
    assert budget.settled == [0] * 3
    assert sum(budget.articles) == 0


async def test_a_server_that_always_says_later_is_given_up_and_takes_nothing_of_the_budget(tmp_path: Path):
    book = Spending(tmp_path)
    budget = NightBudget(book, most_articles=50, most_tokens=1_000_000)
    breaker = Breaker(after=3, pause_s=0.05, pauses=1, least_s=0.05)
    async with chat_server() as server, connected(server, budget, breaker) as model:
        server.always = status(429, "busy", Retry_After="0")
        asked = await ask_batch([inquiry(number=n) for n in range(50)], model)
    assert "busy" in asked.stopped
    assert len(server.asked) < 60
    assert (book.used().articles, book.used().tokens) == (0, 0)
    book.close()


async def test_asking_continues_after_a_pause_if_the_server_works_again():
    breaker = Breaker(after=2, pause_s=0.2, pauses=1)
    async with chat_server() as server, connected(server, breaker=breaker, concurrency=1) as model:
        server.turns = [status(502)] * 2
        asked = await ask_batch([inquiry(number=n) for n in range(6)], model)
    assert not asked.stopped
    assert sum(bool(one.answers) for one in asked.readings) >= 5
    assert server.times[2] - server.times[1] >= 0.2


async def test_the_seconds_of_an_article_do_not_include_its_wait_for_a_turn():
    async with chat_server(delay_s=0.1) as server, connected(server, concurrency=1) as model:
        began = monotonic()
        asked = await ask_batch([inquiry(number=n) for n in range(5)], model)
        passed = monotonic() - began
    assert 5 * 0.1 <= sum(reading.seconds for reading in asked.readings) <= passed


async def test_no_more_requests_are_under_way_than_is_configured():
    async with chat_server(delay_s=0.1) as server, connected(server, concurrency=3) as model:
        await ask_batch([inquiry(number=n) for n in range(9)], model)
    assert server.most_open == 3


async def test_tokens_are_reserved_before_each_request_and_settled_by_its_use():
    budget = Counted()
    async with chat_server() as server, connected(server, budget) as model:
        server.turns = [status(500)]
        server.saying("no")
        await ask(inquiry(), model)
    assert len(budget.reserved) == 3
    assert budget.settled == [0, 440, 440]  # an error costs nothing
    assert sum(budget.articles) == 1


@pytest.mark.parametrize(
    ("usage", "counted"), [({}, False), ({"usage": None}, True)], ids=["reported", "not"]
)
async def test_the_tokens_of_an_answer_that_is_cut_off_are_counted(usage: dict[str, object], counted: bool):
    budget = Counted()
    choice = {"index": 0, "message": {"content": '{"answers": ['}, "finish_reason": "length"}

    async def cut(_: object, __: object) -> object:
        return server.reply("", choices=[choice], **usage)

    async with chat_server() as server, connected(server, budget) as model:
        server.always = cut
        reading = await ask(inquiry(), model)
    assert set(reading.problems) == {"toll", "rent"}
    assert reading.tokens_in + reading.tokens_out == sum(budget.settled)
    assert (budget.settled == budget.reserved) is counted  # estimated where the server reports nothing
    assert counted or (reading.tokens_in, reading.tokens_out) == (400, 40)


class OnlyOne(Counted):
    """A budget that is used up by one request."""

    async def reserve(self, tokens: int, articles: int) -> int:
        if self.reserved:
            raise OverBudget("the night's tokens are taken")
        return await super().reserve(tokens, articles)


async def test_the_tokens_of_a_piece_that_is_cut_off_between_its_parts_are_reported():
    text = " ".join(f"Sentence number {n} is about the toll." for n in range(200))
    async with chat_server() as server, connected(server, OnlyOne(), context_tokens=2500) as model:
        asked = await ask_batch([inquiry(text), inquiry(text, number=1)], model)
    (reading,) = asked.readings  # nothing was asked about the other
    assert (reading.tokens_in, reading.tokens_out, reading.requests) == (400, 40, 1)
    assert reading.failure == "cut off: the night's tokens are taken"
    assert (reading.answers, asked.stopped) == ([], "the night's tokens are taken")


async def test_a_request_that_is_given_up_half_way_counts_in_full():
    budget = Counted()
    async with chat_server() as server, connected(server, budget) as model:
        server.always = hangs
        under_way = asyncio.create_task(ask(inquiry(), model))
        while not server.asked:  # noqa: ASYNC110 - the server gives no event to wait for
            await asyncio.sleep(0.01)
        under_way.cancel()
        with pytest.raises(asyncio.CancelledError):
            await under_way
    assert budget.settled == budget.reserved


@pytest.mark.parametrize("address", ["http://169.254.169.254/v1", "http://[fd00:ec2::254]/v1"])
async def test_services_of_a_cloud_are_never_asked(address):
    async with chat_server() as server, connected(server, url=address, timeout_s=3) as model:
        with pytest.raises(StopAsking, match="not one to connect to"):
            await ask(inquiry(), model)


async def test_the_key_is_in_nothing_that_is_printed():
    async with chat_server() as server, connected(server) as model:
        server.model = f"model {KEY}"
        server.turns = [status(500, f"your key is {KEY}")] * 3
        failed = await ask(inquiry(), model)
        reading = await ask(inquiry(), model)
    assert "HTTP 500" in failed.failure
    assert KEY not in repr(failed)
    assert KEY not in repr(reading)


@pytest.mark.parametrize("kept", [1, 12, len(KEY) - 1])
@pytest.mark.parametrize(
    ("form", "before"),
    [
        ("{words}", "x" * 200),
        ("{words}", " " * 2000),
        ('"{words}"', " " * 2000),
        ('{{"message": "{words}"}}', "x" * 200),
    ],
    ids=["text", "text with spaces", "JSON text", "JSON object"],
)
async def test_no_part_of_the_key_is_left_where_a_long_message_is_cut(form: str, before: str, kept: int):
    async def says(*_: object) -> web.Response:
        return web.Response(status=500, text=form.format(words=before[kept:] + KEY))

    async with chat_server() as server, connected(server) as model:
        server.turns = [says] * 3
        reading = await ask(inquiry(), model)
    assert reading.failure.startswith("the server answers HTTP 500: ")
    assert KEY[0] not in reading.failure.removeprefix("the server answers HTTP 500: ")


async def test_no_part_of_the_key_is_left_where_a_long_name_of_a_model_is_cut():
    async with chat_server() as server, connected(server) as model:
        server.model = "x" * 190 + KEY
        reading = await ask(inquiry(), model)
    assert reading.model == "x" * 190 + "..."
