"""The curves that are kept from an earlier file, and the page about them."""

import json
from pathlib import Path

import pytest

from benchmarks.growth import begun
from benchmarks.speed_page import growth

POINT = {"x": 10, "seconds": 2.0, "cpu_seconds": 3.0, "peak_mb": 400.0, "articles": 10}


@pytest.mark.skipif(not Path("/proc/cpuinfo").exists(), reason="the growth is measured on Linux only")
def test_the_curves_of_an_earlier_file_keep_their_day_and_are_not_of_another_machine(tmp_path: Path) -> None:
    out = tmp_path / "growth.json"
    here = begun(out)["machine"]
    earlier = {"date": "2026-11-29", "curves": {"cores": [POINT]}, "exponents": {"cores": None}}
    out.write_text(json.dumps(earlier | {"machine": here}))
    report = begun(out)
    assert (report["curves"], report["days"]) == (earlier["curves"], {"cores": "2026-11-29"})
    out.write_text(json.dumps(earlier | {"machine": here | {"processor": "Another One"}}))
    with pytest.raises(SystemExit, match="measured on another machine"):
        begun(out)


def test_a_curve_of_too_few_points_has_no_exponent_and_one_night_is_not_compared() -> None:
    """They are few when the program is only tried, and on a machine with one core."""
    page = growth(
        {
            "machine": {"processor": "A processor", "cores": 1},
            "days": {"articles": "2026-11-29", "history": "2026-11-30"},
            "curves": {"articles": [POINT], "history": [POINT | {"x": 0}, POINT]},
            "exponents": {"articles": None, "history": None},
        }
    )
    head, _, rows = page.partition("| | |")
    assert "2026-11-29 to 2026-11-30, A processor, 1 cores" in head
    assert "**articles in a night** | 10 | 2.0 |" in rows and "exponent" not in rows
    assert "The largest peak of memory is 400 MB" in rows and "times as long" not in rows
