"""Remarks on the targets of a run; they are log lines, because the run does its work all the same."""

from collections.abc import Sequence

from prefect import get_run_logger

from models import Target
from models.questions_without_yes import remark_on


def log_remark_on(targets: Sequence[Target]) -> None:
    """Warn of targets that are questions without a plain yes, in one line for all of them."""
    remark = remark_on(wording.statement for target in targets for wording in target.wordings)
    if remark:
        get_run_logger().warning("targets: %s", remark)
