"""Labels of beginnings of opinion pieces, of readers' comments and of short arguments.

``topic.parquet`` holds the first 2,500 characters of many articles. For the files of the folder ``excerpts`` a large
language model read those that argue for an opinion and are not in ``opeds.parquet``. For each it wrote statements that
the text answers, in two wordings, and near statements that the text does not answer. It also answered, one by one,
fifteen statements that were written for other pieces, excerpts included, or for banks; ten or twelve of these are among
the thirty general statements nearest to the text. From ``8.jsonl`` on, it answered fourteen general statements, nine
of them the nearest, and there are three near statements.

Later, it answered up to fourteen more statements about many of the texts. They were written for this project
(``statements.toml``) and are about other sides of the persons and groups that the text judges. An author who attacks a
president, for example, has not yet judged his voters, his honesty or his party: a network often sees a stance there.

``stance.parquet`` holds comments of newspaper readers on many subjects (VAST, Room for Debate), each with the stance on
one target or a few. Those of 85 words and more were labelled in the same way: four statements of their own, and
thirteen of others, seven of them the nearest general ones. The same file holds arguments of experts and groups on
public questions, of about 120 words (ProCon). From ``10.jsonl`` on, arguments of 40 words and more and the shorter
comments have labels too: four statements of their own, three near ones, and twelve of others, seven of them general
ones and five that were written for other pieces.

A line names its text and the statements of others by their hashes (:func:`training.hashes.name_of`), since the texts
and most of the statements are not part of this project. Each sentence counts as a paragraph, numbered from 0.
Therefore the labels name the single sentences that show a stance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from commentariat import InputError
from models.sentences import sentence_spans
from training.corpus import read_rows
from training.cross_statements import EXCERPTS as FOLDER
from training.cross_statements import written_for_no_piece
from training.hashes import name_of
from training.opeds_data import Label, OpEd
from training.rewordings import read_lines

#: Letter of the bank of these pieces; other pieces have other letters.
BANK = "x"
#: Sources of ``stance.parquet`` whose texts may have labels here; they have no title.
SHORT = frozenset({"vast", "room_for_debate", "procon20"})
#: Clearness of every label here, since these labels do not distinguish it.
_CLEAR = 2


def read_excerpts(data: Path, statements: Mapping[str, str], folder: Path = FOLDER) -> list[OpEd]:
    """Read the excerpts and comments that training may use, with their labels; none without ``topic.parquet``.

    Parameters
    ----------
    data
        Folder with ``topic.parquet``, and ``stance.parquet`` for the comments.
    statements
        Statements of other pieces and banks, by name. The excerpts' own ones and those of the folder are added.
    folder
        Folder with the labels.

    Raises
    ------
    InputError
        If a file is missing, if a line is not as described above, or if it names an unknown statement.
    """
    if not (data / "topic.parquet").exists():
        return []
    texts = {name_of(row["text"]): row for row in _texts(data)}
    try:
        rows = [row for row in read_lines(folder) if row["of"] in texts]
        own = (target for row in rows for _, _, target, _ in row["own"])
        known = {name_of(text): text for text in (*written_for_no_piece(folder), *own)} | dict(statements)
        return [_piece(texts[row["of"]], row, known) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{folder} cannot be read as labels of excerpts: {error!r}.") from error


def _texts(data: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of the train split whose texts may have labels here."""
    yield from (row for row in read_rows(data, "topic") if row["split"] == "train")
    if not (data / "stance.parquet").exists():
        return
    short = [row for row in read_rows(data, "stance") if row["source"] in SHORT]
    # a text in both splits was asked about different targets
    held_back = {row["text"] for row in short if row["split"] != "train"}
    yield from (row for row in short if row["text"] not in held_back)


def parts_of(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the title of an excerpt, which is its first line, and the sentences of the rest."""
    title, _, body = text.partition("\n")
    return title.strip(), sentences_of(body)


def sentences_of(text: str) -> tuple[str, ...]:
    """Return the sentences of a text."""
    return tuple(text[start:end] for start, end in sentence_spans(text))


def _piece(article: Mapping[str, Any], row: Mapping[str, Any], statements: Mapping[str, str]) -> OpEd:
    short = article["source"] in SHORT
    title, sentences = ("", sentences_of(article["text"])) if short else parts_of(article["text"])
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
