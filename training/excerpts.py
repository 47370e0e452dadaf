"""Beginnings of opinion pieces and what their authors think there: more pieces than are labelled whole.

``topic.parquet`` holds the first 2,500 characters of many articles. For the files of the folder ``excerpts`` a large
language model read those that argue and are not in ``opeds.parquet``. For each it wrote statements that the text
settles, in two wordings, and near ones that it does not settle; and it answered, one by one, fifteen statements that
were written for other pieces or banks, twelve of them of the thirty general ones nearest to the text.

A line names its text by the hash of it (:func:`training.hashes.name_of`), since the texts are not part of this
project, and the fifteen statements by theirs. The sentences that show a stance are numbered from 0, and each counts as
a paragraph: so evidence is known to the sentence here.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from commentariat import InputError
from models.sentences import sentence_spans
from training.corpus import read_rows
from training.hashes import name_of
from training.opeds_data import Label, OpEd
from training.rewordings import read_lines

FOLDER = Path(__file__).with_name("excerpts")
#: Letter of the bank of these pieces; no other piece has it.
BANK = "x"
#: Clearness of an answer, which these readers did not distinguish.
_CLEAR = 2


def read_excerpts(data: Path, statements: Mapping[str, str], folder: Path = FOLDER) -> list[OpEd]:
    """Read the excerpts that training may see, with their labels; none where `data` has no ``topic.parquet``.

    Parameters
    ----------
    data
        Folder with ``topic.parquet``.
    statements
        What the fifteen were chosen from, by name.
    folder
        Where the labels are.

    Raises
    ------
    InputError
        If there is no file of labels, or a line is not as described above or names a statement that is not known.
    """
    if not (data / "topic.parquet").exists():
        return []
    texts = {name_of(row["text"]): row for row in read_rows(data, "topic") if row["split"] == "train"}
    try:
        return [_piece(texts[row["of"]], row, statements) for row in read_lines(folder) if row["of"] in texts]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{folder} cannot be read as labels of excerpts: {error!r}.") from error


def parts_of(text: str) -> tuple[str, tuple[str, ...]]:
    """Give the title of an excerpt, which is its first line, and the sentences of the rest."""
    title, _, body = text.partition("\n")
    return title.strip(), tuple(body[start:end] for start, end in sentence_spans(body))


def _piece(article: Mapping[str, Any], row: Mapping[str, Any], statements: Mapping[str, str]) -> OpEd:
    title, sentences = parts_of(article["text"])
    own = [
        Label(target, other or None, stance, _CLEAR, tuple(shown), own=True)
        for stance, shown, target, other in row["own"]
    ]
    general = [
        Label(statements[name], None, stance, _CLEAR, tuple(shown), own=False)
        for name, (stance, shown) in row["labels"].items()
    ]
    return OpEd(
        id=row["of"],
        title=title,
        outlet=article["source"],
        lean="",
        kind="opinion",
        bank=BANK,
        paragraphs=sentences,
        labels=(*own, *general),
        silent=(),
        near=tuple(row["near"]),
        hard=tuple(statements[name] for name in row["silent"]),
    )
