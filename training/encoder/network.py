"""The network: one encoder, a tag head for each set, pointers from a value to what it is of."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AttentionInterface, AutoModel

from kg.tagging.windows import BETWEEN_BLOCKS, EVERYTHING, REACH, in_blocks

ROLES = ("outcome", "intervention", "comparator")

#: Width of the vectors whose product is a link's score.
POINTER = 64

#: Numbers in the pool that words are dropped by; more than a batch's largest layer has.
_POOL = 1 << 24


def _plain_attention(
    module: nn.Module, query: Tensor, key: Tensor, value: Tensor, mask: Tensor,
    scaling: float | None = None, **_: object,
) -> tuple[Tensor, None]:  # fmt: skip
    """Attend by two products and a softmax in the type of the inputs.

    On a processor with bfloat16 this takes half the time of torch's own way, most of it saved going
    backwards; a layer that reads blocks works them out alone. Nothing is dropped. `mask` says which pieces are
    read: windows × 1 × blocks × pieces.
    """
    query = query * (scaling or query.shape[-1] ** -0.5)
    reach = REACH[module.layer_idx]  # type: ignore[index]
    if reach == EVERYTHING or mask.shape[2] == 1:
        read = _attended(query, key, value, mask.flatten(2))
    else:
        shift = mask.shape[3] // 2 if reach == BETWEEN_BLOCKS else 0
        seen = mask.flatten(2)[..., None]
        parts = (x.roll(-shift, 2).unflatten(2, mask.shape[2:]) for x in (query, key, value, seen))
        query, key, value, seen = parts
        read = _attended(query, key, value, seen[..., 0]).flatten(2, 3).roll(shift, 2)
    return read.transpose(1, 2).contiguous(), None


def _attended(query: Tensor, key: Tensor, value: Tensor, seen: Tensor) -> Tensor:
    """Return what pieces read of those that are `seen`: … × pieces × width of a head."""
    scores = (query @ key.transpose(-1, -2)).masked_fill(~seen[..., None, :], -1e4)
    return scores.softmax(-1, dtype=scores.dtype) @ value


def reading_mask(sizes: Sequence[int]) -> Tensor:
    """Return which pieces of a batch are read, those that fill windows up are not: windows × 1 × blocks × pieces.

    `sizes` are the windows' lengths. All have the blocks of the longest.
    """
    count, block = in_blocks(max(sizes))
    at = torch.arange(count * block)
    return (at < torch.tensor(sizes)[:, None]).view(len(sizes), 1, count, block)


AttentionInterface.register("plain", _plain_attention)


class _Dropout(nn.Module):
    """Dropout by a stretch of random numbers drawn once: drawing them anew took a tenth of the time."""

    pool: Tensor

    def __init__(self, share: float) -> None:
        super().__init__()
        self.p = share
        kept = (torch.rand(_POOL) >= share).to(torch.bfloat16) / (1 - share)
        self.register_buffer("pool", kept, persistent=False)

    def forward(self, vectors: Tensor) -> Tensor:
        """Return the vectors, in training with some of their numbers set to 0 and the others raised."""
        if not self.training:
            return vectors
        start = random.randrange(_POOL - vectors.numel())
        part = self.pool[start : start + vectors.numel()]
        return vectors * part.view(vectors.shape).to(vectors)


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
            str(encoder), attn_implementation="plain", add_pooling_layer=False
        )
        width = self.encoder.config.hidden_size
        self.dropout = _Dropout(0.1)
        for module in list(self.encoder.modules()):
            for name, part in list(module.named_children()):
                if isinstance(
                    part, nn.Dropout
                ):  # that of attention is not called: it gains nothing
                    setattr(module, name, self.dropout)
        self.tags = nn.ModuleDict({style: nn.Linear(width, n) for style, n in tags.items()})
        self.classes = nn.ModuleDict({name: nn.Linear(width, n) for name, n in classes.items()})
        self.queries = nn.Linear(width, len(ROLES) * POINTER)
        self.keys = nn.Linear(width, len(ROLES) * POINTER)
        self.nothing = nn.Linear(width, len(ROLES))

    def hidden(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return the vector of every word piece: windows × pieces × width; `mask` from :func:`reading_mask`."""
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
