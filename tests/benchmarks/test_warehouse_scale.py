"""The warehouses of made-up rows that are measured."""

from pathlib import Path

import pyarrow as pa

from benchmarks.growth import questions_of_a_night
from benchmarks.warehouse_scale import build
from models import load_classifier
from warehouse import Warehouse, connect


def test_a_warehouse_has_as_many_articles_as_were_asked_for(tmp_path: Path) -> None:
    """Growth is measured with a few thousand stored articles, which are fewer than a batch has."""
    build(Warehouse(tmp_path / "w"), 100)
    with connect(tmp_path / "w") as reader:
        assert reader.query("SELECT count(*) AS n FROM article")["n"].to_pylist() == [100]


def test_a_night_has_nothing_to_ask_about_the_stored_articles_of_the_curve_of_history(tmp_path: Path) -> None:
    asked = questions_of_a_night()
    place = Warehouse(tmp_path / "w")
    build(place, 100, asked)
    hashes = {"": ""} | {target: hash_ for target, (_, hash_) in asked.statements.items()}
    wanted = pa.table(
        {
            "target": list(hashes),
            "statement_hash": list(hashes.values()),
            "model_version": [asked.model_version] * len(hashes),
        }
    )
    with place.writing(flow="test") as writer:
        assert writer.query_file("backlog", tables={"wanted_target": wanted}).num_rows == 0
        more = wanted.set_column(1, "statement_hash", pa.array(["other"] * len(hashes)))
        assert writer.query_file("backlog", tables={"wanted_target": more}).num_rows == 100 * len(hashes)
    # Its raw scores pass the audits only if the model that it knows has its weights.
    with connect(place.root) as reader:
        model = load_classifier()
        rows = reader.query("SELECT model_version, weights_version FROM model").to_pylist()
        assert rows == [{"model_version": model.version, "weights_version": model.weights_version}]
