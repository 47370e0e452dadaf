"""Every sample query and macro runs, and the main ones return the right numbers."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.warehouse import nights
from tests.warehouse.copies import new_warehouse
from warehouse import Reader, Warehouse, connect
from warehouse.sql_files import QUERIES, load_sql, names, purpose_of


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """A reader of two nights with a second revision, a second model, a copy and a failure."""
    path: Path = tmp_path_factory.mktemp("queries") / "warehouse"
    ids = [nights.hash32(nights.url(1, 0, n)) for n in range(6)]
    copy = {
        "article_id": "c" * 32,
        "duplicate_of": ids[0],
        "how": "near",
        "similarity": 0.9,
        "outlet": "Echo",
    }
    failure = {
        "url": "https://gone.example/",
        "source": "feeds",
        "outcome": "fetch_failed",
        "reason": "The server answered 500.",
        "stage": "fetch",
        "decided_at": nights.START + timedelta(days=2),
    }
    with Warehouse(path).writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("reference rows", nights.reference_rows())
        first = nights.batch(1, 0, articles=6)
        articles = first["article"].to_pylist()
        articles[5]["published_at"] += timedelta(hours=1)  # articles of one time have no order
        writer.commit("1", first | {"article": nights.table(articles)})
        writer.commit("2", nights.batch(40, 0, articles=6))
    with Warehouse(path).writing(run_id="night-2", flow="nightly") as writer:
        text = "Now different. " + nights.TEXT
        writer.commit("3", nights.batch(40, 0, revision=2, articles=2, text=text))
        writer.commit("4", {"duplicate": nights.table([copy]), "outcome": nights.table([failure])})
        writer.commit("5", {**nights.model_row("fast-2", 2), **nights.labels(ids[::-1], model="fast-2")})
        writer.update_search()
        writer.publish()
    owners = nights.table(
        [{"outlet": "Harbor Ledger", "owner": "Coast Media"}]
    )  # a table of one's own, as pages show it
    return connect(path, tables={"outlets": owners})


ROOT = Path(__file__).parents[3]
WITHOUT_ROWS_HERE = {
    "doubtful_extractions",
    "lone_voices",
    "new_articles",
    "new_stances",
    "outlet_agreement",
    "outlets_moved",
    "rising_topics",
    "taken_down",
    "topics_together",
}
OURS = {
    "congestion-charge": "chip-exports",
    "rent-control": "chip-exports",
    "The Harbor Ledger": "Harbor Ledger",
}


@pytest.mark.parametrize("name", names(QUERIES))
def test_a_sample_query_states_its_question_and_runs(reader, name):
    assert purpose_of(name).endswith((".", "?"))
    assert len(load_sql(name, QUERIES).splitlines()) > 1
    assert bool(reader.saved(name).num_rows) == (name not in WITHOUT_ROWS_HERE)


def sql_in_docs() -> list[tuple[str, str]]:
    """Return the SQL statements that pages show: in blocks, in lines of text, and on the command line."""
    shown = re.compile(
        r"```sql\n(.*?)```|`((?:SELECT|FROM)\s[^`]+)`|commentariat sql \"([^\"]+)\"", re.DOTALL
    )
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [(page.name, "".join(sql)) for page in pages for sql in shown.findall(page.read_text("utf-8"))]


@pytest.mark.parametrize(("page", "sql"), sql_in_docs())
def test_the_sql_on_pages_runs(reader, page, sql):
    for theirs, ours in OURS.items():
        sql = sql.replace(theirs, ours)
    asked = reader.query(sql)
    assert asked.num_rows or "JOIN evidence" not in sql, "a page shows evidence that nobody finds"


def rows(reader: Reader, sql: str) -> list[dict[str, object]]:
    return reader.query(sql).to_pylist()


def test_shares_of_a_target_sum_to_one_and_count_each_article_once(reader):
    shares = rows(reader, "FROM stance_share('chip-exports')")
    about = rows(reader, "SELECT articles_about AS n FROM coverage WHERE target = 'chip-exports'")[0]["n"]
    assert sum(row["articles"] for row in shares) == about
    assert sum(row["share"] for row in shares) == pytest.approx(1, abs=0.001)


def test_outlets_add_up_to_all_articles_and_months_to_those_with_a_date(reader):
    total = sum(row["articles"] for row in rows(reader, "FROM stance_share('carbon-tax')"))
    assert sum(row["articles"] for row in rows(reader, "FROM stance_by_outlet('carbon-tax')")) == total
    by_month = rows(reader, "FROM stance_over_time('carbon-tax')")
    dated = "target = 'carbon-tax' AND published_at IS NOT NULL"
    (counted,) = rows(reader, f"SELECT count(*) AS n FROM current_stance WHERE {dated}")
    assert sum(row["articles"] for row in by_month) == counted["n"] < total
    assert [row["month"] for row in by_month] == ["2026-01", "2026-02"]


def test_coverage_counts_copies_beside_originals(reader):
    coverage = {row["target"]: row for row in rows(reader, "FROM coverage")}
    for row in coverage.values():
        assert row["articles_asked"] == 12
    extra = [row["articles_about_with_copies"] - row["articles_about"] for row in coverage.values()]
    assert sorted(extra) == [0, 1]


def test_both_sides_gives_the_clearest_of_each(reader):
    found = rows(reader, "FROM both_sides('chip-exports', each_side := 1)")
    assert [row["stance"] for row in found] == ["favor", "against"]


def test_a_change_of_mind_shows_what_was_answered_before_and_after(reader):
    found = rows(reader, "FROM changed_mind('chip-exports') WHERE voice = 'author'")
    assert found
    assert all(row["stance_before"] != row["stance_after"] and row["title_before"] for row in found)


def test_model_diff_lists_only_what_differs(reader):
    found = rows(reader, "FROM model_diff('fast-1', 'fast-2')")
    assert found
    assert all((row["stance_a"], row["about_a"]) != (row["stance_b"], row["about_b"]) for row in found)
    assert rows(reader, "FROM model_diff('fast-1', 'fast-1')") == []


def test_models_are_compared_on_current_texts_and_wordings_only(tmp_path):
    ids = [nights.hash32(nights.url(1, 0, n)) for n in range(4)]
    with new_warehouse(tmp_path / "warehouse").writing(run_id="a", flow="test") as writer:
        writer.commit("reference rows", nights.reference_rows())
        writer.commit("1", nights.batch(1, 0))
        writer.commit("2", {**nights.model_row("fast-2", 2), **nights.labels(ids[::-1], model="fast-2")})
        text = "Now different. " + nights.TEXT
        revised = nights.batch(1, 0, revision=2, articles=2, text=text)
        writer.commit("3", {name: of for name, of in revised.items() if name != "outcome"})
        writer.publish()
    with connect(tmp_path / "warehouse") as compared:
        differ = {row["article_id"] for row in rows(compared, "FROM model_diff('fast-1', 'fast-2')")}
        counted = sum(row["articles"] for row in compared.saved("model_changes").to_pylist())
        assert differ and differ <= set(ids[2:])
        assert counted == len(rows(compared, "FROM model_diff('fast-1', 'fast-2')"))


def test_models_are_compared_only_on_targets_that_are_asked_now(tmp_path):
    ids = [nights.hash32(nights.url(1, 0, n)) for n in range(4)]
    removed, kept = nights.TARGETS
    later = nights.reference_rows(asked_from=nights.START + timedelta(days=1))["target"].to_pylist()
    gone = [row | {"active": False} for row in later if row["target"] == removed]
    with new_warehouse(tmp_path / "warehouse").writing(run_id="a", flow="test") as writer:
        writer.commit("reference rows", nights.reference_rows())
        writer.commit("1", nights.batch(1, 0))
        writer.commit("2", {**nights.model_row("fast-2", 2), **nights.labels(ids[::-1], model="fast-2")})
        compared = []
        for _ in range(2):
            writer.publish()
            with connect(tmp_path / "warehouse") as reader:
                differ = rows(reader, "FROM model_diff('fast-1', 'fast-2')")
                compared.append(
                    {row["target"] for row in [*differ, *reader.saved("model_changes").to_pylist()]}
                )
            writer.commit("removed", {"target": nights.table(gone)})
    assert compared == [{removed, kept}, {kept}]


def test_topic_shares_sum_to_one(reader):
    assert sum(row["share"] for row in rows(reader, "FROM topic_share()")) == pytest.approx(1, abs=0.001)


def test_an_article_whose_headline_and_address_changed_is_listed_once_as_changed(filled: Warehouse):
    for revision in (2, 3):
        changed = nights.batch(1, 0, revision=revision, articles=2, text=f"{revision}. {nights.TEXT}")
        article = [
            row | {"title": f"Headline {revision}", "url": f"{row['url']}?v={revision}"}
            for row in changed["article"].to_pylist()
        ]
        with filled.writing(run_id=f"night-{revision}", flow="nightly") as writer:
            writer.commit("1", changed | {"article": nights.table(article)})
            writer.publish()
    with connect(filled.root) as reader:
        found = reader.saved("revisions").to_pylist()
    assert [(row["outlet"], row["title"], row["revisions"], row["url"]) for row in found] == [
        ("Harbor Ledger", "Headline 3", 3, f"{nights.url(1, 0, 0)}?v=3"),
        ("Plain Speaker", "Headline 3", 3, f"{nights.url(1, 0, 1)}?v=3"),
    ]


def test_what_the_latest_text_of_a_changed_article_lacks_is_not_taken_from_an_earlier_one(filled: Warehouse):
    changed = nights.batch(1, 0, revision=2, articles=2, text=f"2. {nights.TEXT}")
    article = [row | {"title": None, "outlet": None} for row in changed["article"].to_pylist()]
    with filled.writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("1", changed | {"article": nights.table(article)})
        writer.publish()
    with connect(filled.root) as reader:
        found = reader.saved("revisions").to_pylist()
    assert [(row["outlet"], row["title"]) for row in found] == [("(unknown)", None)] * 2


def test_what_came_in_last_comes_first_also_if_an_archive_read_it_years_ago(filled: Warehouse):
    rows = nights.batch(2, 0, articles=1)
    article = [row | {"fetched_at": datetime(2019, 5, 1, tzinfo=UTC)} for row in rows["article"].to_pylist()]
    with filled.writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("1", rows | {"article": nights.table(article)})
        writer.publish()
    with connect(filled.root) as reader:
        latest = reader.saved("latest_articles").to_pylist()
    assert latest[0]["url"] == article[0]["url"]


def test_articles_without_an_outlet_are_counted_as_those_of_an_unknown_one(filled: Warehouse):
    rows = nights.batch(2, 0)
    article = [row | {"outlet": None, "published_at": None} for row in rows["article"].to_pylist()]
    copy = {
        "article_id": "c" * 32,
        "duplicate_of": article[0]["article_id"],
        "how": "near",
        "similarity": 0.9,
    }
    with filled.writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("1", rows | {"article": nights.table(article), "duplicate": nights.table([copy])})
        writer.publish()
    with connect(filled.root) as reader:
        counted = {row["outlet"]: row["articles"] for row in reader.saved("articles_by_outlet").to_pylist()}
        undated = reader.saved("undated").to_pylist()
        (author,) = reader.saved("authors").to_pylist()
        (copied,) = reader.saved("most_copied").to_pylist()
        outlets = set(reader.saved("topics_by_outlet")["outlet"].to_pylist())
    assert counted["(unknown)"] == 4 and sum(counted.values()) == 16
    assert undated == [{"outlet": "(unknown)", "articles": 4}, {"outlet": "Harbor Ledger", "articles": 3}]
    assert author["outlets"] == ["(unknown)", *sorted(nights.OUTLETS)]
    assert (copied["outlet"], copied["reprinted_by"]) == ("(unknown)", ["(unknown)"])
    assert outlets == {"(unknown)", *nights.OUTLETS}


def test_the_target_with_the_largest_share_of_unsure_answers_comes_first(filled: Warehouse):
    with connect(filled.root) as reader:
        found = reader.saved("unsure_shares").to_pylist()
    assert [(row["target"], row["unsure"]) for row in found] == [("chip-exports", 3), ("carbon-tax", 0)]


def ended(address: str, name: str, at: datetime) -> dict[str, object]:
    row = {"url": address, "source": "feeds", "outcome": name, "reason": "So.", "stage": "load"}
    return row | {"decided_at": at}


def test_the_last_times_of_a_source_are_those_of_the_last_batch_of_its_last_run(warehouse: Warehouse):
    clock = nights.START
    hours = {"earlier": (9,), "later": (2, 5, 4)}  # the clock of the earlier run was ahead
    for run_id, its_hours in hours.items():
        with warehouse.writing(run_id=run_id, flow="nightly") as writer:
            for hour in its_hours:
                at, address = clock.replace(hour=hour), f"https://x.example/{run_id}/{hour}"
                rows = [ended(address, "loaded", at), ended(f"{address}/short", "too_short", at)]
                writer.commit(f"{hour}", {"outcome": nights.table(rows)})
            writer.publish()
    with connect(warehouse.root) as reader:
        (row,) = reader.saved("source_health").to_pylist()
    assert (row["last_seen"], row["last_new"]) == (clock.replace(hour=5), clock.replace(hour=5))


def test_a_night_that_brought_nothing_has_its_place_and_a_changed_article_is_not_new(warehouse: Warehouse):
    stored, new = "https://x.example/{}".format, "https://x.example/new"
    ends = {
        "first": [ended(stored(n), "loaded", nights.START) for n in (1, 2)],
        "empty": [],
        "last": [
            *(ended(stored(n), "revised", nights.START + timedelta(days=2)) for n in (1, 2)),
            ended(new, "loaded", nights.START + timedelta(days=1)),
        ],
    }
    for run_id, rows in ends.items():
        with warehouse.writing(run_id=run_id, flow="nightly") as writer:
            writer.commit("1", {"outcome": nights.table(rows)} if rows else nights.reference_rows())
            writer.publish()
    with warehouse.writing(run_id="weekly", flow="maintenance") as writer:  # a run, but not a night
        writer.finish()
        writer.publish()
    with connect(warehouse.root) as reader:
        (row,) = reader.saved("source_health").to_pylist()
    assert (row["last_nights"], row["brought"]) == ([2, 0, 1], 3)
    assert row["last_new"] == nights.START + timedelta(days=1)
    assert row["last_seen"] == nights.START + timedelta(days=2)


def test_outcomes_are_listed_by_run_in_the_order_of_the_commits(warehouse: Warehouse):
    for run_id in ("z", "a"):
        with warehouse.writing(run_id=run_id, flow="nightly") as writer:
            reasons = ("too_short", "low_quality", "not_commentary")
            rows = [ended(f"https://x.example/{run_id}/{name}", name, nights.START) for name in reasons]
            writer.commit("1", {"outcome": nights.table(rows)})
            writer.publish()
    with connect(warehouse.root) as reader:
        found = reader.saved("outcomes_by_run").to_pylist()
    in_order = ("low_quality", "not_commentary", "too_short")
    assert [(row["run_id"], row["outcome"]) for row in found] == [
        (run, name) for run in "az" for name in in_order
    ]


def test_topics_of_another_taxonomy_have_shares_of_their_own(filled: Warehouse):
    rows = nights.batch(2, 0, articles=6)
    topics = [row | {"taxonomy": "desks", "topic": "d1"} for row in rows["topic"].to_pylist()]
    with filled.writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("1", rows | {"topic": nights.table(topics)})
        writer.publish()
    with connect(filled.root) as reader:
        found = reader.saved("topics").to_pylist()
    shares: dict[str, float] = {}
    for row in found:
        shares[row["taxonomy"]] = shares.get(row["taxonomy"], 0) + row["share"]
    assert shares == {"cap": pytest.approx(1, abs=0.001), "desks": pytest.approx(1, abs=0.001)}


def test_the_least_certain_come_first(reader):
    certainty = [
        row["certainty"] for row in rows(reader, "FROM least_certain('chip-exports', how_many := 3)")
    ]
    assert certainty == sorted(certainty) and len(certainty) == 3


def test_evidence_sentences_are_cut_out_of_the_stored_text(reader):
    sentences = {row["sentence"] for row in reader.saved("evidence_for_stances").to_pylist()}
    assert sentences == {nights.SENTENCE}


def test_every_target_has_evidence_however_much_there_is_on_the_first(warehouse: Warehouse):
    with warehouse.writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("reference rows", nights.reference_rows())
        writer.commit("1", nights.batch(1, 0, articles=120))
        writer.publish()
    with connect(warehouse.root) as found:
        targets = found.saved("evidence_for_stances")["target"].to_pylist()
    assert {target: targets.count(target) for target in nights.TARGETS} == dict.fromkeys(nights.TARGETS, 10)
