"""The totals are updated by additions and subtractions, and always equal the sums over all answers."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import duckdb
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.warehouse import nights
from warehouse import Warehouse, connect
from warehouse.sql_files import load_sql
from warehouse.upkeep.takedown import take_down
from warehouse.upkeep.verify import verify
from warehouse.writing.writer import Writer

ALL = "SELECT * FROM stance_total ORDER BY ALL"


def reworded(number: int, statement: str, *, active: bool) -> dict[str, pa.Table]:
    row = {
        "target": "carbon-tax",
        "statement": statement,
        "statement_hash": nights.hash32(statement),
        "aliases": [],
        "active": active,
        "asked_from": nights.START.replace(year=2030, minute=number),
    }
    return {"target": nights.table([row])}


def rescored(model: str, rank: int) -> dict[str, pa.Table]:
    ids = [nights.hash32(nights.url(1, batch, n)) for batch in (0, 1) for n in (1, 2)]
    return {**nights.model_row(model, rank), **nights.labels(ids, model=model)}


def step(writer: Writer, number: int, what: str) -> None:
    """Make one commit of a kind; commits of kinds that can happen only once differ by their number."""
    name = f"step-{number}"
    if what == "new articles":
        writer.commit(name, nights.batch(10 + number, 0))
    elif what == "another text":
        text = f"They think otherwise now. {nights.SENTENCE}"
        tables = nights.batch(1, 1, revision=number + 2, text=text)
        del tables["outcome"]  # a piece has one outcome in a run, however often its text changes
        writer.commit(name, tables)
    elif what == "a better model":
        writer.commit(name, rescored(f"model-{number}", rank=number + 2))
    elif what == "a worse model":
        writer.commit(name, rescored(f"model-{number}", rank=-number))
    elif what == "the first model is named again":
        row = {"model_version": nights.MODEL, "name": "fast", "rank": 100 + number}
        writer.commit(name, {"reading": nights.table([row | {"current_from": nights.START}])})
    elif what == "another wording":
        writer.commit(name, reworded(number, "Carbon should cost more.", active=True))
    elif what == "the old wording":
        writer.commit(name, reworded(number, "carbon-tax", active=True))
    elif what == "a target given up":
        writer.commit(name, reworded(number, "carbon-tax", active=False))
    else:
        gone = "SELECT min(url) AS url FROM article WHERE url LIKE '%/1/2/%'"
        if url := writer.query(gone)["url"][0].as_py():
            take_down(writer, urls=[url], reason="Asked for.")


KINDS = [
    "new articles",
    "another text",
    "a better model",
    "a worse model",
    "the first model is named again",
    "another wording",
    "the old wording",
    "a target given up",
    "a takedown",
]


@settings(max_examples=6, deadline=None)
@given(steps=st.lists(st.sampled_from(KINDS), min_size=2, max_size=6))
def test_whatever_happens_the_totals_are_those_of_the_answers_that_count(one_published_night, steps):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "warehouse"
        shutil.copytree(one_published_night, root, symlinks=True)
        with Warehouse(root).writing(run_id="steps", flow="test") as writer:
            for number, what in enumerate(steps):
                step(writer, number, what)
                assert writer.query_file("wrong_totals").num_rows == 0, (number, what)
            kept = writer.query(ALL)
            writer._base.discard()
            assert writer.query(ALL).equals(kept), "a rebuild from the files gives other totals"


def test_the_questions_answered_from_totals_agree_with_the_stances(filled):
    with connect(filled.root) as reader:
        shares = {
            r["stance"]: r["articles"] for r in reader.query("FROM stance_share('carbon-tax')").to_pylist()
        }
        counted = "SELECT stance, count(*) AS n FROM current_stance WHERE target = 'carbon-tax' GROUP BY ALL"
        assert shares == {r["stance"]: r["n"] for r in reader.query(counted).to_pylist()}
        lean = "SELECT target, outlet, round(avg(p_favor - p_against), 4) AS lean FROM current_stance GROUP BY ALL"
        assert reader.query("SELECT target, outlet, lean FROM outlet_balance ORDER BY ALL").equals(
            reader.query(f"FROM ({lean}) ORDER BY ALL")
        )


def test_wrong_totals_are_found_by_verify(filled):
    generation = (filled.root / "warehouse.duckdb").resolve()
    generation.chmod(0o644)
    with duckdb.connect(str(generation)) as connection:
        connection.execute("UPDATE stance_total SET articles = articles + 1 WHERE stance = 'favor'")
        assert connection.execute(load_sql("wrong_totals")).fetchall()
    (finding,) = verify(filled.root).findings
    assert finding.check == "snapshot" and "adds up stances wrongly" in finding.message
