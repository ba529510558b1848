"""Row groups of one size, written by a thread of its own while the next one is put together."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

import pyarrow as pa

from mining.tables import BATCH_ROWS, TableWriter


class RowGroupWriter:
    """Collects tables and writes them in row groups of :data:`BATCH_ROWS`; at most two groups are in memory.

    Args:
        writer: Where the rows go; closed by the caller, after the gathering has ended.
    """

    def __init__(self, writer: TableWriter) -> None:
        self._writer = writer
        self._thread = ThreadPoolExecutor(1)
        self._written: Future[None] | None = None
        self._tables: list[pa.Table] = []
        self._rows = 0

    def __enter__(self) -> RowGroupWriter:
        """Open for rows."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what is left, unless an error is under way; the thread has ended afterwards."""
        try:
            if kind is None:
                self._flush()
                self._wait()
        finally:
            self._thread.shutdown()

    def add(self, table: pa.Table) -> None:
        """Add rows.

        Raises:
            SchemaMismatchError: Rows that were added before break the registry.
        """
        self._tables.append(table)
        self._rows += table.num_rows
        while self._rows >= BATCH_ROWS:
            self._flush()

    def _flush(self) -> None:
        """Hand one row group to the thread."""
        if not self._rows:
            return
        table = pa.concat_tables(self._tables)
        group, rest = table.slice(0, BATCH_ROWS).combine_chunks(), table.slice(BATCH_ROWS)
        self._tables, self._rows = [rest], rest.num_rows
        self._wait()
        self._written = self._thread.submit(self._writer.write_table, group)

    def _wait(self) -> None:
        if self._written is not None:
            self._written.result()
            self._written = None
