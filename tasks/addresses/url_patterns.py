"""The patterns of ``include`` and ``exclude``, by which a source chooses URLs."""

import re
from fnmatch import translate

_BEGINNINGS = ("http://", "https://", "file://")


def compiled(pattern: str) -> re.Pattern[str]:
    """Make a regular expression that is found in the URLs that a pattern describes.

    After ``re:`` a pattern is a regular expression. A pattern with ``*`` describes the whole URL, from its beginning to
    its end. Any other is a part of the URL.

    Raises
    ------
    ValueError
        When it is no regular expression, or can match no URL because of its beginning.
    """
    try:
        if pattern.startswith("re:"):
            return re.compile(pattern[3:])
        if "*" not in pattern:
            return re.compile(re.escape(pattern))
        if not _may_begin_a_url(pattern):
            raise ValueError(
                f"{pattern!r} matches no URL: a pattern with * describes the whole URL, also its beginning; "
                f"write {'*' + pattern!r}"
            )
        return re.compile(rf"\A{translate(pattern)}")  # translate anchors the end only
    except re.error as error:
        raise ValueError(f"{pattern!r} is not a regular expression: {error}") from error


def _may_begin_a_url(pattern: str) -> bool:
    literal = re.split(r"[*?\[]", pattern, maxsplit=1)[0]  # all that fnmatch takes for more than a character
    return any(literal.startswith(beginning) or beginning.startswith(literal) for beginning in _BEGINNINGS)
