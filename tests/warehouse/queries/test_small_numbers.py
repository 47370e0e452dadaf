"""Fewer than five articles support no share, and fewer than five that state a side support no balance."""

from __future__ import annotations

import pytest

from tests.warehouse import nights
from tests.warehouse.answers import TARGET, Answer, answers_of, rows_of, written
from tests.warehouse.copies import new_warehouse
from warehouse import connect

LEDGER, SPEAKER = nights.OUTLETS[:2]


def of(outlet: str, **stances: int) -> list[Answer]:
    """Make articles of an outlet: so many with each stance."""
    names = [name for name, count in stances.items() for _ in range(count)]
    return [
        Answer(answer.stance, True, answer.favor, answer.against, answer.neutral, outlet, answer.month)
        for answer in answers_of(*names)
    ]


BALANCES = (
    f"FROM stance_by_outlet('{TARGET}')",
    f"FROM stance_over_time('{TARGET}')",
    "FROM outlet_balance",
    "stances_by_outlet",
    "stances_over_time",
)


@pytest.mark.parametrize(
    ("stated", "balance"),
    [
        ({"favor": 1, "unsure": 9}, None),
        ({"favor": 4, "neutral": 9}, None),
        ({"favor": 4, "against": 1}, 0.6),
    ],
)
def test_a_balance_needs_five_articles_that_state_a_side_however_many_are_unsure(
    tmp_path, stated: dict[str, int], balance: float | None
):
    with connect(written(tmp_path / "w", of(LEDGER, **stated)).root) as reader:
        for asked in BALANCES:
            found = reader.query(asked) if asked.startswith("FROM") else reader.saved(asked)
            (row,) = found.to_pylist()
            assert (row["balance"], row["few"]) == (balance, False), asked


def test_outlets_are_compared_only_if_each_has_a_balance(tmp_path):
    with connect(written(tmp_path / "few", of(LEDGER, favor=5) + of(SPEAKER, against=4)).root) as reader:
        assert reader.saved("outlet_agreement").num_rows == 0
    with connect(written(tmp_path / "enough", of(LEDGER, favor=5) + of(SPEAKER, against=5)).root) as reader:
        (row,) = reader.saved("outlet_agreement").to_pylist()
    assert (row["outlet"], row["other"], row["targets"], row["distance"]) == (LEDGER, SPEAKER, 1, 2)


@pytest.mark.parametrize(("against", "division"), [(2, None), (3, 0.8)])
def test_opinions_are_called_divided_only_if_five_articles_state_a_side(
    tmp_path, against: int, division: float | None
):
    with connect(written(tmp_path / "w", of(LEDGER, favor=2, against=against, unsure=9)).root) as reader:
        (row,) = reader.saved("most_contested").to_pylist()
    assert (row["articles_on_a_side"], row["division"]) == (2 + against, division)


@pytest.mark.parametrize("taxonomy", ["cap", "desk.toml"])
@pytest.mark.parametrize(("articles", "shares"), [(4, {None}), (5, {0.2, 0.8})])
def test_shares_of_stances_and_topics_are_empty_for_fewer_than_five_articles(
    tmp_path, articles: int, shares: set[float | None], taxonomy: str
):
    rows = rows_of(of(LEDGER, favor=1, neutral=articles - 1))
    topics = [
        {"article_id": row["article_id"], "revision": 1, "model_version": nights.MODEL, "taxonomy": taxonomy}
        | {"topic": f"{min(n, 1)}", "label": f"Topic {min(n, 1)}", "rank": 1, "score": 0.9}
        for n, row in enumerate(rows["article"].to_pylist())
    ]
    keys = [{name: topic[name] for name in ("article_id", "revision", "model_version")} for topic in topics]
    asked = {"task": "topic", "target": "", "statement_hash": "", "n_rows": 1}
    scored = rows["scored"].to_pylist() + [key | asked for key in keys]
    with new_warehouse(tmp_path / "w").writing(run_id="a", flow="test") as writer:
        writer.commit("0", nights.reference_rows())
        writer.commit("1", rows | {"topic": nights.table(topics), "scored": nights.table(scored)})
        writer.publish()
    with connect(tmp_path / "w") as reader:
        for found in (
            reader.query(f"FROM stance_share('{TARGET}')"),
            reader.query("FROM topic_share()"),
            reader.query(f"FROM topic_share(of_taxonomy := '{taxonomy}')"),
            reader.saved("topics"),
            reader.saved("topics_in_all"),
            reader.saved("topics_by_outlet"),
            reader.saved("topics_over_time"),
        ):
            assert set(found["share"].to_pylist()) == shares
        assert reader.query("FROM topic_share(of_taxonomy := 'another')").num_rows == 0
        (row,) = reader.query("FROM coverage").to_pylist()
    assert row["share_about"] == (1 if articles >= 5 else None)
