"""Which column or key of a record is the text, the speaker, the role, the space, the date, the id."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..accents import without_accents

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of columns or keys given by the user; an empty tuple means: find it by the usual names."""

    text: Names = ()
    speaker: Names = ()
    role: Names = ()
    space: Names = ()
    date: Names = ()
    id: Names = ()


# The usual names, French and English, in order of preference; compared without case, accents and separators.
USUAL: dict[str, tuple[str, ...]] = {
    "text": tuple(
        "temoignage testimonial testimony texte text verbatim verbatims citation quote quotation extrait extract commentaire comment body "
        "contenu content dit paroles reponse answer avis review message propos description_temoignage feedback retour temoignages".split()
    ),
    "speaker": tuple(
        "speaker locuteur temoin witness auteur author authors auteurs auteurice nom_complet full_name fullname participant participante "
        "personne person people interviewe interviewee part signataire visiteur nom name prenom firstname first_name pseudo user utilisateur qui "
        "signature contributeur contributrice contributor intervenant intervenante reviewer from sender expediteur".split()
    ),
    "role": tuple(
        "role fonction function mission metier job job_title jobtitle profession poste position statut status titre_poste activite occupation "
        "qualite profil".split()
    ),
    "space": tuple(
        "espace space coworking tiers_lieu tierslieu lieu place organisation organization organisme structure company societe entreprise "
        "etablissement employeur affiliation association itemreviewed".split()
    ),
    "date": tuple(
        "date created_at createdat cree_le published_at publishedat publie_le jour timestamp horodateur datetime annee year".split()
    ),
    "id": tuple("id identifiant uuid numero num ref reference cle key".split()),
    "about": tuple("about sujet subject objet evenement event titre title".split()),
    "language": tuple("locale lang langue language".split()),
}
LONGEST_SHORT = 80
"""Characters of a value that is a name or a trade."""

_FIRST_NAMES = ("prenom", "firstname", "first_name", "given_name")
_LAST_NAMES = ("nom", "name", "lastname", "last_name", "nom_de_famille", "surname", "family_name")
_FILLERS = frozenset(
    "votre vos ton ta tes notre nos quel quelle quels quelles est sont etes vous et ou de du des d l le la les un une en a au s".split()
)
NOTHING = re.compile(
    r"\W{0,9}+(?:ras|r\.a\.s\.?|rien(?: à (?:signaler|ajouter|dire))?|néant|sans objet|n/?a|oui|non|aucune?|idem|nsp|ne sait pas)\W{0,9}",
    re.IGNORECASE,
)
"""What one writes where a form wants an answer; «rien à redire» is praise."""
_FRENCH_SUFFIX = re.compile(r"(?:[_\-. ]?)(?:fr|francais|french)$")
_OTHER_SUFFIX = re.compile(r"(?:[_\-. ]?)(?:en|eng|english|anglais|nl|de|es)$")


def plain(name: str) -> str:
    """Reduce a column name to lower-case words joined by ``_``, without accents."""
    return re.sub(r"[^a-z0-9]+", "_", without_accents(str(name)).casefold()).strip("_")


def _last(name: str) -> str:
    return name.rsplit(".", 1)[-1]


def _stem(name: str) -> str:
    """Name of a field without the language that a bilingual record adds to it and without the small words of a form («Votre nom»)."""
    base = plain(_last(name))
    if base in ("fr", "francais") and "." in name:
        base = plain(_last(name.rsplit(".", 1)[0]))
    base = _FRENCH_SUFFIX.sub("", base) or base
    return "_".join(word for word in base.split("_") if word not in _FILLERS) or base


def _owner(name: str) -> str:
    """Name of the record whose name a nested field gives: «company» of `company.name`."""
    owner, _, last = name.rpartition(".")
    return _stem(owner) if owner and plain(last) in ("name", "nom") else ""


_WORDS = {field: frozenset(usual) | frozenset(word for name in usual for word in name.split("_")) for field, usual in USUAL.items()}


def is_usual(name: str) -> bool:
    """Tell whether a cell is the usual name of some field and nothing else."""
    words = set(_stem(name).split("_"))
    return any(words <= known for known in _WORDS.values())


def is_foreign(name: str, names: Iterable[str]) -> bool:
    """Tell whether a field is the translation of another: its name ends with a language and its French twin is there too."""
    base = plain(_last(name))
    stem = _OTHER_SUFFIX.sub("", base)
    if stem == base:
        return False
    prefix = name[: len(name) - len(_last(name))]
    if not stem:  # nested: text.fr, text.en
        return any(plain(_last(other)) in ("fr", "francais") and other.startswith(prefix) for other in names)
    return any(plain(_last(other)) in (stem + "fr", f"{stem}_fr", stem) for other in names if other != name)


def named(field: str, names: Sequence[str]) -> str | None:
    """Find the column whose name is a usual one of `field`, or None."""
    stems = {name: _stem(name) for name in names if not is_foreign(name, names)}
    for usual in USUAL[field]:
        found = [name for name, stem in stems.items() if stem == usual or (field == "space" and _owner(name) == usual)]
        if found:
            return min(found, key=lambda name: (name.count("."), names.index(name)))
    return next((name for name, stem in stems.items() if set(stem.split("_")) <= set(USUAL[field])), None)


def mentioning(field: str, names: Sequence[str]) -> list[str]:
    """Find the columns in whose names a usual one of `field` occurs among other words, the most usual first."""
    stems = {name: _stem(name).split("_") for name in names if not is_foreign(name, names)}
    whole = {name: stem for name, stem in stems.items() if not name.rstrip().endswith("]")}  # of a question in parts no part is the field
    found = (name for usual in USUAL[field] if len(usual) > 3 for name, stem in whole.items() if usual in stem)
    return list(dict.fromkeys(found))


def choose(field: str, names: Sequence[str]) -> str | None:
    """Find the column that holds `field` by the usual names, or None."""
    return named(field, names) or next(iter(mentioning(field, names)), None)


def value_of(record: Mapping[str, Any], name: str | None) -> str | None:
    """Give a field as stripped text, None when it is empty or absent."""
    if name is None:
        return None
    value = record.get(name)
    if isinstance(value, list):
        value = ", ".join(str(item) for item in value if item not in (None, ""))
    text = "" if value is None else unicodedata.normalize("NFC", str(value)).strip()
    return text or None


def speaker_columns(names: Sequence[str], chosen: str | None) -> tuple[str, ...]:
    """Find the columns whose values, joined, name the speaker: first and last name where they stand in two."""
    stems = {_stem(name): name for name in reversed(names)}
    first = next((stems[name] for name in _FIRST_NAMES if name in stems), None)
    last = next((stems[name] for name in _LAST_NAMES if name in stems), None)
    if chosen in (first, last) and first and last and first != last:
        return first, last
    return (chosen,) if chosen else ()


def _is_short(value: Any) -> bool:
    """Tell a mapping that only names somebody: «nom», «qualité»."""
    return isinstance(value, Mapping) and all(
        item is None or (isinstance(item, str) and len(item) < LONGEST_SHORT) for item in value.values()
    )


def flatten(value: Any, prefix: str = "", depth: int = 0) -> dict[str, Any]:
    """Flatten nested mappings to dotted keys; lists of scalars stay lists, lists of short mappings (authors) become lists of their values."""
    if isinstance(value, list) and value and depth < 8 and all(map(_is_short, value)):
        keys = dict.fromkeys(key for item in value for key in item)
        lists = {key: [item[key] for item in value if item.get(key) not in (None, "")] for key in keys}
        return {f"{prefix}.{key}": found[0] if len(found) == 1 else found for key, found in lists.items()}
    if not isinstance(value, Mapping) or depth > 8:
        return {prefix: value}
    flat: dict[str, Any] = {}
    for key, inner in value.items():
        flat |= flatten(inner, f"{prefix}.{key}" if prefix else str(key), depth + 1)
    return flat
