"""Houses and groups: where the name of an organisation begins and ends, towns, firms, families and teams that speak as one."""

from __future__ import annotations

import re

from ..gazetteer import FIRM, GIVEN, NAME, TOWN, WORD, begins_a_town, classes
from ..types import Span
from .names import Attribution, Field, person_score
from .words import is_role_word

UPPER = "A-ZÀ-ÖØ-ÞŒ"
# A family or a couple under one name: «Famille Descamps».
FAMILY = re.compile(
    rf"(?:M\.|Monsieur) et (?:Mme|Madame)[ \u00a0][{UPPER}][\w'’-]*\.?|"
    rf"(?:[Ll]a[ \u00a0])?(?:[Ff]amille|[Cc]ouple)[ \u00a0][{UPPER}][\w'’-]+(?:[ \u00a0-][{UPPER}][\w'’-]+)?|"
    rf"[Ll]es[ \u00a0](?:cousine?s|copains|copines|amie?s|voisine?s|petits-enfants|enfants|randonneu(?:r|se)s)[ \u00a0](?:de|du|des|d['’])[ \u00a0]?[{UPPER}][\w'’-]+"
)
# A house that speaks for itself, told by its legal form.
_FIRM = re.compile(
    rf"(?:l['’]|la[ \u00a0])?(?:SARL|SASU?|SCOP|Scop|SCIC|EURL|GAEC|Gaec|EARL|AMAP|Amap|Ets|Établissements|[Aa]ssociation|Asso|[Cc]ollectif|Compagnie|Cie|"
    rf"[Cc]oopérative)[ \u00a0](?:d(?:e|u|es)[ \u00a0]|d['’]|de la[ \u00a0])?(?:L[ae]s?[ \u00a0]|L['’])?[«\"“]?[ \u00a0]?[{UPPER}]",
)
# A group that speaks as one: «L'équipe de BioLog».
TEAM = re.compile(
    r"(?:l['’]|la[ \u00a0]|le[ \u00a0]|les[ \u00a0])?(?:équipe|team|collectif|bureau|conseil|classe|élèves|enfants|bénévoles|salariée?s|membres|artisane?s|résidente?s|habitante?s|occupante?s|"
    r"usag(?:er|ère)s|adhérente?s|parents|locataires|coworkers|coworkeu(?:r|se)s|stagiaires|étudiante?s|gens)[ \u00a0]"
    r"(?:de la[ \u00a0]|de l['’]|du[ \u00a0]|des[ \u00a0]|de[ \u00a0]|d['’])",
    re.IGNORECASE,
)
_KINDS = (
    "espaces?|réseau|coworking|co-working|collectif|association|asso|entreprise|société|boîte|agence|tiers-lieux?|fablab|fab lab|coopérative|brasserie|école|lycée|collège|"
    "incubateur|pépinière|hub|studio|cabinet|groupe|start-?up|pme|eti|tpe|filiale|commune|ville|mairie|communauté (?:de communes|d['’]agglomération)|agglomération|métropole|"
    "département|région|province|ministère|université|faculté|institut|centre|laboratoire|labo|maison|fondation|fédération|syndicat|office|chambre|conseil|"
    "auberge|refuge|camping|gîte|domaine|résidence|ehpad|mjc|foyer|crèche|musée|galerie|imprimerie|manufacture|usine|boulangerie|épicerie|pharmacie|"
    "compagnie|librairie|fournil|ressourcerie|recyclerie|menuiserie|mission locale|"
    "jardins?|café|restaurant|boutique|ferme|atelier|cantine|bibliothèque|médiathèque|hôpital|clinique|théâtre|festival|média|journal|magazine|"
    "plateforme|site|blog|chaîne|marque|projet|programme|service|direction|délégation|antenne|pôle|cluster|club|ong|asbl|scop|scic|sarl|ccas|chu|cci"
)
KIND = re.compile(rf"(?:l['’]|la[ \u00a0]|le[ \u00a0]|les[ \u00a0])?(?:{_KINDS})\b", re.IGNORECASE)
# Kinds that are left out of the name when the name follows them at once: «du réseau Alpha» → Alpha, but «de l'école Alpha» keeps its kind.
_GENERIC = re.compile(
    r"(?:espaces?(?:[ \u00a0]de[ \u00a0](?:coworking|travail))?|réseau|collectif|entreprise|société|boîte|agence|tiers-lieux?|studio|cabinet|groupe|start-?up|pme|eti|tpe|filiale|site|"
    r"projet|plateforme|marque|média|blog|programme)[ \u00a0]+(?:(?:de|d['’])[ \u00a0]?(?=coworking))?",
    re.IGNORECASE,
)
# Between a kind and a name: what is no epithet, so that the name is not the house's.
_NO_EPITHET = re.compile(
    r"(?<!\w)(?:au|à la|à l['’]|chez|pour|entre|avec|qui|où|que|dont|est|sont|a|ont|et|se|s['’]\w+|rassemble|réunit|regroupe|accueille|compte|propose|"
    r"organise|ouvre|fête|lance|recrute|cherche|invite|reçoit|présente|installée?|née?|créée?|fondée?|ouverte?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix)(?!\w)"
)
_OWN_ARTICLE = re.compile(r"[«\"“„]?[ \u00a0]?(?:L[ae]s?[ \u00a0]|L['’])")
_COMMON_NOUNS = re.compile(
    rf"(?:(?!(?:de|du|des|à|au|aux|en|chez)[ \u00a0])[{UPPER}]?[a-zà-ÿ-]{{2,30}}[ \u00a0]){{1,3}}(?={_OWN_ARTICLE.pattern}[{UPPER}])"
)
OF_A_HOUSE = re.compile(rf"[ \u00a0](?:de|à|chez)[ \u00a0]{_OWN_ARTICLE.pattern}[{UPPER}]")
"""«… de La Navette»."""
_DATE = re.compile(r"[ \u00a0]\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|[ \u00a0](?:en|dès|fin|début)[ \u00a0](?:\w{3,9}[ \u00a0])?\d{4}(?!\d)")
_PROPER = re.compile(rf"[«\"“„]?[ \u00a0]?(?:[{UPPER}]|[0-9]+(?![0-9]|[ \u00a0][a-zà-ÿ])|[a-z]{{1,3}}-?[{UPPER}])")
_INFINITIVE = re.compile(
    r"(?<!\w)(?:Vivre|Habiter|Travailler|Grandir|Vieillir|Bien vivre|Naître|Entreprendre|Agir|Rouler|Jouer|Apprendre|Cultiver|Manger|Demeurer)$"
)
"""«Association Vivre à Kergonan»."""
_AIM = re.compile(r"[ \u00a0](?:pour|afin de|avant de|sans)[ \u00a0](?:me|se|nous|y|en|m['’]|s['’]|\w{2,20}(?:er|ir|re|oir))(?![\w-])")
_ACTS = (
    "déménage|ouvre|ferme|fête|lance|organise|propose|accueille|recrute|cherche|compte|s['’]installe|rejoint|quitte|participe|devient|reçoit|invite|annonce|publie|"
    "vend|loue|forme|accompagne|soutient|finance|emploie|produit|fabrique|répare|édite|réunit|rassemble|regroupe|met"
)
"""What houses do, after their names."""
_NO_ORGANISATION = frozenset("photo photos crédit crédits voir lire source rires rire sic ndlr note mise publié article vidéo".split())
_FOREIGN_TOWN = re.compile(r"(?:burg|berg|heim|dorf|stadt|bourg|hausen|ingen|beek|gem|bury|ville|vic|court|ac)$")
_HYPHENATED_TOWN = re.compile(
    r"(?:Saint|Sainte|St|Ste|Deux|Trois|Mont|Pont|Bourg|Château|Ville|Villers|Notre-Dame|Port|Val|Neuf|Vieux|Bas|Haut)-[A-ZÀ-Ö]|"
    r"[A-ZÀ-Ö][\w'’-]{0,30}-(?:sur|sous|les|lès|en|de|la|le|du|des|aux)-"
)
QUOTES = '«»“”"„ \u00a0'
TRAILING = " \t\n\u00a0,;:.)–—-|"


def collective(text: str, start: int, end: int) -> Attribution | None:
    """Read a group that speaks as one: a team, a firm told by its legal form, a family."""
    if team := TEAM.match(text, start, end):
        named = organisation_at(text, team.end(), end)
        return None if named is None else Attribution(speaker=field_of(text, start, named[1]), space=field_of(text, *named), strength=0.75)
    if _FIRM.match(text, start, end):
        firm = field_of(text, *stripped(text, start, organisation_end(text, start, end)))
        return Attribution(speaker=firm, space=firm, strength=0.7) if firm and len(firm.value.split()) <= 6 else None
    return None


def organisation_at(text: str, start: int, end: int) -> Span | None:
    """Range of the named organisation at `start`: a name, or a kind and its name («l'école Alpha», «réseau Alpha» → Alpha)."""
    at = start
    article = re.compile(r"(?:l['’](?=\w)|(?:la|le|les)[ \u00a0](?=[a-zà-ÿ]))").match(text, at, end)
    at = article.end() if article else at
    firm = re.compile(r"(?:PME|ETI|TPE|SSII|ESN)[ \u00a0](?=[A-ZÀ-Ö])").match(text, at, end)
    at = firm.end() if firm else at
    kind = KIND.match(text, at, end)
    if kind and text[kind.start()].islower():
        stop = organisation_end(text, at, end)
        name = next((m for m in re.compile(rf"(?<=[\s'’«\"“])(?=[«\"“„]?[ \u00a0]?[{UPPER}])").finditer(text, kind.end(), stop)), None)
        between = text[kind.end() : name.start()] if name else ""
        if name is None or len(between.split()) > 4 or _NO_EPITHET.search(between):
            return None
        generic = _GENERIC.match(text, at, end)
        begins = generic.end() if generic and generic.end() >= name.start() - 1 else at
        if _OWN_ARTICLE.match(text, name.start(), stop):  # «l'épicerie associative Le Bocal»
            begins = name.start()
        return stripped(text, begins, stop)
    if named := _COMMON_NOUNS.match(text, at, end):  # «le camping associatif Les Roselières»
        at = named.end()
    if _PROPER.match(text, at, end):
        return stripped(text, at, organisation_end(text, at, end))
    return None


def house_alone(text: str, start: int, end: int) -> Field | None:
    """Read «Auberge du Col, Ventron»: a house named by its kind, no trade, perhaps its town."""
    if not text[start].isupper() or not KIND.match(text, start, end) or any(map(is_role_word, re.findall(r"[\w·'’-]+", text[start:end]))):
        return None
    stop = organisation_end(text, start, end)
    rest = text[stop:end].strip(TRAILING)
    return field_of(text, *stripped(text, start, stop)) if not rest or is_town(rest) else None


def organisation_in(text: str, start: int, end: int) -> Field | None:
    """Organisation that a short capitalised phrase is, beside a name: «(Les Ateliers du Bac)»; neither a town nor a person."""
    town = text.rfind(",", start, end)
    end = town if town > start and is_town(text[town + 1 : end].strip()) else end  # «(L'Escargot, Aubenas)»
    value = text[start:end].strip()
    words = value.split()
    if not words or not words[0][0].isupper() or len(words) > 6 or any(char.isdigit() or char in ".!?:;@/" for char in value):
        return None
    if is_town(value) or person_score(value) >= 0.85 or words[0].lower() in _NO_ORGANISATION:
        return None
    return field_of(text, *unquoted(text, *stripped(text, start, end)))


def is_organisation(value: str) -> bool:
    """Tell a capitalised value that names a kind of place, or whose words are no ordinary ones."""
    if re.search(rf"\b(?:{_KINDS})\b|cowork|hub\b|square|lab\b", value, re.IGNORECASE):
        return True
    words = re.findall(r"[\w'’&.-]+", value)
    if is_town(value):
        return False
    odd = [word for word in words if word[:1].isupper() and (not classes(word) & (WORD | GIVEN | TOWN) or classes(word) & FIRM)]
    return bool(odd) and all(word[:1].isupper() or len(word) < 4 for word in words)


def organisation_end(text: str, start: int, end: int) -> int:
    """Tell where the name of an organisation ends: at a separator, a date, a town after «à», a role after «et»."""
    dated = _DATE.search(text, start, end)
    end = dated.start() if dated else end
    for mark in (",", ";", " – ", " — ", " - ", "\n", " (", ". ", " : ", " #"):
        at = text.find(mark, start, end)
        if at > start:
            end = at
    aim = _AIM.search(text, start, end)
    end = aim.start() if aim else end
    verb = re.compile(rf"[ \u00a0](?:a|ont|est|sont|avait|était|n['’]\w+|se|s['’]\w+|qui|dont|{_ACTS})(?:[ \u00a0]|$|[.,])").search(
        text, start, end
    )
    end = verb.start() if verb else end
    for town in re.compile(rf"[ \u00a0](?:à|en)[ \u00a0](?=[{UPPER}])").finditer(text, start, end):
        word = re.split(r"[\s,;()]", text[town.end() : end], maxsplit=1)[0]
        if (classes(word) & TOWN or not classes(word) & WORD) and not _INFINITIVE.search(text, start, town.start()):
            return town.start()
    for found in re.compile(r"[ \u00a0](?:et|ainsi que|puis|depuis|mais)[ \u00a0](?:(?:de |du |d['’])?(\w[\w·'’-]*))?").finditer(
        text, start, end
    ):
        if found.group().strip().split()[0] in ("depuis", "mais", "puis") or (found.group(1) and found.group(1)[:1].islower()):
            return found.start()
    return end


def is_town(rest: str) -> bool:
    """A town alone says where, not for whom."""
    words = re.split(r"[,;()]", rest)[0].split()
    if not words or len(words) > 3 or not all(word[:1].isupper() or word in ("en", "sur", "les", "la", "le") for word in words):
        return False
    if len(words) == 1 and _HYPHENATED_TOWN.match(words[0]) and not classes(words[0]) & FIRM:
        return True
    if len(words) == 1 and begins_a_town(words[0]) and not classes(words[0]) & (WORD | FIRM):
        return True
    if len(words) == 1 and _FOREIGN_TOWN.search(words[0]) and not classes(words[0]):
        return True
    named = classes(words[0])
    if len(words) > 1 and words[0] in ("La", "Le", "Les"):
        named = classes(words[1]) if classes(words[1]) & TOWN and not classes(words[1]) & WORD else 0
    if any(word[0].isupper() and classes(word) & WORD and not classes(word) & (TOWN | NAME) for word in words[1:]):
        return False
    return bool(named & TOWN) and not (named & WORD and not named & NAME and len(words) == 1 and not named & TOWN)


def stripped(text: str, start: int, end: int) -> Span:
    """Take white space and separators off both ends of a range; a closing parenthesis stays with its opening one."""
    while start < end and text[start] in TRAILING + "(@":
        start += 1
    while end > start and text[end - 1] in TRAILING:
        if text[end - 1] == ")" and "(" in text[start : end - 1]:
            break
        if text[end - 1] == "." and len(text[start:end].rsplit(maxsplit=1)[-1]) == 2:
            break
        end -= 1
    return start, end


def unquoted(text: str, start: int, end: int) -> Span:
    """Range without the quotation marks that enclose it whole."""
    inner = text[start:end].strip(QUOTES)
    if text[start] in '«“"„' and not any(mark in inner for mark in '«»“”"„'):
        at = text.find(inner, start, end)
        return at, at + len(inner)
    return start, end


def field_of(text: str, start: int, end: int) -> Field | None:
    """Give a range as a field, None when it holds no letter."""
    value = " ".join(text[start:end].split())
    return Field(value=value, start=start, end=end) if value and any(char.isalpha() for char in value) else None
