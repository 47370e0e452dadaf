"""Batches are packed by tokens, and their order never shows in the results."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.encoder import pack


@given(
    st.lists(st.integers(min_value=1, max_value=300), max_size=200), st.integers(min_value=1, max_value=2_000)
)
def test_every_input_is_in_one_batch_and_batches_keep_their_bound(lengths: list[int], most: int) -> None:
    batches = pack(lengths, most)
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) == 1 or len(batch) * max(lengths[index] for index in batch) <= most


def test_results_come_in_the_order_of_the_texts(classifier) -> None:
    texts = [
        "A short one.",
        "Another text about nuclear power plants. " * 8,
        "Rent.",
        "Taxes should fall. " * 3,
    ]
    encode = classifier._encoder.run
    together = encode(texts, ["embedding"])["embedding"]
    alone = np.concatenate([encode([text], ["embedding"])["embedding"] for text in texts])
    assert together.shape == (4, 384)
    assert np.allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-3)
    assert (np.argmax(together @ alone.T, axis=1) == np.arange(4)).all()


def test_no_texts_give_empty_arrays(classifier) -> None:
    assert classifier._encoder.run([], ["embedding"])["embedding"].shape == (0, 384)
