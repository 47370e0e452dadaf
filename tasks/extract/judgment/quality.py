"""How far an extraction can be trusted, by signals that a person can check.

Each signal takes something away from the confidence, and the verdict names the signals that decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tasks.extract.judgment.rules import Case, Verdict, verdict_on
from tasks.extract.judgment.signals import STUB_WORDS, signals_of
from tasks.extract.read_page import ReadPage

__all__ = ["Quality", "assess"]


@dataclass(frozen=True, slots=True)
class Quality:
    """How far an extraction can be trusted, and the verdict on it.

    Attributes
    ----------
    score
        Confidence that ``text`` is the article and all of it, 0 to 1.
    signals
        Every measured number, for ``--explain``.
    costs
        What each signal that lowered the score takes away from it.
    verdict
        The outcome of a text that must not be stored, and the reason; None if it may be stored.
    """

    score: float
    signals: Mapping[str, float]
    costs: Mapping[str, float]
    verdict: Verdict | None

    @property
    def flags(self) -> tuple[str, ...]:
        """Names of the signals that lowered the score."""
        return tuple(self.costs)


def assess(text: str, read: ReadPage, *, replaced: float, min_words: int, min_quality: float) -> Quality:
    """Measure an extraction and decide whether it may be stored.

    Parameters
    ----------
    text
        The body in the form in which it would be stored.
    read
        The page or text from which it was read.
    replaced
        Share of characters that could not be decoded.
    min_words, min_quality
        The configured limits.
    """
    signals = signals_of(text, read, replaced)
    costs = _costs(signals, read)
    score = round(max(0.0, 1.0 - sum(costs.values())), 4)
    verdict = verdict_on(Case(text, read, signals, min_words))
    if verdict is None and score < min_quality:
        worst = ", ".join(sorted(costs, key=lambda name: -costs[name])[:3]).replace("_", " ")
        verdict = ("low_quality", f"confidence {score:.2f} is below {min_quality:.2f}: {worst}")
    return Quality(score, signals, costs, verdict)


def _costs(signals: Mapping[str, float], read: ReadPage) -> dict[str, float]:
    """Give what each signal takes away from the confidence in an extraction; a signal without a cost is left out."""
    body, is_closed = read.body, read.metadata.free is False
    is_stub = int(signals["words"]) < STUB_WORDS
    costs: dict[str, float] = {}
    if body is not None and signals["agreement"] < 0.9:
        costs["extractors_disagree"] = round(0.4 * (1 - signals["agreement"]), 4)
    if body is not None and signals["page_share"] < 0.15 and signals["page_words"] > 400:
        costs["little_of_the_page"] = 0.15
    if signals["paywall"]:
        costs["paywall"] = 0.5 if is_closed or is_stub else 0.1
    elif is_closed and is_stub:
        costs["paywall"] = 0.3
    if signals["truncated"]:
        costs["truncated"] = 0.3 if is_stub else 0.1
    if signals["unfinished"]:
        costs["unfinished"] = 0.05
    costs |= _costs_of_shares(signals)
    if read.several_authors:
        costs["several_authors"] = 0.4
    if body is not None and body.failed:
        costs["extractor_failed"] = 0.05
    return costs


def _costs_of_shares(signals: Mapping[str, float]) -> dict[str, float]:
    """Give the costs of what is in the text but is no prose of an author."""
    costs: dict[str, float] = {}
    if signals["consent_share"] > 0.1:
        costs["consent_text"] = min(0.5, signals["consent_share"])
    if signals["duplicate_share"] > 0.1:
        costs["duplicate_paragraphs"] = min(0.6, signals["duplicate_share"])
    if signals["boilerplate_share"] > 0.15:
        costs["boilerplate"] = min(0.6, signals["boilerplate_share"])
    if signals["replaced"] > 0.001:
        costs["undecodable"] = min(0.5, 10 * signals["replaced"])
    return costs
