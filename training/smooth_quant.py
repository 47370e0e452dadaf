"""Smooth quantisation: the inputs of a trained pair network's layers are made more even before they get eight bits.

At a few tokens, one or two hidden numbers are ten times as large as the others. The graph scales the inputs of a layer
to eight bits by the largest one, so that few of the 256 steps remain for the others. Therefore such inputs are divided
before they are scaled, and their weights are multiplied (SmoothQuant, Xiao et al. 2023, but for the outliers only).
``docs/results/experiments.md`` reports the effect.
"""

# mypy: disable-error-code="misc,unused-ignore"
# (if torch is not installed, mypy does not know its classes)

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack

import torch
from torch import Tensor, nn

from training.network import PairNetwork

#: A batch of input ids, attention mask and token type ids, as :meth:`PairNetwork.forward` takes them.
Inputs = Mapping[str, Tensor]
#: Name of the factors of a layer whose inputs were made more even; it follows the layer's name, and graphs hold it.
EVENED = "evened"
#: At most one input in _SHARE is an outlier, and only if the largest is _OUTLYING times as large as the rest's largest.
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
        """Return the output of the original layer."""
        return super().forward(input * self.evened)


@torch.no_grad()
def even_layers(network: PairNetwork, batches: Sequence[Inputs]) -> None:
    """Make the inputs of a network's layers more even, in place; the network's answers remain the same.

    Parameters
    ----------
    network
        A network on the CPU, in evaluation mode.
    batches
        Inputs like those in use: some dozens of packs and short texts of the train split. An input is alone in its
        batch if padding would add tokens that do not occur in use.
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
    """Return the factors that remove the outliers among the inputs; None if there are no outliers."""
    border = largest.sort(descending=True).values[max(1, len(largest) // _SHARE)]
    if largest.max() < _OUTLYING * border:
        return None
    return (border / largest).clamp(max=1.0)
