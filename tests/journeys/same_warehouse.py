"""The content of a warehouse, for comparisons: without the times and the runs that wrote it."""

from pathlib import Path
from typing import Any

from warehouse import connect

_CONTENT = {
    "article": "SELECT url, revision, title, kind, word_count FROM article ORDER BY ALL",
    "stance": "SELECT article_id, revision, target, stance, p_favor, p_against, about FROM stance ORDER BY ALL",
    "topic": "SELECT article_id, revision, topic, rank, score FROM topic ORDER BY ALL",
    "evidence": 'SELECT article_id, target, "start", "end", stance, score FROM evidence ORDER BY ALL',
    "scored": "SELECT article_id, revision, task, target, model_version, n_rows FROM scored ORDER BY ALL",
    "raw_score": "SELECT article_id, revision, target, statement_hash, weights_version FROM raw_score ORDER BY ALL",
    "wording_score": "SELECT article_id, revision, target, statement_hash, weights_version, wording_number"
    " FROM wording_score ORDER BY ALL",
    "text": "SELECT article_id, revision, md5(text) FROM article_text ORDER BY ALL",
    "duplicate": "SELECT article_id, duplicate_of, how FROM duplicate ORDER BY ALL",
    "loaded": "SELECT url, count(*) FROM outcome WHERE outcome = 'loaded' GROUP BY url ORDER BY ALL",
}


def content(warehouse: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows, without the columns that depend on the time or the run."""
    with connect(warehouse) as reader:
        return {
            name: [tuple(row.values()) for row in reader.query(sql).to_pylist()]
            for name, sql in _CONTENT.items()
        }
