"""Compare the bundled model's answers on the bundled sample with its labels (``flows/sample/labels.toml``).

    commentariat run -w DIR && python -m benchmarks.sample --warehouse DIR

The figures are those in the README. Anybody can look at the sample. Since pieces are read in packs, no choice was made
on it.
"""

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from flows.sample import load_corpus, load_labels
from warehouse import connect

SQL = """
SELECT article.url, stance.target, stance.stance, stance.about
FROM stance JOIN article USING (article_id, revision)
WHERE stance.is_current AND article.is_current
"""
MAIN_TOPICS = """
SELECT article.url, topic.topic
FROM topic JOIN article USING (article_id, revision)
WHERE topic.is_current AND topic.rank = 1 AND article.is_current
"""


def main() -> None:
    """Compare a warehouse that holds the sample with ``flows/sample/labels.toml``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warehouse", type=Path, required=True)
    options = parser.parse_args()
    gold = load_labels()["pieces"]
    keys = {
        url: piece.key for piece in load_corpus().pieces.values() for url in (piece.url, piece.listed_url)
    }
    with connect(options.warehouse) as reader:
        stances, topics = reader.query(SQL).to_pylist(), reader.query(MAIN_TOPICS).to_pylist()
    print_stances(stances, gold, keys)
    print_topics(topics, gold, keys)


def print_stances(rows: list[dict[str, Any]], gold: dict[str, Any], keys: dict[str, str]) -> None:
    """Print how many pieces that speak about a target are found, and the sides that the model states for them."""
    answers: Counter[tuple[str, str]] = Counter()
    for row in rows:
        labelled = gold[keys[row["url"]]].get("stances", {}).get(row["target"], {}).get("stance", "silent")
        answers[labelled, row["stance"] if row["about"] else "silent"] += 1
    gold_stances = ("favor", "against", "neutral", "silent")
    stated = ("favor", "against", "neutral", "unsure", "silent")
    print(f"{'the label':>10}  the model states: " + "  ".join(f"{stance:>8}" for stance in stated))
    for label in gold_stances:
        print(f"{label:>10}  {'':18}" + "  ".join(f"{answers[label, stance]:8d}" for stance in stated))
    speaking = sum(count for (labelled, _), count in answers.items() if labelled != "silent")
    spoken = sum(count for (labelled, answer), count in answers.items() if labelled != "silent" != answer)
    silent = sum(count for (labelled, _), count in answers.items() if labelled == "silent")
    heard = silent - answers["silent", "silent"]
    print(f"\nspeaks about the target: {spoken} of {speaking} found")
    print(f"does not: {heard} of {silent} taken for speaking about it ({heard / silent:.0%})")


def print_topics(rows: list[dict[str, Any]], gold: dict[str, Any], keys: dict[str, str]) -> None:
    """Print how many main topics agree with the labels, and how many are another defensible topic."""
    right = defended = 0
    for row in rows:
        piece = gold[keys[row["url"]]]
        right += row["topic"] == str(piece["topic"])
        defended += row["topic"] in {str(code) for code in piece.get("topics_also", ())}
    print(f"main topic: {right} right, {defended} defensible, of {len(rows)}")


if __name__ == "__main__":
    main()
