"""Pages on disk are extracted into JSON lines, without a warehouse: the command ``commentariat extract``."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from tasks.extract.explanation import Explanation
from tasks.extract.settings import ExtractSettings
from tasks.extract.workers import Workers, usual_workers
from tasks.local_page import local_item, local_page
from tasks.outcome import Outcome
from tasks.page import NotFetchedError, Page

_BATCH = 64


def extract_paths(paths: Sequence[Path], *, explain: bool = False) -> Iterator[dict[str, Any]]:
    """Extract pages in worker processes; yields one record for each page, in order.

    A text that fails the quality rules has its outcome and reason, and its text too, because a person looks at the
    result.
    """
    # A process needs a second to import its libraries, and a pool starts all its processes for its first page.
    number = min(len(paths), usual_workers())
    settings = ExtractSettings(languages=(), keep=("opinion", "news", "unknown"), workers=number)
    with Workers(settings) as workers:
        for start in range(0, len(paths), _BATCH):
            yield from _records(paths[start : start + _BATCH], workers, explain=explain)


def _records(paths: Sequence[Path], workers: Workers, *, explain: bool) -> Iterator[dict[str, Any]]:
    read = [_page(path) for path in paths]
    explained = iter(workers.explain([page for page in read if isinstance(page, Page)]))
    for path, page in zip(paths, read, strict=True):
        explanation = next(explained) if isinstance(page, Page) else Explanation(None, page)
        yield _record(path, explanation) | ({"signals": dict(explanation.signals)} if explain else {})


def _page(path: Path) -> Page | Outcome:
    item = local_item(path, source="extract")
    try:
        return local_page(item)
    except NotFetchedError as error:
        return error.as_outcome(item)


def _record(path: Path, explanation: Explanation) -> dict[str, Any]:
    article, outcome = explanation.article, explanation.outcome
    record: dict[str, Any] = {"path": str(path)}
    fields: Iterable[str] = (
        "url", "title", "subtitle", "authors", "published_at", "modified_at", "outlet", "section", "language",
        "kind", "kind_signal", "text", "note", "caption", "quality", "quality_flags", "extractor",
    )  # fmt: skip
    record |= {
        "outcome": outcome.outcome if outcome else "loaded",
        "reason": outcome.reason if outcome else "readable",
    }
    return record | {name: _plain(getattr(article, name)) if article else None for name in fields}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
