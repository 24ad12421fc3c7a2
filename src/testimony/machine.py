"""What this process may use of its machine, also where a container or a scheduler of jobs allows less than there is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

CGROUPS, PROC = Path("/sys/fs/cgroup"), Path("/proc")
"""Where Linux tells; other systems have neither."""


def processors() -> int:
    """Tell how many processors this process may use at once."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min((allowed, *_quotas())))


def free_memory() -> int | None:
    """Tell how many bytes this process and others it starts may still fill; ``None`` where the system does not say."""
    return min((*_available(), *_left()), default=None)


def _quotas() -> Iterator[int]:
    """Whole processors that control groups allow."""
    for folder in _groups("cpu"):
        words = _words(folder / "cpu.max") or _words(folder / "cpu.cfs_quota_us") + _words(folder / "cpu.cfs_period_us")
        if len(words) == 2 and words[0].isdigit():  # "max" and "-1" set no limit
            yield int(words[0]) // int(words[1])


def _left() -> Iterator[int]:
    """Bytes that control groups still allow; what is kept of files gives way."""
    for folder in _groups("memory"):
        limit = _words(folder / "memory.max") or _words(folder / "memory.limit_in_bytes")
        used = _words(folder / "memory.current") or _words(folder / "memory.usage_in_bytes")
        if limit and limit[0].isdigit() and used:
            words = _words(folder / "memory.stat")
            kept = dict(zip(words[::2], words[1::2], strict=False))
            yield int(limit[0]) - int(used[0]) + int(kept.get("total_inactive_file") or kept.get("inactive_file") or 0)


def _available() -> Iterator[int]:
    """Bytes that the system has free, or half of all it has where it tells no more."""
    words = _words(PROC / "meminfo")
    if "MemAvailable:" in words:
        yield int(words[words.index("MemAvailable:") + 1]) * 1024
    elif "SC_PHYS_PAGES" in getattr(os, "sysconf_names", ()):
        yield os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2


def _groups(controller: str) -> Iterator[Path]:
    """Folders of the control groups that this process is in, and of those around them, of either version."""
    for line in _text(PROC / "self" / "cgroup").splitlines():
        _, names, path = line.split(":", 2)
        if not names or controller in names.split(","):
            top = CGROUPS / controller if names else CGROUPS
            inner = path.strip("/")
            for group in (Path(inner), *Path(inner).parents):
                yield top / group


def _words(file: Path) -> list[str]:
    return _text(file).split()


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, ValueError):
        return ""
