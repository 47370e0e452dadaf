"""The writer's private database: what it records of itself, and how it recovers from too little memory."""

from __future__ import annotations

import duckdb
import pytest

from commentariat import WarehouseError
from tests.warehouse import nights
from warehouse import connect
from warehouse.definitions.schema import SCHEMA_VERSION
from warehouse.publishing import base


def run_out_of_memory(*_: object) -> None:
    raise duckdb.OutOfMemoryException("could not allocate block of size 256.0 KiB")


def test_a_base_that_ran_out_of_memory_is_kept_and_follows_once_there_is_enough(filled, monkeypatch):
    file = filled.root / "db" / "base.duckdb"
    with filled.writing(run_id="night-2", flow="nightly") as writer:
        writer.query("SELECT 1")
        same = file.stat().st_ino
        writer.commit("1", nights.batch(2, 0))
        with monkeypatch.context() as too_little:
            too_little.setattr(base, "check_counts", run_out_of_memory)
            for _ in range(2):  # a retry fails for the same reason, and says so
                with pytest.raises(WarehouseError, match=r"could not allocate.*free some disk space there"):
                    writer.query("SELECT 1")
        assert writer.query("SELECT count(*) AS n FROM article")["n"].to_pylist() == [16]
        assert file.stat().st_ino == same, "it was built anew"


def test_a_base_that_began_as_a_copy_of_an_earlier_file_records_the_present_version_of_the_schema(filled):
    published = (filled.root / "warehouse.duckdb").resolve()
    published.chmod(0o644)
    with duckdb.connect(str(published)) as connection:
        connection.execute("UPDATE snapshot SET schema_version = schema_version - 1")
    with filled.writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("1", nights.batch(2, 0))
        writer.publish()
    with connect(filled.root) as reader:
        assert reader.query("SELECT schema_version FROM snapshot")["schema_version"].to_pylist() == [
            SCHEMA_VERSION
        ]
