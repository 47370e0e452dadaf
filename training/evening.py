"""Even the inputs of a trained pair network's layers, so that eight bits serve them.

A hidden number or two are ten times as large as the others, at a few tokens. The graph scales its inputs to eight bits
by the largest, so that little is left for the others. Such inputs are divided before they are scaled, and their weights
multiplied (SmoothQuant, Xiao et al. 2023, for the outliers alone). ``docs/results/experiments.md`` says what it gives.
"""

# mypy: disable-error-code="misc,unused-ignore"
# (without torch installed, its classes are unknown to the checker)

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import torch
from torch import Tensor, nn

from training.network import PairNetwork

#: A batch of input ids, attention mask and token type ids, as :meth:`PairNetwork.forward` takes them.
Batch = dict[str, Tensor]
#: What the factors of an evened layer are called, after the layer's name.
EVENED = "evened"
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


@torch.no_grad()
def even_layers(network: PairNetwork, batches: Sequence[Batch]) -> None:
    """Even the inputs of a network's layers, in place; its answers stay the same.

    Parameters
    ----------
    network
        On the CPU, in evaluation mode.
    batches
        What the layers read in use: some hundred pairs, from train.
    """
    layers = network.encoder.whole.encoder.layer
    calls = [_first_call(network, layers[0], batch) for batch in batches]
    for layer in layers:
        for name, linear in _linears(layer):
            factors = _factors(_largest_read_by(linear, layer, calls))
            if factors is not None:
                layer.set_submodule(name, EvenedLinear(linear, factors))
        calls = [((_states(layer(*given, **named)), *given[1:]), named) for given, named in calls]


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
    """Linear parts of a layer, in the order in which they are run."""
    for name, part in list(layer.named_modules()):
        if isinstance(part, nn.Linear):
            yield name, part


def _largest_read_by(linear: nn.Linear, layer: nn.Module, calls: Sequence[Call]) -> Tensor:
    """Return the largest size of each input of a part of a layer."""
    largest = torch.zeros(linear.in_features)

    def note(_: nn.Module, given: tuple[Tensor]) -> None:
        read = given[0].reshape(-1, linear.in_features).float()
        torch.maximum(largest, read.abs().amax(0), out=largest)
        raise _Reached

    with linear.register_forward_pre_hook(note):
        for given, named in calls:
            with suppress(_Reached):
                layer(*given, **named)
    return largest


def _factors(largest: Tensor) -> Tensor | None:
    """Find what to multiply inputs by so that none sticks out; None where none does."""
    border = largest.sort(descending=True).values[max(1, len(largest) // _SHARE)]
    if largest.max() < _OUTLYING * border:
        return None
    return (border / largest).clamp(max=1.0)


def _states(answer: Tensor | tuple[Tensor, ...]) -> Tensor:
    return answer[0] if isinstance(answer, tuple) else answer
