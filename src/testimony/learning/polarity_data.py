"""Reviews, of which polarity is learnt besides labelled testimonials."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..errors import InputError

MEASURE_ONLY = "semeval16-rest-sent"
DOMAINS = {
    "tripadvisor-ft": "restaurants", "tripadvisor-lyon": "restaurants", "mabsa-food": "restaurants", "mabsa-hotel": "restaurants",
    "insurance": "insurance", "allocine-tv": "series", "allocine-10titles": "series", "amazon-books": "books", "mabsa-laptop": "devices",
    "mabsa-phone": "devices", "mabsa-coursera": "courses", MEASURE_ONLY: "restaurants",
}  # fmt: skip


class Review(NamedTuple):
    """A review with its polarity; `domain` is what it is about."""

    text: str
    polarity: str
    name: str
    domain: str


def load_reviews(folder: Path, *, limit: int | None = None) -> list[Review]:
    """Read the review sets of a folder, except the one that is only measured on.

    Parameters
    ----------
    limit
        Keep that many of each set, chosen once and for all.
    """
    paths = sorted(folder.glob("*.jsonl.gz"))
    if not paths:
        raise InputError(f"{folder}: no *.jsonl.gz there; give the folder of the review sets")
    names = [path for path in paths if not path.name.startswith(MEASURE_ONLY)]
    return [review for path in names for review in load_review_set(path)[:limit]]


def load_review_set(path: Path) -> list[Review]:
    """Read one review set, positive and negative reviews only, in a fixed shuffled order."""
    name = path.name.removesuffix(".jsonl.gz")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    kept = [Review(row["text"], row["polarity"], name, DOMAINS.get(name, name)) for row in rows]
    kept = [review for review in kept if review.polarity in ("positive", "negative")]
    order = np.random.default_rng(0).permutation(len(kept))
    return [kept[i] for i in order]
