"""Word embeddings in four bits are near the numbers they stand for, and the runtime reads exactly those."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

onnx = pytest.importorskip("onnx", reason="export needs onnx")

import onnxruntime  # noqa: E402
from onnx import TensorProto, helper, numpy_helper  # noqa: E402

from commentariat import ModelError  # noqa: E402
from training.fourbit import put_into, rounded  # noqa: E402

TABLES = arrays(np.float32, (2, 32), elements=st.floats(-4, 4, width=32))


@given(TABLES)
def test_no_number_is_further_off_than_its_block_allows(table):
    blocks = table.reshape(2, 1, 32)
    reach = np.maximum(blocks.max(-1), 0) - np.minimum(blocks.min(-1), 0)
    off = np.abs(rounded(table).values() - table).reshape(2, 1, 32).max(-1)
    assert (off <= reach / 13 + 0.01).all()


@given(TABLES)
def test_a_rounded_table_hardly_changes_when_it_is_rounded_again(table):
    once = rounded(table).values()
    again = rounded(once).values()
    assert np.sqrt(((again - once) ** 2).mean()) <= np.sqrt(((once - table) ** 2).mean()) + 1e-3


def test_a_table_too_narrow_for_a_block_is_refused():
    with pytest.raises(ModelError, match="width 24"):
        rounded(np.zeros((2, 24), dtype=np.float32))


def test_the_runtime_reads_the_rounded_numbers():
    table = np.random.default_rng(0).normal(size=(200, 128)).astype(np.float32)
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        [helper.make_node("Gather", ["words", "ids"], ["states"], name="lookup")],
        "g",
        [value("ids", TensorProto.INT64, ["batch", "tokens"])],
        [value("states", TensorProto.FLOAT, ["batch", "tokens", 128])],
        [numpy_helper.from_array(table, "words")],
    )
    put_into(graph, "words")
    model = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)],
        ir_version=10,
    )
    session = onnxruntime.InferenceSession(model.SerializeToString())
    (read,) = session.run(None, {"ids": np.array([[0, 7, 19]])})
    assert np.array_equal(read[0], rounded(table).values()[[0, 7, 19]])
    assert len(model.SerializeToString()) < table.nbytes / 5


def test_a_graph_without_the_table_is_refused():
    with pytest.raises(ModelError, match="no lookup in words"):
        put_into(helper.make_graph([], "g", [], []), "words")
