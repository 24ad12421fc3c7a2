"""What libraries import and a run does not use is not imported: three quarters of a second of each start."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Nowhere:
    """Finds no pandas."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name)


def without_pandas() -> None:
    """Keep pyarrow from importing pandas in this process only to ask whether a list is one of its columns.

    For processes of our own, which make no data frame; ``to_pandas`` still works in them.
    """
    import pyarrow as pa

    if "pandas" not in sys.modules:
        sys.meta_path.insert(0, _Nowhere)
        try:
            pa.array(())  # pyarrow asks once
        finally:
            sys.meta_path.remove(_Nowhere)


def import_spacy() -> None:
    """Import spaCy without its command line, which is a third of its modules and is imported when somebody asks for it."""
    if "spacy" in sys.modules:
        return

    def info(*arguments: Any, **settings: Any) -> Any:
        from spacy.cli.info import info

        return info(*arguments, **settings)

    stand_in = ModuleType("spacy.cli.info")
    stand_in.info = info  # type: ignore[attr-defined]
    sys.modules["spacy.cli.info"] = stand_in
    try:
        import spacy  # noqa: F401
    finally:
        del sys.modules["spacy.cli.info"]
