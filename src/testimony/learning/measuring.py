"""Measures any spaCy pipeline for French, ours or another, on treebanks and on annotated sentences."""

from __future__ import annotations

import json
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..embedding import plain
from ..errors import InputError
from . import corpora
from .corpora import Sentence

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

Figures = dict[str, float]
TREEBANKS = {
    "Sequoia dev": "data/ud/UD_French-Sequoia/fr_sequoia-ud-dev.conllu",
    "Rhapsodie dev (spoken)": "data/ud/UD_French-Rhapsodie/fr_rhapsodie-ud-dev.conllu",
    "ParisStories dev (spoken)": "data/ud/UD_French-ParisStories/fr_parisstories-ud-dev.conllu",
}
SENTENCES = {"testimonials": "data/testimonials/sentences.gold.jsonl"}
ENCYCLOPEDIA = {"WikiNEuRal val": "data/ner/wikineural_fr_evaluation_only/val.conllu"}
PLACES = ("SPACE", "ORG", "LOC")

# Other pipelines name the same things otherwise.
_LABELS = {"PERSON": "PER", "GPE": "LOC", "FAC": "LOC"}


@dataclass(frozen=True, slots=True)
class Annotated:
    """A text with its entities; what stands in `unscored` counts neither way."""

    text: str
    entities: frozenset[tuple[int, int, str]]
    unscored: tuple[tuple[int, int, frozenset[str]], ...] = ()

    def scored(self, found: Iterable[tuple[int, int, str]]) -> set[tuple[int, int, str]]:
        """Leave out what readers disagreed on, and what crosses a border between sentences."""
        if not self.unscored:
            return set(found)
        kept = set()
        for start, end, label in found:
            home = next((item for item in self.unscored if item[0] <= start and end <= item[1]), None)
            if home and ((start, end, label) in self.entities or self.text[start:end] not in home[2]):
                kept.add((start, end, label))
        return kept


def read_sentences(path: Path) -> list[Annotated]:
    """Read annotated sentences (JSON Lines), those of one testimonial joined by a space."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in path.read_text("utf-8").splitlines():
        item = json.loads(line)
        groups[item["id"].rsplit(".", 1)[0]].append(item)
    texts = []
    for group in groups.values():
        start, entities, homes = 0, set(), []
        for item in group:
            entities |= {(start + a, start + b, label) for a, b, label in corpora.locate(item["text"], item["entities"])}
            end = start + len(item["text"])
            homes.append((start, end, frozenset(surface for surface, _ in item.get("entities_either", ()))))
            start = end + 1
        texts.append(Annotated(" ".join(item["text"] for item in group), frozenset(entities), tuple(homes)))
    return texts


def read_tagged(path: Path) -> list[Annotated]:
    """Read sentences in columns (number, word, B-/I-/O label), put together as they would be written."""
    texts = []
    for block in path.read_text("utf-8").strip().split("\n\n"):
        text, entities = "", []
        for line in block.splitlines():
            word, tag = line.split("\t")[1:3]
            if text and not text.endswith(("'", "’", "(")) and word not in (".", ",", ")", "]"):
                text += " "
            if tag.startswith("B"):
                entities.append((len(text), len(text) + len(word), tag[2:]))
            elif tag.startswith("I") and entities:
                entities[-1] = (entities[-1][0], len(text) + len(word), entities[-1][2])
            text += word
        texts.append(Annotated(text, frozenset(entities)))
    return texts


def split_figures(nlp: Language, texts: Sequence[Annotated]) -> Figures:
    """F1 of the beginnings of sentences, and the share of texts that are cut exactly as the key cuts them."""
    true = found = gold = exact = 0
    for annotated, doc in zip(texts, nlp.pipe([item.text for item in texts]), strict=True):
        ours, key = {sent.start_char for sent in doc.sents}, {start for start, _, _ in annotated.unscored}
        true, found, gold, exact = true + len(ours & key), found + len(ours), gold + len(key), exact + (ours == key)
    return {"sentences": _f(true, found, gold), "exact splits": exact / max(1, len(texts))}


def _first_sentences(path: Path, number: int) -> list[str]:
    return [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()[:number]]


def _f(true: int, found: int, gold: int) -> float:
    return 2 * true / (found + gold) if found + gold else 1.0


def entity_figures(nlp: Language, texts: Sequence[Annotated], *, spaces: bool = True) -> Figures:
    """F1 of exact entities: of each label, of all, and `merged` (an organisation or a place counts for a space).

    Parameters
    ----------
    spaces
        False where the key knows no spaces: then ours are taken as organisations.
    """
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for annotated, doc in zip(texts, nlp.pipe([item.text for item in texts], batch_size=64), strict=True):
        found = annotated.scored(_found(doc, spaces))
        gold = set(annotated.entities)
        at_spaces = {entity[:2] for entity in gold if entity[2] == "SPACE"}
        views: dict[str, Callable[[tuple[int, int, str]], object]] = {
            "all": lambda entity: entity,
            "merged": lambda entity, at=at_spaces: (*entity[:2], "SPACE") if entity[2] in PLACES and entity[:2] in at else entity,  # type: ignore[misc]
            "SPACE+ORG": lambda entity: entity[:2] if entity[2] in ("SPACE", "ORG") else None,
        }
        views |= {label: lambda entity, label=label: entity if entity[2] == label else None for *_, label in found | gold}  # type: ignore[misc]
        for name, view in views.items():
            one, other = ({view(entity) for entity in side} - {None} for side in (found, gold))
            for place, number in enumerate((len(one & other), len(one), len(other))):
                counts[name][place] += number
    return {name: _f(*numbers) for name, numbers in sorted(counts.items())}


def _found(doc: Doc, spaces: bool) -> set[tuple[int, int, str]]:
    labels = ((ent, _LABELS.get(ent.label_, ent.label_)) for ent in doc.ents)
    return {(ent.start_char, ent.end_char, "ORG" if label == "SPACE" and not spaces else label) for ent, label in labels}


def treebank_figures(nlp: Language, sentences: Sequence[Sentence]) -> Figures:
    """Accuracy of parts of speech, morphology and lemmas, F1 of sentences; five sentences are joined at a time."""
    from spacy.scorer import Scorer
    from spacy.training import Example

    examples = []
    for at in range(0, len(sentences), 5):
        gold = corpora.to_doc(sentences[at : at + 5], nlp.vocab)
        examples.append(Example(nlp(gold.text), gold))
    scores = Scorer(nlp).score(examples)
    names = {"pos_acc": "UPOS", "morph_acc": "morphology", "lemma_acc": "lemma", "sents_f": "sentences", "token_f": "tokens"}
    return {name: float(scores[key]) for key, name in names.items() if scores.get(key) is not None}


def variants(text: str) -> list[str]:
    """Give a text in other typography: apostrophes, spaces that do not break, accents, the inside of quotation marks."""
    straight = text.replace("’", "'")
    nbsp = text.replace(" :", "\u00a0:").replace(" ?", "\u202f?").replace(" !", "\u202f!").replace("« ", "«\u00a0").replace(" »", "\u00a0»")
    close = text.replace("« ", "«").replace(" »", "»")
    return [straight, straight.replace("'", "’"), nbsp, nbsp.replace("\u00a0", "\u202f"), close, unicodedata.normalize("NFD", text)]


def typography_figures(nlp: Language, texts: Sequence[str]) -> Figures:
    """Share of texts whose tokens, parts of speech, forms, lemmas, sentences and entities are the same in every typography."""
    same = sum(len({str(reading(doc)) for doc in nlp.pipe([text, *variants(text)])}) == 1 for text in texts)
    return {"same in all variants": same / max(1, len(texts))}


def reading(doc: Doc) -> tuple[object, ...]:
    """All that a pipeline says of a text, typed plainly."""
    tokens = [
        (_typed(token.text), token.pos_, str(token.morph), _typed(token.lemma_), token.is_sent_start) for token in doc if not token.is_space
    ]
    return tokens, [(_typed(ent.text), ent.label_, _typed(ent.kb_id_)) for ent in doc.ents]


def _typed(text: str) -> str:
    return " ".join(plain(text).split())


def speed_figures(nlp: Language, texts: Sequence[str]) -> Figures:
    """Words per second in one process, best of three runs."""
    words = sum(len(text.split()) for text in texts)
    best = 0.0
    for _ in range(3):
        start = time.perf_counter()
        for _doc in nlp.pipe(texts, batch_size=nlp.batch_size):
            pass
        best = max(best, words / (time.perf_counter() - start))
    return {"words per second": best}


def measure(nlp: Language, shared: Path) -> dict[str, Figures]:
    """Measure a pipeline on every development set that is there."""
    result: dict[str, Figures] = {}
    for name, path in TREEBANKS.items():
        if (shared / path).is_file():
            result[name] = treebank_figures(nlp, corpora.read_conllu(shared / path))
    for name, path in SENTENCES.items():
        if (shared / path).is_file():
            texts = read_sentences(shared / path)
            result[name] = entity_figures(nlp, texts) | speed_figures(nlp, [item.text for item in texts])
            result[name] |= split_figures(nlp, texts)
            result[name] |= typography_figures(nlp, _first_sentences(shared / path, 200))
    for name, path in ENCYCLOPEDIA.items():
        if (shared / path).is_file():
            result[name] = entity_figures(nlp, read_tagged(shared / path), spaces=False)
            result[name].pop("merged", None)
    if not result:
        raise InputError(
            f"{shared}: none of the development sets is there; give the folder that holds data/ud and data/testimonials with --data"
        )
    return result


def table(measured: dict[str, dict[str, Figures]]) -> list[str]:
    """Draw the figures of several pipelines side by side as a Markdown table."""
    names = list(measured)
    lines = ["| set | figure | " + " | ".join(names) + " |", "|---|---|" + "---:|" * len(names)]
    rows = list(dict.fromkeys((group, figure) for sets in measured.values() for group, figures in sets.items() for figure in figures))
    order = {group: place for place, group in enumerate(dict.fromkeys(group for group, _ in rows))}
    for group, figure in sorted(rows, key=lambda row: order[row[0]]):
        values = (measured[name].get(group, {}).get(figure) for name in names)
        lines.append(f"| {group} | {figure} | " + " | ".join("–" if value is None else _number(value) for value in values) + " |")
    return lines


def _number(value: float) -> str:
    return f"{value:.3f}" if value <= 1 else f"{value:,.0f}"
