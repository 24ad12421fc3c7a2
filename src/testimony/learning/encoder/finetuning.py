"""Fine-tuning on several tasks at once: themes, polarity, polarity toward a theme, entities; reviews and entity sets beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ...encoder import MARK, MOST
from .network import Body, Heads, Shape
from .windows import IGNORED, Rows, Table


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
    still: int = 0
    """How many of the lower layers stay as they are: what is under them is not computed backwards."""
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
    unaided: float = 0.3
    """Share of windows whose clues are hidden, so that the words are read too and the network does without clues where there are none."""
    seed: int = 1


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
        themes, polarity, toward = self.heads.sentences(
            marks.flatten(0, 1), means.flatten(0, 1).to(marks.dtype), batch["clues"].flatten(0, 1)
        )
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
        if not parameter.requires_grad:
            continue
        depth = int(name.split(".")[2]) + 1 if name.startswith("body.blocks.") else 0 if not name.startswith(("heads", "body.last")) else -1
        rate = settings.rate * (1.0 if depth < 0 else settings.body * settings.fade ** (layers - depth))
        rates.setdefault((rate, 0.05 if parameter.ndim > 1 else 0.0), []).append(parameter)
    groups = [{"params": parameters, "top": rate, "weight_decay": decay} for (rate, decay), parameters in rates.items()]
    return torch.optim.AdamW(groups, lr=0.0, betas=(0.9, 0.98), fused=torch.cuda.is_available())


def _network(state: Mapping[str, Tensor], shape: Shape, table: Table, settings: Settings) -> Network:
    """Pretrained body under new heads; what is to stay still learns nothing."""
    body = Body(Shape(**{**shape.to_dict(), "dropout": settings.dropout}))
    body.load_state_dict(dict(state))
    kept = [body.words, *((body.first, *body.blocks[: settings.still]) if settings.still else ())]
    for part in kept:
        part.requires_grad_(False).eval()
    body.places.requires_grad_(not settings.still)
    heads = Heads(shape.width, table.tensors["themes"].shape[2], settings.dropout, table.clues.shape[1])
    return Network(body, heads).to(table.tensors["ids"].device)


def finetune(
    state: Mapping[str, Tensor],
    shape: Shape,
    table: Table,
    rows: Rows,
    settings: Settings,
    each: Callable[[int, float], None] | None = None,
) -> Network:
    """Fine-tune a pretrained body; its table of sub-words stays as it is.

    Parameters
    ----------
    rows
        What to learn from.
    each
        Called after every epoch with its number and its mean loss.
    """
    device = table.tensors["ids"].device
    torch.manual_seed(0)  # heads begin alike whatever the seed
    draw = torch.Generator().manual_seed(settings.seed)
    network = _network(state, shape, table, settings)
    torch.manual_seed(settings.seed)
    optimizer = _optimizer(network, settings)
    share = int(len(rows.main) * settings.aside)
    total = -(-(len(rows.main) + share * len(rows.aside)) // settings.batch) * settings.epochs
    current: list[Tensor] = [parameter for parameter in network.parameters() if parameter.requires_grad]
    average = [value.detach().clone() for value in current]
    sizes = (table.tensors["ids"] > 0).sum(1).float().cpu()
    step = 0
    for epoch in range(settings.epochs):
        losses: list[float] = []
        extra = [group[torch.randperm(len(group), generator=draw)[:share]] for group in rows.aside]
        for chosen in _batches(torch.cat([rows.main, *extra]), sizes, settings.batch, draw):
            batch = table.rows(chosen.to(device))
            _hide(batch, settings)
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
            losses.append(loss.item())
            with torch.no_grad():
                torch._foreach_lerp_(average, current, 1 - min(0.99, step / (step + 20)))
        if each is not None:
            each(epoch, sum(losses) / len(losses))
    with torch.no_grad():
        torch._foreach_copy_(current, average)
    return network.eval()


def _hide(batch: dict[str, Tensor], settings: Settings) -> None:
    """Hide some sub-words, and the clues of some windows."""
    ids, device = batch["ids"], batch["ids"].device
    batch["ids"] = torch.where((torch.rand(ids.shape, device=device) < settings.hidden) & (ids > MARK), 1, ids)
    batch["clues"] = batch["clues"] * (torch.rand(len(ids), 1, 1, device=device) >= settings.unaided)


def _batches(rows: Tensor, sizes: Tensor, size: int, draw: torch.Generator) -> Iterator[Tensor]:
    """Shuffle, windows of like length together: little is wasted on filling up."""
    order = torch.argsort(sizes[rows] + 10.0 * torch.randn(len(rows), generator=draw))
    groups = rows[order].split(size)
    for number in torch.randperm(len(groups), generator=draw).tolist():
        yield groups[number]


@torch.no_grad()
def predict(network: Network, table: Table, rows: Sequence[int] | None = None, batch: int = 64, *, aided: bool = True) -> dict[str, Any]:
    """Logits by sentence, windows one after the other, with clues unless not `aided`; `tags`: best tag per sub-word, an array per window."""
    chosen = list(range(len(table.windows))) if rows is None else list(rows)
    device = table.tensors["ids"].device
    themes, polarity, toward, tags = [], [], [], []
    for at in range(0, len(chosen), batch):
        part = chosen[at : at + batch]
        with torch.autocast(device.type, torch.bfloat16):
            given = table.rows(torch.tensor(part, device=device))
            out = network(given | {"clues": given["clues"] * aided})
        arrays = [value.float().cpu().numpy() for value in out]
        best = arrays[3].argmax(-1)
        for row, number in enumerate(part):
            count = len(table.windows[number].marks)
            themes.append(arrays[0][row, :count])
            polarity.append(arrays[1][row, :count])
            toward.append(arrays[2][row, :count])
            tags.append(best[row, : len(table.windows[number].ids)])
    return {"themes": np.concatenate(themes), "polarity": np.concatenate(polarity), "toward": np.concatenate(toward), "tags": tags}
