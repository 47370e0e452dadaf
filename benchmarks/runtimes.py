"""Compare runtimes and number formats for one pair network: do they say the same, and how fast.

    python -m benchmarks.runtimes --data DIR --base MPNET --pairs RUN/last.pt [--rows 60]

Needs the extra `train`, and `openvino` and `nncf` for the rows that bear their names. Each answers the same dev pairs,
one input at a time on every core, as the product does; what fp32 says is what the others are compared with.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_static

from models.encoder import usable_cores
from models.graphs import open_graph
from training.batches import encode
from training.checkpoints import MAX_PAIR_TOKENS, load_pair_network
from training.corpus import Pair, stance_pairs
from training.figures import Array, macro_f1_by_source
from training.folder import write_pairs
from training.graph import write_fp32, write_int8
from training.rounding import some_pairs
from training.traps import some_of_each_source

Feed = dict[str, np.ndarray]
Answer = Callable[[Sequence[Feed]], Array]


def main() -> None:
    """Print a table with a row for each runtime that is installed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with stance.parquet")
    parser.add_argument("--base", type=Path, help="the pretrained encoder that --pairs started from")
    parser.add_argument("--pairs", type=Path, required=True, help="checkpoint of python -m training")
    parser.add_argument("--rows", type=int, default=60, help="dev rows of each source (%(default)s)")
    options = parser.parse_args()
    network, tokenizer, _ = load_pair_network(options.pairs, options.base)

    def feeds(pairs: Sequence[Pair]) -> list[Feed]:
        encoded = encode(tokenizer, [p.target for p in pairs], [p.text for p in pairs], MAX_PAIR_TOKENS)
        return [{name: np.asarray([ids], dtype=np.int64) for name, ids in one.items()} for one in encoded]

    dev = some_of_each_source(stance_pairs(options.data, "dev"), options.rows, random.Random(0))
    sources, gold = [pair.source for pair in dev], [pair.stance or 0 for pair in dev]
    asked = feeds(dev)
    seen = feeds(random.Random(1).sample(stance_pairs(options.data, "train"), 200))
    with tempfile.TemporaryDirectory() as folder:
        fp32 = Path(folder) / "fp32.onnx"
        write_fp32(network, fp32)
        shipped = fp32.with_name("shipped.onnx")
        write_pairs(network, tokenizer, shipped, some_pairs(options.data))
        print("| runtime | same answer as fp32 | macro-F1 | pairs/s | against fp32 |\n|---|---|---|---|---|")
        first: tuple[Array, float] | None = None
        for name, answer in _runtimes(fp32, shipped, seen):
            answer(asked[:8])
            began = time.perf_counter()
            said = answer(asked).argmax(axis=1)
            rate = len(asked) / (time.perf_counter() - began)
            first = first or (said, rate)
            same = float((said == first[0]).mean())
            f1 = float(np.mean(list(macro_f1_by_source(sources, gold, said.tolist()).values())))
            print(f"| {name} | {same:.3f} | {f1:.3f} | {rate:.1f} | {rate / first[1]:.1f} |", flush=True)


def _runtimes(fp32: Path, shipped: Path, seen: Sequence[Feed]) -> Iterator[tuple[str, Answer]]:
    yield "ONNX Runtime, fp32", _onnx(fp32)
    dynamic = fp32.with_name("dynamic.onnx")
    write_int8(fp32, dynamic)
    yield "ONNX Runtime, dynamic int8, words in four bits", _onnx(dynamic)
    yield "the same, inputs evened and layers rounded by what they read (as shipped)", _onnx(shipped)
    static = fp32.with_name("static.onnx")
    quantize_static(
        str(fp32), str(static), _Reader(seen), per_channel=True, op_types_to_quantize=["MatMul"],
        weight_type=QuantType.QInt8, extra_options={"MatMulConstBOnly": True},
    )  # fmt: skip
    yield "ONNX Runtime, static int8", _onnx(static)
    try:
        import nncf  # noqa: PLC0415  (these two are for this comparison alone)
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
                list(threads.map(lambda one: session.run(["stance_logits"], one)[0], feeds))
            )

    return answer


def _openvino(core, model, precision: str) -> Answer:  # type: ignore[no-untyped-def]  # noqa: ANN001  (optional)
    import openvino  # noqa: PLC0415

    cores = usable_cores()
    hints = {"NUM_STREAMS": cores, "INFERENCE_NUM_THREADS": cores, "INFERENCE_PRECISION_HINT": precision}
    compiled = core.compile_model(model, "CPU", hints)

    def answer(feeds: Sequence[Feed]) -> Array:
        found: dict[int, Array] = {}
        queue = openvino.AsyncInferQueue(compiled, cores)
        queue.set_callback(
            lambda request, row: found.__setitem__(row, np.array(request.get_tensor("stance_logits").data))
        )
        for row, one in enumerate(feeds):
            queue.start_async(one, row)
        queue.wait_all()
        return np.concatenate([found[row] for row in range(len(feeds))])

    return answer


class _Reader(CalibrationDataReader):  # type: ignore[misc]
    """Hands out what static quantisation takes its ranges from."""

    def __init__(self, feeds: Sequence[Feed]) -> None:
        self._feeds = iter(feeds)

    def get_next(self) -> Feed | None:
        """Return the next input."""
        return next(self._feeds, None)


if __name__ == "__main__":
    main()
