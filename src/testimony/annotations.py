"""Layers of a `Doc` and their read-out into records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .types import Annotations, Mention, Polarity, SentenceView, Testimonial, ThemeMention

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

SENTENCES, THEMES = "sentences", "themes"


def _themes(doc: Doc) -> list[str]:
    return sorted({span.label_ for span in doc.spans.get(THEMES, ())})


def _polarity(doc: Doc) -> Polarity:
    return overall(_sentence_polarities(doc), _text_score(doc))


def _testimonial(doc: Doc) -> Any:
    return doc.user_data.get("testimonial")


def register() -> None:
    """Register the getters ``Doc._.themes``, ``Doc._.polarity`` and ``Doc._.testimonial``, once."""
    from spacy.tokens import Doc

    for name, getter in (("themes", _themes), ("polarity", _polarity), ("testimonial", _testimonial)):
        if not Doc.has_extension(name):
            Doc.set_extension(name, getter=getter)


def _sentence_polarities(doc: Doc) -> list[str]:
    return [span.label_ for span in doc.spans.get(SENTENCES, ())]


def _text_score(doc: Doc) -> float:
    return float(doc.spans[SENTENCES].attrs.get("overall", 0.0)) if SENTENCES in doc.spans else 0.0


def overall(polarities: Sequence[str], score: float) -> Polarity:
    """Polarity of a whole text from those of its sentences and the score of the whole.

    Neutral sentences do not dilute what is felt elsewhere, unless they are six in seven; where each pole has at least a third of the
    evaluating sentences the text is mixed, else the score says which side it takes.
    """
    felt = [polarity for polarity in polarities if polarity != "neutral"]
    if not felt or (len(felt) * 6 < len(polarities) and len(polarities) > 6):
        return "neutral"
    positive = sum(1.0 if polarity == "positive" else 0.5 if polarity == "mixed" else 0.0 for polarity in felt) / len(felt)
    if 1 / 3 <= positive <= 2 / 3 or not score or (score > 0) != (positive > 0.5):
        return "mixed"
    return "positive" if score > 0 else "negative"


def read_out(doc: Doc, testimonial: Testimonial) -> Annotations:
    """Read everything that was understood in a testimonial out of its `Doc`.

    Tolerant of pipelines without our components: a layer that is absent is read as empty.
    """
    themes = _read_themes(doc)
    sentences = tuple(_read_sentences(doc, testimonial.text, themes))
    score = _text_score(doc)
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
        polarity=overall([sentence.polarity for sentence in sentences], score),
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


def _written(sentence: Span, text: str) -> tuple[int, int]:
    """Where a sentence of a text begins and ends, spaces and blank lines around it aside."""
    first, last = int(sentence.start_char), int(sentence.end_char)
    said = text[first:last]
    start = last - len(said.lstrip())
    return start, max(start, first + len(said.rstrip()))


def _read_sentences(doc: Doc, text: str, themes: dict[int, list[ThemeMention]]) -> Any:
    if SENTENCES not in doc.spans:
        if doc.has_annotation("SENT_START"):
            for sent in doc.sents:
                start, end = _written(sent, text)
                yield SentenceView(
                    start=start,
                    end=end,
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
        start, end = _written(span, text)
        yield SentenceView(
            start=start,
            end=end,
            polarity=span.label_,
            polarity_score=float(score),
            themes=tuple(themes.get(span.start, ())),
            cues=tuple((int(start), int(end)) for start, end in cues),
            baseline_score=float(baseline),
            irony=bool(irony),
        )
