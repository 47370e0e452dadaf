"""Signatures that near-copies have in common, and the share of one text that is contained in another.

MinHash (Broder, "On the resemblance and containment of documents", 1997) over word 5-grams, cut into bands
(Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", chapter 3): two texts whose 5-grams have the
Jaccard similarity *s* share at least one of 32 bands of 4 rows with probability ``1 - (1 - s**4) ** 32``,
which is .99 at s = .6 and .5 at s = .38. Bands only find candidates; the share that is contained makes the decision.

Everything is computed in numpy with wrapping 64-bit arithmetic and fixed constants, so that the same text has the same
bands on every machine and at all times. Any change of the computation needs a new :data:`ALGORITHM`.
"""

from __future__ import annotations

import hashlib
import unicodedata
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tasks.text.prose import words_of

__all__ = ["ALGORITHM", "BANDS", "MIN_WORDS", "bands_of", "share_contained", "shingle_hashes"]

#: Stored with every band: bands of different algorithms are never compared.
ALGORITHM = "minhash-5w-32x4-v1"
BANDS = 32
ROWS = 4
SHINGLE_WORDS = 5
#: Shorter texts share too few 5-grams for statistics; for them only equal words count.
MIN_WORDS = 50

UInt64s = NDArray[np.uint64]

_GOLDEN = 0x9E3779B97F4A7C15


def shingle_hashes(text: str) -> UInt64s:
    """Hash every run of five words of a text: sorted 64-bit numbers, each once.

    Case, punctuation and typography do not count. Texts of fewer than five words have no shingles.
    """
    folded = unicodedata.normalize("NFKC", text).replace("’", "'")
    words = words_of(folded)
    if len(words) < SHINGLE_WORDS:
        return np.empty(0, np.uint64)
    hashes = np.fromiter((_word_hash(word) for word in words), np.uint64, len(words))
    count = len(words) - SHINGLE_WORDS + 1
    mixed = np.zeros(count, np.uint64)
    for offset in range(SHINGLE_WORDS):
        mixed = _scramble(mixed + hashes[offset : offset + count] + np.uint64(offset + 1))
    return np.unique(mixed)


def bands_of(shingles: UInt64s) -> UInt64s:
    """Give the 32 band hashes of a text's shingles; empty for a text without any."""
    if not len(shingles):
        return np.empty(0, np.uint64)
    multipliers, addends = _permutations()
    smallest = np.empty(BANDS * ROWS, np.uint64)
    # A few permutations at a time: the whole matrix of a long text would be hundreds of megabytes.
    for start in range(0, BANDS * ROWS, ROWS):
        part = slice(start, start + ROWS)
        rows = multipliers[part, None] * shingles[None, :] + addends[part, None]
        smallest[part] = (rows >> np.uint64(32)).min(axis=1)
    bands = np.arange(1, BANDS + 1, dtype=np.uint64)
    for row in range(ROWS):
        bands = _scramble(bands + smallest[row::ROWS])
    return bands


def share_contained(text: UInt64s, other: UInt64s) -> float:
    """Return the share of a text's shingles that another text contains, 0 to 1; 0 for a text without shingles."""
    if not len(text):
        return 0.0
    return len(np.intersect1d(text, other, assume_unique=True)) / len(text)


@lru_cache(maxsize=65_536)
def _word_hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def _scramble(values: UInt64s) -> UInt64s:
    """Mix 64-bit numbers (splitmix64: Steele, Lea and Flood, 2014); arithmetic wraps by intention."""
    mixed = values + np.uint64(_GOLDEN)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


@lru_cache(maxsize=1)
def _permutations() -> tuple[UInt64s, UInt64s]:
    """Give the 128 hash functions ``a * x + b`` (multiply-shift: Dietzfelbinger and others, 1997)."""
    numbers = _scramble(np.arange(1, 2 * BANDS * ROWS + 1, dtype=np.uint64))
    return numbers[: BANDS * ROWS] | np.uint64(1), numbers[BANDS * ROWS :]
