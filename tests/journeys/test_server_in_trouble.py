"""A Prefect server that is busy, locked or limited makes a night slower, and has no other effect."""

import asyncio
import re
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from tests.journeys.prefect_server import ENDED, PrefectServer, own_environment, server, until
from tests.journeys.press import slow_press, write_config
from tests.journeys.same_warehouse import content
from tests.ports import own_port, silent_port

pytestmark = [pytest.mark.release, pytest.mark.timeout(900)]

PAGES = 9


@contextmanager
def turning_away(api: str) -> Iterator[tuple[str, Counter[int]]]:
    """Forward requests, but refuse every third one, as too many requests or because the server is busy.

    Gives the address at which it listens, and the number of answers by status.
    """
    answered: Counter[int] = Counter()
    ports: list[int] = []
    refusals = (429, 503)

    async def pass_on(request: web.Request) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await tunnel(request)
        seen = sum(answered.values())
        if seen % 3 == 2:
            status = refusals[seen // 3 % 2]
            answered[status] += 1
            return web.Response(status=status, headers={"Retry-After": "0.2"}, text="not now")
        kept = {k: v for k, v in request.headers.items() if k.lower() not in ("host", "content-length")}
        async with (
            aiohttp.ClientSession(auto_decompress=False) as client,
            client.request(
                request.method, target(request), headers=kept, data=await request.read()
            ) as answer,
        ):
            answered[answer.status] += 1
            headers = {
                k: v
                for k, v in answer.headers.items()
                if k.lower() not in ("transfer-encoding", "content-length")
            }
            return web.Response(status=answer.status, headers=headers, body=await answer.read())

    async def tunnel(request: web.Request) -> web.WebSocketResponse:
        here = web.WebSocketResponse(protocols=("prefect",))
        await here.prepare(request)
        async with (
            aiohttp.ClientSession() as client,
            client.ws_connect(target(request), protocols=("prefect",)) as there,
        ):

            async def forward(source, sink) -> None:
                async for message in source:
                    await (sink.send_str if message.type is aiohttp.WSMsgType.TEXT else sink.send_bytes)(
                        message.data
                    )
                await sink.close()

            await asyncio.gather(forward(here, there), forward(there, here))
        return here

    def target(request: web.Request) -> str:
        return api.removesuffix("/api") + request.path_qs

    async def serve(started: threading.Event, over: threading.Event) -> None:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", pass_on)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        ports.append(runner.addresses[0][1])
        started.set()
        await asyncio.to_thread(over.wait)
        await runner.cleanup()

    started, over = threading.Event(), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(serve(started, over)), daemon=True)
    thread.start()
    assert started.wait(30)
    try:
        yield f"http://127.0.0.1:{ports[0]}/api", answered
    finally:
        over.set()
        thread.join(30)


def test_requests_that_a_server_refuses_are_sent_again(tmp_path: Path) -> None:
    port = own_port()
    environment = own_environment(tmp_path / "prefect")
    api = f"http://127.0.0.1:{port}/api"
    with slow_press() as press, server(environment, port), turning_away(api) as (by_way_of, answered):
        config = write_config(tmp_path, press, pages=PAGES)
        front = PrefectServer(None, by_way_of, environment, tmp_path, config)
        night = front.command("run", "--config", str(config))
        output, _ = night.communicate(timeout=400)
        assert night.returncode == 0, output
        assert answered[429] > 5
        assert answered[503] > 5
        (run,) = PrefectServer(None, api, environment, tmp_path, config).ask("flow_runs/filter")
    assert run["state"]["name"] == "Completed"
    assert run["state"]["message"] == f"{PAGES} taken in: {PAGES} loaded"
    assert len(content(tmp_path / "commentary")["loaded"]) == PAGES


@contextmanager
def locked(database: Path, seconds: float) -> Iterator[None]:
    """Lock an SQLite file against writing for some seconds."""
    begun = threading.Event()

    def lock() -> None:
        connection = sqlite3.connect(database, timeout=60, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        begun.set()
        time.sleep(seconds)
        connection.execute("ROLLBACK")
        connection.close()

    thread = threading.Thread(target=lock, daemon=True)
    thread.start()
    assert begun.wait(90)
    try:
        yield
    finally:
        thread.join(seconds + 90)


def test_a_locked_database_only_makes_a_night_slower(tmp_path: Path) -> None:
    """Prefect's server waits 60 seconds for the lock of SQLite; then it answers that the database is locked."""
    port, log = own_port(), tmp_path / "server.log"
    environment = own_environment(tmp_path / "prefect")
    talkative = environment | {"PREFECT_SERVER_LOGGING_LEVEL": "INFO"}
    prefect = PrefectServer(None, f"http://127.0.0.1:{port}/api", environment, tmp_path, tmp_path)
    with slow_press() as press, server(talkative, port, log):
        config = write_config(tmp_path, press, pages=PAGES)
        night = prefect.command("run", "--config", str(config))
        (run,) = until(lambda: prefect.ask("flow_runs/filter") or None, 120, lambda: "the night never began")
        with locked(tmp_path / "prefect" / "prefect.db", seconds=75):
            output, _ = night.communicate(timeout=400)
        assert night.returncode == 0, output
        run = prefect.wait_for(run["id"], *ENDED, seconds=120)
    assert re.search("database is locked| 503", log.read_text()), "it never was"
    assert run["state"]["name"] == "Completed"
    assert len(content(tmp_path / "commentary")["loaded"]) == PAGES


@pytest.mark.parametrize("command", ["run", "serve"])
def test_a_server_that_is_not_there_is_one_clear_message(tmp_path: Path, command: str) -> None:
    with silent_port() as press, silent_port() as port:
        config = write_config(tmp_path, press, pages=1)
        api = f"http://127.0.0.1:{port}/api"
        prefect = PrefectServer(None, api, own_environment(tmp_path / "prefect"), tmp_path, config)
        process = prefect.command(command, "--config", str(config))
        output, _ = process.communicate(timeout=120)
    assert process.returncode == 2
    assert output.splitlines() == [
        f"commentariat: the Prefect server at {api} (PREFECT_API_URL) does not answer: start it with "
        "`prefect server start`, or unset PREFECT_API_URL to run without it"
    ]
    assert not (tmp_path / "commentary").exists()
