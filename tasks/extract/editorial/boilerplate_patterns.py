"""Patterns for the boilerplate around articles in newspapers: one custom on each line."""

from __future__ import annotations

from typing import Final

from tasks.extract.patterns import NAME, any_of

__all__ = ["BOILERPLATE", "BOILERPLATE_OR_CALL", "INTERRUPTION", "LIST_HEADING", "MACHINE_PART"]

_SENT_TO: Final = (
    r"(?:sent|delivered|straight|direct(?:ly)?)\s+(?:straight\s+|direct(?:ly)?\s+)?(?:in|into|to)"
)
_INTO_INBOX: Final = rf"{_SENT_TO}\s+your\s+(?:e-?mail\s+)?inbox\b"
#: A paragraph that is boilerplate also between the author's paragraphs; it must match from first to last letter.
INTERRUPTION: Final = any_of(
    r"(?:story|article|column|content)\s+continues(?:\s+(?:below|after)\b.{0,40})?",
    r"(?:skip\s+)?advertisement|advertisement\s*[-–—:]\s*(?:scroll|(?:story|article)\s+continues)\b.{0,40}",
    r"\[\s*(?:read|related|watch|listen|see\s+also|also\s+read)\b[^\]]{0,200}\]",
    # A headline has no full stop at its end.
    r"(?:read\s+more(?:\s+on\s+this(?:\s+\w{1,20})?)?|related(?:\s+(?:article|story))?|read\s+(?:also|next)|also\s+read"
    r"|see\s+also|more)\s*:\s*.{2,160}(?<![.!])",
    rf"(?:sign\s+up|subscribe|stay\s+updated|get|receive)\b[^.!?]{{1,160}}\b(?:newsletters?|briefings?|e-?mails?)\b[^.!?]{{0,100}}"
    rf"\b{_INTO_INBOX}[^.!?]{{0,80}}[.!]*",
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
_PROPER: Final = rf"(?-i:(?:[Tt]he\s+)?{NAME}(?:\s+{NAME}){{0,4}})"
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
    rf"read\s+more\s+(?:of\s+our|(?:\w+\s+)?from\s+(?:our|us|the\s+author|(?-i:The\s+{NAME})))\b[^,;]{{0,120}}",
    r"read\s+more\b[^,;]{0,100}\b(?:here|on\s+our\s+(?:web)?site)\W*",
    rf"read\s+(?:more|also|next)\b.{{0,160}}{_ADDRESS}.{{0,60}}",
    rf"read\s+more\s+{_OF_OPINION}\s+(?:at|by|from|in|on)\s+{_PROPER}\W*",
    r"more\s+\w+",
    rf"(?:read\s+)?more\s+from\s+{_PROPER}\W*",
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
    rf"(?:get|receive)\b[^.!?]{{1,160}}\b{_INTO_INBOX}[^.!?]{{0,80}}\W*",
    r"be\s+the\s+first\s+to\s+know\W*",
    r"what\s+do\s+you\s+think\?\s*(?:share|tell|let|join|leave|send|write|e-?mail|comment)\b.{0,160}",
    r"share\s+your\s+(?:thoughts|views?|opinions?)\s+(?:in\s+the\s+comments|below)\b.{0,80}",
    rf"if\s+you\s+(?:enjoyed|liked)\s+this\s+{_WRITTEN}\b.{{0,60}}\b(?:clap|subscrib|follow|share|consider).{{0,120}}",
    r"reprint\s+requests?\b.{0,120}",
    rf"\(?(?:if|for)\s+you\s+(?:want|would\s+like)\s+to\s+(?:contribute|write)\b"
    rf"(?=.{{0,300}}(?:{_ADDRESS}|\b(?:e-?mail|contact|submit|submissions?|guidelines|write\s+to\s+us|click)\b)).{{0,300}}",
    r"(?:send|submit)\s+(?:a\s+)?letters?(?:,[^,]{4,60},)?\s+to\s+(?:us|the\s+editor|letters)\b.{0,160}",
    r"(?:send|submit)\s+your\s+letters?\s+(?:(?:to\s+the\s+editor\s+)?(?:via|using|through|here|online)|to)\b.{0,160}",
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
