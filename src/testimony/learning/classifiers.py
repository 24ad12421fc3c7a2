"""Multi-label estimator over sentence features, with a threshold per theme."""
# Signs are scaled before the fit, which is regularised: a theme's own signs in the sentence and in the rest of its text are trusted
# more than those of other themes; the neighbouring sentences alone taught nothing that held on unseen sources.

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression

from ..theming import KINDS, Reading, Surface, ThemeModel, context_matrix, surface
from ..theming.features import BITS
from ..theming.model import Floats, weigh


class ThemeClassifier(ClassifierMixin, BaseEstimator):
    """One logistic regression per theme.

    `X` is a pair: readings of sentences in order, and the number of the text each stands in.

    Parameters
    ----------
    C
        Inverse strength of regularisation.
    min_count
        Surface features seen in fewer sentences are left out.
    own, others
        Scale of the signs for the theme itself and for the other themes; 0 leaves them out.
    rarity
        Weight of each surface feature where it is known from elsewhere; counted in the sentences otherwise.
    """

    def __init__(  # scikit-learn's names
        self,
        C: float = 2.0,  # noqa: N803
        min_count: int = 2,
        own: float = 0.5,
        others: float = 0.2,
        rarity: Floats | None = None,
    ) -> None:
        self.C = C
        self.min_count = min_count
        self.own = own
        self.others = others
        self.rarity = rarity

    def fit(self, X: tuple[Sequence[Reading], Sequence[int]], y: np.ndarray, sample_weight: Any = None) -> ThemeClassifier:  # noqa: N803
        """Fit on readings and a matrix (sentences × themes) of labels, or of chances between 0 and 1 where they are only guessed."""
        words, dense = surface(X[0]), context_matrix(*X)
        self.idf_ = _rarity(words, self.min_count) if self.rarity is None else self.rarity
        words = weigh(words, self.idf_).matrix()
        size, number = words.shape[1], y.shape[1]
        self.classes_ = np.arange(number)
        self.coef_ = np.zeros((size + dense.shape[1], number))
        self.intercept_ = np.zeros(number)
        self.thresholds_ = np.full(number, 0.5)
        weights = np.ones(len(y)) if sample_weight is None else np.asarray(sample_weight, dtype=float)
        for theme in range(number):
            if not 0 < y[:, theme].mean() < 1:  # never seen, or always: the rate is all that can be said
                self.intercept_[theme] = 10.0 if y[:, theme].any() else -10.0
                continue
            scale = sign_scales(dense.shape[1], theme, number, self.own, self.others)
            used = np.flatnonzero(scale)
            features = sparse.hstack([words, sparse.csr_matrix(dense[:, used] * scale[used])]).tocsr()
            model = LogisticRegression(C=self.C, solver="liblinear", dual=True, tol=0.005, max_iter=300, random_state=0)
            rows, labels, weight = _cases(y[:, theme], weights)
            model.fit(features[rows] if len(rows) > len(y) else features, labels, sample_weight=weight)
            self.coef_[:size, theme], self.intercept_[theme] = model.coef_[0, :size], model.intercept_[0]
            self.coef_[size + used, theme] = model.coef_[0, size:] * scale[used]
        return self

    def to_model(self, themes: Sequence[str], **info: Any) -> ThemeModel:
        """Give the running model."""
        size = len(self.idf_)
        return ThemeModel(tuple(themes), self.idf_, self.coef_[:size], self.coef_[size:], self.intercept_, self.thresholds_, info)

    def predict_proba(self, X: tuple[Sequence[Reading], Sequence[int]]) -> Floats:  # noqa: N803
        """Probability of each theme in each sentence."""
        return self.to_model([str(i) for i in self.classes_]).probabilities(*X)

    def predict(self, X: tuple[Sequence[Reading], Sequence[int]]) -> np.ndarray:  # noqa: N803
        """Which themes each sentence has."""
        return self.predict_proba(X) >= self.thresholds_


def _rarity(words: Surface, min_count: int) -> Floats:
    """Weigh surface features by how few sentences have them; 0 for those seen in fewer than `min_count`."""
    counts = np.bincount(words.columns, minlength=1 << BITS)
    return np.where(counts >= min_count, np.log(len(words.starts) / (1 + counts)) + 1, 0.0)


def _cases(chances: np.ndarray, weights: Floats) -> tuple[np.ndarray, np.ndarray, Floats]:
    """Rows, labels and weights to fit on: a sentence that may have the theme stands there twice, with it and without it."""
    chances = np.asarray(chances, dtype=float)
    unsure = np.flatnonzero((chances > 0.02) & (chances < 1.0))
    rows = np.concatenate([np.arange(len(chances)), unsure])
    labels = np.concatenate([chances == 1.0, np.ones(len(unsure), dtype=bool)])
    rest = np.where(chances == 1.0, 1.0, 1.0 - chances)
    return rows, labels, np.concatenate([weights * rest, weights[unsure] * chances[unsure]])


def sign_scales(columns: int, theme: int, themes: int, own: float, others: float) -> Floats:
    """Scale of each column of `context_matrix` for one theme's estimator."""
    kinds, near = len(KINDS), len(KINDS) - 1  # counter-patterns count in the sentence alone
    place = np.repeat([1.0, 0.0, 0.0, 1.0], [kinds * themes, near * themes, near * themes, near * themes])
    return np.asarray(place * np.where(np.arange(columns) % themes == theme, own, others))


def choose_thresholds(probabilities: Floats, labels: np.ndarray, weights: Floats, *, pooled: float = 0.5) -> Floats:
    """Choose, for each theme, the threshold with the best F1 on predictions for sentences that were not trained on.

    The curve is smoothed over neighbouring thresholds and drawn towards the mean curve of all themes, so that a lucky peak does not win.

    Parameters
    ----------
    probabilities, labels
        Sentences × themes.
    weights
        Of each sentence.
    pooled
        Share of the mean curve of all themes in the curve of each.
    """
    grid = np.arange(0.05, 0.9, 0.01)
    curves = np.zeros((labels.shape[1], len(grid)))
    for theme in range(labels.shape[1]):
        true = labels[:, theme].astype(bool)
        scores = []
        for threshold in grid:
            found = probabilities[:, theme] >= threshold
            scores.append(2 * weights[found & true].sum() / max(1e-9, weights[found].sum() + weights[true].sum()))
        smooth = np.convolve(np.pad(scores, 3, mode="edge"), np.ones(7) / 7, "valid")
        curves[theme] = smooth / max(1e-9, smooth.max())
    return np.asarray(grid[((1 - pooled) * curves + pooled * curves.mean(axis=0)).argmax(axis=1)])
