"""Data for training one's own network: answers about the stored articles, as labels of their texts.

``opeds.parquet`` has one row for each revision of an article, in the columns that ``training/opeds_data.py`` reads.
``labels.parquet`` has the same labels one by one, for other programs: text, statement, label, evidence as offsets.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from commentariat import InputError
from warehouse.exporting.export import Exported, export
from warehouse.querying.connect import Reader
from warehouse.sql_files import load_sql

OPEDS, LABELS = "opeds", "labels"
_FILES = {OPEDS: "training_opeds", LABELS: "training_labels"}


def export_training(reader: Reader, folder: Path, *, never_sent: Iterable[str]) -> list[Exported]:
    """Write the answers of second models and people to ``folder``, with ``manifest.json``.

    Parameters
    ----------
    never_sent
        Sources whose articles are never sent to a second model; sources stored as such are left out too.

    Raises
    ------
    InputError
        There is no answer that could be written.
    WarehouseError
        The folder cannot be written.
    """
    parameters = {"never_sent": list(never_sent)}
    answers = load_sql("training_answers")
    ((any_answer,),) = (
        reader.query(f"SELECT count(*) > 0 AS found FROM ({answers})", parameters).to_pydict().values()
    )
    if not any_answer:
        raise InputError(
            f"{reader.root} has no answer of a second model or of people that can be trained on: run a night with "
            "[second_model], or `commentariat review`. Sources with second_model = false are left out"
        )
    queries = [
        (name, f"WITH answer AS ({answers}) SELECT * FROM ({load_sql(sql)})") for name, sql in _FILES.items()
    ]
    return export(reader, folder, queries=queries, parameters=parameters, format="parquet")
