"""Block quotes of a page: text between marks if somebody else wrote it, and no text if it repeats the author's.

A browser shows a block quote by its place on the page, which is lost in a text. Without marks the quoted would be read
as the author's own words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from tasks.extract.body.page_quotes import BlockQuote, letters_of
from tasks.extract.metadata.authors import suffix_joined
from tasks.extract.paragraphs.quotations import (
    introduction,
    is_of_others,
    quoted,
    share_repeated,
    without_quotations,
    word_runs,
)
from tasks.text.prose import count_words, words_of

__all__ = ["mark_block_quotes"]

#: With more paragraphs in block quotes, a page is left as it is, since each is searched for in all of the text.
MAX_PARAGRAPHS = 500
#: Shorter lines are not marked: fewer words between marks are not speech.
MIN_WORDS = 4
#: A longer paragraph that repeats the author's words with changes is no pull quote.
MAX_PULLED_WORDS = 60
#: From this share of words in block quotes, they are a page's layout; for one block alone, from the second share.
LAYOUT_SHARE, LAYOUT_SHARE_OF_ONE = 2 / 3, 1 / 2
#: So many block quotes that all begin with one word begin with a label ("Summary"), which the page's author chose.
LABELLED_BLOCKS = 4
#: With so many of its runs of words in the author's text, a paragraph repeats it.
REPEATS = 0.8

#: A single sentence of at most so many words may be the author's own, in larger letters.
CALL_OUT_WORDS = 30
#: So many block quotes without a name may be the questions of an interview.
QUESTIONS = 3
#: So many, with such a share of all words, may be the paragraphs of another piece that this one answers.
ANSWERED, ANSWERED_SHARE = 4, 1 / 4
# Unlike `tasks.text.prose.SENTENCE_END`, each end of a sentence in a paragraph, so that its sentences can be counted.
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)]*(?:\s|$)")
_MARKS = ("“", "„", "«", '"')
_QUESTION = re.compile(r"\?[\"'”’)]*(?:\s|$)")

#: With so much of it between marks, a paragraph needs no more of them.
MARKED_SHARE = 0.5


def mark_block_quotes(
    paragraphs: Sequence[str], blocks: Sequence[BlockQuote], authors: Collection[str] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Put quotations without marks between marks, and leave out pull quotes.

    Nothing is changed if block quotes are the page's layout: one holds more than half of the words, or all of them more
    than two thirds, or each begins with the same label. Nor is a block quote marked that may be the author's own: words
    that the author announces ("Here is what I propose:"), a single sentence in larger letters, a standfirst.

    Parameters
    ----------
    paragraphs
        The author's paragraphs, as they were extracted.
    blocks
        The block quotes of the page.
    authors
        A block quote that is attributed to one of them is no quotation of others.

    Returns
    -------
    tuple of str, tuple of str
        The paragraphs, and the pull quotes that were left out of them.
    """
    places = _places(paragraphs, blocks)
    if not 0 < len(places) <= MAX_PARAGRAPHS or _is_layout(
        paragraphs, [places.get(index) for index in range(len(paragraphs))]
    ):
        return tuple(paragraphs), ()
    outside = [text for index, text in enumerate(paragraphs) if index not in places]
    own = frozenset(run for text in outside for run in word_runs(words_of(without_quotations(text))))
    # A newline is put between the paragraphs, because no key contains one.
    around = "\n".join(letters_of(text) for text in outside)
    perhaps_own = _perhaps_own(paragraphs, places)
    kept: list[str] = []
    dropped: list[str] = []
    for index, text in enumerate(paragraphs):
        block = places.get(index)
        if block is None:
            kept.append(text)
        elif letters_of(text) in around or (
            count_words(text) <= MAX_PULLED_WORDS and share_repeated(text, own) >= REPEATS
        ):
            dropped.append(text)
        else:
            kept.append(
                _marked(text, own) if index not in perhaps_own and _quotes_others(block, authors) else text
            )
    return tuple(kept), tuple(dropped)


def _places(paragraphs: Sequence[str], blocks: Sequence[BlockQuote]) -> dict[int, BlockQuote]:
    """Find the paragraphs that are in block quotes, by their place.

    If a paragraph occurs more often in the text than in block quotes, its first places are the author's.
    """
    block_of = {key: block for block in reversed(blocks) for key in block.forms()}
    times = Counter(key for block in blocks for key in set(block.forms()))
    places: dict[int, BlockQuote] = {}
    for index in range(len(paragraphs) - 1, -1, -1):
        key = letters_of(paragraphs[index])
        if times[key] > 0 and count_words(paragraphs[index]) >= MIN_WORDS:
            times[key] -= 1
            places[index] = block_of[key]
    return places


def _is_layout(paragraphs: Sequence[str], places: Sequence[BlockQuote | None]) -> bool:
    counts: Counter[BlockQuote] = Counter()
    total = 0
    for text, block in zip(paragraphs, places, strict=True):
        words = count_words(text)
        total += words
        if block is not None:
            counts[block] += words
    if counts.total() > LAYOUT_SHARE * total or max(counts.values()) > LAYOUT_SHARE_OF_ONE * total:
        return True
    return len(counts) >= LABELLED_BLOCKS and len({_first_word(block) for block in counts}) == 1


def _first_word(block: BlockQuote) -> str:
    return next(iter(words_of(block.lines[0])), "")


def _perhaps_own(paragraphs: Sequence[str], places: Mapping[int, BlockQuote]) -> frozenset[int]:
    """Find the paragraphs in block quotes that may be the author's own words.

    The author's words between marks are a worse error than another person's without them. So a block quote that names
    nobody counts as the author's unless it is introduced as somebody else's, or is longer than a sentence in larger
    letters and is neither at the beginning nor at the end of the text.
    """
    bare: list[range] = []
    own: list[range] = []
    for run in _unnamed(paragraphs, places):
        above = introduction(paragraphs[run.start - 1]) if run.start and run.start - 1 not in places else ""
        at_edge = run.start == 0 or run.stop == len(paragraphs)
        if above == "own":
            own.append(run)
        elif above != "announced" and (above != "reported" or at_edge):
            bare.append(run)
    texts = {run: "\n".join(paragraphs[run.start : run.stop]) for run in bare}
    short = {run for run, text in texts.items() if _is_call_out(text)}
    asked = [
        text for text in texts.values() if _QUESTION.search(text) and count_words(text) <= MAX_PULLED_WORDS
    ]
    answers = (
        len(bare) >= ANSWERED
        and 2 * len(short) <= len(bare)
        and sum(map(count_words, texts.values())) >= ANSWERED_SHARE * sum(map(count_words, paragraphs))
    )
    if len(bare) >= QUESTIONS and 2 * len(asked) >= len(bare):
        own += bare
    elif not answers:
        own += [run for run in bare if run in short or run.start == 0 or run.stop == len(paragraphs)]
    return frozenset(index for run in own for index in run)


def _unnamed(paragraphs: Sequence[str], places: Mapping[int, BlockQuote]) -> list[range]:
    """Give the places of block quotes that name nobody, each with those that follow it directly.

    Block quotes with marks of their own are left out, as are pull quotes, which are not marked anyway.
    """
    runs: list[range] = []
    for index in range(len(paragraphs)):
        block = places.get(index)
        if (
            block is None
            or block.attribution
            or block.pulled
            or block.plain
            or block.lines[0].startswith(_MARKS)
        ):
            continue
        if runs and runs[-1].stop == index:
            runs[-1] = range(runs[-1].start, index + 1)
        else:
            runs.append(range(index, index + 1))
    return runs


def _is_call_out(text: str) -> bool:
    return count_words(text) <= CALL_OUT_WORDS and len(_SENTENCE_END.findall(text)) <= 1


def _quotes_others(block: BlockQuote, authors: Collection[str]) -> bool:
    """Whether a block is a quotation of somebody else; a pull quote is one only if it names the person."""
    if block.plain or (block.pulled and not block.attribution):
        return False
    attribution = suffix_joined(block.attribution)
    return not any(name in attribution for name in authors)


def _marked(text: str, own: Collection[tuple[str, ...]]) -> str:
    opened, closed = text.count("“"), text.count("”")
    if text.startswith("“") and not closed:
        return f"{text}”"  # the block's own marks stand around all of its paragraphs
    if text.endswith("”") and not opened:
        return f"“{text}"
    rest = without_quotations(text)
    if len(rest) < (1 - MARKED_SHARE) * len(text) or not is_of_others(text, own):
        return text
    return quoted(text)
