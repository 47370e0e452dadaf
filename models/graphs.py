"""Opening an ONNX graph so that this processor runs it exactly, and as fast as it can."""

from __future__ import annotations

import contextlib
import ctypes
from pathlib import Path

import onnxruntime as ort

#: What Linux calls instructions that add up products of eight-bit numbers in 32 bits.
_IN_32_BITS = frozenset({"avx512_vnni", "avx_vnni", "amx_int8"})


def multiplies_in_32_bits() -> bool:
    """Whether this processor is known to add up products of eight-bit numbers in 32 bits (VNNI, AMX).

    Others (AVX2, early AVX-512) add up pairs of products in 16 bits where one factor is signed. Those sums overflow,
    and the model then answered "favor" to nearly everything. There ONNX Runtime is set to shift the weights to
    unsigned ones when it loads them (its "precision mode"): the same products, at a third of the speed of VNNI.
    """
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    flags = next((line for line in lines if line.startswith("flags")), "")
    return bool(_IN_32_BITS & set(flags.split()))


#: What ONNX Runtime does to a graph that makes it slower: its fused sum and norm takes four times as long as the two
#: apart, and a seventh of all the time.
_SLOWER = ["SkipLayerNormFusion"]


def _give_back_memory() -> None:
    """Return freed memory to the system: opening a graph frees some 30 MB, which glibc would keep."""
    # another C library has no such function, and does not keep it
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def open_graph(path: Path) -> ort.InferenceSession:
    """Open an ONNX graph that runs one input at a time, on one thread, as fast as this processor does it exactly.

    Raises
    ------
    Exception
        Whatever ONNX Runtime raises where the file is no graph: its classes have no common base.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if not multiplies_in_32_bits():
        options.add_session_config_entry("session.x64quantprecision", "1")
    session = ort.InferenceSession(
        str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOWER
    )
    _give_back_memory()
    return session
