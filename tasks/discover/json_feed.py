"""Parsing a JSON Feed (jsonfeed.org): an entry keeps what can be read of it, whatever the types of its values are."""

import json
from typing import Any

Entry = dict[str, Any]


def read_json_feed(body: bytes) -> list[Entry] | None:
    """Give the entries of a JSON Feed, in the form of the parsers of other feeds; None if it is none."""
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(feed, dict):
        return None
    items = feed.get("items", [] if "jsonfeed.org" in str(feed.get("version")) else None)
    if not isinstance(items, list):
        return None
    return [_entry(item if isinstance(item, dict) else {}) for item in items]


def _entry(item: dict[str, Any]) -> Entry:
    return {
        "id": item.get("id"),
        "link": item.get("url"),
        "title": item.get("title"),
        "authors": [{"name": name} for name in _authors(item)],
        "published": item.get("date_published"),
        "updated": item.get("date_modified"),
    }


def _authors(item: dict[str, Any]) -> list[object]:
    """Give the names of the authors; version 1 has only ``author``, and some feeds have names in place of objects."""
    listed = item.get("authors")
    authors = listed if isinstance(listed, list) and listed else [item.get("author")]
    return [author.get("name") if isinstance(author, dict) else author for author in authors]
