"""The queries of the pipeline's stations on everything committed so far."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from tasks.outcome import OUTCOMES
from tests.warehouse import nights
from tests.warehouse.nights import hash32, table, url
from warehouse import Warehouse, connect
from warehouse.upkeep.takedown import take_down
from warehouse.writing import writer as writer_module

NO_FILES = {"at_hand": pa.table({"url": pa.array([], pa.string())})}
LONG_AGO, NEVER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def item(address: str) -> dict[str, object]:
    return {"url": address, "article_id": hash32(address), "source": "feeds", "discovered_at": nights.START}


def outcome(address: str, name: str) -> dict[str, object]:
    return {
        "url": address,
        "source": "feeds",
        "outcome": name,
        "reason": "So.",
        "stage": "fetch",
        "decided_at": nights.START,
    }


def work(warehouse: Warehouse, run_id: str, recheck_since: datetime = NEVER) -> list[str]:
    with warehouse.writing(run_id=run_id, flow="nightly") as writer:
        params = {"run_id": run_id, "max_attempts": 2, "recheck_since": recheck_since}
        return writer.query_file("work", params, NO_FILES)["url"].to_pylist()


def test_an_item_without_outcome_is_work(warehouse):
    with warehouse.writing(run_id="a", flow="nightly") as writer:
        writer.commit("1", {"item": table([item("https://x.example/1")])})
    assert work(warehouse, "a") == ["https://x.example/1"]


def test_a_failed_item_is_work_until_the_attempts_are_used_up_but_never_twice_in_one_run(warehouse):
    address = "https://x.example/1"
    with warehouse.writing(run_id="a", flow="nightly") as writer:
        writer.commit(
            "1", {"item": table([item(address)]), "outcome": table([outcome(address, "fetch_failed")])}
        )
    assert work(warehouse, "a") == []
    assert work(warehouse, "b") == [address]
    with warehouse.writing(run_id="b", flow="nightly") as writer:
        writer.commit("1", {"outcome": table([outcome(address, "fetch_failed")])})
    assert work(warehouse, "c") == []


def test_a_postponed_item_is_work_every_night_and_does_not_use_up_an_attempt(warehouse):
    address = "https://x.example/1"
    with warehouse.writing(run_id="listing", flow="nightly") as writer:
        writer.commit("1", {"item": table([item(address)])})
    for night, name in (("a", "fetch_failed"), ("b", "postponed"), ("c", "postponed")):
        with warehouse.writing(run_id=night, flow="nightly") as writer:
            writer.commit("1", {"outcome": table([outcome(address, name)])})
        assert work(warehouse, "next") == [address]
    with warehouse.writing(run_id="d", flow="nightly") as writer:
        writer.commit("1", {"outcome": table([outcome(address, "fetch_failed")])})
    assert work(warehouse, "next") == [], "the failure before the busy nights counts"


def test_every_item_is_work_for_a_run_that_names_its_items_except_what_was_taken_down(warehouse):
    with warehouse.writing(run_id="a", flow="nightly") as writer:
        items = [item(f"https://x.example/{name}") for name in OUTCOMES]
        ended = [outcome(f"https://x.example/{name}", name) for name in OUTCOMES]
        writer.commit("1", {"item": table(items), "outcome": table(ended)})
    with warehouse.writing(run_id="t", flow="takedown") as writer:
        take_down(writer, reason="Asked for.", urls=["https://x.example/loaded"])
    with warehouse.writing(run_id="b", flow="nightly") as writer:
        params = {"run_id": "b", "all_due": True, "max_attempts": 1, "recheck_since": NEVER}
        due = writer.query_file("work", params, NO_FILES).to_pylist()
    assert {row["url"].rpartition("/")[2] for row in due} == set(OUTCOMES) - {"loaded"}
    assert not any(row["only_if_changed"] for row in due)


def test_outcomes_that_are_tried_again_are_work_and_outcomes_that_are_checked_again_only_while_they_are_recent(
    warehouse,
):
    with warehouse.writing(run_id="a", flow="nightly") as writer:
        items = [item(f"https://x.example/{name}") for name in OUTCOMES]
        ended = [outcome(f"https://x.example/{name}", name) for name in OUTCOMES]
        writer.commit("1", {"item": table(items), "outcome": table(ended)})

    def names(urls: list[str]) -> set[str]:
        return {url.rpartition("/")[2] for url in urls}

    tried_again = {name for name, meaning in OUTCOMES.items() if meaning.retryable}
    assert names(work(warehouse, "b")) == tried_again
    checked_again = {"loaded", "unchanged", "revised", "duplicate"}
    assert names(work(warehouse, "b", recheck_since=LONG_AGO)) == tried_again | checked_again


def test_failures_before_a_page_was_read_do_not_count_among_its_attempts(warehouse):
    """A page that failed twice, was loaded, and fails when it is checked again has the attempts of a new page."""
    address = "https://x.example/1"
    with warehouse.writing(run_id="listing", flow="nightly") as writer:
        writer.commit("1", {"item": table([item(address)])})

    def ends(night: str, name: str) -> None:
        with warehouse.writing(run_id=night, flow="nightly") as writer:
            writer.commit("1", {"outcome": table([outcome(address, name)])})

    for night, name in (
        ("a", "fetch_failed"),
        ("b", "extract_failed"),
        ("c", "loaded"),
        ("d", "fetch_failed"),
    ):
        ends(night, name)
    assert work(warehouse, "e") == [address]
    ends("e", "extract_failed")
    assert work(warehouse, "f") == []


def test_a_loaded_item_is_work_again_only_inside_the_recheck_window(filled):
    assert work(filled, "night-2") == []
    assert len(work(filled, "night-2", recheck_since=LONG_AGO)) == 12


def test_work_carries_what_conditional_requests_and_revisions_need(filled):
    address = url(1, 0, 1)
    visit = {
        "url": address,
        "resource": "page",
        "fetched_at": nights.START,
        "http_status": 200,
        "etag": '"7"',
    }
    with filled.writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("1", {"visit": table([visit])})
        params = {"run_id": "night-2", "max_attempts": 2, "recheck_since": LONG_AGO}
        row = next(
            row for row in writer.query_file("work", params, NO_FILES).to_pylist() if row["url"] == address
        )
    assert (row["etag"], row["revision"], row["last_outcome"]) == ('"7"', 1, "loaded")
    assert row["visited_at"] == nights.START


def test_work_says_whether_the_last_reading_of_an_item_gave_no_text_that_is_known(warehouse):
    address, night = "https://x.example/1", iter("abcdefgh")

    def read_in_vain_after(name: str) -> bool:
        ended = outcome(address, name) | {"decided_at": nights.START + timedelta(hours=ord(next(night)))}
        with warehouse.writing(run_id=f"of-{ended['decided_at']:%d-%H}", flow="nightly") as writer:
            writer.commit("1", {"outcome": table([ended])})
        with warehouse.writing(run_id="asking", flow="nightly") as writer:
            params = {"run_id": "asking", "max_attempts": 9, "recheck_since": LONG_AGO}
            return writer.query_file("work", params, NO_FILES)["read_in_vain"].to_pylist()[0]

    with warehouse.writing(run_id="listing", flow="nightly") as writer:
        writer.commit("1", {"item": table([item(address)])})
    assert not read_in_vain_after("fetch_failed"), "it has not been read yet"
    assert read_in_vain_after("extract_failed")
    assert read_in_vain_after("fetch_failed")
    for name in ("loaded", "unchanged", "revised", "duplicate"):
        assert not read_in_vain_after(name)
    assert read_in_vain_after("extract_failed")


FUTURE = nights.START + timedelta(days=36_500)


def at_a_clock_ahead(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, tables: dict[str, pa.Table]
) -> None:
    """Write a night on a machine whose clock is a hundred years ahead."""
    with monkeypatch.context() as patch:
        patch.setattr(writer_module, "now", FUTURE.isoformat)
        with warehouse.writing(run_id="ahead", flow="nightly") as writer:
            writer.commit("1", tables)


def visit(address: str, etag: str, at: datetime, resource: str = "page") -> dict[str, object]:
    return {"url": address, "resource": resource, "fetched_at": at, "etag": etag}


def test_after_a_clock_that_was_ahead_the_last_commit_counts(warehouse, monkeypatch):
    address, feed = "https://x.example/1", "https://x.example/feed"
    at_a_clock_ahead(
        warehouse,
        monkeypatch,
        {
            "item": table([item(address) | {"discovered_at": FUTURE}]),
            "outcome": table([outcome(address, "fetch_failed") | {"decided_at": FUTURE}]),
            "visit": table([visit(address, '"old"', FUTURE), visit(feed, '"old"', FUTURE, "feed")]),
        },
    )
    with warehouse.writing(run_id="later", flow="nightly") as writer:
        now = datetime.now(UTC)
        new = [
            visit(address, '"new"', now),
            visit(feed, '"new"', now, "feed"),
            visit(address, '"told"', LONG_AGO),
        ]
        ended = table([outcome(address, "loaded") | {"decided_at": now}])
        writer.commit("1", {"visit": table(new), "outcome": ended})
    with warehouse.writing(run_id="asking", flow="nightly") as writer:
        params = {"run_id": "asking", "max_attempts": 9, "recheck_since": now - timedelta(days=1)}
        [row] = writer.query_file("work", params, NO_FILES).to_pylist()
        assert (row["last_outcome"], row["read_in_vain"], row["etag"]) == ("loaded", False, '"new"')
        assert row["visited_at"] == now
        [listing] = writer.query_file("listing_visits").to_pylist()
        assert listing["etag"] == '"new"'
        # Otherwise, by the wrong clock, it would be checked again only in a hundred years.
        params["recheck_since"] = datetime.now(UTC)
        assert writer.query_file("work", params, NO_FILES).num_rows == 0


def test_after_a_clock_that_was_ahead_a_corrected_item_is_not_left_out(warehouse, monkeypatch):
    address = "https://x.example/1"
    ahead = table([outcome(address, "too_short") | {"decided_at": FUTURE}])
    at_a_clock_ahead(warehouse, monkeypatch, {"outcome": ahead})
    with warehouse.writing(run_id="later", flow="nightly") as writer:
        writer.commit("1", {"outcome": table([outcome(address, "loaded")])})
        writer.publish()
    with connect(warehouse.root) as reader:
        assert reader.saved("left_out").num_rows == 0


@pytest.mark.parametrize(
    ("nights_ended", "counted"),
    [
        (("duplicate", "fetch_failed", "unchanged"), ["duplicate"]),
        (("duplicate", "postponed", "unchanged", "unchanged"), ["duplicate"]),
        (("extract_failed", "unchanged"), ["extract_failed"]),
        (("duplicate", "fetch_failed"), ["fetch_failed"]),
        (("fetch_failed", "unchanged"), []),  # another address of a stored article
        (("loaded", "fetch_failed", "unchanged"), []),
        (("loaded", "fetch_failed"), ["fetch_failed"]),
    ],
)
def test_what_is_unchanged_is_left_out_as_before_it_could_not_be_fetched(warehouse, nights_ended, counted):
    for number, name in enumerate(nights_ended):
        ended = outcome("https://x.example/1", name) | {"reason": f"Because of {name}."}
        with warehouse.writing(run_id=f"night-{number}", flow="nightly") as writer:
            writer.commit("1", {"outcome": table([ended])})
    with warehouse.writing(run_id="asking", flow="nightly") as writer:
        writer.publish()
    with connect(warehouse.root) as reader:
        found = reader.saved("left_out").to_pylist()
    assert [row["outcome"] for row in found] == counted
    assert [row["most_often"] for row in found] == [f"Because of {name}." for name in counted]
    assert all(row["stored"] == nights_ended.count("loaded") for row in found)


def test_a_source_is_silent_also_when_a_clock_that_was_ahead_saw_it_last(warehouse, monkeypatch):
    items = table([item("https://x.example/1") | {"discovered_at": FUTURE}])
    at_a_clock_ahead(warehouse, monkeypatch, nights.reference_rows() | {"item": items})
    before = datetime.now(UTC)
    with warehouse.writing(run_id="later", flow="nightly") as writer:
        writer.commit("1", {"item": table([item("https://x.example/2")])})
        [age] = writer.query_file("source_ages").to_pylist()
    assert before <= age["newest"] <= datetime.now(UTC)


def test_items_that_were_taken_down_are_never_work(warehouse):
    gone = {
        "article_id": hash32("https://x.example/1"),
        "reason": "Asked for.",
        "taken_down_at": nights.START,
    }
    with warehouse.writing(run_id="a", flow="nightly") as writer:
        writer.commit("1", {"item": table([item("https://x.example/1")]), "tombstone": table([gone])})
    assert work(warehouse, "a") == []


def test_only_unknown_urls_are_new_items(filled):
    incoming = pa.table({"url": [url(1, 0, 0), "https://x.example/new"]})
    with filled.writing(run_id="b", flow="nightly") as writer:
        assert writer.query_file("new_items", tables={"incoming": incoming})["url"].to_pylist() == [
            "https://x.example/new"
        ]


def wanted(*rows: tuple[str, str, str]) -> dict[str, pa.Table]:
    names = ("target", "statement_hash", "model_version")
    return {"wanted_target": table([dict(zip(names, row, strict=True)) for row in rows])}


def test_the_backlog_has_all_questions_without_a_scored_row(filled):
    with filled.writing(run_id="b", flow="rescore") as writer:
        same = wanted(("", "", nights.MODEL), ("carbon-tax", hash32("carbon-tax"), nights.MODEL))
        assert writer.query_file("backlog", tables=same).num_rows == 0
        new_model = writer.query_file("backlog", tables=wanted(("", "", "fast-2"))).to_pylist()
        assert len(new_model) == 12
        assert {row["task"] for row in new_model} == {"topic"}
        reworded = wanted(("carbon-tax", hash32("another wording"), nights.MODEL))
        assert writer.query_file("backlog", tables=reworded).num_rows == 12
        assert writer.query_file("backlog", {"since": NEVER}, reworded).num_rows == 0


def test_the_backlog_since_a_time_has_articles_by_publication_and_those_without_a_date_by_when_they_were_fetched(
    filled,
):
    with filled.writing(run_id="b", flow="rescore") as writer:
        articles = writer.query("FROM article").to_pylist()
        at = {row["article_id"]: row["published_at"] or row["fetched_at"] for row in articles}
        undated = sorted(row["fetched_at"] for row in articles if row["published_at"] is None)
        reworded = wanted(("carbon-tax", hash32("another wording"), nights.MODEL))
        for since in (undated[0], undated[-1]):
            due = writer.query_file("backlog", {"since": since}, reworded)["article_id"].to_pylist()
            assert set(due) == {name for name, when in at.items() if when >= since}
            assert undated and 0 < len(due) < len(at)


def test_the_backlog_is_what_was_never_asked_of_new_revised_and_unfinished_articles(filled):
    """Some articles are complete, some were revised, some were only asked a part, and one target is new."""
    first, second = nights.TARGETS
    news = nights.batch(2, 0)
    news["scored"] = table([row for row in news["scored"].to_pylist() if row["target"] != second])
    news["stance"] = table([row for row in news["stance"].to_pylist() if row["target"] != second])
    news["evidence"] = table([row for row in news["evidence"].to_pylist() if row["target"] != second])
    unread = {name: nights.batch(3, 0)[name] for name in ("article", "article_text")}
    revised = nights.batch(1, 0, revision=2, text=f"{nights.TEXT} So be it.")
    revised = {name: revised[name] for name in ("article", "article_text")}
    answered_after_revision = nights.batch(1, 1, revision=2, text=f"{nights.TEXT} So be it.")
    asked = [("", "", nights.MODEL), *((target, hash32(target), nights.MODEL) for target in nights.TARGETS)]
    with filled.writing(run_id="b", flow="nightly") as writer:
        for number, rows in enumerate((news, unread, revised, answered_after_revision)):
            writer.commit(str(number), rows)
        current = writer.query("SELECT article_id, revision FROM article WHERE is_current").to_pylist()
        scored = writer.query(
            "SELECT article_id, revision, target, statement_hash, model_version FROM scored"
        )
        known = {tuple(row.values()) for row in scored.to_pylist()}
        for more, missing in (([], 4 + 12 + 12), ([("ferry", hash32("ferry"), nights.MODEL)], 28 + 20)):
            expected = {
                (row["article_id"], row["revision"], *question)
                for row in current
                for question in (*asked, *more)
            } - known
            found = writer.query_file("backlog", tables=wanted(*asked, *more)).to_pylist()
            names = ("article_id", "revision", "target", "statement_hash", "model_version")
            assert {tuple(row[name] for name in names) for row in found} == expected
            assert len(found) == len(expected) == missing
        assert {row["target"] for row in found if row["article_id"] == hash32(url(2, 0, 0))} == {
            second,
            "ferry",
        }
        assert first not in {row["target"] for row in found if row["article_id"] == hash32(url(1, 1, 0))}


def test_copies_are_not_in_the_backlog(filled):
    copy = {
        "article_id": hash32(url(1, 0, 0)),
        "duplicate_of": hash32(url(1, 0, 1)),
        "how": "near",
        "similarity": 0.9,
    }
    with filled.writing(run_id="b", flow="nightly") as writer:
        writer.commit("1", {"duplicate": table([copy])})
        assert writer.query_file("backlog", tables=wanted(("", "", "fast-2"))).num_rows == 11


def test_candidates_for_near_copies_come_with_the_number_of_shared_bands_and_the_text(filled):
    known = hash32(url(1, 0, 1))
    bands = [
        {"article_id": "f" * 32, "algorithm": "minhash-1", "band": band, "hash": int(known[:12], 16) + band}
        for band in (0, 1, 2)
    ]
    incoming = pa.Table.from_pylist(bands).cast(
        pa.schema(
            {"article_id": pa.string(), "algorithm": pa.string(), "band": pa.int16(), "hash": pa.uint64()}
        )
    )
    with filled.writing(run_id="b", flow="nightly") as writer:
        (row,) = writer.near_duplicates(incoming).to_pylist()
    assert (row["candidate_id"], row["bands_shared"], row["text"]) == (known, 3, nights.TEXT)


def test_known_texts_are_found_by_address_and_by_hash(filled):
    known = hash32(url(1, 0, 1))
    text_hash = hash32(f"{nights.TEXT}{known}")
    incoming = pa.table(
        {"article_id": [known, "f" * 32, "e" * 32], "text_hash": ["0" * 32, text_hash, "0" * 32]}
    )
    with filled.writing(run_id="b", flow="nightly") as writer:
        found = writer.query_file("known_text", tables={"incoming": incoming}).to_pylist()
    assert {(row["article_id"], row["known_id"], row["how"]) for row in found} == {
        (known, known, "url"),
        ("f" * 32, known, "text"),
    }


def test_a_run_has_a_summary(filled):
    with filled.writing(run_id="b", flow="nightly") as writer:
        params = {"run_id": "night-1"}
        assert [(r["outcome"], r["n"]) for r in writer.query_file("run_summary", params).to_pylist()] == [
            ("loaded", 12)
        ]


def test_an_older_archive_is_compared_with_the_history_and_is_no_history_itself(filled):
    def counted(run_id: str, rows: dict[str, pa.Table]) -> tuple[list[int], list[int]]:
        with filled.writing(run_id=run_id, flow="nightly") as writer:
            writer.commit("1", rows)
            params = {"run_id": run_id, "model_version": nights.MODEL, "since": nights.START}
            mixes = [writer.query_file(name, params).to_pylist() for name in ("topic_mix", "stance_mix")]
        tonight, history = (
            [sum(row[column] for row in mix) for mix in mixes] for column in ("tonight", "history")
        )
        return tonight, history

    archived = nights.batch(2, 0)
    years_ago = {"published_at": None, "fetched_at": datetime(2019, 5, 1, tzinfo=UTC)}
    archived["article"] = table([row | years_ago for row in archived["article"].to_pylist()])
    (topics, stances), history = counted("night-2", archived)
    assert topics == 4 and stances > 0
    assert counted("night-3", nights.batch(3, 0)) == ([topics, stances], history)


def test_what_the_next_run_tries_again_or_an_audit_refused_has_failed(warehouse):
    with warehouse.writing(run_id="a", flow="nightly") as writer:
        ended = [outcome(f"https://x.example/{name}", name) for name in OUTCOMES]
        writer.commit("1", {"outcome": table(ended)})
        rows = writer.query_file("run_summary", {"run_id": "a"}).to_pylist()
    tried_again = {name for name, meaning in OUTCOMES.items() if meaning.retryable}
    assert {row["outcome"] for row in rows if row["has_failed"]} == tried_again | {"rejected"}
    assert len(rows) == len(OUTCOMES)


def test_what_failed_is_listed_with_what_cannot_be_read_in_an_order_without_ties(warehouse):
    with warehouse.writing(run_id="a", flow="nightly") as writer:
        ended = [outcome(f"https://x.example/{name}", name) for name in sorted(OUTCOMES, reverse=True)]
        writer.commit("1", {"outcome": table(ended)})
        writer.publish()
    with connect(warehouse.root) as reader:
        listed = reader.saved("failures")["outcome"].to_pylist()
    tried_again = [name for name, meaning in OUTCOMES.items() if meaning.retryable]
    assert listed == sorted([*tried_again, "rejected", "refused", "too_large", "unsupported_type"])
