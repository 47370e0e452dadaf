"""Measure a model's answers on whole invented op-eds that it was not trained on, by form.

    python -m benchmarks.opeds [--model fast] [--split dev]

The pieces are the project's own (``training/opeds``); the subjects of the dev split do not occur in training. Two
tables are printed. The first has a row for plain pieces, for oblique pieces and for each form. It counts the targets
on which the author takes a side, by right side, other side and other answers, and the targets without a side, by
neutral and other answers. "shared" counts only the targets that are asked of all pieces of a subject, whose authors are
on either side: their wording does not reveal the side. The second table counts the right main topics and kinds.
"""

import argparse
from collections import Counter, defaultdict

from models import Document, Target, load_classifier
from training.opeds import FORMS, OPEDS, STYLES, read_pieces
from training.sides import OTHER_SIDE


def main() -> None:
    """Read the pieces, and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="fast", help="bundled model or model folder (%(default)s)")
    parser.add_argument("--split", default="dev", choices=["dev", "train"])
    parser.add_argument("--show", action="store_true", help="also print each wrong answer")
    options = parser.parse_args()
    pieces = read_pieces(OPEDS, options.split)
    documents = [Document(id=piece.id, text=piece.text, title=piece.title) for piece in pieces]
    targets = [
        [Target(id=str(i), statement=asked.target) for i, asked in enumerate(piece.targets)]
        for piece in pieces
    ]
    readings = load_classifier(options.model).read(documents, targets)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    topics: dict[str, Counter[str]] = defaultdict(Counter)
    for piece, reading in zip(pieces, readings, strict=True):
        for asked, got in zip(piece.targets, reading.stances, strict=True):
            if asked.stance in OTHER_SIDE:
                answer = {asked.stance: "right", OTHER_SIDE[asked.stance]: "turned"}.get(got.stance, "none")
                if answer == "none" and not got.about:
                    answer = "missed"
            elif asked.stance == "neutral":
                answer = "neutral" if got.stance == "neutral" else "not neutral"
            else:
                answer = "silent" if got.stance == "neutral" else "not silent"
            for form in (piece.form, "all", *(["shared"] if asked.shared else [])):
                counts[f"{piece.style}: {form}"][answer] += 1
            if options.show and answer in {"turned", "not neutral", "not silent", "missed", "none"}:
                p = f"{got.p_favor:.2f}/{got.p_against:.2f}/{got.p_neutral:.2f} about {got.relevance:.2f}"
                print(f"{answer:>11} {piece.form:18} {piece.id}: {asked.target} ({asked.stance}; {p})")
        first = reading.topics[0].code if reading.topics else ""
        topic = "right" if first == piece.topics[0] else "defensible" if first in piece.topics else "wrong"
        read_as_opinion = (reading.p_opinion or 0.0) >= 0.5
        topics[piece.style][topic] += 1
        topics[piece.style]["kind"] += read_as_opinion == piece.opinion
    heads = ("right", "turned", "none", "missed", "neutral", "not neutral", "silent", "not silent")
    print(
        "| form | a side: right | other side | neutral or unsure | not found "
        "| no side: neutral | other | near miss: silent | other |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for name in (f"{style}: {form}" for style in STYLES for form in (*FORMS, "all", "shared")):
        if counts[name]:
            print(f"| {name} | " + " | ".join(str(counts[name][head]) for head in heads) + " |")
    print("\n| | pieces | main topic right | defensible | opinion or news right |\n|---|---|---|---|---|")
    for style, counted in topics.items():
        total = counted["right"] + counted["defensible"] + counted["wrong"]
        shares = " | ".join(f"{counted[head] / total:.0%}" for head in ("right", "defensible", "kind"))
        print(f"| {style} | {total} | {shares} |")


if __name__ == "__main__":
    main()
