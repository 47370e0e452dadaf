"""Attention becomes one operator, and the answers do not change."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train` (torch)")
onnx = pytest.importorskip("onnx", reason="export needs the extra `train` (onnx)")

import onnxruntime  # noqa: E402
from onnx import helper  # noqa: E402
from onnxruntime.transformers.onnx_model import OnnxModel  # noqa: E402

from commentariat import ModelError  # noqa: E402
from training.fuse_attention import fuse_attention  # noqa: E402
from training.graph import write_fp32  # noqa: E402
from training.text_network import fresh_text_network  # noqa: E402


def batch_with_padding():
    ids = torch.randint(5, 40, (2, 12), generator=torch.Generator().manual_seed(0))
    mask, kinds = torch.ones_like(ids), torch.zeros_like(ids)
    mask[1, 8:], kinds[:, 4:] = 0, 1
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": kinds * mask}


@pytest.mark.parametrize("which", [0, 1], ids=["pairs", "texts"])
def test_a_graph_with_attention_in_one_operator_answers_as_the_network(
    new_network, bert_base, tmp_path, which
):
    network = (new_network(), fresh_text_network(bert_base, 1)[0].eval())[which]
    batch = batch_with_padding()
    write_fp32(network, tmp_path / "graph.onnx")
    kinds = [node.op_type for node in onnx.load(tmp_path / "graph.onnx").graph.node]
    assert (
        kinds.count("MultiHeadAttention") == (2, 3)[which]
    )  # the text network has a branch of one layer in addition
    assert kinds.count("Softmax") == (1, 0)[which]  # the softmax of the evidence
    session = onnxruntime.InferenceSession(str(tmp_path / "graph.onnx"))
    asked = {one.name: batch[one.name].numpy() for one in session.get_inputs()}
    with torch.no_grad():
        meant = network(**batch)
    for given, name, answer in zip(session.run(None, asked), network.OUTPUTS, meant, strict=True):
        read = batch["attention_mask"].numpy() > 0 if name == "evidence_logits" else slice(None)
        assert np.allclose(given[read], answer.numpy()[read], atol=1e-5), name


def test_heads_whose_scale_is_no_power_of_two_are_left_as_they_were_traced(bert_base, tmp_path):
    network = fresh_text_network(bert_base, 1)[0].eval()
    for layer in (*network.encoder.whole.encoder.layer, *network.branch):
        layer.attention.self.num_attention_heads = 4  # heads of 8 numbers each
        layer.attention.self.attention_head_size, layer.attention.self.scaling = 8, 8**-0.5
    network.encoder.config.num_attention_heads = 4
    write_fp32(network, tmp_path / "graph.onnx")
    kinds = [node.op_type for node in onnx.load(tmp_path / "graph.onnx").graph.node]
    assert kinds.count("Softmax") == 3
    assert "MultiHeadAttention" not in kinds


def test_attention_of_another_form_is_refused():
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        [
            helper.make_node("Softmax", ["scores"], ["shares"], name="/layer.0/attention/self/Softmax"),
            helper.make_node("MatMul", ["shares", "values"], ["states"], name="product"),
        ],
        "g",
        [value(name, onnx.TensorProto.FLOAT, ["t", "t"]) for name in ("scores", "values")],
        [value("states", onnx.TensorProto.FLOAT, ["t", "t"])],
    )
    with pytest.raises(
        ModelError, match=r"attention at /layer\.0/attention/self/Softmax does not have the form"
    ):
        fuse_attention(OnnxModel(helper.make_model(graph)), 2)
