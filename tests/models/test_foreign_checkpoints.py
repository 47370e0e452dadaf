"""A checkpoint of another project can decide the stance, with the same interface.

The checkpoints are made here. They are tiny, and their answers depend on a single word, so that the right answer is
known.
"""

import importlib.util
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from commentariat import CommentariatError, ModelError
from models import Document, RawScore, Target, Wording, WordingScore, load_classifier
from models.huggingface import batches_of_similar_length
from models.interface import STANCES
from models.packs import Pack
from tests.models.bundled import copy_of_fast

WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    "nuclear",
    "power",
    "plants",
    "good",
    "bad",
    "new",
    "should",
    "be",
    "built",
]
NLI = {"0": "contradiction", "1": "entailment", "2": "neutral"}
TARGET = Target("nuclear", "Nuclear power plants should be built")
PRO = Document("pro", "New nuclear power plants should be built, and nuclear power is good.")
CON = Document("con", "New nuclear power plants should not be built, as nuclear power is bad.")


def one_sentence(text: str) -> Pack:
    return Pack(text, ((0, len(text)),), (0,))


def stances(classifier, *pairs: tuple[str, str]) -> np.ndarray:
    """Return a checkpoint's probabilities of favor, against and neutral for (statement, text) pairs."""
    scores = classifier._pairs.score([(statement, one_sentence(text)) for statement, text in pairs])
    return np.exp([score.stance for score in scores])


needs_torch = pytest.mark.skipif(
    importlib.util.find_spec("torch") is None, reason="torch is not installed (extra `torch`)"
)


def write_tokenizer(folder: Path) -> None:
    tokenizer = Tokenizer(
        models.WordPiece({word: index for index, word in enumerate(WORDS)}, unk_token="[UNK]")
    )
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.save(str(folder / "tokenizer.json"))
    special = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "BertTokenizer", **special}))


def write_config(folder: Path, labels: object, **more: object) -> None:
    config = {
        "model_type": "bert",
        "architectures": ["BertForSequenceClassification"],
        "id2label": labels,
        **more,
    }
    (folder / "config.json").write_text(json.dumps(config))


def write_graph(path: Path, bad: float = 4.0, *, classes: int = 3, is_stated: bool = True) -> None:
    """Write a graph that sums a row of logits for each word: "bad" contradicts by so much, "good" entails.

    Without ``is_stated``, the number of classes has only a name, as in some exports.
    """
    table = np.zeros((len(WORDS), classes), dtype=np.float32)
    table[WORDS.index("bad"), 0] = bad
    table[WORDS.index("good"), 1] = 4.0
    path.parent.mkdir(exist_ok=True)
    shape = ["batch", "sequence"]
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
            helper.make_node("ReduceSum", ["rows", "axes"], ["logits"], keepdims=0),
        ],
        "words",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, shape)],
        [
            helper.make_tensor_value_info(
                "logits", TensorProto.FLOAT, ["batch", classes if is_stated else "labels"]
            )
        ],
        [numpy_helper.from_array(table, "table"), numpy_helper.from_array(np.array([1]), "axes")],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_tokenizer(tmp_path)
    write_config(tmp_path, NLI)
    return tmp_path


@pytest.mark.parametrize("graph", ["model.onnx", "onnx/model.onnx"])
def test_an_nli_checkpoint_with_a_graph_needs_no_torch(folder: Path, graph: str) -> None:
    write_graph(folder / graph)
    classifier = load_classifier(str(folder))
    pro, con = stances(classifier, (TARGET.statement, PRO.text), (TARGET.statement, CON.text))
    assert (pro.argmax(), con.argmax()) == (0, 1)
    readings = classifier.read([PRO, CON], [[TARGET], [TARGET]])
    assert [reading.document_id for reading in readings] == ["pro", "con"]
    assert all(reading.topics for reading in readings)


@pytest.mark.parametrize(("positions", "stance"), [(512, "against"), (40, "favor")])
def test_a_text_is_cut_to_the_positions_that_a_checkpoint_has(
    folder: Path, positions: int, stance: str
) -> None:
    write_graph(folder / "model.onnx")
    write_config(folder, NLI, max_position_embeddings=positions)
    text = "good " + "nuclear power " * 30 + "bad " * 20
    (found,) = stances(load_classifier(str(folder)), (TARGET.statement, text))
    assert STANCES[found.argmax()] == stance


def test_its_versions_differ_from_those_of_the_bundled_model(folder: Path, classifier) -> None:
    write_graph(folder / "model.onnx")
    loaded = load_classifier(str(folder))
    assert loaded.weights_version != classifier.weights_version
    assert loaded.version != classifier.version
    assert loaded.name == str(folder)


def test_it_decides_the_stance_and_the_bundled_graph_everything_else(folder: Path, classifier) -> None:
    write_graph(folder / "model.onnx")
    pairs = [(TARGET.statement, one_sentence(PRO.text))]
    (theirs,), (ours,) = load_classifier(str(folder))._pairs.score(pairs), classifier._pairs.score(pairs)
    assert theirs.about == ours.about
    assert np.array_equal(theirs.sentences, ours.sentences)
    assert not np.allclose(theirs.stance, ours.stance)


def test_its_probabilities_are_not_changed_by_the_bundled_calibration(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_graph(folder / "model.onnx")
    bundled = tmp_path_factory.mktemp("models")
    copy_of_fast(bundled / "fast", answer={"stance": {"temperature": 3.0, "bias": [0.0, 2.0, -1.0]}})
    monkeypatch.setattr("models.loading._MODELS", bundled)
    classifier = load_classifier(str(folder), threads=1)
    (reading,) = classifier.read([PRO], [[TARGET]])
    (answer,) = reading.stances
    given = stances(classifier, (TARGET.statement, PRO.text))[0]
    found = np.asarray([answer.p_favor, answer.p_against, answer.p_neutral]) / answer.relevance
    assert found == pytest.approx(given, abs=1e-4)


def test_several_wordings_do_not_make_it_more_certain_than_one(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_graph(folder / "model.onnx")
    bundled = tmp_path_factory.mktemp("models")
    copy_of_fast(bundled / "fast", answer={"several_wordings": 3.0})
    monkeypatch.setattr("models.loading._MODELS", bundled)
    classifier = load_classifier(str(folder), threads=1)
    twice = replace(TARGET, also=(Wording(TARGET.statement),))
    (reading,) = classifier.read([PRO], [[TARGET, twice]])
    one, two = ([answer.p_favor, answer.p_against, answer.p_neutral] for answer in reading.stances)
    assert two == pytest.approx(one, abs=1e-5)


def test_more_certainty_about_a_side_never_makes_it_less_probable(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_graph(folder / "model.onnx")
    bundled = tmp_path_factory.mktemp("models")
    copy_of_fast(bundled / "fast", answer={"about": [0.9, -0.2, 0.5]})
    monkeypatch.setattr("models.loading._MODELS", bundled)
    classifier = load_classifier(str(folder), threads=1)
    found = []
    for favor in (0.6, 0.9, 0.99, 0.99999):
        against = (1 - favor) / 2
        logits = (float(np.log(p)) for p in (favor, against, against))
        raw = RawScore(0.9, (WordingScore(Wording(TARGET.statement), *logits, 1.0),))
        found.append(classifier.decide(TARGET, raw))
    assert [one.p_favor for one in found] == sorted(one.p_favor for one in found)
    assert {round(one.relevance, 5) for one in found} == {round(1 / (1 + np.exp(-1.4)), 5)}


def test_stance_labels_are_understood_under_their_usual_names(folder: Path) -> None:
    write_graph(folder / "model.onnx")
    write_config(folder, {"0": "AGAINST", "1": "Support", "2": "NONE"})
    classifier = load_classifier(str(folder))
    assert stances(classifier, ("nuclear power", PRO.text))[0].argmax() == 0


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_text_for_which_it_gives_no_number_has_no_answer(folder: Path, bad: float) -> None:
    write_graph(folder / "model.onnx", bad=bad)
    classifier = load_classifier(str(folder))
    (reading,) = classifier.read([PRO], [[TARGET]])
    assert reading.stances[0].stance == "favor"
    with pytest.raises(CommentariatError, match=r"gives no number for the text con and .* 16 bits"):
        classifier.read([CON], [[TARGET]])


def test_an_empty_text_is_not_read_by_the_checkpoint(folder: Path) -> None:
    write_graph(folder / "model.onnx")
    (reading,) = load_classifier(str(folder)).read([Document("empty", "")], [[TARGET]])
    assert reading.stances[0].raw.wordings == ()


@pytest.mark.parametrize(
    "labels", [{"0": "LABEL_0", "1": "LABEL_1"}, {"0": "toxic", "1": "kind", "2": "neutral"}, {}]
)
def test_other_classes_are_refused(folder: Path, labels: dict[str, str]) -> None:
    write_config(folder, labels)
    with pytest.raises(ModelError, match="id2label"):
        load_classifier(str(folder))


@pytest.mark.parametrize(
    "labels",
    [
        None,
        ["contradiction", "entailment", "neutral"],
        {"contradiction": 0, "entailment": 1, "neutral": 2},
        {"1": "contradiction", "2": "entailment", "3": "neutral"},
    ],
    ids=["null", "list", "turned", "from one"],
)
def test_classes_that_are_not_named_by_their_numbers_are_refused(folder: Path, labels: object) -> None:
    write_graph(folder / "model.onnx")
    write_config(folder, labels)
    with pytest.raises(ModelError, match=r"config\.json has id2label = .*under its number"):
        load_classifier(str(folder))


def test_a_checkpoint_need_not_name_its_network(folder: Path) -> None:
    write_graph(folder / "model.onnx")
    write_config(folder, NLI, architectures=None)
    assert stances(load_classifier(str(folder)), (TARGET.statement, PRO.text))[0].argmax() == 0


def test_a_graph_need_not_state_how_many_classes_it_has(folder: Path) -> None:
    write_graph(folder / "model.onnx", is_stated=False)
    found = stances(load_classifier(str(folder)), (TARGET.statement, PRO.text), (TARGET.statement, CON.text))
    sure, others = np.exp(4) / (np.exp(4) + 2), 1 / (np.exp(4) + 2)
    assert found == pytest.approx(np.asarray([[sure, others, others], [others, sure, others]]), abs=1e-4)


@pytest.mark.parametrize("is_stated", [True, False])
@pytest.mark.parametrize("classes", [2, 5])
def test_a_graph_with_another_number_of_classes_is_refused(
    folder: Path, classes: int, is_stated: bool
) -> None:
    write_graph(folder / "model.onnx", classes=classes, is_stated=is_stated)
    with pytest.raises(ModelError, match=rf"model\.onnx gives {classes} logits .* 3 classes"):
        load_classifier(str(folder))


@pytest.mark.skipif(importlib.util.find_spec("torch") is not None, reason="torch is installed")
def test_without_torch_the_extra_is_named(folder: Path) -> None:
    with pytest.raises(ModelError, match=r"pip install -e '\.\[torch\]' or uv tool install"):
        load_classifier(str(folder))


def test_a_checkpoint_that_cannot_be_fetched_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match="nobody/nothing"):
        load_classifier("nobody/nothing")


@given(
    st.lists(st.integers(min_value=1, max_value=300), max_size=200), st.integers(min_value=1, max_value=2_000)
)
def test_every_input_is_in_one_batch_and_batches_keep_their_bound(lengths: list[int], most: int) -> None:
    batches = batches_of_similar_length(lengths, most)
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) == 1 or len(batch) * max(lengths[index] for index in batch) <= most


@needs_torch
def test_a_checkpoint_with_weights_is_run_by_torch(folder: Path) -> None:
    torch = importlib.import_module("torch")
    transformers = importlib.import_module("transformers")

    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        id2label={int(index): label for index, label in NLI.items()},
    )  # fmt: skip
    transformers.BertForSequenceClassification(config).save_pretrained(folder)
    classifier = load_classifier(str(folder), threads=1)
    pairs = [(TARGET.statement, PRO.text), ("nuclear power", CON.text * 40), (TARGET.statement, "\ud800")]
    found = stances(classifier, *pairs)
    assert found.shape == (3, 3)
    assert np.allclose(found.sum(axis=1), 1.0, atol=1e-5)
    alone = np.concatenate([stances(classifier, pair) for pair in pairs])
    assert np.allclose(found, alone, atol=1e-5)
    readings = classifier.read([PRO, Document("empty", "")], [[TARGET], [TARGET]])
    assert [len(reading.stances) for reading in readings] == [1, 1]
    assert len(classifier.read([Document("empty", "")], [[TARGET]])) == 1


@needs_torch
@pytest.mark.parametrize("weights", ["model.safetensors", "pytorch_model.bin"])
def test_a_checkpoint_that_was_cloned_without_its_large_files_is_refused(folder: Path, weights: str) -> None:
    (folder / weights).write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    with pytest.raises(ModelError, match=r"git lfs pull"):
        load_classifier(str(folder))


@needs_torch
def test_a_folder_without_weights_is_refused(folder: Path) -> None:
    with pytest.raises(ModelError, match=str(folder)):
        load_classifier(str(folder))
