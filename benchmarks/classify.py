"""Measure how fast the bundled classifier reads articles, and how fast the same sizes run in fp32 torch.

    python -m benchmarks.classify --articles 96            # only (a), without torch
    python -m benchmarks.classify --articles 96 --torch    # (a) and (b); extra `torch`

(a) the bundled classifier: whole articles, 21 topics and 10 targets, in micro-batches;
(b) inputs of the same lengths, in batches packed by tokens, through encoders of the same sizes in fp32 torch.

``python -m benchmarks.peers`` compares whole ways of reading, including those of other programs.

(a) and (b) run one after the other, each in a process of its own, so that peak memory is measured for each. Run it on
an idle machine: the times depend on the machine; the ratios depend on it less.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import multiprocessing
import os
import random
import resource
import time
from collections.abc import Callable, Sequence
from multiprocessing.queues import Queue
from pathlib import Path
from queue import Empty
from typing import Any, TypeAlias

import numpy as np

import models
from flows.sample.corpus import load_corpus
from models import Document, Target, load_classifier
from models.cores import usable_cores
from models.encoder import Encoder, Ids
from models.huggingface import batches_of_similar_length

TARGETS = (
    ("chips", "The United States is right to restrict chip exports to China"),
    ("self-reliance", "China should rely on itself for core technologies"),
    ("nuclear", "Countries should build new nuclear power plants"),
    ("carbon", "Governments should tax carbon emissions"),
    ("congestion", "Cities should charge drivers for entering the centre"),
    ("age-limit", "Children under 16 should be kept off social media by law"),
    ("rent", "Rent increases should be limited by law"),
    ("income", "Every citizen should receive a universal basic income"),
    ("phones", "Schools should ban mobile phones"),
    ("licence", "Powerful artificial intelligence should need a government licence"),
)
#: Size of the bundled text graph: six layers, and a branch of two (`training/text_network.py`).
TEXT_SHAPE = {
    "hidden_size": 384,
    "num_hidden_layers": 8,
    "num_attention_heads": 12,
    "intermediate_size": 1536,
}
#: One call of an encoder: whether the inputs were pairs, and their lengths in tokens.
Call: TypeAlias = tuple[bool, list[int]]
BATCH_TOKENS = 4_096


def articles(number: int) -> list[Document]:
    """Return English pieces of the bundled sample; if `number` is larger, also with paragraphs in another order."""
    pieces = [piece for piece in load_corpus().pieces.values() if piece.language.startswith("en")]
    rng = random.Random(0)
    made = []
    for index in range(number):
        piece = pieces[index % len(pieces)]
        paragraphs = list(piece.paragraphs)
        if index >= len(pieces):
            rng.shuffle(paragraphs)
        made.append(Document(f"{index}", "\n\n".join(paragraphs), piece.title, "en"))
    return made


def pair_shape(model: str) -> dict[str, int]:
    """Return the sizes of a model folder's pair graph, for counting operations and for the model of (b)."""
    folder = Path(model) if Path(model).is_dir() else Path(models.__file__).parent / model
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return {name: int(config[name]) for name in TEXT_SHAPE}


def flops(lengths: list[int], shape: dict[str, int]) -> float:
    """Count the floating-point operations of an encoder's matrix products for inputs of these lengths."""
    hidden, wide, layers = shape["hidden_size"], shape["intermediate_size"], shape["num_hidden_layers"]
    weights = layers * (4 * hidden * hidden + 2 * hidden * wide)
    return float(sum(length * (2 * weights + 4 * layers * length * hidden) for length in lengths))


def ours(number: int, threads: int, batch: int, model: str) -> dict[str, Any]:
    """Read articles with the bundled classifier; return the seconds, and the lengths of all inputs by call."""
    inputs = record_inputs()
    classifier = load_classifier(model, threads=threads)
    targets = [Target(*target) for target in TARGETS]
    documents = articles(number)
    classifier.read(documents[:2], [targets] * 2)  # the first call also allocates memory
    inputs.clear()
    started = time.perf_counter()
    for start in range(0, number, batch):
        given = documents[start : start + batch]
        classifier.read(given, [targets] * len(given))
    seconds = time.perf_counter() - started
    calls: list[Call] = [(pairs, [len(sequence) for sequence in sequences]) for pairs, sequences in inputs]
    return {"seconds": seconds, "calls": calls, "articles": number}


def record_inputs() -> list[tuple[bool, list[list[int]]]]:
    """Make encoders record every call from now on: whether the inputs are pairs, and the tokens of each input."""
    inputs: list[tuple[bool, list[list[int]]]] = []
    run_each = Encoder._run_each

    def recorded(self: Encoder, ids: Sequence[Ids], outputs: Sequence[str]) -> Any:  # noqa: ANN401 - as the method that it replaces
        inputs.append((any(1 in second for _, second in ids[:1]), [first for first, _ in ids]))
        return run_each(self, ids, outputs)

    Encoder._run_each = recorded  # type: ignore[method-assign]
    return inputs


def torch_batches(calls: list[Call], threads: int, shape: dict[str, int]) -> dict[str, Any]:
    """Run inputs of the same lengths, in batches, through fp32 torch encoders of the same sizes."""
    import torch  # noqa: PLC0415
    from transformers import BertConfig, BertModel  # noqa: PLC0415

    torch.set_num_threads(threads)
    encoders = {
        pairs: BertModel(BertConfig(vocab_size=30_522, **size), add_pooling_layer=False).eval()
        for pairs, size in ((False, TEXT_SHAPE), (True, shape))
    }
    with torch.inference_mode():
        for encoder in encoders.values():
            encoder(torch.ones(2, 64, dtype=torch.long))
        started = time.perf_counter()
        for pairs, lengths in calls:
            for members in batches_of_similar_length(lengths, BATCH_TOKENS):
                encoders[pairs](torch.randint(1_000, 30_000, (len(members), lengths[members[0]])))
        return {"seconds": time.perf_counter() - started}


def peaks(threads: int) -> dict[str, float]:
    """Measure the rates of torch's matrix product on this machine, in operations per second, in fp32 and bf16."""
    import torch  # noqa: PLC0415

    torch.set_num_threads(threads)
    speeds = {}
    for name, kind in (("fp32", torch.float32), ("bf16", torch.bfloat16)):
        left, right = torch.randn(2_048, 1_536).to(kind), torch.randn(1_536, 1_536).to(kind)
        left @ right
        times = []
        for _ in range(8):
            started = time.perf_counter()
            left @ right
            times.append(time.perf_counter() - started)
        speeds[name] = 2 * 2_048 * 1_536 * 1_536 / min(times)
    return speeds


def int8_peak(threads: int) -> float | None:
    """Measure the rate of onnxruntime's int8 matrix product; None if the package `onnx` is not installed."""
    if importlib.util.find_spec("onnx") is None:
        return None
    import onnxruntime  # noqa: PLC0415
    from onnx import TensorProto, helper, numpy_helper  # noqa: PLC0415

    rng = np.random.default_rng(0)
    weights = numpy_helper.from_array(rng.integers(-127, 127, (1_536, 1_536), dtype=np.int8), "w")
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["x", "w"], ["y"])],
        "product",
        [helper.make_tensor_value_info("x", TensorProto.UINT8, [2_048, 1_536])],
        [helper.make_tensor_value_info("y", TensorProto.INT32, [2_048, 1_536])],
        [weights],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    x = rng.integers(0, 255, (2_048, 1_536), dtype=np.uint8)
    times = []
    for _ in range(8):
        started = time.perf_counter()
        session.run(None, {"x": x})
        times.append(time.perf_counter() - started)
    return 2 * 2_048 * 1_536 * 1_536 / min(times[1:])


def _measured(
    work: Callable[..., dict[str, Any]], arguments: tuple[object, ...], answers: Queue[dict[str, Any]]
) -> None:
    measured = work(*arguments)
    answers.put(measured | {"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024})


def in_new_process(work: Callable[..., dict[str, Any]], *arguments: object) -> dict[str, Any]:
    """Run a function in a new process, and add the peak memory of that process in MB to the result."""
    context = multiprocessing.get_context("spawn")
    answers: Queue[dict[str, Any]] = context.Queue()
    process = context.Process(target=_measured, args=(work, arguments, answers))
    process.start()
    while True:
        try:
            measured: dict[str, Any] = answers.get(timeout=1)
            break
        except Empty:
            if not process.is_alive():
                raise SystemExit(f"{work.__name__} ended with code {process.exitcode}") from None
    process.join()
    return measured


def main() -> None:
    """Parse the arguments, run the measurements, and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=96, help="articles")
    parser.add_argument("--batch", type=int, default=64, help="articles in a micro-batch")
    parser.add_argument("--model", default="fast", help="bundled model, or path of a model folder, for (a)")
    parser.add_argument("--threads", type=int, default=usable_cores())
    parser.add_argument("--torch", action="store_true", help="run (b) too")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    options = parser.parse_args()
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")

    a = in_new_process(ours, options.articles, options.threads, options.batch, options.model)
    calls = a.pop("calls")
    shape = pair_shape(options.model)
    read = {
        kind: [length for pairs, lengths in calls if pairs == kind for length in lengths]
        for kind in (False, True)
    }
    inputs, tokens = sum(map(len, read.values())), sum(map(sum, read.values()))
    rate = a["articles"] / a["seconds"]
    work = (flops(read[False], TEXT_SHAPE) + flops(read[True], shape)) / a["seconds"]
    report: dict[str, Any] = {
        "ours": {
            "articles_s": rate,
            "encoder_inputs_s": inputs / a["seconds"],
            "texts_an_article": len(read[False]) / a["articles"],
            "pairs_an_article": len(read[True]) / a["articles"],
            "tokens_an_article": tokens / a["articles"],
            "peak_mb": a["peak_mb"],
            "gflop_s": work / 1e9,
        }
    }
    int8 = int8_peak(options.threads)
    if int8:
        report["ours"]["share_of_int8_peak"] = work / int8
    if options.torch:
        b = in_new_process(torch_batches, calls, options.threads, shape)
        report["torch_fp32"] = {"articles_s": a["articles"] / b["seconds"], "peak_mb": b["peak_mb"]}
        report["ours"]["times_torch_fp32"] = b["seconds"] / a["seconds"]
        report["ours"]["share_of_bf16_peak"] = work / peaks(options.threads)["bf16"]
    if options.json:
        print(json.dumps(report))
        return
    for name, figures in report.items():
        print(name)
        for key, value in figures.items():
            print(f"  {key.replace('_', ' '):<22}{value:10.2f}")


if __name__ == "__main__":
    main()
