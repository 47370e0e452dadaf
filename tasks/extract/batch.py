"""The extract station for a micro-batch, in worker processes."""

from collections.abc import Sequence

from tasks.article import Article
from tasks.extract.workers import Ahead, Workers
from tasks.outcome import Outcome
from tasks.page import Page


def extract_batch(pages: Sequence[Page], workers: Workers | Ahead) -> tuple[list[Article], list[Outcome]]:
    """Extract a micro-batch; every page becomes exactly one article or outcome.

    Parameters
    ----------
    pages
        The pages with their bytes, in any order; unchanged pages end before (:mod:`tasks.fetch.unchanged`).
    workers
        The pool of worker processes, or what has begun in it for this micro-batch.
    """
    articles: list[Article] = []
    outcomes: list[Outcome] = []
    for result in workers.extract(pages):
        if isinstance(result, Article):
            articles.append(result)
        else:
            outcomes.append(result)
    return articles, outcomes
