"""The file of a calibration that was fitted again: its model, its values, and its measured quality."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from commentariat import ModelError
from models.answers import AnswerSettings

_REMEDY = "run `commentariat review recalibrate` again, or take `calibration` out of [model]"


@dataclass(frozen=True, slots=True)
class Refitted:
    """A calibration: as settings, and as the JSON that is part of the model's version."""

    settings: AnswerSettings
    answer: str


def written(weights_version: str, answer: Mapping[str, object], about: Mapping[str, object]) -> str:
    """Make the text of the file.

    Parameters
    ----------
    weights_version
        The weights whose raw scores it calibrates; it is refused for other weights.
    answer
        The key ``answer`` in the form of a model's ``config.json``.
    about
        For people: how it was fitted, and its measured quality.
    """
    content = {"weights_version": weights_version, "answer": answer, "about": about}
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def fitted_at(text: str) -> str | None:
    """Give the time when the calibration was fitted, as the file says it; None if it does not."""
    try:
        when = json.loads(text)["about"]["fitted_at"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return str(when)


def read_refitted(text: str, weights_version: str) -> Refitted:
    """Read such a file.

    Raises
    ------
    ModelError
        If the text is no such file, or the calibration was fitted to the raw scores of other weights.
    """
    try:
        content = json.loads(text)
        fitted_to, answer = content["weights_version"], content["answer"]
        settings = AnswerSettings.from_config(answer)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ModelError(f"The calibration is damaged ({error}): {_REMEDY}.") from error
    if fitted_to != weights_version:
        raise ModelError(
            f"The calibration was fitted to the raw scores of the weights {fitted_to}, and the model has "
            f"{weights_version}: {_REMEDY}."
        )
    return Refitted(settings, json.dumps(answer, sort_keys=True))
