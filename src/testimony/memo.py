"""What was worked out once, for what is asked again and again: the words of a language are few, those of testimonials fewer."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

Asked = TypeVar("Asked", bound=Hashable)
Answer = TypeVar("Answer")


class Memo(dict[Asked, Answer]):
    """A dictionary that makes what it lacks, and forgets everything when it holds too much.

    Parameters
    ----------
    make
        Gives the answer; what it depends on besides the question must not change.
    most
        Answers held at most.

    Examples
    --------
    >>> list(Memo(str.upper).of(["un", "un", "deux"]))
    ['UN', 'UN', 'DEUX']
    """

    def __init__(self, make: Callable[[Asked], Answer], most: int = 100_000) -> None:
        super().__init__()
        self._make, self._most = make, most

    def __missing__(self, asked: Asked) -> Answer:
        if len(self) >= self._most:
            self.clear()
        answer = self[asked] = self._make(asked)
        return answer

    def of(self, asked: Iterable[Asked]) -> Iterator[Answer]:
        """Give the answers to several questions."""
        return map(self.__getitem__, asked)
