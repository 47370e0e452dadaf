"""The file of a calibration that was fitted again: the weights it belongs to, its values, and its quality."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from commentariat import ModelError
from models.answers import AnswerSettings


class CalibrationError(ModelError):
    """A calibration file is damaged, or was fitted to the raw scores of other weights than those of the model."""


@dataclass(frozen=True, slots=True)
class FittedCalibration:
    """A calibration, as settings and as the JSON that determines the model's version."""

    settings: AnswerSettings
    answer: str


def calibration_text(weights_version: str, answer: Mapping[str, object], about: Mapping[str, object]) -> str:
    """Make the text of a calibration file.

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
    """Give the time at which a file says that its calibration was fitted; None if it names no time."""
    try:
        when = json.loads(text)["about"]["fitted_at"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return str(when)


def read_calibration(text: str, weights_version: str) -> FittedCalibration:
    """Read a calibration file.

    Raises
    ------
    CalibrationError
        If the text is no calibration file, or the calibration was fitted to the raw scores of other weights.
    """
    try:
        content = json.loads(text)
        fitted_to, answer = content["weights_version"], content["answer"]
        settings = AnswerSettings.from_config(answer)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise CalibrationError(
            f"The calibration is damaged ({error}): write it again with `commentariat review recalibrate`, or take "
            "`calibration` out of [model]."
        ) from error
    if fitted_to != weights_version:
        raise CalibrationError(
            f"The calibration was fitted to the raw scores of the weights {fitted_to}, and the model has "
            f"{weights_version}: take `calibration` out of [model] and run `commentariat rescore`, which reads the "
            "texts with these weights. After it, `commentariat review recalibrate` can fit a new one."
        )
    return FittedCalibration(settings, json.dumps(answer, sort_keys=True))
