"""Patterns for captions, credits, notes and biographies in newspapers: one custom on each line."""

from __future__ import annotations

import re
from typing import Final

from tasks.extract.patterns import NAME, any_of

__all__ = [
    "BARE_NOTE",
    "CLOSING_LINE",
    "CONTACT_LINE",
    "COPYRIGHT",
    "CREDIT_END",
    "CREDIT_START",
    "DISCLAIMER",
    "FIRST_PERSON",
    "HOLDS",
    "NOTE_BETWEEN",
    "NOTE_HEADING",
    "NOTE_START",
    "OFFICE",
    "PROVENANCE",
    "SLASH_CREDIT",
]

_NAMES: Final = rf"{NAME}(?:[ /,]+(?:{NAME}|via|for|of|the|de)){{0,6}}"
_AGENCY: Final = (
    r"(?:Getty\s+Images|AFP|Reuters|AP|Associated\s+Press|Shutterstock|Alamy|Xinhua|EPA(?:-EFE)?|Bloomberg"
    r"|iStock(?:photo)?|Unsplash|Flickr|PA|UPI|VCG|CNS|Zuma|SIPA)"
)
_PICTURE: Final = r"(?:photo|photograph|image|picture|illustration|graphic|cartoon|artwork)"
#: The name of a photographer, an agency or an owner to the end of a line: every word of it begins with a capital.
_CREDITED: Final = (
    rf"(?-i:{NAME}(?:(?:\s*[/,|(–—]\s*|\s+)(?:{NAME}|via|for|of|the|de|van|von|and|by|from|&)){{0,8}})\)?"
)
#: The words of a credit in brackets, and what stands between them. A sentence in brackets has other small words.
_BETWEEN: Final = r"(?:\s*[/,|:–—]\s*|\s-\s|\s+)"
_OF_A_CREDIT: Final = (
    rf"(?>(?-i:{NAME})|\d{{1,4}}|&|(?:via|for|of|the|de|van|von|and|by|from|file|archives?|handout|stock|pool|photos?"
    r"|photographs?|images?|pictures?|illustration)\b)"
)
_CREDITING: Final = (
    rf"(?:by\b(?!\s+{_PICTURE}\b)|via\b|from\s+(?:the\s+)?(?-i:{NAME})"
    r"|(?:courtesy|credits?|source|illustration|supplied|provided|submitted|taken|used)\b)"
)
_AUTHOR: Final = r"(?:authors?|writers?|contributors?|columnists?|(?:his|her|their|my)\s+own)"
_OPEN: Final = r"^[\[(*_\s]*"

#: "... June 2, 2021. /Agency": the name after the slash begins with a capital, unlike in "and/or".
SLASH_CREDIT: Final = re.compile(
    rf"(?:^|[\s.,;\"”’)\]])/\s?{_NAMES}(?:\s(?:[Pp]hoto|[Ii]mages?|[Pp]ictures?))?\s*$"
)

CREDIT_END: Final = any_of(
    # Authors too give credit, sources and sentences in brackets: "(credit where credit is due)", "(source: the city)",
    # "(Picture the outcry.)", "(photo ID)". A source is that of a picture only below a label, which is no sentence.
    rf"[(\[]\s*file\s+{_PICTURE}\b[^()\[\]]{{0,120}}[)\]]\.?\s*$",
    rf"[(\[]\s*{_PICTURE}(?=\s*[:/|©)\]]|\s+{_CREDITING})[^()\[\]]{{0,120}}[)\]]\.?\s*$",
    rf"[(\[]\s*{_PICTURE}(?!\s+IDs?\b)(?:{_BETWEEN}{_OF_A_CREDIT}){{1,10}}+\s*[)\]]\s*$",
    rf"[(\[]\s*credits?\s*(?::|\bby\b)\s*(?-i:{NAME})[^()\[\]]{{0,110}}[)\]]\s*$",
    rf"^[^.!?]{{0,200}}[(\[]\s*sources?\s*:\s*(?-i:{NAME})[^()\[\]]{{0,110}}[)\]]\s*$",
    rf"[(\[]\s*{_AGENCY}\b(?:\.com|-(?-i:{NAME}))?(?:{_BETWEEN}{_OF_A_CREDIT}){{0,10}}+\s*[)\]]\s*$",
    rf"\b{_PICTURE}s?\s*(?:(?:credit|courtesy)\s*)?:\s*{_CREDITED}\.?\s*$",
    rf"\b{_PICTURE}s?\s*courtesy\s+of\b\s*[^.:]{{2,80}}\.?\s*$",
    rf"\b(?:AP\s+Photo|{_AGENCY})\s*/\s*[^./]{{2,60}}\.?\s*$",
    rf"\s[/|—–-]\s*{_AGENCY}(?:\s(?:Photo|Images?|News))?\.?\s*$",
    r"\b(?:Getty\s+Images|AP\s+Photo|Shutterstock(?:\.com)?|iStock(?:photo)?)\.?\s*$",
)
CREDIT_START: Final = any_of(
    rf"(?:file\s+)?{_PICTURE}(?:\s*(?:credit|source|courtesy|caption))?\s*(?::|©)",
    rf"(?:file\s+)?{_PICTURE}\s+(?:by|courtesy\s+of)\s+(?-i:{_NAMES})\s*$",
    r"caption\s*:",
    before="^",
)
#: The owner of the rights; a dot inside of it belongs to an initial, a firm or an address: "Bloomberg L.P.".
_OWNER: Final = r"(?:[^.]|\.(?=\S)|(?<=\b\w)\.|(?<=\bInc)\.|(?<=\bCo)\.){0,160}+"
#: What syndicates write behind it: "Visit thegull.example. Distributed by Tribune Content Agency, LLC."
_RIGHTS: Final = (
    r"\s*(?:all\s+rights\s+reserved|visit\s\S{4,60}|(?:all\s)?distributed\s(?:exclusively\s)?by\s[^.]{2,80}(?:\.(?:com|net|org))?"
    r"|(?:this\s(?:material|article|column|content)\s)?(?:may|must|can)\snot\sbe\s[^.]{4,160}"
    r"|(?:used|reprinted|republished)\s(?:by|with)\s(?:the\s)?permission\b[^.]{0,60})\.?"
)
#: The word alone is not enough, since an essay may be about copyright.
COPYRIGHT: Final = any_of(
    r"©",
    r"\(c\)\s",
    rf"(?-i:(?:The\s)?{NAME}(?:\s{NAME}){{0,4}})\s©\s*(?:19|20)\d\d\b",
    r"copyright[\s:,]*(?:©|\(c\)|(?:19|20)\d\d\b)",
    rf"copyright(?:\s*:|,|\s+by)?\s+{_CREDITED}(?:,?\s+(?:19|20)\d\d)?(?=\.?(?:\s*all rights reserved\.?)?$)",
    r"copyright\b(?=[^.]{0,160}(?:\.\s*)?\ball\s+rights\s+reserved)",
    before="^",
    # A news agency prints a number of 32 digits after it.
    after=rf"{_OWNER}\.?(?:{_RIGHTS}){{0,4}}+(?:\s*[0-9a-f]{{32}})?$",
)

#: The beginning of a day: "Nov. 3", "3 November".
_DAY: Final = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"
    r"(?:\d|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?\s+\d)"
)
#: Behind "Correction", a comma or a bracket is a note's only before a day: "Correction, Nov. 3: ...". An author writes
#: "Correction, not punishment, should be the aim."
NOTE_START: Final = any_of(
    r"(?:the\s+)?(?:editor|editors|publisher|author|translator|moderator)[’']?s?[’']?\s+note",
    r"note\s+(?:from|by)\s+the\s+(?:editor|author|publisher)s?",
    r"editorial\s+note",
    r"ed\.?\s+note",
    r"note\s+to\s+readers",
    r"disclaimer",
    r"about\s+the\s+authors?",
    rf"(?:correction|clarification|update)(?=\s*[:.—–)\]]|\s+-\s|\s*--|\s*[,(]\s*{_DAY}[^:)\]]{{0,40}}[:)\]])",
    before=_OPEN,
    after=r"\s*[:.—–\-)\],(]",
)
#: "Note:" alone; the words after it decide.
BARE_NOTE: Final = re.compile(_OPEN + r"note\s*:\s", re.IGNORECASE)
#: An editor's note between the author's paragraphs; an author who writes "Update:" is still the author.
NOTE_BETWEEN: Final = any_of(
    r"(?:the\s+)?editors?[’']?s?[’']?\s+note",
    r"note\s+(?:from|by)\s+the\s+editors?",
    r"ed\.?\s+note",
    before=_OPEN,
    after=r"\s*:",
)
#: A note's heading on a line of its own.
NOTE_HEADING: Final = any_of(
    r"(?:editor|editors|author|publisher)[’']?s?[’']?\s+note",
    r"about\s+the\s+authors?",
    r"disclaimer",
    before=_OPEN,
    after=r"\W*$",
)

#: "Views", "reflect" and "position" are words of arguments too; only together with the author are they a disclaimer.
DISCLAIMER: Final = any_of(
    r"\b(?:views?|opinions?|statements?)\b[^.]{0,80}"
    rf"\b(?:expressed|reflects?|represent(?:s|ed)?|belong|are\s+(?:solely\s+)?those)\b[^.]{{0,120}}\b{_AUTHOR}\b",
    r"\b(?:views?|opinions?|statements?)\b[^.]{0,80}\bare\s+(?:\w+\s+)?(?:his|her|their|my)\s+own\b",
    r"\b(?:article|column|piece(?!\s+of)|commentary|essay|post|op-ed)\b[^.]{0,40}"
    rf"\b(?:reflects?|expresses|represents?)\b(?=[^.]{{0,120}}\b{_AUTHOR}\b)"
    r"[^.]{0,80}\b(?:opinions?|views?|positions?)\b",
    r"^(?:[\w.’']{1,30}\s){0,3}editorials?\b[^.]{0,60}\b(?:reflects?|represents?|express(?:es)?|are)\b[^.]{0,40}\b(?:opinions?|views?|positions?)\b"
    r"[^.]{0,40}\beditorial\s+board\b",
    r"\b(?:article|column|piece(?!\s+of)|commentary|essay|post|op-ed)\b[^.]{0,40}"
    r"\bnot\s+(?:reflect|express|represent)\b[^.]{0,80}\b(?:opinions?|views?)\b",
    # Prices too may "not necessarily reflect" something; the sentence must name what was written, or its publisher.
    r"\b(?:views|opinions|articles?|columns?|commentary|essays?|op-eds?|posts?|letters?)\b[^.]{0,120}"
    r"\b(?:do|does)\s+not\s+necessarily\s+(?:reflect|represent)\b",
    r"\b(?:do|does)\s+not\s+necessarily\s+(?:reflect|represent)\b[^.]{0,120}"
    r"\b(?:authors?|writers?|publishers?|editors?|editorial|newspapers?|magazine|staff|employers?"
    r"|official\s+(?:policy|position|views?)|(?:our|its)\s+(?:own\s+)?(?:views?|opinions?|positions?))\b",
)
#: What a note goes on with behind a comma; a sentence of the author goes on with the book or the words of which it is.
_OF_A_NOTE: Final = (
    r"(?:this|it|and|with|by|edited|updated|revised|republished|reprinted"
    r"|(?:the\s+)?(?:article|piece|column|essay|commentary|op-ed|post|story))\b"
)
PROVENANCE: Final = any_of(
    r"this\s+(?:article|piece|column|essay|commentary|op-ed|post|story)\s+(?:(?:was|is|has\s+been)\s+)?"
    r"(?:(?:originally|first|also)\s+)?"
    r"(?:published|appear(?:ed|s)(?!\s+to\b)|adapted|excerpted|republished|translated"
    r"|part\s+of\s+[^.]{0,80}\b(?:series(?!\s+of)|series\s+of\s+(?:\w+\s+)?(?:articles|essays|columns|op-eds|pieces|stories)"
    r"|collection|package|partnership|collaboration|symposium|special\s+(?:issue|report|section|edition))\b"
    rf"|written\s+(?:for|by)\s+(?-i:(?:the\s+)?{NAME}))",
    rf"(?:originally|first)\s+published\b(?!\s+in\s+(?:\w+\s+)?(?:1[5-9]|20)\d\d,\s(?!{_OF_A_NOTE}))",
    r"republished\s+(?:from|with)",
    rf"translated\s+(?:by|from(?!\s+the\s+\w+,\s(?!{_OF_A_NOTE})))\b",
    r"copyright:?\s+project\s+syndicate",
    before=_OPEN,
)
#: The professions and offices in a biography, with the verb before them, which ends at most 80 characters earlier.
OFFICE: Final = any_of(
    r"professor|fellow|lecturer|economist|columnist|editor|director|author|journalist|writer|researcher|scholar",
    r"analyst|president|chair(?:man|woman)?|founder|minister|secretary|ambassador|senator|partner|lawyer|attorney",
    r"student|candidate|contributor|correspondent|advis[eo]r|associate|scientist|teacher|physician|nurse|member",
    r"chief|dean|head|strategist|consultant|activist|farmer|engineer|historian|philosopher|doctor|organi[sz]er",
    before=r"\b",
    after=r"s?\b",
)
#: Small letters only: "My Year" may be a book, and "World War I" a subject.
FIRST_PERSON: Final = re.compile(
    r"\b(?:my|myself|mine)\b|\bI[’']|\bI\s+(?:am|was|have|had|will|would|do|did|can|could|know|think|believe|live|never)\b"
)
HOLDS: Final = re.compile(
    r"\b(?:is|was|are|serves|teaches|writes|works|leads|directs|chairs)\b[^.]{0,80}$", re.IGNORECASE
)

_WEEKLY: Final = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|daily|weekly|fortnightly|monthly|weeks?|months?)"
)
#: The last lines that printed papers and student papers add: where it was printed, on which days the column appears.
CLOSING_LINE: Final = any_of(
    r"appeared\s+in\s+the\s.{0,60}\bprint\s+edition\b.{0,200}",
    r"a\s+version\s+of\s+this\s+(?:article|column|essay|editorial|op-ed|letter|piece|story)\s+appear(?:s|ed)\s+in\s+"
    r"(?:print|the\s.{0,60}\bedition)\b.{0,240}",
    r"a\s+correction\s+was\s+made\s+on\b.{0,400}",
    r"an?\s+(?:earlier|previous|original)\s+version\s+of\s+this\s+(?:article|column|essay|editorial|op-ed|letter|piece|post|story)"
    r"\s+(?:\w+ly\s+)?(?:mis\w+|said|stated|gave|named|listed|described|referred|included|omitted|contained|did\s+not|appeared"
    r"|was\s+(?:published|posted|printed))\b.{0,400}",
    r"this\s+(?:article|column|essay|editorial|op-ed|piece|post|story)\s+(?:was|has\s+been)\s+"
    r"(?:amended|corrected|updated|edited|revised)(?:\W*|\s+(?:on\b|after\s+publication|for\s+(?:length|clarity)|to\s+(?:correct|clarify"
    r"|reflect|remove|add|include|make\s+clear|say|state|note)\b).{0,400})",
    # Indian papers name the author in no other way; an essay may be about "the writer" too.
    r"the\s+(?:author|writer)s?\s+(?:(?:is|are)\s+(?:(?:an?\s+|the\s+)?(?:former|retired|senior|veteran|freelance|independent|visiting)"
    rf"|currently|based\s+in|(?:with|at)\s+(?:the\s+)?(?-i:{NAME}))|teach(?:es)?\s+(?:\w+\s+){{0,3}}at|heads?\s+the"
    rf"|works?\s+(?:at|for|with|as)|lives?\s+in\s+(?:the\s+)?(?-i:{NAME}))\b.{{0,250}}",
    rf"(?:all\s+)?distributed\s+(?:exclusively\s+)?by\s+(?-i:{NAME})[^.]{{0,60}}(?:\.com|,?\s+(?:llc|inc)\.?)?\.?",
    rf"(?:his|her|their|my|(?-i:{NAME}(?:\s+{NAME}){{0,3}}[’']s?))\s+(?:\w+\s+)?columns?\s+(?:usually\s+)?"
    rf"(?:appears?|runs?|(?:is|are)\s+published)\b[^.,]{{0,60}}\b{_WEEKLY}\b[^.,]{{0,60}}\.?",
    before="^",
    after="$",
)
#: How to reach a person; whom, the words between the verb and the address say.
CONTACT_LINE: Final = re.compile(
    r"^(?:(?:you\s{1,2}(?:can|may)\s{1,2})?(?:reach|contact|e-?mail|write(?:\s{1,2}to)?)"
    r"|(?:he|she|they)\s{1,2}can\s{1,2}be\s{1,2}reached)\s{1,2}"
    r"(?P<whom>[^@]{0,60}?)\s?(?:(?:at|on|via)\s{1,2})?(?P<local>[\w.+\-]{1,64})@[\w.\-]{3,80}(?P<more>.{0,100})$",
    re.IGNORECASE,
)
