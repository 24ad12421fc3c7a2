"""Sentence ends in sentences of our own; a bar marks where the next one begins."""

import pytest
import spacy

from testimony.pipes.sentences import SentenceMender

CUT = [
    "M. Kerbrat nous a reçus.| On est restés.",
    "J'ai rencontré M. Verdier et Mme. Lambert.| Ils gèrent tout.",
    "La rue St. Martin est calme.| On y dort bien.",
    "Le Dr. Samia Verdier exerce ici.| Elle loue un bureau.",
    "C'est l'idée de J. Martin.| Il l'a eue en mars.",
    "On y trouve des bureaux, des cafés, etc. et c'est bien.",
    "On y trouve des bureaux, etc.| C'est bien.",
    "Elle a dit : « C'est trop bruyant. | Je ne reviendrai pas. »| Et elle est partie.",
    "« Le lieu est beau.| L'équipe est top.| On revient ! »",
    "Je ne savais pas…| Puis j'ai compris.",
    "On hésite… mais on vient.",
    "C'est cher… très cher.",
    "Il est arrivé à 9 h. précises.",
    "Rendez-vous av. de la Gare, no. 12.| Venez !",
    "Nous payons 150 € p. mois.| C'est peu.",
    "Voir p. 12 et chap. 3.| Tout y est.",
    "\"C'est parfait.\"| Voilà ce qu'il dit.",
    'Il a dit "C\'est parfait." | Voilà.',
    "(Nous étions trois.)| Puis dix.",
    "Super !!!| Merci !",
    "Vraiment ?!| Oui.",
    "L'adresse est www.exemple.fr et le mail a.b@exemple.fr.| Écrivez !",
    "La S.A.R.L. Brindille est née en 2012.| Depuis, elle grandit.",
    "Nous avons commencé en sept. 2019.| Depuis, tout va bien.",
    "Le lieu (ex. l'Atelier) est grand.| On y tient.",
    "Mgr. Dupont et Me. Lenoir sont venus.| C'était bien.",
    "On a ouvert vers 1990 env. et fermé en 2001.",
    "L'env. est top.| J'adore !",
    "Bonjour ! | Je m'appelle Léa…| Je code.",
    "Art. 3 : tout membre vote.| Art. 4 : le bureau décide.",
    "Vol. 2 et éd. revue.| Merci.",
    "La société Brindille S.A. recrute.| Postulez.",
    "C'est le n° 3 bd. Victor Hugo.| Sonnez deux fois.",
    "Le tarif est de 3.50 euros.| C'est donné.",
    "On y va ?| - Oui.| - Alors en route.",
    "D'après l'article (voir « Ouvrir ! » p. 4), tout va bien.| On verra.",
    "« On a ouvert en mai. »| Depuis, Léa gère le lieu.",
    "Il paraît que MM. Petit et Roy arrivent.| Ils sont en retard.",
    'Elle a demandé "vous ouvrez quand ?"| Personne ne savait.',
    "« On verra. »| Est-elle partie ?",
    "Celui-ci est parti.| Celle-là reste.",
]


@pytest.mark.parametrize("text", CUT)
def test_sentences_end_where_a_reader_ends_them(nlp, text):
    wanted = [part.strip() for part in text.split("|")]
    assert [sent.text for sent in nlp(" ".join(wanted)).sents] == wanted


def test_paragraphs_and_items_of_lists_are_sentences(nlp):
    text = "Chère équipe\n\nLe lieu est calme,\n\ncar vide. On y revient.\n\nCordialement\n\nIl nous faut :\n- un four ;\n- une\nprime.\n"
    assert [" ".join(sent.text.split()) for sent in nlp(text).sents] == [
        "Chère équipe", "Le lieu est calme, car vide.", "On y revient.", "Cordialement", "Il nous faut :", "- un four ;", "- une prime.",
    ]  # fmt: skip


@pytest.fixture
def blank():
    nlp = spacy.blank("fr")
    nlp.add_pipe("sentencizer")
    return nlp


def test_speech_without_capitals_keeps_its_sentences(blank):
    text = "et puis… on est partis. c'était bien. mais… voilà. on verra."
    doc = blank(text)
    for token in doc:
        if token.i and token.nbor(-1).text == "…":
            token.is_sent_start = True
    before = [sent.text for sent in doc.sents]
    assert [sent.text for sent in SentenceMender()(doc).sents] == before


def test_the_sentences_of_a_parser_stay(blank):
    doc = spacy.tokens.Doc(blank.vocab, words=["Le", "chap.", "3"], heads=[1, 1, 2], deps=["det", "ROOT", "ROOT"])
    assert len(list(SentenceMender()(doc).sents)) == 2


def test_a_pipeline_of_another_program_gets_it_too(tmp_path, blank):
    from testimony import pipeline

    blank.to_disk(tmp_path / "autre")
    other = pipeline.load(str(tmp_path / "autre"))
    assert [sent.text for sent in other("Voir le chap. 3 et l'éd. revue. Merci !").sents] == ["Voir le chap. 3 et l'éd. revue.", "Merci !"]
