"""Other names and other typography for the sentences that the pipeline learns from, so that it learns what surrounds a name."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .corpora import Entities, Sentence, Token, from_text

Names = Mapping[tuple[str, str], Sequence[str]]
"""Names by label and by the article that stands before them: ``m``, ``f``, ``v`` (elided), ``p`` or ``-``."""

_ARTICLES = {"le": "m", "du": "m", "au": "m", "la": "f", "l'": "v", "les": "p", "des": "p", "aux": "p"}
_VOWELS = "aeiouyhâàéèêëîïôöûüœ"
_KEPT = 0.5  # share of names that stay when a sentence's names change


def read_names(path: Path, people: Sequence[str] = (), towns: Sequence[str] = ()) -> Names:
    """Read a table of names (label, article, names between bars), and add full names of people and towns."""
    names: dict[tuple[str, str], list[str]] = {("PER", "-"): list(people)}
    for line in path.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            label, article, listed = line.split("\t")
            names.setdefault((label, article), []).extend(listed.split(" | "))
    names.setdefault(("LOC", "-"), []).extend(towns)
    return names


def swap(sentence: Sentence, names: Names, tokenizer: object, rng: random.Random) -> Sentence:
    """Put other names of the same kind and gender in the place of a sentence's names."""
    if not sentence.entities or any(token.pos for token in sentence.tokens):
        return sentence
    text, at, pieces = sentence.text, 0, []
    entities: Entities = []
    for start, end, label in sorted(sentence.entities):
        new = _other(text[:start], text[start:end], label, names, rng)
        pieces.append(text[at:start])
        begin = sum(map(len, pieces))
        pieces.append(new)
        entities.append((begin, begin + len(new), label))
        at = end
    pieces.append(text[at:])
    return from_text("".join(pieces), entities, tokenizer, sentence.id)


def _other(before: str, name: str, label: str, names: Names, rng: random.Random) -> str:
    if rng.random() < _KEPT or "\n" in name:
        return name
    last = (before.replace("’", "'").split() or [""])[-1].lower()
    tail = last[-2:] if last.endswith("'") else last
    choices = names.get((label, _ARTICLES.get(tail, "-")))
    if not choices or (name[:1].islower() and label != "ORG"):
        return name
    new = rng.choice(choices)
    if label == "PER" and " " not in name:
        new = new.split()[0]
    elided = tail.endswith("'")
    # «d'Arlon», «de Namur»: the word before tells whether the name may begin with a vowel.
    if _ARTICLES.get(tail, "-") == "-" and tail in ("d'", "de", "que", "qu'") and elided != (new[:1].lower() in _VOWELS):
        return name
    return new


def vary(group: Sequence[Sentence], rng: random.Random) -> list[Sentence]:
    """Change the typography of a group as writers do: no capitals, all capitals."""
    roll = rng.random()
    if roll < 0.88:
        return list(group)
    change: Callable[[str], str] = str.lower if roll < 0.95 else str.upper
    varied = []
    for sentence in group:
        tokens = [Token(change(token.text), token.space, token.pos, token.morph, token.lemma) for token in sentence.tokens]
        if any(len(new.text) != len(old.text) for new, old in zip(tokens, sentence.tokens, strict=True)):
            return list(group)
        # Without capitals a name is rarely one to the reader either: its label is left open, not denied.
        entities = sentence.entities if change is not str.lower or not sentence.entities else None
        varied.append(Sentence(sentence.id, tokens, entities))
    return varied
