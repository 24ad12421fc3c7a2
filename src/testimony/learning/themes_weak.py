"""Themes without labels: what a codebook's patterns and a text's words promise, learned on known themes and used for new ones."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from ..codebook import Codebook, Theme
from ..errors import ModelNotFoundError
from ..lexicon import Lexicon, Words, tokenize
from ..theming import KINDS, Reading, SentenceReader, ThemeModel, context_matrix
from ..theming.model import Floats
from .classifiers import ThemeClassifier
from .data import LabelledText
from .themes import Settings, Table

LABELLED = 8.0
"""What a labelled sentence weighs against one whose themes are only guessed."""
EXAMPLE = 4.0  # an example of the codebook, which is rarely the user's corpus in tone
LEVEL = 0.32  # threshold of a guessed theme; see `themes.Settings.level`
WITHOUT_HINTS = Lexicon([], [])
"""The lexicon suggests the built-in themes only: what is learned for other themes must do without."""


@dataclass(frozen=True)
class Promise:
    """How likely a theme is, given what any theme can have: hits of its patterns here and around, likeness to its description.

    It is learned on themes that have labels and holds for others, since nothing in it names a theme.
    """

    weights: tuple[float, ...]
    bias: float

    def predict(self, features: Floats) -> Floats:
        """Probability of each theme in each sentence, from `pair_features`."""
        return np.asarray(1.0 / (1.0 + np.exp(-(features @ np.array(self.weights) + self.bias))))

    def save(self, path: Path) -> None:
        """Write the weights as JSON."""
        path.write_text(json.dumps({"kind": "promise", "weights": self.weights, "bias": self.bias}) + "\n", "utf-8")

    @classmethod
    def load(cls, path: Path) -> Promise:
        """Read what `save` wrote.

        Raises
        ------
        ModelNotFoundError
            When the file is missing or damaged.
        """
        try:
            content = json.loads(path.read_text("utf-8"))
            return cls(tuple(map(float, content["weights"])), float(content["bias"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelNotFoundError(f"{path}: cannot be read ({error}); run `testimony train themes` again") from error


def describe(theme: Theme) -> str:
    """Everything a codebook says of a theme, as one text."""
    return " ".join((theme.label, theme.definition, *theme.inclusions, *theme.examples, *theme.patterns, *theme.hints))


def pair_features(readings: Sequence[Reading], texts: Sequence[int], codebook: Codebook) -> Floats:
    """Features of every sentence towards every theme: sentences × themes × features."""
    number, near = len(codebook.themes), len(KINDS) - 1
    signs = context_matrix(readings, texts)
    size = len(readings)
    own = signs[:, : len(KINDS) * number].reshape(size, len(KINDS), number)
    rest = signs[:, -near * number :].reshape(size, near, number)
    proof = own[:, 0]
    order = np.sort(proof, axis=1)
    rival = np.where(proof == order[:, -1:], order[:, -2:-1] if number > 1 else 0.0, order[:, -1:])
    length = np.log1p([len(reading.words.forms) for reading in readings])[:, None] * np.ones((1, number))
    likeness = _likeness([reading.words for reading in readings], codebook)
    columns = [*own.transpose(1, 0, 2), *rest.transpose(1, 0, 2), rival, length, likeness, proof * likeness, (proof > 0) * length]
    return np.stack(columns, axis=2)


def _likeness(words: Sequence[Words], codebook: Codebook) -> Floats:
    """Cosine between the lemmas of a sentence and those of a theme's description."""
    descriptions = [_content(tokenize(describe(theme))) for theme in codebook.themes]
    sentences = [_content(one) for one in words]
    vectors = TfidfVectorizer(analyzer=lambda lemmas: lemmas, sublinear_tf=True).fit(descriptions + sentences)
    return np.asarray((vectors.transform(sentences) @ vectors.transform(descriptions).T).todense())


def _content(words: Words) -> list[str]:
    return [lemma for lemma in words.lemmas if len(lemma) > 3 and lemma[0].isalpha()] or ["_"]


def teach(texts: Sequence[LabelledText], codebook: Codebook, lexicon: Lexicon = WITHOUT_HINTS) -> Promise:
    """Learn what patterns promise from labelled texts of themes that are known."""
    table = Table.build(texts, SentenceReader(codebook, lexicon), Settings())
    features = pair_features(table.readings, table.texts.tolist(), codebook)
    model = LogisticRegression(C=1.0, max_iter=1000)
    weights = np.repeat(table.weights, len(codebook.themes))
    model.fit(features.reshape(-1, features.shape[-1]), table.labels.reshape(-1), sample_weight=weights)
    return Promise(tuple(round(float(weight), 4) for weight in model.coef_[0]), round(float(model.intercept_[0]), 4))


def train_weakly(
    promise: Promise,
    codebook: Codebook,
    corpus: Sequence[Sequence[str]],
    labelled: Sequence[LabelledText] = (),
    *,
    lexicon: Lexicon = WITHOUT_HINTS,
) -> ThemeModel:
    """Train a model of a codebook from its own words, an unlabelled corpus and, where there are some, a few labelled sentences.

    Parameters
    ----------
    promise
        What `teach` learned.
    corpus
        Sentences of each unlabelled text, in order.
    labelled
        Texts labelled with the themes of the codebook.
    """
    reader = SentenceReader(codebook, lexicon)
    number = len(codebook.themes)
    readings = [reader.read(sentence) for sentences in corpus for sentence in sentences]
    places = [place for place, sentences in enumerate(corpus) for _ in sentences]
    guessed = promise.predict(pair_features(readings, places, codebook)) if readings else np.zeros((0, number))
    known = Table.build(labelled, reader, Settings(real_weight=1.0))
    examples = [(index, reader.read(text)) for index, theme in enumerate(codebook.themes) for text in theme.examples]
    shown = np.zeros((len(examples), number))
    shown[np.arange(len(examples)), [index for index, _ in examples]] = 1.0
    places += [len(corpus) + int(place) for place in known.texts]
    places += range(len(corpus) + len(labelled), len(corpus) + len(labelled) + len(examples))
    rows = ([*readings, *known.readings, *(reading for _, reading in examples)], places)
    weights = np.repeat([1.0, LABELLED, EXAMPLE], [len(readings), len(known.readings), len(examples)])
    chances = np.vstack([guessed, known.labels.reshape(-1, number), shown])
    classifier = ThemeClassifier(C=1.0).fit(rows, chances, sample_weight=weights)
    classifier.thresholds_ = np.full(number, LEVEL)
    return classifier.to_model(codebook.ids, codebook=codebook.fingerprint, guessed=len(readings), labelled=len(known.readings))
