"""The outputs for an input do not depend on other inputs of the call, and tokens have their offsets in the text."""

import itertools
import platform
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import numpy_helper

from commentariat import ModelError
from models.encoder import Encoder
from models.graphs import WEIGHT_BITS, _session
from models.sentences import without_surrogates
from tests.models.bundled import FAST

TEXTS = ["A short one.", "Another text about nuclear power plants. " * 8, "Rent.", "Taxes should fall. " * 3]
TARGET = "Cities should charge drivers"
#: Accents, characters of two code units, characters that the tokenizer drops, lone surrogates, other scripts.
ODD = "Éa “naïve” 😀 test,\u200b\0 re\u0301sume\u0301 \ud800 end; مرحبا 你好."


def test_results_are_in_the_order_of_the_texts_and_do_not_depend_on_other_texts(classifier) -> None:
    encode = classifier._encoder.run
    together = encode(TEXTS, ["embedding"])["embedding"]
    alone = np.concatenate([encode([text], ["embedding"])["embedding"] for text in TEXTS])
    assert together.shape == (4, 384)
    assert np.array_equal(together, alone)
    assert np.allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-3)


def test_the_number_of_threads_does_not_change_a_result(classifier) -> None:
    one = Encoder(FAST, max_single=256, max_pair=256, threads=1, graph="text.onnx")
    assert np.array_equal(
        one.run(TEXTS, ["embedding"])["embedding"], classifier._encoder.run(TEXTS, ["embedding"])["embedding"]
    )


def test_no_texts_give_empty_arrays(classifier) -> None:
    assert classifier._encoder.run([], ["embedding"])["embedding"].shape == (0, 384)


def test_pairs_get_the_same_outputs_with_offsets_as_without(classifier) -> None:
    encoder = classifier._pairs._encoder
    pairs = [(TARGET, text) for text in [*TEXTS, ODD]]
    without = encoder.run(pairs, ["stance_logits", "relevance_logit"])
    found = encoder.run_pairs(pairs, ["relevance_logit", "evidence_logits", "stance_logits"])
    for row, one in enumerate(found):
        assert np.array_equal(one.outputs["stance_logits"], without["stance_logits"][row])
        assert np.array_equal(one.outputs["relevance_logit"], without["relevance_logit"][row])
        assert one.outputs["evidence_logits"].shape == (len(one.starts),)


@pytest.mark.parametrize("text", [*TEXTS, ODD])
def test_tokens_of_the_text_have_their_offsets_and_those_of_the_target_have_none(classifier, text) -> None:
    encoder = classifier._pairs._encoder
    (found,) = encoder.run_pairs([(TARGET, text)], ["evidence_logits"])
    target_tokens, text_tokens = encoder.count_tokens([TARGET, text])
    before, after = target_tokens + 2, 1  # [CLS] and [SEP] before, the last [SEP] after
    assert found.starts[:before] == [-1] * before
    assert found.starts[-after:] == [-1] * after
    starts = found.starts[before:-after]
    assert len(starts) == text_tokens
    assert all(left <= right for left, right in itertools.pairwise(starts))
    words = {match.start() for match in re.finditer(r"(?<!\S)\w", without_surrogates(text))}
    assert words <= set(starts)
    assert all(not text[start].isspace() for start in starts)


def test_a_pair_that_is_too_long_loses_the_end_of_its_text(classifier) -> None:
    (found,) = classifier._pairs._encoder.run_pairs([(TARGET, "word " * 2_000)], ["evidence_logits"])
    starts = [start for start in found.starts if start >= 0]
    assert len(found.starts) == classifier._settings.max_pair_tokens
    assert starts == list(range(0, 5 * len(starts), 5))


def test_no_pairs_give_nothing(classifier) -> None:
    assert classifier._pairs._encoder.run_pairs([], ["evidence_logits"]) == []


def test_a_tokenizer_with_word_pieces_that_the_graph_lacks_is_refused_when_it_is_opened() -> None:
    with pytest.raises(ModelError, match=r"has word piece 19999, and the graph has vectors for 900 word"):
        Encoder(FAST, max_single=256, max_pair=256, graph="text.onnx", vocabulary_size=900)


@pytest.mark.parametrize("name", ["pair.onnx", "text.onnx"])
def test_the_bundled_graphs_multiply_signed_weights_of_seven_bits_which_every_processor_does_fast(
    name,
) -> None:
    graph = onnx.load(FAST / name).graph
    tensors = {tensor.name: tensor for tensor in graph.initializer}
    weights = [
        numpy_helper.to_array(tensors[node.input[1]])
        for node in graph.node
        if node.op_type == "MatMulInteger"
    ]
    assert {matrix.dtype for matrix in weights} == {np.dtype(np.int8)}
    assert min(matrix.min() for matrix in weights) == -64
    assert max(matrix.max() for matrix in weights) == 63


@pytest.mark.parametrize("name", ["pair.onnx", "text.onnx"])
def test_the_bundled_graphs_scale_words_in_half_precision_or_finer(name) -> None:
    kinds = {one.name: one.data_type for one in onnx.load(FAST / name).graph.initializer}
    scales = {kind for one, kind in kinds.items() if "word_embeddings.weight_scales" in one}
    assert scales
    assert scales <= {onnx.TensorProto.FLOAT16, onnx.TensorProto.FLOAT}


@pytest.mark.parametrize("name", ["pair.onnx", "text.onnx"])
def test_the_bundled_graphs_have_none_of_the_slow_operators(tmp_path, monkeypatch, name) -> None:
    made = onnxruntime.SessionOptions

    def that_keep_the_graph_that_is_run() -> onnxruntime.SessionOptions:
        options = made()
        options.optimized_model_filepath = str(tmp_path / "run.onnx")
        return options

    monkeypatch.setattr("models.graphs.ort.SessionOptions", that_keep_the_graph_that_is_run)
    Encoder(FAST, max_single=256, max_pair=256, graph=name)
    kinds = Counter(node.op_type for node in onnx.load(tmp_path / "run.onnx").graph.node)
    # sums and norms separate, biases added by the products, word embeddings looked up in eight bits
    assert not {"SkipLayerNormalization", "BiasGelu", "GatherBlockQuantized", "BitShift"} & set(kinds)
    assert {"DynamicQuantizeMatMul", "MatMulIntegerToFloat"} & set(kinds)
    assert kinds["Gelu"]


@pytest.fixture
def opened(monkeypatch) -> list[str]:
    """How the weights of every graph are multiplied that is opened."""
    kinds: list[str] = []

    def that_is_noted(path: Path, *, unsigned_weights: bool) -> onnxruntime.InferenceSession:
        kinds.append("unsigned" if unsigned_weights else "signed")
        return _session(path, unsigned_weights=unsigned_weights)

    monkeypatch.setattr("models.graphs._session", that_is_noted)
    return kinds


def _answers(folder: Path, graph: str, output: str) -> np.ndarray:
    encoder = Encoder(folder, max_single=256, max_pair=256, graph=graph)
    asked = [(text, TEXTS[1]) for text in TEXTS] if graph == "pair.onnx" else TEXTS
    return encoder.run(asked, [output])[output]


@pytest.mark.parametrize(("graph", "output"), [("pair.onnx", "stance_logits"), ("text.onnx", "topic_logits")])
def test_the_bundled_graphs_are_opened_once_and_give_the_same_answers_on_processors_without_vnni(
    monkeypatch, opened, graph, output
) -> None:
    answers = []
    for has_vnni in (True, False):
        monkeypatch.setattr("models.graphs.multiplies_in_32_bits", lambda known=has_vnni: known)
        answers.append(_answers(FAST, graph, output))
    assert np.array_equal(*answers)
    assert opened == ["signed", "signed"]


@pytest.mark.parametrize(("graph", "output"), [("pair.onnx", "stance_logits"), ("text.onnx", "topic_logits")])
def test_a_graph_without_a_note_of_its_weights_has_its_weights_made_unsigned_without_vnni(
    tmp_path, monkeypatch, opened, graph, output
) -> None:
    folder = tmp_path / "eight"
    shutil.copytree(FAST, folder)
    model = onnx.load(folder / graph)
    notes = {note.key: note.value for note in model.metadata_props if note.key != WEIGHT_BITS}
    onnx.helper.set_model_props(model, notes)
    onnx.save(model, folder / graph)
    answers = []
    for has_vnni in (True, False):
        monkeypatch.setattr("models.graphs.multiplies_in_32_bits", lambda known=has_vnni: known)
        answers.append(_answers(folder, graph, output))
    assert np.array_equal(*answers)
    assert opened == ["signed", "signed", "unsigned"]
    options = _session(folder / graph, unsigned_weights=True).get_session_options()
    assert options.get_session_config_entry("session.x64quantprecision") == "1"


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps what it has freed")
def test_an_open_graph_keeps_little_more_memory_than_its_file_has() -> None:
    script = (
        "from pathlib import Path\n"
        "from models.graphs import open_graph\n"
        "from tests.models.bundled import FAST\n"
        "def resident():\n"
        "    return int(Path('/proc/self/statm').read_text().split()[1]) * 4096\n"
        "before = resident()\n"
        "graph = open_graph(FAST / 'pair.onnx')\n"
        "print((resident() - before) / (FAST / 'pair.onnx').stat().st_size)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert float(ended.stdout) < 1.4
