"""Loading a classifier: cached, fingerprinted, and clear about what is wrong."""

import json
import shutil
from pathlib import Path

import pytest

import models
from commentariat import ConfigError, ModelError
from models import Document, Target, bundled_models, load_classifier
from models.version import fingerprint

FAST = Path(models.__file__).parent / "fast"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FAST, tmp_path / "mine"))


def test_the_same_model_is_loaded_once() -> None:
    assert load_classifier("fast", threads=2) is load_classifier("fast", threads=2)
    assert "fast" in bundled_models()


def test_a_copy_elsewhere_has_the_same_version(folder: Path, classifier) -> None:
    (folder / "MODEL_CARD.md").write_text("other words", encoding="utf-8")
    assert load_classifier(str(folder)).version == classifier.version


def test_any_change_that_touches_answers_changes_the_version(folder: Path) -> None:
    before = fingerprint(folder)
    config = folder / "config.json"
    config.write_text(config.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert fingerprint(folder) != before
    assert fingerprint(folder, reading=99) != fingerprint(folder)


def test_every_bundled_model_tells_the_sides_of_a_plain_piece() -> None:
    target = Target("nuclear", "nuclear power")
    praise = "Nuclear power is the safest way to keep the lights on, and we should build more of it now."
    blame = "Nuclear power is too dear and too dangerous. We should not build another plant."
    versions = set()
    for name in bundled_models():
        model = load_classifier(name)
        pieces = [Document("praise", praise), Document("blame", blame)]
        read = model.read(pieces, [[target], [target]])
        assert [reading.stances[0].stance for reading in read] == ["favor", "against"], name
        versions.add(model.version)
    assert bundled_models() == ["accurate", "fast"]
    assert len(versions) == 2


@pytest.mark.parametrize("missing", ["pair.onnx", "text.onnx", "config.json", "tokenizer.json"])
def test_a_missing_file_is_named(folder: Path, missing: str) -> None:
    (folder / missing).unlink()
    if missing == "tokenizer.json":
        (folder / "tokenizer_config.json").unlink()
    with pytest.raises(ModelError, match=missing.replace(".", r"\.")):
        load_classifier(str(folder))


@pytest.mark.parametrize("damaged", ["pair.onnx", "text.onnx", "config.json", "tokenizer.json"])
def test_a_damaged_file_is_refused(folder: Path, damaged: str) -> None:
    (folder / damaged).write_bytes(b"\x00 not what it should be")
    with pytest.raises(ModelError, match=str(folder)):
        load_classifier(str(folder))


@pytest.mark.parametrize(
    "change",
    [
        {"id2label": {"0": "against", "1": "favor", "2": "neutral"}},
        {"id2label": 3},
        {"calibration": {"stance": {"temperature": 0}}},
        {"max_pair_tokens": "many"},
        {"topics": [{"label": "no code"}]},
    ],
)
def test_a_config_that_does_not_fit_is_refused(folder: Path, change: dict) -> None:
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps(config | change), encoding="utf-8")
    with pytest.raises(ModelError, match=r"config\.json"):
        load_classifier(str(folder))


def test_an_unknown_name_is_told_what_there_is() -> None:
    with pytest.raises(ModelError, match=r"Bundled: .*fast"):
        load_classifier("no-such-model")


def test_threads_must_be_positive() -> None:
    with pytest.raises(ModelError, match="at least 1"):
        load_classifier("fast", threads=0)


def test_an_unknown_taxonomy_is_told_what_there_is() -> None:
    with pytest.raises(ConfigError, match="cap, iptc"):
        load_classifier("fast", taxonomy="nonsense")
