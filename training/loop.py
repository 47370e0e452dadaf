"""The training loop: steps, learning rate, checkpoints, resume.

A run has a budget of minutes or of tokens. The learning rate has a warm-up, a plateau, and a linear decay over the last
part of the budget (Hägele et al. 2024). Therefore a run can be made shorter or longer later: resume it from its last
checkpoint with another budget.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import PreTrainedTokenizerBase

from training.batches import PairBatch, pair_batches
from training.checkpoints import Progress, load_checkpoint, save_checkpoint
from training.losses import pair_loss, sentence_logits
from training.mixture import Mixture
from training.network import PairAnswers, PairNetwork
from training.precision import Weights

#: Share of the peak rate that remains at the end of the decay.
_LEAST_RATE = 0.01
_AGAINST, _NEUTRAL = 1, 2


@dataclass(frozen=True, slots=True)
class Budget:
    """The length of a run in minutes of steps, in tokens, or both; the limit that is reached first ends the run."""

    minutes: float | None = None
    tokens: int | None = None

    def used(self, progress: Progress) -> float:
        """Return the share of the budget that is used, from 0; 1 or more ends the run."""
        of_time = progress.seconds / (60 * self.minutes) if self.minutes else 0.0
        of_tokens = progress.tokens / self.tokens if self.tokens else 0.0
        return max(of_time, of_tokens)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything on which the result of a run depends, except the data and the budget.

    Attributes
    ----------
    peak_rate, warmup_steps, decay
        The learning rate of the plateau, the number of steps before it, and the share of the budget over which the rate
        falls.
    batch_tokens
        Largest number of tokens in a batch, padding included.
    weight_decay, clip
        The weight decay of AdamW, and the largest norm of a gradient.
    seed
        The seed of the mixture and of dropout.
    """

    peak_rate: float = 5e-5
    warmup_steps: int = 30
    decay: float = 0.95
    batch_tokens: int = 4096
    weight_decay: float = 0.01
    clip: float = 1.0
    seed: int = 23

    def rate(self, step: int, used: float) -> float:
        """Return the learning rate at a step (from 0) at which the share `used` of the budget is used."""
        rising = (step + 1) / max(1, self.warmup_steps)
        falling = (1.0 - used) / self.decay
        return self.peak_rate * min(1.0, rising) * min(1.0, max(_LEAST_RATE, falling))


def optimiser(weights: Weights, recipe: Recipe) -> torch.optim.AdamW:
    """Return AdamW for the weights, without weight decay for biases and layer norms."""
    decays = [weight for weight in weights.for_optimiser if weight.ndim >= 2]
    others = [weight for weight in weights.for_optimiser if weight.ndim < 2]
    return torch.optim.AdamW(
        [{"params": decays, "weight_decay": recipe.weight_decay}, {"params": others, "weight_decay": 0.0}],
        lr=recipe.peak_rate,
        betas=(0.9, 0.98),
        fused=True,
    )


def train(
    network: PairNetwork,
    tokenizer: PreTrainedTokenizerBase,
    mixture: Mixture,
    recipe: Recipe,
    budget: Budget,
    out: Path,
    *,
    resume: bool = False,
    save_every: int = 200,
    log_every: int = 25,
    device: str = "cpu",
    dtype: torch.dtype = torch.float32,
) -> Progress:
    """Train until the budget is used; write the tokenizer, ``last.pt`` and ``log.jsonl`` into `out`.

    Parameters
    ----------
    network
        The network, with the parts that are not trained frozen (:func:`training.network.freeze`).
    resume
        Continue from ``last.pt``. The result equals that of an uninterrupted run if the recipe, the data and a budget
        of tokens are the same.
    save_every, log_every
        Number of steps between checkpoints, and between lines of the log.
    dtype
        The type of the numbers in the products of the layers.
    """
    out.mkdir(parents=True, exist_ok=True)
    tokenizer.save_pretrained(out)
    torch.manual_seed(recipe.seed)
    network.to(device)
    weights = Weights(network, dtype)
    optimizer = optimiser(weights, recipe)
    last = out / "last.pt"
    progress = _resumed(last, weights, optimizer) if resume else Progress()
    network.train()
    log = _Log(out / "log.jsonl", log_every, progress)
    while budget.used(progress) < 1.0:
        batches = pair_batches(
            mixture.block(progress.block), tokenizer, recipe.batch_tokens, f"{recipe.seed}:{progress.block}"
        )
        for batch in batches[progress.used :]:
            if budget.used(progress) >= 1.0:
                break
            began = time.monotonic()
            rate = recipe.rate(progress.step, budget.used(progress))
            loss, answers = _step(network, weights, optimizer, batch.to(device), recipe, rate)
            progress.step += 1
            progress.used += 1
            progress.tokens += batch.tokens
            progress.seconds += time.monotonic() - began
            log.note(progress, rate, loss, hits(answers, batch))
            if progress.step % save_every == 0:
                save_checkpoint(last, network, weights.state(), optimizer, progress)
        else:
            progress.block, progress.used = progress.block + 1, 0
    save_checkpoint(last, network, weights.state(), optimizer, progress)
    return progress


def _resumed(checkpoint: Path, weights: Weights, optimizer: torch.optim.Optimizer) -> Progress:
    """Restore the weights, the optimiser and the random numbers of a run; return how far it had come."""
    state = load_checkpoint(checkpoint)
    weights.load(state["network"])
    optimizer.load_state_dict(state["optimizer"])
    torch.set_rng_state(state["random"])
    return Progress(**state["progress"])


def _step(
    network: PairNetwork,
    weights: Weights,
    optimizer: torch.optim.Optimizer,
    batch: PairBatch,
    recipe: Recipe,
    rate: float,
) -> tuple[float, PairAnswers]:
    for group in optimizer.param_groups:
        group["lr"] = rate
    answers = network(**batch.inputs)
    loss = pair_loss(answers, batch)
    loss.backward()
    weights.take_gradients()
    nn.utils.clip_grad_norm_(weights.for_optimiser, recipe.clip)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    weights.give_back()
    return float(loss.detach()), PairAnswers(*(answer.detach().cpu() for answer in answers))


def hits(answers: PairAnswers, batch: PairBatch) -> dict[str, list[bool]]:
    """Compare the answers to a batch with the labels, for the log: True for each right answer, by figure.

    The figures are ``side`` (of an op-ed's author), ``about``, ``evidence`` (the first sentence lies in a named
    paragraph) and ``same side`` (two wordings get the same side).
    """
    against = answers.stance_logits[:, _AGAINST] > answers.stance_logits[:, 0]
    sided = (batch.stance != _NEUTRAL) & (batch.sentences > 0).any(1)
    known = ~torch.isnan(batch.about)
    about = (answers.relevance_logit.squeeze(-1) > 0) == (batch.about > 0.5)
    first = sentence_logits(answers.evidence_logits, batch.sentences, batch.shown.shape[1]).argmax(1)
    is_named = batch.shown.gather(1, first[:, None]).squeeze(1)
    side, other = against[batch.wordings].unbind(1)
    return {
        "side": (against == (batch.stance == _AGAINST))[sided].tolist(),
        "about": about[known].tolist(),
        "evidence": is_named[batch.shown.any(1)].tolist(),
        "same side": (side == other).tolist(),
    }


class _Log:
    """A log of JSON lines with means over the last steps."""

    def __init__(self, path: Path, every: int, progress: Progress) -> None:
        self._path, self._every = path, every
        self._begin(progress)

    def _begin(self, progress: Progress) -> None:
        self._losses: list[float] = []
        self._hits: dict[str, list[bool]] = defaultdict(list)
        self._since = progress.tokens, progress.seconds

    def note(self, progress: Progress, rate: float, loss: float, compared: dict[str, list[bool]]) -> None:
        """Add a step; after every `every` steps, write a line."""
        self._losses.append(loss)
        for name, truths in compared.items():
            self._hits[name] += truths
        if progress.step % self._every:
            return
        tokens, seconds = self._since
        line: dict[str, Any] = {
            "step": progress.step,
            "tokens": progress.tokens,
            "minutes": round(progress.seconds / 60, 2),
            "rate": float(f"{rate:.3g}"),
            "loss": round(sum(self._losses) / len(self._losses), 4),
            **{name: round(sum(marks) / len(marks), 3) for name, marks in self._hits.items() if marks},
            "tokens_per_second": round((progress.tokens - tokens) / max(1e-9, progress.seconds - seconds)),
        }
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        self._begin(progress)
