"""The description in a model folder: ``config.json`` beside its graphs.

These keys are read; all except the first have a default::

    {
      "id2label": {"0": "favor", "1": "against", "2": "neutral"},
      "graphs": {"single": "model.onnx", "pair": "model.onnx"},           # one graph may do both
      "taxonomy": "cap",
      "topics": [{"code": "1", "label": "Macroeconomics"}, ...],          # order of topic_logits
      "max_pair_tokens": 420, "max_single_tokens": 256,                   # special tokens included
      "calibration": {"topic": {"temperature": 1.0, "bias": 0.0}, "opinion": ...},
      "thresholds": {"screen": 0.3, "full_pack": 0.0, "topic": 0.3},
      "worth_weight": 0.0,                                                # models.pairs.BundledPairs
      "answer": {"stance": {"temperature": 1.0, "bias": [0.0, 0.0, 0.0]}, ...}  # models.answers.AnswerSettings
    }
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from commentariat import ModelError
from models.answers import AnswerSettings
from models.calibration import Calibration
from models.interface import STANCES


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The scores from which an answer is given.

    ``screen``: the score of the screen from which a document is read for a target; ``full_pack``: the score from which
    a full pack is read for it, and not only a short one; ``topic``: the probability from which a topic is named.
    """

    screen: float = 0.3
    full_pack: float = 0.0
    topic: float = 0.3


@dataclass(frozen=True, slots=True)
class Settings:
    """A model's own description, read from its folder."""

    single_graph: str
    pair_graph: str
    taxonomy: str
    topic_codes: tuple[str, ...]
    max_pair_tokens: int
    max_single_tokens: int
    topic: Calibration
    opinion: Calibration
    thresholds: Thresholds
    answer: AnswerSettings
    #: weight of a document's worth in the logit of the relevance
    worth_weight: float = 0.0
    #: number of word pieces for which the graphs have vectors (key ``vocab_size``), if the folder states it
    vocabulary_size: int | None = None


def read_settings(folder: Path) -> Settings:
    """Read and check ``config.json``.

    Raises
    ------
    ModelError
        If the file is missing, unreadable or damaged, or its labels are not favor, against, neutral in this order.
    """
    path = folder / "config.json"
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        labels = tuple(raw["id2label"][str(index)] for index in range(len(raw["id2label"])))
    except FileNotFoundError:
        raise ModelError(f"The model folder {folder} has no config.json: copy the whole folder.") from None
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"{path} is damaged or has no id2label ({error}): copy the model folder again."
        ) from error
    if labels != STANCES:
        raise ModelError(f"{path} names the labels {labels}; they must be {STANCES} in this order.")
    try:
        calibration = raw.get("calibration", {})
        limits = raw.get("thresholds", {})
        known = [field.name for field in fields(Thresholds)]
        graphs = raw.get("graphs", {})
        return Settings(
            single_graph=str(graphs.get("single", "model.onnx")),
            pair_graph=str(graphs.get("pair", "model.onnx")),
            taxonomy=str(raw.get("taxonomy", "cap")),
            topic_codes=tuple(str(topic["code"]) for topic in raw.get("topics", ())),
            max_pair_tokens=int(raw.get("max_pair_tokens", 420)),
            max_single_tokens=int(raw.get("max_single_tokens", 256)),
            topic=_calibration(calibration, "topic"),
            opinion=_calibration(calibration, "opinion"),
            thresholds=Thresholds(**{name: float(limits[name]) for name in known if name in limits}),
            answer=AnswerSettings.from_config(raw.get("answer", {})),
            worth_weight=float(raw.get("worth_weight", 0.0)),
            vocabulary_size=int(raw["vocab_size"]) if "vocab_size" in raw else None,
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelError(
            f"{path} has a value of the wrong kind ({error}): copy the model folder again."
        ) from error


def _calibration(raw: dict[str, Any], head: str) -> Calibration:
    given = raw.get(head, {})
    temperature, bias = float(given.get("temperature", 1.0)), given.get("bias", 0.0)
    if temperature <= 0:
        raise ValueError(f"the temperature of {head} is {temperature}, not positive")
    return Calibration(
        temperature, tuple(float(b) for b in bias) if isinstance(bias, list) else (float(bias),)
    )
