"""Train and measure the spaCy pipeline: sentences, parts of speech, morphology, lemmas, entities over one shared network."""

from __future__ import annotations

import csv
import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from ..embedding import LAYER, WordTable, plain
from . import augment, corpora, standoff
from .augment import Names
from .corpora import Sentence

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.training import Example

RAW = "raw/french-text.txt.xz"
TREEBANKS = (
    ("UD_French-Sequoia", "fr_sequoia-ud-train", False),
    ("UD_French-GSD", "fr_gsd-ud-dev", True),
    ("UD_French-FQB", "fr_fqb-ud-test", True),
    ("UD_French-ParisStories", "fr_parisstories-ud-train", False),
    ("UD_French-Rhapsodie", "fr_rhapsodie-ud-train", False),
    ("SIGMORPHON2019_GSD-um", "fr_gsd-um-dev", False),
    ("SIGMORPHON2019_GSD-um", "fr_gsd-um-test", False),
)
"""Treebanks to train on: folder, file, and whether sentences of which the stand-off entities say nothing have none."""
BATCH = 1500
"""Tokens that the network sees between two steps."""

CONFIG = """
[nlp]
lang = "fr"
pipeline = ["tok2vec","senter","morphologizer","trainable_lemmatizer","ner"]
batch_size = 64


[nlp.after_creation]
@callbacks = "testimony_vocabulary"

[nlp.tokenizer]
@tokenizers = "testimony_tokenizer"

[components]

[components.tok2vec]
factory = "tok2vec"

[components.tok2vec.model]
@architectures = "spacy.Tok2Vec.v2"

[components.tok2vec.model.embed]
@architectures = "testimony_embed"
width = 96
attrs = ["NORM","PREFIX","SUFFIX","SHAPE"]
rows = [5000,2000,2000,2000]
vector_width = 96

[components.tok2vec.model.encode]
@architectures = "spacy.MaxoutWindowEncoder.v2"
width = 96
depth = 4
window_size = 1
maxout_pieces = 3

[components.senter]
factory = "senter"

[components.senter.model]
@architectures = "spacy.Tagger.v2"
nO = null

[components.senter.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = 96

[components.morphologizer]
factory = "morphologizer"

[components.morphologizer.model]
@architectures = "spacy.Tagger.v2"
nO = null

[components.morphologizer.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = 96

[components.trainable_lemmatizer]
factory = "trainable_lemmatizer"
backoff = "orth"
min_tree_freq = 3
top_k = 3

[components.trainable_lemmatizer.model]
@architectures = "spacy.Tagger.v2"
nO = null

[components.trainable_lemmatizer.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = 96

[components.ner]
factory = "ner"

[components.ner.model]
@architectures = "spacy.TransitionBasedParser.v2"
state_type = "ner"
extra_state_tokens = false
hidden_width = 64
maxout_pieces = 2
use_upper = false
nO = null

[components.ner.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = 96
"""


def sources(shared: Path, training: Path, tokenizer: object) -> dict[str, list[list[Sentence]]]:
    """Read every training source as groups of consecutive sentences.

    Parameters
    ----------
    shared
        The folder of shared data.
    training
        The folder of what is written for the project.
    tokenizer
        The pipeline's tokenizer.
    """
    data = shared / "data"
    stand_off: dict[tuple[str, str], corpora.Entities] = {}
    for line in (data / "ner/ud-entities/entities.jsonl").read_text("utf-8").splitlines():
        item = json.loads(line)
        stand_off[item["treebank"].split()[0], item["sent_id"]] = [(start, end, label) for start, end, label in item["entities"]]
    senses = corpora.read_supersenses(data / "ner/frsemcor_sequoia/sequoia-9.1.frsemcor")
    groups: dict[str, list[list[Sentence]]] = {}
    for name, file, complete in TREEBANKS:
        sentences = corpora.read_conllu(data / "ud" / name / f"{file}.conllu", universal=not name.startswith("SIGMORPHON"))
        for sentence in sentences:
            sentence.entities = stand_off.get((name, sentence.id), [] if complete else None)
            if name == "UD_French-Sequoia" and sentence.id in senses:
                sentence.entities = corpora.name_entities(sentence, senses[sentence.id])
        groups.setdefault(name, []).extend(_groups(sentences, 5))
    groups["popcorn"] = [
        item for part in ("train", "test") for item in corpora.read_popcorn(data / f"ner/popcorn/manual-{part}.json", tokenizer)
    ]
    groups["real"] = corpora.read_real(data / "testimonials/sentences.training.jsonl", tokenizer)
    groups["places"] = corpora.from_labelled(standoff.load_all(training, data), tokenizer)
    groups["written"] = corpora.read_testimonials(training / "testimonials.jsonl", tokenizer)
    return groups


def _groups(sentences: Sequence[Sentence], size: int) -> list[list[Sentence]]:
    return [list(sentences[at : at + size]) for at in range(0, len(sentences), size)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """Some passes over the data with a learning rate that falls to nearly nothing; the averaged weights are what is kept.

    Attributes
    ----------
    weights
        How often a source is seen in one pass, 1 by default: text of the genre counts more.
    steps
        Stop after as many steps; the rate falls accordingly.
    """

    epochs: int
    rate: float
    weights: Mapping[str, int]
    steps: int | None = None


CYCLES = (
    Cycle(epochs=6, rate=0.001, weights={"real": 3, "written": 3}),
    Cycle(epochs=4, rate=0.0006, weights={"real": 3, "written": 3, "SIGMORPHON2019_GSD-um": 2, "UD_French-GSD": 2}),
)


def names(shared: Path, file: Path, rng: random.Random) -> Names:
    """Names to swap in: the table written for the project, people and towns of the open lists."""
    lists = shared / "data" / "gazetteers"
    given = json.loads((lists / "statbel_prenoms/static/data/prenoms.json").read_text("utf-8"))["names"]
    first = [row["n"] for row in given if row["t"] >= 300 and " " not in row["n"]]
    last = (lists / "solvenium_names/dataset/Surnames.txt").read_text("utf-8").split()
    people = [f"{rng.choice(first)} {rng.choice(last)}" for _ in range(5000)]
    with (lists / "etalab_communes/sources/donnees_communes.csv").open(encoding="utf-8") as stream:
        towns = [row["Commune"] for row in csv.DictReader(stream, delimiter=";") if int(row["PTOT"]) >= 3000]
    return augment.read_names(file, people, towns)


def train(
    shared: Path,
    training: Path,
    *,
    seed: int = 1,
    say: Callable[[str], None],
    cycles: Sequence[Cycle] = CYCLES,
    table: WordTable | None = None,
) -> Language:
    """Train the pipeline from its sources with a fixed seed.

    Parameters
    ----------
    shared
        The folder of shared data.
    training
        The folder of what is written for the project: `testimonials.jsonl` and `names.tsv`.
    say
        Told the losses after each epoch.
    cycles
        How long, how fast and on what; two minutes an epoch.
    table
        Vectors of words; by default they are counted in the raw text.
    """
    import spacy
    from spacy.util import load_config_from_str

    from .. import embedding, vocabulary
    from . import vectors

    vocabulary.register()
    spacy.util.fix_random_seed(seed)
    nlp = spacy.util.load_model_from_config(load_config_from_str(CONFIG), auto_fill=True)
    known = sources(shared, training, nlp.tokenizer)
    nlp.initialize(lambda: [_example(nlp, group) for items in known.values() for group in items])
    embedding.fill(nlp.get_pipe("tok2vec").model, table or vectors.build(nlp, shared / "data" / RAW, say))
    for number, cycle in enumerate(cycles):
        rng = random.Random(seed + number)  # noqa: S311 - shuffling, no secret
        spacy.util.fix_random_seed(seed + number)
        nlp = run(nlp, cycle, known, names(shared, training / "names.tsv", rng), rng, say)
    return nlp


def run(
    nlp: Language, cycle: Cycle, known: Mapping[str, list[list[Sentence]]], other: Names, rng: random.Random, say: Callable[[str], None]
) -> Language:
    """Train a pipeline for one cycle on known sentences, with `other` names put in; give the pipeline with averaged weights."""
    import spacy
    from thinc.api import Adam

    _know_trees(nlp)
    groups = [group for name, items in known.items() for group in items * cycle.weights.get(name, 1)]
    tokens = sum(len(sentence.tokens) for group in groups for sentence in group)
    say(f"{len(groups)} groups, {tokens} tokens")
    optimizer = Adam(cycle.rate, beta1=0.9, beta2=0.999, L2=0.01, grad_clip=1.0, use_averages=True, L2_is_weight_decay=True)
    total, step = cycle.epochs * max(1, tokens // BATCH), 0
    total = min(total, cycle.steps or total)
    for epoch in range(cycle.epochs):
        if step == total:
            break
        rng.shuffle(groups)
        losses: dict[str, float] = {}
        for batch in islice(_batches(groups, BATCH), total - step):
            optimizer.learn_rate = cycle.rate * min(1.0, (step + 1) / 250) * max(0.02, 1 - step / total)
            step += 1
            varied = ([augment.swap(item, other, nlp.tokenizer, rng) for item in augment.vary(group, rng)] for group in batch)
            nlp.update([_example(nlp, group) for group in varied], sgd=optimizer, drop=0.2, losses=losses)
        say(
            f"epoch {epoch + 1}/{cycle.epochs}, step {step}/{total} "
            + " ".join(f"{name} {value:.0f}" for name, value in sorted(losses.items()))
        )
    with nlp.use_params(optimizer.averages):
        return spacy.util.load_model_from_config(nlp.config, auto_fill=False).from_bytes(nlp.to_bytes())


def _know_trees(nlp: Language) -> None:
    """Let the lemmatizer find the numbers of its trees: spaCy forgets them when a pipeline is copied, and then takes all for the first."""
    lemmatizer = nlp.get_pipe("trainable_lemmatizer")
    lemmatizer.tree2label = {tree: label for label, tree in enumerate(lemmatizer.cfg["labels"])}


def word_table(nlp: Language) -> WordTable:
    """Give the vectors of words that a pipeline of ours reads."""
    layer = next(node for node in nlp.get_pipe("tok2vec").model.walk() if node.name == LAYER)
    return WordTable(layer.attrs["keys"], layer.attrs["rows"], layer.attrs["scale"])


def _batches(groups: Sequence[list[Sentence]], words: int) -> Iterator[list[list[Sentence]]]:
    batch: list[list[Sentence]] = []
    size = 0
    for group in groups:
        batch.append(group)
        size += sum(len(sentence.tokens) for sentence in group)
        if size >= words:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _example(nlp: Language, group: Sequence[Sentence]) -> Example:
    from spacy.training import Example

    gold: Doc = corpora.to_doc(group, nlp.vocab)
    return Example(nlp.make_doc(gold.text), gold)


def lemma_table(shared: Path) -> dict[tuple[str, str], str]:
    """Most frequent lemma of each form and part of speech in the treebanks that are trained on."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for name, file, _ in TREEBANKS:
        if not name.startswith("SIGMORPHON"):
            for sentence in corpora.read_conllu(shared / "data" / "ud" / name / f"{file}.conllu"):
                for token in sentence.tokens:
                    if token.lemma and " " not in token.lemma:
                        counts[plain(token.text.lower()), token.pos][token.lemma] += 1
    return {key: max(sorted(lemmas), key=lemmas.__getitem__) for key, lemmas in counts.items()}
