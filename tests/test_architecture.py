"""The house keeps its shape: imports point one way, modules stay small, names are documented."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "testimony"

# Lowest first; a module imports only from lower layers, or from its own room.
LAYERS = [
    ["errors", "accents", "garbage", "lean", "machine", "memo", "offspring", "toml"],
    ["crew"],
    ["types", "words"],
    ["gazetteer", "phrases"],
    ["patterns"],
    ["readers"],
    ["codebook", "spaces"],
    ["embedding"],
    ["tokenizer"],
    ["annotations", "lexicon", "store", "encoder", "vocabulary", "schemas"],
    ["polarity", "theming"],
    ["pipes", "learning", "segmentation"],
    ["pipeline", "results", "isolation"],
    ["rereading"],
    ["batches"],
    ["engine"],
    ["comparison", "identities"],
    ["summaries"],
    ["report", "exports", "display"],
    ["opened"],
    ["analysis", "library"],
    ["workshop"],
    ["commands"],
    ["cli"],
    ["__init__", "__main__"],
]
LAYER = {room: number for number, rooms in enumerate(LAYERS) for room in rooms}
MODULES = sorted(SOURCE.rglob("*.py"))
MAX_MODULE = 300
MAX_FUNCTION = 50


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).with_suffix("").parts[0]


def imported_rooms(path: Path) -> set[str]:
    """Rooms that a module imports, wherever in the module it does."""
    parts = path.relative_to(SOURCE).parts
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = list(parts[: len(parts) - node.level])
            full = base + (node.module.split(".") if node.module else [])
            rooms |= {full[0]} if full else {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("testimony"):
            rest = (node.module or "").split(".")[1:]
            rooms |= {rest[0]} if rest else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            rooms |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("testimony.")}
    return rooms & set(LAYER)


def code_lines(node: ast.AST, lines: list[str]) -> int:
    """Lines that hold code: no blank line, no comment, no docstring."""
    docstrings = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and inner.body:
            first = inner.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
                docstrings |= set(range(first.lineno, first.end_lineno + 1))
    start, end = getattr(node, "lineno", 1), getattr(node, "end_lineno", len(lines))
    numbers = set(range(start, end + 1)) - docstrings
    return sum(bool(lines[n - 1].strip()) and not lines[n - 1].lstrip().startswith("#") for n in numbers)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_point_down(path: Path) -> None:
    own = room_of(path)
    assert own in LAYER, f"{own} has no layer"
    upward = {room for room in imported_rooms(path) if room != own and LAYER[room] >= LAYER[own]} if own != "__init__" else set()
    assert not upward, f"{own} imports from its own layer or above: {sorted(upward)}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_sizes_stay_in_budget(path: Path) -> None:
    text = path.read_text("utf-8")
    tree, lines = ast.parse(text), text.splitlines()
    assert code_lines(tree, lines) <= MAX_MODULE
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert code_lines(node, lines) <= MAX_FUNCTION, f"{node.name} is too long"


def test_every_exported_name_is_there_and_sorted() -> None:
    import testimony

    assert testimony.__all__ == sorted(testimony.__all__)
    for name in testimony.__all__:
        assert getattr(testimony, name) is not None


@pytest.mark.parametrize(
    ("code", "seconds"), [("import testimony", 0.2), ("import testimony.cli; testimony.cli._parser().format_help()", 0.3)]
)
def test_light_start(code: str, seconds: float) -> None:
    program = f"import time; t = time.perf_counter()\n{code}\nprint(time.perf_counter() - t)"
    runs = [float(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout) for _ in range(3)]
    assert min(runs) < seconds


def test_heavy_libraries_are_imported_late() -> None:
    program = (
        "import sys, testimony, testimony.cli; print([m for m in ('spacy', 'sklearn', 'pandas', 'pyarrow', 'numpy') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_a_run_imports_no_more_than_it_uses() -> None:
    rooms = "analysis, pipeline, identities, summaries, report.render".split(", ")
    program = (
        "from testimony.lean import import_spacy, without_pandas; without_pandas(); import_spacy()\n"
        f"import sys, pyarrow, spacy, {', '.join(f'testimony.{room}' for room in rooms)}; table = pyarrow.table({{'names': ['Zoé', None]}})\n"
        "unused = ('pandas', 'sklearn', 'distributed', 'testimony.segmentation', 'pyarrow.dataset', 'spacy.cli')\n"
        "print([name for name in unused if name in sys.modules], len(table.to_pandas()), 'spacy_version' in spacy.info(silent=True))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[] 2 True"
