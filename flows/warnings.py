"""When a finished night is not a good one: what people must know, with thresholds from the configuration."""

from flows.night import Night

FAILED = ("fetch_failed", "extract_failed", "rejected")


def warnings_of(night: Night) -> tuple[str, ...]:
    """Compare the night with its thresholds; one sentence for each that is crossed."""
    return (*_too_many_failures(night), *_silent_sources(night))


def _too_many_failures(night: Night) -> list[str]:
    counts = {
        row["outcome"]: row["n"]
        for row in night.writer.query("run_summary", {"run_id": night.run_id}).to_pylist()
    }
    taken_in, failed = sum(counts.values()), sum(counts.get(name, 0) for name in FAILED)
    if taken_in and failed / taken_in > night.config.quality.max_failed_share:
        return [f"{failed} of {taken_in} pieces failed"]
    return []


def _silent_sources(night: Night) -> list[str]:
    if night.only_listed:
        return []
    days = night.config.quality.silent_source_days
    newest = {row["source"]: row["newest"] for row in night.writer.query("source_health").to_pylist()}
    names = (source.name for source in night.config.sources)
    ages = {
        name: (night.started_at - newest[name]).total_seconds() / 86_400 for name in names if newest.get(name)
    }
    return [
        f"source {name} has brought nothing new for {age:.0f} days"
        for name, age in ages.items()
        if age > days
    ]
