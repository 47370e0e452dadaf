"""Shares corrected by people's answers cover the truth where the model's own shares do not."""

from __future__ import annotations

import re
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from warehouse import connect
from warehouse.querying.scope import Scope
from warehouse.sql_files import QUERIES, load_sql, views_sql

DRAWS, PIECES, LABELLED = 500, 600, 240
PEOPLE = np.array(["favor", "against", "neutral", "not_about"])
MODEL = np.array(["favor", "against", "neutral", "unsure", "not_about"])
TRUTH = np.array([0.20, 0.12, 0.08, 0.60])  # of the pieces that speak about the target: .5, .3 and .2
GIVEN_TRUTH = np.array(  # one side is unsure twice as often as the other, and wrong more often
    [
        [0.45, 0.05, 0.05, 0.25, 0.20],
        [0.10, 0.25, 0.05, 0.50, 0.10],
        [0.10, 0.05, 0.40, 0.30, 0.15],
        [0.03, 0.02, 0.01, 0.05, 0.89],
    ]
)


KINDS = {"favor": 100, "not_about": 900}

QUESTION = ("target", "article_id", "revision", "statement_hash")

PART = np.array([0.2, 0.8, 0.5, 0.3, 0.1])
"""For each answer of the model, the share of its pieces that are in a part, such as an outlet."""


@pytest.fixture(scope="module")
def corrected() -> list[dict[str, float]]:
    """Five hundred draws, each for its own target: the model's answers on all pieces, and people's answers on some."""
    return simulated(DRAWS)


def simulated(draws: int, part: np.ndarray | None = None) -> list[dict[str, float]]:
    """Return the corrected shares of made-up targets, of all pieces or of a part."""
    chance = np.random.default_rng(20_261_128)
    truth = chance.choice(4, size=(draws, PIECES), p=TRUTH)
    model = (chance.random((draws, PIECES, 1)) > GIVEN_TRUTH.cumsum(1)[truth]).sum(2)
    here = np.ones(truth.shape, dtype=bool) if part is None else chance.random(truth.shape) < part[model]
    rows = []
    for draw in range(draws):
        for kind in range(len(MODEL)):
            there = np.flatnonzero(model[draw] == kind)
            share = np.sqrt(len(there)) / np.sqrt(np.bincount(model[draw], minlength=5)).sum()
            drawn = chance.permutation(there)[: max(2, round(LABELLED * share))]
            rows += [(draw, piece, kind, len(there), truth[draw, piece]) for piece in drawn]
    target, piece, stratum, size, answer = np.array(rows).T

    def question(of: np.ndarray, which: np.ndarray) -> dict[str, np.ndarray]:
        ones = np.ones(len(of), dtype=np.int64)
        return {"target": of, "article_id": which, "revision": ones, "statement_hash": ones}

    looked_at = question(*np.nonzero(here)) | {"outlet": np.full(here.sum(), "x")}
    how = {"sampled_by": np.full(len(answer), "random"), "sample": np.full(len(answer), "s")}
    how |= {"stratum": np.char.add(np.char.add(target.astype(str), " / "), stratum.astype(str))}
    how |= {"stratum_size": size, "answer": PEOPLE[answer]}
    return shares(
        looked_at | {"answer": MODEL[model[here]]},
        question(target, piece) | how,
        question(*np.nonzero(np.ones_like(here))),
    )


def shares(
    current_answer: dict[str, np.ndarray],
    people: dict[str, np.ndarray],
    everywhere: dict[str, np.ndarray] | None = None,
) -> list[dict[str, Any]]:
    """Run the saved query on made-up answers of the model and of people, one for each sample of a question.

    `everywhere` are the questions of all articles, if the answers of the model are those of a part.
    """
    asked = {name: (everywhere or current_answer)[name] for name in QUESTION}
    stance = asked | {"is_current": np.ones(len(asked["target"]), dtype=bool)}
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    for macro in re.findall(r"CREATE OR REPLACE MACRO share_\w+\(.*?;\n", views_sql(), re.DOTALL):
        connection.execute(macro)
    gold_draw = people | {"most_frequent": [answer.split(" or ") for answer in people["answer"].tolist()]}
    tables = {"current_answer": current_answer, "gold_draw": gold_draw, "stance": stance}
    for name, columns in tables.items():
        texts = {"target": np.asarray(columns["target"]).astype(str)}
        connection.register(name, pa.table(columns | texts))
    return connection.sql(load_sql("corrected_shares", QUERIES)).to_arrow_table().to_pylist()


def test_intervals_of_a_part_cover_its_true_shares_although_the_draw_was_from_all_pieces():
    """The part has four in five of the pieces with the answer "against", and one in five of those with "favor"."""
    rows = simulated(DRAWS, PART)
    in_part = TRUTH[:3] * (GIVEN_TRUTH[:3] @ PART)
    for true, side in zip(in_part / in_part.sum(), ("favor", "against", "neutral"), strict=True):
        its = [row for row in rows if row["stance"] == side and row["corrected_low"] is not None]
        covered = [row["corrected_low"] <= true <= row["corrected_high"] for row in its]
        assert len(its) > 0.9 * DRAWS
        assert np.mean([row["corrected"] for row in its]) == pytest.approx(true, abs=0.02)
        assert 0.93 <= np.mean(covered) <= 0.99


@pytest.mark.parametrize(("side", "true"), [("favor", 0.5), ("against", 0.3), ("neutral", 0.2)])
def test_95_in_100_intervals_cover_the_truth_although_the_model_errs_and_leaves_one_side_unsure(
    corrected: list[dict[str, float]], side: str, true: float
):
    rows = [row for row in corrected if row["stance"] == side]
    assert len(rows) == DRAWS
    covered = sum(row["corrected_low"] <= true <= row["corrected_high"] for row in rows) / DRAWS
    assert 0.93 <= covered <= 0.97
    assert sum(row["low"] <= true <= row["high"] for row in rows) / DRAWS < 0.6, "the raw shares are off"
    assert np.mean([row["corrected"] for row in rows]) == pytest.approx(true, abs=0.01)


def test_the_share_of_unsure_answers_is_apart_from_the_corrected_shares(corrected: list[dict[str, float]]):
    unsure = [row for row in corrected if row["stance"] == "unsure"]
    assert len(unsure) == DRAWS
    assert all(row["corrected"] is None and row["share"] > 0 for row in unsure)


def test_corrected_shares_can_be_computed_for_a_part_of_the_articles(one_published_night):
    everything = load_sql("corrected_shares", QUERIES)
    with connect(one_published_night) as reader:
        whole = reader.query(everything).to_pylist()
        part = reader.query(Scope(outlets=("Harbor Ledger",)).narrow(everything)).to_pylist()
        stated = reader.query(
            "SELECT count(*) AS n FROM current_stance WHERE outlet = 'Harbor Ledger'"
        ).to_pylist()
    assert 0 < sum(row["articles"] for row in part) == stated[0]["n"] < sum(row["articles"] for row in whole)


def answered(rows: list[tuple[Any, ...]]) -> dict[str, np.ndarray]:
    """Lay out answers of people: target, article, answer (or "one or another"), stratum, its size, sample."""
    names = ("target", "article_id", "answer", "stratum", "stratum_size", "sample")
    columns = {name: np.array(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    ones = np.ones(len(rows), dtype=np.int64)
    return columns | {"revision": ones, "statement_hash": ones, "sampled_by": np.full(len(rows), "random")}


def stored(rows: list[tuple[str, str, str, str]]) -> dict[str, np.ndarray]:
    """Lay out the model's answers: target, article, answer, outlet."""
    names = ("target", "article_id", "answer", "outlet")
    columns = {name: np.array(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    ones = np.ones(len(rows), dtype=np.int64)
    return columns | {"revision": ones, "statement_hash": ones}


def side(rows: list[dict[str, Any]], stance: str, target: str = "t") -> dict[str, Any]:
    return next(row for row in rows if (row["target"], row["stance"]) == (target, stance))


def test_a_share_of_nearly_nothing_has_an_interval_that_covers_it():
    """The model states favor on 60 of 1,000 articles, and is right in one of thirty; elsewhere there is no favor."""
    sizes = {"favor": (60, 20), "against": (200, 40), "neutral": (500, 60), "unsure": (240, 40)}
    chance = np.random.default_rng(7)
    model, people = [], []
    draws = 200
    for draw in range(draws):
        for kind, (size, drawn) in sizes.items():
            name = f"{draw}"
            model += [(name, f"{kind}{n}", kind, "x") for n in range(size)]
            is_right = chance.permutation(size)[:drawn] < 2
            for n in range(drawn):
                truth = "neutral" if kind in ("unsure", "favor") else kind
                truth = "favor" if kind == "favor" and is_right[n] else truth
                people.append((name, f"{kind}{n}", truth, f"{name} / {kind}", size, "s"))
    rows = shares(stored(model), answered(people))
    favor = [row for row in rows if row["stance"] == "favor"]
    assert sum(row["corrected"] == 0 for row in favor) > 0.3 * draws, "in many draws no answer is favor"
    assert all(0 <= row["corrected_low"] <= row["corrected"] < row["corrected_high"] < 0.06 for row in favor)
    assert np.mean([row["corrected_low"] <= 2 / 1_000 <= row["corrected_high"] for row in favor]) >= 0.93
    unsure = [row for row in rows if row["stance"] == "unsure"]
    assert len(unsure) == draws
    assert all(row["corrected_low"] is None and row["corrected_high"] is None for row in unsure)


def of_two_outlets(sampled: dict[str, int], stratum: str, *, name: str = "s") -> list[tuple[Any, ...]]:
    """Answers about outlet x, where the model is right, and y, where each "favor" is really "against"."""
    size = sum({"x": 200, "y": 800}[outlet] for outlet in sampled) // 2
    return [
        ("t", f"{outlet} {kind} {n}", "against" if outlet == "y" else kind, stratum.format(kind), size, name)
        for outlet, count in sampled.items()
        for kind in ("favor", "against")
        for n in range(count)
    ]


OF_TWO = [
    ("t", f"{outlet} {kind} {n}", kind, outlet)
    for outlet, size in {"x": 200, "y": 800}.items()
    for kind in ("favor", "against")
    for n in range(size // 2)
]


@pytest.mark.parametrize("stratum", ["t / {} / among x", "t / {} / x / among w; x"])
def test_answers_about_one_outlet_do_not_correct_the_shares_of_all(stratum: str):
    of_x = of_two_outlets({"x": 30}, stratum)
    row = side(shares(stored(OF_TWO), answered(of_x)), "favor")
    assert (row["corrected"], row["labelled"]) == (None, 0)
    only_x = side(shares(stored([row for row in OF_TWO if row[3] == "x"]), answered(of_x)), "favor")
    assert (only_x["corrected"], only_x["labelled"]) == (0.5, 60)
    of_all = of_two_outlets({"x": 8, "y": 32}, "t / {}", name="all")
    row = side(shares(stored(OF_TWO), answered(of_x[40:] + of_all)), "favor")
    assert row["corrected"] == pytest.approx(0.1) and row["labelled"] == 80


@pytest.mark.parametrize("former", ["statement_hash", "revision"])
def test_answers_to_a_former_wording_or_about_a_former_text_do_not_change_the_weights(former: str):
    """Of the 100 pieces in favor, people now find every second one against; all others are not about it."""
    model = [("t", f"favor {n}", "favor", "x") for n in range(100)]
    model += [("t", f"none {n}", "not_about", "x") for n in range(900)]
    now = [("t", f"favor {n}", ("favor", "against")[n % 2], "t / favor", 100, "s") for n in range(20)]
    now += [("t", f"none {n}", "not_about", "t / not_about", 900, "s") for n in range(20)]
    before = [("t", f"favor {n}", "favor", "t / favor", 100, "r") for n in range(20, 60)]
    before += [("t", f"none {n}", "not_about", "t / not_about", 900, "r") for n in range(20, 30)]
    people = answered(now + before) | {former: np.repeat([1, 0], [len(now), len(before)])}
    row = side(shares(stored(model), people), "favor")
    assert row["corrected"] == pytest.approx(0.5, abs=1e-4) and row["labelled"] == 40


def test_answers_about_former_texts_outside_a_part_do_not_change_its_weights():
    """Half of the pieces are of outlet x, the part; 32 pieces of outlet y have changed since people answered."""
    model = [("t", f"{kind} {n}", kind, "xy"[n % 2]) for kind, size in KINDS.items() for n in range(size)]
    people = [
        ("t", f"{kind} {n}", "against" if kind == "favor" and n % 4 < 2 else kind, f"t / {kind}", size, "s")
        for kind, size in KINDS.items()
        for n in range(32)
    ]
    before = [("t", f"favor {n}", "favor", "t / favor", 100, "r") for n in range(33, 97, 2)]
    revisions = {"revision": np.repeat([1, 0], [len(people), len(before)])}
    of_x = stored([row for row in model if row[3] == "x"])
    now = side(shares(of_x, answered(people), stored(model)), "favor")
    beside_former = side(shares(of_x, answered(people + before) | revisions, stored(model)), "favor")
    assert now["corrected"] == beside_former["corrected"] is not None


def test_several_samples_of_the_same_articles_are_one_larger_sample():
    """Two samples drew all 20 pieces in favor, and each piece counts once; the rest is not about it."""
    model = [("t", f"favor {n}", "favor", "x") for n in range(20)]
    model += [("t", f"none {n}", "not_about", "x") for n in range(1_000)]
    people = [("t", f"favor {n}", "favor", "t / favor", 20, sample) for sample in "ab" for n in range(20)]
    # People find a side in one of fifty pieces that do not speak about it for the model.
    people += [
        ("t", f"none {n}", "against" if n % 50 == 0 else "not_about", "t / not_about", 1_000, "ab"[n % 2])
        for n in range(100)
    ]
    row = side(shares(stored(model), answered(people)), "favor")
    assert row["corrected"] == pytest.approx(0.5, abs=1e-4) and row["labelled"] == 120
    assert row["corrected_low"] < 0.3 and row["corrected_high"] > 0.7


def test_samples_that_were_drawn_before_and_after_a_change_of_the_model_are_not_mixed():
    """People find 100 of 1,000 pieces in favor and 400 against; the present model states favor on all of these."""
    model = [("t", f"{n}", "favor" if n < 500 else "not_about", "x") for n in range(1_000)]

    def truth(n: int) -> str:
        return "favor" if n < 100 else "against" if n < 500 else "not_about"

    def drawn(sample: str, answer: str, size: int, *numbers: range) -> list[tuple[Any, ...]]:
        pieces = [n for some in numbers for n in some]
        return [("t", f"{n}", truth(n), f"t / {answer}", size, sample) for n in pieces]

    # The model of that day stated favor on the first hundred pieces only, and found that no other is about it.
    people = drawn("s", "favor", 100, range(5))
    people += drawn("s", "not_about", 900, range(100, 120), range(500, 525))
    people += drawn("today", "favor", 500, range(50, 60), range(200, 240))
    people += drawn("today", "not_about", 500, range(600, 650))
    row = side(shares(stored(model), answered(people)), "favor")
    assert row["corrected"] == pytest.approx(0.2, abs=0.01) and row["labelled"] == 150


def test_a_second_sample_from_one_outlet_takes_nothing_away_from_the_sample_of_all():
    """The model states favor everywhere; it is right about the 200 pieces of outlet x, and wrong about those of y."""
    model = [("t", f"{outlet}{n}", "favor", outlet) for outlet in "xy" for n in range(200)]
    first = [
        ("t", f"{outlet}{n}", answer, f"t / favor / {outlet}", 200, "s1")
        for outlet, answer in {"x": "favor", "y": "against"}.items()
        for n in range(30)
    ]
    second = [("t", f"x{n}", "favor", "t / favor / x / among x", 200, "s2") for n in range(200)]
    row = side(shares(stored(model), answered(first + second)), "favor")
    assert (row["corrected"], row["labelled"]) == (0.5, 60)
    assert row == side(shares(stored(model), answered(first)), "favor")
    (of_x,) = (
        row
        for row in shares(stored(model[:200]), answered(first + second), stored(model))
        if row["stance"] == "favor"
    )
    assert (of_x["corrected"], of_x["labelled"]) == (1, 200)


def test_intervals_cover_the_truth_although_two_samples_of_slightly_different_articles_overlap():
    """Half of the model's 60 answers in favor are wrong, and ten articles were added between two samples of 400."""
    chance = np.random.default_rng(3)
    kinds = np.array(["favor"] * 60 + ["against"] * 300 + ["not_about"] * 640 + ["favor"] + ["not_about"] * 9)
    right = {"favor": 0.5, "against": 0.95, "not_about": 0.97}
    about = 361 + 649 * 0.03
    true = (61 * 0.5 + 300 * 0.05 + 649 * 0.03) / about
    model, people = [], []
    draws = 200
    for draw in range(draws):
        is_right = chance.random(len(kinds)) < np.array([right[kind] for kind in kinds])
        truth = np.where(is_right, kinds, np.where(kinds == "favor", "against", "favor"))
        model += [(f"{draw}", f"{n}", kind, "x") for n, kind in enumerate(kinds)]
        for sample, pieces in {"t1": 1_000, "t2": 1_010}.items():
            for kind, drawn in {"favor": 60, "against": 135, "not_about": 205}.items():
                there = np.flatnonzero(kinds[:pieces] == kind)
                where = (f"{draw} / {kind}", len(there), sample)
                people += [
                    (f"{draw}", f"{n}", truth[n], *where) for n in chance.permutation(there)[:drawn].tolist()
                ]
    rows = [row for row in shares(stored(model), answered(people)) if row["stance"] == "favor"]
    assert len(rows) == draws
    assert np.mean([row["corrected"] for row in rows]) == pytest.approx(true, abs=0.005)
    assert 0.92 <= np.mean([row["corrected_low"] <= true <= row["corrected_high"] for row in rows]) <= 0.98
    assert all(330 < row["labelled"] < 740 for row in rows), "a question in both samples is counted once"


def test_a_question_on_which_people_are_split_counts_half_for_each_answer():
    """Of 100 pieces that the model finds in favor, two people agree on two in four, and are split on the others."""
    model = [("t", f"favor {n}", "favor", "x") for n in range(100)]
    said = ("favor", "against", "against or favor", "against or favor")
    people = [("t", f"favor {n}", said[n % 4], "t / favor", 100, "s") for n in range(32)]
    row = side(shares(stored(model), answered(people)), "favor")
    assert (row["corrected"], row["labelled"]) == (0.5, 32)
    unclear = [("t", f"favor {n}", "favor or not_about", "t / favor", 100, "s") for n in range(32)]
    row = side(shares(stored(model), answered(unclear)), "favor")
    assert row["corrected"] == 1, "of the half that is about it"
