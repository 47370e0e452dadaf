"""Results of queries: printed for people, or written for programs."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commentariat import InputError, WarehouseError
from flows.cli.query_results import format_of, run_sql, saved_queries, write_result
from tests.warehouse import nights
from tests.warehouse.copies import new_warehouse

RESULT = pa.table(
    {
        "outlet": ["The [bold]Ledger[/bold]", "Ünter", None],
        "n": [3, 12345, None],
        "share": [0.123456, 1.0, None],
        "at": [datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 1, 3, 30, tzinfo=UTC), None],
        "authors": [["A. Writer", "B. Writer"], [], None],
    }
)


def printed(capsys: pytest.CaptureFixture[str], result: pa.Table, result_format: str) -> str:
    write_result(result, result_format, None)
    return capsys.readouterr().out


def test_an_interval_is_readable_in_every_format(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    result = duckdb.sql(
        "SELECT INTERVAL 79.5 SECONDS AS took UNION ALL SELECT NULL ORDER BY 1"
    ).to_arrow_table()
    for result_format in ("table", "csv", "json"):
        assert "00:01:19.5" in printed(capsys, result, result_format)
    write_result(result, "parquet", tmp_path / "took.parquet")
    assert pq.read_table(tmp_path / "took.parquet")["took"].to_pylist() == ["00:01:19.5", None]


def test_a_table_is_plain_text_in_a_pipe_and_shows_markup_as_text(capsys: pytest.CaptureFixture[str]):
    text = printed(capsys, RESULT, "table")
    assert "\x1b" not in text
    assert "The [bold]Ledger[/bold]" in text
    assert "0.1235" in text
    assert "2026-11-01 03:30:00" in text
    assert "A. Writer; B. Writer" in text
    assert "None" not in text
    assert not any(line.endswith(" ") for line in text.splitlines())


def test_a_table_shows_every_text_as_it_is_stored(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """rich makes emoji of such words, also where it takes no markup."""
    result = pa.table({":key:": ["urn:id:55", ":100:", "https://x.example/:on:/a"]})
    write_result(result, "table", tmp_path / "x.txt")
    for text in (printed(capsys, result, "table"), (tmp_path / "x.txt").read_text()):
        lines = [line.strip() for line in text.splitlines()]
        assert lines == [":key:", lines[1], *result[":key:"].to_pylist()]


def test_a_long_line_is_not_folded_in_a_pipe(capsys: pytest.CaptureFixture[str]):
    assert "x" * 3000 in printed(capsys, pa.table({"text": ["x" * 3000]}), "table")


def test_control_characters_of_a_title_do_not_reach_the_terminal(capsys: pytest.CaptureFixture[str]):
    assert "\x1b" not in printed(capsys, pa.table({"title": ["\x1b[2Jcleared"]}), "table")


@pytest.mark.parametrize("goes_to_a_file", [True, False])
def test_a_table_that_is_cut_says_so_on_standard_error(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, goes_to_a_file: bool
):
    """In a pipe or a file it must not stand among the rows."""
    write_result(
        pa.table({"n": list(range(500))}),
        "table",
        to_file := tmp_path / "all.txt" if goes_to_a_file else None,
    )
    written = capsys.readouterr()
    assert written.err == "... 300 more rows; --format csv gives them all\n"
    rows = (to_file.read_text() if to_file else written.out).splitlines()[2:]
    assert [int(row) for row in rows] == list(range(200))


def test_a_table_that_is_cut_has_its_last_line_about_it_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert "more rows" in printed(capsys, pa.table({"n": list(range(500))}), "table")


def test_a_result_without_rows_shows_its_columns(capsys: pytest.CaptureFixture[str]):
    assert "outlet" in printed(capsys, RESULT.slice(0, 0), "table")


def test_csv_holds_every_row_and_quotes_only_where_needed(capsys: pytest.CaptureFixture[str]):
    result = pa.table({"n": list(range(500)), "text": ['a,"b"\nc'] * 500})
    rows = list(csv.reader(io.StringIO(printed(capsys, result, "csv"))))
    assert rows[0] == ["n", "text"]
    assert rows[-1] == ["499", 'a,"b"\nc']
    assert len(rows) == 501


def test_json_has_one_object_on_each_line(capsys: pytest.CaptureFixture[str]):
    records = [json.loads(line) for line in printed(capsys, RESULT, "json").splitlines()]
    assert records[1]["outlet"] == "Ünter"
    assert records[0]["authors"] == ["A. Writer", "B. Writer"]
    assert records[2]["n"] is None


def test_parquet_keeps_the_types(tmp_path: Path):
    file = tmp_path / "result.parquet"
    write_result(RESULT, "parquet", file)
    assert pq.read_table(file).equals(RESULT)


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("a.csv", b"outlet,n,"),
        ("a.JSON", b'{"outlet"'),
        ("a.jsonl", b'{"outlet"'),
        ("a.parquet", b"PAR1"),
        ("a.txt", b"outlet  "),
        ("a", b"outlet  "),
    ],
)
def test_the_ending_of_the_file_decides_the_format(tmp_path: Path, name: str, begins: bytes):
    write_result(RESULT, None, tmp_path / name)
    assert (tmp_path / name).read_bytes().lstrip().startswith(begins)


def test_an_unknown_file_ending_is_reported_unless_a_format_is_named(tmp_path: Path):
    with pytest.raises(InputError, match=r"\.xls is not a known ending; use \.txt, \.csv"):
        format_of(None, tmp_path / "a.xls")
    assert format_of("csv", tmp_path / "a.xls") == format_of("csv", tmp_path / "a.json") == "csv"


def test_a_table_shows_large_numbers_whole_and_small_ones_short(capsys: pytest.CaptureFixture[str]):
    result = pa.table({"words": [123456.0], "share": pa.array([0.9218], pa.float32()), "about": [True]})
    text = printed(capsys, result, "table")
    assert "123456" in text and "0.9218" in text and "true" in text
    text = printed(capsys, pa.table({"words": [9999.7, 9999.5, 9999.4, -9999.9]}), "table")
    assert [row.strip() for row in text.splitlines()[2:]] == ["10000", "10000", "9999", "-10000"]


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("FROM stance_by_outlet('carbon')", "there is no target 'carbon'; did you mean 'carbon-tax'?"),
        (
            "SELECT * FROM current_stance WHERE target = 'trams'",
            "there is no target 'trams'; known are carbon-tax, chip-exports",
        ),
        (
            "SELECT * FROM article WHERE outlet IN ('Plain Speaker', 'Harbour Ledger') AND false",
            "did you mean 'Harbor Ledger'?",
        ),
        (
            "SELECT * FROM current_stance WHERE stance = 'pro'",
            "there is no stance 'pro'; known are against, favor, neutral, unsure",
        ),
        ("FROM outcome WHERE outcome = 'fetch_fail'", "did you mean 'fetch_failed'?"),
        ("failures", "nothing failed."),
        ("FROM wording_diff('carbon-tax')", "several wordings of the target that lean to different sides"),
    ],
)
def test_an_empty_result_has_a_reason(published: Path, query: str, why: str):
    result, explanation = run_sql(published, query)
    assert result.num_rows == 0
    assert explanation is not None and why in explanation


def test_a_result_that_is_rightly_empty_has_no_message(published: Path):
    assert run_sql(published, "SELECT * FROM article WHERE outlet = 'Harbor Ledger' AND false")[1] is None


@pytest.mark.parametrize(
    "query",
    [
        "FROM outcome WHERE outcome = 'fetch_failed'",
        "FROM outcome WHERE outcome IN ('rejected', 'gone')",
        "FROM current_stance WHERE stance = 'unsure'",
    ],
)
def test_a_name_that_exists_is_no_mistake_if_no_row_has_it(tmp_path: Path, query: str):
    with new_warehouse(tmp_path / "warehouse").writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("reference rows", nights.reference_rows())
        writer.commit("0", nights.batch(1, 0, articles=1))
        writer.publish()
    result, explanation = run_sql(tmp_path / "warehouse", query)
    assert (result.num_rows, explanation) == (0, None)


def test_a_query_can_use_a_table_of_ones_own(published: Path, tmp_path: Path):
    (tmp_path / "outlets.csv").write_text("outlet,owner\nHarbor Ledger,Coast Media\n")
    query = "SELECT DISTINCT owner FROM article JOIN outlets USING (outlet)"
    result, _ = run_sql(published, query, {"outlets": tmp_path / "outlets.csv"})
    assert result.to_pylist() == [{"owner": "Coast Media"}]


def test_parquet_goes_into_a_pipe_but_never_to_a_terminal(
    capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
):
    write_result(RESULT, "parquet", None)
    assert pq.read_table(pa.BufferReader(capfdbinary.readouterr().out)).equals(RESULT)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    with pytest.raises(InputError, match="--output"):
        write_result(RESULT, "parquet", None)


@pytest.mark.parametrize("result_format", ["table", "csv", "json", "parquet"])
def test_a_file_that_cannot_be_written_is_reported(tmp_path: Path, result_format: str):
    with pytest.raises(InputError, match="cannot be written"):
        write_result(RESULT, result_format, tmp_path / "missing" / "result")


def test_a_query_is_answered(published: Path):
    assert run_sql(published, "SELECT count(*) AS n FROM article")[0]["n"].to_pylist() == [12]


def test_a_saved_query_is_answered_by_its_name(published: Path):
    result, why_empty = run_sql(published, "outcomes")
    assert result.num_rows == 1 and why_empty is None


def test_that_no_outlet_is_silent_may_be_because_no_target_was_asked(tmp_path: Path):
    rows = nights.batch(1, 0)
    warehouse = new_warehouse(tmp_path / "warehouse")
    with warehouse.writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("1", {name: rows[name] for name in ("article", "article_text")})
        writer.publish()
    result, why_empty = run_sql(warehouse.root, "silent_outlets")
    assert result.num_rows == 0
    assert why_empty is not None and "no article has been asked about a target yet, or" in why_empty


def keep(warehouse: Path, name: str, sql: bytes) -> Path:
    (warehouse / "queries").mkdir(exist_ok=True)
    (warehouse / "queries" / f"{name}.sql").write_bytes(sql)
    return warehouse


def test_an_empty_result_of_ones_own_saved_query_has_the_reason_that_its_sql_has(own: Path):
    sql = b"-- Where do the outlets stand?\nFROM stance_share('no-such-target')"
    result, explanation = run_sql(keep(own, "mine", sql), "mine")
    assert result.num_rows == 0
    assert explanation is not None and "there is no target 'no-such-target'" in explanation
    keep(own, "differences", b"-- Where do wordings differ?\nFROM wording_diff('carbon-tax')")
    _, explanation = run_sql(own, "differences")
    assert explanation is not None and "lean to different sides" in explanation


def test_ones_own_queries_are_listed_also_if_one_cannot_be_read(own: Path):
    keep(own, "mine", b"-- How many are there?\nSELECT count(*) FROM article")
    keep(own, "without_purpose", b"SELECT 1")
    keep(own, "in_latin_1", "-- Qu'en dit-on à Paris ?\nSELECT 1".encode("latin-1"))
    listed = saved_queries(own)
    assert listed["mine"] == "How many are there?"
    assert listed["without_purpose"] == "(your own)"
    assert listed["in_latin_1"] == "(cannot be read: save it as UTF-8)"
    with pytest.raises(InputError, match=r"in_latin_1\.sql cannot be read: save it as UTF-8"):
        run_sql(own, "in_latin_1")


def test_every_saved_query_says_what_it_answers():
    assert len(saved_queries()) >= 30
    assert all(purpose.endswith(("?", ".")) for purpose in saved_queries().values())


def test_wrong_sql_is_reported_in_the_words_of_duckdb(published: Path):
    with pytest.raises(InputError, match=r"outlett"):
        run_sql(published, "SELECT outlett FROM article")


def test_a_misspelt_name_of_a_saved_query_is_reported_as_that(published: Path):
    with pytest.raises(InputError, match="no saved query 'outcoms'; `commentariat sql --list`"):
        run_sql(published, "outcoms")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM article",
        "CREATE TABLE mine AS SELECT 1",
        "COPY article TO 'stolen.csv'",
        "SELECT * FROM read_text('/etc/passwd')",
        "ATTACH 'other.duckdb'",
        "SET enable_external_access = true",
    ],
)
def test_sql_can_neither_change_anything_nor_reach_outside(published: Path, statement: str):
    with pytest.raises(InputError):
        run_sql(published, statement)


def test_a_warehouse_that_is_not_there_is_reported_with_how_to_get_one(tmp_path: Path):
    with pytest.raises(WarehouseError, match="commentariat run"):
        run_sql(tmp_path / "nowhere", "SELECT 1")
