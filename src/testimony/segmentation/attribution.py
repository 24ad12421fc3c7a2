"""Attributions such as ``Name, role of organisation`` → name, role and organisation, each with its place."""

from __future__ import annotations

import re
from dataclasses import replace

from ..gazetteer import ANONYMOUS, GIVEN, NAME, WORD, classes
from ..types import Span
from .anyone import AGE, described
from .houses import (
    FAMILY,
    KIND,
    OF_A_HOUSE,
    QUOTES,
    UPPER,
    collective,
    field_of,
    house_alone,
    is_organisation,
    is_town,
    organisation_at,
    organisation_end,
    organisation_in,
    stripped,
    unquoted,
)
from .names import (
    LEADS,
    NAME_PATTERN,
    NOT_NAMES,
    SOMEBODY,
    TITLES,
    Attribution,
    Field,
    find_name,
    is_family_name,
    person_score,
    without_stop,
)
from .words import COMPLEMENTS, MONTHS, STATUS, is_role_word

LONG = 6
"""Letters above which a word that ordinary vocabulary knows is no village: «à Polytechnique»."""

LONGEST = 220
"""Characters above which a line is prose and no attribution."""

_STANDING = re.compile(r"([\w·'’-]{1,40}(?:[ \u00a0][\w'’-]{1,40}){0,3})[ \u00a0]?[:–—][ \u00a0](?=[A-ZÀ-Ö])")
WEAK = 0.4
"""Strength of what says no name."""
_SEPARATOR = re.compile(r"\s{0,20}(?:,|;|\s[-–—|/•·:]\s?|\s?[–—]\s|:|\(|\n)\s*|[ \u00a0](?=@)")
_OPENERS = ' \t\n\u00a0—–-•*«"“~_('
_NOW = re.compile(r"(?:aujourd['’]hui|désormais|actuellement|alors)[ \u00a0,]+(?=\w)", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:(?:la|le|les|un|une|notre|nos|votre|son|sa|leur|ce|cet|cette)[ \u00a0]|l['’])(?=\w)", re.IGNORECASE)
# Where a role ends: a relative clause, a date, or what is told of the person besides.
_ROLE_END = re.compile(
    r",?[ \u00a0](?:qui|dont|où|lequel|laquelle|que|qu['’]\w+|depuis|pendant|durant|lors|quand|lorsque|afin|afin de|originaire|âgée?|né[e]? |"
    r"(?:spécialis|install|investi|passionn|engag|bas|diplôm|form|invit|rencontr|venu|arriv|habitu|situ|employ|séduit|accompagn|soutenu|aid)(?:ée?s?|ie?s?|e?s?)[ \u00a0]"
    r"(?:dans|en|sur|à|de|d['’]|au|aux|par|chez|du))|"
    r"[ \u00a0]d(?:e[ \u00a0]|['’])(?:ma|mon|mes|notre|nos|sa|son|ses|leur|leurs|cet|cette|ce)[ \u00a0]|[ \u00a0](?:de|à)[ \u00a0]la[ \u00a0]\w+[ \u00a0]promotion\b|"
    r",?[ \u00a0](?:au[ \u00a0](?:fond|bout|bar|comptoir)|derrière|devant|près[ \u00a0]d|assise?|debout)\b|,[ \u00a0](?:dans|sur|sous)[ \u00a0]|"
    r"[ \u00a0]\((?:depuis|vient|arrivée?|présente?)[ \u00a0]|"
    r",[ \u00a0]\d{1,2}[ \u00a0]ans\b|[ \u00a0]de[ \u00a0]\d+[ \u00a0]|,[ \u00a0](?:nous|vous|se|s['’]|revient|partage|présente|parle|dresse|fait|vit|a|est)[ \u00a0]"
)
_BEFORE_HANDLE = re.compile(r"[ \u00a0](?:de|du|chez|à|pour)[ \u00a0]$")
_FIRM_LINK = re.compile(
    r"(?:^|(?<=[\s(,]))(?:chez|@|au sein d(?:e la|e l['’]|es|u|e|['’])|à la tête d(?:e la|e l['’]|es|u|e|['’])|auprès d(?:e la|e l['’]|es|u|e|['’])|"
    r"en charge d(?:e la|e l['’]|es|u|e|['’])|pour le compte d(?:e|u|es|['’])|pour)[ \u00a0]*",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"(?:^|(?<=[\s(,]))(de (?-i:l)['’]|de (?-i:la)[ \u00a0]|du[ \u00a0]|des[ \u00a0]|de[ \u00a0]|d['’]|à (?-i:l)['’]|à (?-i:la)[ \u00a0]|à[ \u00a0]|au[ \u00a0]|aux[ \u00a0])",
    re.IGNORECASE,
)
_UPPERCASE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZÀÂÇÉÈÊËÎÏÔÖÙÛÜŒ")
# «mère de Rayan» names a child, not a house.
_SOME = re.compile(r"(?:une?|des|plusieurs|différents)[ \u00a0]")
_KIN = re.compile(
    r"(?:(?:grand-?|belle-?|beau-?)?(?:mère|père|sœur|frère|fils|fille|parent)s?|maman|papa|tante|oncle|amie?|épou(?:x|se)|mari|compagn(?:e|on)|voisine?)\b",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"(?<!\w)(?:maire|(?:conseill(?:er|ère)[ \u00a0])municipale?|bourgmestre|échevine?|curé|préfète?|sous-préfète?|rue|place|avenue|boulevard|quai|chemin|route|allée|impasse|square)[ \u00a0]?$",
    re.IGNORECASE,
)
_NAME_NEXT = re.compile(r"[ \u00a0](?:[a-zà-ÿ-]{4,}[ \u00a0](?=L[ae]s?[ \u00a0]|L['’]))?[«“\"]?[ \u00a0]?[A-ZÀ-Ö]")
_TAIL_ROLE = re.compile(r"(?:,[ \u00a0]*|[ \u00a0]et[ \u00a0])(\w[\w·'’-]*)")


def parse(text: str, start: int, end: int) -> Attribution:
    """Read an attribution such as ``Name, role of organisation`` in a range of the document.

    Returns
    -------
    Attribution
        `strength` in [0, 1] tells how much the range looks like one; 0 when it does not.
    """
    while start < end and text[start] in _OPENERS:
        start += 1
    while end > start and text[end - 1] in " \t\n\u00a0:,;*_":
        end -= 1
    lead = LEADS.match(text, start, end)
    if lead and lead.end() < end:
        start = lead.end()
        if (standing := _STANDING.match(text, start, end)) and is_role_word(standing.group(1).split()[0]):
            named = parse(text, standing.end(), end)  # «Parole d'habitante : Arlette, 71 ans»
            return replace(named, role=named.role or field_of(text, *standing.span(1))) if named.speaker else named
    if start >= end or end - start > LONGEST:
        return Attribution()
    if (nameless := _without_name(text, start, end)) is not None:
        return nameless
    match = NAME_PATTERN.match(text, start, end)
    if match is None:
        return Attribution()
    title = TITLES.match(text[start : match.end()])
    kept = title is None or is_family_name(text[start + title.end() : match.end()])  # «Mme Hadj» keeps its title
    name_start = start if kept or title is None else start + title.end()
    return _named(text, name_start, match.end(), end, led=lead is not None)


def _without_name(text: str, start: int, end: int) -> Attribution | None:
    """Read who is not given by a name of their own: nobody, «une habitante», «le gardien», a team, a family."""
    anonymous = ANONYMOUS.search(text, start, end)
    if anonymous and anonymous.start() - start < 25 and not find_name(text, start, min(end, anonymous.start())):
        return Attribution(role=Field(value=text[start:end], start=start, end=end), strength=0.6)
    if (told := described(text, start, end)) is not None:
        return Attribution(role=told, strength=0.6)
    if somebody := SOMEBODY.match(text, start, end):
        return Attribution(role=field_of(text, somebody.start(1), end), strength=0.6)
    if (group := collective(text, start, end)) is not None:
        return group
    if family := FAMILY.match(text, start, end):
        role, space = split_role(text, family.end(), end)
        return Attribution(speaker=field_of(text, start, family.end()), role=role, space=space, strength=0.75)
    first = text[start:end].split(maxsplit=1)[0]
    role, space = split_role(text, start, end) if first[0].isupper() and first.lower() in NOT_NAMES else (None, None)
    if role is not None and is_role_word(role.value.split()[0]):
        return Attribution(role=role, space=space, strength=WEAK)
    return None


def _named(text: str, start: int, name_end: int, end: int, *, led: bool) -> Attribution:
    """Read what follows a name."""
    separator = _SEPARATOR.match(text, name_end, end)
    cut = _cut_name(text, start, name_end)
    rest, name_end = (cut, cut) if cut is not None else (name_end, name_end)
    name_end = without_stop(text, start, name_end)
    score = person_score(text[start:name_end])
    if rest < end and not separator:
        separator = _SEPARATOR.match(text, rest, end)
        score -= 0.0 if separator or text[rest:end].lstrip()[:1] == "@" else 0.35
    if separator and cut is not None and separator.start() > rest:
        separator = _SEPARATOR.match(text, rest, end)
    speaker = Field(value=" ".join(text[start:name_end].split()), start=start, end=name_end)
    role, space = split_role(text, separator.end() if separator else rest, end)
    if role and is_role_word(role.value.split()[0]):
        score += 0.2
    return Attribution(speaker=speaker, role=role, space=space, strength=max(0.0, min(1.0, score + 0.2 * led)))


def _cut_name(text: str, start: int, end: int) -> int | None:
    """End a name before a capitalised role or acronym run together with it («Sarah D. AMUE»)."""
    words = list(re.finditer(r"\S+", text[start:end]))
    for number, word in enumerate(words[1:], 1):
        value, previous = word.group(), words[number - 1].group()
        acronym = len(value) > 2 and value.isupper() and previous.endswith(".") and len(previous) == 2
        surname = number == 1 and len(words) == 2 and classes(previous) & GIVEN  # «Yvan Meunier»
        if (is_role_word(value) and not classes(value) & (GIVEN | NAME) and not surname) or acronym:
            return start + words[number - 1].end()
    return None


_PROMOTION = re.compile(
    r"promo(?:tion)?[ \u00a0](?:de[ \u00a0])?(?:\d{4}|\d{1,2}\b)[ \u00a0]?[)–—,;-]?[ \u00a0]?(?:(?:et |, )?aujourd['’]hui[ \u00a0])?",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:le[ \u00a0])?\d{1,2}(?:er)?[ \u00a0](?:" + MONTHS + r")(?!\w)|"
    r"(?:le[ \u00a0]|en[ \u00a0])?(?:\d{1,2}(?:er)?[ \u00a0]|\d{1,2}/\d{1,2}/)?(?:(?:" + MONTHS + r")[ \u00a0])?\d{4}(?!\w)",
    re.IGNORECASE,
)


def split_role(text: str, start: int, end: int) -> tuple[Field | None, Field | None]:
    """Split ``role of organisation`` into role and organisation.

    Examples
    --------
    >>> role, space = split_role("responsable du Coworking Bellerive", 0, 34)
    >>> role.value, space.value
    ('responsable', 'Coworking Bellerive')
    """
    start, end = _bounds(text, start, end)
    start = year.end() if (year := _PROMOTION.match(text, start, end)) else start
    if start >= end or _DATE.match(text, start, end):
        return None, None
    status = STATUS.search(text, start, end)
    if status and not any(is_role_word(word) for word in text[start : status.start()].split()):
        return _role(text, status.start(), end), None
    if KIND.match(text, start, end) and text[start].islower() and not is_role_word(text[start:end].split(maxsplit=1)[0]):
        named = organisation_at(text, start, end)  # «association Cyclo-Bourg»
        if named is not None:
            return None, field_of(text, *unquoted(text, *named))
    if (house := house_alone(text, start, end)) is not None:
        return None, house
    for find in (_after_firm_link, _after_link):
        found = find(text, start, end)
        if found is not None:
            link, (space_start, space_end) = found
            role_end = link
            comma = text.rfind(", ", start, link)
            if comma > start and text[comma + 2].isupper() and not is_role_word(re.split(r"\W", text[comma + 2 : end], maxsplit=1)[0]):
                role_end, space_start = comma, comma + 2  # «chargé de mission, Pays de Brenne»
            more = _TAIL_ROLE.match(text, space_end, end)
            if more and is_role_word(more.group(1)):  # «co-gérant de X, responsable technique»: the role goes on after the organisation
                role_end = end
            return _role(text, start, role_end), field_of(text, *unquoted(text, space_start, space_end))
    return _by_comma(text, start, end)


def _bounds(text: str, start: int, end: int) -> Span:
    """Range of a role phrase without age, article and what is told besides."""
    start, end = stripped(text, start, end)
    now = _NOW.match(text, start, end)
    start = now.end() if now else start
    age = AGE.match(text, start, end)
    start = age.end() if age else start
    article = _ARTICLE.match(text, start, end)
    if article and not _begins_name(text, start, article.end(), end):
        start = article.end()
    stop = _ROLE_END.search(text, start, end)
    return stripped(text, start, stop.start() if stop else end)


def _begins_name(text: str, start: int, at: int, end: int) -> bool:
    """Tell whether an article with a capital belongs to a name («Le Ponton», but «La Gérante»)."""
    word = re.compile(r"[\w·'’-]+").match(text, at, end)
    return text[start].isupper() and text[at].isupper() and word is not None and not is_role_word(word.group())


def _after_firm_link(text: str, start: int, end: int) -> tuple[int, Span] | None:
    """Organisation after «chez», «au sein de», «@»; after «pour» only when a name follows."""
    for link in _FIRM_LINK.finditer(text, start, end):
        named = organisation_at(text, link.end(), end)
        if named is not None:
            of = _BEFORE_HANDLE.search(text, start, link.start()) if link.group().startswith("@") else None
            return of.start() if of else link.start(), named
        if link.group().lower().startswith(("chez", "@")) and link.end() < end and not _SOME.match(text, link.end(), end):
            return link.start(), stripped(text, link.end(), organisation_end(text, link.end(), end))
    return None


def _after_link(text: str, start: int, end: int) -> tuple[int, Span] | None:
    """Organisation after «de», «du», «à» …, when what follows is a name and neither a town, a person, a role nor a mere complement."""
    for link in _LINK.finditer(text, start, end):
        named = organisation_at(text, link.end(), end)
        if named is None:
            continue
        of_a_commune = _OFFICE.search(text, start, link.start()) and not KIND.match(text, link.end(), end)
        if of_a_commune or OF_A_HOUSE.search(text, link.end(), named[1]):
            continue  # «maire de Roquebrou», «régisseur de l'atelier bois de La Navette»
        first = re.split(r"[\s,;()]", text[named[0] : named[1]].lstrip(QUOTES), maxsplit=1)[0].strip('.»"”')
        kind = KIND.match(text, link.end(), end)
        if kind and kind.end() == named[1]:
            continue  # «directrice de MJC» names none
        bare = link.group(1).strip().lower() in ("de", "d'", "d’")
        if not kind and is_town(text[link.end() : named[1]]):
            continue
        if TITLES.match(text[named[0] : named[1]]) or (is_role_word(first) and not kind):
            continue
        if bare and (first.lower() in COMPLEMENTS or _KIN.match(text, start, link.start())):
            continue
        if link.start() <= start and not kind:
            continue
        if (
            not kind
            and link.group(1).strip().lower() == "à"
            and re.fullmatch(r"[\w'’-]+", text[named[0] : named[1]])
            and not (classes(first) & WORD and len(first) > LONG)
        ):
            continue  # «potiers à Cosne»: one capitalised word after «à» is a town more often than a house
        return link.start(), named
    return None


def _by_comma(text: str, start: int, end: int) -> tuple[Field | None, Field | None]:
    """Organisation after the last comma or in parentheses; a place there is neither role nor organisation."""
    cuts = {text.rfind(mark, start, end) for mark in (",", "(", " – ", " — ", " - ", " | ", " / ", " · ")}
    for cut in sorted(cuts - {-1}, reverse=True):
        if (parted := _parted(text, start, cut, end)) is not None:
            return parted
    if (turned := _without_link(text, start, end)) is not None:
        return turned
    if text[start:end] and text[start] in _UPPERCASE and is_town(text[start:end]):
        return None, None
    words = text[start:end].split()
    if not words:
        return None, None
    if (
        words
        and words[0].lstrip(QUOTES)[:1].isupper()
        and not is_role_word(words[0])
        and len(words) <= 6
        and is_organisation(text[start:end])
    ):
        return None, field_of(text, *unquoted(text, start, end))
    if (
        words[0][:1].isupper()
        and not is_role_word(words[0])
        and not any(is_role_word(word.strip(",;")) for word in words[1:] if word[0].islower())
    ):
        return None, organisation_in(text, start, end)
    if _LINK.match(text, start, end) and not KIND.match(text, start, end):  # «de Nantes» says where
        return None, None
    return _role(text, start, end), None


def _parted(text: str, start: int, cut: int, end: int) -> tuple[Field | None, Field | None] | None:
    """Role before a comma or parenthesis and organisation after it; None where no name follows."""
    tail = stripped(text, cut + 1, end)
    words = text[tail[0] : tail[1]].split()
    named = _kind_and_name(text, *tail)
    if named is not None:
        return _role(text, start, cut), field_of(text, *unquoted(text, *named))
    if not words or not words[0].lstrip(QUOTES)[:1].isupper() or is_role_word(words[0]):
        return None
    if is_town(text[tail[0] : tail[1]]):
        return _by_comma(text, *stripped(text, start, cut))  # «…, atelier partagé L'Établi (Castres)»
    return _role(text, start, cut), field_of(text, *unquoted(text, *tail))


def _kind_and_name(text: str, start: int, end: int) -> Span | None:
    """Range of a house told by a kind in lower case and its name at once: «agence Terre Crue»."""
    kind = KIND.match(text, start, end)
    return organisation_at(text, start, end) if kind and _NAME_NEXT.match(text, kind.end(), end) else None


def _without_link(text: str, start: int, end: int) -> tuple[Field | None, Field | None] | None:
    """Read «Menuiserie Estève, artisan», the house before the trade, and «Directeur La Cantine», the two without a link."""
    run_on = re.compile(rf"(\w[\w·'’-]{{0,60}})[ \u00a0](?=(?:La|Le|L['’])[ \u00a0]?[{UPPER}])").match(text, start, end)
    if run_on and is_role_word(run_on.group(1)):
        return _role(text, start, run_on.end(1)), field_of(text, *stripped(text, run_on.end(), organisation_end(text, run_on.end(), end)))
    head = re.split(r"[ \u00a0]?[,–—][ \u00a0]?", text[start:end], maxsplit=1)
    if (
        len(head) < 2
        or is_role_word(head[0].split(maxsplit=1)[0])
        or not is_role_word((head[1].split() or [""])[0])
        or head[0].isupper()
        or not is_organisation(head[0])
    ):
        return None
    return _role(text, end - len(head[1]), end), field_of(text, start, start + len(head[0]))


def _role(text: str, start: int, end: int) -> Field | None:
    opened = text.rfind("(", start, end)
    end = opened if opened > start and ")" not in text[opened:end] else end  # «illustratrice (bureau 4»
    return field_of(text, *unquoted(text, *stripped(text, start, end))) if start < end else None
