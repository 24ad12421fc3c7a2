"""Every regular expression that testimony compiles, found by listening while it does all that it can; and strings that make them slow."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

LISTEN = r"""
import importlib, json, pkgutil, re, sys, tempfile
from pathlib import Path

found, compile_ = {}, re._compile

def heard(pattern, flags):
    result = compile_(pattern, flags)
    frame, depth = sys._getframe(1), 0
    while frame is not None and depth < 3:
        name = frame.f_code.co_filename
        if "/testimony/" in name and "/site-packages/" not in name.replace("/site-packages/testimony/", "/"):
            found.setdefault(f"{result.pattern}\0{result.flags}", Path(name).name + ":" + frame.f_code.co_name)
            break
        frame, depth = frame.f_back, depth + 1
    return result

re._compile = heard
import testimony
for module in pkgutil.walk_packages(testimony.__path__, "testimony."):
    if not module.name.endswith("__main__"):
        try:
            importlib.import_module(module.name)
        except ModuleNotFoundError as missing:  # an extra that is not installed
            assert not (missing.name or "").startswith("testimony"), missing
from testimony import exports, readers
from testimony.isolation import How, Room
from testimony.segmentation import segment
corpus, folder = Path(sys.argv[1]), Path(tempfile.mkdtemp())
for path, source in readers.find([corpus]).files:  # here too, for the process that reads is not this one
    for document in readers.read(path, source=source):
        segment(document)
analysis = testimony.analyze(corpus, output=folder / "out")
for name, export in exports.EXPORTERS.items():
    export(folder / "out", folder / f"out.{name}")
print(json.dumps([[*key.split("\0"), where] for key, where in sorted(found.items())]))
"""


def patterns(corpus: Path) -> list[tuple[str, int, str]]:
    """(pattern, flags, where it is compiled), each once."""
    done = subprocess.run([sys.executable, "-c", LISTEN, str(corpus)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return [(pattern, int(flags), where) for pattern, flags, where in json.loads(done.stdout.splitlines()[-1])]


def unfriendly(pattern: str, flags: int) -> list[str]:  # noqa: C901 - the kinds of nodes, one by one
    """Short strings to repeat: what each repetition of the pattern eats, alone and after the pattern's beginning, and general ones."""
    import re._parser as parser  # the one in use, of the standard library

    pieces = ["a", "A", " ", "\n", "1", "é ", "Aa ", "a,", "« a ", "a-", "<", "[", "a'", ".", "-"]

    def walk(items) -> str:  # noqa: C901
        text = ""
        for kind, value in items:
            name = str(kind)
            if name == "LITERAL":
                text += chr(value)
            elif name == "NOT_LITERAL":
                text += "a" if value != ord("a") else "b"
            elif name == "ANY":
                text += "a"
            elif name == "IN":
                text += member(value)
            elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
                inner = walk(value[2])
                if inner:
                    pieces.append(inner)
                    pieces.append(text[-3:] + inner)
                text += inner
            elif name == "SUBPATTERN":
                text += walk(value[-1])
            elif name == "BRANCH":
                options = [walk(option) for option in value[1][:40]]
                text += max(options, key=len)
            elif name == "ATOMIC_GROUP":
                text += walk(value)
        return text

    def member(items) -> str:
        for kind, value in items:
            name = str(kind)
            if name == "NEGATE":
                return "a"
            if name == "LITERAL":
                return chr(value)
            if name == "RANGE":
                return chr(value[0])
            if name == "CATEGORY":
                return {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a"}.get(str(value), "a")
        return "a"

    whole = walk(parser.parse(pattern, flags))
    return list(dict.fromkeys([*pieces, whole[:60], whole[:60] + "\n"]))
