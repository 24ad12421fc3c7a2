"""Processes of our own that do not outlive the one that started them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

Message = TypeVar("Message")

# -P: no module is taken from the current folder, which may be the corpus.
PYTHON = (sys.executable, "-P")


def start(command: Sequence[str], environment: dict[str, str], **more: Any) -> subprocess.Popen[bytes]:
    """Start a process that finds this package, with some more environment, and that the keys which interrupt this one do not reach."""
    home = str(Path(__file__).parents[1])
    path = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(  # noqa: S603 - our own module, by our own interpreter
        command, env=os.environ | environment | {"PYTHONPATH": path}, start_new_session=True, **more
    )


def while_owned(receive: Callable[[], Message]) -> Iterator[Message]:
    """Yield what the process that started this one sends; once it is gone, end at once, whatever is being done.

    Parameters
    ----------
    receive
        Waits for a message; raises `EOFError` when none can come any more. Called in a thread of its own, so that the end is noticed
        in the middle of work.
    """
    received: SimpleQueue[Message] = SimpleQueue()

    def listen() -> None:
        try:
            while True:
                received.put(receive())
        except (EOFError, OSError):
            os._exit(1)

    Thread(target=listen, daemon=True).start()
    while True:
        yield received.get()
