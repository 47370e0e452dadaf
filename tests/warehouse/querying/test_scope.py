"""A saved query that is narrowed to some days or outlets."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.warehouse import nights
from warehouse import Reader, Warehouse, connect
from warehouse.querying.scope import Scope
from warehouse.sql_files import QUERIES, load_sql

FOUND_AT = nights.START + timedelta(days=40)


def copy(number: int, original: str) -> dict[str, object]:
    address = f"https://reprints.example/{number}"
    ids = {"article_id": nights.hash32(address), "duplicate_of": nights.hash32(original)}
    return ids | {
        "how": "near",
        "similarity": 0.9,
        "url": address,
        "outlet": "Reprints",
        "found_at": FOUND_AT,
    }


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reprints has printed two articles of Harbor Ledger, one of them without a date, and one of Plain Speaker."""
    path = tmp_path_factory.mktemp("scope") / "warehouse"
    originals = [nights.url(1, 0, n) for n in (0, 3, 1)]
    with Warehouse(path).writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("reference rows", nights.reference_rows())
        writer.commit("1", nights.batch(1, 0))
        copies = [copy(number, original) for number, original in enumerate(originals)]
        writer.commit("copies", {"duplicate": nights.table(copies)})
        writer.publish()
    return path


@pytest.mark.parametrize(
    ("scope", "copies"),
    [
        (Scope(outlets=("Harbor Ledger",)), {"Harbor Ledger": 2}),
        (Scope(outlets=("Reprints",)), {"Harbor Ledger": 2, "Plain Speaker": 1}),
        (Scope(outlets=("Northern Review",)), {}),
        (Scope(outlets=("Northern Review", "Plain Speaker"), since=FOUND_AT), {"Plain Speaker": 1}),
        (Scope(since=FOUND_AT - timedelta(days=1)), {"Harbor Ledger": 2, "Plain Speaker": 1}),
        (Scope(until=FOUND_AT), {}),
    ],
)
def test_copies_belong_to_both_outlets_and_to_the_day_on_which_they_were_found(
    root: Path, scope: Scope, copies: dict[str, int]
) -> None:
    with connect(root) as reader:
        rows = reader.query(scope.narrow(load_sql("who_reprints_whom", QUERIES))).to_pylist()
    assert {row["outlet_of_original"]: row["copies"] for row in rows} == copies
    assert {row["outlet"] for row in rows} <= {"Reprints"}


def test_articles_without_an_outlet_can_be_chosen_by_the_name_under_which_they_are_listed(
    tmp_path: Path,
) -> None:
    rows = nights.batch(1, 0, articles=6)
    articles = rows["article"].to_pylist()
    for article in articles[:2]:
        article["outlet"] = None
    copies = [copy(number, articles[number]["url"]) for number in (0, 2)]
    with Warehouse(tmp_path).writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("reference rows", nights.reference_rows())
        writer.commit("1", rows | {"article": nights.table(articles), "duplicate": nights.table(copies)})
        writer.publish()

    def of(reader: Reader, query: str, *outlets: str) -> set[tuple[str, int]]:
        answer = reader.query(Scope(outlets=outlets).narrow(load_sql(query, QUERIES))).to_pylist()
        name = "outlet_of_original" if "outlet_of_original" in answer[0] else "outlet"
        return {(row[name], row.get("articles", row.get("copies"))) for row in answer}

    with connect(tmp_path) as reader:
        assert of(reader, "articles_by_outlet", "(unknown)") == {("(unknown)", 2)}
        assert of(reader, "articles_by_outlet", "(unknown)", "Plain Speaker") == {
            ("(unknown)", 2),
            ("Plain Speaker", 1),
        }
        assert of(reader, "who_reprints_whom", "(unknown)") == {("(unknown)", 1)}
        assert of(reader, "articles_by_outlet", "Plain Speaker") == {("Plain Speaker", 1)}
