"""One person's answer to one question: its checks, its table row, and its line of JSON."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Self, cast, get_args
from uuid import uuid4

from commentariat import InputError

Answer = Literal["favor", "against", "neutral", "not_about", "skip"]
ANSWERS: tuple[Answer, ...] = get_args(Answer)
"""The possible answers: a side, no side, that the article does not speak about the target, or no answer."""

SampledBy = Literal["random", "least_certain", "models_differ", "wordings_differ", "most_copied", "chosen"]
SAMPLED_BY: tuple[SampledBy, ...] = get_args(SampledBy)

LONGEST_NOTE, LONGEST_NAME = 4_000, 200
LARGEST_NUMBER = 2**31 - 1
"""The largest number that the table can store. A larger one would stop the commit of all answers, and so every run."""
_HALF = re.compile("[\ud800-\udfff]")


_Kinds = Mapping[str, tuple[tuple[type, ...], str]]
_TEXT = (str,), "a text"
_TEXT_OR_NONE = (str, type(None)), "a text or nothing"
_WHOLE = (int,), "a whole number"
_WHOLE_OR_NONE = (int, type(None)), "a whole number or nothing"
_NUMBER_OR_NONE = (int, float, type(None)), "a number or nothing"
_YES_NO_OR_NONE = (bool, type(None)), "true, false or nothing"
_OF_DRAW: _Kinds = {
    "sampled_by": _TEXT,
    "sample": _TEXT_OR_NONE,
    "stratum": _TEXT_OR_NONE,
    "stratum_size": _WHOLE_OR_NONE,
    "sampling_weight": _NUMBER_OR_NONE,
}
_OF_ANNOTATION: _Kinds = {
    **dict.fromkeys(("article_id", "target", "statement_hash", "statement", "annotator"), _TEXT),
    **dict.fromkeys(("answer", "annotation_id"), _TEXT),
    "revision": _WHOLE,
    "note": _TEXT_OR_NONE,
    "is_blind": _YES_NO_OR_NONE,
}


def _check_kinds(record: Draw | Annotation, kinds: _Kinds) -> None:
    """Raise InputError if a value is not of its column's type: another program may write any JSON to the inbox."""
    for name, (allowed, in_words) in kinds.items():
        _check_kind(name, getattr(record, name), allowed, in_words)


def _check_kind(name: str, value: object, allowed: tuple[type, ...], in_words: str) -> None:
    # True and False are whole numbers in Python.
    if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
        raise InputError(f"{name} is {value!r:.100}: it must be {in_words}")


def _check_characters(record: Draw | Annotation) -> None:
    """Raise InputError if a text has half of a surrogate pair: it can neither be written to the inbox nor stored."""
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, str) and (half := _HALF.search(value)):
            raise InputError(
                f"{field.name} has half of a character, U+{ord(half[0]):04X}, after {half.start():,} others: "
                "remove it, or write the character whole"
            )


@dataclass(frozen=True, slots=True)
class Draw:
    """How a question was selected.

    Attributes
    ----------
    sampled_by
        ``chosen`` if no sample was drawn.
    sample
        Name of the sample; None if the question was chosen.
    stratum, stratum_size, sampling_weight
        The part of the frame from which the question was drawn by chance, the number of questions in that part, and
        1 / the probability of being drawn; None if the question was not drawn by chance.
    """

    sampled_by: SampledBy = "chosen"
    sample: str | None = None
    stratum: str | None = None
    stratum_size: int | None = None
    sampling_weight: float | None = None

    def __post_init__(self) -> None:
        """Raise InputError if a value is not of its type, or the values contradict each other."""
        _check_kinds(self, _OF_DRAW)
        _check_characters(self)
        if self.sampled_by not in SAMPLED_BY:
            raise InputError(f"sampled_by is {self.sampled_by!r}; it is one of {', '.join(SAMPLED_BY)}")
        if (self.sampled_by == "chosen") != (self.sample is None):
            raise InputError(
                f"sampled_by is {self.sampled_by!r} and sample {self.sample!r}: name both or none"
            )
        by_chance = (self.stratum, self.stratum_size, self.sampling_weight)
        if self.sampled_by != "random":
            if any(value is not None for value in by_chance):
                raise InputError(
                    "stratum, stratum_size and sampling_weight are allowed only with sampled_by = random"
                )
            return
        if self.stratum is None or self.stratum_size is None or self.sampling_weight is None:
            raise InputError("sampled_by = random needs stratum, stratum_size and sampling_weight")
        if not 1 <= self.sampling_weight <= self.stratum_size:
            raise InputError(
                f"sampling_weight is {self.sampling_weight}: it must be from 1 to stratum_size ({self.stratum_size})"
            )
        if self.stratum_size > LARGEST_NUMBER:
            raise InputError(f"stratum_size is {self.stratum_size}: it must be at most {LARGEST_NUMBER:,}")
        # The table stores it in single precision, in which Arrow refuses some integers, but no floating-point number.
        object.__setattr__(self, "sampling_weight", float(self.sampling_weight))


CHOSEN = Draw()


@dataclass(frozen=True, slots=True)
class Annotation:
    """One answer of one person.

    Attributes
    ----------
    annotation_id
        32 hex digits. An answer that is submitted twice under the same id is stored once.
    article_id, revision
        The text that the person read.
    target, statement_hash, statement
        The question, in the wording of that day; ``statement`` is the text that the person saw.
    sentences
        Offsets of the sentences that show the answer.
    is_blind
        Whether the person had seen no model's answer; None if that is not known.
    """

    article_id: str
    revision: int
    target: str
    statement_hash: str
    statement: str
    annotator: str
    answer: Answer
    sentences: tuple[tuple[int, int], ...] = ()
    note: str | None = None
    is_blind: bool | None = None
    draw: Draw = CHOSEN
    answered_at: datetime = datetime.min  # set below if it is not given
    annotation_id: str = ""

    def __post_init__(self) -> None:
        """Add an id and a time if they are missing; raise InputError if a value is not allowed."""
        if self.answered_at == datetime.min:
            object.__setattr__(self, "answered_at", datetime.now(UTC))
        if not self.annotation_id:
            object.__setattr__(self, "annotation_id", uuid4().hex)
        _check_kinds(self, _OF_ANNOTATION)
        _check_characters(self)
        if self.answer not in ANSWERS:
            raise InputError(f"the answer is {self.answer!r}; it is one of {', '.join(ANSWERS)}")
        for name, longest in (("annotator", LONGEST_NAME), ("target", LONGEST_NAME)):
            if not 0 < len(getattr(self, name).strip()) <= longest:
                raise InputError(f"{name} is empty or longer than {longest} characters")
        if self.note is not None and len(self.note) > LONGEST_NOTE:
            raise InputError(f"the note is longer than {LONGEST_NOTE:,} characters")
        for start, end in self.sentences:
            _check_kind("the start of a sentence", start, *_WHOLE)
            _check_kind("the end of a sentence", end, *_WHOLE)
            if not 0 <= start < end <= LARGEST_NUMBER:
                raise InputError(f"the sentence {start}-{end} has no first or no last character")
        if not 1 <= self.revision <= LARGEST_NUMBER:
            raise InputError(f"revision is {self.revision}: it must be from 1 to {LARGEST_NUMBER:,}")
        if self.answered_at.tzinfo is None:
            raise InputError(
                f"answered_at is {self.answered_at}: it needs a time zone, like 2026-11-30T12:00:00Z"
            )
        try:
            self.answered_at.astimezone(UTC)
        except OverflowError:  # a table would store it, and no program could read it again
            raise InputError(
                f"answered_at is {self.answered_at}: it must be from the year 1 to the year 9999 in UTC"
            ) from None

    def after(self, former: Annotation | None) -> Self:
        """Give this answer a time after that of a former one, if there is one.

        The latest answer of a person to a question counts, and the former one may have been given while the clock of
        this machine, or of another one, was ahead.
        """
        if former is None or self.answered_at > former.answered_at:
            return self
        with suppress(OverflowError):  # no time is later than the last moment of the year 9999
            return replace(self, answered_at=former.answered_at + timedelta(microseconds=1))
        return self

    def drawn_for(self, draw: Draw) -> Self:
        """Give this answer as one to the same question drawn for another sample: it has another id, and counts instead.

        Made twice from the same answer, it has the same id.
        """
        again = replace(self, draw=draw, annotation_id=id_of(self.annotation_id, draw.sample))
        return again.after(self)

    @property
    def row(self) -> dict[str, Any]:
        """The row of table ``annotation``, without month and run."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        del own["sentences"], own["draw"]
        sentences = {
            "sentence_start": [start for start, _ in self.sentences],
            "sentence_end": [end for _, end in self.sentences],
        }
        return own | sentences | asdict(self.draw)

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Self:
        """Make an annotation from a row of table ``annotation``.

        Raises
        ------
        InputError
            A value is not allowed.
        """
        own = {field.name: row[field.name] for field in fields(cls) if field.name in row}
        sentences = tuple(zip(row["sentence_start"], row["sentence_end"], strict=True))
        draw = Draw(**{field.name: row[field.name] for field in fields(Draw)})
        return cls(**own, sentences=sentences, draw=draw)

    def as_line(self) -> str:
        """Write the annotation as one line of JSON."""
        return json.dumps(self.row | {"answered_at": self.answered_at.isoformat()}, ensure_ascii=False)

    @classmethod
    def of_line(cls, line: str) -> Self:
        """Read an annotation from a line of JSON.

        Raises
        ------
        ValueError, KeyError, TypeError, InputError
            The line does not have the form that :meth:`as_line` writes.
        """
        row = cast("dict[str, Any]", json.loads(line))
        return cls.of_row(row | {"answered_at": datetime.fromisoformat(row["answered_at"])})


def id_of(*parts: object) -> str:
    """Make an id from the content of an answer, so that an answer that is submitted again is recognised."""
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:32]
