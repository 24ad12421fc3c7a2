"""The voices that the encoder of `encoder.py` is measured beside: linear models and a small convolutional network (spaCy's tok2vec)."""

import json
import lzma
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import spacy
from sklearn.linear_model import LogisticRegression
from spacy.ml.models.tok2vec import build_hash_embed_cnn_tok2vec
from thinc.api import Adam, Linear, Model, chain, fix_random_seed, list2ragged, reduce_mean

from testimony.learning import sentiment, themes
from testimony.learning.classifiers import ThemeClassifier
from testimony.learning.encoder.finetuning import Settings
from testimony.learning.polarity_data import load_reviews
from testimony.learning.polarity_text import vectorize
from testimony.polarity.terms import terms
from testimony.theming import surface
from testimony.theming.model import weigh
from testimony.types import POLARITIES

REVIEWS = 500  # of each set
PASSES = 1  # of the convolutional network over the sentences
WORDS = 1_000_000  # that it is pretrained on
CONFIG = """
[paths]
raw_text = null
[nlp]
lang = "fr"
pipeline = ["tok2vec"]
[components]
[components.tok2vec]
factory = "tok2vec"
[components.tok2vec.model]
@architectures = "spacy.HashEmbedCNN.v2"
pretrained_vectors = null
width = 96
depth = 4
embed_size = 2000
window_size = 1
maxout_pieces = 3
subword_features = true
[pretraining]
max_epochs = 1
dropout = 0.2
component = "tok2vec"
[pretraining.batcher]
@batchers = "spacy.batch_by_words.v1"
size = 3000
discard_oversize = false
tolerance = 0.2
[pretraining.objective]
@architectures = "spacy.PretrainCharacters.v1"
maxout_pieces = 3
hidden_size = 300
n_characters = 4
[pretraining.optimizer]
@optimizers = "Adam.v1"
learn_rate = 0.001
"""


def odds(chances):
    """Probabilities as logits."""
    inside = np.clip(chances, 1e-5, 1 - 1e-5)
    return np.log(inside / (1 - inside))


def timed(texts, answer):
    """What `answer` says of texts, and how many words it takes a second on one core."""
    clock = time.process_time()
    found = answer(texts)
    seconds = time.process_time() - clock
    return found, np.array(sum(len(sentence.text.split()) for text in texts for sentence in text.sentences) / seconds)


def answered(bench, held, answer):
    """Logits of themes and polarity that `answer` gives for what was held out and for the gold, and its speed."""
    result = dict(zip(("gold_themes", "gold_polarity"), answer(bench.gold), strict=True))
    found, speed = timed(held, answer)
    return result | dict(zip(("held_themes", "held_polarity"), found, strict=True)) | {"speed": speed}


def _themes(bench, rest, own, others, kind):
    """Fit the estimators of themes on readings of one kind."""
    rows = bench.rows([text for text in rest if text.kind != "plain"])
    settings = themes.Settings()
    model = ThemeClassifier(settings.C, settings.min_count, own, others)
    readings = bench.readings[kind]
    weights = np.array([settings.weights[bench.kinds[row]] for row in rows])
    return model.fit(([readings[row] for row in rows], bench.numbers[rows].tolist()), bench.truth["labels"][rows], sample_weight=weights)


def words(bench, seed, _):
    """Linear models over words, pairs and pieces of words, without lexicon, codebook and grammar."""
    rest, held = bench.parts(seed)
    rows, weights = bench.rows(rest), sentiment.Settings().weights
    classifier = _themes(bench, rest, 0.0, 0.0, "bare")
    matrix = vectorize([bench.bags[row] for row in rows], *bench.vocabulary) * sentiment.Settings().sparse_scale
    mood = LogisticRegression(C=0.03, max_iter=200)
    mood.fit(matrix, bench.truth["polarity"][rows], sample_weight=[weights[bench.kinds[row]] for row in rows])
    reader = bench.readers["bare"]

    def answer(texts):
        sentences = [sentence.text for text in texts for sentence in text.sentences]
        features = weigh(surface([reader.read(text) for text in sentences]), classifier.idf_).matrix()
        bags = [list(terms(bench.grammar.read(text)._replace(evidence=[]))) for text in sentences]
        sparse = vectorize(bags, *bench.vocabulary) * sentiment.Settings().sparse_scale
        return features @ classifier.coef_[: features.shape[1]] + classifier.intercept_, mood.decision_function(sparse)

    return {"linear, words only": answered(bench, held, answer)}


def linear(bench, seed, _):
    """The shipped kind: words beside codebook, lexicon and grammar, neighbours, reviews."""
    rest, held = bench.parts(seed)
    classifier = _themes(bench, rest, themes.Settings().own, 0.2, "full")
    model = classifier.to_model(bench.codebook.ids)
    learned = np.zeros(len(bench.prepared.labels), bool)
    learned[bench.rows(rest)] = True
    mood = sentiment.assemble(bench.prepared, bench.mood, learned)
    reader = bench.readers["full"]

    def answer(texts):
        readings = [reader.read(sentence.text) for text in texts for sentence in text.sentences]
        numbers = [number for number, text in enumerate(texts) for _ in text.sentences]
        verdicts = mood.read(bench.grammar, [[sentence.text for sentence in text.sentences] for text in texts])
        chances = [verdict.probabilities for group in verdicts for verdict in group]
        return odds(model.probabilities(readings, numbers)), np.log(np.clip(chances, 1e-5, 1))

    return {"linear + lexicon": answered(bench, held, answer)}


def prepared(bench):
    """Features of the shipped kind of polarity model for all sentences that may be learned from."""
    reviews = load_reviews(bench.shared / "data/sentiment/reviews", limit=REVIEWS)
    return sentiment.prepare(bench.real + bench.written, reviews, bench.grammar, bench.mood)


def _network():
    tok2vec = build_hash_embed_cnn_tok2vec(
        width=96, depth=4, embed_size=2000, window_size=1, maxout_pieces=3, subword_features=True, pretrained_vectors=None
    )
    return chain(tok2vec, list2ragged(), reduce_mean(), Linear(12 + len(POLARITIES), 96))


def pretrained(bench):
    """Weights that `spacy pretrain` gives for a slice of the raw text."""
    folder = bench.work / "pretrain"
    found = sorted(folder.glob("model*.bin"))
    if not found:
        folder.mkdir(exist_ok=True)
        (folder / "config.cfg").write_text(CONFIG, "utf-8")
        with (
            lzma.open(bench.shared / "data/raw/french-text.txt.xz", "rt", encoding="utf-8") as lines,
            (folder / "raw.jsonl").open("w") as file,
        ):
            count = 0
            for number, line in enumerate(lines):
                if number % 10 == 0:  # of every kind of text
                    count += len(line.split())
                    file.write(json.dumps({"text": line.strip()}) + "\n")
                if count > WORDS:
                    break
        filled = folder / "filled.cfg"
        python = [sys.executable, "-m", "spacy"]
        subprocess.run([*python, "init", "fill-config", str(folder / "config.cfg"), str(filled), "--pretraining"], check=True)
        subprocess.run([*python, "pretrain", str(filled), str(folder), "--paths.raw_text", str(folder / "raw.jsonl")], check=True)
        found = sorted(folder.glob("model*.bin"))
    return found[-1].read_bytes()


def convolutional(bench, seed, _, start=None, name="tok2vec CNN"):
    """A convolutional network over words, the mean of a sentence, a linear layer."""
    rest, held = bench.parts(seed)
    fix_random_seed(seed)
    model: Model = _network()
    rows = bench.rows(rest)
    model.initialize(X=bench.docs[:2], Y=np.zeros((2, 16), np.float32))
    if start is not None:
        model.layers[0].from_bytes(start)
    weights = np.array([Settings().weights[bench.kinds[row]] for row in rows], np.float32)[:, None]
    known = np.array([[bench.kinds[row] != "plain"] for row in rows], np.float32)
    target = np.hstack([bench.truth["labels"], np.eye(4)[bench.truth["polarity"]]])[rows].astype(np.float32)
    optimizer, draw = Adam(0.002), np.random.default_rng(seed)
    for _ in range(PASSES):
        for chosen in np.array_split(draw.permutation(len(rows)), len(rows) // 64 + 1):
            scores, back = model.begin_update([bench.docs[rows[at]] for at in chosen])
            themes_part = (1 / (1 + np.exp(-scores[:, :12])) - target[chosen, :12]) * known[chosen] * 0.7
            powers = np.exp(scores[:, 12:] - scores[:, 12:].max(1, keepdims=True))
            mood_part = powers / powers.sum(1, keepdims=True) - target[chosen, 12:]
            back((np.hstack([themes_part, mood_part]) * weights[chosen] / len(chosen)).astype(np.float32))
            model.finish_update(optimizer)

    def answer(texts):
        docs = [bench.nlp.make_doc(sentence.text) for text in texts for sentence in text.sentences]
        scores = np.vstack([model.predict(docs[at : at + 128]) for at in range(0, len(docs), 128)])
        return scores[:, :12], scores[:, 12:]

    return {name: answered(bench, held, answer)}


def convolutional_pretrained(bench, seed, _):
    """The same network, its lower part pretrained by `spacy pretrain`."""
    return convolutional(bench, seed, _, pretrained(bench), "tok2vec CNN, pretrained")


def blank():
    """Tokenizer of the convolutional network."""
    return spacy.blank("fr")


def bare(codebook):
    """A codebook of the same themes without any pattern."""
    return replace(codebook, themes=tuple(replace(theme, patterns=(), hints=(), counter_patterns=()) for theme in codebook.themes))
