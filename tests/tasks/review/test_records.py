"""Files of answers are read as people and programs write them."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from commentariat import InputError
from tasks.review.exchange import read_annotations, write_records
from tasks.review.records import moment_of, number_of, read_records, text_of, whole_number_of


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "Article ID,Revision, TARGET ,Answer\n1,1,x,favor\n"),
        ("a.jsonl", '{"Article-ID": "1", "revision": 1, "Target": "x", "Answer": "favor"}\n'),
    ],
)
def test_names_of_columns_are_known_in_capitals_and_with_spaces(
    tmp_path: Path, name: str, content: str
) -> None:
    (tmp_path / name).write_text(content)
    [(_, record)] = read_records(tmp_path / name)
    assert [text_of(record, field) for field in ("article_id", "revision", "target", "answer")] == [
        *("1", "1", "x", "favor")
    ]


def test_the_column_named_as_in_exports_counts_before_others(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Answer,answer\nmy own remark,favor\n")
    [(_, record)] = read_records(tmp_path / "a.csv")
    assert text_of(record, "answer") == "favor"


def test_a_file_without_a_column_of_answers_is_refused_with_its_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("article_id,revision,target,Verdict\n1,1,x,favor\n")
    with pytest.raises(
        InputError, match="no column named answer, only article_id, revision, target, verdict"
    ):
        read_annotations(tmp_path / "a.csv", None)  # type: ignore[arg-type]  # it is refused before the reader is used


TITLES = ["=1+1", "@handle is wrong", "'=1+1", "'Tis the toll", "It’s dear"]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_texts_that_a_spreadsheet_would_run_are_read_as_they_were_stored(tmp_path: Path, name: str) -> None:
    write_records(pa.table({"title": TITLES, "n": list(range(len(TITLES)))}), tmp_path / name)
    assert [record["title"] for _, record in read_records(tmp_path / name)] == TITLES


def test_a_file_for_people_tells_a_spreadsheet_its_encoding_and_holds_no_formula(tmp_path: Path) -> None:
    write_records(pa.table({"title": TITLES[:2]}), tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes() == b"\xef\xbb\xbftitle\n'=1+1\n'@handle is wrong\n"


@pytest.mark.parametrize("written", ["2.5", "2,5", 2.5])
def test_a_number_may_have_a_decimal_comma(written: object) -> None:
    assert number_of({"sampling_weight": written}, "sampling_weight") == 2.5


@pytest.mark.parametrize("written", ["1,234.5", "1,234,500", "many", "nan"])
def test_a_number_that_can_be_read_in_two_ways_or_in_none_is_refused(written: str) -> None:
    with pytest.raises(InputError, match="sampling_weight is '"):
        number_of({"sampling_weight": written}, "sampling_weight")


@pytest.mark.parametrize("written", ["13", "13.0", "13,0", 13, 13.0])
def test_a_whole_number_is_read_as_programs_write_it(written: object) -> None:
    assert whole_number_of({"stratum_size": written}, "stratum_size") == 13
    assert whole_number_of({"stratum_size": " "}, "stratum_size") is None


@pytest.mark.parametrize("written", ["1.000", "1,000", "2.5", "2,5", "-1", "9" * 400, True])
def test_a_whole_number_that_may_be_another_one_is_refused(written: object) -> None:
    with pytest.raises(InputError, match="stratum_size is '"):
        whole_number_of({"stratum_size": written}, "stratum_size")


@pytest.mark.parametrize(
    "written", ["2026-11-30T12:00:00", "2026-11-30T12:00:00Z", "2026-11-30T14:00:00+02:00"]
)
def test_the_same_moment_is_the_same_in_every_zone(written: str) -> None:
    assert str(moment_of(written)) == str(datetime(2026, 11, 30, 12, tzinfo=UTC))


def test_a_file_whose_name_ends_in_tsv_has_tabs_between_the_columns(tmp_path: Path) -> None:
    texts = ["one,two", "one\ttwo", 'one "two"']
    write_records(pa.table({"title": texts, "n": [1, 2, 3]}), tmp_path / "a.tsv")
    lines = (tmp_path / "a.tsv").read_text("utf-8-sig").splitlines()
    assert lines == ["title\tn", "one,two\t1", '"one\ttwo"\t2', '"one ""two"""\t3']
    assert [record["title"] for _, record in read_records(tmp_path / "a.tsv")] == texts


def test_a_file_with_a_very_long_text_that_was_written_here_is_read(tmp_path: Path) -> None:
    text = "Nobody asked. " * 20_000
    write_records(pa.table({"article_id": ["1"], "text": [text]}), tmp_path / "a.csv")
    before = csv.field_size_limit(131_072)  # as it is unless another part of the program has changed it
    try:
        assert [record["text"] for _, record in read_records(tmp_path / "a.csv")] == [text]
    finally:
        csv.field_size_limit(before)
