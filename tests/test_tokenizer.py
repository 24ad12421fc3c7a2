import unicodedata

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from testimony.tokenizer import make_tokenizer, text_of


@pytest.fixture(scope="module")
def cut():
    nlp = spacy.blank("fr")
    return make_tokenizer()(nlp)


def plain(doc):
    return [unicodedata.normalize("NFC", token.text).replace("’", "'") for token in doc]


@pytest.mark.parametrize(
    "text",
    [
        "L'équipe d'Élodie dit : « C'est parfait ! »",
        "Peut-être qu'à Évry l'été n'est pas fini ?",
        "Aujourd'hui, l'espace ouvre à 9 h ; qu'en dis-tu ?",
    ],
)
def test_every_typography_gives_the_same_tokens(cut, text):
    wanted = plain(cut(text))
    curly = text.replace("'", "’")
    unbroken = text.replace(" :", "\u00a0:").replace(" !", "\u202f!").replace(" ?", "\u202f?").replace("« ", "«\u00a0")
    for variant in (curly, unbroken, unicodedata.normalize("NFD", text), unicodedata.normalize("NFD", unbroken)):
        assert plain(cut(variant)) == wanted


def test_offsets_are_those_of_the_text_given(cut):
    text = unicodedata.normalize("NFD", "Très «\u00a0éveillée\u00a0» à Éguzon.")
    doc = cut(text)
    assert len(doc.text) == len(text)
    assert doc.text == text.replace("\u00a0", " ")
    for token in doc:
        assert token.text == doc.text[token.idx : token.idx + len(token)]


@given(st.text(alphabet="aÉe\u0301’' \u00a0\u202f\n\t.!«»-1🥕", max_size=30))
def test_the_text_that_is_kept_is_that_of_the_tokens(cut, text):
    assert text_of(cut(text)) == cut(text).text
    assert text_of(Doc(cut(text).vocab, words=["mis", "ensemble"])) == "mis ensemble "


def test_marks_that_join_words_by_mistake_are_cut(cut):
    assert [token.text for token in cut('Fini?Oui, la "Maison Bleue"et le réseau Lieux|Sud')] == [
        *('Fini', '?', 'Oui', ',', 'la', '"', 'Maison', 'Bleue', '"', 'et', 'le', 'réseau', 'Lieux', '|', 'Sud'),
    ]  # fmt: skip


def test_a_mark_without_a_letter_loses_nothing(cut):
    text = "a\u0301 \u0301 e\u0301\u0301x"
    assert cut(text).text == text


def test_survives_saving(cut):
    nlp = spacy.blank("fr")
    other = make_tokenizer()(nlp).from_bytes(cut.to_bytes())
    assert [token.text for token in other("fini?Oui")] == ["fini", "?", "Oui"]


@pytest.mark.parametrize("word", ["faux-vampire", "saut-de-ski", "pet-en-l’air", "entr'abat", "États-Unis", "GRAND-MÈRE"])
def test_words_that_are_joined_stay_one(cut, word):
    assert [token.text for token in cut(f"Voici {word} ici.")][1] == word


@pytest.mark.parametrize("word", ["c'est", "dit-il", "jus/lait"])
def test_other_words_are_cut(cut, word):
    assert len(cut(word)) > 1


def test_words_of_special_cases_are_those_of_the_vocabulary(nlp):
    for words in nlp.tokenizer.rules:
        for token in nlp.make_doc(words):
            word = nlp.vocab[token.orth]
            assert (token.prefix_, token.suffix_, token.shape_) == (word.prefix_, word.suffix_, word.shape_)
