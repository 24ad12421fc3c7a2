"""Lemmas from what treebanks and dictionaries know of a form; the network's own guess is for the forms that neither has."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ..embedding import plain
from ..errors import ModelNotFoundError

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

FILE = "lemmas.tsv.gz"
Table = Mapping[tuple[str, str], str]
"""Lemma by lower-case form and part of speech."""

_OPEN = frozenset({"NOUN", "VERB", "ADJ", "AUX"})


class Lemmatizer:
    """spaCy component ``testimony_lemmas``; without a table it only fills in lemmas that are missing."""

    def __init__(self, name: str = "testimony_lemmas", table: Table | None = None) -> None:
        self.name = name
        self.table: Table = table or {}

    def predict(self, doc: Doc) -> list[str]:
        """Give the lemma of each token; the `Doc` is not changed."""
        return [self._lemma(token) for token in doc]

    def _lemma(self, token: Token) -> str:
        form = plain(token.text).lower()
        known = self.table.get((form, token.pos_))
        if known is not None:
            return known
        guess = str(token.lemma_)
        if guess and (not self.table or token.pos_ not in _OPEN):
            return guess
        return _from_dictionary(form) or guess or form

    def set_annotations(self, doc: Doc, lemmas: list[str]) -> None:
        """Write the lemmas."""
        for token, lemma in zip(doc, lemmas, strict=True):
            token.lemma_ = lemma

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
