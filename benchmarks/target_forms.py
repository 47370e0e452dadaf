"""Measure the effect of a target's form: a statement, a yes-or-no question, or a phrase that names the judged matter.

    python -m benchmarks.target_forms --data DIR [--model fast] [--banks e]

DIR holds ``opeds.parquet``. For statements on which authors of dev pieces take a side, ``target_forms.jsonl`` has a
question and a phrase. A language model wrote them and was shown only the statement. The file also has the side of an
author who agrees with the statement on the phrase (none if it is not clear), and whether such an author answers the
question with "yes". For each form, the share of answers whose likelier side is the author's is printed, the share with
a stated side, and the share of the stated sides that are right. Bank e is for reports; ``--banks ab`` reads the pieces
that are used for choices.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models import Stance, load_classifier
from models.loading import STATED_RIGHT
from training.asking import stances_on
from training.hashes import name_of
from training.held_out import dev_pieces
from training.opeds_data import OpEd, read_opeds
from training.sides import OTHER_SIDE, likelier_side

FORMS = Path(__file__).with_suffix(".jsonl")


@dataclass(frozen=True, slots=True)
class AskedForm:
    """A target in one form, asked of a piece whose author takes a side on it."""

    form: str
    target: str
    gold: Stance


def in_every_form(piece: OpEd, forms: Mapping[str, Mapping[str, Any]]) -> Iterator[AskedForm]:
    """Yield the targets asked of a piece: each statement that has other forms, and its other forms."""
    for label in piece.labels:
        if label.stance not in OTHER_SIDE or not (other := forms.get(name_of(label.target))):
            continue
        yield AskedForm("statement", label.target, label.stance)
        yield AskedForm("question", other["question"], _turned(label.stance, other["question_sign"]))
        if other["sign"]:
            yield AskedForm("phrase", other["phrase"], _turned(label.stance, other["sign"]))


def _turned(stance: Stance, sign: int) -> Stance:
    return stance if sign > 0 else OTHER_SIDE[stance]


def table(model: str, stated_right: float, pieces: Sequence[OpEd]) -> str:
    """Read the pieces, and render a row for each form."""
    forms = {row["of"]: row for row in map(json.loads, FORMS.read_text(encoding="utf-8").splitlines())}
    asked = [(piece, statements) for piece in pieces if (statements := list(in_every_form(piece, forms)))]
    classifier = load_classifier(model, stated_right=stated_right)
    answers = stances_on(
        classifier, [(piece, [statement.target for statement in statements]) for piece, statements in asked]
    )
    likelier: dict[str, list[bool]] = {}
    stated: dict[str, list[bool]] = {}
    for (_, statements), stances in zip(asked, answers, strict=True):
        for statement, answer in zip(statements, stances, strict=True):
            likelier.setdefault(statement.form, []).append(likelier_side(answer) == statement.gold)
            if answer.stance in OTHER_SIDE:
                stated.setdefault(statement.form, []).append(answer.stance == statement.gold)
    lines = [
        "| form | asked | likelier side right | a side stated | share of those right |",
        "|---|---|---|---|---|",
    ]
    for form, right in likelier.items():
        of_stated = stated.get(form, [])
        share = f"{sum(of_stated) / len(of_stated):.3f}" if of_stated else "-"
        lines.append(
            f"| {form} | {len(right)} | {sum(right) / len(right):.3f} | {len(of_stated) / len(right):.3f} | {share} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Ask every form, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with opeds.parquet")
    parser.add_argument("--model", default="fast", help="bundled model or model folder (%(default)s)")
    parser.add_argument("--banks", default="e", choices=["e", "ab"], help="pieces to read (%(default)s)")
    parser.add_argument("--stated-right", type=float, default=STATED_RIGHT, help="(%(default)s)")
    options = parser.parse_args()
    pieces = read_opeds(options.data, "dev", banks="e") if options.banks == "e" else dev_pieces(options.data)
    print(table(options.model, options.stated_right, pieces))


if __name__ == "__main__":
    main()
