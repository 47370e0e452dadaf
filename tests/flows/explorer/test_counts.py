"""The numbers above the list of articles, and those of the table over time."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import duckdb
import pytest

from flows.explorer.charts import WIDTH, Unit, over_time, unit_of
from flows.explorer.filters import Filter, exactly
from flows.explorer.view_sql import view_sql
from tests.warehouse import nights
from tests.warehouse.copies import new_warehouse
from warehouse import connect


def test_an_unknown_outlet_is_not_counted_as_an_outlet(tmp_path: Path) -> None:
    rows = nights.batch(1, 0)
    articles = [
        row | {"outlet": None} if n == 0 else row for n, row in enumerate(rows["article"].to_pylist())
    ]
    with new_warehouse(tmp_path / "w").writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
        writer.commit("1", rows | {"article": nights.table(articles)})
        writer.publish()
    known = {row["outlet"] for row in articles} - {None}
    with connect(tmp_path / "w") as reader:
        (counts,) = reader.query(view_sql("counts", Filter())).to_pylist()
        of_unknown = reader.query(view_sql("counts", Filter(outlets=("(unknown)",)))).to_pylist()[0]
    assert (counts["articles"], counts["outlets"]) == (4, len(known))
    assert (of_unknown["articles"], of_unknown["outlets"]) == (1, 0)


@pytest.mark.parametrize("name", ["counts", "over_time"])
def test_copied_sql_cuts_days_in_utc_in_any_zone_of_the_reader(tmp_path: Path, name: str) -> None:
    rows = nights.batch(1, 0)
    published = (datetime(2026, 10, 1, 2, tzinfo=UTC), datetime(2026, 10, 31, 22, tzinfo=UTC))
    articles = [row | {"published_at": published[n % 2]} for n, row in enumerate(rows["article"].to_pylist())]
    with new_warehouse(tmp_path / "w").writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
        writer.commit("1", rows | {"article": nights.table(articles)})
        writer.publish()
    found = []
    for zone in ("UTC", "America/Los_Angeles", "Pacific/Kiritimati"):
        with duckdb.connect(str(tmp_path / "w" / "warehouse.duckdb"), read_only=True) as client:
            client.execute(f"SET TimeZone = '{zone}'")
            found.append(client.execute(view_sql(name, Filter(), unit="month")).fetchall())
    days = (date(2026, 10, 1), date(2026, 10, 31))
    assert found == [[(date(2026, 10, 1), 4)] if name == "over_time" else [(4, 3, 0, *days)]] * 3


def test_words_with_another_filter_count_every_article_however_many_have_the_words(tmp_path: Path) -> None:
    """Words that occur in 1,200 articles, narrowed to one outlet, to one target, and not at all."""
    with new_warehouse(tmp_path / "w").writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
        writer.commit("1", nights.batch(1, 0, articles=1_200))
        writer.update_search()
        writer.publish()
    with connect(tmp_path / "w") as reader:
        found = [
            reader.query(view_sql("counts", Filter(words="workers", **narrowed))).to_pylist()[0]["articles"]
            for narrowed in ({}, {"outlets": ("Plain Speaker",)}, {"targets": ("carbon-tax",)})
        ]
        (of_target,) = reader.query(
            "SELECT count(*) AS n FROM current_stance WHERE target = 'carbon-tax'"
        ).to_pylist()
    assert found == [1_200, 400, of_target["n"]]


def test_every_row_over_time_has_the_same_columns_also_if_the_first_periods_shown_are_empty() -> None:
    first, last = date(2025, 1, 6), date(2026, 3, 2)  # 61 weeks, of which the last 60 are shown
    sides = {"articles": 11, "favor": 2, "against": 9, "neutral": 0, "unsure": 0}
    shown = over_time(
        [{"period": day, **sides} for day in (first, date(2025, 6, 2), last)], unit_of(first, last)
    )
    assert shown is not None
    assert {tuple(name for name, _ in column.counts) for column in shown.columns} == {
        ("favor", "against", "neutral", "unsure")
    }


@pytest.mark.parametrize(
    ("unit", "days", "begins"),
    [("day", 1, {}), ("week", 7, {}), ("month", 31, {"day": 1}), ("year", 366, {"month": 1, "day": 1})],
)
def test_no_label_over_time_covers_another_or_is_cut_off(
    unit: Unit, days: int, begins: dict[str, int]
) -> None:
    """The widest label, "20 Nov 2026", takes 64 units."""
    first = date(2026, 1, 1)
    for periods in range(1, 71):
        last = (first + timedelta(days=days * (periods - 1))).replace(**begins)
        shown = over_time([{"period": day, "articles": 1} for day in (first, last)], unit)
        assert shown is not None and len(shown.columns) >= min(periods, 60)
        places = [x for x, _ in shown.labels]
        assert places and places[-1] + 64 <= WIDTH, periods
        assert all(after - before >= 70 for before, after in pairwise(places)), periods


@pytest.mark.parametrize("chosen", [("favor",), ("favor", "unsure")])
def test_with_stances_chosen_the_rows_of_a_target_have_its_counts_and_no_shares(
    tmp_path: Path, chosen: tuple[str, ...]
) -> None:
    """Otherwise a share would be of the chosen stances only: 100 % in favor."""
    with new_warehouse(tmp_path / "w").writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
        writer.commit("1", nights.batch(1, 0, articles=24))
        writer.publish()
    with connect(tmp_path / "w") as reader:
        whole = reader.query(view_sql("stances", Filter())).to_pylist()
        found = reader.query(view_sql("stances", Filter(stances=chosen)))
    assert found.column_names == [
        *("target", "statement", "articles", "favor", "against", "neutral", "unsure"),
    ]
    counts = {row["target"]: [row[side] for side in chosen] for row in whole}
    assert {row["target"]: [row[side] for side in chosen] for row in found.to_pylist()} == counts
    assert all(row["articles"] == sum(row[side] for side in chosen) for row in found.to_pylist())
    assert {row["share_favor"] for row in whole} != {None}


def test_the_number_of_a_name_is_that_of_the_articles_behind_its_link_whatever_spaces_it_has(
    tmp_path: Path,
) -> None:
    """Earlier versions stored names as a table or a configuration has them."""
    rows, names = nights.batch(1, 0, articles=7), ("The Times", "The Times ", "The\nTimes\t")
    articles = [
        row | {"outlet": names[n % 3], "authors": [names[n % 3]]}
        for n, row in enumerate(rows["article"].to_pylist())
    ]
    topics = [row | {"label": names[n % 3]} for n, row in enumerate(rows["topic"].to_pylist())]
    changed = {"article": nights.table(articles), "topic": nights.table(topics)}
    with new_warehouse(tmp_path / "w").writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
        writer.commit("1", rows | changed)
        writer.publish()
    with connect(tmp_path / "w") as reader:
        for column in ("outlet", "author", "topic"):
            shown = reader.query(view_sql(f"by_{column}", Filter())).to_pylist()
            assert {row[column]: row["articles"] for row in shown} == dict(zip(names, (3, 2, 2), strict=True))
            for row in shown:
                value = exactly(row[column]) if column == "author" else row[column]
                address = Filter().only(f"{column}s", value)
                chosen = Filter.of_address(parse_qsl(urlsplit(address).query))
                assert reader.query(view_sql("counts", chosen))["articles"][0].as_py() == row["articles"]


def test_the_number_of_an_author_is_that_of_the_articles_behind_the_name(tmp_path: Path) -> None:
    """The name of one author is a part of the name of another one; words that a person types may be parts."""
    rows = nights.batch(1, 0)
    names = (["Editorial Board"], ["The Editorial Board", "A. Writer"])
    articles = [row | {"authors": names[n > 0]} for n, row in enumerate(rows["article"].to_pylist())]
    with new_warehouse(tmp_path / "w").writing(run_id="a", flow="nightly") as writer:
        writer.commit("0", nights.reference_rows())
        writer.commit("1", rows | {"article": nights.table(articles)})
        writer.publish()

    def counted(chosen: Filter) -> object:
        return reader.query(view_sql("counts", chosen))["articles"][0].as_py()

    with connect(tmp_path / "w") as reader:
        authors = reader.query(view_sql("by_author", Filter())).to_pylist()
        assert {row["author"]: row["articles"] for row in authors} == {
            "Editorial Board": 1, "The Editorial Board": 3, "A. Writer": 3,
        }  # fmt: skip
        for row in authors:
            address = Filter().only("authors", exactly(row["author"]))
            assert counted(Filter.of_address(parse_qsl(urlsplit(address).query))) == row["articles"]
        assert counted(Filter(authors=("editorial board",))) == 4
        assert counted(Filter(authors=(exactly("Editorial Board"), "writer"))) == 4
