"""Mutated documents for every reader: none may crash it, hang it, or come out with wrong offsets.

    python benchmarks/fuzz.py [--count 20000] [--formats md,pdf] [--seconds 2] [--out findings/]

Each input is made from its format and its number alone, so that a finding can be made again: `python benchmarks/fuzz.py --show pdf 137`.
The inputs run in a process of their own; one that ends it is a finding, and the run goes on behind it. Prints one line per format:
inputs, read, refused with a reason, refused by the last net ("the reader failed on it": a finding), wrong, slow, crashed.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

CORPUS = Path(__file__).parents[1] / "corpus"
FORMATS = "txt md rst html docx odt pdf csv tsv xlsx json jsonl yaml srt vtt".split()
PIECES = {
    "txt": ["« ", " »", "— ", "\n\n", "Léa Morin : ", "\u2028", "\x00", "\ufeff", "\r", "e\u0301", "😀", "> ", "- "],
    "md": ["# ", "> ", ">>>>>>", "**", "_", "`", "```\n", "---\n", "[a](b)", "![x](y)", "<div>", "</div>", "<!--", "| a | b |\n|---|---|\n", "- ", "1. ", "&amp;", "{%", "[^1]", "\t"],
    "rst": ["====\n", "::\n\n", ".. include:: /etc/passwd\n", ".. raw:: html\n", "**", "``", "`a`_", "|a|", ".. |a| replace:: |a|\n", "- ", "  ", ".. note::\n", ":role:`x`", "+--+\n", ".. csv-table::\n   :file: /etc/passwd\n"],
    "html": ["<p>", "</p>", "<blockquote>", "</blockquote>", "<table><tr><td>", "<script>", "<!DOCTYPE", "<![CDATA[", "<!--", "&lt;", "&#0;", "&#x110000;", "<svg>", "<template>", "<b><i>", "<li>", "<p hidden>", "<article>"],
    "csv": [";", ",", '"', '""', "\n", "\r\n", "\x00", "avis", "texte", "\ufeff", ";;;;;"],
    "json": ["{", "}", "[", "]", '"', ":", ",", "null", "1e999", "NaN", "\\ud800", "\\u0000", '"texte":', "-", "true"],
    "yaml": ["- ", ": ", "\n", "  ", "&a ", "*a", "!!python/object:os.system ", "|", ">", "{", "}", "[", "]", "---\n", "? ", "<<: ", "#", '"', "'", "%YAML 1.1\n", "2024-01-01", "!!binary x", "!!set", "!!timestamp"],
    "srt": ["1\n", "00:00:01,000 --> 00:00:02,000\n", "<v Léa>", "<i>", "{\\an8}", "WEBVTT", "NOTE ", "\n\n", "-->"],
    "xml": ["<", ">", "/>", "</w:p>", "<w:p>", "<w:r>", "<w:t>", "<w:tbl>", "<text:p>", "<text:list>", "<text:span>", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "&b;", "<row>", "<c t='s'>", "&#0;", "\x00", "xmlns:x='y'"],
    "pdf": ["obj", "endobj", "stream", "endstream", "<<", ">>", "[", "]", "/Type", "/Page", "/Kids", "/Length 99999999", "0 R", "xref", "%%EOF", "BT", "ET", "Tj", "(", ")"],
}  # fmt: skip
KIN = {"tsv": "csv", "jsonl": "json", "vtt": "srt", "docx": "xml", "odt": "xml", "xlsx": "xml"}
YAML = "titre: Paroles\nespaces:\n  - nom: Zoé\n    role: potière\n    texte: >\n      Un accueil vraiment chaleureux,\n      chaque jour.\n  - nom: Max\n    texte: 'Trop de bruit dans la salle du fond.'\n"
RST = "Paroles\n=======\n\n:Author: Zoé\n\nLe lieu\n-------\n\n    Un accueil vraiment chaleureux, *chaque* jour.\n\n    -- Zoé Petit\n\n- une chose\n- une autre\n\n.. note:: Rien.\n\n=====  =====\na      b\n=====  =====\n1      2\n=====  =====\n"


def seeds(name: str) -> list[bytes]:
    """Valid documents of a format: short files of the demonstration corpus and some written here."""
    own = {
        "yaml": [YAML],
        "rst": [RST],
        "json": ['[{"nom": "Zoé", "texte": "Un accueil vraiment chaleureux."}, {"nom": 3, "texte": null}]'],
    }
    if name in ("yaml", "rst", "json"):
        return [text.encode() for text in own[name]]
    files = sorted(CORPUS.glob(f"*.{name}"))
    found = [file.read_bytes() for file in files]
    if name in ("docx", "odt", "xlsx", "pdf"):
        return sorted(found, key=len)[:2]
    return [data[:1500] for data in found]


def mutated(data: bytes, pieces: list[bytes], draw: random.Random) -> bytes:
    """Change a few places: bytes, runs of bytes, words of the format, and now and then something repeated very often."""
    value = bytearray(data)
    for _ in range(draw.choice((1, 1, 2, 3, 5, 10, 30))):
        at = draw.randrange(len(value) + 1)
        kind = draw.randrange(8)
        if kind == 0:
            value[at : at + 1] = bytes([draw.randrange(256)])
        elif kind == 1:
            del value[at : at + draw.choice((1, 3, 10, 100))]
        elif kind in (2, 3):
            value[at:at] = draw.choice(pieces)
        elif kind == 4:
            end = min(len(value), at + draw.choice((2, 10, 80)))
            value[at:at] = value[at:end] * draw.choice((1, 2, 5))
        elif kind == 5:
            other = draw.randrange(len(value) + 1)
            value[at : at + 20] = value[other : other + 20]
        elif kind == 6 and draw.random() < 0.1:
            value[at:at] = draw.choice(pieces) * draw.choice((50, 300, 3000))
        elif kind == 7 and draw.random() < 0.2:
            del value[at:]
    return bytes(value)


def reshaped(data: bytes, draw: random.Random) -> bytes:  # noqa: C901 - a list of changes
    """Change the tree of an XML file, which stays well formed: elements deleted, doubled, moved, renamed, nested very deep."""
    root = ElementTree.fromstring(data)  # noqa: S314 - our own file
    for _ in range(draw.choice((1, 2, 4, 10))):
        nodes = list(root.iter())
        if len(nodes) > 20_000:
            break
        node, other = draw.choice(nodes), draw.choice(nodes)
        kind = draw.randrange(7)
        if kind == 0 and len(node):
            del node[draw.randrange(len(node))]
        elif kind == 1 and len(node):
            node.extend([node[draw.randrange(len(node))]] * draw.choice((1, 3, 50)))
        elif kind == 2:
            node.tag = other.tag
        elif kind == 3:
            node.text = draw.choice(("", " ", "\n", "=1+1", "\ufeff", "😀", "« Léa »", "99999999999", "-1", None))
        elif kind == 4 and node.attrib:
            node.set(draw.choice(sorted(node.attrib)), draw.choice(("", "-1", "99999999999", "x", "1e9", "A1:XFD1048576")))
        elif kind == 5:
            for _ in range(draw.choice((3, 100, 1500))):
                node = ElementTree.SubElement(node, other.tag, other.attrib)
            node.text = "fond"
        elif other not in node.iter() and node not in other.iter():
            node.append(other)
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(50_000)  # for the writing of deep trees only
    try:
        return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    finally:
        sys.setrecursionlimit(usual)


def made(name: str, number: int) -> bytes:
    """Input `number` of a format."""
    draw = random.Random(f"{name}-{number}")
    pieces = [piece.encode("utf-8") for piece in PIECES[KIN.get(name, name)]]
    data = draw.choice(_SEEDS.setdefault(name, seeds(name)))
    if name not in ("docx", "odt", "xlsx") or draw.random() < 0.15:
        return mutated(data, pieces, draw)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {item: archive.read(item) for item in archive.namelist()}
    parts = [item for item in members if re.search(r"document|content|styles|core|meta|sheet|sharedStrings|workbook", item)]
    for item in draw.sample(parts, min(len(parts), draw.choice((1, 1, 2, 3)))):
        if draw.random() < 0.1:
            del members[item]
        else:
            members[item] = reshaped(members[item], draw) if draw.random() < 0.7 else mutated(members[item], pieces, draw)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for item, value in members.items():
            archive.writestr(item, value)
    return stream.getvalue()


_SEEDS: dict[str, list[bytes]] = {}


class Memory:
    """A file in memory, with what readers use of a path."""

    def __init__(self, name: str, data: bytes) -> None:
        self.suffix, self.data = f".{name}", data

    def stat(self):
        return SimpleNamespace(st_size=len(self.data))

    def read_bytes(self):
        return self.data

    def open(self, mode="rb", **text):
        stream = io.BytesIO(self.data)
        return stream if mode == "rb" else io.TextIOWrapper(stream, **text)


def fate(name: str, data: bytes) -> str:
    """Read one input; say what became of it."""
    from testimony import readers
    from testimony.errors import UnreadableDocument
    from testimony.readers import Part, Unreadable
    from testimony.segmentation import segment

    part = Part(path=Memory(name, data), source=f"x.{name}")
    read = 0
    try:
        for item in readers.read_part(part):
            if isinstance(item, Unreadable):
                continue
            read += 1
            wrong = fault(item)
            if wrong:
                return f"wrong: {wrong}"
            json.dumps(dict(item.metadata), default=str).encode("utf-8", "surrogatepass")
            for testimonial in segment(item):
                if "\n\n".join(item.text[start:end] for start, end in testimonial.segments) != testimonial.text:
                    return "wrong: a testimonial that is not at its offsets"
    except UnreadableDocument as error:
        known = re.search(r"the reader failed on it \((\w+)\)", str(error))
        return f"net: {known[1]}" if known else "refused"
    except Exception as error:  # noqa: BLE001 - this is what we look for
        return f"wrong: {type(error).__name__} {str(error)[:80]}"
    return "read" if read else "nothing"


def fault(document) -> str | None:
    end = 0
    for block in document.blocks:
        if not end <= block.start < block.end <= len(document.text):
            return "blocks that overlap or are empty"
        end = block.end
    if any(not 0 <= mark.start < mark.end <= len(document.text) for mark in document.marks):
        return "a mark outside the text"
    return "a line end that is not LF" if "\r" in document.text else None


def work(name: str, first: int, last: int, seconds: float) -> None:
    """Child: say each number before it is tried, then what became of it where it is a finding; counts at the end."""
    counts: Counter[str] = Counter()
    for number in range(first, last):
        print(json.dumps(["at", number]), flush=True)
        data = made(name, number)
        signal.setitimer(signal.ITIMER_PROF, 10 * seconds)  # ends the process, wherever in a parser it is
        clock = time.process_time()
        what = fate(name, data)
        slow = time.process_time() - clock
        counts[what.split(":")[0]] += 1
        if what.startswith(("wrong", "net")):
            print(json.dumps(["found", number, what]), flush=True)
        if slow > seconds:
            counts["slow"] += 1
            print(json.dumps(["found", number, f"slow: {slow:.1f} s, {len(data)} bytes"]), flush=True)
    print(json.dumps(["counts", counts]), flush=True)


def run(name: str, count: int, seconds: float) -> tuple[Counter[str], list[tuple[int, str]]]:
    """Parent: all inputs of a format, in processes that may end."""
    counts: Counter[str] = Counter()
    found: list[tuple[int, str]] = []
    step, first = 2000, 0
    while first < count:
        last = min(count, first + step)
        command = [sys.executable, __file__, "--work", name, str(first), str(last), "--seconds", str(seconds)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        at, done = first, False
        for line in process.stdout or ():
            kind, *rest = json.loads(line)
            if kind == "at":
                at = rest[0]
            elif kind == "found":
                found.append((rest[0], rest[1]))
            else:
                counts.update(rest[0])
                done = True
        code = process.wait()
        if done:
            first = last
        else:
            counts["crashed"] += 1
            counts["uncounted"] += at - first
            found.append((at, "endless" if code == -signal.SIGPROF else f"crashed: exit {code}"))
            first = at + 1
    return counts, found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--formats", default=",".join(FORMATS))
    parser.add_argument("--seconds", type=float, default=2.0, help="processor time from which an input is slow")
    parser.add_argument("--out", type=Path, help="folder for the inputs that were findings")
    parser.add_argument("--show", nargs=2, metavar=("FORMAT", "NUMBER"))
    parser.add_argument("--work", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        work(options.work[0], int(options.work[1]), int(options.work[2]), options.seconds)
        return
    if options.show:
        sys.stdout.buffer.write(made(options.show[0], int(options.show[1])))
        return
    out = options.out or Path(tempfile.mkdtemp(prefix="findings-"))
    out.mkdir(parents=True, exist_ok=True)
    print(
        f"{'format':8}{'inputs':>8}{'read':>8}{'nothing':>9}{'refused':>9}{'net':>6}{'wrong':>7}{'slow':>6}{'crashed':>9}{'seconds':>9}",
        flush=True,
    )
    for name in options.formats.split(","):
        clock = time.perf_counter()
        counts, found = run(name, options.count, options.seconds)
        row = "".join(
            f"{counts[key]:>{width}}"
            for key, width in (("read", 8), ("nothing", 9), ("refused", 9), ("net", 6), ("wrong", 7), ("slow", 6), ("crashed", 9))
        )
        print(f"{name:8}{options.count:>8}{row}{time.perf_counter() - clock:>9.0f}", flush=True)
        kinds = Counter(re.sub(r"\d+", "#", what) for _, what in found)
        for kind, times in kinds.most_common(8):
            number = next(number for number, what in found if re.sub(r"\d+", "#", what) == kind)
            (out / f"{name}-{number}.{name}").write_bytes(made(name, number))
            print(f"    {times} × {kind}   (first: {name} {number})", flush=True)
    print(f"findings in {out}")


if __name__ == "__main__":
    main()
