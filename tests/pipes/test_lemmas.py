import pytest
from spacy.tokens import Doc
from spacy.vocab import Vocab

from testimony.errors import ModelNotFoundError
from testimony.pipes.lemmas import FILE, Lemmatizer


def make(*rows):
    return Doc(Vocab(), words=[word for word, *_ in rows], pos=[pos for _, pos, _ in rows], lemmas=[lemma for *_, lemma in rows])


def lemmas(table, *rows):
    return [token.lemma_ for token in Lemmatizer(table=table)(make(*rows))]


def test_a_table_knows_best_then_the_dictionary_and_the_rest_is_left_to_the_network():
    table = {("est", "NOUN"): "est", ("l'", "DET"): "le"}
    rows = (
        ("Est", "NOUN", ""),
        ("L’", "DET", ""),
        ("exerçait", "VERB", ""),
        ("coworkait", "VERB", ""),
        ("Rome", "PROPN", ""),
        ("chevaux", "NOUN", "poney"),
    )
    assert lemmas(table, *rows) == ["est", "le", "exercer", "", "", "poney"]


def test_no_word_of_the_shipped_pipeline_is_without_a_lemma(nlp):
    doc = nlp("Nous coworkions à Trifouilly-les-Bains 3 fois par semaine :-) et le zblurg chantonnait.")
    assert all(token.lemma_ for token in doc)


def test_without_a_table_only_missing_lemmas_are_filled():
    assert lemmas({}, ("allait", "VERB", "venir"), ("chevaux", "NOUN", ""), ("zblurg", "NOUN", "")) == ["venir", "cheval", "zblurg"]


def test_the_table_survives_saving(tmp_path):
    one = Lemmatizer(table={("été", "AUX"): "être"})
    one.to_disk(tmp_path)
    assert Lemmatizer().from_disk(tmp_path).table == one.table
    assert Lemmatizer().from_bytes(one.to_bytes()).table == one.table
    assert one.to_bytes() == one.to_bytes()


def test_a_broken_table_is_explained(tmp_path):
    (tmp_path / FILE).write_bytes(b"no")
    with pytest.raises(ModelNotFoundError, match="lemmas"):
        Lemmatizer().from_disk(tmp_path)
