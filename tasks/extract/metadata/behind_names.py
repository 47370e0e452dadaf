"""The outlet or the place that a byline states behind a name: "Jane Doe for The Daily Mail", "Jane Doe in Kyiv".

Groups are named with the same words ("Concerned Women for America", "Mercatus Center at George Mason University"), and
headings of authors begin like bylines ("By Standing Up for the People"). So only the names of papers are certain.
"""

from __future__ import annotations

import re
from typing import Final

from tasks.extract.patterns import NAME

__all__ = ["goes_on_as_a_heading", "name_before_outlet"]

_PAPER: Final = (
    r"(?:the\s(?:[\w.&’'\-]{1,30}\s){0,3}(?:mail|post|times|guardian|telegraph|herald|tribune|journal|gazette|chronicle"
    r"|examiner|inquirer|dispatch|courier|newspapers?)"
    rf"|(?:(?-i:{NAME})\s){{0,3}}(?:herald|tribune|telegraph|journal|gazette|chronicle)"
    r"|(?:the\s)?associated\spress|reuters|cnn|msnbc|bbc|npr|newsweek|mailonline|usa\stoday"
    r"|(?:abc|bbc|cbs|fox|nbc|sky)\snews(?:\sdigital)?|[\w\-]{2,40}\.(?:com|co\.uk|org|net))"
)
_ENDS: Final = r"(?=\W*$|\s*[,;|•·–—]|\s(?:and|&|with|published|updated|posted|\d))"
_PAPER_BEHIND = re.compile(rf"\s(?:for|at|/)\s{_PAPER}{_ENDS}", re.IGNORECASE)
_OUTLET_BEHIND = re.compile(r"\s(?:[Ff]or|[Aa]t|/)\sThe\s[A-Z]")
_PLACE_BEHIND = re.compile(rf"\s(?:[Ii]n|IN)\s{NAME}(?:\s{NAME}){{0,2}}\W*$")
_GROUP = re.compile(
    r"\b(?:academy|action|agency|alliance|americans?|association|board|bureau|campaign|cent(?:er|re)|church|citizens|club"
    r"|coalition|college|commission|committee|concerned|council|department|desk|doctors|federation|forum|foundation"
    r"|friends|fund|girls|group|house|initiative|institut(?:e|ion)|league|media|men|mothers|movement|national|network"
    r"|news|office|parents|partners?(?:hip)?|party|people|physicians|press|programme?|project|school|scientists|service"
    r"|society|students|teachers|team|trust|union|university|veterans|voices?|women|workers|youth)\b",
    re.IGNORECASE,
)


def name_before_outlet(stated: str) -> str:
    """Give the part of a stated author before the outlet or the place; all of it for the name of a group."""
    matches = [pattern.search(stated) for pattern in (_PAPER_BEHIND, _OUTLET_BEHIND, _PLACE_BEHIND)]
    name = stated[: min((match.start() for match in matches if match), default=len(stated))]
    return stated if _GROUP.search(name) else name


def goes_on_as_a_heading(name: str, line: str) -> bool:
    """Say whether a line that nothing but its words makes a byline may be a heading: "By Going Big in Texas"."""
    match = re.search(re.escape(name), line, re.IGNORECASE)
    behind = line[match.end() :] if match else ""
    if not re.match(r"\s(?:for|at|in)\s", behind, re.IGNORECASE):
        return False
    return _PAPER_BEHIND.match(behind) is None or bool(re.match(r"\w{1,20}ing\b", name, re.IGNORECASE))
