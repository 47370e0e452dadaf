"""Passages: the parts of a text that the encoder reads at once, cut at sentence boundaries over the whole text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from models.sentences import Span

#: Counts the tokens of each text, without the special ones.
TokenCounter: TypeAlias = Callable[[Sequence[str]], list[int]]

#: Largest number of tokens in a passage: two or three sentences. Thus a pack of a few hundred tokens holds the
#: sentences about a target and little else. With 112 tokens, a pack misses the paragraph that shows the stance three
#: times as often.
PASSAGE_TOKENS = 64
#: Longest part of a sentence in characters, so that a text without spaces is cut too.
_PART_CHARACTERS = 1_200
#: A passage that is filled to this share ends with its paragraph.
_FULL_ENOUGH = 0.6

_WORD = re.compile(r"\S+\s*")


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive sentences of a text.

    ``start`` and ``end`` are character offsets. ``sentences`` are the spans of the sentences, or of parts of one
    sentence that is longer than a passage.
    """

    start: int
    end: int
    sentences: tuple[Span, ...]


def split_passages(
    text: str,
    *,
    count_tokens: TokenCounter,
    sentences: Sequence[Span],
    limit: int = PASSAGE_TOKENS,
) -> list[Passage]:
    """Cut a text into passages.

    Parameters
    ----------
    text
        The whole text.
    count_tokens
        The count by the tokenizer of the model that reads the passages.
    sentences
        The spans of the text's sentences (:func:`models.sentences.sentence_spans`).
    limit
        Largest number of tokens in a passage.

    Returns
    -------
    list of Passage
        In the order of the text. Every sentence, or every part of a longer one, is in exactly one passage. The end of a
        paragraph ends a passage that is nearly full.
    """
    short_spans, counts = _short_spans(text, sentences, count_tokens, limit)
    passages: list[Passage] = []
    held: list[Span] = []
    tokens = 0
    for span, count in zip(short_spans, counts, strict=True):
        breaks = held and tokens >= _FULL_ENOUGH * limit and "\n" in text[held[-1][1] : span[0]]
        if held and (tokens + count > limit or breaks):
            passages.append(Passage(held[0][0], held[-1][1], tuple(held)))
            held, tokens = [], 0
        held.append(span)
        tokens += count
    if held:
        passages.append(Passage(held[0][0], held[-1][1], tuple(held)))
    return passages


def _short_spans(
    text: str, spans: Sequence[Span], count_tokens: TokenCounter, limit: int
) -> tuple[list[Span], list[int]]:
    """Give sentences with their token counts; a sentence over the limit is divided into parts below it."""
    cut = [part for span in spans for part in _by_characters(text, span)]
    counts = count_tokens([text[start:end] for start, end in cut]) if cut else []
    short: list[Span] = []
    kept: list[int] = []
    for span, count in zip(cut, counts, strict=True):
        if count <= limit:
            short.append(span)
            kept.append(count)
        else:
            for part, size in _under_limit(text, span, count, count_tokens, limit):
                short.append(part)
                kept.append(size)
    return short, kept


def _by_characters(text: str, span: Span) -> list[Span]:
    start, end = span
    parts: list[Span] = []
    while end - start > _PART_CHARACTERS:
        middle = text.rfind(" ", start + _PART_CHARACTERS // 2, start + _PART_CHARACTERS)
        middle = middle if middle > 0 else start + _PART_CHARACTERS
        parts.append((start, middle))
        start = middle
        while start < end and text[start].isspace():
            start += 1
    parts.append((start, end))
    return [_strip(text, part) for part in parts if text[part[0] : part[1]].strip()]


def _under_limit(
    text: str, span: Span, count: int, count_tokens: TokenCounter, limit: int
) -> list[tuple[Span, int]]:
    """Halve a span at a word boundary until every part is below the limit."""
    start, end = span
    if count <= limit or end - start == 1:
        return [(span, count)]
    middle = (start + end) // 2
    words = [match.end() + start for match in _WORD.finditer(text[start:end])][:-1]
    cut = min(words, key=lambda place: abs(place - middle)) if words else middle
    halves = [_strip(text, half) for half in ((start, cut), (cut, end)) if text[half[0] : half[1]].strip()]
    counts = count_tokens([text[left:right] for left, right in halves])
    return [
        part
        for half, size in zip(halves, counts, strict=True)
        for part in _under_limit(text, half, size, count_tokens, limit)
    ]


def _strip(text: str, span: Span) -> Span:
    inside = text[span[0] : span[1]]
    begin = span[0] + len(inside) - len(inside.lstrip())
    return begin, begin + len(inside.strip())
