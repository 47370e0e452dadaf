"""A press for journeys: different essays, served slowly on loopback, so that a night lasts long enough for a fault."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HOST = "slow-press.example"
_SUBJECTS = (
    "the council",
    "our harbour",
    "a new tram line",
    "the old reactor",
    "the library",
    "every landlord",
)
_VERBS = ("deserves", "needs", "has earned", "should be given", "must not lose", "will always want")
_OBJECTS = (
    "a second look",
    "more patience",
    "less money",
    "better neighbours",
    "an honest debate",
    "a fair price",
)
_FIRST_SYLLABLES = ("ka", "lo", "mi", "ten", "ru", "sa", "vel", "dor")
_LAST_SYLLABLES = ("na", "rik", "son", "berg", "ley", "wick")
_REASONS = (
    "because winter is long",
    "since nobody was asked",
    "as the figures show",
    "if we mean what we say",
)


def essay(number: int) -> str:
    """Return an essay of about 150 words that shares few phrases with any other."""
    chance = random.Random(number)

    def sentence() -> str:
        names = " ".join(chance.choice(_FIRST_SYLLABLES) + chance.choice(_LAST_SYLLABLES) for _ in range(2))
        parts = (chance.choice(_SUBJECTS), names.title(), chance.choice(_VERBS), chance.choice(_OBJECTS))
        return "I think that {} of {} {} {}, {}.".format(*parts, chance.choice(_REASONS))

    return "\n\n".join(" ".join(sentence() for _ in range(4)) for _ in range(3))


def page(number: int) -> str:
    """Return an essay as a page of an opinion section."""
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in essay(number).split("\n\n"))
    return (
        f"<html lang='en'><head><title>Essay {number}</title></head><body><article><h1>What number {number} "
        f"is about</h1>{paragraphs}</article></body></html>"
    )


def feed(pages: int) -> str:
    """Return a feed of the first `pages` essays."""
    items = "".join(
        f"<item><title>Essay {number}</title><link>http://{HOST}/opinion/{number}</link></item>"
        for number in range(1, pages + 1)
    )
    return f"<rss version='2.0'><channel><title>The Slow Press</title>{items}</channel></rss>"


@contextmanager
def slow_press(port: int = 0) -> Iterator[int]:
    """Serve ``/opinion/<number>`` and feeds of the first essays, ``/<count>.xml``, on loopback until the block ends."""

    class Press(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.rpartition("/")[2]
            body = (
                page(int(name)) if name.isdigit() else feed(int(name[:-4])) if name.endswith(".xml") else ""
            )
            self.send_response(200 if body else 404)
            self.send_header(
                "Content-Type", "text/xml" if name.endswith(".xml") else "text/html; charset=utf-8"
            )
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Press)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def write_config(
    folder: Path, port: int, *, pages: int, delay_s: float = 0.0, by_feed: bool = False, alerts: str = ""
) -> Path:
    """Write a configuration that reads essays from the slow press, three in a micro-batch."""
    urls = "\n".join(f'    "http://{HOST}/opinion/{number}",' for number in range(1, pages + 1))
    if by_feed:
        urls = f'    "http://{HOST}/{pages}.xml",'
    file = folder / "commentariat.toml"
    file.write_text(
        f"""
[warehouse]
path = "commentary"

[extract]
workers = 1

[fetch]
delay_s = {delay_s}
respect_robots = false
connect_to = {{ "{HOST}" = "127.0.0.1:{port}" }}

[run]
batch_size = 3
max_attempts = 20

[model]
threads = 1

[[sources]]
name = "slow-press"
type = "{"feed" if by_feed else "urls"}"
kind = "opinion"
outlet = "The Slow Press"
locations = [
{urls}
]

[[targets]]
id = "tram"
statement = "The city should build a new tram line"
aliases = ["tram line"]

{alerts}
"""
    )
    return file
