"""Rows of tables and records of JSON and YAML → one small document each."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import InputError, UnreadableDocument
from ..types import Block, Document, Record
from . import columns as cols
from .building import document_id
from .columns import Columns
from .decoding import normalize

MIN_PROSE_WORDS = 6
"""Mean number of words from which an unnamed column is taken for prose."""
MIN_SENTENCE_WORDS = 4
"""The same where the values end as sentences do."""
MIN_ANSWERS = 6
"""Answers from which repetition tells a choice among given answers from free words."""
LONGEST_SHARED = 120
"""Characters of a field that a record takes from what encloses it."""
NO_SUCH_COLUMN = "no column named"
"""What is said where the user names a column that is not there."""
_ADDRESS = re.compile(r"(?:^|_)(?:adresse|address|url|site|lien|link|mail|email|courriel)(?:_|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Which field of the records of one file is what; several texts for surveys with several open questions."""

    names: tuple[str, ...]
    texts: tuple[str, ...]
    fields: Mapping[str, str | None]
    speaker: tuple[str, ...]
    """The columns whose values, joined, name the speaker."""


def layout_of(names: Sequence[str], sample: Sequence[Mapping[str, Any]], columns: Columns, source: str) -> Layout | None:
    """Decide which field is what, from the names and a sample of records; None when no field holds a text.

    Raises
    ------
    InputError
        If a column named by the user is not there.
    """
    given = {field: getattr(columns, field) for field in ("text", "speaker", "role", "space", "date", "id")}
    fields: dict[str, str | None] = {}
    for field, wanted in given.items():
        present = [name for name in names if name in wanted or cols.plain(name) in {cols.plain(item) for item in wanted}]
        if wanted and not present:
            raise InputError(f"{source}: {NO_SUCH_COLUMN} {' or '.join(map(repr, wanted))}; name one of its columns: {', '.join(names)}")
        fields[field] = present[0] if present else None
    texts = tuple(name for name in names if given["text"] and cols.plain(name) in {cols.plain(item) for item in given["text"]})
    if not texts:
        texts = _text_columns(names, sample)
    if not texts:
        return None
    rest = [name for name in names if name not in texts]
    for field in ("id", "date", "language", "space", "role", "speaker", "about"):
        if fields.get(field) is None:
            fields[field] = cols.choose(field, [name for name in rest if name not in fields.values()])
    return Layout(names=tuple(names), texts=texts, fields=fields, speaker=cols.speaker_columns(names, fields["speaker"]))


def _text_columns(names: Sequence[str], sample: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The column named for it and the open questions beside it; else those named like it, and those whose values read like sentences."""
    prose = [name for name in names if _is_prose(name, sample)]
    named = cols.named("text", names)
    if named is not None:
        return tuple(name for name in names if name == named or (name in prose and name.rstrip().endswith("?")))
    alike = [name for name in cols.mentioning("text", names) if any(char.isalpha() for value in _values(name, sample) for char in value)]
    claimed = {cols.named(field, names) for field in cols.USUAL if field != "text"}
    found = {name for name in prose if name not in claimed and not cols.is_foreign(name, names)} or set(alike[:1])
    return tuple(name for name in names if name in found)


def _values(name: str, sample: Sequence[Mapping[str, Any]]) -> list[str]:
    values = (row[name] for row in sample if isinstance(row.get(name), str))
    return [value for value in values if value.strip() and not cols.NOTHING.fullmatch(value)]


def _is_prose(name: str, sample: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether the values of a column read like sentences; addresses and choices among given answers do not."""
    values = _values(name, sample)
    words = sum(len(value.split()) for value in values)
    told = sum(value.strip()[-1] in ".!…" for value in values) >= 0.75 * len(values)
    if (
        not values
        or words / len(values) < (MIN_SENTENCE_WORDS if told and len(values) > 1 else MIN_PROSE_WORDS)
        or all("://" in value for value in values)
    ):
        return False
    chosen = len(values) >= MIN_ANSWERS and len(set(values)) * 2 < len(values)
    return not chosen and not _ADDRESS.search(cols.plain(name))


def documents(rows: Iterator[tuple[int, Mapping[str, Any]]], layout: Layout, source: str, format: str) -> Iterator[Document]:
    """Turn records into documents: one per record, or one per open question of a record."""
    for number, row in rows:
        sha256 = hashlib.sha256(_canonical(row)).hexdigest()
        for name in layout.texts:
            suffix = f".{name}" if len(layout.texts) > 1 else ""
            value = row.get(name)
            text = "" if value is None else normalize(value if isinstance(value, str) else _joined(value))
            if suffix and not text.strip():
                continue
            yield _document(row, layout, text, (f"{source}#{number}{suffix}", format, sha256, number, name))


def _canonical(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, sort_keys=True, default=str).encode("utf-8", "surrogatepass")


def _joined(value: Any) -> str:
    return "\n".join(str(item) for item in value) if isinstance(value, list) else str(value)


def _document(row: Mapping[str, Any], layout: Layout, text: str, place: tuple[str, str, str, int, str]) -> Document:
    source, format, sha256, number, name = place
    fields = layout.fields
    speaker = " ".join(part for column in layout.speaker if (part := cols.value_of(row, column)))
    values = {field: cols.value_of(row, fields.get(field)) for field in ("role", "space", "about", "date", "language")}
    used = {column for column in (*fields.values(), *layout.texts, *layout.speaker) if column}
    origins = [("speaker", "+".join(layout.speaker))] + [(field, fields.get(field)) for field in values]
    record = Record(
        record_id=cols.value_of(row, fields.get("id")) or str(number),
        speaker=speaker or None,
        columns=tuple((field, column) for field, column in origins if column),
        **values,
    )
    metadata = {key: _clean(value) for key, value in row.items() if key not in used and value not in (None, "", [])}
    if len(layout.texts) > 1:
        metadata["question"] = name
    blocks = (Block(kind="field", start=0, end=len(text)),) if text.strip() else ()
    return Document(
        id=document_id(source, sha256),
        source=source,
        format=format,
        sha256=sha256,
        text=text,
        blocks=blocks,
        metadata=metadata,
        record=record,
    )


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    return value if isinstance(value, int | float | bool | list | dict) else str(value)


def find_records(value: Any, wanted: Sequence[str] = ()) -> list[list[dict[str, Any]]]:
    """Find, at any depth of a JSON or YAML value, the lists of mappings that hold texts; records are flattened to dotted keys."""
    value = _turned(value)
    found = _record_lists(value, lambda rows: _text_field(rows, wanted))
    if not found:
        found = [[{"text": text} for text in texts] for texts in _plain_lists(value)]
    if not found and not wanted:  # a survey whose questions are its keys
        found = _record_lists(
            value, lambda rows: any(_is_prose(name, rows) and _reads_like_sentences(rows, name) for name in names_of(rows))
        )
    if not found and isinstance(value, Mapping):
        rows = [cols.flatten(value)]
        if _text_field(rows, wanted):
            found.append(rows)
    return found


_QUESTION = frozenset("ref key name question label title libelle champ cle intitule".split())
_ANSWER = frozenset("text value answer reponse valeur response".split())


def _turned(value: Any, depth: int = 0) -> Any:
    """Turn lists of one question and one answer each into a mapping, where a question asks for a name or a trade: exports of forms."""
    if depth > 12 or not isinstance(value, Mapping | list):
        return value
    if isinstance(value, Mapping):
        return {key: _turned(inner, depth + 1) for key, inner in value.items()}
    answers = [_answered(cols.flatten(item)) for item in value if isinstance(item, Mapping)]
    asked = [pair[0] for pair in answers if pair is not None]
    if len(asked) == len(value) > 1 and len(set(asked)) == len(asked) and any(cols.named(field, asked) for field in ("speaker", "role")):
        return dict(pair for pair in answers if pair is not None)
    return [_turned(item, depth + 1) for item in value]


def _answered(row: Mapping[str, Any]) -> tuple[str, Any] | None:
    def one(usual: frozenset[str]) -> list[Any]:
        return [inner for key, inner in row.items() if cols.plain(key.rsplit(".", 1)[-1]) in usual and isinstance(inner, str | int | float)]

    questions, answers = one(_QUESTION), one(_ANSWER)
    return (str(questions[0]), answers[0]) if len(questions) == len(answers) == 1 else None


def _plain_lists(value: Any, depth: int = 0) -> Iterator[list[str]]:
    """Lists of sentences without anything about them."""
    if depth > 12 or not isinstance(value, Mapping | list):
        return
    children = list(value.values()) if isinstance(value, Mapping) else value
    if isinstance(value, list) and children and all(isinstance(child, str) for child in children):
        if sum(len(child.split()) for child in children) >= MIN_PROSE_WORDS * len(children):
            yield children
        return
    for child in children:
        yield from _plain_lists(child, depth + 1)


_SHARED = {
    "speaker": frozenset("personne person interviewe interviewee temoin locuteur speaker invite guest".split()),
    "role": frozenset("metier fonction role profession job".split()),
    "space": frozenset("espace space lieu place structure organisation organization entreprise company".split()),
    "date": frozenset(("date",)),
}
"""Fields that a record may leave to what encloses it: who is interviewed, over the list of answers."""


def _record_lists(value: Any, holds_texts: Callable[[list[dict[str, Any]]], bool]) -> list[list[dict[str, Any]]]:
    """Lists of mappings, at any depth, that hold texts."""
    found: list[list[dict[str, Any]]] = []
    stack: list[tuple[Any, int, dict[str, Any]]] = [(value, 0, {})]
    while stack:
        node, depth, above = stack.pop()
        if depth > 12:
            continue
        children = list(node.values()) if isinstance(node, Mapping) else list(node) if isinstance(node, list) else []
        mappings = [child for child in children if isinstance(child, Mapping)]
        if mappings and (isinstance(node, list) or len(mappings) == len(children) > 1):
            rows = [cols.flatten(child) for child in mappings]
            if holds_texts(rows):
                found.append(_completed(rows, above))
                continue
        if isinstance(node, Mapping):
            above = above | {key: item for key, item in node.items() if isinstance(item, str) and len(item) < LONGEST_SHARED}
        stack += [(child, depth + 1, above) for child in reversed(children)]
    return found


def _completed(rows: list[dict[str, Any]], above: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give records the person, role, space and date of what encloses them, where they have none of their own."""
    names = names_of(rows)
    shared = {
        key: value
        for key, value in above.items()
        for field, usual in _SHARED.items()
        if cols.plain(key) in usual and cols.named(field, names) is None
    }
    return [shared | row for row in rows] if shared else rows


def _reads_like_sentences(rows: Sequence[Mapping[str, Any]], name: str) -> bool:
    values = [value.strip() for value in _values(name, rows)]
    return sum(value[-1] in ".!?…" for value in values) >= 0.5 * len(values) > 0


def names_of(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """All the keys of records, in the order in which they are first seen."""
    return list(dict.fromkeys(str(key) for row in rows for key in row))


def _text_field(rows: Sequence[Mapping[str, Any]], wanted: Sequence[str]) -> bool:
    names = names_of(rows)
    name = cols.choose("text", names)
    asked = {cols.plain(item) for item in wanted}
    candidates = [item for item in names if cols.plain(item) in asked] if asked else [name] if name is not None else []
    values = [row.get(candidate) for candidate in candidates for row in rows]
    texts = [value for value in values if isinstance(value, str) and len(value.split()) >= 3]
    return len(texts) * 4 >= len(rows) and bool(texts)


def parse_json(text: str, source: str) -> Any:
    """Parse JSON.

    Raises
    ------
    UnreadableDocument
        With line and column.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableDocument(
            f"{source}: not valid JSON at line {error.lineno}, column {error.colno} ({error.msg}); correct it there"
        ) from error
    except RecursionError as error:
        raise UnreadableDocument(f"{source}: JSON nested too deeply; flatten it") from error


MAX_ALIASES = 100


def parse_yaml(text: str, source: str) -> Any:
    """Parse YAML safely: no objects, few aliases.

    Raises
    ------
    UnreadableDocument
        With line and column, or when the file uses more than `MAX_ALIASES` aliases.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.events import AliasEvent

    loader = YAML(typ="safe", pure=True)
    loader.allow_duplicate_keys = True
    try:
        if "*" in text and "&" in text:
            aliases = sum(isinstance(event, AliasEvent) for event in YAML(typ="safe", pure=True).parse(text))
            if aliases > MAX_ALIASES:
                raise UnreadableDocument(f"{source}: YAML with {aliases} aliases, at most {MAX_ALIASES} are read; write the values out")
        documents = list(loader.load_all(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise UnreadableDocument(f"{source}: not valid YAML{where} ({error.problem or error.context}); correct it there") from error
    except RecursionError as error:
        raise UnreadableDocument(f"{source}: YAML nested too deeply; flatten it") from error
    except (YAMLError, ValueError) as error:
        raise UnreadableDocument(f"{source}: not valid YAML ({' '.join(str(error).split())[:120]}); correct it") from error
    return documents[0] if len(documents) == 1 else documents
