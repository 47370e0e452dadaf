"""The settings of section ``[extract]`` of the configuration."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

__all__ = ["ExtractSettings"]

_CODES = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el "
    "en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu "
    "ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na "
    "nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn "
    "so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu "
)
_LONGER_FORMS = (
    "aar abk afr aka alb amh ara arg arm asm ava ave aym aze bak bam baq bel ben bih bis bod bos bre bul bur cat ces "
    "cha che chi chu chv cor cos cre cym cze dan deu div dut dzo ell eng epo est eus ewe fao fas fij fin fra fre fry "
    "ful geo ger gla gle glg glv gre grn guj hat hau heb her hin hmo hrv hun hye ibo ice ido iii iku ile ina ind ipk "
    "isl ita jav jpn kal kan kas kat kau kaz khm kin kir kom kon kor kua kur lao lat lav lim lin lit ltz lub lug mac "
    "mah mal mao mar may mkd mlg mlt mon mri msa mya nau nav nbl nde ndo nep nld nno nob nor nya oci oji ori orm oss "
    "pan per pli pol por pus que roh ron rum run rus sag san sin slk slo slv sme smo sna snd som sot spa sqi srd srp "
    "ssw sun swa swe tah tam tat tel tgk tgl tha tib tir ton tsn tso tuk tur twi uig ukr urd uzb ven vie vol wel wln "
    "wol xho yid yor zha zho zul"
)
_TWO_LETTERS = frozenset(_CODES.split())
_OF_TWO_LETTERS = frozenset(_LONGER_FORMS.split())


def can_be_found(code: str) -> bool:
    """Say whether a text can be in the language ``code``, written in small letters.

    These are the codes of ISO 639-1, and those of three letters for languages that have none of two: a page may declare
    any of them. ``kik`` has one of two letters, but is what the identifier of languages writes.
    """
    is_code = len(code) == 3 and code.isascii() and code.isalpha()
    return code in _TWO_LETTERS or (is_code and code not in _OF_TWO_LETTERS)


class ExtractSettings(BaseModel):
    """``[extract]``: which pieces are scored, and how much time and memory a page may take."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    languages: tuple[str, ...] = Field(
        default=("en",),
        description="ISO 639-1 codes of the languages to take in (three letters for a language that has none of two); "
        "empty takes every language.",
    )
    keep: tuple[Literal["opinion", "news", "unknown"], ...] = Field(
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
        description="Below this confidence a text is not scored (outcome low_quality).",
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

    @field_validator("languages")
    @classmethod
    def _languages_exist(cls, languages: tuple[str, ...]) -> tuple[str, ...]:
        codes = tuple(language.strip().lower() for language in languages)
        if unknown := [repr(code) for code in codes if not can_be_found(code)]:
            raise ValueError(
                "should be ISO 639-1 codes of two letters, such as en, de or zh (of three letters, such as gsw, for a "
                f"language that has none of two), without a region: not {', '.join(unknown)}"
            )
        return codes
