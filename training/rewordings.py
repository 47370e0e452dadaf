"""Other wordings of statements, and statements of the other camp, for training.

A network that meets a general statement in one wording alone learns the wording by heart. ``rewordings.jsonl`` gives
for statements of ``opeds.parquet`` what means the same in other words, and what denies it: who agrees with the
statement disagrees with its denial. They were written for this project by a language model; the statements themselves
are not part of the project, so a line names its statement by the hash of its text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from commentariat import InputError

FILE = Path(__file__).with_name("rewordings.jsonl")
_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Rewordings:
    """What means the same as a statement, and what denies it."""

    same: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()

    @property
    def every(self) -> tuple[str, ...]:
        """All of them; a piece that is silent on the statement is silent on each."""
        return self.same + self.denials


NONE = Rewordings()


def name_of(statement: str) -> str:
    """By which name a line of the file speaks of a statement."""
    return hashlib.sha256(statement.encode()).hexdigest()[:_DIGITS]


def read_rewordings(statements: list[str], path: Path = FILE) -> Mapping[str, Rewordings]:
    """Read the rewordings of some statements; those without any are left out.

    Raises
    ------
    InputError
        If the file is missing or a line is not as described above.
    """
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        found = {row["of"]: Rewordings(tuple(row["same"]), tuple(row["denials"])) for row in lines}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} cannot be read as rewordings: {error!r}.") from error
    return {one: found[name_of(one)] for one in statements if name_of(one) in found}
