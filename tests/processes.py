"""Processes of a program under test, looked up in /proc."""

import time
from pathlib import Path


def descendants(pid: int) -> list[int]:
    """Processes that a process started, and those that they did."""
    try:
        children = list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    except OSError:  # it has ended
        return []
    return children + [pid for child in children for pid in descendants(child)]


def are_gone(pids: list[int], within: float) -> bool:
    """Tell whether processes end within some seconds."""
    deadline = time.monotonic() + within
    while not all(map(_is_gone, pids)) and time.monotonic() < deadline:
        time.sleep(0.01)
    return all(map(_is_gone, pids))


def _is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True
