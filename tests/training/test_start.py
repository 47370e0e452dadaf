"""Training can begin with the weights of a model folder, a checkpoint, a file of weights, or several of them."""

import copy

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train` (torch)")
pytest.importorskip("onnx", reason="export needs the extra `train` (onnx)")
pytest.importorskip("safetensors", reason="weights are read with the extra `train` (safetensors)")

from safetensors.torch import save_file  # noqa: E402

from commentariat import ModelError  # noqa: E402
from training.checkpoints import Progress, save_checkpoint  # noqa: E402
from training.folder import write_pairs, write_texts  # noqa: E402
from training.loop import Recipe, optimiser  # noqa: E402
from training.network import PairNetwork, load_mpnet  # noqa: E402
from training.precision import Weights  # noqa: E402
from training.smooth_quant import SmoothQuantLinear, even_layers  # noqa: E402
from training.start import start_from, start_texts_from  # noqa: E402
from training.text_network import fresh_text_network  # noqa: E402


@pytest.fixture
def asked(tokenizer):
    return tokenizer(["the zoo"], ["we need it and the council should pay"], return_tensors="pt")


def answers(network, asked):
    with torch.no_grad():
        found = network(**asked)
    return torch.cat([found.stance_logits[0], found.relevance_logit[0], found.evidence_logits[0]])


def saved(network, path):
    weights = Weights(network, torch.float32)
    save_checkpoint(path, network, weights.state(), optimiser(weights, Recipe()), Progress())
    return path


def test_the_weights_of_a_model_folder_can_be_read_also_evened_ones(new_network, asked, tmp_path):
    network, again = new_network(1), new_network(2)
    with torch.no_grad():  # makes outliers among inputs, so that the layers with these inputs are evened
        network.encoder.whole.encoder.layer[0].output.LayerNorm.bias[5] = 40.0  # for queries, keys and values
        network.encoder.whole.encoder.layer[1].attention.LayerNorm.bias[3] = 40.0
    write_pairs(network, [asked], tmp_path)
    assert not torch.allclose(answers(again, asked), answers(network, asked), atol=0.05)
    start_from(again, [tmp_path])
    evened = copy.deepcopy(network)
    even_layers(evened, [asked])
    parts = {name for name, part in evened.named_modules() if isinstance(part, SmoothQuantLinear)}
    assert {name.rsplit(".", 1)[1] for name in parts} == {"q", "k", "v", "dense"}
    for name, weight in network.named_parameters():
        step = float(evened.get_parameter(name).detach().abs().max()) / 63  # step of weights in seven bits
        assert torch.allclose(again.get_parameter(name), weight, atol=step), name
    assert torch.allclose(answers(again, asked), answers(network, asked), atol=0.05)


def test_a_checkpoint_gives_its_weights_and_frozen_layers_stay_the_bases(
    new_network, mpnet_base, tokenizer, asked, tmp_path
):
    checkpoint = saved(new_network(1), tmp_path / "last.pt")
    fresh = PairNetwork(load_mpnet(mpnet_base, tokenizer, 2)).eval()
    lowest = fresh.encoder.whole.encoder.layer[0].output.dense.weight.clone()
    start_from(fresh, [checkpoint], frozen=1)
    assert torch.equal(fresh.encoder.whole.encoder.layer[0].output.dense.weight, lowest)
    assert torch.equal(fresh.stance.weight, new_network(1).stance.weight)
    start_from(fresh, [checkpoint])
    assert torch.equal(answers(fresh, asked), answers(new_network(1), asked))


def test_the_last_of_several_sources_counts(new_network, tmp_path):
    network = new_network(1)
    heads = {name: value + 1 for name, value in network.state_dict().items() if name.startswith("stance.")}
    save_file(heads, tmp_path / "heads.safetensors")
    other = new_network(2)
    start_from(other, [saved(network, tmp_path / "last.pt"), tmp_path / "heads.safetensors"])
    assert torch.equal(other.stance.weight, network.stance.weight + 1)
    assert torch.equal(other.relevance.weight, network.relevance.weight)


def test_weights_of_the_earlier_form_answer_as_they_did(new_network, mpnet_base, tokenizer, tmp_path):
    network = new_network(1)
    hidden = network.encoder.config.hidden_size
    earlier = {
        name: value for name, value in network.state_dict().items() if not name.startswith("evidence.")
    }
    earlier["pair_dense.weight"] = earlier["pair_dense.weight"][:, : 4 * hidden].clone()
    save_file({name: value.contiguous() for name, value in earlier.items()}, tmp_path / "old.safetensors")
    fresh = PairNetwork(load_mpnet(mpnet_base, tokenizer, 2))
    start_from(fresh, [tmp_path / "old.safetensors"])
    assert torch.equal(fresh.pair_dense.weight[:, : 4 * hidden], earlier["pair_dense.weight"])
    assert not fresh.pair_dense.weight[:, 4 * hidden :].any()
    assert not fresh.evidence.weight.any()


def test_sources_that_lack_a_trained_part_are_named(new_network, tmp_path):
    network = new_network(1)
    save_file({"stance.bias": network.stance.bias.detach()}, tmp_path / "part.safetensors")
    with pytest.raises(ModelError, match=r"part\.safetensors lack weights: .*pair_dense"):
        start_from(new_network(2), [tmp_path / "part.safetensors"])


def test_weights_of_another_shape_are_named(new_network, mpnet_base, tokenizer, tmp_path):
    checkpoint = saved(PairNetwork(load_mpnet(mpnet_base, tokenizer, 3)), tmp_path / "last.pt")
    with pytest.raises(ModelError, match=r"of another kind: .*layer\.2\."):
        start_from(new_network(2), [checkpoint])


@pytest.mark.parametrize(
    ("name", "message"),
    [("", "No graph at"), ("last.pt", "No checkpoint at"), ("a.safetensors", "No weights at")],
)
def test_a_source_that_is_not_there_is_named(new_network, tmp_path, name, message):
    with pytest.raises(ModelError, match=message):
        start_from(new_network(2), [tmp_path / name])


def topic_logits(network, tokenizer):
    words = tokenizer(["the council met on monday"], return_tensors="pt")
    with torch.no_grad():
        return network(**words).topic_logits


def test_a_text_network_can_begin_with_the_branch_and_heads_of_a_folder(bert_base, tokenizer, tmp_path):
    torch.manual_seed(1)
    network, again = (fresh_text_network(bert_base, 1)[0].eval() for _ in range(2))
    with torch.no_grad():
        for weight in (one for one in network.parameters() if one.requires_grad):
            weight.add_(0.05 * torch.randn_like(weight))
    write_texts(network, tmp_path)
    assert not torch.allclose(topic_logits(again, tokenizer), topic_logits(network, tokenizer), atol=0.02)
    start_texts_from(again, tmp_path)
    assert torch.allclose(topic_logits(again, tokenizer), topic_logits(network, tokenizer), atol=0.02)


def test_a_branch_of_another_depth_is_refused(bert_base, text_folder):
    with pytest.raises(ModelError, match="of another kind"):
        start_texts_from(fresh_text_network(bert_base, 2)[0], text_folder)
