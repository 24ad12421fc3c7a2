"""The pipeline's folder: trained network, our components, what it is worth and what it was made of."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from . import tagging

if TYPE_CHECKING:
    from spacy.language import Language

META = {
    "name": "testimony",
    "version": "0.2.0",
    "description": "French pipeline for testimonials: sentences, parts of speech, morphology, lemmas, entities, spaces, themes, polarity",
    "author": "The testimony authors",
    "license": "CC BY-SA 4.0 and LGPL-LR for what is learnt from treebanks; MIT for the rest",
}
COMPONENTS = ("testimony_entities", "testimony_spaces", "testimony_themes", "testimony_sentiment")

_CARD = """\
# fr_testimony

{description}. A convolutional network over hashed forms, lists of names and word vectors, shared by all trained components; rules tidy the
entities and name the spaces. `testimony.load()`, or `spacy.load` of this folder where the package is installed.

Rebuilt by `testimony train pipeline --data ../shared` with a fixed seed ({seed}), {passes}.

| folder on disk | `testimony.load()` after `import spacy`, seconds of processor |
|---:|---:|
| {size:.1f} MB | {seconds:.2f} |

## What it was made of

| data | used for | licence |
|---|---|---|
| UD French Sequoia train, FQB | tags, lemmas, sentences | LGPL-LR |
| UD French GSD dev, Rhapsodie and ParisStories train; GSD train as of SIGMORPHON 2019 (lemmas) | tags, lemmas, sentences | CC BY-SA 4.0 |
| stand-off entities over GSD and FQB | entities | ours |
| Popcorn, capitalised mentions | entities | MIT |
| FrSemCor on Sequoia, persons and known towns | entities | LGPL-LR |
| 5,336 sentences of real blogs and interviews, entities marked by reading | entities, sentences | annotation ours; text not distributed |
| sentences of public corpora and documents, labelled by their place (`training/*-standoff.tsv`: 24,724) | entities, sentences | annotation ours; text not distributed |
| `training/testimonials.jsonl`, `training/names.tsv` | entities, sentences | ours, MIT |
| raw French sentences (23 M tokens), counted | word vectors | counts only; text not distributed |
| INSEE communes, Statbel given names, Belgian postcodes, SEM and solvenium lists, Hunspell headwords | classes of words, names to swap in | Licence Ouverte, open data, MIT, MPL |

Nothing of WikiNEuRal (non-commercial) and none of the gold sentences was trained on.

## What it is worth

Development data; the testimonials of the key were not trained on.

{figures}

## Known failures

- Names made of ordinary words (firms, spaces, methods) are often missed when nothing near them says what they are.
- `MISC` is the weakest label: products, methods, programmes and events are told from organisations by what surrounds them only.
- A space named by its short form alone is taken for an organisation or a place when the document never gives its full name.
- Sentences without final marks (titles, lists run together) are sometimes joined.
- Text without capitals yields few entities.
"""


def write(nlp: Language, shared: Path, output: Path) -> None:
    """Add our components to a trained network and write the folder, whole or not at all."""
    nlp.add_pipe("testimony_sentences", after="senter")
    lemmas = nlp.add_pipe("testimony_lemmas", before="trainable_lemmatizer")
    lemmas.table = tagging.lemma_table(shared)
    for name in COMPONENTS:
        nlp.add_pipe(name)
    nlp.meta.update(META)
    fresh = output.with_name(output.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    # Themes and sentiment live in `models/` once; a copy in the pipeline would grow old.
    nlp.to_disk(fresh, exclude=["testimony_themes", "testimony_sentiment"])
    prune_strings(nlp, fresh)
    shutil.rmtree(output, ignore_errors=True)
    fresh.rename(output)


def write_card(output: Path, figures: Sequence[str], *, seconds: float, seed: int, steps: int | None = None) -> None:
    """Write the model card: data, licences, size, figures, known failures; `steps` where the cycles were cut short."""
    size = sum(file.stat().st_size for file in output.rglob("*") if file.is_file()) / 1e6
    passes = f"{sum(cycle.epochs for cycle in tagging.CYCLES)} passes over the data" if steps is None else f"twice {steps} steps"
    lasting = "\n".join(line for line in figures if "per second" not in line)
    card = _CARD.format(**META, passes=passes, seed=seed, size=size, seconds=seconds, figures=lasting)
    (output / "README.md").write_text(card, "utf-8")


def prune_strings(nlp: Language, folder: Path) -> None:
    """Keep only the strings that labels and lemma trees refer to: no word list of the training texts leaves with the model."""
    import srsly
    from spacy import blank

    trees = nlp.get_pipe("trainable_lemmatizer").trees if "trainable_lemmatizer" in nlp.pipe_names else None
    used = set(_numbers(srsly.msgpack_loads(trees.to_bytes()))) if trees is not None else set()
    strings = nlp.vocab.strings
    kept = {strings[number] for number in used if number in strings}
    labels = (label for name in nlp.pipe_names for label in getattr(nlp.get_pipe(name), "labels", ()))
    kept |= {label for label in labels if isinstance(label, str)}
    kept |= set(blank("fr").vocab.strings)
    srsly.write_json(folder / "vocab" / "strings.json", sorted(kept))


def _numbers(value: object) -> list[int]:
    """All whole numbers in nested lists and tables that are large enough to be hashes."""
    if isinstance(value, dict):
        return [number for item in value.values() for number in _numbers(item)]
    if isinstance(value, list | tuple):
        return [number for item in value for number in _numbers(item)]
    return [value] if isinstance(value, int) and value > 1 << 20 else []
