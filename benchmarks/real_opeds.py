"""Compare a model's answers on whole real op-eds with the labels of a large language model.

    python -m benchmarks.real_opeds --data DIR [--model fast] [--banks e] [--silent 20]

DIR holds ``opeds.parquet``; the pieces of its dev split are read, on whose outlets no stance was trained. The
statements of bank e were asked of dev pieces only; banks a and b were used for choices between networks. Training asks
some statements of bank e too, of other pieces; ``--new`` leaves them out (:mod:`training.repeated_statements`). The
labels were checked only by the same kind of model, in a second reading without knowledge of the labels. With
``--read-again``, the labels of general statements of bank e are those after two more readings
(:mod:`benchmarks.read_again`). A table is printed. ``--curve FILE`` also writes the risk-coverage curve as CSV,
``--reliability FILE`` the share of right sides by probability as CSV (:mod:`benchmarks.pictures` draws both), and
``--json FILE`` the figures.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.asked import Asked, ask
from benchmarks.read_again import with_labels_read_again
from models.loading import STATED_RIGHT
from training.figures import share_of
from training.opeds_data import read_opeds
from training.repeated_statements import asked_in_training, without_repeated

#: Share of all sides that are stated in the figures named "at coverage".
COVERAGE = 0.45
#: Number of bins of the calibration error, and of points of the reliability curve.
BINS = 10
#: Number of simulations of perfectly calibrated probabilities.
DRAWS = 200


def figures(asked: Sequence[Asked]) -> dict[str, float]:
    """Compute the figures of the table, by name; they are shares unless the name says otherwise."""
    shares = _sides(asked) | _wordings(asked) | _at_coverage(asked) | _as_stated(asked)
    shares |= _evidence(asked) | _calibration(asked) | _against_the_lean(asked)
    return {name: float(value) for name, value in shares.items()}


def _sides(asked: Sequence[Asked]) -> dict[str, float]:
    with_side = [cell for cell in asked if cell.has_side and cell.kind in ("own", "bank")]
    right = {kind: [o.side == o.gold for o in with_side if o.kind == kind] for kind in ("own", "bank")}
    return {
        "sides, forced: right": share_of([cell.side == cell.gold for cell in with_side]),
        "sides of general statements, forced: right": share_of(right["bank"]),
        "sides of own statements, forced: right": share_of(right["own"]),
        "sides, number": len(with_side),
    }


def _wordings(asked: Sequence[Asked]) -> dict[str, float]:
    pairs: dict[tuple[str, str], dict[str, Asked]] = defaultdict(dict)
    for cell in asked:
        if cell.kind in ("own", "other") and cell.has_side and cell.label and cell.label.other_wording:
            pairs[cell.piece.id, cell.label.target][cell.kind] = cell
    both = [(pair["own"], pair["other"]) for pair in pairs.values() if len(pair) == 2]
    means = []
    for own, other in both:
        favor = own.answer.p_favor + other.answer.p_favor > own.answer.p_against + other.answer.p_against
        means.append(("favor" if favor else "against") == own.gold)
    return {
        "two wordings: each right": share_of([w.side == w.gold for pair in both for w in pair]),
        "two wordings: their mean right": share_of(means),
        "two wordings: both on one side": share_of([own.side == other.side for own, other in both]),
        "two wordings: both right": share_of([own.side == other.side == own.gold for own, other in both]),
        "two wordings, number": len(both),
    }


def _at_coverage(asked: Sequence[Asked]) -> dict[str, float]:
    with_side = sorted(
        (cell for cell in asked if cell.has_side and cell.kind != "other"), key=lambda cell: -cell.p_side
    )
    if not with_side:
        return {}
    stated = with_side[: max(1, round(COVERAGE * len(with_side)))]
    least = stated[-1].p_side
    silent = [cell for cell in asked if cell.kind == "silent"]
    invented = sum(cell.weight for cell in silent if cell.p_side >= least)
    return {
        f"at coverage {COVERAGE}: right": share_of([cell.side == cell.gold for cell in stated]),
        f"at coverage {COVERAGE}: near statements put on a side": share_of(
            [cell.p_side >= least for cell in asked if cell.kind == "near"]
        ),
        f"at coverage {COVERAGE}: invented for 1,000 silent": 1000
        * invented
        / max(1.0, sum(cell.weight for cell in silent)),
        "area under the risk-coverage curve": _area(with_side),
    }


def _area(ordered: Sequence[Asked]) -> float:
    wrong = np.cumsum([cell.side != cell.gold for cell in ordered]) / np.arange(1, len(ordered) + 1)
    return float(wrong.mean())


def _as_stated(asked: Sequence[Asked]) -> dict[str, float]:
    """Compute the figures of the sides that the model states with its own threshold."""
    general = [cell for cell in asked if cell.kind in ("bank", "silent")]
    stated = [cell for cell in general if cell.states_side]
    right = sum(cell.weight for cell in stated if cell.answer.stance == cell.gold)
    total = sum(cell.weight for cell in stated)
    own = [cell for cell in asked if cell.kind == "own" and cell.has_side]
    own_stated = [cell for cell in own if cell.states_side]
    no_side = [cell for cell in asked if cell.gold == "neutral"]
    return {
        "as stated, general statements: precision": right / total if total else float("nan"),
        "as stated, general statements: recall of sides": right
        / max(1, sum(cell.has_side for cell in general)),
        "as stated, general statements: sides stated": total,
        "as stated, own statements: right": share_of([o.answer.stance == o.gold for o in own_stated]),
        "as stated, own statements: recall": share_of([o.answer.stance == o.gold for o in own]),
        "as stated: near statements put on a side": share_of(
            [o.states_side for o in asked if o.kind == "near"]
        ),
        "piece takes no side: put on one": share_of([cell.states_side for cell in no_side]),
        "sides: unsure": share_of([o.answer.stance == "unsure" for o in asked if o.has_side]),
        "sides: not found": share_of([not o.answer.about for o in asked if o.has_side]),
    }


def _evidence(asked: Sequence[Asked]) -> dict[str, float]:
    first, shown = [], []
    for cell in asked:
        if cell.has_side and cell.label and cell.label.paragraphs and cell.answer.raw.sentences:
            places = [cell.piece.paragraph_at(sentence.start) for sentence in cell.answer.raw.sentences[:2]]
            first.append(places[0] in cell.label.paragraphs)
            shown.append(any(place in cell.label.paragraphs for place in places))
    return {
        "evidence: first sentence in a named paragraph": share_of(first),
        "evidence: one of the first two": share_of(shown),
    }


def _calibration(asked: Sequence[Asked]) -> dict[str, float]:
    """Compute the error of the probability of the likelier side, in bins of equal mass, weighted as cells occur.

    With some hundreds of cells, counted shares differ from the probabilities by chance alone. The size of this
    difference is computed with simulated sides; no model can be expected to have a lower error.
    """
    cells = [cell for cell in asked if cell.kind in ("bank", "silent")]
    p = np.asarray([cell.p_side for cell in cells])
    hit = np.asarray([cell.side == cell.gold for cell in cells], dtype=float)
    weight = np.asarray([cell.weight for cell in cells])
    errors = {"general statements: Brier": float((weight * (p - hit) ** 2).sum() / weight.sum())}
    high = np.flatnonzero(p >= 0.2)
    order = high[np.argsort(p[high])]
    if len(order):
        named = "general statements of P(side) >= .2: ECE"
        errors[named] = calibration_error(p[order], hit[order], weight[order])
        draws = np.random.default_rng(11).random((DRAWS, len(order))) < p[order]
        errors[f"{named} if each P were right"] = float(
            np.mean([calibration_error(p[order], draw.astype(float), weight[order]) for draw in draws])
        )
    return errors


def calibration_error(p: NDArray[np.float64], hit: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    """Return the mean difference of promised and counted shares over ten bins of equal mass; `p` must be sorted."""
    bins = bins_of_equal_mass(weight)
    errors = [
        weight[of_bin].sum() * abs(np.average(p[of_bin] - hit[of_bin], weights=weight[of_bin]))
        for of_bin in bins
    ]
    return float(sum(errors) / weight.sum())


def bins_of_equal_mass(weight: NDArray[np.float64]) -> list[NDArray[np.int64]]:
    """Divide sorted cells into :data:`BINS` bins of about the same weight; return the rows of each, none empty.

    A cell is in the bin in which the middle of its weight lies, so a heavy cell may leave a bin empty.
    """
    middles = np.cumsum(weight) - weight / 2
    bin_of = np.minimum(BINS * middles / weight.sum(), BINS - 1).astype(int)
    return [rows for number in range(BINS) if len(rows := np.flatnonzero(bin_of == number))]


def _against_the_lean(asked: Sequence[Asked]) -> dict[str, float]:
    """Compare the sides that most pieces of outlets with the same lean take on a general statement with rare sides."""
    taken: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    bank = [cell for cell in asked if cell.kind == "bank" and cell.has_side]
    for cell in bank:
        assert cell.label is not None
        taken[cell.label.target, cell.piece.lean][cell.gold] += 1
    groups: dict[bool, list[bool]] = {True: [], False: []}
    for cell in bank:
        assert cell.label is not None
        counts = taken[cell.label.target, cell.piece.lean]
        usual = counts.most_common(1)[0][1]
        if counts.total() > 1 and 2 * usual > counts.total():
            groups[counts[cell.gold] == usual].append(cell.side == cell.gold)
    return {
        "general sides with the outlet's lean, forced: right": share_of(groups[True]),
        "general sides against it, forced: right": share_of(groups[False]),
        "general sides against it, number": len(groups[False]),
    }


def curve(asked: Sequence[Asked]) -> Iterator[tuple[float, float]]:
    """Yield the coverage of all sides and the share of stated sides that are right, from the most certain to all."""
    ordered = sorted((o for o in asked if o.has_side and o.kind != "other"), key=lambda cell: -cell.p_side)
    right = np.cumsum([cell.side == cell.gold for cell in ordered])
    for count in range(10, len(ordered) + 1, max(1, len(ordered) // 60)):
        yield count / len(ordered), float(right[count - 1] / count)


def reliability(asked: Sequence[Asked]) -> Iterator[tuple[str, float, float, float]]:
    """Yield the kind of statement, mean probability of the likelier side, share right, and number of cells, by bin.

    Bins have equal mass, weighted as cells occur. Only cells with a probability of 0.1 or more are used. Near
    statements are counted among the own ones: the piece shows no stance on them, so either side is wrong. Silent
    statements are counted among the general ones only.
    """
    for kind, kinds in (("general", ("bank", "silent")), ("own", ("own", "near"))):
        cells = sorted(
            (o for o in asked if o.kind in kinds and o.p_side >= 0.1), key=lambda cell: cell.p_side
        )
        for of_bin in bins_of_equal_mass(np.asarray([cell.weight for cell in cells])):
            in_bin = [cells[row] for row in of_bin]
            weights = [cell.weight for cell in in_bin]
            promised = float(np.average([cell.p_side for cell in in_bin], weights=weights))
            right = float(np.average([cell.side == cell.gold for cell in in_bin], weights=weights))
            yield kind, promised, right, sum(weights)


def main() -> None:
    """Read the pieces, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with opeds.parquet")
    parser.add_argument("--model", default="fast", help="bundled model or model folder (%(default)s)")
    parser.add_argument("--banks", default="e", help="letters of the banks of statements (%(default)s)")
    parser.add_argument(
        "--silent", type=int, default=20, help="silent statements asked of a piece (%(default)s)"
    )
    parser.add_argument("--stated-right", type=float, default=STATED_RIGHT)
    parser.add_argument("--read-again", action="store_true", help="labels of several readings")
    parser.add_argument("--new", action="store_true", help="without statements that training asks too")
    parser.add_argument("--most", type=int, default=None, help="read only so many pieces")
    parser.add_argument("--curve", type=Path, help="where to write the risk-coverage curve as CSV")
    parser.add_argument(
        "--reliability", type=Path, help="where to write probabilities and shares right as CSV"
    )
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args()
    pieces = read_opeds(options.data, "dev", banks=options.banks)[: options.most]
    if options.read_again:
        pieces = with_labels_read_again(pieces)
    if options.new:
        trained = {text for texts in asked_in_training(options.data).values() for text in texts}
        pieces = without_repeated(pieces, trained)
    asked = ask(options.model, pieces, options.silent, options.stated_right)
    computed = figures(asked)
    print(f"{len(pieces)} pieces, banks {options.banks}, {len(asked)} statements asked\n\n| | |\n|---|---|")
    for name, value in computed.items():
        print(f"| {name} | {value:.0f} |" if "number" in name else f"| {name} | {value:.3f} |")
    if options.curve:
        rows = [f"{coverage:.4f},{right:.4f}" for coverage, right in curve(asked)]
        options.curve.write_text("\n".join(["coverage,right", *rows]) + "\n", encoding="utf-8")
    if options.reliability:
        rows = [
            f"{kind},{promised:.4f},{right:.4f},{cells:.0f}"
            for kind, promised, right, cells in reliability(asked)
        ]
        header = "statements,promised,right,cells"
        options.reliability.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    if options.json:
        options.json.write_text(json.dumps(computed, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
