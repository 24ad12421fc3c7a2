"""What a pretrained body knows before anything is fine-tuned: parts of speech that a linear layer reads off its states, and like words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from ...encoder import MARK, cut
from ..corpora import Sentence
from .network import Body

PASSES, BATCH, RATE = 12, 256, 2e-3


@torch.no_grad()
def word_states(body: Body, tokenizer: Tokenizer, sentences: Sequence[Sentence]) -> tuple[Tensor, list[str]]:
    """Give the states of the first and of the last sub-word of each tagged word, side by side, and the words' parts of speech."""
    body.eval()
    rows: list[Tensor] = []
    tags: list[str] = []
    for sentence, piece in zip(sentences, cut(tokenizer, [sentence.text for sentence in sentences]), strict=True):
        found = body(torch.tensor([[MARK, *piece.ids]]))[0, 1:]
        starts, ends = (np.array(places) for places in zip(*piece.spans, strict=True))
        for start, end, tag in _tagged(sentence):
            inside = np.flatnonzero((starts < end) & (ends > start))
            if len(inside):
                rows.append(torch.cat([found[inside[0]], found[inside[-1]]]))
                tags.append(tag)
    return torch.stack(rows), tags


def _tagged(sentence: Sentence) -> Iterator[tuple[int, int, str]]:
    at = 0
    for token in sentence.tokens:
        if token.pos:
            yield at, at + len(token.text), token.pos
        at += len(token.text) + token.space


def tag_accuracy(body: Body, tokenizer: Tokenizer, learnt: Sequence[Sentence], judged: Sequence[Sentence], seed: int = 0) -> float:
    """Share of words whose part of speech a linear layer over the frozen states gets right (Alain & Bengio 2017, "linear classifier probes")."""
    (known, tags), (new, wanted) = word_states(body, tokenizer, learnt), word_states(body, tokenizer, judged)
    names = sorted(set(tags))
    target = torch.tensor([names.index(tag) for tag in tags])
    mean, spread = known.mean(0), known.std(0) + 1e-5
    torch.manual_seed(seed)
    layer = torch.nn.Linear(known.shape[1], len(names))
    optimizer = torch.optim.AdamW(layer.parameters(), lr=RATE, weight_decay=0.01)
    steps = PASSES * -(-len(known) // BATCH)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.01, steps)
    for _ in range(PASSES):
        for chosen in torch.randperm(len(known)).split(BATCH):
            loss = functional.cross_entropy(layer((known[chosen] - mean) / spread), target[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    best = layer((new - mean) / spread).argmax(1).tolist()
    return sum(names[number] == tag for number, tag in zip(best, wanted, strict=True)) / len(wanted)


@torch.no_grad()
def neighbours(body: Body, tokenizer: Tokenizer, words: Sequence[str], among: Sequence[str], count: int = 5) -> dict[str, list[str]]:
    """Words of a list that are nearest to each word, by the cosine of the means of their rows in the table of sub-words."""

    def vectors(of: Sequence[str]) -> Tensor:
        rows = [body.words.weight[torch.tensor(piece.ids)].mean(0) for piece in cut(tokenizer, of)]
        return functional.normalize(torch.stack(rows), dim=1)

    others = vectors(among)
    found = {}
    for word, order in zip(words, (vectors(words) @ others.T).argsort(dim=1, descending=True).tolist(), strict=True):
        found[word] = [among[number] for number in order if among[number] != word][:count]
    return found
