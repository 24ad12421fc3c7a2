"""The baseline column: textblob-fr's own verdict, though it is asked about fewer words."""

import csv
from pathlib import Path

import pytest

from testimony.polarity import baseline

PAIRS = Path(__file__).parents[1] / "challenge" / "polarity.tsv"
ODD = (
    "", "!", "Bravo (!)", "Super :)", "super : )", "très : )", "Ravie xD", "Max D", "un point o.O", "Parfait ! ! !", "Vraiment pas très bon.",
    "Vraiment ne rien de beau", "Il est vraiment n'est pas bon", "didn't", "c'est-à-dire bon, c.-à-d. bon", "J. Dupont, M. Bon",
    "« Génial »\n\nNul.", "8) est nul", "L’accueil est bon", "jamais d'émotion", "♥ rien", "bien: c'est bon", "2020 n'est ni bon ni beau !", "zxqz bon",
    "''S’ ]/très{", '>"[xO[:8?: S_', "&Dzxqz= D_", "bon&rsquo; : super",
)  # fmt: skip


@pytest.mark.parametrize("join", [" ", "\n\n", ""])
def test_textblobs_own_verdict(join: str) -> None:
    with PAIRS.open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    texts += [first + join + second for first in ODD for second in ODD]
    judge = baseline._french()
    said = baseline.textblob(texts)
    assert said == [max(-1.0, min(1.0, judge(text)[0])) for text in texts]
    assert len(set(said)) > 30
