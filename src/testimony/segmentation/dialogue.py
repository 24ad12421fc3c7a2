"""Layouts of dialogue: ``Name :`` turns and question/answer interviews."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..types import Document, Span
from .answers import SIGNED_ITEM
from .claims import (
    CLOSING,
    NO_ONE,
    OPENING,
    TESTIMONY_KINDS,
    Claim,
    Explanation,
    Line,
    bold_lead,
    is_marked,
    lines_of,
    merge,
    without_marks,
    words_in,
)
from .edges import is_furniture, trimmed_tail
from .labels import (
    INTERVIEWER,
    QUESTION_LABEL,
    RESPONDENT,
    bold_label,
    houses_of,
    is_abbreviated,
    key_of,
    label_of,
    letters_of,
    strength_of,
)
from .legend import Turn, is_task, without_legend
from .names import Attribution
from .nearby import attribution_near, people_named
from .questions import ASKED, inline_question, is_faq, lists_of_questions, questions_told, units
from .subject import names_a_person, same_name, subject_of
from .words import FIRST_SINGULAR, is_role_word

LEAST_STRENGTH = 0.3
"""Likeness to a name below which a label that comes back is a house or a field."""

SURE_NAME = 0.6
"""Likeness to a name of a label that gives an answer to one of several people."""

Turns = list[tuple[Attribution, tuple[Span, ...]]]

_RECEIVES = re.compile(
    r"bienvenue (?:dans|sur|à|au|pour)\b|(?:je|nous|on) (?:reçois|recevons|reçoit|accueille|accueillons|retrouve|retrouvons)\b|"
    r"(?:mon|notre|nos) invitée?s?\b|(?:avec nous|à mes côtés|au micro)[^.!?]{0,30}(?:aujourd['’]hui|ce (?:matin|soir))",
    re.IGNORECASE,
)
# «À faire : rappeler la mairie» is no turn and goes on none.
_OTHER_LABEL = re.compile(r"[A-ZÀ-Ö][^\n:.!?,«»]{1,25}[ \u00a0]:[ \u00a0]|\d{1,2}[ \u00a0]?[h:][ \u00a0]?\d{0,2}[ \u00a0]?[:–—-]")
_ANSWER = re.compile(r"(?:réponse|rép\.?|r|a)[ \u00a0]?\d{0,2}[ \u00a0]?[:.–—-][ \u00a0]*(?=\S)", re.IGNORECASE)


def _find_turns(document: Document) -> list[Turn]:
    """Labels at the start of lines, each with the lines up to the next label, heading or question."""
    text = document.text
    found: list[Turn] = []
    spans: list[Span] | None = None
    kind, block = "", -1
    lines = lines_of(document)
    houses = houses_of(text, lines)
    for line in lines:
        label = None if line.kind == "heading" else label_of(text, line, houses) or bold_label(text, line, bold_lead(document, line))
        if label is not None:
            spans = [(label[2], line.end)]
            found.append((label[0], label[1], spans))
            kind = line.kind
            block = line.block
            if label[2] < line.end and text[label[2]] in OPENING and text[line.end - 1] in CLOSING:
                spans = None  # words in quotation marks end with them
        elif (
            line.kind == "heading"
            or (line.block != block and _OTHER_LABEL.match(text, line.start, line.end))
            or (spans is not None and line.kind == "question")
        ):
            spans = None
        elif spans is not None and line.kind == kind and not ASKED.search(text[line.start : line.end]):
            if is_furniture(document, line.start, line.end):
                spans = None
                continue
            spans.append((line.start, line.end))
        elif (
            spans is not None
            and ASKED.search(text[line.start : line.end])
            and is_marked(document, ("bold", "italic"), line.start, line.end)
        ):
            spans = None
    if kind != "cue" and found and all(len(parts) == 1 or _in_one_block(text, parts) for _, _, parts in found[:-1]):
        last = found[-1][2]  # where no other turn runs over a paragraph's end, what follows the last one goes on it only in its voice
        last[1:] = [
            part for number, part in enumerate(last[1:]) if _in_one_block(text, last[: number + 2]) or FIRST_SINGULAR.search(text, *part)
        ]
    return found


def _in_one_block(text: str, parts: Sequence[Span]) -> bool:
    return "\n\n" not in text[parts[0][0] : parts[-1][1]]


def turns(document: Document) -> Explanation | None:
    """``Name :`` at the start of lines, at least three times or by two speakers; a speaker who mostly asks is the interviewer."""
    text = document.text
    found, legend = without_legend(text, _find_turns(document))
    counts = Counter(name for name, _, _ in found)
    names = sorted(counts)
    repeated = sum(count for count in counts.values() if count > 1)
    if len(found) < 2 or (len(counts) < 2 and len(found) < 3) or (repeated == 0 and max(strength_of(n) for n in names) < 0.6):
        return None
    if repeated == 0 and sum(strength_of(name) >= 0.6 for name in names) < 2:
        return None
    listed = sum(is_role_word((text[parts[0][0] : parts[0][1]].split() or [""])[0].strip(",")) for _, _, parts in found)
    tasks = sum(is_task(text, parts[0]) for _, _, parts in found)
    if listed > (0.3 if repeated == 0 else 0.5) * len(found) or 2 * tasks > len(found):  # «Name: role» is a list of participants
        return None
    grouped: dict[str, Turns] = defaultdict(list)
    for name, who, parts in found:
        spans = merge(text, [part for part in parts if part[0] < part[1]])
        described = legend.get(name, who)
        grouped[key_of(name, names)].append(
            (replace(who, role=who.role or described.role, space=who.space or described.space), without_marks(text, spans))
        )
    asking = _interviewers(text, grouped)
    speaking = _speaking(grouped, asking)
    total = words_in(text, [(block.start, block.end) for block in document.blocks if block.kind in TESTIMONY_KINDS])
    covered = words_in(text, [span for items in grouped.values() for _, parts in items for span in parts])
    if not speaking or covered < 0.35 * total:
        return None
    best = {name: _in_full(document, _best(items)) for name, items in speaking.items()}
    if len(speaking) == 1:
        best = {name: _presented(document, found[0][2][0][0], name, who) for name, who in best.items()}
    if len(speaking) == 1 and asking:
        ((name, items),) = speaking.items()
        answered = trimmed_tail(document, [span for _, parts in items for span in parts], best[name], edited=True)
        claims = [Claim(rule="interview in turns", spans=merge(text, answered), who=best[name], confidence=0.85)]
    else:
        # Captions cut a turn in several: consecutive ones of one speaker are one turn.
        captions = any(block.kind == "cue" for block in document.blocks)
        placed = sorted(((name, place) for name, items in grouped.items() for _, place in items if place), key=lambda pair: pair[1][0][0])
        joined: list[tuple[str, tuple[Span, ...]]] = []
        for name, place in placed:
            if captions and joined and joined[-1][0] == name:
                joined[-1] = (name, merge(text, (*joined[-1][1], *place)))
            else:
                joined.append((name, place))
        claims = [Claim(rule="turns", spans=place, who=best[name], confidence=0.8) for name, place in joined if name in best]
    return Explanation(rule="turns", claims=tuple(claims), score=min(1.0, 0.6 + covered / max(1, total) / 2), reason=f"{len(found)} turns")


def _presented(document: Document, until: int, name: str, who: Attribution) -> Attribution:
    """Add what is said of the one person who answers before they speak; their name too where only «Réponse» stands for it."""
    subject = subject_of(document, until)[0] or NO_ONE
    full = re.search(rf"(?<!\w){re.escape(name)}[ \u00a0][A-ZÀ-Ö][^\n]*", document.text[:until])
    if full is not None and (subject.speaker is None or not same_name(subject.speaker.value, name)):
        subject = attribution_near(document.text, *full.span(), least=0.0)  # «Entretien 12 – Lorette Ambroise, …»
    if RESPONDENT.fullmatch(name):
        return subject
    if subject.speaker is None or who.speaker is None or not same_name(subject.speaker.value, who.speaker.value):
        return who
    longer = max(who.speaker, subject.speaker, key=lambda field: len(field.value))
    return replace(who, speaker=longer, role=who.role or subject.role, space=who.space or subject.space)


def _speaking(grouped: Mapping[str, Turns], asking: set[str]) -> dict[str, Turns]:
    """Labels that stand for people who tell; where somebody asks, the one other label, whatever it looks like."""
    others = {name: items for name, items in grouped.items() if name not in asking}
    if asking and len(others) == 1:
        return others
    return {
        name: items
        for name, items in others.items()
        if (RESPONDENT.fullmatch(name) or not QUESTION_LABEL.match(name)) and strength_of(name) >= LEAST_STRENGTH
    }


def _in_full(document: Document, who: Attribution) -> Attribution:
    """Give initials, alone or before a family name, the one name of the document that they stand for."""
    short = re.split(r"[ \u00a0]", who.speaker.value) if who.speaker else []
    letters = re.sub(r"[.-]", "", "".join(short))
    if not (letters.isupper() and 2 <= len(letters) <= 3) and not (len(short) == 2 and short[0].endswith(".")):
        return who
    named = {name: other for name, other in people_named(document).items() if letters_of(name) == letters or is_abbreviated(name, short)}
    if len(named) != 1:
        return who
    (other,) = named.values()
    return Attribution(speaker=other.speaker, role=who.role or other.role, space=who.space or other.space, strength=other.strength)


def _interviewers(text: str, grouped: Mapping[str, Turns]) -> set[str]:
    """Tell those who lead the conversation: by their label, or because they ask, receive and say less than the others."""
    said = {name: [spans for _, spans in items if spans] for name, items in grouped.items()}
    words = {name: words_in(text, [span for spans in parts for span in spans]) / max(1, len(parts)) for name, parts in said.items()}
    leading = set()
    for name, parts in said.items():
        others = [words[other] for other in said if other != name]
        asked = sum(bool(ASKED.search(text[spans[-1][0] : spans[-1][1]])) for spans in parts) / max(1, len(parts))
        receives = any(_RECEIVES.search(text, *span) for spans in parts[:2] for span in spans[:2])
        evidence = asked + 0.25 * receives + 0.15 * (bool(others) and words[name] < 0.5 * max(others))
        if INTERVIEWER.fullmatch(name) or (others and len(parts) > 1 and evidence >= 0.6):
            leading.add(name)
    return leading


def _best(items: Turns) -> Attribution:
    """Longest name and first role that a speaker's turns give."""
    longest = max((who for who, _ in items), key=lambda who: len(who.speaker.value) if who.speaker else 0)
    role = next((who.role for who, _ in items if who.role), None)
    space = next((who.space for who, _ in items if who.space), None)
    return Attribution(speaker=longest.speaker, role=role, space=space, strength=longest.strength)


BEGINNING = 600
"""Characters in which a document says that it is an interview."""
_TOLD = re.compile(
    r"(?<!\w)(?:interview|entretien|rencontre|conversation|échange)s?[ \u00a0](?:avec|de|d['’]|du)(?!\w)|questions? à[ \u00a0]",
    re.IGNORECASE,
)


def interview(document: Document, *, sure: bool = False) -> Explanation | None:
    """Questions set apart by the layout (heading, bold, italic, list item) and answers between them; the answers are one testimonial.

    `sure` when the user says that it is an interview: however short.
    """
    text = document.text
    if not sure and is_faq(document):
        return None
    lines = lines_of(document)
    told = _TOLD.search(text[:BEGINNING]) is not None or names_a_person(document)
    unit = questions_told(document, lines) if told else units(document, lines)
    answers, questions, first = _answers(document, unit)
    if not sure and _several_voices(text, lines, answers):
        return None
    labels = [_ANSWER.match(text, *span) for span in answers]
    if sum(label is not None for label in labels) > 1:
        answers = [(label.end() if label else start, end) for label, (start, end) in zip(labels, answers, strict=True)]
    begins = first.start if first else 0
    who, key = subject_of(document, begins)
    spans = merge(text, trimmed_tail(document, answers, who, edited=True))
    total = words_in(text, [(line.start, line.end) for line in lines if line.kind in TESTIMONY_KINDS])
    covered = words_in(text, spans)
    likely = questions > 1 and covered >= max(15 if told else 60 if questions < 3 else 40, 0.4 * total, 8 * questions)
    if not (likely or (sure and questions and covered)):
        return None
    asks_oneself = len(FIRST_SINGULAR.findall(text[:begins])) >= 5  # an author who answers what they are often asked
    if not sure and who is None and (asks_oneself or not any(FIRST_SINGULAR.search(text, *span) for span in spans)):
        return None  # the second: a house that answers what it is often asked
    strength = 0.55 + 0.3 * min(1.0, questions / 5)
    claim = Claim(rule="interview", spans=spans, who=who or NO_ONE, confidence=strength if who else strength - 0.25, key=key)
    return Explanation(rule="interview", claims=(claim,), score=min(0.96, 0.6 + 0.12 * min(questions, 4)) * min(1.0, covered / max(1, total) + 0.3),
                       reason=f"{questions} questions set apart, their answers hold {covered} of {total} words")  # fmt: skip


def _answers(document: Document, unit: Sequence[tuple[str, Line]]) -> tuple[list[Span], int, Line | None]:
    """Lines between the questions, the number of questions, and the first of them."""
    text = document.text
    answers: list[Span] = []
    questions = 0
    started = last_level_heading = False
    first: Line | None = None
    numbered = sum(kind == "question" for kind, _ in unit)
    contents = lists_of_questions(unit)
    for kind, line in unit:
        cut = inline_question(document, line) if kind != "question" else None
        if kind == "question":
            questions += 1
            started, last_level_heading = True, line.kind == "heading"
            first = first or line
        elif cut is not None:
            questions += 1
            started = True
            first = first or line
            answers.append((_skip(text, cut, line.end), line.end))
        elif kind == "heading":
            if started and last_level_heading and numbered >= 2:
                started = not _ends_interview(text[line.start : line.end])
        elif started and line.kind in TESTIMONY_KINDS and not (line.kind == "item" and line.group in contents):
            answers.append((line.start, line.end))
    return answers, questions, first


def _several_voices(text: str, lines: Sequence[Line], answers: Sequence[Span]) -> bool:
    """Tell answers that labels or signatures give to several people."""
    if sum(SIGNED_ITEM.search(text, max(start, end - 120), end) is not None for start, end in answers) >= max(3, len(answers) // 2):
        return True  # «… (Odette, 79 ans)»
    starts = {start for start, _ in answers}
    labels = [label_of(text, line) for line in lines if line.start in starts]
    named = Counter(
        label[0] for label in labels if label is not None and label[1].strength >= SURE_NAME and not INTERVIEWER.fullmatch(label[0])
    )
    return len(named) > 1 and sum(named.values()) >= max(3, len(answers) // 2)


def _skip(text: str, start: int, end: int) -> int:
    while start < end and (text[start].isspace() or text[start] in ":–—-*_"):
        start += 1
    return start


def _ends_interview(heading: str) -> bool:
    return bool(
        re.search(
            r"en savoir plus|liens?\b|contact|pour aller plus loin|à propos|partag|commentaire|crédit|sources?|notes",
            heading,
            re.IGNORECASE,
        )
    )
