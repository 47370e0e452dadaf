"""Round the layers of a trained pair network to what the shipped graph holds, looking at what they read.

Two things would cost answers otherwise:

- A hidden number or two are ten times as large as the others, at a few tokens. The graph scales its inputs to eight
  bits by the largest, so that little is left for the others. Such inputs are divided before they are scaled, and
  their weights multiplied (SmoothQuant, Xiao et al. 2023, for the outliers alone).
- A weight's nearest four-bit number is not the one that serves best (:func:`training.fourbit_layers.in_four_bits`).

``docs/results/experiments.md`` says what each of them gives.
"""

# mypy: disable-error-code="misc,unused-ignore"
# (without torch installed, its classes are unknown to the checker)

# ruff: noqa: S311  (random examples, not secrets)

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from training.corpus import Pair, stance_pairs
from training.fourbit_layers import BLOCK, FourBits, in_four_bits
from training.network import PairNetwork
from training.opeds import OPEDS, STYLES, read_pieces, some_passages

#: A batch of input ids, attention mask and token type ids, as :meth:`PairNetwork.forward` takes them.
Batch = dict[str, Tensor]
#: What the factors of an evened layer are called, after the layer's name.
EVENED = "evened"
#: Pairs of each source by which layers are rounded.
_OF_EACH = 40
#: The largest one input in so many may be an outlier, if the largest of all is so many times as large as the next.
_SHARE, _OUTLYING = 100, 3.0


class EvenedLinear(nn.Linear):
    """A linear layer whose inputs are multiplied by factors of at most 1, and its weights divided by them."""

    def __init__(self, linear: nn.Linear, factors: Tensor) -> None:
        super().__init__(linear.in_features, linear.out_features)
        self.weight = nn.Parameter(linear.weight.detach() / factors)
        self.bias = linear.bias
        self.register_buffer(EVENED, factors)

    def forward(self, input: Tensor) -> Tensor:
        """As the plain layer would answer."""
        return super().forward(input * self.evened)


class _Reached(Exception):  # noqa: N818  (no error: ends a pass where it has served)
    pass


def some_pairs(data: Path) -> list[Pair]:
    """Pairs of train such as are read in use: some of each source, and passages of op-eds."""
    rng = random.Random("rounding")
    by_source: dict[str, list[Pair]] = defaultdict(list)
    for pair in stance_pairs(data, "train"):
        by_source[pair.source.split("_")[0]].append(pair)
    pieces = read_pieces(OPEDS, "train")
    return [
        *(pair for rows in by_source.values() for pair in rng.sample(rows, min(len(rows), _OF_EACH))),
        *(pair for style in STYLES for pair in some_passages(pieces, style, 3 * _OF_EACH)),
    ]


@torch.no_grad()
def round_layers(network: PairNetwork, batches: Sequence[Batch]) -> dict[str, FourBits]:
    """Even the inputs of a network's layers and round their weights, in place.

    Parameters
    ----------
    network
        On the CPU, in evaluation mode.
    batches
        What the layers read in use: some hundred pairs, from train.

    Returns
    -------
    dict
        The rounded weights by the names of their modules.
    """
    rounded: dict[str, FourBits] = {}
    layers = network.encoder.whole.encoder.layer
    calls = [_first_call(network, layers[0], batch) for batch in batches]
    for number, layer in enumerate(layers):
        for name, linear in _linears(layer):
            largest, moments = _read_by(linear, layer, calls)
            factors = _factors(largest)
            if factors is not None:
                linear = EvenedLinear(linear, factors)  # noqa: PLW2901  (takes its place)
                layer.set_submodule(name, linear)
                moments = moments * factors * factors.unsqueeze(1)
            found = in_four_bits(linear.weight, moments)
            linear.weight.copy_(found.values())
            rounded[f"encoder.whole.encoder.layer.{number}.{name}"] = found
        calls = [((_states(layer(*given, **named)), *given[1:]), named) for given, named in calls]
    return rounded


Call = tuple[tuple[Any, ...], dict[str, Any]]


def _first_call(network: PairNetwork, layer: nn.Module, batch: Batch) -> Call:
    """Tell what a layer is called with when the network reads a batch."""
    seen: list[Call] = []

    def note(_: nn.Module, given: tuple[Any, ...], named: dict[str, Any]) -> None:
        seen.append((given, named))
        raise _Reached

    with layer.register_forward_pre_hook(note, with_kwargs=True), suppress(_Reached):
        network(**batch)
    return seen[0]


def _linears(layer: nn.Module) -> Iterator[tuple[str, nn.Linear]]:
    """Linear parts of a layer that can be rounded, in the order in which they are read."""
    for name, part in list(layer.named_modules()):
        if isinstance(part, nn.Linear) and part.in_features % BLOCK == 0 and part.out_features % 2 == 0:
            yield name, part


def _read_by(linear: nn.Linear, layer: nn.Module, calls: Sequence[Call]) -> tuple[Tensor, Tensor]:
    """Return the largest size of each input of a part of a layer, and the sums of products of its inputs."""
    largest = torch.zeros(linear.in_features)
    moments = torch.zeros(linear.in_features, linear.in_features)

    def note(_: nn.Module, given: tuple[Tensor]) -> None:
        read = given[0].reshape(-1, linear.in_features).float()
        torch.maximum(largest, read.abs().amax(0), out=largest)
        moments.addmm_(read.T, read)
        raise _Reached

    with linear.register_forward_pre_hook(note):
        for given, named in calls:
            with suppress(_Reached):
                layer(*given, **named)
    return largest, moments


def _factors(largest: Tensor) -> Tensor | None:
    """Find what to multiply inputs by so that none sticks out; None where none does."""
    border = largest.sort(descending=True).values[max(1, len(largest) // _SHARE)]
    if largest.max() < _OUTLYING * border:
        return None
    return (border / largest).clamp(max=1.0)


def _states(answer: Tensor | tuple[Tensor, ...]) -> Tensor:
    return answer[0] if isinstance(answer, tuple) else answer
