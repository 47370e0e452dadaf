"""Pairs of natural language inference: two sides, and texts that do not settle the statement."""

import itertools
import random
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

pytest.importorskip("torch", reason="training needs the extra `train` (torch)")

from training.corpus import Pair
from training.inference_pairs import SHARES, WEIGHT, InferenceExamples, inference_pairs


def write_pairs(folder: Path) -> None:
    pq.write_table(
        pa.Table.from_pylist(
            [
                {"text": "The ferry  is late.", "target": "A boat is not on time.", "label": "favor"},
                {"text": "The ferry is late.", "target": "The ferry was early.", "label": "against"},
                {"text": "The ferry is late.", "target": "The captain is tired.", "label": "neutral"},
            ]
        )
        .append_column("source", pa.array(["mnli"] * 3))
        .append_column("split", pa.array(["train", "train", "dev"])),
        folder / "nli.parquet",
    )


def test_entailment_is_in_favor_and_contradiction_is_against(tmp_path: Path):
    write_pairs(tmp_path)
    pairs = inference_pairs(tmp_path, "train")
    assert [(pair.stance, pair.about) for pair in pairs] == [(0, 1.0), (1, 1.0)]
    assert pairs[0].text == "The ferry is late."


def test_a_text_that_does_not_settle_the_hypothesis_is_silent_on_it(tmp_path: Path):
    write_pairs(tmp_path)
    ((example,),) = InferenceExamples(inference_pairs(tmp_path, "dev")).draw(1, random.Random(0))
    assert (example.stance, example.about, example.weight) == (None, 0.0, WEIGHT)


def test_a_folder_without_the_file_gives_no_pairs(tmp_path: Path):
    assert inference_pairs(tmp_path, "train") == []


def test_sources_have_their_shares_and_others_none():
    pairs = [
        Pair(f"target {row}", f"{source} {row}", row % 2, 1.0, source)
        for source, row in itertools.product((*SHARES, "sick"), range(400))
    ]
    groups = InferenceExamples(pairs).draw(500, random.Random(0))
    drawn = Counter(example.text.split()[0] for (example,) in groups)
    assert drawn == {source: round(share * 500) for source, share in SHARES.items()}
