"""How near a phrase is to each passage of a document: as a whole, and token by token.

The embedding of a passage is the mean of its tokens' states, so the few words by which a passage speaks about a
statement can be lost in it. Therefore each token of the phrase is also compared with all tokens of the passage, and its
largest cosine counts (late interaction: Khattab and Zaharia 2020, "ColBERT"). The text graph gives both in one pass.
`python -m training.selection` measures what the screen and the packs gain by it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.calibration import Floats
from models.encoder import Encoder
from models.stems import STOPWORDS

#: The text graph's output with a vector of length 1 for each token, [inputs, tokens, width], in 16 bits. A graph
#: without it compares whole passages only.
TOKEN_VECTORS = "token_vectors"  # noqa: S105 - no password
#: The tokens of a phrase that is compared as a whole only.
NO_TOKENS: Floats = np.zeros((0, 0), dtype=np.float32)
#: Multiplications up to which OpenBLAS, with which numpy multiplies, runs a product on the calling thread. The encoder
#: has a thread for every core; more of them would only disturb it.
_ON_ONE_THREAD = 2**18
_LETTER = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A statement or an alias.

    Attributes
    ----------
    vector
        Its embedding [hidden], of length 1.
    tokens
        Vectors of its content tokens [tokens, width]; [0, 0] if the graph gives none.
    """

    vector: Floats
    tokens: Floats


class PassageVectors:
    """The vectors of a document's n passages.

    Parameters
    ----------
    vectors
        Embeddings [n, hidden], each of length 1.
    tokens
        For each passage, the vectors of its tokens [tokens, width]; empty if the graph gives none.
    """

    def __init__(self, vectors: Floats, tokens: Sequence[Floats] = ()) -> None:
        self._vectors = vectors
        self._with_tokens = [number for number, given in enumerate(tokens) if len(given)]
        given = [tokens[number] for number in self._with_tokens]
        self._tokens = np.concatenate(given).T.astype(np.float32) if given else None
        self._starts = np.cumsum([0, *(len(rows) for rows in given[:-1])])

    def __len__(self) -> int:
        return len(self._vectors)

    def similarity(self, phrases: Sequence[Phrase]) -> Floats:
        """Return for each passage [n] the similarity to the nearest of at least one phrase, between -2 and 2."""
        return np.asarray(np.stack([self._to(phrase) for phrase in phrases]).max(axis=0), dtype=np.float32)

    def _to(self, phrase: Phrase) -> Floats:
        """Return, for each passage, its cosine plus the mean of the largest cosines of the phrase's tokens."""
        similarity = np.asarray(self._vectors @ phrase.vector, dtype=np.float32)
        if self._tokens is not None and len(phrase.tokens):
            cosines = _product(phrase.tokens, self._tokens)
            nearest = np.maximum.reduceat(cosines, self._starts, axis=1)
            similarity[self._with_tokens] += nearest.mean(axis=0)
        return similarity


def _product(left: Floats, right: Floats) -> Floats:
    """Multiply two matrices, so many columns of the right one at a time as are multiplied on one thread."""
    product = np.empty((len(left), right.shape[1]), dtype=np.float32)
    step = max(_ON_ONE_THREAD // left.size, 1)
    for start in range(0, right.shape[1], step):
        columns = slice(start, start + step)
        np.matmul(left, right[:, columns], out=product[:, columns])
    return product


def encode(
    encoder: Encoder, texts: Sequence[str], outputs: Sequence[str]
) -> tuple[dict[str, Floats], list[Floats]]:
    """Run the text graph; the second result has the vectors of each text's tokens, and is empty if it gives none."""
    if TOKEN_VECTORS in encoder.outputs:
        return encoder.run_with_tokens(texts, outputs, TOKEN_VECTORS)
    return encoder.run(texts, outputs), []


def phrase_of(text: str, encoder: Encoder) -> Phrase:
    """Read a statement or an alias with the text graph."""
    encoded, given = encode(encoder, [text], ["embedding"])
    tokens = given[0].astype(np.float32) if given else NO_TOKENS
    content = [
        number
        for number, token in enumerate(encoder.tokens_of(text) if given else ())
        if _LETTER.search(token) and token.lower() not in STOPWORDS
    ]
    return Phrase(encoded["embedding"][0], tokens[content] if content else tokens)
