"""The parts of a person's name, and whether two names can be one person's."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from ..accents import without_accents
from ..gazetteer import ANONYMOUS, GIVEN, NAME, classes

_TITLES = {
    **dict.fromkeys(("m", "mr", "monsieur"), "m"),
    **dict.fromkeys(("mme", "mlle", "madame", "mademoiselle"), "f"),
    **dict.fromkeys(("dr", "pr", "me", "docteur", "docteure", "professeur", "professeure", "maitre"), ""),
}
_PARTICLES = frozenset("de du des d la le van von der den el ben da di ter".split())
# What joins several people, or says that a group speaks.
_SEVERAL = re.compile(r"[&/+,;]|\b(?:et|and|ou)\b", re.IGNORECASE)
_GROUP = re.compile(r"(?:l['’]|(?:les?|la|une?|des|nos|notre|collectif|association|équipe|groupe)\b)", re.IGNORECASE)
_SOUNDS = (("ph", "f"), ("th", "t"), ("y", "i"), ("ck", "k"), ("cq", "q"), ("z", "s"), ("bv", "v"), ("ault", "aut"), ("auld", "aud"))
# Short forms of given names: two people where a space or document has both long ones.
_FAMILIAR = {
    "alex": "alexandre alexandra alexis", "ben": "benjamin benoit", "caro": "caroline", "cathy": "catherine", "chris": "christophe christine",
    "dan": "daniel danielle", "flo": "florence florian florent", "fred": "frederic frederique", "greg": "gregory gregoire",
    "isa": "isabelle", "manu": "emmanuel emmanuelle", "max": "maxime maxence", "nath": "nathalie",
    "nico": "nicolas", "phil": "philippe", "sam": "samuel samira", "seb": "sebastien", "steph": "stephane stephanie", "stephan": "stephane",
    "tom": "thomas", "val": "valerie valentin", "vero": "veronique", "vince": "vincent",
}  # fmt: skip
SHORTEST_TYPO = 5
"""Letters from which a name with one letter wrong is still that name."""


class Name(NamedTuple):
    """A name by its parts, folded: lower case, no accents, parts of a compound set apart by a space.

    Attributes
    ----------
    given, last
        Empty where the name does not say it; initials where `given_short`, `last_short`.
    title
        ``"m"``, ``"f"`` or nothing.
    group
        Name of several people or of an organisation: it is compared as a whole.
    """

    last: str = ""
    given: str = ""
    last_short: bool = False
    given_short: bool = False
    title: str = ""
    group: bool = False

    @property
    def weight(self) -> int:
        """How much the name says: 4 for a full name, 3 with one part as an initial, 2 for one part alone."""
        return 4 if self.group else bool(self.given) * (2 - self.given_short) + bool(self.last) * (2 - self.last_short)

    @property
    def full(self) -> bool:
        """Both parts are written out, or it is a group's."""
        return self.weight == 4

    @property
    def parts(self) -> tuple[tuple[str, bool], tuple[str, bool]]:
        """Given and last name, each with whether it is cut to initials."""
        return (self.given, self.given_short), (self.last, self.last_short)

    @property
    def key(self) -> tuple[str, str]:
        """The same for all spellings of a full name that differ in capitals, accents, hyphens and title only."""
        return ("group" if self.group else "", (self.given + self.last).replace(" ", "")) if self.full else (self.given, self.last)


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Lower case, without accents, hyphens and apostrophes as spaces."""
    flat = without_accents(text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return " ".join(re.findall(r"[^\W_]+", flat))


@lru_cache(maxsize=20_000)
def parse(text: str) -> Name | None:
    """Read a name; None for nobody in particular («une participante»).

    Examples
    --------
    >>> parse("Dr Anne-Catherine DUPONT") == parse("Dupont, Anne Catherine")
    True
    >>> parse("M. Dupont")
    Name(last='dupont', given='', last_short=False, given_short=False, title='m', group=False)
    """
    bare = re.sub(r"\s?[(\[].*", "", " ".join(text.split())).strip(" .,:;–—-*_«»\"'’") + ("." if re.search(r"\b\w\.\s?$", text) else "")
    if not fold(bare) or ANONYMOUS.search(bare):
        return None
    title, words = _without_titles(bare.replace(",", " , ").split())
    if len(words) == 3 and words[1] == "," and not classes(words[0]) & GIVEN and classes(words[2]) & GIVEN:
        words = [words[2], words[0]]
    plain = " ".join(words)
    if not words or _SEVERAL.search(plain) or (not title and _GROUP.match(plain)):
        return Name(last=fold(bare), group=True)
    return _person(_given_first(words), title)


def _without_titles(words: list[str]) -> tuple[str, list[str]]:
    """Take the titles off: «Mme la Dr» counts as a woman's."""
    titles = list(takewhile(lambda word: fold(word) in _TITLES and not re.fullmatch(r"[A-Z]\.?-?[A-Z]\.", word), words[:-1]))
    # «M. Dupont» has a title, «M. D.» has initials.
    if titles == ["M."] and len(words) == 2 and _initials(words[1]):
        return "", words
    return next((_TITLES[fold(word)] for word in titles if _TITLES[fold(word)]), ""), words[len(titles) :]


def _given_first(words: list[str]) -> list[str]:
    """Set the family name that capitals tell after the given name: «DUPONT Jean»."""
    capitals = list(takewhile(lambda word: len(word) > 2 and word.isupper() and "." not in word, words))
    return words[len(capitals) :] + capitals if 0 < len(capitals) < len(words) and not words[-1].isupper() else words


def _initials(word: str) -> str:
    """Letters of «J.», «J.-M.», «JM»; nothing when the word is written out."""
    letters = re.sub(r"[.\-·]", "", word)
    cut = len(letters) == 1 or ("." in word and letters.isupper() and len(letters) <= 3) or (letters.isupper() and len(letters) == 2)
    return fold(letters) if cut and letters.isalpha() else ""


def _person(words: list[str], title: str) -> Name:
    cut = [_initials(word) for word in words]
    if len(words) == 1 and cut[0] and len(cut[0]) > 1:
        return Name(given=cut[0][:-1], last=cut[0][-1], given_short=True, last_short=True, title=title)
    if len(words) == 1:
        code = classes(words[0])
        is_last = bool(code & NAME) if code & GIVEN and title else bool(title) or (bool(code & NAME) and not code & GIVEN)
        return Name(last=fold(words[0]), title=title) if is_last else Name(given=fold(words[0]), title=title)
    # «Mme de Villiers»: a particle opens a family name.
    number = 0 if fold(words[0]) in _PARTICLES and (title or words[0] in _PARTICLES) else _length_of_given(words, cut)
    given, last = words[:number], words[number:]
    given_short, last_short = number > 0 and all(cut[:number]), all(cut[number:])
    return Name(
        given="".join(cut[:number]) if given_short else fold(" ".join(given)),
        last="".join(cut[number:]) if last_short else fold(" ".join(last)),
        given_short=given_short,
        last_short=last_short,
        title=title,
    )


def _length_of_given(words: list[str], cut: list[str]) -> int:
    """How many words the given name has: «Jean Marc Dupont», «J. M. Dupont», but «Marie de Villiers»."""
    number = 1
    while number < len(words) - 1 and (
        bool(cut[number]) if cut[0] else classes(words[number]) & GIVEN and fold(words[number]) not in _PARTICLES
    ):
        number += 1
    return number


def alike(one: Name, other: Name) -> bool:
    """Tell whether two names can be one person's; what only one of them says does not part them.

    Examples
    --------
    >>> alike(parse("J. Dupont"), parse("Jean Dupont")), alike(parse("Anne Roy"), parse("Anne-Catherine Roy"))
    (True, False)
    """
    if one.group or other.group:
        return one.key == other.key
    if one.title and other.title and one.title != other.title:
        return False
    if one.full and other.full:
        return one.key == other.key or variant(one, other)
    given, last = (_fits(*mine, *its) for mine, its in zip(one.parts, other.parts, strict=True))
    return given and (last or (not one.last_short and not other.last_short and _second(one.last.split(), other.last.split())))


def linked(one: Name, other: Name) -> bool:
    """Tell whether names that are alike share enough to be one person's: a part written out in both, or all the initials."""
    if not alike(one, other):
        return False
    both = [(mine, its) for mine, its in zip(one.parts, other.parts, strict=True) if mine[0] and its[0]]
    return len(both) == 2 or any(not mine[1] and not its[1] for mine, its in both)


def _fits(mine: str, mine_short: bool, its: str, its_short: bool) -> bool:
    if not mine or not its:
        return True
    if mine_short and its_short:
        return mine.startswith(its) or its.startswith(mine)
    if mine_short or its_short:
        short, long = (mine, its) if mine_short else (its, mine)
        own = [word[0] for word in long.split() if word not in _PARTICLES] or [long[0]]
        return "".join(own).startswith(short) or long[0] == short
    return mine.replace(" ", "") == its.replace(" ", "") or _misspelt(mine, its)


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """What is left of a word without the ways to write the same sound twice."""
    plain = word.replace(" ", "")
    for written, heard in _SOUNDS:
        plain = plain.replace(written, heard)
    return re.sub(r"([^aeiou])\1+", r"\1", plain[:-1] + plain[-1:].replace("h", ""))


def last_sound(word: str) -> str:
    """Sound of a family name, whose last consonants are often silent: Dupont, Dupond."""
    heard = sound(word)
    return heard.rstrip("dtsx") if len(heard) > 3 else heard


def variant(one: Name, other: Name) -> bool:
    """Tell whether two full names differ as spellings of one name do: by sound, by a letter, by a second family name."""
    same_given = one.given.replace(" ", "") == other.given.replace(" ", "")
    if same_given:
        return _misspelt(one.last, other.last) or _second(one.last.split(), other.last.split())
    if one.last.replace(" ", "") == other.last.replace(" ", ""):
        return _misspelt_given(one.given, other.given)
    return sound(one.given) == sound(other.given) and last_sound(one.last) == last_sound(other.last)


def _second(mine: list[str], its: list[str]) -> bool:
    """One family name is the other and a second one: «Duval», «Duval-Petit»."""
    short, long = sorted((mine, its), key=len)
    return len(short) < len(long) and not _PARTICLES & set(long) and (long[: len(short)] == short or long[-len(short) :] == short)


def _misspelt(one: str, other: str) -> bool:
    """The same family name to the ear, or a letter apart where they are not two names that both exist (Dupont, Dumont)."""
    mine, its = one.replace(" ", ""), other.replace(" ", "")
    if last_sound(mine) == last_sound(its):
        return True
    known = all(classes(word) & NAME for word in (mine, its))
    return not known and min(len(mine), len(its)) >= SHORTEST_TYPO and bool(deletions(mine) & deletions(its))


def _misspelt_given(one: str, other: str) -> bool:
    """A letter apart, but not two names that both exist (Michel, Michèle), nor a name and a compound of it."""
    if len(one.split()) != len(other.split()):
        return False
    if sound(one) == sound(other) or one in _FAMILIAR.get(other, "").split() or other in _FAMILIAR.get(one, "").split():
        return True
    known = all(classes(word) & GIVEN for word in (one, other))
    apart = known or one[:-1] == other or other[:-1] == one or min(len(one), len(other)) < SHORTEST_TYPO
    return not apart and bool(deletions(one) & deletions(other))


def deletions(word: str) -> frozenset[str]:
    """The word, and the word without each of its letters: two words a letter apart share one."""
    return frozenset((word, *(word[:at] + word[at + 1 :] for at in range(len(word)))))
