"""A document's blocks → attributed testimonials; none when there is none.

Each layout explains the document in its own way; the explanation that covers most of it, most consistently, wins, and explanations
that do not touch the same words add up.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from ..accents import without_accents
from ..spaces import Registry
from ..types import Document, Evidence, Span, Testimonial
from . import answers, cards, dialogue, entries, grid, headed, letters, monologue, prose, records, signed
from .claims import Claim, Explanation, coverage, merge, title_of
from .groups import announces_several
from .hints import Hint, Hints
from .names import Field
from .nearby import people_named
from .profile import complete, is_former, one_name
from .shortened import with_short_spaces
from .subject import MAX_NAMED, dominant_person, people_titled, same_name
from .words import FIRST_PERSON

TOLD = 0.8
"""Least confidence of a testimonial whose layout the user names."""

Layout = Callable[[Document], Explanation | None]


def _quotations(document: Document) -> Explanation | None:
    claims = _to_the_subject(document, prose.inline(document))
    claims = [claim for claim in claims if claim.confidence >= prose.WEAK]
    if not claims:
        return None
    covered, total = coverage(document, claims, ("paragraph", "quote", "item"))
    strength = sum(claim.confidence for claim in claims) / len(claims)
    score = 0.25 + 0.35 * strength + 0.4 * min(1.0, covered / max(1, total) * 1.5)
    ceiling = 0.85 if any(claim.who.speaker for claim in claims) else 0.8
    return Explanation(
        rule="quotations", claims=tuple(claims), score=min(ceiling, score), reason=f"{len(claims)} quotations, {covered} of {total} words"
    )


def _to_the_subject(document: Document, claims: list[Claim]) -> list[Claim]:
    """Give quotations that nobody is said to say to the one person whom the document is about, if nobody else is quoted."""
    speakers = {claim.who.speaker.value for claim in claims if claim.who.speaker}
    if all(claim.who.speaker or claim.who.role for claim in claims) or len(speakers) > 1 or announces_several(document):
        return claims
    subject = dominant_person(document)
    if subject is None or subject.speaker is None or not all(same_name(name, subject.speaker.value) for name in speakers):
        return claims
    given = [
        claim
        if claim.who.speaker or claim.who.role
        else replace(claim, who=subject, confidence=ALONE if _in_the_first_person(document, claim) else max(0.55, claim.confidence - 0.1))
        for claim in claims
    ]
    # Words that nobody is said to say are the subject's only where others are surely the subject's.
    return (
        given
        if any(claim.confidence >= 0.7 and claim.who.speaker for claim in claims)
        or sum(claim.who.speaker is not None for claim in claims) > 1
        else [new for claim, new in zip(claims, given, strict=True) if claim.confidence >= prose.WEAK]
    )


def _in_the_first_person(document: Document, claim: Claim) -> bool:
    return claim.confidence >= prose.WEAK and any(FIRST_PERSON.search(document.text, *span) for span in claim.spans)


LAYOUTS: dict[str, Layout] = {
    "record": records.record,
    "turns": dialogue.turns,
    "interview": dialogue.interview,
    "letters": letters.letters,
    "entries": entries.entries,
    "cards": cards.cards,
    "headed": headed.headed,
    "signed": signed.signed,
    "grid": grid.grid,
    "answers": answers.answers,
    "quotations": _quotations,
    "article": monologue.article,
    "whole": monologue.whole,
}
# Layouts that take the user's word for it.
_ON_REQUEST = {"interview": dialogue.interview, "article": monologue.article}
_CHOSEN = ("turns", "interview", "letters", "entries", "cards", "headed", "signed", "grid", "answers", "quotations", "article")
# Layouts whose claims may stand beside those of another in one document: a signed quotation beside quotations in prose.
_ADDITIVE = frozenset({"cards", "headed", "signed", "grid", "answers", "quotations"})
ALONE = 0.7
"""Confidence from which a claim stands beside those of another layout."""

LONGEST_QUESTION = 300
"""Characters of a paragraph that may be a question of an interview."""

NEAR = 30
"""How many testimonials before and after are compared for pull quotes."""

FLOOR = 0.5
"""Score below which an explanation is set aside."""


def choose(explanations: Sequence[Explanation]) -> tuple[list[Claim], list[Explanation]]:
    """Choose the best explanation, and add the claims of others that touch none of its words.

    Returns
    -------
    (list of Claim, list of Explanation)
        Claims kept, and explanations set aside.
    """
    ranked = sorted((item for item in explanations if item.score >= FLOOR), key=lambda item: -item.score)
    if not ranked:
        return [], list(explanations)
    best = ranked[0]
    kept = list(best.claims)
    used = [best]
    if best.rule in _ADDITIVE:
        for other in ranked[1:]:
            if other.rule in _ADDITIVE:
                free = [claim for claim in other.claims if not any(_touch(claim, one) for one in kept)]
                kept += [claim for claim in free if _stands_beside(claim, other)]
                used += [other] if free else []
    return sorted(kept, key=lambda claim: claim.spans[0]), [item for item in explanations if item not in used]


def _stands_beside(claim: Claim, explanation: Explanation) -> bool:
    """Tell whether a claim may be added to those of the best explanation.

    In the prose around named testimonials only what somebody is said to say is one more; what a layout sets apart goes by the layout as
    a whole.
    """
    if explanation.rule == "answers":
        return claim.confidence >= ALONE
    if explanation.rule == "quotations":
        return claim.who.speaker is not None and claim.confidence >= ALONE
    mean = sum(one.confidence for one in explanation.claims) / len(explanation.claims)
    return claim.who.speaker is not None and max(mean, claim.confidence) >= ALONE


def _touch(one: Claim, other: Claim) -> bool:
    return any(a[0] < b[1] and b[0] < a[1] for a in one.spans for b in other.spans)


def _explanations(document: Document, hint: Hint) -> list[Explanation]:
    names = ("record",) if document.record is not None else (hint.layout,) if hint.layout else _CHOSEN
    if hint.layout == "whole":
        names = ("whole",)
    if hint.layout in _ON_REQUEST:
        asked = _ON_REQUEST[hint.layout]
        item = asked(document, sure=True) or (asked(_asking(document), sure=True) if hint.layout == "interview" else None)
        return [replace(item, score=1.0)] if item is not None else []
    found = [LAYOUTS[name](document) for name in names]
    if hint.layout and names == (hint.layout,):
        return [replace(item, score=1.0) for item in found if item is not None]
    return [item for item in found if item is not None]


def _asking(document: Document) -> Document:
    """Take every short paragraph that ends as a question for one: the user says that somebody asks."""
    asks = {
        block
        for block in document.blocks
        if block.kind in ("paragraph", "item")
        and block.end - block.start < LONGEST_QUESTION
        and document.text[block.start : block.end].endswith("?")
    }
    return replace(document, blocks=tuple(replace(block, kind="question") if block in asks else block for block in document.blocks))


def _without_ignored(document: Document, hint: Hint) -> Document:
    """Take out the sections whose heading the user asked to ignore."""
    if not hint.ignore:
        return document
    wanted = {name.casefold() for name in hint.ignore}
    blocks, ignoring = [], 0
    for block in document.blocks:
        if block.kind == "heading":
            named = document.text[block.start : block.end].strip().casefold() in wanted
            if named:
                ignoring = block.level
            elif ignoring and block.level <= ignoring:
                ignoring = 0
        blocks.append(replace(block, kind="boilerplate") if ignoring else block)
    return replace(document, blocks=tuple(blocks))


def segment(document: Document, *, hints: Hints | None = None, registry: Registry | None = None) -> list[Testimonial]:
    """Find the testimonials of a document.

    Parameters
    ----------
    document
        As read by `readers.read`.
    hints
        What the user says about the corpus.
    registry
        Known spaces: they get their canonical name, and a document whose title names just one of them speaks of it where nothing else
        is said.

    Returns
    -------
    list of Testimonial
        In reading order; empty when nobody speaks.
    """
    return explain(document, hints=hints, registry=registry).testimonials


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """The testimonials of a document, and in words why these and not others."""

    testimonials: list[Testimonial]
    kept: list[str]
    aside: list[str]


def explain(document: Document, *, hints: Hints | None = None, registry: Registry | None = None) -> Explained:
    """Find the testimonials, and say which explanations of the document were kept, which were set aside, and why."""
    hint = (hints or Hints()).of(document.source)
    if hint.skip:
        return Explained(testimonials=[], kept=[], aside=["skipped by a hint"])
    document = records.settled(_without_ignored(document, hint))
    explanations = _explanations(document, hint)
    kept, aside = choose(explanations)
    kept = _once(document, one_name(with_short_spaces(document, complete(document, _fuller(document, kept)))))
    made = [_testimonial(document, claim, number, hint) for number, claim in enumerate(kept, 1)]
    made = [_known_space(testimonial, document, registry) for testimonial in made] if registry is not None and registry.spaces else made
    reasons = [_in_words(item) for item in explanations if item not in aside]
    nothing = [f"{hint.layout}: asked for by a hint, finds nothing here"] if hint.layout and not made else []
    return Explained(
        testimonials=made, kept=reasons, aside=nothing + [_in_words(item) for item in sorted(aside, key=lambda item: -item.score)]
    )


def _in_words(explanation: Explanation) -> str:
    return f"{explanation.rule} ({explanation.score:.2f}): {explanation.reason}"


def _fold(name: str) -> list[str]:
    return without_accents(name.casefold()).split()


def _fuller(document: Document, claims: list[Claim]) -> list[Claim]:
    """Give a first name the full name, role and organisation that the document says of just one person of that name."""
    if document.record is not None or all(claim.who.speaker is None for claim in claims):
        return claims
    named = {name: who for name, who in people_named(document).items() if not re.search(r" (?:et|&) ", name)}
    for name, titled in (people_titled(document) | grid.people_listed(document)).items():
        if name not in named or is_former(named[name].role):
            named[name] = titled
    labels = {claim.who.speaker.start for claim in claims if claim.who.speaker is not None and claim.key is None}
    # A label and the words after it are no fuller name: «**Michèle** J'ai dormi …».
    named = {
        name: who
        for name, who in named.items()
        if who.speaker is None or who.speaker.start not in labels or name in {c.who.speaker.value for c in claims if c.who.speaker}
    }
    folded = {name: _fold(name) for name in list(named)[:MAX_NAMED]}
    result = []
    for claim in claims:
        who = claim.who
        if who.speaker is not None and (" " not in who.speaker.value or is_former(who.role)):
            own = _fold(who.speaker.value)
            meant = [named[name] for name, words in folded.items() if set(own) <= set(words) and (len(own) > 1 or words[0] == own[0])]
            if all(other.role is None for other in meant):
                meant += [named[name] for name, words in folded.items() if words == own[:1]]  # «Gwenaëlle est ergonome»
            names = {tuple(_fold(other.speaker.value)) for other in meant if other.speaker and " " in other.speaker.value}
            if len(names) == 1 or (meant and (len(own) > 1 or len(meant) == 1)):
                longest = max(meant, key=lambda other: len(other.speaker.value) if other.speaker else 0)
                told = next((other.role for other in meant if other.role), None)
                role = (told or who.role) if is_former(who.role) else who.role
                space = who.space or next((other.space for other in meant if other.space), None)
                who = replace(who, speaker=longest.speaker if len(names) == 1 else who.speaker, role=role, space=space)
        result.append(replace(claim, who=who))
    return result


def _once(document: Document, claims: Sequence[Claim]) -> list[Claim]:
    """Leave out a pull quote: words that a longer testimonial of the document holds too."""
    if len(claims) == 1:
        return [claim for claim in claims if re.search(r"\w", _text(document, claim.spans))]
    texts = [_bare(_text(document, claim.spans)) for claim in claims]
    kept = []
    seen: set[str] = set()
    for number, claim in enumerate(claims):
        near = range(max(0, number - NEAR), min(len(claims), number + NEAR + 1))
        own = texts[number]
        inside = own in seen or any(own in texts[other] and len(texts[other]) > len(own) for other in near if other != number)
        if own and not (inside and len(own) > 20):
            kept.append(claim)
            seen.add(own)
    return kept


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _text(document: Document, spans: Sequence[Span]) -> str:
    return "\n\n".join(document.text[start:end] for start, end in spans)


def _testimonial(document: Document, claim: Claim, number: int, hint: Hint) -> Testimonial:
    spans = claim.spans if document.record is not None else merge(document.text, claim.spans)
    text = _text(document, spans)
    record = document.record
    place = f"{document.id}\0{spans}\0{text}".encode("utf-8", "surrogatepass")
    values = {name: _value(getattr(claim.who, name)) for name in ("speaker", "role", "space")}
    evidence = [_evidence(document, claim, name) for name in ("speaker", "role", "space") if values[name]]
    about = title_of(document)
    values |= {
        "about": record.about if record else about.value if about else _text_of(document.metadata.get("title")),
        "date": record.date if record else _text_of(document.metadata.get("date")),
    }
    for name in ("speaker", "role", "space", "about", "date"):
        if (said := getattr(hint, name)) is not None:
            values[name] = said or None
            evidence = [item for item in evidence if item.attribute != name] + [Evidence(attribute=name, origin="hint", key=name)]
    return Testimonial(
        id=hashlib.sha256(place).hexdigest()[:16],
        document_id=document.id,
        record_id=record.record_id if record else str(number),
        segments=tuple(spans),
        text=text,
        language=(record.language if record and record.language else language_of(text))[:5],
        rule=claim.rule,
        confidence=max(claim.confidence, TOLD) if hint.layout else claim.confidence,
        evidence=tuple(evidence),
        metadata=dict(document.metadata) if record else {},
        **values,
    )


def _known_space(testimonial: Testimonial, document: Document, registry: Registry) -> Testimonial:
    """Give the canonical name of the space, or the one known space that the document's title names."""
    if testimonial.space is not None:
        known = registry.resolve(testimonial.space)
        return replace(testimonial, space=known) if known else testimonial
    if testimonial.role is not None and (inside := _space_in_role(testimonial, document, registry)) is not None:
        return inside
    title = title_of(document)
    if title is not None:
        found = registry.find(document.text[title.start : title.end])
        if len({name for _, _, name in found}) == 1:
            start, end, name = found[0]
            place = Evidence(attribute="space", origin="text", start=title.start + start, end=title.start + end)
            return replace(testimonial, space=name, evidence=(*testimonial.evidence, place))
    named = registry.find(_text_of(document.metadata.get("title")) or "")
    if len({name for _, _, name in named}) == 1:
        place = Evidence(attribute="space", origin="metadata", key="title")
        return replace(testimonial, space=named[0][2], evidence=(*testimonial.evidence, place))
    return testimonial


def _space_in_role(testimonial: Testimonial, document: Document, registry: Registry) -> Testimonial | None:
    """Part a known space from a role that was read as one phrase: «naturopathe au Bief»."""
    at = next((item for item in testimonial.evidence if item.attribute == "role" and item.origin == "text"), None)
    found = registry.find(testimonial.role or "")
    if at is None or at.start is None or at.end is None or len(found) != 1:
        return None
    start, end, name = found[0]
    words = document.text[at.start : at.end]
    link = re.search(r"[ \u00a0](?:de la|de l['’]|des?|du|d['’]|à la|à l['’]|à|aux?|chez|pour)?[ \u00a0]?$", words[:start], re.IGNORECASE)
    if len(words) != len(testimonial.role or "") or link is None or not link.start():
        return None
    others = [item for item in testimonial.evidence if item.attribute != "role"]
    role = Evidence(attribute="role", origin="text", start=at.start, end=at.start + link.start())
    place = Evidence(attribute="space", origin="text", start=at.start + start, end=at.start + end)
    return replace(testimonial, role=words[: link.start()], space=name, evidence=(*others, role, place))


def _value(field: Field | None) -> str | None:
    return unicodedata.normalize("NFC", field.value) if field is not None and field.value else None


def _text_of(value: object) -> str | None:
    return " ".join(str(value).split()) if value not in (None, "") else None


def _evidence(document: Document, claim: Claim, name: str) -> Evidence:
    field = getattr(claim.who, name)
    same = field.key is None and field.end > field.start and " ".join(document.text[field.start : field.end].split()) == field.value
    if document.record is not None:
        return Evidence(attribute=name, origin="field", key=dict(document.record.columns).get(name) or claim.key)  # type: ignore[arg-type]
    if same:
        return Evidence(attribute=name, origin="text", start=field.start, end=field.end)  # type: ignore[arg-type]
    return Evidence(attribute=name, origin="metadata", key=field.key or claim.key)  # type: ignore[arg-type]


_MARKERS = {
    "fr": frozenset("le la les des est et une un pour dans que qui je nous avec sur pas au ce il elle on très plus mais du".split()),
    "en": frozenset("the and of to is in for with that was we my it this have are you from but not they".split()),
    "nl": frozenset("de het een van en is in dat niet met voor op zijn we ik ook maar aan er bij".split()),
}
_MARKED = {word: [name for name, others in _MARKERS.items() if word in others] for markers in _MARKERS.values() for word in markers}


def language_of(text: str) -> str:
    """Tell French from English and Dutch by their commonest words; French when there is nothing to go by."""
    counts = Counter(chain.from_iterable(_MARKED.get(word, ()) for word in re.findall(r"[^\W\d_]+", text[:5000].lower())))
    best = max(_MARKERS, key=lambda language: (counts[language], language == "fr"))
    return best if counts[best] > counts["fr"] else "fr"
