"""Layers are rounded by what they read, inputs that stick out are evened, and answers stay what they were."""

import copy

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train` (torch)")
pytest.importorskip("onnx", reason="export needs the extra `train` (onnx)")

from training.batches import Limits, pair_batches  # noqa: E402
from training.corpus import Pair  # noqa: E402
from training.fourbit_layers import in_four_bits  # noqa: E402
from training.rounding import EvenedLinear, round_layers  # noqa: E402
from tests.models.test_train_loop import base, fresh  # noqa: E402, F401  (base is a fixture)
from tests.models.test_train_shipped import mpnet  # noqa: E402

READ = [Pair(f"zoo {i}", f"they keep {i} lions and save {i * i} species.", 0, 1.0, "x") for i in range(60)]


@pytest.fixture
def tokenizer(base):  # noqa: F811
    return fresh(base)[1]


def batches(tokenizer):
    return [batch.inputs for batch in pair_batches(READ, tokenizer, Limits(tokens=512), "0")]


def answers(network, read):
    with torch.no_grad():
        return torch.cat([network(**batch).stance_logits for batch in read])


def read_together(rows, inputs):
    """Inputs that go together, as the states of a network do: a few causes behind all of them."""
    draw = torch.Generator().manual_seed(0)
    causes, mixed = torch.randn(rows, 8, generator=draw), torch.randn(8, inputs, generator=draw)
    return causes @ mixed + 0.1 * torch.randn(rows, inputs, generator=draw)


def test_what_a_layer_says_changes_less_when_it_is_rounded_by_what_it_reads():
    weight = torch.randn(48, 128, generator=torch.Generator().manual_seed(1))
    read = read_together(1000, 128)
    said = read @ weight.T
    nearest = (read @ in_four_bits(weight).values().T - said).square().mean()
    by_reading = (read @ in_four_bits(weight, read.T @ read).values().T - said).square().mean()
    assert by_reading < nearest / 4


def test_inputs_that_never_come_do_no_harm():
    weight = torch.randn(4, 64, generator=torch.Generator().manual_seed(1))
    rounded = in_four_bits(weight, torch.zeros(64, 64)).values()
    assert torch.equal(rounded, in_four_bits(weight).values())


def test_an_evened_layer_says_what_the_plain_one_does():
    plain = torch.nn.Linear(32, 8)
    factors = torch.ones(32)
    factors[5] = 0.1
    read = torch.randn(7, 32)
    assert torch.allclose(EvenedLinear(plain, factors)(read), plain(read), atol=1e-5)


def test_layers_with_an_input_that_sticks_out_are_evened_and_no_others(tokenizer):
    network = mpnet(tokenizer, 1)
    with torch.no_grad():
        network.encoder.whole.encoder.layer[1].attention.LayerNorm.bias[3] = 40.0
    round_layers(network, batches(tokenizer))
    evened = [name for name, part in network.named_modules() if isinstance(part, EvenedLinear)]
    assert evened == ["encoder.whole.encoder.layer.1.intermediate.dense"]
    factors = network.get_submodule(evened[0]).evened
    assert factors.argmin() == 3
    assert factors[3] < 0.2


def test_a_rounded_network_answers_nearly_as_before(tokenizer):
    network = mpnet(tokenizer, 1)
    read = batches(tokenizer)
    by_reading, nearest = copy.deepcopy(network), copy.deepcopy(network)
    rounded = round_layers(by_reading, read)
    with torch.no_grad():
        for name in rounded:
            part = nearest.get_submodule(name)
            part.weight.copy_(in_four_bits(part.weight).values())
    off = (answers(by_reading, read) - answers(network, read)).square().mean()
    assert 0 < off < (answers(nearest, read) - answers(network, read)).square().mean()


def test_every_linear_part_of_every_layer_is_rounded(tokenizer):
    rounded = round_layers(mpnet(tokenizer, 1), batches(tokenizer))
    parts = [*(f"attention.attn.{one}" for one in "qkvo"), "intermediate.dense", "output.dense"]
    assert list(rounded) == [f"encoder.whole.encoder.layer.{i}.{part}" for i in (0, 1) for part in parts]
