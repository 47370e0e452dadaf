"""``python -m models.train.mean``: the mean of two networks' weights.

What a network learns in further training on one kind of text it pays for on others. Weights between the two
networks, when the second was trained on from the first, keep most of what either can do (Wortsman et al. 2022).
"""

# mypy: disable-error-code="misc,unused-ignore"
# (without torch installed, its classes are unknown to the checker)

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import torch

from commentariat import CommentariatError, ModelError
from models.train.checkpoints import load_pair_network, load_text_network
from models.train.loop import Recipe, load_checkpoint, optimiser, save_checkpoint
from models.train.network import PairNetwork
from models.train.shipped import start_from, start_texts_from
from models.train.text_network import TextNetwork

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


def mean_of_pairs(first: Path, second: Path, share: float, base: Path | None, frozen: int, out: Path) -> None:
    """Write the mean of two pair networks as a checkpoint; `first` may be a model folder."""
    other, _, progress = load_pair_network(second, base)
    network, _, _ = load_pair_network(second, base)
    start_from(network, first, frozen=frozen)
    move_towards(network, other, share)
    pieces = load_checkpoint(second).get("pieces")
    save_checkpoint(out, network, optimiser(network, Recipe()), progress, pieces)


def mean_of_texts(first: Path, second: Path, share: float, base: Path | None, out: Path) -> None:
    """Write the mean of two text networks as a checkpoint; `first` is a model folder."""
    other, _ = load_text_network(second, base)
    network, _ = load_text_network(second, base)
    start_texts_from(network, first)
    move_towards(network, other, share)
    torch.save(load_checkpoint(second) | {"network": network.state_dict()}, out)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m models.train.mean", description=__doc__)
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
    try:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        if "branch" in load_checkpoint(args.second):
            mean_of_texts(args.first, args.second, args.share, args.base, args.out)
        else:
            mean_of_pairs(args.first, args.second, args.share, args.base, args.frozen, args.out)
    except CommentariatError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
