"""What a model's card says of its limits is found by its weights, and only by those."""

from models.loading import load_classifier
from models.reliability import told_reliability


def test_the_card_of_the_bundled_model_is_told() -> None:
    told = told_reliability(load_classifier().weights_version)
    assert told is not None and told.startswith("Of fast, as its model card says:")
    assert "sides" in told and "## " not in told


def test_nothing_is_told_of_other_weights() -> None:
    assert told_reliability("other-weights") is None
    assert told_reliability(None) is None
