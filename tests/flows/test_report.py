"""What people are shown of a run: sides apart from "unsure", and too few pieces marked as that."""

from pathlib import Path

import pytest

from flows.artifacts import _stands as rows_of_artifact
from flows.report import Summary, as_markdown, print_summary
from flows.report.summary import TargetStand

MANY = TargetStand("tolls", "Cities should charge drivers", favor=40, against=30, neutral=7, unsure=23)
FEW = TargetStand("trams", "Cities should build trams", favor=2, against=1, neutral=0, unsure=1)
NONE = TargetStand("ferry", "The ferry should stay", favor=0, against=0, neutral=0, unsure=0)


def summary(*stands: TargetStand) -> Summary:
    return Summary(
        run_id="run-1",
        warehouse=Path("/srv/commentary"),
        outcomes={"loaded": 100},
        topics=(("Transportation", 100),),
        stands=stands,
        failures=(),
        hosts=(),
    )


def test_what_is_unsure_counts_as_speaking_about_the_target() -> None:
    assert MANY.about == 100
    assert not MANY.is_few


@pytest.mark.parametrize(("pieces", "is_few"), [(0, True), (4, True), (5, False)])
def test_fewer_than_five_pieces_are_few(pieces: int, is_few: bool) -> None:
    assert TargetStand("a", "A statement", 0, 0, 0, unsure=pieces).is_few is is_few


def test_the_terminal_shows_unsure_apart_and_marks_few_pieces_with_an_explanation(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_summary(summary(MANY, FEW))
    out = capsys.readouterr().out
    lines = [line.split() for line in out.splitlines()]
    assert ["where", "they", "stand", "favor", "against", "neutral", "unsure"] in lines
    assert ["Cities", "should", "charge", "drivers", "40", "30", "7", "23"] in lines
    assert ["Cities", "should", "build", "trams", "(few)", "2", "1", "0", "1"] in lines
    assert out.count("(few): fewer than 5 pieces") == 1


def test_nothing_is_explained_where_nothing_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    print_summary(summary(MANY))
    print_summary(summary(NONE))  # no piece speaks about it: there is no table to explain
    assert "few" not in capsys.readouterr().out
    assert "few" not in as_markdown(summary(MANY))


def test_the_markdown_page_shows_the_same() -> None:
    page = as_markdown(summary(MANY, FEW))
    assert "| target | favor | against | neutral | unsure |" in page
    assert "| Cities should charge drivers | 40 | 30 | 7 | 23 |" in page
    assert "| Cities should build trams (few) | 2 | 1 | 0 | 1 |" in page
    assert page.count("(few): fewer than 5 pieces") == 1


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
