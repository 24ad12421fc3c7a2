"""What containers and schedulers of jobs allow counts, in either version of control groups."""

import pytest

from testimony import machine

TWO = {"cpu.max": "{quota} 100000", "memory.max": "{limit}", "memory.current": "700", "memory.stat": "anon 500\ninactive_file 200\n"}
ONE = {
    "cpu/cpu.cfs_quota_us": "{quota}", "cpu/cpu.cfs_period_us": "100000", "memory/memory.limit_in_bytes": "{limit}",
    "memory/memory.usage_in_bytes": "700", "memory/memory.stat": "inactive_file 1\ntotal_inactive_file 200\n",
}  # fmt: skip


@pytest.fixture
def system(tmp_path, monkeypatch):
    """Make the files of a Linux with 8 processors and 4,096 bytes available."""
    monkeypatch.setattr(machine, "CGROUPS", tmp_path / "sys")
    monkeypatch.setattr(machine, "PROC", tmp_path / "proc")
    monkeypatch.setattr(machine.os, "sched_getaffinity", lambda pid: set(range(8)), raising=False)

    def write(groups: str, files: dict[str, str], **values: str) -> None:
        (tmp_path / "proc" / "self").mkdir(parents=True)
        (tmp_path / "proc" / "self" / "cgroup").write_text(groups)
        (tmp_path / "proc" / "meminfo").write_text("MemTotal:  9 kB\nMemFree:  1 kB\nMemAvailable:  4 kB\n")
        for name, text in files.items():
            file = tmp_path / "sys" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text.format(**values))

    return write


def test_no_limits(system) -> None:
    system("0::/\n", TWO, quota="max", limit="max")
    assert (machine.processors(), machine.free_memory()) == (8, 4096)


@pytest.mark.parametrize(("quota", "expected"), [("250000", 2), ("50000", 1), ("9900000", 8)])
def test_a_container_of_either_version(system, quota, expected) -> None:
    system("0::/\n", TWO, quota=quota, limit="1500")
    assert (machine.processors(), machine.free_memory()) == (expected, 1000)


def test_a_container_of_the_first_version_whose_own_folder_is_the_top(system) -> None:
    system("3:memory:/docker/a b\n2:cpu,cpuacct:/docker/a b\n", ONE, quota="300000", limit="1500")
    assert (machine.processors(), machine.free_memory()) == (3, 1000)


def test_the_narrowest_of_nested_groups_counts(system) -> None:
    inner = {f"jobs/mine/{name}": text for name, text in TWO.items()} | {"jobs/cpu.max": "100000 100000"}
    system("0::/jobs/mine\n", inner, quota="max", limit="900")
    assert (machine.processors(), machine.free_memory()) == (1, 400)


def test_a_system_that_tells_nothing(tmp_path, monkeypatch) -> None:
    for name in ("CGROUPS", "PROC"):
        monkeypatch.setattr(machine, name, tmp_path)
    monkeypatch.delattr(machine.os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(machine.os, "cpu_count", lambda: None)
    monkeypatch.setattr(machine.os, "sysconf_names", {})
    assert (machine.processors(), machine.free_memory()) == (1, None)
