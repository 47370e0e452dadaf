"""Questions about time use only articles with a date, and compare only periods that are over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.warehouse import nights
from tests.warehouse.queries.test_panel import pieces, stored
from warehouse import Reader, connect

Rows = dict[str, list[dict[str, object]]]


def published(path: Path, *batches: Rows) -> Reader:
    return connect(stored(path, *batches))


def on(outlet: str, stance: str, days: list[datetime], *, fetched: datetime | None = None) -> Rows:
    """Make an article of each day, fetched on the next day or at the given time."""
    rows = pieces(outlet, stance, list(range(len(days))), each_day=1)
    for article, day in zip(rows["article"], days, strict=True):
        article |= {"published_at": day, "fetched_at": fetched or day + timedelta(days=1)}
    return rows


def by_one_author(rows: Rows) -> Rows:
    """Give all articles to one outlet and one author; their ids stay different."""
    for article in rows["article"]:
        article |= {"outlet": "Ledger", "authors": ["A. Writer"]}
    return rows


def day(year: int, month: int, number: int = 5, hour: int = 9) -> datetime:
    return datetime(year, month, number, hour, tzinfo=UTC)


def test_articles_without_a_date_are_in_no_series_of_months(tmp_path: Path):
    undated = on("Undated", "favor", [day(2026, 3)] * 5)
    for article in undated["article"]:
        article["published_at"] = None
    with published(tmp_path / "w", on("Dated", "favor", [day(2026, 1)] * 5), undated) as reader:
        for found in (
            reader.saved("articles_by_month"),
            reader.saved("stances_over_time"),
            reader.saved("topics_over_time"),
            reader.query(f"FROM stance_over_time('{nights.TARGETS[0]}')"),
        ):
            assert [(row["month"], row["articles"]) for row in found.to_pylist()] == [("2026-01", 5)]
        assert reader.saved("undated").to_pylist() == [{"outlet": "Undated", "articles": 5}]


def test_an_article_without_a_date_is_neither_before_nor_after_a_change_of_mind(tmp_path: Path):
    before = by_one_author(on("Before", "favor", [day(2026, 1)]))
    before["article"][0]["published_at"] = None
    after = by_one_author(on("After", "against", [day(2026, 1), day(2026, 2)]))
    with published(tmp_path / "w", before, after) as reader:
        assert reader.query(f"FROM changed_mind('{nights.TARGETS[0]}')").num_rows == 0


def test_articles_of_one_time_on_both_sides_are_neither_before_nor_after_a_change_of_mind(tmp_path: Path):
    """On one day an outlet prints a piece for and a piece against, whose dates have no time."""
    both = (on("Pro", "favor", [day(2026, 1)]), on("Con", "against", [day(2026, 1)]))
    earlier, later = on("Earlier", "favor", [day(2025, 12)]), on("Later", "against", [day(2026, 2)])
    with published(tmp_path / "later", *map(by_one_author, (*both, later))) as reader:
        assert reader.query(f"FROM changed_mind('{nights.TARGETS[0]}')").num_rows == 0
        assert reader.saved("who_changed").num_rows == 0
    with published(tmp_path / "all", *map(by_one_author, (*both, earlier, later))) as reader:
        found = reader.query(f"FROM changed_mind('{nights.TARGETS[0]}')").to_pylist()
        (changed,) = reader.saved("who_changed").to_pylist()
    assert [(row["voice"], row["title_before"], row["title_after"]) for row in found] == [
        ("author", "Earlier 0/0", "Later 0/0"),
        ("outlet", "Earlier 0/0", "Later 0/0"),
    ]
    assert (changed["title_before"], changed["title"], changed["articles_on_a_side"]) == (
        "Earlier 0/0",
        "Later 0/0",
        4,
    )


def test_editorial_boards_of_two_outlets_are_not_one_author(tmp_path: Path):
    ledger, review = on("Ledger", "favor", [day(2026, 1)]), on("Review", "against", [day(2026, 2)])
    for article in (*ledger["article"], *review["article"]):
        article["authors"] = ["The Editorial Board", "Ada Birch"]
    later = on("Later", "against", [day(2026, 3)])
    for article in later["article"]:
        article |= {"outlet": "Ledger", "authors": ["The Editorial Board"]}
    with published(tmp_path / "w", ledger, review, later) as reader:
        changed = reader.saved("who_changed").to_pylist()
        moved = reader.query(f"FROM changed_mind('{nights.TARGETS[0]}') WHERE voice = 'author'").to_pylist()
        authors = reader.saved("authors").to_pylist()
    found = [("The Editorial Board", "Later 0/0"), ("Ada Birch", "Review 0/0")]
    assert [(row["author"], row["title"]) for row in changed] == found
    assert {(row["name"], row["title_after"]) for row in moved} == set(found)
    assert [(row["author"], row["outlets"]) for row in authors] == [
        ("Ada Birch", ["Ledger", "Review"]),
        ("The Editorial Board", ["Ledger"]),
        ("The Editorial Board", ["Review"]),
    ]


def test_of_a_day_with_an_article_without_a_time_it_is_not_known_which_came_first(tmp_path: Path):
    by_hour, by_day = on("Hour", "favor", [day(2026, 2)]), on("Day", "against", [day(2026, 2, hour=0)])
    with published(tmp_path / "w", *map(by_one_author, (by_hour, by_day))) as reader:
        assert reader.saved("who_changed").num_rows == 0
        assert reader.query(f"FROM changed_mind('{nights.TARGETS[0]}')").num_rows == 0


def test_the_mean_of_the_months_before_is_that_of_the_months_there_are(tmp_path: Path):
    """Two articles in each of three months: no topic rises, also if an article is dated in the future."""
    months = [day(2026, month) for month in (1, 2, 3) for _ in range(2)]
    steady = on("Steady", "favor", months)
    running = on("Running", "favor", [day(2026, 4)])
    future = on("Future", "favor", [day(2026, 9)], fetched=day(2026, 4, 6))
    with published(tmp_path / "w", steady, running, future) as reader:
        found = reader.saved("rising_topics").to_pylist()
    last = {"label": "Macroeconomics", "month": "2026-03", "articles_last_month": 2}
    assert found == [last | {"monthly_before": 2, "months_before": 2}]


def test_the_month_of_which_topics_are_compared_is_named_and_may_not_be_the_last_of_the_calendar(
    tmp_path: Path,
):
    """There are articles of January and March, none of April and May, and one of June, which is not over."""
    months = [day(2026, 1), day(2026, 3), day(2026, 3), day(2026, 6)]
    with published(tmp_path / "w", on("Steady", "favor", months)) as reader:
        (row,) = reader.saved("rising_topics").to_pylist()
    assert (row["month"], row["articles_last_month"]) == ("2026-03", 2)
    assert (row["monthly_before"], row["months_before"]) == (1, 1)


def test_at_most_twelve_months_are_compared_with_the_last_one(tmp_path: Path):
    months = [day(2025, month) for month in range(1, 13)] + [day(2026, month) for month in (1, 2, 3)]
    older = on("Older", "favor", [day(2025, 1)] * 20)
    with published(tmp_path / "w", on("Steady", "favor", months), older) as reader:
        (row,) = reader.saved("rising_topics").to_pylist()
    assert (row["articles_last_month"], row["monthly_before"], row["months_before"]) == (1, 1, 12)


def test_an_article_of_a_day_that_has_begun_elsewhere_counts_in_the_month_of_this_day(tmp_path: Path):
    """It is the first of March in Sydney, which is stored as midnight UTC, when the article is fetched in February."""
    steady = on("Steady", "favor", [day(2026, month) for month in (1, 2, 3, 4)])
    ahead = on("Ahead", "favor", [day(2026, 3, 1, 0)], fetched=day(2026, 2, 28, 20))
    with published(tmp_path / "w", steady, ahead) as reader:
        (row,) = reader.saved("rising_topics").to_pylist()
    assert (row["articles_last_month"], row["monthly_before"]) == (2, 1)


def test_no_topic_rises_if_no_two_months_are_over(tmp_path: Path):
    with published(tmp_path / "w", on("Steady", "favor", [day(2026, 1), day(2026, 2)])) as reader:
        assert reader.saved("rising_topics").num_rows == 0


def test_the_middle_day_belongs_to_the_earlier_half_as_a_whole(tmp_path: Path):
    """Ten articles before the middle day, two of them on it; the later one on it is not counted as after it."""
    early = [day(2026, 1)] * 8 + [day(2026, 2, 1, 8), day(2026, 2, 1, 20)]
    late = [day(2026, 3)] * 8
    with published(
        tmp_path / "w", by_one_author(on("Early", "favor", early)), by_one_author(on("Late", "against", late))
    ) as reader:
        (row,) = reader.saved("outlets_moved").to_pylist()
    assert row["middle"] == day(2026, 2, 1).date()
    assert (row["articles_before"], row["favor_before"], row["articles_after"], row["against_after"]) == (
        10,
        10,
        8,
        8,
    )


def test_articles_without_an_outlet_count_for_the_middle_day(tmp_path: Path):
    nowhere = on("Nowhere", "against", [day(2026, 1, 1)] * 10)
    for article in nowhere["article"]:
        article["outlet"] = None
    early = by_one_author(on("Early", "favor", [day(2026, 1)] * 8 + [day(2026, 2)] * 2))
    late = by_one_author(on("Late", "against", [day(2026, 3)] * 8))
    with published(tmp_path / "w", nowhere, early, late) as reader:
        (row,) = reader.saved("outlets_moved").to_pylist()
    assert (row["outlet"], row["middle"]) == ("Ledger", day(2026, 1).date())
    assert (row["articles_before"], row["articles_after"]) == (8, 10)
