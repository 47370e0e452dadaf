"""The file of a calibration that was fitted anew: what it calibrates, what it holds, and how good it was."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from commentariat import ModelError
from models.answers import AnswerSettings

_REMEDY = "run `commentariat review recalibrate` again, or take `calibration` out of [model]"


@dataclass(frozen=True, slots=True)
class Refitted:
    """A calibration: as settings, and as the JSON that goes into the model's version."""

    settings: AnswerSettings
    answer: str


def written(weights_version: str, answer: Mapping[str, object], about: Mapping[str, object]) -> str:
    """Write the file.

    Parameters
    ----------
    weights_version
        The weights whose raw scores it calibrates; with others it is refused.
    answer
        As the key ``answer`` of a model's ``config.json``.
    about
        How it was fitted and what it reached, for people.
    """
    content = {"weights_version": weights_version, "answer": answer, "about": about}
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def read_refitted(text: str, weights_version: str) -> Refitted:
    """Read such a file.

    Raises
    ------
    ModelError
        It is none, or was fitted to the raw scores of other weights.
    """
    try:
        content = json.loads(text)
        fitted_to, answer = content["weights_version"], content["answer"]
        settings = AnswerSettings.from_config(answer)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelError(f"The calibration is damaged ({error}): {_REMEDY}.") from error
    if fitted_to != weights_version:
        raise ModelError(
            f"The calibration was fitted to the raw scores of the weights {fitted_to}, and the model has "
            f"{weights_version}: {_REMEDY}."
        )
    return Refitted(settings, json.dumps(answer, sort_keys=True))
