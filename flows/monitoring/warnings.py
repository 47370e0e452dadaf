"""Warnings that people must know after a night, with thresholds from the configuration."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flows.monitoring.drift import drift
from flows.night.opening import Night
from flows.night.run import Run
from tasks.sources import PUBLISHED_LISTINGS


def warnings_of(night: Night, unanswered: int) -> tuple[str, ...]:
    """Compare the night with its thresholds, and give one sentence for each threshold that is crossed.

    Parameters
    ----------
    unanswered
        How many articles of the backlog still lack an answer.
    """
    return (
        *_too_many_failures(night),
        *unscored(night, unanswered),
        *_silent_sources(night),
        *_drifting(night),
    )


def unscored(run: Run, unanswered: int) -> list[str]:
    """Write how many articles of the backlog the classifier could not score."""
    if not unanswered:
        return []
    articles = "1 article was" if unanswered == 1 else f"{unanswered} articles were"
    why = f": {run.classifier_pool.troubles[-1]}" if run.classifier_pool.troubles else ""
    return [f"{articles} not scored, but kept, and will be asked again by the next run{why}"]


def _too_many_failures(night: Night) -> list[str]:
    counts = [
        row
        for row in night.writer.query_file("run_summary", {"run_id": night.run_id}).to_pylist()
        if row["outcome"] != "gone"  # found no more, so neither read nor failed
    ]
    taken_in, failed = sum(row["n"] for row in counts), sum(row["n"] for row in counts if row["has_failed"])
    if taken_in and failed / taken_in > night.config.quality.max_failed_share:
        return [f"{failed} of {taken_in} items failed"]
    return []


def _silent_sources(night: Night) -> list[str]:
    """Name the sources that have listed nothing new for too long, or never, though new articles are expected there."""
    if night.only_listed:
        return []
    allowed = timedelta(days=night.config.quality.silent_source_days)
    known = {row["source"]: row for row in night.writer.query_file("source_ages").to_pylist()}
    warnings = []
    for source in night.config.sources:
        row = known.get(source.name)
        if row is None or source.type not in PUBLISHED_LISTINGS:
            continue
        quiet = night.started_at - (row["newest"] or row["since"])
        if quiet > allowed:
            what = "has brought nothing new" if row["newest"] else "has never brought anything"
            warnings.append(f"source {source.name} {what} for {_in_words(quiet)}")
    return warnings


def _in_words(quiet: timedelta) -> str:
    """Write a time in whole days, or in whole hours if it is shorter than two days."""
    if quiet >= timedelta(days=2):
        return f"{quiet.days} days"
    hours = max(1, quiet // timedelta(hours=1))
    return "1 hour" if hours == 1 else f"{hours} hours"


def _drifting(night: Night) -> list[str]:
    if night.only_listed:
        return []
    quality = night.config.quality
    params = {
        "run_id": night.run_id,
        "model_version": night.choice.version,
        "since": night.started_at - timedelta(days=quality.history_days),
    }
    topics = drift(night.writer.query_file("topic_mix", params).to_pylist(), quality.drift_from_articles)
    warnings = []
    if topics is not None and topics.beyond_chance > quality.max_topic_drift:
        warnings.append(f"the topics differ from those of other nights: {topics.in_short}")
    for rows in _by_target_asked(night.writer.query_file("stance_mix", params).to_pylist()):
        stances = drift(rows, quality.drift_from_articles)
        if stances is not None and stances.beyond_chance > quality.max_stance_drift:
            warnings.append(
                f"stances on {rows[0]['target']} differ from those of other nights: {stances.in_short}"
            )
    return warnings


def _by_target_asked(rows: Iterable[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    targets: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        targets[row["asked"]].append(row)
    return list(targets.values())
