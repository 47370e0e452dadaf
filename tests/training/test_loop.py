"""A run learns, keeps to its budget and its learning rate, and continues after an interruption."""

import json
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train` (torch)")
pytest.importorskip("onnx", reason="the text graph is made with the extra `train` (onnx)")

from commentariat import ModelError  # noqa: E402
from training.batches import pair_batches  # noqa: E402
from training.checkpoints import Progress, load_checkpoint, load_pair_network  # noqa: E402
from training.examples import Example  # noqa: E402
from training.loop import Budget, Recipe, hits, train  # noqa: E402
from training.network import PairAnswers, freeze  # noqa: E402

RECIPE = Recipe(peak_rate=1e-3, warmup_steps=2, decay=0.4, batch_tokens=2048, seed=5)
BUDGET = Budget(tokens=30_000)


class StoppedError(Exception):
    pass


class Stopping:
    """A mixture that raises an error at its third block, as if the machine had stopped."""

    def __init__(self, mixture):
        self._mixture = mixture

    def block(self, number):
        if number == 2:
            raise StoppedError
        return self._mixture.block(number)


def run(network, tokenizer, mixture, out, **changes):
    freeze(network, 1)
    return train(
        network, tokenizer, mixture, RECIPE, BUDGET, out, **{"save_every": 3, "log_every": 2} | changes
    )


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=["fp32", "bf16"])
def test_a_resumed_run_ends_in_the_same_weights(new_network, new_mixture, tokenizer, tmp_path, dtype):
    whole = run(new_network(), tokenizer, new_mixture(), tmp_path / "whole", dtype=dtype)
    with pytest.raises(StoppedError):
        run(new_network(), tokenizer, Stopping(new_mixture()), tmp_path / "cut", dtype=dtype)
    before = Progress(**load_checkpoint(tmp_path / "cut/last.pt")["progress"])
    assert 0 < before.step < whole.step
    resumed = run(new_network(2), tokenizer, new_mixture(), tmp_path / "cut", dtype=dtype, resume=True)
    assert (resumed.step, resumed.tokens, resumed.block) == (whole.step, whole.tokens, whole.block)
    assert whole.block >= 1
    first, second = (load_checkpoint(tmp_path / name / "last.pt")["network"] for name in ("whole", "cut"))
    for name, weight in first.items():
        assert torch.equal(weight, second[name]), name


def test_frozen_weights_stay_exact_and_all_others_change(new_network, new_mixture, tokenizer, tmp_path):
    before = {name: value.clone() for name, value in new_network().state_dict().items()}
    run(new_network(), tokenizer, new_mixture(), tmp_path, dtype=torch.bfloat16)
    after = load_checkpoint(tmp_path / "last.pt")["network"]
    frozen = ("encoder.whole.embeddings", "encoder.whole.encoder.layer.0", "encoder.whole.encoder.relative")
    for name, value in after.items():
        assert value.dtype == torch.float32
        moved = not torch.equal(value, before[name])
        if name.endswith(("attention.attn.k.bias", "evidence.bias")):
            continue  # an equal shift of all scores changes no share
        assert moved != name.startswith(frozen), name


def test_weights_keep_changes_that_are_too_small_for_bfloat16(new_network, new_mixture, tokenizer, tmp_path):
    run(new_network(), tokenizer, new_mixture(), tmp_path, dtype=torch.bfloat16)
    weight = load_checkpoint(tmp_path / "last.pt")["network"][
        "encoder.whole.encoder.layer.1.output.dense.weight"
    ]
    assert not torch.equal(weight, weight.bfloat16().float())


def test_a_checkpoint_is_a_network_with_its_tokenizer(new_network, new_mixture, tokenizer, tmp_path):
    done = run(new_network(), tokenizer, new_mixture(), tmp_path)
    network, its_own, progress = load_pair_network(tmp_path / "last.pt")
    assert progress == done
    assert its_own.get_vocab() == tokenizer.get_vocab()
    assert not network.training
    saved = load_checkpoint(tmp_path / "last.pt")["network"]
    assert all(torch.equal(value, saved[name]) for name, value in network.state_dict().items())
    asked = its_own(["zoo"], ["we need it"], return_tensors="pt")
    with torch.no_grad():
        assert network(**asked).stance_logits.shape == (1, 3)


def test_the_loss_falls_and_the_log_says_what_is_right(new_network, new_mixture, tokenizer, tmp_path):
    recipe = replace(RECIPE, peak_rate=3e-3)
    network = new_network()
    freeze(network, 0)
    train(network, tokenizer, new_mixture(), recipe, Budget(tokens=240_000), tmp_path, log_every=10)
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    late = [line["loss"] for line in lines[-5:]]  # a batch's loss varies with the kinds of examples in it
    assert sum(late) / len(late) < 0.8 * lines[0]["loss"]
    # a few steps may have no statement in two wordings
    assert {"side", "about", "evidence", "same side", "tokens_per_second", "minutes"} <= set().union(*lines)
    assert lines[-1]["tokens"] > lines[0]["tokens"]


def test_the_learning_rate_rises_stays_and_falls():
    recipe = Recipe(peak_rate=1.0, warmup_steps=10, decay=0.5)
    assert recipe.rate(0, 0.0) == pytest.approx(0.1)
    assert recipe.rate(9, 0.1) == recipe.rate(500, 0.5) == 1.0
    assert recipe.rate(500, 0.75) == pytest.approx(0.5)
    assert recipe.rate(500, 1.0) == pytest.approx(0.01)


def test_a_budget_ends_a_run_by_time_or_by_tokens():
    progress = Progress(tokens=500, seconds=90.0)
    assert Budget(minutes=3.0).used(progress) == pytest.approx(0.5)
    assert Budget(tokens=1000).used(progress) == pytest.approx(0.5)
    assert Budget(minutes=1.0, tokens=1000).used(progress) == pytest.approx(1.5)


def test_a_run_of_no_time_writes_a_checkpoint_of_the_start(new_network, new_mixture, tokenizer, tmp_path):
    done = train(
        new_network(),
        tokenizer,
        new_mixture(),
        RECIPE,
        Budget(minutes=1e-9, tokens=1),
        tmp_path,
        save_every=50,
    )
    assert done.step == 1
    assert (tmp_path / "last.pt").is_file()


def test_a_run_without_a_checkpoint_cannot_be_resumed(new_network, new_mixture, tokenizer, tmp_path):
    with pytest.raises(ModelError, match="No checkpoint at"):
        run(new_network(), tokenizer, new_mixture(), tmp_path, resume=True)


def test_a_checkpoint_of_another_kind_is_named(tmp_path):
    torch.save({"network": {}, "branch": 1}, tmp_path / "texts.pt")
    with pytest.raises(ModelError, match="no checkpoint of `python -m training`"):
        load_pair_network(tmp_path / "texts.pt")


def test_the_figures_of_a_batch_count_its_right_answers(tokenizer):
    text, starts = "We need it. It is late.", (0, 12)
    wordings = tuple(Example(one, text, 1, 1.0, starts, (False, True)) for one in ("zoo", "zoos"))
    (batch,) = pair_batches([wordings, (Example("park", text, None, 0.0),)], tokenizer, 4096, "0")
    first, second = batch.wordings[0].tolist()
    stance = torch.zeros(3, 3)
    stance[first, 1] = stance[second, 0] = 2.0
    evidence = torch.where(batch.sentences == 2, 1.0, 0.0)
    evidence[second] = -evidence[second]
    found = hits(PairAnswers(stance, torch.full((3, 1), 1.0), evidence), batch)
    assert found["side"] == [True, False]
    assert sorted(found["about"]) == [False, True, True]
    assert found["evidence"] == [True, False]
    assert found["same side"] == [False]
