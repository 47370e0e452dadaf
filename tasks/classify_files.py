"""Texts from files are classified into JSON lines, without a warehouse: the command ``commentariat classify``."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from commentariat import InputError
from models import Document, Reading, Target, TargetStance
from tasks.classify import ClassifierChoice
from tasks.extract.extract import explain_page
from tasks.extract.markup import as_page, without_inline_marks
from tasks.fetch.files import LocalContent
from tasks.local_page import local_item, local_page, page_of
from tasks.outcome import OutcomeName
from tasks.page import NotFetchedError
from tasks.parquet_values import rows_of

_MOST_EXACT: Final = 2**53
"""From here on numbers with a fraction differ from what was written, so that two ids could become one."""
_OF_NO_CONCERN: Final[frozenset[OutcomeName]] = frozenset({"too_short", "not_commentary"})
"""Outcomes by which a run chooses what to store; the answers to such a text are as good as those to any other."""


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


def read_texts(files: Sequence[Path], targets: tuple[str, ...]) -> list[AskedText]:
    """Read the texts to classify.

    Parameters
    ----------
    files
        ``.jsonl`` and ``.parquet`` with columns ``id`` and ``text``, and optionally ``title`` and ``target``.
        ``target`` is then the only target of its row. Any other page or text is one text, and its name is the id.
        Title, captions and notes are separated from its body as in a run. Files of other kinds are refused.
        A text in a row is read as it is, without tags and references of HTML.
    targets
        Targets asked of every text that has no target of its own.

    Raises
    ------
    InputError
        When a file cannot be read or a target is blank; the message names the file, the line and the problem.
    """
    if not all(target.strip() for target in targets):
        raise InputError("a target is blank: give a statement to be for or against, or leave the target out")
    asked = tuple(Target(id=target, statement=target) for target in targets)
    texts: list[AskedText] = []
    for file in files:
        try:
            texts.extend(_texts_of(file, asked))
        except OSError as error:
            raise InputError(f"{file}: cannot be read: {error.strerror}") from error
    return texts


def classify_texts(
    texts: Sequence[AskedText], choice: ClassifierChoice, *, batch_size: int = 64
) -> Iterator[tuple[list[dict[str, Any]], int]]:
    """Classify texts in micro-batches; yields the output records of each batch and its number of texts."""
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
            {"start": e.start, "end": e.end, "text": text[e.start : e.end]} for e in answer.evidence
        ],
    }


def _texts_of(file: Path, asked: tuple[Target, ...]) -> Iterator[AskedText]:
    suffix = file.suffix.lower()
    if suffix in (".jsonl", ".ndjson"):
        yield from _rows_as_texts(file, _json_rows(file), asked)
    elif suffix == ".parquet":
        try:
            rows = rows_of(pq.read_table(file))
        except (pa.ArrowException, UnicodeDecodeError) as error:
            raise InputError(f"{file}: not a Parquet file: {error}") from error
        yield from _rows_as_texts(file, enumerate(rows, start=1), asked)
    else:
        yield _file_as_text(file, asked)


def _file_as_text(file: Path, asked: tuple[Target, ...]) -> AskedText:
    """Read a file as a run does, so that both give the same answers; texts that a run would leave out are read too."""
    try:
        explained = explain_page(local_page(local_item(file, source="classify")))
    except NotFetchedError as error:
        reason = str(error).removeprefix(f"{file.absolute()}: ")
        raise InputError(f"{file}: {reason}") from error
    article = explained.article
    if article is None:
        why = explained.outcome.reason if explained.outcome else "nothing in it can be read"
        raise InputError(f"{file}: {why}")
    outcome = explained.outcome
    left_out = outcome.reason if outcome and outcome.outcome not in _OF_NO_CONCERN else None
    return AskedText(file.name, article.text, asked, article.title, left_out)


def _json_rows(file: Path) -> Iterator[tuple[int, Any]]:
    with file.open(encoding="utf-8-sig", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                yield number, orjson.loads(line)
            except orjson.JSONDecodeError as error:
                raise InputError(f"{file}, line {number}: not JSON: {error}") from error


def _rows_as_texts(
    file: Path, rows: Iterable[tuple[int, Any]], asked: tuple[Target, ...]
) -> Iterator[AskedText]:
    for number, row in rows:
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise InputError(f'{file}, row {number}: needs a "text" that is a string')
        if row.get("id") is None:
            raise InputError(f'{file}, row {number}: needs an "id"')
        if isinstance(row["id"], float) and abs(row["id"]) >= _MOST_EXACT:
            raise InputError(f'{file}, row {number}: "id" is a number of too many digits: write it in quotes')
        title, own = (_text_in(row, column, f"{file}, row {number}") for column in ("title", "target"))
        targets = (Target(id=own, statement=own),) if own else asked
        yield AskedText(str(row["id"]), _without_markup(file, row["text"]), targets, title)


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
