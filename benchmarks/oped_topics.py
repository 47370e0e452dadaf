"""Compare a model's topics of whole real op-eds with the labels of a large language model.

    python -m benchmarks.oped_topics --data DIR [--model fast] [--banks e]

DIR holds ``opeds.parquet``; the pieces of its dev split are read. Those of the banks a and b were used for choices
between networks, and those of bank e are reported. Two blind labellings of each piece (:mod:`training.topic_labels`)
say which topics can be the main one and which it has beside it. Pieces whose beginnings are among the labelled articles
of training are left out. A table is printed; ``--json FILE`` also writes its
figures, for ``python -m training.eval_gate --figures FILE``.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from pathlib import Path

from models import Document, Reading, load_classifier
from models.interface import NO_TOPIC
from tasks.classify import OPINION_FROM
from training.corpus import read_rows
from training.figures import share_of
from training.hashes import name_of
from training.opeds_data import KINDS, OpEd, read_opeds
from training.topic_labels import Labelling, read_topic_labels

#: Least number of pieces with a main topic for a row of its own.
_LEAST = 5
#: The part of a text, in letters, by which a piece and the beginning of an article are known to be the same text.
_COMPARED = slice(200, 300)


def figures(
    pieces: Sequence[OpEd], readings: Sequence[Reading], labels: dict[str, tuple[Labelling, ...]]
) -> dict[str, float]:
    """Compute the figures of the table, by name.

    A named topic is right if one of the labellings has it. A topic is missed if both labellings have it and the model
    does not name it.
    """
    main, plausible, named, found, kind = [], [], [], [], []
    by_topic: dict[str, list[bool]] = defaultdict(list)
    for piece, reading in zip(pieces, readings, strict=True):
        if piece.kind in ("opinion", "news"):
            kind.append(((reading.p_opinion or 0.0) >= OPINION_FROM) == (piece.kind == "opinion"))
        if piece.id not in labels:
            continue
        codes = [topic.code for topic in reading.topics if topic.code != NO_TOPIC]
        labellings = labels[piece.id]
        mains = {code for labelling in labellings for code in labelling.main}
        either = {code for labelling in labellings for code in labelling.every}
        both = set.intersection(*(set(labelling.every) for labelling in labellings))
        main.append(codes[0] in mains if codes else not mains)
        plausible.append(codes[0] in either if codes else not mains)
        named += [code in either for code in codes]
        found += [code in codes for code in both]
        for code in labellings[0].main[:1]:
            by_topic[code].append(main[-1])
    return {
        "pieces with labelled topics": len(main),
        "main topic right": share_of(main),
        "main topic is one of the piece's topics": share_of(plausible),
        "named topics: right": share_of(named),
        "topics of both labellings: named": share_of(found),
        "opinion or news: right": share_of(kind),
        **{
            f"main topic {code}: right of {len(right)}": share_of(right)
            for code, right in sorted(by_topic.items(), key=lambda item: -len(item[1]))
            if len(right) >= _LEAST
        },
    }


def not_learned(data: Path, pieces: Sequence[OpEd], labels: Collection[str]) -> list[OpEd]:
    """Leave out the pieces whose beginnings are labelled articles, from which the bundled branch has learned."""
    texts = (row["text"] for row in read_rows(data, "topic") if row["split"] == "train")
    learned = "\n".join(_letters(text) for text in texts if name_of(text) in labels)
    return [piece for piece in pieces if _letters(piece.text)[_COMPARED] not in learned]


def _letters(text: str) -> str:
    return "".join(text.lower().split())


def main() -> None:
    """Read the pieces, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with opeds.parquet")
    parser.add_argument("--model", default="fast", help="bundled model or model folder (%(default)s)")
    parser.add_argument("--banks", default="e", help="letters of banks of dev pieces (%(default)s)")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    labels = read_topic_labels()
    every = read_opeds(options.data, "dev", banks=options.banks, kinds=KINDS)
    pieces = not_learned(options.data, every, labels)
    documents = [Document(id=piece.id, text=piece.text, title=piece.title) for piece in pieces]
    readings = load_classifier(options.model).read(documents, [[] for _ in documents])
    found = figures(pieces, readings, labels)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print("| | |\n|---|---|")
    for name, value in found.items():
        print(f"| {name} | {value:.3f} |" if isinstance(value, float) else f"| {name} | {value} |")


if __name__ == "__main__":
    main()
