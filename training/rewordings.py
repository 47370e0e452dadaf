"""Other wordings of statements, statements of the other camp, and short names of what they judge, for training.

A network that meets a general statement in one wording alone learns the wording by heart. The files of the folder
``rewordings`` give for statements of ``opeds.parquet`` what means the same in other words, and what denies it: who
agrees with the statement disagrees with its denial. Questions are among both. Of many statements they also give a
phrase ("NATO", "a carbon tax") that who agrees is in favor of, or one that he is against. All were written for this
project by a language model; the statements themselves are not part of the project, so a line names its statement by
the hash of its text. There are several files since none of the project, but for the weights, is larger than a megabyte.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commentariat import InputError
from training.hashes import name_of

FOLDER = Path(__file__).with_name("rewordings")


@dataclass(frozen=True, slots=True)
class Rewordings:
    """What means the same as a statement, what denies it, and phrases that who agrees is in favor of or against."""

    same: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()
    favored: tuple[str, ...] = ()
    opposed: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """What says the same or denies it; a piece that is silent on the statement is silent on each."""
        return self.same + self.denials

    @property
    def phrases(self) -> tuple[str, ...]:
        """Names of what the statement judges. A piece that is silent on the statement may well speak of them."""
        return self.favored + self.opposed

    @property
    def every(self) -> tuple[str, ...]:
        """All that can be asked in place of the statement."""
        return self.sentences + self.phrases


NONE = Rewordings()


def read_lines(folder: Path) -> list[Any]:
    """Read all lines of JSON of the files of a folder, in the order of their names.

    Raises
    ------
    OSError
        If there is no file, or one cannot be read.
    ValueError
        If a line is not JSON.
    """
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise FileNotFoundError(f"no .jsonl file in {folder}")
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def read_rewordings(statements: list[str], folder: Path = FOLDER) -> Mapping[str, Rewordings]:
    """Read the rewordings of some statements; those without any are left out.

    Raises
    ------
    InputError
        If there is no file or a line is not as described above.
    """
    try:
        lines = read_lines(folder)
        found = {
            row["of"]: Rewordings(
                tuple(row["same"]),
                tuple(row["denials"]),
                tuple(row.get("favored", ())),
                tuple(row.get("opposed", ())),
            )
            for row in lines
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{folder} cannot be read as rewordings: {error!r}.") from error
    return {one: found[name_of(one)] for one in statements if name_of(one) in found}
