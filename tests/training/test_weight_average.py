"""The mean of two networks' weights can be exported, and does not change layers that were not trained."""

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train` (torch)")
pytest.importorskip("onnx", reason="the text graph is made with the extra `train` (onnx)")
pytest.importorskip("safetensors", reason="weights are read with the extra `train` (safetensors)")

from safetensors.torch import save_file  # noqa: E402

from commentariat import ModelError  # noqa: E402
from training.checkpoints import Progress, load_checkpoint, load_pair_network, save_checkpoint  # noqa: E402
from training.folder import write_tokenizer  # noqa: E402
from training.loop import Recipe, optimiser  # noqa: E402
from training.precision import Weights  # noqa: E402
from training.weight_average import main, write_average  # noqa: E402

LOWEST = "encoder.whole.encoder.layer.0.output.dense.weight"


@pytest.fixture
def checkpoint(new_network, tokenizer, tmp_path):
    folder = tmp_path / "run"
    write_tokenizer(tokenizer, folder)
    network = new_network(1)
    weights = Weights(network, torch.float32)
    save_checkpoint(folder / "last.pt", network, weights.state(), optimiser(weights, Recipe()), Progress(7))
    return folder / "last.pt"


def test_weights_are_between_those_of_both_networks_and_frozen_layers_do_not_change(
    new_network, checkpoint, tmp_path
):
    other = {name: value.contiguous() for name, value in new_network(2).state_dict().items()}
    save_file(other, tmp_path / "other.safetensors")
    given = ["--checkpoint", str(checkpoint), "--other", str(tmp_path / "other.safetensors")]
    given += ["--share", "0.25", "--frozen", "1", "--out", str(tmp_path / "mean/last.pt")]
    assert main(given) == 0
    network, _, progress = load_pair_network(tmp_path / "mean/last.pt")
    first = load_checkpoint(checkpoint)["network"]
    for name in ("stance.weight", "pair_dense.weight", "evidence.weight", LOWEST.replace("0", "1", 1)):
        wanted = 0.75 * first[name] + 0.25 * other[name]
        assert torch.allclose(network.state_dict()[name], wanted, atol=1e-6), name
    assert torch.equal(network.state_dict()[LOWEST], first[LOWEST])
    assert not torch.equal(other[LOWEST], first[LOWEST])
    assert progress.step == 7


def test_weights_that_the_other_network_lacks_are_not_changed(new_network, checkpoint, tmp_path):
    other = {
        name: value.contiguous()
        for name, value in new_network(2).state_dict().items()
        if not name.startswith("evidence.")
    }
    save_file(other, tmp_path / "earlier.safetensors")
    write_average(checkpoint, [tmp_path / "earlier.safetensors"], 0.5, 0, tmp_path / "mean/last.pt")
    mean, first = (load_checkpoint(path)["network"] for path in (tmp_path / "mean/last.pt", checkpoint))
    assert torch.equal(mean["evidence.weight"], first["evidence.weight"])
    assert not torch.equal(mean["stance.weight"], first["stance.weight"])


def test_a_share_over_one_is_refused(checkpoint, tmp_path):
    with pytest.raises(ModelError, match="between 0 and 1"):
        write_average(checkpoint, [checkpoint], 1.5, 0, tmp_path / "mean/last.pt")
