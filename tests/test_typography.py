"""Typography says nothing: whatever apostrophes, spaces and accents a text is typed with, it is read the same."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testimony.learning.measuring import reading

ROOT = Path(__file__).parents[1]
SPACES = " \u00a0\u202f\u2009"


def sentences():
    lines = (ROOT / "training" / "testimonials.jsonl").read_text("utf-8").splitlines()[::20]
    own = [item["text"] for line in lines for item in json.loads(line)["sentences"]]
    corpus = [text for name in ("01-voyage-nantes.txt", "27-courrier-des-lecteurs.md") for text in _paragraphs(ROOT / "corpus" / name)]
    return own + corpus + HARD


def _paragraphs(path):
    return [" ".join(part.split()) for part in path.read_text("utf-8").split("\n\n") if part.strip()]


HARD = [
    "L'Église Réformée et l'Établi d'Évry s'unissent avec Lannion-Trégor Agglomération : « C'est l'été à la Fabrique ! »",
    "Éloïse m'a dit 'non', puis «oui». Qu'est-ce qu'on fait aujourd'hui à Saint-Éloi ? N'importe quoi :'-(",
    "Le réseau Bréhat a rejoint la pépinière Élan, la méthode « Étape » et l'association Écho d'Éguzon.",
]


@st.composite
def typed(draw):
    """A text and the same text typed otherwise, each sign at random."""
    text = draw(st.sampled_from(sentences()))
    text = text.replace("’", "'").translate(dict.fromkeys(map(ord, SPACES), " "))
    choice = draw(st.randoms(use_true_random=False))
    other = "".join(
        choice.choice("'’") if char == "'" else choice.choice(SPACES) if char == " " else char for char in draw(decomposed(text))
    )
    return text, other


def decomposed(text):
    return st.sampled_from(["NFC", "NFD"]).map(lambda form: unicodedata.normalize(form, text))


@settings(max_examples=60, deadline=None)
@given(typed())
def test_a_text_is_read_the_same_however_it_is_typed(nlp, pair):
    text, other = pair
    assert reading(nlp(other)) == reading(nlp(text))


@pytest.mark.parametrize("text", HARD)
def test_the_space_inside_quotation_marks_does_not_matter(nlp, text):
    assert reading(nlp(text.replace("« ", "«").replace(" »", "»"))) == reading(nlp(text))


@settings(max_examples=60, deadline=None)
@given(typed())
def test_offsets_are_those_of_the_text_as_typed(nlp, pair):
    _, other = pair
    doc = nlp(other)
    assert len(doc.text) == len(other)
    assert doc.text == other.translate(dict.fromkeys(map(ord, SPACES), " "))
