"""The times of an article, by its page and by its listing."""

from __future__ import annotations

from datetime import datetime, time

from tasks.extract.metadata.metadata import Metadata
from tasks.item import Item
from tasks.text.dates import plausible_if_listed
from tasks.text.zones import ahead_of

__all__ = ["article_times"]


def article_times(
    metadata: Metadata, item: Item, fetched_at: datetime
) -> tuple[datetime | None, datetime | None]:
    """Give the times of publication and of the last change; each is None if neither page nor listing states it."""
    published = _published(metadata, plausible_if_listed(item.published_hint, fetched_at))
    listed = plausible_if_listed(item.listed_change, fetched_at)
    stated = (_changed(metadata, published), listed)  # a change is not before the publication
    changes = (when for when in stated if when and (published is None or when >= published))
    return published, next(changes, None)


def _published(metadata: Metadata, listed: datetime | None) -> datetime | None:
    """Choose the page's time, or the listing's if the page's is not certain, has no zone, or is only the day of it."""
    own = metadata.published_at
    if own is None or listed is None or "published_at" in metadata.uncertain:
        return listed or own
    if "published_at" in metadata.without_zone and ahead_of(own, listed) is not None:
        return listed  # both are the same time, which only the listing states with its zone
    only_day = (own.hour, own.minute, own.second) == (0, 0, 0)
    return listed if only_day and abs((listed - own).total_seconds()) < 36 * 3600 else own


def _changed(metadata: Metadata, published: datetime | None) -> datetime | None:
    """Give the page's time of the last change; without a zone, it is taken to be in that of the publication."""
    own, modified = metadata.published_at, metadata.modified_at
    if own is None or modified is None or metadata.without_zone != {"published_at", "modified_at"}:
        return modified
    # Midnight may be only the day, which says nothing of the zone of another time.
    ahead = ahead_of(own, published) if own.time() != time() else None
    return modified + ahead if ahead else modified
