"""The limits in a model's card are found by the fingerprint of its weights, and only by this."""

from models.loading import load_classifier
from models.reliability import stated_limits


def test_the_limits_in_the_bundled_models_card_are_found() -> None:
    limits = stated_limits(load_classifier().weights_version)
    assert limits is not None and limits.startswith("Of fast, as its model card says:")
    assert "sides" in limits and "## " not in limits


def test_other_weights_have_no_stated_limits() -> None:
    assert stated_limits("other-weights") is None
    assert stated_limits(None) is None
