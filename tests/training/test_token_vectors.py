"""A text graph gets vectors of tokens: its states, centred, projected, and scaled to length 1."""

import json
import shutil

import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs the extra `train` (torch)")
onnx = pytest.importorskip("onnx", reason="the text graph is made with the extra `train` (onnx)")

from commentariat import ModelError  # noqa: E402
from models.folder import open_text_graph  # noqa: E402
from models.similarity import TOKEN_VECTORS, encode  # noqa: E402
from training.token_vectors import SCREEN, add_token_vectors, fit, main, states_of  # noqa: E402

TEXT = "The council met on monday in the old town hall."


@pytest.fixture
def folder(text_folder, tmp_path):
    return shutil.copytree(text_folder, tmp_path / "model")


def test_directions_are_those_of_most_variance_evened_by_its_fourth_root():
    draw = np.random.default_rng(0)
    states = draw.normal(size=(4000, 3)) * [9.0, 4.0, 0.1] + [5.0, 0.0, -5.0]
    mean, directions = fit(states.astype(np.float32), width=2)
    assert mean == pytest.approx([5, 0, -5], abs=0.5)
    spread = ((states - mean) @ directions).std(axis=0)
    assert directions.shape == (3, 2)
    assert spread == pytest.approx([3, 2], rel=0.05)


def test_the_command_adds_the_output_and_changes_no_other(data, folder):
    before = open_text_graph(folder).run([TEXT], ["embedding", "topic_logits"])
    assert main(["--data", str(data), "--model", str(folder)]) == 0
    encoder = open_text_graph(folder)
    after, (tokens,) = encode(encoder, [TEXT], ["embedding", "topic_logits"])
    assert all((after[name] == before[name]).all() for name in before)
    assert tokens.dtype == np.float16
    assert len(tokens) == len(encoder.tokens_of(TEXT))
    assert np.linalg.norm(tokens.astype(np.float32), axis=1) == pytest.approx(1, abs=1e-2)
    assert json.loads((folder / "config.json").read_text())["thresholds"]["screen"] == SCREEN


def test_the_output_is_replaced_if_the_command_runs_again(data, folder):
    for _ in range(2):
        assert main(["--data", str(data), "--model", str(folder)]) == 0
    graph = onnx.load(folder / "text.onnx").graph
    assert [output.name for output in graph.output].count(TOKEN_VECTORS) == 1
    assert sum(node.name.startswith(TOKEN_VECTORS) for node in graph.node) == 4


def test_a_vector_is_the_projected_state(folder):
    model = onnx.load(folder / "text.onnx")
    hidden = 32
    add_token_vectors(model, np.zeros(hidden, np.float32), np.eye(hidden, 4, dtype=np.float32))
    states = states_of(model.graph)
    model.graph.output.append(onnx.helper.make_tensor_value_info(states, onnx.TensorProto.FLOAT, None))
    onnx.save(model, folder / "text.onnx")
    encoder = open_text_graph(folder)
    _, (tokens,) = encode(encoder, [TEXT], ["embedding"])
    _, (raw,) = encoder.run_with_tokens([TEXT], ["embedding"], states)
    expected = raw[:, :4] / np.linalg.norm(raw[:, :4], axis=1, keepdims=True)
    assert tokens.astype(np.float32) == pytest.approx(expected, abs=2e-3)


def test_a_graph_without_a_layer_norm_is_refused():
    node = onnx.helper.make_node("Identity", ["x"], ["embedding"])
    graph = onnx.helper.make_graph([node], "bare", [], [])
    with pytest.raises(ModelError, match="no layer norm"):
        states_of(graph)
