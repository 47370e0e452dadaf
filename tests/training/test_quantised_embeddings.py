"""A table of word embeddings in eight bits is nearly equal to the original table."""

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="export needs the extra `train` (onnx)")

import onnxruntime  # noqa: E402
from onnx import helper, numpy_helper  # noqa: E402

from commentariat import ModelError  # noqa: E402
from training.quantised_embeddings import quantise_lookup  # noqa: E402


@pytest.fixture
def table():
    rows = np.random.default_rng(0).normal(size=(50, 16)).astype(np.float32)
    rows[:25] *= 0.01  # the rows of frequent words are shorter
    rows[7] = 0.0
    return rows


@pytest.fixture
def model(table):
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        [helper.make_node("Gather", ["words", "ids"], ["read"], name="lookup")],
        "g",
        [value("ids", onnx.TensorProto.INT64, ["n"])],
        [value("read", onnx.TensorProto.FLOAT, ["n", 16])],
        [numpy_helper.from_array(table, "words")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)


def test_every_row_is_read_within_half_a_step_of_its_own(model, table):
    quantise_lookup(model.graph, "words")
    session = onnxruntime.InferenceSession(model.SerializeToString())
    (read,) = session.run(None, {"ids": np.arange(50)})
    step = np.abs(table).max(axis=1, keepdims=True) / 127
    assert (np.abs(read - table) <= step / 2 + 1e-9).all()
    assert not read[7].any()


def test_the_table_takes_a_quarter_of_its_size(model, table):
    quantise_lookup(model.graph, "words")
    names = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    assert "words" not in names
    assert sum(one.nbytes for one in names.values()) == table.size + 4 * len(table)


def test_a_graph_without_the_lookup_is_reported(model):
    with pytest.raises(ModelError, match="no lookup in others"):
        quantise_lookup(model.graph, "others")
