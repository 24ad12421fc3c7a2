"""Files of an object store or another place that fsspec knows (``s3://…``, ``sftp://…``), with the few methods of a path that readers use."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import SimpleNamespace
from typing import IO, Any

from ..errors import InputError, MissingExtraError


@dataclass(frozen=True)
class Remote:
    """A file or folder named by a URL."""

    url: str

    def __str__(self) -> str:
        return self.url

    def as_posix(self) -> str:
        """The URL, as the results name it."""
        return self.url

    @property
    def name(self) -> str:
        """Last part of the URL."""
        return PurePosixPath(self.url).name

    @property
    def stem(self) -> str:
        """Name without suffix."""
        return PurePosixPath(self.url).stem

    @property
    def suffix(self) -> str:
        """Suffix of the name."""
        return PurePosixPath(self.url).suffix

    def stat(self) -> Any:
        """Size of the file, as `os.stat` gives it."""
        store, path = _open(self.url)
        return SimpleNamespace(st_size=int(store.size(path) or 0))

    def open(self, mode: str = "rb", **text: Any) -> IO[Any]:
        """Open the file for reading."""
        store, path = _open(self.url)
        stream = store.open(path, "rb")
        return stream if mode == "rb" else io.TextIOWrapper(stream, **text)

    def read_bytes(self) -> bytes:
        """Read the whole file."""
        with self.open() as stream:
            return bytes(stream.read())

    def files(self) -> Iterator[Remote]:
        """Yield the files under a folder, or the file itself.

        Raises
        ------
        InputError
            If there is nothing.
        """
        store, path = _open(self.url)
        try:
            found = store.find(path)
        except OSError as error:
            raise InputError(
                f"{self.url}: cannot be read ({error.strerror or type(error).__name__}); check the address and your rights"
            ) from error
        if not found:
            raise InputError(f"{self.url}: no such file or folder")
        root = self.url.rstrip("/")
        base = path.rstrip("/")
        for item in found:
            yield Remote(root + item[item.index(base) + len(base) :] if base in item else store.unstrip_protocol(item))


def _open(url: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise MissingExtraError(f"{url}: needs fsspec; install it with: pip install 'testimony[dask]'") from error
    try:
        store, path = url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise InputError(f"{url}: no way to read there ({' '.join(str(error).split())[:120]})") from error
    return store, path
