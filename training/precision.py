"""Layers in bfloat16 for the products, and the same weights in fp32 for the optimiser.

A step of the optimiser is smaller than bfloat16 can add to a weight, so it is taken on fp32 weights and then copied.
"""

# mypy: disable-error-code="misc,unused-ignore"
# (without torch installed, its classes are unknown to the checker)

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from training.network import PairNetwork

_LAYERS = "encoder.whole.encoder.layer."


class Weights:
    """The weights of a network whose layers are put into another precision; embeddings and heads stay in fp32.

    Parameters
    ----------
    network
        In fp32, on its device, what is not trained frozen. Its layers are changed.
    dtype
        Of the layers from now on; fp32 leaves everything as it is.
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
        """What the optimiser steps on, in fp32."""
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
        """Every weight of the network in fp32, by name."""
        return {
            **self._network.state_dict(),
            **self._exact,
            **{n: m.detach() for n, m in self._masters.items()},
        }

    @torch.no_grad()
    def load(self, state: Mapping[str, Tensor]) -> None:
        """Take over weights that :meth:`state` gave."""
        self._network.load_state_dict(dict(state))
        for name, value in self._exact.items():
            value.copy_(state[name])
        for name, master in self._masters.items():
            master.copy_(state[name])
