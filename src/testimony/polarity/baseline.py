"""What textblob-fr says: the named baseline, and one voice among the features.

textblob-fr takes more time to cut a text into words than to judge them. What it makes of each piece between spaces is remembered here,
and words that are all the same to it stand for one another; the judgement is its own.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from itertools import chain
from typing import Any

from ..words import MOST

UNKNOWN, SHORT, SIGN = "xyz", "xy", ","
"""A word, a short word and a sign that say nothing to textblob-fr: each is to it what any other is, and nothing after the first."""
_BETWEEN = "zxqz"
"""A word that is none, put between pieces that are cut together."""
_NOTHING = frozenset((UNKNOWN, SHORT, SIGN))


@cache
def _french() -> Any:
    """Import the sentiment of textblob-fr alone: the package around it brings NLTK, SciPy's statistics and scikit-learn, two seconds."""
    spec = None if "textblob_fr" in sys.modules else find_spec("textblob_fr")
    if spec is not None:
        sys.modules["textblob_fr"] = module_from_spec(spec)
    try:
        table = import_module("textblob_fr.fr").sentiment
    finally:
        if spec is not None:
            del sys.modules["textblob_fr"]  # who imports the package later gets all of it
    len(table)  # the words are read now: from here on the table is a dictionary like any other, and looks words up like one
    table.__class__ = type("Sentiment", (type(table),), {name: getattr(dict, name) for name in ("__contains__", "__getitem__", "get")})
    return table


def _faces() -> list[str]:
    _french()  # which imports it without the package around it
    return sorted(chain(*import_module("textblob_fr._text").EMOTICONS.values()))


@cache
def _smileys() -> frozenset[str]:
    return frozenset(face.lower() for face in _faces())


@cache
def _across() -> re.Pattern[str]:
    """Where a smiley or «(!)» may stand, textblob-fr looks across spaces; it writes «’» and «&rsquo;» anew, and cuts «n't»."""
    faces = [*_faces(), "(!)"]
    faces += [face.replace(";", "’") for face in faces if ";" in face]
    # Letters that begin each way, rather than choices among them, let the search pass over the others quickly.
    spaced = (r"\s*".join(map(re.escape, face)) + r"(?![^\W_])" * face[-1].isalnum() for face in faces)
    return re.compile("|".join((*spaced, "&rsquo", "n't")))


MADE: dict[str, tuple[tuple[str, ...], bool]] = {}
"""What textblob-fr makes of pieces of text that stand between spaces, and whether any of it says something."""


def _learn(pieces: Iterable[str]) -> None:
    """Cut the pieces that are new, all at once: that takes a fifth of the time. Letters alone are not cut."""
    if len(MADE) > MOST:
        MADE.clear()
    new = sorted({*pieces}.difference(MADE))
    mixed = [piece for piece in new if not piece.isalpha()]
    groups = _apart(_cut(f" {_BETWEEN} ".join(mixed)))
    if len(groups) != len(mixed):  # one of them holds the word that stands between them
        groups = [*map(_cut, mixed)]
    cut = {piece: (piece,) for piece in new} | dict(zip(mixed, groups, strict=True))
    for piece, words in cut.items():
        said = tuple(_stand_in(word.lower()) for word in words)
        MADE[piece] = said, not _NOTHING.issuperset(said)


def _cut(text: str) -> list[str]:
    return " ".join(_french().tokenizer(text)).split()


def _apart(words: Sequence[str]) -> list[Sequence[str]]:
    marks = [place for place, word in enumerate(words) if word == _BETWEEN]
    return [words[start:end] for start, end in zip([0, *(mark + 1 for mark in marks)], [*marks, len(words)], strict=True)]


def _stand_in(word: str) -> str:
    table = _french()
    if word in table or word in table.negations or word in _smileys() or word in ("!", "(!)") or "'" in word:
        return word
    return SIGN if len(word) == 1 else SHORT if len(word) == 2 else UNKNOWN


def textblob(texts: Sequence[str]) -> list[float]:
    """Polarity of sentences according to textblob-fr, in [-1, 1]."""
    across = _across().search
    plain = [None if across(text) else text.split() for text in texts]
    _learn(chain.from_iterable(filter(None, plain)))
    return [_itself(text) if pieces is None else _judge(pieces) for text, pieces in zip(texts, plain, strict=True)]


def _itself(text: str) -> float:
    return max(-1.0, min(1.0, float(_french()(text)[0])))


def _judge(pieces: Sequence[str]) -> float:
    said = [UNKNOWN]
    for words, telling in map(MADE.__getitem__, pieces):
        if telling or said[-1] != UNKNOWN:
            for word in words:
                if said[-1] != UNKNOWN or word not in _NOTHING:
                    said.append(word)
    if len(said) == 1:
        return 0.0
    judged = _french().assessments([(word, None) for word in said])
    total = 0.0
    for _, polarity, _, _ in judged:
        total += polarity
    return max(-1.0, min(1.0, total / (len(judged) or 1)))
