"""From people's answers to what is shown: imported, calibrated by, decided again without a text, shares corrected."""

from __future__ import annotations

import asyncio
import csv
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pytest

from flows.explorer.filters import Filter
from flows.explorer.overview import overview
from flows.explorer.pages import page
from flows.explorer.snapshots import Snapshots
from flows.night.execution import Classifiers
from flows.night.run import Run
from flows.night.whose_answers import reading_rows
from flows.rescore import RescoreRequest, rescore_flow
from flows.settings.classifier import configured_classifier
from flows.settings.config import load_config
from tasks.load import arrow_tables, statement_hash
from tasks.reference_rows import changed_targets, new_model
from tests.flows.conftest import Command
from tests.warehouse import nights
from warehouse import Warehouse, connect

AT = datetime(2026, 1, 2, 8, tzinfo=UTC)
PIECES = 200
CONFIG = """
[warehouse]
path = "commentary"
[model]
threads = 1
{more}
[[targets]]
id = "chip-exports"
statement = "Chips may be exported"
denied = ["Chips must stay here"]
[[targets]]
id = "carbon-tax"
statement = "Carbon should be taxed"
denied = ["Carbon should be free"]
"""


def configure(folder: Path, more: str = "") -> Path:
    (folder / "commentariat.toml").write_text(CONFIG.format(more=more))
    return folder / "commentariat.toml"


def read_before(folder: Path) -> Path:
    """A warehouse with two hundred pieces as if the bundled model had read them."""
    config = load_config(configure(folder))
    choice = configured_classifier(config)
    ids = [nights.hash32(nights.url(1, 0, n)) for n in range(PIECES)]
    rows = nights.batch(1, 0, articles=PIECES, model=choice.version)
    rows |= nights.raw_scores(ids, weights=choice.weights_version)
    with Warehouse(config.warehouse.path).writing(run_id="night-1", flow="nightly") as writer:
        run = Run(config, AT, writer, Classifiers(cast("Any", None), 1, choice, []), config.asked)
        registers = {
            "target": changed_targets(writer, run.targets, AT, retire=True),
            "model": new_model(
                writer, choice.version, "fast", choice.taxonomy, AT, weights_version=choice.weights_version
            ),
            "reading": reading_rows(run),
        }
        writer.commit("registers", arrow_tables(registers, writer.run_id))
        writer.commit("1", {name: as_configured(table, run) for name, table in rows.items()})
        writer.finish("made up")
        writer.publish()
    return config.warehouse.path


def as_configured(table: pa.Table, run: Run) -> pa.Table:
    """Give made-up rows the wordings of the configuration, which decide what need not be read again."""
    targets = {target.id: target for target in run.targets}
    rows = table.to_pylist()
    for row in rows:
        if row.get("statement_hash"):
            target = targets[row["target"]]
            row["statement_hash"] = statement_hash(target)
            if "wording" in row:
                row["wording"] = target.also[0].statement if row["denied"] else target.statement
    return pa.Table.from_pylist(rows, table.schema)


def answered(questions: Path, count: int, to: Path) -> Path:
    """People answer the first of the questions: mostly what the model says, and a side where it is unsure."""
    with questions.open(newline="", encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    for n, row in enumerate(rows[:count]):
        predicted = row["stratum"].split(" / ")[1]
        row["answer"] = "neutral" if n % 7 == 0 else {"unsure": "favor"}.get(predicted, predicted)
    with to.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return to


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
    assert ended.out == "240 answers taken in, 60 were here already\n", ended.err
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
            assert f"Corrected by what people say of {n} pieces drawn by chance: in favor" in after
            assert f"in favor {round(100 * row['corrected'])}%" in after
            assert f"{n} answers of people" in explored
    assert sum(row["labelled"] for row in corrected if row["stance"] == "favor") == 300
    assert "its card says" not in after, "all targets are corrected"
    assert "corrected" not in narrow, "of a part they are not shown"
