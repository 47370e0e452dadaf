"""The positions of the marks in charts."""

from itertools import pairwise

from flows.report.charts import diverging, over_time, shade

COLUMNS = (("favor", "share", "low", "high"),)


def row(share: float | None, silent: list[str] | None = None) -> dict[str, object]:
    ends = {"low": None, "high": None} if share is None else {"low": share - 0.1, "high": share + 0.1}
    return {"period": "2026-06-01", "share": share, "silent": silent or [], **ends}


def test_bars_go_to_both_sides_of_the_middle_with_their_intervals():
    shares = {"share_favor": 0.25, "favor_low": 0.1, "favor_high": 0.5}
    shares |= {"share_against": 0.5, "against_low": 0.3, "against_high": 0.75}
    against, favor = diverging(shares)
    assert against.x + against.width == 180 == favor.x
    assert against.width == 2 * favor.width
    assert against.low < against.x < against.high < 180 < favor.low < favor.x + favor.width < favor.high


def test_a_small_number_of_pieces_has_no_bar():
    assert diverging({"share_favor": None, "share_against": None}) == ()


def test_a_period_without_a_share_breaks_the_line():
    chart = over_time([row(0.2), row(0.3), row(None), row(0.4)], COLUMNS, str)
    (line,) = chart.lines
    assert [len(run) for run in line.runs] == [2, 1]
    assert [len(band) for band in line.bands] == [4, 2]


def test_a_period_in_which_an_outlet_was_silent_is_marked():
    chart = over_time([row(0.2), row(0.3, ["Harbor Ledger"]), row(0.2)], COLUMNS, str)
    ((left, width),) = chart.silent
    (line,) = chart.lines
    assert left < line.runs[0][1][0] < left + width


def test_lines_and_intervals_stay_inside_the_chart():
    for share in (0.0, 0.1, 0.5, 0.9):
        chart = over_time([{**row(share), "low": 0.0, "high": 1.0}], COLUMNS, str)
        for line in chart.lines:
            assert all(10 <= y <= 110 for band in line.bands for _, y in band)


def test_the_names_of_lines_that_end_at_one_height_do_not_cover_each_other():
    both = (("favor", "share", "low", "high"), ("against", "share", "low", "high"))
    chart = over_time([row(0.5), row(0.5)], both, str)
    (_, first), (_, second) = chart.ends
    assert second - first >= 11


def test_the_names_of_lines_that_end_near_zero_do_not_cover_the_labels_of_periods():
    both = (("favor", "share", "low", "high"), ("against", "share", "low", "high"))
    for count in (1, 2, 3):
        chart = over_time([row(0.3), row(0.0)], [both[n % 2] for n in range(count)], str)
        heights = [height for _, height in chart.ends]
        assert max(heights) <= 115
        assert all(second - first >= 11 for first, second in pairwise(heights))


def test_shades_show_side_and_size_and_few_pieces_have_their_own():
    assert [shade(net) for net in (-1, -0.5, -0.05, 0, 0.05, 0.5, 1)] == [
        "a4",
        "a2",
        "even",
        "even",
        "even",
        "f2",
        "f4",
    ]
    assert shade(None) == "few"
