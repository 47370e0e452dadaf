"""How well the two sides are told apart by what a passage is read with, on the bundled sample.

    python -m benchmarks.context [--model NAME]

Every passage of each English piece is read with every question on which a careful reader puts the piece on a side, in
three forms: alone, after the title, and after the title with the passage that follows (as articles are read). Printed
is the area under the curve of the mean leaning, weighted by relevance: the chance that a piece in favor leans more to
it than one against, .5 being a coin. The form was chosen with the sample in view.
"""

import argparse
from collections.abc import Callable

import numpy as np

from flows.config import SAMPLE_CONFIG, load_config
from flows.sample import load_corpus, load_labels
from models import Document, load_classifier
from models.layout import Layout, lay_out
from models.reader import Reader

SIDES = ("favor", "against")


def after_the_title(layout: Layout, at: int) -> str:
    """Give a passage with the title before it."""
    return f"{layout.document.title}. {layout.texts[at]}"


FORMS: dict[str, Callable[[Layout, int], str]] = {
    "alone": lambda layout, at: layout.texts[at],
    "after the title": after_the_title,
    "after the title, with the next": Layout.with_context,
}


def main() -> None:
    """Read, compare, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="fast", help="bundled model or model folder (%(default)s)")
    classifier = load_classifier(parser.parse_args().model)
    assert isinstance(classifier, Reader)
    statements = {target.id: target.statement for target in load_config(SAMPLE_CONFIG).targets}
    labels = load_labels()["pieces"]
    asked: list[tuple[Layout, str, str]] = []
    for piece in load_corpus().pieces.values():
        if piece.language.startswith("en") and labels[piece.key]["outcome"] == "loaded":
            document = Document(piece.key, "\n\n".join(piece.paragraphs), piece.title, "en")
            layout = lay_out(document, classifier._encoder.count_tokens)
            for target, label in labels[piece.key].get("stances", {}).items():
                if label["stance"] in SIDES:
                    asked.append((layout, statements[target], label["stance"]))
    print(f"{len(asked)} questions with a side")
    for name, form in FORMS.items():
        leanings: dict[str, list[float]] = {side: [] for side in SIDES}
        for layout, statement, side in asked:
            scores = classifier._pairs.score(
                [(statement, form(layout, at)) for at in range(len(layout.passages))]
            )
            leaning = scores.stance[:, 0] - scores.stance[:, 1]
            leanings[side].append(float(np.average(leaning, weights=scores.relevance)))
        above = np.subtract.outer(leanings["favor"], leanings["against"])
        print(f"{name:>32}  AUC {np.mean((above > 0) + 0.5 * (above == 0)):.2f}")


if __name__ == "__main__":
    main()
