"""The settings of a model folder are read and checked."""

import json
from pathlib import Path

import pytest

from commentariat import ModelError
from models.answers import AnswerSettings
from models.calibration import Calibration
from models.settings import Thresholds, read_settings

LABELS = {"id2label": {"0": "favor", "1": "against", "2": "neutral"}}


def folder_with(folder: Path, config: object) -> Path:
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


def test_a_config_of_labels_alone_has_defaults(tmp_path: Path) -> None:
    found = read_settings(folder_with(tmp_path, LABELS))
    assert (found.single_graph, found.pair_graph) == ("model.onnx", "model.onnx")
    assert (found.taxonomy, found.topic_codes, found.vocabulary_size) == ("cap", (), None)
    assert found.worth_weight == 0.0
    assert (found.thresholds, found.answer) == (Thresholds(), AnswerSettings())


def test_values_of_a_config_are_used(tmp_path: Path) -> None:
    given = {
        "graphs": {"single": "text.onnx", "pair": "pair.onnx"},
        "topics": [{"code": "1", "label": "Macroeconomics"}, {"code": 2}],
        "calibration": {"topic": {"temperature": 1.5, "bias": [0.1, 0.2]}, "opinion": {"bias": -1}},
        "thresholds": {"screen": 0.2, "of_an_older_kind": 1},
        "answer": {"points": [[0.8, 0.5]], "relevance": 0.3},
        "vocab_size": 900,
        "worth_weight": 2,
    }
    found = read_settings(folder_with(tmp_path, LABELS | given))
    assert (found.single_graph, found.pair_graph) == ("text.onnx", "pair.onnx")
    assert found.topic_codes == ("1", "2")
    assert found.topic == Calibration(1.5, (0.1, 0.2))
    assert found.opinion == Calibration(1.0, (-1.0,))
    assert found.thresholds == Thresholds(screen=0.2)
    assert found.answer == AnswerSettings(least_relevance=0.3, points=((0.8, 0.5),))
    assert (found.vocabulary_size, found.worth_weight) == (900, 2.0)


@pytest.mark.parametrize(
    "change",
    [
        {"id2label": {"0": "against", "1": "favor", "2": "neutral"}},
        {"id2label": 3},
        {"calibration": {"topic": {"temperature": 0}}},
        {"calibration": 3},
        {"answer": {"stance": {"temperature": 0, "bias": [0, 0, 0]}}},
        {"answer": {"points": []}},
        {"answer": 3},
        {"max_pair_tokens": "many"},
        {"worth_weight": "much"},
        {"topics": [{"label": "no code"}]},
    ],
)
def test_a_config_that_does_not_fit_is_refused(tmp_path: Path, change: dict) -> None:
    with pytest.raises(ModelError, match=r"config\.json"):
        read_settings(folder_with(tmp_path, LABELS | change))


@pytest.mark.parametrize("in_its_place", ["a folder", "a link to itself"])
def test_a_config_that_cannot_be_read_is_refused(tmp_path: Path, in_its_place: str) -> None:
    path = tmp_path / "config.json"
    if in_its_place == "a folder":
        path.mkdir()
    else:
        path.symlink_to(path)
    with pytest.raises(ModelError, match=r"config\.json cannot be read"):
        read_settings(tmp_path)


def test_a_config_that_is_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"config\.json is damaged"):
        read_settings(folder_with(tmp_path, [LABELS]))
