"""What the network reads of a word: its hashed form, ends and shape, and its vector from a compact table."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from thinc.api import Model

LAYER = "testimony_words"


class WordTable(NamedTuple):
    """Vectors of words, a byte a number: sorted keys, a row of bytes for each, one factor per column."""

    keys: NDArray[np.uint64]
    rows: NDArray[np.int8]
    scale: NDArray[np.float32]

    @classmethod
    def pack(cls, keys: NDArray[np.uint64], vectors: NDArray[np.float32]) -> WordTable:
        """Quantise the vectors of words; a word's key is spaCy's hash of its form."""
        import numpy as np

        order = np.argsort(keys, kind="stable")
        scale = np.maximum(np.percentile(np.abs(vectors), 99.9, axis=0), 1e-6).astype(np.float32) / 127
        rows = np.clip(np.round(vectors / scale), -127, 127).astype(np.int8)
        # Unit variance on the whole: the layer above starts with numbers of the size that it expects.
        return cls(keys[order], rows[order], (scale / max(float(vectors.std()), 1e-6)).astype(np.float32))

    def look_up(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Give a row per word: the vector of the form as written, else of the lower-case one, else zeros; the last number tells the unknown."""
        import numpy as np

        from .words import find_keys

        result = np.zeros((len(words), self.rows.shape[1] + 1), np.float32)
        missing = np.ones(len(words), bool)
        for keys in (word_keys(words), word_keys([word.lower() for word in words])) if len(self.keys) else ():
            places, there = find_keys(self.keys, keys)
            hit = missing & there
            result[hit, :-1] = self.rows[places[hit]] * self.scale
            missing &= ~hit
        result[missing, -1] = 1.0  # an unknown word is often a name
        return result


def plain(text: str) -> str:
    """A word as if typed on the plainest keyboard: straight apostrophes, composed accents; its length may differ."""
    return text if text.isascii() else unicodedata.normalize("NFC", text).replace("’", "'").replace("ʼ", "'")


_TYPED: dict[int, str] = {}
_MOST_TYPED = 100_000


def typed_words(orths: Sequence[int], strings: Any) -> list[str]:
    """Words as if typed plainly, each told by spaCy's hash of it, which is the same in every vocabulary."""
    try:
        return list(map(_TYPED.__getitem__, orths))
    except KeyError:
        if len(_TYPED) >= _MOST_TYPED:
            _TYPED.clear()
        words = {orth: plain(strings[orth]) for orth in set(orths)}
        _TYPED.update(words)
        return [words[orth] for orth in orths]


def word_keys(words: Sequence[str]) -> NDArray[np.uint64]:
    """Keys of words in the table: spaCy's hashes of their plain forms."""
    import numpy as np
    from spacy.strings import hash_string  # type: ignore[attr-defined]

    return np.array([hash_string(plain(word)) for word in words], np.uint64)


def _forward(model: Model, docs: Any, is_train: bool) -> tuple[Any, Callable[[Any], list[Any]]]:
    import numpy as np
    from spacy.attrs import ORTH
    from thinc.types import Ragged

    forms = np.concatenate([doc.to_array([ORTH]).ravel() for doc in docs]) if docs else np.zeros(0, np.uint64)
    distinct, places = np.unique(forms, return_inverse=True)
    rows = _table(model).look_up([docs[0].vocab.strings[form] for form in distinct.tolist()])[places]
    lengths = model.ops.asarray1i([len(doc) for doc in docs])
    return Ragged(model.ops.asarray2f(rows), lengths), lambda gradient: []


def _table(layer: Model) -> WordTable:
    return WordTable(layer.attrs["keys"], layer.attrs["rows"], layer.attrs["scale"])


def word_layer(width: int) -> Model:
    """Layer that gives the words' vectors, `width` numbers and a flag each; empty until `fill`."""
    import numpy as np
    from thinc.api import Model

    empty = {"keys": np.zeros(0, np.uint64), "rows": np.zeros((0, width), np.int8), "scale": np.ones(width, np.float32)}
    return Model(LAYER, _forward, attrs=empty, dims={"nO": width + 1})


def fill(model: Model, table: WordTable) -> None:
    """Put a table of vectors into the word layer of a network."""
    for node in model.walk():
        if node.name == LAYER:
            node.attrs.update(keys=table.keys, rows=table.rows, scale=table.scale)


def make_embed(width: int, attrs: list[str], rows: list[int], vector_width: int) -> Model:
    """Make the embedding: hashed attributes as spaCy's MultiHashEmbed has them, and the words' vectors, mixed by one layer.

    Parameters
    ----------
    width
        Numbers per token given to the layers above.
    attrs, rows
        Attributes of tokens and the size of each one's table.
    vector_width
        Numbers in a word's vector.
    """
    from spacy.attrs import intify_attr
    from spacy.ml.featureextractor import FeatureExtractor
    from thinc.api import HashEmbed, Linear, Maxout, Model, chain, concatenate, list2ragged, ragged2list, with_array

    columns = [intify_attr(name) for name in attrs]
    tables = [HashEmbed(width, size, column=number, seed=number + 8, dropout=0.0) for number, size in enumerate(rows)]
    hashed = chain(FeatureExtractor(columns), list2ragged(), with_array(concatenate(*tables)))
    words = chain(word_layer(vector_width), with_array(Linear(nO=width, nI=vector_width + 1)))
    mixed = with_array(Maxout(nO=width, nI=width * (len(rows) + 1), nP=3, dropout=0.0, normalize=True))
    whole = chain(concatenate(hashed, words), mixed, ragged2list())
    return Model(whole.name, _embed, init=whole.init, layers=whole.layers, dims={"nO": width})


_MIXERS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5, 0x85EBCA77C2B2AE63)
"""Odd numbers that make one key of a token's attributes."""


def _embed(model: Model, docs: Any, is_train: bool) -> tuple[Any, Callable[[Any], Any]]:
    """Run the layers one after the other, as `thinc.api.chain` does; where nothing is learnt, over each word of the batch once."""
    from thinc.layers.chain import forward

    return forward(model, docs, is_train) if is_train or not docs else (_embed_distinct(model, docs), lambda gradient: [])


def _embed_distinct(model: Model, docs: Sequence[Any]) -> list[Any]:
    import numpy as np

    rows, words = distinct_words(model, docs)
    return np.split(rows[words], np.cumsum([len(doc) for doc in docs])[:-1])


def is_embedding(model: Model) -> bool:
    """Whether a model is what `make_embed` makes."""
    return model._func is _embed


def distinct_words(model: Model, docs: Sequence[Any]) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Embed each distinct word of documents once: the rows, and the number of the row of each token."""
    import numpy as np
    from spacy.attrs import ORTH

    both, mixed, _ = model.layers
    (extractor, _, tables), (table, linear) = both.layers[0].layers, both.layers[1].layers
    tokens = np.concatenate([doc.to_array([ORTH, *extractor.attrs["columns"]]) for doc in docs]).astype(np.uint64, copy=False)
    first, places = distinct(tokens)
    written, strings = tokens[first], docs[0].vocab.strings
    words = [strings[form] for form in written[:, 0].tolist()]
    # Words that are one when typed plainly are one, so that typography changes neither their number nor their order.
    written[:, 0] = word_keys(words)
    first, merged = distinct(written)
    vectors = linear.predict(_table(table).look_up([words[at] for at in first.tolist()]))
    return mixed.predict(np.hstack([tables.predict(np.ascontiguousarray(written[first, 1:])), vectors])), merged[places]


def distinct(tokens: NDArray[np.uint64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where each distinct row of attributes stands, and the number of the distinct one at each row; rows are told by one number each."""
    import numpy as np

    keys, places = np.unique(tokens @ np.resize(np.array(_MIXERS, np.uint64), tokens.shape[1]), return_inverse=True)
    first = np.empty(len(keys), np.intp)
    first[places] = np.arange(len(tokens))
    return first, places
