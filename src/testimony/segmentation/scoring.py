"""Measures segmentation and attribution of a results folder against a key.

A predicted testimonial is *found* when its words and a gold one's overlap with an intersection over union of at least 0.7 (multisets of
words; each side is used once, best pairs first), and *exact* when its first and last words are the gold's. Gold records marked
``optional`` count neither way.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow.parquet as pq

from ..accents import without_accents
from ..errors import InputError

FOUND = 0.7
EDGE = 18
"""Characters of the first and last words that decide whether the borders are exact."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Figures in [0, 1] but for the counts; attribution is counted over all gold testimonials, found or not."""

    documents: int
    gold: int
    precision: float
    recall: float
    f1: float
    exact_boundaries: float
    speaker: float
    role: float
    space: float
    invented_in_documents_without_testimonials: int
    misses: tuple[str, ...]


def _words(text: str | None) -> list[str]:
    plain = unicodedata.normalize("NFC", text or "").casefold().replace("’", "'").replace("\u00ad", "")
    return re.findall(r"[^\W_]+", plain)


def _bare(text: str | None) -> str:
    flat = unicodedata.normalize("NFD", text or "").casefold()
    return " ".join(re.findall(r"[^\W_]+", without_accents(flat)))


def _overlap(one: Sequence[str], other: Sequence[str]) -> float:
    a, b = Counter(one), Counter(other)
    union = sum((a | b).values())
    return sum((a & b).values()) / union if union else 0.0


def _same_speaker(gold: str | None, found: str | None) -> bool:
    return _bare(gold) == _bare(found)


def _same_role(gold: str | None, found: str | None) -> bool:
    a, b = set(_bare(gold).split()), set(_bare(found).split())
    if not a or not b:
        return a == b
    return len(a & b) / len(a | b) >= 0.5 or a <= b or b <= a


def _same_space(gold: str | None, found: str | None) -> bool:
    if not _bare(gold) or not _bare(found):
        return _bare(gold) == _bare(found)
    small = {"l", "le", "la", "les", "de", "du", "d"}
    a, b = set(_bare(gold).split()) - small, set(_bare(found).split()) - small
    return a <= b or b <= a


_FIELDS: tuple[tuple[str, Callable[[str | None, str | None], bool]], ...] = (
    ("speaker", _same_speaker),
    ("role", _same_role),
    ("space", _same_space),
)


def _edges(text: str) -> tuple[str, str]:
    joined = "".join(_words(text))
    return joined[:EDGE], joined[-EDGE:]


def match(gold: Sequence[Row], found: Sequence[Row]) -> dict[int, int]:
    """Pair gold and found testimonials of a document, best pairs first."""
    pairs = sorted(
        ((_overlap(_words(g["text"]), _words(f["text"])), i, j) for i, g in enumerate(gold) for j, f in enumerate(found)), reverse=True
    )
    used: dict[int, int] = {}
    taken: set[int] = set()
    for overlap, i, j in pairs:
        if overlap >= FOUND and i not in used and j not in taken:
            used[i] = j
            taken.add(j)
    return used


def score(results: Path, gold: Path, files: Sequence[str] | None = None) -> Scores:
    """Measure a results folder against a key in JSON Lines (keys file, text, speaker, role, space, optional).

    Parameters
    ----------
    files
        Names of the documents the key covers, those without testimonials included; by default those it names.
    """
    testimonials, golds = _found(results), _gold(gold)
    n: Counter[str] = Counter()
    misses: list[str] = []
    names = list(files) if files is not None else sorted(golds)
    for file in names:
        _score_file(file, golds.get(file, []), testimonials.get(file, []), n, misses)
    precision, recall = n["found"] / max(1, n["predicted"]), n["found"] / max(1, n["gold"])
    shares = {name: n[name] / max(1, n["gold"]) for name in ("exact", "speaker", "role", "space")}
    return Scores(
        documents=len(names), gold=n["gold"], precision=precision, recall=recall, f1=2 * precision * recall / max(1e-9, precision + recall),
        exact_boundaries=shares["exact"], speaker=shares["speaker"], role=shares["role"], space=shares["space"],
        invented_in_documents_without_testimonials=n["invented"], misses=tuple(misses),
    )  # fmt: skip


def _found(results: Path) -> dict[str, list[Row]]:
    read = {name: pq.read_table(results / "tables" / name).to_pylist() for name in ("documents", "testimonials")}
    name_of = {row["document_id"]: PurePosixPath(row["source"].split("#")[0]).name for row in read["documents"]}
    found: dict[str, list[Row]] = defaultdict(list)
    for row in read["testimonials"]:
        found[name_of[row["document_id"]]].append(row)
    return found


def _gold(path: Path) -> dict[str, list[Row]]:
    gold: dict[str, list[Row]] = defaultdict(list)
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            gold[row["file"]].append(row | {"text": row["text"]})
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path}: line {number}: a JSON object with file and text is expected ({error})") from error
    return gold


def _score_file(file: str, golds: list[Row], found: list[Row], n: Counter[str], misses: list[str]) -> None:
    used = match(golds, found)
    for i, gold in enumerate(golds):
        if gold.get("optional"):
            continue
        n["gold"] += 1
        if i not in used:
            misses.append(f"missed {file}: {' '.join(gold['text'].split()[:6])} …")
            continue
        one = found[used[i]]
        n["found"] += 1
        n["exact"] += _edges(gold["text"]) == _edges(one["text"])
        for name, same in _FIELDS:
            right = same(gold.get(name), one.get(name))
            n[name] += right
            if not right:
                misses.append(f"{name} {file}: wanted {gold.get(name)!r}, found {one.get(name)!r}")
    extra = [one for j, one in enumerate(found) if j not in used.values()]
    n["predicted"] += len(found) - sum(bool(golds[i].get("optional")) for i in used)
    n["invented"] += len(found) if not golds else 0
    misses += [f"extra {file}: {' '.join(one['text'].split()[:8])} …" for one in extra]


def main(arguments: Sequence[str], say: Callable[[str], None]) -> int:
    """Run ``testimony evaluate segmentation RESULTS GOLD [FILES.tsv]``."""
    if len(arguments) not in (2, 3) or any(not Path(item).exists() for item in arguments):
        raise InputError("evaluate segmentation: give RESULTS (a results folder), GOLD (JSON Lines) and, optionally, the list of files")
    results, gold, *listing = map(Path, arguments)
    files = [line.split("\t")[0] for line in listing[0].read_text("utf-8").splitlines()[1:]] if listing else None
    scores = score(results, gold, files)
    for line in scores.misses:
        say(line)
    for name, value in asdict(scores).items():
        if name != "misses":
            say(f"{name} {value:.3f}" if isinstance(value, float) else f"{name} {value}")
    return 0
