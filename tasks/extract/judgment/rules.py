"""The rules by which a text is not stored, each with its outcome and its reason.

Paywalls and error pages are recognised by their words *and* by how little other text there is: an essay about cookies
or paywalls is an essay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tasks.extract.judgment.phrases import (
    CHALLENGE,
    CLOSED,
    CONSENT,
    NEEDS_SCRIPT,
    NOT_FOUND,
    NOT_FOUND_TITLE,
    OFFER,
    WALL,
)
from tasks.extract.judgment.signals import STUB_WORDS
from tasks.extract.read_page import ReadPage
from tasks.outcome import OutcomeName
from tasks.text.prose import count_words, paragraphs_of

__all__ = ["Case", "Verdict", "verdict_on"]

#: An error page, a consent notice, a teaser or the text above a paywall has fewer words than this.
FEW_WORDS = 250
#: Lines of more words above a paywall are the author's, and the paywall begins within so many characters below them.
WALL_WORDS, BELOW = 20, 300
MAX_REPLACED = 0.02
MAX_DUPLICATES = 0.5
MAX_BOILERPLATE = 0.5
SHELL_WORDS = 60
#: The length of a short book. A page of 8 kB sent can unpack to a text of 8 MB, which takes too long to classify.
MAX_CHARACTERS = 500_000

_OF_COMMENTS = re.compile(r"\b(?:comment(?:s|ing)?|conversation|discussion)\b", re.IGNORECASE)

Verdict = tuple[OutcomeName, str]
"""The outcome of a text that must not be stored, and the reason."""
_Rule = tuple[bool, OutcomeName, str]
"""Whether a rule applies, the outcome of the text if it does, and the reason."""


@dataclass(frozen=True, slots=True)
class Case:
    """The values that the rules use: the text, the page from which it was read, and its signals."""

    text: str
    read: ReadPage
    signals: Mapping[str, float]
    min_words: int

    @property
    def words(self) -> int:
        """How many words the text has."""
        return int(self.signals["words"])

    @property
    def title(self) -> str:
        """The title as the page states it; error pages often say there that they are one."""
        return self.read.metadata.raw_title or ""

    @property
    def is_of_a_page(self) -> bool:
        """False for plain texts, which have no page around them."""
        return self.read.body is not None

    @property
    def seen(self) -> str:
        """All text that is visible on the page, or the text itself if there is no page."""
        return self.read.body.page_text if self.read.body is not None else self.text

    @property
    def seen_words(self) -> int:
        """How many words of the page are visible."""
        return int(self.signals["page_words"])

    @property
    def ends_at_a_wall(self) -> bool:
        """Whether a subscription is asked for right below a text of few words.

        The page of a whole article asks too, but above the text, farther below it, or to read the comments. So the page
        must say that it is not free, or of the piece that it is for subscribers.
        """
        free = self.read.metadata.free
        if not self.is_of_a_page or free is True or self.words >= STUB_WORDS:
            return False
        lines = _right_below(self.text, self.seen).split("\n")
        below = [line for line in lines if not _OF_COMMENTS.search(line)]
        if free is None:
            return any(map(CLOSED.search, below))
        return any(map(WALL.search, below)) or (self.words < FEW_WORDS and any(map(OFFER.search, below)))


def verdict_on(case: Case) -> Verdict | None:
    """Give the verdict of the first rule that applies; None if the text may be stored."""
    metadata = case.read.metadata
    rules = (
        (
            metadata.list_type is not None,
            "low_quality",
            f"a list of articles: the page calls itself {metadata.list_type}",
        ),
        *_not_an_article(case),
        *_not_good_enough(case),
        (
            metadata.goes_on_at is not None,
            "low_quality",
            f"only a part of the article: it goes on at {metadata.goes_on_at}",
        ),
    )
    return next(((outcome, reason) for applies, outcome, reason in rules if applies), None)


def _not_an_article(case: Case) -> Iterator[_Rule]:
    """Find pages that are not articles: most of their text is about the page itself."""
    words, seen, few = case.words, case.seen, case.words < case.min_words
    stub = f"a paywall: only the first {words} words of the article are on the page"
    if words >= FEW_WORDS:
        yield case.ends_at_a_wall, "low_quality", stub
        return
    is_not_found = bool(NOT_FOUND_TITLE.search(case.title) and NOT_FOUND.search(f"{case.title}\n{seen}"))
    scripted = bool(NEEDS_SCRIPT.search(seen)) or (case.read.scripts > 0 and case.seen_words < SHELL_WORDS)
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
        case.is_of_a_page and scripted and words < SHELL_WORDS,
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
        case.signals["paywall"] > 0 or (case.read.metadata.free is False and few) or case.ends_at_a_wall,
        "low_quality",
        stub,
    )


def _not_good_enough(case: Case) -> Iterator[_Rule]:
    """Find texts that are too short, or that consist too much of other things than an article."""
    words, signals = case.words, case.signals
    nothing = "no article text was found on the page" if case.is_of_a_page else "there is no text in it"
    short = f"{words} words; at least {case.min_words} are needed"
    yield not words, "extract_failed", nothing
    # A text without a page around it has no menu: "not available" in a cell is a text of two words.
    yield not case.is_of_a_page and words < case.min_words, "too_short", short
    yield (
        signals["boilerplate_share"] > MAX_BOILERPLATE,
        "low_quality",
        f"{signals['boilerplate_share']:.0%} of the text is navigation and other boilerplate",
    )
    yield (
        signals["truncated"] > 0 and words < FEW_WORDS and case.is_of_a_page,
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


def _is_gibberish(text: str) -> bool:
    sample = text[:20_000]
    if sum(map(str.isalpha, sample)) + sum(map(str.isspace, sample)) < 0.6 * len(sample):
        return True
    if max(map(len, sample.split()), default=0) <= 1_000:
        return False
    return sum(character > "\u2e80" for character in sample) < 0.3 * len(sample)
