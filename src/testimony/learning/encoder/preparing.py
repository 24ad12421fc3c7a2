"""Every labelled source as texts of one form for fine-tuning: what a source does not say stays unknown."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from .. import augment, corpora, tagging
from ..data import LabelledText, load_real, load_written
from ..polarity_data import load_reviews
from ..standoff import load_all

_BORDER = re.compile(r"(?<=[.!?…])\s+")
_REVIEWS = 2500  # of each set
_OPENING = 6  # sentences of a review that are read
_TOGETHER = 6  # sentences of an entity set that make one text
_SEED = 3

Text = dict[str, Any]


def labelled(texts: Sequence[LabelledText], *, themes: bool = True, entities: bool = True) -> Iterator[Text]:
    """Turn labelled texts into the form that `finetuning.make_windows` takes."""
    for text in texts:
        sentences = [
            {
                "text": sentence.text,
                "themes": dict(sentence.themes) if themes else None,
                "polarity": sentence.polarity,
                "entities": corpora.locate(sentence.text, sentence.entities) if entities else None,
                "either": list(sentence.themes_either),
            }
            for sentence in text.sentences
        ]
        yield {"kind": text.kind, "id": text.id, "group": text.group, "sentences": sentences}


def load(shared: Path, training: Path) -> list[Text]:
    """Read all sources, in a fixed order."""
    data = shared / "data"
    texts = list(labelled(load_real(data / "testimonials/sentences.training.jsonl")))
    texts += labelled(load_written(training / "testimonials.jsonl"))
    texts += [text | {"kind": "plain"} for text in labelled(load_written(training / "polarity"), themes=False, entities=False)]
    texts += labelled(load_all(training, data))
    return [*texts, *_reviews(data), *_names(shared, training)]


def _reviews(data: Path) -> Iterator[Text]:
    for number, review in enumerate(load_reviews(data / "sentiment/reviews", limit=_REVIEWS)):
        sentences = [{"text": part[:400]} for part in _BORDER.split(review.text.strip())[:_OPENING] if part.strip()]
        if sentences:
            name = f"review{number}"
            yield {"kind": "review", "id": name, "group": name, "sentences": sentences, "review": float(review.polarity == "positive")}


def _names(shared: Path, training: Path) -> Iterator[Text]:
    """Entity sets, and our own sentences with other names put in."""
    import spacy

    tokenizer = spacy.blank("fr").tokenizer
    rng = random.Random(_SEED)  # noqa: S311 - shuffling, no secret
    names = tagging.names(shared, training / "names.tsv", rng)
    for source, groups in tagging.sources(shared, training, tokenizer).items():
        for group in groups:
            known = [sentence for sentence in group if sentence.entities is not None]
            if source in ("real", "written"):
                known = [augment.swap(sentence, names, tokenizer, rng) for sentence in known if sentence.entities]
            for at in range(0, len(known), _TOGETHER):
                part = known[at : at + _TOGETHER]
                sentences = [{"text": sentence.text, "entities": sentence.entities} for sentence in part]
                yield {"kind": "names", "id": f"{source}-{part[0].id}", "group": source, "sentences": sentences}
