"""Raw scores become calibrated answers: the classifier uses exactly the fitted calibration."""

import numpy as np
import pytest

pytest.importorskip("scipy")

from models import RawScore, Wording, WordingScore
from models.answers import AnswerSettings, probabilities
from models.recalibration import SILENT, as_config, thresholds
from training.calibrate_answers import (
    Cells,
    fit,
    fits_of_halves,
    general_cells,
    joined,
    numbers_of,
    on_other_half,
    probabilities_of,
    sides,
    table,
)
from training.opeds_data import Label, OpEd


def cells(seed: int, number: int = 6000) -> Cells:
    """Make cells; few show a stance, their logits depend on it, and most silent cells were not read."""
    rng = np.random.default_rng(seed)
    gold = np.where(rng.random(number) < 0.05, rng.integers(0, 2, number), SILENT)
    logits = rng.normal(0, 1, (number, 4))
    logits[:, 3] += np.where(gold < SILENT, 2.5, -2.5)
    for side in (0, 1):
        logits[gold == side, side] += 2.0
    logits[(gold == SILENT) & (rng.random(number) < 0.6)] = np.nan
    return Cells(logits.astype(np.float32), gold, rng.integers(0, 50, number))


def shown(some: Cells) -> Cells:
    return some.where(some.gold < SILENT)


def test_fitted_probabilities_are_those_that_the_classifier_gives() -> None:
    general = cells(1)
    settings = AnswerSettings.from_config(as_config(fit(shown(general), general)))
    given = probabilities_of(general, settings)
    for row in (*np.flatnonzero(general.read)[:20], *np.flatnonzero(~general.read)[:2]):
        favor, against, neutral, about = (float(one) for one in general.logits[row])
        scores = (WordingScore(Wording("x"), favor, against, neutral, about),) if general.read[row] else ()
        assert probabilities(RawScore(0.5, scores), settings).tolist() == given[row].tolist()


def test_stated_sides_are_right_about_as_often_as_promised_on_cells_that_were_not_fitted() -> None:
    general, other = cells(2), cells(3)
    settings = fit(shown(general), general)
    found = probabilities_of(other, settings)
    for share, least in settings.points:
        stated = found[:, :2].max(axis=1) >= least
        if stated.sum() >= 50:
            right = (found[stated, :2].argmax(axis=1) == other.gold[stated]).mean()
            assert right == pytest.approx(share, abs=0.12) or right > share


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("number", [6, 20, 400])
def test_a_fit_on_pieces_of_which_all_take_one_side_ends_with_numbers_of_usual_size(number: int) -> None:
    logits = np.random.default_rng(number).normal(0, 0.01, (number, 4)).astype(np.float32)
    favored = Cells(logits, np.zeros(number, dtype=np.int64), np.arange(number))
    stance = fit(favored, favored).stance
    assert 0.01 < stance.temperature < 1000
    assert -15 < min(stance.bias) <= max(stance.bias) == 0


def test_with_a_larger_share_no_more_sides_are_stated() -> None:
    found = [least for _, least in thresholds(np.random.default_rng(4).random((500, 3)).astype(np.float32))]
    assert found == sorted(found)


@pytest.mark.parametrize("left_out", [0, 1, 20])
def test_a_piece_that_the_screen_leaves_out_is_probably_silent_although_few_such_cells_are_known(
    left_out: int,
) -> None:
    general = cells(9, 300)
    general = joined([general.where(general.read), general.where(~general.read)])
    fitted = fit(shown(general), general.where(np.arange(300) < general.read.sum() + left_out))
    assert sum(fitted.screened_out) < 0.001


def test_sides_of_many_pieces_that_the_screen_leaves_out_are_as_probable_as_they_are_frequent() -> None:
    general = cells(10)
    missed = general.where((general.gold < SILENT) & (np.arange(len(general.gold)) % 3 == 0))
    missed = Cells(np.full_like(missed.logits, np.nan), missed.gold, missed.piece)
    out = joined([missed, general.where(~general.read)])
    shares = [(out.gold == side).mean() for side in (0, 1)]
    fitted = fit(shown(general), joined([general, missed]))
    assert fitted.screened_out[:2] == pytest.approx(shares, rel=0.05)


def test_no_side_is_stated_for_a_share_that_cannot_be_reached() -> None:
    assert thresholds(np.full((10, 3), 0.2, dtype=np.float32))[-1] == (0.95, 1.0)


def test_each_half_of_the_pieces_is_counted_by_a_fit_on_the_other() -> None:
    general = cells(5)
    (_, even), (_, odd) = on_other_half(fits_of_halves(shown(general), general), general)
    assert set(even.piece % 2) == {0}
    assert set(odd.piece % 2) == {1}
    assert len(even.gold) + len(odd.gold) == len(general.gold)


def test_no_fit_sees_a_labelled_side_of_a_piece_that_it_is_counted_on() -> None:
    general = cells(6, 2000)
    labelled = shown(general)
    for half, fitted in enumerate(fits_of_halves(labelled, general)):
        exchanged = np.where(
            (labelled.piece % 2 == half) & (labelled.gold < 2), 1 - labelled.gold, labelled.gold
        )
        others_wrong = Cells(labelled.logits, exchanged, labelled.piece)
        assert fits_of_halves(others_wrong, general)[half] == fitted


def test_several_lists_of_statements_are_fitted_together() -> None:
    one, two = cells(7, 500), cells(8, 300)
    both = joined([one, two])
    assert len(both.gold) == 800
    assert np.array_equal(both.logits, np.concatenate([one.logits, two.logits]), equal_nan=True)
    assert fit(shown(both), both) == fit(joined([shown(one), shown(two)]), both)


def test_a_piece_has_one_number_in_every_table() -> None:
    one, two, three = (
        OpEd(name, "", "", "", "opinion", "a", (), (Label("x", None, "favor", 1, (), own=False),), ("y",), ())
        for name in "abc"
    )
    numbers = numbers_of([two, one, three])
    raw = [[RawScore(0.0, ())] * 2] * 3
    assert general_cells([two, one], raw[:2], numbers).piece.tolist() == [0, 0, 1, 1]
    assert sides([one, three, two], raw, numbers).piece.tolist() == [1, 2, 0]


def test_the_table_counts_stated_sides_and_those_that_are_right() -> None:
    settings = AnswerSettings(
        screened_out=(0.9, 0.05, 0.0), points=((0.5, 0.5), *((0.5 + k / 20, 0.95) for k in range(1, 10)))
    )
    not_read = Cells(np.full((4, 4), np.nan, dtype=np.float32), np.asarray([0, 0, 1, SILENT]), np.arange(4))
    first, second = table([(settings, not_read)]).splitlines()[2:4]
    assert first == "| 0.5 | 0.500 | 4 | 0.500 | 0.667 |"
    assert second == "| 0.55 | 0.950 | 0 | - | 0.000 |"


def test_the_table_leaves_out_sides_that_are_less_likely_than_no_side() -> None:
    settings = AnswerSettings(
        screened_out=(0.4, 0.0, 0.5), points=tuple((0.5 + k / 20, 0.3) for k in range(10))
    )
    not_read = Cells(np.full((2, 4), np.nan, dtype=np.float32), np.asarray([0, 0]), np.arange(2))
    assert table([(settings, not_read)]).splitlines()[2] == "| 0.5 | 0.300 | 0 | - | 0.000 |"
