"""The smaller commands: segment, codebook, evaluate, train, doctor."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .errors import CodebookError, InputError, TestimonyError

Check = tuple[str, Callable[[], str]]


def say(line: str) -> None:
    """Write one line of a command's answer."""
    sys.stdout.write(line + "\n")


def doctor() -> int:
    """Say whether everything needed is there; return 0 if so, else 1."""
    failed = 0
    for name, check in _CHECKS:
        try:
            say(f"ok      {name}: {check()}")
        except (TestimonyError, ImportError, OSError, ValueError) as error:
            failed += 1
            say(f"MISSING {name}: {' '.join(str(error).split())}")
    for name, (module, extra) in _EXTRAS.items():
        say(f"ok      {name}" if _is_there(module) else f"absent  {name} (optional): pip install 'testimony[{extra}]'")
    return 1 if failed else 0


def _python() -> str:
    return sys.version.split(maxsplit=1)[0]


def _libraries() -> str:
    from importlib.metadata import version

    return ", ".join(f"{name} {version(name)}" for name in ("spacy", "scikit-learn", "textblob-fr", "pyarrow"))


def _pipeline() -> str:
    from . import pipeline

    nlp = pipeline.load()
    doc = nlp("Nous travaillons à Nantes, dans un espace chaleureux.")
    return f"{nlp.meta['name']} {nlp.meta['version']} with {', '.join(nlp.pipe_names)}; finds {[ent.text for ent in doc.ents]}"


def _codebook() -> str:
    from .codebook import Codebook

    return f"{len(Codebook.builtin().themes)} themes"


def _readers() -> str:
    from . import readers

    return ", ".join(readers.SUFFIXES)


_CHECKS: tuple[Check, ...] = (
    ("Python", _python),
    ("libraries", _libraries),
    ("codebook", _codebook),
    ("readers", _readers),
    ("pipeline", _pipeline),
)
_EXTRAS = {"Dask": ("distributed", "dask"), "Jupyter": ("nbclient", "notebooks"), "PyTorch, to train an encoder": ("torch", "train")}


def _is_there(module: str) -> bool:
    from importlib.util import find_spec

    return find_spec(module) is not None


def discover(results: str | None, *, number: int, take: int | None, output: str | None) -> int:
    """Show the themes that a codebook leaves out, or add one to a codebook."""
    from .workshop import discover_themes

    if results is None:
        raise InputError("codebook discover: name the results folder")
    return discover_themes(results, number=number, take=take, output=output, say=say)


def codebook(action: str, file: str | None) -> int:
    """Show, check or start a codebook."""
    from .codebook import SKELETON, Codebook

    if action == "init":
        if file is None:
            raise InputError("codebook init: name the file to create, for instance themes.toml")
        try:
            with Path(file).open("x", encoding="utf-8") as stream:
                stream.write(SKELETON)
        except FileExistsError:
            raise InputError(f"{file}: exists already and is left untouched; name another file") from None
        except OSError as error:
            raise InputError(f"{file}: cannot be written ({error.strerror}); name another file") from error
        say(file)
        return 0
    if action == "check" and file is None:
        raise CodebookError("codebook check: name the codebook to check")
    book = Codebook.load(file) if file else Codebook.builtin()
    if action == "check":
        say(f"{file}: {len(book.themes)} themes, no error")
        return 0
    for theme in book.themes:
        say(f"{theme.id}\t{theme.label}\t{theme.definition}")
    return 0


def segment(file: str, *, hints: str | None, spaces: str | None, whole: bool, columns: Any) -> int:
    """Print the testimonials found in a file, and why."""
    from . import readers
    from .segmentation import explain
    from .segmentation.hints import Hints
    from .spaces import Registry

    path = Path(file)
    if path.is_dir():
        raise InputError(f"{file}: is a folder; name one document in it, or use `testimony analyze {file}`")
    source = Path(hints) if hints else _of_corpus(path, "testimony.toml")
    given = Hints.load(source) if source else Hints()
    if source:
        say(f"hints: {source}, for this file {given.of(file).said()}")
    if whole:
        given = given.with_whole()
    known = Path(spaces) if spaces else _of_corpus(path, "spaces.toml")
    registry = Registry.load(known) if known else None
    for item in readers.read(path, columns=given.columns(file, columns)):
        if isinstance(item, readers.Unreadable):
            say(f"{item.source}: not read: {item.reason}")
            continue
        found = explain(item, hints=given, registry=registry)
        say(f"{item.source}: {len(found.testimonials)} testimonial(s)")
        for testimonial in found.testimonials:
            _say_testimonial(testimonial, item.text)
        for reason in found.kept:
            say(f"  = kept: {reason}")
        for reason in found.aside:
            say(f"  - set aside: {reason}")
    return 0


def _of_corpus(path: Path, name: str) -> Path | None:
    """A file of the corpus: beside a document, or in a folder above it up to the current one."""
    here = Path.cwd().resolve()
    folder = path.resolve().parent
    above = [folder, *folder.parents]
    within = above[: above.index(here) + 1] if here in above else above[:1]
    return next((candidate for one in within if (candidate := one / name).is_file()), None)


def _say_testimonial(testimonial: Any, source_text: str) -> None:
    from .types import REVIEW_THRESHOLD

    flag = f" (à vérifier: below {REVIEW_THRESHOLD:.2f})" if testimonial.confidence < REVIEW_THRESHOLD else ""
    say(f"  + {testimonial.rule}, confidence {testimonial.confidence:.2f}{flag}")
    for name in ("speaker", "role", "space", "about", "date"):
        value = getattr(testimonial, name)
        origins = [evidence for evidence in testimonial.evidence if evidence.attribute == name]
        where = f"  ← {_origin(origins[0], source_text)}" if origins else ""
        if value is not None:
            say(f"    {name}: {value}{where}")
    words = testimonial.text.split()
    say(f"    text: {' '.join([*words[:12], '…', *words[-6:]] if len(words) > 19 else words)}")
    say(f"    at: {', '.join(f'{start}–{end}' for start, end in testimonial.segments)}")


def _origin(evidence: Any, source_text: str) -> str:
    if evidence.origin == "text" and evidence.start is not None:
        return f"text {evidence.start}–{evidence.end}: {source_text[evidence.start : evidence.end]!r}"
    return f"{evidence.origin} {evidence.key}" if evidence.key else str(evidence.origin)


def evaluate(what: str, arguments: list[str]) -> int:
    """Measure quality against labelled data."""
    from .workshop import EVALUATIONS

    return _of(EVALUATIONS, "evaluate", what)(arguments, say)


def train(what: str, arguments: list[str]) -> int:
    """Rebuild a model from its sources."""
    from .workshop import TRAININGS

    return _of(TRAININGS, "train", what)(arguments, say)


def _of(table: dict[str, Any], command: str, what: str) -> Any:
    if what not in table:
        raise InputError(f"{command} {what}: nothing of that name; choose one of {', '.join(table)}")
    return table[what]
