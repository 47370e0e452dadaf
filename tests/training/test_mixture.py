"""The order of examples depends only on the seed and the number of the block."""

from collections import Counter

import pytest

pytest.importorskip("torch", reason="training needs the extra `train` (torch)")
pytest.importorskip("onnx", reason="the text graph is made with the extra `train` (onnx)")

from training.mixture import INVENTED, SHORTS


def texts(groups):
    return [(one.target, one.text) for group in groups for one in group]


def test_a_block_is_the_same_whatever_came_before(new_mixture):
    first, again = new_mixture(), new_mixture()
    for number in range(3):
        again.block(number)
    assert texts(first.block(4)) == texts(again.block(4))
    assert texts(first.block(4)) != texts(first.block(5))
    assert texts(new_mixture(seed=6).block(4)) != texts(first.block(4))


def test_an_epoch_goes_through_every_piece_once_in_another_order_than_the_next(new_mixture, monkeypatch):
    monkeypatch.setattr("training.examples.OWN", 1.0)
    monkeypatch.setattr("training.examples.GENERAL", 1.0)
    mixture = new_mixture()
    assert mixture.blocks == 3
    epochs = []
    for epoch in range(2):
        asked = Counter()
        order = []
        for number in range(3 * epoch, 3 * epoch + 3):
            groups = [
                one for one in mixture.block(number) if one[0].text.startswith("A word") and one[0].starts
            ]
            labelled = Counter(group[0].text.split(".")[0] for group in groups)
            asked += labelled
            order.append(sorted(labelled))
        # two labelled statements for each piece, and two pieces on each theme
        assert set(asked.values()) == {4}
        assert len(asked) == 6
        epochs.append(order)
    assert epochs[0] != epochs[1]


def test_invented_op_eds_and_short_arguments_have_their_share(new_mixture):
    groups = new_mixture().block(0)
    invented = {group[0].text.split(".")[0] for group in groups if group[0].text.startswith("On the")}
    assert len(invented) == round(INVENTED * 4)
    short = [group for group in groups if len(group[0].text.split()) < 25]
    opeds = len(groups) - len(short)
    assert len(short) == pytest.approx(SHORTS * opeds, abs=4)
    assert short
