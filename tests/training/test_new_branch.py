"""A model folder gets the topics of another text graph, and its embedding stays as it was, bit for bit."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train` (torch)")
onnx = pytest.importorskip("onnx", reason="export needs the extra `train` (onnx)")

from commentariat import ModelError  # noqa: E402
from models.folder import open_text_graph  # noqa: E402
from training.folder import GRAPHS, write_config, write_texts, write_tokenizer  # noqa: E402
from training.folder import read_config as config_of  # noqa: E402
from training.new_branch import take_branch  # noqa: E402
from training.text_network import fresh_text_network  # noqa: E402
from training.vocabulary_pruning import with_word_pieces  # noqa: E402

TEXTS = ["a bill about the bridge", "the zoo and the school"]


def folder_with_weights(seed, bert_base, text_folder, out, branch=1):
    """Make a folder like `text_folder`, whose encoder and branch have weights of their own.

    The branch of a new network equals the encoder's top layers, and the export stores equal weights once.
    """
    torch.manual_seed(seed)
    network, tokenizer = fresh_text_network(bert_base, branch)
    with torch.no_grad():
        for weights in network.parameters():
            weights.add_(0.02 * torch.randn_like(weights))
    write_tokenizer(with_word_pieces(tokenizer, range(len(tokenizer))), out)
    write_texts(network.eval(), out)
    write_config(config_of(text_folder), out)
    return out


def outputs_of(folder):
    return open_text_graph(folder).run(TEXTS, ["topic_logits", "opinion_logit", "embedding"])


def test_only_the_branch_and_its_heads_are_replaced(bert_base, text_folder, tmp_path):
    ours, theirs, mixed = (
        folder_with_weights(seed, bert_base, text_folder, tmp_path / name)
        for seed, name in ((2, "ours"), (3, "theirs"), (2, "mixed"))
    )
    graph = onnx.load(ours / GRAPHS["single"])
    take_branch(graph, onnx.load(theirs / GRAPHS["single"]))
    onnx.save(graph, mixed / GRAPHS["single"])
    of_ours, of_theirs, of_both = outputs_of(ours), outputs_of(theirs), outputs_of(mixed)
    assert np.array_equal(of_both["embedding"], of_ours["embedding"])
    assert not np.allclose(of_theirs["embedding"], of_ours["embedding"], atol=1e-3)
    assert not np.allclose(of_both["topic_logits"], of_ours["topic_logits"], atol=1e-3)
    assert not np.allclose(of_both["opinion_logit"], of_ours["opinion_logit"], atol=1e-3)


def test_a_branch_of_another_form_is_refused(bert_base, text_folder, tmp_path):
    ours = folder_with_weights(2, bert_base, text_folder, tmp_path / "ours")
    other = folder_with_weights(3, bert_base, text_folder, tmp_path / "other", branch=2)
    graph = onnx.load(ours / GRAPHS["single"])
    with pytest.raises(ModelError, match="another form"):
        take_branch(graph, onnx.load(other / GRAPHS["single"]))
