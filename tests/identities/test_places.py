"""Which names of spaces mean one space, over a whole corpus."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testimony.identities.places import own_names

SAME = """
Coworking La Louvière | l'espace de La Louvière
Coworking La Louvière | La Louvière
Coworking La Louvière | le coworking de La Louvière
Coworking La Louvière | CLL
Coworking La Louvière | Co-working La Louviere
Fab Lab Mons | FabLab Mons
Le Four à Pain | Four à pain
Le Four à Pain | espace Four à Pain
L'Écluse | Écluse
L’Écluse | L'Ecluse
Maison des Associations de Brume | MAB
Tiers-lieu Les Tanneurs | Les Tanneurs
La Grange Rose | Grange Rose
Bellerive Coworking | Coworking Belle-Rive
"""
DIFFERENT = """
Coworking Mons | Fablab Mons
Coworking Mons | Coworking Ath
Hub Mons | Tiers-lieu Mons
La Grange | Le Moulin
La Grange Rose | La Grange Bleue
L'Atelier | Le Hub
Coworking | Fablab
Coworking Saint-Roch | Coworking Saint-Marc
MDA | Coworking Ath
Maison Rigaud | Atelier Rigaud
Le Moulin Neuf | Le Moulin Vert
"""


def one_space(first: str, second: str) -> bool:
    return len(set(own_names({first: 1, second: 1}).values())) == 1


@pytest.mark.parametrize(("text", "same"), [(SAME, True), (DIFFERENT, False)])
def test_judged_pairs(text, same) -> None:
    for line in text.strip().splitlines():
        first, second = (part.strip() for part in line.split("|"))
        assert one_space(first, second) is same, line


def test_a_bare_name_that_two_kinds_of_space_bear_is_neither() -> None:
    names = own_names({"Coworking Mons": 2, "Fablab Mons": 2, "Mons": 1})
    assert len(set(names.values())) == 3


def test_initials_that_fit_two_spaces_are_neither() -> None:
    names = own_names({"Maison du Parc": 1, "Moulin des Prés": 1, "MDP": 1})
    assert names["MDP"] == "MDP"


def test_the_registry_names_the_space_and_parts_what_it_parts() -> None:
    names = own_names({"Mons": 9, "espace Mons": 1}, ["espace Mons"])
    assert set(names.values()) == {"espace Mons"}
    names = own_names({"Coworking Ath": 1, "Coworking d'Ath": 1}, ["Coworking Ath", "Coworking d'Ath"])
    assert len(set(names.values())) == 2


WORDS = st.sampled_from("Coworking Fablab Le La Hub espace Mons Ath Écluse Ecluse de du Four Pain tiers-lieu MDP Maison des Prés".split())
FORMS = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(FORMS, st.integers(1, 9), max_size=12), st.randoms())
def test_names_do_not_depend_on_the_order_and_settle_at_once(counts, random) -> None:
    found = own_names(counts)
    items = list(counts.items())
    random.shuffle(items)
    assert own_names(dict(items)) == found
    assert set(found) == set(counts)
    assert set(found.values()) <= set(counts)
    assert all(found[shown] == shown for shown in found.values())
