"""A document laid out for reading: sentences, passages, quoted parts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from models.passages import Passage, TokenCounter, split_passages
from models.quotes import quoted_share, quoted_spans
from models.sentences import Span, sentence_spans
from models.targets import stems
from models.vocabulary import Document

#: Most passages read of one document: about 45,000 words. Longer texts are sampled evenly from end to end.
MOST_PASSAGES = 512


@dataclass(frozen=True, slots=True)
class Layout:
    """A document with everything about its text that does not need the model.

    Attributes
    ----------
    document
        The document.
    passages, texts, stems
        The passages that are read, their texts and their content words.
    quoted
        Quoted and reported parts, as sorted spans.
    quoted_shares
        For each passage the share of its characters that is quoted or reported.
    coverage
        Share of the passages that are read.
    """

    document: Document
    passages: tuple[Passage, ...]
    texts: tuple[str, ...]
    stems: tuple[frozenset[str], ...]
    quoted: tuple[Span, ...]
    quoted_shares: tuple[float, ...]
    coverage: float

    def with_context(self, at: int) -> str:
        """Passage `at` as it is read with a target: after the title, and with the passage that follows it.

        Alone, a passage of an op-ed often does not show whose side it serves: what it describes is argued for or
        against in the next one, and the title says what the piece wants.
        """
        title = (self.document.title or "").strip().rstrip(".")
        return " ".join([*([f"{title}."] if title else []), *(self.texts[one] for one in self.covered(at))])

    def covered(self, at: int) -> tuple[int, ...]:
        """Passages that are read when `at` is."""
        return tuple(range(at, min(at + 2, len(self.passages))))

    def quoted_share(self, span: Span) -> float:
        """Share of the characters of a span that is somebody else's."""
        return quoted_share(span[0], span[1], self.quoted)


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
    return Layout(
        document=document,
        passages=passages,
        texts=texts,
        stems=tuple(stems(one) for one in texts),
        quoted=tuple(quoted),
        quoted_shares=tuple(quoted_share(passage.start, passage.end, quoted) for passage in passages),
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
