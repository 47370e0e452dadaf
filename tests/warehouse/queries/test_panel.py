"""Shares over time use a constant panel of outlets, so that missing outlets do not change the line."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tests.warehouse import nights
from tests.warehouse.copies import new_warehouse
from warehouse import Warehouse, connect
from warehouse.querying.scope import Scope
from warehouse.sql_files import QUERIES, load_sql

DAYS = 42
FIRST = datetime.fromisoformat("2026-06-01T09:00:00+00:00")  # a Monday
SILENT = range(16, 26)


def pieces(
    outlet: str, stance: str, days: range | list[int], each_day: int = 2
) -> dict[str, list[dict[str, object]]]:
    p = dict(zip(("p_favor", "p_against", "p_neutral"), nights.SHARES[stance], strict=True))
    rows: dict[str, list[dict[str, object]]] = {
        name: [] for name in ("article", "article_text", "stance", "topic", "scored")
    }
    for day in days:
        for n in range(each_day):
            url = f"https://{outlet.lower()}.example/{day}/{n}"
            key = {"article_id": nights.hash32(url), "revision": 1}
            published = FIRST + timedelta(days=day, hours=n)
            rows["article"].append(
                key
                | {
                    "text_hash": nights.hash32(url),
                    "url": url,
                    "source": "feeds",
                    "outlet": outlet,
                    "title": f"{outlet} {day}/{n}",
                    "authors": [f"{outlet} Writer"],
                    "language": "en",
                    "kind": "opinion",
                    "published_at": published,
                    "fetched_at": (published + timedelta(days=1)).replace(hour=3, minute=30),
                    "word_count": 10,
                    "quality": 0.9,
                }
            )
            rows["article_text"].append(key | {"text": nights.TEXT})
            asked = key | {"model_version": nights.MODEL}
            target = {"target": nights.TARGETS[0], "statement_hash": nights.hash32(nights.TARGETS[0])}
            rows["stance"].append(asked | target | p | {"stance": stance, "about": True, "relevance": 0.9})
            topic = {"taxonomy": "cap", "topic": "1" if stance == "favor" else "2", "rank": 1, "score": 0.9}
            rows["topic"].append(
                asked | topic | {"label": "Macroeconomics" if stance == "favor" else "Health"}
            )
            rows["scored"].append(asked | target | {"task": "stance", "n_rows": 1})
            rows["scored"].append(asked | {"task": "topic", "target": "", "statement_hash": "", "n_rows": 1})
    return rows


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six weeks: Steady always in favor, Broken always against and missing for ten nights, Late begins in week five."""
    heard = [day for day in range(DAYS) if day not in SILENT]
    return stored(
        tmp_path_factory.mktemp("panel") / "warehouse",
        pieces("Steady", "favor", range(DAYS)),
        pieces("Broken", "against", heard),
        pieces("Late", "against", range(28, DAYS)),
    )


def test_the_panel_has_outlets_with_few_gaps_and_marks_the_gaps(root: Path):
    with connect(root) as reader:
        rows = reader.query("FROM panel ORDER BY outlet, period").to_pylist()
    assert {row["outlet"] for row in rows} == {"Steady", "Broken"}
    assert {row["unit"] for row in rows} == {"week"}
    weeks = [row["period"] for row in rows if row["outlet"] == "Broken"]
    assert len(weeks) == DAYS / 7
    silent = [row["period"] for row in rows if row["is_silent"]]
    assert silent == [weeks[2], weeks[3]]


def test_a_source_missing_for_ten_nights_does_not_change_the_line(root: Path):
    with connect(root) as reader:
        rows = reader.saved("panel_stances").to_pylist()
    assert len(rows) == DAYS / 7
    raw = [row["favor"] / row["articles"] for row in rows]
    assert max(raw) > 0.75 and min(raw) < 0.51  # a simple count would show this
    evened = [row["share_favor"] for row in rows]
    assert max(evened) - min(evened) < 0.001
    assert [row["silent"] for row in rows] == [[], [], ["Broken"], ["Broken"], [], []]
    assert all(row["favor_low"] < row["share_favor"] < row["favor_high"] for row in rows)


def stored(path: Path, *outlets: dict[str, list[dict[str, object]]]) -> Path:
    """Store the rows in one commit, because each commit takes as long as a test's questions."""
    parts: dict[str, list[pa.Table]] = {}
    for rows in outlets:
        for name, of in rows.items():
            parts.setdefault(name, []).append(nights.table(of))
    whole = {name: pa.concat_tables(of, promote_options="default") for name, of in parts.items()}
    with new_warehouse(path).writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("1", nights.reference_rows() | whole)
        writer.publish()
    return path


def joined(*parts: dict[str, list[dict[str, object]]]) -> dict[str, list[dict[str, object]]]:
    return {name: [row for part in parts for row in part[name]] for name in parts[0]}


def off_target(rows: dict[str, list[dict[str, object]]]) -> dict[str, list[dict[str, object]]]:
    """Give the same articles, which do not speak about the target."""
    of_none = {"about": False, "stance": "neutral", "relevance": 0.0, "p_favor": 0.0, "p_against": 0.0}
    return rows | {"stance": [row | of_none | {"p_neutral": 0.0} for row in rows["stance"]]}


def lines(path: Path, query: str = "panel_stances") -> list[dict[str, Any]]:
    with connect(path) as reader:
        return reader.saved(query).to_pylist()


def test_an_outlet_with_nothing_in_a_period_does_not_pull_it_towards_its_other_periods(tmp_path: Path):
    """Both outlets change their side after three weeks; the one that publishes most has nothing in the third."""
    steady = joined(pieces("Steady", "against", range(21)), pieces("Steady", "favor", range(21, DAYS)))
    broken = joined(
        pieces("Broken", "against", range(14), each_day=8),
        pieces("Broken", "favor", range(21, DAYS), each_day=8),
    )
    path = stored(tmp_path / "warehouse", steady, broken)
    rows = lines(path)
    assert [row["share_favor"] for row in rows] == [0, 0, 0, 1, 1, 1]
    assert [row["share_against"] for row in rows] == [1, 1, 1, 0, 0, 0]
    assert [row["share"] for row in lines(path, "panel_topics") if row["topic"] == "Health"] == [
        *(1, 1, 1, 0, 0, 0)
    ]


def test_an_outlet_that_publishes_more_in_a_period_has_the_same_weight_in_it(tmp_path: Path):
    moved = joined(pieces("Moved", "against", range(21)), pieces("Moved", "favor", range(21, DAYS)))
    usual = [day for day in range(DAYS) if not 28 <= day < 35]
    stayed = joined(
        pieces("Stayed", "against", usual), pieces("Stayed", "against", range(28, 35), each_day=12)
    )
    path = stored(tmp_path / "warehouse", moved, stayed)
    rows = lines(path)
    before, after = {row["share_favor"] for row in rows[:3]}, {row["share_favor"] for row in rows[3:]}
    assert before == {0}
    assert len(after) == 1 and 0.2 < max(after) < 0.5
    # Articles of the outlet that has more than usual count for less than one each in the interval.
    assert rows[4]["articles"] == 98
    assert rows[4]["favor_high"] - rows[4]["favor_low"] > 0.21  # 98 articles at this share would give 0.19


def test_a_line_has_a_gap_where_outlets_cannot_be_compared(tmp_path: Path):
    """Never does more than one of the two speak about the target in the same week."""
    one = joined(pieces("One", "favor", range(21)), off_target(pieces("One", "favor", range(21, DAYS))))
    two = joined(off_target(pieces("Two", "against", range(21))), pieces("Two", "against", range(21, DAYS)))
    rows = lines(stored(tmp_path / "warehouse", one, two))
    assert [row["articles"] for row in rows] == [14] * 6
    assert {row[name] for row in rows for name in ("share_favor", "favor_low", "favor_high")} == {None}


def test_a_day_that_was_not_over_when_articles_were_last_fetched_is_no_period(tmp_path: Path):
    """The night runs at half past three: an outlet that has published nothing since midnight is not silent."""
    path, days = tmp_path / "warehouse", range(14)
    with Warehouse(path).writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("reference rows", nights.reference_rows())
        for outlet in ("Early", "Late"):
            rows = pieces(outlet, "favor", days, each_day=4)
            if outlet == "Early":
                after_midnight = pieces(outlet, "favor", [14], each_day=5)
                for article in after_midnight["article"]:
                    article["published_at"] = FIRST.replace(hour=1) + timedelta(days=14)
                    article["fetched_at"] = FIRST.replace(hour=3, minute=30) + timedelta(days=14)
                rows = {name: of + after_midnight[name] for name, of in rows.items()}
            writer.commit(outlet, {table: nights.table(of) for table, of in rows.items()})
        writer.publish()
    with connect(path) as reader:
        rows_of_panel = reader.saved("panel").to_pylist()
    assert {row["unit"] for row in rows_of_panel} == {"day"}
    assert max(row["period"] for row in rows_of_panel) == (FIRST + timedelta(days=13)).date()
    assert not any(row["is_silent"] for row in rows_of_panel)


def test_the_panel_has_24_periods_also_if_the_newest_one_is_over(tmp_path: Path):
    """Pieces of thirty months, the last one on the last day of a month, fetched on the day after it."""
    path = stored(tmp_path / "warehouse", pieces("Steady", "favor", range(-901, 0, 10), each_day=1))
    rows = lines(path, "panel")
    assert {row["unit"] for row in rows} == {"month"}
    assert len(rows) == 24
    assert (rows[0]["period"], rows[-1]["period"]) == (date(2024, 6, 1), date(2026, 5, 1))


def test_one_busy_outlet_does_not_choose_the_unit_for_all_others(tmp_path: Path):
    """By its pace alone, and by the mean of the outlets, a period would be a week."""
    monthly = [pieces(f"Monthly{n}", "favor", [5, 35, 65, 95, 125], each_day=1) for n in range(9)]
    once = [pieces(f"Once{n}", "favor", [40], each_day=1) for n in range(12)]
    path = stored(tmp_path / "many", pieces("Wire", "favor", range(150), each_day=6), *monthly)
    rows = lines(path, "panel")
    assert {row["unit"] for row in rows} == {"month"}
    assert len({row["outlet"] for row in rows}) == 10
    path = stored(tmp_path / "once", *(pieces(name, "favor", range(DAYS)) for name in ("One", "Two")), *once)
    assert {row["unit"] for row in lines(path, "panel")} == {"week"}  # the twelve choose nothing


def test_articles_dated_by_the_day_of_a_place_where_it_has_begun_are_in_the_panel(tmp_path: Path):
    """A night at 20:00 UTC reads a page of Sydney that states only its day, which begins at midnight UTC."""
    ahead = pieces("Ahead", "favor", range(DAYS))
    for article in ahead["article"]:
        midnight = (article["published_at"] + timedelta(days=1)).replace(hour=0)
        article |= {"published_at": midnight, "fetched_at": midnight - timedelta(hours=4)}
    path = stored(tmp_path / "warehouse", pieces("Steady", "favor", range(DAYS)), ahead)
    rows = lines(path, "panel")
    assert {row["outlet"] for row in rows} == {"Steady", "Ahead"}
    assert sum(row["articles"] for row in rows) == sum(row["articles"] for row in lines(path))
    assert not any(row["is_silent"] for row in rows)


def test_breaks_are_unusual_beside_all_breaks_of_the_outlet_and_not_only_the_long_ones(tmp_path: Path):
    """The feed of an outlet with articles on every day has failed three times, for ten nights each."""
    missing = {day for start in (16, 37, 58) for day in range(start, start + 10)}
    heard = [day for day in range(84) if day not in missing]
    path = stored(
        tmp_path / "daily", pieces("Steady", "favor", range(84)), pieces("Broken", "against", heard)
    )
    weeks = [row for row in lines(path, "panel") if row["outlet"] == "Broken"]
    assert [n for n, row in enumerate(weeks) if row["is_silent"]] == [2, 3, 5, 6, 8, 9]
    # A paper with twelve articles every fortnight has no break between those of one issue.
    path = stored(tmp_path / "fortnightly", pieces("Review", "favor", range(0, 210, 14), each_day=12))
    assert not any(row["is_silent"] for row in lines(path, "panel"))


def test_the_panel_of_a_report_on_a_time_begins_and_ends_with_periods_that_lie_in_it(tmp_path: Path):
    """From a Wednesday on, an outlet that publishes on Mondays is not silent in the week of this Wednesday."""
    weekdays = [day for day in range(DAYS) if day % 7 < 5]
    monday = pieces("Monday", "favor", range(0, DAYS, 7))
    path = stored(tmp_path / "warehouse", pieces("Steady", "favor", weekdays), monday)
    weeks = [(FIRST + timedelta(days=day)).date() for day in range(0, DAYS, 7)]

    def periods(scope: Scope) -> list[date]:
        with connect(path) as reader:
            rows = reader.query(scope.narrow(load_sql("panel", QUERIES))).to_pylist()
        assert {row["unit"] for row in rows} == {"week"}
        assert not any(row["is_silent"] for row in rows)
        return sorted({row["period"] for row in rows})

    midnight = FIRST.replace(hour=0)
    assert periods(Scope(since=midnight + timedelta(days=2))) == weeks[1:5]
    assert periods(Scope(since=midnight + timedelta(days=7))) == weeks[1:5]
    # Neither has an article at the weekend, and the week that ends with it is over nevertheless.
    assert periods(Scope(until=midnight + timedelta(days=28))) == weeks[:4]
    assert periods(Scope(until=midnight + timedelta(days=27))) == weeks[:3]
    # The last week was not over when articles were last fetched, however far the report is to go.
    assert periods(Scope()) == periods(Scope(until=midnight + timedelta(days=900))) == weeks[:5]


@pytest.mark.parametrize(("fetched", "weeks"), [(DAYS - 2, 5), (DAYS, 6)])
def test_a_week_is_over_when_articles_were_fetched_after_it_though_none_is_of_its_last_days(
    tmp_path: Path, fetched: int, weeks: int
):
    """The newest article is of a Friday, and was fetched on Saturday or on Monday."""
    rows = pieces("Steady", "favor", [day for day in range(DAYS) if day % 7 < 5])
    rows["article"][-1]["fetched_at"] = FIRST.replace(hour=12) + timedelta(days=fetched)
    found = lines(stored(tmp_path / "warehouse", rows), "panel")
    assert {row["unit"] for row in found} == {"week"}
    assert len({row["period"] for row in found}) == weeks


@pytest.mark.parametrize("name", ["panel", "panel_stances", "panel_topics", "outlets_moved", "rising_topics"])
def test_days_and_periods_are_those_of_utc_in_any_zone_of_the_reader(root: Path, name: str):
    found = []
    for zone in ("UTC", "Pacific/Kiritimati", "Pacific/Honolulu"):
        with duckdb.connect(str(root / "warehouse.duckdb"), read_only=True) as client:
            client.execute(f"SET TimeZone = '{zone}'")
            found.append(client.execute(load_sql(name, QUERIES)).fetchall())
    assert found[1] == found[0] and found[2] == found[0]


def test_a_missing_source_does_not_change_the_shares_of_topics(root: Path):
    with connect(root) as reader:
        rows = reader.saved("panel_topics").to_pylist()
    shares = [row["share"] for row in rows if row["topic"] == "Health"]
    assert len(shares) == DAYS / 7 and max(shares) - min(shares) < 0.001


@pytest.mark.parametrize(
    "scope",
    [
        Scope(since=FIRST + timedelta(days=14), until=FIRST + timedelta(days=35)),
        Scope(outlets=("Steady", "O'Brien's \"Daily\"")),
        Scope(targets=(nights.TARGETS[0],), outlets=("Broken",)),
    ],
)
@pytest.mark.parametrize(
    "name", ["stances", "stances_by_outlet", "panel_stances", "panel_topics", "who_changed", "new_articles"]
)
def test_a_scope_narrows_a_saved_query_which_remains_sql_that_can_be_copied(
    root: Path, scope: Scope, name: str
):
    with connect(root) as reader:
        whole = reader.saved(name)
        sql = scope.narrow(load_sql(name, QUERIES))
        assert sql.startswith("-- ")
        part = reader.query(sql)
    assert part.column_names == whole.column_names
    if name == "stances":
        (articles,) = part["articles"].to_pylist()
        assert 0 < articles < whole["articles"][0].as_py()
    if name == "new_articles" and scope.since is not None:
        assert min(part["published_at"].to_pylist()) >= scope.since


def test_a_scope_that_names_nothing_changes_nothing(root: Path):
    for name in ("stances", "panel_stances", "who_reprints_whom"):
        assert Scope().narrow(load_sql(name, QUERIES)) == load_sql(name, QUERIES)
