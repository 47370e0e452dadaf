"""``python -m training.mean``: the mean of a trained network's weights and those of the one that it began with.

What a network learns in further training on one kind of text it pays for on others. Weights between the two keep most
of what either can do (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
"""

# mypy: disable-error-code="misc,unused-ignore"
# (without torch installed, its classes are unknown to the checker)

from __future__ import annotations

import argparse
import copy
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from commentariat import ModelError
from training.checkpoints import load_checkpoint, load_pair_network
from training.commands import exit_code_of
from training.folder import write_tokenizer
from training.start import start_from


def write_mean(checkpoint: Path, other: Sequence[Path], share: float, frozen: int, out: Path) -> None:
    """Write a checkpoint, with its tokenizer, that can be exported or started from, but not resumed.

    Parameters
    ----------
    checkpoint
        Of the trained network.
    other
        Sources of the other network's weights, as :func:`training.start.start_from` takes them. What they do not have
        stays as it was trained.
    share
        Of the other network, 0 to 1.
    frozen
        Lower layers that were not trained: they stay the checkpoint's.
    out
        The checkpoint to write (``.pt``), in a folder of its own.

    Raises
    ------
    ModelError
        If the share is out of its range, or a source does not fit.
    """
    if not 0.0 <= share <= 1.0:
        raise ModelError(f"A share of {share} of the other network: it must be between 0 and 1.")
    network, tokenizer, _ = load_pair_network(checkpoint)
    second = copy.deepcopy(network)
    start_from(second, other, frozen)
    theirs = second.state_dict()
    weights = {name: torch.lerp(value, theirs[name], share) for name, value in network.state_dict().items()}
    state = load_checkpoint(checkpoint)
    write_tokenizer(tokenizer, out.parent)
    torch.save({name: state[name] for name in ("config", "progress")} | {"network": weights}, out)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.mean", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--checkpoint", type=Path, required=True, help="of python -m training (last.pt)")
    parser.add_argument(
        "--other",
        type=Path,
        nargs="+",
        required=True,
        help="the other network, as --start of python -m training",
    )
    parser.add_argument("--share", type=float, default=0.3, help="share of the other network (%(default)s)")
    parser.add_argument(
        "--frozen", type=int, default=2, help="lower layers that were not trained (%(default)s)"
    )
    parser.add_argument("--out", type=Path, required=True, help="checkpoint to write, in a folder of its own")
    args = parser.parse_args(arguments)
    return exit_code_of(lambda: write_mean(args.checkpoint, args.other, args.share, args.frozen, args.out))


if __name__ == "__main__":
    sys.exit(main())
