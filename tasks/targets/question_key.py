"""What makes two answers answers to the same question, in the rows of the warehouse and in people's files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class QuestionKey(NamedTuple):
    """The fields by which two answers belong to the same question; another statement is another question."""

    article_id: str
    revision: int
    target: str
    statement_hash: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> QuestionKey:
        """Give the question to which a row belongs."""
        return cls(row["article_id"], row["revision"], row["target"], row["statement_hash"])
