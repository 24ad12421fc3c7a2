"""What a name says of itself («Fondation X», «X Day», «rue X»), and what «chez» says of it; lists that were taken for one name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..gazetteer import GIVEN, NAME, TOWN, classes
from .cues import Name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

Found = list[tuple[int, int, str]]

_FIRST = {
    "ORG": "fondation association réseau agence direction ministère université école institut chambre conseil comité fédération union syndicat "
    "société banque crédit caisse mutuelle groupe collectif coopérative éditions mjc office commission confédération ligue ordre collège lycée "
    "assemblée parti armée cour tribunal préfecture secrétariat observatoire laboratoire bureau compagnie cabinet club cercle radio",
    "MISC": "festival salon journée journées semaine prix concours fête nuit plan programme loi accord accords convention traité forum congrès "
    "trophées trophée marathon tour coupe championnat championnats guerre bataille révolution opération projet charte pacte grenelle assises "
    "rencontres manifeste code label",
    "LOC": "rue avenue boulevard place quai gare aéroport lac mont monts vallée forêt île îles col cap baie golfe plage chemin impasse pont "
    "canal mer océan montagne montagnes plaine plateau quartier port côte faubourg square porte fort château",
}
_LAST = {
    "ORG": "foundation technologies consulting group inc ltd gmbh sas sarl assurance assurances services solutions alliance agency jug "
    "records university bank corporation company institute press party orchestra",
    "MISC": "day days camp summit awards week conference meetup challenge cup tour games festival prize war open award",
    "LOC": "street island islands lake river valley park beach",
}
_OF_FIRST = {word: label for label, words in _FIRST.items() for word in words.split()}
_OF_LAST = {word: label for label, words in _LAST.items() for word in words.split()}


_AT = frozenset({"chez", "Chez", "CHEZ"})


def own_label(name: Name) -> str | None:
    """Label that the first or the last word of a name of several words gives it; the first counts more."""
    if name.end - name.start < 2 or name.label == "SPACE":
        return None
    first, last = name.words[name.start].lower(), name.words[name.end - 1].lower()
    return _OF_FIRST.get(first) if first in _OF_FIRST else _OF_LAST.get(last)


def at_work(name: Name) -> str | None:
    """``ORG`` after «chez», where lists know neither a person nor a town."""
    if name.label not in ("MISC", "LOC") or not name.start or name.words[name.start - 1].lower() != "chez":
        return None
    return None if classes(name.words[name.start]) & (GIVEN | NAME | TOWN) else "ORG"


def at_home(doc: Doc, words: Sequence[str], taken: set[int]) -> Found:
    """Capitalised words after «chez» that lists do not know as a person's: «chez Brindille Conseil»."""
    found: Found = []
    for at in [at for at, word in enumerate(words[:-1], 1) if word in _AT]:
        if at in taken or not doc[at].text[:1].isupper() or classes(doc[at].text) & (GIVEN | NAME):
            continue
        end = at + 1
        while end < len(doc) and end not in taken and doc[end].is_alpha and doc[end].text[0].isupper() and not doc[end].is_sent_start:
            end += 1
        if len(doc[at:end].text) > 2:
            found.append((at, end, "ORG"))
    return found


def apart(name: Name) -> list[tuple[int, int]]:
    """Cut a list that was taken for one name: «Paris - Lyon - Nancy»."""
    doc, start, end = name.doc, name.start, name.end
    borders = [
        at for at in range(start + 1, end - 1) if name.words[at] in ("-", "–", "—") and doc[at].whitespace_ and doc[at - 1].whitespace_
    ]
    if not borders:
        return [(start, end)]
    return list(zip([start, *(at + 1 for at in borders)], [*borders, end], strict=True))
