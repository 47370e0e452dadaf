"""Patterns for captions, credits, notes and biographies in newspapers: one custom on each line."""

from __future__ import annotations

import re
from typing import Final

from tasks.extract.phrases import any_of

__all__ = [
    "BARE_NOTE",
    "BOILERPLATE",
    "BOILERPLATE_OR_CALL",
    "CLOSING_LINE",
    "CONTACT_LINE",
    "COPYRIGHT",
    "CREDIT_END",
    "CREDIT_START",
    "DATE_LABEL",
    "DISCLAIMER",
    "FIRST_PERSON",
    "HOLDS",
    "INTERRUPTION",
    "LIST_HEADING",
    "MACHINE_PART",
    "NOTE_BETWEEN",
    "NOTE_HEADING",
    "NOTE_START",
    "OFFICE",
    "PROVENANCE",
    "SLASH_CREDIT",
]

_NAME: Final = r"[^\W\d_a-z][\w&.’'\-]*"
_NAMES: Final = rf"{_NAME}(?:[ /,]+(?:{_NAME}|via|for|of|the|de)){{0,6}}"
_AGENCY: Final = (
    r"(?:Getty\s+Images|AFP|Reuters|AP|Associated\s+Press|Shutterstock|Alamy|Xinhua|EPA(?:-EFE)?|Bloomberg"
    r"|iStock(?:photo)?|Unsplash|Flickr|PA|UPI|VCG|CNS|Zuma|SIPA)"
)
_PICTURE: Final = r"(?:photo|photograph|image|picture|illustration|graphic|cartoon|artwork)"
#: The name of a photographer, an agency or an owner to the end of a line: every word of it begins with a capital.
_CREDITED: Final = (
    rf"(?-i:{_NAME}(?:(?:\s*[/,|(–—]\s*|\s+)(?:{_NAME}|via|for|of|the|de|van|von|and|by|from|&)){{0,8}})\)?"
)
_AUTHOR: Final = r"(?:authors?|writers?|contributors?|columnists?|(?:his|her|their|my)\s+own)"
_OPEN: Final = r"^[\[(*_\s]*"

#: "... June 2, 2021. /Agency": the name after the slash begins with a capital, unlike in "and/or".
SLASH_CREDIT: Final = re.compile(
    rf"(?:^|[\s.,;\"”’)\]])/\s?{_NAMES}(?:\s(?:[Pp]hoto|[Ii]mages?|[Pp]ictures?))?\s*$"
)

CREDIT_END: Final = any_of(
    rf"[(\[]\s*(?:file\s+)?(?:{_PICTURE}|credit|source)\b[^()\[\]]{{0,120}}[)\]]\.?\s*$",
    rf"[(\[]\s*{_AGENCY}\b[^()\[\]]{{0,80}}[)\]]\s*$",
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
#: The word alone is not enough, since an essay may be about copyright.
COPYRIGHT: Final = any_of(
    r"©",
    r"\(c\)\s",
    r"copyright[\s:,]*(?:©|\(c\)|(?:19|20)\d\d\b)",
    rf"copyright(?:\s*:|,|\s+by)?\s+{_CREDITED}(?:,?\s+(?:19|20)\d\d)?(?=\.?(?:\s*all rights reserved\.?)?$)",
    r"copyright\b(?=[^.]{0,160}(?:\.\s*)?\ball\s+rights\s+reserved)",
    before="^",
    # A news agency prints a number of 32 digits after it.
    after=r"[^.]{0,160}(?:\.(?:\s*all rights reserved\.?)?)?(?:\s*[0-9a-f]{32})?$",
)

NOTE_START: Final = any_of(
    r"(?:the\s+)?(?:editor|editors|publisher|author|translator|moderator)[’']?s?[’']?\s+note",
    r"note\s+(?:from|by)\s+the\s+(?:editor|author|publisher)s?",
    r"editorial\s+note",
    r"ed\.?\s+note",
    r"note\s+to\s+readers",
    r"disclaimer",
    r"about\s+the\s+authors?",
    r"correction|clarification|update",
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
    r"\b(?:article|column|piece(?!\s+of)|commentary|essay|post|op-ed)\b[^.]{0,40}"
    r"\bnot\s+(?:reflect|express|represent)\b[^.]{0,80}\b(?:opinions?|views?)\b",
    # Prices too may "not necessarily reflect" something; the sentence must name what was written, or its publisher.
    r"\b(?:views|opinions|articles?|columns?|commentary|essays?|op-eds?|posts?|letters?)\b[^.]{0,120}"
    r"\b(?:do|does)\s+not\s+necessarily\s+(?:reflect|represent)\b",
    r"\b(?:do|does)\s+not\s+necessarily\s+(?:reflect|represent)\b[^.]{0,120}"
    r"\b(?:authors?|writers?|publishers?|editors?|editorial|newspapers?|magazine|staff|employers?"
    r"|official\s+(?:policy|position|views?)|(?:our|its)\s+(?:own\s+)?(?:views?|opinions?|positions?))\b",
)
PROVENANCE: Final = any_of(
    r"this\s+(?:article|piece|column|essay|commentary|op-ed|post|story)\s+(?:(?:was|is|has\s+been)\s+)?"
    r"(?:(?:originally|first|also)\s+)?"
    r"(?:published|appear(?:ed|s)(?!\s+to\b)|adapted|excerpted|republished|translated"
    r"|part\s+of\s+[^.]{0,80}\b(?:series(?!\s+of)|series\s+of\s+(?:\w+\s+)?(?:articles|essays|columns|op-eds|pieces|stories)"
    r"|collection|package|partnership|collaboration|symposium|special\s+(?:issue|report|section|edition))\b"
    rf"|written\s+(?:for|by)\s+(?-i:(?:the\s+)?{_NAME}))",
    r"(?:originally|first)\s+published\b",
    r"republished\s+(?:from|with)",
    r"translated\s+(?:from|by)\b",
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

#: A paragraph that is boilerplate also between the author's paragraphs; it must match from the first letter to the last.
INTERRUPTION: Final = any_of(
    r"(?:story|article|column|content)\s+continues(?:\s+(?:below|after)\b.{0,40})?",
    r"(?:skip\s+)?advertisement|advertisement\s*[-–—:]\s*(?:scroll|(?:story|article)\s+continues)\b.{0,40}",
    r"\[\s*(?:read|related|watch|listen|see\s+also|also\s+read)\b[^\]]{0,200}\]",
    # A headline has no full stop at its end.
    r"(?:read\s+more(?:\s+on\s+this(?:\s+\w{1,20})?)?|related(?:\s+(?:article|story))?|read\s+(?:also|next)|also\s+read"
    r"|see\s+also)\s*:\s*.{2,160}(?<![.!])",
    r"ai[- ]generated\s+summary\s*:?",
    r"ai[- ]generated\s+summary\s*:\s*(?:the|this)\s+(?:author|writer|article|piece|column|essay|op-ed)\b.{0,600}",
    r"thank(?:s|\s+you)\s+for\s+reading\b.{0,100}\bsubscribe\b.{0,120}",
    r".{1,80}\bis\s+a\s+reader-supported\s+(?:publication|newsletter)\b.{0,60}\b(?:to\s+receive\s+new|subscri).{0,140}",
    before="^",
    after="$",
)
#: The heading of links or of a form at the end; nothing below it is the author's.
LIST_HEADING: Final = any_of(
    r"(?:sign\s+up\s+(?:for|to)|subscribe\s+to\s+(?:the|our|my))\s[^.!?]{2,60}",
    r"related\s+(?:stories|articles|content|posts|reading|coverage)\s*:?",
    r"(?:you\s+)?(?:may|might)\s+also\s+like\s*:?|recommended\s+for\s+you|most\s+(?:read|popular)",
    before="^",
    after="$",
)
#: The beginning of an analysis that a machine wrote about the article.
MACHINE_PART: Final = any_of(
    r".{0,80}\bdelivers\s+ai-generated\s+(?:analysis|content|summar)",
    r"the\s+following\s+ai-generated\s+(?:analysis|content|summar)",
    before="^",
)

_NETWORKS: Final = (
    r"(?:x,?\s\(?formerly\s(?:known\sas\s)?twitter\)?|facebook|twitter|x|instagram|tiktok|bluesky|threads|mastodon"
    r"|linkedin|whatsapp|telegram|youtube|e-?mail|substack)"
)
_WRITTEN: Final = r"(?:article|story|post|piece|page|column|essay|op-ed|commentary|letter|link|video|episode)"
_PART_OF_A_SITE: Final = (
    r"(?:newsletters?|e-?mails?|alerts?|updates?|notifications?|briefings?|bulletin|digest|inbox|apps?|podcasts?|channel"
    r"|free\s+trial|(?:digital\s+)?subscription|our\s+(?:web)?site)"
)
# Words between a verb and its object; after a preposition the object is that of another thing.
_SOME_WORDS: Final = r"(?:(?!(?:at|in|on|with|of|by|through|and|or)\b)[\w’'&-]{1,40}\s+){0,6}"
_ADDRESS: Final = r"(?:\S{1,64}@\S{3,}|(?:https?://|www\.)\S+)"
_ONLINE: Final = rf"(?:{_NETWORKS}|social\s+media)"
#: The account on a network: "@janedoe" or "network.com/janedoe".
_ACCOUNT: Final = r"(?:@[\w.\-]{1,64}\)?|(?:https?://)?(?:www\.)?[\w\-]{1,40}\.[a-z]{2,10}/\S{1,80})"
_PROPER: Final = rf"(?-i:(?:[Tt]he\s+)?{_NAME}(?:\s+{_NAME}){{0,4}})"
_OF_OPINION: Final = r"(?:opinions?|commentary|columns?|columnists|op-eds?|editorials?)"
#: What a site sends: the words that name it may stand behind its title.
_SENT: Final = (
    r"(?:(?:in|into|to)\s+(?:your|the)\s+(?:e-?mail\s+)?inbox"
    r"|(?:our|free|daily|weekly|monthly)\s+(?:[\w-]{1,20}\s+){0,2}newsletters?(?!\s+of\b)"
    r"|(?:daily|weekly|free)\s+(?:e-?mails?|briefing|digest|guide|round-?up|bulletin))"
)

BOILERPLATE: Final = any_of(
    r"advert(?:isement)?",
    r"sponsored(?:\s+content)?",
    r"read\s+(?:more|also|next)\W*",
    rf"read\s+more\s+(?:of\s+our|(?:\w+\s+)?from\s+(?:our|us|the\s+author|(?-i:The\s+{_NAME})))\b[^,;]{{0,120}}",
    r"read\s+more\b[^,;]{0,100}\b(?:here|on\s+our\s+(?:web)?site)\W*",
    rf"read\s+(?:more|also|next)\b.{{0,160}}{_ADDRESS}.{{0,60}}",
    rf"read\s+more\s+{_OF_OPINION}\s+(?:at|by|from|in|on)\s+{_PROPER}\W*",
    r"more\s+\w+",
    rf"more\s+from\s+{_PROPER}\W*",
    r"related(?:\s+(?:stories|articles|content|topics|reading|coverage|posts))?(?:\W*|\s*:.{0,120})",
    rf"share(?:\s+this(?:\s+{_WRITTEN})?)?(?:\s+(?:on|via|by)\s+{_ONLINE}\b.{{0,60}}|\s+with\s+(?:your\s+)?friends)?\W*",
    rf"follow\s+(?:(?:us|me|him|her|them)(?:\s*:)?\s+(?:at\s+)?)?(?:@|{_ADDRESS}).{{0,160}}",
    r"follow\s+(?:us|me|him|her|them)\s+for\s+(?:more\b(?!\s+than\b)|the\s+latest\b)[^.,;]{0,80}\W*",
    rf"sign\s+up\s+(?:for|to)\s[^.!?]{{1,120}}\b{_SENT}\b[^.!?]{{0,100}}\W*",
    rf"sign\s+up\s+(?:(?:here|now|today)\s+)?(?:for|to)\s+{_SOME_WORDS}{_PART_OF_A_SITE}\b(?!\s+of\b).{{0,160}}",
    r"(?:sign\s+up|subscribe)(?:\s+(?:here|now|today))?\W*",
    rf"subscribe\s+to\s+{_SOME_WORDS}{_PART_OF_A_SITE}\b(?!\s+of\b).{{0,160}}",
    r"subscribe\s+(?:to\s+(?!your\b|an?\b|no\b|any\b|that\b)[^.,;!?]{2,80}\s)?(?:today|now|here|(?:(?:today|now|here)\s+)?for\s+(?:free|just|only|[$£€\d]"
    r"|full\s+access|unlimited\s+access|as\s+little\s+as)[^,;]{0,120})\W*",
    rf"subscribe\s+to\s+{_PROPER}\W*",
    rf"subscribe\b.{{0,100}}{_ADDRESS}.{{0,60}}",
    r"listen\s+to\s+this\s+(?:article|story)\b.{0,60}",
    r"click\s+here\W*|click\s+here\s+(?:to|for|if)\b[^,;]{0,160}",
    r"\d+\s+min(?:ute)?s?\s+read",
    r"\d*\s*comments?(?:\s*\(\d+\))?",
    r"print(?:\s+this)?|email(?:\s+this)?|tweet|facebook|twitter|linkedin|whatsapp|copy\s+link|save",
    # What an outlet asks for is sent to it; an author may ask whether the reader has an opinion.
    r"(?:do\s+you\s+)?have\s+an?\s+(?:opinion|view|comment)\b[^.?]{0,120}\?(?=.{0,200}\b(?:letters?|e-?mail|submit|tell\s+us"
    r"|let\s+us\s+know|share\s+your|send\s+(?:us|a|your)|write\s+to\s+us|click|contact\s+us|comments?|leave\s+(?:it|them|yours))\b).{0,300}",
    rf"(?:do\s+you\s+)?have\s+an?\s+(?:opinion|view|comment)\s+(?:on|about)\s+(?:this|the)(?:\s+{_WRITTEN})?\?",
    r"comments?\s+(?:are|is)\s+(?:closed|off|disabled)\b[^,;]{0,100}",
    rf"comments?\s+(?:are|is)\s+(?:closed|off|disabled)\s+(?:for|on)\s+this\s+{_WRITTEN}\b.{{0,60}}",
    r"write\s+to\s+us\s+with\s+your\s+(?:thoughts|views?|opinions?|comments?|questions?|ideas)\W*",
    r"write\s+to\s+(?:us|me|the\s+editor)\W*",
    rf"write\s+to\s+(?:us|me|the\s+editor)(?:\s+(?:at|via|c/o)\b|\s*:|.{{0,100}}{_ADDRESS}).{{0,160}}",
    r"reprint\s+requests?\b.{0,120}",
    rf"\(?(?:if|for)\s+you\s+(?:want|would\s+like)\s+to\s+(?:contribute|write)\b"
    rf"(?=.{{0,300}}(?:{_ADDRESS}|\b(?:e-?mail|contact|submit|submissions?|guidelines|write\s+to\s+us|click)\b)).{{0,300}}",
    r"(?:send|submit)\s+(?:a\s+)?letters?\s+to\s+(?:us|the\s+editor|letters)\b.{0,160}",
    rf"(?:send|submit)\s+(?:a\s+)?letters?\s+to\s.{{0,60}}{_ADDRESS}.{{0,100}}|(?:send|submit)\s+(?:a\s+)?letters?\s+to\s+{_ADDRESS}.{{0,100}}",
    r"tags?\s*:.{0,160}",
    r"filed\s+under\b.{0,160}",
    r"skip\s+(?:to|past)\s+(?:the\s+)?(?:main|content|navigation|promotion|newsletter|footer|end|comments)\b[^,;.]{0,60}",
    r"tell\s+us\s+(?:what\s+you\s+think|in\s+the\s+comments)\W*",
    rf"tell\s+us\s+what\s+you\s+think\b.{{0,60}}(?:{_ADDRESS}|\bcomments?\b|\bbelow\b).{{0,60}}",
    r"tell\s+us\s+in\s+the\s+comments\b.{0,100}",
    r"do\s+you\s+(?:dis)?agree\b[^.?]{0,120}\?\s*(?:tell\s+us|let\s+us|write\s+(?:to\s+)?(?:us|the)|share\s+your|e-?mail|join\s+the"
    r"|send\s+(?:us|a|your))\b.{0,160}",
    r"join\s+the\s+(?:conversation|discussion|debate)\W*",
    rf"join\s+the\s+(?:conversation|discussion|debate)\s+(?:below|(?:on|at|with)\s+(?:{_NETWORKS}\b|@|#|{_ADDRESS})"
    r"|in\s+(?:the\s+)?comments|on\s+our).{0,160}",
    r".{1,60}\bis\s+committed\s+to\s+publishing\s+a\s+diversity\s+of\s+letters\b.{0,300}",
    rf"follow\s+(?:us|me|him|her|them|{_PROPER})\s+on\s+social\s+media\W*",
    rf"follow\s+.{{1,80}}\bon\s+{_NETWORKS}(?:[\s,&(:]+(?:and|or|at|{_NETWORKS}|{_ACCOUNT})){{0,20}}"
    r"(?:\s+for\s+(?:more\b(?!\s+than\b)|the\s+latest\b|updates\b)[^.,;]{0,80})?\W*",
    # An appeal names journalism, the reader's help and the gift; an essay on newspapers may name one or two of them.
    r"(?=.{0,400}\b(?:journalism|newsrooms?|reporting)\b)"
    r"(?=.{0,400}\b(?:we\s+need\s+your|your\s+(?:help|support|donation|gift|contribution))\b)"
    r".{0,400}\b(?:donate|contribute|give|subscribe|become\s+a\s+(?:member|subscriber))\b.{0,200}",
    r"image|photos?|video|gallery|opinion|commentary|op-ed|editorial",
    before="^",
    after="$",
)
#: What begins like a button or a teaser, and like many a last sentence ("Share this burden, and ..."). It is
#: boilerplate only if it does not end as a sentence or is a link as a whole.
BOILERPLATE_OR_CALL: Final = any_of(
    r"read\s+(?:more|also|next)\b.{0,160}",
    r"more\s+(?:from|on|in)\b.{0,80}",
    r"related\b.{0,120}",
    r"share\s+(?:this|on|via)\b.{0,60}",
    r"follow\s+(?:us|me|him|her|them)\b.{0,160}",
    r"sign\s+up\s+(?:for|to)\b.{0,200}",
    r"subscribe\b.{0,160}",
    r"click\s+here\b.{0,160}",
    r"(?:do\s+you\s+)?have\s+an?\s+(?:opinion|view|comment)\b.{0,300}",
    r"comments?\s+(?:are|is)\s+(?:closed|off|disabled)\b.{0,100}",
    r"write\s+to\s+(?:us|me|the\s+editor)\b.{0,160}",
    r"\(?(?:if|for)\s+you\s+(?:want|would\s+like)\s+to\s+(?:contribute|write)\b.{0,300}",
    r"(?:send|submit)\s+(?:a\s+)?letters?\s+to\b.{0,160}",
    r"skip\s+(?:to|past)\b.{0,60}",
    r"tell\s+us\s+what\s+you\s+think\b.{0,100}",
    r"join\s+the\s+(?:conversation|discussion|debate)\s+(?:on|in|at|below|with)\b.{0,160}",
    before="^",
    after="$",
)

_WEEKLY: Final = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|daily|weekly|fortnightly|monthly|weeks?|months?)"
)
#: The last lines that printed papers and student papers add: where it was printed, on which days the column appears.
CLOSING_LINE: Final = any_of(
    r"appeared\s+in\s+the\s.{0,60}\bprint\s+edition\b.{0,200}",
    r"a\s+version\s+of\s+this\s+(?:article|column|essay|editorial|op-ed|letter|piece|story)\s+appear(?:s|ed)\s+in\s+"
    r"(?:print|the\s.{0,60}\bedition)\b.{0,240}",
    rf"(?:his|her|their|my|(?-i:{_NAME}(?:\s+{_NAME}){{0,3}}[’']s?))\s+(?:\w+\s+)?columns?\s+(?:usually\s+)?"
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
DATE_LABEL: Final = re.compile(
    r"^(?:(?:first\s+)?(?:published|posted|updated|last\s+(?:updated|modified))(?:\s+(?:on|at))?\s*:?\s*)+",
    re.IGNORECASE,
)
