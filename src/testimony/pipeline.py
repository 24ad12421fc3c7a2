"""The French pipeline: loaded with the settings that make it fast, and run over testimonials."""

from __future__ import annotations

import configparser
import contextlib
import json
import logging
import os
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from . import store
from .annotations import read_out, register
from .errors import ModelNotFoundError
from .garbage import uncollected
from .types import Annotations, Testimonial

if TYPE_CHECKING:
    from spacy.language import Language

BATCH = 512
"""Texts per batch, at most: fewer say the same less often."""

BATCH_CHARACTERS = 300_000
"""Characters per batch, at most, but for a text that has more: memory holds a hundred numbers for each word."""

MAX_WORDS = 100_000
"""Distinct words that a process keeps; the others are forgotten after each batch."""

_WORDS: WeakKeyDictionary[Language, set[str]] = WeakKeyDictionary()
COMPONENTS = ("testimony_entities", "testimony_spaces", "testimony_themes", "testimony_sentiment")
_LOG = logging.getLogger("testimony")


def load(
    model: str | None = None, *, codebook: str | os.PathLike[str] | None = None, registry: str | os.PathLike[str] | None = None
) -> Language:
    """Load a pipeline with the components of testimony.

    Parameters
    ----------
    model
        Any spaCy pipeline for French, by name or path; by default the one that is shipped. What it lacks is done by rules, and said
        in the log.
    codebook, registry
        Files that replace the built-in codebook and the empty registry of spaces.

    Raises
    ------
    ModelNotFoundError
        If the pipeline is missing, broken, or holds code.
    """
    from thinc.api import use_ops

    from . import tokenizer, vocabulary

    tokenizer.import_french()
    from .pipes import faster

    faster.register()
    vocabulary.register()
    register()
    # numpy's matrix kernels know more processors than thinc's own; the choice is bound to the layers while they are made.
    with use_ops("numpy", use_blis=False), uncollected():
        nlp = _load(model if model is not None else str(store.models_path() / store.PIPELINE))
        nlp.batch_size = BATCH
        _complete(nlp, {"codebook": codebook, "registry": registry})
    return nlp


def _load(model: str) -> Language:
    import spacy

    path = Path(model)
    if path.is_dir():
        _check_folder(path)
    elif path.exists() or os.sep in model:
        raise ModelNotFoundError(f"{model}: no pipeline folder there; give a folder that spaCy wrote, or the name of an installed pipeline")
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            nlp = spacy.load(path if path.is_dir() else model)
    except _BROKEN as error:
        raise ModelNotFoundError(
            f"{model}: cannot be loaded as a spaCy pipeline ({_line(error)}){_made_with(path)}; {_remedy(path)}"
        ) from error
    for item in caught:  # of a pipeline made with another version of spaCy, for instance
        _LOG.warning("%s: %s", model, _line(item.message))
    return nlp


_BROKEN = (
    OSError, ValueError, KeyError, TypeError, ImportError, EOFError, AttributeError, IndexError, zipfile.BadZipFile, configparser.Error,
)  # fmt: skip
_CODE = frozenset((".py", ".pyc", ".pyd", ".so", ".dll", ".dylib", ".pkl", ".pickle", ".joblib", ".pth", ".pt"))
_PICKLED = re.compile(r"torch|tensorflow|mxnet|transformer", re.IGNORECASE)
"""Names of layers whose weights these frameworks read as pickles."""
_WEIGHTS = {
    "tok2vec": ("model",),
    "senter": ("cfg", "model"),
    "tagger": ("cfg", "model"),
    "morphologizer": ("cfg", "model"),
    "parser": ("cfg", "model", "moves"),
    "ner": ("cfg", "model", "moves"),
    "trainable_lemmatizer": ("cfg", "model", "trees"),
}
"""Files of trained components: spaCy loads a component without them silently, and it then guesses."""


def _check_folder(path: Path) -> None:
    """Refuse a folder that holds code or asks for pickles, or that lacks a part of a trained component."""
    code = sorted(file.name for file in path.rglob("*") if not _CODE.isdisjoint(suffix.lower() for suffix in file.suffixes))
    code += sorted(name for name in _registered(path) if _PICKLED.search(name))
    if code:
        raise ModelNotFoundError(f"{path}: holds code or pickles ({code[0]}), refused; use a pipeline without them")
    for component, files in _WEIGHTS.items():
        if (path / component).is_dir():
            for name in files:
                if not (path / component / name).is_file():
                    raise ModelNotFoundError(f"{path}: {component}/{name} is missing; {_remedy(path)}")


def _registered(path: Path) -> set[str]:
    """Names of the functions that the configuration of a folder asks for."""
    from thinc.api import Config

    found: set[str] = set()
    stack: list[Any] = []
    with contextlib.suppress(OSError, ValueError, configparser.Error):  # spaCy says what is wrong with it
        stack.append(Config().from_disk(path / "config.cfg"))
    while stack:
        section = stack.pop()
        found.update(str(value) for key, value in section.items() if key.startswith("@"))
        stack += [value for value in section.values() if isinstance(value, dict)]
    return found


def _line(error: object) -> str:
    return " ".join(str(error).split())[:160]


def _made_with(path: Path) -> str:
    """Version of spaCy that a folder was made for, where it differs from the one that runs."""
    from spacy.about import __version__ as running

    try:
        wanted = json.loads((path / "meta.json").read_text("utf-8")).get("spacy_version", "")
    except (OSError, ValueError, AttributeError):
        return ""
    return f" [made for spaCy {wanted}, {running} runs]" if wanted else ""


def _remedy(path: Path) -> str:
    shipped = path.name == store.PIPELINE
    return "install testimony again" if shipped else "check the name, or install or copy the pipeline again"


def _complete(nlp: Language, settings: dict[str, Any]) -> None:
    """Add what a pipeline lacks, and the user's own files."""
    given = {name: os.fspath(value) for name, value in settings.items() if value is not None}
    wants = {"testimony_spaces": "registry", "testimony_themes": "codebook"}
    title = nlp.meta.get("name") or "pipeline"
    if nlp.lang != "fr":
        raise ModelNotFoundError(f"{title}: a pipeline for {nlp.lang!r}; one for French ('fr') is needed")
    parts = set(nlp.pipe_names)
    if not {"senter", "parser", "sentencizer"} & parts:
        _LOG.warning("the pipeline %s finds no sentences; marks at their end decide", title)
        nlp.add_pipe("sentencizer", first=True)
    ending = next((name for name in ("senter", "sentencizer") if name in nlp.pipe_names), None)
    if ending and "testimony_sentences" not in parts:
        nlp.add_pipe("testimony_sentences", after=ending)
    if not {"morphologizer", "tagger"} & parts:
        _LOG.warning("the pipeline %s finds no parts of speech; patterns that need them find less", title)
    if not {"lemmatizer", "trainable_lemmatizer", "testimony_lemmas"} & parts:
        _LOG.warning("the pipeline %s finds no lemmas; a dictionary gives them", title)
        nlp.add_pipe("testimony_lemmas")
    if "ner" not in parts:
        _LOG.warning("the pipeline %s finds no entities; only names that lists know are found", title)
    for name in COMPONENTS:
        config = {wants[name]: given[wants[name]]} if wants.get(name) in given else {}
        if name in nlp.pipe_names and config:
            following = nlp.pipe_names[nlp.pipe_names.index(name) + 1 :]
            nlp.remove_pipe(name)
            nlp.add_pipe(name, config=config, **({"before": following[0]} if following else {}))
        elif name not in nlp.pipe_names:
            nlp.add_pipe(name, config=config)


def _learn_words(nlp: Language, texts: Sequence[str]) -> None:
    """Cut words that come back before the zone of memory begins: what is met inside it is forgotten at its end, and cut at every place."""
    known = _WORDS.setdefault(nlp, set())
    for word, count in Counter(chain.from_iterable(text.split() for text in texts)).items():
        if count > 1 and word not in known and len(known) < MAX_WORDS:
            known.add(word)
            nlp.make_doc(word)


def batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """Cut texts into those that are understood together."""
    batch: list[str] = []
    size = 0
    for text in texts:
        if batch and (len(batch) >= BATCH or size + len(text) > BATCH_CHARACTERS):
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch


def annotate(nlp: Language, testimonials: Sequence[Testimonial]) -> list[Annotations]:
    """Run the pipeline over testimonials and read out what it understood, in the same order.

    Equal texts are understood once. Nothing of spaCy leaves this function.
    """
    texts = list(dict.fromkeys(testimonial.text for testimonial in testimonials))
    wanted: dict[str, list[int]] = {}
    for number, testimonial in enumerate(testimonials):
        wanted.setdefault(testimonial.text, []).append(number)
    result: list[Annotations | None] = [None] * len(testimonials)
    _learn_words(nlp, texts)
    with nlp.memory_zone():
        docs = chain.from_iterable(nlp.pipe(batch, batch_size=BATCH) for batch in batches(texts))
        for text, doc in zip(texts, docs, strict=True):
            for number in wanted[text]:
                result[number] = read_out(doc, testimonials[number])
    return [annotation for annotation in result if annotation is not None]
