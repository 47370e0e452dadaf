"""The Parquet files of a warehouse can be read as a DuckLake without a copy; its catalog is a file or in PostgreSQL."""

from __future__ import annotations

import contextlib
import functools
import importlib.metadata
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from commentariat import ConfigError, WarehouseError
from tests.warehouse import nights
from tests.warehouse.build_old_warehouse import HERE
from warehouse import TABLES, Warehouse
from warehouse.engine import engine
from warehouse.exporting import ducklake
from warehouse.upkeep.compaction import compact
from warehouse.upkeep.retention import clean
from warehouse.upkeep.takedown import take_down
from warehouse.upkeep.verify import verify


@functools.cache
def has(*extensions: str) -> bool:
    """Whether extensions are installed for this DuckDB, as packages or by DuckDB itself.

    The code that is tested is not asked, because a fault in it would then skip its own tests.
    """
    with duckdb.connect() as connection:
        listed = connection.execute(
            "SELECT extension_name FROM duckdb_extensions() WHERE installed"
        ).fetchall()
    return all(is_packaged(name) or (name,) in listed for name in extensions)


def is_packaged(extension: str) -> bool:
    """Whether the package of an extension is installed; the one for another version of DuckDB is of no use."""
    try:
        return importlib.metadata.version(f"duckdb-extension-{extension}") == duckdb.__version__
    except importlib.metadata.PackageNotFoundError:
        return False


# As text, so that only a process that runs these tests looks for the extension.
needs_ducklake = pytest.mark.skipif(
    "not has('ducklake')", reason="no extension ducklake for this version of DuckDB"
)


@pytest.fixture
def catalog_file(tmp_path: Path) -> str:
    return str(tmp_path / "lake.ducklake")


@pytest.fixture
def catalog_in_postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not binaries or not has("ducklake", "postgres_scanner"):
        pytest.skip("needs PostgreSQL and DuckDB's extension postgres_scanner")
    try:
        user = pwd.getpwnam("postgres")  # PostgreSQL refuses to start as root
    except KeyError:
        pytest.skip("needs a user postgres")
    folder = Path("/tmp") / f"commentariat-{tmp_path_factory.getbasetemp().name}"
    folder.mkdir()
    shutil.chown(folder, user.pw_uid, user.pw_gid)
    settings = f"-k {folder} -c listen_addresses='' -c fsync=off"

    def run(program: str, *arguments: str) -> None:
        command = [str(binaries[-1] / program), *arguments]
        subprocess.run(
            command, user=user.pw_uid, group=user.pw_gid, cwd=folder, check=True, stdout=subprocess.DEVNULL
        )

    try:
        run("initdb", "-D", "data", "-A", "trust", "--no-sync")
        run("pg_ctl", "-D", "data", "-o", settings, "-w", "-l", "log", "start")
        yield f"postgres:host={folder} user=postgres dbname=postgres"
        run("pg_ctl", "-D", "data", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@needs_ducklake
@pytest.mark.parametrize("kind", ["catalog_file", "catalog_in_postgresql"])
def test_existing_files_become_a_lake_that_follows_every_kind_of_commit(filled, kind, request):
    catalog = request.getfixturevalue(kind)

    def lake(sql: str) -> list[tuple[object, ...]]:
        with ducklake._attached(filled.root, catalog) as connection:
            return connection.execute(sql).fetchall()

    def agree(writer) -> None:
        with ducklake._attached(filled.root, catalog) as connection:
            for table in (
                "article",
                "article_text",
                "stance",
                "raw_score",
                "wording_score",
                "outcome",
                "minhash_band",
                "target",
                "tombstone",
            ):
                names = ", ".join(f'"{name}"' for name in TABLES[table].names)
                stored = writer.query(f"SELECT {names} FROM {table} ORDER BY ALL").to_pylist()
                shown = connection.execute(f"SELECT {names} FROM lake.{table} ORDER BY ALL").fetchall()
                assert shown == [tuple(row.values()) for row in stored], table

    def parquet() -> set[Path]:
        return set(filled.root.rglob("*.parquet"))

    before = parquet()
    with filled.writing(run_id="d", flow="lake") as writer:
        assert ducklake.follow(writer.root, writer.log, catalog) == 5
        assert parquet() == before, "nothing was copied"
        agree(writer)
        snapshots = lake("SELECT count(*) FROM ducklake_snapshots('lake')")
        ducklake.follow(writer.root, writer.log, catalog)
        assert lake("SELECT count(*) FROM ducklake_snapshots('lake')") == snapshots

        writer.commit("1", nights.batch(2, 0))
        ducklake.follow(writer.root, writer.log, catalog)
        compact(writer, min_files=2)
        writer.publish()
        ducklake.follow(writer.root, writer.log, catalog)
        clean(writer.root, writer.log, keep=1)
        agree(writer)
        gone = nights.url(1, 0, 0)
        take_down(writer, urls=[gone], reason="Asked for.")
        ducklake.follow(writer.root, writer.log, catalog)
        agree(writer)
        assert lake(f"SELECT count(*) FROM lake.article WHERE url = '{gone}'") == [(0,)]
        assert len(lake("FROM ducklake_snapshots('lake')")) == 1, "older snapshots would know of it"
        scheduled = "FROM __ducklake_metadata_lake.ducklake_files_scheduled_for_deletion"
        assert lake(scheduled) == [], "DuckLake would delete files that are in use"
    assert verify(filled.root).findings == ()


@needs_ducklake
def test_snapshots_before_a_takedown_expire_also_if_a_call_was_cut_short_before_it(
    filled: Warehouse, catalog_file: str, monkeypatch: pytest.MonkeyPatch
):
    class CutShort:
        """A connection that is lost after the commit, before the older snapshots expire."""

        def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
            self.connection = connection

        def execute(self, sql: str, *values: object) -> duckdb.DuckDBPyConnection:
            if "expire_snapshots" in sql:
                raise duckdb.IOException("the server closed the connection")
            return self.connection.execute(sql, *values)

    @contextlib.contextmanager
    def cut_short(**settings: Any) -> Iterator[CutShort]:
        with engine(**settings) as connection:
            yield CutShort(connection)

    with filled.writing(run_id="d", flow="lake") as writer:
        ducklake.follow(writer.root, writer.log, catalog_file)
        take_down(writer, urls=[nights.url(1, 0, 0)], reason="Asked for.")
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(ducklake, "engine", cut_short)
            with pytest.raises(WarehouseError, match="closed the connection"):
                ducklake.follow(writer.root, writer.log, catalog_file)
        for _ in range(2):
            ducklake.follow(writer.root, writer.log, catalog_file)
            with ducklake._attached(filled.root, catalog_file) as lake:
                assert len(lake.execute("FROM ducklake_snapshots('lake')").fetchall()) == 1


@needs_ducklake
def test_a_lake_of_an_earlier_version_gets_the_columns_that_came_later(tmp_path, catalog_file):
    warehouse = Warehouse(tmp_path / "warehouse")
    shutil.copytree(HERE / "version-1", warehouse.root)
    with warehouse.writing(run_id="d", flow="lake") as writer:
        ducklake.follow(writer.root, writer.log, catalog_file)
        with ducklake._attached(warehouse.root, catalog_file) as lake:
            lake.execute("ALTER TABLE lake.model DROP COLUMN weights_version")
        writer.commit("1", nights.model_row("fast-2", 2))
        ducklake.follow(writer.root, writer.log, catalog_file)
    with ducklake._attached(warehouse.root, catalog_file) as lake:
        found = lake.execute("SELECT model_version, weights_version FROM lake.model ORDER BY ALL").fetchall()
    assert found == [("fast-1", None), ("fast-2", nights.WEIGHTS)]


@needs_ducklake
def test_a_lake_that_is_ahead_of_the_log_is_refused(filled, catalog_file):
    with filled.writing(run_id="d", flow="lake") as writer:
        writer.commit("1", nights.batch(2, 0))
        ducklake.follow(writer.root, writer.log, catalog_file)
    (filled.root / "log" / "00000006.json").unlink()
    (filled.root / "warehouse.duckdb").unlink()
    for generation in (filled.root / "db").iterdir():
        generation.unlink()
    with (
        filled.writing(run_id="e", flow="lake") as writer,
        pytest.raises(WarehouseError, match="the log ends at 5"),
    ):
        ducklake.follow(writer.root, writer.log, catalog_file)


@pytest.mark.skipif("has('ducklake')", reason="the extension is here")
def test_without_the_extension_the_remedy_is_named(filled, catalog_file):
    with (
        filled.writing(run_id="d", flow="lake") as writer,
        pytest.raises(ConfigError, match=r"pip install -e '\.\[ducklake\]' or uv"),
    ):
        ducklake.follow(writer.root, writer.log, catalog_file)
