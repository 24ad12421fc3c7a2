import numpy as np
import spacy

from testimony.embedding import WordTable, fill, make_embed, word_keys

WORDS = ["Rose", "rose", "l'", "été"]


def table():
    vectors = np.eye(4, dtype=np.float32) + 0.1
    return WordTable.pack(word_keys(WORDS), vectors)


def test_a_word_is_found_as_written_then_in_lower_case():
    found = table().look_up(["Rose", "rose", "Été", "ROSE", "inconnu"])
    assert not np.array_equal(found[0], found[1])
    assert np.array_equal(found[2], table().look_up(["été"])[0])
    assert np.array_equal(found[3], found[1])
    assert found[4].tolist() == [0, 0, 0, 0, 1]
    assert found[:4, -1].tolist() == [0, 0, 0, 0]


def test_typography_does_not_change_a_vector():
    found = table().look_up(["l'", "l’", "été", "e\u0301te\u0301"])
    assert np.array_equal(found[0], found[1])
    assert np.array_equal(found[2], found[3])


def test_bytes_keep_what_vectors_say():
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(200, 16)).astype(np.float32)
    words = [f"mot{number}" for number in range(200)]
    back = WordTable.pack(word_keys(words), vectors).look_up(words)[:, :-1]
    assert np.corrcoef(back.ravel(), vectors.ravel())[0, 1] > 0.99


def test_an_empty_table_is_a_network_without_vectors():
    found = WordTable(np.zeros(0, np.uint64), np.zeros((0, 4), np.int8), np.ones(4, np.float32)).look_up(["été"])
    assert found.tolist() == [[0, 0, 0, 0, 1]]


def test_the_layer_reads_docs_and_survives_saving():
    nlp = spacy.blank("fr")
    docs = [nlp("une rose"), nlp(""), nlp("l’été à Rose")]
    model = make_embed(8, ["NORM", "SHAPE"], [50, 50], 4)
    fill(model, table())
    model.initialize(X=docs)
    rows = model.predict(docs)
    assert [row.shape for row in rows] == [(2, 8), (0, 8), (4, 8)]
    other = make_embed(8, ["NORM", "SHAPE"], [50, 50], 4)
    other.initialize(X=docs)
    other.from_bytes(model.to_bytes())
    assert np.allclose(other.predict(docs)[2], rows[2])


def test_a_word_read_once_a_batch_gets_what_every_place_of_it_would_get():
    nlp = spacy.blank("fr")
    docs = [nlp("une rose est une rose"), nlp("Une rose")]
    model = make_embed(8, ["NORM", "SHAPE"], [50, 50], 4)
    fill(model, table())
    model.initialize(X=docs)
    each, _ = model(docs, is_train=True)
    for once, usual in zip(model.predict(docs), each, strict=True):
        assert np.allclose(once, usual, atol=1e-6)
