"""What a byline states behind a name: an outlet, a place, an office: "Jane Doe for The Daily Mail", "Jane Doe in Kyiv".

Groups are named with the same words ("Concerned Women for America", "Mercatus Center at George Mason University"), and
headings of authors begin like bylines ("By Standing Up for the People"). So only the names of papers are certain.
"""

from __future__ import annotations

import re
from typing import Final

from tasks.extract.patterns import NAME

__all__ = ["goes_on_as_a_heading", "is_outlet", "name_alone"]

#: Last words of the names of papers.
_TITLES: Final = (
    "mail|post|times|guardian|telegraph|herald|tribune|journal|gazette|chronicle|examiner|inquirer|"
    "dispatch|courier"
)
_PAPER: Final = (
    rf"(?:the\s(?:[\w.&’'\-]{{1,30}}\s){{0,3}}(?:{_TITLES}|newspapers?)"
    rf"|(?:(?-i:{NAME})\s){{0,3}}(?:herald|tribune|telegraph|journal|gazette|chronicle)"
    r"|(?:the\s)?associated\spress|reuters|cnn|msnbc|bbc|npr|newsweek|mailonline|usa\stoday"
    r"|(?:abc|bbc|cbs|fox|nbc|sky)\snews(?:\sdigital)?|[\w\-]{2,40}\.(?:com|co\.uk|org|net))"
)
#: Agencies and papers of which publishing systems write the name directly behind that of the author.
_AGENCY: Final = (
    r"(?:the\s)?(?:tribune\s(?:news\sservice|content\sagency)|associated\spress|bloomberg\s(?:opinion|news|view)"
    r"|creators\ssyndicate|king\sfeatures(?:\ssyndicate)?|cagle\scartoons|insidesources|usa\stoday(?:\snetwork)?"
    r"|washington\spost(?:\swriters\sgroup)?|new\syork\stimes|los\sangeles\stimes)(?:\s\([A-Z]{2,5}\))?"
)
_ENDS: Final = r"(?=\W*$|\s*[,;|•·–—]|\s(?:and|&|with|published|updated|posted|\d))"
_PAPER_BEHIND = re.compile(rf"\s(?:for|at|/)\s(?:{_PAPER}|{_AGENCY}){_ENDS}", re.IGNORECASE)
_OUTLET_BEHIND = re.compile(r"\s(?:[Ff]or|[Aa]t|/)\sThe\s[A-Z]")
_PLACE_BEHIND = re.compile(rf"\s(?:[Ii]n|IN)\s{NAME}(?:\s{NAME}){{0,2}}\W*$")
_AGENCY_BEHIND = re.compile(
    rf"\s(?:{_AGENCY}|(?-i:The\s)(?:[\w.&’'\-]{{1,30}}\s){{0,3}}(?:{_TITLES}))$",
    re.IGNORECASE,
)
_OFFICE: Final = r"(?:columnist|contributor|writer|reporter|correspondent|commentator|essayist)s?"
_OFFICE_BEHIND = re.compile(
    r"\s(?:special\s(?:to|for)\s.{1,60}"
    rf"|(?:(?:guest|opinions?|op-ed|staff|contributing|senior|community|syndicated|political)\s){{0,3}}{_OFFICE})$",
    re.IGNORECASE,
)
# "Jane Doe jane@gull.example", "Jane Doe (she/her)", "Jane Doe Ph.D."
_BESIDE_NAME = re.compile(
    r"\s(?:\(?[\w.+\-]{1,64}@[\w.\-]{3,80}\)?|\((?:she|he|they|any)(?:/[a-z]{2,8}){0,3}\)|Ph\.?\s?D\.?|M\.?D\.?|Ed\.?D\.?"
    r"|J\.D\.|Esq\.?|R\.?N\.?)$"
)
#: The field of a form in front of a name: "Author Jane Doe".
_FIELD = re.compile(r"^(?:authors?|columnist|contributor|writer)\s", re.IGNORECASE)
#: What is no person where persons are listed: an agency, a paper, a university.
_OUTLET = re.compile(
    rf"^(?:{_AGENCY}|{_PAPER}|(?:(?-i:{NAME})\s){{1,4}}(?:times|tribune|herald|gazette|chronicle|examiner|inquirer|dispatch"
    r"|courier|telegraph|news|newspapers|media|magazine|news\sservice|syndicate|agency|university|college))$",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"\b(?:academy|action|agency|alliance|americans?|association|board|bureau|campaign|cent(?:er|re)|church|citizens|club"
    r"|coalition|college|commission|committee|concerned|council|department|desk|doctors|federation|forum|foundation"
    r"|friends|fund|girls|group|house|initiative|institut(?:e|ion)|league|media|men|mothers|movement|national|network"
    r"|news|office|parents|partners?(?:hip)?|party|people|physicians|press|programme?|project|school|scientists|service"
    r"|society|students|teachers|team|trust|union|university|veterans|voices?|women|workers|youth)\b",
    re.IGNORECASE,
)

_BEHIND: Final = (_PAPER_BEHIND, _OUTLET_BEHIND, _PLACE_BEHIND, _AGENCY_BEHIND, _OFFICE_BEHIND)


def name_alone(stated: str) -> str:
    """Give a stated author without the outlet, the place or the office behind it; all of it for the name of a group."""
    name = _BESIDE_NAME.sub("", _FIELD.sub("", stated))
    matches = [pattern.search(name) for pattern in _BEHIND]
    name = name[: min((match.start() for match in matches if match), default=len(name))]
    return stated if _GROUP.search(name) else name


def is_outlet(part: str) -> bool:
    """Say whether a part of a byline is a paper, an agency or a university, and so no further author."""
    return _OUTLET.match(part) is not None


def goes_on_as_a_heading(name: str, line: str) -> bool:
    """Say whether a line that nothing but its words makes a byline may be a heading: "By Going Big in Texas"."""
    match = re.search(re.escape(name), line, re.IGNORECASE)
    behind = line[match.end() :] if match else ""
    if not re.match(r"\s(?:for|at|in)\s", behind, re.IGNORECASE):
        return False
    return _PAPER_BEHIND.match(behind) is None or bool(re.match(r"\w{1,20}ing\b", name, re.IGNORECASE))
