"""How far an extraction can be trusted, by signals that a person can check.

Each signal is a number with a plain meaning, and the verdict names the signals that decided. Paywalls and error pages
are recognised by their words *and* by how little other text there is: an essay about cookies or paywalls is an essay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tasks.extract.body.bodytext import BodyText
from tasks.extract.judgment.phrases import (
    CHALLENGE,
    CLOSED,
    CONSENT,
    NEEDS_SCRIPT,
    NOT_FOUND,
    NOT_FOUND_TITLE,
    OFFER,
    PAYWALL,
    PAYWALL_IF_CUT,
    PAYWALL_LABEL,
    TRUNCATED,
    WALL,
)
from tasks.extract.paragraphs.paragraph_kinds import is_boilerplate
from tasks.outcome import OutcomeName
from tasks.text.prose import count_words, paragraphs_of

__all__ = ["Quality", "assess"]

#: An error page, a consent notice, a teaser or the text above a paywall has fewer words than this.
FEW_WORDS = 250
#: A text of fewer words may be only the beginning of an article; it is one if a paywall is right below it.
STUB_WORDS = 350
#: Lines of more words above a paywall are the author's, and the paywall begins within so many characters below them.
WALL_WORDS, BELOW = 20, 300
MAX_REPLACED = 0.02
MAX_DUPLICATES = 0.5
MAX_BOILERPLATE = 0.5
SHELL_WORDS = 60
MENU_LENGTH = 60
#: The length of a short book. A page of 8 kB sent can unpack to a text of 8 MB, which takes too long to classify.
MAX_CHARACTERS = 500_000
#: A paywall is searched for in so many characters at the end of the readable text.
TAIL = 2_000

# As `tasks.text.prose.SENTENCE_END`; also a colon, as above a list, the marks of Chinese, and those of Markdown.
_SENTENCE_END = re.compile(r"[.!?…。！？:][\"'”’)\]*_]*$")
_OF_COMMENTS = re.compile(r"\b(?:comment(?:s|ing)?|conversation|discussion)\b", re.IGNORECASE)
#: Whether a rule applies, the outcome of the text if it does, and the reason.
_Rule = tuple[bool, OutcomeName, str]


@dataclass(frozen=True, slots=True)
class Quality:
    """How far an extraction can be trusted, and the verdict on it.

    Attributes
    ----------
    score
        Confidence that ``text`` is the article and all of it, 0 to 1.
    flags
        Names of the signals that lowered it.
    signals
        Every measured number, for ``--explain``.
    verdict
        The outcome of a text that must not be stored, and the reason; None if it may be stored.
    costs
        What each flag takes away from the score.
    """

    score: float
    flags: tuple[str, ...]
    signals: Mapping[str, float]
    verdict: tuple[OutcomeName, str] | None = None
    costs: Mapping[str, float] = field(default_factory=dict)


def assess(
    text: str,
    *,
    page: BodyText | None,
    title: str | None,
    min_words: int,
    min_quality: float,
    beside: str = "",
    replaced: float = 0.0,
    free: bool | None = None,
    goes_on_at: str | None = None,
    listing: str | None = None,
    scripts: int = 0,
    several_authors: bool = False,
) -> Quality:
    """Measure an extraction and decide whether it may be stored.

    Parameters
    ----------
    text
        The body in the form in which it would be stored.
    page
        The page that it came from; None for plain texts, which have no page around them.
    title
        The page's title; error pages often say there that they are one.
    min_words, min_quality
        The configured limits.
    beside
        Text that was removed as boilerplate; it often holds a paywall's invitation to subscribe.
    replaced
        Share of characters that could not be decoded.
    free
        What the page states of itself: False means that there is a paywall.
    goes_on_at
        Address of the next page of the same article; this page is then only a part of it.
    listing
        JSON-LD type with which the page calls itself a list of articles.
    scripts
        Number of script elements on the page.
    several_authors
        Whether the text may be that of several authors, of whom only the first would be named.
    """
    signals = _signals(text, page, beside, replaced, free)
    costs = _costs(signals, page, free=free, several_authors=several_authors)
    score = round(max(0.0, 1.0 - sum(costs.values())), 4)
    case = _Case(text, page, title or "", signals, free=free, scripts=scripts, min_words=min_words)
    rules = (
        (listing is not None, "low_quality", f"a list of articles: the page calls itself {listing}"),
        *_not_an_article(case),
        *_not_good_enough(case),
        (goes_on_at is not None, "low_quality", f"only a part of the article: it goes on at {goes_on_at}"),
    )
    verdict = next(((outcome, reason) for applies, outcome, reason in rules if applies), None)
    if verdict is None and score < min_quality:
        worst = ", ".join(sorted(costs, key=lambda name: -costs[name])[:3]).replace("_", " ")
        verdict = ("low_quality", f"confidence {score:.2f} is below {min_quality:.2f}: {worst}")
    return Quality(score, tuple(costs), signals, verdict, costs)


def _costs(
    signals: Mapping[str, float], page: BodyText | None, *, free: bool | None, several_authors: bool
) -> dict[str, float]:
    """Give what each signal takes away from the confidence in an extraction; a signal without a cost is left out."""
    is_stub = int(signals["words"]) < STUB_WORDS
    costs: dict[str, float] = {}
    if page is not None and signals["agreement"] < 0.9:
        costs["extractors_disagree"] = round(0.4 * (1 - signals["agreement"]), 4)
    if page is not None and signals["page_share"] < 0.15 and signals["page_words"] > 400:
        costs["little_of_the_page"] = 0.15
    if signals["paywall"]:
        costs["paywall"] = 0.5 if free is False or is_stub else 0.1
    elif free is False and is_stub:
        costs["paywall"] = 0.3
    if signals["truncated"]:
        costs["truncated"] = 0.3 if is_stub else 0.1
    if signals["unfinished"]:
        costs["unfinished"] = 0.05
    costs |= _costs_of_shares(signals)
    if several_authors:
        costs["several_authors"] = 0.4
    if page is not None and page.failed:
        costs["extractor_failed"] = 0.05
    return costs


def _costs_of_shares(signals: Mapping[str, float]) -> dict[str, float]:
    """Give the costs of what is in the text but is no prose of an author."""
    costs: dict[str, float] = {}
    if signals["consent_share"] > 0.1:
        costs["consent_text"] = min(0.5, signals["consent_share"])
    if signals["duplicate_share"] > 0.1:
        costs["duplicate_paragraphs"] = min(0.6, signals["duplicate_share"])
    if signals["boilerplate_share"] > 0.15:
        costs["boilerplate"] = min(0.6, signals["boilerplate_share"])
    if signals["replaced"] > 0.001:
        costs["undecodable"] = min(0.5, 10 * signals["replaced"])
    return costs


def _signals(
    text: str, page: BodyText | None, beside: str, replaced: float, free: bool | None
) -> dict[str, float]:
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
    consent = sum(len(paragraph) for paragraph in paragraphs if CONSENT.search(paragraph))
    boiler = sum(
        len(paragraph) for paragraph in paragraphs if is_boilerplate(paragraph) or _is_menu(paragraph)
    )
    # Many pages invite people to subscribe around the text; it is a paywall only if the text stops early.
    cut = bool(TRUNCATED.search(text)) or (bool(paragraphs) and not _SENTENCE_END.search(paragraphs[-1]))
    end = f"{text[-TAIL:]}\n{beside}"
    above = next(
        (paragraph for paragraph in reversed(paragraphs) if not PAYWALL_IF_CUT.search(paragraph)), ""
    )
    stops_early = cut or free is False or (bool(above) and not _SENTENCE_END.search(above))
    walled = (
        bool(PAYWALL.search(end) or PAYWALL_LABEL.search(end))
        or (stops_early and bool(PAYWALL_IF_CUT.search(end)))
        or (
            page is not None
            and words < STUB_WORDS
            and (free is False or (cut and free is None))
            and bool(PAYWALL.search(page.page_text) or PAYWALL_IF_CUT.search(page.page_text))
        )
    )
    page_words = count_words(page.page_text) if page is not None else words
    return {
        "words": float(words),
        "paragraphs": float(len(paragraphs)),
        "page_words": float(page_words),
        "page_share": round(words / page_words, 4) if page_words else 0.0,
        "agreement": round(page.agreement, 4) if page is not None else 1.0,
        "paywall": float(walled),
        "truncated": float(bool(TRUNCATED.search(text))),
        "unfinished": float(bool(paragraphs) and not _SENTENCE_END.search(paragraphs[-1])),
        "consent_share": round(consent / total, 4),
        "duplicate_share": round(repeated / total, 4),
        "boilerplate_share": round(boiler / total, 4),
        "replaced": round(max(replaced, text.count("\ufffd") / max(len(text), 1)), 6),
    }


@dataclass(frozen=True, slots=True)
class _Case:
    """The values that the rules use."""

    text: str
    page: BodyText | None
    title: str
    signals: Mapping[str, float]
    free: bool | None
    scripts: int
    min_words: int

    @property
    def words(self) -> int:
        return int(self.signals["words"])

    @property
    def seen(self) -> str:
        """All text that is visible on the page, or the text itself if there is no page."""
        return self.page.page_text if self.page is not None else self.text

    @property
    def seen_words(self) -> int:
        return int(self.signals["page_words"])

    @property
    def ends_at_a_wall(self) -> bool:
        """Whether a subscription is asked for right below a text of few words.

        The page of a whole article asks too, but above the text, farther below it, or to read the comments. So the page
        must say that it is not free, or of the piece that it is for subscribers.
        """
        if self.page is None or self.free is True or self.words >= STUB_WORDS:
            return False
        lines = _right_below(self.text, self.page.page_text).split("\n")
        below = [line for line in lines if not _OF_COMMENTS.search(line)]
        if self.free is None:
            return any(map(CLOSED.search, below))
        return any(map(WALL.search, below)) or (self.words < FEW_WORDS and any(map(OFFER.search, below)))


def _not_an_article(case: _Case) -> Iterator[_Rule]:
    """Find pages that are not articles: most of their text is about the page itself."""
    words, seen, few = case.words, case.seen, case.words < case.min_words
    stub = f"a paywall: only the first {words} words of the article are on the page"
    if words >= FEW_WORDS:
        yield case.ends_at_a_wall, "low_quality", stub
        return
    is_not_found = bool(NOT_FOUND_TITLE.search(case.title) and NOT_FOUND.search(f"{case.title}\n{seen}"))
    scripted = bool(NEEDS_SCRIPT.search(seen)) or (case.scripts > 0 and case.seen_words < SHELL_WORDS)
    yield (
        bool(CHALLENGE.search(seen)) and case.seen_words < FEW_WORDS,
        "low_quality",
        "a bot check stands in place of the article",
    )
    yield (
        is_not_found,
        "low_quality",
        f"an error page that was served as an article (title {case.title[:60]!r})",
    )
    yield (
        case.page is not None and scripted and words < SHELL_WORDS,
        "extract_failed",
        "the page is built by scripts in the browser: its HTML holds no article text",
    )
    yield few and bool(NOT_FOUND.search(seen)), "low_quality", "an error page that was served as an article"
    yield (
        case.signals["consent_share"] > 0.4 or (few and len(CONSENT.findall(seen)) >= 3),
        "low_quality",
        "a cookie or consent notice stands in place of the article",
    )
    yield (
        case.signals["paywall"] > 0 or (case.free is False and few) or case.ends_at_a_wall,
        "low_quality",
        stub,
    )


def _not_good_enough(case: _Case) -> Iterator[_Rule]:
    """Find texts that are too short, or that consist too much of other things than an article."""
    words, signals = case.words, case.signals
    nothing = "no article text was found on the page" if case.page is not None else "there is no text in it"
    short = f"{words} words; at least {case.min_words} are needed"
    yield not words, "extract_failed", nothing
    # A text without a page around it has no menu: "not available" in a cell is a text of two words.
    yield case.page is None and words < case.min_words, "too_short", short
    yield (
        signals["boilerplate_share"] > MAX_BOILERPLATE,
        "low_quality",
        f"{signals['boilerplate_share']:.0%} of the text is navigation and other boilerplate",
    )
    yield (
        signals["truncated"] > 0 and words < FEW_WORDS and case.page is not None,
        "low_quality",
        f"cut off after {words} words: a teaser, not the article",
    )
    yield (
        signals["replaced"] > MAX_REPLACED,
        "low_quality",
        f"{signals['replaced']:.1%} of the characters could not be decoded",
    )
    yield (
        signals["duplicate_share"] > MAX_DUPLICATES,
        "low_quality",
        f"{signals['duplicate_share']:.0%} of the text repeats paragraphs above",
    )
    yield words < case.min_words, "too_short", short
    yield (
        _is_gibberish(case.text),
        "low_quality",
        "it does not read like prose: hardly any words of ordinary length",
    )
    yield (
        len(case.text) > MAX_CHARACTERS,
        "too_large",
        f"the text has {len(case.text):,} characters: no piece of commentary is so long",
    )


def _right_below(text: str, page: str) -> str:
    """Give the characters of a page after the author's last long line; none if they cannot be found."""
    lines = [line for line in paragraphs_of(text) if count_words(line) > WALL_WORDS]
    end = lines[-1][-60:] if lines else ""
    return page.rpartition(end)[2][:BELOW] if end and end in page else ""


def _is_menu(paragraph: str) -> bool:
    words = paragraph.split()
    return (
        len(words) <= 4
        and len(paragraph) <= MENU_LENGTH
        and not re.search(r"[.!?…:,;][\"'”’)\]]*$", paragraph)
    )


def _is_gibberish(text: str) -> bool:
    sample = text[:20_000]
    if sum(map(str.isalpha, sample)) + sum(map(str.isspace, sample)) < 0.6 * len(sample):
        return True
    if max(map(len, sample.split()), default=0) <= 1_000:
        return False
    return sum(character > "\u2e80" for character in sample) < 0.3 * len(sample)
