"""Attention for training on a CPU, with a backward pass of its own.

torch's one operator for attention is fast forward. Its backward pass on a CPU takes two to four times as long as the
matrix products of which it consists, on processors that multiply bfloat16 in tiles (AMX). For short inputs the
probabilities fit into memory, so they are kept, and the backward pass is four products and a softmax.
"""

# mypy: disable-error-code="misc,unused-ignore,no-untyped-call,no-any-return"
# (if torch is not installed, mypy does not know its classes; torch does not type autograd.Function)

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn


def attend(queries: Tensor, keys: Tensor, values: Tensor, added: Tensor) -> Tensor:
    """Return attention, softmax(q k^T / sqrt(width) + added) v.

    Parameters
    ----------
    queries, keys, values
        [batch, heads, tokens, width].
    added
        [batch, heads, tokens, tokens]: a number for each score. It gets no gradient.
    """
    if queries.device.type == "cpu" and queries.dtype == torch.bfloat16 and not added.requires_grad:
        return _Attention.apply(queries, keys, values, added)
    return nn.functional.scaled_dot_product_attention(queries, keys, values, attn_mask=added)


class _Attention(torch.autograd.Function):
    @staticmethod
    def forward(context: Any, queries: Tensor, keys: Tensor, values: Tensor, added: Tensor) -> Tensor:  # noqa: ANN401 - torch's context has no type
        batch, heads, tokens, width = queries.shape
        flat = (batch * heads, tokens)
        queries, keys, values = (tensor.reshape(*flat, width) for tensor in (queries, keys, values))
        added = added.expand(batch, heads, tokens, tokens).reshape(*flat, tokens)
        scores = torch.baddbmm(added, queries, keys.transpose(1, 2), alpha=width**-0.5)
        shares = scores.softmax(-1)
        context.save_for_backward(queries, keys, values, shares)
        return torch.bmm(shares, values).view(batch, heads, tokens, width)

    @staticmethod
    def backward(context: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:  # noqa: ANN401 - torch's context has no type
        queries, keys, values, shares = context.saved_tensors
        shape = gradients[0].shape
        gradient = gradients[0].reshape(values.shape)
        of_shares = torch.bmm(gradient, values.transpose(1, 2))
        # torch has no public name for the backward pass of a softmax alone
        of_scores = torch._softmax_backward_data(of_shares, shares, -1, shares.dtype)
        of_scores.mul_(shape[-1] ** -0.5)
        of_inputs = (
            torch.bmm(of_scores, keys),
            torch.bmm(of_scores.transpose(1, 2), queries),
            torch.bmm(shares.transpose(1, 2), gradient),
        )
        return *(tensor.view(shape) for tensor in of_inputs), None
