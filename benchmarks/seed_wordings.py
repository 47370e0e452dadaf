"""Ask thirty wordings of the questions about the op-ed that this project began with.

    python -m benchmarks.seed_wordings FILE [--model fast]

FILE is the op-ed, which is not part of this project. It is extracted as in a run, so caption and note are left out.
Each wording is printed with the answer, and then the numbers of answers that are right, on the other side, unsure,
neutral or not found.
"""

import argparse
import tomllib
from collections import Counter
from pathlib import Path

from tasks.classify import ClassifierChoice
from tasks.classify_files import classify_texts, read_texts

WORDINGS = Path(__file__).with_suffix(".toml")


def main() -> None:
    """Ask the wordings, and print the answers."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--model", default="fast", help="bundled model or model folder (%(default)s)")
    options = parser.parse_args()
    wordings = tomllib.loads(WORDINGS.read_text(encoding="utf-8"))
    gold = {wording: side for side, of_side in wordings.items() for wording in of_side}
    texts = read_texts([options.file], tuple(gold))
    counts: Counter[str] = Counter()
    forced = 0
    for records, _ in classify_texts(texts, ClassifierChoice(model=options.model)):
        for record in records:
            side = gold[record["target"]]
            leans = "favor" if record["p_favor"] > record["p_against"] else "against"
            forced += leans == side
            stated = record["stance"] if record["about"] else "not found"
            outcome = "right" if stated == side else "other side" if stated in wordings else stated
            counts[outcome] += 1
            print(
                f"{outcome:>10}  {side:8} {record['p_favor']:.2f}/{record['p_against']:.2f}  {record['target']}"
            )
    print("\n" + ", ".join(f"{number} {name}" for name, number in counts.most_common()), f"of {len(gold)}")
    print(f"likelier side right: {forced} of {len(gold)}")


if __name__ == "__main__":
    main()
