"""Names of people in prose and in attributions, told from other capitalised words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..gazetteer import GIVEN, NAME, TOWN, WORD, classes
from .words import is_role_word

_UPPER = r"A-ZÀ-ÖØ-ÞŒ"
_LOWER = r"a-zà-öø-ÿœ"
_NAME_WORD = rf"(?:[{_UPPER}]\.(?:-?[{_UPPER}]\.)*|(?:[ODN]['’])?[{_UPPER}][{_LOWER}{_UPPER}]*(?:(?<=c)['’]h[{_LOWER}]*)?(?:[-–][{_UPPER}{_LOWER}]+)*)"
_PARTICLE = r"(?:de|du|des|d['’]|la|le|van|von|der|den|el|ben|di|da|ter|y|et|&)"
NAME_PATTERN = re.compile(rf"{_NAME_WORD}(?:[ \u00a0](?:{_PARTICLE}[ \u00a0]?){{0,2}}{_NAME_WORD}){{0,4}}")
SENTENCE_END = re.compile(r"(?:(?<![\s(\u00a0-][A-ZÀ-Ö])(?<!Mme)(?<!Mlle)(?<!Mr)(?<!Dr)(?<!Pr)\.|[!?…])(?:[\s»”\")]|$)")
"""End of a sentence, but not the point of «M. Blanc» or «Marie T. dit»."""

TITLES = re.compile(
    r"(?:M\.|Mr\.?|Mme\.?|Mlle|Dr\.?|Pr\.?|Me|Monsieur|Madame|Mademoiselle|Docteur|Maître|Pap[iy]|Mam(?:ie|y)|Mémé|Pépé|Tonton|Tat(?:a|ie))[ \u00a0]+"
)
_PARTICLES = frozenset("le la de du des van von den el ben".split())
_LEADING = re.compile(r"(?:d['’]|(?:de|du|des|la|le)[ \u00a0]){1,4}(?=[A-ZÀ-ÖØ-ÞŒ])")
INITIALS = re.compile(rf"[{_UPPER}]\.(?:-?[{_UPPER}]\.)?")
_SPOUSE = re.compile(r"(?<!\w)(?:M\.|Monsieur|Mme|Madame)[ \u00a0]et[ \u00a0](?=$|M)(?:M\.|Monsieur|Mme|Madame)?[ \u00a0]?$")
SOMEBODY = re.compile(
    r"(?:[Uu]ne?|[Dd]es|[Dd]eux|[Tt]rois|[Qq]uelques|[Pp]lusieurs)[ \u00a0]((?:jeunes?[ \u00a0]|autres?[ \u00a0])?(?:dames?|messieurs|monsieur|hommes?|femmes?|passante?s?|inconnue?s?|"
    r"mamans?|papas?|mères?|pères?|couple|filles?|garçons?|enfants?|ados?|jeunes?|voisine?s?|curieu(?:x|se)s?|lecteurs?|lectrices?)\b)(?=[^.!?:«\n]{0,40}$)"
)
"""Somebody of whom only this is said, on a line of their own."""

_BEFORE_INITIAL = re.compile(r"(?:^|[.:!?\n]\s{0,3}|(?<!\w)(?:par|de|avec|à|et|chez|pour)[ \u00a0])$", re.IGNORECASE)
_AFTER_INITIAL = re.compile(r"[ \u00a0]?\((?=\w)|,[ \u00a0](?=[a-zà-ÿ])|[ \u00a0](?=[a-zà-ÿ])")
# What announces a person in a title: «Interview de Marie», «Rencontre avec Marie», «Trois questions à Marie».
LEADS = re.compile(
    r"(?:(?:le |la |les |l['’]|un |une )?(?:témoignages?|interviews?|interventions?|prises? de parole|entretiens?|entrevues?|portraits?|rencontres?|paroles?|avis|retours?(?: d['’]expérience)?|"
    r"regards?|points? de vue|zooms?|focus|questions?|réponses?|mots?|coups? de (?:projecteur|cœur)|récits?|histoires?|parcours|propos|message|verbatims?|discussion|"
    r"conversation|échange)(?: croisée?s?)?|(?:\d{1,3}|deux|trois|quatre|cinq|dix) questions)[ \u00a0]*(?:(?:de|d['’]|du|avec|à|sur|par)[ \u00a0]*|[:–—-][ \u00a0]*)",
    re.IGNORECASE,
)

BESIDE_A_TRADE = 0.3
"""Likeness to a name that is enough before a trade."""
_TRADE = re.compile(r",[ \u00a0](?:\d{1,2} ans,[ \u00a0])?(?:(?:une?|la|le|notre)[ \u00a0]|l['’])?(?-i:([a-zà-ÿ][\w·'’-]*))")

NOT_NAMES = frozenset(
    "mag rien ben hein si lorsque comme chaque tout toute tous toutes aucun aucune dès parfois souvent hier demain voici voilà sans sous vers notre nos votre vos leurs "
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
    "femme homme fin début pause accueil portrait rencontre focus dossier actualité actualités agenda partager commentaires citations data".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A value read in the document and where."""

    value: str
    start: int
    end: int
    key: str | None = None
    """Metadata key it was read under; the offsets are then not the document's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who speaks, as what, for whom; each with its place, None where it is not said."""

    speaker: Field | None = None
    role: Field | None = None
    space: Field | None = None
    strength: float = 0.0


def is_family_name(bare: str) -> bool:
    """Tell what stands after a title and is no first and last name: «Lacaze», «Le Bihan»."""
    words = bare.split()
    return len(words) == 1 or (len(words) < 4 and words[0].lower() in _PARTICLES)


def person_score(name: str) -> float:
    """How much a capitalised string looks like a person's name, from 0 to 1."""
    title = TITLES.match(name.strip())
    bare = name.strip()[title.end() :] if title else name.strip()
    if title and bare[:1].isupper() and is_family_name(bare) and not is_role_word(bare):
        return 0.75  # «Mme Lacaze»: the title says that it is a name
    words = re.split(r"[ \u00a0]+", bare)
    if not bare or len(words) > 6 or words[0].lower().strip(".") in NOT_NAMES or any(char.isdigit() for char in bare):
        return 0.0
    if not bare[0].isupper():
        return 0.0
    if is_role_word(words[0]) and len(words) > 1 and not classes(words[0]) & GIVEN:
        return 0.0
    first = classes(words[0].rstrip("."))
    if INITIALS.fullmatch(bare) and len(bare) > 2:
        return 0.5  # «S.B.»
    first = classes(words[0].rstrip(".")) | (classes(words[0].split("-")[0]) & GIVEN)  # «Jean-Mi»
    score = _first_score(words, first)
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
    surname = len(words) == 2 and first & GIVEN and words[1][:1].isupper()  # «Josiane Mercier»
    if any(is_role_word(word) for word in words[1:]) and not surname:
        score -= 0.4
    return max(0.0, min(1.0, score))


def _first_score(words: list[str], first: int) -> float:
    initial = len(words) == 2 and INITIALS.fullmatch(words[0]) and words[1][:1].isupper()  # «E. Bourdieu»
    score = 0.85 if first & GIVEN else 0.5 if first & NAME or initial else 0.2
    return score - 0.2 if first & WORD and not first & GIVEN else score


def find_name(text: str, at: int = 0, until: int | None = None, *, floor: float = 0.55) -> tuple[int, int] | None:
    """Find the first likely name in a range."""
    for match in NAME_PATTERN.finditer(text, at, len(text) if until is None else until):
        start, end = _shrink(text, match.start(), match.end())
        if start > match.start() and " " not in text[start:end] and person_score(text[match.start() : end]) >= floor:
            return _with_spouse(text, match.start()), end  # a title and a last name
        if end > start and (
            (score := person_score(text[start:end])) >= floor
            or _is_initial(text, start, end)
            or (score >= BESIDE_A_TRADE and _has_a_trade(text, start, end))
        ):
            return start, end
    return None


def _has_a_trade(text: str, start: int, end: int) -> bool:
    """Tell several capitalised words that no list knows from a name by the trade after them: «Annaïg Le Berre, coordinatrice»."""
    trade = _TRADE.match(text, end) if " " in text[start:end] else None
    return trade is not None and is_role_word(trade.group(1))


def _is_initial(text: str, start: int, end: int) -> bool:
    """Tell a person of whom notes give one letter, «T. (valoriste)», «par J., coordinatrice», from the end of a sentence."""
    if end - start != 2 or text[start + 1] != ".":
        return False
    return _BEFORE_INITIAL.search(text, max(0, start - 8), start) is not None and _AFTER_INITIAL.match(text, end) is not None


def find_names(text: str, at: int, until: int, *, floor: float = 0.55) -> Iterator[tuple[int, int]]:
    """Find the likely names of a range, one after the other."""
    while (name := find_name(text, at, until, floor=floor)) is not None:
        yield name
        at = name[1]


def _with_spouse(text: str, start: int) -> int:
    """Begin «M. et Mme K.» at its first title."""
    spouse = _SPOUSE.search(text, max(0, start - 24), start)
    return spouse.start() if spouse else start


def _shrink(text: str, start: int, end: int) -> tuple[int, int]:
    """Drop a title before and words that are no names («Hier Marie Dupont»)."""
    title = TITLES.match(text[start:end])
    start += title.end() if title else 0
    while " " in text[start:end]:
        first = text[start:end].split(" ", 1)[0]
        code = classes(first)
        following = re.match(r"\S+", text[start + len(first) + 1 : end])
        # «Rencontré Loïc Tanneau»: no name of any list before a given name
        leads = not code & (GIVEN | NAME) and following is not None and bool(classes(following.group()) & GIVEN) and len(first) > 2
        if not (first.lower() in NOT_NAMES or (code & WORD and not code & (GIVEN | NAME)) or is_role_word(first) or leads):
            break
        start += len(first) + 1
        particle = _LEADING.match(text, start, end)
        start = particle.end() if particle else start
    return start, without_stop(text, start, end)


def without_stop(text: str, start: int, end: int) -> int:
    """End a name before the full stop of its sentence, but not before the one of an initial."""
    last = text[start:end].rsplit(maxsplit=1)[-1:]
    while end > start and text[end - 1] == "." and last and len(last[0]) > 2 and not INITIALS.fullmatch(last[0]):
        end -= 1
        last = [last[0][:-1]]
    return end
