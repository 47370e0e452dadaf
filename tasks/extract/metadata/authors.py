"""Names of authors, from bylines, structured data and the notes that editors add."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape

from tasks.extract.metadata.behind_names import goes_on_as_a_heading, is_outlet, name_alone

__all__ = [
    "HONORIFIC",
    "authors_from_note",
    "authors_from_structured",
    "byline_names",
    "clean_names",
    "lists_people",
    "names_in_byline",
    "reads_like_a_name",
    "suffix_joined",
    "surname",
]

_PARTICLE = r"(?:de|del|della|der|den|di|da|dos|du|la|le|van|von|bin|ibn|al|el|ter|ten|y|e|af|zu)"
# The initials before a word are taken once and for all, and few of them: "A. B. C. D. ..." can be divided into words
# and initials in more ways than there is time to try. Initials at the end of a name are the last of it: "Jane D."
_INITIALS = rf"(?:{_PARTICLE}\s|[A-Z]\.\s?){{0,6}}+"
_LAST_INITIALS = rf"(?:{_PARTICLE}\s){{0,3}}+[A-Z]\.(?:\s?[A-Z]\.){{0,2}}+(?!\s?[^\W\d_a-z])"
# A capitalised word of any script with upper and lower case; hyphens and apostrophes may be inside: O'Neil, Jean-Luc.
_CAPITAL = r"(?:[^\W\d_a-z](?:['’\-]?[^\W\d_])*\.?)"
# "E.J. Dionne", but not "U.S. Rep. Jane Doe", "D.C. Circuit" and "M.D. Candidate".
_NO_INITIALS = (
    r"(?:U\.[KNS]|E\.U|D\.C|L\.A|N\.[CDHJMY]|S\.[CD]|R\.I|B\.[AC]|M\.[AD]|A\.[IP]|P\.[MR]|V\.P|T\.V)\."
)
_FIRST = rf"(?:(?!{_NO_INITIALS})(?:[A-Z]\.){{2}}|{_CAPITAL})"
_NAME = rf"{_FIRST}(?:\s(?:{_INITIALS}{_CAPITAL}|{_LAST_INITIALS})){{1,4}}"
# "Jane Doe and John Roe", "Jane Doe, John Roe, and Mary Poe"
_NAMES = rf"{_NAME}(?:\s*(?:,\s+and|,|and|&)\s+{_NAME}){{0,4}}"
# "Doe, Jr.", and "Doe, Jr., is ..."; the comma in "Doe, Jr., a pilot, is ..." and before another name stays.
_BESIDE_SUFFIX = re.compile(
    r",\s+((?:J[Rr]|S[Rr])\b\.?|(?:II|III|IV)\b)(?:,(?=\s(?!(?:an?|the|who|of)\b)[a-z]))?"
)
_SUFFIX = re.compile(r"(?:J[Rr]|S[Rr])\.?|II|III|IV")
_NAME_ONLY = re.compile(rf"^(?:{_NAME})$")
# Behind a surname and a comma: "Doe, Jane", "Doe, Jane A.", "Doe, J. A.", "de la Cruz, Ana"
_SURNAME = re.compile(rf"(?:{_PARTICLE}\s.*|\S+)")
_GIVEN = re.compile(r"\S+|(?:[^\W\d_a-z][\w’'-]*\s)?(?:[A-Z]\.\s?)+")

_BY = re.compile(
    r"^(?:(?:(?:guest\s+)?(?:words|text|story|analysis|opinion|commentary|column|essay|editorial|op-ed|post)\s+"
    r"|(?:interview|posted|submitted)\s+)?(?:written\s+)?by[\s:]+"
    r"|(?:authors?|autore?|auteur|words|text|texte|testo|текст|автор)\s*:\s*)",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[A-Za-z][^>]{0,500}>")
# The forms in which mail programs and RSS write an author: "jane@gull.example (Jane Doe)", "Jane Doe
# <jane@gull.example>".
_MAIL_AND_NAME = re.compile(
    r"^(?:[^\s@<>()]+@[^\s@<>()]+\s+\((?P<name>[^()@]+)\)|(?P<before>[^<>()@]*[^<>()@\s])\s*<[^\s@<>]+@[^\s@<>]+>)$"
)
# A bar or a bullet sets off what is beside the names of a byline: "Jane Doe | Columnist", "Jane Doe · 5 min read".
_BAR = re.compile(r"\||\s[•·](?:\s|$)")
_WITH = re.compile(r";|\swith\s", re.IGNORECASE)
_AND = re.compile(r"\s&\s|\sand\s|,\s*and\s", re.IGNORECASE)
# A byline often contains more after the name: "Jane Doe Published May 2", "Jane Doe Monday, November 18", "Jane Doe |
# May 2", "Jane Doe 2 May 2026".
_AFTER_NAME = re.compile(
    r"\b(?:published|updated|posted|modified|last updated)\b|\|\s*\d"
    r"|,?\s(?:on\s)?(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|,?\s(?-i:January|February|March|April|May|June|July|August"
    r"|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?\s+\d"
    r"|,?\s\d{1,2}(?:st|nd|rd|th)?\s(?-i:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?,?\s\d{4}",
    re.IGNORECASE,
)
HONORIFIC = re.compile(
    r"^(?:Dr|Prof|Professor|Mr|Mrs|Ms|Sir|Dame|Lord|Lady|Rev|Hon|Gen|Col|Amb|Ambassador|Sen|Rep)\.?\s+"
)
_NOT_A_NAME = re.compile(
    r"https?:|www\.|@|\.com\b|\d{3,}|^(?:admin|administrator|editor|editors|guest|staff|none|null|unknown|anonymous"
    r"|author|webmaster|user|undefined|by|view all posts.*|share.*|follow.*|updated.*|published.*|opinions?"
    r"|letters?(?: to (?:the |our )?editors?| writers?)?|(?:(?:our|your) )?readers?(?:[’']?s?[’']? letters?)?"
    r"|(?:guest|opinions?|op-?ed|contributing|community|staff|special|outside)[ -](?:columnists?|contributors?|writers?"
    r"|authors?|essayists?|bloggers?|reporters?|commentary|column|opinion|post)|contributors?|columnists?"
    r"|special (?:to|for) .*)$",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(?:writers?|reporters?|correspondents?|contributors?|columnists?|editors?|staff|bureau chief|professor|fellow"
    r"|commentators?|essayists?|director|chairman|president|ceo|minister|photographers?|opinion|producer|analyst|lecturer"
    r"|researcher|candidates?"
    r"|students?)\b",
    re.IGNORECASE,
)
# Small words that a sentence has after its first comma, and the description of an author has not: "9:15 am" and
# "he/him" are no part of a sentence.
_FINITE = re.compile(
    r"\b(?<!/)(?:(?<!\d\s)am|is|are|was|were|will|would|shall|should|must|can|cannot|could|may(?!\s\d)|might|has|have"
    r"|had|does|did|do|knew|went|came|became|began|we|he|she|it|they|you)\b(?!/)"
)
# Beside these words, the small words above are in the description of an author, or in the line of a date.
_OF_A_BYLINE = re.compile(r"\b(?:who|whose|published|updated|posted)\b|@", re.IGNORECASE)
_STOPWORDS = frozenset(
    [
        "The",
        "This",
        "That",
        "These",
        "Those",
        "A",
        "An",
        "Our",
        "Your",
        "His",
        "Her",
        "Its",
        "In",
        "On",
        "At",
        "For",
        "From",
        "As",
        "It",
        "We",
        "They",
        "He",
        "She",
        "I",
        "If",
        "When",
        "Editor",
        "Editors",
        "Editor's",
        "Author",
        "Authors",
        "Read",
        "More",
        "Follow",
        "Also",
        "Related",
        "Published",
        "Originally",
        "Photo",
        "Image",
    ]
)
_IS = (
    r"(?:\s*\([^)]{1,80}\))?(?:,[^,.]{1,80},)?\s+(?:is|was|are|were|serves|served|works|worked|teaches|taught|writes|leads|heads"
    r"|directs|chairs|holds|covers|has\s+(?:been|served|written|taught|worked))\s+"
)
_INTRODUCED = re.compile(rf"(?:^|(?<=[.!?:;—)]\s)|(?<=[.!?]['\"”’]\s)|(?<=\n))({_NAMES}){_IS}(?=\S)")
_WRITTEN_BY = re.compile(
    rf"\b(?:[Ww]ritten|[Aa]uthored|[Cc]ontributed|[Cc]ommentary|[Cc]olumn|[Oo]p-ed|[Aa]rticle|[Pp]iece|[Ee]ssay)\s+by\s+({_NAMES})"
)
_LABELLED = re.compile(rf"^(?:About the )?[Aa]uthors?\s*:\s*({_NAMES})", re.MULTILINE)


def clean_names(names: Iterable[str], outlet: str | None = None) -> tuple[str, ...]:
    """Turn names as pages give them into plain names, in order and without repetition.

    "By", titles, roles, addresses and the outlet's own name are dropped. Names joined by "and" or ";" are separated. A
    comma separates names only if both sides look like names.
    """
    by_key: dict[str, str] = {}
    for raw in names:
        for name in _parted(raw):
            key = re.sub(r"\W+", "", name).casefold()
            if not key or _NOT_A_NAME.search(name) or not 2 <= len(name) <= 80:
                continue
            if outlet and key == re.sub(r"\W+", "", outlet).casefold():
                continue
            by_key.setdefault(key, name)
    return tuple(by_key.values())


def byline_names(line: str) -> tuple[str, ...]:
    """Read a line such as "By Jane Doe and John Roe, Opinion contributors"; empty if it is not a byline."""
    match = _BY.match(line)
    if not match or len(line.split()) > 20 or _is_sentence(line):
        return ()
    names = names_in_byline(line)
    is_sure = all(_NAME_ONLY.match(name) and not goes_on_as_a_heading(name, line) for name in names)
    return names if is_sure else ()


def names_in_byline(line: str, outlet: str | None = None) -> tuple[str, ...]:
    """Read the names in a line of a page that certainly is a byline, without what a bar or a bullet sets off."""
    return clean_names([_before_bar(line)], outlet)


def lists_people(line: str, names: Sequence[str]) -> bool:
    """Say whether a byline with these names certainly names several people; one comma alone may set off a place."""
    joined = len(names) > 2 or _AND.search(_before_bar(line))
    return bool(joined) and all(_NAME_ONLY.match(name) and not _ROLE.search(name) for name in names)


def _before_bar(line: str) -> str:
    before, *_ = _BAR.split(line, maxsplit=1)
    return before if len(before.split()) > 1 else line  # "By | Jane Doe"


def _is_sentence(line: str) -> bool:
    """Whether a line that begins like a byline goes on as a sentence: "By Election Day, Congress must act."."""
    behind = _before_bar(line).partition(",")[2].strip()
    if not behind or not re.match(r"by\b", line, re.IGNORECASE) or _OF_A_BYLINE.search(behind):
        return False
    # Behind an office with a capital, a biography may follow in the same line.
    return bool(_FINITE.search(behind)) and (behind[0].islower() or not _ROLE.search(behind))


def reads_like_a_name(text: str) -> bool:
    """Distinguish a name from a login: one word in small letters, or of five or more capitals, is no person's name."""
    return " " in text.strip() or not (text.islower() or (text.isupper() and len(text) > 4))


def suffix_joined(text: str) -> str:
    """Write "Doe, Jr." as "Doe Jr.", as the names of authors are stored."""
    return _BESIDE_SUFFIX.sub(r" \1", text)


def surname(name: str) -> str | None:
    """Give the last word of a name that is no "Jr." or "III"; None if the name has only one word."""
    words = [word for word in name.split() if not _SUFFIX.fullmatch(word)]
    return words[-1] if len(words) > 1 else None


def authors_from_note(note: str) -> tuple[str, ...]:
    """Find the author in an editor's note or biography: the person whom one of its sentences introduces.

    "Jane Doe is a professor of law at ...", "Jane Doe and John Roe are fellows of ...", "written by Jane Doe".
    """
    names: list[str] = []
    for pattern in (_LABELLED, _INTRODUCED, _WRITTEN_BY):
        for match in pattern.finditer(suffix_joined(note)):
            for name in re.split(r",\s*and\s|,|\band\b|&", match[1]):
                plain = HONORIFIC.sub("", name.strip())
                if plain and plain.split()[0] not in _STOPWORDS and _NAME_ONLY.match(plain):
                    names.append(plain)
        if names:
            break
    return clean_names(names)


def authors_from_structured(value: object) -> list[str]:
    """List the names in a JSON-LD ``author`` or ``creator``: a string, a person, or a list of either."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [name for entry in value[:20] for name in authors_from_structured(entry)]
    if isinstance(value, Mapping):
        name = value.get("name")
        if isinstance(name, list):
            return [entry for entry in name if isinstance(entry, str)]
        if isinstance(name, str) and name.strip():
            return [name]
        given, family = value.get("givenName"), value.get("familyName")
        if isinstance(given, str) and isinstance(family, str):
            return [f"{given} {family}"]
    return []


def _parted(raw: str) -> list[str]:
    plain = " ".join(_TAG.sub(" ", unescape(raw)).split())
    if mailed := _MAIL_AND_NAME.match(plain):
        plain = mailed["name"] or mailed["before"]
    line = suffix_joined(" ".join(_BY.sub("", plain).split()))
    if no_name := _AFTER_NAME.search(line):
        line = line[: no_name.start()]
    first, *behind = _BAR.split(line)
    beside = [
        part
        for part in behind
        if not (_ROLE.search(part) or re.search(r"\d", part) or is_outlet(part.strip()))
    ]
    groups = [_AND.split(group) for part in (first, *beside) for group in _WITH.split(part)]
    parts = [name for group in groups for name in _listed(group)]
    return [_tidy(part) for part in parts if part.strip()]


def _listed(pieces: Sequence[str]) -> Iterator[str]:
    """Give the names of a list whose pieces were joined by "and"; commas may separate more names in each piece."""
    for number, piece in enumerate(pieces, 1):
        first, *behind = map(str.strip, piece.split(","))
        # Behind a comma, an office is whole: "Middle East" of "Middle East Correspondent" is no further author.
        commas = [_person(first), *(part if _ROLE.search(part) else _person(part) for part in behind)]
        names = [part for part in commas if part and not _ROLE.search(part)]
        # "Doe, Jane" is one name in reverse order.
        if len(commas) == len(names) == 2 and _SURNAME.fullmatch(names[0]) and _GIVEN.fullmatch(names[1]):
            yield f"{commas[1]} {commas[0]}"
        elif len(commas) == 1:
            yield commas[0]
        else:
            people = [
                part
                for part in names
                if part == commas[0]
                or (_NAME_ONLY.match(part) and not part.startswith("The ") and not is_outlet(part))
            ]
            # "And" comes before the last name: in "Jane Doe and John Roe, Las Vegas" a place follows.
            yield from people[:1] if number == len(pieces) > 1 else people


def _person(part: str) -> str:
    name = name_alone(part)
    return name if _NAME_ONLY.match(HONORIFIC.sub("", name)) else part


def _tidy(name: str) -> str:
    plain = HONORIFIC.sub("", name).strip(" ,-–—:|/")
    # A final dot belongs to an initial or to "Jr.", but to no other name.
    plain = plain if re.search(r"\b(?:[A-Z]|J[Rr]|S[Rr])\.$", plain) else plain.rstrip(".")
    if not plain.isupper() or len(plain.split()) < 2:
        return plain
    return re.sub(r"\bI(?:ii?|v)$", lambda number: number[0].upper(), plain.title())
