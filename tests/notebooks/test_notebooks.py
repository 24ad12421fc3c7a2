"""The notebooks run from top to bottom, on the demonstration corpus, and are stored without outputs."""

import ast
import resource
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MINUTE = 60
"""Seconds of processor that a notebook may take, its kernel and its commands together: what else the machine does is not its fault."""

POLITE = {"testimony", "spacy", "sklearn", "pandas", "numpy", "altair", "pathlib", "tempfile", "json", "sys"}


def test_there_are_five_notebooks() -> None:
    assert [path.stem[:2] for path in NOTEBOOKS] == ["01", "02", "03", "04", "05"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_clean_and_keeps_to_the_public_api(path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    tree = ast.parse("\n".join(cell.source for cell in code))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= POLITE
    assert not [name for name in imported if name.startswith("testimony.")], "only the public names"
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)], (
        "a cell that needs a def belongs in src/"
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory, demo) -> Path:
    """A copy of the project's folders that notebooks read, with the demonstration already analyzed, as after `make demo`."""
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "corpus", root / "corpus")
    shutil.copytree(demo.path, root / "results")
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    return root


def spent() -> float:
    """Seconds of processor of all that has run below this process and ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@pytest.mark.parametrize("name", [path.name for path in NOTEBOOKS])
def test_a_notebook_runs(folder, name, monkeypatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    notebook = nbformat.read(folder / "notebooks" / name, as_version=4)
    client = NotebookClient(notebook, timeout=240, kernel_name="python3", resources={"metadata": {"path": str(folder / "notebooks")}})
    before = spent()
    client.execute()
    assert spent() - before < MINUTE
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert shown
    assert not [output for output in shown if output.output_type == "stream" and output.name == "stderr"], "a reader would see a warning"
