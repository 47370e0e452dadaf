"""The bundled model, loaded once for all tests of this folder."""

import pytest

from models import Classifier, load_classifier


@pytest.fixture(scope="session")
def classifier() -> Classifier:
    return load_classifier("fast", threads=2)
