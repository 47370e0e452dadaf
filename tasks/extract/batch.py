"""The extract station for a micro-batch: in worker processes, or in this one for tests and notebooks."""

from collections.abc import Sequence

from tasks.article import Article
from tasks.extract.settings import ExtractSettings
from tasks.extract.workers import Workers
from tasks.outcome import Outcome
from tasks.page import Page


def extract_batch(
    pages: Sequence[Page], workers: Workers | ExtractSettings | None = None
) -> tuple[list[Article], list[Outcome]]:
    """Extract a micro-batch; every page becomes exactly one article or outcome.

    Parameters
    ----------
    pages
        The pages with their bytes, in any order; unchanged pages end before (:mod:`tasks.fetch.unchanged`).
    workers
        The pool of worker processes. If settings or nothing are given instead, pages are read in this process, one
        after the other and without limits: for tests and notebooks.
    """
    articles: list[Article] = []
    outcomes: list[Outcome] = []
    if workers is None or isinstance(workers, ExtractSettings):
        from tasks.extract.extract import extract_page  # noqa: PLC0415 - a run leaves the extractors to its workers

        results = [extract_page(page, workers) for page in pages]
    else:
        results = workers.extract(pages)
    for result in results:
        if isinstance(result, Article):
            articles.append(result)
        else:
            outcomes.append(result)
    return articles, outcomes
