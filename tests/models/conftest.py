"""The bundled model, loaded once for all tests of this folder, and a copy of its folder to change."""

from pathlib import Path

import pytest

from models import Classifier, load_classifier
from tests.models.bundled import copy_of_fast


@pytest.fixture(scope="session")
def classifier() -> Classifier:
    return load_classifier("fast", threads=2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of_fast(tmp_path / "mine")
