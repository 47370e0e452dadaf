"""Texts from files: the required form of each kind of file, and messages that name the place of a fault."""

import json
import math
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commentariat import InputError
from flows.cli.json_lines import json_lines_writer
from tasks.classify import ClassifierChoice
from tasks.classify_files import classify_texts, read_texts
from tasks.extract.extract import extract_page
from tasks.extract_files import extract_paths
from tasks.local_files.page_paths import page_paths
from tests.tasks.pages import page_of, prose


def lines(file: Path, *rows: object) -> Path:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def test_a_text_file_is_one_text_named_after_it(tmp_path: Path):
    file = tmp_path / "a.txt"
    file.write_bytes(b"\xef\xbb\xbfA text.")
    (text,) = read_texts([file], ("Tolls", "Trams"))
    assert (text.id, text.text) == ("a.txt", "A text.")
    assert [target.statement for target in text.targets] == ["Tolls", "Trams"]


@pytest.mark.parametrize(
    ("name", "content", "remedy"),
    [
        ("a.csv", "id,text\n1,The ferry is ours.\n", "a table of articles is a source of its own"),
        ("a.tsv", "id\ttext\n1\tThe ferry is ours.\n", "commentariat run --input"),
        ("a.rtf", r"{\rtf1\ansi The ferry is ours.}", "save the text as .txt"),
        ("a.eml", "From: Ada\n\n<html>The ferry is ours.", "save the text as .txt"),
        ("a.json", '[{"text": "The ferry is ours."}]', "one JSON object a line"),
        ("a.jsonlines", '{"text": "One."}\n{"text": "Two."}\n', "save the text as"),
        ("a.xlsm", "PK of a workbook", "save the table as .xlsx or .csv"),
        ("a.xz", "xz of a folder", "unpack it"),
        ("export.csv~", "id,text\n1,One.\n", "table of articles"),
        ("a.rss", "<?xml version='1.0'?><rss><channel></channel></rss>", 'type = "feed"'),
    ],
)
def test_a_file_that_is_neither_a_page_nor_a_text_is_refused_with_the_remedy(
    tmp_path: Path, name: str, content: str, remedy: str
):
    (tmp_path / name).write_text(content)
    with pytest.raises(InputError, match=r"files are not read as a page or a text; ") as refused:
        read_texts([tmp_path / name], ())
    assert remedy in str(refused.value)


@pytest.mark.parametrize("name", ["Column 12.11.2026", "St. Louis column", "Mr. Smith goes", "a.1", "a.txt~"])
def test_what_stands_behind_a_dot_in_a_title_is_no_ending(tmp_path: Path, name: str):
    (tmp_path / name).write_text("\n\n".join(prose(4)))
    (text,) = read_texts([tmp_path / name], ())
    assert text.text == "\n".join(prose(4))


def test_a_page_is_read_whatever_its_ending(tmp_path: Path):
    (tmp_path / "a.php").write_text(
        f"<html><body><article><p>{'</p><p>'.join(prose(4))}</p></article></body></html>"
    )
    (text,) = read_texts([tmp_path / "a.php"], ())
    assert text.text == "\n".join(prose(4))


def test_a_text_file_is_read_as_a_run_reads_it(tmp_path: Path):
    """Caption, note and headline are not part of the author's argument: a run keeps them apart from the body."""
    body = "\n".join(prose(6))
    caption, note = "The ferry at dusk. /AP", "Editor's note: Ada Birch is a writer. The views are her own."
    (tmp_path / "a.txt").write_text(f"{caption}\n{note}\n{body}\n")
    (tmp_path / "b.md").write_text(f"# Keep the *ferry*\n\n{body}\n")
    (tmp_path / "c.txt").write_bytes("Keep the café\n".encode("cp1252") + body.encode("cp1252"))
    for name, title in (("a.txt", None), ("b.md", "Keep the ferry"), ("c.txt", "Keep the café")):
        (text,) = read_texts([tmp_path / name], ())
        assert (text.id, text.title, text.text) == (name, title, body)
        media_type = "text/markdown" if name.endswith("md") else "text/plain"
        page = page_of((tmp_path / name).read_bytes(), media_type=media_type, url=(tmp_path / name).as_uri())
        article = extract_page(page)
        assert (text.title, text.text) == (article.title, article.text)


def test_a_text_that_a_run_would_find_too_short_is_read_too(tmp_path: Path):
    (tmp_path / "a.txt").write_text("Subscribe to our newsletter")
    (text,) = read_texts([tmp_path / "a.txt"], ())
    assert text.text == "Subscribe to our newsletter"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("Die Fähre gehört uns allen, und der Rat der Stadt darf sie nicht verkaufen. " * 9, "it is in de"),
        (" ".join(prose(2)) + "\nSubscribe to continue reading", "a paywall"),
        ("\n".join(prose(6)), None),
        ("The ferry is ours, and it stays.", None),
    ],
    ids=["another language", "a paywall", "an op-ed", "a short text"],
)
def test_a_text_that_a_run_would_leave_out_is_read_and_the_reason_is_kept(
    tmp_path: Path, content: str, reason: str | None
):
    (tmp_path / "a.txt").write_text(content, encoding="utf-8")
    (text,) = read_texts([tmp_path / "a.txt"], ())
    assert text.text
    assert (text.left_out or "").startswith(reason or "")
    assert bool(text.left_out) == bool(reason)


def test_a_row_may_have_a_title_and_its_text_is_read_as_it_is(tmp_path: Path):
    rows = {"id": 1, "title": "Keep it", "text": " # The\n ferry. "}, {"id": 2, "title": None, "text": "t"}
    titled, bare = read_texts([lines(tmp_path / "a.jsonl", *rows)], ())
    assert (titled.title, titled.text) == ("Keep it", " # The\n ferry. ")
    assert bare.title is None
    pq.write_table(pa.Table.from_pylist(list(rows)), tmp_path / "a.parquet")
    assert [text.title for text in read_texts([tmp_path / "a.parquet"], ())] == ["Keep it", None]


def test_a_row_with_a_target_is_asked_only_that(tmp_path: Path):
    file = lines(tmp_path / "a.jsonl", {"id": 7, "text": "t", "target": "Trams"}, {"id": 8, "text": "t"})
    own, other = read_texts([file], ("Tolls",))
    assert [target.statement for target in own.targets] == ["Trams"]
    assert [target.statement for target in other.targets] == ["Tolls"]
    assert (own.id, other.id) == ("7", "8")


def test_a_blank_target_of_a_row_is_no_target(tmp_path: Path):
    file = lines(
        tmp_path / "a.jsonl",
        {"id": 1, "text": "t", "target": "  "},
        {"id": 2, "text": "t", "target": " Trams\n"},
    )
    blank, own = read_texts([file], ("Tolls",))
    assert [target.statement for target in blank.targets] == ["Tolls"]
    assert [(target.id, target.statement) for target in own.targets] == [("Trams", "Trams")]


def test_a_blank_target_for_all_texts_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match="a target is blank"):
        read_texts([lines(tmp_path / "a.jsonl", {"id": 1, "text": "t"})], ("Tolls", " "))


def test_a_row_with_html_is_read_without_its_marks(tmp_path: Path):
    body = prose(4)
    rows = (
        {"id": 1, "text": "".join(f"<p>{paragraph}</p>" for paragraph in body)},
        {"id": 2, "text": "Keep it.<br>\nScrap the bridge.<br/>\nAsk us again."},
        {"id": 3, "text": "He said &ldquo;no&rdquo; and <em>meant</em> it, <b>twice</b>."},
        {"id": 4, "text": "Write <p> for a paragraph, and &amp; for a sign."},
    )
    tagged, broken, inline, about_html = read_texts([lines(tmp_path / "a.jsonl", *rows)], ())
    assert tagged.text == "\n".join(body)
    assert broken.text == "Keep it.\nScrap the bridge.\nAsk us again."
    assert inline.text == "He said “no” and meant it, twice."
    assert about_html.text == rows[3]["text"]


@pytest.mark.parametrize("ending", ["parquet", "pq"])
def test_parquet_is_read_like_json_lines(tmp_path: Path, ending: str):
    file = tmp_path / f"a.{ending}"
    pq.write_table(pa.table({"id": ["a", "b"], "text": ["t", "t"], "target": ["Trams", None]}), file)
    assert [len(text.targets) for text in read_texts([file], ())] == [1, 0]


def test_a_parquet_file_that_is_a_folder_of_parts_is_read_as_one_file(tmp_path: Path):
    folder = tmp_path / "posts.parquet"
    folder.mkdir()
    for number in (0, 1):
        pq.write_table(pa.table({"id": [f"{number}"], "text": ["t"]}), folder / f"part-{number}.parquet")
    assert [text.id for text in read_texts([folder], ())] == ["0", "1"]


def test_a_missing_value_or_half_a_character_in_json_costs_no_text(tmp_path: Path):
    """Python writes NaN for a missing value, and programs in JavaScript cut texts in the middle of an emoji."""
    file = lines(tmp_path / "a.jsonl", {"id": math.nan, "path": "a", "text": "Cut \ud83d", "title": math.nan})
    (text,) = read_texts([file], ())
    assert (text.id, text.text, text.title) == ("a", "Cut \ufffd", None)


def test_empty_lines_are_ignored(tmp_path: Path):
    file = tmp_path / "a.jsonl"
    file.write_text('\n{"id": 1, "text": "t"}\n\n')
    assert len(read_texts([file], ())) == 1


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonl", b"{nonsense}\n", "a.jsonl, line 1: not JSON"),
        ("a.jsonl", b'{"id": %s, "text": "t"}\n' % (b"9" * 5_000), "a.jsonl, line 1: not JSON"),
        ("a.jsonl", b'{"id": 123456789012345678901, "text": "t"}\n', "too many digits: write it in quotes"),
        ("a.jsonl", b'{"id": 1, "text": %s' % (b"[" * 100_000), "a.jsonl, line 1: not JSON"),
        ("a.jsonl", b'{"id": 1}\n', 'a.jsonl, row 1: needs a "text" that is a string'),
        ("a.jsonl", b'{"id": 1, "text": 7}\n', 'a.jsonl, row 1: needs a "text" that is a string'),
        ("a.jsonl", b'{"text": null}\n', 'a.jsonl, row 1: needs an "id", or else a "path" or a "url"'),
        ("a.jsonl", b'{"id": 1, "text": "t"}\n{"text": "t"}\n', 'a.jsonl, row 2: needs an "id"'),
        ("a.jsonl", b"[1]\n", 'row 1: needs a "text"'),
        ("a.parquet", b"no parquet", "a.parquet: not a Parquet file"),
        ("a.jsonl", b'{"id": 1, "text": "t", "title": 7}\n', 'row 1: "title" should be a string, not 7'),
        (
            "a.jsonl",
            b'{"id": 1, "text": "t", "target": ["A", "B"]}\n',
            "row 1: \"target\" should be a string, not ['A'",
        ),
        ("a.jsonl", b'{"id": 1, "text": "t", "target": {"statement": "A"}}\n', '"target" should be a string'),
        ("a.jsonl", b'{"id": 1, "text": "t", "target": 7}\n', 'row 1: "target" should be a string, not 7'),
        ("a.txt", b"\x00\x01\x02 no text", "a.txt: it is binary data, not a page or a text"),
        ("a.txt", b" \n", "a.txt: empty"),
        ("a.pdf", b"%PDF-1.7", "a.pdf: is a PDF"),
    ],
)
def test_a_fault_is_reported_with_file_line_and_remedy(
    tmp_path: Path, name: str, content: bytes, message: str
):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as raised:
        read_texts([tmp_path / name], ())
    assert message in str(raised.value)


def test_a_parquet_file_whose_column_has_a_name_that_is_not_utf_8_is_reported(tmp_path: Path):
    file = tmp_path / "a.parquet"
    pq.write_table(pa.table({"id": ["1"], "text": ["t"], "xyxy": ["x"]}), file, store_schema=False)
    file.write_bytes(file.read_bytes().replace(b"xyxy", b"x\xffx\xff"))
    with pytest.raises(InputError, match=r"a\.parquet: not a Parquet file"):
        read_texts([file], ())


def test_text_of_parquet_that_is_not_utf_8_loses_only_its_wrong_bytes(tmp_path: Path):
    file = tmp_path / "a.parquet"
    pq.write_table(pa.table({"id": [7.0], "text": ["caxyxy."]}), file, compression="none")
    file.write_bytes(file.read_bytes().replace(b"xyxy", b"f\xe9\xe9\xe9"))
    [text] = read_texts([file], ())
    assert text.text == "caf\ufffd\ufffd\ufffd."


def test_a_file_that_is_missing_is_reported(tmp_path: Path):
    with pytest.raises(InputError, match=r"missing\.txt: no such file or folder"):
        read_texts([tmp_path / "missing.txt"], ())


def test_a_folder_is_read_in_order_and_each_text_is_named_after_its_path_in_it(tmp_path: Path):
    for name in ("b.md", "a.txt", "sub/a.txt", "sub/c.markdown", "picture.png", "posts.jsonl"):
        (tmp_path / "texts" / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / "texts" / name).write_text("\n\n".join(prose(4)))
    (tmp_path / "texts" / "c.html").write_text(
        f"<html><body><article><p>{'</p><p>'.join(prose(4))}</p></article></body></html>"
    )
    texts = read_texts([tmp_path / "texts"], ("Tolls",))
    assert [text.id for text in texts] == ["a.txt", "b.md", "c.html", "sub/a.txt", "sub/c.markdown"]
    assert all(text.text == "\n".join(prose(4)) for text in texts)
    assert all(len(text.targets) == 1 for text in texts)


def test_files_of_the_same_name_have_different_ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    for name in ("monday/a.txt", "tuesday/a.txt", "b.txt"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text("The ferry is ours.")

    def ids(*names: str) -> list[str]:
        return [text.id for text in read_texts([Path(name) for name in names], ())]

    assert ids("monday/a.txt", "b.txt") == ["a.txt", "b.txt"]
    for names in (("monday/a.txt", "tuesday/a.txt", "b.txt"), ("monday", "tuesday", "b.txt")):
        assert ids(*names) == ["monday/a.txt", "tuesday/a.txt", "b.txt"]


def test_the_name_of_a_file_is_no_reason_to_name_others_by_path_if_its_rows_have_ids(tmp_path: Path):
    for folder in (tmp_path / "monday", tmp_path / "tuesday"):
        folder.mkdir()
        lines(folder / "posts.jsonl", {"id": folder.name, "text": "t"})
    (tmp_path / "a.txt").write_text("The ferry is ours.")
    named = [tmp_path / name for name in ("monday/posts.jsonl", "tuesday/posts.jsonl", "a.txt")]
    assert [text.id for text in read_texts(named, ())] == ["monday", "tuesday", "a.txt"]


def test_a_file_of_a_folder_that_cannot_be_read_is_left_out_and_the_remark_says_why(tmp_path: Path):
    for name, content in (
        ("a.txt", b"The ferry is ours."),
        ("b.txt", b" \n"),
        ("c.txt", b"\x00\x01\x02 no text"),
        ("d.md", b"+++\nn = " + b"1" * 5000 + b"\n+++\n\nThe ferry is ours."),
    ):
        (tmp_path / name).write_bytes(content)
    remarks: list[str] = []
    (text,) = read_texts([tmp_path], (), remark=remarks.append)
    assert text.id == "a.txt"
    (remark,) = remarks
    assert remark.startswith(
        f"{tmp_path}: 3 of 4 texts are left out, as there is nothing to read: b.txt (empty), "
        "c.txt (it is binary data, not a page or a text), d.md (the front matter between +++ is not valid TOML: "
    )


def test_a_text_on_which_the_extractor_fails_is_as_one_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fails(*_: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr("tasks.extract.extract.read_page", fails)
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.txt").write_text("The ferry is ours.")
    row = {"id": 1, "text": "<p>The ferry is ours.</p><p>So is the quay.</p>"}
    remarks: list[str] = []
    (text,) = read_texts([folder, lines(tmp_path / "b.jsonl", row)], (), remark=remarks.append)
    assert text.text == row["text"], "the text of a row is then read as it is"
    why = "reading it failed: RecursionError: too deep"
    assert remarks == [f"{folder}: 1 of 1 texts is left out, as there is nothing to read: a.txt ({why})"]
    with pytest.raises(InputError, match=f"a.txt: {why}"):
        read_texts([folder / "a.txt"], ())


def test_of_many_texts_that_are_left_out_only_some_are_named(tmp_path: Path):
    rows = [{"id": number, "text": None} for number in range(9)]
    remarks: list[str] = []
    file = lines(tmp_path / "a.jsonl", *rows)
    assert read_texts([file], (), remark=remarks.append) == []
    (remark,) = remarks
    assert remark.startswith(
        f"{file}: 9 of 9 texts are left out, as there is nothing to read: 0 (its text is null), "
    )
    assert remark.endswith(" and 4 more")


@pytest.mark.parametrize("text", ["", " \n\t", "<p> </p>"])
@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_a_row_whose_text_is_empty_is_left_out_and_the_remark_says_so(tmp_path: Path, text: str, kind: str):
    rows = [
        {"id": "a", "text": "The ferry is ours."},
        {"id": "b", "text": text, "target": "Ferries are good"},
    ]
    file = tmp_path / f"a.{kind}"
    if kind == "jsonl":
        lines(file, *rows)
    else:
        pq.write_table(pa.Table.from_pylist(rows), file)
    remarks: list[str] = []
    assert [read.id for read in read_texts([file], (), remark=remarks.append)] == ["a"]
    assert remarks == [
        f"{file}: 1 of 2 texts is left out, as there is nothing to read: b (its text is empty)"
    ]


@pytest.mark.parametrize("pages", [Path("pages"), Path("../below/pages")], ids=str)
def test_records_of_extract_are_read_and_those_without_a_text_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pages: Path
):
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    pages.mkdir()
    (pages / "a.html").write_text(
        "<html><head><title>Keep the ferry</title></head><body><article><h1>Keep the ferry</h1>"
        f"<p>{'</p><p>'.join(prose(6))}</p></article></body></html>"
    )
    (pages / "b.txt").write_bytes(b"")
    records = list(extract_paths(page_paths([pages])))
    with json_lines_writer(Path("pages.jsonl")) as write:
        for record in records:
            write(record)
    remarks: list[str] = []
    (text,) = read_texts([Path("pages.jsonl")], (), remark=remarks.append)
    assert text.id == f"{pages}/a.html" and text.text
    assert (text.title, text.text) == (records[0]["title"], records[0]["text"])
    assert remarks == [
        f"pages.jsonl: 1 of 2 texts is left out, as there is nothing to read: {pages}/b.txt (empty)"
    ]
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"^below/\.\./below/pages/b\.txt: empty$"):
        read_texts([Path("below/../below/pages/b.txt")], ())


def test_a_row_without_an_id_is_named_after_its_path_or_else_its_url(tmp_path: Path):
    rows = (
        {"path": "a.html", "url": "https://a.example/a", "text": "t"},
        {"id": None, "path": None, "url": "https://a.example/b", "text": "t"},
        {"id": 3, "path": "c.html", "url": "https://a.example/c", "text": "t"},
    )
    names = ["a.html", "https://a.example/b", "3"]
    assert [text.id for text in read_texts([lines(tmp_path / "a.jsonl", *rows)], ())] == names
    pq.write_table(pa.Table.from_pylist([row | {"id": None} for row in rows[:2]]), tmp_path / "a.parquet")
    assert [text.id for text in read_texts([tmp_path / "a.parquet"], ())] == names[:2]


def test_records_come_in_order_and_in_batches(tmp_path: Path):
    rows = [{"id": n, "text": f"Cities should charge drivers, says number {n}."} for n in range(5)]
    texts = read_texts([lines(tmp_path / "a.jsonl", *rows)], ("Cities should charge drivers",))
    batches = list(classify_texts(texts, ClassifierChoice(threads=1), batch_size=2))
    assert [count for _, count in batches] == [2, 2, 1]
    records = [record for batch, _ in batches for record in batch]
    assert [record["id"] for record in records] == ["0", "1", "2", "3", "4"]
    for record, row in zip(records, rows, strict=True):
        shares = record["p_favor"] + record["p_against"] + record["p_neutral"]
        assert shares == pytest.approx(record["relevance"], abs=1e-3)
        assert record["stance"] in ("favor", "against", "neutral", "unsure")
        assert record["about"] or (record["stance"], record["evidence"]) == ("neutral", [])
        for evidence in record["evidence"]:
            assert row["text"][evidence["start"] : evidence["end"]] == evidence["text"]


def test_a_record_marks_evidence_that_the_author_quotes(tmp_path: Path):
    others = "“Cities should charge drivers for every mile in the centre,” said the minister on Monday."
    texts = read_texts(
        [lines(tmp_path / "a.jsonl", {"id": 1, "text": others})], ("Cities should charge drivers",)
    )
    [([record], _)] = classify_texts(texts, ClassifierChoice(threads=1))
    assert [evidence["quoted"] for evidence in record["evidence"]] == [True]
