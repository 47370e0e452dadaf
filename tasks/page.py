"""A page: the content that was fetched for an item, and the error if there is none."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from commentariat import CommentariatError
from tasks.addresses.urls import address_behind_redirects
from tasks.item import Item, Resource, Visit
from tasks.outcome import Outcome, OutcomeName, StationName


@dataclass(slots=True)  # not frozen: a frozen one takes five times as long to build, for every page
class Page:
    """The content that was fetched for an item.

    Attributes
    ----------
    item
        The item that was fetched.
    body
        The content, unpacked but not decoded; None if it has not changed since the last visit.
    media_type
        Lower-case media type without parameters; guessed from the first bytes where the server sends none.
    charset
        The charset that the server declares, not verified. None if it declares none.
    http_status
        Status of the last answer; None for local files.
    final_url
        The URL of the content, after redirects.
    etag, last_modified
        Values that are sent back at the next visit.
    not_modified
        True if nothing has changed, by the server's answer or by a comparison of the file.
    elapsed
        Seconds spent on the network or disk, without the waiting time for politeness.
    fetched_at
        Time of reading; for a WARC record the time at which the archive read it.
    redirected_for_now
        True if one of the redirects is temporary, so that another page may be there on another night.
    """

    item: Item
    body: bytes | None
    media_type: str
    charset: str | None
    http_status: int | None
    final_url: str
    etag: str | None
    last_modified: str | None
    not_modified: bool
    elapsed: float
    fetched_at: datetime
    redirected_for_now: bool = False

    def visit(self, resource: Resource = "page", previous: Visit | None = None) -> Visit:
        """Give the row for the next conditional request; an unchanged page keeps its old hash."""
        body_hash = hashlib.sha256(self.body).hexdigest()[:32] if self.body is not None else None
        return Visit(
            url=self.item.url,
            resource=resource,
            fetched_at=self.fetched_at,
            http_status=self.http_status,
            etag=self.etag or (previous.etag if previous and self.not_modified else None),
            last_modified=self.last_modified
            or (previous.last_modified if previous and self.not_modified else None),
            body_hash=body_hash or (previous.body_hash if previous else None),
            final_url=self._other_address(),
        )

    def _other_address(self) -> str | None:
        """Give the address to which redirects led; None if it is the one that was asked for."""
        asked = self.item.url
        if self.final_url == asked:  # nearly always, and the canonical form of an address takes time to find
            return None
        there = address_behind_redirects(asked, self.final_url)
        return there if there != asked else None


class NotFetchedError(CommentariatError):
    """An item could not or may not be fetched.

    Attributes
    ----------
    outcome
        Name of the outcome.
    http_status
        Status of the answer, if there was one.
    retry_after
        Seconds after which the same request may succeed: 0 means that we choose the pause, None means never in this
        run.
    """

    def __init__(
        self,
        outcome: OutcomeName,
        reason: str,
        *,
        http_status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.http_status = http_status
        self.retry_after = retry_after
        self.elapsed: float | None = None

    def as_outcome(self, item: Item, station: StationName = "fetch") -> Outcome:
        """Give the outcome of the item for which this error was raised."""
        return Outcome(
            url=item.url,
            source=item.source,
            outcome=self.outcome,
            reason=str(self),
            stage=station,
            http_status=self.http_status,
            elapsed=self.elapsed,
        )
