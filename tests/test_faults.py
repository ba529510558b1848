"""A sample of the faults that ``make bench`` tries in full.

The n-th write, rename, fsync, request and step of memory fails.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("benchmarks.bench_faults")
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, object]]:
    from benchmarks import bench_faults

    folder = tmp_path_factory.mktemp("faults")
    with bench_faults.hub_process() as endpoint:
        yield {stage.name: stage for stage in bench_faults.stages(folder, endpoint, ("crawl", "build"))}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("crawl", "write"),
        ("crawl", "fsync"),
        ("crawl", "rename"),
        ("crawl", "request"),
        ("crawl", "memory"),
        ("build", "write"),
        ("build", "rename"),
        ("build", "memory"),
        ("write", "write"),
        ("write", "rename"),
    ],
)
def test_after_a_fault_the_same_command_gives_the_same_bytes(
    stages: dict[str, object], tmp_path: Path, name: str, kind: str
) -> None:
    from benchmarks.faults import Stage, try_all

    stage = stages[name]
    assert isinstance(stage, Stage)
    tally = try_all(stage, kind, tmp_path / "work", step=9, most=2)
    assert tally.tried > 0
    assert (tally.tracebacks, tally.silent_losses, tally.survived) == (0, 0, tally.tried), tally.examples
