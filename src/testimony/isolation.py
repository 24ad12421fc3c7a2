"""Reading and segmenting in a process of its own, within limits of time and memory.

A document from a stranger may crash a parser, fill the memory or never end. Here it takes down a small process that holds nothing else:
the document is listed with the reason, the process is started again, and the run goes on with the next one.

The two processes speak in lines of JSON: what a broken parser could be made to say is data, never an object.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import IO, Any

from . import readers
from .errors import ResultsError, TestimonyError
from .offspring import PYTHON, start, while_owned
from .readers import Columns, Limits, Part, Unreadable
from .types import Document, Evidence, Testimonial, flat

MAX_TESTIMONIAL = 300_000
"""Characters of one testimonial: about eight hours of speech. More would fill the memory of the pipeline."""

SWOLLEN = 0.5
"""Share of the limit of memory from which the process is not used again, so that a document that filled it costs the next ones no room."""

ONE_ARENA = {"MALLOC_ARENA_MAX": "1"}
"""A thread's own arena would take address space from the documents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How to read: what `readers` and `segmentation` are told."""

    hints: str | None = None
    registry: str | None = None
    whole: bool = False
    columns: Columns = field(default_factory=Columns)
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A document without its blocks, the testimonials found in it, and the seconds of the processor that reading and segmenting took."""

    document: Document
    testimonials: tuple[Testimonial, ...]
    reading: float
    segmenting: float


class Room:
    """The process that reads; started when first needed, and again after a document that ended it."""

    command = (*PYTHON, "-m", __name__)

    def __init__(self, how: How) -> None:
        self.how = how
        self._process: Popen[bytes] | None = None
        self._asked: Part | None = None

    def ask(self, part: Part, skip: int = 0) -> None:
        """Let the process begin with a part; `read` collects what it finds."""
        process = self._started()
        self._asked = part
        # The process may be older than a change of folder here.
        path = str(part.path.absolute() if isinstance(part.path, Path) else part.path)
        request = {"path": path, "source": part.source, "offset": part.offset, "first": part.first, "rows": part.rows}
        try:
            self._write(process, request | {"skip": skip})
        except BrokenPipeError:  # it ended between two parts: `read` will see that nothing comes
            return

    def read(self, part: Part) -> Iterator[Heard | Unreadable]:
        """Yield the documents of a part with their testimonials; one that ends the process is yielded as unreadable.

        Raises
        ------
        ResultsError
            If the process cannot begin, for want of the hints or the registry: no document would be read.
        """
        if self._asked not in (part, None):  # it is busy with what nobody waits for any more
            self.close()
        if self._asked is None:
            self.ask(part)
        try:
            yield from self._read(part)
        except BaseException:  # given up in the middle: what still comes must not be taken for the answer to another question
            self.close()
            raise

    def _read(self, part: Part) -> Iterator[Heard | Unreadable]:
        done, at = 0, None
        while True:
            answer = self._answer()
            if answer is None:
                reason = self._ended()
                yield Unreadable(source=at or part.source, reason=f"{at or part.source}: {reason}")
                if at is None:  # not a document: the file itself cannot be read beyond this place
                    return
                done, at = done + 1, None
                self.ask(part, done)
            elif "failed" in answer:
                self.close()
                raise ResultsError(answer["failed"])
            elif "at" in answer:
                at = answer["at"]
            elif "end" in answer:
                self._asked = None
                if answer["swollen"]:
                    self.close()
                return
            else:
                done, at = done + 1, None
                yield _heard(answer)

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
        self._process = self._asked = None

    def _started(self) -> Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            try:
                self._process = start(self.command, ONE_ARENA, stdin=PIPE, stdout=PIPE, stderr=DEVNULL)
            except OSError as error:
                raise ResultsError(
                    f"the reading process cannot be started ({error.strerror}); free memory or processes and run again"
                ) from error
            self._write(self._process, asdict(self.how))
        return self._process

    @staticmethod
    def _write(process: Popen[bytes], value: Any) -> None:
        assert process.stdin is not None  # noqa: S101 - for the type checker
        process.stdin.write(json.dumps(value).encode() + b"\n")
        process.stdin.flush()

    def _answer(self) -> dict[str, Any] | None:
        """Next line of the process; none if it ended."""
        assert self._process is not None  # noqa: S101 - for the type checker
        assert self._process.stdout is not None  # noqa: S101
        line = self._process.stdout.readline()
        return json.loads(line) if line.endswith(b"\n") else None

    def _ended(self) -> str:
        assert self._process is not None  # noqa: S101 - for the type checker
        code = self._process.wait()
        self.close()
        if -code in (signal.SIGPROF, signal.SIGALRM):
            return "takes too long to read, given up; take it out, or split it"
        if -code == signal.SIGKILL:
            return "ended the reading process (out of memory?); take it out, or split it"
        return f"crashed the reader ({signal.Signals(-code).name if code < 0 else f'code {code}'}); save it again in another format"


def _heard(answer: dict[str, Any]) -> Heard | Unreadable:
    if "unreadable" in answer:
        return Unreadable(**answer["unreadable"])
    testimonials = tuple(
        Testimonial(
            **item | {"segments": tuple(map(tuple, item["segments"])), "evidence": tuple(Evidence(**one) for one in item["evidence"])}
        )
        for item in answer["testimonials"]
    )
    return Heard(
        document=Document(**answer["document"]), testimonials=testimonials, reading=answer["reading"], segmenting=answer["segmenting"]
    )


# -- the other side -----------------------------------------------------------------------------------------------------------------


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Read parts as asked, until whoever asks is gone."""
    from .segmentation import segment  # here, for whoever only listens has no use for it
    from .segmentation.hints import Hints
    from .spaces import Registry

    def receive() -> bytes:
        line = requests.readline()
        if not line:
            raise EOFError
        return line

    lines = while_owned(receive)
    told = json.loads(next(lines))
    columns = Columns(**{name: tuple(value) for name, value in told["columns"].items()})
    how = How(**told | {"columns": columns, "limits": Limits(**told["limits"])})
    _limit_memory(how.limits)
    encode = json.JSONEncoder(default=str).encode

    def say(value: dict[str, Any]) -> None:
        answers.write(encode(value).encode() + b"\n")
        answers.flush()

    try:  # another machine may not see the files that the run names
        hints = Hints.load(Path(how.hints)) if how.hints else Hints()
        registry = Registry.load(how.registry) if how.registry else Registry()
    except TestimonyError as error:
        say({"failed": str(error)})
        return
    hints = hints.with_whole() if how.whole else hints
    find = partial(segment, hints=hints, registry=registry)

    for line in lines:
        asked = json.loads(line)
        skip = asked.pop("skip")
        part = Part(**asked | {"path": readers.locate(asked["path"])})
        seconds = _seconds(part, how.limits)
        items = _items(part, replace(how, columns=hints.columns(part.source, how.columns)))
        number = 0
        while True:
            _set_alarm(seconds)
            clock = time.thread_time()  # that of the process is coarse while an alarm is set
            item = next(items, None)
            if item is None:
                break
            number += 1
            if number > skip:
                say({"at": item.source})
                say(_answer_to(item, find, clock))
        say({"end": True, "swollen": _held() > SWOLLEN * how.limits.memory})
        _set_alarm(0)


def _items(part: Part, how: How) -> Iterator[readers.Item]:
    try:
        yield from readers.read_part(part, columns=how.columns, limits=how.limits)
    except TestimonyError as error:  # a column that is not there, too: whatever has words costs its document alone
        yield Unreadable(source=part.source, reason=str(error))


def _answer_to(item: readers.Item, find: Callable[[Document], Sequence[Testimonial]], clock: float) -> dict[str, Any]:
    if isinstance(item, Unreadable):
        return {"unreadable": flat(item)}
    read = time.thread_time()
    try:
        found = find(item)
    except TestimonyError as error:
        return _refused(item, str(error))
    except MemoryError:
        return _refused(item, "needs too much memory; split it")
    except Exception as error:  # noqa: BLE001 - a fault of ours costs one document, and is listed
        return _refused(item, f"cannot be segmented ({type(error).__name__}); take it out and tell us")
    longest = max((len(testimonial.text) for testimonial in found), default=0)
    if longest > MAX_TESTIMONIAL:
        return _refused(item, f"a testimonial of {longest:,} characters, at most {MAX_TESTIMONIAL:,} are understood; split it")
    document = replace(item, blocks=(), marks=(), record=None)
    return {
        "document": flat(document) | {"metadata": dict(document.metadata)},
        "testimonials": [_flat(testimonial) for testimonial in found],
        "reading": read - clock,
        "segmenting": time.thread_time() - read,
    }


def _flat(testimonial: Testimonial) -> dict[str, Any]:
    return flat(testimonial) | {"metadata": dict(testimonial.metadata), "evidence": list(map(flat, testimonial.evidence))}


def _refused(item: Document, reason: str) -> dict[str, Any]:
    return {"unreadable": {"source": item.source, "reason": f"{item.source}: {reason}"}}


def _seconds(part: Part, limits: Limits) -> float:
    try:
        size = 0 if part.rows else part.path.stat().st_size
    except OSError:
        size = 0
    return limits.seconds + limits.seconds_per_megabyte * size / 1_000_000


def _set_alarm(seconds: float) -> None:
    # Nobody handles these signals: the kernel ends the process, wherever in a parser it is.
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, 5 * seconds)


def _held() -> int:
    """Bytes of address space that this process holds, where the system tells."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _limit_memory(limits: Limits) -> None:
    import resource

    for kind, limit in ((resource.RLIMIT_AS, limits.memory), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
