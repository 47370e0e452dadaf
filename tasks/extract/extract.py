"""The extract station: a page becomes one article, or an outcome with the reason why there is no article.

All signals on the way are kept in an :class:`Explanation`, so that the question "why was this left out?" can be
answered without a debugger.
"""

from __future__ import annotations

import time
from dataclasses import replace

from tasks.addresses.consent_pages import why_not_the_page
from tasks.addresses.urls import address_behind_redirects, article_id
from tasks.article import Article, Kind
from tasks.extract.body.bodytext import load_extractors
from tasks.extract.charset import decode, undo_double_encoding
from tasks.extract.data_formats import is_xhtml, why_for_programs
from tasks.extract.explanation import Explanation, failed_reading, outcome_of
from tasks.extract.judgment.language import language_of
from tasks.extract.judgment.quality import Quality, assess
from tasks.extract.judgment.rules import Verdict
from tasks.extract.kind import kind_of, strip_kind_label
from tasks.extract.metadata.article_times import article_times
from tasks.extract.metadata.authors import clean_names
from tasks.extract.metadata.canonical import why_not_the_article
from tasks.extract.plain_text.markup import HTML_TYPES, as_page, without_inline_marks
from tasks.extract.plain_text.printed import without_page_breaks
from tasks.extract.read_page import ReadPage, read_page
from tasks.extract.requirements import Requirements
from tasks.outcome import Outcome
from tasks.page import Page
from tasks.text.characters import clean_characters, cleaned, cleaned_name
from tasks.text.prose import count_words, text_hash

__all__ = ["explain_page", "extract_page"]

#: With fewer characters, the language of a text can only be guessed.
FEW_CHARACTERS = 120


def load_libraries() -> None:
    """Load the word lists and models that are otherwise loaded at first use, so that no page pays for them."""
    load_extractors()
    language_of("Any text will do.")


def extract_page(page: Page, requirements: Requirements | None = None) -> Article | Outcome:
    """Make an article from a page, or give the reason why it is none.

    Parameters
    ----------
    page
        The page with its body; its media type says whether it is HTML, Markdown or plain text.
    requirements
        What the page must be for its text to be stored; the defaults are for English commentary.

    Returns
    -------
    Article or Outcome
        Exactly one of the two, also for a hostile page (see :func:`explain_page`).
    """
    explained = explain_page(page, requirements)
    if explained.outcome is not None:
        return explained.outcome
    assert explained.article is not None
    return explained.article


def explain_page(page: Page, requirements: Requirements | None = None) -> Explanation:
    """Extract a page and keep every signal, for ``commentariat extract --explain``.

    Any error that a hostile page causes becomes ``extract_failed``; only :class:`MemoryError` is raised, and it ends
    the worker.
    """
    try:
        return _explained(page, requirements or _default_requirements())
    except MemoryError:
        raise
    except Exception as error:
        return Explanation(None, failed_reading(page, error))


def _explained(page: Page, requirements: Requirements) -> Explanation:
    started = time.perf_counter()
    if not page.body or not page.body.strip(b"\0 \t\r\n"):
        return Explanation(None, outcome_of(page, "extract_failed", "the body is empty"))
    if another := _outcome_of_another_page(page):
        return Explanation(None, another)
    if _is_binary(page.body):
        return Explanation(
            None, outcome_of(page, "unsupported_type", "it is binary data, not a page or a text")
        )
    decoded = decode(page.body, page.charset)
    if is_xhtml(page.media_type, decoded.text):
        page = replace(page, media_type="application/xhtml+xml")
    elif why := why_for_programs(page.media_type, decoded.text):
        return Explanation(None, outcome_of(page, "unsupported_type", why))
    page, text = _as_it_is(page, decoded.text)
    read = read_page(page, text)
    if isinstance(read, str):
        return Explanation(None, outcome_of(page, "extract_failed", read))
    declared = read.declared_language or page.item.language_hint
    body = "\n".join(read.editorial.body)
    language = language_of(body, declared)
    quality = assess(
        body,
        read,
        replaced=decoded.replaced,
        min_words=requirements.min_words,
        min_quality=requirements.min_quality,
    )
    article = _article(page, read, body, language, quality)
    why_not = _why_not_stored(article, quality, requirements)
    outcome = outcome_of(page, *why_not, elapsed=time.perf_counter() - started) if why_not else None
    return Explanation(article, outcome, _signals(read, quality, decoded.encoding, decoded.how, declared))


def _outcome_of_another_page(page: Page) -> Outcome | None:
    """Give the outcome of a page to which the site led instead of the one that was asked for, or None."""
    asked, answered = page.item.url, page.final_url
    if why := why_not_the_page(asked, answered):
        return outcome_of(page, "low_quality", why)
    if (why := why_not_the_article(asked, answered)) is None:
        return None
    if page.redirected_for_now:  # as during repairs: the article may be there on another night
        return outcome_of(page, "extract_failed", f"{why}, by a temporary redirect")
    return outcome_of(page, "low_quality", why)


def _default_requirements() -> Requirements:
    from tasks.extract.settings import ExtractSettings  # noqa: PLC0415 - a worker is given requirements, and needs no pydantic

    return ExtractSettings().requirements


def _as_it_is(page: Page, text: str) -> tuple[Page, str]:
    """Clean a text, and make a page of a text that is declared to be plain and holds the tags of HTML."""
    is_html = page.media_type in HTML_TYPES
    text = undo_double_encoding(clean_characters(text if is_html else without_page_breaks(text)))
    if is_html:
        return page, text
    if page.media_type != "text/plain":
        return page, text
    if (marked := as_page(text, is_titled=page.item.title_of_row is not None)) is not None:
        return replace(page, media_type="text/html"), marked
    return page, without_inline_marks(text)


def _article(page: Page, read: ReadPage, body: str, language: str | None, quality: Quality) -> Article:
    item, metadata = page.item, read.metadata
    title = metadata.title or item.title_hint
    kind, signal = _kind_of_page(page, read, body)
    published, modified = article_times(metadata, item, page.fetched_at)
    # A page's text is clean, but references to characters (&#1;) and the hints of listings can be any character.
    listed, own = clean_names(item.authors_hint), read.authors
    authors = [
        cleaned(name) for name in (listed or own if "authors" in metadata.uncertain else own or listed)
    ]
    return Article(
        article_id=article_id(metadata.url),
        revision=1,
        text_hash=text_hash(body),
        url=metadata.url,
        item_url=item.url,
        source=item.source,
        outlet=cleaned_name(item.outlet or metadata.outlet),
        title=cleaned(strip_kind_label(title)) if title else None,
        subtitle=cleaned(metadata.subtitle),
        authors=tuple(name for name in authors if name),
        language=language,
        kind=kind,
        kind_signal=cleaned(signal),
        section=cleaned(metadata.section),
        published_at=published,
        modified_at=modified,
        fetched_at=page.fetched_at,
        word_count=count_words(body),
        quality=quality.score,
        quality_flags=quality.flags,
        text=body,
        note=cleaned(read.editorial.note),
        caption=cleaned(read.editorial.caption),
        extractor=read.extractor,
    )


def _kind_of_page(page: Page, read: ReadPage, body: str) -> tuple[Kind, str | None]:
    """Give the kind of a page's article, and what on the page shows it."""
    item, metadata = page.item, read.metadata
    # The folders of the address that answered may show that it is commentary, if those of the article's own address
    # show nothing. News is not concluded from them, because the page itself has named another address.
    addresses = dict.fromkeys([metadata.url, address_behind_redirects(item.url, page.final_url)])
    kinds = [
        kind_of(
            url=url,
            title=metadata.raw_title or item.title_hint,
            text=body,
            section=metadata.section,
            tags=metadata.tags,
            types=metadata.types,
            note=read.editorial.note,
            prior=item.kind_hint,
        )
        for url in addresses
    ]
    if kinds[0][0] != "unknown":
        return kinds[0]
    return next((kind for kind in kinds if kind[0] == "opinion"), kinds[0])


def _why_not_stored(article: Article, quality: Quality, requirements: Requirements) -> Verdict | None:
    """Give the outcome of a page whose text is not stored, and the reason; None if it is stored."""
    # First pages that are no articles are sorted out, then languages we do not read, then unwanted kinds. The language
    # of a few words cannot be known.
    verdict = quality.verdict
    if verdict and not (verdict[0] == "too_short" and len(article.text) >= FEW_CHARACTERS):
        return verdict
    if requirements.languages and article.language not in requirements.languages:
        wanted = ", ".join(requirements.languages)
        return (
            "unsupported_language",
            f"it is in {article.language or 'no known language'}; configured: {wanted}",
        )
    if verdict:
        return verdict
    if article.kind not in requirements.keep:
        return (
            "not_commentary",
            f"it is {article.kind} ({article.kind_signal or 'nothing says it is commentary'})",
        )
    return None


def _is_binary(body: bytes) -> bool:
    """Say whether a body is no text in any encoding: many of its control characters are letters in no charset."""
    head = body[:4096]
    if (
        head.startswith((b"\xff\xfe", b"\xfe\xff"))
        or head[0::2].count(0) > 0.7 * len(head) / 2
        or head[1::2].count(0) > 0.7 * len(head) / 2
    ):
        return False
    controls = sum(head.count(bytes([code])) for code in range(32) if code not in b"\t\n\r\x0c\x1b")
    return controls > 0.1 * len(head)


def _signals(
    read: ReadPage, quality: Quality, encoding: str, how: str, declared: str | None
) -> dict[str, object]:
    signals: dict[str, object] = {"encoding": encoding, "encoding_from": how, "language_declared": declared}
    signals |= {
        "extractor": read.extractor,
        "json_ld_types": list(read.metadata.types),
        "tags": list(read.metadata.tags),
    }
    if read.body is not None:
        signals |= {f"likeness_{name}": round(value, 4) for name, value in read.body.likeness.items()}
        signals |= {f"failed_{name}": why for name, why in read.body.failed.items()}
    signals |= dict(quality.signals)
    signals |= {f"cost_{name}": value for name, value in quality.costs.items()}
    signals["dropped"] = list(read.editorial.dropped)
    signals["cut_off"] = list(read.cut_off)
    return signals
