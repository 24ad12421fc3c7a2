"""Signs of possible irony, from ``[irony]`` of ``data/polarity.toml``: marks of it, and praise beside nothing but bad news."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ..types import Span
from ..words import Words

if TYPE_CHECKING:
    from .grammar import Evidence

FELT = 0.5
"""Evidence below it tells neither praise nor bad news."""
LACKS = ("negation", "without", "no_longer")
_SIGNS = frozenset(",;:.!…—–()") | {"...", "..", "!!", "!!!"}
_TRAILING = ("...", "…")


class Irony:
    """Tells where irony is possible.

    Parameters
    ----------
    rules
        The table ``[irony]`` of the grammar.
    """

    def __init__(self, rules: Mapping[str, Sequence[str]]) -> None:
        self._marks, self._remarks, self._news = (_Phrases(rules[name]) for name in ("marks", "remarks", "news"))
        self._praise, self._closing, self._before = (frozenset(rules[name]) for name in ("praise", "closing", "before"))
        self._exclaimed, self._remarked = ([phrase.split() for phrase in rules[name]] for name in ("exclaimed", "remarked"))
        first = (word for phrase, *_ in (*self._exclaimed, *self._remarked) for word in phrase.split("|"))
        self._praising = self._praise.union(self._closing, first)

    def possible(self, text: str, words: Words, evidence: Sequence[Evidence], flags: Mapping[str, int]) -> bool:
        """Tell whether a sentence may be ironical."""
        lowered = text.lower()
        if any(not lowered[found.start() - 1 : found.start()].isalnum() for found in self._marks.finditer(lowered)):
            return True
        if any(_apart(lowered, found.span()) for found in self._remarks.finditer(lowered)):
            return all(e.value < FELT for e in evidence)
        if "contrast" in flags or self._praising.isdisjoint(words.forms):
            return False
        praised = [*self._praise_of(words.forms, evidence)]
        if not praised:
            return False
        rest = [e.value for e in evidence if not any(start <= e.at[0] < end for start, end in praised)]
        trailing = words.forms[-1] in _TRAILING and any(flag in flags for flag in LACKS)
        bad = trailing or min(rest, default=0.0) <= -FELT or any(self._news.finditer(lowered))
        return bad and max(rest, default=0.0) < FELT

    def _praise_of(self, forms: Sequence[str], evidence: Sequence[Evidence]) -> Iterator[Span]:
        """Find the words that praise as irony does: alone before or after the news, or as an exclamation."""
        parts = _parts(forms)
        while parts and self._before.issuperset(forms[slice(*parts[0])]):
            del parts[0]
        if not parts:
            return
        (start, end), (last, over) = parts[0], parts[-1]
        if len(parts) > 1 and self._closing.issuperset(forms[last:over]):
            yield last, over
        while start < end - 1 and forms[start] in self._before:
            start += 1
        alone = start
        while alone < end and forms[alone] in self._praise:
            alone += 1
        if alone > start and (alone == end or forms[alone] == "encore" or forms[-1] in _TRAILING):
            yield start, alone
        elif len(parts) > 1:
            exclaimed = forms[end] != "," and _begins(forms[start:end], self._exclaimed)
            said = [e.value for e in evidence if start <= e.at[0] < end]
            if ((exclaimed and said) or _begins(forms[start:end], self._remarked)) and min(said, default=0.0) >= 0.0:
                yield start, end


class _Phrases:
    """Phrases, their words as they stand in a text in lower case, «un|une» one of several."""

    def __init__(self, phrases: Sequence[str]) -> None:
        written = (" ".join(f"(?:{'|'.join(map(re.escape, word.split('|')))})" for word in phrase.split()) for phrase in phrases)
        self._pattern = re.compile(f"(?:{'|'.join(written)})(?!\\w)")
        # One word of each that must be there: to look for those takes a fifth of the time.
        self._sure = sorted({max((word for word in phrase.split() if "|" not in word), key=len, default="") for phrase in phrases})

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Find where they stand."""
        for word in self._sure:
            if word in text:
                return self._pattern.finditer(text)
        return iter(())


def _apart(text: str, span: Span) -> bool:
    """Tell whether words stand between signs."""
    before, after = text[: span[0]].rstrip(), text[span[1] :].lstrip()
    return all(not side or not side.isalnum() for side in (before[-1:], after[:1]))


def _parts(forms: Sequence[str]) -> list[Span]:
    """Cut a sentence at its signs."""
    ends = [i for i, form in enumerate(forms) if form in _SIGNS]
    return [(start, end) for start, end in zip([0, *(i + 1 for i in ends)], [*ends, len(forms)], strict=True) if end > start]


def _begins(forms: Sequence[str], phrases: Sequence[Sequence[str]]) -> bool:
    """Tell whether words begin with one of the phrases and go on."""
    return any(
        len(forms) > len(phrase) and all(form in word.split("|") for form, word in zip(forms, phrase, strict=False)) for phrase in phrases
    )
