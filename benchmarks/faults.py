"""Fails the n-th write, fsync, rename, request or step of memory of one stage, for every n.

Each in a process of its own. After the manner of SQLite's own tests of faults (sqlite.org/testing.html, "Out-Of-Memory"
and "I/O Error Testing"): after a fault every file is the old one or the new one, standard error says one line, and the
same command run again gives the same bytes as if nothing had been.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

KINDS = ("write", "fsync", "rename", "request", "memory")
FIRED = 77
MODELS = 50
CARD = b"---\nlicense: mit\n---\n# M\n\n## Environmental Impact\n\n- **Carbon Emitted:** 0.51 kg CO2eq\n"
NOT_COMPARED = ("run.log",)


@dataclass
class Stage:
    """One stage of the pipeline.

    Attributes:
        name: Name of the stage.
        command: Its command line.
        again: The command that goes on after a fault.
        before: Folder that every try begins with a copy of.
        place: Files below that are the stage's own output.
        kinds: Faults that it can meet.
    """

    name: str
    command: Sequence[str]
    again: Sequence[str]
    before: Path
    place: str
    kinds: tuple[str, ...] = ("write", "fsync", "rename", "memory")


@dataclass
class Tally:
    """What came of all faults of one kind in one stage."""

    stage: str
    kind: str
    tried: int = 0
    told: int = 0
    killed: int = 0
    survived: int = 0
    tracebacks: int = 0
    silent_losses: int = 0
    examples: str = ""


def arm(kind: str, number: int) -> None:
    """Let the ``number``-th call of a kind fail, in this process."""
    left = [number]
    for owner, names, error in _targets(kind):
        for name in names:
            setattr(owner, name, _failing(getattr(owner, name), error, left))


def _failing(function: Callable[..., Any], error: Callable[[], BaseException], left: list[int]) -> Callable[..., Any]:
    """The function, but the call that ``left`` counts down to fails; the harness's own words are let through."""

    def call(*given: Any, **named: Any) -> Any:
        if given and isinstance(given[0], int) and given[0] in (1, 2, FIRED):
            return function(*given, **named)
        left[0] -= 1
        if left[0] == 0:
            _tell(FIRED, b"!")
            raise error()
        return function(*given, **named)

    return call


_tell = os.write
Target = tuple[Any, Sequence[str], Callable[[], BaseException]]


def _targets(kind: str) -> Sequence[Target]:
    """What fails, and how."""
    import msgspec
    import pyarrow as pa
    import pyarrow.parquet as pq
    import yaml

    from mining import files
    from mining.build import partition_files, workers
    from mining.hub import calls
    from mining.hub.client import HubClient
    from mining.snapshot import writer

    targets: dict[str, Sequence[Target]] = {
        "write": (
            (os, ("write",), lambda: OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))),
            (Path, ("write_bytes", "write_text"), lambda: OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))),
            (pa, ("OSFile",), lambda: OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))),
        ),
        "fsync": ((os, ("fsync",), lambda: OSError(errno.EIO, os.strerror(errno.EIO))),),
        "rename": ((os, ("replace", "rename"), lambda: OSError(errno.EIO, os.strerror(errno.EIO))),),
        "request": ((HubClient, ("_request",), lambda: httpx2.ConnectError("injected")),),
        "memory": (
            (files, ("write_all",), MemoryError),
            (writer, ("encode_frame", "decode_frame", "write_all"), MemoryError),
            (calls, ("envelope_of", "rows_of"), MemoryError),
            (workers, ("normalize", "write_part"), MemoryError),
            (partition_files, ("encode_frame", "decode_frame"), MemoryError),
            (msgspec.json, ("decode", "encode", "format"), MemoryError),
            (msgspec.msgpack, ("decode", "encode"), MemoryError),
            (pq, ("read_table", "write_table", "ParquetFile", "ParquetWriter"), MemoryError),
            (yaml, ("safe_load",), MemoryError),
        ),
    }
    return targets[kind]


def run(stage: Stage, command: Sequence[str], work: Path, fault: tuple[str, int] | None) -> tuple[int, str, bool]:
    """Run a command in a process of its own.

    Returns:
        Exit code, what it said on standard error, and whether the fault came about.
    """
    reader, sender = os.pipe()
    said = work / ".said"
    child = os.fork()
    if child == 0:
        _be_child(stage, command, work, fault, said, sender)
    os.close(sender)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reader, "rb") as stream:
        fired = bool(stream.read())
    words = said.read_text("utf-8", "replace")
    said.unlink()
    return os.waitstatus_to_exitcode(status), words, fired


def _be_child(
    stage: Stage, command: Sequence[str], work: Path, fault: tuple[str, int] | None, said: Path, sender: int
) -> None:
    """What the child does; it never returns."""
    code = 1
    try:
        os.chdir(work)
        os.dup2(sender, FIRED)
        os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), 2)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        import mining.build.run as build
        from analysis.cli import main

        build.UNITS_WORTH_A_POOL = 1 << 30  # in this process, where the fault is
        time.sleep = lambda seconds: None  # type: ignore[assignment]
        if fault is not None:
            arm(*fault)
        main(list(command))
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)


def content(folder: Path) -> dict[str, str]:
    """Digest of every file, hidden ones and logs apart."""
    files = {path.relative_to(folder): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {
        name.as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in files.items()
        if name.name not in NOT_COMPARED and not any(part.startswith(".") for part in name.parts)
    }


@contextmanager
def copy_of(folder: Path, work: Path) -> Iterator[Path]:
    """A fresh copy of a folder."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(folder, work, symlinks=True)
    yield work
    shutil.rmtree(work, ignore_errors=True)


def try_all(stage: Stage, kind: str, work: Path, *, step: int = 1, most: int = 10_000) -> Tally:
    """Fail the first, second, third ... call of a kind, until the stage ends without meeting the fault.

    Args:
        stage: The stage.
        kind: The kind of fault.
        work: Scratch folder.
        step: Distance of the calls that are failed; 1 for every one.
        most: No more than this many.
    """
    tally = Tally(stage.name, kind)
    with copy_of(stage.before, work):
        old = content(work / stage.place)
        code, words, _ = run(stage, stage.command, work, None)
        if code != 0:
            raise RuntimeError(f"{stage.name} does not run at all: {words}")
        new = content(work / stage.place)
    for number in range(1, most * step + 1, step):
        with copy_of(stage.before, work):
            code, words, fired = run(stage, stage.command, work, (kind, number))
            if not fired:
                break
            tally.tried += 1
            _judge(tally, number, code, words, old, new, content(work / stage.place))
            again, more, _ = run(stage, stage.again, work, None)
            after = content(work / stage.place)
            if again == 0 and after == new:
                tally.survived += 1
            else:
                differing = sorted(name for name in after.keys() | new.keys() if after.get(name) != new.get(name))
                tally.examples += f" {number}: again {again} {differing[:3]} {more.strip()[-120:]};"
    return tally


def _judge(
    tally: Tally, number: int, code: int, words: str, old: dict[str, str], new: dict[str, str], now: dict[str, str]
) -> None:
    """What a fault left behind before anything was mended."""
    if "Traceback" in words or "a fault of this program" in words:
        tally.tracebacks += 1
        tally.examples += f" {number}: {words.strip().splitlines()[-1][:120]};"
    elif code != 0 and "hf-carbon: " in words:
        tally.told += 1
    if code == 0 and now != new:
        tally.silent_losses += 1
        tally.examples += f" {number}: lost in silence;"
    if tally.stage != "crawl":  # a crawl's own files grow page by page; that they are whole is seen by going on
        torn = [name for name, digest in now.items() if digest not in (old.get(name), new.get(name))]
        if torn:
            tally.silent_losses += 1
            tally.examples += f" {number}: {torn[0]} is neither old nor new;"


def memory_steps(stage: Stage, work: Path, mebibytes: Sequence[int]) -> Tally:
    """Run a stage in address spaces of several sizes: it ends, says one line, or is killed; then it runs again."""
    tally = Tally(stage.name, "limit of memory")
    with copy_of(stage.before, work):
        old = content(work / stage.place)
        if run(stage, stage.command, work, None)[0] != 0:
            raise RuntimeError(f"{stage.name} does not run at all")
        new = content(work / stage.place)
    for limit in mebibytes:
        with copy_of(stage.before, work):
            code, words = bounded(stage.command, work, limit)
            tally.tried += 1
            _judge(tally, limit, code, words, old, new, content(work / stage.place))
            tally.killed += code < 0
            again, more, _ = run(stage, stage.again if code else stage.command, work, None)
            after = content(work / stage.place)
            tally.survived += again == 0 and after == new
            if after != new:
                tally.examples += f" {limit}: again {again} {more.strip()[-120:]};"
    return tally


def bounded(command: Sequence[str], work: Path, mebibytes: int) -> tuple[int, str]:
    """Run a command in an address space of this size; its exit code and what it said."""
    script = (
        f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({mebibytes << 20}, {mebibytes << 20}))\n"
        f"from analysis.cli import main\nif __name__ == '__main__':\n    main({list(command)!r})"
    )
    here = Path(__file__).parents[1]
    env = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONPATH": str(here)}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=work, env=env, capture_output=True, text=True, check=False, errors="replace"
    )
    return done.returncode, done.stderr
