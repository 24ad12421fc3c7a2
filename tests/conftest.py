"""Fixtures shared by the rooms: the demonstration corpus analyzed once, the pipeline loaded once, no network."""

import socket
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpus"


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


@pytest.fixture(autouse=True)
def _no_network(monkeypatch, request):
    """Nothing leaves this machine: only local sockets may be opened."""
    if request.node.get_closest_marker("browser"):
        return
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family not in (socket.AF_UNIX,) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"network access to {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
