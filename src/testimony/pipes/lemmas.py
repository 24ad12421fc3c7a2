"""Lemmas from what treebanks and dictionaries know of a form; the forms that neither has are left to the network that comes after."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from spacy.attrs import LEMMA, ORTH, POS
from spacy.parts_of_speech import NAMES

from ..embedding import distinct, plain
from ..errors import ModelNotFoundError
from ..memo import Memo
from .batchwise import Batchwise
from .columns import columns

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from spacy.tokens import Doc

FILE = "lemmas.tsv.gz"
Table = Mapping[tuple[str, str], str]
"""Lemma by lower-case form and part of speech."""

_REMEMBERED = 100_000
_OPEN = frozenset({"NOUN", "VERB", "ADJ", "AUX"})


class Lemmatizer(Batchwise):
    """spaCy component ``testimony_lemmas``; without a table it only fills in lemmas that are missing."""

    def __init__(self, name: str = "testimony_lemmas", table: Table | None = None) -> None:
        self.name = name
        self.table: Table = table or {}
        self._remembered = Memo(self._look_up, _REMEMBERED)

    def predict(self, docs: Sequence[Doc]) -> list[NDArray[np.uint64]]:
        """Give the lemma of each token as spaCy's hash, 0 where it is left to a network that runs afterwards; the documents are not changed."""
        tokens = columns(docs, [ORTH, POS, LEMMA])
        first, places = distinct(tokens[:, :2])
        strings = docs[0].vocab.strings
        lemmas = [self._remembered[strings[orth], pos] for orth, pos in tokens[first, :2].tolist()]
        hashes = np.array([strings.add(lemma) if lemma else 0 for lemma in lemmas], np.uint64)
        ends = np.cumsum([len(doc) for doc in docs])[:-1]
        return np.split(np.where(tokens[:, 2] != 0, tokens[:, 2], hashes[places]), ends)

    def _look_up(self, asked: tuple[str, int]) -> str:
        form, pos = plain(asked[0]).lower(), NAMES[asked[1]]
        known = self.table.get((form, pos))
        if known is None and (not self.table or pos in _OPEN):
            known = _from_dictionary(form)
        return known or ("" if self.table else form)

    def set_annotations(self, docs: Sequence[Doc], lemmas: Sequence[NDArray[np.uint64]]) -> None:
        """Write the lemmas."""
        for doc, own in zip(docs, lemmas, strict=True):
            if len(doc):
                doc.from_array([LEMMA], own)

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Give the table as bytes."""
        rows = "".join(f"{form}\t{pos}\t{lemma}\n" for (form, pos), lemma in sorted(self.table.items()))
        return gzip.compress(rows.encode("utf-8"), 9, mtime=0)

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Lemmatizer:
        """Take the table from bytes."""
        rows = (line.split("\t") for line in gzip.decompress(data).decode("utf-8").splitlines())
        self.table = {(form, pos): lemma for form, pos, lemma in rows}
        self._remembered.clear()
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the table into a folder."""
        Path(path).mkdir(parents=True, exist_ok=True)
        (Path(path) / FILE).write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Lemmatizer:
        """Read the table from a folder."""
        file = Path(path) / FILE
        try:
            return self.from_bytes(file.read_bytes())
        except (OSError, EOFError, ValueError) as error:
            raise ModelNotFoundError(f"{file}: cannot be read ({error}); install the pipeline again") from error


def _from_dictionary(form: str) -> str | None:
    from simplemma import is_known, lemmatize

    return str(lemmatize(form, lang="fr")) if is_known(form, lang="fr") else None
