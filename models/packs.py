"""Packs: the passages of a document that may show a stance on a target, as one input in the order of the text.

An op-ed is longer than one input of the network, and most of it is not about the target. Therefore each passage gets a
worth for the target (similarity of meaning, and shared words). Passages of the highest worth are taken until the pack
is full; the first and the last passage are taken a little sooner than their worth says. The title comes before them. A
short text is one pack as a whole. Training makes its packs with the same functions. But there, a statement is compared
with whole passages only, and not token by token, because the vectors of the tokens of all op-eds would be too many to
keep.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.calibration import Floats
from models.layout import Layout, title_of
from models.search_terms import SearchTerms
from models.sentences import Span

#: Tokens of a pack with its title, but without the target and the special tokens. With 330 tokens a pack holds a
#: paragraph that shows the author's stance for 98 of 100 sides, with 200 tokens for 94 (`python -m
#: training.selection`). With 240 tokens the sides are found as well as with 330, in three quarters of the time.
PACK_TOKENS = 240
#: Tokens of a short pack. It is enough where a document hardly passes the screen: there, a side is rare, and the one or
#: two best passages show it if any does.
SHORT_PACK_TOKENS = 100
#: If a pack is filled to this share, no further passage that might still fit is searched for.
_FULL = 0.95
#: The worth of a full overlap of words, beside the similarity.
_WORDS_WORTH = 0.15
#: What the first and the last passage are ranked above their worth.
_ENDS_SOONER = 0.05
#: Number of the best passages whose mean worth is the worth of the document.
_BEST = 4


@dataclass(frozen=True, slots=True)
class Pack:
    """One input of the network.

    Attributes
    ----------
    text
        The text that the network reads after the target: title and sentences.
    sentences
        The sentences in the pack, as spans of the document's text.
    starts
        The position in `text`, in characters, at which each sentence starts.
    worth
        The worth of the whole document for the wording, without aliases: the mean worth of its best passages, also of
        those that are not in the pack.
    """

    text: str
    sentences: tuple[Span, ...]
    starts: tuple[int, ...]
    worth: float = 0.0


def worth_of_passages(layout: Layout, terms: SearchTerms, similarity: Floats) -> Floats:
    """Score how likely each passage shows a stance on a target.

    Parameters
    ----------
    layout
        A document of n passages.
    terms
        The search terms of one wording of the target.
    similarity
        The similarity of each passage [n] to the wording, or to the nearest of the wording and the target's aliases
        (:meth:`models.similarity.PassageVectors.similarity`).

    Returns
    -------
    array of n
        The similarity plus 0.15 times the share of the wording's words in the passage.
    """
    words = np.asarray([terms.overlap(*passage) for passage in zip(layout.texts, layout.stems, strict=True)])
    return np.asarray(similarity + _WORDS_WORTH * words, dtype=np.float32)


def worth_of_document(worth: Floats) -> float:
    """Return the worth of a whole document: the mean worth of its best four passages."""
    return float(np.sort(worth)[-_BEST:].mean())


def screen_score(worth: Floats) -> float:
    """Return the score by which the screen decides whether a document is read for a target.

    It is the mean of the worth of the best passage and that of the whole document: an author who takes a side on a
    general statement often touches its matter in several passages, and in none of them as closely as in an essay on it.
    """
    # as a number of 32 bits, because it is stored as one
    return float(np.float32((float(worth.max()) + worth_of_document(worth)) / 2))


def tokens_of_pack(score: float, full_pack: float) -> int:
    """Return the budget of a pack: a full one if the screen's `score` is at least `full_pack`, else a short one."""
    return PACK_TOKENS if score >= full_pack else SHORT_PACK_TOKENS


def choose_passages(worth: Floats, tokens: Sequence[int], budget: int) -> list[int]:
    """Choose the passages of highest worth that fit into `budget` tokens, at least one; in the order of the text.

    All are chosen if they fit together: a short text is read as a whole.
    """
    if sum(tokens) <= budget:
        return list(range(len(tokens)))
    rank = worth.copy()
    rank[0] += _ENDS_SOONER
    rank[-1] += _ENDS_SOONER
    chosen: list[int] = []
    used = 0
    for index in np.argsort(-rank, kind="stable"):
        if used + tokens[index] <= budget or not chosen:
            chosen.append(int(index))
            used += tokens[index]
        if used > _FULL * budget:
            break
    return sorted(chosen)


def pack(
    layout: Layout, worth: Floats, budget: int = PACK_TOKENS, *, of_wording: Floats | None = None
) -> Pack:
    """Pack a document for a target.

    Parameters
    ----------
    layout
        A document of at least one passage.
    worth
        The worth of each passage for the target (:func:`worth_of_passages`).
    budget
        Largest number of tokens, including the title.
    of_wording
        The worth of each passage for the wording alone, from which the worth of the document is computed; None if the
        target has no aliases. Aliases only help to find passages: the calibration was fitted to targets without them.
    """
    title = title_of(layout.document.title)
    chosen = choose_passages(worth, layout.tokens, budget - layout.title_tokens)
    sentences = tuple(span for index in chosen for span in layout.passages[index].sentences)
    parts, starts, length = ([title] if title else []), [], len(title)
    for start, end in sentences:
        length += 1 if parts else 0
        starts.append(length)
        parts.append(layout.document.text[start:end])
        length += end - start
    of_document = worth_of_document(worth if of_wording is None else of_wording)
    return Pack(" ".join(parts), sentences, tuple(starts), of_document)
