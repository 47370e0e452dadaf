"""Which language a text is in."""

from __future__ import annotations

from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]  # ships no types

from tasks.prose import count_words

__all__ = ["language_of"]

#: Characters looked at; more changes nothing.
SAMPLE = 1_500
#: Words below which a declaration is worth more than statistics.
FEW_WORDS = 15
CONFIDENT = 0.8


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def language_of(text: str, declared: str | None = None) -> str | None:
    """Return the ISO 639-1 code of a text's language, or None where it cannot be determined.

    The text decides; what the page declares (``lang="en-US"``) counts only for a few words or in doubt: templates
    declare the language of the site, not of the piece.
    """
    code = (declared or "").strip().lower().replace("_", "-").split("-")[0]
    declared_code = code if code.isalpha() and 2 <= len(code) <= 3 else None
    if not any(character.isalpha() for character in text):
        return declared_code
    found, probability = _identifier().classify(text[:SAMPLE])
    if declared_code and ((count_words(text) < FEW_WORDS and len(text) < 200) or probability < CONFIDENT):
        return declared_code
    return str(found)
