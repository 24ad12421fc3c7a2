"""Work shared out among processes of this machine: tasks in, small answers out."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe, wait
from multiprocessing.reduction import ForkingPickler
from subprocess import DEVNULL
from typing import Generic, TypeVar

from .lean import without_pandas
from .offspring import PYTHON, start, while_owned

_LOG = logging.getLogger(__name__)

Task = TypeVar("Task")
Answer = TypeVar("Answer")

# The processes are the parallelism: libraries need not make threads of their own.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class CrewLostError(Exception):
    """Every process died."""


class _Member(Generic[Task, Answer]):
    """A process, the line to it, and the task it is busy with."""

    def __init__(self, work: Callable[[Task], Answer]) -> None:
        self.line, theirs = Pipe()
        self.task: Task | None = None
        with theirs:
            command = (*PYTHON, "-m", __name__, str(theirs.fileno()))
            self._process = start(command, ONE_THREAD, pass_fds=[theirs.fileno()], stdin=DEVNULL)
        self._say(work)

    def take(self, task: Task) -> None:
        self.task = task
        self._say(task)

    def answer(self) -> Answer:
        """Give the answer, or raise the error that came in its place; `EOFError` if the process died."""
        try:
            answer, error = self.line.recv()
        except OSError as gone:
            raise EOFError from gone
        self.task = None
        if error is not None:
            raise error
        return answer

    def leave(self) -> None:
        self.line.close()
        self._process.kill()
        self._process.wait()

    def _say(self, value: object) -> None:
        with suppress(OSError):  # it died: seen when its answer is waited for
            self.line.send(value)


def share_out(work: Callable[[Task], Answer], tasks: Iterable[Task], workers: int) -> Iterator[Answer]:
    """Yield the answer to each task, in the order in which they come; what a process that died was busy with goes to another.

    Nothing is asked of the program that calls: it needs no ``if __name__ == "__main__"``, and may have threads.

    Parameters
    ----------
    work
        Gives the answer: a function of a module, or a `functools.partial` of one.
    tasks
        What it is called with.
    workers
        How many processes.

    Raises
    ------
    CrewLostError
        If every process died.
    """
    waiting = deque(tasks)
    crew: list[_Member[Task, Answer]] = []

    def hand_out() -> dict[Connection, _Member[Task, Answer]]:
        for member in crew:
            if member.task is None and waiting:
                member.take(waiting.popleft())
        return {member.line: member for member in crew if member.task is not None}

    try:
        for _ in range(workers):
            crew.append(_Member(work))
            hand_out()
        while busy := hand_out():
            answers: list[Answer] = []
            for member in [busy[line] for line in wait(list(busy))]:  # type: ignore[index]
                try:
                    answers.append(member.answer())
                except EOFError:
                    _LOG.warning("a worker process died (killed, or out of memory); the others go on")
                    waiting.appendleft(member.task)  # type: ignore[arg-type]
                    crew.remove(member)
                    member.leave()
            hand_out()  # before anybody looks at the answers
            yield from answers
        if waiting:
            raise CrewLostError
    finally:
        for member in crew:
            member.leave()


def serve(line: Connection) -> None:
    """Be a member: learn the work, then do one task after the other."""
    # Received in a thread, understood here: what the work imports is imported by the main thread.
    told = map(ForkingPickler.loads, while_owned(line.recv_bytes))
    work = next(told)
    for task in told:
        answer = error = None
        try:
            answer = work(task)
        except Exception as raised:  # noqa: BLE001 - said to whoever asked
            raised.add_note(traceback.format_exc())
            error = raised
        try:
            line.send((answer, error))
        except BrokenPipeError:
            os._exit(1)


if __name__ == "__main__":
    without_pandas()
    serve(Connection(int(sys.argv[1])))
