"""What an input's company is never shows in its result."""

import platform
import subprocess
import sys
from collections import Counter

import numpy as np
import onnx
import onnxruntime
import pytest

from models.encoder import Encoder
from models.loading import _MODELS

TEXTS = ["A short one.", "Another text about nuclear power plants. " * 8, "Rent.", "Taxes should fall. " * 3]


def test_results_come_in_the_order_of_the_texts_and_are_those_of_each_text_alone(classifier) -> None:
    encode = classifier._encoder.run
    together = encode(TEXTS, ["embedding"])["embedding"]
    alone = np.concatenate([encode([text], ["embedding"])["embedding"] for text in TEXTS])
    assert together.shape == (4, 384)
    assert np.array_equal(together, alone)
    assert np.allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-3)


def test_the_number_of_threads_never_shows(classifier) -> None:
    one = Encoder(_MODELS / "fast", max_single=256, max_pair=256, threads=1, graph="text.onnx")
    assert np.array_equal(
        one.run(TEXTS, ["embedding"])["embedding"], classifier._encoder.run(TEXTS, ["embedding"])["embedding"]
    )


def test_no_texts_give_empty_arrays(classifier) -> None:
    assert classifier._encoder.run([], ["embedding"])["embedding"].shape == (0, 384)


def test_a_tokenizer_with_more_pieces_than_the_graph_is_refused_when_one_is_met() -> None:
    few = Encoder(_MODELS / "fast", max_single=256, max_pair=256, graph="text.onnx", pieces=900)
    assert few.run(["a"], ["embedding"])["embedding"].shape == (1, 384)
    with pytest.raises(IndexError, match=r"Word piece \d+ .*: the graph has 900"):
        few.run(["Nuclear power"], ["embedding"])


@pytest.mark.parametrize("name", ["pair.onnx", "text.onnx"])
def test_the_bundled_graphs_multiply_signed_weights_which_vnni_does_fast(name) -> None:
    graph = onnx.load(_MODELS / "fast" / name).graph
    kinds = {one.name: one.data_type for one in graph.initializer}
    # a weight that is unpacked when the graph is loaded comes out of a table of all there are
    kinds |= {f"{packed.removesuffix('_packed')}_quantized": kinds["four_bit_table"]
              for packed in kinds if packed.endswith("_packed")}  # fmt: skip
    weights = [kinds[node.input[1]] for node in graph.node if node.op_type == "MatMulInteger"]
    assert len(weights) > 30
    assert set(weights) == {onnx.TensorProto.INT8}


@pytest.mark.parametrize("name", ["pair.onnx", "text.onnx"])
def test_the_bundled_graphs_scale_words_in_half_precision_and_no_coarser(name) -> None:
    kinds = {one.name: one.data_type for one in onnx.load(_MODELS / "fast" / name).graph.initializer}
    scales = [kind for one, kind in kinds.items() if "word_embeddings.weight_scales" in one]
    assert scales == [onnx.TensorProto.FLOAT16]


@pytest.mark.parametrize("name", ["pair.onnx", "text.onnx"])
def test_the_bundled_graphs_are_run_without_what_would_slow_them_down(tmp_path, monkeypatch, name) -> None:
    made = onnxruntime.SessionOptions

    def that_say_what_is_run() -> onnxruntime.SessionOptions:
        options = made()
        options.optimized_model_filepath = str(tmp_path / "run.onnx")
        return options

    monkeypatch.setattr("models.encoder.ort.SessionOptions", that_say_what_is_run)
    Encoder(_MODELS / "fast", max_single=256, max_pair=256, graph=name)
    kinds = Counter(node.op_type for node in onnx.load(tmp_path / "run.onnx").graph.node)
    # sums and norms apart, biases added by the products, words looked up in eight bits
    slower = {"SkipLayerNormalization", "BiasGelu", "GatherBlockQuantized", "BitShift"}
    assert not slower & set(kinds)
    assert kinds["DynamicQuantizeMatMul"] + kinds["MatMulIntegerToFloat"] > 45
    assert kinds["Gelu"] == 9


@pytest.mark.parametrize(("graph", "output"), [("pair.onnx", "stance_logits"), ("text.onnx", "topic_logits")])
def test_processors_without_vnni_are_given_the_same_answers(monkeypatch, graph, output) -> None:
    def answers() -> np.ndarray:
        encoder = Encoder(_MODELS / "fast", max_single=256, max_pair=256, graph=graph)
        asked = [(text, TEXTS[1]) for text in TEXTS] if graph == "pair.onnx" else TEXTS
        return encoder.run(asked, [output])[output]

    as_here = answers()
    monkeypatch.setattr("models.encoder.multiplies_in_32_bits", lambda: False)
    assert np.array_equal(answers(), as_here)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps what it has freed")
def test_a_loaded_graph_keeps_no_memory_that_unpacking_it_took() -> None:
    script = (
        "from pathlib import Path\n"
        "from models.encoder import Encoder\n"
        "from models.loading import _MODELS\n"
        "def megabytes():\n"
        "    return int(Path('/proc/self/statm').read_text().split()[1]) * 4096 / 1e6\n"
        "before = megabytes()\n"
        "encoder = Encoder(_MODELS / 'fast', max_single=256, max_pair=256, graph='pair.onnx')\n"
        "print(megabytes() - before)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert float(ended.stdout) < 350  # the eight-bit weights are 73 MB
