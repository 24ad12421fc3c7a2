"""The recipe of the encoder, in small: runs where the extra `train` is installed."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")
pytest.importorskip("tokenizers")

from testimony.encoder import Encoder, cut  # noqa: E402
from testimony.learning.encoder import export, finetuning, pretraining  # noqa: E402
from testimony.learning.encoder.network import Shape  # noqa: E402

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
    items = finetuning.make_windows(texts, tokenizer, THEMES, settings)
    table = finetuning.Table.build(items, len(THEMES), "cpu")
    state = pretraining.Body(SMALL).state_dict()
    network = finetuning.finetune(state, SMALL, table, finetuning.Rows(torch.arange(len(items))), settings)
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
    found = finetuning.predict(encoder[1], finetuning.Table.build(encoder[2], len(THEMES), "cpu"), [0])
    read = encoder[0].read([LINES[0], LINES[0]])
    assert np.allclose(read[0].polarity, found["polarity"][0], atol=0.1)


def test_odd_texts_have_an_opinion(encoder):
    reads = encoder[0].read(["", " ", "?", "x" * 5000, "mot " * 2000])
    assert len(reads) == 5
    assert all(np.isfinite(read.polarity).all() and read.polarity.shape == (4,) for read in reads)
    assert encoder[0].read([]) == []
