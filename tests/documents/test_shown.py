"""The output of a command on a page is compared with its real output: words exactly, numbers with a tolerance."""

from pathlib import Path

import pytest

from commentariat import InputError
from documents import notebook, shown

TABLE = """\
outlet        stance    share
─────────────────────────────
The Causeway  against     0.6
"""


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("The Causeway  against  0.6", "The Causeway     against   0.52"),
        ("loaded  41", "loaded  42"),
        ("side  66%", "side  60%"),
        ("bytes  1,000", "bytes  1,002"),
        ("────────", "────"),
    ],
)
def test_widths_may_differ_and_numbers_by_a_little(line: str, printed: str):
    assert shown.not_printed(line, f"above\n{printed}\nbelow") == []


@pytest.mark.parametrize(
    "printed",
    [
        "The Causeway  favor  0.6",
        "The Causeway  against  0.9",
        "The Causeway  against",
        "Causeway against 0.6 more",
    ],
)
def test_another_word_or_a_distant_number_counts_as_not_printed(printed: str):
    assert shown.not_printed(TABLE.splitlines()[-1], printed) == ["The Causeway  against     0.6"]


def test_a_line_that_is_shown_twice_must_be_printed_twice():
    assert shown.not_printed("a 1\na 1\n", "a 1\n") == ["a 1"]


def test_a_page_shows_its_folder_and_the_name_and_speed_of_one_run():
    printed = "Run 20270101T000000-0123abcd   \n/tmp/x/report.html  0.1 MB, 12.3 s\n\n"
    assert shown.as_shown(printed, Path("/tmp/x")) == (
        "Run 20261128T013802-40488235\n/home/you/commentariat/report.html  0.1 MB, 0.5 s\n"
    )


def test_a_page_is_written_again_with_what_its_commands_print(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text("Ask:\n\n```console\n$ commentariat sql x\nold\n```\n\n```sql\n$ SELECT 1\n```\n")
    shown.refresh(page, lambda command: f"new of {command}\n")
    assert page.read_text() == (
        "Ask:\n\n```console\n$ commentariat sql x\nnew of commentariat sql x\n```\n\n```sql\n$ SELECT 1\n```\n"
    )
    assert list(shown.shown_in(page)) == [shown.Shown("commentariat sql x", "new of commentariat sql x\n")]


@pytest.mark.parametrize("page", shown.PAGES, ids=lambda page: page.stem)
def test_every_block_of_commands_of_a_page_is_run_and_shows_something(page: Path):
    blocks = page.read_text("utf-8").count("```console\n")
    assert blocks > 1
    assert [bool(one.output) for one in shown.shown_in(page)] == [True] * blocks


def test_the_notebook_is_small():
    assert notebook.NOTEBOOK.stat().st_size < 20_000


def test_a_page_that_leaves_lines_out_leaves_the_same_parts_out_again(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text(
        "```console\n$ commentariat status\nRun 1\n...\nstored 55\nsides 3\n...\nReport a\n```\n",
        encoding="utf-8",
    )
    printed = "Run 2\nloaded 41\n\nstored 56\nsides 4\nneutral 1\nReport b\n"
    shown.refresh(page, lambda _: printed)
    again = next(shown.shown_in(page)).output
    assert again == "Run 2\n...\nstored 56\nsides 4\n...\nReport b\n"
    assert shown.not_printed(again, printed) == []


def test_a_page_that_shows_a_part_that_is_printed_no_more_is_named_with_its_line(tmp_path: Path):
    page = tmp_path / "page.md"
    content = "```console\n$ commentariat status\nRun 1\n...\nstored 55\n...\nReport a\n```\n"
    page.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"page\.md: no printed line has the words of 'stored 55'"):
        shown.refresh(page, lambda _: "Run 2\nkept 56\nReport b\n")
    assert page.read_text(encoding="utf-8") == content
