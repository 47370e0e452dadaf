"""The language of a text."""

from __future__ import annotations

from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]  # ships no types

from tasks.text.prose import count_words

__all__ = ["language_of"]

#: Number of characters that are read; more characters do not change the result.
SAMPLE = 1_500
#: With fewer words than this, the declared language is more reliable than statistics.
FEW_WORDS = 15
CONFIDENT = 0.8


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def language_of(text: str, declared: str | None = None) -> str | None:
    """Return the ISO 639-1 code of a text's language, or None where it cannot be determined.

    The text decides. The language that the page declares (``lang="en-US"``) is used only for a few words or in doubt,
    because templates declare the language of the site, not of the article.
    """
    code = (declared or "").strip().lower().replace("_", "-").split("-")[0]
    declared_code = code if code.isalpha() and 2 <= len(code) <= 3 else None
    if not any(character.isalpha() for character in text):
        return declared_code
    language, probability = _identifier().classify(text[:SAMPLE])
    if declared_code and ((count_words(text) < FEW_WORDS and len(text) < 200) or probability < CONFIDENT):
        return declared_code
    return str(language)
