"""Codebooks: the themes to look for, each with what it is about and the patterns of words that show it."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from . import toml
from .errors import CodebookError, unopened
from .patterns import PatternError, parse

BUILTIN = Path(__file__).parent / "data" / "codebook.toml"

SKELETON = """\
# Livre de codes pour testimony : un thème par bloc [[theme]].
# Obligatoires : id (minuscules sans accent, chiffres, _ et -), label, definition. Le reste aide à trouver le thème :
#   examples          des phrases entières qui parlent du thème (dix valent mieux que deux)
#   patterns          des suites de mots qui prouvent le thème
#   hints             des suites de mots qui le suggèrent seulement
#   counter_patterns  des suites de mots qui ne prouvent rien (« point de vue » pour un thème « paysage »)
# Une suite de mots s'écrit en minuscules, avec les mots du dictionnaire (« ouvrir » trouve « ouvert », « ouvrons ») :
#   "prendre le train"   ces mots, à la suite          "bus|tram|train"   l'un de ces mots
#   "covoitur*"          tout mot qui commence ainsi   "de?"              un mot facultatif
#   "venir …4 vélo"      au plus 4 mots entre les deux (… seul : 3)       "@lieu"  un mot de la liste « lieu »
# Vérifier : testimony codebook check themes.toml      Utiliser : testimony analyze corpus/ --codebook themes.toml
name = "Mon livre de codes"

[lists]
transport = ["bus", "train", "tram", "métro", "vélo", "voiture"]

[[theme]]
id = "mobilite"
label = "Mobilité"
definition = "Se déplacer : transports, trajets, stationnement, accès à pied ou à vélo."
inclusions = ["la durée des trajets", "le stationnement"]
exclusions = ["le déménagement de l'espace"]
examples = ["Je viens à vélo tous les matins.", "Le dernier bus part à dix-huit heures, c'est trop tôt."]
patterns = ["@transport", "se garer", "place de parking", "covoitur*", "venir …3 à pied"]
hints = ["trajet", "gare"]
counter_patterns = ["train de vie", "en train de"]

[[theme]]
id = "accueil"
label = "Accueil"
definition = "La façon dont on est reçu, guidé et écouté."
examples = ["Dès l'entrée, quelqu'un m'a fait visiter et présenté à tout le monde."]
patterns = ["être …2 accueilli", "accueillir", "faire visiter", "bienvenue"]
"""

_LISTS_OF_TEXT = ("inclusions", "exclusions", "examples", "patterns", "hints", "counter_patterns")
_TEXTS = ("id", "label", "definition", "color")
_REQUIRED = ("id", "label", "definition")
_TOP = ("name", "lists", "theme")
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}\Z")
_COLOR = re.compile(r"#[0-9a-fA-F]{6}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A theme of a codebook.

    Attributes
    ----------
    id
        Lower-case letters, digits, ``_`` and ``-``; what the tables hold.
    label, definition
        For readers; the words of the definition also help to find the theme where nothing was labelled.
    inclusions, exclusions, examples
        What belongs, what does not, sentences that show the theme.
    patterns, hints, counter_patterns
        Patterns of `testimony.patterns`: that prove the theme, that only suggest it, and whose words prove nothing.
    color
        ``#rrggbb`` for the report; ``None`` lets it choose.
    """

    id: str
    label: str
    definition: str
    inclusions: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    counter_patterns: tuple[str, ...] = ()
    color: str | None = None


@dataclass(frozen=True, kw_only=True)
class Codebook:
    """Themes in the order of their file, and the lists of words that their patterns name.

    Examples
    --------
    >>> len(Codebook.builtin().themes)
    12
    """

    themes: tuple[Theme, ...]
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    name: str = ""

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Codebook:
        """Read a codebook (TOML, or YAML by its suffix).

        Raises
        ------
        CodebookError
            With file, line, what is wrong and what is expected.
        """
        path = Path(path)
        try:
            text = path.read_text("utf-8-sig")
        except OSError as error:
            raise unopened(path, error) from error
        except UnicodeDecodeError as error:
            raise CodebookError(f"{path}: not a text in UTF-8 ({error.reason}); give a UTF-8 file in TOML or YAML") from error
        return _Reader(path, text).read()

    @classmethod
    def builtin(cls) -> Codebook:
        """Give the French codebook for coworking spaces that comes with the package."""
        return _builtin()

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Codebook:
        """Rebuild a codebook from what `to_dict` gave."""
        return cls(
            themes=tuple(_make(theme) for theme in content["themes"]),
            lists={key: tuple(words) for key, words in content["lists"].items()},
            name=content["name"],
        )

    def to_dict(self) -> dict[str, Any]:
        """Give the content as JSON-able values."""
        lists = {key: list(words) for key, words in self.lists.items()}
        return {"name": self.name, "lists": lists, "themes": [_plain(asdict(theme)) for theme in self.themes]}

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the themes, in order."""
        return tuple(theme.id for theme in self.themes)

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that change with anything in the codebook."""
        content = json.dumps(self.to_dict(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _make(values: Mapping[str, Any]) -> Theme:
    return Theme(**{key: tuple(value) if isinstance(value, list) else value for key, value in values.items()})  # type: ignore[arg-type]


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}


@cache
def _builtin() -> Codebook:
    return Codebook.load(BUILTIN)


@dataclass(frozen=True)
class _Reader:
    """Checks one file; every complaint names the line."""

    path: Path
    text: str

    def read(self) -> Codebook:
        content = self._parse()
        for key in content:
            if key not in _TOP:
                self._fail(self._line_of_key(key), f"unknown key {key!r}; a codebook has {', '.join(_TOP)}")
        lists = self._lists(content.get("lists") or {})
        entries = content.get("theme")
        if not isinstance(entries, list) or not entries:
            self._fail(1, "no theme; write one [[theme]] per theme (YAML: a list under `theme:`)")
        blocks = self._blocks(len(entries))
        themes: list[Theme] = []
        for entry, block in zip(entries, blocks, strict=True):
            theme = self._theme(entry, block, lists)
            if theme.id in {other.id for other in themes}:
                self._fail(self._line_of_key("id", block), f"the id {theme.id!r} is there twice; each theme needs its own")
            themes.append(theme)
        name = content.get("name", "")
        if not isinstance(name, str):
            self._fail(self._line_of_key("name"), "`name` must be text")
        return Codebook(themes=tuple(themes), lists=lists, name=name)

    def _parse(self) -> dict[str, Any]:
        if self.path.suffix.lower() in (".yaml", ".yml"):
            content = self._parse_yaml()
        else:
            try:
                content = toml.parse(self.text)
            except toml.TOMLDecodeError as error:
                found = re.search(r"at line (\d+)", str(error))
                self._fail(int(found[1]) if found else self.text.count("\n") + 1, f"not TOML: {error}")
        if not isinstance(content, dict):
            self._fail(1, f"a codebook has the keys {', '.join(_TOP)}")
        return content

    def _parse_yaml(self) -> Any:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError, YAMLError

        try:
            return YAML(typ="safe", pure=True).load(self.text)
        except MarkedYAMLError as error:
            mark = error.problem_mark
            self._fail(mark.line + 1 if mark else 1, f"not YAML: {' '.join(str(error.problem).split())}")
        except (YAMLError, RecursionError, ValueError) as error:
            reason = "nested too deeply" if isinstance(error, RecursionError) else " ".join(str(error).split())[:160]
            self._fail(1, f"not YAML: {reason}")

    def _lists(self, given: Any) -> dict[str, tuple[str, ...]]:
        if not isinstance(given, dict):
            self._fail(self._line_of_key("lists"), "`lists` must give names to lists of words")
        for name, words in given.items():
            if not isinstance(words, list) or not words or not all(isinstance(word, str) and word.strip() for word in words):
                self._fail(self._line_of_key(str(name)), f"the list {name!r} must be a list of words")
        return {str(name): tuple(words) for name, words in given.items()}

    def _theme(self, entry: Any, block: tuple[int, int], lists: Mapping[str, Sequence[str]]) -> Theme:
        if not isinstance(entry, dict):
            self._fail(block[0], "a theme must have the keys id, label and definition")
        self._check_types(entry, block)
        for key in _REQUIRED:
            if key not in entry:
                self._fail(block[0], f"the theme {entry.get('id', '')!r} has no `{key}`; it needs id, label and definition")
        if not _ID.match(entry["id"]):
            self._fail(self._line_of_key("id", block), f"the id {entry['id']!r} must be lower-case letters without accents, digits, _ or -")
        if not _COLOR.match(entry.get("color", "#000000")):
            self._fail(self._line_of_key("color", block), f"the color {entry['color']!r} must read like #1f77b4")
        for key in ("patterns", "hints", "counter_patterns"):
            self._check_patterns(entry.get(key, ()), block, lists)
        return _make(entry)

    def _check_types(self, entry: Mapping[str, Any], block: tuple[int, int]) -> None:
        for key, value in entry.items():
            if key in _TEXTS:
                if not isinstance(value, str) or not value.strip():
                    self._fail(self._line_of_key(key, block), f"`{key}` must be text in quotes")
            elif key not in _LISTS_OF_TEXT:
                self._fail(self._line_of_key(str(key), block), f"unknown key {key!r}; a theme has {', '.join((*_TEXTS, *_LISTS_OF_TEXT))}")
            elif not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
                self._fail(self._line_of_key(key, block), f"`{key}` must be a list of texts in quotes")

    def _check_patterns(self, patterns: Sequence[str], block: tuple[int, int], lists: Mapping[str, Sequence[str]]) -> None:
        for pattern in patterns:
            try:
                parse(pattern, lists)
            except PatternError as error:
                self._fail(self._line_of_text(pattern, block), f"the pattern {pattern!r} cannot be read: {error}")

    def _blocks(self, count: int) -> list[tuple[int, int]]:
        """Lines ``[first, last)`` of each theme, counted from 1."""
        lines = self.text.splitlines()
        if self.path.suffix.lower() in (".yaml", ".yml"):
            start = next((n for n, line in enumerate(lines, 1) if re.match(r"[\"']?theme[\"']?\s*:", line)), 1)
            dashes = [
                (n, len(line) - len(line.lstrip()))
                for n, line in enumerate(lines, 1)
                if n > start and re.match(r"[ \t]{0,99}+-(\s|$)", line)
            ]
            starts = [n for n, depth in dashes if depth == dashes[0][1]]
        else:
            starts = [n for n, line in enumerate(lines, 1) if re.match(r"[ \t]{0,99}+\[\[[ \t]{0,9}[\"']?theme[\"']?\s*\]\]", line)]
        if len(starts) != count:  # written in another style: the whole file is the best answer
            return [(1, len(lines) + 1)] * count
        return list(zip(starts, [*starts[1:], len(lines) + 1], strict=True))

    def _line_of_key(self, key: str, block: tuple[int, int] | None = None) -> int:
        pattern = re.compile(rf"[ \t]{{0,99}}+(?:-[ \t]{{1,9}})?(?:\[\[?[ \t]{{0,9}})?[\"']?{re.escape(key)}[\"']?\s*[\]=:]")
        return self._first(pattern.match, block)

    def _line_of_text(self, text: str, block: tuple[int, int]) -> int:
        return self._first(lambda line: text in line, block)

    def _first(self, wanted: Any, block: tuple[int, int] | None) -> int:
        lines = self.text.splitlines()
        first, last = block or (1, len(lines) + 1)
        return next((n for n in range(first, last) if wanted(lines[n - 1])), first)

    def _fail(self, line: int, message: str) -> NoReturn:
        raise CodebookError(f"{self.path}:{line}: {message}")
