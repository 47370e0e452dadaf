"""A table of articles: its columns are named, every row becomes an item or a problem, and texts are found again."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from time import process_time
from zipfile import ZipFile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pydantic import ValidationError

from commentariat import InputError
from tasks.addresses.urls import file_url
from tasks.discover.tables import mapped
from tasks.fetch.batch import fetch_batch
from tasks.fetch.fetcher import Fetcher
from tasks.fetch.settings import FetchSettings
from tasks.local_files.csv_lines import LARGEST_CELL
from tasks.local_files.sheet import BadRow, TableRow
from tasks.local_files.table_rows import open_table
from tasks.local_files.workbooks import extent
from tasks.named_inputs import source_from_input
from tasks.sources import Source
from tests.tasks.discover.test_files import found, texts

HEAD = ["Headline", "Author", "Publication Date", "Newspaper", "Body", "Pages"]
ROWS = [
    ["Make drivers pay", "Ada Writer; Bo Writer", "2026-11-20", "Ledger", "First, a text.\nWith another line.", "3"],
    ["Keep it free", "", "", "", 'He said "no", and left.', ""],
    ["Straßen für alle", "Çelik", "2026-11-21T10:00:00+01:00", "Zürich", "Über den Verkehr.", "1"],
]  # fmt: skip


def as_csv(rows: list[list[str]], delimiter: str = ",") -> str:
    return "".join(delimiter.join('"' + c.replace('"', '""') + '"' for c in row) + "\r\n" for row in rows)


def text_cell(text: str, place: str = "") -> str:
    where = f'r="{place}" ' if place else ""
    return f'<c {where}t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def cell(value: str | float) -> str:
    return text_cell(value) if isinstance(value, str) else f"<c><v>{value}</v></c>"


def row_of(cells: str, number: int) -> str:
    return f'<row r="{number}">{cells}</row>'


def workbook(path: Path, rows: list[list[str | float]]) -> None:
    """Write a minimal XLSX file with texts and numbers in its cells; all sheets except the first are empty."""
    workbook_of(path, "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows))


def workbook_of(path: Path, cells: str) -> None:
    """Write a minimal XLSX file with a sheet of these rows."""
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


async def test_an_outlet_has_one_name_whatever_spaces_and_line_ends_its_cells_have(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    names = ["The Times", "The Times ", "\tThe  Times", "The\nTimes", "The\u00a0Times", " "]
    rows = [["A title", "", "", name, f"Text {number}.", ""] for number, name in enumerate(names)]
    path.write_text(as_csv([HEAD, *rows]), encoding="utf-8", newline="")
    result = await found(path, "table")
    assert {item.outlet for item in result.items} == {"The Times", None} and len(result.items) == len(names)
    configured = await found(path, "table", outlet=" The Times ")
    assert {item.outlet for item in configured.items} == {"The Times"}


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
        "g,,,javascript:x",
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
    assert "row 13 has the address of row 12" in reasons["13"], "an empty row is counted, as in a spreadsheet"
    assert len(result.items) + len(result.problems) == 11, "each row but the empty one has its outcome"
    text_of = await texts(result.items)
    assert text_of[result.items[1].url] == "Text d." and text_of[result.items[2].url] == "Two\nlines."


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.xlsx"])
@pytest.mark.parametrize("above", [0, 2])
async def test_a_row_has_the_number_of_a_spreadsheet_also_below_empty_rows(
    tmp_path: Path, name: str, above: int
) -> None:
    path, rows = tmp_path / name, [["id", "text"], ["1", "A text."], [], ["", ""], ["2", ""], ["3", "More."]]
    if name == "a.xlsx":
        cells = {
            number: [text_cell(value, f"{column}{number}") for column, value in zip("BC", row, strict=False)]
            for number, row in enumerate(rows, start=above + 1)
        }
        workbook_of(path, "".join(row_of("".join(row), number) for number, row in cells.items()))
    else:
        delimiter = "\t" if name == "a.tsv" else ","
        path.write_text("\n" * above + "".join(delimiter.join(row) + "\n" for row in rows))
    result = await found(path, "table")
    assert [(item.url.rpartition("#")[2], item.row) for item in result.items] == [
        ("1", above + 2),
        ("3", above + 6),
    ]
    [problem] = result.problems
    assert problem.reason == f"{name}: row {above + 5} has neither a text nor an address"
    assert problem.url == file_url(path, f"row={above + 5}")
    assert list((await texts(result.items)).values()) == ["A text.", "More."]


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


async def test_a_wrong_byte_leaves_the_other_characters_of_a_file_as_they_are(tmp_path: Path) -> None:
    content = (
        "id,title,author,text\n1,Don’t wait,José Núñez,A café text\n2,Plain,Léa,it".encode()
        + b"\x92s cr\xe8me\n"
    )
    (tmp_path / "a.csv").write_bytes(content)
    result = await found(tmp_path / "a.csv", "table")
    assert [item.title_hint for item in result.items] == ["Don’t wait", "Plain"]
    assert result.items[0].authors_hint == ("José Núñez",)
    assert list((await texts(result.items)).values()) == ["A café text", "it’s cr\ufffdme"]
    assert any("2 characters are not in UTF-8" in note for note in result.notes)


async def test_a_row_of_another_encoding_among_rows_in_utf8_keeps_its_letters(tmp_path: Path) -> None:
    rows = (
        "id,text\n1,José Núñez and Zoë\n".encode(),
        "2,“café” Muñoz\n".encode("cp1252"),
        b"3,a \x9d sign\xe9\n",
    )
    (tmp_path / "a.csv").write_bytes(b"".join([rows[0] * 5, *rows[1:]]))
    result = await found(tmp_path / "a.csv", "table")
    assert list((await texts(result.items)).values())[-2:] == ["“café” Muñoz", "a \ufffd signé"]


async def test_a_file_of_another_encoding_is_not_taken_for_utf8(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("id,title,text\n1,Crème,It’s a “café” in Nîmes\n".encode("cp1252"))
    result = await found(tmp_path / "a.csv", "table")
    assert list((await texts(result.items)).values()) == ["It’s a “café” in Nîmes"]


@pytest.mark.parametrize(("of_head", "of_rows"), [("cp1252", "utf-8"), ("utf-8", "cp1252")])
@pytest.mark.parametrize("rows", [1, 20])
async def test_the_names_of_columns_may_be_in_another_encoding_than_the_rows(
    tmp_path: Path, of_head: str, of_rows: str, rows: int
) -> None:
    head = "id;Überschrift;Größe;Text\n".encode(of_head)
    told = [f"{number};Für alle;3;Über die Straße zu José.\n".encode(of_rows) for number in range(rows)]
    (tmp_path / "a.csv").write_bytes(head + b"".join(told))
    result = await found(tmp_path / "a.csv", "table", columns={"title": "Überschrift"})
    assert result.problems == ()
    assert [item.title_hint for item in result.items] == ["Für alle"] * rows
    assert set((await texts(result.items)).values()) == {"Über die Straße zu José."}
    named, remark = result.notes
    assert "title = 'Überschrift'" in named and "not used: Größe" in named
    assert "in UTF-8" in remark and "Windows-1252" in remark


async def test_a_mark_of_utf8_at_the_beginning_does_not_stay_in_a_file_of_another_encoding(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.csv").write_bytes(
        b"\xef\xbb\xbfid,text\n" + "1,Crème brûlée à Nîmes\n".encode("cp1252") * 3
    )
    result = await found(tmp_path / "a.csv", "table")
    assert [item.url.rpartition("#")[2] for item in result.items] == ["1"], "the same id, three times"
    assert list((await texts(result.items)).values()) == ["Crème brûlée à Nîmes"]
    assert len(result.notes) == 1, "no line is in UTF-8"


async def test_bytes_of_windows_that_are_a_character_of_utf8_by_chance_stay_those_of_windows(
    tmp_path: Path,
) -> None:
    lines = ["id,text", "1,Le café d’été", "2,CAFÉ’S", "3,LIBERTÉ\xa0: non"]
    (tmp_path / "a.csv").write_bytes("\n".join(lines).encode("cp1252"))
    result = await found(tmp_path / "a.csv", "table")
    assert list((await texts(result.items)).values()) == ["Le café d’été", "CAFÉ’S", "LIBERTÉ\xa0: non"]
    assert len(result.notes) == 1, "nothing is in doubt"


@pytest.mark.parametrize(
    ("text", "kept"),
    [("caf\u00e9", "caf"), ("no “quotes”", "no “quotes"), ("“”", "“"), ("a \U0001f600", "a ")],
)
@pytest.mark.parametrize("before", ["", "a,Il était une fois.\n"])
async def test_a_file_that_ends_inside_a_character_loses_this_one_only_and_says_so(
    tmp_path: Path, text: str, kept: str, before: str
) -> None:
    whole = f"id,text\n{before}b,{text}".encode()
    for cut in range(1, len(text[-1].encode())):
        table = tmp_path / f"without-{cut}.csv"
        table.write_bytes(whole[:-cut])
        result = await found(table, "table")
        assert result.problems == ()
        text_of = {url[-1]: one for url, one in (await texts(result.items)).items()}
        assert text_of == {**({"a": "Il était une fois."} if before else {}), "b": f"{kept}\ufffd"}
        assert len(result.notes) == 2 and "ends in the middle of a character" in result.notes[1]


async def test_a_last_row_that_is_cut_in_a_quoted_cell_is_one_bad_row(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes('id,text\na,Il était une fois.\nb,"Un café'.encode()[:-1])
    result = await found(tmp_path / "a.csv", "table")
    assert list((await texts(result.items)).values()) == ["Il était une fois."]
    [problem] = result.problems
    assert problem.reason.startswith("a.csv: row 3 is not read")
    assert "ends in the middle of a character" in result.notes[1]


async def test_a_letter_of_windows_at_the_very_end_is_that_letter(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("id,text\na,Il a chanté".encode("cp1252"))
    result = await found(tmp_path / "a.csv", "table")
    assert list((await texts(result.items)).values()) == ["Il a chanté"]
    assert len(result.notes) == 1


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


@pytest.mark.parametrize("value", [False, [], {}, {"$date": "2026-11-03T00:00:00Z"}])
async def test_a_value_that_can_be_no_date_leaves_a_row_of_json_lines_undated(
    tmp_path: Path, value: object
) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": "The text.", "date": value}) + "\n")
    result = await found(tmp_path / "a.jsonl", "table")
    [item] = result.items
    assert item.published_hint is None and not result.problems


async def test_dates_of_a_parquet_file_are_dates(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": ["A text."], "date": [date(2026, 11, 20)]}), tmp_path / "a.parquet")
    [item] = (await found(tmp_path / "a.parquet", "table")).items
    assert item.published_hint == datetime(2026, 11, 20, tzinfo=UTC)


async def test_the_first_day_of_a_clock_stands_for_no_date_in_a_parquet_file(tmp_path: Path) -> None:
    days = [date(1970, 1, 1), date(1899, 12, 30), date(1985, 3, 2)]
    pq.write_table(pa.table({"text": ["A.", "B.", "C."], "date": days}), tmp_path / "a.parquet")
    for type_ in ("table", "files"):
        result = await found(tmp_path / "a.parquet", type_)
        hints = [item.published_hint for item in result.items]
        assert hints == [datetime(1985, 3, 2, tzinfo=UTC), None, None], f"{type_}: the newest comes first"
        assert result.problems == ()
        assert "the dates of 2 rows are not used, like '1970-01-01'" in result.notes[-1], type_


@pytest.mark.parametrize(("number", "shown"), [(45986.0, "45986"), (45986.25, "45986.25")])
@pytest.mark.parametrize("name", ["a.xlsx", "a.parquet"])
async def test_a_row_is_reported_if_its_date_is_a_number_that_is_no_date(
    tmp_path: Path, name: str, number: float, shown: str
) -> None:
    path = tmp_path / name
    if name == "a.xlsx":
        workbook(path, [["date", "text"], [number, "The text."]])
    else:
        pq.write_table(pa.Table.from_pylist([{"date": number, "text": "The text."}]), path)
    result = await found(path, "table")
    assert result.items == ()
    [problem] = result.problems
    assert f"the date '{shown}' is not of the form 2026-11-24" in problem.reason
    assert problem.reason.endswith("or give the cells the type of a date")


@pytest.mark.parametrize("number", [None, 0.0, float("nan"), float("inf")])
async def test_a_number_that_stands_for_no_date_leaves_a_row_undated(
    tmp_path: Path, number: float | None
) -> None:
    table = pa.table({"date": pa.array([number], pa.float64()), "text": ["The text."]})
    pq.write_table(table, tmp_path / "a.parquet")
    result = await found(tmp_path / "a.parquet", "table")
    assert [item.published_hint for item in result.items] == [None] and result.problems == ()


@pytest.mark.parametrize(
    ("options", "days"),
    [
        ({}, ["1970-01-01", "2099-01-01", "2026-11-24"]),
        ({"dates": ["%d/%m/%Y"]}, ["01/01/1970", "01/01/2099", "24/11/2026"]),
    ],
)
async def test_a_row_with_a_date_in_the_right_form_that_no_article_can_have_is_taken_without_a_date(
    tmp_path: Path, options: dict[str, object], days: list[str]
) -> None:
    rows = "".join(f"{number},Text {number}.,{day}\n" for number, day in enumerate(days))
    (tmp_path / "a.csv").write_text(f"id,text,date\n{rows}")
    result = await found(tmp_path / "a.csv", "table", **options)
    assert result.problems == ()
    assert f"the dates of 2 rows are not used, like {days[0]!r}" in result.notes[-1]
    hints = {item.url.rpartition("#")[2]: item.published_hint for item in result.items}
    assert hints == {"0": None, "1": None, "2": datetime(2026, 11, 24, tzinfo=UTC)}


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


FIRST = row_of(text_cell("text", "A1"), 1) + row_of(text_cell("A text.", "A2"), 2)


@pytest.mark.parametrize(
    "far",
    [
        row_of(text_cell("x", "XFD1048576"), 1_048_576),
        row_of(text_cell("x", "ZZZZZZZ2"), 2),
        row_of(text_cell("x", "Z" * 30 + "2").replace("=", "\n= "), 2),
        row_of(text_cell("x", "A4294967295"), 4_294_967_295),
        row_of(text_cell("x"), 4_294_967_295).replace("row", "x:row"),
        row_of(text_cell("x", "A" + "9" * 5_000), 2),
        row_of(text_cell("x") * 100, 1_000_000),
    ],
)
async def test_a_value_far_from_the_table_is_a_problem_and_does_not_end_the_process(
    tmp_path: Path, far: str
) -> None:
    workbook_of(tmp_path / "a.xlsx", FIRST + far)
    [problem] = (await found(tmp_path / "a.xlsx", "table")).problems
    assert problem.outcome == "unsupported_type"
    assert problem.reason.startswith("a.xlsx: the filled cells of a sheet lie") and "CSV" in problem.reason


def test_the_extent_of_a_sheet_is_that_of_its_filled_cells_wherever_its_blocks_are_cut(
    tmp_path: Path,
) -> None:
    far = '<c r="XFD1048576" s="1"/>'
    rows = [
        row_of(text_cell("x", "C5") + text_cell("x") + '<c s="1"/>', 5),
        "<row/><row><c/><c><v>1</v></c></row>",
        row_of(far, 1_048_576),
    ]
    sheet = (FIRST + "".join(rows)).encode()
    for size in (1, 7, 50, 10_000):
        blocks = (sheet[at : at + size] for at in range(0, len(sheet), size))
        assert extent(blocks, tmp_path) == (7, 4), "from A1 to D5 and B7"


async def test_cells_that_have_only_a_format_make_no_sheet_too_large(tmp_path: Path) -> None:
    workbook_of(tmp_path / "a.xlsx", FIRST + row_of('<c r="XFD1048576" s="0"/>', 1_048_576))
    result = await found(tmp_path / "a.xlsx", "table")
    assert result.problems == () and list((await texts(result.items)).values()) == ["A text."]


@pytest.mark.timeout(30)
@pytest.mark.parametrize("line", ["a line of a text without an end", 'a",",'], ids=["open", "reopened"])
async def test_a_quote_that_is_never_closed_costs_time_in_proportion_to_the_file(
    tmp_path: Path, line: str
) -> None:
    rows = 'title,text\na,Good.\nb,"open\n' + f"{line}\n" * 80_000
    (tmp_path / "a.csv").write_text(rows)
    started = process_time()
    result = await found(tmp_path / "a.csv", "table")
    assert process_time() - started < 15
    assert list((await texts(result.items)).values()) == ["Good."]
    assert result.problems[0].reason.startswith("a.csv: row 3 is not read")


@pytest.mark.timeout(60)
async def test_bad_rows_that_each_reach_the_end_of_a_file_cost_no_more_than_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.local_files.csv_rows.MOST_READ_AGAIN", 2_000_000)
    (tmp_path / "a.csv").write_text("title,text\n" + 'a",",\ng,Good.\n' * 5_000)
    result = await found(tmp_path / "a.csv", "table")
    assert 0 < len(result.problems) < 10, (
        "each of the first bad rows is read to the end of the file, and then no more"
    )
    assert "lines after its first" in result.problems[-1].reason


def test_a_row_of_a_csv_file_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.local_files.csv_lines.LARGEST_ROW", 1_000)
    (tmp_path / "a.csv").write_text("title,text\n" + 'a",",\n' * 500 + "g,Good.\n")
    rows = list(open_table(tmp_path / "a.csv").rows)
    assert next(row.reason for row in rows if isinstance(row, BadRow)).endswith(
        "it has more than 1,000 bytes"
    )
    assert [row.values["text"] for row in rows if isinstance(row, TableRow)] == ["Good."]


async def test_a_head_in_one_line_without_an_end_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x" * (LARGEST_CELL + 5))
    [problem] = (await found(tmp_path / "a.csv", "table")).problems
    assert problem.outcome == "unsupported_type"


async def test_an_error_that_nobody_expects_is_one_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.discover.tables.open_table", lambda path: ROWS[path])
    [problem] = (await found(tmp_path / "a.csv", "table")).problems
    assert (problem.outcome, "TypeError" in problem.reason) == ("extract_failed", True)


async def test_a_date_that_has_no_form_in_utc_is_a_bad_row(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,date\nOne.,01.01.0001 +0500\nTwo.,24.11.2026 +0000\n")
    result = await found(tmp_path / "a.csv", "table", dates=["%d.%m.%Y %z"])
    assert len(result.items) == 1 and "row 2: the date" in result.problems[0].reason


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("['Jane Doe', 'John Roe']", ("Jane Doe", "John Roe")),
        ("['Jane Doe' 'John Roe']", ("Jane Doe", "John Roe")),
        ('["Sean O\'Neil"]', ("Sean O'Neil",)),
        ("[Jane Doe]", ("Jane Doe",)),
        ("[]", ()),
        (
            "[{'uri': 'jd', 'name': 'Jane Doe', 'isAgency': False}, {'name': \"Sean O'Neil\"}]",
            ("Jane Doe", "Sean O'Neil"),
        ),
        ('{"url": "https://gull.example/jane", "fullName": "Jane Doe"}', ("Jane Doe",)),
        ("[{'uri': 'jd'}]", ()),
        (r'[{"name": "Ren\u00e9 Roy"}, {"name": "Ana \"Nan\" Diaz"}]', ("René Roy", 'Ana "Nan" Diaz')),
        (r"[{'name': 'Sean \"O\'Neil\"'}]", ('Sean "O\'Neil"',)),
        ('[{"name": "Jane Doe", "employer": {"name": "The Gull"}}]', ("Jane Doe",)),
        ('{"authors": [{"person": {"name": "Jane Doe"}}, "Bo Chen"]}', ("Jane Doe", "Bo Chen")),
        ('{"Jane Doe",Plato,NULL}', ("Jane Doe", "Plato")),
        (r'{"{\"name\": \"Jane Doe\"}"}', ("Jane Doe",)),
        ("[" * 900 + '"Jane Doe"' + "]" * 900, ()),
    ],
)
async def test_a_list_of_authors_in_a_cell_is_read(tmp_path: Path, cell: str, names: tuple[str, ...]) -> None:
    (tmp_path / "a.csv").write_text(as_csv([["authors", "text"], [cell, "A text."]]), newline="")
    assert [item.authors_hint for item in (await found(tmp_path / "a.csv", "table")).items] == [names]


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.jsonl"])
async def test_a_row_with_a_text_is_stored_whatever_is_written_as_its_address(
    tmp_path: Path, name: str
) -> None:
    cells = ["n/a", "print only", "javascript:x", "www.gull.example/x", "https://gull.example/y"]
    rows = [{"id": f"{number}", "text": f"Text {number}.", "url": cell} for number, cell in enumerate(cells)]
    path = tmp_path / name
    table: list[list[str]] = [list(rows[0]), *(list(row.values()) for row in rows)]
    if path.suffix == ".csv":
        path.write_text(as_csv(table), newline="")
    elif path.suffix == ".xlsx":
        workbook(path, [list(row) for row in table])
    else:
        path.write_text("\n".join(map(json.dumps, rows)))
    for source_type in ("table",) if path.suffix != ".jsonl" else ("table", "files"):
        result = await found(path, source_type)
        assert result.problems == ()
        assert [item.url for item in result.items] == [
            *(file_url(path, f"{number}") for number in range(3)),
            "https://www.gull.example/x",
            "https://gull.example/y",
        ]
        assert list((await texts(result.items)).values()) == [f"Text {number}." for number in range(5)]


@pytest.mark.parametrize("source_type", ["table", "files"])
@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet"])
async def test_authors_that_are_objects_give_their_names(tmp_path: Path, name: str, source_type: str) -> None:
    people = [{"name": "Jane Doe", "uri": "jd"}, {"name": "Bo Chen", "uri": None}]
    row = {"text": "A text.", "authors": people}
    if name == "a.jsonl":
        (tmp_path / name).write_text(json.dumps(row))
    else:
        pq.write_table(pa.Table.from_pylist([row]), tmp_path / name)
    [item] = (await found(tmp_path / name, source_type)).items
    assert item.authors_hint == ("Jane Doe", "Bo Chen")
