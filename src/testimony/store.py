"""What lives in `models/`, and the fingerprints by which a run recognises its own work."""

from __future__ import annotations

import hashlib
from functools import cache, lru_cache
from pathlib import Path

from .errors import ModelNotFoundError

PIPELINE = "fr_testimony"


def models_path() -> Path:
    """Folder of the models: inside an installed package, else beside the sources.

    Raises
    ------
    ModelNotFoundError
        If there is none.
    """
    here = Path(__file__).parent
    for candidate in (here / "models", here.parents[1] / "models"):
        if candidate.is_dir():
            return candidate
    raise ModelNotFoundError(f"{here / 'models'}: the models that come with testimony are missing; install the package again")


def digest(data: bytes | str) -> str:
    """Sixteen hexadecimal digits of the SHA-256 of `data`."""
    return hashlib.sha256(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data).hexdigest()[:16]


def folder_fingerprint(folder: Path, pattern: str = "**/*") -> str:
    """Fingerprint of the names and contents of the files of a folder."""
    state = hashlib.sha256()
    for path in sorted(folder.glob(pattern)):
        if path.is_file() and "__pycache__" not in path.parts:
            state.update(path.relative_to(folder).as_posix().encode())
            facts = path.stat()
            state.update(_content(path, facts.st_size, facts.st_mtime_ns))
    return state.hexdigest()[:16]


@lru_cache(maxsize=1_000)
def _content(path: Path, size: int, changed: int) -> bytes:
    """SHA-256 of a file: of one that was not changed since it was read, without reading it again."""
    return hashlib.sha256(path.read_bytes()).digest()


@cache
def code_fingerprint() -> str:
    """Fingerprint of the code and data of the package: another version does not take over the tables of this one."""
    return folder_fingerprint(Path(__file__).parent, "**/*.[pt]*")


def model_fingerprint(model: str | None) -> str:
    """Fingerprint of a pipeline: of its files where it is a folder, else of its name and version."""
    if model is None:
        return folder_fingerprint(models_path())
    if Path(model).is_dir():
        return folder_fingerprint(Path(model))
    from importlib.metadata import PackageNotFoundError, version

    try:
        return digest(f"{model} {version(model)}")
    except PackageNotFoundError:
        return digest(model)
