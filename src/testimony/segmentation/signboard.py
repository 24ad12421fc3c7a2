"""The house that the first lines of a document name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from ..gazetteer import GIVEN, TOWN, classes
from ..types import Document, Span
from .claims import lines_of
from .houses import KIND, is_town, organisation_at
from .names import Field, person_score
from .words import is_role_word

HEAD = 4
"""Lines among which a document says what it is."""
LONGEST_HEAD = 160
_IN_FIGURES = re.compile(
    r"((?!L[ae]s?[ \u00a0][a-zà-ÿ]|L['’][a-zà-ÿ])(?:L[ae]s?[ \u00a0]|L['’])?[A-ZÀ-Ö][^,:.!?]{2,40}?)[ \u00a0]en[ \u00a0](?:quelques[ \u00a0])?(?:chiffres|bref|images|dates)$"
)
KINDS = (
    r"(?:espaces?(?: de coworking| de travail| collaboratif| partagé| associatif)?|"
    r"coworking|tiers-lieux?|fablab|hackerspace|makerspace|association|coopérative|scop|scic|ressourcerie|recyclerie|collectif|"
    r"brasserie|librairie|café|ferme|boulangerie|fournil|épicerie|pépinière|incubateur|atelier|réseau|structure|cantine|centre social|jardins?|maison de quartier)"
)
PLACE = re.compile(rf"(?<![\w’'-]){KINDS}(?!\w)|(?<=['’]){KINDS}(?!\w)", re.IGNORECASE)
_PLACE_FIRST = re.compile(rf"(?:(?:le|la|notre)[ \u00a0]|l['’])?{KINDS}(?!\w)", re.IGNORECASE)
ARTICLE = re.compile(r"^(?:L[ae]s?[ \u00a0]|L['’])")
OWN_NAME = re.compile(
    r"(?:L[ae]s?[ \u00a0]|L['’])[A-ZÀ-Ö][\w'’-]*(?:[ \u00a0](?:(?:des?|du|de la|et|à|sur|en)[ \u00a0]|d['’])?[A-ZÀ-Ö][\w'’-]*){0,3}"
)
_PROPER = re.compile(r"[A-ZÀ-Ö][\w'’-]*(?:[ \u00a0](?:(?:des?|du|de la|et|à|sur|en|aux?)[ \u00a0]|d['’]|l['’])?[A-ZÀ-Ö0-9][\w'’-]*){0,4}")
_WHAT = re.compile(rf"[ \u00a0]?[,:–—(|-][ \u00a0]?(?:(?:une?|votre|notre|la|le)[ \u00a0]|l['’])?{KINDS}(?!\w)", re.IGNORECASE)
_ARTICLED = re.compile(rf"(?:(?<!\w)(?:de|à|chez|pour)|[:–—])[ \u00a0]({OWN_NAME.pattern})(?![\w-])")
_WELCOME = re.compile(r"bienvenue[ \u00a0](?:à la|à l['’]|au|aux|à|chez)[ \u00a0]?((?-i:[A-ZÀ-Ö])[^,.;:!?–—]{2,50})$", re.IGNORECASE)
# «La Lettre du Quai 22»: a house and its paper
_PAPER = re.compile(
    r"(?:l[ae]s?[ \u00a0]|l['’])?(?:petit[ \u00a0])?(?:info-?lettre|lettre|newsletter|gazette|journal|bulletin|échos?|nouvelles|brèves|feuille|actus?|actualités)"
    r"(?:[ \u00a0](?:d['’]informations?|mensuelle?|trimestriel(?:le)?))?[ \u00a0](?-i:de la|de l['’]|du|des|de|d['’]|DE LA|DE L['’]|DU|DES|DE|D['’])[ \u00a0]?((?-i:[A-ZÀ-Ö])[^,:.!?(|–—#]{2,40}?)"
    r"(?:[ \u00a0]?[,:(|–—#]|[ \u00a0]-[ \u00a0]|[ \u00a0]n°|$)",
    re.IGNORECASE,
)
_QUOTED = re.compile(rf"[«“\"][ \u00a0]?({OWN_NAME.pattern})[ \u00a0]?[»”\"]")
# «Trois entrepreneurs de Cap Ouvert racontent …»
_OF_ALL = re.compile(
    r"(?<!\w)(\w{3,30}s)[ \u00a0](?:de la|de l['’]|du|de|d['’])[ \u00a0]?([A-ZÀ-Ö][\w'’-]+(?:[ \u00a0][A-ZÀ-Ö][\w'’-]+){0,3})[ \u00a0](?=\w+ent(?!\w))"
)
OF = re.compile(r"[ \u00a0](?:de|du|des|la|le|les)[ \u00a0]|[ \u00a0'’](?:d|l)['’]", re.IGNORECASE)
_PUBLIC = re.compile(
    r"(?:Région|État|Europe|Union|Ville|Mairie|Département|Métropole|Commune|Agglo\w*|Conseil|Ministère|Préfecture|Commission|Assemblée|République|France|Internet|Web|"
    r"Covid|Noël|Pâques|Terre|Journées?|Semaine|Nuit|Fête|Salon|Festival|Prix|Loi|Plan|Grande? Guerre|Éducation|Poste|Pôle|Sécurité|Banque|Caisse|CAF)\b"
)


def at_the_head(document: Document) -> Field | None:
    """The one place that the first lines name, by its kind («usages du tiers-lieu La Corderie») or with an article of its own."""
    text = document.text
    headings = [(block.start, block.end) for block in document.blocks if block.kind == "heading"]
    found = [match.span(1) for span in headings if (match := _IN_FIGURES.match(text, *span))]
    sure: list[Span] = []
    head = list(islice(lines_of(document), HEAD))
    if len(head) > 1 and OWN_NAME.fullmatch(text, head[0].start, head[0].end) and PLACE.match(text, head[1].start, head[1].end):
        return _field(text, (head[0].start, head[0].end))
    if head and _in_capitals(text[head[0].start : head[0].end]):
        return _field(text, (head[0].start, head[0].end))
    for number, line in enumerate(head):
        if line.kind in ("item", "cue") or text[line.start] in '«“"' or line.end - line.start > LONGEST_HEAD:
            break
        ended = text[line.end - 1] in ".!?…"
        if ended and not _PLACE_FIRST.match(text, line.start, line.end):
            break
        if (own := OWN_NAME.match(text, line.start, line.end)) and _WHAT.match(text, own.end(), line.end):
            found.append(own.span())
        if not ended and number < 3:
            found += [match.span(1) for match in _ARTICLED.finditer(text, line.start, line.end)]
            if text[line.start : line.end].isupper():
                sure += [
                    paper.span(1) for paper in [_PAPER.match(text, line.start, line.end)] if paper and not is_town(paper.group(1).title())
                ]
            found += [paper.span(1)] if (paper := _PAPER.match(text, line.start, line.end)) else []
            found += [match.span(1) for pattern in (_WELCOME, _QUOTED) for match in pattern.finditer(text, line.start, line.end)]
            found += [match.span(2) for match in _OF_ALL.finditer(text, line.start, line.end) if is_role_word(match.group(1))]
        found += (kinds := list(_by_kind(text, line.start, line.end)))
        sure += [span for span in kinds if not is_town(text[slice(*span)]) and not _PUBLIC.match(text, *span)]
    named = {text[slice(*span)]: span for span in found if span in sure or not is_elsewhere(text[slice(*span)])}
    return _field(text, next(iter(named.values()))) if len(named) == 1 else None


def _in_capitals(line: str) -> bool:
    """Tell a line in capitals that is the name of a house, by its kind: «CHAMBRE DE MÉTIERS DE L'AUBRAC»."""
    kind = KIND.match(line)
    return line.isupper() and kind is not None and 3 <= len(line.split()) <= 9 and OF.search(line, kind.end()) is not None


def _by_kind(text: str, start: int, end: int) -> Iterator[Span]:
    for kind in PLACE.finditer(text, start, end):
        named = organisation_at(text, kind.start(), end)
        proper = _PROPER.match(text, named[0], named[1]) if named is not None else None
        if named is not None and any(char.isupper() for char in text[kind.end() : named[1]]):  # «Coworking rural» names none
            yield proper.span() if proper else named


def _field(text: str, span: Span) -> Field:
    return Field(value=" ".join(text[slice(*span)].split()), start=span[0], end=span[1])


def is_elsewhere(name: str) -> bool:
    """A town, a person, a public body, an event, an acronym."""
    bare = ARTICLE.sub("", name)
    word = bare.split()[0]
    return (
        is_town(bare)
        or (person_score(bare) >= 0.6 and not (bare != name and " " in bare))
        or is_role_word(word)
        or _PUBLIC.match(bare) is not None
        or bare.isupper()
        or (" " not in bare and bool(classes(bare) & (TOWN | GIVEN)))
    )
