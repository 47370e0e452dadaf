"""The connections that the explorer keeps open."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

from flows.explorer.snapshots import Snapshots
from tests.warehouse import nights
from warehouse import Reader, Warehouse
from warehouse.publishing.generations import current_generation


def test_no_connection_to_an_earlier_snapshot_stays_open(tmp_path: Path) -> None:
    """Two pages are opened at once, and after the next night one page at a time."""
    path = tmp_path / "warehouse"
    with Warehouse(path).writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("reference rows", nights.reference_rows())
        writer.publish()
    both = Barrier(2)

    def beside_the_other(reader: Reader) -> Path | None:
        both.wait(timeout=60)
        return reader.generation

    with closing(Snapshots(path)) as snapshots, ThreadPoolExecutor(2) as threads:
        assert len(set(threads.map(snapshots.ask, [beside_the_other] * 2))) == 1
        assert len(snapshots._idle) == 2
        with Warehouse(path).writing(run_id="night-2", flow="nightly") as writer:
            writer.commit("1", nights.batch(2, 0))
            writer.publish()
        newest = current_generation(path)
        assert snapshots.ask(lambda reader: reader.generation) == newest
        assert {reader.generation for reader in snapshots._idle} == {newest}
