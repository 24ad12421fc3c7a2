import pytest
import spacy
from spacy.tokens import Span

from testimony import vocabulary
from testimony.pipes.entities import EntityTidier
from testimony.pipes.spaces import SpaceLinker
from testimony.spaces import Registry, Space


@pytest.fixture(scope="module")
def blank():
    vocabulary.register()
    nlp = spacy.blank("fr", config={"nlp": {"tokenizer": {"@tokenizers": "testimony_tokenizer"}}})
    nlp.add_pipe("sentencizer")
    return nlp


def doc_of(nlp, text, *found):
    """A document in which a network would have found these (surface, label) in order."""
    doc = nlp(text)
    at, ents = 0, []
    for surface, label in found:
        at = doc.text.index(surface, at)
        ents.append(doc.char_span(at, at + len(surface), label=label))
        at += len(surface)
    doc.ents = ents
    return doc


def tidy(nlp, text, *found):
    return [(ent.text, ent.label_) for ent in EntityTidier()(doc_of(nlp, text, *found)).ents]


@pytest.mark.parametrize(
    ("text", "found", "wanted"),
    [
        # a capital inside
        (
            "Chez nous, OpenDesk a tout changé, dit LeBlanc.",
            [("OpenDesk", "PER"), ("LeBlanc", "PER")],
            [("OpenDesk", "ORG"), ("LeBlanc", "PER")],
        ),
        # borders
        ("Je vois Mme Kerbrat demain.", [("Mme Kerbrat", "PER")], [("Kerbrat", "PER")]),
        ("On visite l'Usine bleue, là.", [("l'Usine bleue,", "ORG")], [("Usine bleue", "ORG")]),
        ("L’Atelier des Quais ouvre.", [("L’Atelier des Quais", "SPACE")], [("Atelier des Quais", "SPACE")]),
        ("J'aime La Verrière.", [("La Verrière", "SPACE")], [("La Verrière", "SPACE")]),
        ("Vivre à Saint Aubin, oui.", [("Aubin", "PER")], [("Saint Aubin", "LOC")]),
        ("Merci à Vitré Communauté.", [("Vitré", "LOC")], [("Vitré Communauté", "ORG")]),
        ("Il lit Georges le Marin, tard.", [("Georges", "PER")], [("Georges le Marin", "PER")]),
        # what is no name
        ("Le Covid et la SCOP, oui.", [("Covid", "MISC"), ("SCOP", "ORG")], []),
        ("Les Nantais sont là.", [("Nantais", "PER")], []),
        ("En 2019, oui.", [("2019", "MISC")], []),
        # labels
        ("Elle vient de Chambéry.", [("Chambéry", "PER")], [("Chambéry", "LOC")]),
        ("Avec Samia, oui.", [("Samia", "LOC")], [("Samia", "PER")]),
        ("La société Brindille recrute.", [("Brindille", "LOC")], [("Brindille", "ORG")]),
        ("Le tiers-lieu Brindille recrute.", [("Brindille", "MISC")], [("Brindille", "SPACE")]),
        ("La méthode « Pas à Pas » marche.", [("Pas", "PER")], [("Pas à Pas", "MISC")]),
        ("La Fondation Brindille aide.", [("Fondation Brindille", "LOC")], [("Fondation Brindille", "ORG")]),
        ("On prépare le Zorlab Day, oui.", [("Zorlab Day", "PER")], [("Zorlab Day", "MISC")]),
        ("Elle travaille chez Quidamo, oui.", [("Quidamo", "MISC")], [("Quidamo", "ORG")]),
        ("Chez Samia, on rit.", [("Samia", "PER")], [("Samia", "PER")]),
        (
            "De Vitré - Chambéry - Arlon, oui.",
            [("Vitré - Chambéry - Arlon", "LOC")],
            [("Vitré", "LOC"), ("Chambéry", "LOC"), ("Arlon", "LOC")],
        ),
        ("Vivre à Marche-en-Famenne, oui.", [("Marche-en-Famenne", "LOC")], [("Marche-en-Famenne", "LOC")]),
        # what the network missed
        ("Il a signé chez Quidamo Conseil hier.", [], [("Quidamo Conseil", "ORG")]),
        ("Depuis Chambéry, avec Samia Verdier.", [], [("Chambéry", "LOC"), ("Samia Verdier", "PER")]),
        ("On a lancé l'association Brindille.", [], [("Brindille", "ORG")]),
        ("Elle travaille vite et bien.", [], []),
    ],
)
def test_entities_are_tidied(blank, text, found, wanted):
    assert tidy(blank, text, *found) == wanted


def test_one_name_is_one_thing_in_a_document(blank):
    text = "Le Zorlab est calme. Au Zorlab, on rit. Zorlab ferme tard. J'aime Zorlab."
    found = tidy(blank, text, ("Zorlab", "ORG"), ("Zorlab", "ORG"), ("Zorlab", "MISC"))
    assert found == [("Zorlab", "SPACE")] * 4


def test_a_short_form_is_what_the_long_one_is(blank):
    found = tidy(blank, "L'Établi des Rives, c'est bien. À l'Établi, on rit.", ("Établi des Rives", "SPACE"), ("Établi", "MISC"))
    assert found == [("Établi des Rives", "SPACE"), ("Établi", "SPACE")]


def test_the_typography_of_a_name_does_not_matter(blank):
    found = tidy(blank, "Au Quai d'Or. Le Quai d’Or. Quai d’Or.", ("Quai d'Or", "SPACE"), ("Quai d’Or", "SPACE"), ("Quai d’Or", "MISC"))
    assert {label for _, label in found} == {"SPACE"}


def spaces(nlp, text, *found, registry=()):
    doc = SpaceLinker(known=Registry(tuple(registry)))(doc_of(nlp, text, *found))
    return [(ent.text, ent.label_, ent.kb_id_) for ent in doc.ents]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Je vais au Coworking Brindille le lundi.", "Coworking Brindille"),
        ("Le tiers-lieu Brindille est ouvert.", "Brindille"),
        ("On se voit à La Cantine Brindille demain.", "La Cantine Brindille"),
    ],
)
def test_spaces_are_known_by_how_they_are_named(blank, text, name):
    assert spaces(blank, text) == [(name, "SPACE", name)]


def test_a_bare_common_noun_is_no_space(blank):
    assert spaces(blank, "Le coworking est calme et notre espace aussi.") == []


def test_a_town_stays_a_town(blank):
    assert spaces(blank, "J'aime Coworking Tournai. Le coworking de Tournai est beau.", ("Coworking Tournai", "SPACE"), ("Tournai", "LOC"))[
        1
    ] == (
        "Tournai",
        "LOC",
        "Tournai",
    )


def test_the_registry_rules(blank):
    known = [Space(name="Coworking Valmy", aliases=("CoVal", "la Ruche de Valmy"))]
    found = spaces(blank, "CoVal et la Ruche de Valmy, c'est pareil.", ("CoVal", "PER"), registry=known)
    assert [(label, target) for _, label, target in found] == [("SPACE", "Coworking Valmy")] * 2


def test_a_person_is_named_in_full_where_the_document_does(blank):
    found = spaces(blank, "Samia Verdier arrive. Samia rit.", ("Samia Verdier", "PER"), ("Samia", "PER"))
    assert [target for *_, target in found] == ["Samia Verdier"] * 2


def test_every_entity_stays_inside_the_text(blank):
    text = "« " * 30 + "Saint - - l'" * 20 + "réseau " * 20 + "Le La Les L'"
    doc = doc_of(blank, text)
    doc.ents = [Span(doc, 0, 3, label="ORG"), Span(doc, 40, 44, label="PER")]
    for ent in SpaceLinker()(EntityTidier()(doc)).ents:
        assert 0 <= ent.start_char < ent.end_char <= len(doc.text)
