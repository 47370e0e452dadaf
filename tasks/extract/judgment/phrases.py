"""Patterns for the texts of paywalls, stubs and error pages: one usual phrase on each line."""

from __future__ import annotations

import re
from typing import Final

from tasks.extract.patterns import any_of

__all__ = [
    "CHALLENGE",
    "CLOSED",
    "CONSENT",
    "NEEDS_SCRIPT",
    "NOT_FOUND",
    "NOT_FOUND_TITLE",
    "OFFER",
    "PAYWALL",
    "PAYWALL_IF_CUT",
    "PAYWALL_LABEL",
    "TRUNCATED",
    "WALL",
]

#: An invitation to a newsletter or a podcast is no paywall.
_REST = r"(?:(?!newsletter|e-?mail|podcast)[^.\n]){0,60}"

_JOIN = (
    rf"(?:(?:subscribe|subscription|sign in|log in|register|become a (?:member|subscriber)){_REST}"
    rf"|create (?:a |your )?(?:free )?account{_REST})"
)
_BUTTON_END = r"[ \t]*(?:more[ \t]*)?(?:[.!?…:|»>→]|\n|\Z)"
_OF_THE_PAGE = (
    r"[^.\n]{0,40}\b(?:articles?|stor(?:y|ies)|content|posts?|unlimited|exclusive|premium|journalism)\b"
    r"|[^.\n]{0,20}\b(?:this|the rest of the|the (?:full|whole|entire)) (?:columns?|pieces?|essays?|editorials?|page"
    r"|texts?|analysis|(?:opinion )?section)\b"
    r"|[^.\n]{0,20}\b(?:all (?:of )?)?our (?:[a-z]{1,20} and )?(?:opinions?|analysis|coverage|commentary|reporting)\b"
    rf"|[^.\n]{{0,20}}\beverything(?: we| on| from|(?={_BUTTON_END}))"
)
#: The price, the account or the other way in that follows "to continue"; what an author continues is not among them.
_WAY_IN = (
    r",? (?:or )?(?:log|sign)[ -]?in\b|, (?:or )?(?:register|subscribe)\b"
    r"| for (?:free|just|only|as little|less|[$£€\d])"
    r"| with (?:an?|your|full|unlimited)\b[^.\n]{0,30}\b(?:account|subscription|trial|access|membership)\b"
)
_MEMBER = r"already (?:a (?:paid |paying )?|have an? )?(?:subscriber|account|member|subscription)"
_REACHED = r"you(?:['’]ve| have) (?:reached|read|used)[^.\n]{0,40}\b"
_FOR_SUBSCRIBERS = (
    r"is (?:only |exclusively )?(?:available |reserved )?(?:for|to) (?:our )?(?:paid |paying )?"
    rf"(?:subscribers(?: on the [^.\n]{{1,40}})?|members)(?: only)?(?={_BUTTON_END})"
)

_WALLS = (
    rf"{_JOIN}\bto (?:continue|keep) reading",
    rf"{_JOIN}\bto (?:continue|read(?: on)?|unlock|access|view|finish)(?={_BUTTON_END}|{_OF_THE_PAGE})",
    rf"{_JOIN}\bto continue(?={_WAY_IN})",
    r"(?:subscribe|subscription|sign in|register) for (?:full|unlimited) access",
    r"to (?:continue|keep) reading",
    r"this (?:article|content|story) is (?:only |exclusively )?(?:available |reserved )?"
    r"(?:for|to) (?:paid |paying |our )?(?:subscribers|members)",
    # A post for "members of Congress" is the author's.
    rf"this (?:post|column|piece|page|newsletter|episode|essay) {_FOR_SUBSCRIBERS}",
    rf"{_REACHED}(?:free articles?|articles? (?:this|for)|(?:articles?|free|monthly|reading|story) limit"
    r"|limit of (?:your |our )?(?:free|monthly|\d+)\b"
    r"|(?<=your )limit[.!:]?\s{1,2}(?:subscribe|register|sign in|log in|become)\b)",
    r"unlock (?:this|the full) (?:article|story)",
    r"continue reading (?:with|for|this)",
)
#: Words of a paywall: they speak of reading this page, or end where a button ends.
PAYWALL: Final = any_of(
    *_WALLS,
    rf"{_MEMBER}(?=[ \t]*(?:[?|]|\n|\Z)|[^.\n]{{0,20}}\b(?:log|sign)[ -]?in\b)",
    before=r"\b",
    after=r"\b",
)

#: The same without "Already a subscriber? Log in", which also stands above the comments on a whole article.
WALL: Final = any_of(*_WALLS, before=r"\b", after=r"\b")

#: Words with which a page says of its own piece that it is closed; no page shows them below a whole piece.
CLOSED: Final = any_of(
    rf"this (?:article|story|post|column|piece|page|newsletter|episode|essay) {_FOR_SUBSCRIBERS}",
    before=r"\b",
    after=r"\b",
)

_PRICE: Final = r"[$£€]\d[\d.,]{0,6}"
#: The price of a subscription, or the choice between several.
OFFER: Final = any_of(
    rf"(?:subscribe|subscription|try|join|start|access)\b[^.\n]{{0,60}}\b(?:for|from|at) (?:just |only )?{_PRICE}",
    rf"{_PRICE}(?: (?:a|per|for (?:the|your) first) ?| ?/ ?)(?:month|week|year)",
    r"(?:choose|pick|select) (?:your|a|the) (?:plan|subscription|offer)",
    r"start your (?:free )?(?:trial|subscription)",
    before=r"(?<!\w)",
    after=r"\b",
)

#: Words that an invitation or an author may write too; they show a paywall only where the text stops early.
PAYWALL_IF_CUT: Final = any_of(
    rf"{_JOIN}\bto (?:continue|read|unlock|access|view|finish)",
    _MEMBER,
    rf"{_REACHED}limit",
    r"(?:subscriber|member)s?[- ](?:only|exclusive)",
    before=r"\b",
    after=r"\b",
)

#: Labels that are also printed beside links to other articles; inside a sentence they are the author's words.
PAYWALL_LABEL: Final = re.compile(
    r"^\W{0,5}(?:for |this (?:(?:article|column|content|page|piece|post|story) )?is (?:an? )?)?"
    r"(?:subscriber|member)s?[- ](?:only|exclusive)(?: (?:article|column|content|piece|post|story))?\W{0,5}$",
    re.IGNORECASE | re.MULTILINE,
)

TRUNCATED: Final = any_of(
    r"(?:\.\.\.|…|\[…\]|\[\.\.\.\])\s*(?:\[?(?:read|continue|see|view|full|more)\b[^\n]{0,60})?",
    r"\b(?:read|continue reading|see|view) (?:the )?(?:more|full (?:article|story|post))\W*",
    after=r"$",
)

CONSENT: Final = any_of(
    r"we (?:and our partners )?(?:use|store)[^.\n]{0,40}cookies",
    r"cookie (?:policy|settings|preferences|notice|consent)",
    r"accept (?:all|cookies)",
    r"reject all",
    r"manage (?:cookies|preferences|consent|choices)",
    r"your privacy choices",
    r"consent to (?:the use|our use|the processing)",
    r"legitimate interest",
    r"we (?:value|care about|respect) your privacy",
    r"gdpr",
    r"privacy policy",
    r"personali[sz]ed (?:ads|content)",
    before=r"\b",
    after=r"\b",
)

_CANNOT = r"(?:can(?:not|['’]t)|could(?: not|n['’]t)|was not)"
NOT_FOUND: Final = any_of(
    r"404",
    r"page not found",
    rf"(?:page|article|story|content|url) (?:you(?:['’]?re| are)?[^.\n]{{0,40}} )?{_CANNOT} (?:be )?found",
    rf"{_CANNOT} (?:seem to )?find (?:the|that|this) (?:page|article)",
    r"(?:page|article|story|content|url)[^.\n]{0,40} (?:no longer exists|does(?: not|n['’]t) exist)",
    r"(?:is|are) no longer available",
    r"has been (?:removed|deleted)",
    r"nothing (?:was )?found",
    r"error 40[34]",
    r"access denied",
    r"403 forbidden",
    r"410 gone",
    before=r"\b",
    after=r"\b",
)
NOT_FOUND_TITLE: Final = any_of(
    r"40[34]",
    r"410",
    r"not found",
    r"page (?:missing|unavailable)",
    r"error",
    r"access denied",
    r"oops",
    r"forbidden",
    before=r"\b",
    after=r"\b",
)

CHALLENGE: Final = any_of(
    r"checking your browser",
    r"verify(?:ing)? (?:that )?you are (?:a )?human",
    r"enable cookies and reload",
    r"unusual traffic",
    r"are you a robot",
    r"captcha",
    r"ddos protection",
    r"ray id",
    r"bot (?:detection|protection)",
    r"performing security verification",
    before=r"\b",
    after=r"\b",
)

NEEDS_SCRIPT: Final = any_of(
    r"(?:enable|turn on|activate|requires?|needs?)\b[^.\n]{0,40}\bjava\s?script",
    r"java\s?script\b[^.\n]{0,40}\b(?:is )?(?:disabled|required|not enabled|turned off)",
    before=r"\b",
    after=r"\b",
)
