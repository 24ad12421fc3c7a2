"""What libraries import and a run does not use is not imported: three quarters of a second of each start."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any


@contextmanager
def _without(name: str) -> Iterator[None]:
    """Let a module look as if it were not installed, unless it was imported already."""

    def find_spec(wanted: str, path: object = None, target: object = None) -> None:
        if wanted == name:
            raise ModuleNotFoundError(name)

    nowhere = SimpleNamespace(find_spec=find_spec)
    sys.meta_path.insert(0, nowhere)
    try:
        yield
    finally:
        sys.meta_path.remove(nowhere)


def without_pandas() -> None:
    """Keep pyarrow from importing pandas in this process only to ask whether a list is one of its columns.

    For processes of our own, which make no data frame; ``to_pandas`` still works in them.
    """
    import pyarrow as pa

    with _without("pandas"):
        pa.array(())  # pyarrow asks once


def import_spacy() -> None:
    """Import spaCy without its command line, which is a third of its modules and is imported when somebody asks for it.

    Nor does it get the first version of pydantic, of which it only asks whether a schema of somebody else's is made with it.
    """
    if "spacy" in sys.modules:
        return

    def info(*arguments: Any, **settings: Any) -> Any:
        from spacy.cli.info import info

        return info(*arguments, **settings)

    stand_in = ModuleType("spacy.cli.info")
    stand_in.info = info  # type: ignore[attr-defined]
    sys.modules["spacy.cli.info"] = stand_in
    try:
        with _without("pydantic.v1"):
            import spacy  # noqa: F401
    finally:
        del sys.modules["spacy.cli.info"]
