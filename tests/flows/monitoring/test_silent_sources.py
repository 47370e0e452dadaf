"""A source to which publishers add is reported when it falls silent; one that a person fills is not."""

from pathlib import Path
from typing import get_args

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
