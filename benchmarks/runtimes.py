"""Compare runtimes and number formats for one pair network: whether they give the same answers, and how fast.

    python -m benchmarks.runtimes --data DIR --pairs RUN/last.pt [--pieces 30] [--rows 20]

Needs the extra `train`, and the packages `openvino` and `nncf` for the rows with their names. Each runtime answers the
same statements on which authors of dev op-eds take a side, in packs, and the same short arguments of dev, one input at
a time on every core, as the classifier does. The other answers are compared with those of fp32.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_static

from models.cores import usable_cores
from models.graphs import open_graph
from training.batches import encode_pairs
from training.checkpoints import load_pair_network
from training.dev_examples import dev_examples
from training.export import read_in_use
from training.figures import Array, likeliest, macro_f1_by_source
from training.folder import GRAPHS, write_pairs
from training.graph import write_fp32, write_quantised

Feed = dict[str, np.ndarray]
Answer = Callable[[Sequence[Feed]], Array]


def main() -> None:
    """Print a table with a row for each runtime that is installed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with opeds.parquet and stance.parquet"
    )
    parser.add_argument("--pairs", type=Path, required=True, help="checkpoint of python -m training")
    parser.add_argument(
        "--texts",
        type=Path,
        default=Path("models/fast"),
        help="model folder whose text graph chooses passages (%(default)s)",
    )
    parser.add_argument("--pieces", type=int, default=30, help="dev op-eds (%(default)s)")
    parser.add_argument("--rows", type=int, default=20, help="dev rows of each source (%(default)s)")
    options = parser.parse_args()
    network, tokenizer, _ = load_pair_network(options.pairs)
    sources, examples = zip(
        *dev_examples(options.data, options.texts, options.pieces, options.rows), strict=True
    )
    gold = [example.stance or 0 for example in examples]
    asked = [
        {name: np.asarray([ids], dtype=np.int64) for name, ids in encoded.ids.items()}
        for encoded in encode_pairs(tokenizer, examples)
    ]
    read = read_in_use(options.data, options.texts, tokenizer)
    seen = [{name: value.numpy() for name, value in batch.items()} for batch in read]
    with tempfile.TemporaryDirectory() as folder:
        fp32 = Path(folder) / "fp32.onnx"
        write_fp32(network, fp32)
        write_pairs(network, read, Path(folder))
        print("| runtime | same answer as fp32 | macro-F1 | inputs/s | against fp32 |\n|---|---|---|---|---|")
        first: tuple[list[int], float] | None = None
        for name, answer in _runtimes(fp32, fp32.with_name(GRAPHS["pair"]), seen):
            answer(asked[:8])
            began = time.perf_counter()
            given = likeliest(sources, gold, answer(asked))
            rate = len(asked) / (time.perf_counter() - began)
            first = first or (given, rate)
            same = float(np.mean([stance == other for stance, other in zip(given, first[0], strict=True)]))
            f1 = float(np.mean(list(macro_f1_by_source(sources, gold, given).values())))
            print(f"| {name} | {same:.3f} | {f1:.3f} | {rate:.1f} | {rate / first[1]:.1f} |", flush=True)


def _runtimes(fp32: Path, shipped: Path, seen: Sequence[Feed]) -> Iterator[tuple[str, Answer]]:
    yield "ONNX Runtime, fp32", _onnx(fp32)
    dynamic = fp32.with_name("dynamic.onnx")
    write_quantised(fp32, dynamic)
    yield "ONNX Runtime, dynamic int8", _onnx(dynamic)
    yield "the same, smooth quantisation (as shipped)", _onnx(shipped)
    static = fp32.with_name("static.onnx")
    quantize_static(
        str(fp32), str(static), _Reader(seen), per_channel=True, op_types_to_quantize=["MatMul"],
        weight_type=QuantType.QInt8, extra_options={"MatMulConstBOnly": True},
    )  # fmt: skip
    yield "ONNX Runtime, static int8", _onnx(static)
    try:
        import nncf  # noqa: PLC0415  (only this comparison needs these two)
        import openvino  # noqa: PLC0415
    except ModuleNotFoundError as error:
        print(f"(without {error.name}: pip install openvino nncf)")
        return
    core = openvino.Core()
    plain = core.read_model(str(fp32))
    yield "OpenVINO, bf16", _openvino(core, plain, "bf16")
    small = nncf.quantize(plain, nncf.Dataset(list(seen)), model_type=nncf.ModelType.TRANSFORMER)
    yield "OpenVINO, static int8 by NNCF, f32", _openvino(core, small, "f32")
    yield "OpenVINO, static int8 by NNCF, bf16", _openvino(core, small, "bf16")


def _onnx(path: Path) -> Answer:
    session = open_graph(path)

    def answer(feeds: Sequence[Feed]) -> Array:
        with ThreadPoolExecutor(usable_cores()) as threads:
            return np.concatenate(
                list(threads.map(lambda feed: session.run(["stance_logits"], feed)[0], feeds))
            )

    return answer


def _openvino(core, model, precision: str) -> Answer:  # type: ignore[no-untyped-def]  # noqa: ANN001  (optional)
    import openvino  # noqa: PLC0415

    cores = usable_cores()
    hints = {"NUM_STREAMS": cores, "INFERENCE_NUM_THREADS": cores, "INFERENCE_PRECISION_HINT": precision}
    compiled = core.compile_model(model, "CPU", hints)

    def answer(feeds: Sequence[Feed]) -> Array:
        logits: dict[int, Array] = {}
        queue = openvino.AsyncInferQueue(compiled, cores)
        queue.set_callback(
            lambda request, row: logits.__setitem__(row, np.array(request.get_tensor("stance_logits").data))
        )
        for row, feed in enumerate(feeds):
            queue.start_async(feed, row)
        queue.wait_all()
        return np.concatenate([logits[row] for row in range(len(feeds))])

    return answer


class _Reader(CalibrationDataReader):  # type: ignore[misc]
    """The inputs from which static quantisation computes its ranges."""

    def __init__(self, feeds: Sequence[Feed]) -> None:
        self._feeds = iter(feeds)

    def get_next(self) -> Feed | None:
        """Return the next input."""
        return next(self._feeds, None)


if __name__ == "__main__":
    main()
