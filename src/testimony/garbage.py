"""Python's collector of cyclic garbage, kept from looking where there is none: looking through a loaded pipeline takes a tenth of the time."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

MANY = 500_000
"""Objects that batches may leave behind before they are looked through: what is remembered of words is far less, cycles are rare."""


class _Left:
    """What batches left behind since it was looked through."""

    objects = 0


@contextmanager
def uncollected() -> Iterator[None]:
    """Do not look for cyclic garbage within; what nothing refers to is freed as ever."""
    # Not `gc.disable`: spaCy's reader of weights ends with `gc.enable`.
    often = gc.get_threshold()
    gc.set_threshold(0)
    try:
        yield
    finally:
        if often[0]:
            _age()
        gc.set_threshold(*often)


@contextmanager
def collected_after() -> Iterator[None]:
    """Look at the end, once there is much that could be garbage, so that cycles cannot pile up."""
    with uncollected():
        try:
            yield
        finally:
            _Left.objects += gc.get_count()[0]
            if _Left.objects > MANY:
                _Left.objects = 0
                gc.collect()
            _age()


def _age() -> None:
    """Take all objects for old, which are looked through seldom; those that somebody froze stay so."""
    if not gc.get_freeze_count():
        gc.freeze()
        gc.unfreeze()
