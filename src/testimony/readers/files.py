"""Files of a corpus: found in folders, sorted, each once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError
from .remote import Remote

_OWN = frozenset({"spaces.toml", "spaces.yaml", "spaces.yml", "testimony.toml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Files to read, as (path, source) sorted by source, and the names of those passed over."""

    files: tuple[tuple[Path | Remote, str], ...]
    passed_over: tuple[str, ...]


def locate(path: str | os.PathLike[str]) -> Path | Remote:
    """Take a path, or a URL such as ``s3://bucket/corpus``."""
    return Remote(path) if isinstance(path, str) and "://" in path else Path(path)


def find(paths: Iterable[Path | Remote | str]) -> Found:
    """Find the documents under the given files and folders.

    In folders, hidden files and folders, results folders of our own, symbolic links that lead outside, the registry of spaces, the hints
    and README files are passed over; other files of unknown suffix are named in `passed_over`. A file given by name is always taken.

    Raises
    ------
    InputError
        If a path is missing.
    """
    files: dict[Path | Remote, tuple[Path | Remote, str]] = {}
    passed: set[str] = set()
    for root in (locate(path) if isinstance(path, str) else path for path in paths):
        for path, why in _remote(root) if isinstance(root, Remote) else _local(root):
            if why is None:
                files.setdefault(path.resolve() if isinstance(path, Path) else path, (path, path.as_posix()))
            else:
                passed.add(path.as_posix() + why)
    return Found(files=tuple(sorted(files.values(), key=lambda pair: pair[1])), passed_over=tuple(sorted(passed)))


def _remote(root: Remote) -> Iterator[tuple[Remote, str | None]]:
    for file in root.files():
        yield file, "" if file != root and _is_no_document(file) else None


def _local(root: Path) -> Iterator[tuple[Path, str | None]]:
    """Yield files, and why each is passed over, if it is."""
    if not root.exists():
        raise InputError(f"{root}: no such file or folder")
    if root.is_file():
        yield root, None
        return
    home = root.resolve()
    for path in _walk(root):
        if _is_no_document(path):
            yield path, ""
        elif not path.is_file():  # a pipe would be waited for, a broken link is nothing
            yield path, " (not a file)"
        else:
            yield path, None if path.resolve().is_relative_to(home) else " (a link that leads outside)"


def _is_no_document(path: Path | Remote) -> bool:
    from . import SUFFIXES

    return path.suffix.lower() not in SUFFIXES or path.name in _OWN or path.stem.upper() == "README" or path.name.startswith(".")


def _walk(root: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise InputError(f"{error.filename}: cannot be read ({error.strerror}); check its permissions") from error

    for folder, folders, names in os.walk(root, onerror=refuse):
        if "run.json" in names and ("tables" in folders or ".staging" in folders):
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(folder) / name for name in sorted(names) if not name.startswith("."))
