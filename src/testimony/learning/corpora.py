"""Treebanks and entity sets → spaCy `Doc`s to train and to measure on; what a source does not say stays missing, never "none"."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from .. import gazetteer
from .data import LabelledText

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

Entities = list[tuple[int, int, str]]

_POPCORN = {
    "CIVILIAN": "PER", "TERRORIST_OR_CRIMINAL": "PER", "MILITARY": "PER", "PLACE": "LOC", "NON_GOVERNMENTAL_ORGANISATION": "ORG",
    "NON_MILITARY_GOVERNMENT_ORGANISATION": "ORG", "MILITARY_ORGANISATION": "ORG", "INTERGOVERNMENTAL_ORGANISATION": "ORG",
    "GATHERING": "MISC",
}  # fmt: skip
_PRONOUNS = frozenset(
    "il elle ils elles ce cet cette ces celui celle ceux celles certains certaines lui la le les un une son sa ses plusieurs tous tout".split()
)


@dataclass(slots=True)
class Token:
    """A surface token of a treebank; contracted words are one token with the part of speech of their first part."""

    text: str
    space: bool
    pos: str = ""
    morph: str | None = None
    lemma: str = ""
    ids: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Sentence:
    """A sentence with what its source says of it; `entities` None when it says nothing of them."""

    id: str
    tokens: list[Token]
    entities: Entities | None = None

    @property
    def text(self) -> str:
        """The tokens as written."""
        return "".join(token.text + " " * token.space for token in self.tokens).rstrip()


def read_conllu(path: Path, *, universal: bool = True) -> list[Sentence]:
    """Read a CoNLL-U file; `universal` False keeps lemmas only."""
    sentences = []
    for block in path.read_text("utf-8").split("\n\n"):
        lines = block.splitlines()
        identifier = next((line.split("=", 1)[1].strip() for line in lines if line.startswith("# sent_id")), "")
        tokens = list(_tokens([line.split("\t") for line in lines if line and not line.startswith("#")], universal))
        if tokens:
            sentences.append(Sentence(identifier, tokens))
    return sentences


def _tokens(rows: Iterable[list[str]], universal: bool) -> Iterator[Token]:
    merged: Token | None = None
    until = 0
    for row in rows:
        number = row[0]
        if "." in number:
            continue
        space = "SpaceAfter=No" not in row[9]
        if "-" in number:
            until = int(number.split("-")[1])
            merged = Token(unicodedata.normalize("NFC", row[1]), space)
            continue
        if merged is None:
            token = Token(unicodedata.normalize("NFC", row[1]), space, ids=[number])
            _annotate(token, row, universal)
            yield token
            continue
        if not merged.ids:
            _annotate(merged, row, universal)
        merged.ids.append(number)
        if int(number) == until:
            yield merged
            merged = None


def _annotate(token: Token, row: list[str], universal: bool) -> None:
    token.lemma = row[2] if row[2] != "_" or row[1] == "_" else ""
    if universal:
        token.pos = row[3]
        token.morph = "" if row[5] == "_" else row[5]


def to_doc(sentences: Sequence[Sentence], vocab: Vocab) -> Doc:
    """Join sentences to one `Doc` with all that is known of them."""
    from spacy.tokens import Doc

    words, spaces = [], []
    for sentence in sentences:
        for number, token in enumerate(sentence.tokens):
            words.append(token.text)
            spaces.append(token.space or number == len(sentence.tokens) - 1)
    doc = Doc(vocab, words=words, spaces=spaces)
    at, spans, missing = 0, [], []
    for sentence in sentences:
        size = len(sentence.tokens)
        for target, source in zip(doc[at : at + size], sentence.tokens, strict=True):
            if source.pos:
                target.pos_ = source.pos
            if source.morph is not None:
                target.set_morph(source.morph)
            if source.lemma:
                target.lemma_ = source.lemma
            target.is_sent_start = target.i == at
        offset = doc[at].idx
        if sentence.entities is None:
            missing.append(doc[at : at + size])
        else:
            found = [
                doc.char_span(offset + start, offset + end, label=label, alignment_mode="expand") for start, end, label in sentence.entities
            ]
            spans += [span for span in found if span is not None]
        at += size
    from spacy.util import filter_spans

    doc.set_ents(filter_spans(spans), missing=missing, default="outside")
    return doc


def from_text(text: str, entities: Entities | None, tokenizer: object, identifier: str) -> Sentence:
    """Make a sentence of a raw text, cut by the pipeline's own tokenizer."""
    doc = tokenizer(unicodedata.normalize("NFC", text))  # type: ignore[operator]
    return Sentence(identifier, [Token(token.text, bool(token.whitespace_)) for token in doc], entities)


def locate(text: str, surfaces: Iterable[Sequence[str]]) -> Entities:
    """Find marked surfaces in order; each is looked for after the one before it."""
    found, at = [], 0
    for surface, label in surfaces:
        start = text.find(surface, at)
        if start >= 0:
            found.append((start, start + len(surface), label))
            at = start + len(surface)
    return found


def read_testimonials(path: Path, tokenizer: object) -> list[list[Sentence]]:
    """Read testimonials written for training: one group of sentences each."""
    groups = []
    for line in path.read_text("utf-8").splitlines():
        record = json.loads(line)
        groups.append(
            [from_text(item["text"], locate(item["text"], item["entities"]), tokenizer, record["id"]) for item in record["sentences"]]
        )
    return groups


def read_real(path: Path, tokenizer: object) -> list[list[Sentence]]:
    """Read annotated real sentences; consecutive ones of a document form a group, and what was cut at a line's end is one again."""
    groups: list[list[Sentence]] = []
    last = ("", -2)
    for line in path.read_text("utf-8").splitlines():
        item = json.loads(line)
        document, _, number = item["id"].rpartition("#")
        if (document, int(number) - 1) != last:
            groups.append([])
        groups[-1].append(from_text(item["text"], locate(item["text"], item["entities"]), tokenizer, item["id"]))
        last = (document, int(number))
    return [_mended(group) for group in groups]


def from_labelled(texts: Iterable[LabelledText], tokenizer: object) -> list[list[Sentence]]:
    """Take texts that were labelled by reading, a group each; what was cut at a line's end is one again."""
    return [
        _mended([from_text(item.text, locate(item.text, item.entities), tokenizer, text.id) for item in text.sentences if item.text])
        for text in texts
    ]


def _mended(group: Iterable[Sentence]) -> list[Sentence]:
    mended: list[Sentence] = []
    for sentence in group:
        if mended and _goes_on(mended[-1].text, sentence.text):
            mended[-1] = _joined(mended[-1], sentence)
        else:
            mended.append(sentence)
    return mended


def _goes_on(before: str, after: str) -> bool:
    """Tell a sentence that was cut at the end of a line: no mark before, a small letter after."""
    return before[-1:].isalnum() and after[:1].islower()


def _joined(first: Sentence, second: Sentence) -> Sentence:
    at = len(first.text) + 1
    moved = [(start + at, end + at, label) for start, end, label in second.entities or ()]
    *tokens, last = first.tokens
    return Sentence(first.id, [*tokens, replace(last, space=True), *second.tokens], [*(first.entities or ()), *moved])


def read_popcorn(path: Path, tokenizer: object) -> list[list[Sentence]]:
    """Read the capitalised mentions of persons, places and organisations of an information-extraction set, a group per text."""
    groups = []
    for identifier, item in json.loads(path.read_text("utf-8")).items():
        spans: Entities = []
        for entity in item["entities"]:
            label = _POPCORN.get(entity["type"])
            for mention in entity["mentions"]:
                if label and _is_name(mention["value"]):
                    spans.append((mention["start"], mention["end"], label))
        # The set does not mark sentences, and spaCy would take a border that is not marked for none.
        borders = [0, *(match.end() for match in _BORDER.finditer(item["text"])), len(item["text"])]
        groups.append(
            [
                from_text(item["text"][start:end].rstrip(), _within(_outermost(spans), start, end), tokenizer, f"{identifier}.{number}")
                for number, (start, end) in enumerate(pairwise(borders))
            ]
        )
    return groups


# The end of a sentence in edited prose: a mark after a word of more than one letter («M.», «J.»), before a capital.
_BORDER = re.compile(r"(?:(?<=[^\W\d_]{3}[.!?…])|(?<=[»\")\d][.!?…])|(?<=[.!?…][»\")])) +(?=[«\"(]?[A-ZÀÂÇÉÈÊÎÔÙ])")


def _within(entities: Entities, start: int, end: int) -> Entities:
    return [(first - start, last - start, label) for first, last, label in entities if start <= first and last <= end]


def _is_name(value: str) -> bool:
    words = value.replace("’", "'").split()
    return value[:1].isupper() and words[0].lower().split("'")[0] not in _PRONOUNS


def _outermost(spans: Entities) -> Entities:
    kept: Entities = []
    for start, end, label in sorted(set(spans), key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, label))
    return kept


def read_supersenses(path: Path) -> dict[str, list[tuple[str, str]]]:
    """Read (proper-noun form, supersense) pairs by sentence of the French semantic corpus."""
    marked: dict[str, list[tuple[str, str]]] = {}
    identifier = ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("# sent_id"):
            identifier = line.split("=", 1)[1].strip()
            marked[identifier] = []
        elif line and line[0].isdigit():
            row = line.split("\t")
            if (len(row) > 5 and row[3] == "NPP") or (row[1][:1].isupper() and row[5] in ("Person", "Institution")):
                marked[identifier].append((row[1], row[5].split(":")[-1].split(";")[0]))
    return marked


def name_entities(sentence: Sentence, names: Sequence[tuple[str, str]]) -> Entities | None:
    """Turn supersenses of proper nouns into entities; None when the sentence has one whose label cannot be told."""
    text, at = sentence.text, 0
    found: Entities = []
    for surface, sense in names:
        start = text.find(surface, at)
        if start < 0 or sense not in ("Person", "Institution"):
            return None
        town = sense == "Institution" and gazetteer.classes(surface) & gazetteer.TOWN
        if sense == "Institution" and not town:
            return None
        label = "PER" if sense == "Person" else "LOC"
        if found and found[-1][2] == label == "PER" and text[found[-1][1] : start] == " ":
            found[-1] = (found[-1][0], start + len(surface), label)
        else:
            found.append((start, start + len(surface), label))
        at = start + len(surface)
    return found
