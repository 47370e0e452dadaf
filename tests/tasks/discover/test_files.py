"""Files on disk: each entry of pages, texts, tables and archives becomes an item that can be fetched, or a reason."""

import asyncio
import gzip
import json
import math
import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.addresses.urls import article_id, file_url
from tasks.discover.discover import discover
from tasks.discover.files import discover_files
from tasks.discover.listing import Finding, Visitor
from tasks.fetch.batch import fetch_batch
from tasks.fetch.fetcher import Fetcher
from tasks.fetch.settings import FetchSettings
from tasks.item import Discovery, Item
from tasks.outcome import Outcome
from tasks.page import NotFetchedError
from tasks.sources import Source
from tests.tasks.loopback import Site


async def found(location: Path | str, type_: str = "files", **options: object) -> Discovery:
    source = Source.model_validate({"name": "s", "type": type_, "location": str(location)} | options)
    async with Fetcher(FetchSettings()) as fetcher:
        return await discover(source, fetcher)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def texts(items: tuple[Item, ...], **changes: object) -> dict[str, str]:
    async with Fetcher(FetchSettings.model_validate(changes)) as fetcher:
        pages, outcomes, _ = await fetch_batch(fetcher, items)
    assert outcomes == []
    return {page.item.url: (page.body or b"").decode() for page in pages}


def ends(discovery: Discovery) -> list[str]:
    return [item.url.rpartition("/")[2] for item in discovery.items]


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("op-ed.docx", "save the text as .txt, .md or .html"),
        ("op-ed.json", "write one JSON object a line"),
        ("op-eds.csv", "`commentariat run --input`"),
        ("crawl.warc.gz", 'type = "warc"'),
        ("crawl.warc.zst", 'type = "warc"'),
        ("op-eds.xls", "save the table as .xlsx or .csv, and name that file"),
        ("op-eds.ods", "save the table as .xlsx or .csv, and name that file"),
        ("op-eds.zip", "unpack it, and name what is in it"),
        ("op-eds.7z", "unpack it, and name what is in it"),
    ],
)
async def test_a_file_that_is_itself_the_source_and_is_not_read_has_an_outcome(
    tmp_path: Path, name: str, remedy: str
) -> None:
    (tmp_path / name).write_text("words")
    result = await found(tmp_path / name)
    assert (result.items, result.left_out, result.warnings) == ((), (), ())
    [problem] = result.problems
    assert (problem.outcome, problem.url) == ("unsupported_type", (tmp_path / name).as_uri())
    ending = name[name.index(".") :]
    assert problem.reason.startswith(f"{name}: {ending} files are not read; known are .htm")
    assert remedy in problem.reason


async def test_the_files_of_a_folder_that_are_not_read_are_counted_in_one_warning(tmp_path: Path) -> None:
    for name in ("a.txt", "b.csv", "sub/c.CSV", "d.docx", "e.xml", "f.warc.gz", ".hidden.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("words")
    result = await found(tmp_path)
    [warning] = result.warnings
    assert warning.startswith(
        f"{tmp_path}: 5 files are not read because of the ending (2 .csv, 1 .docx, 1 .warc.gz, 1 .xml). "
        ".csv: a table of articles"
    )
    assert all(f'type = "{kind}"' in warning for kind in ("table", "feed", "warc"))
    assert (ends(result), result.problems, len(result.left_out)) == (["a.txt"], (), 6)


async def test_a_folder_gives_its_texts_and_reports_files_that_it_leaves_out(tmp_path: Path) -> None:
    for name in ("a.txt", "b.html", "c.md", "notes.docx", ".hidden.txt", "sub/d.htm", ".git/x.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"words of {name}")
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "inside.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "outside.txt").symlink_to("/etc/hostname")
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop").symlink_to(tmp_path)
    result = await found(tmp_path, kind="opinion", outlet="Desk", language="en")
    assert ends(result) == ["a.txt", "b.html", "c.md", "inside.txt", "d.htm"]
    assert {one.url.rpartition("/")[2]: one.reason for one in result.left_out} == {
        "notes.docx": ".docx files are not read; known are .htm, .html, .jsonl, .markdown, .md, .ndjson, .parquet, "
        ".pq, .text, .txt, .xhtml",
        ".hidden.txt": "hidden file",
        "pipe.txt": "not a regular file",
        "outside.txt": "a link that leads out of the folder",
    }
    assert [one.url.rpartition("/")[2] for one in result.problems] == ["dangling.txt"]
    assert result.warnings == (
        f"{tmp_path}: 1 file is not read because of the ending (1 .docx). .docx: save the text as .txt, .md or .html",
    )
    assert {(item.outlet, item.kind_hint, item.language_hint) for item in result.items} == {
        ("Desk", "opinion", "en")
    }
    async with Fetcher(FetchSettings()) as fetcher:
        pages, _, _ = await fetch_batch(fetcher, result.items)
    assert [page.media_type for page in pages] == [
        "text/plain", "text/html", "text/markdown", "text/plain", "text/html"
    ]  # fmt: skip


async def test_a_file_that_has_not_changed_is_known_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("the same words")
    [item] = (await found(path)).items
    async with Fetcher(FetchSettings()) as fetcher:
        first = await fetcher.fetch(item)
        os.utime(path, (1, 1))
        second = await fetcher.fetch(item, first.visit())
        path.write_text("other words")
        third = await fetcher.fetch(item, first.visit())
    assert [page.not_modified for page in (first, second, third)] == [False, True, False]


OF_UNKNOWN_SIZE = Path("/proc/kallsyms")
"""The system says that it is empty, and it is long."""


@pytest.mark.parametrize(
    ("make", "outcome"),
    [
        (lambda path: None, "fetch_failed"),
        (lambda path: path.mkdir(), "refused"),
        (os.mkfifo, "refused"),
        (lambda path: path.write_bytes(b"x" * 2000), "too_large"),
        (lambda path: path.write_bytes(b""), "fetch_failed"),
        (lambda path: path.write_bytes(b"%PDF-1.7"), "unsupported_type"),
        (lambda path: path.symlink_to("/dev/zero"), "refused"),
        pytest.param(
            lambda path: path.symlink_to(OF_UNKNOWN_SIZE),
            "too_large",
            marks=pytest.mark.skipif(
                not OF_UNKNOWN_SIZE.exists(), reason="only Linux has files of unknown size"
            ),
        ),
    ],
)
async def test_a_file_that_turned_into_something_else_is_an_outcome(
    tmp_path: Path, make, outcome: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x")
    [item] = (await found(path)).items
    path.unlink()
    make(path)
    async with Fetcher(FetchSettings(max_bytes=1000)) as fetcher:
        _, [result], _ = await fetch_batch(fetcher, [item])
    assert result.outcome == outcome


ROWS = [
    {"id": "one", "text": "First text.", "title": "One", "author": "Ada", "date": "2026-11-20", "lang": "en"},
    {
        "id": 2,
        "url": "http://site.example/two?utm_source=x",
        "body": "Second text.",
        "published_at": "2026-11-21",
    },
    {"url": "http://site.example/three", "headline": "Only an address"},
    {"html": "<p>Fourth</p>"},
    {"id": "5", "title": "Nothing to read"},
    {"id": "6", "text": "x", "url": "javascript:x"},
]


def check_rows(result: Discovery, text_of: dict[str, str]) -> None:
    by_end = {
        item.url.rpartition("/")[2].partition("#")[2] or item.url.rpartition("/")[2]: item
        for item in result.items
    }
    one, two, three, four, six = (by_end[end] for end in ("one", "two", "three", "row%3D4", "6"))
    assert (one.title_hint, one.authors_hint, one.language_hint) == ("One", ("Ada",), "en")
    assert one.published_hint == datetime(2026, 11, 20, tzinfo=UTC)
    assert two.url == "http://site.example/two"
    assert three.location is None
    assert text_of[one.url] == "First text."
    assert text_of[two.url] == "Second text."
    assert text_of[four.url] == "<p>Fourth</p>"
    assert text_of[six.url] == "x"
    [problem] = [one for one in result.problems if one.url.endswith("#5")]
    assert "no text, html or url" in problem.reason


async def test_json_lines_bring_an_item_a_row(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    lines = [json.dumps(row) for row in ROWS]
    path.write_text("\ufeff" + "\n".join([*lines, "", "{broken", "[1]", '"text"']) + "\n")
    result = await found(path)
    check_rows(result, await texts(tuple(item for item in result.items if item.location)))
    bad = [one for one in result.problems if "#line%3D" in one.url]
    assert [one.url.rpartition("%3D")[2] for one in bad] == ["8", "9", "10"]
    assert {one.outcome for one in bad} == {"extract_failed"}


@pytest.mark.parametrize("type_", ["files", "table"])
async def test_half_of_a_surrogate_pair_costs_a_row_of_json_only_that_character(
    tmp_path: Path, type_: str
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(
        '\ufeff{"text": "Half \\ud83d, whole \\ud83c\\udf0a", "title": "Cut \\ud83d"}\n{"text": "\\"}\n'
    )
    result = await found(path, type_)
    [item] = result.items
    assert item.title_hint == "Cut \ufffd"
    assert await texts(result.items) == {item.url: "Half \ufffd, whole \U0001f30a"}
    assert ["line 2 is not JSON" in problem.reason for problem in result.problems] == [True]


@pytest.mark.parametrize("type_", ["files", "table"])
async def test_a_missing_value_that_python_writes_as_nan_costs_no_row_of_json(
    tmp_path: Path, type_: str
) -> None:
    path = tmp_path / "rows.jsonl"
    row = {
        "id": "a",
        "text": "Body.",
        "title": math.nan,
        "author": math.nan,
        "date": math.nan,
        "url": math.nan,
    }
    path.write_text(json.dumps(row) + "\n")
    result = await found(path, type_)
    [item] = result.items
    assert (item.title_hint, item.authors_hint, item.published_hint) == (None, (), None)
    assert await texts(result.items) == {file_url(path, "a"): "Body."}
    assert (result.problems, result.left_out) == ((), ())


async def test_parquet_brings_an_item_a_row(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    names = sorted({name for row in ROWS for name in row})
    rows = [{name: None if row.get(name) is None else str(row[name]) for name in names} for row in ROWS]
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=2)
    result = await found(path)
    check_rows(result, await texts(tuple(item for item in result.items if item.location)))


async def test_parquet_of_texts_alone_is_read_by_position(tmp_path: Path) -> None:
    path = tmp_path / "texts.parquet"
    pq.write_table(pa.table({"text": [f"text {n}" for n in range(10)]}), path, row_group_size=3)
    result = await found(path)
    assert sorted((await texts(result.items)).values()) == [f"text {n}" for n in range(10)]


async def test_tables_without_articles_and_broken_files_are_problems(tmp_path: Path) -> None:
    pq.write_table(pa.table({"price": [1]}), tmp_path / "a.parquet")
    (tmp_path / "b.parquet").write_bytes(b"PAR1 torn")
    (tmp_path / "c.parquet").write_bytes(b"")
    (tmp_path / "d.jsonl").write_bytes(b"\xff\xfe\x00junk\n" + b"x" * 3000)
    (tmp_path / "e.txt").write_text("still taken")
    result = await found(tmp_path)
    assert ends(result) == ["e.txt"]
    assert len(result.problems) == 5
    assert "price" in result.problems[0].reason


TEXT_TYPES = [
    pa.binary(), pa.large_binary(), pa.binary_view(), pa.large_string(), pa.string_view(),
    pa.dictionary(pa.int32(), pa.string()), pa.dictionary(pa.int8(), pa.binary()),
]  # fmt: skip


@pytest.mark.parametrize("type_", TEXT_TYPES, ids=str)
@pytest.mark.parametrize("source", ["files", "table"])
async def test_a_stored_page_is_read_whatever_type_of_text_its_column_has(
    tmp_path: Path, type_: pa.DataType, source: str
) -> None:
    pages = pa.array(["<p>Stored</p>", " ", None, "<p>Alone</p>"])
    urls = pa.array(["http://site.example/a", "http://site.example/b", None, None])
    html = pages.dictionary_encode().cast(type_) if pa.types.is_dictionary(type_) else pages.cast(type_)
    pq.write_table(pa.table({"html": html, "url": urls}), tmp_path / "rows.parquet")
    result = await found(tmp_path / "rows.parquet", source)
    stored = tuple(item for item in result.items if item.location is not None)
    assert sorted((await texts(stored)).values()) == ["<p>Alone</p>", "<p>Stored</p>"]
    assert [item.url for item in result.items if item.location is None] == ["http://site.example/b"]
    assert len(result.problems) == 1


async def test_bytes_without_the_name_of_texts_are_read_as_texts(tmp_path: Path) -> None:
    values = {
        "id": "one", "text": "Stored.", "title": "T", "authors": "Ada", "date": "2026-11-20", "url": "http://site.example/a"
    }  # fmt: skip
    pq.write_table(pa.table({name: [text.encode()] for name, text in values.items()}), tmp_path / "a.parquet")
    for source in ("files", "table"):
        [item] = (await found(tmp_path / "a.parquet", source)).items
        assert (item.url, item.title_hint, item.authors_hint) == ("http://site.example/a", "T", ("Ada",))
        assert item.published_hint == datetime(2026, 11, 20, tzinfo=UTC)


YEAR_ONE = -62_135_596_800
ODD_DATES = [
    (pa.array([1_764_000_000_000_000_001], pa.timestamp("ns")), datetime(2025, 11, 24, 16, tzinfo=UTC)),
    (
        pa.array([1_764_000_000_000_000], pa.timestamp("us", "Mars/Olympus")),
        datetime(2025, 11, 24, 16, tzinfo=UTC),
    ),
    (pa.array([YEAR_ONE * 1_000_000], pa.timestamp("us", "America/New_York")), None),  # no article is so old
    (pa.array([1 << 60], pa.timestamp("ms")), None),
    (pa.array([1 << 60], pa.timestamp("us", "UTC")), None),
    (pa.array([(1 << 31) - 1], pa.date32()), None),
]


@pytest.mark.parametrize(("dates", "expected"), ODD_DATES, ids=lambda one: str(getattr(one, "type", "")))
@pytest.mark.parametrize("source", ["files", "table"])
async def test_a_date_that_python_cannot_hold_costs_no_row(
    tmp_path: Path, dates: "pa.Array[Any]", expected: datetime | None, source: str
) -> None:
    pq.write_table(pa.table({"text": ["A text."], "date": dates}), tmp_path / "rows.parquet")
    result = await found(tmp_path / "rows.parquet", source)
    assert result.problems == ()
    assert [item.published_hint for item in result.items] == [expected]
    assert list((await texts(result.items)).values()) == ["A text."]


async def test_texts_of_parquet_that_are_not_utf_8_lose_only_their_wrong_bytes(tmp_path: Path) -> None:
    wrong = pa.Array.from_buffers(
        pa.string(), 2, [None, pa.py_buffer(b"\0\0\0\0\5\0\0\0\x0a\0\0\0"), pa.py_buffer(b"caf\xe9.Good.")]
    )
    pq.write_table(pa.table({"text": wrong, "title": wrong}), tmp_path / "rows.parquet")
    result = await found(tmp_path / "rows.parquet")
    assert [item.title_hint for item in result.items] == ["caf\ufffd.", "Good."]
    assert list((await texts(result.items)).values()) == ["caf\ufffd.", "Good."]


async def test_a_folder_that_may_not_be_read_is_one_problem_and_the_others_are_read(
    folder_with_permissions: Path,
) -> None:
    locked = folder_with_permissions / "locked"
    for name in ("a/a.txt", "locked/b.txt", "z/z.txt"):
        (folder_with_permissions / name).parent.mkdir()
        (folder_with_permissions / name).write_text("words")
    locked.chmod(0)
    try:
        result = await found(folder_with_permissions)
        itself = await found(locked)
    finally:
        locked.chmod(0o700)
    assert ends(result) == ["a.txt", "z.txt"]
    for problems in (result.problems, itself.problems):
        [problem] = problems
        assert (problem.url, problem.outcome) == (file_url(locked), "fetch_failed")
        assert problem.reason == "locked: the folder cannot be read: Permission denied"


async def test_a_file_that_may_not_be_read_is_one_problem_and_the_others_are_read(
    folder_with_permissions: Path,
) -> None:
    for name in ("a.txt", "locked.txt", "z.txt"):
        (folder_with_permissions / name).write_text("words")
    (folder_with_permissions / "locked.txt").chmod(0)
    result = await found(folder_with_permissions)
    async with Fetcher(FetchSettings()) as fetcher:
        pages, outcomes, _ = await fetch_batch(fetcher, result.items)
    assert [page.body for page in pages] == [b"words", b"words"]
    [outcome] = outcomes
    assert (outcome.url, outcome.outcome) == (
        file_url(folder_with_permissions / "locked.txt"),
        "fetch_failed",
    )
    assert outcome.reason.endswith("locked.txt: cannot be read: Permission denied")


async def test_a_folder_that_is_removed_while_its_source_is_read_is_one_problem(tmp_path: Path) -> None:
    for name in ("gone", "z"):
        (tmp_path / name).mkdir()
    files = [*(f"{n:03}.txt" for n in range(300)), "z/z.txt"]  # more than are read at a time
    for name in files:
        (tmp_path / name).write_text("words")
    source = Source(name="s", type="files", locations=(str(tmp_path),))
    findings: list[Finding] = []
    async with Fetcher(FetchSettings()) as fetcher:
        async for finding in discover_files(Visitor(source, fetcher, {}), str(tmp_path)):
            if not findings:
                (tmp_path / "gone").rmdir()
            findings.append(finding)
    *items, problem = findings
    assert [item.url for item in items if isinstance(item, Item)] == [
        file_url(tmp_path / name) for name in files
    ]
    assert isinstance(problem, Outcome)
    assert (problem.url, problem.outcome) == (file_url(tmp_path / "gone"), "fetch_failed")
    assert problem.reason == "gone: the folder cannot be read: No such file or directory"


async def test_one_name_that_is_not_utf_8_costs_no_file(tmp_path: Path) -> None:
    odd = os.fsdecode(b"caf\xe9.html")
    try:
        (tmp_path / odd).touch()
    except OSError:
        pytest.skip("this file system takes only names in UTF-8")
    for name in ("a.html", odd, "z.html"):
        (tmp_path / name).write_text(f"<p>{len(name)}")
    (tmp_path / os.fsdecode(b"caf\xe9.jsonl")).write_text('{"id": "1", "text": "A row."}\nbroken\n')
    (tmp_path / os.fsdecode(b"x.caf\xe9")).write_text("x")
    (tmp_path / os.fsdecode(b".\xe9.txt")).write_text("x")
    result = await found(tmp_path)
    assert ends(result) == ["a.html", "caf%E9.html", "caf%E9.jsonl#1", "z.html"]
    assert sorted((await texts(result.items)).values()) == ["<p>6", "<p>6", "<p>9", "A row."]
    assert all(one.reason.isprintable() and one.url.isascii() for one in result.left_out + result.problems)
    assert [len(result.left_out), len(result.problems)] == [2, 1]


async def test_one_file_that_fails_in_its_own_way_costs_no_other_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(path: Path) -> None:
        raise {"b": PermissionError(13, "Permission denied"), "c": KeyError("c"), "d": pa.ArrowKeyError("d")}[
            path.stem
        ]

    for name in ("a.html", "b.parquet", "c.parquet", "d.parquet", "z.html"):
        (tmp_path / name).write_text("<p>x")
    (tmp_path / "loop.html").symlink_to(tmp_path / "loop.html")
    monkeypatch.setattr("tasks.discover.files.pq.ParquetFile", opened)
    result = await found(tmp_path)
    assert ends(result) == ["a.html", "z.html"]
    assert [(one.url.rpartition("/")[2], one.outcome) for one in result.problems] == [
        ("b.parquet", "fetch_failed"),
        ("c.parquet", "extract_failed"),
        ("d.parquet", "unsupported_type"),
        ("loop.html", "fetch_failed"),
    ]


@pytest.mark.parametrize(
    ("row", "what"), [({"url": "http://site.example/a"}, "address"), ({"id": "a"}, "id")]
)
@pytest.mark.parametrize("type_", ["files", "table"])
async def test_a_row_with_the_address_or_id_of_an_earlier_row_is_a_duplicate(
    tmp_path: Path, row: dict[str, str], what: str, type_: str
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(json.dumps(row | {"text": text}) for text in ("first", "second")))
    result = await found(path, type_)
    assert len(result.items) == 1
    if type_ == "files":  # a table's rows are taken out by the extract station
        assert list((await texts(result.items)).values()) == ["first"]
    assert result.left_out == ()
    [problem] = result.problems
    assert (problem.outcome, problem.url) == ("duplicate", file_url(path, "row=2"))
    assert problem.reason == f"rows.jsonl: row 2 has the {what} of row 1"


async def test_a_row_that_an_earlier_file_has_is_a_duplicate_but_a_file_that_is_named_twice_is_read_once(
    tmp_path: Path,
) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_text(json.dumps({"url": "http://site.example/a", "text": name}))
    for type_ in ("files", "table"):
        locations = tuple(str(tmp_path / name) for name in ("a.jsonl", "b.jsonl", "a.jsonl"))
        async with Fetcher(FetchSettings()) as fetcher:
            result = await discover(Source(name="s", type=type_, locations=locations), fetcher)
        assert [item.url for item in result.items] == ["http://site.example/a"]
        assert result.left_out == ()
        [problem] = result.problems
        assert problem.reason == "b.jsonl: row 1 has the address of row 1 of a.jsonl"


async def test_local_listings_are_read_like_those_on_the_web(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(
        "<rss version='2.0'><channel><title>x</title><item><link>http://site.example/a</link></item>"
        "<item><link>relative</link></item></channel></rss>"
    )
    (tmp_path / "list.txt").write_text("http://site.example/b\n/etc/passwd\nfile:///etc/passwd\n")
    for name, type_, url in (
        ("feed.xml", "feed", "http://site.example/a"),
        ("list.txt", "urls", "http://site.example/b"),
    ):
        source = Source.model_validate({"name": "s", "type": type_, "location": str(tmp_path / name)})
        async with Fetcher(FetchSettings()) as fetcher:
            result = await discover(source, fetcher)
        assert [item.url for item in result.items] == [url]
        assert {one.outcome for one in result.problems} == {"refused"}


async def test_an_address_of_a_list_is_taken_without_its_remark(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("http://site.example/a\tA title\nhttp://site.example/b  # checked\n")
    result = await found(tmp_path / "list.txt", "urls")
    assert [item.url for item in result.items] == ["http://site.example/a", "http://site.example/b"]


@pytest.mark.parametrize("type_", ["feed", "sitemap", "urls", "warc"])
async def test_a_location_without_its_scheme_is_a_problem_that_names_the_address(
    tmp_path: Path, type_: str
) -> None:
    (problem,) = (await found(tmp_path / "example.com" / "list.xml", type_)).problems
    assert problem.outcome == "fetch_failed"
    assert problem.reason.endswith("; for a page on the web write https://example.com/list.xml")


async def test_a_source_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    for type_ in ("files", "feed", "sitemap", "urls", "warc"):
        result = await found(tmp_path / "missing", type_)
        assert [one.outcome for one in result.problems] == ["fetch_failed"], type_


def record(
    url: str, body: bytes, *, status: str = "200 OK", headers: bytes = b"", kind: str = "response"
) -> bytes:
    http = b"HTTP/1.1 " + status.encode() + b"\r\nContent-Type: text/html; charset=utf-8\r\n" + headers
    content = http + b"\r\n" + body
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-11-20T08:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:12345678-1234-5678-1234-567812345678>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n\r\n"


RECORDS = [
    record("http://site.example/a", b"<p>first"),
    record("http://site.example/b", gzip.compress(b"<p>second"), headers=b"Content-Encoding: gzip\r\n"),
    record("http://site.example/gone", b"gone", status="404 Not Found"),
    record("http://site.example/a", b"", kind="request"),
    record(
        "http://site.example/c", b"9\r\n<p>third \r\n0\r\n\r\n", headers=b"Transfer-Encoding: chunked\r\n"
    ),
]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
async def test_an_archive_brings_its_pages(tmp_path: Path, pack) -> None:
    path = tmp_path / ("x.warc" + (".gz" if pack is gzip.compress else ""))
    path.write_bytes(b"".join(pack(one) for one in RECORDS))
    result = await found(path, "warc")
    assert (await texts(result.items)) == {
        "http://site.example/a": "<p>first",
        "http://site.example/b": "<p>second",
        "http://site.example/c": "<p>third ",
    }
    assert result.items[0].modified_hint == datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert [one.reason for one in result.left_out] == ["archived with HTTP status 404"]
    assert result.problems == ()
    async with Fetcher(FetchSettings()) as fetcher:
        page = await fetcher.fetch(result.items[0])
    assert (page.http_status, page.charset, page.fetched_at) == (
        200,
        "utf-8",
        datetime(2026, 11, 20, 8, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("UTF-8", bytes),
        ("identity", bytes),
        ("x-unknown", bytes),
        ("GZIP", gzip.compress),
        ("gzip, utf-8", gzip.compress),
        ("aws-chunked,gzip", gzip.compress),
    ],
)
async def test_an_archived_page_is_read_whatever_its_content_encoding_names_beside_a_packing(
    tmp_path: Path, encoding: str, pack
) -> None:
    headers = f"Content-Encoding: {encoding}\r\n".encode()
    (tmp_path / "x.warc").write_bytes(record("http://site.example/a", pack(b"<p>first"), headers=headers))
    result = await found(tmp_path / "x.warc", "warc")
    assert await texts(result.items) == {"http://site.example/a": "<p>first"}


@pytest.mark.parametrize(("digit", "taken"), [(b"0", 2), (b"9", 1)])
async def test_a_last_record_with_a_length_of_thousands_of_digits_costs_no_other_page(
    tmp_path: Path, digit: bytes, taken: int
) -> None:
    odd = RECORDS[1].replace(b"Content-Length: ", b"Content-Length: " + digit * 5_000)
    (tmp_path / "x.warc").write_bytes(RECORDS[0] + odd)
    result = await found(tmp_path / "x.warc", "warc")
    assert len(result.items) == taken
    assert ["is damaged" in one.reason for one in result.problems] == [True] * (2 - taken)


@pytest.mark.parametrize("date", [b"0001-01-01T00:00:00+05:00", b"9999-12-31T23:59:59-05:00", b"20261120"])
async def test_an_archived_page_with_a_date_that_is_none_is_taken_without_it(
    tmp_path: Path, date: bytes
) -> None:
    odd = RECORDS[1].replace(b"2026-11-20T08:00:00Z", date)
    (tmp_path / "x.warc").write_bytes(RECORDS[0] + odd + RECORDS[4])
    result = await found(tmp_path / "x.warc", "warc")
    assert result.problems == () and len(result.items) == 3
    assert len(await texts(result.items)) == 3


async def test_a_page_archived_only_in_part_is_not_taken(tmp_path: Path) -> None:
    packed = gzip.compress(b"<p>second" + os.urandom(2000).hex().encode())
    cut = record("http://site.example/b", packed[:-50], headers=b"Content-Encoding: gzip\r\n")
    marked = record("http://site.example/c", b"<p>thi").replace(
        b"WARC-Date", b"WARC-Truncated: length\r\nWARC-Date"
    )
    path = tmp_path / "x.warc"
    path.write_bytes(RECORDS[0] + cut + marked)
    result = await found(path, "warc")
    assert [one.reason for one in result.left_out] == [
        "archived only in part (length): half a page is no page"
    ]
    async with Fetcher(FetchSettings()) as fetcher:
        pages, outcomes, _ = await fetch_batch(fetcher, result.items)
    assert [page.body for page in pages] == [b"<p>first"]
    assert [(one.url, one.outcome) for one in outcomes] == [("http://site.example/b", "fetch_failed")]
    assert "breaks off" in outcomes[0].reason


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
async def test_an_incomplete_archive_gives_its_complete_pages_and_a_problem(
    tmp_path: Path, pack, share: float
) -> None:
    packed = [pack(one) for one in RECORDS]
    path = tmp_path / "x.warc"
    last = packed[1][: int(len(packed[1]) * share)]
    path.write_bytes(packed[0] + last)
    result = await found(path, "warc")
    assert [item.url for item in result.items] == ["http://site.example/a"]
    [problem] = result.problems
    assert problem.outcome == "fetch_failed"
    assert "breaks off" in problem.reason


@pytest.mark.timeout(60)
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
async def test_zero_bytes_behind_an_archive_or_behind_a_packed_page_in_it_are_passed_over(
    tmp_path: Path, pack
) -> None:
    text = "<p>" + "word " * 100_000
    packed = gzip.compress(text.encode()) + bytes(20)
    one = record("http://site.example/a", packed, headers=b"Content-Encoding: gzip\r\n")
    path = tmp_path / "x.warc"
    path.write_bytes(pack(one) + bytes(3_000_000))
    result = await found(path, "warc")
    assert result.problems == ()
    assert await texts(result.items) == {"http://site.example/a": text}


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
async def test_a_damaged_archive_gives_the_pages_before_the_damage_and_a_problem(
    tmp_path: Path, pack
) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(pack(RECORDS[0]) + bytes(100) + b"no record" * 200 + pack(RECORDS[1]))
    result = await found(path, "warc")
    assert [item.url for item in result.items] == ["http://site.example/a"]
    [problem] = result.problems
    assert problem.outcome == "fetch_failed"
    assert "is damaged after 1 whole records" in problem.reason


async def test_a_file_that_is_no_archive_is_a_problem(tmp_path: Path) -> None:
    for content in (b"", b"no warc", b"\x1f\x8b\x08 torn", gzip.compress(b"<html>"), os.urandom(5000)):
        (tmp_path / "x.warc.gz").write_bytes(content)
        result = await found(tmp_path / "x.warc.gz", "warc")
        assert result.items == ()
        assert len(result.problems) == 1, content[:20]


async def test_an_archived_decompression_bomb_is_too_large(tmp_path: Path) -> None:
    bomb = record(
        "http://site.example/a", gzip.compress(bytes(64 << 20)), headers=b"Content-Encoding: gzip\r\n"
    )
    (tmp_path / "x.warc.gz").write_bytes(gzip.compress(bomb))
    [item] = (await found(tmp_path / "x.warc.gz", "warc")).items
    async with Fetcher(FetchSettings()) as fetcher:
        with pytest.raises(NotFetchedError) as caught:
            await fetcher.fetch(item)
    assert caught.value.outcome == "too_large"


async def test_an_archive_on_the_web_is_downloaded_once(site: Site, tmp_path: Path) -> None:
    site.pages["/x.warc.gz"] = b"".join(gzip.compress(one) for one in RECORDS)
    source = Source(name="s", type="warc", locations=("http://site.example/x.warc.gz",))
    async with Fetcher(site.settings(archives=tmp_path / "archives")) as fetcher:
        first = await discover(source, fetcher)
        second = await discover(source, fetcher)
    assert len(first.items) == len(second.items) == 3
    assert site.paths() == ["/x.warc.gz"]
    async with Fetcher(site.settings(archives=tmp_path / "other", max_archive_bytes=100)) as fetcher:
        third = await discover(source, fetcher)
    assert [one.outcome for one in third.problems] == ["too_large"]
    assert list((tmp_path / "other").iterdir()) == []


async def test_where_no_archive_can_be_kept_the_other_archives_of_the_source_are_read(
    site: Site, tmp_path: Path
) -> None:
    site.pages["/x.warc"] = ARCHIVE
    (tmp_path / "old.warc").write_bytes(ARCHIVE)
    (tmp_path / "file").write_text("not a folder")
    locations = ("http://site.example/x.warc", str(tmp_path / "old.warc"))
    source = Source(name="s", type="warc", locations=locations)
    for folder in (tmp_path / "file", tmp_path / "file" / "below", tmp_path / ("a" * 300)):
        async with Fetcher(site.settings(archives=folder)) as fetcher:
            result = await discover(source, fetcher)
        assert len(result.items) == 3
        [problem] = result.problems
        assert (problem.url, problem.outcome) == ("http://site.example/x.warc", "fetch_failed")
        assert f"the archive cannot be kept in {folder}: " in problem.reason
        assert "archives in [fetch]" in problem.reason
    assert site.paths() == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("size", [100, 3_000_000])
async def test_an_archive_for_which_the_disk_has_no_room_is_downloaded_once(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    url = "http://site.example/x.warc"

    def name_of_a_full_disk() -> UUID:
        name = UUID(int=7)
        (tmp_path / f"{article_id(url)}.warc.{name.hex}.partial").symlink_to("/dev/full")
        return name

    monkeypatch.setattr("tasks.fetch.fetcher.uuid4", name_of_a_full_disk)
    site.pages["/x.warc"] = bytes(size)
    async with Fetcher(site.settings(archives=tmp_path, retries=2)) as fetcher:
        result = await discover(Source(name="s", type="warc", locations=(url,)), fetcher)
    [problem] = result.problems
    assert f"the archive cannot be kept in {tmp_path}: No space left on device" in problem.reason
    assert site.paths() == ["/x.warc"]
    assert names_in(tmp_path) == []


async def test_an_archive_has_its_name_only_when_all_of_it_is_on_the_disk(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    sync, replace = os.fsync, os.replace

    def fsync(descriptor: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        assert os.fstat(descriptor).st_size or done[-1] == "folder", (
            "all bytes were given to the system before"
        )
        sync(descriptor)

    def rename(*names: object, **options: object) -> None:
        done.append("name")
        replace(*names, **options)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", rename)
    site.pages["/x.warc"] = ARCHIVE
    async with Fetcher(site.settings()) as fetcher:
        await fetcher.download("http://site.example/x.warc", tmp_path / "x.warc")
    assert done == ["file", "name", "folder"]
    assert (tmp_path / "x.warc").read_bytes() == ARCHIVE


async def test_two_sources_may_name_one_archive_and_files_of_a_killed_download_are_deleted(
    site: Site, tmp_path: Path
) -> None:
    left, young = tmp_path / "x.warc.1234.partial", tmp_path / "x.warc.5678.partial"
    for partial in (left, young):
        partial.write_bytes(b"half")
    os.utime(left, (0, 0))
    site.pages["/x.warc"] = ARCHIVE
    async with Fetcher(site.settings()) as fetcher:
        same = [fetcher.download("http://site.example/x.warc", tmp_path / "x.warc") for _ in range(3)]
        await asyncio.gather(*same)
    assert (tmp_path / "x.warc").read_bytes() == ARCHIVE
    assert names_in(tmp_path) == ["x.warc", young.name]


ARCHIVE = b"".join(RECORDS)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.integers(0, len(ARCHIVE)), st.integers(0, len(ARCHIVE)), st.binary(max_size=20))
async def test_an_archive_damaged_anywhere_never_raises(
    tmp_path: Path, start: int, end: int, junk: bytes
) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(ARCHIVE[:start] + junk + ARCHIVE[end:])
    result = await found(path, "warc")
    async with Fetcher(FetchSettings()) as fetcher:
        pages, outcomes, _ = await fetch_batch(fetcher, result.items)
    assert len(pages) + len(outcomes) == len(result.items)


async def test_rows_of_json_have_the_same_names_of_columns_as_tables(tmp_path: Path) -> None:
    rows = [
        {
            "Full Text": "A text.",
            "Pub-Date": "2026-11-12",
            "by_line": "Ada Moor",
            "permalink": "https://gull.example/1",
        },
        {"content": {"rendered": "no text"}, "article_text": "Another.", "source": "The Gull", "an": "7"},
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    result = await found(tmp_path / "a.jsonl")
    first, second = result.items
    assert (first.url, first.authors_hint) == ("https://gull.example/1", ("Ada Moor",))
    assert first.published_hint == datetime(2026, 11, 12, tzinfo=UTC)
    assert (second.outlet, second.url[-2:], second.location is not None) == ("The Gull", "#7", True)
    assert result.notes == ()


@pytest.mark.parametrize(
    ("columns", "outlet"),
    [
        ({"source": "https://gull.example/2026/a", "source-hostname": "gull.example"}, None),
        ({"source": "https://gull.example/2026/a", "sn": "The Gull"}, "The Gull"),
        ({"source": "www.gull.example/2026/a", "sn": "The Gull"}, "The Gull"),
        ({"source": "www.gull.example"}, "www.gull.example"),
        ({"source": "crawl-7", "site_name": "The Gull"}, "The Gull"),
        ({"medium": "print", "site_name": "The Gull"}, "The Gull"),
        ({"medium": "The Gull", "source": "crawl-7"}, "The Gull"),
    ],
)
async def test_the_outlet_of_a_row_is_a_name_and_the_plainest_one(
    tmp_path: Path, columns: dict[str, str], outlet: str | None
) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": "A text.", **columns}))
    [item] = (await found(tmp_path / "a.jsonl")).items
    assert item.outlet == outlet


async def test_a_date_of_publication_counts_before_any_other_date(tmp_path: Path) -> None:
    for name in (
        "date_published",
        "publication_date",
        "pub_date",
        "Published Date",
        "publish_date",
        "date_publish",
        "publishedAt",
        "datePublished",
    ):
        row = {"text": "A text.", "date": "2026-11-20", name: "2026-11-12"}
        (tmp_path / "a.jsonl").write_text(json.dumps(row))
        [item] = (await found(tmp_path / "a.jsonl")).items
        assert item.published_hint == datetime(2026, 11, 12, tzinfo=UTC), name


@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet"])
async def test_dates_of_rows_that_are_not_read_are_named_with_the_remedy(tmp_path: Path, name: str) -> None:
    rows = [{"id": str(number), "text": "A text.", "date": f"{number}/12/2026"} for number in (11, 12)]
    if name.endswith(".jsonl"):
        (tmp_path / name).write_text("\n".join(map(json.dumps, rows)))
    else:
        pq.write_table(pa.Table.from_pylist(rows), tmp_path / name)
    result = await found(tmp_path / name)
    assert len(result.items) == 2
    [note] = result.notes
    assert "the dates of 2 rows are not read, like '11/12/2026'" in note and "dates = [" in note


@pytest.mark.parametrize(
    "date",
    ["1970-01-01", "0001-01-01", "0001-01-01T00:00:00+05:00", "0000-00-00 00:00:00", "2999-01-01", 0, 0.0],
)
async def test_the_note_on_dates_that_no_article_can_have_does_not_ask_how_they_are_written(
    tmp_path: Path, date: str | float
) -> None:
    rows = [
        {"id": "a", "text": "A text.", "date": date},
        {"id": "b", "text": "Another.", "date": "3 de mayo"},
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    result = await found(tmp_path / "a.jsonl")
    assert [item.published_hint for item in result.items] == [None, None]
    unread, impossible = result.notes
    assert "the date of 1 row is not read, like '3 de mayo'" in unread and "dates = [" in unread
    assert "the date of 1 row is not used" in impossible and "write them into the file" in impossible
    assert "dates = [" not in impossible
    (tmp_path / "a.jsonl").write_text(json.dumps(rows[0]))
    [item] = (await found(tmp_path / "a.jsonl", "table")).items
    assert item.published_hint is None, "as a table it says no more, and loses no row"
