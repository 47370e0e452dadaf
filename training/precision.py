"""Layers in bfloat16 for the matrix products, and the same weights in fp32 for the optimiser.

A step of the optimiser is too small to change a weight in bfloat16. Therefore the optimiser changes weights in fp32,
which are then copied to the layers.
"""

# mypy: disable-error-code="misc,unused-ignore"
# (if torch is not installed, mypy does not know its classes)

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from training.network import PairNetwork

_LAYERS = "encoder.whole.encoder.layer."


class Weights:
    """The weights of a network whose layers are converted to another precision; embeddings and heads stay in fp32.

    Parameters
    ----------
    network
        The network in fp32, on its device, with the parts that are not trained frozen. Its layers are converted.
    dtype
        The new precision of the layers; with fp32 nothing is converted.
    """

    def __init__(self, network: PairNetwork, dtype: torch.dtype) -> None:
        self._network = network
        self._exact: dict[str, Tensor] = {}
        if dtype != torch.float32:
            self._exact = {
                name: value.detach().clone()
                for name, value in network.named_parameters()
                if name.startswith(_LAYERS)
            }
            network.encoder.whole.encoder.layer.to(dtype)
        self._trained = {name: value for name, value in network.named_parameters() if value.requires_grad}
        self._masters = {
            name: nn.Parameter(self._exact[name]) for name in self._trained if name in self._exact
        }

    @property
    def for_optimiser(self) -> list[nn.Parameter]:
        """The parameters that the optimiser changes, in fp32."""
        return [self._masters.get(name, value) for name, value in self._trained.items()]

    def take_gradients(self) -> None:
        """Move the gradients of a backward pass to the fp32 weights."""
        for name, master in self._masters.items():
            gradient = self._trained[name].grad
            master.grad = None if gradient is None else gradient.float()
            self._trained[name].grad = None

    @torch.no_grad()
    def give_back(self) -> None:
        """Copy the fp32 weights to the layers, after a step."""
        for name, master in self._masters.items():
            self._trained[name].copy_(master)

    def state(self) -> dict[str, Tensor]:
        """Return every weight of the network in fp32, by name."""
        return {
            **self._network.state_dict(),
            **self._exact,
            **{n: m.detach() for n, m in self._masters.items()},
        }

    @torch.no_grad()
    def load(self, state: Mapping[str, Tensor]) -> None:
        """Load weights that :meth:`state` has returned."""
        self._network.load_state_dict(dict(state))
        for name, value in self._exact.items():
            value.copy_(state[name])
        for name, master in self._masters.items():
            master.copy_(state[name])
