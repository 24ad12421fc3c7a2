"""Results → files of other programs; one function per format, each takes the results folder and the path to write."""

from collections.abc import Callable
from pathlib import Path

from .sheets import to_csv, to_xlsx
from .text import to_jsonl

EXPORTERS: dict[str, Callable[[Path, Path], Path]] = {"csv": to_csv, "xlsx": to_xlsx, "jsonl": to_jsonl}

__all__ = ["EXPORTERS"]
