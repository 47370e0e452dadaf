"""Weights of the layers are rounded to four bits near their values, and the runtime multiplies exactly those."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train` (torch)")
onnx = pytest.importorskip("onnx", reason="export needs the extra `train` (onnx)")

import onnxruntime  # noqa: E402
from hypothesis import given  # noqa: E402
from hypothesis import strategies as st  # noqa: E402
from hypothesis.extra.numpy import arrays  # noqa: E402
from onnx import TensorProto, helper, numpy_helper  # noqa: E402
from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: E402

from commentariat import ModelError  # noqa: E402
from training.fourbit import rounded  # noqa: E402
from training.fourbit_layers import in_four_bits, put_layers_into  # noqa: E402
from training.graph import write_fp32, write_int8  # noqa: E402
from training.mean import move_towards  # noqa: E402
from training.text_network import fresh_text_network  # noqa: E402
from tests.models.test_train_loop import base, fresh  # noqa: E402, F401  (base is a fixture)

WEIGHTS = arrays(np.float32, (2, 64), elements=st.floats(-4, 4, width=32))


@given(WEIGHTS)
def test_no_weight_is_further_off_than_a_step_of_its_block(weight):
    rounded = in_four_bits(torch.tensor(weight))
    step = (rounded.multiples.float() * rounded.scales.abs().unsqueeze(1)).numpy()
    off = np.abs(rounded.values().numpy() - weight).reshape(2, 2, 32).max(-1)
    # the largest code on the far side of zero is 7, so a block's largest weight may lose a whole step more
    assert (off <= 1.6 * step + np.abs(weight).reshape(2, 2, 32).max(-1) / 7 + 1e-6).all()


@given(WEIGHTS)
def test_what_is_multiplied_fits_eight_bits(weight):
    rounded = in_four_bits(torch.tensor(weight))
    whole = rounded.codes.reshape(2, 2, 32).int() * rounded.multiples.unsqueeze(-1).int()
    assert -128 <= int(whole.min()) <= int(whole.max()) <= 127


def test_ordinary_weights_lose_less_than_a_tenth_of_their_spread():
    weight = torch.randn(96, 256, generator=torch.Generator().manual_seed(0))
    off = in_four_bits(weight).values() - weight
    assert float(off.square().mean().sqrt()) < 0.1


def test_the_runtime_multiplies_the_rounded_weights(tmp_path):
    rng = np.random.default_rng(0)
    weight = rng.normal(size=(64, 48)).astype(np.float32)
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"], name="product")],
        "g",
        [value("x", TensorProto.FLOAT, ["n", 64])],
        [value("y", TensorProto.FLOAT, ["n", 48])],
        [numpy_helper.from_array(weight, "w")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    quantize_dynamic(
        model, str(tmp_path / "eight.onnx"), per_channel=True, weight_type=QuantType.QUInt8,
        extra_options={"MatMulConstBOnly": True},
    )  # fmt: skip
    small = onnx.load(tmp_path / "eight.onnx")
    put_layers_into(small, {"w": in_four_bits(torch.tensor(weight.T))})
    onnx.save(small, tmp_path / "four.onnx")
    session = onnxruntime.InferenceSession(str(tmp_path / "four.onnx"))
    # whole numbers from 0 to 255 are what eight bits hold: only the weights are rounded
    x = np.concatenate([rng.integers(1, 255, size=62), [0, 255]]).astype(np.float32)[None]
    (read,) = session.run(None, {"x": x})
    meant = x @ in_four_bits(torch.tensor(weight.T)).values().numpy().T
    assert np.allclose(read, meant, rtol=1e-4, atol=1e-3)
    assert not np.allclose(read, x @ weight, rtol=1e-4, atol=1e-1)


def test_an_exported_graph_reads_words_as_the_rounded_table_has_them(base, tmp_path):  # noqa: F811
    texts, _ = fresh_text_network(base, 1)
    write_fp32(texts.eval(), tmp_path / "fp32.onnx")
    write_int8(tmp_path / "fp32.onnx", tmp_path / "int8.onnx")
    graph = onnx.load(tmp_path / "int8.onnx")
    words = next(
        name for node in graph.graph.node for name in node.output if "word_embeddings/Gather" in name
    )
    graph.graph.output.append(helper.make_tensor_value_info(words, TensorProto.FLOAT, None))
    session = onnxruntime.InferenceSession(graph.SerializeToString())
    ids = np.array([[5, 9, 30]])
    asked = {one.name: np.ones_like(ids) for one in session.get_inputs()} | {"input_ids": ids}
    (read,) = session.run([words], asked)
    table = texts.encoder.whole.embeddings.word_embeddings.weight.detach().numpy()
    assert np.array_equal(read[0], rounded(table).values()[ids[0]])


def test_the_mean_lies_between_two_networks(base):  # noqa: F811
    first, _ = fresh(base)
    second, _ = fresh(base)
    with torch.no_grad():
        second.stance.weight.add_(1.0)
    was = first.stance.weight.detach().clone()
    move_towards(first, second, 0.25)
    assert torch.allclose(first.stance.weight, was + 0.25)
    with pytest.raises(ModelError, match="between 0 and 1"):
        move_towards(first, second, 1.5)
