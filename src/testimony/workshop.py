"""`testimony train …` and `testimony evaluate …`: parse, call the learning room, print the figures."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from . import store
from .errors import InputError

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

    texts = [text for path in sorted(written.glob("*.jsonl")) if not path.stem.endswith("standoff") for text in load_written(path)]
    return texts + load_real(shared / _REAL)


def train_pipeline(arguments: Sequence[str], say: Say) -> int:
    """Rebuild ``models/fr_testimony`` from its sources."""
    options = _options("train pipeline", "Rebuild the spaCy pipeline from its sources, with a fixed seed.")
    options.add_argument("-o", "--output", default=str(Path("models") / store.PIPELINE))
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args(arguments)
    shared, written = _folders(given, "data/ud", "data/ner", "data/raw")
    import time

    from thinc.api import use_ops

    from . import pipeline
    from .learning import building, measuring, tagging

    output = Path(given.output)
    with use_ops("numpy", use_blis=False):
        nlp = tagging.train(shared, written, seed=given.seed, say=say)
        building.write(nlp, shared, output)
    start = time.perf_counter()
    loaded = pipeline.load(str(output))
    seconds = time.perf_counter() - start
    figures = measuring.table({store.PIPELINE: measuring.measure(loaded, shared)})
    building.write_card(output, figures, seconds=seconds, seed=given.seed)
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

    measured = {Path(name or store.PIPELINE).name: measuring.measure(pipeline.load(name), shared) for name in given.models or [None]}
    for line in measuring.table(measured):
        say(line)
    return 0


def train_themes(arguments: Sequence[str], say: Say) -> int:
    """Rebuild ``models/themes``."""
    options = _options("train themes", "Fit the theme model of the built-in codebook.")
    options.add_argument("-o", "--output", default=str(Path("models") / "themes"))
    given = options.parse_args(arguments)
    shared, written = _folders(given, _REAL)
    from .codebook import Codebook
    from .learning import themes
    from .lexicon import Lexicon

    model = themes.fit(_labelled(shared, written), Codebook.builtin(), Lexicon.load())
    model.save(Path(given.output))
    say(f"{given.output}: {len(model.themes)} themes")
    return 0


def evaluate_themes(arguments: Sequence[str], say: Say) -> int:
    """Measure the theme model on labelled sentences."""
    options = _options("evaluate themes", "Measure the theme model on sentences it was not trained on.")
    options.add_argument("gold", nargs="?", help="labelled sentences in JSON Lines (default: the gold sentences of the shared data)")
    given = options.parse_args(arguments)
    gold = Path(given.gold) if given.gold else _folders(given, _GOLD)[0] / _GOLD
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


def train_sentiment(arguments: Sequence[str], say: Say) -> int:
    """Rebuild ``models/sentiment``."""
    options = _options("train sentiment", "Fit the polarity model.")
    options.add_argument("-o", "--output", default=str(Path("models") / "sentiment"))
    given = options.parse_args(arguments)
    shared, written = _folders(given, _REAL, "data/sentiment/reviews")
    from .learning import sentiment
    from .learning.polarity_data import load_reviews

    sentiment.fit(_labelled(shared, written), load_reviews(shared / "data" / "sentiment" / "reviews")).save(Path(given.output))
    say(given.output)
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
    "pipeline": train_pipeline,
    "themes": train_themes,
    "sentiment": train_sentiment,
}
