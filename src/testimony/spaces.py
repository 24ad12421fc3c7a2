"""The registry of known spaces: aliases → one canonical name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from . import toml
from .accents import without_accents
from .errors import CodebookError, unopened

_KEYS = frozenset({"name", "aliases", "kind", "town", "region"})

# Words that say what a place is; they tell no space from another.
GENERIC = frozenset(
    "espace space coworking co-working cowork lieu tiers-lieu tiers lieux fablab makerspace hub incubateur pepiniere centre maison reseau "
    "atelier collectif association".split()
)
_ARTICLE = re.compile(r"^(?:[Ll]e |[Ll]a |[Ll]es |[Ll]['’])")
_SMALL = frozenset("le la les l de du des d a au aux et en sur".split())


def bare(name: str) -> str:
    """Reduce a name to lower-case words without accents, for comparison only."""
    return " ".join(re.findall(r"[a-z0-9]+", without_accents(name.casefold().replace("œ", "oe").replace("’", "'"))))


def words_of(name: str) -> list[str]:
    """Words of a name as `bare` gives them, those written in one or in two as one: «co-working», «fab lab»."""
    return bare(name).replace("co working", "coworking").replace("fab lab", "fablab").split()


@lru_cache(maxsize=20_000)
def signature(name: str) -> str:
    """What is left of a name without articles and generic words: the part that tells it from others."""
    words = words_of(name)
    own = [word for word in words if word not in _SMALL and word not in GENERIC]
    return " ".join(own or [word for word in words if word not in _SMALL])


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """A known space."""

    name: str
    aliases: tuple[str, ...] = ()
    kind: str | None = None
    town: str | None = None
    region: str | None = None


@dataclass(frozen=True)
class Registry:
    """Known spaces, in the order of their file."""

    spaces: tuple[Space, ...] = ()

    @classmethod
    def load(cls, path: str | Path) -> Registry:
        """Read a registry (TOML or YAML): ``[[space]]`` tables with `name`, and `aliases`, `kind`, `town`, `region` where known.

        Raises
        ------
        CodebookError
            With file, place and remedy.
        """
        path = Path(path)
        try:
            text = path.read_text("utf-8-sig")
        except OSError as error:
            raise unopened(path, error) from error
        except UnicodeDecodeError as error:
            raise CodebookError(f"{path}: not a text in UTF-8 ({error.reason}); give a UTF-8 file") from error
        entries = _parse(text, path)
        spaces: list[Space] = []
        owners: dict[str, str] = {}
        for number, entry in enumerate(entries, 1):
            space = _space(entry, number, text, path)
            for name in (space.name, *space.aliases):
                owner = owners.setdefault(bare(name), space.name)
                if owner != space.name:
                    raise CodebookError(f"{path}{_line(text, name)}: {name!r} names both {owner!r} and {space.name!r}; keep it with one")
            spaces.append(space)
        return cls(tuple(spaces))

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return {bare(name): space.name for space in self.spaces for name in (space.name, *space.aliases)}

    @cached_property
    def _signatures(self) -> Mapping[str, str | None]:
        found: dict[str, str | None] = {}
        for space in self.spaces:
            for name in (space.name, *space.aliases):
                own = signature(name)
                found[own] = space.name if found.get(own, space.name) == space.name else None
        return found

    def resolve(self, name: str | None) -> str | None:
        """Give the canonical name of a space, or None when it is not a known one.

        Examples
        --------
        >>> Registry((Space(name="Coworking La Louvière"),)).resolve("l'espace de coworking de La Louvière")
        'Coworking La Louvière'
        """
        if not name:
            return None
        return self._names.get(bare(name)) or self._signatures.get(signature(name))

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """Find known spaces named in a text, as (start, end, canonical name); the longest names first, none inside another.

        Names are compared with their capitals, so that an ordinary word is not taken for a space; the article may be missing.
        """
        found: list[tuple[int, int, str]] = []
        plain = text.replace("’", "'")
        variants = {form: space for name, space in self.names() for form in (name, _ARTICLE.sub("", name)) if form[:1].isupper()}
        for form in sorted(variants, key=lambda item: (-len(item), item)):
            at = plain.find(form.replace("’", "'"))
            while at >= 0:
                end = at + len(form)
                whole = not (at and plain[at - 1].isalnum()) and not plain[end : end + 1].isalnum()
                if whole and not any(start < end and at < stop for start, stop, _ in found):
                    found.append((at, end, variants[form]))
                at = plain.find(form.replace("’", "'"), end)
        return sorted(found)

    def names(self) -> Iterable[tuple[str, str]]:
        """Yield (name or alias, canonical name)."""
        for space in self.spaces:
            for name in (space.name, *space.aliases):
                yield name, space.name


def _parse(text: str, path: Path) -> list[Any]:
    if path.suffix.lower() in (".yaml", ".yml"):
        from .readers.records import parse_yaml

        try:
            value = parse_yaml(text, str(path))
        except ValueError as error:
            raise CodebookError(str(error)) from error
    else:
        try:
            value = toml.parse(text)
        except toml.TOMLDecodeError as error:
            raise CodebookError(f"{path}: not valid TOML ({error}); correct it there") from error
    entries = value.get("space", value.get("spaces")) if isinstance(value, Mapping) else value
    if not isinstance(entries, list):
        raise CodebookError(f"{path}: no [[space]] in it; each space is a table with a name")
    unknown = set(value) - {"space", "spaces"} if isinstance(value, Mapping) else set()
    if unknown:
        first = sorted(unknown)[0]
        raise CodebookError(f"{path}{_line(text, first)}: unknown key {first!r}; only [[space]] tables are known")
    return entries


def _space(entry: Any, number: int, text: str, path: Path) -> Space:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("name"), str) or not entry["name"].strip():
        raise CodebookError(f'{path}: space {number} has no name; add name = "…"')
    where = f"{path}{_line(text, entry['name'])}"
    unknown = sorted(set(entry) - _KEYS)
    if unknown:
        raise CodebookError(f"{path}{_line(text, unknown[0])}: unknown key {unknown[0]!r}; known: {', '.join(sorted(_KEYS))}")
    aliases = entry.get("aliases", [])
    if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
        raise CodebookError(f"{where}: aliases of {entry['name']!r} must be a list of texts")
    rest = {key: unicodedata.normalize("NFC", str(entry[key])) for key in ("kind", "town", "region") if entry.get(key) is not None}
    names = [unicodedata.normalize("NFC", name.strip()) for name in (entry["name"], *aliases)]
    return Space(name=names[0], aliases=tuple(names[1:]), **rest)


def _line(text: str, word: str) -> str:
    """Line on which a word of the file stands, as ``:12``."""
    at = text.find(word)
    return f":{text.count(chr(10), 0, at) + 1}" if at >= 0 else ""
