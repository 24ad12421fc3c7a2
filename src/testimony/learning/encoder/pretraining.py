"""Pretraining: whole hidden words are guessed from their surroundings (Devlin et al. 2019; masking rate decays, Ankner et al. 2024)."""

from __future__ import annotations

import json
import lzma
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from torch.nn import functional

from ...encoder import MARK, PLAIN
from .network import Body, Guesser, Shape

PAD, MASK = 0, 1
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How pretraining goes; with `seconds` the schedule follows the clock of a borrowed machine, else it is repeatable."""

    steps: int = 4000
    seconds: float = 0.0
    batch: int = 256
    rate: float = 1e-3
    decay: float = 0.05
    warmup: float = 0.03
    hidden: tuple[float, float] = (0.3, 0.15)
    seed: int = 1
    every: int = 250


def lines_of(paths: list[Path]) -> Iterator[str]:
    """Sentences of raw texts, a line each, in plain typography."""
    for path in paths:
        with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as file:
            for line in file:
                text = line.strip().translate(PLAIN)
                if text and sum(char in "{}<>|`=;_/\\" for char in text) < 0.05 * len(text):
                    yield text


def train_tokenizer(lines: Iterator[str], size: int) -> Tokenizer:
    """Learn sub-words by merging bytes (Sennrich et al. 2016); an elided word keeps its apostrophe, digits stand alone."""
    tokenizer = Tokenizer(models.BPE())
    words = pre_tokenizers.Split(Regex(r" ?\p{L}+'?| ?\p{N}| ?[^\s\p{L}\p{N}]|\s+"), behavior="isolated")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([words, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size, special_tokens=["[PAD]", "[MASK]", "[S]"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), min_frequency=5
    )
    tokenizer.train_from_iterator((" " + line for line in lines), trainer)
    return tokenizer


def stream_of(lines: Iterator[str], tokenizer: Tokenizer) -> NDArray[np.uint16]:
    """All sub-words one after the other, a mark before each sentence."""
    parts: list[NDArray[np.uint16]] = []
    block: list[str] = []

    def flush() -> None:
        for encoding in tokenizer.encode_batch([" " + line for line in block], add_special_tokens=False):
            parts.append(np.array([MARK, *encoding.ids], np.uint16))
        block.clear()

    for line in lines:
        block.append(line)
        if len(block) == 50_000:
            flush()
    flush()
    return np.concatenate(parts)


def word_starts(tokenizer: Tokenizer) -> NDArray[np.bool_]:
    """Tell which sub-words begin a word."""
    vocabulary = tokenizer.get_vocab()
    starts = np.zeros(len(vocabulary), bool)
    for piece, number in vocabulary.items():
        starts[number] = piece.startswith("Ġ") or not piece[:1].isalpha()
    return starts


def _rate(done: float, settings: Settings) -> float:
    if done < settings.warmup:
        return settings.rate * done / settings.warmup
    return settings.rate * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (done - settings.warmup) / (1 - settings.warmup))))


class Hider:
    """Hides whole words of a batch."""

    def __init__(self, starts: NDArray[np.bool_], vocabulary: int, device: str) -> None:
        self.starts = torch.tensor(starts, device=device)
        self.vocabulary = vocabulary

    def __call__(self, ids: torch.Tensor, share: float) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the batch with words hidden, and where."""
        word = torch.cumsum(self.starts[ids].long(), dim=1)
        drawn = torch.rand(ids.shape[0], ids.shape[1] + 1, device=ids.device)
        chosen = (drawn.gather(1, word) < share) & (ids != MARK)
        roll = torch.rand(ids.shape, device=ids.device)
        other = torch.randint(3, self.vocabulary, ids.shape, device=ids.device)
        hidden = torch.where(chosen & (roll < 0.8), torch.full_like(ids, MASK), ids)
        return torch.where(chosen & (roll > 0.9), other, hidden), chosen


def _perplexity(body: Body, guesser: Guesser, held: torch.Tensor, hider: Hider) -> float:
    body.eval()
    torch.manual_seed(0)
    losses = []
    with torch.no_grad():
        for batch in held.split(64):
            hidden, chosen = hider(batch, 0.15)
            with torch.autocast(batch.device.type, torch.bfloat16):
                logits = guesser(body(hidden)[chosen], body.words.weight)
            losses.append(functional.cross_entropy(logits.float(), batch[chosen]).item())
    body.train()
    return math.exp(sum(losses) / len(losses))


@dataclass(slots=True)
class _Run:
    """A pretraining in progress: what a checkpoint holds."""

    body: Body
    guesser: Guesser
    optimizer: torch.optim.Optimizer
    step: int = 0
    spent: float = 0.0
    curve: list[tuple[int, float]] = field(default_factory=list)

    @classmethod
    def start(cls, shape: Shape, settings: Settings, checkpoint: Path, device: str) -> _Run:
        """Begin, or go on from a checkpoint."""
        torch.manual_seed(settings.seed)
        body = Body(shape).to(device)
        guesser = Guesser(body).to(device)
        parameters = [*body.parameters(), *guesser.parameters()]
        groups = [
            {"params": [p for p in parameters if p.ndim > 1], "weight_decay": settings.decay},
            {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
        ]
        run = cls(body, guesser, torch.optim.AdamW(groups, lr=settings.rate, betas=(0.9, 0.98), eps=1e-6, fused=device == "cuda"))
        if checkpoint.is_file():
            saved = torch.load(checkpoint, map_location=device, weights_only=True)
            for part in ("body", "guesser", "optimizer"):
                getattr(run, part).load_state_dict(saved[part])
            run.step, run.spent, run.curve = saved["step"], saved["spent"], [tuple(point) for point in saved["curve"]]
        return run

    def save(self, checkpoint: Path) -> None:
        """Write a checkpoint whole or not at all."""
        state: dict[str, Any] = {part: getattr(self, part).state_dict() for part in ("body", "guesser", "optimizer")}
        fresh = checkpoint.with_suffix(".new")
        torch.save(state | {"step": self.step, "spent": self.spent, "curve": self.curve}, fresh)
        fresh.replace(checkpoint)

    def learn(
        self, read: Callable[[torch.Tensor], torch.Tensor], ids: torch.Tensor, hider: Hider, done: float, settings: Settings
    ) -> torch.Tensor:
        """Take one step and return the loss."""
        hidden, chosen = hider(ids, settings.hidden[0] + (settings.hidden[1] - settings.hidden[0]) * done)
        for group in self.optimizer.param_groups:
            group["lr"] = _rate(done, settings)
        with torch.autocast(ids.device.type, torch.bfloat16):
            logits = self.guesser(read(hidden)[chosen], self.body.words.weight)
            loss = functional.cross_entropy(logits.float(), ids[chosen])
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.body.parameters(), 1.0)
        self.optimizer.step()
        self.step += 1
        return loss.detach()


def pretrain(stream: NDArray[np.uint16], tokenizer: Tokenizer, shape: Shape, settings: Settings, output: Path, say: Say) -> Body:
    """Pretrain a body; checkpoints in `output` let an interrupted run go on.

    Parameters
    ----------
    stream
        Sub-words of the whole text; the last hundredth is held out.
    """
    device = "cuda" if torch.cuda.is_available() else "cpu"
    output.mkdir(parents=True, exist_ok=True)
    torch.set_float32_matmul_precision("high")
    cut = max(1, len(stream) // 100 // shape.length) * shape.length
    held = torch.tensor(stream[-cut:].astype(np.int64), device=device).view(-1, shape.length)[:512]
    text = torch.tensor(stream[:-cut].astype(np.int32), device=device)
    hider = Hider(word_starts(tokenizer), shape.vocabulary, device)
    checkpoint = output / "checkpoint.pt"
    run = _Run.start(shape, settings, checkpoint, device)
    read = torch.compile(run.body) if device == "cuda" else run.body
    clock, first, losses = time.perf_counter() - run.spent, run.step, []
    around = torch.arange(shape.length, device=device)
    while (done := run.spent / settings.seconds if settings.seconds else run.step / settings.steps) < 1:
        draw = torch.Generator().manual_seed(settings.seed * 1_000_003 + run.step)
        offsets = torch.randint(0, len(text) - shape.length, (settings.batch,), generator=draw).to(device)
        torch.manual_seed(settings.seed * 1_000_003 + run.step)
        losses.append(run.learn(read, text[offsets[:, None] + around].long(), hider, done, settings))
        run.spent = time.perf_counter() - clock
        if run.step % settings.every == 0:
            run.curve.append((run.step, round(torch.stack(losses).mean().item(), 4)))
            losses.clear()
            speed = (run.step - first) * settings.batch * shape.length / run.spent
            say(f"step {run.step} loss {run.curve[-1][1]:.3f} {speed:,.0f} sub-words/s, {done:.0%} done")
            run.save(checkpoint)
    perplexity = _perplexity(run.body, run.guesser, held, hider)
    card = {"shape": shape.to_dict(), "settings": asdict(settings), "steps": run.step, "perplexity": round(perplexity, 3), "device": device}
    card |= {"sub_words_seen": run.step * settings.batch * shape.length, "sub_words_of_text": len(text)}
    card |= {"seconds": round(run.spent), "curve": run.curve}
    torch.save(run.body.state_dict(), output / "body.pt")
    (output / "pretraining.json").write_text(json.dumps(card, indent=1) + "\n", "utf-8")
    say(f"held-out perplexity {perplexity:.2f} after {run.step} steps, {run.spent:.0f} s")
    return run.body
