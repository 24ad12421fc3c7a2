"""Words of the report's frame, in French or English; what people said is never touched."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from ..errors import InputError

LANGUAGES = ("fr", "en")
THIN_SPACE = "\u202f"
_BREAKING = re.compile(r"« | [»:;?!%]")


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of one language; call it with a key and the values to put in.

    Examples
    --------
    >>> labels("fr")("n_testimonial", n=2)
    '2 témoignages'
    """

    lang: str
    words: Mapping[str, str]
    rule_names: Mapping[str, str]
    prose: Sequence[Mapping[str, Any]]
    measured: Sequence[tuple[str, int]]
    """What the results are worth: in words, and in per cent."""

    def __call__(self, key: str, **values: Any) -> str:
        """Say `key`: the plural form where `n` asks for it, numbers written as the language writes them."""
        text = self.words[key]
        if "|" in text and "n" in values:
            one, many = text.split("|")
            text = one if self._is_singular(values["n"]) else many
        return text.format(**{name: self.number(value) for name, value in values.items()}) if "{" in text else text

    def __getitem__(self, key: str) -> str:
        """Words of `key` as they stand."""
        return self.words[key]

    def _is_singular(self, n: float) -> bool:
        return n < 2 if self.lang == "fr" else n == 1

    def number(self, value: Any) -> str:
        """Write a number with its thousands apart; anything else as it is."""
        if isinstance(value, bool) or not isinstance(value, int):
            return str(value)
        grouped = f"{value:,}"
        return grouped.replace(",", THIN_SPACE) if self.lang == "fr" else grouped


@cache
def labels(lang: str) -> Labels:
    """Load the words of a language.

    Raises
    ------
    InputError
        If the report does not speak it.
    """
    if lang not in LANGUAGES:
        raise InputError(f"--lang {lang}: the report speaks {' and '.join(LANGUAGES)}; choose one of them")
    room = files("testimony.report") / "words"
    data = tomllib.loads((room / f"{lang}.toml").read_text("utf-8"))
    measured = tomllib.loads((room / "figures.toml").read_text("utf-8"))["figure"]
    if lang == "fr":
        data = _spaced(data)
    rules, prose = data.pop("rule_names"), data.pop("prose")
    return Labels(lang, data, rules, prose, [(row[lang], row["percent"]) for row in measured])


def _spaced(value: Any) -> Any:
    """Bind French double punctuation to its word, so that no line begins with it."""
    if isinstance(value, str):
        return _BREAKING.sub(lambda found: found.group().replace(" ", "\u00a0"), value)
    return {key: _spaced(item) for key, item in value.items()} if isinstance(value, dict) else [_spaced(item) for item in value]
