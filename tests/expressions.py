"""Every regular expression that testimony compiles, and strings made against each."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

# Listens to `re` while every module is imported, then compiles what stands inside functions; what is made there of a user's words gets a word.
LISTEN = r"""
import ast, importlib, inspect, json, pkgutil, re, sys
from types import SimpleNamespace

FUNCTIONS = {"compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
WORDS = dict.fromkeys(("bare", "first", "key", "kind", "label", "name", "word"), "mot") | dict(letters="A[.]?B[.]?", pattern="l'un", opens={"name": "mot"})
WORDS["self"] = SimpleNamespace(pattern="mot", flags=0)  # what spaCy would compile and our tokenizer replaces
found, lines, skipped, genuine = {}, set(), [], re._compile

def ours(frame):
    while frame is not None and frame.f_code.co_filename.endswith(("re/__init__.py", "tokenizer.py")):
        if frame.f_globals["__name__"].startswith("testimony."):
            break
        frame = frame.f_back
    if frame is None or not frame.f_globals.get("__name__", "").startswith("testimony."):
        return None
    lines.add((frame.f_globals["__name__"], frame.f_lineno))
    return frame.f_globals["__name__"]

def heard(pattern, flags):
    result = genuine(pattern, flags)
    if (name := ours(sys._getframe(1))) and isinstance(result.pattern, str):
        found.setdefault((result.pattern, result.flags), name)
    return result

re._compile = heard
import testimony
modules = []
for module in pkgutil.walk_packages(testimony.__path__, "testimony."):
    if not module.name.endswith("__main__"):
        try:
            modules.append(importlib.import_module(module.name))
        except ModuleNotFoundError as missing:  # an extra that is not installed
            assert not missing.name.startswith("testimony"), missing
from testimony.polarity import Grammar, baseline
from testimony.summaries import quotation
from testimony.tokenizer import _joined_words
Grammar.load()  # these are made when first used, of what is in files
baseline._across()
quotation._patterns()
_joined_words()
for module in modules:
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "re" and node.func.attr in FUNCTIONS:
            names = {**module.__dict__, **{name: word for name, word in WORDS.items() if name not in module.__dict__}}
            flags = [*node.args[1:2 if node.func.attr == "compile" else 0], *(keyword.value for keyword in node.keywords if keyword.arg == "flags")]
            try:
                flags = sum(eval(ast.unparse(flag), names) for flag in flags)
                pattern = eval(ast.unparse(node.args[0]), names)
                if isinstance(pattern, str):
                    found.setdefault((pattern, genuine(pattern, flags).flags), f"{module.__name__}:{node.lineno}")
            except NameError:
                if not any((module.__name__, line) in lines for line in range(node.lineno, node.end_lineno + 1)):  # not heard above
                    skipped.append(f"{module.__name__}:{node.lineno}: {ast.unparse(node)}")
print(json.dumps([[[*key, where] for key, where in sorted(found.items())], skipped]))
"""


def in_use() -> list[tuple[str, int, str]]:
    """(pattern, flags, where it is compiled), each once."""
    done = subprocess.run([sys.executable, "-c", LISTEN], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found, skipped = json.loads(done.stdout.splitlines()[-1])
    assert not skipped, "give the names in these a word in WORDS:\n" + "\n".join(skipped)
    return [(pattern, flags, where) for pattern, flags, where in found]


GENERAL = (
    "a",
    "A",
    " ",
    "\n",
    "1",
    "é ",
    "Aa ",
    "a,",
    "« a ",
    "a-",
    "<",
    "[",
    "a'",
    ".",
    "-",
    "« ",
    "\t ",
    "\n ",
    "a\n",
    "1.",
    '"',
    "*",
    "é",
)
_CATEGORIES = {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a", "CATEGORY_NOT_WORD": " ", "CATEGORY_NOT_DIGIT": "a"}


def unfriendly(pattern: str, flags: int) -> list[str]:
    """Short strings to repeat: general ones, what each repetition of the pattern eats, alone and after what stands before it."""
    import re._parser as parser

    pieces = list(GENERAL)
    whole = _example(parser.parse(pattern, flags), pieces)
    return list(dict.fromkeys(filter(None, [*pieces, whole[:60], whole[:60] + "\n", whole[:-1]])))


def _example(items, pieces: list[str]) -> str:
    """Text that the nodes match, more or less; notes what is repeated."""
    text = ""
    for kind, value in items:
        name = str(kind)
        if name == "LITERAL":
            text += chr(value)
        elif name == "NOT_LITERAL":
            text += "b" if value == ord("a") else "a"
        elif name == "ANY":
            text += "a"
        elif name == "IN":
            text += _member(value)
        elif name.endswith("_REPEAT"):
            inner = _example(value[2], pieces)
            pieces += [inner, text[-3:] + inner]
            text += inner
        elif name == "SUBPATTERN":
            text += _example(value[-1], pieces)
        elif name == "ATOMIC_GROUP":
            text += _example(value, pieces)
        elif name == "BRANCH":
            text += max((_example(option, pieces) for option in value[1][:40]), key=len)
    return text


def _member(items) -> str:
    for kind, value in items:
        name = str(kind)
        if name == "NEGATE":
            excluded = {value for kind, value in items if str(kind) == "LITERAL"}
            return next(char for char in "aé1 ,\n" if ord(char) not in excluded)
        if name == "LITERAL":
            return chr(value)
        if name == "RANGE":
            return chr(value[0])
        if name == "CATEGORY":
            return _CATEGORIES.get(str(value), "a")
    return "a"


def seconds(pattern: re.Pattern[str], text: str, most: float = 5.0) -> float:
    """Processor time of finding the pattern all over a text; infinite where it is more than `most`."""

    def stop(*_) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, most)
    clock = time.process_time()
    try:
        for _ in pattern.finditer(text):
            pass
        return time.process_time() - clock
    except TimeoutError:
        return float("inf")
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def long(piece: str, size: int) -> str:
    """Repeat a piece up to a size."""
    return (piece * (size // len(piece) + 1))[:size]


def growth(pattern: re.Pattern[str], piece: str, short: int, times: int, noticeable: float) -> float:
    """How much longer a text takes than the same length in so many texts; about 1 for a linear search, 0 where it is too fast to say."""
    took = seconds(pattern, long(piece, short * times))
    if took < noticeable:
        return 0.0
    took = min(took, seconds(pattern, long(piece, short * times)))
    return took / max(noticeable / 4, sum(seconds(pattern, long(piece, short)) for _ in range(times)))


def worst(pattern: re.Pattern[str], pieces: list[str], size: int) -> Iterator[str]:
    """The two pieces that take longest."""
    yield from sorted(pieces, key=lambda piece: -seconds(pattern, long(piece, size), 1.0))[:2]
