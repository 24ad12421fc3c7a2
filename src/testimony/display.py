"""How results show themselves in a notebook: an analysis, a summary, a text with what is understood in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

COLORS: Mapping[str, str] = {"positive": "#2f78b0", "mixed": "#d6a419", "neutral": "#b7b2a8", "negative": "#c2521f"}
"""Colours of the polarities, those of the report; told apart also by the colour-blind."""

STANCES = {
    "positive": ("apprécié", COLORS["positive"]),
    "negative": ("pèse", COLORS["negative"]),
    "proposal": ("proposé", COLORS["neutral"]),
    "mixed": ("partage", COLORS["mixed"]),
    "neutral": ("sans jugement", COLORS["neutral"]),
}
NAMES = {"PER": "personne", "LOC": "lieu", "ORG": "organisation", "SPACE": "espace", "MISC": "autre"}
FEELINGS = {"positive": "positif", "negative": "négatif", "mixed": "partagé", "neutral": "sans jugement"}
MAX_LISTED = 30


class Summary(dict[str, Any]):
    """The summary of a space: a dictionary that shows its key points in a notebook, themes by their titles."""

    def __init__(self, row: Mapping[str, Any], titles: Mapping[str, str] | None = None) -> None:
        super().__init__(row)
        self._titles = titles or {}

    def _repr_html_(self) -> str:
        points = "".join(
            f'<li style="border-left:4px solid {STANCES[point["stance"]][1]};padding-left:.6em;margin:.5em 0;text-align:left">'
            f"<b>{escape(', '.join(self._titles.get(theme, theme) for theme in point['themes']))}</b> ({STANCES[point['stance']][0]}, {_voices(point['n_speakers'])})<br>"
            f"«\u00a0{'[…] ' if point['before'] else ''}{escape(point['text'])}{' […]' if point['after'] else ''}\u00a0» "
            f"<i>{escape(point['speaker'] or 'personne non nommée')}</i></li>"
            for point in self["key_points"]
        )
        notes = "".join(f"<p><i>{escape(warning)}</i></p>" for warning in self["warnings"])
        head = f"{escape(str(self['space']))}\u00a0: {self['n_testimonials']} témoignages, {_voices(self['n_speakers'])}"
        return f'<p><b>{head}</b></p>{notes}<ul style="list-style:none;padding:0">{points}</ul>'


def _voices(n: int) -> str:
    return "une seule voix" if n == 1 else f"{n} personnes"


def analysis_html(name: str, counts: Mapping[str, int], summaries: Sequence[Mapping[str, Any]], titles: Mapping[str, str]) -> str:
    """An analysis as a table of its spaces."""
    rows = "".join(
        f"<tr><td>{escape(str(row['space']))}</td><td>{row['n_testimonials']}</td><td>{row['n_speakers']}</td>"
        f"<td>{row['polarity']['positive']}</td><td>{row['polarity']['negative']}</td>"
        f"<td>{escape(', '.join(titles.get(item['theme'], item['theme']) for item in row['themes'][:3]))}</td></tr>"
        for row in sorted(summaries, key=lambda row: (-row["n_testimonials"], row["space"]))[:MAX_LISTED]
    )
    said = f"{escape(name)}\u00a0: {counts['testimonials']} témoignages, {counts['documents']} documents dont {counts['skipped']} non lus"
    more = f"<p>et {len(summaries) - MAX_LISTED} autres espaces</p>" if len(summaries) > MAX_LISTED else ""
    head = "".join(f"<th>{title}</th>" for title in ("espace", "témoignages", "personnes", "phrases +", "phrases −", "thèmes"))
    return f"<table><caption>{said}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{more}"


@dataclass(frozen=True, slots=True)
class Shown:
    """HTML that a notebook draws."""

    html: str

    def _repr_html_(self) -> str:
        return self.html


def palette() -> dict[str, str]:
    """Colour of each polarity, as in the report: ``{"positive": "#2f78b0", …}``."""
    return dict(COLORS)


def show(doc: Doc) -> Shown:
    """Show a text as understood, by displaCy: how each sentence feels, the words that prove its themes, the names.

    Parameters
    ----------
    doc
        What the pipeline of `load` made of a text.

    Examples
    --------
    >>> import testimony
    >>> nlp = testimony.load()
    >>> "bruyante" in testimony.show(nlp("La salle est bruyante.")).html
    True
    """
    from spacy import displacy

    drawn = [_drawn(span, FEELINGS[span.label_]) for span in doc.spans.get("sentences", ()) if span.label_ != "neutral"]
    group = doc.spans.get("themes", ())
    proofs = group.attrs["evidence"] if len(group) else []
    for span, places in zip(group, proofs, strict=True):
        words = [doc.char_span(start, end, alignment_mode="expand") for start, end in places]
        drawn += [_drawn(word, span.label_) for word in words if word is not None]
    drawn += [_drawn(entity, NAMES.get(entity.label_, entity.label_)) for entity in doc.ents]
    colors = {FEELINGS[name]: color for name, color in COLORS.items()} | dict.fromkeys(NAMES.values(), "#dddddd")
    data = {
        "text": doc.text,
        "tokens": [token.text for token in doc],
        "spans": sorted(drawn, key=lambda one: (one["start_token"], one["label"])),
    }
    return Shown(str(displacy.render(data, style="span", manual=True, jupyter=False, options={"colors": colors})))


def _drawn(span: Span, label: str) -> dict[str, Any]:
    return {"start": span.start_char, "end": span.end_char, "start_token": span.start, "end_token": span.end, "label": label}
