"""Inputs with outliers are evened, and the answers do not change."""

import copy

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train` (torch)")
pytest.importorskip("onnx", reason="the text graph is made with the extra `train` (onnx)")

from training.smooth_quant import SmoothQuantLinear, even_layers  # noqa: E402


@pytest.fixture
def read(tokenizer):
    texts = ["we need it", "the council should close it", "my neighbor keeps bees and reads the paper"]
    return [tokenizer(["the zoo"], [text], return_tensors="pt") for text in texts]


@pytest.fixture
def network(new_network):
    """A network in which one number of the states inside the second layer is far larger than the others."""
    network = new_network()
    with torch.no_grad():
        network.encoder.whole.encoder.layer[1].attention.LayerNorm.bias[3] = 40.0
    return network


def evened_parts(network):
    return {name: part for name, part in network.named_modules() if isinstance(part, SmoothQuantLinear)}


def test_an_evened_layer_answers_as_the_plain_one_does():
    plain = torch.nn.Linear(32, 8)
    factors = torch.ones(32)
    factors[5] = 0.1
    read = torch.randn(7, 32)
    assert torch.allclose(SmoothQuantLinear(plain, factors)(read), plain(read), atol=1e-5)


def test_only_layers_with_an_outlier_among_their_inputs_are_evened(network, read):
    even_layers(network, read)
    parts = evened_parts(network)
    assert list(parts) == ["encoder.whole.encoder.layer.1.intermediate.dense"]
    (part,) = parts.values()
    assert part.evened.argmin() == 3
    assert part.evened[3] < 0.2
    assert part.evened.max() == 1.0


def test_a_network_answers_the_same_after_evening(network, read):
    evened = copy.deepcopy(network)
    even_layers(evened, read)
    assert evened_parts(evened)
    with torch.no_grad():
        for one in read:
            for before, after in zip(network(**one), evened(**one), strict=True):
                assert torch.allclose(before, after, atol=1e-4)


def test_the_inputs_of_a_layer_are_more_even_after_evening(network, read):
    even_layers(network, read)
    (part,) = evened_parts(network).values()
    largest = []

    def note(_, given):
        sizes = given[0].abs().reshape(-1, part.in_features).amax(0)
        largest.append(((sizes * part.evened).max() / sizes.median(), sizes.max() / sizes.median()))

    with part.register_forward_pre_hook(note), torch.no_grad():
        network(**read[0])
    evened, plain = largest[0]
    assert evened < plain / 3
