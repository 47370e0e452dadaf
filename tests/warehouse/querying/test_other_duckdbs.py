"""The published file works with every common version of DuckDB: tables, views, macros and texts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from warehouse import TABLES, connect

VERSIONS = ("1.4.4", "1.5.5", "2.0.1")
QUESTIONS = [
    *(f"FROM {name}" for name in TABLES),
    *(
        f"FROM {name}"
        for name in (
            "run",
            "current_stance",
            "main_topic",
            "coverage",
            "outlet_balance",
            "wording_lean",
            "commit_log",
            "current_answer",
            "current_annotation",
            "given_annotation",
            "gold_answer",
            "gold_draw",
            "duplicates_by_outlet",
            "panel",
            "second_answer",
            "second_agreement",
            "second_confusion",
        )
    ),
    *(
        f"FROM {name}('chip-exports')"
        for name in (
            "stance_share",
            "stance_by_outlet",
            "stance_over_time",
            "both_sides",
            "changed_mind",
            "least_certain",
            "wording_diff",
        )
    ),
    "SELECT has_failed(outcome), cannot_be_read(outcome), text_is_known(outcome) FROM outcome",
    "SELECT evidence_order(score, quoted) FROM evidence",
    "SELECT answer_certainty(stance, about, p_favor, p_against, p_neutral, relevance) FROM stance",
    "SELECT is_desk(title), split_of(article_id) FROM article",
    "FROM originals()",
    "FROM nights()",
    "FROM topic_share()",
    "FROM wording_agreement()",
    "FROM model_diff('fast-1', 'fast-1')",
]
ASK = """
import duckdb, json, sys
file, questions = sys.argv[1], json.loads(sys.argv[2])
with duckdb.connect(file, read_only=True) as connection:
    counts = [connection.execute(f"SELECT count(*) FROM ({q})").fetchall()[0][0] for q in questions]
print(json.dumps([duckdb.__version__, counts]))
"""


@pytest.mark.release
@pytest.mark.parametrize("version", VERSIONS)
def test_the_published_file_answers_the_same_in_every_duckdb(filled, tmp_path, version):
    place = tmp_path / "duckdb"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(place)]
    if subprocess.run([*install, f"duckdb=={version}"], check=False).returncode:
        pytest.skip(f"DuckDB {version} cannot be installed here")
    with connect(filled.root) as reader:
        wanted = [reader.query(f"SELECT count(*) AS n FROM ({q})")["n"][0].as_py() for q in QUESTIONS]
    file = str((Path(filled.root) / "warehouse.duckdb").resolve())
    asked = subprocess.run(
        [sys.executable, "-c", ASK, file, json.dumps(QUESTIONS)],
        env={**os.environ, "PYTHONPATH": str(place)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    assert json.loads(asked.stdout) == [version, wanted]
    assert sum(wanted) > 100
