"""Texts from files are classified into JSON lines, without a warehouse: the command ``commentariat classify``."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from types import NoneType
from typing import Any, Final

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from commentariat import InputError
from models import Document, Reading, Target, TargetStance
from tasks.classify import ClassifierChoice
from tasks.extract.extract import explain_page
from tasks.extract.plain_text.markup import as_page, without_inline_marks
from tasks.fetch.files import LocalContent
from tasks.file_endings import HAVE_ROWS, JSON_LINES, PARQUET
from tasks.local_files.json_rows import read_json_row
from tasks.local_files.page_paths import NamedPage, named_pages
from tasks.local_files.parquet_values import rows_of
from tasks.local_page import full_path, local_item, local_page, page_of
from tasks.outcome import OutcomeName
from tasks.page import NotFetchedError
from tasks.targets.blank_targets import refuse_blank

_MOST_EXACT: Final = 2**53
"""From here on numbers with a fraction differ from what was written, so that two ids could become one."""
_OF_NO_CONCERN: Final[frozenset[OutcomeName]] = frozenset({"too_short", "not_commentary"})
"""Outcomes by which a run chooses what to store; the answers to such a text are as good as those to any other."""
_MOST_SHOWN: Final = 5
"""Largest number of texts that a remark names; of the others it gives the number."""

Remark = Callable[[str], None]
"""Tells a person something in a sentence, which may contain text from a file."""


@dataclass(frozen=True, slots=True)
class AskedText:
    """A text and the targets that are asked of it.

    Attributes
    ----------
    text
        The body; offsets of evidence refer to it.
    title
        Headline, which is read as context; None if there is none.
    left_out
        Why a run with the default settings would not read the text, such as another language or a paywall; otherwise
        None.
    """

    id: str
    text: str
    targets: tuple[Target, ...]
    title: str | None = None
    left_out: str | None = None


@dataclass(frozen=True, slots=True)
class _Unread:
    """A row or a file of a folder in which there is nothing to read, and why."""

    id: str
    why: str


def read_texts(
    paths: Sequence[Path], targets: tuple[str, ...], *, remark: Remark = lambda _: None
) -> list[AskedText]:
    """Read the texts to classify.

    Parameters
    ----------
    paths
        ``.jsonl`` and ``.parquet`` with columns ``id`` and ``text``, and optionally ``title`` and ``target``.
        ``target`` is then the only target of its row. A row without ``id``, such as a record of ``commentariat
        extract``, has its ``path`` or ``url`` as id. A text in a row is read as it is, without tags and references of
        HTML.
        Any other page or text is one text, and its name is the id. Title, captions and notes are separated from its
        body as in a run. Files of other kinds are refused. In a folder, the pages and texts are read, also those in
        folders below it; the id of each is its path in the folder. If two files would have the same id, the id of
        every file is its path.
    targets
        Targets asked of every text that has no target of its own.
    remark
        Told, for each file of rows and each folder, how many of its texts are left out, because they are null, are
        empty or cannot be read.

    Raises
    ------
    InputError
        When a file that was named cannot be read, or a target is blank; the message names the file, the line and the
        problem.
    """
    refuse_blank(targets)
    asked = tuple(Target(id=target, statement=target) for target in targets)
    files = named_pages(paths)
    ids = _ids(files)
    texts: list[AskedText] = []
    for place, group in groupby(files, lambda file: file.folder or file.path):
        results = [result for file in group for result in _texts_of(file, ids, asked)]
        texts += (result for result in results if isinstance(result, AskedText))
        if unread := [result for result in results if isinstance(result, _Unread)]:
            remark(_remark_on(place, unread, len(results)))
    return texts


def classify_texts(
    texts: Sequence[AskedText], choice: ClassifierChoice, *, batch_size: int = 64
) -> Iterator[tuple[list[dict[str, Any]], int]]:
    """Classify texts; yields the output records of the texts that are read together, and their number."""
    classifier = choice.load()
    for start in range(0, len(texts), batch_size):
        batch = texts[start : start + batch_size]
        readings = classifier.read(
            [Document(text.id, text.text, text.title) for text in batch],
            [text.targets for text in batch],
        )
        records = [
            record
            for text, reading in zip(batch, readings, strict=True)
            for record in _records(text, reading, classifier.version)
        ]
        yield records, len(batch)


def _records(text: AskedText, reading: Reading, model_version: str) -> Iterator[dict[str, Any]]:
    topics = [{"code": t.code, "label": t.label, "score": round(t.score, 4)} for t in reading.topics]
    about = {
        "topic": reading.topics[0].label if reading.topics else None,
        "topics": topics,
        "model_version": model_version,
    }
    if not reading.stances:
        yield {"id": text.id} | about
    for stance in reading.stances:
        yield {"id": text.id} | _stance_record(stance, text.text) | about


def _stance_record(answer: TargetStance, text: str) -> dict[str, Any]:
    return {
        "target": answer.target.statement,
        "stance": answer.stance,
        "p_favor": round(answer.p_favor, 4),
        "p_against": round(answer.p_against, 4),
        "p_neutral": round(answer.p_neutral, 4),
        "relevance": round(answer.relevance, 4),
        "about": answer.about,
        "evidence": [
            {"start": e.start, "end": e.end, "text": text[e.start : e.end], "quoted": e.quoted}
            for e in answer.evidence
        ],
    }


def _ids(files: Iterable[NamedPage]) -> Mapping[Path, str]:
    """Give the ids of the files that are one text each, by path: their names, or else all their paths.

    Names and paths are not mixed, because the name of one file may be the path of another.
    """
    pages = {file.path: file.name for file in files if file.path.suffix.lower() not in HAVE_ROWS}
    return pages if len(set(pages.values())) == len(pages) else {path: path.as_posix() for path in pages}


def _remark_on(place: Path, unread: Sequence[_Unread], count: int) -> str:
    shown = ", ".join(f"{text.id} ({text.why})" for text in unread[:_MOST_SHOWN])
    more = f" and {len(unread) - _MOST_SHOWN} more" if len(unread) > _MOST_SHOWN else ""
    are = "is" if len(unread) == 1 else "are"
    return (
        f"{place}: {len(unread)} of {count} texts {are} left out, as there is nothing to read: {shown}{more}"
    )


def _texts_of(
    file: NamedPage, ids: Mapping[Path, str], asked: tuple[Target, ...]
) -> Iterator[AskedText | _Unread]:
    path, suffix = file.path, file.path.suffix.lower()
    try:
        if suffix in JSON_LINES:
            yield from _rows_as_texts(path, _json_rows(path), asked)
        elif suffix in PARQUET:
            yield from _rows_as_texts(path, enumerate(_parquet_rows(path), start=1), asked)
        else:
            yield _file_as_text(file, ids[path], asked)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error


def _file_as_text(file: NamedPage, name: str, asked: tuple[Target, ...]) -> AskedText | _Unread:
    """Read a file as a run does, so that both give the same answers; texts that a run would leave out are read too."""
    try:
        explained = explain_page(local_page(local_item(file.path, source="classify")))
    except NotFetchedError as error:
        return _unread(file, name, str(error).removeprefix(f"{full_path(file.path)}: "))
    article, outcome = explained.article, explained.outcome
    if article is None:
        return _unread(file, name, outcome.reason if outcome else "nothing in it can be read")
    left_out = outcome.reason if outcome and outcome.outcome not in _OF_NO_CONCERN else None
    return AskedText(name, article.text, asked, article.title, left_out)


def _unread(file: NamedPage, name: str, why: str) -> _Unread:
    """Pass over a file of a folder; refuse one that was itself named."""
    if file.folder is None:
        raise InputError(f"{file.path}: {why}")
    return _Unread(name, why)


def _json_rows(file: Path) -> Iterator[tuple[int, Any]]:
    with file.open(encoding="utf-8-sig", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                yield number, read_json_row(line.encode())
            except orjson.JSONDecodeError as error:
                raise InputError(f"{file}, line {number}: not JSON: {error}") from error


def _parquet_rows(file: Path) -> list[dict[str, Any]]:
    try:
        return rows_of(pq.read_table(file))
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise InputError(f"{file}: not a Parquet file: {error}") from error


def _rows_as_texts(
    file: Path, rows: Iterable[tuple[int, Any]], asked: tuple[Target, ...]
) -> Iterator[AskedText | _Unread]:
    for number, row in rows:
        where = f"{file}, row {number}"
        if not isinstance(row, dict) or "text" not in row or not isinstance(row["text"], str | NoneType):
            raise InputError(f'{where}: needs a "text" that is a string')
        name = _id_of(row, where)
        if row["text"] is None:
            yield _Unread(name, _why_null(row, name))
            continue
        title, own = (_text_in(row, column, where) for column in ("title", "target"))
        targets = (Target(id=own, statement=own),) if own else asked
        text = _without_markup(file, row["text"])
        # An empty text would be answered too: that it has no topic, and does not speak about the target.
        yield AskedText(name, text, targets, title) if text.strip() else _Unread(name, "its text is empty")


def _id_of(row: dict[str, Any], where: str) -> str:
    """Give the id of a row. A record of ``commentariat extract`` has none; there, the path of the page is the id."""
    name = next((row[column] for column in ("id", "path", "url") if row.get(column) is not None), None)
    if name is None:
        raise InputError(f'{where}: needs an "id", or else a "path" or a "url"')
    if isinstance(name, float) and abs(name) >= _MOST_EXACT:
        raise InputError(f'{where}: "id" is a number of too many digits: write it in quotes')
    return str(name)


def _why_null(row: dict[str, Any], name: str) -> str:
    """Say why a row has no text: a record of ``commentariat extract`` has a reason, which may begin with the path."""
    reason = row.get("reason")
    why = reason.removeprefix(f"{full_path(Path(name))}: ") if isinstance(reason, str) else ""
    return why.strip() or "its text is null"


def _text_in(row: dict[str, Any], column: str, where: str) -> str | None:
    """Give the text in a column that may be missing or blank."""
    value = row.get(column)
    if value is not None and not isinstance(value, str):
        raise InputError(f'{where}: "{column}" should be a string, not {value!r}')
    return (value or "").strip() or None


def _without_markup(file: Path, text: str) -> str:
    """Give the text as it is, unless it holds HTML, which is read as the text of a row is read in a run."""
    if as_page(text) is None:
        return without_inline_marks(text)
    body = text.encode("utf-8", errors="replace")
    page = page_of(local_item(file, source="classify"), LocalContent(body, "text/plain", "utf-8"))
    article = explain_page(page).article
    return article.text if article else text
