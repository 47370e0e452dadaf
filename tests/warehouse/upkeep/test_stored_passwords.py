"""A password that an earlier version stored with the address of a source is found, and removed from every file."""

from __future__ import annotations

import pytest

from tests.warehouse import nights
from tests.warehouse.contents import files_with
from warehouse import Warehouse, connect
from warehouse.upkeep.compaction import compact_and_publish
from warehouse.upkeep.verify import verify

LOCATIONS = {
    "https://ann:s3cret@ledger.example/feed https://bo@post.example/rss": (
        "https://ledger.example/feed https://post.example/rss"
    ),
    "https://ledger.example/@bob /srv/a@b": "https://ledger.example/@bob /srv/a@b",
    "https://ann:s3@cret@[::1]:8080/?a=b@c": "https://[::1]:8080/?a=b@c",
}


@pytest.fixture
def with_passwords(filled: Warehouse) -> Warehouse:
    source = {"kind": "feed", "outlet": None, "language": None, "second_model": None, "since": nights.START}
    rows = [source | {"source": f"s{n}", "location": location} for n, location in enumerate(LOCATIONS)]
    for number in range(2):  # the earlier snapshot and a file that was replaced have the password too
        with filled.writing(run_id=f"old-{number}", flow="nightly") as writer:
            if not number:
                writer.commit("sources", {"source": nights.table(rows)})
            writer.commit("1", nights.batch(2 + number, 0))
            writer.update_search()
            writer.publish()
    return filled


def test_verify_names_the_sources_and_compaction_removes_the_passwords(with_passwords: Warehouse) -> None:
    root = with_passwords.root
    findings = verify(root).findings
    assert [finding.check for finding in findings] == ["password", "password"]
    assert "'s0'" in findings[0].message and "'s2'" in findings[1].message
    assert "s3cret" not in str(findings) and "commentariat compact" in findings[0].message
    assert len(files_with(root, "s3cret")) > 1
    with with_passwords.writing(flow="compaction") as writer:
        compact_and_publish(writer, min_files=1_000)
    assert files_with(root, "s3cret") == []
    assert verify(root).findings == ()
    with connect(root) as reader:
        stored = reader.query("SELECT location FROM source WHERE source LIKE 's_' ORDER BY source")
        assert stored["location"].to_pylist() == list(LOCATIONS.values())
        assert reader.query("SELECT count(text) AS n FROM article_text")["n"].to_pylist() == [20]


def test_a_warehouse_without_passwords_gets_no_commit(filled: Warehouse) -> None:
    before = [commit.sequence for commit in filled.commits()]
    with filled.writing(flow="compaction") as writer:
        compact_and_publish(writer, min_files=1_000)
    assert [commit.sequence for commit in filled.commits()] == before
