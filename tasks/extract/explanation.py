"""The results of extraction besides the article: the outcome of a page, and its signals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tasks.article import Article
from tasks.outcome import Outcome, OutcomeName
from tasks.page import Page

__all__ = ["Explanation", "failed_reading", "outcome_of"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """All signals of a page, and the result.

    Attributes
    ----------
    article
        The article that would be stored; None only if nothing could be read at all, or if it is another page than the
        one that was asked for.
    outcome
        The reason why it is not stored; None for a good article.
    signals
        Numbers and words on which the verdict is based, by name.
    """

    article: Article | None
    outcome: Outcome | None
    signals: Mapping[str, object] = field(default_factory=dict)


def outcome_of(page: Page, outcome: OutcomeName, reason: str, elapsed: float | None = None) -> Outcome:
    """Give the outcome of a page that ends at this station."""
    return Outcome(
        url=page.item.url,
        source=page.item.source,
        outcome=outcome,
        reason=reason,
        stage="extract",
        http_status=page.http_status,
        elapsed=elapsed,
    )


def failed_reading(page: Page, error: Exception) -> Outcome:
    """Give the outcome of a page whose reading ended with an error."""
    reason = f"reading it failed: {type(error).__name__}: {error}"[:300]
    return outcome_of(page, "extract_failed", reason)
