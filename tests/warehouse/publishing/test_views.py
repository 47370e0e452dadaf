"""The views of a published file are those of the program that has published it."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest

from tests.warehouse import nights
from warehouse import connect
from warehouse.publishing import definition
from warehouse.sql_files import views_sql


def with_other_scripts(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(definition, "views_sql", lambda: f"-- Later.\n{views_sql()}")


def with_another_duckdb(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(duckdb, "__version__", "99.0.0")


@pytest.mark.parametrize("upgraded", [with_other_scripts, with_another_duckdb])
def test_views_are_made_again_if_their_scripts_or_duckdb_have_changed(
    filled, monkeypatch, upgraded: Callable[[pytest.MonkeyPatch], None]
):
    """Otherwise a publish keeps those of the last one, which its file began as a copy of."""
    published = (filled.root / "warehouse.duckdb").resolve()
    published.chmod(0o644)
    with duckdb.connect(str(published)) as connection:
        connection.execute("CREATE OR REPLACE VIEW run AS SELECT 'as in an earlier version' AS run_id")
    upgraded(monkeypatch)
    with filled.writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("1", nights.batch(2, 0))
        writer.publish()
    with connect(filled.root) as reader:
        assert reader.query("SELECT run_id FROM run ORDER BY ALL")["run_id"].to_pylist() == [
            "night-1",
            "night-2",
        ]
