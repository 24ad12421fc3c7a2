"""The exception tree: every expected error, said in one line.

TestimonyError
├── InputError (ValueError)          a document, path or option cannot be used
│   └── UnreadableDocument           one document cannot be read; the run goes on without it
├── CodebookError (ValueError)       a codebook, registry or hints file is wrong
├── ResultsError (ValueError)        a results folder cannot be read or written
├── ModelNotFoundError (LookupError) a pipeline or model is missing or unusable
└── MissingExtraError (ImportError)  an optional dependency is not installed

A message says what was found, where (file, row, line), what was expected and what to do, on one line.
"""

from __future__ import annotations


class TestimonyError(Exception):
    """Any error that `testimony` expects and explains."""

    __test__ = False  # pytest would otherwise collect the class by its name


class InputError(TestimonyError, ValueError):
    """A path, option or corpus cannot be used."""


class UnreadableDocument(InputError):  # noqa: N818 - it says what is wrong with what
    """One document cannot be read; listed with this message, and the run goes on."""


class CodebookError(TestimonyError, ValueError):
    """A codebook, a registry of spaces or a hints file is wrong; the message names the line."""


def unopened(path: object, error: OSError) -> CodebookError:
    """Give the error for a codebook, a registry or a hints file that the system does not open."""
    remedy = "check its path" if isinstance(error, FileNotFoundError) else "check its permissions, or name another one"
    return CodebookError(f"{path}: cannot be read ({error.strerror or error}); {remedy}")


class ResultsError(TestimonyError, ValueError):
    """A results folder cannot be opened, resumed or written."""


class ModelNotFoundError(TestimonyError, LookupError):
    """A pipeline or model file is missing, corrupted or of another version."""


class MissingExtraError(TestimonyError, ImportError):
    """An optional dependency is needed; the message names the extra to install."""
