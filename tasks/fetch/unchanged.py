"""Unchanged pages: a fetched page with nothing new since its last visit goes no further."""

from collections.abc import Mapping, Sequence

from tasks.item import Visit
from tasks.outcome import Outcome
from tasks.page import Page

#: The reason for ``unchanged`` when the server did not answer that the page is unchanged, but its bytes are the same.
_SAME_BYTES = "the same bytes as before"


def without_unchanged(
    pages: Sequence[Page], previous: Mapping[str, Visit]
) -> tuple[list[Page], list[Visit], list[Outcome]]:
    """Take out the pages that hold nothing new since their last visits.

    Returns
    -------
    tuple
        The changed pages, the visits to store, and one outcome for each unchanged page.
    """
    changed: list[Page] = []
    visits: list[Visit] = []
    unchanged: list[Outcome] = []
    for page in pages:
        last = previous.get(page.item.url)
        visit = page.visit("file" if page.http_status is None else "page", last)
        if last is None or visit.fetched_at > last.fetched_at:  # an archive lists old visits again
            visits.append(visit)
        if reason := _nothing_new(page, visit, last):
            unchanged.append(_unchanged(page, reason))
        else:
            changed.append(page)
    return changed, visits, unchanged


def is_first_content(page: Page, previous: Visit | None) -> bool:
    """Whether a page has content, and none was stored at its last visit: it is new, whatever its bytes are."""
    if page.not_modified or page.body is None:
        return False
    return previous is None or previous.body_hash is None


def _nothing_new(page: Page, visit: Visit, previous: Visit | None) -> str | None:
    """Say why a page holds nothing new compared with what is stored; None if it does hold something new."""
    if page.not_modified or page.body is None:
        # The status of a record of an archive is the answer to the archive, and was not given to us now.
        is_answer = page.http_status is not None and page.item.location is None
        return f"HTTP {page.http_status}" if is_answer else _SAME_BYTES
    if previous is None or previous.body_hash is None:
        return None
    if page.item.location and visit.fetched_at <= previous.fetched_at:
        return f"the archive read it on {visit.fetched_at:%Y-%m-%d}, which is not later"
    return _SAME_BYTES if visit.body_hash == previous.body_hash else None


def _unchanged(page: Page, why: str) -> Outcome:
    return Outcome(
        url=page.item.url,
        source=page.item.source,
        outcome="unchanged",
        reason=f"not changed since the last visit ({why})",
        stage="fetch",
        http_status=page.http_status,
        elapsed=page.elapsed,
    )
