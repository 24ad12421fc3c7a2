"""Quotations: which stretch of a testimonial can be read alone, which stance it takes, which ones say the same."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from .words import has_verb, said_in, tokens

Row = dict[str, Any]

STANCES = ("positive", "negative", "proposal", "mixed", "neutral")
LONG = 42
"""Words above which a quotation is cut at a clause, if a clause stands alone."""

MAX_CHARACTERS = 800
"""What a quotation has at most: beyond, it is cut and says so."""

MAX_PAIR = 48
"""Words that a sentence and the one that it leans on may have together."""

MEMORY = 10_000
"""Sentences of which it is remembered what they are worth: a sentence has several themes, and many people write the same one."""

DATA = Path(__file__).parents[1] / "data" / "quotation.toml"


@dataclass(frozen=True, slots=True)
class _Leaning:
    """A pronoun that must be preceded, in the same text, by a noun that it can stand for; `words` are those of which its pattern needs one."""

    words: frozenset[str]
    pronoun: re.Pattern[str]
    noun: re.Pattern[str] | None
    weight: float


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What ``quotation.toml`` says, compiled."""

    wish: re.Pattern[str]
    link: re.Pattern[str]
    pointing_words: frozenset[str]
    pointing: re.Pattern[str]
    leaning: tuple[_Leaning, ...]
    pronouns: frozenset[str]
    """Words of all of them."""
    opening: re.Pattern[str]
    """One group for each of the weights; the first that fits decides."""
    weights: tuple[float, ...]


@cache
def _patterns() -> _Patterns:
    data = tomllib.loads(DATA.read_text("utf-8"))
    impersonal = "|".join(data["impersonal"])

    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(pattern.replace("'", "['’]").replace("@impersonal", impersonal.replace("'", "['’]")), re.IGNORECASE)

    def noun(block: dict[str, Any]) -> re.Pattern[str] | None:
        if "noun" not in block:
            return None
        after = rf"\w*.{{0,{MAX_CHARACTERS}}}?(?:{block['after']})" if "after" in block else ""
        named = rf"(?:(?i:{data['nouns'][block['noun']]})|{_NAME}){after}"
        return re.compile(named.replace("'", "['’]"), re.DOTALL)

    pronouns = tuple(
        _Leaning(frozenset(block["words"]), compiled(block["pronoun"]), noun(block), float(block["weight"])) for block in data["leaning"]
    )
    links, before_comma = "|".join(data["link"]), "|".join(data["link_before_comma"])
    return _Patterns(
        wish=re.compile(compiled(rf"\b(?:{'|'.join(data['wish'])})").pattern),  # in lower case: three times as fast
        link=compiled(rf"(?:(?:{links})(?:\s*[,:]\s*|\s+)|(?:{before_comma})\s*[,:]\s*)"),
        pointing_words=frozenset(data["pointing_words"]),
        pointing=compiled(rf"\b(?:{'|'.join(data['pointing'])})\b"),
        leaning=pronouns,
        pronouns=frozenset().union(*(one.words for one in pronouns)),
        opening=compiled("|".join(f"({'|'.join(block['patterns'])})" for block in data["opening"])),
        weights=tuple(float(block["weight"]) for block in data["opening"]),
    )


_NAME = r"(?<=[\w,;:]\s)[A-ZÉÈÀÎ]\w+\s*\w"
_EVERYBODY = re.compile(r"\btout le monde\b", re.IGNORECASE)
# Each alternative begins with its rarest character: the others are passed over at once.
_ADDRESS = re.compile(r"https?://|www\.|@(?<=\S@)\S{1,80}\.\w|\d(?<!\w\d)\d(?:[ .]\d{2}){4}\b")
_MARKS = (("«", "»"), ("“", "”"))
_CLOSING = "\"»”’')]"
_FRAGMENT = re.compile(r"(?:de|du|des|à|pour|par)\s|d['’]", re.IGNORECASE)
_CLAUSE = re.compile(r"\s{0,20}(?:;|\s:|\s[–—]\s)\s*")


def opening(text: str) -> float:
    """How well a sentence begins without the one before it, in [0, 1]."""
    head = text.lstrip("«»\"“”'‘’–—-•*( \t\n\u00a0\u202f")
    found = _patterns().opening.match(head)
    return _patterns().weights[found.lastindex - 1] if found and found.lastindex else 1.0


def leaning(text: str) -> float:
    """How well the pronouns of a text are understood from what stands before them in it, in [0, 1]: the worst of them decides."""
    worst, words, patterns = 1.0, tokens(text), _patterns()
    met = words & patterns.pronouns
    if not met:
        return worst
    # « tout le monde y gagne » names nothing to gain from
    named = _EVERYBODY.sub(lambda found: "_" * len(found.group()), text) if "monde" in words else text
    for one in patterns.leaning:
        found = None if one.weight >= worst or one.words.isdisjoint(met) else one.pronoun.search(text)
        if found and not (one.noun and one.noun.search(named, 0, found.start())):
            worst = one.weight
    return worst


@lru_cache(maxsize=MEMORY)
def alone(text: str) -> float:
    """How well a text is understood without what surrounds it, in [0, 1]."""
    value = opening(text) * leaning(text) * _length(len(text.split()))
    stripped = text.strip()
    verbless = not has_verb(text)
    checks = (
        (_link(text) is not None, 0.7),
        (stripped[:1].islower(), 0.75),
        (stripped.startswith(("-", ",", ";", ".", ":", ")")), 0.5),
        ("\n" in stripped, 0.6),
        (not _closed(stripped), 0.8),
        (stripped.endswith("?"), 0.5),
        (stripped.endswith(":"), 0.4),
        (not _patterns().pointing_words.isdisjoint(tokens(text)) and _patterns().pointing.search(text) is not None, 0.5),
        (_ADDRESS.search(text) is not None, 0.5),
        (text.count("«") != text.count("»") or text.count("(") != text.count(")") or text.count('"') % 2 == 1, 0.8),
        (verbless, 0.7),
        (verbless and _FRAGMENT.match(stripped) is not None, 0.5),
    )
    for holds, weight in checks:
        value *= weight if holds else 1.0
    return value


def _closed(text: str) -> bool:
    """Tell whether a text ends with the mark of a sentence, quotation marks and brackets aside."""
    return text.rstrip(_CLOSING).endswith((".", "!", "?", "…"))


def _length(n: int) -> float:
    return 0.4 if n < 4 else 0.7 if n < 6 else 0.9 if n < 8 else 1.0 if n <= 32 else 0.8 if n <= LONG else 0.5


@lru_cache(maxsize=MEMORY)
def stance_of(text: str, polarity: str) -> str:
    """Stance of a sentence toward a theme: a wish or suggestion is a proposal, unless it only follows praise."""
    lower = text.lower()
    wish = _patterns().wish.search(lower)
    return "proposal" if wish and (polarity != "positive" or len(lower[: wish.start()].split()) < 2) else polarity


class Excerpt(NamedTuple):
    """A range of a testimonial to quote; `before` and `after` tell whether a sentence was cut there."""

    start: int
    end: int
    alone: float
    before: bool = False
    after: bool = False


def excerpt(text: str, sentences: Sequence[Row], number: int, proofs: Sequence[Sequence[int]] = ()) -> Excerpt:
    """Choose what to quote around a sentence so that it is understood alone.

    Parameters
    ----------
    text
        The testimonial.
    sentences
        Its sentences, in order.
    number
        Which of them is to be quoted.
    proofs
        Ranges that the quotation must keep: the words that show the theme and the polarity.
    """
    start, end = _stripped(text, sentences[number]["start"], sentences[number]["end"])
    if end - start > MAX_CHARACTERS:
        return _shortened(text, start, end, proofs)
    best = Excerpt(start, end, alone(text[start:end]))
    if best.alone == 1.0:
        return best
    others = [_without_link(text, start, end), _with_previous(text, sentences, number)]
    if "\n" in text[start:end]:
        others += _lines(text, start, end, proofs)
    if len(text[start:end].split()) > LONG:
        others += _clauses(text, start, end, proofs)
    for other in others:
        if other is not None and other.alone > best.alone:
            best = other
    return best


def _shortened(text: str, start: int, end: int, proofs: Sequence[Sequence[int]]) -> Excerpt:
    """The first characters of a stretch without end, or those from its first proof on."""
    proof = min((place[0] for place in proofs), default=start)
    left = start if proof < start + MAX_CHARACTERS // 2 else proof
    right = min(end, left + MAX_CHARACTERS)
    right = max(text.rfind(" ", left + MAX_CHARACTERS // 2, right), left) if right < end else right
    right = right if right > left else left + MAX_CHARACTERS
    return Excerpt(left, right, 0.5 * alone(text[left:right]), before=left > start, after=right < end)


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    """The same range without the blanks at its ends, nor a quotation mark whose fellow stands elsewhere."""
    words = text[start:end]
    start, end = start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())
    for opened, closed in _MARKS:
        words = text[start:end]
        if words.startswith(opened) and words.count(opened) > words.count(closed):
            start += 1 + len(words[1:]) - len(words[1:].lstrip())
        elif words.endswith(closed) and words.count(opened) < words.count(closed):
            end -= 1 + len(words[:-1]) - len(words[:-1].rstrip())
    return start, end


def _link(text: str) -> int | None:
    """Where the sentence goes on after a word that links it to what was said before."""
    link = _patterns().link.match(text)
    return link.end() if link else None


def _without_link(text: str, start: int, end: int) -> Excerpt | None:
    at = _link(text[start:end])
    if at is None:
        return None
    rest = text[start + at : end]
    # The lower-case letter that the cut leaves is not the speaker's: it costs nothing.
    return Excerpt(start + at, end, 0.95 * alone(rest[:1].upper() + rest[1:]), before=True)


def _lines(text: str, start: int, end: int, proofs: Sequence[Sequence[int]]) -> list[Excerpt]:
    """The lines of a stretch that a break cuts: what stands apart on the page is quoted apart."""
    found, at = [], start
    for line in text[start:end].split("\n"):
        left, at = at, at + len(line) + 1
        right = left + len(line.rstrip())
        left += len(line) - len(line.lstrip())
        if all(left <= proof[0] and proof[1] <= right for proof in proofs) and left < right:
            found.append(Excerpt(left, right, alone(text[left:right])))
    return found


def _with_previous(text: str, sentences: Sequence[Row], number: int) -> Excerpt | None:
    if number == 0:
        return None
    feeling = sentences[number - 1].get("polarity", "neutral")
    if feeling not in ("neutral", sentences[number].get("polarity")):
        return None  # a praise would stand among the complaints
    (left, middle), (start, end) = (_stripped(text, row["start"], row["end"]) for row in sentences[number - 1 : number + 1])
    between, first, both = text[middle:start], text[left:middle], text[left:end]
    if between.strip() or "\n" in both or len(both.split()) > MAX_PAIR:
        return None
    if not _closed(first) and text[start:end][:1].islower():  # one sentence, cut where it should not be
        return Excerpt(left, end, 0.95 * alone(both))
    torn = text[start:end][:1].islower() or text[start:end][:1] in ("-", ",", ";", ")") or not _closed(first)
    if len(first.split()) < 4:
        return None
    if opening(text[start:end]) == 1.0 and leaning(text[start:end]) == 1.0 and not torn:
        return None
    return Excerpt(left, end, 0.9 * min(alone(first) / max(_length(len(first.split())), 0.3), 1.0) * _length(len(both.split())))


def _clauses(text: str, start: int, end: int, proofs: Sequence[Sequence[int]]) -> list[Excerpt]:
    cuts = [start, *(at for match in _CLAUSE.finditer(text, start, end) for at in match.span()), end]
    found = []
    for left, right in zip(cuts[::2], cuts[1::2], strict=True):
        if all(left <= proof[0] and proof[1] <= right for proof in proofs) and len(text[left:right].split()) >= 6:
            clause = text[left:right]
            ended = clause if right == end else clause + "."
            found.append(Excerpt(left, right, 0.9 * alone(ended[:1].upper() + ended[1:]), before=left > start, after=right < end))
    return found


class Quotation(NamedTuple):
    """A stretch of a testimonial, with who says it; `text` is what stands there, character for character."""

    text: str
    testimonial_id: str
    start: int
    end: int
    speaker: str | None
    space: str | None
    polarity: str
    alone: float
    score: float
    before: bool = False
    after: bool = False
    irony: bool = False

    @property
    def words(self) -> frozenset[str]:
        """Content words, for telling two quotations that say the same."""
        return said_in(self.text)

    def row(self) -> Row:
        """As a dictionary for summaries: where it stands and who says it."""
        return {name: getattr(self, name) for name in _PRINTED}

    def says_the_same_as(self, other: Quotation) -> bool:
        """Tell whether two quotations overlap or share most of their content words."""
        if self.testimonial_id == other.testimonial_id and self.start < other.end and other.start < self.end:
            return True
        if not self.words or not other.words:
            return self.text == other.text
        shared = len(self.words & other.words)
        return shared / min(len(self.words), len(other.words)) > 0.6 and shared > 1


_PRINTED = tuple(name for name in Quotation._fields if name not in ("alone", "score"))


def best_first(quotations: Sequence[Quotation]) -> list[Quotation]:
    """Order by score; equal scores by place, so that the order never depends on that of arrival."""
    return sorted(quotations, key=lambda item: (-item.score, item.testimonial_id, item.start, item.end))


def choose(quotations: Sequence[Quotation], used: Sequence[Quotation], limit: int) -> list[Quotation]:
    """Choose the best quotations that say neither the same as one another nor as those already used; new voices first."""
    kept: list[Quotation] = []
    waiting = best_first(quotations)
    for again in (False, True):
        for quotation in waiting:
            if len(kept) >= limit:
                return kept
            heard = any(quotation.speaker is not None and quotation.speaker == other.speaker for other in kept)
            if heard == again and not any(quotation.says_the_same_as(other) for other in (*used, *kept)):
                kept.append(quotation)
    return kept
