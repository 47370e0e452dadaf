"""Warehouses written by older versions can be read and continued; those of newer versions are refused."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from commentariat import WarehouseError
from tests.warehouse import nights
from tests.warehouse.build_old_warehouse import HERE
from warehouse import Warehouse, connect
from warehouse.verify import verify

PROJECT = Path(__file__).parents[2]


@pytest.mark.parametrize("old", sorted(HERE.iterdir()), ids=lambda path: path.name)
def test_a_warehouse_of_an_earlier_version_is_read_and_continued(old, tmp_path):
    root = tmp_path / "warehouse"
    shutil.copytree(old, root)
    with Warehouse(root).writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("0001", nights.batch(2, 0))
        writer.publish()
    with connect(root) as reader:
        assert reader.query("SELECT count(*) AS n FROM current_stance")["n"].to_pylist() == [12]
        assert reader.query("SELECT count(text) AS n FROM article_text")["n"].to_pylist() == [8]
    assert verify(root).findings == ()


@pytest.fixture
def next_version(tmp_path: Path) -> Path:
    """This program with one more column and one more table, as a developer would add them."""
    copy = tmp_path / "next"
    copy.mkdir()
    for name in ("warehouse", "tests"):
        shutil.copytree(PROJECT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "commentariat.py", copy)

    def edit(file: str, old: str, new: str) -> None:
        path = copy / "warehouse" / file
        assert old in path.read_text(), (file, old)
        path.write_text(path.read_text().replace(old, new, 1))

    edit("schema.py", "SCHEMA_VERSION = 1\n", "SCHEMA_VERSION = 2\n")
    irony = 'Column("irony", SHARE, "Probability that the piece is ironic.", required=False, since=2)'
    about = 'Column("about", FLAG,'
    edit("article_tables.py", about, f"{irony},\n        {about}")
    text = 'Column("text", TEXT,'
    edit(
        "article_tables.py",
        text,
        f'Column("summary", TEXT, "Summary.", required=False, since=2),\n        {text}',
    )
    table = (
        'LETTER = Table("letter", "Letters to the editor.", (URL, Column("said_at", TIMESTAMP, "When."), RUN), '
        'key=("url",), month_from=("said_at",))\n\n'
    )
    edit("intake_tables.py", "ITEM = Table(", table + "ITEM = Table(")
    edit("tables.py", "MINHASH_BAND, OUTCOME, VISIT\n", "LETTER, MINHASH_BAND, OUTCOME, VISIT\n")
    edit("tables.py", "        ITEM,\n", "        ITEM,\n        LETTER,\n")
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
assert warehouse.SCHEMA_VERSION == 2
from tests.warehouse import nights
from warehouse.compaction import compact
from warehouse.verify import verify
root = sys.argv[1]
with warehouse.Warehouse(root).writing(run_id="night-2", flow="nightly") as writer:
    rows = nights.batch(2, 0)
    stance = rows["stance"]
    rows["stance"] = stance.append_column("irony", pa.array([0.5] * stance.num_rows, pa.float32()))
    rows["letter"] = nights.table([{"url": "u", "said_at": nights.START}])
    writer.commit("0001", rows)
    writer.publish()
    question = "SELECT count(*) AS n, count(irony) AS ironic, (SELECT count(*) FROM letter) AS letters FROM stance"
    before = writer.select(question)
    compact(writer, min_files=2)
    writer.publish()
    assert writer.select(question) == before
with warehouse.connect(root) as reader:
    assert reader.query(question) == before
    assert reader.query("SELECT count(text) AS n FROM article_text WHERE summary IS NULL")["n"].to_pylist() == [16]
assert verify(root).findings == ()
print(before.to_pylist())
"""


def test_adding_columns_and_a_table_works_on_an_existing_warehouse(filled, next_version):
    output = run_with(next_version, CONTINUE, str(filled.root))
    assert output == "[{'n': 32, 'ironic': 8, 'letters': 1}]"
    with pytest.raises(WarehouseError, match="upgrade commentariat"), filled.writing(run_id="x", flow="test"):
        pass
    with pytest.raises(WarehouseError, match="upgrade commentariat"):
        connect(filled.root)
