"""`testimony train …` and `testimony evaluate …`: parse, call the learning room, print the figures."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from . import store
from .errors import InputError, MissingExtraError

Say = Callable[[str], None]


class _Options(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise InputError(f"{self.prog}: {message}; see `testimony {self.prog} --help`")


def _options(name: str, text: str) -> _Options:
    options = _Options(prog=name, description=text)
    options.add_argument("--data", default="../shared", metavar="FOLDER", help="the folder of shared data (default: ../shared)")
    options.add_argument("--written", default="training", metavar="FOLDER", help="texts written for the project (default: training/)")
    return options


def _folders(given: argparse.Namespace, *wanted: str) -> tuple[Path, Path]:
    shared, written = Path(given.data), Path(given.written)
    for folder in (shared / part for part in wanted):
        if not folder.exists():
            raise InputError(f"{folder}: not there; give the folder of shared data with --data")
    return shared, written


_REAL = "data/testimonials/sentences.training.jsonl"
_GOLD = "data/testimonials/sentences.gold.jsonl"


def _labelled(shared: Path, written: Path) -> list[Any]:
    from .learning.data import load_real, load_written
    from .learning.standoff import load_all

    texts = [text for path in sorted(written.glob("*.jsonl")) if not path.stem.endswith("standoff") for text in load_written(path)]
    return texts + load_real(shared / _REAL) + load_all(written, shared / "data")


def train_pipeline(arguments: Sequence[str], say: Say) -> int:
    """Rebuild ``models/fr_testimony`` from its sources."""
    options = _options("train pipeline", "Rebuild the spaCy pipeline from its sources, with a fixed seed.")
    options.add_argument("-o", "--output", default=str(Path("models") / store.PIPELINE))
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--steps", type=int, metavar="N", help="stop each of the two cycles after N steps (default: ten passes in all)")
    options.add_argument(
        "--vectors", metavar="PIPELINE", help="take the word vectors of this pipeline, do not count them in the raw text anew"
    )
    given = options.parse_args(arguments)
    shared, written = _folders(given, "data/ud", "data/ner", *(() if given.vectors else ("data/raw",)))
    import time
    from dataclasses import replace

    from thinc.api import use_ops

    from . import pipeline
    from .learning import building, measuring, tagging

    output = Path(given.output)
    table = tagging.word_table(pipeline.load(given.vectors)) if given.vectors else None
    cycles = [replace(cycle, steps=given.steps) for cycle in tagging.CYCLES]
    with use_ops("numpy", use_blis=False):
        nlp = tagging.train(shared, written, seed=given.seed, say=say, cycles=cycles, table=table)
        building.write(nlp, shared, output)
    start = time.process_time()  # another program at work on the machine says nothing of the model
    loaded = pipeline.load(str(output))
    seconds = time.process_time() - start
    figures = measuring.table({store.PIPELINE: measuring.measure(loaded, shared)})
    building.write_card(output, figures, seconds=seconds, seed=given.seed, steps=given.steps)
    for line in figures:
        say(line)
    return 0


def evaluate_pipeline(arguments: Sequence[str], say: Say) -> int:
    """Measure pipelines side by side."""
    options = _options("evaluate pipeline", "Measure spaCy pipelines for French on treebanks and entity sets, side by side.")
    options.add_argument("models", nargs="*", help="names or folders of pipelines (default: the one shipped)")
    given = options.parse_args(arguments)
    shared, _ = _folders(given)
    from . import pipeline
    from .learning import measuring

    short = [Path(name).name for name in given.models]
    titles = short if len(set(short)) == len(short) else given.models
    measured = {}
    for title, name in zip(titles or [store.PIPELINE], given.models or [None], strict=True):
        measured[title] = measuring.measure(pipeline.load(name), shared)
    for line in measuring.table(measured):
        say(line)
    return 0


def _theme_options(name: str, text: str, labels: str) -> _Options:
    options = _options(name, text)
    options.add_argument("labels", nargs="?", help=labels)
    options.add_argument("--codebook", metavar="FILE", help="your own themes instead of the built-in ones")
    options.add_argument(
        "--corpus", metavar="RESULTS", help="with --codebook: a results folder whose sentences, unlabelled, are learned from too"
    )
    return options


def _own(given: argparse.Namespace) -> tuple[Any, Any, list[list[str]], list[Any]]:
    """What is known of a user's themes: what other themes taught, the codebook, unlabelled sentences by text, labelled texts."""
    from .codebook import Codebook
    from .learning.themes_user import load_labels
    from .learning.themes_weak import Known

    book = Codebook.load(given.codebook)
    labelled = load_labels(Path(given.labels), book) if given.labels else []
    return Known.load(store.models_path() / "themes"), book, _sentences(given.corpus), labelled


def _sentences(results: str | None) -> list[list[str]]:
    """Sentences of each testimonial of a results folder."""
    if results is None:
        return []
    from .opened import open_results

    table = open_results(results).sentences
    return [group["text"].tolist() for _, group in table.groupby("testimonial_id", sort=True)]


def train_themes(arguments: Sequence[str], say: Say) -> int:
    """Rebuild ``models/themes``, or train a model for a user's codebook."""
    options = _theme_options(
        "train themes", "Fit the theme model of the built-in codebook, or of your own.", "with --codebook: your labelled sentences"
    )
    options.add_argument("-o", "--output", help="folder of the model (default: models/themes; with --codebook THEMES.toml: THEMES.model)")
    given = options.parse_args(arguments)
    if given.codebook:
        return _train_own(given, say)
    output = Path(given.output or Path("models") / "themes")
    words = output / "words.npz"
    shared, written = _folders(given, _REAL, *(() if words.is_file() else ("data/raw",)))
    from .codebook import Codebook
    from .learning import tagging, themes, themes_weak, vectors
    from .learning.kinship import Kinship, save_words
    from .lexicon import Lexicon

    texts = _labelled(shared, written)
    model = themes.fit(texts, Codebook.builtin(), Lexicon.load())
    model.save(output)
    if not words.is_file():
        save_words(*vectors.topics(shared / "data" / tagging.RAW), words)
    themes_weak.save_promises(themes_weak.teach(texts, Codebook.builtin(), Kinship.load(words)), output / themes_weak.PROMISE)
    say(f"{output}: {len(model.themes)} themes")
    return 0


def _train_own(given: argparse.Namespace, say: Say) -> int:
    from .learning.themes_user import train
    from .theming import model_folder

    known, book, corpus, labelled = _own(given)
    if not corpus and not labelled:
        raise InputError("train themes: nothing to learn from; give labelled sentences, or --corpus RESULTS, or both")
    output = Path(given.output) if given.output else model_folder(Path(given.codebook))
    train(known, book, corpus, labelled).save(output)
    said = f"{sum(len(text.sentences) for text in labelled)} labelled sentences, {sum(map(len, corpus))} unlabelled"
    say(f"{output}: {len(book.themes)} themes from {said}; `testimony analyze --codebook {given.codebook}` uses it")
    return 0


def evaluate_themes(arguments: Sequence[str], say: Say) -> int:
    """Measure the theme model, or a user's codebook by cross-validation, on labelled sentences."""
    text = (
        "Measure the theme model on sentences it was not trained on; with --codebook, your own themes on your labels by cross-validation."
    )
    given = _theme_options("evaluate themes", text, "labelled sentences (default: the gold sentences of the shared data)").parse_args(
        arguments
    )
    if given.codebook:
        return _evaluate_own(given, say)
    gold = Path(given.labels) if given.labels else _folders(given, _GOLD)[0] / _GOLD
    if not gold.is_file():
        raise InputError(f"evaluate themes: {gold}: no such file")
    from .codebook import Codebook
    from .learning.data import load_gold
    from .learning.themes import evaluate
    from .lexicon import Lexicon
    from .theming import ThemeModel

    figures = evaluate(ThemeModel.load(store.models_path() / "themes"), load_gold(gold), Codebook.builtin(), Lexicon.load())
    _say_figures(figures, say)
    return 0


def _evaluate_own(given: argparse.Namespace, say: Say) -> int:
    if not given.labels:
        raise InputError("evaluate themes: give your labelled sentences (JSON Lines or a table with text and themes)")
    from .learning.themes_user import evaluate

    measured = evaluate(*_own(given))
    say("by cross-validation over documents; patterns alone in brackets")
    say(
        f"micro_f1 {measured.model['micro_f1']:.3f} ({measured.patterns['micro_f1']:.3f})   macro_f1 {measured.model['macro_f1']:.3f} ({measured.patterns['macro_f1']:.3f})"
    )
    for theme, row in measured.model["themes"].items():
        alone = measured.patterns["themes"][theme]["f1"]
        say(
            f"{theme:24} precision {row['precision']:.2f} recall {row['recall']:.2f} f1 {row['f1']:.2f} ({alone:.2f})   {row['sentences']} sentences"
        )
    for used, micro, macro in measured.curve:
        say(f"learning curve: {used} labelled sentences   micro_f1 {micro:.3f}   macro_f1 {macro:.3f}")
    for missed, instead, number in measured.confusions[:15]:
        say(f"confusion: missed {missed}, given {instead}: {number}")
    for chance, right, number in measured.sureness:
        say(f"sureness: said {chance:.2f}, right {right:.2f}   {number} decisions")
    return 0


def discover_themes(results: str, *, number: int, take: int | None, output: str | None, say: Say) -> int:
    """Show what the sentences without a theme speak of, or add one of these themes to a codebook."""
    from .learning.themes_discovered import discover, to_entry
    from .opened import open_results

    analysis = open_results(results)
    themed = {(row.testimonial_id, row.sentence_id) for row in analysis.themes.itertuples()}
    rows = list(analysis.sentences.itertuples())
    found = discover([str(row.text) for row in rows if (row.testimonial_id, row.sentence_id) not in themed], number=number)
    if take is None:
        say(
            f"{len(rows)} sentences, {found.n_sentences} different ones without a theme of the codebook; {found.unclassified:.0%} of them stay unclassified"
        )
        for place, theme in enumerate(found.themes, 1):
            say(f"{place}. {theme.name} ({len(theme.sentences)} sentences): {', '.join(theme.words)}")
            for sentence in theme.sentences[:2]:
                say(f"   « {sentence} »")
        return 0
    if not 1 <= take <= len(found.themes):
        raise InputError(f"codebook discover: --take {take}: {len(found.themes)} themes were discovered")
    entry = to_entry(found.themes[take - 1])
    if output is None:
        say(entry)
        return 0
    _add_entry(Path(output), entry)
    say(f"{output}: the theme {found.themes[take - 1].name!r} is added; write its definition")
    return 0


def _add_entry(path: Path, entry: str) -> None:
    """Add a theme at the end of a codebook, which is left as it was when the whole cannot be read."""
    from .codebook import Codebook

    if path.suffix.lower() in (".yaml", ".yml"):
        raise InputError(f"{path}: themes are added to codebooks in TOML only; name a .toml file")
    before = path.read_text("utf-8-sig").rstrip("\n") + "\n\n" if path.is_file() else ""
    new = path.with_name(path.name + ".new")
    try:
        new.write_text(before + entry, "utf-8")
        Codebook.load(new)
        new.replace(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); name another file") from error
    finally:
        new.unlink(missing_ok=True)


def train_sentiment(arguments: Sequence[str], say: Say) -> int:
    """Rebuild ``models/sentiment``."""
    options = _options("train sentiment", "Fit the polarity model.")
    options.add_argument("-o", "--output", default=str(Path("models") / "sentiment"))
    given = options.parse_args(arguments)
    shared, written = _folders(given, _REAL, "data/sentiment/reviews")
    from .learning import sentiment

    sentiment.train(written, shared, Path(given.output))
    say(given.output)
    return 0


def train_encoder(arguments: Sequence[str], say: Say) -> int:
    """Train the small French encoder; it is not part of the package (docs/quality.md says why)."""
    options = _options("train encoder", "Pretrain and fine-tune the small French encoder; an interrupted run goes on.")
    options.add_argument("-o", "--output", default="encoder", help="folder of the checkpoints and the result (default: encoder/)")
    options.add_argument("--steps", type=int, default=12_000, help="steps of pretraining (default: 12000)")
    options.add_argument("--epochs", type=int, default=6, help="passes over the labelled sentences (default: 6)")
    given = options.parse_args(arguments)
    shared, written = _folders(given, "data/raw/french-text.txt.xz", "data/ner", "data/ud", _REAL)
    try:
        from .learning.encoder import recipe
    except ImportError as error:
        raise MissingExtraError(f"train encoder: {error.name} is not installed; pip install 'testimony[train]'") from error

    say(str(recipe.train(shared, written, Path(given.output), steps=given.steps, epochs=given.epochs, say=say)))
    return 0


def _say_figures(figures: dict[str, Any], say: Say, prefix: str = "") -> None:
    for name, value in figures.items():
        if isinstance(value, dict):
            _say_figures(value, say, f"{prefix}{name}.")
        elif isinstance(value, int | float):
            say(f"{prefix}{name} {value:.3f}" if isinstance(value, float) else f"{prefix}{name} {value}")


def evaluate_segmentation(arguments: Sequence[str], say: Say) -> int:
    """Measure segmentation and attribution of a results folder."""
    from .segmentation.scoring import main

    return main(arguments, say)


EVALUATIONS: dict[str, Callable[[Sequence[str], Say], int]] = {
    "segmentation": evaluate_segmentation,
    "pipeline": evaluate_pipeline,
    "themes": evaluate_themes,
}
TRAININGS: dict[str, Callable[[Sequence[str], Say], int]] = {
    "encoder": train_encoder,
    "pipeline": train_pipeline,
    "themes": train_themes,
    "sentiment": train_sentiment,
}
