"""No address, name, redirect or second DNS answer leads a fetch into this machine or a private network."""

import errno
import os
import socket

import pytest
from aiohttp import web

from tasks.fetch.addresses import why_unsafe
from tasks.fetch.fetcher import Fetcher
from tasks.fetch.settings import split_address
from tasks.page import NotFetchedError
from tests.tasks.loopback import Site

LITERALS = [
    "127.0.0.1",
    "127.8.8.8",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "0.0.0.0",
    "[::]",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "[fc00::1]",
    "[fec0::1]",
    "[feff::1]",
    "168.63.129.16",
    "[::ffff:168.63.129.16]",
    "[fd20:ce::254]",
    "[3fff::1]",
    "[4000::1]",
    "[5f00::1]",
    "[::ffff:0:7f00:1]",
    "192.0.0.8",
    "224.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    # Spellings that the system's resolver would resolve to 127.0.0.1.
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.1",
    "localhost",
    "LOCALHOST.",
]


async def refused(fetcher: Fetcher, url: str) -> str:
    with pytest.raises(NotFetchedError) as caught:
        await fetcher.fetch(url)
    assert caught.value.outcome == "refused", f"{url}: {caught.value}"
    return str(caught.value)


@pytest.mark.parametrize("respect_robots", [True, False])
async def test_unsafe_hosts_are_refused_however_they_are_written(site: Site, respect_robots: bool) -> None:
    site.pages["/"] = "secret"
    async with Fetcher(site.settings(respect_robots=respect_robots)) as fetcher:
        for host in LITERALS:
            await refused(fetcher, f"http://{host}:{site.port}/")
    assert site.asked == []


async def test_a_host_mapped_to_loopback_does_not_open_loopback_to_others(site: Site) -> None:
    site.pages["/"] = "a page"
    async with Fetcher(site.settings("site.example")) as fetcher:
        assert (await fetcher.fetch("http://site.example/")).body == b"a page"
        await refused(fetcher, f"http://127.0.0.1:{site.port}/")
        await refused(fetcher, f"http://localhost:{site.port}/")


@pytest.mark.parametrize("answers", [["127.0.0.1"], ["10.0.0.7"], ["::1"], ["169.254.169.254"], ["fe80::1"]])
async def test_a_name_that_resolves_to_a_private_address_is_refused(
    site: Site, monkeypatch: pytest.MonkeyPatch, answers: list[str]
) -> None:
    dns(monkeypatch, {"evil.example": [answers]})
    async with Fetcher(site.settings()) as fetcher:
        await refused(fetcher, f"http://evil.example:{site.port}/")
    assert site.asked == []


@pytest.mark.usefixtures("short_pauses")
async def test_a_name_whose_second_dns_answer_is_a_private_address_is_refused(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first answer is a public address without a server; the second, for the retry, is this machine.
    dns(monkeypatch, {"evil.example": [["203.0.114.1"], ["127.0.0.1"]]})
    tried = without_network(monkeypatch)
    settings = site.settings(retries=1, respect_robots=False)
    async with Fetcher(settings) as fetcher:
        fetcher.http._session.connector.clear_dns_cache()
        with pytest.raises(NotFetchedError):
            await fetcher.fetch(f"http://evil.example:{site.port}/")
        fetcher.http._session.connector.clear_dns_cache()
        await refused(fetcher, f"http://evil.example:{site.port}/")
    assert set(tried) == {"203.0.114.1"}
    assert site.asked == []


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{port}/secret",
        "http://localhost:{port}/secret",
        "//127.0.0.1:{port}/secret",
        "http://[::ffff:127.0.0.1]:{port}/secret",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "ftp://site.example/file",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "data:text/html,hello",
        "javascript:alert(1)",
        "http://[::1",
    ],
)
async def test_a_redirect_to_a_private_address_or_another_scheme_is_refused(site: Site, target: str) -> None:
    async def redirect(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": target.format(port=site.port)})

    site.pages["/"] = redirect
    site.pages["/secret"] = "secret"
    async with Fetcher(site.settings()) as fetcher:
        await refused(fetcher, "http://site.example/")
    assert site.paths() == ["/"]


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a.example/", "gopher://a.example/", "data:,x", "/etc/passwd", "a"]
)
async def test_other_schemes_and_paths_are_refused(site: Site, url: str) -> None:
    async with Fetcher(site.settings()) as fetcher:
        await refused(fetcher, url)


async def test_loopback_and_private_networks_open_only_by_configuration(site: Site) -> None:
    site.pages["/"] = "an intranet page"
    async with Fetcher(site.settings(allow_loopback=True)) as fetcher:
        assert (await fetcher.fetch(f"http://127.0.0.1:{site.port}/")).body == b"an intranet page"
    assert why_unsafe("10.0.0.1", allow_private=True) is None
    assert why_unsafe("fd12::1", allow_private=True) is None
    assert why_unsafe("127.0.0.1", allow_private=True)
    assert why_unsafe("fec0::1", allow_private=True) is None
    for always in (
        *("169.254.169.254", "fd00:ec2::254", "169.254.1.1", "0.0.0.0", "224.0.0.1"),
        *("168.63.129.16", "64:ff9b::168.63.129.16", "fd20:ce::254", "fd20:ce::254%eth0", "fd00:ec2::23"),
        *("fd00:c1::a9fe:a9fe", "fd00:42::42", "100.100.100.200", "192.0.0.192", "4000::1", "3fff::1"),
    ):
        assert why_unsafe(always, allow_private=True, allow_loopback=True), always


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "1.1.1.1", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::101:101"]
)
def test_public_addresses_are_safe(address: str) -> None:
    assert why_unsafe(address) is None


@pytest.mark.parametrize(
    "text", ["localhost:80", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:x", "1.1.1.1:70000", ":80"]
)
def test_only_an_address_and_a_port_can_be_connected_to(text: str) -> None:
    with pytest.raises(ValueError):
        split_address(text)


def without_network(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Make sockets behave as on a machine without a network, and list the addresses that they were to connect to.

    No program of this test may reach a public address: what answers there is unknown.
    """
    tried: list[str] = []

    def connect(_: socket.socket, address: tuple[str, int]) -> None:
        tried.append(address[0])
        raise OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH))

    monkeypatch.setattr(socket.socket, "connect", connect)
    return tried


def dns(monkeypatch: pytest.MonkeyPatch, names: dict[str, list[list[str]]]) -> None:
    """Make the system's resolver give these answers, one list for each question; the last list is repeated."""
    real = socket.getaddrinfo

    def answer(host: str, port: int, *args: object, **kwargs: object) -> list[tuple]:
        if host not in names:
            return real(host, port, *args, **kwargs)
        addresses = names[host].pop(0) if len(names[host]) > 1 else names[host][0]
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (one, port, 0, 0))
            if ":" in one
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
            for one in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
