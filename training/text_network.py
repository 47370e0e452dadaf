"""The text network: topic and opinion of one text, and the pretrained embedding of the text.

Training a sentence encoder for another task spoils its cosines, and the screen (which passages may speak about which
target) needs them. Therefore the pretrained encoder is frozen, and topic and opinion have a branch of their own: copies
of the encoder's top layers, which are trained on the states below these layers.
"""

# mypy: disable-error-code="misc,unused-ignore"
# (if torch is not installed, mypy does not know its classes)

from __future__ import annotations

import copy
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from transformers import PreTrainedTokenizerBase

from training.network import BertEncoder, load_bert, mean_of
from training.topics import CODES


class TextAnswers(NamedTuple):
    """The outputs of the text network for a batch, in the order of the exported graph's outputs."""

    topic_logits: Tensor  #: [batch, topics]
    opinion_logit: Tensor  #: [batch, 1]
    embedding: Tensor  #: [batch, hidden], length 1


class TextNetwork(nn.Module):
    """A frozen BERT encoder for the embedding, and a trained branch that begins as a copy of its top layers.

    Parameters
    ----------
    encoder
        The pretrained sentence encoder.
    topics
        Number of topic codes.
    branch
        Number of layers of the branch.
    """

    OUTPUTS = TextAnswers._fields

    def __init__(self, encoder: BertEncoder, topics: int, branch: int = 2) -> None:
        super().__init__()
        hidden = encoder.config.hidden_size
        self.encoder = encoder.requires_grad_(False)
        self.fork = encoder.config.num_hidden_layers - branch
        self.branch = copy.deepcopy(encoder.whole.encoder.layer[self.fork :]).requires_grad_(True)
        self.topic_dense = nn.Linear(hidden, hidden)
        self.topic = nn.Linear(hidden, topics)
        self.opinion = nn.Linear(hidden, 1)
        self.dropout = nn.Dropout(0.1)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> TextAnswers:
        """Run the shared layers once, and then the encoder's top layers and the branch."""
        bert = self.encoder.whole
        mask = (1.0 - attention_mask[:, None, None, :].to(torch.float32)) * -10000.0
        # the mask must have the shape of the scores for attention as one operator (:mod:`training.fuse_attention`)
        mask = mask.expand(-1, -1, input_ids.shape[1], -1)
        states = bert.embeddings(input_ids=input_ids, token_type_ids=token_type_ids)
        for layer in bert.encoder.layer[: self.fork]:
            states = layer(states, mask)
        own = states
        for layer in bert.encoder.layer[self.fork :]:
            states = layer(states, mask)
        for layer in self.branch:
            own = layer(own, mask)
        single = self.dropout(nn.functional.gelu(self.topic_dense(mean_of(own, attention_mask))))
        return TextAnswers(
            topic_logits=self.topic(single).float(),
            opinion_logit=self.opinion(single).float(),
            embedding=nn.functional.normalize(mean_of(states, attention_mask).float(), dim=-1),
        )


def fresh_text_network(base: Path, branch: int) -> tuple[TextNetwork, PreTrainedTokenizerBase]:
    """Build the text network on a pretrained sentence encoder; the heads begin with random weights."""
    encoder, tokenizer = load_bert(base)
    return TextNetwork(encoder, len(CODES), branch), tokenizer
