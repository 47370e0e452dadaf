"""Paragraphs, words and the hash of a text, as all later stations define them."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from tasks.text.characters import clean_characters

__all__ = ["SENTENCE_END", "count_words", "normalise_text", "paragraphs_of", "text_hash", "words_of"]

#: The end of a paragraph that ends as a sentence does.
SENTENCE_END = re.compile(r"[.!?…][\"”’')\]]*$")

_SPACE = re.compile(r"[^\S\n]+")
_BULLET = re.compile(r"^[-*•▪◦‣·] +")
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")


def paragraphs_of(text: str) -> list[str]:
    """Split a text into its paragraphs: one line each, no empty ones, single spaces, no list bullets."""
    lines = (_SPACE.sub(" ", line).strip() for line in clean_characters(text).split("\n"))
    return [line for line in (_BULLET.sub("", line).strip() for line in lines) if line]


def normalise_text(text: str) -> str:
    """Bring a text into the stored form: NFC, paragraphs separated by one newline.

    The function is idempotent: a stored text does not change when it is normalised again. Therefore a hash does not
    depend on how often a text was normalised.
    """
    before, result = "", text
    while before != result:
        before = result
        result = "\n".join(paragraphs_of(unicodedata.normalize("NFC", before)))
    return result


def words_of(text: str) -> list[str]:
    """Return the words of a text, in lower case, without punctuation."""
    return _WORD.findall(text.lower())


def count_words(text: str) -> int:
    """Count the words of a text; a run of Chinese, Japanese or Thai letters without spaces counts as one."""
    return len(_WORD.findall(text))


def text_hash(text: str) -> str:
    """Return the first 32 hex digits of the SHA-256 of the text's words.

    Case, punctuation, spacing and typographic variants do not count: two texts with the same words in the
    same order are the same text.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return hashlib.sha256(" ".join(_WORD.findall(folded)).encode("utf-8", "replace")).hexdigest()[:32]
