"""Files of answers are read as people and programs write them."""

from pathlib import Path

import pytest

from commentariat import InputError
from tasks.review.exchange import read_annotations
from tasks.review.records import read_records, text_of


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
