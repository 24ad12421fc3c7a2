"""Who is named in a piece of text: person, role, organisation, with the offsets of the words that say so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ..gazetteer import GIVEN, NAME, TOWN, WORD, classes

_UPPER = r"A-ZÀ-ÖØ-ÞŒ"
_LOWER = r"a-zà-öø-ÿœ"
_NAME_WORD = rf"(?:[{_UPPER}]\.(?:-?[{_UPPER}]\.)*|(?:[OD]['’])?[{_UPPER}][{_LOWER}{_UPPER}]*(?:[-–][{_UPPER}{_LOWER}]+)*)"
_PARTICLE = r"(?:de|du|des|d['’]|la|le|van|von|der|den|el|ben|di|da|ter|y|et|&)"
NAME_PATTERN = re.compile(rf"{_NAME_WORD}(?:[ \u00a0](?:{_PARTICLE}[ \u00a0]?){{0,2}}{_NAME_WORD}){{0,4}}")
TITLES = re.compile(r"^(?:M\.|Mr\.?|Mme\.?|Mlle|Dr\.?|Pr\.?|Me|Monsieur|Madame|Mademoiselle|Docteur|Maître)[ \u00a0]+")
ANONYMOUS = re.compile(
    r"\b(?:anonyme|anonymous|participant(?:[·.\-(]?e\)?)?s?|participante?s?|un(?:[·.\-(]?e\)?)? (?:participant|coworker|membre|stagiaire|usag[eè]re?))\b",
    re.IGNORECASE,
)
_NOT_NAMES = frozenset(
    "il elle ils elles on nous vous je tu lui leur celui celle ceux cela ça c'est "
    "note nb ps attention exemple remarque source sources question questions réponse réponses date lieu horaire horaires tarif tarifs adresse "
    "contact contacts téléphone email mail site infos info information informations bonus résumé conclusion introduction objectif objectifs "
    "contexte résultat résultats avantages inconvénients merci bonjour lire voir photo photos crédit crédits illustration légende par texte "
    "propos recueillis auteur auteurs poste entreprise école année résumé sommaire témoignage témoignages avis retour retours bilan mission "
    "programme projet projets le la les un une des ce cette ces mais et donc car ou où pour avec dans sur en quand comment pourquoi qui que quoi "
    "quel quelle quels quelles est-ce selon pendant depuis après avant alors ainsi enfin puis ensuite oui non rdv wifi points point plus moins "
    "positif négatif positifs négatifs thème thèmes public durée animateur animatrice format nom prénom âge profession ville web facebook twitter "
    "instagram linkedin youtube http https www edit update maj mise vidéo audio podcast épisode transcription extrait interview entretien "
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre lundi mardi mercredi jeudi vendredi samedi dimanche "
    "portrait rencontre focus dossier actualité actualités agenda partager commentaires citations data".split()
)


@cache
def _words(name: str) -> frozenset[str]:
    text = (files("testimony") / "data" / name).read_text("utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def is_role_word(word: str) -> bool:
    """Tell whether a word names a role or trade, in any gender and in inclusive spelling."""
    lower = re.sub(r"[·.\-(]?(?:e|ne|se|rice|trice|euse|ère)\)?s?$", "", word.lower()) if re.search(r"[·(]", word) else word.lower()
    roles = _words("roles.txt")
    return any(form in roles for form in (lower, lower.rstrip("s"), lower.rstrip("e"), lower.rstrip("s").rstrip("e")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A value read in the document and where."""

    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who speaks, as what, for whom; each with its place, None where it is not said."""

    speaker: Field | None = None
    role: Field | None = None
    space: Field | None = None
    strength: float = 0.0


def person_score(name: str) -> float:
    """How much a capitalised string looks like a person's name, from 0 to 1."""
    bare = TITLES.sub("", name.strip())
    words = re.split(r"[ \u00a0]+", bare)
    if not bare or len(words) > 6 or words[0].lower().strip(".") in _NOT_NAMES or any(char.isdigit() for char in bare):
        return 0.0
    if not bare[0].isupper():
        return 0.0
    if is_role_word(words[0]) and len(words) > 1 and not classes(words[0]) & GIVEN:
        return 0.0
    first = classes(words[0].rstrip("."))
    score = 0.85 if first & GIVEN else 0.5 if first & NAME else 0.2
    if first & WORD and not first & GIVEN:
        score -= 0.2
    if len(words) == 1:
        if first & TOWN and not first & GIVEN:
            return 0.1
        score -= 0.15 if first & WORD or first & TOWN else 0.05
        return max(0.0, score) if bare.isupper() is False or first & GIVEN else 0.1
    capitals = sum(word[:1].isupper() for word in words)
    last = classes(words[-1].rstrip("."))
    score += 0.15 if last & NAME or len(words[-1].rstrip(".")) == 1 else 0.1 if not last & WORD else 0.0
    if capitals < 2:
        score -= 0.3
    if any(is_role_word(word) for word in words[1:]):
        score -= 0.4
    return max(0.0, min(1.0, score))


def find_name(text: str, at: int = 0, until: int | None = None, *, floor: float = 0.55) -> tuple[int, int] | None:
    """Find the first likely name in a range."""
    for match in NAME_PATTERN.finditer(text, at, len(text) if until is None else until):
        start, end = _shrink(text, match.start(), match.end())
        if end > start and person_score(text[start:end]) >= floor:
            return start, end
    return None


def _shrink(text: str, start: int, end: int) -> tuple[int, int]:
    """Drop a title before and words that are no names («Hier Marie Dupont»)."""
    title = TITLES.match(text[start:end])
    start += title.end() if title else 0
    while " " in text[start:end]:
        first = text[start:end].split(" ", 1)[0]
        code = classes(first)
        if not (first.lower() in _NOT_NAMES or (code & WORD and not code & (GIVEN | NAME)) or is_role_word(first)):
            break
        start += len(first) + 1
    while end > start and text[end - 1] == "." and len(text[start:end].rsplit(maxsplit=1)[-1]) > 2:
        end -= 1
    return start, end


_SEPARATOR = re.compile(r"\s*(?:,|;|\s[-–—|/•·:]\s?|\s?[–—]\s|:|\(|\n)\s*|[ \u00a0](?=@)")
_TRAILING = " \t\n\u00a0,;:.)–—-|"
_ORGANISATION_LINK = re.compile(
    rf"(?:^|[\s(])(?:(?:chez|pour)\s+|@\s*|(?:au sein d[eu]s?|à la tête d[eu]|auprès d[eu]s?|fondat\w+ de|en charge de|à l['’]|à la|à|au|aux|"
    rf"de l['’]|de la|du|des|de|d['’])\s*)(?:(?:l['’]|la\s|le\s|les\s)?(?:(?:espace(?: de coworking)?|réseau|coworking|collectif|association|"
    rf"entreprise|société|agence|tiers-lieu|fablab|coopérative|brasserie|école|lycée|incubateur|hub|studio|cabinet|groupe|start-?up|commune|ville)\s+"
    rf"(?:(?:de|du|des)\s+(?:la\s|le\s|l['’])?|d['’])?)?)(?=[{_UPPER}\"«“‘0-9]|[a-z]-[{_UPPER}])"
)
_ROLE_ARTICLE = re.compile(r"(?:(?:la|le|les|un|une|notre|nos)[ \u00a0]|l['’])(?=[\w])", re.IGNORECASE)
_RELATIVE = re.compile(r",?[ \u00a0](?:qui|dont|où|lequel|laquelle)[ \u00a0]")
_DATES = re.compile(r"\(?\b(?:promotion|promo|depuis|de)?\s?(?:19|20)\d{2}\b(?:\s?[-–àau]+\s?(?:(?:19|20)?\d{2}))?\)?")
_PLACE_KINDS = re.compile(
    r"coworking|cowork|tiers-lieu|fablab|espace|cantine|hub|incubateur|square|réseau|collectif|association", re.IGNORECASE
)


def parse(text: str, start: int, end: int) -> Attribution:
    """Read an attribution such as ``Name, role of organisation`` in a range of the document.

    Returns
    -------
    Attribution
        `strength` in [0, 1] tells how much the range looks like one; 0 when it does not.
    """
    while start < end and text[start] in ' \t\n\u00a0—–-•*«"“~_(':
        start += 1
    while end > start and text[end - 1] in " \t\n\u00a0:,;*_":
        end -= 1
    if start >= end or end - start > 220:
        return Attribution()
    anonymous = ANONYMOUS.search(text, start, end)
    if anonymous and anonymous.start() - start < 25 and not find_name(text, start, min(end, anonymous.start())):
        return Attribution(role=Field(value=text[start:end], start=start, end=end), strength=0.6)
    match = NAME_PATTERN.match(text, start, end)
    if match is None:
        return Attribution()
    name_start, name_end = start, match.end()
    title = TITLES.match(text[start:name_end])
    if title:
        name_start = start + title.end()
    rest_at = name_end
    separator = _SEPARATOR.match(text, rest_at, end)
    name_end, rest_at = _cut_name(text, name_start, name_end, rest_at)
    while name_end > name_start and text[name_end - 1] == "." and len(text[name_start:name_end].rsplit(maxsplit=1)[-1]) > 2:
        name_end -= 1
    score = person_score(text[name_start:name_end])
    if rest_at < end and not separator:
        separator = _SEPARATOR.match(text, rest_at, end)
        score -= 0.0 if separator or text[rest_at:end].lstrip()[:1] == "@" else 0.35
    speaker = Field(value=" ".join(text[name_start:name_end].split()), start=name_start, end=name_end)
    role, space = split_role(text, separator.end() if separator else rest_at, end)
    if role and is_role_word(role.value.split()[0].strip(",")):
        score += 0.2
    return Attribution(speaker=speaker, role=role, space=space, strength=max(0.0, min(1.0, score)))


def _cut_name(text: str, start: int, end: int, rest: int) -> tuple[int, int]:
    """End a name before a capitalised role or acronym run together with it («Sarah D. AMUE»)."""
    words = list(re.finditer(r"\S+", text[start:end]))
    for number, word in enumerate(words[1:], 1):
        value = word.group()
        previous = words[number - 1].group()
        acronym = len(value) > 2 and value.isupper() and (previous.endswith(".") and len(previous) == 2)
        if (is_role_word(value) and not classes(value) & (GIVEN | NAME)) or acronym:
            cut = start + words[number - 1].end()
            return cut, cut
    return end, rest


def split_role(text: str, start: int, end: int) -> tuple[Field | None, Field | None]:
    """Split ``role of organisation`` into role and organisation."""
    start, end = _strip(text, start, end)
    article = _ROLE_ARTICLE.match(text, start, end)
    start = article.end() if article else start
    relative = _RELATIVE.search(text, start, end)
    end = relative.start() if relative else end
    if start >= end:
        return None, None
    link = next((m for m in _ORGANISATION_LINK.finditer(text, start, end) if not _is_town(text[m.end() : end], m.group())), None)
    if link is not None:
        space_start, space_end = _strip(text, link.end(), _organisation_end(text, link.end(), end))
        head = re.search(
            r"(?:espace|coworking|réseau|collectif|tiers-lieu|fablab|brasserie|école|lycée)\s+(?:\S+\s+){0,2}$", link.group(), re.IGNORECASE
        )
        if head and space_start < space_end and text[space_start:space_end].split(maxsplit=1)[0].lower() != head.group().split()[0].lower():
            space_start = _named_from(text, link, space_start)
        role_start, role_end = _strip(text, start, link.start())
        space = _field(text, space_start, space_end)
        more = re.compile(r",[ \u00a0]*(\w[\w·-]*)").match(text, space_end, end)
        if more and is_role_word(more.group(1)):  # «co-gérant de X, responsable technique»: the role goes on after the organisation
            role_end = _strip(text, start, end)[1]
        role = _field(text, role_start, role_end)
        return role, space
    comma = text.rfind(",", start, end)
    opening = text.rfind("(", start, end)
    for cut in sorted({comma, opening} - {-1}, reverse=True):
        last_start, last_end = _strip(text, cut + 1, end)
        words = text[last_start:last_end].split()
        if words and words[0][:1].isupper() and not is_role_word(words[0]) and not _is_town(text[last_start:last_end], "à "):
            return _field(text, *_strip(text, start, cut)), _field(text, last_start, last_end)
    words = text[start:end].split()
    if words and words[0][:1].isupper() and not is_role_word(words[0]) and len(words) <= 6 and _PLACE_KINDS.search(text[start:end]):
        return None, _field(text, start, end)
    return _field(text, start, end), None


def _named_from(text: str, link: re.Match[str], otherwise: int) -> int:
    """Keep a capitalised kind word that belongs to the name («du Coworking La Louvière»)."""
    kind = re.search(rf"[{_UPPER}]\w*\s+(?:\S+\s+)?$", link.group())
    return link.start() + kind.start() if kind else otherwise


def _organisation_end(text: str, start: int, end: int) -> int:
    for mark in (",", ";", " – ", " — ", " - ", "\n", " ("):
        at = text.find(mark, start, end)
        if at > start:
            end = at
    return end


def _is_town(rest: str, link: str) -> bool:
    """A town after «à» or «de» says where, not for whom."""
    words = re.split(r"[,;()]", rest)[0].split()
    if not words or len(words) > 3 or re.search(r"chez|pour|@|sein", link):
        return False
    named_kind = re.search(
        r"espace|coworking|réseau|collectif|association|entreprise|tiers-lieu|fablab|brasserie|école|lycée", link, re.IGNORECASE
    )
    return not named_kind and bool(classes(words[0]) & TOWN) and not classes(words[0]) & WORD and all(w[:1].isupper() for w in words)


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _TRAILING + "(@":
        start += 1
    while end > start and text[end - 1] in _TRAILING:
        if text[end - 1] == ")" and "(" in text[start : end - 1]:
            break
        if text[end - 1] == "." and len(text[start:end].rsplit(maxsplit=1)[-1]) == 2:
            break
        end -= 1
    return start, end


def _field(text: str, start: int, end: int) -> Field | None:
    value = " ".join(text[start:end].split())
    return Field(value=value, start=start, end=end) if value and any(char.isalpha() for char in value) else None
