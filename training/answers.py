"""Raw outputs to probabilities and decisions, as ``config.json`` says (see :class:`folder.Calibration`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.figures import Array, softmax

#: Anything that answers texts (second None) or (target, passage) pairs: the torch network or a model folder.
Runner = Callable[[Sequence[str], Sequence[str] | None], dict[str, Array]]

NEUTRAL = 2


def remembering(runner: Runner) -> Runner:
    """Wrap a runner so that it is asked only once about each text or pair: calibrating and measuring overlap."""
    known: dict[tuple[str, str | None], dict[str, Array]] = {}

    def answer(first: Sequence[str], second: Sequence[str] | None) -> dict[str, Array]:
        keys: list[tuple[str, str | None]] = [
            (text, second[i] if second is not None else None) for i, text in enumerate(first)
        ]
        missing = sorted({key for key in keys if key not in known}, key=str)
        if missing:
            texts = None if second is None else [key[1] or "" for key in missing]
            got = runner([key[0] for key in missing], texts)
            for row, key in enumerate(missing):
                known[key] = {name: values[row] for name, values in got.items()}
        return {name: np.stack([known[key][name] for key in keys]) for name in known[keys[0]]}

    return answer


def sigmoid(x: Array) -> Array:
    """Logistic function."""
    return np.asarray(1.0 / (1.0 + np.exp(-x)), dtype=np.float32)


def stance_probabilities(outputs: Mapping[str, Array], config: Mapping[str, Any]) -> Array:
    """[n, 3] calibrated probabilities of favor, against, neutral."""
    c = config["calibration"]["stance"]
    return softmax(outputs["stance_logits"] / c["temperature"] + np.asarray(c["bias"], dtype=np.float32))


def scaled(outputs: Mapping[str, Array], name: str, config: Mapping[str, Any]) -> Array:
    """Calibrated probabilities of a sigmoid output: ``relevance``, ``topic`` or ``opinion``."""
    key = {"relevance": "relevance_logit", "topic": "topic_logits", "opinion": "opinion_logit"}[name]
    c = config["calibration"][name]
    return sigmoid(outputs[key] / c["temperature"] + c["bias"])


def decide(stance: Array, relevance: Array, config: Mapping[str, Any]) -> NDArray[np.int64]:
    """Stance of a single passage: neutral where it is not about the target or no side is likely enough."""
    sides = stance[:, :2]
    sure = (sides.max(axis=1) >= config["thresholds"]["stance"]) & (sides.max(axis=1) > stance[:, NEUTRAL])
    about = relevance[:, 0] >= config["thresholds"]["relevance"]
    return np.where(sure & about, sides.argmax(axis=1), NEUTRAL)
