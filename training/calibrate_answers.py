"""``python -m training.calibrate_answers``: fit the calibration that turns raw scores into answers, on whole op-eds.

Four parts are fitted, and written to the key ``answer`` of the model's ``config.json`` (:mod:`models.answers`):

- the stance, given that a piece shows one: a temperature, and a bias for each class, fitted on the sides that authors
  take on general statements and on statements written for their piece;
- the relevance: a logistic regression on the logit of the relevance and the difference between the logits of the two
  sides. It is fitted on general statements that are all asked of every piece, so that most of them are silent, as in
  use, and that training never asks, so that they are as new to the network as a user's statements
  (:mod:`training.statements_to_calibrate_on`). A fit on statements of which training asked a third promised more than
  was right;
- the thresholds: for each share of stated sides that is to be right, the lowest probability from which sides can be
  stated so that, by the calibrated probabilities, this share of them is right;
- several wordings: how much surer their common answer is than the answer to each (:mod:`training.several_wordings`).
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped,unused-ignore]  # no stubs of its own

from models import STANCES, RawScore, load_classifier
from models.answers import AnswerSettings, calibrated, of_possible_sides
from models.calibration import Calibration, Floats
from models.recalibration import SHARES, SILENT, as_config, thresholds
from training.asking import stances_on
from training.commands import exit_code_of
from training.held_out import dev_pieces
from training.opeds_data import OpEd
from training.several_wordings import ask_in_two_wordings, fit_several_wordings
from training.statements_to_calibrate_on import TARGETS, statements_to_calibrate_on

#: The class of a piece that takes no side; those of the two sides are less.
NEUTRAL = STANCES.index("neutral")
#: Shares of favor, against and neutral in cells that the screen leaves out, about as for the bundled model, and the
#: number of cells that they count as. Data of one's own may have few such cells.
_SCREENED_OUT, _AS_CELLS = (0.0006, 0.0002, 0.00002), 50
#: What the squares of fitted numbers cost: too little to be seen in a fit on thousands of cells. Without it, a fit on a
#: few that all show one side has no minimum, and its temperature and biases grow until they overflow.
_PENALTY = 1e-4


@dataclass(frozen=True, slots=True)
class Cells:
    """A table of n cells; a cell is one statement asked of one piece.

    Attributes
    ----------
    logits
        [n, 4]: favor, against, neutral, relevance; NaN if the screen left the statement out for this piece.
    gold
        [n]: index in STANCES, or :data:`SILENT`.
    piece
        [n]: number of the piece (:func:`numbers_of`).
    """

    logits: Floats
    gold: NDArray[np.int64]
    piece: NDArray[np.int64]

    @property
    def read(self) -> NDArray[np.bool_]:
        """Whether the network read each cell, [n]."""
        return ~np.isnan(self.logits[:, 0])

    def where(self, kept: NDArray[np.bool_]) -> Cells:
        """Return the cells that are kept."""
        return Cells(self.logits[kept], self.gold[kept], self.piece[kept])


def probabilities_of(cells: Cells, settings: AnswerSettings) -> Floats:
    """Return the probabilities [n, 3] of favor, against and neutral, as the classifier computes them."""
    probabilities = np.tile(np.asarray(settings.screened_out, dtype=np.float32), (len(cells.gold), 1))
    probabilities[cells.read] = calibrated(cells.logits[cells.read], settings)
    return probabilities


def numbers_of(pieces: Sequence[OpEd]) -> dict[str, int]:
    """Give each piece a number by its id: it has the same number in all tables, and so is in one half."""
    return {piece.id: number for number, piece in enumerate(pieces)}


def general_cells(
    pieces: Sequence[OpEd], raw: Sequence[Sequence[RawScore]], numbers: Mapping[str, int]
) -> Cells:
    """Put the answers to general statements into one table; see :func:`ask`."""
    return _cells(pieces, raw, numbers, own=False)


def sides(pieces: Sequence[OpEd], raw: Sequence[Sequence[RawScore]], numbers: Mapping[str, int]) -> Cells:
    """Put the answers to every labelled statement, general and own, into one table."""
    return _cells(pieces, raw, numbers, own=True)


def asked_of(piece: OpEd) -> list[tuple[str, int, bool]]:
    """Return the statements asked of a piece: text, class of the right answer, whether it was written for the piece."""
    labelled = [(label.target, STANCES.index(label.stance), label.own) for label in piece.labels]
    return labelled + [(statement, SILENT, False) for statement in piece.silent]


def ask(model: str, pieces: Sequence[OpEd]) -> list[list[RawScore]]:
    """Read pieces with a model; return, for each piece, the raw scores of all its statements (:func:`asked_of`)."""
    asked = [(piece, [statement for statement, _, _ in asked_of(piece)]) for piece in pieces]
    return [[answer.raw for answer in answers] for answers in stances_on(load_classifier(model), asked)]


def _cells(
    pieces: Sequence[OpEd], raw: Sequence[Sequence[RawScore]], numbers: Mapping[str, int], *, own: bool
) -> Cells:
    logits, gold, of_pieces = [], [], []
    for piece, scores in zip(pieces, raw, strict=True):
        for (_, right, is_own), score in zip(asked_of(piece), scores, strict=True):
            if (right != SILENT) if own else not is_own:
                first = score.wordings[0] if score.wordings else None
                logits.append(
                    [first.favor, first.against, first.neutral, first.about] if first else [np.nan] * 4
                )
                gold.append(right)
                of_pieces.append(numbers[piece.id])
    return Cells(np.asarray(logits, dtype=np.float32).reshape(-1, 4), np.asarray(gold), np.asarray(of_pieces))


def _features(logits: Floats) -> NDArray[np.float64]:
    return np.column_stack([logits[:, 3], np.abs(logits[:, 0] - logits[:, 1])]).astype(np.float64)


def fit(labelled: Cells, general: Cells) -> AnswerSettings:
    """Fit the calibration of stance and relevance, and then the thresholds.

    Parameters
    ----------
    labelled
        Cells on which the author's stance is known.
    general
        All cells of general statements, the silent ones included, so that each class is as frequent as in use.
    """
    stance = _fit_stance(labelled)
    relevance_weights = _fit_relevance_weights(general)
    out = general.gold[~general.read]
    screened_out = tuple(
        float(((out == number).sum() + _AS_CELLS * share) / (len(out) + _AS_CELLS))
        for number, share in enumerate(_SCREENED_OUT)
    )
    settings = AnswerSettings(stance, relevance_weights, (screened_out[0], screened_out[1], screened_out[2]))
    probabilities = probabilities_of(general, settings)
    return replace(
        settings, least_relevance=_least_relevance(probabilities, general), points=thresholds(probabilities)
    )


def _fit_stance(cells: Cells) -> Calibration:
    logits, gold = cells.logits[cells.read, :3], cells.gold[cells.read]
    rows = np.arange(len(gold))

    def loss(parameters: Floats) -> float:
        calibration = Calibration(
            float(np.exp(parameters[0])), (0.0, *(float(bias) for bias in parameters[1:]))
        )
        missed = float(-np.log(np.clip(calibration.softmax(logits)[rows, gold], 1e-7, 1)).mean())
        return missed + _PENALTY * float(parameters @ parameters)

    best = minimize(loss, np.zeros(3), method="Nelder-Mead").x
    return Calibration(float(np.exp(best[0])), (0.0, float(best[1]), float(best[2])))


def _fit_relevance_weights(cells: Cells) -> tuple[float, float, float]:
    features = np.column_stack([_features(cells.logits[cells.read]), np.ones(int(cells.read.sum()))])
    shown = cells.gold[cells.read] != SILENT

    def loss(parameters: Floats) -> float:
        score = features @ parameters
        return float(np.logaddexp(0.0, np.where(shown, -score, score)).mean()) + _PENALTY * float(
            parameters[:2] @ parameters[:2]
        )

    first, second, bias = minimize(loss, np.asarray([1.0, 0.0, 0.0]), method="Nelder-Mead").x
    return float(first), float(second), float(bias)


def _least_relevance(probabilities: Floats, cells: Cells) -> float:
    """Find the threshold of the relevance that gives the highest F1 for "the piece speaks about the statement"."""
    relevance, shown = probabilities.sum(axis=1), cells.gold != SILENT
    scores = {}
    for least in np.arange(0.2, 0.65, 0.025):
        given = relevance >= least
        scores[float(least)] = 2 * float((given & shown).sum()) / max(1, int(given.sum() + shown.sum()))
    return max(scores, key=lambda threshold: scores[threshold])


def table(fits: Sequence[tuple[AnswerSettings, Cells]]) -> str:
    """Render a table with a row for each promised share: sides stated, share that is right, recall of all sides.

    Parameters
    ----------
    fits
        Calibrations, each with the cells on which it is measured.
    """
    total = sum(int((cells.gold < NEUTRAL).sum()) for _, cells in fits)
    lines = ["| to be right | threshold | stated | right | recall of sides |", "|---|---|---|---|---|"]
    for number, share in enumerate(SHARES):
        stated = right = 0
        for fitted, cells in fits:
            probabilities = probabilities_of(cells, fitted)
            likely = of_possible_sides(probabilities)
            clear = likely >= fitted.points[number][1]
            stated += int(clear.sum())
            right += int((clear & (probabilities[:, :2].argmax(axis=1) == cells.gold)).sum())
        least = " and ".join(f"{fitted.points[number][1]:.3f}" for fitted, _ in fits)
        share_right = f"{right / stated:.3f}" if stated else "-"
        lines.append(f"| {share} | {least} | {stated} | {share_right} | {right / max(1, total):.3f} |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.calibrate_answers", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with opeds.parquet")
    parser.add_argument("--model", type=Path, required=True, help="model folder whose config.json is written")
    args = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    return exit_code_of(lambda: calibrate(args.data, args.model))


def calibrate(data: Path, model: Path) -> None:
    """Read the dev pieces of the banks a and b and the pieces left out of training; fit, and write ``config.json``.

    Of a file of one's own, only the pieces are read that were chosen at random: the others were chosen because the
    first model was unsure of them, and probabilities that were fitted to them would hold for difficult pieces only.
    """
    pieces = dev_pieces(data)
    lists = statements_to_calibrate_on(data, pieces)
    # the silent statements of these pieces were asked in training too; therefore only their sides are used
    sided = [] if TARGETS in lists else [replace(piece, silent=()) for piece in pieces]
    pieces = lists.get(TARGETS, pieces)
    numbers = numbers_of(pieces)
    labelled = [sides(sided, ask(str(model), sided), numbers)] if sided else []
    general = {}
    for name, asked in lists.items():
        raw = ask(str(model), asked)
        labelled.append(sides(asked, raw, numbers))
        general[name] = general_cells(asked, raw, numbers)
    every, all_general = joined(labelled), joined(list(general.values()))
    fitted = fit(every, all_general)
    number = fit_several_wordings(*ask_in_two_wordings(load_classifier(str(model)), pieces), fitted)
    fitted = replace(fitted, several_wordings=number)
    path = model / "config.json"
    config = json.loads(path.read_text(encoding="utf-8")) | {"answer": as_config(fitted)}
    path.write_text(json.dumps(config, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"All pieces, on which it was fitted\n{table([(fitted, all_general)])}")
    fits = fits_of_halves(every, all_general)
    for name, cells in {"All statements": all_general, **general}.items():
        print(f"\n{name}: fitted on one half of the pieces, counted on the other")
        print(f"{len(cells.gold):,} cells, {int((cells.gold < NEUTRAL).sum())} sides")
        print(table(on_other_half(fits, cells)))


def joined(tables: Sequence[Cells]) -> Cells:
    """Put several tables into one."""
    logits, gold, piece = ([getattr(cells, name) for cells in tables] for name in ("logits", "gold", "piece"))
    return Cells(np.concatenate(logits), np.concatenate(gold), np.concatenate(piece))


def fits_of_halves(labelled: Cells, general: Cells) -> tuple[AnswerSettings, AnswerSettings]:
    """Fit on the pieces with odd numbers, and on those with even numbers.

    No fit sees a cell of the other pieces: the labelled cells include the sides that are counted.
    """
    odd, even = (
        fit(labelled.where(labelled.piece % 2 == half), general.where(general.piece % 2 == half))
        for half in (1, 0)
    )
    return odd, even


def on_other_half(
    fits: tuple[AnswerSettings, AnswerSettings], cells: Cells
) -> list[tuple[AnswerSettings, Cells]]:
    """Return each fit of :func:`fits_of_halves` with the cells of the pieces that it has not seen."""
    return [(fitted, cells.where(cells.piece % 2 == half)) for half, fitted in enumerate(fits)]


if __name__ == "__main__":
    sys.exit(main())
