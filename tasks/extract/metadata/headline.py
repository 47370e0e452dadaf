"""The headline of an article, complete and without the site's name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.addresses.urls import host_of
from tasks.extract.kind import is_kind_label, is_labelled
from tasks.extract.metadata.json_ld import as_text
from tasks.extract.metadata.page_data import PageData

__all__ = ["name_key", "read_title", "title_without_site"]

_MAX_HEADING_WORDS = 40
_SEPARATOR = re.compile(r"(?<!\s)\s+(?:[|•·»«–—:-]+\s+|[|•»]\s*)|[|•»]\s*")

_BARS = frozenset("|•»")


def name_key(name: str) -> str:
    """Reduce a name to its letters and digits, without case, so that equal names become equal."""
    return re.sub(r"[\W_]+", "", name.lstrip("@")).casefold()


def title_without_site(title: str, names: Sequence[str | None]) -> str:
    """Remove the site's name from a title: "A headline - The Daily News" becomes "A headline".

    Only a part that equals one of the site's names, or its host without dots, is removed, with the section that a bar
    or an arrow sets off after it; a dash inside a headline stays.
    """
    known = {name_key(name) for name in names if name}
    known |= {re.sub(r"^the", "", key) for key in known} - {""}
    parts = _SEPARATOR.split(title)
    marks = _SEPARATOR.findall(title)
    for index in range(1, len(parts) - 1):
        if _is_site_name(parts[index], known) and all(mark.strip() in _BARS for mark in marks[index - 1 :]):
            del parts[index:], marks[index - 1 :]
            break
    while len(parts) > 1 and _is_site_name(parts[-1], known):
        parts.pop()
        marks.pop()
    while len(parts) > 1 and _is_site_name(parts[0], known):
        parts.pop(0)
        marks.pop(0)
    rebuilt = parts[0]
    for mark, part in zip(marks, parts[1:], strict=True):
        rebuilt += mark + part
    return rebuilt.strip() or title


def read_title(
    data: PageData, outlet: str | None, url: str, guess: str | None
) -> tuple[str | None, str | None]:
    """Choose the headline: the visible heading, if the page's machine-readable data confirm it.

    ``og:title`` and ``<title>`` are often another wording, made for cards and search engines.

    Parameters
    ----------
    data
        The page's machine-readable data.
    outlet, url
        Names of the site that may follow a title.
    guess
        The title that a library found; used only if there is nothing better.

    Returns
    -------
    tuple
        The headline, and the title as the page has it; both are None if there is no headline.
    """
    headline = as_text(data.article.get("headline")) or as_text(data.article.get("name"))
    raw = (
        data.first("og:title")
        or headline
        or data.first("twitter:title", "dc.title", "parsely-title")
        or data.title_tag
    )
    raw = raw or (data.h1[0] if data.h1 else None) or guess
    if raw is None:
        return None, None
    names = _site_names(data, outlet, url)
    title = title_without_site(raw, names)
    site = {name_key(name) for name in names}
    if name_key(title) in site and (better := next(iter(data.h1), None) or guess or headline):
        # og:title that only repeats the site's name
        return title_without_site(better, names), raw
    if data.title_tag and data.title_tag != title:
        # The text after the title in <title> is the site's name; this is used also if no other field gives that name.
        first, *others = _SEPARATOR.split(data.title_tag)
        if others and is_kind_label(first):
            others.pop(0)  # the headline in "Opinion | The headline - The Daily News"
        site |= {name_key(part) for part in others if name_key(part) not in name_key(title)}
    if heading := _heading(data, [title, headline or "", data.title_tag or ""], site):
        whole = title_without_site(heading, names)
        return next((text for text in (title, headline) if text and is_labelled(whole, text)), whole), raw
    return _whole(title, [*data.h1, headline or ""]), raw


def _site_names(data: PageData, outlet: str | None, url: str) -> list[str]:
    """Give the names of the site that may be beside a headline: of the outlet, the publisher and the host."""
    host = host_of(url)
    names = [
        outlet,
        data.first("og:site_name", "application-name"),
        as_text(data.named(data.article.get("publisher"))),
        host,
        host.rsplit(".", 1)[0],
        host.split(".")[0],
        data.first("twitter:site"),
    ]
    return [name for name in names if name]


def _whole(title: str, others: Sequence[str]) -> str:
    """Find the whole of a title that was shortened for a card: "A long headline that goes on ..."."""
    cut = title.removesuffix("…").removesuffix("...")
    if cut == title:
        return title
    return next((text for text in others if text.startswith(cut.rstrip())), None) or title


def _heading(data: PageData, titles: Sequence[str], site: set[str]) -> str | None:
    """Find the first-level heading that shares words with the titles; logos and teasers share none."""
    known = {word for title in titles for word in _content_words(title)}
    shares = {
        heading: len(words & known) / len(words)
        for heading in data.h1
        if 3 <= len(heading.split()) <= _MAX_HEADING_WORDS
        and name_key(heading) not in site
        and (words := _content_words(heading))
    }
    best = max(shares, key=lambda heading: shares[heading], default=None)
    return best if best is not None and shares[best] > 0 else None


def _content_words(text: str) -> set[str]:
    """Give the words that carry the meaning of a title: those of four or more letters, and numbers."""
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) >= 4 or word.isdigit()}


def _is_site_name(part: str, known: set[str]) -> bool:
    key = name_key(part)
    return bool(key) and (
        key in known or re.sub(r"^the", "", key) in known or re.sub(r"(?:com|org|net)$", "", key) in known
    )
