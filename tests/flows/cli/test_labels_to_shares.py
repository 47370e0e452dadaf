"""From people's answers to corrected shares: import, calibration, deciding again without texts, correction."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path

import pytest

from flows.explorer.filters import Filter
from flows.explorer.overview import overview
from flows.explorer.pages import page
from flows.explorer.snapshots import Snapshots
from flows.rescore import RescoreRequest, rescore_flow
from tests.flows.cli.read_before import PIECES, answered, configure, read_before
from tests.flows.conftest import Command
from tests.warehouse import nights
from warehouse import connect


@pytest.mark.usefixtures("prefect_server")
def test_three_hundred_answers_calibrate_the_model_and_correct_the_shares(
    command: Command, tmp_path: Path
) -> None:
    path = read_before(tmp_path)
    assert command("report", "-o", "before.html").code == 0
    before = (tmp_path / "before.html").read_text()
    assert "Corrected by what people say" not in before
    assert "These shares are as the model gives them, and its card says: On general statements" in before
    questions, answers = tmp_path / "questions.csv", tmp_path / "answers.csv"
    ended = command("review", "sample", questions, "--size", 300, "--random", 1, "--name", "first")
    assert ended.code == 0 and "300 random" in ended.out, ended.err

    command("review", "import", answered(questions, 60, answers), "--annotator", "mo")
    ended = command("review", "recalibrate")
    assert ended.code == 2 and "60 answers can be used" in ended.err and "40 more are needed" in ended.err
    ended = command("review", "import", answered(questions, 300, answers), "--annotator", "mo")
    assert ended.out == "240 answers added, 60 were here already\n", ended.err
    ended = command("review", "recalibrate", "calibration.json")
    assert ended.code == 0, ended.out + ended.err

    config = configure(tmp_path, 'calibration = "calibration.json"')
    state = asyncio.run(rescore_flow(RescoreRequest(config=config), return_state=True))
    assert str(state.message).startswith(f"0 articles read, {PIECES} decided again from stored scores"), state
    with connect(path) as reader:
        runs = reader.query(
            "SELECT (SELECT count(DISTINCT run_id) FROM raw_score) AS raw, count(DISTINCT run_id) AS stances, "
            "count(DISTINCT model_version) AS versions FROM stance"
        ).to_pylist()
        corrected = reader.saved("corrected_shares").to_pylist()
    assert runs == [{"raw": 1, "stances": 2, "versions": 2}], (
        "answers of another version, and nothing was read"
    )

    assert command("report", "-o", "after.html").code == 0
    after = " ".join((tmp_path / "after.html").read_text().split())
    with closing(Snapshots(path)) as snapshots:
        content = snapshots.ask(lambda reader: overview(snapshots, reader, Filter()))
        narrow = snapshots.ask(
            lambda reader: overview(snapshots, reader, Filter(outlets=(nights.OUTLETS[0],)))
        )
    explored = bytes(page("overview.html", **content).body).decode()
    for row in corrected:
        if row["stance"] == "favor":
            n = row["labelled"]
            assert row["corrected_high"] - row["corrected_low"] > 0
            assert f"Corrected by answers of people on {n} articles drawn by chance: in favor" in after
            assert f"in favor {round(100 * row['corrected'])}%" in after
            assert f"{n} answers of people" in explored
    assert sum(row["labelled"] for row in corrected if row["stance"] == "favor") == 300
    assert "its card says" not in after, "all targets are corrected"
    assert "corrected" not in narrow, "of a part they are not shown"
