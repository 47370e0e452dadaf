"""Some train pieces are left out of training, the same ones each time."""

from training.held_out import held_out
from training.opeds_data import OpEd


def piece(number, **changes):
    given = {"outlet": f"outlet {number % 40}", "bank": "c", "kind": "opinion"} | changes
    return OpEd(id=f"id{number}", title="", lean="", paragraphs=(), labels=(), silent=(), near=(), **given)


def test_about_a_third_of_the_opinion_pieces_of_small_outlets_is_left_out():
    pieces = [piece(number) for number in range(400)]
    chosen = held_out(pieces)
    assert 100 <= len(chosen) <= 166
    assert held_out(list(reversed(pieces))) == chosen


def test_large_outlets_other_banks_and_reports_stay_in_training():
    large = [piece(number, outlet="large") for number in range(30)]
    others = [piece(100 + n, bank="a") for n in range(30)] + [piece(200 + n, kind="news") for n in range(30)]
    assert not held_out(large + others)
    assert held_out([*large[:20], *others])  # a smaller outlet
