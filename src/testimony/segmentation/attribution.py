"""Attributions such as ``Name, role of organisation`` → name, role and organisation, each with its place."""

from __future__ import annotations

import re

from ..gazetteer import FIRM, GIVEN, NAME, TOWN, WORD, classes
from ..types import Span
from .names import ANONYMOUS, NAME_PATTERN, TITLES, Attribution, Field, find_name, person_score
from .words import is_role_word

_UPPER = "A-ZÀ-ÖØ-ÞŒ"
_SPACE = " \u00a0\n"
LONG = 6
"""Letters above which a word that ordinary vocabulary knows is no village: «à Polytechnique»."""

LONGEST = 220
"""Characters above which a line is prose and no attribution."""

# What announces a person in a title: «Interview de Marie», «Rencontre avec Marie», «Trois questions à Marie».
LEADS = re.compile(
    r"(?:(?:le |la |les |l['’]|un |une )?(?:témoignages?|interviews?|entretiens?|entrevues?|portraits?|rencontres?|paroles?|avis|retours?(?: d['’]expérience)?|"
    r"regards?|points? de vue|zooms?|focus|questions?|réponses?|mots?|coups? de (?:projecteur|cœur)|récits?|histoires?|parcours|propos|message|verbatims?|discussion|"
    r"conversation|échange)(?: croisée?s?)?|(?:\d{1,3}|deux|trois|quatre|cinq|dix) questions)[ \u00a0]*(?:(?:de|d['’]|du|avec|à|sur|par)[ \u00a0]*|[:–—-][ \u00a0]*)",
    re.IGNORECASE,
)
# A group that speaks as one: «L'équipe de BioLog».
TEAM = re.compile(
    r"(?:l['’]|la[ \u00a0]|le[ \u00a0]|les[ \u00a0])?(?:équipe|team|collectif|bureau|conseil|classe|élèves|bénévoles|salariée?s|membres|artisane?s|résidente?s|habitante?s|occupante?s|"
    r"usag(?:er|ère)s|adhérente?s|parents|locataires|coworkers|coworkeu(?:r|se)s|stagiaires|étudiante?s|gens)[ \u00a0]"
    r"(?:de la[ \u00a0]|de l['’]|du[ \u00a0]|des[ \u00a0]|de[ \u00a0]|d['’])",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s*(?:,|;|\s[-–—|/•·:]\s?|\s?[–—]\s|:|\(|\n)\s*|[ \u00a0](?=@)")
_TRAILING = " \t\n\u00a0,;:.)–—-|"
_OPENERS = ' \t\n\u00a0—–-•*«"“~_('
_QUOTES = '«»“”"„ \u00a0'
_AGE = re.compile(r"\d{1,2} ans?\b[ \u00a0]*(?:,|et|;|/|-|–)?[ \u00a0]*")
_ARTICLE = re.compile(r"(?:(?:la|le|les|un|une|notre|nos|votre|son|sa|leur|ce|cet|cette)[ \u00a0]|l['’])(?=\w)", re.IGNORECASE)
# Where a role ends: a relative clause, a date, or what is told of the person besides.
_ROLE_END = re.compile(
    r",?[ \u00a0](?:qui|dont|où|lequel|laquelle|que|qu['’]\w+|depuis|pendant|durant|lors|quand|lorsque|afin|afin de|originaire|âgée?|né[e]? |"
    r"(?:spécialis|install|investi|passionn|engag|bas|diplôm|form|invit|rencontr|venu|arriv|habitu|situ|employ|séduit)(?:ée?s?|ie?s?|e?s?)[ \u00a0]"
    r"(?:dans|en|sur|à|de|d['’]|au|aux|par|chez|du))|"
    r"[ \u00a0]d(?:e[ \u00a0]|['’])(?:ma|mon|mes|notre|nos|sa|son|ses|leur|leurs|cet|cette|ce)[ \u00a0]|[ \u00a0](?:de|à)[ \u00a0]la[ \u00a0]\w+[ \u00a0]promotion\b|"
    r",[ \u00a0](?:nous|vous|se|s['’]|revient|partage|présente|parle|dresse|fait|vit|a|est)[ \u00a0]"
)
_KINDS = (
    "espaces?|réseau|coworking|co-working|collectif|association|asso|entreprise|société|boîte|agence|tiers-lieux?|fablab|fab lab|coopérative|brasserie|école|lycée|collège|"
    "incubateur|pépinière|hub|studio|cabinet|groupe|start-?up|commune|ville|mairie|communauté (?:de communes|d['’]agglomération)|agglomération|métropole|"
    "département|région|province|ministère|université|faculté|institut|centre|laboratoire|labo|maison|fondation|fédération|syndicat|office|chambre|conseil|"
    "compagnie|librairie|café|restaurant|boutique|ferme|atelier|cantine|bibliothèque|médiathèque|hôpital|clinique|théâtre|festival|média|journal|magazine|"
    "plateforme|site|blog|chaîne|marque|projet|programme|service|direction|délégation|antenne|pôle|cluster|club|ong|asbl|scop|scic|sarl|ccas|chu|cci"
)
_KIND = re.compile(rf"(?:l['’]|la[ \u00a0]|le[ \u00a0]|les[ \u00a0])?(?:{_KINDS})\b", re.IGNORECASE)
# Kinds that are left out of the name when the name follows them at once: «du réseau Alpha» → Alpha, but «de l'école Alpha» keeps its kind.
_GENERIC = re.compile(
    r"(?:espaces?(?:[ \u00a0]de[ \u00a0](?:coworking|travail))?|réseau|collectif|entreprise|société|boîte|agence|tiers-lieux?|studio|cabinet|groupe|start-?up|site|"
    r"projet|plateforme|marque|média|blog|programme)[ \u00a0]+(?:(?:de|d['’])[ \u00a0]?(?=coworking))?",
    re.IGNORECASE,
)
_PROPER = re.compile(rf"[«\"“„]?[ \u00a0]?(?:[{_UPPER}0-9]|[a-z]{{1,3}}-?[{_UPPER}])")
_FIRM_LINK = re.compile(
    r"(?:^|(?<=[\s(,]))(?:chez|@|au sein d(?:e la|e l['’]|es|u|e|['’])|à la tête d(?:e la|e l['’]|es|u|e|['’])|auprès d(?:e la|e l['’]|es|u|e|['’])|"
    r"en charge d(?:e la|e l['’]|es|u|e|['’])|pour le compte d(?:e|u|es|['’])|pour)[ \u00a0]*",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"(?:^|(?<=[\s(,]))(de (?-i:l)['’]|de (?-i:la)[ \u00a0]|du[ \u00a0]|des[ \u00a0]|de[ \u00a0]|d['’]|à (?-i:l)['’]|à (?-i:la)[ \u00a0]|à[ \u00a0]|au[ \u00a0]|aux[ \u00a0])",
    re.IGNORECASE,
)
# Nouns that roles take after a bare «de», with a capital or not: «Chargé de Mission», «Chef de Projet».
_COMPLEMENTS = frozenset(
    "mission missions projet projets intérêt communication développement production création clientèle direction recherche recherches gestion formation "
    "formations marketing vente ventes cabinet publication publications service services secteur chantier chantiers classe travaux école écoles programme programmes "
    "produit produits contenu contenus communauté entreprise entreprises événement événements événementiel rédaction cuisine équipe équipes zone site bureau "
    "conseil affaires compte comptes clients client achats stocks langue langues design web digital informatique numérique données data réseaux réseau santé "
    "transition stratégie relations ressources presse partenariats territoire économie emploi insertion vie yoga musique danse dessin français anglais "
    "mathématiques physique philosophie droit histoire information orientation".split()
)
_UPPERCASE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZÀÂÇÉÈÊËÎÏÔÖÙÛÜŒ")
_NO_ORGANISATION = frozenset("photo photos crédit crédits voir lire source rires rire sic ndlr note mise publié article vidéo".split())
_TAIL_ROLE = re.compile(r",[ \u00a0]*(\w[\w·'’-]*)")


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
    if start >= end or end - start > LONGEST:
        return Attribution()
    anonymous = ANONYMOUS.search(text, start, end)
    if anonymous and anonymous.start() - start < 25 and not find_name(text, start, min(end, anonymous.start())):
        return Attribution(role=Field(value=text[start:end], start=start, end=end), strength=0.6)
    if team := TEAM.match(text, start, end):
        named = organisation_at(text, team.end(), end)
        if named is not None:
            whole = _field(text, start, named[1])
            return Attribution(speaker=whole, space=_field(text, *named), strength=0.75)
    match = NAME_PATTERN.match(text, start, end)
    if match is None:
        return Attribution()
    title = TITLES.match(text[start : match.end()])
    name_start = start + (title.end() if title else 0)
    return _named(text, name_start, match.end(), end, led=lead is not None)


def _named(text: str, start: int, name_end: int, end: int, *, led: bool) -> Attribution:
    """Read what follows a name."""
    separator = _SEPARATOR.match(text, name_end, end)
    cut = _cut_name(text, start, name_end)
    rest, name_end = (cut, cut) if cut is not None else (name_end, name_end)
    while name_end > start and text[name_end - 1] == "." and len(text[start:name_end].rsplit(maxsplit=1)[-1]) > 2:
        name_end -= 1
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
        if (is_role_word(value) and not classes(value) & (GIVEN | NAME)) or acronym:
            return start + words[number - 1].end()
    return None


def split_role(text: str, start: int, end: int) -> tuple[Field | None, Field | None]:
    """Split ``role of organisation`` into role and organisation.

    Examples
    --------
    >>> role, space = split_role("responsable du Coworking Bellerive", 0, 34)
    >>> role.value, space.value
    ('responsable', 'Coworking Bellerive')
    """
    start, end = _bounds(text, start, end)
    if start >= end:
        return None, None
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
            return _role(text, start, role_end), _field(text, *_unquoted(text, space_start, space_end))
    return _by_comma(text, start, end)


def _bounds(text: str, start: int, end: int) -> Span:
    """Range of a role phrase without age, article and what is told besides."""
    start, end = _strip(text, start, end)
    age = _AGE.match(text, start, end)
    start = age.end() if age else start
    article = _ARTICLE.match(text, start, end)
    if article and not _begins_name(text, start, article.end(), end):
        start = article.end()
    stop = _ROLE_END.search(text, start, end)
    return _strip(text, start, stop.start() if stop else end)


def _begins_name(text: str, start: int, at: int, end: int) -> bool:
    """Tell whether an article with a capital belongs to a name («Le Ponton», but «La Gérante»)."""
    word = re.compile(r"[\w·'’-]+").match(text, at, end)
    return text[start].isupper() and text[at].isupper() and word is not None and not is_role_word(word.group())


def _after_firm_link(text: str, start: int, end: int) -> tuple[int, Span] | None:
    """Organisation after «chez», «au sein de», «@»; after «pour» only when a name follows."""
    for link in _FIRM_LINK.finditer(text, start, end):
        named = organisation_at(text, link.end(), end)
        if named is not None:
            return link.start(), named
        if link.group().lower().startswith(("chez", "@")) and link.end() < end:
            return link.start(), _strip(text, link.end(), _organisation_end(text, link.end(), end))
    return None


def _after_link(text: str, start: int, end: int) -> tuple[int, Span] | None:
    """Organisation after «de», «du», «à» …, when what follows is a name and neither a town, a person, a role nor a mere complement."""
    for link in _LINK.finditer(text, start, end):
        named = organisation_at(text, link.end(), end)
        if named is None:
            continue
        first = re.split(r"[\s,;()]", text[named[0] : named[1]].lstrip(_QUOTES), maxsplit=1)[0].strip('.»"”')
        kind = _KIND.match(text, link.end(), end)
        bare = link.group(1).strip().lower() in ("de", "d'", "d’")
        if not kind and _is_town(text[link.end() : named[1]]):
            continue
        if TITLES.match(text[named[0] : named[1]]) or (is_role_word(first) and not kind):
            continue
        if bare and first.lower() in _COMPLEMENTS:
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


def organisation_at(text: str, start: int, end: int) -> Span | None:
    """Range of the named organisation at `start`: a name, or a kind and its name («l'école Alpha», «réseau Alpha» → Alpha)."""
    at = start
    article = re.compile(r"(?:l['’]|la[ \u00a0]|le[ \u00a0]|les[ \u00a0])(?=[a-zà-ÿ])").match(text, at, end)
    at = article.end() if article else at
    kind = _KIND.match(text, at, end)
    if kind and text[kind.start()].islower():
        stop = _organisation_end(text, at, end)
        name = next((m for m in re.compile(rf"(?<=[\s'’«\"“])(?=[«\"“„]?[ \u00a0]?[{_UPPER}])").finditer(text, kind.end(), stop)), None)
        between = text[kind.end() : name.start()] if name else ""
        if name is None or len(between.split()) > 4 or re.search(r"(?<!\w)(?:au|à la|à l['’]|chez|pour)(?!\w)", between):
            return None
        generic = _GENERIC.match(text, at, end)
        begins = generic.end() if generic and generic.end() >= name.start() - 1 else at
        return _strip(text, begins, stop)
    if _PROPER.match(text, at, end):
        return _strip(text, at, _organisation_end(text, at, end))
    return None


def _by_comma(text: str, start: int, end: int) -> tuple[Field | None, Field | None]:
    """Organisation after the last comma or in parentheses; a place there is neither role nor organisation."""
    cuts = {text.rfind(mark, start, end) for mark in (",", "(", " – ", " — ", " - ", " | ", " / ", " · ")}
    for cut in sorted(cuts - {-1}, reverse=True):
        tail = _strip(text, cut + 1, end)
        words = text[tail[0] : tail[1]].split()
        if not words or not words[0].lstrip(_QUOTES)[:1].isupper() or is_role_word(words[0]):
            continue
        if _is_town(text[tail[0] : tail[1]]):
            return _role(text, start, cut), None
        return _role(text, start, cut), _field(text, *_unquoted(text, *tail))
    if text[start:end] and text[start] in _UPPERCASE and _is_town(text[start:end]):
        return None, None
    words = text[start:end].split()
    if not words:
        return None, None
    run_on = re.compile(rf"(\w[\w·'’-]{{0,60}})[ \u00a0](?=(?:La|Le|L['’])[ \u00a0]?[{_UPPER}])").match(text, start, end)
    if run_on and is_role_word(run_on.group(1)):  # «Directeur La Cantine»
        return _role(text, start, run_on.end(1)), _field(text, *_strip(text, run_on.end(), _organisation_end(text, run_on.end(), end)))
    if (
        words
        and words[0].lstrip(_QUOTES)[:1].isupper()
        and not is_role_word(words[0])
        and len(words) <= 6
        and is_organisation(text[start:end])
    ):
        return None, _field(text, *_unquoted(text, start, end))
    if (
        words[0][:1].isupper()
        and not is_role_word(words[0])
        and not any(is_role_word(word.strip(",;")) for word in words[1:] if word[0].islower())
    ):
        return None, organisation_in(text, start, end)
    if _LINK.match(text, start, end) and not _KIND.match(text, start, end):  # «de Nantes» says where
        return None, None
    return _role(text, start, end), None


def organisation_in(text: str, start: int, end: int) -> Field | None:
    """Organisation that a short capitalised phrase is, beside a name: «(Les Ateliers du Bac)»; neither a town nor a person."""
    value = text[start:end].strip()
    words = value.split()
    if not words or not words[0][0].isupper() or len(words) > 6 or any(char.isdigit() or char in ".!?:;@/" for char in value):
        return None
    if _is_town(value) or person_score(value) >= 0.85 or words[0].lower() in _NO_ORGANISATION:
        return None
    return _field(text, *_unquoted(text, *_strip(text, start, end)))


def is_organisation(value: str) -> bool:
    """Tell a capitalised value that names a kind of place, or whose words are no ordinary ones."""
    if re.search(rf"\b(?:{_KINDS})\b|cowork|hub\b|square|lab\b", value, re.IGNORECASE):
        return True
    words = re.findall(r"[\w'’&.-]+", value)
    if _is_town(value):
        return False
    odd = [word for word in words if word[:1].isupper() and (not classes(word) & (WORD | GIVEN | TOWN) or classes(word) & FIRM)]
    return bool(odd) and all(word[:1].isupper() or len(word) < 4 for word in words)


def _organisation_end(text: str, start: int, end: int) -> int:
    for mark in (",", ";", " – ", " — ", " - ", "\n", " (", ". ", " : "):
        at = text.find(mark, start, end)
        if at > start:
            end = at
    for town in re.compile(rf"[ \u00a0](?:à|en)[ \u00a0](?=[{_UPPER}])").finditer(text, start, end):
        word = re.split(r"[\s,;()]", text[town.end() : end], maxsplit=1)[0]
        if classes(word) & TOWN or not classes(word) & WORD:
            return town.start()
    for found in re.compile(r"[ \u00a0](?:et|ainsi que|puis|depuis|mais)[ \u00a0](?:(?:de |du |d['’])?(\w[\w·'’-]*))?").finditer(
        text, start, end
    ):
        if found.group().strip().split()[0] in ("depuis", "mais", "puis") or (found.group(1) and found.group(1)[:1].islower()):
            return found.start()
    return end


def _is_town(rest: str) -> bool:
    """A town alone says where, not for whom."""
    words = re.split(r"[,;()]", rest)[0].split()
    if not words or len(words) > 3 or not all(word[:1].isupper() or word in ("en", "sur", "les", "la", "le") for word in words):
        return False
    named = classes(words[0])
    if len(words) > 1 and words[0] in ("La", "Le", "Les"):
        named = classes(words[1]) if classes(words[1]) & TOWN and not classes(words[1]) & WORD else 0
    if any(word[0].isupper() and classes(word) & WORD and not classes(word) & (TOWN | NAME) for word in words[1:]):
        return False
    return bool(named & TOWN) and not (named & WORD and not named & NAME and len(words) == 1 and not named & TOWN)


def _strip(text: str, start: int, end: int) -> Span:
    while start < end and text[start] in _TRAILING + "(@":
        start += 1
    while end > start and text[end - 1] in _TRAILING:
        if text[end - 1] == ")" and "(" in text[start : end - 1]:
            break
        if text[end - 1] == "." and len(text[start:end].rsplit(maxsplit=1)[-1]) == 2:
            break
        end -= 1
    return start, end


def _unquoted(text: str, start: int, end: int) -> Span:
    """Range without the quotation marks that enclose it whole."""
    inner = text[start:end].strip(_QUOTES)
    if text[start] in '«“"„' and not any(mark in inner for mark in '«»“”"„'):
        at = text.find(inner, start, end)
        return at, at + len(inner)
    return start, end


def _role(text: str, start: int, end: int) -> Field | None:
    return _field(text, *_unquoted(text, *_strip(text, start, end))) if start < end else None


def _field(text: str, start: int, end: int) -> Field | None:
    value = " ".join(text[start:end].split())
    return Field(value=value, start=start, end=end) if value and any(char.isalpha() for char in value) else None
