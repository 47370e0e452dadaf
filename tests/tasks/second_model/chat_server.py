"""A server on this machine with OpenAI's protocol, correct or faulty, that records its requests.

It can also be run as a command: ``python -m tests.tasks.second_model.chat_server --help``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

Body = Mapping[str, Any]
Handler = Callable[[web.Request, Body], Awaitable[web.StreamResponse]]
Answers = Callable[[Body], object]

PROJECT = Path(__file__).parents[3]
_STATEMENT = re.compile(r"^Statement (\d+): (.*)$", re.MULTILINE)
_SENTENCE = re.compile(r"^\[(\d+)\] (.*)$", re.MULTILINE)


def statements_in(body: Body) -> list[str]:
    return [text for _, text in _STATEMENT.findall(body["messages"][1]["content"])]


def sentences_in(body: Body) -> dict[int, str]:
    return {int(number): text for number, text in _SENTENCE.findall(body["messages"][1]["content"])}


def title_in(body: Body) -> str:
    return str(body["messages"][1]["content"]).partition("\n")[0].removeprefix("Title: ")


def all_favor(body: Body) -> object:
    """Answer that the author is in favor of every statement, with the first sentence as evidence."""
    first = min(sentences_in(body))
    return answers(*((n, [first], "favor") for n, _ in enumerate(statements_in(body), start=1)))


def answers(*entries: tuple[int, list[int], str]) -> object:
    return {"answers": [{"statement": n, "sentences": s, "stance": stance} for n, s, stance in entries]}


@dataclass
class ChatServer:
    """A server that answers with ``say``; the handlers in ``turns`` answer the first requests, one each."""

    say: Answers = all_favor
    turns: list[Handler] = field(default_factory=list)
    always: Handler | None = None
    delay_s: float = 0.0
    model: str = "tiny-1"
    context: int | None = None
    port: int = 0
    asked: list[Body] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    open_now: int = 0
    most_open: int = 0
    log: Path | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def pieces(self) -> list[str]:
        return [title_in(body) for body in self.asked]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/v1/models" and request.method == "GET":
            entry = {"id": self.model} | ({"max_model_len": self.context} if self.context else {})
            return web.json_response({"object": "list", "data": [entry]})
        if request.path != "/v1/chat/completions":
            return web.Response(status=404)
        body = await request.json()
        self.asked.append(body)
        self.headers.append(dict(request.headers))
        self.times.append(time.monotonic())
        if self.log is not None:
            with self.log.open("a") as file:
                file.write(json.dumps({"title": title_in(body), "statements": statements_in(body)}) + "\n")
        self.open_now += 1
        self.most_open = max(self.most_open, self.open_now)
        try:
            handler = self.turns.pop(0) if self.turns else self.always
            if handler is not None:
                return await handler(request, body)
            await asyncio.sleep(self.delay_s)
            return self.reply(self.say(body))
        finally:
            self.open_now -= 1

    def reply(self, answer: object, **changes: object) -> web.Response:
        content = answer if isinstance(answer, str) else json.dumps(answer)
        return web.json_response(
            {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "model": self.model,
                "choices": [
                    {
                        "index": 0,
                        "message": {"role": "assistant", "content": content},
                        "finish_reason": "stop",
                    }
                ],
                "usage": {"prompt_tokens": 400, "completion_tokens": 40, "total_tokens": 440},
            }
            | changes
        )

    def saying(self, *replies: object) -> None:
        """Answer the next requests with these replies, one each."""

        def turn(one: object) -> Handler:
            async def handler(_: web.Request, __: Body) -> web.StreamResponse:
                return self.reply(one)

            return handler

        self.turns += map(turn, replies)


def status(code: int, message: object = "", **headers: str) -> Handler:
    """Return a handler that answers with an error of the protocol."""

    async def handler(_: web.Request, __: Body) -> web.StreamResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        error = message if isinstance(message, dict) else {"message": message}
        return web.json_response({"error": error}, status=code, headers=named)

    return handler


async def slow_drip(request: web.Request, _: Body) -> web.StreamResponse:
    """Send single bytes with pauses, without end."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    for _ in range(10_000):
        await response.write(b" ")
        await asyncio.sleep(0.05)
    return response


async def cut_stream(request: web.Request, _: Body) -> web.StreamResponse:
    """Declare more bytes than are sent, and close the connection."""
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "5000"})
    await response.prepare(request)
    await response.write(b'{"choices": [{"message": {"content": "{')
    assert request.transport is not None
    request.transport.abort()
    return response


async def endless(request: web.Request, _: Body) -> web.StreamResponse:
    """Send without end."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    while True:
        await response.write(b'{"answers": ' * 5_000)


async def hangs(_: web.Request, __: Body) -> web.StreamResponse:
    """Never answer."""
    await asyncio.sleep(3_600)
    raise AssertionError("nobody waits that long")


@asynccontextmanager
async def chat_server(**settings: Any) -> AsyncIterator[ChatServer]:
    server = ChatServer(**settings)
    runner = web.ServerRunner(web.Server(server.handle), shutdown_timeout=0.1)
    await runner.setup()
    listener = web.TCPSite(runner, "127.0.0.1", server.port)
    await listener.start()
    server.port = runner.addresses[0][1]
    try:
        yield server
    finally:
        await runner.cleanup()


@contextmanager
def silent_host() -> Iterator[str]:
    """Listen, but let nobody in: once the queue is full, the system drops what asks for a connection."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, ExitStack() as waiting:
        address = listener.getsockname()
        for _ in range(3):
            one = waiting.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(address)
        yield f"{address[0]}:{address[1]}"


@contextmanager
def served(*, delay_s: float = 0.0, log: Path | None = None) -> Iterator[str]:
    """Run the server in a process of its own, for tests that block this process; yield its address."""
    command = [sys.executable, "-m", "tests.tasks.second_model.chat_server", "--delay", str(delay_s)]
    command += ["--log", str(log)] if log else []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ, cwd=PROJECT) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.kill()


async def _serve(arguments: argparse.Namespace) -> None:
    async with chat_server(delay_s=arguments.delay, log=arguments.log, port=arguments.port) as server:
        print(server.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Say of every piece that its author is for everything.")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds an answer takes")
    parser.add_argument("--log", type=Path, default=None, help="where to write a line for each request")
    parser.add_argument("--port", type=int, default=0)
    asyncio.run(_serve(parser.parse_args()))
