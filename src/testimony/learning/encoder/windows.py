"""Texts → windows of sentences → tensors that batches are taken from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from ...encoder import LIMIT, MARK, MOST, cut, windows
from ...types import POLARITIES
from .network import TAGS

IGNORED = -100
Floats = NDArray[Any]


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
    clues: list[int]
    """Row of each sentence in the table's clues; 0 where nothing is known."""


def make_windows(
    texts: Sequence[Mapping[str, Any]], tokenizer: Tokenizer, themes: Sequence[str], weights: Mapping[str, float] | None = None
) -> list[Window]:
    """Cut texts into windows; `weights` tells what each kind of text weighs, 1 where it does not."""
    result = []
    for text in texts:
        sentences = text["sentences"]
        pieces = cut(tokenizer, [sentence["text"] for sentence in sentences])
        for first, last in windows([len(piece.ids) for piece in pieces]):
            weight = (weights or {}).get(text["kind"], 1.0)
            window = Window([], [], [], [], [], [], [], text.get("review", -1.0), weight, text["group"], [], [])
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
                window.clues.append(sentence.get("clues", 0))
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
    ``clues`` (windows, sentences) are rows of `clues`, whose first is that of sentences of which nothing is known.
    """

    tensors: dict[str, Tensor]
    windows: list[Window]
    clues: Tensor

    @classmethod
    def build(cls, items: Sequence[Window], count: int, device: str, clues: Floats | None = None) -> Table:
        """Pad windows to one length."""
        rows = len(items)
        arrays = {
            "ids": np.zeros((rows, LIMIT), np.int64), "tags": np.full((rows, LIMIT), IGNORED), "owner": np.full((rows, LIMIT), -1),
            "marks": np.zeros((rows, MOST), np.int64), "clues": np.zeros((rows, MOST), np.int64), "polarity": np.full((rows, MOST), IGNORED),
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
                ("clues", window.clues),
                ("polarity", window.polarity),
                ("themes", window.themes),
                ("toward", window.toward),
            ):
                arrays[name][row, :sentences] = values
        known = torch.as_tensor(np.zeros((1, 0), np.float32) if clues is None else clues).to(device)
        return cls({name: torch.as_tensor(array).to(device) for name, array in arrays.items()}, list(items), known)

    def rows(self, chosen: Tensor) -> dict[str, Tensor]:
        """Return a batch, no longer than its longest window."""
        batch = {name: tensor[chosen] for name, tensor in self.tensors.items()}
        longest = int((batch["ids"] > 0).sum(1).max())
        for name in ("ids", "tags", "owner"):
            batch[name] = batch[name][:, :longest]
        batch["clues"] = self.clues[batch["clues"]]
        return batch


def entities(tags: Sequence[int], spans: Sequence[tuple[int, int]], text: str) -> list[tuple[int, int, str]]:
    """Entities of a sentence from the tags of its sub-words: start, end, label."""
    found: list[list[Any]] = []
    before = ""
    for tag, (start, end) in zip(tags, spans, strict=True):
        side, _, label = TAGS[tag].partition("-")
        if label and (side == "B" or label != before):
            found.append([start, end, label])
        elif label:
            found[-1][1] = end
        before = label
    bare = [(start + len(text[start:end]) - len(text[start:end].lstrip()), end, label) for start, end, label in found]
    return [entity for entity in bare if entity[0] < entity[1]]


class Rows(NamedTuple):
    """Rows of a table: the main ones, seen in every epoch, and groups of which an epoch sees a share (names, reviews)."""

    main: Tensor
    aside: Sequence[Tensor] = ()
