"""Layers of a `Doc` and their read-out into records."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from .types import Annotations, Mention, Polarity, SentenceView, Testimonial, ThemeMention

if TYPE_CHECKING:
    from spacy.tokens import Doc

SENTENCES, THEMES = "sentences", "themes"
POLARITIES: tuple[Polarity, ...] = ("positive", "negative", "mixed", "neutral")


def _themes(doc: Doc) -> list[str]:
    return sorted({span.label_ for span in doc.spans.get(THEMES, ())})


def _polarity(doc: Doc) -> Polarity:
    return overall(_sentence_rows(doc))[0]


def _testimonial(doc: Doc) -> Any:
    return doc.user_data.get("testimonial")


def register() -> None:
    """Register the getters ``Doc._.themes``, ``Doc._.polarity`` and ``Doc._.testimonial``, once."""
    from spacy.tokens import Doc

    for name, getter in (("themes", _themes), ("polarity", _polarity), ("testimonial", _testimonial)):
        if not Doc.has_extension(name):
            Doc.set_extension(name, getter=getter)


def _sentence_rows(doc: Doc) -> list[tuple[Polarity, float, int]]:
    """Polarity, score and number of words of each sentence."""
    if SENTENCES not in doc.spans:
        return []
    group = doc.spans[SENTENCES]
    scores = group.attrs.get("scores", [0.0] * len(group))
    return [(span.label_, score, len(span)) for span, score in zip(group, scores, strict=True)]


def overall(rows: list[tuple[Polarity, float, int]]) -> tuple[Polarity, float]:
    """Polarity of a whole text from its sentences.

    Neutral sentences do not dilute what is felt elsewhere: the score is the mean over evaluating sentences; both poles present with at
    least a third of the evaluating sentences each make it mixed.

    Returns
    -------
    (Polarity, float)
        The score lies in [-1, 1].
    """
    felt = [(polarity, score) for polarity, score, _ in rows if polarity != "neutral"]
    if not felt:
        return "neutral", 0.0
    score = sum(value for _, value in felt) / len(felt)
    positive = sum(1.0 if polarity == "positive" else 0.5 if polarity == "mixed" else 0.0 for polarity, _ in felt) / len(felt)
    if len(felt) * 6 < len(rows) and len(rows) > 6:
        return "neutral", score
    if positive > 2 / 3:
        return "positive", score
    return ("negative", score) if positive < 1 / 3 else ("mixed", score)


def read_out(doc: Doc, testimonial: Testimonial) -> Annotations:
    """Read everything that was understood in a testimonial out of its `Doc`.

    Tolerant of pipelines without our components: a layer that is absent is read as empty.
    """
    themes = _read_themes(doc)
    sentences = tuple(_read_sentences(doc, themes))
    polarity, score = overall([(s.polarity, s.polarity_score, s.end - s.start) for s in sentences])
    return Annotations(
        testimonial=testimonial,
        entities=tuple(
            Mention(
                start=ent.start_char,
                end=ent.end_char,
                text=testimonial.text[ent.start_char : ent.end_char],  # not the Doc's, in which every space is plain
                label=ent.label_,
                target=ent.kb_id_ or ent.text,
            )
            for ent in doc.ents
        ),
        sentences=sentences,
        polarity=polarity,
        polarity_score=score,
        n_words=len(testimonial.text.split()),
    )


def _read_themes(doc: Doc) -> dict[int, list[ThemeMention]]:
    found: dict[int, list[ThemeMention]] = defaultdict(list)
    if THEMES not in doc.spans:
        return found
    group = doc.spans[THEMES]
    size = len(group)
    attrs = group.attrs
    columns = zip(
        group,
        attrs.get("scores", [1.0] * size),
        attrs.get("polarity", ["neutral"] * size),
        attrs.get("polarity_scores", [0.0] * size),
        attrs.get("evidence", [[]] * size),
        strict=True,
    )
    for span, score, polarity, value, evidence in columns:
        found[span.start].append(
            ThemeMention(
                theme=span.label_,
                score=float(score),
                polarity=polarity,
                polarity_score=float(value),
                evidence=tuple((int(start), int(end)) for start, end in evidence),
            )
        )
    return found


def _read_sentences(doc: Doc, themes: dict[int, list[ThemeMention]]) -> Any:
    if SENTENCES not in doc.spans:
        if doc.has_annotation("SENT_START"):
            for sent in doc.sents:
                yield SentenceView(
                    start=sent.start_char,
                    end=sent.end_char,
                    polarity="neutral",
                    polarity_score=0.0,
                    themes=tuple(themes.get(sent.start, ())),
                )
        return
    group = doc.spans[SENTENCES]
    size = len(group)
    attrs = group.attrs
    columns = zip(
        group,
        attrs.get("scores", [0.0] * size),
        attrs.get("baseline", [0.0] * size),
        attrs.get("irony", [False] * size),
        attrs.get("cues", [[]] * size),
        strict=True,
    )
    for span, score, baseline, irony, cues in columns:
        yield SentenceView(
            start=span.start_char,
            end=span.end_char,
            polarity=span.label_,
            polarity_score=float(score),
            themes=tuple(themes.get(span.start, ())),
            cues=tuple((int(start), int(end)) for start, end in cues),
            baseline_score=float(baseline),
            irony=bool(irony),
        )
