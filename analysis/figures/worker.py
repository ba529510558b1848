"""A second process that draws part of the figures: asked on standard input, answers on standard output, both in MessagePack."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Self

import msgspec
from msgspec import Struct

from analysis.results import Table

ROOT = Path(__file__).resolve().parents[2]


class Order(Struct, frozen=True, kw_only=True):
    """What to draw."""

    ids: tuple[str, ...]
    tables: tuple[Table, ...]
    source_line: str
    synthetic: bool


class Picture(Struct, frozen=True, kw_only=True):
    """One drawn figure, or why there is none."""

    id: str
    alternative: str
    files: dict[str, bytes]
    page: str
    wide: bool
    missing: str | None


class Worker:
    """The second process, started on an order; it talks through files, so that neither side ever waits for the other to read.

    Args:
        order: What to draw.
    """

    def __init__(self, order: Order) -> None:
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        self._answer = tempfile.TemporaryFile()  # noqa: SIM115 - closed on leaving
        with tempfile.TemporaryFile() as asked:
            asked.write(msgspec.msgpack.encode(order))
            asked.seek(0)
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "analysis.figures.worker"],
                stdin=asked,
                stdout=self._answer,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            )

    def __enter__(self) -> Self:
        """The running process."""
        return self

    def __exit__(self, *error: object) -> None:
        """End the process, whatever it was doing, and forget its answer."""
        self._process.kill()
        self._process.wait()
        self._answer.close()

    def collect(self) -> list[Picture] | None:
        """Wait for the pictures; None where the process failed, and its part is to be drawn here."""
        if self._process.wait() != 0:
            return None
        self._answer.seek(0)
        return msgspec.msgpack.decode(self._answer.read(), type=list[Picture])


def serve(asked: IO[bytes], answer: IO[bytes]) -> None:
    """Draw what is asked for."""
    from analysis.figures.gallery import draw_here

    order = msgspec.msgpack.decode(asked.read(), type=Order)
    drawn = draw_here(
        order.ids, {table.id: table for table in order.tables}, order.source_line, synthetic=order.synthetic
    )
    pictures: Sequence[Picture] = [
        Picture(
            id=each.spec.id,
            alternative=each.alternative,
            files=each.files,
            page=each.page,
            wide=each.wide,
            missing=each.missing,
        )
        for each in drawn
    ]
    answer.write(msgspec.msgpack.encode(pictures))


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
