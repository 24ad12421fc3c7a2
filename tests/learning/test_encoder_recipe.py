"""The recipe of the encoder, in small: runs where the extra `train` is installed."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")
pytest.importorskip("tokenizers")

from testimony.codebook import Codebook  # noqa: E402
from testimony.encoder import Encoder, cut  # noqa: E402
from testimony.learning.corpora import Sentence, Token, locate  # noqa: E402
from testimony.learning.data import LabelledSentence, LabelledText  # noqa: E402
from testimony.learning.encoder import clues as given  # noqa: E402
from testimony.learning.encoder import export, finetuning, pretraining, probes  # noqa: E402
from testimony.learning.encoder.network import Shape  # noqa: E402
from testimony.learning.encoder.windows import Rows, Table, entities, make_windows  # noqa: E402
from testimony.lexicon import Lexicon  # noqa: E402
from testimony.polarity import Grammar  # noqa: E402
from testimony.theming import SentenceReader  # noqa: E402

LINES = [f"La salle {number} est calme, l'accueil est chaleureux et Nadège vit à Arlon." for number in range(300)]
SMALL = Shape(vocabulary=400, width=32, layers=2, heads=2)
THEMES = ("amenagement", "animation")


@pytest.fixture(scope="module")
def tokenizer():
    return pretraining.train_tokenizer(iter(LINES), SMALL.vocabulary)


@pytest.fixture(scope="module")
def encoder(tokenizer, tmp_path_factory):
    folder = tmp_path_factory.mktemp("encoder")
    sentence = {"text": LINES[0], "themes": {"amenagement": "positive"}, "polarity": "positive", "entities": [(51, 57, "PER")]}
    texts = [{"kind": "real", "id": str(n), "group": str(n), "sentences": [sentence, sentence]} for n in range(4)]
    settings = finetuning.Settings(epochs=2, batch=2)
    items = make_windows(texts, tokenizer, THEMES)
    table = Table.build(items, len(THEMES), "cpu")
    state = pretraining.Body(SMALL).state_dict()
    network = finetuning.finetune(state, SMALL, table, Rows(torch.arange(len(items))), settings)
    export.export(network, tokenizer, THEMES, {}, folder)
    return Encoder.load(folder), network, items


def test_an_interrupted_pretraining_ends_as_an_undisturbed_one(tokenizer, tmp_path):
    shape = Shape(**{**SMALL.to_dict(), "vocabulary": tokenizer.get_vocab_size()})
    stream = pretraining.stream_of(iter(LINES), tokenizer)
    said = []

    def run(folder, steps, limit=None):
        def say(line):
            said.append(line)
            if limit and line.startswith(f"step {limit} "):
                raise KeyboardInterrupt

        settings = pretraining.Settings(steps=steps, batch=2, every=2)
        return pretraining.pretrain(stream, tokenizer, shape, settings, folder, say).state_dict()

    whole = run(tmp_path / "whole", 4)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "cut", 4, limit=4)
    again = run(tmp_path / "cut", 4)
    assert sum(line.startswith("step 2 ") for line in said) == 2  # not done again by the run that went on
    assert all(torch.allclose(whole[name], again[name], atol=1e-5) for name in whole)


def test_spans_are_places_in_the_sentence(tokenizer):
    text = "Élodie aime l’Atelier 😀 !"
    (piece,) = cut(tokenizer, [text])
    assert piece.spans[0][0] == 0
    assert all(0 <= start <= end <= len(text) for start, end in piece.spans)


def test_typography_changes_nothing(encoder):
    plain, fancy = encoder[0].read(["L'accueil est calme : oui."]), encoder[0].read(["L’accueil est calme\u00a0: oui."])
    assert np.array_equal(plain[0].polarity, fancy[0].polarity)


def test_a_text_is_read_alike_whatever_was_read_before(encoder):
    alone = encoder[0].read(LINES[:3])
    encoder[0].read(["Autre chose."] * 90)
    again = encoder[0].read(LINES[:3])
    assert all(np.array_equal(a.themes, b.themes) and np.array_equal(a.tags, b.tags) for a, b in zip(alone, again, strict=True))


def test_eight_bits_say_what_the_network_says(encoder):
    found = finetuning.predict(encoder[1], Table.build(encoder[2], len(THEMES), "cpu"), [0])
    read = encoder[0].read([LINES[0], LINES[0]])
    assert np.allclose(read[0].polarity, found["polarity"][0], atol=0.1)


def test_odd_texts_have_an_opinion(encoder):
    reads = encoder[0].read(["", " ", "?", "x" * 5000, "mot " * 2000])
    assert len(reads) == 5
    assert all(np.isfinite(read.polarity).all() and read.polarity.shape == (4,) for read in reads)
    assert encoder[0].read([]) == []


def test_entities_are_read_from_tags_without_the_space_before_them(tokenizer):
    sentence = {"text": LINES[0], "entities": locate(LINES[0], [("Nadège", "PER"), ("Arlon", "LOC")])}
    (window,) = make_windows([{"kind": "real", "id": "1", "group": "1", "sentences": [sentence]}], tokenizer, THEMES)
    (piece,) = cut(tokenizer, [LINES[0]])
    found = entities(window.tags[1:], piece.spans, LINES[0])
    assert [(LINES[0][start:end], label) for start, end, label in found] == [("Nadège", "PER"), ("Arlon", "LOC")]


def test_clues_decide_where_words_cannot_and_may_be_missing(tokenizer, tmp_path):
    texts = [
        {
            "kind": "real",
            "id": str(n),
            "group": str(n),
            "sentences": [{"text": LINES[0], "themes": dict.fromkeys(THEMES[:side]), "clues": 1 + side}],
        }
        for n in range(8)
        for side in (0, 1)
    ]
    clues = np.array([[0, 0, 0], [-1, 1, 1], [1, -1, 1]], np.float32)
    table = Table.build(make_windows(texts, tokenizer, THEMES), len(THEMES), "cpu", clues)
    settings = finetuning.Settings(epochs=30, batch=16, rate=3e-2)
    network = finetuning.finetune(pretraining.Body(SMALL).state_dict(), SMALL, table, Rows(torch.arange(len(texts))), settings)
    found = finetuning.predict(network, table)["themes"][:, 0]
    assert (found[1::2] > 0).all()
    assert (found[::2] < 0).all()
    unaided = finetuning.predict(network, table, aided=False)["themes"][:, 0]
    assert np.allclose(unaided, unaided[0], atol=1e-4)  # the same words, the same answer
    export.export(network, tokenizer, THEMES, {}, tmp_path)
    encoder = Encoder.load(tmp_path)
    assert encoder.read([LINES[0]], clues[2:])[0].themes[0] > 0 > encoder.read([LINES[0]], clues[1:2])[0].themes[0]
    assert abs(encoder.read([LINES[0]])[0].themes[0] - unaided[0]) < 0.2


def test_what_lexicon_and_codebook_see_tells_sentences_apart_and_nothing_known_is_zeros():
    sentences = ("L'accueil est chaleureux.", "Le tarif est trop cher.", "Il pleut.")
    text = LabelledText(
        id="1",
        group="1",
        source="s",
        kind="real",
        sentences=tuple(LabelledSentence(text=one, themes={}, polarity="neutral") for one in sentences),
    )
    rows = given.amounts([text], SentenceReader(Codebook.builtin(), Lexicon.load()), Grammar.load())
    table = given.scaled(rows, rows)
    assert not table[0].any()
    assert (table[1:, -1] == 1).all()
    assert np.abs(table).max() <= given.LIMIT
    assert len(np.unique(table, axis=0)) == 4


def test_a_linear_probe_reads_parts_of_speech_off_the_states(tokenizer):
    tagged = [Token("La", True, "DET"), Token("salle", True, "NOUN"), Token("est", True, "AUX"), Token("calme", False, "ADJ")]
    turned = [Token("Nadège", True, "PROPN"), Token("est", True, "AUX"), Token("calme", False, "ADJ")]
    sentences = [Sentence(str(number), [tagged, turned][number % 2]) for number in range(600)]
    body = pretraining.Body(SMALL)
    rows, tags = probes.word_states(body, tokenizer, sentences[:2])
    assert rows.shape == (7, 2 * SMALL.width)
    assert tags == ["DET", "NOUN", "AUX", "ADJ", "PROPN", "AUX", "ADJ"]
    assert probes.tag_accuracy(body, tokenizer, sentences, sentences[:10]) > 0.9
    mixed = [Sentence("x", [Token("La", True, "ADJ"), Token("salle", False, "DET")])]
    assert probes.tag_accuracy(body, tokenizer, sentences, mixed) < 0.5


def test_a_word_is_its_own_neighbour_no_more(tokenizer):
    near = probes.neighbours(pretraining.Body(SMALL), tokenizer, ["salle"], ["salle", "calme", "accueil"], 2)
    assert sorted(near["salle"]) == ["accueil", "calme"]
