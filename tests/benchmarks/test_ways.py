"""The benchmark of ways counts the task runs of every station of a night."""

from benchmarks.ways import stations_of
from flows.report import station as report
from tasks import stations


def test_every_station_is_found_also_behind_a_function_that_quotes_its_arguments() -> None:
    found = sorted(task.name for task in stations_of(stations, report))
    assert found == [
        "classify", "decide", "dedupe", "discover", "extract", "fetch", "load", "publish", "report", "second model",
    ]  # fmt: skip
