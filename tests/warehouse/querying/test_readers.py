"""Readers are never blocked, never get a part of a commit, and never get an older snapshot than before."""

from __future__ import annotations

import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from commentariat import InputError, WarehouseError
from tests.warehouse import nights
from tests.warehouse.forked import CONTEXT, started
from tests.warehouse.one_night import write_night
from tests.warehouse.polling import poll
from warehouse import Warehouse, connect
from warehouse.publishing.generations import point_link
from warehouse.search.in_sql import SearchHits


def test_readers_polling_through_a_night_see_whole_commits_only_and_no_error(filled):
    stop, seen, begun = CONTEXT.Event(), CONTEXT.Queue(), [CONTEXT.Semaphore(0) for _ in range(2)]
    readers = [started(poll, str(filled.path), one, stop, seen) for one in begun]
    for one in begun:
        assert one.acquire(timeout=120)
    for night in (2, 3):
        write_night(str(filled.path), night, batches=6)
    stop.set()
    reports = [seen.get(timeout=30) for _ in readers]
    for reader in readers:
        reader.join()
    head = filled.commits()[-1].sequence
    assert all(isinstance(report, tuple) and report[0] > 5 for report in reports), reports
    assert head >= max(report[1] for report in reports) > 5


def test_an_open_reader_does_not_stop_a_run_and_follows_it_afterwards(filled):
    with connect(filled.path) as reader:
        assert reader.query("SELECT count(*) AS n FROM article")["n"].to_pylist() == [12]
        before = reader.generation
        with filled.writing(run_id="night-2", flow="nightly") as writer:
            writer.commit("1", nights.batch(2, 0))
            assert reader.query("SELECT count(*) AS n FROM article")["n"].to_pylist() == [12]
            writer.publish()
        assert reader.query("SELECT count(*) AS n FROM article")["n"].to_pylist() == [16]
        assert reader.generation != before


def test_two_readers_in_one_process_and_a_writer_do_not_disturb_each_other(filled):
    times = "SELECT min(started_at)::VARCHAR AS t, current_setting('lock_configuration') AS locked FROM run"
    with connect(filled.path) as first, connect(filled.path) as second:
        assert first.query(times) == second.query(times)
        assert (
            first.query(times).to_pylist()[0]["t"].endswith("+00") and first.query(times)["locked"][0].as_py()
        )
        with filled.writing(run_id="night-2", flow="nightly") as writer:
            writer.commit("1", nights.batch(2, 0))
            writer.publish()
            writer.update_search()
        for reader in (first, second):
            assert reader.query("SELECT count(*) AS n FROM article_text")["n"].to_pylist() == [16]
            assert reader.query("FROM search('workers')").num_rows == 16


def search_when_the_first_reader_is_closed(path: Path) -> None:
    first, second = connect(path), connect(path)
    first.close()
    del first
    gc.collect()
    # They take the memory that has become free.
    others = [lambda number=number: number for number in range(1_000)]
    assert second.query("FROM search('workers')").num_rows == 12
    assert len(others) == 1_000


def test_a_search_works_when_the_reader_that_was_opened_first_is_closed(filled):
    """In a process of its own, because DuckDB would end it if it called a function that is no longer there."""
    with filled.writing(run_id="index", flow="nightly") as writer:
        writer.update_search()
    process = started(search_when_the_first_reader_is_closed, filled.path)
    process.join()
    assert process.exitcode == 0


def test_two_threads_can_open_the_same_new_snapshot_at_once(filled, monkeypatch):
    both, add_to = threading.Barrier(2, timeout=1), SearchHits.add_to

    def when_both_are_here(hits: SearchHits, connection: duckdb.DuckDBPyConnection) -> None:
        with suppress(threading.BrokenBarrierError):
            both.wait()
        add_to(hits, connection)

    def one(_: int) -> list[int]:
        with connect(filled.path) as reader:
            return reader.query("SELECT 1 AS n")["n"].to_pylist()

    monkeypatch.setattr(SearchHits, "add_to", when_both_are_here)
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(one, range(2))) == [[1], [1]]


def test_the_last_three_generations_are_kept_read_only_without_write_ahead_logs(filled):
    for night in range(2, 6):
        with filled.writing(run_id=f"night-{night}", flow="nightly") as writer:
            writer.commit("1", nights.batch(night, 0))
            writer.publish()
    files = sorted((filled.root / "db").iterdir())
    assert [file.name for file in files] == [
        "warehouse-00000003.duckdb",
        "warehouse-00000004.duckdb",
        "warehouse-00000005.duckdb",
    ]
    assert all(file.stat().st_mode & 0o777 == 0o444 for file in files)
    assert (filled.root / "warehouse.duckdb").readlink() == Path("db/warehouse-00000005.duckdb")


def test_any_duckdb_client_can_open_the_published_file_and_read_the_texts(filled):
    with duckdb.connect(str(filled.root / "warehouse.duckdb"), read_only=True) as client:
        assert client.execute("SELECT count(*), count(DISTINCT text) FROM article_text").fetchall() == [
            (12, 1)
        ]
        assert client.execute("SELECT finished_at IS NOT NULL, outcomes['loaded'] FROM run").fetchall() == [
            (True, 12)
        ]


def test_the_published_file_has_a_storage_format_that_older_clients_know(filled):
    with duckdb.connect(str(filled.root / "warehouse.duckdb"), read_only=True) as client:
        sql = "SELECT tags['storage_version'] FROM duckdb_databases() WHERE path LIKE '%.duckdb'"
        ((version,),) = client.execute(sql).fetchall()
    assert "1.4" in version


def test_the_reader_can_change_nothing_and_touch_no_other_file(filled, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n1,2\n")
    text = filled.root / filled.live_files("article_text")[0].path
    with connect(filled.path) as reader:
        for sql in (
            "DELETE FROM article",
            "CREATE TABLE x (a INT)",
            f"SELECT * FROM read_csv('{secret}')",
            f"SELECT * FROM '{secret}'",
            f"SELECT * FROM read_parquet('{text}')",
            f"SELECT * FROM read_text('{secret}')",
            f"SELECT * FROM glob('{tmp_path}/*')",
            f"COPY article TO '{tmp_path}/out.csv'",
            f"COPY (SELECT 1) TO '{text}'",
            f"EXPORT DATABASE '{tmp_path}/dump'",
            f"ATTACH '{tmp_path}/other.duckdb'",
            "INSTALL httpfs",
            "LOAD '/tmp/evil.so'",
            "SET enable_external_access = true",
            "SET allowed_directories = ['/']",
            "RESET lock_configuration",
        ):
            with pytest.raises(InputError):
                reader.query(sql)
        assert reader.query("SELECT count(*) AS n FROM article_text WHERE text LIKE '%workers%'")[
            "n"
        ].to_pylist() == [12]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret.csv", "warehouse"]


def test_a_folder_without_a_warehouse_is_reported_with_the_remedy(tmp_path):
    with pytest.raises(WarehouseError, match=r"no warehouse at .*missing.*commentariat run"):
        connect(tmp_path / "missing")
    with pytest.raises(WarehouseError, match=r"nothing has been published"):
        connect(tmp_path)
    with pytest.raises(WarehouseError, match="not a warehouse"):
        Warehouse(tmp_path).commits()


@pytest.mark.parametrize("closed", [".", "db"])
def test_a_folder_that_this_user_may_not_read_is_named_with_the_remedy(
    folder_with_permissions: Path, closed: str
):
    generation = folder_with_permissions / "db" / "warehouse-00000001.duckdb"
    generation.parent.mkdir()
    generation.touch()
    point_link(folder_with_permissions, generation)
    (folder_with_permissions / closed).chmod(0)
    try:
        with pytest.raises(WarehouseError, match=r"permission denied: give this user read access") as raised:
            connect(folder_with_permissions)
    finally:
        (folder_with_permissions / closed).chmod(0o700)
    assert str(folder_with_permissions) in str(raised.value)


def test_a_missing_file_of_texts_is_named_with_the_remedy(filled):
    path = filled.root / filled.live_files("article_text")[0].path
    path.unlink()
    with pytest.raises(WarehouseError, match=rf"(?s){path.name}.*commentariat verify") as raised:
        connect(filled.path)
    assert "nothing has been published" not in str(raised.value)


def test_a_view_reads_the_tables_that_are_in_files_and_a_statement_need_not_name_them(filled):
    sql = "SELECT count(*) AS n FROM wording_lean"
    several = f"CREATE TEMP TABLE one AS SELECT 1 AS a; {sql}, one"
    with connect(filled.path) as reader:
        n = reader.connection.execute(sql).fetchall()[0][0]
    assert n > 0
    for statement in (sql, several):
        with connect(filled.path) as reader:
            assert reader.query(statement)["n"].to_pylist() == [n]
    with connect(filled.path) as reader, reader.stream(sql) as rows:
        assert rows.read_all()["n"].to_pylist() == [n]


def test_a_file_of_texts_that_is_deleted_while_a_snapshot_is_open_is_named_by_the_query_that_needs_it(filled):
    path = filled.root / filled.live_files("article_text")[0].path
    with connect(filled.path) as reader:
        path.unlink()
        assert reader.query("SELECT count(*) AS n FROM article")["n"].to_pylist() == [12]
        with pytest.raises(InputError, match=path.name):
            reader.query("SELECT count(text) AS n FROM article_text")


def test_the_error_of_a_wrong_query_has_duckdbs_message(filled):
    with connect(filled.path) as reader, pytest.raises(InputError, match="artikle"):
        reader.query("SELECT * FROM artikle")


def test_parameters_are_values_and_never_sql(filled):
    with connect(filled.path) as reader:
        sql = "SELECT count(*) AS n FROM article WHERE outlet = $outlet"
        assert reader.query(sql, {"outlet": "Harbor Ledger"})["n"].to_pylist() == [6]
        assert reader.query(sql, {"outlet": "' OR true --"})["n"].to_pylist() == [0]
