"""The whole recipe: text → sub-words → pretrained body → fine-tuned network → a folder that `testimony.encoder` reads."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from ...codebook import Codebook
from .. import corpora
from . import export, finetuning, preparing, pretraining, probes
from .network import Body, Shape
from .pretraining import Say
from .windows import Rows, Table, make_windows

_WORDS = ("ville", "réunion", "apprendre", "content")
_EVERY = 3  # one line in three is enough to learn sub-words from
_BLOCK = 16_384  # sub-words that stay together when the text is shuffled, so that what is held out is of all kinds


def tokenizer_of(raw: Path, work: Path, size: int, say: Say) -> Tokenizer:
    """Take the tokenizer of an earlier run, or learn one."""
    path = work / "tokenizer.json"
    if not path.is_file():
        say("learning sub-words")
        lines = (line for number, line in enumerate(pretraining.lines_of([raw])) if number % _EVERY == 0)
        pretraining.train_tokenizer(lines, size).save(str(path))
    return Tokenizer.from_file(str(path))


def pretrained(raw: Path, work: Path, shape: Shape, settings: pretraining.Settings, say: Say) -> tuple[Tokenizer, dict[str, torch.Tensor]]:
    """Pretrain a body, or take the one that an earlier run finished."""
    work.mkdir(parents=True, exist_ok=True)
    tokenizer = tokenizer_of(raw, work, shape.vocabulary, say)
    if not (work / "body.pt").is_file():
        stream = pretraining.stream_of(pretraining.lines_of([raw]), tokenizer)
        blocks = max(1, len(stream) // _BLOCK)
        stream = stream[: blocks * _BLOCK].reshape(blocks, -1)[np.random.default_rng(0).permutation(blocks)].ravel()
        say(f"{len(stream):,} sub-words")
        pretraining.pretrain(stream, tokenizer, shape, settings, work, say)
    state = torch.load(work / "body.pt", map_location="cpu", weights_only=True)
    return tokenizer, {name: value.float() for name, value in state.items()}


def train(shared: Path, training: Path, work: Path, *, steps: int, epochs: int, say: Say) -> Path:
    """Carry the recipe through; what an interrupted run left in `work` is taken up.

    Returns
    -------
    Path
        The folder of the encoder, inside `work`.
    """
    shape = Shape()
    tokenizer, state = pretrained(shared / "data/raw/french-text.txt.xz", work, shape, pretraining.Settings(steps=steps), say)
    _probe(state, shape, tokenizer, shared / "data/ud/UD_French-Sequoia", say)
    themes = Codebook.builtin().ids
    settings = finetuning.Settings(epochs=epochs)
    texts = preparing.load(shared, training)
    items = {
        kind: make_windows([text for text in texts if text["kind"] in kinds], tokenizer, themes, settings.weights)
        for kind, kinds in (("main", ("real", "far", "written", "plain")), ("names", ("names",)), ("review", ("review",)))
    }
    table = Table.build([window for part in items.values() for window in part], len(themes), _device())
    numbers = torch.arange(len(table.windows)).split([len(part) for part in items.values()])
    say(", ".join(f"{len(part)} windows of {kind}" for kind, part in items.items()))
    rows = Rows(numbers[0], numbers[1:])
    network = finetuning.finetune(
        state, shape, table, rows, settings, lambda epoch, loss: say(f"epoch {epoch + 1} of {epochs}: {loss:.3f}")
    )
    output = work / "encoder"
    card = {"shape": shape.to_dict(), "finetuning": {**asdict(settings), "weights": dict(settings.weights)}}
    export.export(network.cpu(), tokenizer, themes, card, output)
    return output


def _probe(state: dict[str, torch.Tensor], shape: Shape, tokenizer: Tokenizer, treebank: Path, say: Say) -> None:
    """Say what the pretrained body knows: more pretraining pays while these figures rise."""
    body = Body(shape)
    body.load_state_dict(state)
    learnt, judged = (corpora.read_conllu(treebank / f"fr_sequoia-ud-{part}.conllu") for part in ("train", "dev"))
    say(f"parts of speech of Sequoia dev, read off by a linear layer: {probes.tag_accuracy(body, tokenizer, learnt, judged):.3f}")
    common = Counter(token.text.lower() for sentence in learnt for token in sentence.tokens if token.pos in ("NOUN", "VERB", "ADJ"))
    for word, near in probes.neighbours(body, tokenizer, _WORDS, [word for word, _ in common.most_common(2000)]).items():
        say(f"nearest to {word}: {', '.join(near)}")


def _device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"
