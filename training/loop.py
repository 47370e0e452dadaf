"""The training loop: steps, learning rate, checkpoints, resume.

The learning rate follows warm-up, a plateau, and a linear decay over the last part of the run (Hägele et al.
2024). A run can thus be cut short after the fact: resume from any checkpoint with a smaller ``steps``, and the
decay begins there.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TextIO

import torch
from torch import nn
from transformers import PreTrainedTokenizerBase

from commentariat import ModelError
from training.batches import Batch, Limits, pair_batches
from training.losses import pair_loss, taught_loss
from training.mixture import Mixture
from training.network import PairNetwork, bf16_pays


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the result of a run, beside the data."""

    steps: int = 4000
    seed: int = 17
    peak_rate: float = 1.5e-4
    warmup_steps: int = 150
    decay_steps: int = 600
    weight_decay: float = 0.01
    clip: float = 1.0
    limits: Limits = field(default_factory=Limits)
    bf16: bool = True

    def rate(self, step: int) -> float:
        """Learning rate at a step (0-based)."""
        rising = (step + 1) / max(1, self.warmup_steps)
        falling = (self.steps - step) / max(1, self.decay_steps)
        return self.peak_rate * max(0.0, min(1.0, rising, falling))


@dataclass(slots=True)
class Progress:
    """Where a run stands: step count, and the place in the stream (block, batches of it already used)."""

    step: int = 0
    block: int = 0
    used: int = 0


def optimiser(network: nn.Module, recipe: Recipe) -> torch.optim.AdamW:
    """AdamW; biases and layer norms do not decay."""
    decays = [p for p in network.parameters() if p.requires_grad and p.ndim >= 2]
    others = [p for p in network.parameters() if p.requires_grad and p.ndim < 2]
    return torch.optim.AdamW(
        [{"params": decays, "weight_decay": recipe.weight_decay}, {"params": others, "weight_decay": 0.0}],
        lr=recipe.peak_rate,
        betas=(0.9, 0.98),
        fused=True,
    )


def save_checkpoint(
    path: Path,
    network: nn.Module,
    optimizer: torch.optim.Optimizer,
    progress: Progress,
    pieces: Sequence[int] | None = None,
) -> None:
    """Write a checkpoint whole or not at all; `pieces` are the word pieces it reads, if not all."""
    partial = path.with_suffix(".partial")
    torch.save(
        {
            "network": network.state_dict(),
            "optimizer": optimizer.state_dict(),
            "progress": asdict(progress),
            "random": torch.get_rng_state(),
            "pieces": None if pieces is None else list(pieces),
        },
        partial,
    )
    partial.replace(path)


def load_checkpoint(path: Path) -> dict[str, Any]:
    """Read a checkpoint written by :func:`save_checkpoint`."""
    if not path.is_file():
        raise ModelError(f"No checkpoint at {path}.")
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return state


def train(
    network: PairNetwork,
    tokenizer: PreTrainedTokenizerBase,
    mixture: Mixture,
    recipe: Recipe,
    out: Path,
    *,
    resume: Path | None = None,
    save_every: int = 250,
    inspect: Callable[[PairNetwork, int], dict[str, float]] | None = None,
    inspect_every: int = 500,
    device: str = "cpu",
    teacher: PairNetwork | None = None,
    pieces: Sequence[int] | None = None,
) -> Progress:
    """Train until ``recipe.steps``; writes ``last.pt`` and ``log.jsonl`` into `out`.

    Parameters
    ----------
    resume
        A checkpoint to go on from. The result is the one an uninterrupted run would have had, as long as the
        recipe and the data are the same.
    inspect
        Called now and then with the network in evaluation mode; its figures go to the log.
    teacher
        A trained network whose answers the new one learns as well.
    pieces
        Word pieces that network and tokenizer were cut to, for the checkpoint.
    """
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(recipe.seed)
    network.to(device)
    if teacher is not None:
        teacher.to(device).eval()
    optimizer = optimiser(network, recipe)
    progress = Progress()
    if resume is not None:
        state = load_checkpoint(resume)
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        progress = Progress(**state["progress"])
        torch.set_rng_state(state["random"])
    log = (out / "log.jsonl").open("a", encoding="utf-8")
    network.train()
    losses: list[float] = []
    examples, began = 0, time.monotonic()
    with log:
        while progress.step < recipe.steps:
            pairs = mixture.block(progress.block)
            batches = pair_batches(pairs, tokenizer, recipe.limits, f"{recipe.seed}:{progress.block}")
            for batch in batches[progress.used :]:
                loss = _step(network, teacher, optimizer, batch, recipe, progress.step)
                progress.step += 1
                progress.used += 1
                losses.append(loss)
                examples += len(batch.inputs["input_ids"])
                if progress.step % 50 == 0:
                    line: dict[str, Any] = {"step": progress.step, "loss": sum(losses) / len(losses)}
                    line["rate"] = recipe.rate(progress.step)
                    line["per_second"] = examples / (time.monotonic() - began)
                    losses, examples, began = [], 0, time.monotonic()
                    _write(log, line)
                if progress.step % save_every == 0 or progress.step == recipe.steps:
                    save_checkpoint(out / "last.pt", network, optimizer, progress, pieces)
                if inspect is not None and progress.step % inspect_every == 0:
                    network.eval()
                    _write(log, {"step": progress.step} | inspect(network, progress.step))
                    network.train()
                    began = time.monotonic()
                if progress.step >= recipe.steps:
                    break
            else:
                progress.block, progress.used = progress.block + 1, 0
    save_checkpoint(out / "last.pt", network, optimizer, progress, pieces)
    return progress


def _step(
    network: PairNetwork,
    teacher: PairNetwork | None,
    optimizer: torch.optim.Optimizer,
    batch: Batch,
    recipe: Recipe,
    step: int,
) -> float:
    for group in optimizer.param_groups:
        group["lr"] = recipe.rate(step)
    device = next(network.parameters()).device.type
    batch = batch.to(device)
    with torch.autocast(device, dtype=torch.bfloat16, enabled=recipe.bf16 and bf16_pays(device)):
        answers = network(**batch.inputs)
        with torch.no_grad():
            taught = teacher(**batch.inputs) if teacher is not None else None
    loss = pair_loss(answers, batch) if taught is None else taught_loss(answers, batch, taught)
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), recipe.clip)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return float(loss.detach())


def _write(log: TextIO, line: dict[str, Any]) -> None:
    rounded = {k: round(v, 6 if k == "rate" else 4) if isinstance(v, float) else v for k, v in line.items()}
    log.write(json.dumps(rounded) + "\n")
    log.flush()
