"""``python -m training.weight_average``: average the weights of a trained network and of the one it began with.

Further training on one kind of text makes a network better on this kind and worse on others. Weights between the two
keep most of the quality of each (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
"""

# mypy: disable-error-code="misc,unused-ignore"
# (if torch is not installed, mypy does not know its classes)

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


def write_average(checkpoint: Path, other: Sequence[Path], share: float, frozen: int, out: Path) -> None:
    """Write a checkpoint of the mean, with its tokenizer. It can be exported or begin a run, but cannot be resumed.

    Parameters
    ----------
    checkpoint
        The checkpoint of the trained network.
    other
        Sources of the other network's weights, as for :func:`training.start.start_from`. Weights that they lack are
        taken from the checkpoint.
    share
        The share of the other network, 0 to 1.
    frozen
        Number of lower layers that were not trained; their weights are taken from the checkpoint.
    out
        The checkpoint to write (``.pt``), in a folder of its own.

    Raises
    ------
    ModelError
        If the share is out of its range, or a source does not fit.
    """
    if not 0.0 <= share <= 1.0:
        raise ModelError(f"The share of the other network is {share}; it must be between 0 and 1.")
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
        prog="python -m training.weight_average", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument(
        "--checkpoint", type=Path, required=True, help="checkpoint of python -m training (last.pt)"
    )
    parser.add_argument(
        "--other",
        type=Path,
        nargs="+",
        required=True,
        help="weights of the other network, in the forms that --start of python -m training accepts",
    )
    parser.add_argument("--share", type=float, default=0.3, help="share of the other network (%(default)s)")
    parser.add_argument(
        "--frozen", type=int, default=2, help="lower layers that were not trained (%(default)s)"
    )
    parser.add_argument("--out", type=Path, required=True, help="checkpoint to write, in a folder of its own")
    args = parser.parse_args(arguments)
    return exit_code_of(lambda: write_average(args.checkpoint, args.other, args.share, args.frozen, args.out))


if __name__ == "__main__":
    sys.exit(main())
