"""What is kept of a group while its testimonials pass: the best quotations, and who speaks; little of it, however many they are."""

from __future__ import annotations

import heapq
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .quotation import Quotation, best_first

MAX_QUOTATIONS = 40
"""Candidate quotations kept for one theme and stance."""

MAX_NAMES = 60
"""Names of speakers kept for one theme and stance; they are all counted."""


@dataclass(slots=True)
class Best:
    """A bounded list of the best quotations: what falls out could never come back."""

    limit: int = MAX_QUOTATIONS
    kept: list[Quotation] = field(default_factory=list)
    least: float = 0.0
    """Score under which a quotation has no chance any more."""

    def add(self, *quotations: Quotation) -> None:
        """Consider quotations."""
        self.kept.extend(quotations)
        if len(self.kept) > self.limit + self.limit // 2:
            self.kept = self.ranked()
            self.least = self.kept[-1].score

    def ranked(self) -> list[Quotation]:
        """The best, in order."""
        return best_first(self.kept)[: self.limit]


_NONE = np.zeros(0, np.uint64)


@dataclass(slots=True)
class Numbers:
    """A set of numbers of 64 bits: those met of late, and the others in order, at eight bytes each."""

    late: set[int] = field(default_factory=set)
    rest: NDArray[np.uint64] = field(default_factory=lambda: _NONE)
    room: int = 64
    """Numbers met of late that are too many to be kept as they are."""

    def add(self, number: int) -> None:
        """Put a number in."""
        self.late.add(number)
        if len(self.late) > self.room:
            self.settled()

    def merge(self, other: Numbers) -> None:
        """Put all numbers of another set in."""
        if len(other.rest):
            self.rest = np.union1d(self.rest, other.rest)
        self.late |= other.late
        if len(self.late) > self.room:
            self.settled()

    def settled(self) -> NDArray[np.uint64]:
        """All numbers, in order."""
        if self.late:
            self.rest = np.union1d(self.rest, np.fromiter(self.late, np.uint64, len(self.late)))
            self.late = set()
            self.room = 64 + len(self.rest) // 8
        return self.rest

    def __len__(self) -> int:
        return len(self.settled()) if len(self.rest) else len(self.late)


@dataclass(slots=True)
class Voices:
    """How many people, and the first of their names."""

    keys: Numbers = field(default_factory=Numbers)
    names: set[str] = field(default_factory=set)

    def add(self, key: int, name: str | None) -> None:
        """Count a person."""
        self.keys.add(key)
        if name:
            self.names.add(sys.intern(name))  # the same person comes under many themes
            if len(self.names) > MAX_NAMES + MAX_NAMES // 2:
                self._cut()

    def merge(self, other: Voices) -> None:
        """Add the people of another count."""
        self.keys.merge(other.keys)
        self.names |= other.names
        self._cut()

    def _cut(self) -> None:
        if len(self.names) > MAX_NAMES + MAX_NAMES // 2:
            self.names = set(self.listed())

    def __len__(self) -> int:
        return len(self.keys)

    def listed(self) -> list[str]:
        """The first names in the alphabet."""
        return heapq.nsmallest(MAX_NAMES, self.names)


def people(voices: Iterable[Voices]) -> int:
    """Number of people who speak in any of several counts."""
    every = Numbers()
    for one in voices:
        every.merge(one.keys)
    return len(every)
