"""Compare pair networks of several sizes: the share of right answers, the speed, and the size of the file.

    python -m benchmarks.frontier --data DIR bundled=models/fast six=SIX/last.pt [--pieces 60] [--rows 100]

Each NAME=CHECKPOINT is exported in the same way as the bundled model (smooth quantisation); NAME=FOLDER is
an exported model. All networks answer the same statements on which authors of dev op-eds take a side, in packs, and the
same short arguments of every source of dev, one input at a time on every core. The answer is the likeliest of the
source's classes, without calibration. Needs the extra `train`.
"""

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from models.encoder import Encoder
from training.batches import MAX_PAIR_TOKENS
from training.checkpoints import load_pair_network
from training.commands import exit_code_of
from training.dev_examples import dev_examples
from training.export import read_in_use
from training.figures import likeliest, macro_f1_by_source
from training.folder import GRAPHS, read_config, write_pairs, write_tokenizer
from training.smooth_quant import Inputs


def main() -> int:
    """Print a table with a row for each network; return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with opeds.parquet and stance.parquet"
    )
    parser.add_argument(
        "--texts",
        type=Path,
        default=Path("models/fast"),
        help="model folder whose text graph chooses passages (%(default)s)",
    )
    parser.add_argument("--pieces", type=int, default=60, help="dev op-eds (%(default)s)")
    parser.add_argument("--rows", type=int, default=100, help="dev rows of each source (%(default)s)")
    parser.add_argument("networks", nargs="+", metavar="NAME=PATH", type=_named)
    options = parser.parse_args()
    return exit_code_of(lambda: draw(options))


def draw(options: argparse.Namespace) -> None:
    """Print the table."""
    sources, examples = zip(
        *dev_examples(options.data, options.texts, options.pieces, options.rows), strict=True
    )
    gold = [example.stance or 0 for example in examples]
    names = sorted(set(sources))
    print("| network | layers | MB | inputs/s |", " | ".join(names), "|")
    print("|---" * (len(names) + 4) + "|")
    pairs = [(example.target, example.text) for example in examples]
    for name, path in options.networks:
        if path.is_dir():
            encoder, layers, weight = _opened(path, read_config(path)["num_hidden_layers"])
        else:
            encoder, layers, weight = _exported(path, options.data, options.texts)
        encoder.run(pairs[:16], ["stance_logits"])
        began = time.perf_counter()
        logits = encoder.run(pairs, ["stance_logits"])["stance_logits"]
        rate = len(pairs) / (time.perf_counter() - began)
        reached = macro_f1_by_source(sources, gold, likeliest(sources, gold, logits)).values()
        figures = " | ".join(f"{f1:.3f}" for f1 in reached)
        print(f"| {name} | {layers} | {weight:.1f} | {rate:.1f} | {figures} |", flush=True)


def _exported(checkpoint: Path, data: Path, texts: Path) -> tuple[Encoder, int, float]:
    """Export a checkpoint and open its pair graph; return it with its number of layers and its size in MB."""
    network, tokenizer, _ = load_pair_network(checkpoint)
    read: Sequence[Inputs] = read_in_use(data, texts, tokenizer)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_tokenizer(tokenizer, folder)
        write_pairs(network, read, folder)
        return _opened(folder, network.encoder.config.num_hidden_layers)


def _opened(folder: Path, layers: int) -> tuple[Encoder, int, float]:
    graph = GRAPHS["pair"]
    encoder = Encoder(folder, max_single=MAX_PAIR_TOKENS, max_pair=MAX_PAIR_TOKENS, graph=graph)
    return encoder, layers, (folder / graph).stat().st_size / 1e6


def _named(argument: str) -> tuple[str, Path]:
    name, equals, path = argument.partition("=")
    if not equals or not Path(path).exists():
        raise argparse.ArgumentTypeError(
            f"{argument} is not NAME=PATH with a checkpoint (.pt) or a model folder that exists"
        )
    return name, Path(path)


if __name__ == "__main__":
    raise SystemExit(main())
