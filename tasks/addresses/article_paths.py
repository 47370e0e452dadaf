"""The marks by which the path of an article differs from the path of a section."""

import re
from typing import Final

__all__ = ["reads_like_an_article"]

# Marks of an article's path that a section's path does not have, besides a long slug: a date, a long id, an ending.
_ARTICLE_PATH: Final = re.compile(r"/(?:19|20)\d\d/\d{1,2}/|\d{5}|\.s?html?$|_\w+_\w+_")


def reads_like_an_article(path: str) -> bool:
    """Say whether a path has a slug of four words or more, a date, a long number or the ending of a page."""
    words = path.removesuffix("/").rpartition("/")[2].split("-")
    three_and_more = zip(words, words[1:], words[2:-1], strict=False)
    return any(all(triple) for triple in three_and_more) or _ARTICLE_PATH.search(path) is not None
