"""What stands at the edges of a testimonial that fills a document and is none of it: by-lines, credits, links, notes, signatures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..types import Block, Document, Span
from .claims import is_marked
from .houses import TEAM
from .names import Attribution, person_score
from .words import FIRST_SINGULAR, MONTHS

LONGEST_FURNITURE = 240
"""Characters above which a paragraph is text, whatever it begins with."""

_FURNITURE = re.compile(
    r"[\s(_*\[–—•→>👉-]{0,20}(?:"
    r"(?:des )?propos (?:recueillis|receuillis)|(?:interview|entretien|texte|photos?|portrait|article|dessin|image|illustration)s?[ \u00a0]"
    r"(?:(?:et|de)[ \u00a0]\w+[ \u00a0])?(?:réalisée?s?|menée?s?|écrits?|par|:|©)|(?:crédits?|©|photos?|sources?|notes?|liens?|tags?|catégories?|"
    r"mots[- ]clés|étiquettes?|contacts?|partagez?|partager|commentaires?|suivez|suivre|abonnez|retrouvez|inscription)\b[ \u00a0]?(?:[:(]|$|[ \u00a0](?:ce|cet|cette|"
    r"sur|à|nous|photos?|[A-ZÀ-Ö])\b)|(?:à lire|lire|voir|écouter|à écouter|à voir|lisez)[ \u00a0](?:aussi|également|la suite|l['’]article|les autres)|"
    r"(?:pour|en) (?:aller plus loin|savoir plus)|merci (?:à|beaucoup à|encore à)[ \u00a0](?-i:[A-ZÀ-Ö])|(?:publié|posté|mis à jour|mis en ligne|rédigé)e?[ \u00a0](?:le|par|dans)\b|"
    r"(?:article|billet)[ \u00a0](?:précédent|suivant)|https?:|www\.|@\w+\s*$|\{[%{]|\[\w+[ \u00a0=]|\^?\[\^?\d+\]|\*[ \u00a0]?:|:[ \u00a0])",
    re.IGNORECASE,
)
_LAST_SECTION = re.compile(
    r"\W{0,20}+(?:à propos de l['’]aut|l['’]aut(?:eur|rice)|qui suis-je|\d{0,6} ?commentaires?\b|laisser un commentaire|partage|articles? (?:similaires|liés|récents)|newsletter|"
    r"(?:à lire|lire) aussi|en savoir plus|pour aller plus loin|crédits?|sources?\b|notes?\b|mentions légales|suivez)",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"\W{0,20}+(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche),?[ \u00a0])?(?:le[ \u00a0])?\d{1,2}(?:er)?[ \u00a0](?:"
    + MONTHS
    + r")[ \u00a0]\d{4}(?:[ \u00a0]?[–—|•·,-].{0,60})?\s*$",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"[\s_*–—-]{0,20}+(?:un texte de|texte|récit|par|rédigé par|écrit par)[ \u00a0]:?[ \u00a0]?[A-ZÀ-Ö]", re.IGNORECASE)
CLOSING = re.compile(
    r"[\s_*]{0,20}+(?:(?:très |bien )?(?:cordialement|amicalement|chaleureusement|sincèrement|affectueusement|fraternellement|solidairement|respectueusement)|"
    r"bien à (?:toi|vous)|à (?:très )?(?:bientôt|vite)|au plaisir|je (?:vous|t['’])[ \u00a0]?embrasse|(?:bonne|belle) (?:journée|soirée|année|semaine|continuation)|"
    r"(?:toutes )?mes (?:amitiés|salutations)|amitiés|salutations|bises?|bisous)\b[^.!?]{0,40}[,.!]?\s{0,20}$",
    re.IGNORECASE,
)
_FORMULA = re.compile(
    r"\s{0,9}(?:veuillez|je vous prie|dans l['’]attente|avec (?:tou(?:s|te|tes) )?m(?:es|on|a)[ \u00a0]|recevez)[^.!?\n]{0,160}"
    r"(?:salutations?|sentiments?|considération|respects?|réponse|remerciements?|amitiés?|souvenirs?|gratitude|reconnaissance|estime)[^.!?\n]{0,60}[.!,]?\s{0,20}$",
    re.IGNORECASE,
)
_YOURS = re.compile(r"\s{0,9}(?:votre|ta|ton|vos|tes)[ \u00a0](?:\w{1,20}[ \u00a0]){0,3}[A-ZÀ-Ö][\w'’-]{1,40},?$", re.IGNORECASE)
_ENTRY_DATE = re.compile(
    r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche),?[ \u00a0])?(?:le[ \u00a0])?\d{1,2}(?:er)?(?:[ \u00a0](?:"
    + MONTHS
    + r")(?:[ \u00a0]\d{4})?|/\d{1,2}(?:/\d{2,4})?)[ \u00a0]?(?:[.:–—|\n-]|,?[ \u00a0](?=(?-i:[A-ZÀ-Ö])))\s{0,9}(?=\S)",
    re.IGNORECASE,
)
GREETING = re.compile(r"(?:bonjour|bonsoir|ch(?:er|ère)s?|madame|monsieur|mesdames|messieurs|salut|coucou|hello)\b", re.IGNORECASE)
MAIL_HEADER = re.compile(
    r"(?:objet|de|à|a|date|cc|cci|from|to|subject|sent|envoyé|expéditeur|destinataires?)[ \u00a0]?:[ \u00a0]", re.IGNORECASE
)
"""A line at the head of a letter."""
_DEVICE = re.compile(r"\s{0,20}+(?:--[ ]?(?:\n|$)|(?:envoyé|sent) (?:de|depuis|from) )", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]")


def is_furniture(document: Document, start: int, end: int) -> bool:
    """Tell credits, links and notes from what somebody tells."""
    words = document.text[start:end]
    if not _LETTERS.search(words) or is_mail_header(words):
        return True
    if len(words) > LONGEST_FURNITURE:
        return False
    return (
        _FURNITURE.match(words) is not None
        or _DATED.match(words) is not None
        or _DEVICE.match(words) is not None
        or (len(words.split()) <= 12 and is_marked(document, ("link",), start, end))
    )


def without_last_sections(document: Document, blocks: Sequence[Block]) -> list[Block]:
    """Leave out what stands under headings such as «À propos de l'auteure» or «2 commentaires»."""
    kept: list[Block] = []
    level = 0
    for block in blocks:
        if block.kind == "heading":
            ends = _LAST_SECTION.match(document.text, block.start, block.end) is not None
            level = block.level if ends else 0 if block.level <= level else level
        if not level:
            kept.append(block)
    return kept


def is_mail_header(words: str) -> bool:
    """Tell the lines «De : …», «Objet : …» at the head of a letter."""
    lines = words.strip().split("\n")
    return len(lines) > 1 and all(MAIL_HEADER.match(line) for line in lines)


def trimmed_tail(document: Document, spans: Sequence[Span], who: Attribution | None = None, *, edited: bool = False) -> list[Span]:
    """Leave out what follows the last words: furniture, the signature, and the closing formula before it.

    Where somebody else has `edited` the words, a last note in italics, or that names who speaks, is theirs.
    """
    kept = list(spans)
    while len(kept) > 1 and (
        is_furniture(document, *kept[-1])
        or (edited and (_is_note(document, kept[-1], kept[-2]) or _speaks_of(document.text[slice(*kept[-1])], who)))
    ):
        kept.pop()
    while len(kept) > 1 and _is_biography(document.text, *kept[-1], who):
        kept.pop()
    if len(kept) > 1 and (is_signature(document.text, *kept[-1], who) or _is_closed(document.text, *kept[-1], who)):
        kept.pop()
    while len(kept) > 1 and any(formula.match(document.text[kept[-1][0] : kept[-1][1]]) for formula in (CLOSING, _FORMULA)):
        kept.pop()
    return kept


def undated(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Leave out the date at which an entry of a visitors' book begins."""
    date = _ENTRY_DATE.match(text, *spans[0]) if spans else None
    return ((date.end(), spans[0][1]), *spans[1:]) if date and date.end() < spans[0][1] else tuple(spans)


def _is_closed(text: str, start: int, end: int, who: Attribution | None) -> bool:
    """Tell a closing formula with the signature on the lines under it."""
    lines = text[start:end].split("\n")
    signed = end - len("\n".join(lines[1:]))
    return 1 < len(lines) <= 4 and (CLOSING.match(lines[0]) or _YOURS.match(lines[0])) is not None and is_signature(text, signed, end, who)


def trimmed_head(document: Document, spans: Sequence[Span]) -> list[Span]:
    """Leave out what comes before the first words: furniture, by-lines, a note in italics where the rest is not."""
    kept = list(spans)
    while len(kept) > 1 and (
        is_furniture(document, *kept[0])
        or _is_title(document.text, *kept[0])
        or _is_form(document.text, *kept[0])
        or _is_byline(document.text, *kept[0])
    ):
        kept.pop(0)
    while len(kept) > 2 and _is_note(document, kept[0], kept[1]):
        kept.pop(0)
    return kept


def _is_note(document: Document, span: Span, beside: Span) -> bool:
    """Tell a paragraph in italics from one beside it that is not: the editor's words."""
    return is_marked(document, ("italic",), *span) and not is_marked(document, ("italic",), *beside)


def _speaks_of(words: str, who: Attribution | None) -> bool:
    """Tell a paragraph about the speaker: it names them, and nobody in it says «je»."""
    first = who.speaker.value.split()[0] if who is not None and who.speaker is not None else ""
    return len(first) > 2 and re.search(rf"(?<!\w){re.escape(first)}(?!\w)", words) is not None and not FIRST_SINGULAR.search(words)


_FIELD = re.compile(r"[A-ZÀ-Ö][^:.!?\n]{1,40}?[ \u00a0]?:[ \u00a0]?[^.!?\n]{1,80}")
_CALLED = re.compile(r"(?:(?:bonjour|salut),? )?(?:moi,? )?(?:c['’]est|je m['’]appelle|je suis|j['’]ai)[ \u00a0]", re.IGNORECASE)


def _is_title(text: str, start: int, end: int) -> bool:
    """First lines that no format marks as a heading: short, without the end of a sentence, no greeting; a by-line may follow."""
    lines = text[start:end].split("\n")
    return (
        len(lines) <= 3
        and text[start].isupper()
        and not _CALLED.match(text, start, end)
        and all(len(line) < 90 and line.rstrip()[-1:] not in ".!?…,:;»" for line in lines)
    )


def _is_form(text: str, start: int, end: int) -> bool:
    """First lines that are fields of a form: «Nom : Prunier», «Structure d'accueil : …»."""
    lines = text[start:end].split("\n")
    return len(lines) > 1 and all(_FIELD.fullmatch(line.strip()) for line in lines)


def _is_biography(text: str, start: int, end: int, who: Attribution | None) -> bool:
    """Tell what an editor adds about the author: «Édouard Tessier est consultant», after his words."""
    words = text[start:end].strip(" *_(—–-")
    named = who is not None and who.speaker is not None and words.casefold().startswith(who.speaker.value.casefold())
    return named and re.match(r".{2,60}?[ \u00a0](?:est|vit|travaille|habite|anime|dirige|tient|a fondé)\b", words) is not None


def _is_byline(text: str, start: int, end: int) -> bool:
    return end - start < 160 and text[end - 1] not in ".!?…" and _BYLINE.match(text, start, end) is not None


def is_signature(text: str, start: int, end: int, who: Attribution | None = None) -> bool:
    """Tell a last line that is a name: «Claire», «— Camille Roussin, animatrice de l'Atelier»."""
    words = text[start:end].strip(" .—–-*_»”\"'()\u00a0")
    if TEAM.match(words) and len(words.split()) <= 8 and words[-1] not in "!?…":
        return True
    head = re.split(r"[,(–—\n]| - ", words, maxsplit=1)[0].strip()
    if not head or len(head.split()) > 4 or len(words.split()) > 20 or words[-1] in "!?…":
        return False
    signed = who.speaker.value.casefold().split() if who is not None and who.speaker is not None else []
    return set(head.casefold().split()) <= set(signed) or person_score(head) >= 0.6
