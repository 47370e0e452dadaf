"""The identity of a target: answers belong to its wording, not to its name."""

import hashlib

from models import Target


def statement_hash(target: Target) -> str:
    """Identify the wording of a target by 16 hex digits: a changed wording is a new question and is asked again.

    Further wordings count, and which of them are denied; so do aliases, because they help to decide whether a piece is
    read and which of its passages are. White space and the order of further wordings and of aliases do not count. A
    target without further wordings and aliases has the hash of its statement alone.
    """
    also = sorted(
        f"{'denied' if wording.denied else 'also'}: {tidied(wording.statement)}" for wording in target.also
    )
    aliases = sorted({f"alias: {name}" for alias in target.aliases if (name := tidied(alias))})
    return hashlib.sha256("\n".join([tidied(target.statement), *also, *aliases]).encode()).hexdigest()[:16]


def tidied(statement: str) -> str:
    """Put single spaces between the words of a statement: white space is no part of a question."""
    return " ".join(statement.split())
