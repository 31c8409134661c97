"""The network: one encoder, a tag head for each set, pointers from a value to what it is of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModel

ROLES = ("outcome", "intervention", "comparator")

#: Width of the vectors whose product is a link's score.
POINTER = 64


class Network(nn.Module):
    """A BERT encoder with word-level heads.

    Parameters
    ----------
    encoder
        Folder of the base model (``config.json``, ``model.safetensors``).
    tags
        For each annotation style its number of tags (outside, and two a label).
    classes
        For each question that is asked of a value its number of answers.
    """

    def __init__(self, encoder: Path, tags: dict[str, int], classes: dict[str, int]) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(
            str(encoder), attn_implementation="eager", add_pooling_layer=False
        )
        for layer in self.encoder.encoder.layer:  # dropping attention costs time and gains nothing
            layer.attention.self.dropout.p = 0.0
        width = self.encoder.config.hidden_size
        self.dropout = nn.Dropout(0.1)
        self.tags = nn.ModuleDict({style: nn.Linear(width, n) for style, n in tags.items()})
        self.classes = nn.ModuleDict({name: nn.Linear(width, n) for name, n in classes.items()})
        self.queries = nn.Linear(width, len(ROLES) * POINTER)
        self.keys = nn.Linear(width, len(ROLES) * POINTER)
        self.nothing = nn.Linear(width, len(ROLES))

    def hidden(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return the vector of every word piece: windows × pieces × width."""
        return self.dropout(self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state)

    def pointers(self, words: Tensor, values: Sequence[int]) -> Tensor:
        """Return log-probabilities of links: values × roles × words, "nothing" as the last word.

        `words` are the vectors of a window's words, `values` the indexes of its values among them.
        """
        at = words[list(values)]
        queries = self.queries(at).view(len(at), len(ROLES), POINTER)
        keys = self.keys(words).view(len(words), len(ROLES), POINTER)
        scores = torch.einsum("vrd,wrd->vrw", queries, keys) / POINTER**0.5
        return torch.log_softmax(torch.cat([scores, self.nothing(at)[:, :, None]], 2), 2)
