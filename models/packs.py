"""Packs: of a document, the passages that may show a stance on a target, as one input in the order of the text.

An op-ed is longer than what the network reads at once, and most of it is about something else than the target. So every
passage gets a worth for the target (likeness of meaning, shared words, and a little for the opening and the end), and
the passages of most worth are taken until the pack is full. The title stands before them. A short text is its own pack.
Training packs its texts with the same functions, so that the network is asked what it was trained on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.calibration import Floats
from models.layout import Layout, title_of
from models.sentences import Span
from models.targets import Question

#: Tokens of a pack, the title among them, without the target and the special tokens. At 330 a pack holds a paragraph
#: that shows the author's stance for 98 of 100 sides, at 200 for 94 (`python -m training.selection`); the sides are
#: found as well at 240 as at 330, in three quarters of the time.
PACK_TOKENS = 240
#: A pack this full is not searched further for a passage that still fits.
_FULL = 0.95
#: What a full overlap of words is worth beside a cosine, and what the first and the last passage get on top.
_WORDS_WORTH, _END_WORTH = 0.3, 0.05


@dataclass(frozen=True, slots=True)
class Pack:
    """One input of the network.

    Attributes
    ----------
    text
        What is read after the target: title and sentences.
    sentences
        The sentences in it, as spans of the document's text.
    starts
        Where each of them starts in `text`, in characters.
    """

    text: str
    sentences: tuple[Span, ...]
    starts: tuple[int, ...]


def worth_of_passages(layout: Layout, asked: Question, embeddings: Floats, anchors: Floats) -> Floats:
    """Say how likely each passage shows a stance on a target.

    Parameters
    ----------
    layout
        A document of n passages.
    asked
        One wording of the target.
    embeddings
        Of the passages [n, hidden], each of length 1.
    anchors
        Embeddings of the wording and of the target's aliases [m, hidden], each of length 1.

    Returns
    -------
    array of n
        The largest cosine of a passage and an anchor, plus 0.3 times the share of the wording's words that it holds.
    """
    words = np.asarray([asked.overlap(*one) for one in zip(layout.texts, layout.stems, strict=True)])
    return np.asarray((embeddings @ anchors.T).max(axis=1) + _WORDS_WORTH * words, dtype=np.float32)


def choose_passages(worth: Floats, tokens: Sequence[int], budget: int) -> list[int]:
    """Take the passages of most worth that fit into `budget` tokens, at least one; in the order of the text."""
    raised = worth.copy()
    raised[0] += _END_WORTH
    raised[-1] += _END_WORTH
    chosen: list[int] = []
    used = 0
    for at in np.argsort(-raised, kind="stable"):
        if used + tokens[at] <= budget or not chosen:
            chosen.append(int(at))
            used += tokens[at]
        if used > _FULL * budget:
            break
    return sorted(chosen)


def pack(layout: Layout, worth: Floats, budget: int = PACK_TOKENS) -> Pack:
    """Pack a document for a target.

    Parameters
    ----------
    layout
        A document of at least one passage.
    worth
        Of each of its passages for the target (:func:`worth_of_passages`).
    budget
        Most tokens, the title among them.
    """
    title = title_of(layout.document.title)
    chosen = choose_passages(worth, layout.tokens, budget - layout.title_tokens)
    sentences = tuple(span for at in chosen for span in layout.passages[at].sentences)
    parts, starts, length = ([title] if title else []), [], len(title)
    for start, end in sentences:
        length += 1 if parts else 0
        starts.append(length)
        parts.append(layout.document.text[start:end])
        length += end - start
    return Pack(" ".join(parts), sentences, tuple(starts))
