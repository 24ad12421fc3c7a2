"""Discovered themes: planted themes are found again, in any order; one command makes an entry of a codebook."""

import random

import pytest

from testimony import cli
from testimony.codebook import Codebook
from testimony.learning.themes_discovered import discover, to_entry

MENUS = ["La soupe de courge", "Le pain de seigle", "Une tarte aux pommes", "La soupe de poireaux", "Le pain complet"]
PLANTED = {
    "repas": [f"{dish} du midi est préparée par le cuisinier, et le repas se prend à table {n}." for n, dish in enumerate(MENUS * 4)],
    "jardin": [f"Les tomates du potager poussent dans la serre, le jardin demande de l'arrosage {n}." for n in range(20)],
    "vélo": [f"Le vélo cargo attend au garage, sa roue et ses freins sont réparés {n}." for n in range(20)],
}
ODD = ["Rien à signaler.", "Voilà tout.", "Hier, oui."]


@pytest.fixture
def sentences() -> list[str]:
    return [sentence for group in PLANTED.values() for sentence in group] + ODD


def test_planted_themes_are_found_apart(sentences) -> None:
    found = discover(sentences, number=3)
    assert len(found.themes) == 3
    for theme in found.themes:
        groups = {name for name, group in PLANTED.items() for sentence in theme.sentences if sentence in group}
        assert len(groups) == 1, theme.name
    assert 0 < found.unclassified < 0.2
    names = " ".join(" ".join(theme.words) for theme in found.themes)
    assert all(word in names for word in ("repas", "jardin", "vélo"))


def test_the_order_of_sentences_changes_nothing(sentences) -> None:
    expected = discover(sentences, number=4)
    for seed in range(3):
        shuffled = sentences.copy()
        random.Random(seed).shuffle(shuffled)
        assert discover(shuffled, number=4) == expected


@pytest.mark.parametrize("few", [[], ["Une phrase."], ODD * 30])
def test_too_little_text_gives_no_theme(few) -> None:
    found = discover(few)
    assert (found.themes, found.unclassified) == ((), 1.0)


def test_an_entry_is_a_theme_of_a_codebook(sentences, tmp_path) -> None:
    path = tmp_path / "themes.toml"
    themes = discover(sentences, number=3).themes
    path.write_text("\n".join(to_entry(theme) for theme in themes), "utf-8")
    book = Codebook.load(path)
    assert len(book.themes) == 3
    assert book.themes[0].examples[0] in themes[0].sentences


def test_one_command_adds_a_discovered_theme(sentences, tmp_path, capsys) -> None:
    (tmp_path / "notes.csv").write_text("texte\n" + "\n".join(f'"{sentence}"' for sentence in sentences), "utf-8")
    results, book = str(tmp_path / "results"), tmp_path / "themes.toml"
    assert cli.main(["analyze", str(tmp_path / "notes.csv"), "-o", results, "--quiet"]) == 0
    assert cli.main(["codebook", "discover", results]) == 0
    assert "unclassified" in capsys.readouterr().out
    assert cli.main(["codebook", "discover", results, "--take", "1", "-o", str(book)]) == 0
    assert len(Codebook.load(book).themes) == 1
    before = book.read_text("utf-8")
    assert cli.main(["codebook", "discover", results, "--take", "1", "-o", str(book)]) == 2, "the same theme twice"
    assert book.read_text("utf-8") == before
    assert cli.main(["codebook", "discover", results, "--take", "99"]) == 2
