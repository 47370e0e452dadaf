"""Very many rules of a ``robots.txt``, matched all at once, so that no file makes an address expensive.

Protego tries rules with wildcards one after another. For the rules that sites have, this is quick; but a file of half a
megabyte has room for 28,000 rules, and every address would then block the process for half a second. Here all rules are
one automaton with one bit for each place in each rule, and each character of an address moves all bits at once. The
decisions are those of RFC 9309 (2.2.2), and of Protego: the longest matching rule counts, and of two rules of the same
length the one that allows.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple
from urllib.parse import quote

from tasks.urls import site_of

_ANY: Final = ord("*")
_INDEX: Final = b"index.html"
_ESCAPE: Final = re.compile(rb"%([0-9A-Fa-f]{2})")
# If one of these characters is escaped, it is another path than without the escape.
_KEPT: Final = b"/%*"


class Rule(NamedTuple):
    """A rule as the file has it: a path, in which ``*`` and a last ``$`` are special, and whether it allows it."""

    path: str
    allows: bool


class _Pattern(NamedTuple):
    """A rule as it is matched. The order of patterns is that in which they count: the last one that matches decides.

    Attributes
    ----------
    length
        Number of characters of the rule in its escaped form.
    octets
        The path without unnecessary escapes and without the last ``$``.
    ends
        Whether the path must end here (``$``).
    """

    length: int
    allows: bool
    octets: bytes
    ends: bool


class Automaton:
    """The rules of a site for one robot.

    Places are counted over all rules: each rule has one before its first character and one after each character that
    is not ``*``. The masks are integers in which the bit of a place says whether the place belongs to them.
    """

    __slots__ = ("_allow", "_begin", "_end", "_moves", "_stay")

    def __init__(self, rules: Iterable[Rule]) -> None:
        begin: list[int] = []
        stay: list[int] = []
        end: list[int] = []
        allow: list[int] = []
        moves: defaultdict[int, list[int]] = defaultdict(list)
        place = 0
        for pattern in sorted(set(_patterns(rules))):
            begin.append(place)
            for octet in pattern.octets:
                if octet == _ANY:
                    stay.append(place)
                else:
                    place += 1
                    moves[octet].append(place)
            if not pattern.ends:
                stay.append(place)
            end.append(place)
            if pattern.allows:
                allow.append(place)
            place += 1
        self._begin, self._stay = _mask(begin), _mask(stay)
        self._end, self._allow = _mask(end), _mask(allow)
        self._moves = {octet: _mask(places) for octet, places in moves.items()}

    def allows(self, url: str) -> bool:
        """Whether the rules allow a canonical URL, or one from :func:`tasks.urls.redirect_url`."""
        path = url[len(site_of(url)) :].partition("#")[0] or "/"
        if path.partition("?")[0] == "/robots.txt":
            return True
        places = self._begin
        for octet in _octets(path).replace(b"*", b"%2A"):
            # From the last place of a rule the bit moves to the first place of the next one, to which no octet leads.
            places = ((places << 1) & self._moves.get(octet, 0)) | (places & self._stay)
            if not places:
                return True
        reached = places & self._end
        return not reached or bool((self._allow >> (reached.bit_length() - 1)) & 1)


def _mask(places: Sequence[int]) -> int:
    """Make the mask of places that are in ascending order."""
    bits = bytearray(places[-1] // 8 + 1 if places else 0)
    for place in places:
        bits[place // 8] |= 1 << place % 8
    return int.from_bytes(bits, "little")


def _patterns(rules: Iterable[Rule]) -> Iterator[_Pattern]:
    """Give the patterns of the rules, read as generously as Protego reads them."""
    for path, allows in rules:
        readings = [(path.removesuffix("$"), path.endswith("$"))]
        if "$" in path:  # it may also be meant as a dollar sign
            readings.append((path.replace("$", "%24"), False))
        for text, ends in readings:
            octets = _octets(text)
            length = len(quote(octets, safe="/%*="))
            yield _Pattern(length + ends, allows, octets, ends)
            if allows and not ends and octets.endswith(b"/" + _INDEX):  # then the folder itself is allowed too
                yield _Pattern(length - len(_INDEX) + 1, allows, octets.removesuffix(_INDEX), True)


def _octets(text: str) -> bytes:
    """Decode what is escaped without need, so that two spellings of one path are equal (RFC 9309, 2.2.2)."""
    return _ESCAPE.sub(_octet, text.encode("utf-8", errors="replace"))


def _octet(escape: re.Match[bytes]) -> bytes:
    octet = bytes.fromhex(escape[1].decode())
    return escape[0].upper() if octet in _KEPT else octet
