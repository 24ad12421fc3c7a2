"""Lemmas from what treebanks and dictionaries know of a form; the forms that neither has are left to the network that comes after."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from spacy.attrs import LEMMA

from ..embedding import plain
from ..errors import ModelNotFoundError

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

FILE = "lemmas.tsv.gz"
Table = Mapping[tuple[str, str], str]
"""Lemma by lower-case form and part of speech."""

_REMEMBERED = 100_000
_OPEN = frozenset({"NOUN", "VERB", "ADJ", "AUX"})


class Lemmatizer:
    """spaCy component ``testimony_lemmas``; without a table it only fills in lemmas that are missing."""

    def __init__(self, name: str = "testimony_lemmas", table: Table | None = None) -> None:
        self.name = name
        self.table: Table = table or {}
        self._remembered: dict[tuple[int, int], str] = {}

    def predict(self, doc: Doc) -> list[str]:
        """Give the lemma of each token, empty where it is left to a network that runs afterwards; the `Doc` is not changed."""
        remembered, lemmas = self._remembered.get, []
        for token in doc:
            lemma = token.lemma_ if token.lemma else remembered((token.orth, token.pos))
            lemmas.append(self._known(token) if lemma is None else lemma)
        return lemmas

    def _known(self, token: Token) -> str:
        form, pos = plain(token.text).lower(), token.pos_
        known = self.table.get((form, pos))
        if known is None and (not self.table or pos in _OPEN):
            known = _from_dictionary(form)
        if len(self._remembered) >= _REMEMBERED:
            self._remembered.clear()
        lemma = known or ("" if self.table else form)
        self._remembered[token.orth, token.pos] = lemma
        return lemma

    def set_annotations(self, doc: Doc, lemmas: list[str]) -> None:
        """Write the lemmas."""
        if lemmas:
            doc.from_array([LEMMA], np.array([doc.vocab.strings.add(lemma) for lemma in lemmas], np.uint64)[:, None])

    def __call__(self, doc: Doc) -> Doc:
        """Find the lemmas of one document."""
        self.set_annotations(doc, self.predict(doc))
        return doc

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
