"""Fixtures shared by the rooms: the demonstration corpus analyzed once, the pipeline loaded once, no network."""

import os
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpus"
GUARD = runpy.run_path(str(ROOT / "tests" / "guard" / "sitecustomize.py"))


@pytest.fixture(scope="session")
def corpus() -> Path:
    return CORPUS


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The demonstration corpus, analyzed."""
    import testimony

    return testimony.analyze(CORPUS, output=tmp_path_factory.mktemp("demo") / "results")


@pytest.fixture(scope="session")
def nlp():
    import testimony

    return testimony.load()


@pytest.fixture(scope="session", autouse=True)
def _no_network(tmp_path_factory):
    """Nothing leaves this machine, neither from here nor from the programs that tests start; an attempt that somebody hides is told."""
    log = tmp_path_factory.mktemp("network") / "attempts.txt"
    os.environ[GUARD["LOG"]] = str(log)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT / "tests" / "guard"), os.environ.get("PYTHONPATH"))))
    yield
    assert not log.exists(), log.read_text("utf-8")


@pytest.fixture(autouse=True)
def _browser_may(request):
    """A browser is told what to do through sockets."""
    if request.node.get_closest_marker("browser"):
        GUARD["allowed"].append(request.node.name)
        yield
        GUARD["allowed"].pop()
    else:
        yield
