"""A document prepared for the classifier: its sentences, passages and quoted parts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from models.interface import Document
from models.passages import Passage, TokenCounter, split_passages
from models.quotes import quoted_share, quoted_spans
from models.sentences import Span, sentence_spans
from models.stems import stems

#: Largest number of passages read from one document: about 45,000 words. From a longer text, passages are taken at even
#: distances.
MOST_PASSAGES = 1_024


@dataclass(frozen=True, slots=True)
class Layout:
    """A document and all data about its text that can be computed without the model.

    Attributes
    ----------
    document
        The document.
    passages, texts, stems, tokens
        The passages that are read, their texts, their content words and their lengths in tokens.
    title_tokens
        Number of tokens of the title as it is read with a target.
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
        """Give the share of a span's characters that are somebody else's words."""
        return quoted_share(span[0], span[1], self.quoted)


#: Number of characters of a title that are read with a target.
_TITLE = 200


def title_of(title: str | None) -> str:
    """Return the title as it is put before the passages of a text: with a full stop, or an empty string."""
    words = (title or "").strip().rstrip(".")[:_TITLE]
    return f"{words}." if words else ""


def lay_out(document: Document, count_tokens: TokenCounter) -> Layout:
    """Cut a document into passages and find its quoted parts."""
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
        stems=tuple(stems(part) for part in texts),
        tokens=tuple(tokens),
        title_tokens=title_tokens,
        quoted=tuple(quoted),
        coverage=len(passages) / len(every) if every else 1.0,
    )


def _sampled(passages: list[Passage]) -> tuple[Passage, ...]:
    """Give all passages, or evenly spaced ones that include the first and the last."""
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
