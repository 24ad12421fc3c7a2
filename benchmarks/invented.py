"""Corpora of any size made from the texts of the demonstration: every one different, no two runs different."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAMES = (
    "Aline Bastin|Bruno Colle|Chloé Dardenne|Denis Evrard|Elsa Fontaine|Farid Guelma|Garance Hubin|Hugo Ista|Inès Jadot|Jules Kaisin".split(
        "|"
    )
)
SPACES = "La Verrière|Le Four à Pain|L'Écluse|Coworking Saint-Roch|La Sablière".split("|")
TOWNS = "Nantes|Namur|Ath|Rezé|Dinant|Clisson|Huy|Auch|Mirande|Arlon".split("|")
SYLLABLES = "ba den ro mi lar vis ko tel gar mon per sau ché nif dou quin val stra bru jol".split()
DAYS = "lundi|mardi|mercredi|jeudi|vendredi".split("|")


def sentences(results: Path) -> list[str]:
    """Sentences of an analyzed demonstration corpus."""
    import testimony

    return [text for text in testimony.open_results(results).sentences["text"] if 4 <= len(text.split()) <= 60]


def texts(said: list[str], seed: int = 1, words: int = 75) -> Iterator[str]:
    """Yield testimonials of about `words` words for ever; a fifth of the sentences recur as they are, as in surveys."""
    draw = random.Random(seed)
    while True:
        parts: list[str] = []
        while sum(len(part.split()) for part in parts) < words * draw.uniform(0.6, 1.0):
            sentence = " ".join(draw.choice(said).split())
            if draw.random() < 0.8:
                sentence = (
                    f"{draw.choice(('En', 'Depuis', 'Avant'))} {draw.randint(1990, 2025)}, à {draw.choice(TOWNS)}, "
                    + sentence[0].lower()
                    + sentence[1:]
                )
                sentence = sentence.replace("jour", draw.choice(DAYS)) if draw.random() < 0.5 else sentence
            parts.append(sentence)
        yield " ".join(parts)


def family(number: int) -> str:
    """One of 8,000 family names; a number in its place would not be read as part of the name."""
    return "".join(SYLLABLES[number // 20**place % 20] for place in range(3)).title()


def rows(said: list[str], count: int, seed: int = 1, words: int = 75) -> Iterator[dict[str, str]]:
    """Yield records with a speaker, a space and a text."""
    draw = random.Random(seed)
    for number, text in zip(range(count), texts(said, seed, words), strict=False):
        yield {
            "id": str(number), "nom": f"{draw.choice(NAMES).split()[0]} {family(number % 5000)}", "espace": f"{draw.choice(SPACES)} {draw.randrange(20)}",
            "date": f"2024-{draw.randint(1, 12):02}-11", "témoignage": text,
        }  # fmt: skip


def write(path: Path, said: list[str], count: int, seed: int = 1, words: int = 75) -> None:
    """Write records as JSON Lines, of about `words` words each."""
    with path.open("w", encoding="utf-8") as stream:
        for row in rows(said, count, seed, words):
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")


def testimonials(results: Path) -> list[str]:
    """Texts of the testimonials of an analyzed corpus."""
    import testimony

    return list(testimony.open_results(results).testimonials["text"])
