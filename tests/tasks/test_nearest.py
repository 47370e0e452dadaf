"""A message about an unknown name says which name was probably meant, or which names there are."""

from tasks.nearest import nearest


def test_the_most_similar_name_is_proposed():
    assert nearest("carbon-taxes", ["chip-exports", "carbon-tax"]) == "did you mean 'carbon-tax'?"


def test_the_names_are_listed_if_none_is_similar():
    assert nearest("trams", ["carbon-tax", "chip-exports"]) == "known are carbon-tax, chip-exports"


def test_of_very_many_names_some_are_listed_and_the_others_counted():
    names = [f"outlet {number:03d}" for number in range(500)]
    listed = nearest("zebra", names)
    assert listed.startswith("known are outlet 000, outlet 001, ") and listed.endswith(" and 476 more")


def test_that_there_are_no_names_is_said():
    assert nearest("trams", {}) == "none is known"
