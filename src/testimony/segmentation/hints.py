"""Hints: what a user says about a corpus (``testimony.toml``) overrides what the layouts find."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from .. import toml
from ..errors import CodebookError, unopened
from ..readers.columns import Columns

LAYOUTS = ("record", "turns", "interview", "cards", "headed", "signed", "grid", "answers", "quotations", "article", "whole")
_COLUMNS = ("text_column", "speaker_column", "role_column", "space_column", "date_column", "id_column")
_KEYS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("files", "layout", "speaker", "role", "space", "about"), (str,)),
    "date": (str, date),
    **dict.fromkeys(_COLUMNS, (str, list)),
    "ignore": (list,),
    "skip": (bool,),
}
_SAID = {str: "a text", list: "a list of texts", bool: "true or false", date: "a date"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """What holds for the files that match `files` (a pattern such as ``interviews/*``); an empty text says that there is none."""

    files: str = "*"
    layout: str | None = None
    speaker: str | None = None
    role: str | None = None
    space: str | None = None
    about: str | None = None
    date: str | None = None
    ignore: tuple[str, ...] = ()
    skip: bool = False
    columns: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Which columns or keys of a table hold what, as ``("speaker", ("Prénom", "Nom"))``."""

    def said(self) -> str:
        """Say the hint in one line."""
        values = [
            f"{name} = {getattr(self, name)!r}"
            for name in ("layout", "speaker", "role", "space", "about", "date")
            if getattr(self, name) is not None
        ]
        lists = [f"{name}_column = {list(names)!r}" for name, names in self.columns] + [f"ignore = {list(self.ignore)!r}"] * bool(
            self.ignore
        )
        told = [*values, *lists, *["skip"] * self.skip]
        return f"files = {self.files!r}: {', '.join(told)}" if told else "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """The hints of a corpus; for a document, the first that matches its source holds."""

    hints: tuple[Hint, ...] = ()

    @classmethod
    def load(cls, path: Path) -> Hints:
        """Read ``[[documents]]`` tables.

        Raises
        ------
        CodebookError
            With file, line and what is known.
        """
        try:
            text = path.read_text("utf-8-sig")
            value = toml.parse(text)
        except OSError as error:
            raise unopened(path, error) from error
        except (UnicodeDecodeError, toml.TOMLDecodeError) as error:
            raise CodebookError(f"{path}: not valid TOML ({error}); correct it there") from error
        unknown = sorted(set(value) - {"documents"})
        if unknown:
            raise CodebookError(f"{path}{_line(text, unknown[0])}: unknown key {unknown[0]!r}; only [[documents]] tables are known")
        entries = value.get("documents", [])
        if not isinstance(entries, list):
            raise CodebookError(f"{path}: documents must be tables: [[documents]]")
        return cls(hints=tuple(_hint(entry, text, path) for entry in entries))

    def of(self, source: str) -> Hint:
        """Give the hint for a document."""
        name = source.split("#", maxsplit=1)[0]
        for hint in self.hints:
            if fnmatch.fnmatchcase(name, hint.files) or fnmatch.fnmatchcase(name, f"*/{hint.files}"):
                return hint
        return Hint()

    def columns(self, source: str, given: Columns) -> Columns:
        """Give the columns to read a file by: what its hint says, else what was given for all."""
        return replace(given, **dict(self.of(source).columns))

    def with_whole(self) -> Hints:
        """Give the same hints with every document taken as one testimonial."""
        return Hints(hints=(*(replace(hint, layout="whole") for hint in self.hints), Hint(layout="whole")))


def _hint(entry: Any, text: str, path: Path) -> Hint:
    if not isinstance(entry, Mapping):
        raise CodebookError(f"{path}: documents must be tables: [[documents]]")
    for key, value in entry.items():
        if key not in _KEYS:
            raise CodebookError(f"{path}{_line(text, key)}: unknown key {key!r}; known: {', '.join(_KEYS)}")
        texts = value if isinstance(value, list) else []
        if not isinstance(value, _KEYS[key]) or not all(isinstance(one, str) for one in texts):
            said = " or ".join(_SAID[kind] for kind in _KEYS[key])
            found = next((one for one in texts if not isinstance(one, str)), value)
            raise CodebookError(f"{path}{_line(text, key)}: {key} must be {said}, found {found!r}")
    if entry.get("layout") not in (None, *LAYOUTS):
        raise CodebookError(f"{path}{_line(text, entry['layout'])}: no layout {entry['layout']!r}; known: {', '.join(LAYOUTS)}")
    rest: dict[str, Any] = {key: str(value) if isinstance(value, date) else value for key, value in entry.items() if key not in _COLUMNS}
    columns = tuple(
        (key.removesuffix("_column"), (value,) if isinstance(value, str) else tuple(value))
        for key, value in entry.items()
        if key in _COLUMNS
    )
    return Hint(**rest | {"ignore": tuple(entry.get("ignore", ())), "columns": columns})


def _line(text: str, word: str) -> str:
    at = text.find(word)
    return f":{text.count(chr(10), 0, at) + 1}" if at >= 0 else ""
