"""Stations get their micro-batch as it is, and Prefect does not look through it."""

from collections.abc import Iterator

from prefect.utilities.collections import visit_collection
from prefect.utilities.engine import resolve_to_final_result

from tasks.stations import whole


class Rows(dict[str, list[int]]):
    """Rows that notice when somebody looks at them."""

    looked_at = False

    def items(self) -> Iterator[tuple[str, list[int]]]:
        self.looked_at = True
        return super().items()

    def values(self) -> Iterator[list[int]]:
        self.looked_at = True
        return super().values()


def resolved(value: object) -> object:
    """What Prefect makes of a parameter before it calls a task."""
    return visit_collection(
        value,
        visit_fn=resolve_to_final_result,
        return_data=True,
        max_depth=-1,
        remove_annotations=True,
        context={"parameter_name": "rows"},
    )


def test_a_whole_micro_batch_is_handed_over_unseen():
    rows = Rows(stance=[1, 2, 3])
    assert resolved(whole(rows)) is rows
    assert not rows.looked_at


def test_without_it_prefect_looks_through_everything():
    rows = Rows(stance=[1, 2, 3])
    resolved(rows)
    assert rows.looked_at
