"""``python -m training.mean``: the mean of two networks' weights.

What a network learns in further training on one kind of text it pays for on others. Weights between the two
networks, when the second was trained on from the first, keep most of what either can do (Wortsman et al. 2022).
"""

# mypy: disable-error-code="misc,unused-ignore"
# (without torch installed, its classes are unknown to the checker)

from __future__ import annotations

import argparse
import copy
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import torch

from commentariat import ModelError
from training.checkpoints import load_pair_network, load_text_network
from training.commands import exit_code_of
from training.loop import load_checkpoint
from training.network import PairNetwork
from training.shipped import start_from, start_texts_from
from training.text_network import TextNetwork

Network = TypeVar("Network", PairNetwork, TextNetwork)


def move_towards(network: Network, other: Network, share: float) -> None:
    """Give a network its own weights and `share` of another's, in place.

    Raises
    ------
    ModelError
        If they differ in shape, or the share is not between 0 and 1.
    """
    if not 0.0 <= share <= 1.0:
        raise ModelError(f"A share of {share} of the second network: it must be between 0 and 1.")
    own, theirs = network.state_dict(), other.state_dict()
    if {name: value.shape for name, value in own.items()} != {n: v.shape for n, v in theirs.items()}:
        raise ModelError("The two networks differ in layers or word pieces: only like ones have a mean.")
    network.load_state_dict({name: torch.lerp(value, theirs[name], share) for name, value in own.items()})


def mean_of(first: Path, second: Path, share: float, base: Path | None, frozen: int) -> dict[str, Any]:
    """Give the mean of a model folder, or a checkpoint, and a checkpoint; as a checkpoint to start from."""
    state = load_checkpoint(second)
    if "branch" in state:
        texts, _ = load_text_network(second, base)
        other_texts = copy.deepcopy(texts)
        start_texts_from(texts, first)
        move_towards(texts, other_texts, share)
        weights = texts.state_dict()
    else:
        pairs, _, _ = load_pair_network(second, base)
        other_pairs = copy.deepcopy(pairs)
        start_from(pairs, first, frozen=frozen)
        move_towards(pairs, other_pairs, share)
        weights = pairs.state_dict()
    # what the optimiser knew belongs to neither network's mean
    return {name: value for name, value in state.items() if name not in {"optimizer", "random"}} | {
        "network": weights
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.mean", description=__doc__)
    parser.add_argument(
        "--first", type=Path, required=True, help="model folder or checkpoint it started from"
    )
    parser.add_argument(
        "--second", type=Path, required=True, help="checkpoint of the further training, of pairs or of texts"
    )
    parser.add_argument("--share", type=float, default=0.5, help="share of the second (%(default)s)")
    parser.add_argument("--base", type=Path, help="the pretrained encoder that both started from")
    parser.add_argument("--frozen", type=int, default=0, help="lower layers that were not trained")
    parser.add_argument("--out", type=Path, required=True, help="checkpoint to write")
    args = parser.parse_args(arguments)

    def work() -> None:
        state = mean_of(args.first, args.second, args.share, args.base, args.frozen)
        args.out.parent.mkdir(parents=True, exist_ok=True)
        torch.save(state, args.out)

    return exit_code_of(work)


if __name__ == "__main__":
    sys.exit(main())
