"""Packs for training, made from op-eds with the same functions as in use (:mod:`models.packs`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models import Document
from models.calibration import Floats
from models.encoder import Encoder
from models.layout import Layout, lay_out
from models.packs import Pack, pack, worth_of_passages
from models.questions import as_statement
from models.search_terms import search_terms
from models.similarity import NO_TOKENS, PassageVectors, Phrase, encode, phrase_of
from training.embeddings import Embed
from training.opeds_data import Label, OpEd

#: Number that is added to the worth of a passage that must be packed before all others.
_BEFORE_ALL = 10.0


@dataclass(frozen=True, slots=True)
class Prepared:
    """An op-ed, its passages, and their vectors.

    Attributes
    ----------
    piece, layout
        The op-ed and its passages.
    embeddings
        Embeddings of the passages [passages, hidden].
    tokens
        For each passage, the vectors of its tokens; empty if the graph gives none, and in training, because those of
        all op-eds take several gigabytes: there, passages and statements are compared as a whole only.
    """

    piece: OpEd
    layout: Layout
    embeddings: Floats
    tokens: Sequence[Floats] = ()

    def worth(self, statement: str, vector: Floats | Phrase) -> Floats:
        """Return each passage's worth [passages] for a statement: a phrase, or embeddings [hidden] or [n, hidden]."""
        phrases = (
            [vector]
            if isinstance(vector, Phrase)
            else [Phrase(row, NO_TOKENS) for row in np.atleast_2d(vector)]
        )
        similarity = PassageVectors(self.embeddings, self.tokens).similarity(phrases)
        return worth_of_passages(self.layout, search_terms(statement), similarity)

    def pack(self, statement: str, vector: Floats | Phrase, tokens: int) -> Pack:
        """Pack the piece for a statement into at most `tokens` tokens."""
        return pack(self.layout, self.worth(statement, vector), tokens)

    def pack_showing(self, statement: str, vector: Floats, tokens: int, paragraphs: Sequence[int]) -> Pack:
        """Pack the piece so that the pack contains one of `paragraphs`, as packs in use nearly always do.

        If the pack did not contain a paragraph that shows the stance, the network would learn to guess.
        """
        worth = self.worth(statement, vector)
        packed = pack(self.layout, worth, tokens)
        if any(self.shown_by(packed, paragraphs)):
            return packed
        named = [
            number
            for number, passage in enumerate(self.layout.passages)
            if any(self.piece.paragraph_at(start) in paragraphs for start, _ in passage.sentences)
        ]
        if not named:
            return packed
        worth[max(named, key=lambda number: worth[number])] += _BEFORE_ALL
        return pack(self.layout, worth, tokens)

    def shown_by(self, packed: Pack, paragraphs: Sequence[int]) -> tuple[bool, ...]:
        """Return, for each sentence of a pack, whether it lies in one of `paragraphs`."""
        named = frozenset(paragraphs)
        return tuple(self.piece.paragraph_at(start) in named for start, _ in packed.sentences)


def prepare(pieces: Sequence[OpEd], encoder: Encoder, embed: Embed | None = None) -> list[Prepared]:
    """Cut pieces into passages, and compute the vectors by which passages are compared with statements.

    Parameters
    ----------
    pieces
        The op-eds.
    encoder
        The text graph; its tokenizer cuts the passages.
    embed
        A function that returns embeddings, as for packs that compare whole passages only. It is called once with all
        passages, because :func:`training.embeddings.kept_in` writes a file at each call. None: the graph computes
        everything that is compared in use, also the vectors of tokens.
    """
    layouts = [lay_out(Document(piece.id, piece.text, piece.title), encoder.count_tokens) for piece in pieces]
    texts = [text for layout in layouts for text in layout.texts]
    tokens: Sequence[Floats] = ()
    if embed is None:
        encoded, tokens = encode(encoder, texts, ["embedding"])
        vectors = encoded["embedding"]
    else:
        vectors = embed(texts)
    ends = np.cumsum([len(layout.texts) for layout in layouts], dtype=int)
    places = (slice(end - len(layout.texts), end) for layout, end in zip(layouts, ends, strict=True))
    return [
        Prepared(piece, layout, vectors[place], tokens[place])
        for piece, layout, place in zip(pieces, layouts, places, strict=True)
    ]


def phrases_of(statements: Sequence[str], encoder: Encoder) -> dict[str, Phrase]:
    """Read statements as in use, where a question is read as its statement, without a final full stop."""
    return {statement: phrase_of(as_statement(statement), encoder) for statement in statements}


def statements_of(pieces: Sequence[OpEd]) -> list[str]:
    """Return every statement that can be asked of the pieces, in every wording, sorted."""
    labelled = {wording for piece in pieces for label in piece.labels for wording in wordings_of(label)}
    silent = {
        text
        for piece in pieces
        for text in (*piece.near, *piece.silent, *piece.hard, *piece.mistaken, *piece.mentioned)
    }
    return sorted(labelled | silent)


def own_statements_of(pieces: Sequence[OpEd]) -> list[str]:
    """Return the statements that were written for one of the pieces, in every wording, sorted."""
    return sorted(
        {wording for piece in pieces for label in piece.labels if label.own for wording in wordings_of(label)}
    )


def wordings_of(label: Label) -> tuple[str, ...]:
    """Return the one or two wordings of a labelled statement."""
    return (label.target, label.other_wording) if label.other_wording else (label.target,)
