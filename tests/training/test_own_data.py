"""Data of one's own, as ``commentariat export --training`` writes them: only whole pieces, with one's own targets."""

# ruff: noqa: PLC0415  (some tests import modules that need torch or scipy; the others must run without them)

from __future__ import annotations

import json
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commentariat import InputError
from tests.models.bundled import copy_of_fast
from training.corpus import stance_pairs
from training.opeds_data import FILE, read_opeds
from training.statements_to_calibrate_on import statements_to_calibrate_on


def row(number: int, bank: str = "a", stance: str = "favor") -> dict[str, Any]:
    label = {"target": "Should rents be capped?", "stance": stance, "clear": 2, "paragraphs": [0]}
    return {
        "id": f"{number:032x}-1",
        "title": f"Piece {number}",
        "outlet": "Harbor",
        "lean": "",
        "kind": "opinion",
        "bank": bank,
        "split": "dev",
        "paragraphs": ["Rents are too high.", "Somebody should do something."],
        "labels": [label | {"own": False, "other_wording": "Is a cap on rents right?"}],
        "silent": ["Cities should charge drivers", "Should trams be free?"],
        "near": [],
    }


def written(folder: Path, rows: list[dict[str, Any]]) -> Path:
    pq.write_table(pa.Table.from_pylist(rows), folder / FILE)
    return folder


def test_questions_are_asked_as_the_statements_that_they_are_in_use(tmp_path: Path):
    (piece,) = read_opeds(written(tmp_path, [row(0)]), "dev")
    assert [(one.target, one.other_wording) for one in piece.labels] == [
        ("Rents should be capped", "A cap on rents is right")
    ]
    assert piece.silent == ("Cities should charge drivers", "Trams should be free")


def test_probabilities_are_fitted_on_the_pieces_that_were_chosen_at_random(tmp_path: Path):
    rows = [row(number) for number in range(20)] + [row(number, bank="b") for number in range(20, 30)]
    pieces = read_opeds(written(tmp_path, rows), "dev")
    assert statements_to_calibrate_on(tmp_path, pieces) == {"targets": pieces[:20]}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([row(number) for number in range(19)], "19 were chosen at random .* with 19 sides; 20 of each"),
        ([row(number, bank="b") for number in range(40)], " 0 were chosen at random"),
        ([row(number, stance="neutral") for number in range(40)], "40 were chosen .* with 0 sides"),
    ],
)
def test_too_few_pieces_to_fit_on_are_one_message(tmp_path: Path, rows: list[dict[str, Any]], message: str):
    with pytest.raises(InputError, match=message):
        statements_to_calibrate_on(tmp_path, read_opeds(written(tmp_path, rows), "dev"))


def calibrated(folder: Path, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Calibrate a copy of the bundled model, and return the key ``answer`` of its configuration."""
    pytest.importorskip("scipy")
    from training.calibrate_answers import calibrate

    model = copy_of_fast(folder / "model")
    calibrate(written(folder, rows), model)
    answer: dict[str, Any] = json.loads((model / "config.json").read_text())["answer"]
    return answer


def test_pieces_that_were_not_chosen_at_random_have_no_part_in_the_calibration(tmp_path: Path):
    at_random = [row(number, stance=("favor", "against", "favor")[number % 3]) for number in range(20)]
    others = [row(number, bank="b", stance="against") for number in range(20, 40)]
    (tmp_path / "with").mkdir()
    (tmp_path / "without").mkdir()
    with_others = calibrated(tmp_path / "with", at_random + others)
    assert with_others == calibrated(tmp_path / "without", at_random)


def test_targets_with_several_wordings_show_how_much_surer_their_common_answer_is(tmp_path: Path):
    assert calibrated(tmp_path, [row(number) for number in range(20)])["several_wordings"] > 1.0


def test_short_arguments_may_be_missing_beside_whole_pieces_and_only_there(tmp_path: Path):
    with pytest.raises(InputError, match="No training data"):
        stance_pairs(tmp_path, "train")
    assert stance_pairs(written(tmp_path, [row(0)]), "train") == []


@pytest.mark.skipif(
    any(find_spec(name) is None for name in ("torch", "onnx")),
    reason="training needs the extra `train` (torch, onnx)",
)
def test_a_model_is_trained_exported_and_calibrated_on_whole_pieces_alone(
    data: Path,
    mpnet_base: Path,
    text_folder: Path,
    invented_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    from training.calibrate_answers import calibrate
    from training.export import export
    from training.loop import Budget, Recipe
    from training.pairs import Layers, train_pairs

    monkeypatch.setattr("training.statements_to_calibrate_on.LEAST", 2)
    own, run, model = tmp_path / "own", tmp_path / "run", tmp_path / "model"
    own.mkdir()
    shutil.copyfile(data / FILE, own / FILE)
    train_pairs(
        own,
        mpnet_base,
        text_folder,
        run,
        budget=Budget(tokens=2000),
        recipe=Recipe(batch_tokens=1024),
        layers=Layers(2, frozen=1),
        opeds=invented_folder,
        threads=1,
    )
    export(own, text_folder, run / "last.pt", model)
    calibrate(own, model)
    assert '"points"' in (model / "config.json").read_text()
