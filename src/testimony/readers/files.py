"""Files of a corpus: found in folders, sorted, each once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError

_OWN = frozenset({"spaces.toml", "spaces.yaml", "spaces.yml", "testimony.toml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Files to read, as (path, source) sorted by source, and the names of those passed over."""

    files: tuple[tuple[Path, str], ...]
    passed_over: tuple[str, ...]


def find(paths: Iterable[Path | str]) -> Found:
    """Find the documents under the given files and folders.

    In folders, hidden files and folders, results folders of our own, symbolic links that lead outside, the registry of spaces, the hints
    and README files are passed over; other files of unknown suffix are named in `passed_over`. A file given by name is always taken.

    Raises
    ------
    InputError
        If a path is missing.
    """
    from . import SUFFIXES

    files: dict[Path, tuple[Path, str]] = {}
    passed: set[str] = set()
    for root in (Path(path) for path in paths):
        if not root.exists():
            raise InputError(f"{root}: no such file or folder")
        if root.is_file():
            files.setdefault(root.resolve(), (root, root.as_posix()))
            continue
        for path in _walk(root):
            if path.suffix.lower() not in SUFFIXES or path.name in _OWN or path.stem.upper() == "README":
                passed.add(path.as_posix())
            elif not path.is_file():  # a pipe would be waited for, a broken link is nothing
                passed.add(f"{path.as_posix()} (not a file)")
            elif not path.resolve().is_relative_to(root.resolve()):
                passed.add(f"{path.as_posix()} (a link that leads outside)")
            else:
                files.setdefault(path.resolve(), (path, path.as_posix()))
    return Found(files=tuple(sorted(files.values(), key=lambda pair: pair[1])), passed_over=tuple(sorted(passed)))


def _walk(root: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise InputError(f"{error.filename}: cannot be read ({error.strerror}); check its permissions") from error

    for folder, folders, names in os.walk(root, onerror=refuse):
        if "run.json" in names and ("tables" in folders or ".staging" in folders):
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(folder) / name for name in sorted(names) if not name.startswith("."))
