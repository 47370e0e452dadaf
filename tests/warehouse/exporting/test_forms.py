"""Values are always written in one form, in CSV and in JSON lines."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commentariat import InputError
from warehouse.exporting.forms import Form, write
from warehouse.querying.plain_values import plain_rows

ANSWER = duckdb.sql(
    """
    SELECT
        0.9218::FLOAT AS share, 1e20::DOUBLE AS big, [0.1::FLOAT, 0.25::FLOAT] AS shares, ['A. Writer', 'B "Bo" W.'] AS authors,
        {'lean': 0.3::FLOAT} AS lean, MAP {'loaded': 2} AS outcomes, TIMESTAMPTZ '2026-11-01 03:30:00+00' AS at,
        TIMESTAMPTZ '2026-11-01 03:30:00.25+00' AS later, DATE '2026-11-02' AS day, 1.25::DECIMAL(18, 4) AS total,
        5::HUGEINT AS sum, true AS about, 'a, "b"' || chr(10) || 'c' AS text, '' AS nothing, INTERVAL 79.5 SECONDS AS took
    UNION ALL BY NAME SELECT NULL AS share
    """  # noqa: E501 - each row is on one line
).to_arrow_table()


def written(answer: pa.Table, form: Form) -> bytes:
    sink = io.BytesIO()
    assert write(answer.schema, answer.to_batches(), form, sink) == answer.num_rows
    return sink.getvalue()


def test_a_cell_has_the_stored_number_without_rounding_errors():
    first, second = csv.DictReader(io.StringIO(written(ANSWER, "csv").decode(), newline=""))
    assert first == {
        "share": "0.9218",
        "big": "1e+20",
        "shares": "0.1; 0.25",
        "authors": 'A. Writer; B "Bo" W.',
        "lean": '{"lean": 0.3}',
        "outcomes": '{"loaded": 2}',
        "at": "2026-11-01T03:30:00Z",
        "later": "2026-11-01T03:30:00.25Z",
        "day": "2026-11-02",
        "total": "1.25",
        "sum": "5",
        "about": "true",
        "text": 'a, "b"\nc',
        "nothing": "",
        "took": "00:01:19.5",
    }
    assert set(second.values()) == {""}


def test_json_lines_hold_the_same_values_with_their_types():
    first, second = map(json.loads, written(ANSWER, "jsonl").decode().splitlines())
    assert first["share"] == 0.9218 and first["shares"] == [0.1, 0.25] and first["lean"] == {"lean": 0.3}
    assert first["authors"] == ["A. Writer", 'B "Bo" W.'] and first["outcomes"] == {"loaded": 2}
    assert first["at"] == "2026-11-01T03:30:00Z" and first["about"] is True and first["sum"] == 5
    assert set(second.values()) == {None}


def test_values_are_quoted_only_where_needed():
    lines = written(pa.table({"outlet": ["Ledger", "Ledger, The"], "n": [1, 2]}), "csv").decode().splitlines()
    assert lines == ["outlet,n", "Ledger,1", '"Ledger, The",2']


def test_a_row_without_a_value_in_the_only_column_is_no_empty_line_which_readers_skip():
    content = written(pa.table({"outlet": ["Ledger", None, "", "Herald"]}), "csv").decode()
    assert content == 'outlet\nLedger\n""\n""\nHerald\n'
    assert [row["outlet"] for row in csv.DictReader(io.StringIO(content))] == ["Ledger", "", "", "Herald"]


def test_an_answer_without_rows_has_its_columns():
    empty = ANSWER.slice(0, 0)
    assert written(empty, "csv").decode().startswith("share,big,")
    assert pq.read_table(io.BytesIO(written(empty, "parquet"))).column_names == ANSWER.column_names


def test_parquet_keeps_the_types_and_many_batches_are_one_file():
    answer = pa.table({"n": list(range(20_000)), "at": [datetime(2026, 1, 1, tzinfo=UTC)] * 20_000})
    sink = io.BytesIO()
    assert write(answer.schema, answer.to_batches(max_chunksize=3_000), "parquet", sink) == 20_000
    assert pq.read_table(io.BytesIO(sink.getvalue())).equals(answer)


def test_rows_are_plain_values():
    assert next(iter(plain_rows(pa.table({"p": pa.array([0.1], pa.float32())})))) == (0.1,)


FAR = [
    "DATE '10000-01-01'",
    "DATE '0044-03-15 (BC)'",
    "'infinity'::DATE",
    "'infinity'::TIMESTAMPTZ",
    "'-infinity'::TIMESTAMP",
    "'infinity'::TIMESTAMP_NS",
    "['-infinity'::TIMESTAMP_NS]",
    "TIMESTAMP '100000-01-01'",
    "[DATE '10000-01-01']",
    "MAP {DATE '10000-01-01': 1}",
]


@pytest.mark.parametrize("form", ["table", "csv", "jsonl"])
@pytest.mark.parametrize("value", FAR)
def test_a_time_that_python_does_not_have_is_reported_with_its_column(value: str, form: str):
    answer = duckdb.sql(f"SELECT 1 AS n, {value} AS until").to_arrow_table()
    with pytest.raises(InputError, match=r"the column until .*cast the column to VARCHAR"):
        list(plain_rows(answer)) if form == "table" else written(answer, form)


@pytest.mark.parametrize("value", FAR)
def test_such_a_time_can_be_written_as_the_text_that_the_message_advises(value: str):
    answer = duckdb.sql(f"SELECT ({value})::VARCHAR AS until").to_arrow_table()
    (text,) = answer["until"].to_pylist()
    assert json.loads(written(answer, "jsonl")) == {"until": text}
    assert list(csv.DictReader(io.StringIO(written(answer, "csv").decode()))) == [{"until": text}]


def test_csv_has_the_times_of_other_centuries():
    times = "TIMESTAMP '0044-03-15 (BC)' AS a, TIMESTAMP '32767-12-31 23:59:59' AS b, NULL::TIMESTAMP AS c"
    content = written(duckdb.sql(f"SELECT {times}").to_arrow_table(), "csv").decode()
    assert content == "a,b,c\n-0043-03-15T00:00:00,32767-12-31T23:59:59,\n"


@pytest.mark.parametrize(
    ("sql", "number"),
    [
        ("factorial(30)", 265252859812191058636308480000000),
        ("-170141183460469231731687303715884105727::HUGEINT", -170141183460469231731687303715884105727),
        ("12345678901234567890123456789.5::DECIMAL(38, 1)", 12345678901234567890123456789.5),
        ("0.1::DECIMAL(38, 37)", 0.1),
        ("2.00::DECIMAL(5, 2)", 2),
    ],
)
def test_a_number_of_many_digits_is_written(sql: str, number: float):
    answer = duckdb.sql(f"SELECT {sql} AS n").to_arrow_table()
    assert list(plain_rows(answer)) == [(number,)]
    assert written(answer, "csv").decode() == f"n\n{number}\n"
    assert json.loads(written(answer, "jsonl")) == {"n": number}


def test_json_has_null_for_an_infinite_number_and_for_no_number():
    answer = duckdb.sql(
        """
        SELECT
            1 / 0 AS a, ['nan'::FLOAT, 0.5::FLOAT] AS b, {'lean': '-inf'::DOUBLE, 'n': 1} AS c,
            MAP {'rent': [0 / 0]} AS d, 0.5 AS e
        """
    ).to_arrow_table()
    line = json.loads(written(answer, "jsonl"), parse_constant=pytest.fail)
    assert line == {"a": None, "b": [None, 0.5], "c": {"lean": None, "n": 1}, "d": {"rent": [None]}, "e": 0.5}
    (row,) = csv.DictReader(io.StringIO(written(answer, "csv").decode(), newline=""))
    assert (row["a"], row["b"]) == ("inf", "nan; 0.5"), "a cell of CSV can hold the words"
    assert json.loads(row["c"], parse_constant=pytest.fail) == line["c"]
    assert json.loads(row["d"], parse_constant=pytest.fail) == line["d"]


@pytest.mark.parametrize("rows", [0, 1])
@pytest.mark.parametrize("value", ["union_value(k := 1)", "[INTERVAL 1 DAY]", "{'took': INTERVAL 1 DAY}"])
def test_a_type_that_parquet_does_not_have_is_reported_with_its_column(value: str, rows: int):
    answer = duckdb.sql(f"SELECT 1 AS n, {value} AS odd, INTERVAL 1 DAY AS took LIMIT {rows}")
    with pytest.raises(InputError, match=r"no type for the values of odd \(.*VARCHAR"):
        written(answer.to_arrow_table(), "parquet")


def test_a_time_that_parquet_does_not_have_is_reported():
    answer = duckdb.sql("SELECT 'infinity'::TIMESTAMP_S AS until").to_arrow_table()
    with pytest.raises(InputError, match=r"Parquet cannot hold .*timestamp\[s\].*VARCHAR"):
        written(answer, "parquet")


def test_columns_of_the_same_name_are_refused_in_json_and_kept_in_csv():
    answer = duckdb.sql("SELECT 'x' AS outlet, 'y' AS outlet").to_arrow_table()
    assert written(answer, "csv") == b"outlet,outlet\nx,y\n"
    for table in (answer, answer.slice(0, 0)):
        with pytest.raises(InputError, match=r"several columns outlet, .* with AS in the query"):
            written(table, "jsonl")
