"""The table of outcomes in the data dictionary, written by ``python -m documents``."""

from collections.abc import Iterator

from tasks.outcome import OUTCOMES

_HEAD = """\

## Outcomes

The values of the column `outcome` of table `outcome`. In each run that takes it in, an item has exactly one outcome,
with a reason. *Tried again*: the failure may be temporary, so the item is tried on at most `[run] max_attempts`
nights, the first included; one that was only postponed is tried every night.

| Outcome | Meaning | Tried again |
|---|---|---|
"""


def reference() -> str:
    """Return the outcomes and their meanings as Markdown."""
    return _HEAD + "\n".join(_rows()) + "\n"


def _rows() -> Iterator[str]:
    for name, outcome in OUTCOMES.items():
        yield f"| `{name}` | {outcome.meaning} | {'yes' if outcome.retryable else ''} |"
