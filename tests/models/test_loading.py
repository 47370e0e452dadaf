"""Loading a classifier: it is cached, it has fingerprints, and errors are clear."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from commentariat import ConfigError, ModelError
from models import Document, Target, bundled_models, load_classifier
from tests.models.bundled import FAST, copy_of_fast


def test_the_same_model_is_loaded_once() -> None:
    assert load_classifier("fast", threads=2) is load_classifier("fast", threads=2)


def test_a_copy_elsewhere_has_the_same_versions_whatever_its_card_says(folder: Path, classifier) -> None:
    (folder / "MODEL_CARD.md").write_text("other words", encoding="utf-8")
    copy = load_classifier(str(folder), threads=1)
    assert (copy.weights_version, copy.version) == (classifier.weights_version, classifier.version)


def test_the_share_that_is_to_be_right_is_part_of_the_version_and_not_of_the_weights(classifier) -> None:
    strict = load_classifier("fast", threads=2, stated_right=0.97)
    assert strict.weights_version == classifier.weights_version
    assert strict.version != classifier.version


def test_the_bundled_model_states_the_side_of_a_plain_piece(classifier) -> None:
    target = Target("nuclear", "nuclear power")
    praise = "Nuclear power is the safest way to keep the lights on, and we should build more of it now."
    blame = "Nuclear power is too dear and too dangerous. We should not build another plant."
    read = classifier.read([Document("praise", praise), Document("blame", blame)], [[target], [target]])
    assert [reading.stances[0].stance for reading in read] == ["favor", "against"]


@pytest.mark.skipif(find_spec("torch") is None, reason="torch is not installed")
def test_the_bundled_model_is_loaded_without_torch_where_it_is_installed() -> None:
    loaded = (
        "from models import load_classifier; import sys; load_classifier(); print('torch' in sys.modules)"
    )
    ended = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "False"


def test_one_model_is_bundled() -> None:
    assert bundled_models() == ["fast"]


@pytest.mark.parametrize("missing", ["pair.onnx", "text.onnx", "config.json", "tokenizer.json"])
def test_a_missing_file_is_named(folder: Path, missing: str) -> None:
    (folder / missing).unlink()
    if missing == "tokenizer.json":
        (folder / "tokenizer_config.json").unlink()
    with pytest.raises(ModelError, match=missing.replace(".", r"\.")):
        load_classifier(str(folder))


@pytest.mark.parametrize("damaged", ["pair.onnx", "text.onnx", "config.json", "tokenizer.json"])
def test_a_damaged_file_is_refused(folder: Path, damaged: str) -> None:
    (folder / damaged).unlink()  # graphs are links to the bundled graphs
    (folder / damaged).write_bytes(b"\x00 not what it should be")
    with pytest.raises(ModelError, match=str(folder)):
        load_classifier(str(folder))


def test_a_graph_of_an_older_kind_is_refused_with_the_names_of_missing_outputs(folder: Path) -> None:
    (folder / "pair.onnx").unlink()
    (folder / "pair.onnx").symlink_to(FAST / "text.onnx")
    with pytest.raises(ModelError, match="missing outputs stance_logits, relevance_logit, evidence_logits"):
        load_classifier(str(folder))


def test_a_tokenizer_of_another_model_is_refused_when_the_model_is_opened(folder: Path) -> None:
    tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer["model"]["vocab"]["##zqx"] = 20_000
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    with pytest.raises(ModelError, match=rf"{folder} .* 20000 word pieces only: copy the whole folder"):
        load_classifier(str(folder))


def test_an_answer_that_cannot_be_decided_is_refused_when_the_model_is_opened(tmp_path: Path) -> None:
    folder = copy_of_fast(tmp_path / "mine", answer={"points": [[0.8, 0.6], [0.9, 0.5]]})
    with pytest.raises(ModelError, match=r"config\.json .*points do not rise"):
        load_classifier(str(folder))


@pytest.mark.parametrize("name", ["no-such-model", "accurate"])
def test_an_unknown_name_is_refused_with_the_names_there_are(name: str) -> None:
    with pytest.raises(ModelError, match=f"Unknown model '{name}'. Bundled: fast"):
        load_classifier(name)


@pytest.mark.parametrize("share", [0.5, 1.0, 0.0, -1.0, 85.0, float("nan")])
def test_a_share_that_is_to_be_right_and_is_out_of_range_is_refused(share: float) -> None:
    with pytest.raises(ModelError, match=r"stated_right is .*: .* above 0\.5 and below 1: the share"):
        load_classifier("fast", stated_right=share)


def test_threads_must_be_positive() -> None:
    with pytest.raises(ModelError, match="at least 1"):
        load_classifier("fast", threads=0)


def test_an_unknown_taxonomy_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(ConfigError, match="cap, iptc"):
        load_classifier("fast", taxonomy="nonsense")
