"""The part of a ``robots.txt`` that applies to us, so that parsing takes time in proportion to the length of the file.

Protego keeps every rule once for each user agent of its group: a file of half user agents and half rules takes time and
memory in proportion to the square of its length. One user agent at most is ever asked for, so that the rest is left out
before parsing. Lines and groups are read as Protego reads them, with the same misspellings; only what follows our
whole name, such as a version, does not hide a group from us.
"""

import re
from typing import Final

_AGENT: Final = frozenset({"user-agent", "useragent", "user agent"})
_SITEMAP: Final = frozenset({"sitemap", "sitemaps", "site-map"})
_SITE_WIDE: Final = _SITEMAP | {"host"}
_FIELDS: Final = (
    _AGENT
    | _SITE_WIDE
    | {"allow", "disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"}
    | {"crawl-delay", "crawl delay", "request-rate", "request rate", "visit-time", "visit time"}
)
_PRODUCT: Final = re.compile(r"[a-z0-9_-]+")


def that_apply_to(robot_name: str, text: str) -> str:
    """Give the rules for one robot and the sitemaps, as a short ``robots.txt`` of at most one group.

    Consecutive lines ``User-agent`` begin a group (RFC 9309, 2.1), and lines about sitemaps do not divide it. If
    several groups name the same user agent, their rules are one group.

    Parameters
    ----------
    robot_name
        The robot's name, of letters, digits, ``-`` and ``_``. It is called by this name or its beginning, or else by
        ``*``.
    text
        The whole file.
    """
    name = robot_name.lower()
    rules: dict[str, list[str]] = {}  # by each user agent that may be this robot, in the order of the file
    sitemaps: list[str] = []
    group: dict[str, None] = {}  # those of the present group, each once
    ends_agents = False
    for line in text.splitlines():
        content = line.partition("#")[0].strip()
        field, value = _field_of(content)
        if field is None:
            continue
        if field in _SITE_WIDE:
            if field in _SITEMAP and value:
                sitemaps.append(content)
        elif field in _AGENT:
            if ends_agents:
                group, ends_agents = {}, False
            for agent in _called(value.lower(), name):
                if agent == "*" or name.startswith(agent):
                    group[agent] = None
                    rules.setdefault(agent, [])
        else:
            ends_agents = True
            for agent in group if value else ():
                rules[agent].append(content)
    if not rules:
        return "\n".join(sitemaps)
    # The longest name counts; `*` is one character long, and of two equally long ones the first counts.
    ours = max(rules, key=len)
    return "\n".join([f"User-agent: {ours}", *rules[ours], *sitemaps])


def _called(agent: str, name: str) -> tuple[str, ...]:
    """Give the names that a user agent's line stands for: other asterisks than `*` alone are left out.

    What follows our whole name is left out too. People copy `Name/0.1 (+contact)` from their log, and Protego
    would take all of it for a name.
    """
    if agent in ("", "*"):
        return (agent,) if agent else ()
    plain = agent.replace("*", "")
    if (product := _PRODUCT.match(plain)) and product[0] == name:
        return (name,)
    return (plain,) if plain else ()


def _field_of(line: str) -> tuple[str | None, str]:
    """Divide a line into field and value, which a colon or, for known fields, only a space may separate."""
    before, colon, after = line.partition(":")
    field = before.strip().lower() if colon else None
    if field is not None and (field in _FIELDS or not after or after[0].isspace()):
        return field, after.strip()
    words = line.split(maxsplit=2)
    for count in (1, 2):
        known = " ".join(words[:count]).lower()
        if known in _FIELDS:
            return known, " ".join(words[count:])
    return field, after.strip()
