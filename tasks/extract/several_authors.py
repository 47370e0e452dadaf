"""A second author below the first: the next article of a page that goes on, a pro and con, a page of letters.

One text is stored as one author's. Another person's article below it is therefore cut off where that is certain, and
otherwise the text is marked as that of several authors.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from tasks.extract.authors import byline_names
from tasks.prose import count_words, words_of

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
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]*_]*$")
_LETTER = re.compile(
    r"^(?:to the editors?|dear (?:editors?|sirs?|madam|sir or madam))\s*(?:[:,—–-]|$)|^re:?\s+[“\"‘]",
    re.IGNORECASE,
)


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
    note: str | None = None,
) -> Foreign | None:
    """Find the first byline of another person in the middle of a text.

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
    note
        The notes around the text. If they introduce an author of the head, the article goes on to its end.

    Returns
    -------
    Foreign or None
        None if the text has no such byline, or if no author is known to compare it with.
    """
    first, known = _words_of_names(head), _words_of_names(stated)
    above = 0
    for index, paragraph in enumerate(body):
        names = _words_of_names(byline_names(paragraph)) if _BY.match(paragraph) else set()
        # A byline that names an author of the page below another one's is also that of a second author.
        if above >= MIN_ABOVE and names and (first or known) and not names & (first or known):
            start = _headline_above(body, index)
            before = sum(map(count_words, body[:start]))
            below = sum(map(count_words, body[index + 1 :]))
            introduced = any(name in (note or "") for name in (*head, *stated))
            separate = (
                start < index
                and MIN_BELOW <= below <= TIMES_BELOW * before
                and before >= WHOLE_ARTICLE
                and bool(_SENTENCE_END.search(body[start - 1]))
                and not names & known
                and not introduced
                and not any(line in links for line in body[start:index])
            )
            return Foreign(start, separate)
        above += count_words(paragraph)
    return None


def _words_of_names(names: Iterable[str]) -> set[str]:
    """Give the words of names without initials: "Jane Q. Doe" and "J. Doe" share a word with "Jane Doe"."""
    return {word for name in names for word in words_of(name) if len(word) > 1}


def has_several_letters(body: Sequence[str]) -> bool:
    """Say whether a text holds two or more letters to the editor, each with its address ("To the Editor:")."""
    letters, since = 0, LETTER_WORDS
    for paragraph in body:
        if _LETTER.match(paragraph):
            letters += since >= LETTER_WORDS
            since = 0
        since += count_words(paragraph)
    return letters >= 2


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
