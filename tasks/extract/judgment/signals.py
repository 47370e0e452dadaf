"""The signals of an extraction: numbers with a plain meaning, which a person can check."""

from __future__ import annotations

import re

from tasks.extract.judgment.phrases import CONSENT, PAYWALL, PAYWALL_IF_CUT, PAYWALL_LABEL, TRUNCATED
from tasks.extract.paragraphs.paragraph_kinds import is_boilerplate
from tasks.extract.read_page import ReadPage
from tasks.text.prose import count_words, paragraphs_of

__all__ = ["STUB_WORDS", "signals_of"]

#: A text of fewer words may be only the beginning of an article; it is one if a paywall is right below it.
STUB_WORDS = 350
MENU_LENGTH = 60
#: A paywall is searched for in so many characters at the end of the readable text.
TAIL = 2_000

# As `tasks.text.prose.SENTENCE_END`; also a colon, as above a list, the marks of Chinese, and those of Markdown.
_SENTENCE_END = re.compile(r"[.!?…。！？:][\"'”’)\]*_]*$")


def signals_of(text: str, read: ReadPage, replaced: float) -> dict[str, float]:
    """Measure an extraction; see :func:`tasks.extract.judgment.quality.assess` for the parameters."""
    body, free = read.body, read.metadata.free
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
    # Text that was removed as boilerplate often holds a paywall's invitation to subscribe.
    end = "\n".join((text[-TAIL:], *read.editorial.dropped))
    above = next(
        (paragraph for paragraph in reversed(paragraphs) if not PAYWALL_IF_CUT.search(paragraph)), ""
    )
    stops_early = cut or free is False or (bool(above) and not _SENTENCE_END.search(above))
    walled = (
        bool(PAYWALL.search(end) or PAYWALL_LABEL.search(end))
        or (stops_early and bool(PAYWALL_IF_CUT.search(end)))
        or (
            body is not None
            and words < STUB_WORDS
            and (free is False or (cut and free is None))
            and bool(PAYWALL.search(body.page_text) or PAYWALL_IF_CUT.search(body.page_text))
        )
    )
    page_words = count_words(body.page_text) if body is not None else words
    return {
        "words": float(words),
        "paragraphs": float(len(paragraphs)),
        "page_words": float(page_words),
        "page_share": round(words / page_words, 4) if page_words else 0.0,
        "agreement": round(body.agreement, 4) if body is not None else 1.0,
        "paywall": float(walled),
        "truncated": float(bool(TRUNCATED.search(text))),
        "unfinished": float(bool(paragraphs) and not _SENTENCE_END.search(paragraphs[-1])),
        "consent_share": round(consent / total, 4),
        "duplicate_share": round(repeated / total, 4),
        "boilerplate_share": round(boiler / total, 4),
        "replaced": round(max(replaced, text.count("\ufffd") / max(len(text), 1)), 6),
    }


def _is_menu(paragraph: str) -> bool:
    words = paragraph.split()
    return (
        len(words) <= 4
        and len(paragraph) <= MENU_LENGTH
        and not re.search(r"[.!?…:,;][\"'”’)\]]*$", paragraph)
    )
