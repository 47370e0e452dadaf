"""Attention with a backward pass of its own gives what torch's operator gives."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from training.cpu_attention import attend  # noqa: E402  (after the check that torch is installed)


def _results(dtype: torch.dtype, *, operator: bool) -> list[torch.Tensor]:
    made = torch.Generator().manual_seed(5)
    states = [torch.randn(3, 37, 4, 16, generator=made).to(dtype).requires_grad_() for _ in range(3)]
    added = torch.randn(3, 4, 37, 37, generator=made)
    added[1, :, :, 30:] = -1e4  # masked tokens
    heads = [one.transpose(1, 2) for one in states]
    found = (
        torch.nn.functional.scaled_dot_product_attention(*heads, attn_mask=added.to(dtype))
        if operator
        else attend(*heads, added.to(dtype))
    )
    (found.float() * torch.arange(16)).sum().backward()  # type: ignore[no-untyped-call,unused-ignore]  # torch's own
    return [found.detach().float(), *(one.grad.float() for one in states if one.grad is not None)]


def test_attention_and_its_gradients_in_bfloat16_are_close_to_those_of_the_exact_operator() -> None:
    exact, rounded = _results(torch.float32, operator=True), _results(torch.bfloat16, operator=False)
    assert len(exact) == len(rounded) == 4
    for right, found in zip(exact, rounded, strict=True):
        assert (found - right).norm() / right.norm() < 0.02


def test_a_masked_token_gets_no_attention() -> None:
    values = torch.zeros(1, 1, 4, 8, dtype=torch.bfloat16)
    values[:, :, 3] = 100.0
    added = torch.zeros(1, 1, 4, 4, dtype=torch.bfloat16)
    added[..., 3] = -1e4
    queries = torch.ones_like(values)
    assert float(attend(queries, queries, values, added).abs().max()) == 0.0
