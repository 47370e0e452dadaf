"""Draw the frontier: what pair networks of several sizes get right, how fast they are read and what they weigh.

    python -m benchmarks.frontier --data DIR --base MPNET 8=models/fast 6=SIX/last.pt MiniLM=SMALL/last.pt [--rows 200]

Each NAME=CHECKPOINT is exported as the bundled model is (four bits on file, eight when multiplied); NAME=FOLDER is a
model that was. All are asked the same dev pairs of every source, one at a time on every core. Answers are the likeliest
of what a source has, uncalibrated. Needs the extra `train`; an MPNet is read with --base, a MiniLM without.
"""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from models.encoder import Encoder
from training.checkpoints import MAX_PAIR_TOKENS, load_pair_network
from training.commands import exit_code_of
from training.corpus import Pair, stance_pairs
from training.figures import likeliest, macro_f1_by_source
from training.folder import GRAPHS, write_pairs
from training.loop import load_checkpoint
from training.opeds import OPEDS, read_pieces, some_passages
from training.rounding import some_pairs
from training.traps import some_of_each_source


def main() -> int:
    """Print a table with a row for each network; returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with stance.parquet")
    parser.add_argument("--base", type=Path, help="the MPNet that the larger ones started from")
    parser.add_argument("--rows", type=int, default=200, help="dev rows of each source (%(default)s)")
    parser.add_argument("networks", nargs="+", metavar="NAME=PATH", type=_named)
    options = parser.parse_args()
    return exit_code_of(lambda: draw(options.data, options.base, options.rows, options.networks))


def draw(data: Path, base: Path | None, rows: int, networks: Sequence[tuple[str, Path]]) -> None:
    """Print the table."""
    asked = some_of_each_source(stance_pairs(data, "dev"), rows, random.Random(0))
    asked += some_passages(read_pieces(OPEDS, "dev"), "plain", rows)
    sources = [pair.source for pair in asked]
    gold = [pair.stance or 0 for pair in asked]
    names = sorted(set(sources))
    read = some_pairs(data)
    print("| network | layers | MB | pairs/s |", " | ".join(names), "| mean |")
    print("|---" * (len(names) + 5) + "|")
    texts = [(pair.target, pair.text) for pair in asked]
    for name, path in networks:
        encoder, layers, weight = _shipped(path) if path.is_dir() else _exported(path, base, read)
        encoder.run(texts[:16], ["stance_logits"])
        began = time.perf_counter()
        said = encoder.run(texts, ["stance_logits"])["stance_logits"]
        rate = len(texts) / (time.perf_counter() - began)
        reached = macro_f1_by_source(sources, gold, likeliest(sources, gold, said)).values()
        figures = " | ".join(f"{one:.3f}" for one in [*reached, sum(reached) / len(reached)])
        print(f"| {name} | {layers} | {weight:.1f} | {rate:.1f} | {figures} |", flush=True)


def _shipped(folder: Path) -> tuple[Encoder, int, float]:
    """Open the pair graph of a model folder; also returns its layers and its weight in MB."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return _opened(folder, config["num_hidden_layers"])


def _exported(checkpoint: Path, base: Path | None, read: Sequence[Pair]) -> tuple[Encoder, int, float]:
    """Open the pair graph that a checkpoint is exported to, as :func:`_shipped` does."""
    mpnet = any(".relative_attention_bias." in part for part in load_checkpoint(checkpoint)["network"])
    network, tokenizer, _ = load_pair_network(checkpoint, base if mpnet else None)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        tokenizer.save_pretrained(folder)
        write_pairs(network, tokenizer, folder / GRAPHS["pair"], read)
        return _opened(folder, network.encoder.config.num_hidden_layers)


def _opened(folder: Path, layers: int) -> tuple[Encoder, int, float]:
    graph = GRAPHS["pair"]
    encoder = Encoder(folder, max_single=MAX_PAIR_TOKENS, max_pair=MAX_PAIR_TOKENS, graph=graph)
    return encoder, layers, (folder / graph).stat().st_size / 1e6


def _named(argument: str) -> tuple[str, Path]:
    name, found, path = argument.partition("=")
    if not found or not Path(path).exists():
        raise argparse.ArgumentTypeError(
            f"{argument} is not NAME=PATH with a checkpoint (.pt) or a model folder that exists"
        )
    return name, Path(path)


if __name__ == "__main__":
    raise SystemExit(main())
