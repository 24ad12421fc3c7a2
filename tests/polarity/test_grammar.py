"""Composition: negation, contrast, wishes … turn, strengthen or suspend the evidence of words; every rule is in data."""

import tomllib
from pathlib import Path

import pytest

from testimony.errors import CodebookError
from testimony.lexicon import DATA, Lexicon
from testimony.polarity import Grammar


@pytest.fixture(scope="module")
def grammar() -> Grammar:
    return Grammar.load()


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("La terrasse est charmante.", "positive"),
        ("La terrasse n'est pas charmante.", "negative"),
        ("La terrasse n’est vraiment plus charmante.", "negative"),
        ("C'est pas charmant.", "negative"),
        ("Aucune terrasse n'est charmante.", "negative"),
        ("Un travail sans angoisse.", "positive"),
        ("Je n'ai plus d'angoisse.", "positive"),
        ("Moins d'angoisse.", "positive"),
        ("Le café nous a sortis de la déprime.", "positive"),
        ("Trop charmant !", "negative"),
        ("La terrasse est charmante, mais le patron est odieux.", "mixed"),
        ("Même si le patron est odieux, la terrasse est absolument merveilleuse.", "positive"),
        ("Certes, la terrasse n'est pas charmante, mais le jardin est magnifique.", "positive"),
        ("La terrasse est charmante, par contre le patron est odieux.", "mixed"),
        ("Il y a une belle terrasse.", "positive"),
        ("Sans eux, je n'aurais jamais osé venir.", "positive"),
        ("La terrasse est-elle charmante ?", "neutral"),
        ("Le volet ne fonctionne pas.", "negative"),
        ("Le volet fonctionne.", "neutral"),
        ("", "neutral"),
        ("???", "neutral"),
    ],
)
def test_verdict_of_the_rules(grammar: Grammar, text: str, polarity: str) -> None:
    assert grammar.read(text).verdict == polarity


def test_intensity_is_graded(grammar: Grammar) -> None:
    scores = [grammar.read(text).score for text in ("un peu pénible", "pénible", "extrêmement pénible")]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 3


def test_a_wish_weighs_less_than_praise(grammar: Grammar) -> None:
    wish, praise = (grammar.read(text).segments[0].positive for text in ("Nous espérons un endroit agréable.", "Un endroit agréable."))
    assert 0 < wish < praise


def test_a_conditional_is_seen_in_the_verb(grammar: Grammar) -> None:
    assert "conditional" in grammar.read("Nous serions ravis.").flags
    assert "conditional" not in grammar.read("Il montrait sa joie.").flags


def test_segments_cut_at_contrast_and_concession(grammar: Grammar) -> None:
    reading = grammar.read("Malgré la pluie, la fête fut belle, mais courte.")
    assert [segment.role for segment in reading.segments] == ["concession", "main", "contrast"]
    assert reading.segments[0][:2] == (0, 3)


def test_no_expression_without_a_value_hides_an_operator() -> None:
    """An expression wins over an operator of the same words: «même si» put down as neutral would never concede."""
    operators = {pattern for row in tomllib.loads((DATA / "polarity.toml").read_text("utf-8"))["operator"] for pattern in row["patterns"]}
    assert not [entry.pattern for entry in Lexicon.load().expressions if not entry.polarity and entry.pattern in operators]


def test_cues_are_the_words_that_count_as_written(grammar: Grammar) -> None:
    text = "😀 Le wifi ? Il laisse beaucoup à désirer, quelle déception !"
    assert [text[start:end] for start, end in grammar.read(text).cues()] == ["😀", "laisse", "à désirer", "quelle déception"]


@pytest.mark.parametrize(
    ("text", "irony"),
    [
        ("Bravo, encore un retard et une facture scandaleuse.", True),
        ("Bravo pour cette belle soirée.", False),
        ("Bravo, malgré le retard et la fatigue, mais quelle réussite.", False),
        ("Le train en retard, comme par hasard.", True),
        ("Quand tu parles de bruit, je pense à la cantine.", False),
        ("Ils nous ont écoutés, tu parles !", True),
        ("Formidable, encore une réunion.", True),
        ("Génial, encore une belle soirée.", False),
        ("Ah, super, la réunion est annulée.", True),
        ("On paie plus cher pour moins de place, bravo !", True),
        ("Quelle chance : le wifi tombe en panne chaque lundi.", True),
        ("Quelle belle salle, un peu froide l'hiver.", False),
        ("Quelle tristesse dans cette salle !", False),
        ("Comme le déplore Anne, la salle est trop petite.", False),
        ("", False),
        ("Ah !", False),
    ],
)
def test_possible_irony_is_flagged(grammar: Grammar, text: str, irony: bool) -> None:
    assert grammar.read(text).irony is irony


def test_irony_never_flips_the_score(grammar: Grammar) -> None:
    assert grammar.read("Bravo, superbe réunion, comme par hasard.").verdict == "positive"


def test_a_broken_grammar_is_said_in_one_line(tmp_path: Path) -> None:
    for name in ("lexicon.tsv", "expressions.tsv"):
        (tmp_path / name).write_bytes((DATA / name).read_bytes())
    (tmp_path / "polarity.toml").write_text("[[operator]]\nflag = 'x'\n", encoding="utf-8")
    with pytest.raises(CodebookError, match="not a grammar of polarity") as caught:
        Grammar.load(tmp_path)
    assert "\n" not in str(caught.value)
