"""The comparison of a run's answers with those of another model, for the end of a re-score."""

from dataclasses import dataclass

from flows.night.run import Run

SHOWN = 10
"""Number of kinds of change that are listed one by one."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences between the answers of two models, on the present texts and wordings.

    Attributes
    ----------
    model_version, other
        The model that answered, and the model it is compared with.
    compared
        Number of answers that both models have given.
    changes
        The differences: target, the other model's answer, this model's answer, articles; most frequent first.
    """

    model_version: str
    other: str
    compared: int
    changes: tuple[tuple[str, str, str, int], ...]

    @property
    def lines(self) -> list[str]:
        """The comparison for people, as lines of text."""
        different = sum(articles for *_, articles in self.changes)
        lines = [
            f"Compared with {self.other} on {self.compared:,} answers: {self.compared - different:,} are the same, "
            f"{different:,} are others"
        ]
        lines += [
            f"  {target}: {before} -> {after}, {articles:,} article{'' if articles == 1 else 's'}"
            for target, before, after, articles in self.changes[:SHOWN]
        ]
        if len(self.changes) > SHOWN:
            lines.append(f"  and {len(self.changes) - SHOWN} more kinds of change")
        if different:
            lines.append(f"One by one: FROM model_diff('{self.other}', '{self.model_version}')")
        return lines


def other_that_counts(run: Run) -> str | None:
    """Name the best first model that has answered here, other than the run's own; None if there is none."""
    known = run.writer.query_file("known_models").to_pylist()
    others = [
        row["model_version"]
        for row in known
        if row["rank"]
        and row["has_answered"]
        and row["asked_with"] is None
        and row["model_version"] != run.choice.version
    ]
    return others[-1] if others else None


def compare_with(run: Run, other: str) -> Comparison:
    """Compare the answers of the run's model with those of another model."""
    version = run.choice.version
    rows = run.writer.query_file("compared", {"model_version": version, "other": other}).to_pylist()
    changes = tuple(
        (row["target"], row["other_answer"], row["answer"], row["articles"])
        for row in rows
        if row["other_answer"] != row["answer"]
    )
    return Comparison(version, other, sum(row["articles"] for row in rows), changes)
