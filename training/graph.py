"""Writing a torch network as the ONNX file of a model folder: trace, fuse, quantise."""

# mypy: disable-error-code="misc,unused-ignore"
# (if torch is not installed, mypy does not know its classes)

from __future__ import annotations

import copy
import logging
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions
from torch import Tensor, nn

from commentariat import ModelError
from training.fuse_attention import fuse_attention
from training.network import INPUTS, PairNetwork
from training.quantised_embeddings import quantise_lookup
from training.seven_bits import narrow_weights
from training.text_network import TextNetwork

OPSET = 21
#: The last layers of the heads, which stay in fp32.
_IN_FP32 = tuple(f"/network/{head}/" for head in ("stance", "relevance", "evidence", "topic", "opinion"))
WORDS = "network.encoder.whole.embeddings.word_embeddings.weight"


class _Plain(nn.Module):
    """The network with tuples as outputs, as the tracer needs them."""

    def __init__(self, network: PairNetwork | TextNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor
    ) -> tuple[Tensor, ...]:
        return tuple(self.network(input_ids, attention_mask, token_type_ids))


def write_fp32(network: PairNetwork | TextNetwork, path: Path) -> None:
    """Trace the network, with variable batch size and sequence length, and fuse operators with onnxruntime's tools."""
    plain = copy.deepcopy(network).eval().float().cpu()
    # the fusion recognises only attention of separate operators; a copied layer has a config of its own
    for layer in plain.modules():
        if hasattr(layer, "config"):
            layer.config._attn_implementation = "eager"  # type: ignore[union-attr]  # Tensor | Module by torch's types
    example = torch.ones(2, 16, dtype=torch.long)
    kinds = torch.cat([torch.zeros(2, 8), torch.ones(2, 8)], dim=1).long()
    axes = {name: {0: "batch", 1: "sequence"} for name in INPUTS}
    axes |= {name: {0: "batch"} for name in network.OUTPUTS}
    if "evidence_logits" in axes:
        axes["evidence_logits"] |= {1: "sequence"}
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        # the fusion recognises graphs of the tracer only; the tracer's deprecation warning is expected
        warnings.simplefilter("ignore")
        traced = Path(folder) / "traced.onnx"
        torch.onnx.export(
            _Plain(plain),
            (example, example, kinds),
            str(traced),
            input_names=list(INPUTS),
            output_names=list(network.OUTPUTS),
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )
        config = network.encoder.config
        logging.getLogger("onnxruntime.transformers").setLevel(logging.ERROR)
        options = FusionOptions("bert")
        # the table of word embeddings is replaced afterwards, so it must not be fused
        options.enable_embed_layer_norm = False
        # the fused operator is slower than the two separate ones (:mod:`models.encoder`)
        options.enable_skip_layer_norm = False
        # adding a bias in the product before costs no time; in the activation it costs as much as the activation
        options.enable_bias_gelu = False
        fused = optimizer.optimize_model(
            str(traced),
            model_type="bert",  # cannot fuse attention with relative positions, but fuses norms
            num_heads=config.num_attention_heads,
            hidden_size=config.hidden_size,
            opt_level=0,
            optimization_options=options,
        )
        fuse_attention(fused, config.num_attention_heads)
        fused.save_model_to_file(str(path))
    _check(path, network.OUTPUTS)


def write_quantised(source: Path, path: Path) -> None:
    """Quantise the weights of a fused graph, with a scale for each channel; activations are quantised when it runs.

    Weights of products are signed numbers of seven bits (:mod:`training.seven_bits`). Word embeddings have eight bits
    and a scale for each row (:mod:`training.quantised_embeddings`). The last layer of each head stays in fp32: it is
    small, and no later layer averages its errors.
    """
    model = onnx.load(source)
    quantise_lookup(model.graph, WORDS)
    _copy_shared_weights(model.graph)
    names = [node.name for node in model.graph.node]
    # the table of word embeddings is quantised already; its scales must not change
    spared = [name for name in names if any(part in name for part in (*_IN_FP32, "/word_embeddings/"))]
    with _without_warnings():
        quantize_dynamic(
            model, str(path), per_channel=True, weight_type=QuantType.QUInt8, nodes_to_exclude=spared,
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": onnx.TensorProto.FLOAT},
        )  # fmt: skip
    quantised = onnx.load(path)
    narrow_weights(quantised)
    onnx.save(quantised, path)


@contextmanager
def _without_warnings() -> Iterator[None]:
    """Suppress the log of ONNX Runtime's tools, which write a line for every product to the root logger."""
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _copy_shared_weights(graph: onnx.GraphProto) -> None:
    """Give every product weights of its own, in place.

    Layers with equal weights, as those of a branch before its training, share them in a traced graph. ONNX Runtime 1.32
    refuses such a graph on processors on which it makes the weights unsigned (:mod:`models.graphs`).
    """
    tensors = {tensor.name: tensor for tensor in graph.initializer}
    seen: set[str] = set()
    for node in graph.node:
        weights = node.input[1] if node.op_type == "MatMul" else ""
        if weights in seen:
            copied = graph.initializer.add()
            copied.CopyFrom(tensors[weights])
            copied.name = node.input[1] = f"{weights}_{len(graph.initializer)}"
        elif weights in tensors:
            seen.add(weights)


def module_of(node: onnx.NodeProto) -> str:
    """Return the name of the network's module to which a node of the traced graph belongs."""
    # "/network/encoder/whole/encoder/layer.0/attention/attn/q/MatMul"
    return node.name.removeprefix("/network/").rsplit("/", 1)[0].replace("/", ".")


def _check(path: Path, outputs: tuple[str, ...]) -> None:
    graph = onnx.load(path).graph
    inputs, given = {i.name for i in graph.input}, tuple(o.name for o in graph.output)
    if not inputs <= set(INPUTS) or given != outputs:
        raise ModelError(f"{path} has inputs {inputs} and outputs {given}, not {INPUTS} and {outputs}.")
