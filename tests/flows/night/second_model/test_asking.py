"""A second model is asked about unsure answers, within a budget, and its failures never end a night."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from aiohttp.web import Request, StreamResponse
from prefect.blocks.system import Secret
from pydantic import SecretStr

from commentariat import ConfigError
from flows.night.configured_models import reading_rows
from flows.night.second_model import asking
from flows.night.second_model.asking import key_of, second_model_in_background
from flows.night.second_model.due import ArticlePeriod, period_of_a_night
from tasks.load import arrow_tables
from tests.flows.night.unsure_night import (
    AT,
    TEXT,
    a_run,
    answer_too,
    ask,
    configured,
    piece,
    publish,
    take_in,
)
from tests.tasks.second_model.chat_server import (
    Body,
    all_favor,
    answers,
    chat_server,
    statements_in,
    status,
    title_in,
)
from warehouse import connect
from warehouse.spending import FILE
from warehouse.upkeep.takedown import take_down
from warehouse.upkeep.verify import verify

KEY = b"sk-very-secret-0123456789"


def rows(folder: Path, sql: str) -> list[dict[str, object]]:
    with connect(folder / "commentary") as reader:
        return reader.query(sql).to_pylist()


async def test_unsure_answers_are_asked_once_and_the_second_answer_counts(tmp_path: Path):
    async with chat_server() as server:
        config = configured(tmp_path, server.url, "price_per_million = [1.0, 2.0]")
        with a_run(config) as run:
            take_in(run, range(5))
            sentences = await ask(run)
            publish(run.writer)
        with a_run(config) as run:
            assert "0 articles" in (await ask(run))[0]
            publish(run.writer)
    assert [statements_in(body) for body in server.asked] == [["Cities should charge drivers"]] * 5
    assert sentences == (
        "5 articles asked about, 5 of them with an answer, 5 answers; 2,000 tokens sent, 200 answered, "
        "0.0024 by price_per_million",
    )
    found = rows(
        tmp_path,
        "SELECT target, model_version LIKE 'second-%' AS second, stance, is_current, p_favor IS NULL AS without, "
        "count(*) AS n FROM stance GROUP BY ALL ORDER BY ALL",
    )
    of = {"tolls": [], "trams": []}
    for row in found:
        of[row.pop("target")].append(tuple(row.values()))
    assert of["tolls"] == [(False, "unsure", False, False, 5), (True, "favor", True, True, 5)]
    assert of["trams"] == [(False, "favor", True, False, 5)]
    shown = rows(tmp_path, 'SELECT DISTINCT start, "end", score FROM evidence WHERE is_current')
    assert [(TEXT[one["start"] : one["end"]], one["score"]) for one in shown] == [
        ("Everybody talks about the toll.", None)
    ]
    assert rows(tmp_path, "SELECT outcome, why, tokens_in FROM second_reading LIMIT 1") == [
        {"outcome": "answered", "why": "unsure", "tokens_in": 400}
    ]
    assert verify(tmp_path / "commentary").findings == ()


@pytest.mark.parametrize(("asked", "statements"), [("unsure", 1), ("stated", 2), ("all", 2)])
async def test_the_configuration_decides_which_statements_are_asked(
    tmp_path: Path, asked: str, statements: int
):
    async with chat_server() as server:
        with a_run(configured(tmp_path, server.url, f'ask = "{asked}"')) as run:
            take_in(run, range(2))
            take_in(run, range(2, 3), answers=("favor", "against"))
            await ask(run)
    assert max(len(statements_in(body)) for body in server.asked) == statements
    assert len(server.asked) == (2 if asked == "unsure" else 3)


async def test_a_night_asks_about_what_it_took_in_from_a_web_archive(tmp_path: Path):
    """A page of an archive was fetched when the archive read it, which may be years ago."""
    async with chat_server() as server:
        with a_run(configured(tmp_path, server.url)) as run:
            take_in(run, range(2), fetched_at=AT.replace(year=2020))
            await ask(run, period_of_a_night(run))
    assert sorted(server.pieces) == ["Piece 0", "Piece 1"]


async def test_without_a_second_model_nothing_is_asked(tmp_path: Path):
    with a_run(configured(tmp_path, "")) as run:
        take_in(run, range(2))
        assert await ask(run) == ()
    assert not (tmp_path / "commentary" / FILE).exists()


async def test_a_piece_whose_source_forbids_sending_is_never_sent(tmp_path: Path):
    async with chat_server() as server:
        config = configured(tmp_path, server.url, 'ask = "all"\nrandom_share = 1.0')
        with a_run(config) as run:
            take_in(run, range(3))
            take_in(run, range(3, 6), source="intranet")
            await ask(run)
        # The last stored setting also counts if the source is no longer in the configuration.
        with a_run(config.model_copy(update={"sources": ()})) as run:
            await ask(run)
    assert sorted(server.pieces) == ["Piece 0", "Piece 1", "Piece 2"]


ADDRESS = "https://harbor.example/0"
ELSEWHERE = {"url": "https://intranet.example/0", "article_id": piece(9)}
ENDED = {
    "url": ELSEWHERE["url"],
    "article_id": piece(0),
    "outcome": "unchanged",
    "reason": "Known.",
    "stage": "dedupe",
}
OF_INTRANET: list[dict[str, list[dict[str, object]]]] = [
    {"item": [{"url": ADDRESS, "article_id": piece(0), "source": "intranet"}]},
    {"also_listed": [{"url": ADDRESS, "article_id": piece(0), "source": "intranet"}]},
    # The intranet lists the article under an address of its own.
    {"outcome": [ENDED | {"source": "intranet"}]},
    {"outcome": [ENDED | {"source": "feeds"}], "also_listed": [ELSEWHERE | {"source": "intranet"}]},
    # The intranet brings a copy of it.
    {
        "item": [ELSEWHERE | {"source": "intranet"}],
        "duplicate": [{"article_id": piece(9), "duplicate_of": piece(0), "how": "text", "similarity": 1.0}],
    },
]


@pytest.mark.parametrize("known", OF_INTRANET, ids=" and ".join)
async def test_a_piece_is_not_sent_if_one_of_its_sources_forbids_sending(
    tmp_path: Path, known: dict[str, list[dict[str, object]]]
):
    times = {"discovered_at": AT, "listed_at": AT, "decided_at": AT, "found_at": AT}
    rows = {name: [row | times for row in rows] for name, rows in known.items()}
    async with chat_server() as server:
        config = configured(tmp_path, server.url, 'ask = "all"\nrandom_share = 1.0')
        with a_run(config) as run:
            take_in(run, range(2))
            run.writer.commit("known", arrow_tables(rows, run.run_id))
            await ask(run)
        # The last stored setting also counts if the source is no longer in the configuration.
        with a_run(config.model_copy(update={"sources": ()})) as run:
            await ask(run)
    assert server.pieces == ["Piece 1"]


async def test_a_piece_stays_at_home_if_only_an_earlier_revision_is_of_a_source_that_forbids_sending(
    tmp_path: Path,
):
    async with chat_server() as server:
        with a_run(configured(tmp_path, server.url)) as run:
            take_in(run, range(1), source="intranet")
            take_in(run, range(1), revision=2)
            await ask(run)
    assert server.pieces == []


async def test_only_the_piece_and_the_statements_are_sent(tmp_path: Path):
    async with chat_server() as server:
        with a_run(configured(tmp_path, server.url)) as run:
            take_in(run, range(1))
            await ask(run)
    (body,) = server.asked
    assert body["messages"][1]["content"] == (
        "Title: Piece 0\n[1] Everybody talks about the toll.\n[2] The council should vote for it.\n[3] We will see.\n\n"
        "Statement 1: Cities should charge drivers"
    )
    assert set(body) == {"model", "messages", "stream", "max_tokens", "temperature", "response_format"}


async def test_the_budget_of_articles_stops_it_and_the_next_night_goes_on(tmp_path: Path):
    async with chat_server() as server:
        config = configured(tmp_path, server.url, "most_a_night = 3\nconcurrency = 2")
        with a_run(config) as run:
            take_in(run, range(8))
            first = await ask(run, period_of_a_night(run))
        with a_run(config) as run:  # a re-score, before the budget begins anew
            again = await ask(run)
        assert "3 articles asked about" in first[0]
        assert "5 articles are left for the next night" in first[-1]
        assert "5 articles are left, and the same command goes on" in again[-1]
        assert "0 articles asked about" in again[0]
        for _ in range(2):
            (tmp_path / "commentary" / FILE).unlink()  # a day later
            with a_run(config) as run:
                await ask(run)
    assert Counter(server.pieces) == Counter(f"Piece {n}" for n in range(8))


async def test_the_budget_of_tokens_is_never_passed(tmp_path: Path):
    async with chat_server(delay_s=0.02) as server:
        config = configured(tmp_path, server.url, "most_tokens_a_night = 5000\nconcurrency = 8")
        with a_run(config) as run:
            take_in(run, range(20))
            sentences = await ask(run)
    assert "the limit of tokens in a night" in sentences[-1]
    # As many requests as fit: each is estimated at about 1,700 tokens and uses 440.
    assert 7 <= len(server.asked) <= 5000 // 440


@pytest.mark.parametrize(
    ("turn", "reason"),
    [(status(401), "key"), (status(402), "money"), (status(429, Retry_After="9999"), "9999 s")],
    ids=["wrong key", "out of money", "come back later"],
)
async def test_a_server_that_refuses_leaves_the_first_answers(tmp_path: Path, turn, reason: str):
    async with chat_server(always=turn) as server:
        with a_run(configured(tmp_path, server.url)) as run:
            take_in(run, range(4))
            sentences = await ask(run)
            publish(run.writer)
    assert reason in sentences[-1]
    assert "4 articles are left" in sentences[-1]
    assert rows(
        tmp_path, "SELECT stance, count(*) AS n FROM current_stance WHERE target = 'tolls' GROUP BY ALL"
    ) == [{"stance": "unsure", "n": 4}]


async def test_requests_that_waited_for_tokens_are_not_sent_to_a_server_that_was_given_up(tmp_path: Path):
    async with chat_server(always=status(429, Retry_After="3600")) as server:
        with a_run(configured(tmp_path, server.url, "most_tokens_a_night = 2500\nconcurrency = 8")) as run:
            take_in(run, range(8))
            await ask(run)
    assert len(server.asked) == 1


async def test_a_night_that_does_not_get_the_last_answers_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with chat_server(delay_s=5) as server:
        with a_run(configured(tmp_path, server.url)) as run:
            take_in(run, range(3))
            monkeypatch.setattr(asking, "LAST_ANSWERS_S", -run.config.second_model.timeout_s)
            async with second_model_in_background(run, ArticlePeriod()) as work:
                assert work is not None
                sentences = (await work.finish(0.01)).sentences
    assert sentences[-1].startswith("stopped: the night has waited 0.01 minutes for it")
    assert "3 articles are left" in sentences[-1]


async def test_an_article_that_the_server_refuses_is_a_failure_of_this_article_alone(tmp_path: Path):
    """A filter of contents, for example, refuses single texts."""
    refused = f"Piece {sorted(range(20), key=piece)[9]}"
    async with chat_server() as server:

        async def filtered(request: Request, body: Body) -> StreamResponse:
            if title_in(body) == refused:
                return await status(400, {"code": "content_filter", "message": "filtered"})(request, body)
            return server.reply(all_favor(body))

        server.always = filtered
        with a_run(configured(tmp_path, server.url, "[run]\nbatch_size = 4")) as run:
            take_in(run, range(20))
            sentences = await ask(run)
            publish(run.writer)
    assert "20 articles asked about, 19 of them with an answer" in sentences[0]
    assert "content_filter" in sentences[1] and len(sentences) == 2
    assert rows(tmp_path, "SELECT outcome, count(*) AS n FROM second_reading GROUP BY ALL ORDER BY ALL") == [
        {"outcome": "answered", "n": 19},
        {"outcome": "refused", "n": 1},
    ]
    others = [body for body in server.asked if title_in(body) != refused]
    assert {body["response_format"]["type"] for body in others} == {"json_schema"}


async def test_an_answer_that_cannot_be_used_is_kept_as_a_failure_and_asked_again_a_few_times(tmp_path: Path):
    async with chat_server(say=lambda _: answers((1, [99], "favor"))) as server:
        config = configured(tmp_path, server.url)
        with a_run(config) as run:
            take_in(run, range(1))
        for night in range(5):
            with a_run(config) as run:
                await ask(run)
                publish(run.writer)
            assert len(server.asked) == 2 * min(night + 1, config.run.max_attempts)
    failures = rows(tmp_path, "SELECT outcome, answered, reason FROM second_reading")
    assert (
        failures
        == [
            {
                "outcome": "refused",
                "answered": 0,
                "reason": "tolls: there is no sentence 99; they go from 1 to 3",
            }
        ]
        * 3
    )
    assert verify(tmp_path / "commentary").findings == ()


async def test_other_questions_about_an_article_are_asked_after_answers_that_could_not_be_used(
    tmp_path: Path,
):
    async with chat_server(say=lambda _: answers((1, [99], "favor"))) as server:
        config = configured(tmp_path, server.url)
        with a_run(config) as run:
            take_in(run, range(1))
        for _ in range(config.run.max_attempts):
            with a_run(config) as run:
                await ask(run)
        server.say, server.asked = all_favor, []
        tolls, trams = config.targets
        reworded = tolls.model_copy(update={"statement": "Drivers should pay in cities"})
        buses = trams.model_copy(update={"id": "buses", "statement": "Buses should be free"})
        for target, others in ((buses, (tolls, trams)), (reworded, (trams,))):
            with a_run(config.model_copy(update={"targets": (target, *others)})) as run:
                answer_too(run, 0, target.id)
                await ask(run)
            assert statements_in(server.asked[-1]) == [target.statement]
        with a_run(config) as run:  # back to the first wording, which was asked in vain often enough
            await ask(run)
    assert len(server.asked) == 2


async def test_a_run_can_ask_the_second_model_twice(tmp_path: Path):
    async with chat_server() as server:
        with a_run(configured(tmp_path, server.url)) as run:
            for pieces in (range(3), range(3, 5)):
                take_in(run, pieces)
                await ask(run)
    assert Counter(server.pieces) == Counter(f"Piece {n}" for n in range(5))


async def test_the_random_share_asks_everything_and_shows_how_far_both_agree(tmp_path: Path):
    async with chat_server() as server:
        with a_run(configured(tmp_path, server.url, "random_share = 1.0")) as run:
            take_in(run, range(3), answers=("unsure", "favor"))
            take_in(run, range(3, 4), answers=("favor", "against"))
            await ask(run)
            publish(run.writer)
    agreement = rows(
        tmp_path,
        "FROM second_agreement ORDER BY target",
    )
    too_few = {"share_same": None, "share_same_side": None}
    assert agreement == [
        {"target": "tolls", "articles": 4, "same": 1, "both_on_a_side": 1, "same_side": 1} | too_few,
        {"target": "trams", "articles": 4, "same": 3, "both_on_a_side": 4, "same_side": 3} | too_few,
    ]
    confusion = rows(tmp_path, "SELECT * FROM second_confusion WHERE target = 'trams' ORDER BY articles")
    assert [tuple(row.values()) for row in confusion] == [
        ("trams", "against", "favor", 1),
        ("trams", "favor", "favor", 3),
    ]


@pytest.mark.parametrize(
    ("earlier", "earliest"),
    [(None, None), (AT.replace(year=2021), AT.replace(year=2020))],
    ids=["fetched by us", "of web archives"],
)
async def test_questions_answered_before_the_random_share_was_raised_are_compared_too(
    tmp_path: Path, earlier: datetime | None, earliest: datetime | None
):
    """All articles are chosen at random in the end, so the comparison is not only about those that were left."""
    counted = "SELECT target, articles FROM second_agreement ORDER BY target"
    async with chat_server() as server:
        with a_run(configured(tmp_path, server.url, "random_share = 0")) as run:
            take_in(run, range(10), answers=("favor", "against"))
            take_in(run, range(10, 14), answers=("unsure", "favor"), fetched_at=earlier)
            take_in(run, range(14, 20), answers=("unsure", "unsure"), fetched_at=earliest)
            await ask(run)
            publish(run.writer)
        assert rows(tmp_path, counted) == []
        with a_run(configured(tmp_path, server.url, "random_share = 1.0")) as run:
            await ask(run)
            publish(run.writer)
        compared = rows(tmp_path, counted)
        # One has the last id of all and no question was left for it, so nothing shows that the run reached it.
        assert compared == [{"target": "tolls", "articles": 19}, {"target": "trams", "articles": 19}]
        with a_run(configured(tmp_path, server.url, "random_share = 0")) as run:
            take_in(run, range(20, 30), answers=("unsure", "favor"))
            await ask(run)
            publish(run.writer)
    assert rows(tmp_path, counted) == compared


async def test_of_a_web_archive_only_the_articles_that_a_run_reached_are_compared(tmp_path: Path):
    """All articles of an archive are of one time, so the time alone does not show how far the run came."""
    archive = AT.replace(year=2020)
    async with chat_server() as server:
        with a_run(configured(tmp_path, server.url, "random_share = 0")) as run:
            take_in(run, range(10), answers=("unsure", "unsure"), fetched_at=archive)
            take_in(run, range(10, 20), answers=("favor", "against"), fetched_at=archive)
            await ask(run)
            publish(run.writer)
        with a_run(configured(tmp_path, server.url, "random_share = 1.0\nmost_a_night = 13")) as run:
            await ask(run)
            publish(run.writer)
    compared = {row["article_id"] for row in rows(tmp_path, "FROM second_answer WHERE by_chance")}
    reached = sorted(piece(number) for number in range(10, 20))[:3]
    assert set(reached) < compared, "answers that were given before count too"
    assert max(compared) == reached[-1]


async def test_a_target_asked_only_of_unsure_articles_is_not_compared(tmp_path: Path):
    """An article that was once chosen at random can later be asked about a new target because of its answer."""
    async with chat_server() as server:
        with a_run(configured(tmp_path, server.url, "random_share = 1.0")) as run:
            take_in(run, range(6), answers=("favor", "against"))
            await ask(run)
        config = configured(tmp_path, server.url, "random_share = 0")
        config = config.model_copy(
            update={
                "targets": [
                    target.model_copy(update={"statement": "Cities should build trams and railways"})
                    if target.id == "trams"
                    else target
                    for target in config.targets
                ]
            }
        )
        with a_run(config) as run:
            take_in(run, range(6), answers=("favor", "unsure"), revision=2)
            await ask(run)
            publish(run.writer)
    answers = rows(tmp_path, "SELECT by_chance FROM second_answer WHERE target = 'trams'")
    assert sorted(row["by_chance"] for row in answers) == [False] * 6 + [True] * 6
    assert rows(tmp_path, "FROM second_agreement WHERE target = 'trams'") == []


async def test_an_article_that_was_asked_again_after_a_revision_or_by_another_model_is_compared_once(
    tmp_path: Path,
):
    async with chat_server() as server:
        config = configured(tmp_path, server.url, "random_share = 1.0")
        with a_run(config) as run:
            take_in(run, range(4), answers=("favor", "against"))
            await ask(run)
            take_in(run, range(2), answers=("favor", "favor"), revision=2)
            await ask(run)
        server.model = "other"
        other = config.second_model.model_copy(update={"model": "other"})
        with a_run(config.model_copy(update={"second_model": other})) as run:
            await ask(run)
            publish(run.writer)
    answers = rows(tmp_path, "SELECT count(*) AS n FROM second_answer WHERE target = 'trams' AND by_chance")
    assert answers == [{"n": 10}]
    assert rows(tmp_path, "SELECT articles FROM second_agreement") == [{"articles": 4}] * 2
    first = "SELECT sum(articles)::INT AS n FROM second_confusion WHERE target = 'trams' AND first_answer = 'favor'"
    assert rows(tmp_path, first) == [{"n": 2}]


async def test_answers_of_two_models_with_the_same_name_are_kept_apart(tmp_path: Path):
    async with chat_server() as server:
        config = configured(tmp_path, server.url)
        for model, pieces in (("tiny-1", range(2)), ("tiny-2", range(2, 5))):
            server.model = model
            with a_run(config) as run:
                take_in(run, pieces)
                await ask(run)
                publish(run.writer)
    assert len(server.asked) == 5
    named = rows(tmp_path, "SELECT name, asked_with IS NULL AS first, is_current FROM model ORDER BY rank")
    assert [tuple(row.values()) for row in named] == [
        ("fast", True, True),
        ("tiny-1", False, True),
        ("tiny-2", False, True),
    ]


async def test_the_configuration_says_whether_second_answers_count(tmp_path: Path):
    """Without a second model the first answers count again, with it the second ones; no model is asked for this."""
    counts = "SELECT stance, count(*) AS n FROM current_stance WHERE target = 'tolls' GROUP BY ALL"
    second, first = [{"stance": "favor", "n": 3}], [{"stance": "unsure", "n": 3}]
    async with chat_server() as server:
        config = configured(tmp_path, server.url)
        with a_run(config) as run:
            take_in(run, range(3))
            await ask(run)
            publish(run.writer)
        assert rows(tmp_path, counts) == second
        for settings, expected in ((configured(tmp_path, ""), first), (config, second), (config, second)):
            with a_run(settings) as run:
                run.writer.commit("named", arrow_tables({"reading": reading_rows(run)}, run.run_id))
                await ask(run)
                publish(run.writer)
            assert rows(tmp_path, counts) == expected
    assert len(server.asked) == 3
    assert rows(tmp_path, "SELECT count(*) AS n FROM reading") == [{"n": 5}]
    assert verify(tmp_path / "commentary").findings == ()


async def test_a_takedown_also_removes_second_answers_and_failures(tmp_path: Path):
    async with chat_server() as server:
        server.saying(answers((1, [99], "favor")), answers((1, [99], "favor")))
        with a_run(configured(tmp_path, server.url, "concurrency = 1")) as run:
            take_in(run, range(2))
            await ask(run)
            publish(run.writer)
            take_down(run.writer, reason="asked for", article_ids=[piece(0), piece(1)])
    for table in ("second_reading", "stance", "evidence", "scored"):
        assert rows(tmp_path, f"SELECT count(*) AS n FROM {table}") == [{"n": 0}], table
    assert FILE in [path.name for path in holding(tmp_path / "commentary", b"")]
    assert not [path for path in holding(tmp_path, piece(0).encode()) if FILE in path.name]


def holding(folder: Path, words: bytes) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and words in path.read_bytes()]


async def test_a_key_from_a_block_is_used_without_white_space_and_refused_if_it_cannot_be_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    values = iter(["sk-1\n", "sk-\n1", "clé"])

    async def saved(_: str) -> Secret[str]:
        return Secret(value=next(values))

    monkeypatch.setattr(Secret, "aload", saved)
    settings = configured(tmp_path, "http://127.0.0.1:1/v1", 'key_block = "llm"').second_model
    settings = settings.model_copy(update={"key": SecretStr("")})
    assert await key_of(settings) == "sk-1"
    for _ in range(2):
        with pytest.raises(ConfigError, match="key_block") as raised:
            await key_of(settings)
        assert "sk-" not in str(raised.value)


async def test_what_a_block_that_cannot_be_read_says_is_not_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async def refused(_: str) -> Secret[str]:
        raise ValueError(f"the block holds {KEY.decode()}")

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(logging.Formatter().format(record))

    lines: list[str] = []
    log = logging.Logger("a run")
    log.addHandler(Handler())
    monkeypatch.setattr(Secret, "aload", refused)
    monkeypatch.setattr(asking, "get_run_logger", lambda: log)
    config = configured(tmp_path, "http://127.0.0.1:1/v1", 'key_block = "llm"')
    settings = config.second_model.model_copy(update={"key": SecretStr("")})
    with a_run(config.model_copy(update={"second_model": settings})) as run:
        take_in(run, range(1))
        sentences = await ask(run)
    why = "ConfigError: second_model.key_block: the Prefect Secret block 'llm' cannot be read (ValueError)"
    (line,) = lines
    assert line.startswith(f"the second model is not asked any more in this run: {why}")
    assert why in sentences[-1]
    assert KEY.decode() not in line


async def test_the_key_is_written_nowhere(tmp_path: Path):
    async with chat_server() as server:
        server.turns = [status(500, f"bad key {KEY.decode()}")] * 3
        server.model = f"tiny {KEY.decode()}"
        with a_run(configured(tmp_path, server.url, "concurrency = 1")) as run:
            take_in(run, range(2))
            sentences = await ask(run)
            publish(run.writer)
    assert KEY.decode() not in " ".join(sentences)
    assert KEY.decode() not in str(rows(tmp_path, "FROM second_reading")) + str(rows(tmp_path, "FROM model"))
    assert not holding(tmp_path, KEY)
