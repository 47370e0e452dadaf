"""The list or the object in a cell is read as the program meant that wrote it."""

import json
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.local_files.lists_in_cells import value_in_cell


def as_array(texts: list[str]) -> str:
    """Write an array as PostgreSQL does."""
    escaped = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return "{" + ",".join(f'"{text}"' for text in escaped) + "}"


@given(st.lists(st.text(max_size=20), min_size=1, max_size=5))
def test_any_texts_are_read_as_they_were_written(texts: list[str]) -> None:
    objects = [{"name": text} for text in texts]
    for written in (json.dumps(texts), repr(texts), as_array(texts)):
        assert value_in_cell(written) == texts
    for written in (json.dumps(objects), repr(objects), as_array([json.dumps(one) for one in objects])):
        assert value_in_cell(written) == objects


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (" Jane Doe ", "Jane Doe"),
        ("(Jane Doe)", "(Jane Doe)"),
        ('{Plato,NULL,"Jane Doe",O\'Neil}', ["Plato", "Jane Doe", "O'Neil"]),
        ("{'b', 'a', \"it's\"}", ["b", "a", "it's"]),
        ("('a', None)", ("a", None)),
        ("['a'\n 'b']", ["a", "b"]),
        (r"['\ud800']", [r"\ud800"]),
        (r"['C:\path']", [r"C:\path"]),
        ("[1or 2]", "1or 2"),
        ("[__import__('os').getcwd()]", ["os"]),
        ("{'name': 'Jane Doe', 'born': datetime.date(1970, 1, 1)}", ["Jane Doe"]),
    ],
)
def test_a_cell_in_no_form_or_in_a_rare_one_gives_what_is_certain(cell: str, value: object) -> None:
    assert value_in_cell(cell) == value


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "cell",
    [
        "[" * 500_000 + "]" * 500_000,
        "[" + "(" * 9_000 + ")" * 9_000 + "]",
        '{"' + 'a\\"' * 300_000 + "}",
        "{" + "a," * 500_000 + '"}',
        "['" + "\\'" * 500_000 + "]",
        "[" + "1" * 1_000_000 + "x]",
        '{"name":' * 100_000 + "}",
    ],
    ids=["deep", "brackets", "escapes", "elements", "quotes", "digits", "names"],
)
def test_no_cell_costs_more_than_its_length_or_ends_the_reading(cell: str) -> None:
    started = process_time()
    value_in_cell(cell)
    assert process_time() - started < 5
