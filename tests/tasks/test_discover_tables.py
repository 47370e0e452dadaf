"""A table of articles: its columns are named, every row becomes an item or a problem, and texts are found again."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from zipfile import ZipFile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pydantic import ValidationError

from commentariat import InputError
from tasks.discover.tables import mapped
from tasks.fetch.fetcher import Fetcher, FetchSettings, fetch_batch
from tasks.sources import Source, source_from_input
from tests.tasks.test_discover_files import found, texts

HEAD = ["Headline", "Author", "Publication Date", "Newspaper", "Body", "Pages"]
ROWS = [
    ["Make drivers pay", "Ada Writer; Bo Writer", "2026-11-20", "Ledger", "First, a text.\nWith another line.", "3"],
    ["Keep it free", "", "", "", 'He said "no", and left.', ""],
    ["Straßen für alle", "Çelik", "2026-11-21T10:00:00+01:00", "Zürich", "Über den Verkehr.", "1"],
]  # fmt: skip


def as_csv(rows: list[list[str]], delimiter: str = ",") -> str:
    return "".join(delimiter.join('"' + c.replace('"', '""') + '"' for c in row) + "\r\n" for row in rows)


def workbook(path: Path, rows: list[list[str | float]]) -> None:
    """Write a minimal XLSX file with texts and numbers in its cells; all sheets except the first are empty."""
    cells = "".join("<row>" + "".join(_cell(c) for c in row) + "</row>" for row in rows)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    with ZipFile(path, "w") as packed:
        packed.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>'
            f'<Override PartName="/xl/s.xml" ContentType="{types}.worksheet+xml"/></Types>',
        )
        packed.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="a" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        packed.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="a" Type="{office}/worksheet" Target="s.xml"/>'
            "</Relationships>",
        )
        packed.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="A" sheetId="1" r:id="a"/></sheets>'
            "</workbook>",
        )
        packed.writestr("xl/s.xml", f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>')


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'
    return f"<c><v>{value}</v></c>"


def write(path: Path) -> None:
    table = [HEAD, *ROWS]
    match path.suffix:
        case ".csv":
            path.write_text("\ufeff" + as_csv(table, ";"), encoding="utf-8", newline="")
        case ".tsv":
            path.write_bytes(as_csv(table, "\t").encode("cp1252", errors="replace"))
        case ".jsonl":
            path.write_text("\n".join(json.dumps(dict(zip(HEAD, row, strict=True))) for row in ROWS))
        case ".parquet":
            pq.write_table(pa.Table.from_pylist([dict(zip(HEAD, row, strict=True)) for row in ROWS]), path)
        case _:
            workbook(path, table)


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.xlsx", "a.jsonl", "a.parquet"])
async def test_every_kind_of_table_brings_its_rows_with_their_texts(tmp_path: Path, name: str) -> None:
    write(tmp_path / name)
    result = await found(tmp_path / name, "table")
    assert result.problems == () and result.left_out == ()
    assert result.notes == (
        f"{name}: text = 'Body', title = 'Headline', authors = 'Author', published_at = 'Publication Date', "
        "outlet = 'Newspaper'; not used: Pages",
    )
    by_title = {item.title_hint: item for item in result.items}
    first = by_title["Make drivers pay"]
    assert first.authors_hint == ("Ada Writer", "Bo Writer") and first.outlet == "Ledger"
    assert first.published_hint == datetime(2026, 11, 20, tzinfo=UTC)
    assert by_title["Straßen für alle"].published_hint == datetime(2026, 11, 21, 9, tzinfo=UTC)
    text_of = await texts(result.items)
    assert text_of[first.url].splitlines() == ["First, a text.", "With another line."]
    assert text_of[by_title["Keep it free"].url] == 'He said "no", and left.'
    assert text_of[by_title["Straßen für alle"].url] == "Über den Verkehr."


@pytest.mark.parametrize("name", ["a.xlsx", "a.parquet", "a.jsonl"])
async def test_numbers_are_read_as_people_see_them(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    head, row = ["id", "title", "date", "text"], [7.0, 1984.0, 20261103.0, "The text."]
    record = dict(zip(head, row, strict=True))
    if name == "a.xlsx":
        workbook(path, [head, row])
    elif name == "a.parquet":
        pq.write_table(pa.Table.from_pylist([record]), path)
    else:
        path.write_text(json.dumps(record))
    for type_ in ("table",) if name == "a.xlsx" else ("table", "files"):
        [item] = (await found(path, type_)).items
        assert item.url.endswith(f"/{name}#7") and item.title_hint == "1984"
        assert item.published_hint == datetime(2026, 11, 3, tzinfo=UTC)
        assert await texts((item,)) == {item.url: "The text."}


async def test_a_number_that_is_not_whole_or_not_there_is_no_id_and_no_title(tmp_path: Path) -> None:
    rows = [{"id": 1.5, "title": float("nan"), "date": float("inf"), "text": "The text."}]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    [item] = (await found(tmp_path / "a.parquet", "table")).items
    assert "#text-" in item.url and (item.title_hint, item.published_hint) == (None, None)


async def test_a_date_written_as_a_number_is_read_in_the_stated_form(tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx", [["date", "text"], [24112026.0, "The text."]])
    [item] = (await found(tmp_path / "a.xlsx", "table", dates=["%d%m%Y"])).items
    assert item.published_hint == datetime(2026, 11, 24, tzinfo=UTC)


async def test_columns_and_dates_are_read_as_stated(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Wann,Volltext,Text\n24.11.2026,The text.,a teaser\n")
    result = await found(
        tmp_path / "a.csv", "table", columns={"text": "Volltext", "published_at": "Wann"}, dates=["%d.%m.%Y"]
    )
    assert result.notes == ("a.csv: text = 'Volltext', published_at = 'Wann'; not used: Text",)
    [item] = result.items
    assert item.published_hint == datetime(2026, 11, 24, tzinfo=UTC)
    assert await texts(result.items) == {item.url: "The text."}


async def test_bad_rows_are_named_by_number_and_other_rows_are_taken(tmp_path: Path) -> None:
    lines = [
        "id,text,date,url",
        "a,Text a.,2026-11-20,",
        "b,Text b.",
        'c,"An open quote,2026-11-20,',
        "d,Text d.,2026-11-20,",
        "e,Text e.,20/11/2026,",
        "f,,,",
        "a,Text again.,,",
        "g,Text g.,,javascript:x",
        ",,,",
        'h,"Two\nlines.",,',
        "i,Text i.,,https://site.example/i",
        "j,Text j.,,https://site.example/i?utm_source=x",
    ]
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n")
    result = await found(tmp_path / "a.csv", "table")
    assert [item.url.rpartition("/")[2] for item in result.items] == ["a.csv#a", "a.csv#d", "a.csv#h", "i"]
    reasons = {one.url.rpartition("row%3D")[2]: one.reason for one in result.problems}
    assert reasons["3"] == "a.csv: row 3 is not read: it has 2 columns, the header has 4"
    assert "row 4 is not read" in reasons["4"]
    assert (
        "the date '20/11/2026' is not of the form" in reasons["6"] and 'dates = ["%d/%m/%Y"]' in reasons["6"]
    )
    assert "row 7 has neither a text nor an address" in reasons["7"]
    assert "row 8 has the id of row 2" in reasons["8"]
    assert "javascript" in reasons["9"]
    assert "row 12 has the address of row 11" in reasons["12"]
    assert len(result.items) + len(result.problems) == 11, "each row but the empty one has its outcome"
    text_of = await texts(result.items)
    assert text_of[result.items[1].url] == "Text d." and text_of[result.items[2].url] == "Two\nlines."


async def test_a_text_is_whole_whatever_separates_lines_or_paragraphs_in_it(tmp_path: Path) -> None:
    told = {
        name: f"Before it.{mark}After it."
        for name, mark in zip("abcde", "\u2028\u2029\x0c\x85\x1c", strict=True)
    }
    (tmp_path / "a.csv").write_text("id,text\n" + "".join(f"{name},{text}\n" for name, text in told.items()))
    result = await found(tmp_path / "a.csv", "table")
    assert {url[-1]: text for url, text in (await texts(result.items)).items()} == told


async def test_a_byte_that_its_code_page_does_not_have_costs_one_character(tmp_path: Path) -> None:
    lines = [b"id,text", "a,Stra\xdfe".encode("cp1252") + b" and \x9d here.", b"b,Another text."]
    (tmp_path / "a.csv").write_bytes(b"\n".join(lines))
    result = await found(tmp_path / "a.csv", "table")
    assert list((await texts(result.items)).values()) == ["Straße and \ufffd here.", "Another text."]


async def test_the_name_of_a_column_may_have_two_lines(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('"Pages\n(printed)",id,text\n3,1,The text.\n')
    result = await found(tmp_path / "a.csv", "table")
    assert result.problems == () and "not used: Pages" in result.notes[0]
    assert list((await texts(result.items)).values()) == ["The text."]


async def test_rows_without_an_id_keep_their_names_when_rows_move(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text("text\nOne text.\nAnother text.\nOne text.\n")
    before = await found(table, "table")
    table.write_text("text\nA new text.\nAnother text.\nOne text.\n")
    after = await found(table, "table")
    assert len({item.url for item in before.items}) == 3, "a text that occurs twice is two rows, and a copy"
    assert {item.url for item in before.items} & {item.url for item in after.items} == {
        before.items[0].url,
        before.items[1].url,
    }


async def test_a_row_with_an_address_and_no_text_is_fetched_from_there(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("link,headline\nhttps://site.example/a,A\n")
    [item] = (await found(tmp_path / "a.csv", "table")).items
    assert (item.url, item.location) == ("https://site.example/a", None)


async def test_dates_of_a_parquet_file_are_dates(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": ["A text."], "date": [date(2026, 11, 20)]}), tmp_path / "a.parquet")
    [item] = (await found(tmp_path / "a.parquet", "table")).items
    assert item.published_hint == datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", b"", "its first row should name the columns"),
        (
            "a.csv",
            b"title,date\nA,2026-11-20\n",
            "none of its columns holds a text or an address: title, date",
        ),
        ("a.csv", b"text,text\na,b\n", "the column 'text' is there more than once"),
        ("a.csv", b"id,text\r1,A text.\r2,Another.\r", "its lines end in carriage returns alone"),
        (
            "a.csv",
            b'id,"text\n1,A text.\n2,Another.\n',
            "its first row, which names the columns, is not read",
        ),
        ("a.csv", "text\nä".encode("utf-16"), "it is UTF-16; save it as CSV in UTF-8"),
        ("a.xlsx", b"no workbook", "not a readable workbook"),
        ("a.parquet", b"no parquet", "not a readable Parquet file"),
        ("a.docx", b"x", ".docx is no table; known are .csv"),
    ],
)
async def test_a_file_that_is_no_table_is_reported_with_the_remedy(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(content)
    [problem] = (await found(tmp_path / name, "table")).problems
    assert problem.outcome == "unsupported_type" and reason in problem.reason


async def test_a_table_that_is_gone_or_has_changed_is_an_outcome(tmp_path: Path) -> None:
    [problem] = (await found(tmp_path / "nowhere.csv", "table")).problems
    assert problem.outcome == "fetch_failed"
    table = tmp_path / "a.csv"
    table.write_text("id,text\n1,The text of a row.\n")
    items = (await found(table, "table")).items
    table.write_text("other,columns\n")
    async with Fetcher(FetchSettings()) as fetcher:
        _, [outcome], _ = await fetch_batch(fetcher, items)
    assert outcome.outcome == "fetch_failed" and "not there any more" in outcome.reason


def test_a_configured_column_must_exist() -> None:
    with pytest.raises(InputError, match="there is no column 'Boddy'; there are Body, Title"):
        mapped(("Body", "Title"), {"text": "Boddy"}, "a.csv")


def test_only_a_table_has_columns_and_only_those_there_are() -> None:
    of = {"name": "s", "location": "a.csv"}
    with pytest.raises(ValidationError, match='they need type = "table"'):
        Source.model_validate(of | {"type": "files", "dates": ["%Y"]})
    with pytest.raises(ValidationError, match="columns"):
        Source.model_validate(of | {"type": "table", "columns": {"txt": "Body"}})


@pytest.mark.parametrize(
    ("name", "source_type"),
    [("a.csv", "table"), ("a.tsv", "table"), ("a.xlsx", "table"), ("a.jsonl", "files")],
)
def test_a_table_given_as_input_is_known_by_its_ending(tmp_path: Path, name: str, source_type: str) -> None:
    (tmp_path / name).write_text("text\nA text.\n")
    assert source_from_input(str(tmp_path / name)).type == source_type


def test_a_csv_of_addresses_alone_is_a_list_as_before(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("https://site.example/a\nhttps://site.example/b\n")
    assert source_from_input(str(tmp_path / "a.csv")).type == "urls"
