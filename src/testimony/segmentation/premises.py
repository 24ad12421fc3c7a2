"""The one house that a document is about: named like one, in its title, or again and again."""

from __future__ import annotations

import re
from collections import Counter

from ..spaces import signature
from ..types import Document
from .claims import title_of
from .houses import KIND, is_town, organisation_at
from .names import NOT_NAMES, Field, person_score
from .signboard import ARTICLE, KINDS, PLACE, at_the_head, is_elsewhere

_SPACE_NAME = re.compile(
    r"(?:(?<=[a-zà-ÿ,:–—][ \u00a0])(?:La[ \u00a0]|Le[ \u00a0]|Les[ \u00a0]|L['’]))?"
    r"(?:Atelier|Coworking|Cowork['’]?\w*|Cantine|Fab ?[Ll]ab|FabLab|LabFab|Hub|Ruche|Pépinière|Tiers-[Ll]ieu|Fabrique|Grange|Halle|Brasserie|Usine|Forge|"
    r"Refuge(?:-[a-z]+)?|Régie|Gîte|Auberge|(?:Village|Bistrot|Relais|Comptoir|Pôle|Café|Palais|Cour|Quai|Jardin|Bocal|Phare|Bureau)(?= (?:d(?:es?|u) |d['’]|de l))|"
    r"[A-ZÀ-Ö][\w'’]{2,30}-Co-?[Ww]orking|Jardins?(?= d)|"
    r"Manufacture|Hangar|Ressourcerie|Recyclerie|Fournil|Conserverie|Scierie|Friche|Maison(?= d(?:es?|u) )|Greenlab|Grenier|Moulin|Filature|Cordée|Quincaillerie|[Ll]ycée|"
    r"(?:fablab|brasserie|librairie|tiers-lieu|espace de coworking)(?= d))\b(?:[ \u00a0](?:des?|du|de la|aux?|en|in)[ \u00a0][\w'’-]+|"
    r"[ \u00a0](?:de[ \u00a0]l|d)['’][\w-]+|[ \u00a0]à[ \u00a0](?=[A-ZÀ-Ö])[\w-]+"
    r"|[ \u00a0][A-ZÀ-Ö][\w'’-]+){0,3}"
)
_ACTIVITY = re.compile(r"Atelier[ \u00a0](?:d['’]|de[ \u00a0](?!la|l['’]))[a-zà-ÿ]")
_BY_KIND_ALONE = re.compile(rf"(?:de la|du|de l['’]|d['’]|de)[ \u00a0]?{KIND.pattern}$", re.IGNORECASE)
_OPINIONS_OF = re.compile(
    r"(?:avis|témoignages?|retours?|commentaires|paroles|ce qu['’]ils (?:disent|pensent))(?:[ \u00a0]\w+){0,2}?[ \u00a0](?:sur|à propos de|chez|à)[ \u00a0]|"
    r"(?:avis|témoignages?|retours?|portraits?|paroles?)[ \u00a0](?:de[ \u00a0]|d['’]|des[ \u00a0])(?:nos[ \u00a0])?\w+s[ \u00a0](?:du|de la|de l['’]|de|des|d['’])[ \u00a0]?(?=[A-ZÀ-Ö])|"
    r"ce qu['’](?:ils|elles|on|en) (?:en )?(?:dis|pens|racont|aim)\w+ (?:du|de la|de l['’]|de|des|d['’])[ \u00a0]?|"
    r"retours? d['’]expérience (?:de|du|de la|de l['’]|chez)[ \u00a0]?",
    re.IGNORECASE,
)
_ANNOUNCES = re.compile(
    r"(?:ils|elles|on) (?:en |nous |l['’])*(?:parlent|racontent|disent|ont|témoignent|font)|(?:vos |leurs |les |nos )?(?:témoignages?|avis|paroles|verbatims?)\b",
    re.IGNORECASE,
)
_CASE = re.compile(
    r"(?:étude de cas|cas clients?|success story|témoignage client|retour d['’]expérience)[ \u00a0]?[:–—|-][ \u00a0]?((?-i:[A-ZÀ-Ö])[^,:|–—\n]{2,50}?)(?:[ \u00a0]?[,:|–—]|[ \u00a0]-[ \u00a0]|$)",
    re.IGNORECASE,
)
_CLIENTS = re.compile(r"cas clients?|étude de cas|success stor|témoignages? clients?|nos clients|références", re.IGNORECASE)
_FORMER = re.compile(
    r"année d['’](?:intégration|entrée)|(?<!\w)promo(?:tion)?[ \u00a0]?(?:\**[ \u00a0]?:|\d{4})|(?:école|formation) intégrée|anciens? élèves?|ancienn?e?s? étudiant|alumni",
    re.IGNORECASE,
)
_SCHOOL = re.compile(
    r"(?:[Ll]ycée|[ÉéEe]cole|[Cc]ollège|IUT|CFA|[Ii]nstitut|[Uu]niversité|[Cc]ampus)(?:[ \u00a0](?:professionnel|technique|polyvalent|agricole|hôtelier|supérieure?))?"
    r"(?:[ \u00a0](?:des?|du|de la)[ \u00a0]|[ \u00a0])[A-ZÀ-Ö][\w-]+(?:[ \u00a0][A-ZÀ-Ö][\w-]+){0,3}"
)
_ASKED = re.compile(r"[^.!?\n]{0,60}\?")
_OURS = re.compile(r"(?:notre|nos)[ \u00a0]$", re.IGNORECASE)
_SPACE_KEYS = (
    "espace",
    "tiers_lieu",
    "tiers-lieu",
    "lieu",
    "space",
    "coworking",
    "structure",
    "organisation",
    "association",
    "entreprise",
    "company",
)
MIN_MENTIONS = 3
LONGEST_HOUSE = 7
"""Words of a house in a title."""
OPENING = 400
"""Characters in which a house that a document is about is often named."""

_CALLED = re.compile(
    r"(?:(?<![\w’'-])(?:[Dd]u|[Aa]u|[Dd]e la|[Àà] la|[Dd]e l['’]|[Àà] l['’]|[Cc]hez|le|la|l['’]|dans|à|de)[ \u00a0]?)?(?<![\w-])"
    r"((?:(?:L[ae]s?[ \u00a0]|L['’])(?=[A-ZÀ-Ö]))?[A-ZÀ-Ö][\w-]{2,40}(?:[ \u00a0](?:(?:des?|du|de la|et|à)[ \u00a0])?[A-ZÀ-Ö0-9][\w-]{1,40}){0,3})"
)
_KIND_BEFORE = re.compile(
    rf"(?<!\w){KINDS}[ \u00a0](?:(?:associatif|associative|coopérati(?:f|ve)|rural|partagé)e?[ \u00a0])?[«“\"]?[ \u00a0]?$", re.IGNORECASE
)
_KIND_AFTER = re.compile(
    rf"[ \u00a0]?[»”\"]?(?:,|\.|[ \u00a0]est|[ \u00a0]\()[ \u00a0]?(?:(?:une?|le|la|notre|cet|cette|ce|petite?|ancien(?:ne)?)[ \u00a0]|l['’]){{0,3}}{KINDS}(?!\w)",
    re.IGNORECASE,
)
_SITED = re.compile(
    r",?[ \u00a0]à[ \u00a0][A-ZÀ-Ö]|,[ \u00a0](?:\d{1,3}(?: bis| ter)?,?[ \u00a0])?(?:rue|avenue|place|quai|boulevard|chemin|route|impasse|allée)\b"
)
_APPOSED = re.compile(
    r"(?<![\w-])([A-ZÀ-Ö][\w-]+(?:[ \u00a0](?:(?:des?|du|de la)[ \u00a0])?[A-ZÀ-Ö][\w-]+){0,3}),[ \u00a0](?:l['’]|(?:le|la|une?|premier|première)[ \u00a0]){0,2}$"
)
_TEAM_OF = re.compile(
    r"(?:l['’]|la )?(?:équipe|rédaction|asso(?:ciation)?|collectif)[ \u00a0](?:du|de la|de l['’]|de|d['’]|des)[ \u00a0]?((?-i:[A-ZÀ-Ö])[^,;(]{2,40})$",
    re.IGNORECASE,
)
_LIST = re.compile(r"(?:subject|objet|sujet)[ \u00a0]?:[ \u00a0]?\[((?-i:[A-ZÀ-Ö])[^\]\n]{2,40})\]", re.IGNORECASE)
_TEAM_SIGNS = re.compile(
    r"(?:^|\n)[—– \u00a0]*(?:toute[ \u00a0])?l['’]équipe[ \u00a0](?:du|de la|de l['’]|de|d['’]|des)[ \u00a0]?((?-i:[A-ZÀ-Ö])[^,;.!?(\n]{2,40})$",
    re.IGNORECASE,
)
_EXPLAINED = re.compile(
    rf"(?:^|[ \u00a0][|–—·-][ \u00a0])((?:L[ae]s?[ \u00a0]|L['’])?[A-ZÀ-Ö](?:(?![ \u00a0]-[ \u00a0])[^|–—·,]){{1,40}}?)(?:,|[ \u00a0][|–—·-])[ \u00a0]"
    rf"(?:l['’]|un[ \u00a0]|votre[ \u00a0])?(?i:{KINDS})\b(?![ \u00a0](?:L[ae]s?[ \u00a0]|L['’])?[A-ZÀ-Ö])"
)
_AT = re.compile(r"[ \u00a0]à[ \u00a0]([^\s]{1,40}(?:[ \u00a0][^\s]{1,40}){0,3})$")
_KIND_AND_NAME = re.compile(
    rf"[ \u00a0][|–—·-][ \u00a0](?:(?i:{KINDS})[ \u00a0](?=L[ae]s?[ \u00a0]|L['’])|"
    r"(?i:association|collectif|tiers-lieu|coopérative)[ \u00a0](?:(?:(?:des?|du)[ \u00a0]|d['’])?[a-zà-ÿ-]{4,30}[ \u00a0]){0,3})"
    r"((?:L[ae]s?[ \u00a0]|L['’])?[A-ZÀ-Ö][^|–—·,]{1,40})(?:,[ \u00a0][A-ZÀ-Ö][\w' -]{2,30})?$"
)
_COWORKING = re.compile(r"(?<![\w-])(?:[A-ZÀ-Ö][\w-]{1,30}[ \u00a0]){1,2}Coworking\b")
_GREETS = re.compile(r"co-?work(?:eu[rs]e?|er)s?\b|nos (?:membres|résidents|adhérents)|notre communauté", re.IGNORECASE)
_SHARED = re.compile(
    r"(?<!\w)(?:espace de coworking|coworking|tiers-lieu|fablab|hackerspace|makerspace|ressourcerie|recyclerie|atelier partagé|café associatif)[ \u00a0][«“\"]?[ \u00a0]?$",
    re.IGNORECASE,
)
_RESIDENTS = re.compile(r"résident|co-?work|adhérent|locataire|occupant|membres|habitués|usagers|ils et elles", re.IGNORECASE)
# «à la Maison Forte», «à La Cale», «aux Ateliers Saint-Georges»
_THERE = re.compile(
    r"(?<!\w)(?:à la|à l['’]|aux?|à|chez|dans l['’]|dans la)(?:(?<=['’])|[ \u00a0])"
    r"((?:L[ae]s?[ \u00a0]|L['’])[A-ZÀ-Ö][\w-]+(?:[ \u00a0](?:(?:des?|du|de la)[ \u00a0]|d['’])?[A-ZÀ-Ö][\w-]+){0,3}|"
    r"[A-ZÀ-Ö][\w-]+(?:[ \u00a0](?:(?:des?|du|de la)[ \u00a0]|d['’])?[A-ZÀ-Ö][\w-]+){1,3})"
)
_BY = re.compile(r"par[ \u00a0](?:l['’]|la |le )?$")
_MID = re.compile(r"[a-zà-ÿ,][ \u00a0]$")


def initials(value: str) -> str:
    """First letters of a name, its article left out."""
    return "".join(word[0] for word in re.split(r"[ \u00a0]|['’]", re.sub(r"^(?:L[ae] |Les |L['’])", "", value)) if word).upper()


def _opening_end(document: Document) -> int:
    """Where the first paragraph of the text ends."""
    return next((block.end for block in document.blocks if block.kind == "paragraph" and block.end - block.start > 60), 0)


def space_of(document: Document) -> Field | None:
    """The one named space that a document keeps naming: in its title, as «notre …», or at least `MIN_MENTIONS` times, initials included."""
    text = document.text
    if (told := _in_metadata(document) or _of_a_case(document)) is not None:
        return told
    places, weight = _named_by_kind(text)
    head = title_of(document)
    titles = " ".join([str(document.metadata.get("title", "")), head.value if head else ""])
    _weigh(text, titles, places, weight)
    if (head := at_the_head(document)) is not None:
        places = {}
    if not places:
        return (
            _of_a_team(document)
            or _place_in_title(document)
            or head
            or _in_title(document)
            or _kind_in_title(document)
            or _site_of(document)
            or _house_called(document, titles)
        )
    if len(places) == 1 and ((only := next(iter(places.values())))[0].start < _opening_end(document) or _GREETS.search(text[:OPENING])):
        return _with_article(only)  # the only space of the document, named at its beginning, or by somebody whom it presents
    for own, found in places.items():
        kind = found[0].value.split()[0]
        weight[own] += found[0].start < OPENING
        weight[own] += MIN_MENTIONS * (re.search(rf"(?:notre|nos) (?:\w+ )?{re.escape(kind)}\b", text) is not None)
    best, n = min(weight.items(), key=lambda pair: (-pair[1], pair[0]))
    second = max((other for own, other in weight.items() if own != best), default=0)
    sure = n >= MIN_MENTIONS and (n >= 0.6 * sum(weight.values()) or n >= 3 * second)
    return _with_article(places[best]) if sure else _kind_in_title(document)


def _named_by_kind(text: str) -> tuple[dict[str, list[Field]], Counter[str]]:
    """Mentions of houses whose names say what they are, each with its weight."""
    places: dict[str, list[Field]] = {}
    weight: Counter[str] = Counter()
    for match in _SPACE_NAME.finditer(text):
        value = (
            re.sub(r"[ \u00a0](?:des?|du|de la|en|aux?|d['’])?[ \u00a0]?[a-zà-ÿ][\w'’-]*$", "", match.group())
            if _trails(match.group())
            else match.group()
        )
        town = _AT.search(value)
        value = value[: town.start()] if town and is_town(town.group(1)) else value
        if (value[0].islower() and _BY_KIND_ALONE.search(value)) or _ACTIVITY.match(value):
            continue  # «le fablab de la MJC», «Atelier d'écriture»
        if value[0].islower() and (proper := _APPOSED.search(text, max(0, match.start() - 60), match.start())):
            value, begin = proper.group(1), proper.start(1)  # «la Verrière, l'espace de coworking de Roubaix»
            places.setdefault(signature(value), []).append(Field(value=value, start=begin, end=begin + len(value)))
            weight[signature(value)] += MIN_MENTIONS
            continue
        own = signature(value)
        # A single word is a name of its own when it is built like one («LabFab», not «Atelier»).
        if own and (" " in value or re.search(r"[a-z]-?[A-Z]", value)) and value.lower() not in ("fablab", "fab lab"):
            places.setdefault(own, []).append(Field(value=value, start=match.start(), end=match.start() + len(value)))
            weight[own] += MIN_MENTIONS if _OURS.search(text[max(0, match.start() - 8) : match.start()]) else 1
    return places, weight


def _with_article(found: list[Field]) -> Field:
    """The first mention of a house, but one with the article of its name where there is one: «l'espace La Fabrique à Idées»."""
    return next((one for one in found if ARTICLE.match(one.value)), found[0])


def _in_metadata(document: Document) -> Field | None:
    """The house that a key of the metadata gives: «lieu: L'Orangerie»."""
    for key in _SPACE_KEYS:
        value = document.metadata.get(key)
        if isinstance(value, str) and value[:1].isupper() and len(value.split()) <= 6 and not is_town(value):
            return Field(value=" ".join(value.split()), start=0, end=0, key=key)
    return None


def _of_a_case(document: Document) -> Field | None:
    """The client whom a case study is about: «Étude de cas : Papeterie Godin»."""
    head = title_of(document)
    case = _CASE.match(document.text, head.start, head.end) if head else None
    if case is None or is_town(case.group(1)) or person_score(case.group(1)) >= 0.6:
        return None
    return Field(value=case.group(1), start=case.start(1), end=case.end(1))


def _of_a_team(document: Document) -> Field | None:
    """The house whose team signs the document, «Équipe du Bercail», or whose list a message goes to: «Objet : [Le Bercail] …»."""
    text = document.text
    team = _TEAM_OF.match(str(document.metadata.get("author") or ""))
    if team is not None:
        return Field(value=team.group(1), start=0, end=0, key="author")
    last = [block for block in document.blocks if block.kind == "paragraph"][-2:]
    found = _LIST.match(text) or next(
        (match for block in reversed(last) if (match := _TEAM_SIGNS.search(text, block.start, block.end))), None
    )
    return Field(value=found.group(1), start=found.start(1), end=found.end(1)) if found else None


def _weigh(text: str, titles: str, places: dict[str, list[Field]], weight: Counter[str]) -> None:
    """Add to the weight of places their initials, and what the titles name."""
    for own, found in places.items():
        letters = initials(found[0].value)
        if len(letters) > 2:
            weight[own] += len(re.findall(rf"(?<!\w){letters}(?!\w)", f"{titles} {text}"))
        if own in signature(titles):
            weight[own] += MIN_MENTIONS


def school_of(document: Document) -> Field | None:
    """The school that asks its former pupils what it gave them: they speak of it, whoever they work for now."""
    text = document.text
    if not _FORMER.search(text) and not _FORMER.search(str(document.metadata.get("title") or "")):
        return None
    asked = next((match for match in _SCHOOL.finditer(text) if _ASKED.match(text, match.end())), None)
    return Field(value=asked.group(), start=asked.start(), end=asked.end()) if asked else None


def _kind_in_title(document: Document) -> Field | None:
    """Name that the page's title explains: «Avis - Le Local, coworking à Saumur», «La Station – Espace de coworking à Redon»."""
    title = str(document.metadata.get("title") or "")
    if (last := _KIND_AND_NAME.search(title)) is not None:  # «Portraits | Réseau Les Ateliers du Gave»
        return Field(value=last.group(1), start=0, end=0, key="title")
    named = _EXPLAINED.search(title)
    told = named is not None and ARTICLE.sub("", named.group(1)).split()[0].lower() not in NOT_NAMES and not is_elsewhere(named.group(1))
    return Field(value=named.group(1), start=0, end=0, key="title") if named and told else None


def _site_of(document: Document) -> Field | None:
    """Name at the end of the page's title («5 questions à … – Le Satellite»), where the text speaks of the place too."""
    title = str(document.metadata.get("title") or "")
    if _CLIENTS.search(title):  # who sells, not who speaks
        return None
    parts = re.split(r"[ \u00a0][|–—·-][ \u00a0]", title)
    if len(parts) > 1 and _ANNOUNCES.match(parts[-1]) and KIND.match(parts[0]) and len(parts[0].split()) <= LONGEST_HOUSE:
        return Field(value=parts[0].strip(), start=0, end=0, key="title")  # «Maison France Services de Lormes - Ils en parlent»
    name = parts[-1].strip()
    if (
        len(parts) < 2
        or not 0 < len(name.split()) <= 4
        or not name[:1].isupper()
        or re.search(r"blog|journal|magazine|ville de", name, re.I)
    ):
        return None
    bare = re.sub(r"^(?:L[ae] |Les |L['’])", "", name)
    body = [block for block in document.blocks if block.kind in ("paragraph", "item", "quote", "question")]
    spoken = any(re.search(rf"(?<!\w){re.escape(bare)}(?!\w)", document.text[block.start : block.end]) for block in body)
    return Field(value=name, start=0, end=0, key="title") if spoken else None


def _in_title(document: Document) -> Field | None:
    """The space that the metadata names: «Le Fournil des Deux Rives a deux ans», «depuis les bureaux de l'Escale Coworking»."""
    for key in ("title", "og_title", "description", "og_description", "summary"):
        value = str(document.metadata.get(key) or "")
        match = _SPACE_NAME.search(value) if key == "title" else _COWORKING.search(value)
        if match and " " in match.group():
            article = ARTICLE.fullmatch(value[: match.start()])  # a title that begins with the name
            return Field(value=value[: match.end()] if article else match.group(), start=0, end=0, key=key)
    return None


def _house_called(document: Document, titles: str) -> Field | None:
    """The proper name after an article that a document keeps giving to a place of one kind: «du Grand Bureau, à Quimper»."""
    text = document.text
    house = PLACE.search(titles) is not None
    sure: dict[str, Field] = {}
    weight: Counter[str] = Counter()
    for match in _CALLED.finditer(text):
        name = match.group(1)
        own = signature(name)
        if not own or is_elsewhere(name):
            continue
        weight[own] += 1
        if own not in sure and _is_a_place(text, match, house=house):
            sure[own] = Field(value=" ".join(name.split()), start=match.start(1), end=match.end(1))
            weight[own] += 1
    ranked = Counter({own: weight[own] for own in sure}).most_common(2)
    if not ranked or ranked[0][1] < MIN_MENTIONS or (len(ranked) > 1 and ranked[0][1] < 2 * ranked[1][1]):
        return None
    return sure[ranked[0][0]]


def house_told(document: Document, until: int, *, alone: bool) -> Field | None:
    """The one house that a document names right after the kind of place that it is, even once: «au tiers-lieu La Belle Étoile».

    Where several people speak, before they do; where a page presents the people of a house, the one place that its opening names.
    """
    text = document.text
    found: dict[str, Field] = {}
    for match in _CALLED.finditer(text):
        name = match.group(1)
        if signature(name) and not is_elsewhere(name) and _SHARED.search(text, max(0, match.start(1) - 40), match.start(1)):
            found.setdefault(signature(name), Field(value=" ".join(name.split()), start=match.start(1), end=match.end(1)))
    if not found and _RESIDENTS.search(f"{document.metadata.get('title', '')} {text[: min(until, OPENING)]}"):
        for match in _THERE.finditer(text, 0, min(until, OPENING)):
            if not is_elsewhere(match.group(1)):
                found.setdefault(
                    signature(match.group(1)), Field(value=" ".join(match.group(1).split()), start=match.start(1), end=match.end(1))
                )
    if alone and not found and len(named := _named_by_kind(text)[0]) == 1:
        found = {own: _with_article(mentions) for own, mentions in named.items()}
    only = next(iter(found.values())) if len(found) == 1 else None
    return only if only is not None and (alone or only.start < until) else None


def _is_a_place(text: str, match: re.Match[str], *, house: bool) -> bool:
    """Tell a name that its sentence gives to a place: by its kind, by its town, by an article with a capital where a title says that there is a house."""
    start, end = match.span(1)
    kind = _KIND_BEFORE.search(text, max(0, match.start() - 40), match.start())
    if (kind and not _BY.search(text, max(0, kind.start() - 8), kind.start())) or _KIND_AFTER.match(text, end):
        return True
    several = " " in ARTICLE.sub("", match.group(1))
    return several and (
        _SITED.match(text, end) is not None
        or (house and ARTICLE.match(match.group(1)) is not None and _MID.search(text, max(0, start - 3), start) is not None)
    )


def _place_in_title(document: Document) -> Field | None:
    """The place that a title collects opinions of: «Avis sur La Soute»."""
    head = title_of(document)
    match = _OPINIONS_OF.search(document.text, head.start, head.end) if head else None
    named = organisation_at(document.text, match.end(), head.end) if match and head else None
    value = " ".join(document.text[slice(*named)].split()) if named else ""
    return Field(value=value, start=named[0], end=named[1]) if named and person_score(value) < 0.6 else None


def _trails(value: str) -> bool:
    """A lower-case last word is part of the name only after «des», «de la» … («Atelier des médias»)."""
    return bool(re.search(r"[ \u00a0][a-zà-ÿ]\w*$", value)) and not re.search(
        r"[ \u00a0](?:des?|du|de la|aux?)[ \u00a0][a-zà-ÿ]\w*$", value
    )
