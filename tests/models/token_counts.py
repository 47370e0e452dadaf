"""Counting tokens without a tokenizer, for tests that need no model."""

from collections.abc import Sequence


def words_as_tokens(texts: Sequence[str]) -> list[int]:
    """Estimate token counts: 4 tokens for 3 words, and at least one for 6 characters."""
    return [max(-(-4 * len(text.split()) // 3), -(-len(text) // 6)) for text in texts]
