"""Processes that share work: every task done once, whoever dies; none of them outlives the one that started them."""

import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from processes import are_gone, descendants
from testimony.crew import CrewLostError, share_out

# Works that end their process, in a module that the processes can import.
FATES = """
import os, signal
from pathlib import Path

def die_once(task):
    if task == "fatal" and not Path("died").exists():
        Path("died").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return task, os.getpid()

def die(task):
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def fates(tmp_path, monkeypatch):
    (tmp_path / "fates.py").write_text(FATES)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    import fates

    yield fates
    del sys.modules["fates"]


def test_every_task_is_answered_once() -> None:
    assert sorted(share_out(math.sqrt, [n * n for n in range(50)], 2)) == list(range(50))
    assert list(share_out(math.sqrt, [], 2)) == []


def test_an_error_is_raised_here_and_says_where_it_was() -> None:
    with pytest.raises(ValueError, match="math domain") as caught:
        list(share_out(math.sqrt, [-1], 1))
    assert "Traceback" in caught.value.__notes__[0]


def test_a_task_whose_process_died_goes_to_another(fates, caplog) -> None:
    tasks = ["fatal", *map(str, range(10))]
    answers = list(share_out(fates.die_once, tasks, 2))
    assert sorted(task for task, _ in answers) == sorted(tasks)
    assert os.getpid() not in {pid for _, pid in answers}
    assert "a worker process died" in caplog.text


def test_when_every_process_died_it_is_said(fates) -> None:
    with pytest.raises(CrewLostError):
        list(share_out(fates.die, range(5), 2))


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_processes_end_with_the_one_that_started_them_in_the_middle_of_work(sign) -> None:
    program = "import time; from testimony.crew import share_out; list(share_out(time.sleep, [0, 0, 600, 600], 2))"
    parent = subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while len(started := descendants(parent.pid)) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.3)
    parent.send_signal(sign)
    parent.wait(10)
    assert len(started) == 2
    assert are_gone(started, within=5)
