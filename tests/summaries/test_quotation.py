"""A quotation is a piece of its source that reads alone."""

import time
from pathlib import Path

import pytest

from testimony.summaries import quotation as rules
from testimony.summaries.quotation import Quotation, alone, choose, excerpt, opening, stance_of
from testimony.summaries.words import tokens

DOCUMENTS = Path(__file__).parents[1] / "segmentation" / "documents"


def cut(text: str) -> list[dict]:
    """Sentences of a text, one per full stop."""
    rows, at = [], 0
    for part in text.split(". "):
        end = min(len(text), at + len(part) + 1)
        rows.append({"start": at, "end": end})
        at = end + 1
    return rows


@pytest.mark.parametrize(
    ("leaning", "standing"),
    [
        ("Cela change tout pour les artisans du quartier.", "La verrière change tout pour les artisans du quartier."),
        ("Il m'a aidé à monter mon dossier de subvention.", "Il y a toujours quelqu'un pour aider au dossier."),
        ("Elles sont ouvertes le samedi matin aussi.", "Les portes sont ouvertes le samedi matin aussi."),
        ("C'est généreux mais intenable au bout d'un an.", "C'est un lieu généreux où tout le monde se parle."),
        ("Celle-ci ferme mal depuis le mois de novembre.", "Celles et ceux qui arrivent tôt trouvent une place."),
        ("Parce que le train arrive à huit heures.", "Le train de huit heures arrive à deux pas."),
        ("Voici ce que nous avons appris cette année :", "Nous avons appris à compter cette année."),
        ("Et vous, que pensez-vous de ce projet ?", "Nous pensons que ce projet est le bon."),
        ("Même chose pour la cuisine et pour le jardin.", "La cuisine et le jardin sont à refaire."),
        ("La nôtre est affichée dans la cuisine du rez-de-chaussée.", "Notre charte est affichée dans la cuisine."),
        ("Sans elle je n'aurais jamais osé ouvrir la brasserie.", "Sans Morgane je n'aurais jamais osé ouvrir."),
        ("J'en suis très contente depuis le début.", "Je suis très contente de mon bureau."),
    ],
)
def test_a_sentence_that_leans_on_another_is_worth_less(leaning, standing) -> None:
    assert alone(leaning) < 0.6 < alone(standing)


@pytest.mark.parametrize(
    ("leaning", "standing"),
    [
        ("Les comptes l'ont convaincue de revenir.", "La mairie a lu les comptes, ils l'ont convaincue de revenir."),
        ("Nous savons comment on vit sans elle dans ce bourg.", "La gare a fermé, nous savons comment on vit sans elle dans le bourg."),
        ("Pour l'instant ils viennent en voiture de la ville.", "Les habitants hésitent, pour l'instant ils viennent en voiture."),
        ("Ce qui leur manque, c'est une porte au fond.", "Les ateliers sont beaux, ce qui leur manque, c'est une porte."),
        (
            "Tout le monde y gagne vraiment au bout du compte.",
            "La coopérative est ouverte, tout le monde y gagne vraiment au bout du compte.",
        ),
        ("Aucun réseau ne m'avait apporté cela en dix ans.", "Le réseau m'a trouvé un associé, et personne n'attendait cela."),
        ("Ce qui me permet de payer mon loyer chaque mois.", "Ce qui me plaît, c'est de payer mon loyer chaque mois."),
    ],
)
def test_a_pronoun_must_find_its_noun_before_it(leaning, standing) -> None:
    assert alone(leaning) <= 0.7 < alone(standing)


def test_impersonal_il_leans_on_nothing() -> None:
    for text in (
        "Il faut une clé.",
        "Il fait trop froid ici.",
        "Il manque des prises.",
        "Il n'y a pas de bruit.",
        "Il est difficile de se garer.",
    ):
        assert opening(text) == 1.0


def test_straight_and_curly_apostrophes_are_the_same() -> None:
    for text in ("C'est beau.", "J'en rêve.", "D'ailleurs le bus est loin.", "Qu'il pleuve ou non, j'y vais."):
        assert alone(text) == alone(text.replace("'", "’"))


def test_a_linking_word_is_cut_and_the_cut_is_said() -> None:
    text = "Le prix est bas. Mais le chauffage tombe en panne chaque hiver depuis trois ans."
    found = excerpt(text, cut(text), 1)
    assert text[found.start : found.end] == "le chauffage tombe en panne chaque hiver depuis trois ans."
    assert found.before
    assert not found.after


def test_a_sentence_that_points_back_takes_the_one_before_with_it() -> None:
    text = "Nous prêtons la grande salle aux associations du village. C'est généreux, et personne ne le regrette."
    found = excerpt(text, cut(text), 1)
    assert text[found.start : found.end] == text
    assert not found.before


def test_it_does_not_reach_over_a_break() -> None:
    text = "Nous prêtons la grande salle aux associations du village.\n\nC'est généreux, et personne ne le regrette."
    sentences = [{"start": 0, "end": 57}, {"start": 59, "end": len(text)}]
    found = excerpt(text, sentences, 1)
    assert found.start == 59


def test_a_very_long_sentence_is_cut_at_the_clause_that_proves_the_theme() -> None:
    first = "La première année nous avons surtout cherché des chaises et des tables dans les vide-greniers de la vallée avec l'aide de tous les voisins"
    second = "le loyer mange aujourd'hui la moitié de ce que rapportent les abonnements"
    third = "l'été prochain, quand la toiture sera refaite, nous ouvrirons enfin le grenier aux artisans qui attendent depuis le début"
    text = f"{first} ; {second} ; {third}."
    at = text.index("loyer")
    found = excerpt(text, [{"start": 0, "end": len(text)}], 0, [[at, at + 5]])
    assert text[found.start : found.end] == second
    assert found.before
    assert found.after


def test_blanks_around_a_sentence_are_not_quoted() -> None:
    text = "  \n La salle du fond est calme et claire.  "
    found = excerpt(text, [{"start": 0, "end": len(text)}], 0)
    assert text[found.start : found.end] == text.strip()


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("« La verrière chauffe tout l'étage en hiver", "La verrière chauffe tout l'étage en hiver"),
        ("La verrière chauffe tout l'étage en hiver. »", "La verrière chauffe tout l'étage en hiver."),
        ("« La verrière » chauffe tout l'étage en hiver.", "« La verrière » chauffe tout l'étage en hiver."),
    ],
)
def test_a_quotation_mark_without_its_fellow_is_not_quoted(text, quoted) -> None:
    found = excerpt(text, [{"start": 0, "end": len(text)}], 0)
    assert text[found.start : found.end] == quoted


@pytest.mark.parametrize(
    "text", ["Il faudrait une seconde imprimante.", "J’aimerais un casier.", "Pourquoi pas un potager ?", "Il manque un vestiaire."]
)
def test_a_wish_is_a_proposal_unless_it_only_follows_praise(text) -> None:
    assert stance_of(text, "negative") == stance_of(text, "neutral") == stance_of(text, "positive") == "proposal"
    assert stance_of(f"La cuisine est superbe. {text}", "positive") == "positive"


def test_a_sentence_does_not_take_with_it_one_of_another_feeling() -> None:
    text = "Nous adorons la grande salle prêtée aux associations. C'est intenable en hiver, et personne ne vient."
    rows = [row | {"polarity": feeling} for row, feeling in zip(cut(text), ("positive", "negative"), strict=True)]
    assert excerpt(text, rows, 1).start > 0
    assert excerpt(text, [row | {"polarity": "negative"} for row in rows], 1).start == 0


def test_a_sentence_cut_where_it_should_not_be_is_quoted_whole() -> None:
    text = "Super ambiance, on s'y sent vraiment bien. Le café est bon."
    found = excerpt(text, [{"start": 0, "end": 5}, {"start": 6, "end": 42}], 1)
    assert text[found.start : found.end] == "Super ambiance, on s'y sent vraiment bien."


def test_an_answer_without_a_verb_is_worth_little() -> None:
    assert alone("D'une deuxième animatrice, d'une chaudière et d'une école des métiers.") < 0.4
    assert alone("De l'espace et du calme pour travailler sans casque.") < 0.6


def test_a_fact_is_no_proposal() -> None:
    assert stance_of("La cuisine est sale.", "negative") == "negative"


def quotation(text: str, score: float, speaker: str | None = None, identifier: str = "a", start: int = 0) -> Quotation:
    return Quotation(
        text=text,
        testimonial_id=identifier,
        start=start,
        end=start + len(text),
        speaker=speaker,
        space=None,
        polarity="positive",
        alone=1.0,
        score=score,
    )


def test_chosen_quotations_do_not_say_the_same_and_new_voices_come_first() -> None:
    noise = quotation("Le bruit de la rue gêne les réunions.", 0.9, "Anne", "a")
    again = quotation("Le bruit de la rue gêne mes réunions.", 0.8, "Bruno", "b")
    cold = quotation("La verrière est glaciale en janvier.", 0.7, "Anne", "c")
    price = quotation("Les abonnements ont doublé.", 0.5, "Carole", "d")
    assert choose([price, cold, again, noise], [], 3) == [noise, price, cold]
    assert choose([price, cold, again, noise], [noise], 3) == [cold, price]


def test_overlapping_ranges_are_the_same_quotation() -> None:
    one, other = quotation("Le poêle ronfle. Il chauffe bien.", 1.0), quotation("Il chauffe bien.", 1.0, start=17)
    assert one.says_the_same_as(other)
    assert not one.says_the_same_as(quotation("Il chauffe bien.", 1.0, identifier="b", start=200))


def test_no_pattern_finds_what_its_words_rule_out() -> None:
    parts = {
        part
        for kind in ("md", "html", "txt")
        for file in DOCUMENTS.glob(f"*.{kind}")
        for part in file.read_text("utf-8", "ignore").splitlines()
    }
    lines = [line for part in parts for line in (part, part.upper(), part.replace("'", "’"))]
    patterns = rules._patterns()
    tried = [(one.words, one.pronoun) for one in patterns.leaning] + [(patterns.pointing_words, patterns.pointing)]
    for words, pattern in tried:
        found = [line for line in lines if pattern.search(line)]
        assert len(found) > 2
        assert not [line for line in found if words.isdisjoint(tokens(line))]


@pytest.mark.parametrize(
    "text",
    [
        "a" * 200_000,
        "il " * 60_000,
        "« " * 60_000,
        "ce " * 60_000,
        ", " * 60_000,
        "12 34 " * 40_000,
        "c'est un " * 30_000,
        "Il\u00a0" * 50_000,
        "Je dis " + "Aa " * 20_000 + "cela.",  # a name at every place, and a pronoun at the end that asks for one
    ],
)
def test_hostile_sentences_take_linear_time(text) -> None:
    began = time.process_time()
    alone(text)
    excerpt(text, [{"start": 0, "end": len(text)}], 0)
    stance_of(text, "neutral")
    assert time.process_time() - began < 3


@pytest.mark.parametrize("text", ["Mot " + "m" * 1_000_000 + " sans fin.", "la salle et le bureau " * 50_000, "x" * 1_000_000])
def test_a_stretch_without_end_is_cut_at_once_and_the_cut_is_said(text) -> None:
    before = time.process_time()
    found = excerpt(text, [{"start": 0, "end": len(text)}], 0, [[len(text) - 9, len(text) - 4]])
    assert time.process_time() - before < 1
    assert 0 < found.end - found.start <= 800
    assert found.start == len(text) - 9 or found.after
