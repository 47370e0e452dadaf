"""Other wordings and denials of statements, and short names of the matter that a statement judges, for training.

If a network is trained on only one wording of a general statement, it learns the wording by heart. The files of the
folder ``rewordings`` have other wordings and denials of statements of ``opeds.parquet``. A person who agrees with a
statement disagrees with its denial. Some of the wordings and denials are questions. For many statements the files also
have phrases ("NATO", "a carbon tax"): a person who agrees with the statement is in favor of such a phrase, or against
it. A language model wrote all of them for this project. The statements themselves are not part of the project, so a
line names its statement by the hash of its text. There are several files because no file of the project, except the
weights, may be larger than a megabyte.
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
    """Other wordings of a statement, its denials, and phrases that a person who agrees is in favor of or against."""

    same: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()
    favored: tuple[str, ...] = ()
    opposed: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """The other wordings and the denials; a piece that is silent on the statement is silent on each of them."""
        return self.same + self.denials

    @property
    def phrases(self) -> tuple[str, ...]:
        """The phrases. A piece that is silent on the statement may still speak about its phrases."""
        return self.favored + self.opposed

    @property
    def every(self) -> tuple[str, ...]:
        """Everything that can be asked in place of the statement."""
        return self.sentences + self.phrases


NONE = Rewordings()


def read_lines(folder: Path) -> list[Any]:
    """Read all JSON lines of the files of a folder, in the order of the file names.

    Raises
    ------
    OSError
        If there is no file, or a file cannot be read.
    ValueError
        If a line is not JSON.
    """
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise FileNotFoundError(f"no .jsonl file in {folder}")
    lines = (line for file in files for line in file.read_text(encoding="utf-8").split("\n"))
    return [json.loads(line) for line in lines if line]


def read_rewordings(statements: list[str], folder: Path = FOLDER) -> Mapping[str, Rewordings]:
    """Read the rewordings of statements; statements without any are left out.

    Raises
    ------
    InputError
        If there is no file or a line is not as described above.
    """
    try:
        lines = read_lines(folder)
        rewordings = {
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
    return {
        statement: rewordings[name_of(statement)]
        for statement in statements
        if name_of(statement) in rewordings
    }
