"""Understand what people say in French testimonials: who speaks, about what, with what feeling, each line proved by a quotation."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .analysis import analyze
    from .codebook import Codebook
    from .display import Summary, palette, show
    from .errors import (
        CodebookError,
        InputError,
        MissingExtraError,
        ModelNotFoundError,
        ResultsError,
        TestimonyError,
        UnreadableDocument,
    )
    from .library import load, read, segment
    from .summaries import compare
    from .types import Annotations, Document, Testimonial

__version__ = "0.1.0"

# Where each public name lives: imported on first use, so that `import testimony` costs nothing.
_HOMES = {
    "Analysis": "opened",
    "Annotations": "types",
    "Codebook": "codebook",
    "CodebookError": "errors",
    "Document": "types",
    "InputError": "errors",
    "MissingExtraError": "errors",
    "ModelNotFoundError": "errors",
    "ResultsError": "errors",
    "Summary": "display",
    "Testimonial": "types",
    "TestimonyError": "errors",
    "UnreadableDocument": "errors",
    "analyze": "analysis",
    "compare": "summaries",
    "load": "library",
    "open_results": "opened",
    "palette": "display",
    "read": "library",
    "segment": "library",
    "show": "display",
}

__all__ = [
    "Analysis",
    "Annotations",
    "Codebook",
    "CodebookError",
    "Document",
    "InputError",
    "MissingExtraError",
    "ModelNotFoundError",
    "ResultsError",
    "Summary",
    "Testimonial",
    "TestimonyError",
    "UnreadableDocument",
    "analyze",
    "compare",
    "load",
    "open_results",
    "palette",
    "read",
    "segment",
    "show",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'testimony' has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return __all__
