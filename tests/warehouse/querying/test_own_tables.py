"""Queries can use tables of one's own with the warehouse's, also in new snapshots, but they can open no other file."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commentariat import InputError
from tests.warehouse import nights
from tests.warehouse.given_answers import given
from warehouse import Warehouse, connect
from warehouse.annotations.inbox import Inbox
from warehouse.annotations.joining import join_annotations
from warehouse.exporting.export import export
from warehouse.querying.own_tables import decoded, likely_delimiter, named_files

ROWS = "outlet,owner,circulation\nHarbor Ledger,Coast Media,120000\nPlain Speaker,,30000\n"
JOIN = "SELECT owner, count(*) AS n FROM current_stance JOIN outlets USING (outlet) GROUP BY ALL ORDER BY ALL"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", ROWS.encode()),
        ("semicolons.csv", b"\xef\xbb\xbf" + ROWS.replace(",", ";").encode()),
        ("utf16.csv", ROWS.encode("utf-16")),
        ("a.tsv", ROWS.replace(",", "\t").encode()),
        (
            "a.jsonl",
            b'{"outlet": "Harbor Ledger", "owner": "Coast Media"}\n\n{"outlet": "Plain Speaker", "owner": null}\n',
        ),
    ],
)
def test_a_file_is_joined_with_the_answers(filled: Warehouse, tmp_path: Path, name: str, content: bytes):
    (tmp_path / name).write_bytes(content)
    with connect(filled.root, tables={"outlets": tmp_path / name}) as reader:
        rows = reader.query(JOIN).to_pylist()
    assert [row["owner"] for row in rows] == ["Coast Media", None]
    assert all(row["n"] > 0 for row in rows)


def test_files_in_cp1252_are_read(filled: Warehouse, tmp_path: Path):
    (tmp_path / "a.csv").write_bytes("outlet;owner\nZürich;Müller\n".encode("cp1252"))
    with connect(filled.root, tables={"mine": str(tmp_path / "a.csv")}) as reader:
        assert reader.query("SELECT owner FROM mine").to_pylist() == [{"owner": "Müller"}]


def test_json_lines_that_the_program_has_exported_are_read_whatever_is_in_the_texts(
    filled: Warehouse, tmp_path: Path
):
    note = "One\u2028two\u2029three\x85four"
    Inbox(filled.root).keep([given(0, note=note)])
    with filled.writing(run_id="r", flow="review") as writer:
        join_annotations(writer)
        writer.publish()
    with connect(filled.root) as reader:
        export(reader, tmp_path / "out", tables=["annotation"], format="jsonl")
    with connect(filled.root, tables={"mine": tmp_path / "out" / "annotation.jsonl"}) as reader:
        assert reader.query("SELECT note FROM mine").to_pylist() == [{"note": note}]


def test_a_csv_file_with_one_column_that_the_program_has_exported_has_every_row(
    filled: Warehouse, tmp_path: Path
):
    outlets = "SELECT unnest(['Harbor Ledger', NULL, 'Plain Speaker']) AS outlet"
    with connect(filled.root) as reader:
        export(reader, tmp_path / "out", queries=[("outlets", outlets)], format="csv")
    with connect(filled.root, tables={"mine": tmp_path / "out" / "outlets.csv"}) as reader:
        (counted,) = reader.query("SELECT count(*) AS n, count(outlet) AS named FROM mine").to_pylist()
    assert counted == {"n": 3, "named": 2}


def test_a_text_such_as_na_is_no_missing_value(filled: Warehouse, tmp_path: Path):
    lines = ["region,chain,circulation,owner", "NA,null,120000,", ",NA,NA,"]
    (tmp_path / "a.csv").write_text("\n".join(lines))
    with connect(filled.root, tables={"mine": tmp_path / "a.csv"}) as reader:
        rows = reader.query("SELECT region, chain, circulation + 1 AS more, owner FROM mine").to_pylist()
    assert rows == [
        {"region": "NA", "chain": "null", "more": 120_001, "owner": None},
        {"region": None, "chain": "NA", "more": None, "owner": None},
    ]


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_codes_that_look_like_numbers_stay_texts(filled: Warehouse, tmp_path: Path, name: str):
    lines = [
        "topic,outlet,county,people,first_day,share",
        "8,1843,06037,120,2026-11-01,0.5",
        "10,24,6001,NA,,",
    ]
    (tmp_path / name).write_text("\n".join(lines).replace(",", "\t" if name == "a.tsv" else ","))
    with connect(filled.root, tables={"mine": tmp_path / name}) as reader:
        rows = reader.query(
            "SELECT * REPLACE (first_day::VARCHAR AS first_day) FROM mine ORDER BY county"
        ).to_pylist()
    assert rows == [
        {
            "topic": "8",
            "outlet": "1843",
            "county": "06037",
            "people": 120,
            "first_day": "2026-11-01",
            "share": 0.5,
        },
        {"topic": "10", "outlet": "24", "county": "6001", "people": None, "first_day": None, "share": None},
    ]


@pytest.mark.parametrize("name", ["topic", "Topic"])
def test_numbers_of_topics_are_joined_with_articles_of_which_some_have_no_topic(
    filled: Warehouse, tmp_path: Path, name: str
):
    (tmp_path / "groups.csv").write_text(f"{name},field\n1,Economy\n2,Society\n")
    with connect(filled.root, tables={"groups": tmp_path / "groups.csv"}) as reader:
        rows = reader.query(
            "SELECT topic, field FROM (VALUES ('1'), ('none')) t(topic) LEFT JOIN groups USING (topic) ORDER BY topic"
        )
        assert reader.query("SELECT DISTINCT typeof(topic) AS t FROM main_topic")["t"].to_pylist() == [
            "VARCHAR"
        ]
    assert rows.to_pylist() == [{"topic": "1", "field": "Economy"}, {"topic": "none", "field": None}]


def test_a_column_that_the_first_json_line_leaves_out_is_there(filled: Warehouse, tmp_path: Path):
    (tmp_path / "a.jsonl").write_text(
        '{"outlet": "Harbor Ledger"}\n{"outlet": "Plain Speaker", "owner": "Ada"}\n'
    )
    with connect(filled.root, tables={"mine": tmp_path / "a.jsonl"}) as reader:
        assert reader.query("SELECT owner FROM mine").to_pylist() == [{"owner": None}, {"owner": "Ada"}]


def test_the_separator_is_guessed_from_the_whole_first_line(filled: Warehouse, tmp_path: Path):
    (tmp_path / "a.csv").write_text("a, or\u2028b;owner;place\n1;2;3\n")
    with connect(filled.root, tables={"mine": tmp_path / "a.csv"}) as reader:
        assert reader.query("SELECT owner FROM mine").to_pylist() == [{"owner": 2}]


def test_the_separator_is_guessed_from_the_beginning_of_a_very_long_line():
    before = csv.field_size_limit(131_072)  # as it is unless another part of the program has changed it
    try:
        assert likely_delimiter(f"owner;{'a' * 200_000}\n") == ";"
    finally:
        csv.field_size_limit(before)


def test_tables_of_ones_own_remain_when_a_new_snapshot_is_published(filled: Warehouse, tmp_path: Path):
    pq.write_table(pa.table({"outlet": ["Harbor Ledger"], "owner": ["Coast Media"]}), tmp_path / "o.parquet")
    with connect(filled.root, tables={"outlets": tmp_path / "o.parquet"}) as reader:
        (before,) = reader.query(JOIN).to_pylist()
        (tmp_path / "o.parquet").unlink()
        with filled.writing(run_id="night-2", flow="nightly") as writer:
            writer.commit("1", nights.batch(2, 0))
            writer.publish()
        (after,) = reader.query(JOIN).to_pylist()
        assert after["n"] > before["n"]


def test_rows_in_memory_can_be_a_table_too(filled: Warehouse):
    with connect(filled.root, tables={"mine": pa.table({"n": [1, 2]})}) as reader:
        assert reader.query("SELECT sum(n)::INT AS n FROM mine").to_pylist() == [{"n": 3}]


def test_queries_still_cannot_read_other_files(filled: Warehouse, tmp_path: Path):
    (tmp_path / "a.csv").write_text(ROWS)
    with connect(filled.root, tables={"outlets": tmp_path / "a.csv"}) as reader:
        for sql in (f"FROM '{tmp_path / 'a.csv'}'", f"FROM read_csv('{tmp_path / 'a.csv'}')"):
            with pytest.raises(InputError):
                reader.query(sql)


@pytest.mark.parametrize(
    ("name", "file", "content", "message"),
    [
        ("article", "a.csv", ROWS, "the warehouse already has a table or view article"),
        ("Current_Stance", "a.csv", ROWS, "the warehouse already has a table or view"),
        ("article_text", "a.csv", ROWS, "the warehouse already has a table or view"),
        ("my outlets", "a.csv", ROWS, "cannot be the name of a table"),
        ("mine", "a.pdf", ROWS, "ends in .csv"),
        ("mine", "a.csv", "a,b\n1,2,3\n", "not a readable table"),
        ("mine", "twice.csv", "a,a\n1,2\n", "the column a occurs more than once"),
        ("mine", "a.jsonl", "[1]\n", "not a readable table"),
        ("mine", "number.jsonl", "1\n", "not a readable table"),
        ("mine", "a.parquet", "no", "not a readable table"),
    ],
)
def test_a_file_or_name_that_cannot_be_used_is_reported(
    filled: Warehouse, tmp_path: Path, name: str, file: str, content: str, message: str
):
    (tmp_path / file).write_text(content)
    with pytest.raises(InputError, match=message):
        connect(filled.root, tables={name: tmp_path / file})


def test_a_missing_file_is_reported(filled: Warehouse, tmp_path: Path):
    with pytest.raises(InputError, match=r"nowhere\.csv: cannot be read: No such file"):
        connect(filled.root, tables={"mine": tmp_path / "nowhere.csv"})


def test_names_and_files_of_a_command_line_are_distinguished():
    assert named_files(["a=b=c.csv", "d=e.csv"]) == {"a": Path("b=c.csv"), "d": Path("e.csv")}
    for texts, message in ((["a.csv"], "NAME=FILE"), (["=a.csv"], "NAME=FILE"), (["a=b", "a=c"], "twice")):
        with pytest.raises(InputError, match=message):
            named_files(texts)


def test_a_wrong_byte_leaves_the_other_characters_of_a_table_as_they_are():
    assert decoded("name\nEl País\nLe Télégramme\n".encode() + b"Caf\xe9\n").split()[1:] == [
        *("El", "País", "Le", "Télégramme"),
        "Caf\ufffd",
    ]
    assert decoded("name\nEl País\n".encode("cp1252")) == "name\nEl País\n"
