"""How far an extraction can be trusted, by signals a person can check.

Each signal is a number with a plain meaning; the verdict names those that decided. Walls and shells are told by
what they say *and* by how little else there is: an essay about cookies or paywalls is an essay.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tasks.bodytext import BodyText
from tasks.editorial import is_furniture
from tasks.outcome import OutcomeName
from tasks.prose import count_words, paragraphs_of

__all__ = ["Quality", "judge"]

#: A wall, an error page or a stub has fewer words than this.
FEW_WORDS = 250
STUB_WORDS = 350
MAX_REPLACED = 0.02
MAX_DUPLICATES = 0.5
MAX_BOILERPLATE = 0.5
SHELL_WORDS = 60

_PAYWALL = re.compile(
    r"\b(?:subscribe|subscription|sign in|log in|register|create (?:a |your )?(?:free )?account|become a (?:member|subscriber))\b[^.\n]{0,60}\b(?:to (?:continue|keep|read|unlock|access|view|finish)|for (?:full|unlimited) access)\b"
    r"|\bto (?:continue|keep) reading\b|\b(?:this (?:article|content|story) is (?:only )?(?:available|reserved|exclusively)?\s*(?:for|to) (?:paid |paying )?(?:subscribers|members))\b"
    r"|\b(?:subscriber|member)s?[- ](?:only|exclusive)\b|\balready (?:a |have an? )?(?:subscriber|account|member|subscription)\b|\byou(?:'ve|’ve| have) (?:reached|read|used)\b[^.\n]{0,40}\b(?:limit|free articles?|articles? (?:this|for))\b"
    r"|\bunlock (?:this|the full) (?:article|story)\b|\bcontinue reading (?:with|for|this)\b",
    re.IGNORECASE,
)
_TRUNCATED = re.compile(
    r"(?:\.\.\.|…|\[…\]|\[\.\.\.\])\s*(?:\[?(?:read|continue|see|view|full|more)\b[^\n]{0,60})?$|\b(?:read|continue reading|see|view) (?:the )?(?:more|full (?:article|story|post))\W*$",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"\b(?:we (?:and our partners )?(?:use|store)[^.\n]{0,40}cookies|cookie (?:policy|settings|preferences|notice|consent)|accept (?:all|cookies)|reject all|manage (?:cookies|preferences|consent|choices)|your privacy choices"
    r"|consent to (?:the use|our use|the processing)|legitimate interest|we (?:value|care about|respect) your privacy|gdpr|privacy policy|personalised ads|personalized (?:ads|content))\b",
    re.IGNORECASE,
)
_NOT_FOUND = re.compile(
    r"\b(?:404|page not found|(?:page|article|story|content|url) (?:you(?:'re| are|’re)?[^.\n]{0,40}(?:cannot|can't|can’t|could not|not) be found|(?:cannot|can't|can’t|could not|couldn't|couldn’t|was not) (?:be )?found|no longer (?:exists|available)|does not exist|doesn't exist|doesn’t exist|has been (?:removed|deleted|moved))"
    r"|(?:can't|can’t|cannot|couldn't|couldn’t|could not) (?:seem to )?find (?:the|that|this) (?:page|article)|no longer available|has been removed|nothing (?:was )?found|doesn't exist|error 40[34]|access denied|403 forbidden|410 gone)\b",
    re.IGNORECASE,
)
_NOT_FOUND_TITLE = re.compile(
    r"\b(?:404|403|410|not found|page (?:missing|unavailable)|error|access denied|oops|forbidden|just a moment|attention required|are you a robot)\b",
    re.IGNORECASE,
)
_CHALLENGE = re.compile(
    r"\b(?:checking your browser|verify (?:that )?you are (?:a )?human|enable cookies and reload|unusual traffic|are you a robot|captcha|ddos protection|ray id|please turn javascript on|bot (?:detection|protection)|performing security verification)\b",
    re.IGNORECASE,
)
_NEEDS_SCRIPT = re.compile(
    r"\b(?:enable|turn on|activate|requires?|need)\b[^.\n]{0,40}\bjava\s?script\b|\bjava\s?script\b[^.\n]{0,40}\b(?:is )?(?:disabled|required|not enabled|turned off)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quality:
    """The verdict on an extraction.

    Attributes
    ----------
    score
        Confidence that ``text`` is the piece and all of it, 0 to 1.
    flags
        Names of the signals that lowered it.
    signals
        Every measured number, for ``--explain``.
    outcome, reason
        What the text ends as where it must not be scored, and why; None where it may.
    """

    score: float
    flags: tuple[str, ...]
    signals: Mapping[str, float]
    outcome: OutcomeName | None = None
    reason: str | None = None
    costs: Mapping[str, float] = field(default_factory=dict)


def judge(
    text: str,
    *,
    page: BodyText | None,
    title: str | None,
    min_words: int,
    min_quality: float,
    replaced: float = 0.0,
    free: bool | None = None,
    scripts: int = 0,
) -> Quality:
    """Measure an extraction and decide whether it may be scored.

    Parameters
    ----------
    text
        The body as it would be stored.
    page
        Where it came from; None for plain texts, which have no page around them.
    title
        The page's title, where error pages confess.
    min_words, min_quality
        The configured limits.
    replaced
        Share of characters that could not be decoded.
    free
        JSON-LD ``isAccessibleForFree``: False says there is a paywall.
    scripts
        Number of script elements on the page.
    """
    signals = _signals(text, page, replaced)
    words = int(signals["words"])
    costs: dict[str, float] = {}
    if page is not None and signals["agreement"] < 0.9:
        costs["extractors_disagree"] = round(0.4 * (1 - signals["agreement"]), 4)
    if page is not None and signals["page_share"] < 0.15 and signals["page_words"] > 400:
        costs["little_of_the_page"] = 0.15
    if signals["paywall"]:
        costs["paywall"] = 0.5 if free is False or words < STUB_WORDS else 0.1
    elif free is False and words < STUB_WORDS:
        costs["paywall"] = 0.3
    if signals["truncated"]:
        costs["truncated"] = 0.3 if words < STUB_WORDS else 0.1
    if signals["unfinished"]:
        costs["unfinished"] = 0.05
    if signals["consent_share"] > 0.1:
        costs["consent_text"] = min(0.5, signals["consent_share"])
    if signals["duplicate_share"] > 0.1:
        costs["duplicate_paragraphs"] = min(0.6, signals["duplicate_share"])
    if signals["boilerplate_share"] > 0.15:
        costs["boilerplate"] = min(0.6, signals["boilerplate_share"])
    if signals["replaced"] > 0.001:
        costs["undecodable"] = min(0.5, 10 * signals["replaced"])
    if page is not None and page.failed:
        costs["extractor_failed"] = 0.05
    score = round(max(0.0, 1.0 - sum(costs.values())), 4)
    verdict = _verdict(text, page, title, signals, free=free, scripts=scripts, min_words=min_words)
    if verdict is None and score < min_quality:
        worst = ", ".join(sorted(costs, key=lambda name: -costs[name])[:3]).replace("_", " ")
        verdict = ("low_quality", f"confidence {score:.2f} is below {min_quality:.2f}: {worst}")
    outcome, reason = verdict or (None, None)
    return Quality(score, tuple(costs), signals, outcome, reason, costs)


def _signals(text: str, page: BodyText | None, replaced: float) -> dict[str, float]:
    paragraphs = paragraphs_of(text)
    words = count_words(text)
    lengths = [len(paragraph) for paragraph in paragraphs]
    total = sum(lengths) or 1
    seen: set[str] = set()
    repeated = 0
    for paragraph in paragraphs:
        key = paragraph.casefold()
        repeated += len(paragraph) if key in seen and len(paragraph) > 20 else 0
        seen.add(key)
    consent = sum(len(paragraph) for paragraph in paragraphs if _CONSENT.search(paragraph))
    boiler = sum(len(paragraph) for paragraph in paragraphs if is_furniture(paragraph) or _is_menu(paragraph))
    page_words = count_words(page.page_text) if page is not None else words
    return {
        "words": float(words),
        "paragraphs": float(len(paragraphs)),
        "page_words": float(page_words),
        "page_share": round(words / page_words, 4) if page_words else 0.0,
        "agreement": round(page.agreement, 4) if page is not None else 1.0,
        "paywall": float(
            bool(
                _PAYWALL.search(text)
                or (page is not None and words < STUB_WORDS and _PAYWALL.search(page.page_text))
            )
        ),
        "truncated": float(bool(_TRUNCATED.search(text))),
        "unfinished": float(
            bool(paragraphs) and not re.search(r"[.!?…。！？:][\"'”’)\]*_]*$", paragraphs[-1])
        ),
        "consent_share": round(consent / total, 4),
        "duplicate_share": round(repeated / total, 4),
        "boilerplate_share": round(boiler / total, 4),
        "replaced": round(max(replaced, text.count("\ufffd") / max(len(text), 1)), 6),
    }


def _verdict(
    text: str,
    page: BodyText | None,
    title: str | None,
    signals: Mapping[str, float],
    *,
    free: bool | None,
    scripts: int,
    min_words: int,
) -> tuple[OutcomeName, str] | None:
    """Return the first reason not to score a text, the most telling first."""
    words = int(signals["words"])
    seen = page.page_text if page is not None else text
    seen_words = int(signals["page_words"])
    # The rules for pages that are no article: they speak about themselves and say little else.
    if words < FEW_WORDS:
        if _CHALLENGE.search(seen) and seen_words < FEW_WORDS:
            return (
                "low_quality",
                "the page asks to prove that a person reads it (bot check), there is no article on it",
            )
        if (
            page is not None
            and (_NEEDS_SCRIPT.search(seen) or (scripts and seen_words < SHELL_WORDS))
            and words < SHELL_WORDS
        ):
            return (
                "extract_failed",
                "the page is built by scripts in the browser: its HTML holds no article text",
            )
        if title and _NOT_FOUND_TITLE.search(title) and _NOT_FOUND.search(f"{title}\n{seen}"):
            return "low_quality", f"an error page that was served as an article (title {title[:60]!r})"
        if words < min_words and _NOT_FOUND.search(seen):
            return "low_quality", "an error page that was served as an article"
        if signals["consent_share"] > 0.4 or (words < min_words and len(_CONSENT.findall(seen)) >= 3):
            return "low_quality", "a cookie or consent notice stands in place of the article"
        if signals["paywall"] or (free is False and words < min_words):
            return "low_quality", f"a paywall: only the first {words} words of the article are on the page"
    if not words:
        return (
            "extract_failed",
            "no article text was found on the page" if page is not None else "there is no text in it",
        )
    if signals["boilerplate_share"] > MAX_BOILERPLATE:
        return (
            "low_quality",
            f"{signals['boilerplate_share']:.0%} of the text is navigation and other boilerplate",
        )
    if signals["truncated"] and words < FEW_WORDS and page is not None:
        return "low_quality", f"cut off after {words} words: a teaser, not the article"
    if words < min_words:
        return "too_short", f"{words} words; at least {min_words} are needed"
    if signals["replaced"] > MAX_REPLACED:
        return "low_quality", f"{signals['replaced']:.1%} of the characters could not be decoded"
    if signals["duplicate_share"] > MAX_DUPLICATES:
        return "low_quality", f"{signals['duplicate_share']:.0%} of the text repeats paragraphs above"
    if _is_gibberish(text):
        return "low_quality", "it does not read like prose: hardly any words of ordinary length"
    return None


def _is_menu(paragraph: str) -> bool:
    words = paragraph.split()
    return len(words) <= 4 and not re.search(r"[.!?…:,;][\"'”’)\]]*$", paragraph)


def _is_gibberish(text: str) -> bool:
    sample = text[:20_000]
    letters = sum(1 for character in sample if character.isalpha() or character.isspace())
    longest = max((len(word) for word in sample.split()), default=0)
    wide = sum(1 for character in sample if ord(character) > 0x2E80)
    return letters < 0.6 * len(sample) or (longest > 1_000 and wide < 0.3 * len(sample))
