"""The outcome of each URL and file taken in: exactly one, with a reason that people can read."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

OutcomeName = Literal[
    "loaded",
    "unchanged",
    "revised",
    "duplicate",
    "not_commentary",
    "unsupported_language",
    "too_short",
    "low_quality",
    "blocked_by_robots",
    "refused",
    "fetch_failed",
    "postponed",
    "too_large",
    "unsupported_type",
    "extract_failed",
    "rejected",
    "taken_down",
    "gone",
]
StationName = Literal["discover", "fetch", "extract", "dedupe", "load"]
"""The stations that decide outcomes.

Dedupe decides ``loaded`` too; load is named only for ``rejected`` and ``taken_down``, and classify for none.
"""


@dataclass(frozen=True, slots=True)
class OutcomeMeaning:
    """The meaning of an outcome, and whether the next run should try the same URL again."""

    meaning: str
    retryable: bool


OUTCOMES: Mapping[OutcomeName, OutcomeMeaning] = MappingProxyType(
    {
        "loaded": OutcomeMeaning("new to the warehouse: text, answers and all", False),
        "unchanged": OutcomeMeaning("seen before and still the same", False),
        "revised": OutcomeMeaning("seen before, but its text has changed: stored as a new revision", False),
        "duplicate": OutcomeMeaning("the same piece as another article, which is named", False),
        "not_commentary": OutcomeMeaning("a news report or another kind the configuration leaves out", False),
        "unsupported_language": OutcomeMeaning(
            "in a language that `[extract] languages` does not name", False
        ),
        "too_short": OutcomeMeaning("too little text to be a piece of commentary", False),
        "low_quality": OutcomeMeaning(
            "the text is a paywall stub, a consent wall, boilerplate or garbled", False
        ),
        "blocked_by_robots": OutcomeMeaning("the site's robots.txt asks us not to fetch it", False),
        "refused": OutcomeMeaning("an unsafe address, scheme or file: never fetched", False),
        "fetch_failed": OutcomeMeaning("the site or the file could not be read this time", True),
        "postponed": OutcomeMeaning(
            "not read, because its host was busy; this does not count as an attempt", True
        ),
        "too_large": OutcomeMeaning("larger than the configured limit", False),
        "unsupported_type": OutcomeMeaning("not a page or a text: a PDF, an image, an archive", False),
        "extract_failed": OutcomeMeaning("no text could be taken out of it", True),
        "rejected": OutcomeMeaning("an audit of the warehouse refused it", False),
        "taken_down": OutcomeMeaning("was taken down by request and stays out", False),
        "gone": OutcomeMeaning(
            "was left out, and its file no longer has it: corrected, moved or removed", False
        ),
    }
)
if set(OUTCOMES) != set(get_args(OutcomeName)):  # pragma: no cover - a slip that no run should start with
    raise AssertionError("OUTCOMES and OutcomeName must list the same names")


def printable(text: str) -> str:
    """Make a text safe to show and to store: without control characters and lone surrogates."""
    text = text.encode("utf-8", errors="replace").decode()
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The final result for one URL or file in a run that takes it in.

    Attributes
    ----------
    url
        Canonical URL of the item (``file://`` for items from disk).
    source
        Name of the source that listed it.
    outcome
        One of :data:`OUTCOMES`.
    reason
        One sentence by which a person can act.
    stage
        The station that decided the outcome: of ``loaded`` and ``revised`` it is dedupe.
    http_status
        Status of the last HTTP answer, if there was one.
    elapsed
        Seconds spent on it at that station, without the waiting time for politeness.
    """

    url: str
    source: str
    outcome: OutcomeName
    reason: str
    stage: StationName
    http_status: int | None = None
    elapsed: float | None = None

    def __post_init__(self) -> None:
        # Both may contain text from a server, which must not disturb a terminal or a table.
        object.__setattr__(self, "url", printable(self.url))
        object.__setattr__(self, "reason", printable(self.reason))
