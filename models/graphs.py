"""Opening an ONNX graph so that this processor computes it exactly, and as fast as possible."""

from __future__ import annotations

from pathlib import Path

import onnxruntime as ort

from models.memory import give_back_memory

#: Linux's names of the instructions that add products of eight-bit numbers in 32 bits.
_IN_32_BITS = frozenset({"avx512_vnni", "avx_vnni", "amx_int8"})
#: Key of a graph's metadata with the number of bits of its weights. Exports write it; graphs of eight bits may lack it.
WEIGHT_BITS = "weight_bits"
#: Optimisations of ONNX Runtime that make this graph slower: its fused sum and norm takes a seventh of the whole time,
#: which is four times as long as the two separate steps.
_SLOWER = ["SkipLayerNormFusion"]


def multiplies_in_32_bits() -> bool:
    """Whether this processor is known to add products of eight-bit numbers in 32 bits (VNNI, AMX).

    Other processors (AVX2, early AVX-512) add pairs of products in 16 bits if one factor is signed. With weights in
    seven bits such a sum fits. With eight bits it overflows, and then the model answered "favor" to nearly everything.
    """
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    flags = next((line for line in lines if line.startswith("flags")), "")
    return bool(_IN_32_BITS & set(flags.split()))


def open_graph(path: Path) -> ort.InferenceSession:
    """Open an ONNX graph that runs one input at a time, on one thread, exactly and as fast as this processor can.

    If sums might overflow, ONNX Runtime is set to convert the weights to unsigned numbers at loading (its "precision
    mode"): the products are the same, and a pass takes a quarter more time than with weights in seven bits.

    Raises
    ------
    Exception
        The error of ONNX Runtime if the file is not a graph; its error classes have no common base.
    """
    session = _session(path, unsigned_weights=False)
    sums_fit = session.get_modelmeta().custom_metadata_map.get(WEIGHT_BITS) == "7"
    if not sums_fit and not multiplies_in_32_bits():
        del session  # before the second one is opened, because each holds the whole graph
        session = _session(path, unsigned_weights=True)
    give_back_memory()  # opening a graph frees some 30 MB
    return session


def _session(path: Path, *, unsigned_weights: bool) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if unsigned_weights:
        options.add_session_config_entry("session.x64quantprecision", "1")
    return ort.InferenceSession(
        str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOWER
    )
