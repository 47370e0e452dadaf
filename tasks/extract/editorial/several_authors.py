"""A second author below the first: the next article of a page that goes on, a pro and con, a page of letters.

One text is stored as one author's. Another person's article below it is therefore cut off where that is certain, and
otherwise the text is marked as that of several authors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from tasks.extract.metadata.authors import byline_names, suffix_joined
from tasks.extract.paragraphs.head_lines import is_date_line
from tasks.text.dates import EARLIEST
from tasks.text.prose import count_words, words_of

__all__ = ["Foreign", "find_second_author", "has_several_letters"]

#: With fewer words above it, a byline belongs to the head of the article.
MIN_ABOVE = 80
#: So many words that end with a sentence are an article by themselves.
WHOLE_ARTICLE = 200
#: With fewer words below it, a byline is that of a link to another article.
MIN_BELOW = 80
#: A text is no introduction to the one below it if that has at most so many times its words.
TIMES_BELOW = 3
#: Lines of a headline above a byline, and their words.
HEAD_LINES, HEAD_WORDS = 3, 25
#: A question or a shout above a byline is a headline only if it is this short.
QUESTION_WORDS = 12
#: Two letters are at least this many words apart.
LETTER_WORDS = 30

_BY = re.compile(r"^by\b", re.IGNORECASE)
# As `tasks.text.prose.SENTENCE_END`; also the marks of Markdown after the sentence.
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]*_]*$")
# "Re" begins a letter only if the line holds no more than a headline and the day of the paper.
_LETTER = re.compile(
    r"^(?:to the editors?|dear (?:editors?|sirs?|madam|sir or madam))\s*(?:[:,—–-]|$)"
    r"|^re:?\s+(?:“[^”]*”|\"[^\"]*\"|‘.*’|[“\"‘].*[(\[][^()\[\]]*\d[^()\[\]]*[)\]])[:.,]?$",
    re.IGNORECASE,
)
_LETTERS = re.compile(
    r"^\W*(?:(?:opinion|(?:your|readers?[’']?|today[’']s)\s)\W*)?letters(?:\s+(?:to|from)\s|\s*(?:[:|—–-]|$))",
    re.IGNORECASE,
)
_SEVERAL = 2
_NAME_WORDS = 5
_PART = re.compile(r"\s[|·•–—-]\s")


@dataclass(frozen=True, slots=True)
class Foreign:
    """A byline of another person inside a text.

    Attributes
    ----------
    start
        The place of the first paragraph that belongs to the other person: the headline above the byline, or the byline.
    separate
        Whether the text above is certainly an article by itself.
    """

    start: int
    separate: bool


def find_second_author(
    body: Sequence[str],
    *,
    head: Collection[str],
    stated: Collection[str],
    links: Collection[str] = (),
    quoted: Collection[str] = (),
    note: str | None = None,
) -> Foreign | None:
    """Find the first byline of another person in the middle of a text.

    Columns have such bylines too: below the titles of books, records and poems. The text above is therefore certainly
    an article by itself only if the byline has a date beside it, as that of an article has, and if no other follows.

    Parameters
    ----------
    body
        The paragraphs, without those of the head.
    head
        The names in the byline above the text.
    stated
        The authors that the page's metadata name.
    links
        The texts of links. A headline that is one may be that of a teaser, below which the article goes on.
    quoted
        The lines of block quotes. A byline that is one names the author of a quoted poem or article.
    note
        The notes around the text. If they introduce an author of the head, the article goes on to its end.

    Returns
    -------
    Foreign or None
        None if the text has no such byline, or if no author is known to compare it with.
    """
    bylines = _other_bylines(body, _words_of_names(head), _words_of_names(stated), quoted)
    if not bylines:
        return None
    byline = bylines[0]
    start = _headline_above(body, byline)
    introduced = any(name in suffix_joined(note or "") for name in (*head, *stated))
    separate = (
        start < byline
        and len(bylines) == 1
        and not introduced
        and _are_two_articles(body, start, byline)
        and not _byline_words(body[byline]) & _words_of_names(stated)
        and not any(line in links for line in body[start:byline])
    )
    return Foreign(start, separate)


def _other_bylines(
    body: Sequence[str], first: set[str], known: set[str], quoted: Collection[str]
) -> list[int]:
    """Find the bylines that share no word with those names: ``first`` above the text, or else ``known`` of the page."""
    bylines: list[int] = []
    above = 0
    for index, paragraph in enumerate(body):
        names = _byline_words(paragraph) if paragraph not in quoted else set()
        # A byline that names an author of the page below another one's is also that of a second author.
        if above >= MIN_ABOVE and names and (first or known) and not names & (first or known):
            bylines.append(index)
        above += count_words(paragraph)
    return bylines


def _headline_above(body: Sequence[str], index: int) -> int:
    start = index
    while start > 1 and index - start < HEAD_LINES and _is_head(body[start - 1], nearest=start == index):
        start -= 1
    return start


def _is_head(line: str, *, nearest: bool) -> bool:
    words = count_words(line)
    if _SENTENCE_END.search(line):
        return nearest and words <= QUESTION_WORDS and line.endswith(("?", "!"))
    return words <= HEAD_WORDS


def _are_two_articles(body: Sequence[str], start: int, byline: int) -> bool:
    """Say whether the texts above and below a byline have the length, the end and the date of articles."""
    before = sum(map(count_words, body[:start]))
    below = sum(map(count_words, body[byline + 1 :]))
    beside = (*body[start:byline], *_PART.split(body[byline]), *body[byline + 1 : byline + 2])
    return (
        MIN_BELOW <= below <= TIMES_BELOW * before
        and before >= WHOLE_ARTICLE
        and bool(_SENTENCE_END.search(body[start - 1]))
        and any(map(_is_date, beside))
    )


def _byline_words(paragraph: str) -> set[str]:
    return _words_of_names(byline_names(paragraph)) if _BY.match(paragraph) else set()


def _is_date(line: str) -> bool:
    """Whether a line is the day of a page; an earlier day is that of a poem or a letter that the author quotes."""
    when = re.search(r"\b\d{4}\b", line)
    return is_date_line(line) and when is not None and int(when[0]) >= EARLIEST.year


def _words_of_names(names: Iterable[str]) -> set[str]:
    """Give the words of names without initials: "Jane Q. Doe" and "J. Doe" share a word with "Jane Doe"."""
    return {word for name in names for word in words_of(name) if len(word) > 1}


def has_several_letters(body: Sequence[str], title: str | None = None) -> bool:
    """Say whether a text of unknown authors holds two or more letters to the editor.

    Each begins with its address ("To the Editor:"), or ends with a name if the title says that these are letters.
    An author who is known and quotes letters begins them in the same way.
    """
    if _count_apart(body, _LETTER.match, above=LETTER_WORDS) >= _SEVERAL:
        return True
    return bool(_LETTERS.match(title or "")) and _count_apart(body, _is_signature) >= _SEVERAL


def _count_apart(body: Sequence[str], is_mark: Callable[[str], object], above: int = 0) -> int:
    """Count the lines of a kind that are below enough words; `above` counts as words above the first paragraph."""
    marks, since = 0, above
    for paragraph in body:
        if is_mark(paragraph):
            marks += since >= LETTER_WORDS
            since = 0
        since += count_words(paragraph)
    return marks


def _is_signature(line: str) -> bool:
    """Say whether a line is a name, which a place may follow: "— Jane Doe, Northport"."""
    name, _, place = line.lstrip("—–-~ ").partition(",")
    return (
        len(name.split()) <= _NAME_WORDS
        and len(place.split()) <= _NAME_WORDS
        and not _SENTENCE_END.search(line)
        and bool(byline_names(f"By {name}"))
    )
