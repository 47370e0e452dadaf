"""A warehouse with made-up answers of the bundled model, its configuration, and people's answers to questions."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pyarrow as pa

from flows.night.classifier.classifier_pool import ClassifierPool
from flows.night.configured_models import reading_rows
from flows.night.run import Run
from flows.settings.classifier import configured_classifier
from flows.settings.config import load_config
from tasks.load import arrow_tables
from tasks.reference_rows import changed_targets, new_model
from tasks.targets.statement_hash import statement_hash
from tests.warehouse import nights
from warehouse import Warehouse

AT = datetime(2026, 1, 2, 8, tzinfo=UTC)
PIECES = 200
CONFIG = """
[warehouse]
path = "commentary"
[model]
threads = 1
{model}
[[targets]]
id = "chip-exports"
statement = "Chips may be exported"
denied = ["Chips must stay here"]
[[targets]]
id = "carbon-tax"
statement = "Carbon should be taxed"
denied = ["Carbon should be free"]
"""


def configure(folder: Path, model: str = "") -> Path:
    """Write the configuration of the warehouse, with a line for ``[model]``."""
    (folder / "commentariat.toml").write_text(CONFIG.format(model=model))
    return folder / "commentariat.toml"


def read_before(folder: Path) -> Path:
    """A warehouse with two hundred pieces and made-up answers of the bundled model."""
    config = load_config(configure(folder))
    choice = configured_classifier(config)
    ids = [nights.hash32(nights.url(1, 0, n)) for n in range(PIECES)]
    rows = nights.batch(1, 0, articles=PIECES, model=choice.version)
    rows |= nights.raw_scores(ids, weights=choice.weights_version)
    with Warehouse(config.warehouse.path).writing(run_id="night-1", flow="nightly") as writer:
        run = Run(
            config,
            AT,
            writer,
            ClassifierPool(cast("Any", None), 1, choice, []),
            config.asked_targets,
            (),
            "cap",
        )
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
    """Put the wordings of the configuration into made-up rows, so that a run does not read them again."""
    targets = {target.id: target for target in run.targets}
    rows = table.to_pylist()
    for row in rows:
        if row.get("statement_hash"):
            target = targets[row["target"]]
            row["statement_hash"] = statement_hash(target)
            if "wording" in row:
                row["wording"] = target.also[0].statement if row["denied"] else target.statement
    return pa.Table.from_pylist(rows, table.schema)


def a_person_says(number: int, question: Mapping[str, str]) -> str:
    """A person's answer to a question of ``review sample``: mostly the model's, and a side if the model is unsure."""
    predicted = question["stratum"].split(" / ")[1]
    return "neutral" if number % 7 == 0 else {"unsure": "favor"}.get(predicted, predicted)


def questions_in(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8-sig") as opened:
        return list(csv.DictReader(opened))


def answered(questions: Path, count: int, to: Path) -> Path:
    """Write a person's answers to the first questions into a file."""
    rows = questions_in(questions)
    for number, row in enumerate(rows[:count]):
        row["answer"] = a_person_says(number, row)
    with to.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return to
