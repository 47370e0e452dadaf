"""The summary of a run: sides are counted apart from "unsure", and small numbers of pieces are marked."""

import shlex
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from flows.monitoring.artifacts import _stances as rows_of_artifact
from flows.monitoring.markdown import as_markdown
from flows.monitoring.summary import Failure, HostSpeed, Summary, TargetStances, summarise
from flows.monitoring.terminal import print_summary
from tests.warehouse import nights
from warehouse import Warehouse, connect

MANY = TargetStances("tolls", "Cities should charge drivers", favor=40, against=30, neutral=7, unsure=23)
FEW = TargetStances("trams", "Cities should build trams", favor=2, against=1, neutral=0, unsure=1)
NONE = TargetStances("ferry", "The ferry should stay", favor=0, against=0, neutral=0, unsure=0)


def summary(*stances: TargetStances) -> Summary:
    return Summary(
        run_id="run-1",
        warehouse=Path("/srv/commentary"),
        outcomes={"loaded": 100},
        topics=(("Transportation", 100),),
        stances=stances,
        failures=(),
        hosts=(),
    )


def test_an_unsure_answer_counts_as_speaking_about_the_target() -> None:
    assert MANY.about == 100
    assert not MANY.is_few


@pytest.mark.parametrize(("pieces", "is_few"), [(0, True), (4, True), (5, False)])
def test_fewer_than_five_pieces_are_few(pieces: int, is_few: bool) -> None:
    assert TargetStances("a", "A statement", 0, 0, 0, unsure=pieces).is_few is is_few


def test_the_terminal_shows_unsure_apart_and_marks_few_pieces_with_an_explanation(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_summary(summary(MANY, FEW))
    out = capsys.readouterr().out
    lines = [line.split() for line in out.splitlines()]
    assert ["stance", "by", "target", "favor", "against", "neutral", "unsure"] in lines
    assert ["Cities", "should", "charge", "drivers", "40", "30", "7", "23"] in lines
    assert ["Cities", "should", "build", "trams", "(few)", "2", "1", "0", "1"] in lines
    assert out.count("(few): fewer than 5 articles") == 1


def test_the_terminal_shows_statements_topics_and_warnings_as_they_are_stored(
    capsys: pytest.CaptureFixture[str],
) -> None:
    stance = replace(MANY, statement="Is 1:100: right")
    topics, sentences = ((":key: topic", 3),), ("tv:on:air has brought nothing new",)
    shown = replace(
        summary(stance), topics=topics, warnings=sentences, other_models=sentences, second_model=sentences
    )
    print_summary(shown)
    out = capsys.readouterr().out
    assert "Is 1:100: right" in out and ":key: topic" in out
    assert out.count("tv:on:air has brought nothing new") == 3


def test_the_latest_night_is_the_last_committed_one_whatever_the_clocks_showed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Warehouse(tmp_path / "commentary")
    for number, (flow, at) in enumerate(
        [("nightly", "2036-01-01"), ("nightly", "2026-01-02"), ("takedown", "2026-01-03")]
    ):
        monkeypatch.setattr("warehouse.writing.writer.now", lambda at=at: f"{at}T00:00:00.000000+00:00")
        with place.writing(run_id=f"run-{number}", flow=flow) as writer:
            if not number:
                writer.commit("reference rows", nights.reference_rows())
            writer.commit("1", nights.batch(number, 0, articles=1))
            writer.finish()
            writer.publish()
    with connect(place.root) as reader:
        assert summarise(reader.query, place.root).run_id == "run-1"


def test_the_warnings_of_the_latest_night_are_kept_in_its_note_and_shown_again(tmp_path: Path) -> None:
    place = Warehouse(tmp_path / "commentary")
    night = replace(
        summary(MANY), outcomes={"loaded": 1}, warnings=("tv has brought\nnothing new", "2 failed")
    )
    with place.writing(run_id="run-0", flow="nightly") as writer:
        writer.commit("reference rows", nights.reference_rows())
        writer.commit("1", nights.batch(0, 0, articles=1))
        writer.finish(night.note)
        writer.publish()
    with connect(place.root) as reader:
        assert summarise(reader.query, place.root).warnings == ("tv has brought nothing new", "2 failed")
        (note,) = reader.query("SELECT note FROM run").to_pylist()
    assert note["note"].split("\n")[0] == "1 taken in: 1 loaded"


def test_a_night_that_has_not_recorded_its_end_is_shown_with_a_warning(tmp_path: Path) -> None:
    place = Warehouse(tmp_path / "commentary")
    with place.writing(run_id="run-0", flow="nightly") as writer:
        writer.commit("reference rows", nights.reference_rows())
        writer.commit("1", nights.batch(0, 0, articles=1))
        writer.publish()  # as in the middle of a night
        with connect(place.root) as reader:
            (warning,) = summarise(reader.query, place.root).warnings
            assert "still running, or it was stopped" in warning
        writer.finish("1 taken in: 1 loaded")
        writer.publish()
    with connect(place.root) as reader:
        assert summarise(reader.query, place.root).warnings == ()


def test_a_file_that_was_named_does_not_hide_the_warnings_of_the_night_before(tmp_path: Path) -> None:
    place = Warehouse(tmp_path / "commentary")
    shown = []
    for run_id, source, note in (
        ("first", "input", "1 taken in"),
        ("night", "feeds", "1 taken in\nAttention: 2 failed"),
        ("file", "input-2", "1 taken in"),
    ):
        with place.writing(run_id=run_id, flow="nightly") as writer:
            if not shown:
                writer.commit("reference rows", nights.reference_rows())
            writer.commit("1", nights.of_source(nights.batch(len(shown), 0, articles=1), source))
            writer.finish(note)
            writer.publish()
        with connect(place.root) as reader:
            latest = summarise(reader.query, place.root)
        shown.append((latest.run_id, latest.warnings))
    assert shown == [("first", ()), ("night", ("2 failed",)), ("night", ("2 failed",))]


def test_without_marked_numbers_there_is_no_explanation(capsys: pytest.CaptureFixture[str]) -> None:
    print_summary(summary(MANY))
    print_summary(summary(NONE))  # no piece speaks about it: there is no table to explain
    assert "few" not in capsys.readouterr().out
    assert "few" not in as_markdown(summary(MANY))


def test_the_markdown_page_shows_the_same() -> None:
    page = as_markdown(summary(MANY, FEW))
    assert "| target | favor | against | neutral | unsure |" in page
    assert "| Cities should charge drivers | 40 | 30 | 7 | 23 |" in page
    assert "| Cities should build trams (few) | 2 | 1 | 0 | 1 |" in page
    assert page.count("(few): fewer than 5 articles") == 1


def test_the_table_in_the_prefect_ui_shows_the_same() -> None:
    many, few = rows_of_artifact(summary(MANY, FEW))
    assert many == {
        "target": MANY.statement,
        "favor": 40,
        "against": 30,
        "neutral": 7,
        "unsure": 23,
    }
    assert few["target"] == "Cities should build trams (few)"


OURS = {
    "../../artifacts/key/night-summary",
    "../../artifacts/key/night-sources",
}
HOSTILE = [
    "javascript:![x](https://tracker.example/pixel)",
    "a \\| b | c",
    "\\![x](https://tracker.example/pixel)",
    "[click](javascript:alert(1))",
    "<img src=https://tracker.example/pixel>",
    "<https://tracker.example>",
    "see https://tracker.example/ or www.tracker.example or desk@tracker.example",
    "`code` *emphasis* _emphasis_ ~~gone~~ &lt;b&gt; &#91;x](y)",
    "first\n\n# second\n\n- third",
    "\\",
]


def page_with(text: str, url: str = "http://site.example/a") -> str:
    known = summary(MANY)
    failures = (Failure(url, "essays", "fetch_failed", text),)
    return as_markdown(
        replace(known, failures=failures, hosts=(HostSpeed(text, 1, 0.5, 0.5),), warnings=(text,))
    )


def tokens_of(page: str) -> list[Token]:
    """Return all tokens that a program finds in a page of Markdown, from headings down to links."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(page)
    return [inner for token in tokens for inner in (token, *(token.children or ()))]


def assert_shown_as_it_is(text: str, url: str = "http://site.example/a") -> None:
    tokens = tokens_of(page_with(text, url))
    links = {str(token.attrs["href"]) for token in tokens if token.type == "link_open"}
    assert {token.type for token in tokens} <= {token.type for token in tokens_of(page_with("word"))}
    assert all(link.startswith(("http://", "https://")) for link in links - OURS)
    cells = [
        "".join(child.content for child in inline.children or ())
        for cell, inline in pairwise(tokens)
        if cell.type == "td_open"
    ]
    failure, host = cells[-8:-4], cells[-4:]
    assert failure == ["essays", " ".join(url.split()), "fetch_failed", " ".join(text.split())]
    assert host == [" ".join(text.split()), "1", "0.5", "0.5"]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_from_the_network_is_shown_as_it_is_and_does_nothing(text: str) -> None:
    assert_shown_as_it_is(text)
    assert_shown_as_it_is("unreachable", text)
    # No program may turn a part of it into a link, either.
    assert "https://tracker" not in page_with(text)
    assert "www.tracker" not in page_with(text)


# No outcome contains the character NUL, which Markdown would replace.
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


@given(ANY_TEXT, ANY_TEXT)
def test_any_text_from_the_network_is_shown_as_it_is(text: str, url: str) -> None:
    assert_shown_as_it_is(text, url)


@given(st.text(alphabet="\\`*_[]()<>|~&!@#:/.-+ a\n;", max_size=30))
def test_any_marks_from_the_network_are_shown_as_they_are(text: str) -> None:
    assert_shown_as_it_is(text, f"http://site.example/{text}")


@pytest.mark.parametrize("folder", ["/data/My Press/commentary", "/data/`odd` press", "/data/$x"])
def test_paths_and_the_command_are_code_that_can_be_copied(folder: str) -> None:
    """A browser follows no link to a file from a page of a server."""
    place = Path(folder)
    page = as_markdown(replace(summary(MANY), warehouse=place, report=place / "report.html"))
    codes = [token.content for token in tokens_of(page) if token.type == "code_inline"]
    assert codes[:2] == [str(place / "warehouse.duckdb"), str(place / "report.html")]
    assert shlex.split(codes[-1]) == ["commentariat", "sql", "stances", "-w", folder]
    assert "file:" not in page
