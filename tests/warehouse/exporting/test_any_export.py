"""An export has the rows of one snapshot, whatever is committed, published, merged or taken down while it is written.

A few sequences of events are tried; ``pytest --hypothesis-profile many`` tries many.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import warehouse.exporting.export as export_module
from tests.warehouse import nights
from warehouse import Warehouse, connect
from warehouse.exporting.export import export
from warehouse.log.entries import rows_by_table
from warehouse.upkeep.compaction import compact
from warehouse.upkeep.takedown import take_down
from warehouse.writing.writer import Writer

TABLES = ("item", "article", "article_text", "topic", "stance")


def commit(writer: Writer, number: int) -> None:
    writer.commit(f"{number}", nights.batch(2, number, articles=2))


def commit_and_publish(writer: Writer, number: int) -> None:
    commit(writer, number)
    writer.publish()


def merge_and_publish(writer: Writer, number: int) -> None:
    compact(writer, min_files=2)
    writer.publish()


def take_one_down(writer: Writer, number: int) -> None:
    commit(writer, number)
    take_down(writer, urls=[nights.url(2, number, 0)], reason="Asked for.")


EVENTS: dict[str, Callable[[Writer, int], None]] = {
    "commit": commit,
    "commit and publish": commit_and_publish,
    "merge and publish": merge_and_publish,
    "take down": take_one_down,
}
# A takedown makes the export begin again, at most three times. Therefore a sequence has only a few takedowns.
course = st.lists(
    st.tuples(st.integers(0, len(TABLES) - 1), st.sampled_from(list(EVENTS))), max_size=4
).filter(lambda events: [name for _, name in events].count("take down") <= 2)


@settings(
    max_examples=max(settings.default.max_examples // 20, 3),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(events=course)
def test_all_tables_of_an_export_are_those_of_the_commit_that_its_manifest_names(
    one_published_night: Path, tmp_path_factory: pytest.TempPathFactory, events: list[tuple[int, str]]
) -> None:
    folder = tmp_path_factory.mktemp("any-export")
    shutil.copytree(one_published_night, folder / "warehouse", symlinks=True)
    here = Warehouse(folder / "warehouse")
    original, written = export_module.write, 0
    with here.writing(run_id="beside", flow="nightly") as writer, pytest.MonkeyPatch.context() as patch:

        def writing(schema: pa.Schema, *given: Any) -> int:
            nonlocal written
            rows = original(schema, *given)
            for number, (place, name) in enumerate(events):
                if place == written:
                    EVENTS[name](writer, number)
            written += 1
            return rows

        patch.setattr(export_module, "write", writing)
        with connect(here.root) as reader:
            files = export(reader, folder / "out", tables=TABLES, format="parquet")
        manifest = json.loads((folder / "out" / "manifest.json").read_text())
        wanted = rows_by_table(writer.log.as_of(manifest["commit"]).live.values())
    assert {file.name: file.rows for file in files} == {name: wanted[name] for name in TABLES}
    shutil.rmtree(folder)
