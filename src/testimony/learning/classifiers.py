"""Multi-label estimator over sentence features, with a threshold per theme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression

from ..theming import Reading, ThemeModel, context_matrix, surface_matrix
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
    """

    def __init__(self, C: float = 2.0, min_count: int = 2) -> None:  # noqa: N803 - scikit-learn's name
        self.C = C
        self.min_count = min_count

    def fit(self, X: tuple[Sequence[Reading], Sequence[int]], y: np.ndarray, sample_weight: Any = None) -> ThemeClassifier:  # noqa: N803
        """Fit on readings and a matrix of labels (sentences × themes)."""
        surface, dense = surface_matrix(X[0]), context_matrix(*X)
        counts = np.bincount(surface.indices, minlength=surface.shape[1])
        self.idf_: Floats = np.where(counts >= self.min_count, np.log((1 + surface.shape[0]) / (1 + counts)) + 1, 0.0)
        features = sparse.hstack([weigh(surface, self.idf_), sparse.csr_matrix(dense)]).tocsr()
        self.classes_ = np.arange(y.shape[1])
        self.coef_ = np.zeros((features.shape[1], y.shape[1]))
        self.intercept_ = np.zeros(y.shape[1])
        self.thresholds_ = np.full(y.shape[1], 0.5)
        for theme in range(y.shape[1]):
            if len(np.unique(y[:, theme])) < 2:  # never seen, or always: the rate is all that can be said
                self.intercept_[theme] = 10.0 if y[:, theme].any() else -10.0
                continue
            model = LogisticRegression(C=self.C, solver="liblinear", max_iter=300, random_state=0)
            model.fit(features, y[:, theme], sample_weight=sample_weight)
            self.coef_[:, theme], self.intercept_[theme] = model.coef_[0], model.intercept_[0]
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


def choose_thresholds(probabilities: Floats, labels: np.ndarray, weights: Floats) -> Floats:
    """Choose, for each theme, the threshold with the best F1 on predictions for sentences that were not trained on.

    The curve is smoothed over neighbouring thresholds, so that a lucky peak does not win.
    """
    grid = np.arange(0.05, 0.9, 0.01)
    chosen = np.zeros(labels.shape[1])
    for theme in range(labels.shape[1]):
        true = labels[:, theme].astype(bool)
        scores = []
        for threshold in grid:
            found = probabilities[:, theme] >= threshold
            scores.append(2 * weights[found & true].sum() / max(1e-9, weights[found].sum() + weights[true].sum()))
        smooth = np.convolve(np.pad(scores, 3, mode="edge"), np.ones(7) / 7, "valid")
        chosen[theme] = grid[int(smooth.argmax())]
    return chosen
