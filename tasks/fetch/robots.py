"""The rules of a site for robots, by RFC 9309: they are read once for each site and run, and obeyed."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from protego import Protego

from tasks.addresses.urls import site_of
from tasks.fetch.robots_groups import that_apply_to
from tasks.page import NotFetchedError

MAX_ROBOTS_BYTES: Final = 512 * 1024  # RFC 9309, 2.5: at least 500 kibibytes must be read
_PARSE_IN_THREAD_BYTES: Final = 32 * 1024
MOST_WILDCARDS: Final = 2_000
"""Most characters ``*`` and ``$`` in the rules for us: Protego tries rules that have them one after another.

Half a megabyte has room for 28,000 of them, and each address would then stop the whole program for half a second.
"""

# Fetches robots.txt itself and gives (status, body); the body may be cut. Raises NotFetchedError when there is no
# answer.
ReadRobots = Callable[[str], Awaitable[tuple[int, bytes]]]


class RobotsRules:
    """The rules of one site that apply to us."""

    __slots__ = ("_robot_name", "_rules", "_unavailable", "crawl_delay_s", "sitemaps")

    def __init__(
        self, rules: Protego | None, robot_name: str, unavailable: NotFetchedError | None = None
    ) -> None:
        self._rules = rules
        self._robot_name = robot_name
        self._unavailable = unavailable
        self.crawl_delay_s = (rules.crawl_delay(robot_name) or 0.0) if rules else 0.0
        self.sitemaps = tuple(rules.sitemaps) if rules else ()

    def check(self, url: str) -> None:
        """Return if the rules allow a URL.

        Raises
        ------
        NotFetchedError
            When the site forbids it, or when its rules cannot be read at present.
        """
        if self._unavailable is not None:
            error = self._unavailable
            raise NotFetchedError(error.outcome, str(error), http_status=error.http_status)
        if self._rules is not None and not self._rules.can_fetch(url, self._robot_name):
            raise NotFetchedError(
                "blocked_by_robots", f"robots.txt of {site_of(url)} asks robots to stay out"
            )


class Robots:
    """The rules of all sites visited in a run; each ``robots.txt`` is read once, for any number of pages."""

    def __init__(self, robot_name: str, read: ReadRobots) -> None:
        self._robot_name = robot_name
        self._read = read
        self._sites: dict[str, asyncio.Task[RobotsRules] | RobotsRules] = {}

    def known(self, url: str) -> RobotsRules | None:
        """Give the rules of a URL's site if they have already been read."""
        rules = self._sites.get(site_of(url))
        return rules if isinstance(rules, RobotsRules) else None

    async def rules(self, url: str) -> RobotsRules:
        """Give the rules of a URL's site (scheme, host and port: RFC 9309, 2.3)."""
        site = site_of(url)
        known = self._sites.get(site)
        if isinstance(known, RobotsRules):
            return known
        if known is None:
            known = self._sites[site] = asyncio.create_task(self._load(site))
        # The task that asked first may be cancelled, while other tasks still wait for the same answer.
        rules = await asyncio.shield(known)
        self._sites[site] = rules
        return rules

    async def _load(self, site: str) -> RobotsRules:
        try:
            status, body = await self._read(f"{site}/robots.txt")
        except NotFetchedError as error:
            return RobotsRules(None, self._robot_name, self._explained(site, error))
        if status >= 500 or status == 429:
            busy = NotFetchedError("fetch_failed", f"HTTP {status}", http_status=status)
            return RobotsRules(None, self._robot_name, self._explained(site, busy))
        if not 200 <= status < 300:
            # RFC 9309, 2.3.1.3: no rules, so everything is allowed.
            return RobotsRules(None, self._robot_name)
        # If the text was cut inside a line, the last rule would be wrong.
        if len(body) >= MAX_ROBOTS_BYTES:
            body = body[:MAX_ROBOTS_BYTES].rpartition(b"\n")[0]
        text = body.decode("utf-8-sig", errors="replace")
        if len(body) > _PARSE_IN_THREAD_BYTES:
            rules = await asyncio.to_thread(self._parse, text)
        else:
            rules = self._parse(text)
        if rules is None:
            many = (
                f"robots.txt of {site} has over {MOST_WILDCARDS:,} rules with * or $ for robots like this one"
            )
            out = NotFetchedError("blocked_by_robots", f"{many}, so nothing is fetched from there")
            return RobotsRules(None, self._robot_name, out)
        return RobotsRules(rules, self._robot_name)

    def _parse(self, text: str) -> Protego | None:
        """Parse a file; None if it has so many rules with wildcards that it cannot be followed."""
        ours = that_apply_to(self._robot_name, text)
        if ours.count("*") + ours.count("$") > MOST_WILDCARDS:
            return None
        return Protego.parse(ours)

    @staticmethod
    def _explained(site: str, error: NotFetchedError) -> NotFetchedError:
        if error.outcome == "refused":
            return error  # the address itself is unsafe, which matters more than its robots.txt
        return NotFetchedError(
            "postponed" if error.outcome == "postponed" else "fetch_failed",
            f"robots.txt of {site} cannot be read ({error}), so nothing is fetched from there for now",
            http_status=error.http_status,
        )
