"""Two fingerprints: one depends on everything that can change raw scores, the other on all that can change answers."""

import json
from pathlib import Path

import pytest

from models.version import answer_fingerprint, fingerprint

CONFIG = {"taxonomy": "cap", "answer": {"relevance": 0.5}, "training": {"steps": 10}}


def written(folder: Path, *, graph: bytes = b"graph", **config: object) -> Path:
    folder.mkdir()
    (folder / "pair.onnx").write_bytes(graph)
    (folder / "config.json").write_text(json.dumps(CONFIG | config), encoding="utf-8")
    return folder


def versions(folder: Path, stated_right: float = 0.85) -> tuple[str, str]:
    weights = fingerprint(folder)
    return weights, answer_fingerprint(weights, folder, stated_right)


@pytest.fixture
def before(tmp_path: Path) -> tuple[str, str]:
    return versions(written(tmp_path / "before"))


def test_the_calibration_changes_only_the_version_of_answers(tmp_path: Path, before) -> None:
    weights, answers = versions(written(tmp_path / "after", answer={"relevance": 0.4}))
    assert weights == before[0]
    assert answers != before[1]


def test_the_share_that_is_to_be_right_changes_only_the_version_of_answers(tmp_path: Path, before) -> None:
    weights, answers = versions(written(tmp_path / "after"), stated_right=0.9)
    assert weights == before[0]
    assert answers != before[1]


def test_another_taxonomy_changes_only_the_version_of_answers(tmp_path: Path, before) -> None:
    folder = written(tmp_path / "after")
    weights = fingerprint(folder)
    found = {
        answer_fingerprint(weights, folder, 0.85, topics=taxonomy) for taxonomy in ("", "a" * 12, "b" * 12)
    }
    assert len(found) == 3
    assert before[1] in found


def test_another_graph_changes_both_versions(tmp_path: Path, before) -> None:
    weights, answers = versions(written(tmp_path / "after", graph=b"another"))
    assert weights != before[0]
    assert answers != before[1]


@pytest.mark.parametrize("change", [{"taxonomy": "iptc"}, {"thresholds": {"screen": 0.2}}])
def test_a_setting_of_reading_changes_both_versions(tmp_path: Path, before, change) -> None:
    weights, answers = versions(written(tmp_path / "after", **change))
    assert weights != before[0]
    assert answers != before[1]


def test_notes_on_training_change_neither_version(tmp_path: Path, before) -> None:
    assert versions(written(tmp_path / "after", training={"steps": 20, "dev": {"macro-F1": 0.9}})) == before


def test_the_layout_of_the_config_file_changes_neither_version(tmp_path: Path, before) -> None:
    folder = written(tmp_path / "after")
    turned = json.dumps(dict(reversed(CONFIG.items())), indent=4) + "\n"
    (folder / "config.json").write_text(turned, encoding="utf-8")
    assert versions(folder) == before


def test_a_model_card_changes_neither_version(tmp_path: Path, before) -> None:
    folder = written(tmp_path / "after")
    (folder / "MODEL_CARD.md").write_text("words", encoding="utf-8")
    assert versions(folder) == before


@pytest.mark.parametrize(
    "name",
    [".git/index", ".gitattributes", ".cache/huggingface/download/config.json.metadata", "onnx/.DS_Store"],
)
def test_what_git_or_a_download_keeps_beside_a_model_changes_neither_version(
    tmp_path: Path, before, name: str
) -> None:
    folder = written(tmp_path / "after")
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("another time", encoding="utf-8")
    assert versions(folder) == before


def test_a_model_in_a_hidden_folder_has_the_same_versions(tmp_path: Path, before) -> None:
    """The cache of the hub is in ``~/.cache``."""
    (tmp_path / ".cache").mkdir()
    assert versions(written(tmp_path / ".cache" / "after")) == before
    assert versions(written(tmp_path / ".cache" / "another", graph=b"another")) != before


def test_a_graph_in_a_folder_of_the_model_changes_both_versions(tmp_path: Path, before) -> None:
    folder = written(tmp_path / "after")
    (folder / "onnx").mkdir()
    (folder / "onnx" / "model.onnx").write_bytes(b"graph")
    weights, answers = versions(folder)
    assert weights != before[0]
    assert answers != before[1]


def test_the_bytes_of_a_damaged_config_are_part_of_the_version(tmp_path: Path) -> None:
    folder = written(tmp_path / "damaged")
    (folder / "config.json").write_text("{", encoding="utf-8")
    one = versions(folder)
    (folder / "config.json").write_text("{{", encoding="utf-8")
    assert versions(folder)[0] != one[0]


def test_another_revision_of_the_reading_code_changes_the_weights_version(tmp_path: Path, before) -> None:
    assert fingerprint(tmp_path / "before", reading=99) != before[0]


def test_the_version_of_two_folders_depends_on_both(tmp_path: Path, before) -> None:
    other = written(tmp_path / "other", graph=b"another")
    assert fingerprint(tmp_path / "before", other) not in {before[0], fingerprint(other)}
