"""Compare reading whole pieces with reading their first 2,000 characters, on the bundled sample.

    python -m benchmarks.whole_text [--model NAME]

Each English piece of the sample that is longer than 2,000 characters is read twice, whole and cut, with every question
that its labels answer (``flows/sample/labels.toml``). Two thresholds and the form of the context of the former model,
which read passages, were chosen with the sample at hand, so its figures (docs/results/experiments.md) are somewhat too
good.
"""

import argparse

from flows.sample import load_corpus, load_labels
from flows.settings.config import load_config
from flows.settings.file import SAMPLE_CONFIG
from models import STANCES, Document, Target, load_classifier
from training.figures import macro_f1

CUT = 2_000


def main() -> None:
    """Read, compare, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="fast", help="bundled model, folder or hub id (%(default)s)")
    options = parser.parse_args()
    gold = load_labels()["pieces"]
    config = load_config(SAMPLE_CONFIG)
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
        f"{len(pieces)} pieces longer than {CUT:,} characters, {len(wanted)} questions that the labels answer\n"
    )
    print(f"{'read':>24}  {'right':>6}  {'macro-F1':>8}  {'about the target':>16}")
    for name, end in (("whole", None), (f"first {CUT:,} characters", CUT)):
        documents = [Document(piece.key, text[:end], piece.title, "en") for piece, text, _ in pieces]
        answers = [stance for reading in classifier.read(documents, asked) for stance in reading.stances]
        answered = [answer.stance for answer in answers]
        right = sum(g == s for g, s in zip(wanted, answered, strict=True))
        f1 = macro_f1(wanted, answered, STANCES)
        about = sum(answer.about for answer in answers)
        print(f"{name:>24}  {right:6d}  {f1:8.2f}  {about:16d}")


if __name__ == "__main__":
    main()
