"""A source to which publishers add is reported when it falls silent; one that a person fills is not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest

from flows.monitoring.warnings import warnings_of
from flows.night.opening import NightRequest, open_night
from tasks.sources import SourceType
from tests.warehouse import nights
from warehouse import Warehouse


async def test_only_sources_in_which_new_articles_are_expected_are_reported_as_silent(tmp_path: Path) -> None:
    kinds = get_args(SourceType)
    since = [
        {"source": f"a-{kind}", "kind": kind, "location": "somewhere", "since": nights.START}
        for kind in kinds
    ]
    with Warehouse(tmp_path / "commentary").writing(run_id="first", flow="nightly") as writer:
        writer.commit("1", nights.reference_rows() | {"source": nights.table(since)})
        writer.publish()
    config = tmp_path / "commentariat.toml"
    on_disk = {"files": "essays", "table": "essays.csv"}
    config.write_text(
        '[warehouse]\npath = "commentary"\n'
        + "".join(
            f'[[sources]]\nname = "a-{kind}"\ntype = "{kind}"\n'
            f'location = "{on_disk.get(kind, "https://x.example/" + kind)}"\n'
            for kind in kinds
        )
    )
    async with open_night(NightRequest(config=config)) as night:
        silent = [
            warning.split()[1] for warning in warnings_of(night, unanswered=0) if "never brought" in warning
        ]
    assert sorted(silent) == ["a-feed", "a-section", "a-sitemap"]


@pytest.mark.parametrize(
    ("quiet", "words"),
    [
        (timedelta(hours=14, minutes=50), "14 hours"),
        (timedelta(hours=1, minutes=5), "1 hour"),
        (timedelta(days=1, hours=3), "27 hours"),
        (timedelta(days=2, hours=3), "2 days"),
    ],
)
async def test_the_time_of_a_silence_is_in_hours_if_it_is_short(
    tmp_path: Path, quiet: timedelta, words: str
) -> None:
    rows = [{"source": "press", "kind": "feed", "location": "x", "since": datetime.now(UTC) - quiet}]
    with Warehouse(tmp_path / "commentary").writing(run_id="first", flow="nightly") as writer:
        writer.commit("1", nights.reference_rows() | {"source": nights.table(rows)})
        writer.publish()
    config = tmp_path / "commentariat.toml"
    config.write_text(
        '[warehouse]\npath = "commentary"\n[quality]\nsilent_source_days = 0.04\n'
        '[[sources]]\nname = "press"\ntype = "feed"\nlocation = "https://x.example/press"\n'
    )
    async with open_night(NightRequest(config=config)) as night:
        warnings = warnings_of(night, unanswered=0)
    assert f"source press has never brought anything for {words}" in warnings


async def test_a_source_that_lists_what_another_one_brought_is_not_silent(tmp_path: Path) -> None:
    names = ("feed", "alike", "silent")
    since = [
        {"source": name, "kind": "feed", "location": "somewhere", "since": nights.START} for name in names
    ]
    url, now = "https://x.example/1", datetime.now(UTC)
    piece: dict[str, object] = {"url": url, "article_id": nights.hash32(url)}
    with Warehouse(tmp_path / "commentary").writing(run_id="first", flow="nightly") as writer:
        rows = {
            "source": nights.table(since),
            "item": nights.table([piece | {"source": "feed", "discovered_at": now}]),
            "also_listed": nights.table([piece | {"source": "alike", "listed_at": now}]),
        }
        writer.commit("1", nights.reference_rows() | rows)
        writer.publish()
    config = tmp_path / "commentariat.toml"
    config.write_text(
        '[warehouse]\npath = "commentary"\n'
        + "".join(
            f'[[sources]]\nname = "{name}"\ntype = "feed"\nlocation = "https://x.example/{name}"\n'
            for name in names
        )
    )
    async with open_night(NightRequest(config=config)) as night:
        warnings = [warning for warning in warnings_of(night, unanswered=0) if warning.startswith("source ")]
    assert [warning.split()[1] for warning in warnings] == ["silent"]
