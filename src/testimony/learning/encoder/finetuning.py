"""Fine-tuning on several tasks at once: themes, polarity, polarity toward a theme, entities; reviews and entity sets beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from ...encoder import LIMIT, MARK, MOST, cut, windows
from .network import TAGS, Body, Heads, Shape

POLARITIES = ("positive", "negative", "mixed", "neutral")
IGNORED = -100
Floats = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How fine-tuning goes, chosen by cross-validation over documents of the training set."""

    epochs: int = 6
    batch: int = 32
    rate: float = 3e-3
    body: float = 0.5
    """Rate of the last layer of the body, as a share of that of the heads."""
    fade: float = 0.85
    """Each layer nearer to the sub-words learns that much slower."""
    dropout: float = 0.1
    smooth: float = 0.05
    weights: Mapping[str, float] = field(
        default_factory=lambda: {"real": 1.0, "far": 0.5, "written": 0.6, "plain": 0.6, "names": 0.7, "review": 1.0}
    )
    themes: float = 8.0
    names: float = 1.5
    review: float = 0.3
    aside: float = 0.12
    """How many rows of each group aside an epoch sees, as a share of the main ones."""
    hidden: float = 0.08
    """Share of sub-words that are hidden from view, so that no single one decides."""
    seed: int = 1


@dataclass(slots=True)
class Window:
    """Sentences that are read together, with all that is known of them."""

    ids: list[int]
    marks: list[int]
    owner: list[int]
    tags: list[int]
    themes: list[list[float]]
    polarity: list[int]
    toward: list[list[int]]
    review: float
    weight: float
    group: str
    keys: list[tuple[str, int]]


def make_windows(texts: Sequence[Mapping[str, Any]], tokenizer: Tokenizer, themes: Sequence[str], settings: Settings) -> list[Window]:
    """Cut texts into windows."""
    result = []
    for text in texts:
        sentences = text["sentences"]
        pieces = cut(tokenizer, [sentence["text"] for sentence in sentences])
        for first, last in windows([len(piece.ids) for piece in pieces]):
            window = Window([], [], [], [], [], [], [], text.get("review", -1.0), settings.weights[text["kind"]], text["group"], [])
            for number in range(first, last):
                piece, sentence = pieces[number], sentences[number]
                window.marks.append(len(window.ids))
                window.ids += [MARK, *piece.ids]
                window.owner += [number - first] * (len(piece.ids) + 1)
                window.tags += [IGNORED, *_tags(piece.spans, sentence.get("entities"))]
                labels = sentence.get("themes")
                either = sentence.get("either", ())
                window.themes.append([-1.0 if labels is None or theme in either else float(theme in labels) for theme in themes])
                toward = labels or {}
                window.toward.append([POLARITIES.index(toward[t]) if toward.get(t) in POLARITIES else IGNORED for t in themes])
                polarity = sentence.get("polarity")
                window.polarity.append(POLARITIES.index(polarity) if polarity else IGNORED)
                window.keys.append((text["id"], number))
            result.append(window)
    return result


def _tags(spans: Sequence[tuple[int, int]], entities: Sequence[tuple[int, int, str]] | None) -> list[int]:
    """Tag sub-words; a sub-word that starts with the space before a name belongs to the name."""
    if entities is None:
        return [IGNORED] * len(spans)
    tags = [0] * len(spans)
    for start, end, label in entities:
        inside = False
        for number, (first, last) in enumerate(spans):
            if last > start and first < end and last > first:
                tags[number] = TAGS.index(f"{'I' if inside else 'B'}-{label}")
                inside = True
    return tags


@dataclass(frozen=True, slots=True)
class Table:
    """Windows as tensors of one shape, so that a batch is a choice of rows.

    ``ids``, ``tags``, ``owner`` are (windows, length); ``marks``, ``polarity`` (windows, sentences); ``themes``, ``toward`` (windows,
    sentences, themes); ``review``, ``weight`` (windows,). What is not known is `IGNORED`, or below zero for themes and reviews.
    """

    tensors: dict[str, Tensor]
    windows: list[Window]

    @classmethod
    def build(cls, items: Sequence[Window], count: int, device: str) -> Table:
        """Pad windows to one length."""
        rows = len(items)
        arrays = {
            "ids": np.zeros((rows, LIMIT), np.int64), "tags": np.full((rows, LIMIT), IGNORED), "owner": np.full((rows, LIMIT), -1),
            "marks": np.zeros((rows, MOST), np.int64), "polarity": np.full((rows, MOST), IGNORED),
            "themes": np.full((rows, MOST, count), -1.0, np.float32), "toward": np.full((rows, MOST, count), IGNORED),
            "review": np.array([window.review for window in items], np.float32),
            "weight": np.array([window.weight for window in items], np.float32),
        }  # fmt: skip
        for row, window in enumerate(items):
            size, sentences = len(window.ids), len(window.marks)
            arrays["ids"][row, :size], arrays["tags"][row, :size] = window.ids, window.tags
            arrays["owner"][row, :size] = window.owner
            arrays["owner"][row, window.marks] = -1  # the mean is of the words alone
            for name, values in (
                ("marks", window.marks),
                ("polarity", window.polarity),
                ("themes", window.themes),
                ("toward", window.toward),
            ):
                arrays[name][row, :sentences] = values
        return cls({name: torch.as_tensor(array).to(device) for name, array in arrays.items()}, list(items))

    def rows(self, chosen: Tensor) -> dict[str, Tensor]:
        """Return a batch, no longer than its longest window."""
        batch = {name: tensor[chosen] for name, tensor in self.tensors.items()}
        longest = int((batch["ids"] > 0).sum(1).max())
        for name in ("ids", "tags", "owner"):
            batch[name] = batch[name][:, :longest]
        return batch


class Rows(NamedTuple):
    """Rows of a table: the main ones, seen in every epoch, and groups of which an epoch sees a share (names, reviews)."""

    main: Tensor
    aside: Sequence[Tensor] = ()


class Network(torch.nn.Module):
    """Body and heads over a batch of windows."""

    def __init__(self, body: Body, heads: Heads) -> None:
        super().__init__()
        self.body, self.heads = body, heads

    def forward(self, batch: Mapping[str, Tensor]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Logits of themes, polarity and toward (windows, sentences, …), and tags (windows, length, tags)."""
        states = self.body(batch["ids"], (batch["ids"] > 0)[:, None, None, :])
        own = (batch["owner"][:, None, :] == torch.arange(MOST, device=states.device)[None, :, None]).to(states.dtype)
        means = (own / own.sum(2, keepdim=True).clamp(min=1)) @ states
        marks = states.gather(1, batch["marks"][:, :, None].expand(-1, -1, states.shape[2]))
        themes, polarity, toward = self.heads.sentences(marks.flatten(0, 1), means.flatten(0, 1).to(marks.dtype))
        shape = marks.shape[:2]
        return themes.view(*shape, -1), polarity.view(*shape, -1), toward.view(*shape, -1, 4), self.heads.tags(states)


def loss_of(network: Network, batch: Mapping[str, Tensor], settings: Settings) -> Tensor:
    """Sum of the losses of the tasks."""
    themes, polarity, toward, tags = network(batch)
    weight = batch["weight"][:, None]
    known = (batch["themes"] >= 0).float() * weight[..., None]
    target = batch["themes"].clamp(min=0) * (1 - settings.smooth) + settings.smooth / 12
    by_theme = functional.binary_cross_entropy_with_logits(themes.float(), target, reduction="none")
    loss = settings.themes * (by_theme * known).sum() / known.sum().clamp(min=1)
    loss = loss + _entropy(polarity, batch["polarity"], weight, settings.smooth)
    loss = loss + 0.5 * _entropy(toward, batch["toward"], weight[..., None], settings.smooth)
    loss = loss + settings.names * _entropy(tags, batch["tags"], weight, 0.0)
    lean = (polarity[..., 0] - polarity[..., 1]).float()
    inside = (batch["marks"] > 0).float()
    inside[:, 0] = 1.0
    verdict = (lean * inside).sum(1) / inside.sum(1)
    reviewed = (batch["review"] >= 0).float()
    by_review = functional.binary_cross_entropy_with_logits(verdict, batch["review"].clamp(min=0), reduction="none")
    return loss + settings.review * (by_review * reviewed).sum() / reviewed.sum().clamp(min=1)


def _entropy(logits: Tensor, labels: Tensor, weight: Tensor, smooth: float) -> Tensor:
    """Weighted mean of the cross-entropy of what is known."""
    flat = functional.cross_entropy(
        logits.float().flatten(0, -2), labels.flatten(), ignore_index=IGNORED, reduction="none", label_smoothing=smooth
    ).view(labels.shape)
    seen = (labels >= 0).float() * weight
    return (flat * seen).sum() / seen.sum().clamp(min=1)


def _optimizer(network: Network, settings: Settings) -> torch.optim.Optimizer:
    layers = network.body.shape.layers
    rates: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        depth = int(name.split(".")[2]) + 1 if name.startswith("body.blocks.") else 0 if not name.startswith(("heads", "body.last")) else -1
        rate = settings.rate * (1.0 if depth < 0 else settings.body * settings.fade ** (layers - depth))
        rates.setdefault((rate, 0.05 if parameter.ndim > 1 else 0.0), []).append(parameter)
    groups = [{"params": parameters, "top": rate, "weight_decay": decay} for (rate, decay), parameters in rates.items()]
    return torch.optim.AdamW(groups, lr=0.0, betas=(0.9, 0.98), fused=torch.cuda.is_available())


def finetune(
    state: Mapping[str, Tensor],
    shape: Shape,
    table: Table,
    rows: Rows,
    settings: Settings,
    each: Callable[[int, dict[str, Tensor]], None] | None = None,
) -> Network:
    """Fine-tune a pretrained body.

    Parameters
    ----------
    rows
        What to learn from.
    each
        Called after every epoch with its number and the averaged weights so far, to keep or to measure them.
    """
    device = table.tensors["ids"].device
    torch.manual_seed(0)  # heads begin alike whatever the seed
    draw = torch.Generator().manual_seed(settings.seed)
    body = Body(Shape(**{**shape.to_dict(), "dropout": settings.dropout}))
    body.load_state_dict(dict(state))
    network = Network(body, Heads(shape.width, table.tensors["themes"].shape[2], settings.dropout)).to(device)
    torch.manual_seed(settings.seed)
    optimizer = _optimizer(network, settings)
    share = int(len(rows.main) * settings.aside)
    total = -(-(len(rows.main) + share * len(rows.aside)) // settings.batch) * settings.epochs
    current = list(network.state_dict().values())
    average = [value.detach().clone() for value in current]
    sizes = (table.tensors["ids"] > 0).sum(1).float().cpu()
    step = 0
    for epoch in range(settings.epochs):
        extra = [group[torch.randperm(len(group), generator=draw)[:share]] for group in rows.aside]
        for chosen in _batches(torch.cat([rows.main, *extra]), sizes, settings.batch, draw):
            batch = table.rows(chosen.to(device))
            dropped = (torch.rand(batch["ids"].shape, device=device) < settings.hidden) & (batch["ids"] > MARK)
            batch["ids"] = torch.where(dropped, 1, batch["ids"])
            done = step / total
            for group in optimizer.param_groups:
                group["lr"] = group["top"] * min(done / 0.1, (1 - done) / 0.9)
            with torch.autocast(device.type, torch.bfloat16):
                loss = loss_of(network, batch, settings)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            step += 1
            with torch.no_grad():
                torch._foreach_lerp_(average, current, 1 - min(0.99, step / (step + 20)))
        if each is not None:
            each(epoch, dict(zip(network.state_dict(), average, strict=True)))
    network.load_state_dict(dict(zip(network.state_dict(), average, strict=True)))
    return network.eval()


def _batches(rows: Tensor, sizes: Tensor, size: int, draw: torch.Generator) -> Iterator[Tensor]:
    """Shuffle, windows of like length together: little is wasted on filling up."""
    order = torch.argsort(sizes[rows] + 10.0 * torch.randn(len(rows), generator=draw))
    groups = rows[order].split(size)
    for number in torch.randperm(len(groups), generator=draw).tolist():
        yield groups[number]


@torch.no_grad()
def predict(network: Network, table: Table, rows: Sequence[int] | None = None, batch: int = 64) -> dict[str, Any]:
    """Logits by sentence, windows one after the other; `tags` holds the best tag per sub-word, an array per window."""
    chosen = list(range(len(table.windows))) if rows is None else list(rows)
    device = table.tensors["ids"].device
    themes, polarity, toward, tags = [], [], [], []
    for at in range(0, len(chosen), batch):
        part = chosen[at : at + batch]
        with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
            out = network(table.rows(torch.tensor(part, device=device)))
        arrays = [value.float().cpu().numpy() for value in out]
        best = arrays[3].argmax(-1)
        for row, number in enumerate(part):
            count = len(table.windows[number].marks)
            themes.append(arrays[0][row, :count])
            polarity.append(arrays[1][row, :count])
            toward.append(arrays[2][row, :count])
            tags.append(best[row, : len(table.windows[number].ids)])
    return {"themes": np.concatenate(themes), "polarity": np.concatenate(polarity), "toward": np.concatenate(toward), "tags": tags}
