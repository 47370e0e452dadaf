"""Different statements have different ids, and each has the same one in every run."""

import pytest

from tasks.targets.target_ids import target_id_of


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("Wind farms don't harm birds!", "wind-farms-don-t-harm-birds"),
        ("a" * 64, "a" * 64),
        ("Taxes should rise by 5 per cent (1.5 a year)", "taxes-should-rise-by-5-per-cent-1-5-a-year"),
    ],
)
def test_an_ordinary_statement_has_an_id_of_its_words_alone(statement: str, name: str):
    assert target_id_of(statement) == name


@pytest.mark.parametrize(
    "statements",
    [
        ("C++ should be taught", "C# should be taught", "C should be taught"),
        (
            "The wage should be $15",
            "The wage should be 15%",
            "The wage should be 15",
            "The wage should be €15",
        ),
        ("Rates should move by +2%", "Rates should move by -2%", "Rates should move by 2%"),
        ("Growth of -2 is bad", "Growth of \u22122 is bad", "Growth of 2 is bad"),
        ("Cars > trains", "Cars < trains", "Cars & trains", "Cars / trains", "Cars, trains"),
    ],
)
def test_statements_that_differ_only_in_symbols_have_different_ids(statements: tuple[str, ...]):
    assert len({target_id_of(statement) for statement in statements}) == len(statements)


@pytest.mark.parametrize(
    "statement",
    ["Tolls are good", "word " * 30, "a" * 55 + "$", "a" * 64, "a" * 65, "The wage should be $15", "???"],
)
def test_an_id_is_never_one_that_is_taken(statement: str):
    taken: list[str] = []
    for _ in range(4):
        name = target_id_of(statement, taken)
        assert name not in taken
        assert len(name) <= 64
        taken.append(name)
    assert target_id_of(statement, taken[:2]) == taken[2], "the same in every run"
