"""The layout of a table inside a document: a row for each person with columns for name, role and words, or a form with labels beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from ..readers.columns import Columns, choose, is_usual, named
from ..readers.records import layout_of
from ..types import Document, Span
from .attribution import parse, split_role
from .claims import Claim, Explanation, Line, bold_lead, coverage, merge, trimmed, without_marks, words_in
from .labels import INTERVIEWER, RESPONDENT
from .names import Attribution, Field, person_score
from .subject import subject_of
from .words import is_role_word

_TASK = re.compile(
    r"\b(?:décisions?|échéance|délai|actions?|responsables?|statut|budget|pilote|qui \?|avant le|pour le|priorité)\b|^qui$", re.IGNORECASE
)
MIN_WORDS = 6
"""Mean number of words of a cell from which a column without a heading holds what people say."""

LEAST_FIELDS = 4
"""Labels in bold from which paragraphs are a form."""

LEAST_SAID = 10
"""Words from which an answer is more than a field."""

TODAY = re.compile(r"actuel|aujourd['’]hui|à présent|métier|profession|poste|fonction", re.IGNORECASE)
_LABEL = re.compile(r"\W{0,9}+([^:\n]{2,60}?)[ \u00a0]?:[ \u00a0*_]{0,9}+")

Row = dict[int, Span]
"""Cells by their column."""


def grid(document: Document) -> Explanation | None:
    """A table that says who speaks and what: by the headings of its columns, the labels of its rows, else by what the cells hold."""
    claims: list[Claim] = []
    for rows in _tables(document):
        if _lists_tasks(document.text, rows[0]):
            continue
        claims += _interview(document, rows) or list(_forms(document, rows)) or _claims(document, rows) or _claims(document, _turned(rows))
    claims = claims or _sheet(document)
    if not claims:
        return None
    covered, total = coverage(document, claims, ("paragraph", "quote", "item", "cell"))
    score = min(1.0, 0.75 + 0.25 * covered / max(1, total))
    return Explanation(rule="grid", claims=tuple(claims), score=score, reason=f"{len(claims)} people of a table with names and words")


def _tables(document: Document) -> list[list[Row]]:
    """Tables of several rows and columns; a title over all columns is left out."""
    tables: list[list[Row]] = []
    for kind, run in groupby(document.blocks, key=lambda block: block.kind):
        if kind != "cell":
            continue
        rows: list[Row] = []
        for _, cells in groupby(run, key=lambda block: block.group):
            row: Row = {}
            for number, cell in enumerate(cells, 1):
                column = cell.level or number
                row[column] = (row.get(column, (cell.start, cell.end))[0], cell.end)
            rows.append(row)
        first = next((number for number, row in enumerate(rows) if len(row) > 1), len(rows))
        if len(rows) - first > 1:
            tables.append(rows[first:])
    return tables


def _lists_tasks(text: str, row: Row) -> bool:
    """Tell a table of decisions and of who carries them out."""
    return sum(_TASK.search(text, *cell) is not None for cell in row.values()) > 1


def _interview(document: Document, rows: Sequence[Row]) -> list[Claim]:
    """«Q» and «R» in the first column, what was asked and answered in the second."""
    text = document.text
    labelled = [(text[slice(*row[1])].strip(" .:"), row[2]) for row in rows if set(row) == {1, 2}]
    asked = sum(INTERVIEWER.fullmatch(label) is not None for label, _ in labelled)
    answers = [words for label, words in labelled if RESPONDENT.fullmatch(label)]
    if not asked or not answers or asked + len(answers) < len(rows):
        return []
    who = subject_of(document, rows[0][1][0])[0] or Attribution()
    return [Claim(rule="interview in a table", spans=merge(text, answers), who=who, confidence=0.8)]


def people_listed(document: Document) -> dict[str, Attribution]:
    """People of whom a table of participants says what they do."""
    text = document.text
    found: dict[str, Attribution] = {}
    for rows in _tables(document):
        names = {text[slice(*cell)].strip(): column for column, cell in rows[0].items()}
        columns = {field: names[name] for field in ("speaker", "role") if (name := named(field, list(names))) is not None}
        for row in rows[1:] if len(columns) == 2 else ():
            who = _who(text, {field: row[column] for field, column in columns.items() if column in row})
            if who.speaker is not None:
                found.setdefault(who.speaker.value, who)
    return found


def _forms(document: Document, rows: Sequence[Row]) -> Iterator[Claim]:
    """Labels in the first column, the answers of one person in each of the others; a label that comes back opens another form."""
    forms: list[dict[str, Row]] = [{}]
    for row in rows:
        label = document.text[slice(*row[1])].strip(" \u00a0:*") if 1 in row else ""
        if label in forms[-1]:
            forms.append({})
        forms[-1][label] = row
    for form in forms:
        people = sorted({column for row in form.values() for column in row} - {1})
        answered = [{label: row[column] for label, row in form.items() if column in row} for column in people]
        if _has_labels(list(form)):
            yield from (claim for answers in answered if (claim := _filled(document, answers)) is not None)


def _sheet(document: Document) -> list[Claim]:
    """A form set as paragraphs, «**Année de sortie :** 2015»: what one person answered."""
    text = document.text
    answers: dict[str, Span] = {}
    for block in document.blocks:
        lead = bold_lead(document, Line(start=block.start, end=block.end, block=0, kind=block.kind, group=block.group))
        label = _LABEL.fullmatch(text, block.start, lead) if lead is not None and block.kind in ("paragraph", "item") else None
        if label is not None and lead is not None and text[lead : block.end].strip():
            answers.setdefault(label.group(1), trimmed(text, lead, block.end))
    said = {label: span for label, span in answers.items() if len(text[slice(*span)].split()) >= LEAST_SAID}
    told = {label: span for label, span in answers.items() if label not in said}
    if len(answers) < LEAST_FIELDS or not said or not any(map(is_usual, told)):
        return []
    place = named("speaker", list(told))
    who = parse(text, *told[place]) if place else Attribution()
    if who.speaker is None:
        return []
    trade = next((span for label, span in told.items() if TODAY.search(label) or label == named("role", list(told))), None)
    role, space = split_role(text, *trade) if trade else (None, None)
    spans = merge(text, list(said.values()))
    return [Claim(rule="form", spans=spans, who=Attribution(speaker=who.speaker, role=role, space=space, strength=0.9), confidence=0.85)]


def _has_labels(labels: Sequence[str]) -> bool:
    """Tell whether cells say what stands beside them: usual names of fields, and questions."""
    usual = sum(map(is_usual, labels))
    asked = sum(label.endswith("?") for label in labels)
    return usual > 0 and usual + asked >= 2 and (usual + asked) * 2 >= len(labels)


def _filled(document: Document, answers: dict[str, Span]) -> Claim | None:
    """What one person answered: the fields that are no words say who it is."""
    text = document.text
    sample = {label: text[slice(*span)] for label, span in answers.items()}
    layout = layout_of(list(sample), [sample], Columns(), document.source)
    if layout is None:
        return None
    columns = {field: answers[name] for field, name in layout.fields.items() if name}
    who = _who(text, columns)
    if who.speaker is not None and len(layout.speaker) > 1:
        name = " ".join(" ".join(sample[part].split()) for part in layout.speaker)
        who = Attribution(
            speaker=Field(value=name, start=0, end=0, key="+".join(layout.speaker)), role=who.role, space=who.space, strength=0.8
        )
    spans = without_marks(text, merge(text, [answers[name] for name in layout.texts]))
    return Claim(rule="form", spans=spans, who=who, confidence=0.8) if words_in(text, spans) >= 3 and (who.speaker or who.role) else None


def _turned(rows: Sequence[Row]) -> list[Row]:
    """Rows for columns: people side by side, each over their words."""
    columns = sorted({column for row in rows for column in row})
    return [{number: row[column] for number, row in enumerate(rows, 1) if column in row} for column in columns]


def _claims(document: Document, rows: list[Row]) -> list[Claim]:
    text = document.text
    columns = _headed(text, rows[0])
    if columns is not None:
        rows = rows[1:]
    else:
        rows = rows[1:] if _names_columns(text, rows[0]) else rows
        columns = _by_content(text, rows)
    if columns is None:
        return []
    claims = []
    for row in rows:
        if columns["text"] not in row:
            continue
        who = _who(text, {field: row[column] for field, column in columns.items() if column in row})
        spans = without_marks(text, (row[columns["text"]],))
        asks = any(field is not None and INTERVIEWER.fullmatch(field.value) for field in (who.speaker, who.role))
        if words_in(text, spans) >= 3 and (who.speaker or who.role) and not asks:
            claims.append(Claim(rule="table row", spans=spans, who=who, confidence=0.8))
    return claims


def _headed(text: str, row: Row) -> dict[str, int] | None:
    """Columns named by the first row; None when it names neither words nor people."""
    names = {text[slice(*cell)].strip(): column for column, cell in reversed(row.items())}
    if any(len(name) > 40 for name in names):
        return None
    found: dict[str, int] = {}
    for field in ("text", "speaker", "space", "role"):
        name = choose(field, [name for name, column in reversed(names.items()) if column not in found.values()])
        if name is not None:
            found[field] = names[name]
    return found if "text" in found and len(found) > 1 else None


def _names_columns(text: str, row: Row) -> bool:
    """Tell a first row of headings, although none of them says where the words are («Ce qu'elle en dit»)."""
    names = [text[slice(*cell)].strip() for cell in row.values()]
    return any(map(is_usual, names)) and all(len(name) <= 40 and name[-1:] not in ".!…" for name in names)


def _by_content(text: str, rows: Sequence[Row]) -> dict[str, int] | None:
    """Columns by their cells: one of names, one of prose, perhaps one of trades."""
    columns = sorted({column for row in rows for column in row})
    values = {column: [text[slice(*row[column])].strip() for row in rows if column in row] for column in columns}
    prose = max(columns, key=lambda column: sum(len(value.split()) for value in values[column]))
    if sum(len(value.split()) for value in values[prose]) < MIN_WORDS * len(rows):
        return None
    found = {"text": prose}
    for column in columns:
        if column == prose:
            continue
        if "speaker" not in found and _share(person_score(value.split(",")[0]) >= 0.5 for value in values[column]) >= 0.6:
            found["speaker"] = column
        elif "role" not in found and _share(is_role_word(value.split()[0]) for value in values[column] if value) >= 0.6:
            found["role"] = column
    return found if "speaker" in found else None


def _share(truths: object) -> float:
    listed = list(truths)  # type: ignore[call-overload]
    return sum(listed) / max(1, len(listed))


def _who(text: str, cells: dict[str, Span]) -> Attribution:
    speaker = role = space = None
    if "speaker" in cells:
        who = parse(text, *cells["speaker"])
        speaker, role, space = who.speaker, who.role, who.space
    if "role" in cells and speaker is None and (told := parse(text, *cells["role"])).speaker is not None and told.role is not None:
        speaker, role, space = told.speaker, told.role, told.space  # «Denis, agriculteur, 57 ans» under «Profil»
    elif "role" in cells:
        own_role, own_space = split_role(text, *cells["role"])
        role, space = own_role or role, own_space or space
    if "space" in cells:
        space = parse(text, *cells["space"]).speaker or split_role(text, *cells["space"])[1] or space
    return Attribution(speaker=speaker, role=role, space=space, strength=0.8)
