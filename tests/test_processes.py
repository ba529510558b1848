"""Processes of a build: deaf to the interrupt, and gone with the one that started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

SCRIPT = """
import os, signal, sys, time
from mining.build.worker_init import processes

def interrupt_me():
    os.kill(os.getpid(), signal.SIGINT)
    return os.getpid()

if __name__ == "__main__":
    with processes(2) as pool:
        found = {pool.submit(interrupt_me).result() for _ in range(8)}
        print(*found, flush=True)
        jobs = [pool.submit(time.sleep, 600) for _ in range(4)]
        jobs[0].result()
"""


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def end_by(ending: signal.Signals, tmp_path: Path) -> tuple[list[int], str, int]:
    """Start the script and end it; its processes, what was said, and its exit code."""
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, str(tmp_path / "script.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        workers = [int(one) for one in started.stdout.readline().split()]
        time.sleep(0.2)
        os.kill(started.pid, ending)
        said = started.communicate(timeout=60)[1]
    return workers, said, started.returncode


def wait_until_gone(workers: list[int]) -> list[int]:
    until = time.monotonic() + 30
    while any(map(is_alive, workers)) and time.monotonic() < until:
        time.sleep(0.05)
    return [one for one in workers if is_alive(one)]


def test_a_killed_build_leaves_no_process_behind(tmp_path: Path) -> None:
    workers, _, code = end_by(signal.SIGKILL, tmp_path)
    assert (bool(workers), code) == (True, -signal.SIGKILL)
    assert wait_until_gone(workers) == []


def test_an_interrupt_ends_all_processes_and_none_of_them_complains(tmp_path: Path) -> None:
    workers, said, code = end_by(signal.SIGINT, tmp_path)
    assert (bool(workers), code) == (True, -signal.SIGINT)
    assert said.count("Traceback") == 1  # the script's own
    assert wait_until_gone(workers) == []
