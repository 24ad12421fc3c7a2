"""The trained theme model at run time: arrays and a matrix product, no scikit-learn."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import ModelNotFoundError
from ..memo import Memo
from ..words import Key, sums
from .features import Reading, Surface, context_matrix, surface, word_columns
from .promise import Described, Kin, Promise, pair_features

FORMAT = 1
_STEPS = 32767  # of a 16-bit weight

Floats = NDArray[np.floating[Any]]


def model_folder(codebook: Path) -> Path:
    """Where the model of a user's codebook lies: ``themes.model`` beside ``themes.toml``."""
    return codebook.with_suffix(".model")


def model_beside(codebook: Path, themes: Sequence[str]) -> ThemeModel | None:
    """Load the model that was trained for a user's codebook, if there is one.

    Raises
    ------
    ModelNotFoundError
        When it is damaged, or was trained for other themes.
    """
    folder = model_folder(codebook)
    if not folder.is_dir():
        return None
    model = ThemeModel.load(folder)
    if model.themes != tuple(themes):
        raise ModelNotFoundError(
            f"{folder}: was trained for the themes {', '.join(model.themes)}; train it again for {codebook}, or remove it"
        )
    return model


def weigh(surface: Surface, idf: Floats) -> Surface:
    """Weigh surface features by how rare they are and bring every sentence to the same length."""
    values = surface.values * idf[surface.columns]
    sizes = np.diff(surface.starts)
    norms = np.sqrt(np.add.reduceat(np.append(values**2, 0.0), surface.starts[:-1]) * (sizes > 0)) if len(sizes) else np.zeros(0)
    scale = np.divide(1.0, norms, out=np.zeros_like(norms), where=norms > 0)
    return surface._replace(values=values * np.repeat(scale, sizes))


class Promised(NamedTuple):
    """What stands beside the weights where labels are few: what patterns promise, the themes' descriptions, and how much it counts."""

    promise: Promise
    described: Described
    share: float = 0.5

    def odds(self, readings: Sequence[Reading], texts: Sequence[int]) -> Floats:
        """Log-odds of each theme in each sentence."""
        return self.promise.odds(pair_features(readings, texts, self.described))


@dataclass(eq=False)
class ThemeModel:
    """Weights of a linear model over surface features and signs.

    Attributes
    ----------
    themes
        Ids in the order of the columns.
    idf
        Weight of each surface feature, 0 for those left out.
    surface, dense
        Weights of the two blocks of features, one column per theme.
    bias, thresholds
        Per theme; a sentence has the theme when its probability reaches the threshold.
    info
        What it was trained on, for the card.
    promised
        Stands beside half of the weights, in a model whose themes have few labels or none.
    """

    themes: tuple[str, ...]
    idf: Floats
    surface: Floats
    dense: Floats
    bias: Floats
    thresholds: Floats
    info: dict[str, Any] = field(default_factory=dict)
    promised: Promised | None = None

    def probabilities(self, readings: Sequence[Reading], texts: Sequence[int]) -> Floats:
        """Probability of each theme in each sentence, all sentences at once.

        Parameters
        ----------
        readings
            Sentences in order.
        texts
            Number of the text of each.
        """
        if not readings:
            return np.zeros((0, len(self.themes)))
        odds = self._surface_odds(weigh(surface(readings), self.idf)) + context_matrix(readings, texts) @ self.dense + self.bias
        if self.promised is not None:
            odds = 0.5 * odds + self.promised.share * self.promised.odds(readings, texts)
        return np.asarray(1.0 / (1.0 + np.exp(-odds)))

    def _surface_odds(self, weighed: Surface) -> Floats:
        """Multiply by the weights of the columns that occur and count, and sum up for each sentence."""
        said = weighed.values != 0
        starts = np.append(0, np.cumsum(said))[weighed.starts]
        return sums(weighed.values[said, None] * self.surface[weighed.columns[said]], starts)

    @cached_property
    def word_weights(self) -> Memo[Key, list[float]]:
        """How much the surface features of a word, by its form and lemma, speak for each theme."""

        def weights(key: Key) -> list[float]:
            columns = np.array(word_columns(key), np.int64)
            found: list[float] = (self.idf[columns] @ self.surface[columns]).tolist()
            return found

        return Memo(weights)

    def save(self, folder: Path) -> None:
        """Write ``model.json`` and ``weights.npz``; the same model gives the same bytes."""
        folder.mkdir(parents=True, exist_ok=True)
        used = np.flatnonzero(np.any(self.surface != 0, axis=1) | (self.idf != 0))
        scale = np.maximum(np.abs(self.surface).max(axis=0), 1e-9) / _STEPS
        arrays: dict[str, Any] = {
            "rows": used.astype(np.int32),
            "surface": np.round(self.surface[used] / scale).astype(np.int16),
            "scale": scale,
            "idf": self.idf[used].astype(np.float32),
            "dense": self.dense.astype(np.float32),
            "bias": self.bias,
            "thresholds": self.thresholds,
        }
        content = {"format": FORMAT, "kind": "themes", "themes": self.themes, "size": len(self.surface), "info": self.info}
        if self.promised is not None:
            described = self.promised.described
            seen = np.flatnonzero(described.idf)
            arrays |= {"seen": seen.astype(np.int32), "rarity": described.idf[seen], "described": described.words[seen]}
            arrays |= {
                "kin": described.kin.places,
                "kin_rarity": described.kin.rarity,
                "closeness": described.kin.closeness.astype(np.float16),
            }
            content["promise"] = {**self.promised.promise.to_dict(), "share": self.promised.share}
        with (folder / "weights.npz").open("wb") as file:
            np.savez_compressed(file, **arrays)
        (folder / "model.json").write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")

    @classmethod
    def load(cls, folder: Path) -> ThemeModel:
        """Read a saved model; arrays and JSON only, so that a file from a stranger runs no code.

        Raises
        ------
        ModelNotFoundError
            When a file is missing, damaged or of another version.
        """
        try:
            content = json.loads((folder / "model.json").read_text("utf-8"))
            if (content["kind"], content["format"]) != ("themes", FORMAT):
                raise ValueError(f"{content['kind']} of format {content['format']}, expected themes of format {FORMAT}")
            with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
                surface = np.zeros((content["size"], len(content["themes"])), dtype=np.float32)
                idf = np.zeros(content["size"], dtype=np.float32)
                surface[arrays["rows"]] = arrays["surface"] * arrays["scale"]
                idf[arrays["rows"]] = arrays["idf"]
                dense, bias, thresholds = arrays["dense"], arrays["bias"], arrays["thresholds"]
                promised = _promised(content, arrays) if "promise" in content else None
        except (OSError, ValueError, KeyError, IndexError, TypeError, EOFError) as error:
            reason = " ".join(str(error).split())[:160]
            raise ModelNotFoundError(f"{folder}: the theme model cannot be read ({reason}); install testimony again or train it") from error
        return cls(tuple(content["themes"]), idf, surface, dense, bias, thresholds, content["info"], promised)


def _promised(content: dict[str, Any], arrays: Any) -> Promised:
    idf, words = np.zeros(content["size"]), np.zeros((content["size"], len(content["themes"])))
    idf[arrays["seen"]], words[arrays["seen"]] = arrays["rarity"], arrays["described"]
    kin = Kin(arrays["kin"], arrays["kin_rarity"], arrays["closeness"].astype(np.float32))
    return Promised(Promise.from_dict(content["promise"]), Described(idf, words, kin), float(content["promise"].get("share", 0.5)))
