"""The questions for the second model: articles and targets of which the first model is unsure, by an anti-join."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

import pyarrow as pa

from flows.night.portions import rows_in
from flows.night.run import Run
from tasks.second_model.ask import Inquiry
from tasks.second_model.prompt import asked_with
from tasks.targets.statement_hash import statement_hash


@dataclass(frozen=True, slots=True)
class ArticlePeriod:
    """The articles that may be asked about: taken in, or published, since a time; None means all articles."""

    taken_in_since: datetime | None = None
    published_since: datetime | None = None

    @property
    def is_of_a_night(self) -> bool:
        """Whether the next night asks about the articles that are left."""
        return self.taken_in_since is not None


def period_of_a_night(run: Run) -> ArticlePeriod:
    """Give the period of a night: the articles taken in during the last ``[second_model] days``."""
    return ArticlePeriod(taken_in_since=run.started_at - timedelta(days=run.config.second_model.days))


def due_inquiries(run: Run, period: ArticlePeriod, how_many: int | None = None) -> Iterator[Inquiry]:
    """Find the questions that are due, without the texts; see ``warehouse/sql/second_due.sql``."""
    settings, targets = run.config.second_model, {target.id: target for target in run.targets}
    wanted = {
        "target": pa.array(targets, pa.string()),
        "statement_hash": pa.array([statement_hash(target) for target in targets.values()], pa.string()),
    }
    parameters = {
        "never_sent": list(run.never_sent),
        "model_version": run.choice.version,
        "weights_version": run.choice.weights_version,
        "asked_with": asked_with(settings.model),
        "ask": settings.ask,
        "random_below": settings.random_below,
        "since": period.taken_in_since,
        "published_since": period.published_since,
        "max_attempts": run.config.run.max_attempts,
        "run_id": run.run_id,
        "how_many": how_many,
    }
    rows = rows_in(run.writer.query_file("second_due", parameters, {"wanted_target": pa.table(wanted)}))
    for (article_id, revision), its_rows in groupby(rows, lambda row: (row["article_id"], row["revision"])):
        listed = list(its_rows)
        asked = tuple(targets[row["target"]] for row in listed)
        yield Inquiry(article_id, revision, None, "", None, asked, listed[0]["why"])
