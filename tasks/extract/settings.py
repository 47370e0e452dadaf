"""The settings of section ``[extract]`` of the configuration."""

from __future__ import annotations

from pydantic import Field, field_validator

from tasks.article import Kind
from tasks.extract.requirements import Requirements
from tasks.section import Section
from tasks.text.languages import is_language_code

__all__ = ["ExtractSettings"]


class ExtractSettings(Section):
    """``[extract]``: which pieces are stored, and how much time and memory a page may take."""

    languages: tuple[str, ...] = Field(
        default=("en",),
        description="ISO 639-1 codes of the languages to take in (three letters for a language that has none of two); "
        "empty takes every language. The bundled model reads English only: its answers to other texts mean nothing.",
    )
    keep: tuple[Kind, ...] = Field(
        default=("opinion", "unknown"),
        min_length=1,
        description="Kinds to keep, as the page or its source states them; another kind gets the outcome "
        "not_commentary. unknown: neither states it; the classifier then says the kind, and the piece is stored.",
    )
    min_words: int = Field(
        default=80, ge=1, le=1_000_000, description="A text with fewer words gets the outcome too_short."
    )
    min_quality: float = Field(
        default=0.3,
        ge=0,
        le=1,
        description="Below this confidence a text is not stored (outcome low_quality).",
    )
    workers: int = Field(
        default=0, ge=0, le=1024, description="Worker processes; 0 takes one for each core, at most 8."
    )
    page_seconds: float = Field(
        default=10, gt=0, le=86_400, description="Seconds for one page; after them its worker is stopped."
    )
    page_megabytes: int = Field(
        default=1_024,
        ge=128,
        le=1_048_576,
        description="Megabytes that one page may need in addition to the worker's own memory.",
    )
    recycle_after: int = Field(
        default=500, ge=1, le=1_000_000, description="Pages after which a worker is replaced by a fresh one."
    )

    @property
    def requirements(self) -> Requirements:
        """The part of the settings that worker processes need."""
        return Requirements(self.languages, self.keep, self.min_words, self.min_quality)

    @field_validator("languages")
    @classmethod
    def _languages_exist(cls, languages: tuple[str, ...]) -> tuple[str, ...]:
        codes = tuple(language.strip().lower() for language in languages)
        if unknown := [repr(code) for code in codes if not is_language_code(code)]:
            raise ValueError(
                "should be ISO 639-1 codes of two letters, such as en, de or zh (of three letters, such as gsw, for a "
                f"language that has none of two), without a region: not {', '.join(unknown)}"
            )
        return codes
