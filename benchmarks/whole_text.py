"""What reading the whole piece gains over its first 2,000 characters, on the bundled sample.

    python -m benchmarks.whole_text [--model NAME]

Each English piece of the sample that is longer than 2,000 characters is read twice, whole and cut, and asked every
question that a careful reader answered for it (``flows/sample/labels.toml``). The sample is not for tuning.
"""

import argparse
import tomllib
from collections.abc import Sequence
from importlib.resources import files

from flows.config import load_config
from flows.sample import load_corpus
from models import Document, Stance, Target, load_classifier

CUT = 2_000
STANCES: tuple[Stance, ...] = ("favor", "against", "neutral")


def macro_f1(gold: Sequence[str], said: Sequence[str]) -> float:
    """Mean F1 over the three stances."""
    scores = []
    for stance in STANCES:
        hits = sum(g == s == stance for g, s in zip(gold, said, strict=True))
        scores.append(2 * hits / max(1, gold.count(stance) + said.count(stance)))
    return sum(scores) / len(scores)


def main() -> None:
    """Read, compare, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="fast", help="bundled model, folder or hub id (%(default)s)")
    options = parser.parse_args()
    gold = tomllib.loads(files("flows.sample").joinpath("labels.toml").read_text(encoding="utf-8"))["pieces"]
    config = load_config(None)
    targets = {
        target.id: Target(target.id, target.statement, tuple(target.aliases)) for target in config.targets
    }
    pieces = [
        (piece, "\n\n".join(piece.paragraphs), gold[piece.key]["stances"])
        for piece in load_corpus().pieces.values()
        if gold.get(piece.key, {}).get("stances") and piece.language.startswith("en")
    ]
    pieces = [row for row in pieces if len(row[1]) > CUT]
    wanted = [row[2][name]["stance"] for row in pieces for name in row[2]]
    asked = [[targets[name] for name in row[2]] for row in pieces]
    classifier = load_classifier(options.model)
    print(
        f"{len(pieces)} pieces longer than {CUT:,} characters, {len(wanted)} questions answered by a reader\n"
    )
    print(f"{'read':>24}  {'right':>6}  {'macro-F1':>8}  {'about the target':>16}")
    for name, end in (("whole", None), (f"first {CUT:,} characters", CUT)):
        documents = [Document(piece.key, text[:end], piece.title, "en") for piece, text, _ in pieces]
        answers = [stance for reading in classifier.read(documents, asked) for stance in reading.stances]
        said = [answer.stance for answer in answers]
        right = sum(g == s for g, s in zip(wanted, said, strict=True))
        about = sum(answer.about for answer in answers)
        print(f"{name:>24}  {right:6d}  {macro_f1(wanted, said):8.2f}  {about:16d}")


if __name__ == "__main__":
    main()
