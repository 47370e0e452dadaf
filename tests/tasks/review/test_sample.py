"""Questions for people: whoever stops early has answered a random part."""

from __future__ import annotations

import re

import numpy as np
import pytest

from commentariat import InputError
from tasks.review.frames import covers, outlets_of
from tasks.review.sample import Wanted, draw
from tests.warehouse import answers
from warehouse import Warehouse, connect

SIZES = {"not_about": 900, "unsure": 40, "neutral": 20, "favor": 20, "against": 20}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A thousand articles; nine in ten do not speak about the target."""
    given = [
        answers.Answer(
            "neutral" if name == "not_about" else name,
            name != "not_about",
            3_000,
            3_000,
            3_000,
            outlet=("Harbor Ledger", "Inland Post", "Coast Star")[n % 3],
            month="2026-01",
        )
        for name, size in SIZES.items()
        for n in range(size)
    ]
    return answers.written(tmp_path_factory.mktemp("sample") / "warehouse", given)


def test_the_first_half_of_the_questions_has_half_of_those_from_each_part(warehouse: Warehouse):
    """The order of asking does not depend on which questions a part gave: few of a large part, all of a small one."""
    large, drawn = [], 0
    with connect(warehouse.root) as reader:
        for number in range(20):
            wanted = Wanted(size=60, name=f"sample {number}", random_share=1, targets=(answers.TARGET,))
            strata = draw(reader, wanted).questions["stratum"].to_pylist()
            from_large = [" / not_about" in stratum for stratum in strata]
            drawn = sum(from_large)
            large.append(sum(from_large[:30]))
    assert 20 <= drawn <= 40
    assert np.mean(large) == pytest.approx(drawn / 2, abs=1.5)


@pytest.mark.parametrize(("size", "parts"), [(60, " / Coast Star / among "), (14, " / among ")])
def test_the_parts_of_a_sample_from_some_outlets_name_these(warehouse: Warehouse, size: int, parts: str):
    outlets = ("Inland Post", "Coast Star")
    with connect(warehouse.root) as reader:
        wanted = Wanted(size=size, name="s", random_share=1, outlets=outlets)
        strata = set(draw(reader, wanted).questions["stratum"].to_pylist())
    assert all(outlets_of(stratum) == "Coast Star; Inland Post" for stratum in strata)
    assert any(f"favor{parts}" in stratum for stratum in strata)
    assert all(covers("Coast Star; Inland Post", name) for name in outlets)
    assert not covers("Coast Star; Inland Post", "Inland")


@pytest.mark.parametrize(
    ("targets", "outlets", "message"),
    [
        (
            (answers.TARGET, "carbon-tacks"),
            (),
            "there is no target 'carbon-tacks'; did you mean 'carbon-tax'",
        ),
        ((), ("Inland Post", "Coast Start"), "there is no outlet 'Coast Start'; did you mean 'Coast Star'"),
    ],
)
def test_a_name_that_is_not_stored_is_refused_beside_one_that_is(
    warehouse: Warehouse, targets: tuple[str, ...], outlets: tuple[str, ...], message: str
):
    with connect(warehouse.root) as reader, pytest.raises(InputError, match=re.escape(message)):
        draw(reader, Wanted(size=60, name="s", random_share=1, targets=targets, outlets=outlets))
