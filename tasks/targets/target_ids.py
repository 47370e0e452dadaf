"""The id of a target that is given as a statement only."""

import hashlib
import re
import unicodedata
from collections.abc import Container

from tasks.targets.statement_hash import tidied

_LONGEST_ID = 64
_SYMBOLS_OF_MEANING = frozenset("#%&@/*^")
"""Characters that Unicode does not call symbols, or only modifiers, although they distinguish statements."""
_SIGNED_NUMBER = re.compile(r"(?<![^\W_])[-\u2010-\u2015]\d")


def target_id_of(statement: str, taken: Container[str] = ()) -> str:
    """Make an id of a statement that has none: its words, the same in every run.

    An id has at most 64 characters, and only Latin letters without accents. If words, letters or symbols ("$15", "15%",
    "C++") are left out, a hash of the statement is added. Without it, different statements could have the same id, and
    the answers to one would be shown as those to the other. A hash is also added to an id that is ``taken``.
    """
    words = re.sub(r"[^a-z0-9]+", "-", statement.lower()).strip("-")
    says_all = words and len(words) <= _LONGEST_ID and not _holds_more_than_words(statement)
    name = words if says_all else _with_hash(words or "target", statement)
    hashed = statement
    while name in taken:
        # The id of a long statement ends with the hash of the statement; the same hash again would change nothing.
        name, hashed = _with_hash(name, hashed), f"{hashed} again"
    return name


def _holds_more_than_words(statement: str) -> bool:
    return bool(_SIGNED_NUMBER.search(statement)) or any(
        (letter.isalnum() and not letter.isascii())
        or letter in _SYMBOLS_OF_MEANING
        or unicodedata.category(letter) in ("Sm", "Sc", "So")
        for letter in statement
    )


def _with_hash(words: str, statement: str) -> str:
    digits = hashlib.sha256(tidied(statement).encode()).hexdigest()[:8]
    return f"{words[: _LONGEST_ID - 9].rstrip('-')}-{digits}"
