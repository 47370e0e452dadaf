"""Weights in seven bits give nearly the products of the weights that they were rounded from."""

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="export needs the extra `train` (onnx)")

import onnxruntime  # noqa: E402
from onnx import helper, numpy_helper  # noqa: E402
from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: E402

from commentariat import ModelError  # noqa: E402
from models.graphs import WEIGHT_BITS  # noqa: E402
from training.seven_bits import main, narrow_weights  # noqa: E402

INPUTS = np.random.default_rng(1).normal(size=(7, 64)).astype(np.float32)


@pytest.fixture
def weights():
    values = np.random.default_rng(0).normal(size=(64, 32)).astype(np.float32)
    values[:, 3] += 4.0  # a column of numbers of one sign
    values[:, 5] = 0.0
    return values


@pytest.fixture
def model(weights, tmp_path):
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"], name="product")],
        "g",
        [value("x", onnx.TensorProto.FLOAT, ["n", 64])],
        [value("y", onnx.TensorProto.FLOAT, ["n", 32])],
        [numpy_helper.from_array(weights, "w")],
    )
    plain, quantised = tmp_path / "plain.onnx", tmp_path / "eight.onnx"
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10), str(plain)
    )
    quantize_dynamic(str(plain), str(quantised), per_channel=True, weight_type=QuantType.QUInt8)
    return onnx.load(quantised)


def products(model):
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"x": INPUTS})
    return found


def test_products_have_an_error_of_a_fiftieth_of_their_size(model, weights):
    narrow_weights(model)
    error = products(model) - INPUTS @ weights
    assert np.sqrt((error**2).mean()) < 0.02 * np.sqrt(((INPUTS @ weights) ** 2).mean())
    assert not products(model)[:, 5].any()


def test_two_products_with_the_largest_input_fit_into_16_bits(model):
    narrow_weights(model)
    codes = next(numpy_helper.to_array(one) for one in model.graph.initializer if one.name == "w_quantized")
    assert codes.dtype == np.int8
    assert 2 * 255 * np.abs(codes.astype(int)).max() < 2**15
    # The column of one sign takes up all steps too: zero is at one end of them.
    assert np.ptp(codes[:, 0].astype(int)) >= 120


def test_the_graph_has_a_note_of_its_weights(model, tmp_path):
    narrow_weights(model)
    onnx.save(model, tmp_path / "seven.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "seven.onnx", providers=["CPUExecutionProvider"])
    assert session.get_modelmeta().custom_metadata_map[WEIGHT_BITS] == "7"


def test_weights_of_seven_bits_stay_as_they_are(model):
    narrow_weights(model)
    once = model.SerializeToString()
    narrow_weights(model)
    assert np.allclose(products(model), products(onnx.load_from_string(once)), atol=1e-4)


def test_a_folder_is_copied_and_its_graphs_are_rounded(model, tmp_path):
    source, out = tmp_path / "model", tmp_path / "new"
    source.mkdir()
    onnx.save(model, source / "pair.onnx")
    (source / "config.json").write_text("{}")
    assert main([str(source), "--out", str(out)]) == 0
    assert (out / "config.json").read_text() == "{}"
    notes = [
        {note.key for note in onnx.load(folder / "pair.onnx").metadata_props} for folder in (source, out)
    ]
    assert notes[1] - notes[0] == {WEIGHT_BITS}


def test_a_folder_without_graphs_and_one_that_exists_are_refused(model, tmp_path, capsys):
    assert main([str(tmp_path / "none"), "--out", str(tmp_path / "new")]) != 0
    assert "has no graph" in capsys.readouterr().err
    assert main([str(tmp_path), "--out", str(tmp_path)]) != 0
    assert "exists" in capsys.readouterr().err


def test_a_product_without_a_scale_is_refused(model):
    (scale,) = (one for one in model.graph.initializer if one.name == "w_scale")
    model.graph.initializer.remove(scale)
    with pytest.raises(ModelError, match="its scale is not found"):
        narrow_weights(model)
