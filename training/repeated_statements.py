"""``python -m training.repeated_statements``: count the measured general statements that training asks too.

The statements of bank e were asked of dev pieces only, and those of ``dev_statements.toml`` and
``untrained_statements.toml`` were written for measurements. For the first two, nobody kept the same words out of the
training data, though: an author's own statement, a statement that a piece only seems to speak about, or a phrase of
``rewordings`` can be the same ("the Republican Party"). A network may know the sides that authors take on such a
statement. Two statements are the same if they are read as the same words; capitals do not count.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from models.questions import as_statement
from training.commands import exit_code_of
from training.corpus import stance_pairs
from training.held_out import dev_pieces
from training.inference_pairs import SHARES as INFERENCE_SHARES
from training.inference_pairs import inference_pairs
from training.opeds import OPEDS
from training.opeds_data import OpEd, read_dev_statements, read_opeds, read_untrained_statements
from training.packing import own_statements_of, statements_of
from training.rewordings import read_rewordings
from training.short_arguments import SHARES
from training.training_set import training_set


@dataclass(frozen=True, slots=True)
class Repeated:
    """How many of the measured statements training asks too.

    Attributes
    ----------
    statements
        The repeated statements, with the number of sides that authors take on each, most sides first.
    of_statements, of_sides
        Number of all measured statements, and of the sides on them.
    """

    statements: Mapping[str, int]
    of_statements: int
    of_sides: int

    @property
    def sides(self) -> int:
        """The number of sides on repeated statements."""
        return sum(self.statements.values())


def asked_in_training(data: Path, opeds: Path = OPEDS) -> dict[str, frozenset[str]]:
    """Return all that ``python -m training`` can ask, by source, each in the form of :func:`as_compared`.

    Parameters
    ----------
    data
        Folder with ``opeds.parquet``, and with ``topic.parquet``, ``stance.parquet`` and ``nli.parquet`` if there are
        any.
    opeds
        Folder of the invented op-eds.

    Raises
    ------
    InputError
        If a file of the training data is missing or is not as it should be.
    """
    pieces = training_set(data, opeds)
    rewordings = read_rewordings(pieces.statements).values()
    shorts = (pair.target for pair in stance_pairs(data, "train") if pair.source in SHARES)
    inference = (pair.target for pair in inference_pairs(data, "train") if pair.source in INFERENCE_SHARES)
    return {
        "written for a piece": _compared(own_statements_of(pieces.real)),
        "bank, near or silent": _compared(_not_own(pieces.real)),
        "other wording or denial": _compared(text for reworded in rewordings for text in reworded.sentences),
        "phrase": _compared(text for reworded in rewordings for text in reworded.phrases),
        "invented op-eds": _compared(statements_of(pieces.invented)),
        "short arguments": _compared(shorts),
        "inference": _compared(inference),
    }


def as_compared(statement: str) -> str:
    """Return a statement as the network reads it, without capitals."""
    return as_statement(statement).lower()


def _not_own(pieces: Sequence[OpEd]) -> list[str]:
    without_own = [
        replace(piece, labels=tuple(label for label in piece.labels if not label.own)) for piece in pieces
    ]
    return statements_of(without_own)


def _compared(statements: Iterable[str]) -> frozenset[str]:
    return frozenset(map(as_compared, statements))


def repeated(pieces: Sequence[OpEd], trained: Collection[str]) -> Repeated:
    """Count the general statements of pieces that are among `trained`, and the sides on them.

    Parameters
    ----------
    pieces
        Pieces with the general statements that are measured; statements written for a piece do not count.
    trained
        What training asks, in the form of :func:`as_compared`.
    """
    sides = dict.fromkeys(_general_of(pieces), 0)
    for piece in pieces:
        for label in piece.labels:
            if not label.own and label.stance != "neutral":
                sides[label.target] += 1
    repeats = {statement: count for statement, count in sides.items() if as_compared(statement) in trained}
    ordered = dict(sorted(repeats.items(), key=lambda item: (-item[1], item[0])))
    return Repeated(ordered, len(sides), sum(sides.values()))


def _general_of(pieces: Sequence[OpEd]) -> list[str]:
    asked = {text for piece in pieces for text in piece.silent}
    return sorted(asked | {label.target for piece in pieces for label in piece.labels if not label.own})


def without_repeated(pieces: Sequence[OpEd], trained: Collection[str]) -> list[OpEd]:
    """Return the pieces without the general statements that are among `trained`, as for :func:`repeated`."""
    return [
        replace(
            piece,
            labels=tuple(
                label for label in piece.labels if label.own or as_compared(label.target) not in trained
            ),
            silent=tuple(statement for statement in piece.silent if as_compared(statement) not in trained),
        )
        for piece in pieces
    ]


def _lines(name: str, counted: Repeated, sources: Mapping[str, Collection[str]]) -> Iterator[str]:
    yield (
        f"{name}: {len(counted.statements)} of {counted.of_statements} statements, "
        f"with {counted.sides} of {counted.of_sides} sides, are asked in training too"
    )
    for statement, sides in counted.statements.items():
        places = [source for source, texts in sources.items() if as_compared(statement) in texts]
        yield f"    {statement} ({sides}): {'; '.join(places)}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.repeated_statements", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with the .parquet files")
    args = parser.parse_args(arguments)
    return exit_code_of(lambda: _print(args.data))


def _print(data: Path) -> None:
    sources = asked_in_training(data)
    trained = {text for texts in sources.values() for text in texts}
    measured = {
        "dev_statements.toml": read_dev_statements(dev_pieces(data)),
        "untrained_statements.toml": read_untrained_statements(dev_pieces(data)),
        "bank e": read_opeds(data, "dev", banks="e"),
    }
    for name, pieces in measured.items():
        for line in _lines(name, repeated(pieces, trained), sources):
            print(line)


if __name__ == "__main__":
    sys.exit(main())
