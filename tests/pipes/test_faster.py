import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.pipeline.edit_tree_lemmatizer import EditTreeLemmatizer
from spacy.pipeline.ner import EntityRecognizer
from spacy.pipeline.tagger import Tagger
from spacy.pipeline.tok2vec import Tok2Vec

from testimony.pipes import tok2vec

WORDS = "Anne Dupont Lyon La Grange aux Idées , de l' à Nantes . « Coopérative Du Sens des Mots » \n SNCF Le Puy-en-Velay".split(" ")


def network(nlp, texts):
    """Documents as the network leaves them before it looks for entities."""
    docs = [nlp.make_doc(text) for text in texts]
    for name in ("tok2vec", "senter", "morphologizer"):
        docs = list(nlp.get_pipe(name).pipe(docs))
    return docs


def entities(docs):
    return [[(ent.start, ent.end, ent.label_) for ent in doc.ents] + [token.ent_iob for token in doc] for doc in docs]


def check(nlp, texts):
    ner, docs = nlp.get_pipe("ner"), network(nlp, texts)
    others = [doc.copy() for doc in docs]
    ner.set_annotations(docs, ner.predict(docs))
    EntityRecognizer.set_annotations(ner, others, EntityRecognizer.predict(ner, others))
    assert entities(docs) == entities(others)
    return docs


def test_entities_are_those_of_spacy(nlp, demo):
    docs = check(nlp, demo.testimonials["text"].tolist())
    assert sum(len(doc.ents) for doc in docs) > 50
    assert any(len(ent) > 2 for doc in docs for ent in doc.ents)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join), min_size=1, max_size=5))
def test_entities_are_those_of_spacy_whatever_the_text(nlp, texts):
    check(nlp, texts)


def test_entities_that_were_there_are_left_to_spacy(nlp):
    (doc,) = network(nlp, ["Anne Dupont habite à Lyon."])
    doc.set_ents([doc.char_span(0, 4, label="ORG")])
    ner = nlp.get_pipe("ner")
    ner.set_annotations([doc], ner.predict([doc]))
    assert (doc.ents[0].text, doc.ents[0].label_) == ("Anne", "ORG")
    assert "Lyon" in [ent.text for ent in doc.ents]


def test_edit_trees_are_chosen_as_spacy_does_and_only_where_a_lemma_is_missing(nlp, demo):
    lemmatizer = nlp.get_pipe("trainable_lemmatizer")
    docs = network(nlp, [*demo.testimonials["text"].head(40), ""])
    usual = EditTreeLemmatizer.predict(lemmatizer, docs)
    assert all(map(np.array_equal, lemmatizer.predict(docs), usual))
    docs[0][0].lemma_ = "gardé"
    assert lemmatizer.predict(docs)[0].tolist() == [-1, *usual[0][1:]]
    lemmatizer.set_annotations(docs, lemmatizer.predict(docs))
    assert docs[0][0].lemma_ == "gardé"
    assert all(token.lemma_ for doc in docs for token in doc)


@pytest.mark.parametrize("text", ["", " ", "\n"])
def test_a_text_without_words_is_no_trouble(nlp, text):
    assert not nlp(text).ents


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join), max_size=5))
def test_words_among_their_neighbours_look_as_with_spacy(nlp, texts):
    component, docs = nlp.get_pipe("tok2vec"), [nlp.make_doc(text) for text in texts]
    usual = Tok2Vec.predict(component, docs) if docs else []
    for ours, theirs in zip(component.predict(docs), usual, strict=True):
        assert ours.shape == theirs.shape
        np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_a_word_looks_the_same_whatever_document_is_beside(nlp, demo):
    component = nlp.get_pipe("tok2vec")
    docs = [nlp.make_doc(text) for text in demo.testimonials["text"].head(12)]
    for doc, together in zip(docs, component.predict(docs), strict=True):
        np.testing.assert_allclose(together, component.predict([doc])[0], atol=1e-4)


def test_words_that_look_the_same_get_the_labels_that_spacy_gives(nlp, demo):
    docs = [nlp.make_doc(text) for text in [*demo.testimonials["text"].head(12), "", "Oui."] * 2]
    vectors = nlp.get_pipe("tok2vec")
    vectors.set_annotations(docs, vectors.predict(docs))
    for name in ("senter", "morphologizer"):
        tagger = nlp.get_pipe(name)
        assert all(map(np.array_equal, tagger.predict(docs), Tagger.predict(tagger, docs)))
        # Rows of several batches, or rows that somebody changed, tell nothing of what they share.
        for doc in docs[:3]:
            doc.tensor = doc.tensor * 1
        assert all(map(np.array_equal, tagger.predict(docs), Tagger.predict(tagger, docs)))


def test_what_is_said_again_and_what_is_not_look_alike(nlp, demo, monkeypatch):
    component = nlp.get_pipe("tok2vec")
    docs = [nlp.make_doc(text) for text in demo.testimonials["text"].head(12).tolist() * 2]
    shared = component.predict(docs)
    monkeypatch.setattr(tok2vec, "_MOST", 0)  # as with more words than windows can be told of
    for ours, alone in zip(shared, component.predict(docs), strict=True):
        np.testing.assert_allclose(ours, alone, atol=1e-4)


def test_a_network_of_another_make_is_left_to_spacy():
    blank = spacy.blank("fr")
    component = blank.add_pipe("tok2vec")  # spaCy's usual embedding
    blank.initialize()
    doc = blank.make_doc("Anne Dupont habite à Lyon.")
    assert np.array_equal(component.predict([doc])[0], Tok2Vec.predict(component, [doc])[0])
