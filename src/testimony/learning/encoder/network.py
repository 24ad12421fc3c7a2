"""The network: a transformer over sub-words, and heads over sentences and sub-words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

TAGS = ("O", *(f"{side}-{label}" for label in ("PER", "LOC", "ORG", "SPACE", "MISC") for side in "BI"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Sizes of the network."""

    vocabulary: int = 16000
    width: int = 384
    layers: int = 4
    heads: int = 6
    length: int = 160
    dropout: float = 0.1

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for a card or a checkpoint."""
        return asdict(self)


class Block(nn.Module):
    """Attention and a feed-forward layer, each normalised before and added to what came in (Xiong et al. 2020)."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width = shape.width
        self.heads = shape.heads
        self.before = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.between = nn.LayerNorm(width)
        self.wide = nn.Linear(width, 4 * width)
        self.narrow = nn.Linear(4 * width, width)
        self.drop = nn.Dropout(shape.dropout)

    def forward(self, states: Tensor, mask: Tensor | None) -> Tensor:
        """States of shape (batch, length, width); `mask` (batch, 1, 1, length) is True where there is something to attend to."""
        batch, length, width = states.shape
        query, key, value = self.qkv(self.before(states)).view(batch, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)  # no dropout here: its path is twice as slow
        states = states + self.drop(self.out(mixed.transpose(1, 2).reshape(batch, length, width)))
        return states + self.drop(self.narrow(functional.gelu(self.wide(self.between(states)))))


class Body(nn.Module):
    """Sub-words → states."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.words = nn.Embedding(shape.vocabulary, shape.width)
        self.places = nn.Parameter(torch.zeros(shape.length, shape.width))
        self.first = nn.LayerNorm(shape.width)
        self.drop = nn.Dropout(shape.dropout)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.last = nn.LayerNorm(shape.width)
        self.apply(_initialise)
        for name, parameter in self.named_parameters():
            if name.endswith(("out.weight", "narrow.weight")):  # what is added 2 × layers times is kept small
                nn.init.normal_(parameter, std=0.02 / (2 * shape.layers) ** 0.5)
        nn.init.normal_(self.places, std=0.02)

    def forward(self, ids: Tensor, mask: Tensor | None = None) -> Tensor:
        """Read sub-words (batch, length)."""
        return self.transform(self.words(ids), mask)

    def transform(self, rows: Tensor, mask: Tensor | None = None) -> Tensor:
        """Read sub-words given as rows of the table."""
        states = self.drop(self.first(rows + self.places[: rows.shape[1]]))
        for block in self.blocks:
            states = block(states, mask)
        return self.last(states)


def first_layers(state: Mapping[str, Tensor], layers: int) -> dict[str, Tensor]:
    """Weights of a body of fewer layers: the lower ones of a pretrained body."""
    return {name: value for name, value in state.items() if not name.startswith("blocks.") or int(name.split(".")[1]) < layers}


def _initialise(module: nn.Module) -> None:
    if isinstance(module, nn.Linear | nn.Embedding):
        nn.init.normal_(module.weight, std=0.02)
    if isinstance(module, nn.Linear) and module.bias is not None:
        nn.init.zeros_(module.bias)


class Guesser(nn.Module):
    """Head that guesses hidden sub-words; its last matrix is the table of sub-words."""

    def __init__(self, body: Body) -> None:
        super().__init__()
        width = body.shape.width
        self.dense, self.norm = nn.Linear(width, width), nn.LayerNorm(width)
        self.bias = nn.Parameter(torch.zeros(body.shape.vocabulary))
        self.dense.apply(_initialise)

    def forward(self, states: Tensor, table: Tensor) -> Tensor:
        """Logits over the vocabulary."""
        return functional.linear(self.norm(functional.gelu(self.dense(states))), table, self.bias)


class Heads(nn.Module):
    """Themes, polarity and polarity toward each theme of a sentence; entity tags of sub-words.

    Parameters
    ----------
    clues
        How many amounts the lexicon, the codebook and the grammar give for each sentence. They speak for themes and polarity directly, and
        through the hidden layer, where they meet what was read.
    """

    def __init__(self, width: int, themes: int, dropout: float = 0.1, clues: int = 0) -> None:
        super().__init__()
        self.count, self.clues = themes, clues
        self.direct = nn.Linear(clues, themes + 4, bias=False) if clues else None
        self.beside = nn.Linear(clues, width, bias=False) if clues else None
        self.dense = nn.Linear(2 * width, width)
        self.themes = nn.Linear(width, themes)
        self.polarity = nn.Linear(width, 4)
        self.toward = nn.Linear(width, 4 * themes)
        self.tags = nn.Linear(width, len(TAGS))
        self.drop = nn.Dropout(dropout)
        self.apply(_initialise)
        if self.direct is not None:
            nn.init.zeros_(self.direct.weight)

    def sentences(self, marks: Tensor, means: Tensor, clues: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor]:
        """Logits from the states of the marks and the means of the sub-words, both (sentences, width), and clues if there are any."""
        inner = self.dense(self.drop(torch.cat([marks, means], dim=1)))
        if clues is not None and self.beside is not None:
            inner = inner + self.beside(clues)
        hidden = self.drop(functional.gelu(inner))
        themes, polarity = self.themes(hidden), self.polarity(hidden)
        if clues is not None and self.direct is not None:
            plain = self.direct(clues)
            themes, polarity = themes + plain[:, : self.count], polarity + plain[:, self.count :]
        return themes, polarity, self.toward(hidden).view(-1, self.count, 4)


class Runtime(nn.Module):
    """The network as it is exported: one window, its table rows given."""

    def __init__(self, body: Body, heads: Heads) -> None:
        super().__init__()
        self.body, self.heads = body, heads

    def forward(self, rows: Tensor, marks: Tensor, pool: Tensor, clues: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Read one window: rows (length, width), places of the marks, weights (sentences, length) that make the means, clues."""
        states = self.body.transform(rows[None])[0]
        themes, polarity, toward = self.heads.sentences(states[marks], pool @ states, clues)
        return themes, polarity, toward, self.heads.tags(states)
