"""Warehouses written by older versions can be read and continued; those of newer versions are refused."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

import commentariat
import warehouse
from commentariat import WarehouseError
from tests.warehouse import nights
from tests.warehouse.build_old_warehouse import HERE
from warehouse import SCHEMA_VERSION, Warehouse, Writer, connect
from warehouse.sql_files import QUERIES, load_sql, names
from warehouse.upkeep.compaction import compact
from warehouse.upkeep.takedown import take_down
from warehouse.upkeep.verify import verify

PROJECT = Path(__file__).parents[3]
LATER = SCHEMA_VERSION + 1


@pytest.fixture(params=sorted(HERE.iterdir()), ids=lambda path: path.name)
def earlier(request: pytest.FixtureRequest, tmp_path: Path) -> Warehouse:
    """A warehouse of an earlier version, with four articles that are not published."""
    shutil.copytree(request.param, tmp_path / "warehouse")
    return Warehouse(tmp_path / "warehouse")


@pytest.fixture
def without_raw_scores(tmp_path: Path) -> Warehouse:
    """A warehouse of the first version, which stored no raw scores and other probabilities."""
    shutil.copytree(HERE / "version-1", tmp_path / "warehouse")
    return Warehouse(tmp_path / "warehouse")


def continue_with_a_new_model(writer: Writer) -> None:
    """Write a night of the present version: another model, with raw scores, reads new and old articles."""
    ids = [nights.hash32(nights.url(1, 0, n)) for n in range(4)]
    writer.commit("model", nights.model_row("fast-2", 2))
    writer.commit("0001", nights.batch(2, 0, model="fast-2"))
    writer.commit("0002", {**nights.labels(ids, model="fast-2"), **nights.raw_scores(ids)})


def test_a_warehouse_of_an_earlier_version_is_read_and_continued(earlier):
    with earlier.writing(run_id="night-2", flow="nightly") as writer:
        rows = nights.batch(2, 0)
        writer.commit(
            "0001", {name: rows[name] for name in rows if name not in ("raw_score", "wording_score")}
        )
        writer.publish()
    with connect(earlier.root) as reader:
        assert reader.query("SELECT count(*) AS n FROM current_stance")["n"].to_pylist() == [12]
        assert reader.query("SELECT count(text) AS n FROM article_text")["n"].to_pylist() == [8]
    assert verify(earlier.root).findings == ()


def test_items_of_an_earlier_version_have_no_authors_and_no_time_of_change_and_later_ones_keep_them(earlier):
    url, changed_at = "https://feeds.example/new", nights.START.replace(day=9)
    stated = {"authors_hint": ["A. Writer", "B. Writer"], "modified_hint": changed_at}
    found = {"url": url, "article_id": nights.hash32(url), "source": "feeds", "discovered_at": changed_at}
    with earlier.writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("discovered", {"item": nights.table([found | stated])})
        compact(writer, min_files=2)
        writer.publish()
    with connect(earlier.root) as reader:
        rows = reader.query("SELECT authors_hint, modified_hint FROM item ORDER BY discovered_at").to_pylist()
    assert rows == [dict.fromkeys(stated)] * 4 + [stated]


def test_articles_of_an_earlier_version_have_no_time_of_change_and_later_ones_keep_it(earlier):
    change = "SELECT run_id, modified_at FROM article ORDER BY ALL"
    changed_at = nights.START.replace(day=9)
    rows = nights.batch(2, 0, articles=1)
    new = {name: rows[name] for name in ("article", "article_text")}
    new["article"] = nights.table([row | {"modified_at": changed_at} for row in new["article"].to_pylist()])
    expected = [{"run_id": "night-1", "modified_at": None}] * 4
    expected += [{"run_id": "night-2", "modified_at": changed_at}]
    with earlier.writing(run_id="night-2", flow="nightly") as writer:
        writer.publish()
        writer.commit("0001", new)
        writer.publish()
        assert writer.query(change).to_pylist() == expected
        compact(writer, min_files=2)
        writer.publish()
    with connect(earlier.root) as reader:
        assert reader.query(change).to_pylist() == expected
    assert verify(earlier.root).findings == ()


def test_visits_of_an_earlier_version_have_no_final_address_and_a_takedown_knows_the_later_ones(earlier):
    asked, there = nights.url(1, 0, 0), "https://behind.example/piece"
    visited_at = nights.START.replace(day=9)
    seen = {"url": asked, "resource": "page", "fetched_at": visited_at, "final_url": there}
    ended = {"url": asked, "source": "feeds", "outcome": "unchanged", "reason": "HTTP 304", "stage": "fetch"}
    ended |= {"article_id": nights.hash32(asked), "decided_at": visited_at}
    with earlier.writing(run_id="night-2", flow="nightly") as writer:
        writer.publish()
        writer.commit("0001", {"visit": nights.table([seen]), "outcome": nights.table([ended])})
        compact(writer, min_files=2)
        found = writer.query("SELECT final_url FROM visit ORDER BY fetched_at")["final_url"].to_pylist()
        receipt = take_down(writer, reason="Asked for.", urls=[there])
    assert found == [None] * (len(found) - 1) + [there]
    assert set(receipt.urls) == {asked, there}
    assert verify(earlier.root).findings == ()


def test_a_run_of_an_earlier_version_is_a_night_by_its_outcomes_and_a_later_one_by_what_it_recorded(earlier):
    nights_known = "SELECT run_id FROM nights() ORDER BY nights_ago"
    with earlier.writing(run_id="inputs-1", flow="nightly") as writer:  # as earlier versions recorded it
        rows = nights.of_source(nights.batch(2, 0, articles=1), "input")
        writer.commit("1", {"outcome": rows["outcome"]})
        writer.finish()
    for run_id, is_of_inputs in (("night-2", False), ("inputs-2", True)):
        with earlier.writing(run_id=run_id, flow="nightly", is_of_inputs=is_of_inputs) as writer:
            writer.finish()
            writer.publish()
    with connect(earlier.root) as reader:
        assert reader.query(nights_known)["run_id"].to_pylist() == ["night-2", "night-1"]
    assert verify(earlier.root).findings == ()


def test_in_a_file_that_an_earlier_version_published_a_run_is_a_night_by_its_outcomes(filled):
    with filled.writing(run_id="inputs", flow="nightly") as writer:
        writer.commit("1", nights.of_source(nights.batch(2, 0, articles=1), "input"))
        writer.publish()
    published = (filled.root / "warehouse.duckdb").resolve()
    published.chmod(0o644)
    with duckdb.connect(str(published)) as connection:
        connection.execute("ALTER TABLE commit_log DROP COLUMN is_of_inputs")
        connection.execute("UPDATE snapshot SET schema_version = 9")
    with connect(filled.root) as reader:
        assert reader.query("SELECT run_id FROM nights()")["run_id"].to_pylist() == ["night-1"]


def test_a_warehouse_of_an_earlier_version_takes_a_model_with_raw_scores(without_raw_scores):
    with without_raw_scores.writing(run_id="night-2", flow="nightly") as writer:
        continue_with_a_new_model(writer)
        writer.publish()
        followed = writer.query("SELECT * FROM stance_total ORDER BY ALL")
        compact(writer, min_files=2)
        writer.publish()
        writer._base.discard()
        assert writer.query("SELECT * FROM stance_total ORDER BY ALL") == followed
    with connect(without_raw_scores.root) as reader:
        stances = reader.query(
            "SELECT model_version, stance, count(*) AS n FROM current_stance GROUP BY ALL ORDER BY ALL"
        )
        assert stances.to_pylist() == [
            {"model_version": "fast-2", "stance": "against", "n": 6},
            {"model_version": "fast-2", "stance": "favor", "n": 4},
            {"model_version": "fast-2", "stance": "unsure", "n": 2},
        ]
        assert reader.query("SELECT count(*) AS n FROM raw_score")["n"].to_pylist() == [16]
        assert reader.query("FROM wording_agreement()").num_rows == 2
        weights = reader.query("SELECT model_version, weights_version FROM model ORDER BY ALL").to_pylist()
        assert [row["weights_version"] for row in weights] == [None, nights.WEIGHTS]
    assert verify(without_raw_scores.root).findings == ()


def test_rows_that_an_earlier_version_wrote_are_kept_as_they_are_and_pass_the_audits(without_raw_scores):
    shares = "SELECT p_favor + p_against + p_neutral AS sum, relevance FROM stance ORDER BY ALL"
    with without_raw_scores.writing(run_id="night-2", flow="nightly") as writer:
        before = writer.query(shares)
        compact(writer, min_files=1)
        writer.publish()
        assert writer.query(shares) == before
    assert {round(row["sum"], 3) for row in before.to_pylist()} == {1.0}
    assert verify(without_raw_scores.root).findings == ()


@pytest.fixture
def next_version(tmp_path: Path) -> Path:
    """A copy of this program with one more column and one more table, as a developer would add them."""
    copy = tmp_path / "next"
    copy.mkdir()
    for folder in (Path(commentariat.__file__).parent, Path(warehouse.__file__).parent, PROJECT / "tests"):
        shutil.copytree(folder, copy / folder.name, ignore=shutil.ignore_patterns("__pycache__"))

    def edit(file: str, old: str, new: str) -> None:
        path = copy / "warehouse" / file
        assert old in path.read_text(), (file, old)
        path.write_text(path.read_text().replace(old, new, 1))

    edit("definitions/schema.py", f"SCHEMA_VERSION = {SCHEMA_VERSION}\n", f"SCHEMA_VERSION = {LATER}\n")
    irony = f'Column("irony", SHARE, "Probability that the piece is ironic.", required=False, since={LATER})'
    stance = "        STANCE_OF_AUTHOR,\n        Column("
    edit("definitions/article_tables.py", stance, stance.replace("Column(", f"{irony},\n        Column("))
    text = 'Column("text", TEXT,'
    edit(
        "definitions/article_tables.py",
        text,
        f'Column("summary", TEXT, "Summary.", required=False, since={LATER}),\n        {text}',
    )
    table = (
        'LETTER = Table("letter", "Letters to the editor.", (URL, Column("said_at", TIMESTAMP, "When."), RUN), '
        'key=("url",), month_from=("said_at",))\n\n'
    )
    edit("definitions/intake_tables.py", "ITEM = Table(", table + "ITEM = Table(")
    edit("definitions/tables.py", "MINHASH_BAND, OUTCOME, VISIT\n", "LETTER, MINHASH_BAND, OUTCOME, VISIT\n")
    edit("definitions/tables.py", "        ITEM,\n", "        ITEM,\n        LETTER,\n")
    edit(
        "sql/append.sql", "INSERT INTO item", "INSERT INTO letter SELECT * FROM new_letter;\nINSERT INTO item"
    )
    return copy


def run_with(program: Path, code: str, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(program)}
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, cwd=program, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


CONTINUE = """
import sys, pyarrow as pa
import warehouse
assert str(warehouse.SCHEMA_VERSION) == sys.argv[2]
from tests.warehouse import nights
from warehouse.upkeep.compaction import compact
from warehouse.upkeep.verify import verify
root = sys.argv[1]
with warehouse.Warehouse(root).writing(run_id="night-2", flow="nightly") as writer:
    rows = nights.batch(2, 0)
    stance = rows["stance"]
    rows["stance"] = stance.append_column("irony", pa.array([0.5] * stance.num_rows, pa.float32()))
    rows["letter"] = nights.table([{"url": "u", "said_at": nights.START}])
    writer.commit("0001", rows)
    writer.publish()
    question = "SELECT count(*) AS n, count(irony) AS ironic, (SELECT count(*) FROM letter) AS letters FROM stance"
    before = writer.query(question)
    compact(writer, min_files=2)
    writer.publish()
    assert writer.query(question) == before
with warehouse.connect(root) as reader:
    assert reader.query(question) == before
    assert reader.query("SELECT count(text) AS n FROM article_text WHERE summary IS NULL")["n"].to_pylist() == [16]
assert verify(root).findings == ()
print(before.to_pylist())
"""


def test_adding_columns_and_a_table_works_on_an_existing_warehouse(filled, next_version):
    output = run_with(next_version, CONTINUE, str(filled.root), str(LATER))
    assert output == "[{'n': 32, 'ironic': 8, 'letters': 1}]"
    with pytest.raises(WarehouseError, match="upgrade commentariat"), filled.writing(run_id="x", flow="test"):
        pass
    with pytest.raises(WarehouseError, match="upgrade commentariat"):
        connect(filled.root)


ASK_EARLIER = """
import sys
import warehouse
from warehouse.sql_files import QUERIES, names
from warehouse.upkeep.verify import verify
root = sys.argv[1]
assert verify(root).findings == (), verify(root).findings
with warehouse.connect(root) as reader:
    for name in names(QUERIES):
        reader.saved(name)
    question = "SELECT count(*) AS n, count(irony) AS ironic, (SELECT count(*) FROM letter) AS letters FROM stance"
    print(reader.query(question).to_pylist())
    print(reader.query("SELECT count(text) AS n, count(summary) AS summaries FROM article_text").to_pylist())
    print(reader.query("SELECT count(*) AS n FROM current_stance WHERE irony IS NULL").to_pylist())
"""


def test_a_file_that_was_published_without_balances_is_read_with_the_present_views(filled):
    published = (filled.root / "warehouse.duckdb").resolve()
    published.chmod(0o644)
    with duckdb.connect(str(published)) as connection:
        connection.execute("DROP MACRO balance_of")
        connection.execute("CREATE OR REPLACE VIEW outlet_balance AS SELECT 1 AS balance")
    with connect(filled.root) as reader:
        assert (
            reader.query("FROM outlet_balance WHERE favor + against < 5 AND balance IS NOT NULL").num_rows
            == 0
        )
        assert reader.saved("stances_by_outlet").num_rows


@pytest.mark.parametrize(
    "later",
    [
        "MACRO has_failed",
        "MACRO text_is_known",
        "MACRO calls_for_second_model",
        "MACRO evidence_order",
        "MACRO split_of",
        "MACRO answer_certainty",
        "MACRO TABLE originals",
        "MACRO TABLE nights",
        "VIEW given_annotation",
        "VIEW gold_draw",
    ],
)
def test_present_queries_run_on_a_file_that_was_published_before_a_view_or_macro_was_added(filled, later):
    published = (filled.root / "warehouse.duckdb").resolve()
    published.chmod(0o644)
    with duckdb.connect(str(published)) as connection:
        connection.execute(f"DROP {later}")
    with connect(filled.root) as reader:
        for name in names(QUERIES):
            reader.saved(name)
        assert reader.query(load_sql("run_summary"), {"run_id": "night-1"}).num_rows


def test_present_queries_run_on_a_file_that_an_earlier_version_published(filled, next_version):
    published = (filled.root / "warehouse.duckdb").resolve()
    bytes_before = published.read_bytes()
    output = run_with(next_version, ASK_EARLIER, str(filled.root))
    assert output.splitlines() == [
        "[{'n': 24, 'ironic': 0, 'letters': 0}]",
        "[{'n': 12, 'summaries': 0}]",
        "[{'n': 18}]",
    ]
    assert published.read_bytes() == bytes_before
