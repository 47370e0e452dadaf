"""A document made ready to be read: its sentences, passages and quoted parts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from models.passages import Passage, TokenCounter, split_passages
from models.quotes import quoted_share, quoted_spans
from models.sentences import Span, sentence_spans
from models.targets import stems
from models.vocabulary import Document

#: Most passages read of one document: about 45,000 words. Longer texts are sampled evenly from end to end.
MOST_PASSAGES = 1_024


@dataclass(frozen=True, slots=True)
class Layout:
    """A document with everything about its text that does not need the model.

    Attributes
    ----------
    document
        The document.
    passages, texts, stems, tokens
        The passages that are read, their texts, their content words and their lengths in tokens.
    title_tokens
        Tokens of the title as it is read with a target.
    quoted
        Quoted and reported parts, as sorted spans.
    coverage
        Share of the passages that are read.
    """

    document: Document
    passages: tuple[Passage, ...]
    texts: tuple[str, ...]
    stems: tuple[frozenset[str], ...]
    tokens: tuple[int, ...]
    title_tokens: int
    quoted: tuple[Span, ...]
    coverage: float

    def quoted_share(self, span: Span) -> float:
        """Share of the characters of a span that is somebody else's."""
        return quoted_share(span[0], span[1], self.quoted)


#: Characters of a title that are read with a target.
_TITLE = 200


def title_of(title: str | None) -> str:
    """Return a title as it is read before the passages of a text: with a full stop, or nothing."""
    words = (title or "").strip().rstrip(".")[:_TITLE]
    return f"{words}." if words else ""


def lay_out(document: Document, count_tokens: TokenCounter) -> Layout:
    """Cut a document into passages and find what is quoted in it."""
    text = document.text
    sentences = sentence_spans(text, document.language)
    every = split_passages(text, count_tokens=count_tokens, sentences=sentences)
    passages = _sampled(every)
    if len(passages) < len(every):
        sentences = _within(sentences, passages)
    quoted = quoted_spans(text, sentences=sentences)
    texts = tuple(text[passage.start : passage.end] for passage in passages)
    *tokens, title_tokens = count_tokens([*texts, title_of(document.title)])
    return Layout(
        document=document,
        passages=passages,
        texts=texts,
        stems=tuple(stems(one) for one in texts),
        tokens=tuple(tokens),
        title_tokens=title_tokens,
        quoted=tuple(quoted),
        coverage=len(passages) / len(every) if every else 1.0,
    )


def _sampled(passages: list[Passage]) -> tuple[Passage, ...]:
    """All passages, or evenly spaced ones with the first and the last among them."""
    if len(passages) <= MOST_PASSAGES:
        return tuple(passages)
    step = (len(passages) - 1) / (MOST_PASSAGES - 1)
    return tuple(passages[round(number * step)] for number in range(MOST_PASSAGES))


def _within(sentences: list[Span], passages: tuple[Passage, ...]) -> list[Span]:
    kept: list[Span] = []
    for passage in passages:
        first = bisect_left(sentences, (passage.start, 0))
        last = bisect_right(sentences, (passage.end, 0))
        kept += sentences[first:last]
    return kept
