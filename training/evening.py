"""Even the inputs of a trained pair network's layers, so that eight bits serve them.

A hidden number or two are ten times as large as the others, at a few tokens. The graph scales its inputs to eight bits
by the largest, so that little is left for the others. Such inputs are divided before they are scaled, and their weights
multiplied (SmoothQuant, Xiao et al. 2023, for the outliers alone). ``docs/results/experiments.md`` says what it gives.
"""

# mypy: disable-error-code="misc,unused-ignore"
# (without torch installed, its classes are unknown to the checker)

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack

import torch
from torch import Tensor, nn

from training.network import PairNetwork

#: A batch of input ids, attention mask and token type ids, as :meth:`PairNetwork.forward` takes them.
Inputs = Mapping[str, Tensor]
#: What the factors of an evened layer are called, after the layer's name.
EVENED = "evened"
#: The largest one input in so many may be an outlier, if the largest of all is so many times as large as the next.
_SHARE, _OUTLYING = 100, 3.0


class SmoothQuantLinear(nn.Linear):
    """A linear layer whose inputs are multiplied by factors of at most 1, and its weights divided by them."""

    def __init__(self, linear: nn.Linear, factors: Tensor) -> None:
        super().__init__(linear.in_features, linear.out_features)
        self.weight = nn.Parameter(linear.weight.detach() / factors)
        self.bias = linear.bias
        self.register_buffer(EVENED, factors)
        self.evened: Tensor

    def forward(self, input: Tensor) -> Tensor:
        """As the plain layer would answer."""
        return super().forward(input * self.evened)


@torch.no_grad()
def even_layers(network: PairNetwork, batches: Sequence[Inputs]) -> None:
    """Even the inputs of a network's layers, in place; its answers stay the same.

    Parameters
    ----------
    network
        On the CPU, in evaluation mode.
    batches
        What the layers read in use: some dozens of packs and short texts, from train, and each alone where padding
        would add tokens that are not read in use.
    """
    layers = network.encoder.whole.encoder.layer
    linears = {name: part for name, part in layers.named_modules() if isinstance(part, nn.Linear)}
    largest = {name: torch.zeros(linear.in_features) for name, linear in linears.items()}

    def note(name: str, read: Tensor) -> None:
        sizes = read.reshape(-1, read.shape[-1]).float().abs().amax(0)
        torch.maximum(largest[name], sizes, out=largest[name])

    with ExitStack() as hooks:
        for name, linear in linears.items():
            hooks.enter_context(
                linear.register_forward_pre_hook(lambda _, given, name=name: note(name, given[0]))
            )
        for batch in batches:
            network(**batch)
    for name, linear in linears.items():
        factors = _factors(largest[name])
        if factors is not None:
            layers.set_submodule(name, SmoothQuantLinear(linear, factors))


def _factors(largest: Tensor) -> Tensor | None:
    """Find what to multiply inputs by so that none sticks out; None where none does."""
    border = largest.sort(descending=True).values[max(1, len(largest) // _SHARE)]
    if largest.max() < _OUTLYING * border:
        return None
    return (border / largest).clamp(max=1.0)
