"""The word lists of the room: roles and trades, reporting verbs, kinds of organisations; inflected forms are derived here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

FIRST_SINGULAR = re.compile(r"(?<![\w’'-])(?:[jm]['’](?=\w)|(?:je|me|moi|mon|ma|mes|miens?|miennes?)(?![\w-]))", re.IGNORECASE)
"""Words in which somebody speaks of themselves."""
FIRST_PERSON = re.compile(
    r"(?<![\w’'-])(?:[jm]['’](?=\w)|(?:je|me|moi|mon|ma|mes|miens?|miennes?|nous|notre|nos|on)(?![\w-]))", re.IGNORECASE
)
"""Words in which somebody speaks of themselves or of their own."""
MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
"""For expressions."""
COMPLEMENTS = frozenset(
    "mission missions projet projets intérêt communication développement production création clientèle direction recherche recherches gestion formation "
    "formations marketing vente ventes cabinet publication publications service services secteur chantier chantiers classe travaux école écoles programme programmes "
    "produit produits contenu contenus communauté entreprise entreprises événement événements événementiel rédaction cuisine équipe équipes zone site bureau "
    "conseil affaires compte comptes clients client achats stocks langue langues design web digital informatique numérique données data réseaux réseau santé "
    "transition stratégie relations ressources presse partenariats territoire économie emploi insertion vie yoga musique danse dessin français anglais "
    "bd rh ia seo mathématiques physique philosophie droit histoire information orientation".split()
)
"""Nouns that roles take after a bare «de», with a capital or not: «Chargé de Mission», «Chef de Projet»."""
STATUS = re.compile(
    r"(?<!\w)(?:en[ \u00a0](?:recherche|reconversion|formation|stage|thèse|master|terminale|congé|"
    r"alternance|apprentissage|service civique|licence|BTS|DUT|BUT|CAP|bac pro|prépa)|service civique|sans emploi|à la retraite|au chômage)\b",
    re.IGNORECASE,
)
"""What stands for a role where there is none."""
_FEMININE = (
    ("teur", ("trice", "teuse", "teure")),
    ("eur", ("euse", "eure", "eresse")),
    ("ier", ("ière",)),
    ("er", ("ère",)),
    ("ien", ("ienne",)),
    ("if", ("ive",)),
    ("on", ("onne",)),
    ("el", ("elle",)),
    ("eux", ("euse",)),
    ("al", ("ale",)),
    ("in", ("ine",)),
)
_MADE = re.compile(r"\w{2}(?:iculteur|icultrice|thérapeute|praticien|praticienne|manager)s?$")
"""Trades that are made as needed: «trufficulteur», «musicothérapeute»."""
_INCLUSIVE = re.compile(r"[·•.\-(/](?:e|ne|se|le|rice|trice|euse|ère|ière|ive|fe|que)\)?(?:[·•.\-/]?s)?$")


def _listed(name: str) -> list[str]:
    text = (files("testimony") / "data" / name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _gendered(word: str) -> Iterator[str]:
    """Yield a role's masculine and the feminines that its ending allows."""
    yield word
    yield word if word.endswith("e") else f"{word}e"
    for ending, feminines in _FEMININE:
        if word.endswith(ending):
            yield from (word[: -len(ending)] + feminine for feminine in feminines)
    head, hyphen, tail = word.partition("-")
    if hyphen:
        yield from (f"{head}-{form}" for form in _gendered(tail))


@cache
def _roles() -> frozenset[str]:
    singular = {form for line in _listed("roles.txt") for word in line.split() for form in _gendered(word)}
    return frozenset(singular | {f"{form}s" for form in singular} | {f"{form[:-1]}ux" for form in singular if form.endswith("al")})


@cache
def _masculine() -> frozenset[str]:
    return frozenset(word for line in _listed("roles.txt") for word in line.split())


def is_feminine(role: str) -> bool | None:
    """Tell the gender of a role word; None when its form serves both, or is inclusive.

    Examples
    --------
    >>> is_feminine("facteuse"), is_feminine("président"), is_feminine("architecte"), is_feminine("animateur·rice")
    (True, False, None, None)
    """
    lower = role.lower().replace("’", "'").strip(".,;:")
    if lower not in _roles() or lower.endswith(("iste", "aire", "logue", "ecte", "aphe", "membre", "ote", "ope")):
        return None
    if lower in _masculine():
        return None if lower.endswith("e") else False
    return True


@cache
def _trades() -> frozenset[str]:
    """Role words long enough to head a compound of one's own making."""
    return frozenset(role for role in _roles() if len(role) > 6 and "-" not in role)


@cache
def is_role_word(word: str) -> bool:
    """Tell whether a word names a role or trade, in any gender, number and inclusive spelling.

    Examples
    --------
    >>> is_role_word("gérante"), is_role_word("animateur·rice"), is_role_word("Coordinatrices"), is_role_word("maison")
    (True, True, True, False)
    """
    lower = word.lower().replace("’", "'").strip(".,;:")
    if lower in _roles() or _INCLUSIVE.sub("", lower) in _roles() or _MADE.search(lower):
        return True
    head, hyphen, tail = lower.partition("-")  # «traductrice-relectrice»: a trade and what goes with it
    return bool(hyphen) and len(tail) > 3 and (head in _trades() or (head in _roles() and tail in _roles()))


def _conjugated(infinitive: str) -> Iterator[str]:
    """Yield the forms in which a regular verb in -er reports what one or several people say."""
    stem = infinitive[:-2]
    soft = stem[:-1] + "ç" if stem.endswith("c") else stem + "e" if stem.endswith("g") else stem
    grave = re.sub(r"[eé]([^aeéiouy]{1,2})$", r"è\1", stem)
    for present in {stem, grave}:
        yield from (f"{present}e", f"{present}ent")
    yield from (
        f"{soft}ait",
        f"{soft}aient",
        f"{soft}a",
        f"{stem}èrent",
        f"{stem}era",
        f"{stem}eront",
        f"{stem}erait",
        f"{stem}é",
        f"{soft}ant",
    )


@cache
def _reporting() -> frozenset[str]:
    forms: set[str] = set()
    for line in _listed("reporting.txt"):
        words = line.replace(":", " : ").split()
        if ":" in words:  # the regular verbs before the irregular one stand on the same line
            at = words.index(":")
            forms.update(words[at + 1 :])
            words = words[: at - 1]
        for word in words:
            forms.update(_conjugated(word))
    return frozenset(forms)


@lru_cache(maxsize=4096)
def reports(word: str) -> bool:
    """Tell whether a word is a finite form or a past participle of a reporting verb.

    Examples
    --------
    >>> reports("raconte"), reports("s'enthousiasmait"), reports("souligné"), reports("mange")
    (True, True, True, False)
    """
    bare = re.sub(r"^(?:[smtl]['’]|lui |leur |nous |me |se )", "", word.lower())
    bare = re.sub(r"(?:-t)?-(?:il|elle|on|ils|elles|je)$", "", bare)
    return bare in _reporting()
