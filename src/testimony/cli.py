"""Commands: parse, call, print; an expected error becomes one line and an exit code."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

from . import __version__
from .errors import CodebookError, InputError, TestimonyError, UnreadableDocument

COLUMNS = ("text", "speaker", "role", "space", "date", "id")
WORKERS = "number of processes (default: auto, one for a small input, else one for each processor while memory lasts, at most 4)"
MAX_WARNINGS = 20
"""Skipped documents named on standard error; the others are counted, and all are in run.json."""


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see `{self.prog} --help`\n")


def _analyze(options: argparse.Namespace) -> int:
    from .analysis import analyze
    from .lean import without_pandas

    without_pandas()
    shows = sys.stderr.isatty() and not options.quiet
    keywords = {name: value for name, value in vars(options).items() if name not in ("run", "paths", "quiet", "strict")}
    analysis = analyze(options.paths, progress=_show_progress if shows else None, **keywords)
    if shows:
        sys.stderr.write("\r\033[K")
    counts, skipped = analysis.manifest["counts"], analysis.manifest["skipped"]
    for item in [] if options.quiet else skipped[:MAX_WARNINGS]:
        print(f"testimony: warning: skipped {item['reason']}", file=sys.stderr)
    if len(skipped) > MAX_WARNINGS and not options.quiet:
        print(f"testimony: warning: {len(skipped) - MAX_WARNINGS} more documents were skipped; see run.json", file=sys.stderr)
    if sys.stdout.isatty() and not options.quiet:
        timings = analysis.manifest["timings"]
        print(f"{counts['testimonials']} testimonials in {counts['documents']} documents, {timings['words_read']} words read")
        if timings["testimonials_themes_only"]:
            print(f"themes of {timings['testimonials_themes_only']} testimonials read again, pipeline not run on them")
        print(f"report: {analysis.path / 'report.html'}")
    if options.strict and skipped:
        raise UnreadableDocument(f"--strict: {len(skipped)} document(s) could not be read; the first: {skipped[0]['reason']}")
    return 0


def _show_progress(progress: Any) -> None:
    rate = progress.words / progress.seconds if progress.seconds else 0
    left = progress.seconds / progress.batches * (progress.total - progress.batches)
    sys.stderr.write(
        f"\r\033[K{progress.batches}/{progress.total} batches · {progress.documents} documents · {progress.testimonials} testimonials · "
        f"{rate:,.0f} words/s · {left:.0f} s left"
    )
    sys.stderr.flush()


def _report(options: argparse.Namespace) -> int:
    from .opened import open_results

    print(open_results(options.results).report(options.output, lang=options.lang))
    return 0


def _export(options: argparse.Namespace) -> int:
    from .opened import open_results

    print(open_results(options.results).export(options.to, options.output or None))
    return 0


def _segment(options: argparse.Namespace) -> int:
    from .commands import segment
    from .readers import Columns

    columns = Columns(*(tuple(getattr(options, f"{name}_column")) for name in COLUMNS))
    return segment(options.file, hints=options.hints, spaces=options.spaces, whole=options.whole, columns=columns)


def _codebook(options: argparse.Namespace) -> int:
    from .commands import codebook, discover

    if options.action == "discover":
        return discover(options.file, number=options.number, take=options.take, output=options.output)
    return codebook(options.action, options.file)


def _evaluate(options: argparse.Namespace) -> int:
    from .commands import evaluate

    return evaluate(options.what, options.arguments)


def _train(options: argparse.Namespace) -> int:
    from .commands import train

    return train(options.what, options.arguments)


def _doctor(options: argparse.Namespace) -> int:
    from .commands import doctor

    return doctor()


def _workers(value: str) -> int | None:
    try:
        return None if value == "auto" else int(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value}: give a number, or auto") from None


def _column_options(parser: argparse.ArgumentParser) -> None:
    for name in COLUMNS:
        parser.add_argument(
            f"--{name}-column", nargs="+", default=(), metavar="NAME", help=f"columns or keys of tables and records that hold the {name}"
        )


def _codebook_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("show", "check", "init", "discover"), help="what to do")
    parser.add_argument(
        "file", nargs="?", help="the codebook (show: default the built-in one; init: the file to create; discover: a results folder)"
    )
    parser.add_argument("--number", type=int, default=8, metavar="N", help="discover: themes looked for at most (default: 8)")
    parser.add_argument("--take", type=int, metavar="N", help="discover: write the theme of this number as a codebook entry")
    parser.add_argument("-o", "--output", metavar="FILE", help="discover --take: the codebook to add it to (default: print it)")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="testimony", description="Understand what people say in French testimonials.")
    parser.add_argument("--version", action="version", version=f"testimony {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=_Parser)

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(run=run)
        return sub

    sub = command("analyze", _analyze, "find the testimonials in documents, understand them, write tables and a report")
    sub.add_argument("paths", nargs="+", metavar="PATH", help="files or folders, searched recursively")
    sub.add_argument("-o", "--output", default="results/", help="the results folder (default: results/)")
    sub.add_argument("--codebook", metavar="FILE", help="themes (TOML or YAML) instead of the built-in French codebook")
    sub.add_argument("--spaces", metavar="FILE", help="registry of spaces and aliases (default: spaces.toml beside the corpus)")
    sub.add_argument("--model", metavar="NAME_OR_PATH", help="any spaCy pipeline for French instead of the one shipped")
    sub.add_argument("--hints", metavar="FILE", help="how to read this corpus (default: testimony.toml beside the corpus)")
    sub.add_argument("--whole", action="store_true", help="take each document as one testimonial")
    _column_options(sub)
    sub.add_argument("--engine", choices=("local", "dask"), default="local", help="where to run (default: local)")
    sub.add_argument("--workers", type=_workers, default="auto", metavar="N", help=WORKERS)
    sub.add_argument("--scheduler", metavar="ADDRESS", help="of a running Dask scheduler, for --engine dask")
    sub.add_argument("--restart", action="store_true", help="ignore what a previous, interrupted run left")
    sub.add_argument("--strict", action="store_true", help="an unreadable document is an error, not a warning")
    sub.add_argument("--lang", choices=("fr", "en"), default="fr", help="language of the report's labels (default: fr)")
    sub.add_argument("--quiet", action="store_true", help="say nothing but errors")

    sub = command("report", _report, "draw the report of a results folder again, without running the pipeline")
    sub.add_argument("results", help="a results folder")
    sub.add_argument("-o", "--output", help="the file to write (default: RESULTS/report.html)")
    sub.add_argument("--lang", choices=("fr", "en"), default="fr", help="language of the labels (default: fr)")

    sub = command("export", _export, "write a results folder in the format of another program")
    sub.add_argument("results", help="a results folder")
    sub.add_argument("--to", required=True, metavar="FORMAT", help="csv, xlsx, jsonl, …")
    sub.add_argument("-o", "--output", metavar="PATH", help="file or folder to write (default: beside the results)")

    sub = command("segment", _segment, "print the testimonials found in a file, and why")
    sub.add_argument("file", help="a document")
    sub.add_argument("--hints", metavar="FILE", help="how to read it (default: testimony.toml beside it, or above it up to here)")
    sub.add_argument("--spaces", metavar="FILE", help="registry of spaces and aliases (default: spaces.toml, found likewise)")
    sub.add_argument("--whole", action="store_true", help="take the document as one testimonial")
    _column_options(sub)

    _codebook_options(command("codebook", _codebook, "show, check or start a codebook of themes; discover what it leaves out"))

    for name, run, text, what in (
        ("evaluate", _evaluate, "measure quality against labelled data", "segmentation, pipeline or themes"),
        ("train", _train, "rebuild a model from its sources", "encoder, pipeline, themes or sentiment"),
    ):
        sub = command(name, run, text)
        sub.add_argument("what", help=what)
        sub.add_argument("arguments", nargs=argparse.REMAINDER, help="paths and options, see the contributors' guide")

    command("doctor", _doctor, "say whether everything needed is there")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code of the contract."""
    options = _parser().parse_args(arguments)
    try:
        with _warnings(quiet=getattr(options, "quiet", False)):
            return int(options.run(options))
    except KeyboardInterrupt:
        print("\ntestimony: interrupted; run the same command again to go on from there", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 0
    except TestimonyError as error:
        line = " ".join(str(error).split())
        print(f"testimony: error: {line}", file=sys.stderr)
        usage = isinstance(error, InputError | CodebookError) and not isinstance(error, UnreadableDocument)
        return 2 if usage else 1


@contextmanager
def _warnings(*, quiet: bool) -> Iterator[None]:
    """Write what is logged on standard error as the other warnings are."""
    import logging

    log, handler = logging.getLogger("testimony"), logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("testimony: warning: %(message)s"))
    handler.setLevel(logging.ERROR if quiet else logging.WARNING)
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)


def program() -> int:
    """Run the command line in a process of its own, which ends at once: nothing of what it held is looked through for garbage."""
    code = main()
    gc.freeze()
    return code
