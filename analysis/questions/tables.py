"""The only reader of ``data/processed``: a gate that refuses stale or foreign tables, then DuckDB views over them.

Three million models never enter pandas: the questions ask for aggregates in SQL, and for the reporters as a frame.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import duckdb
import pandas as pd
import pyarrow.parquet as pq

from mining.errors import DamagedDataError, SchemaMismatchError, UsageError
from mining.files import file_sha256
from mining.paths import Processed
from mining.schema import SCHEMA_VERSION, TABLES
from mining.source_contracts import source_of

PUBLISHED_TABLES = ("mined", "merged", "curated")
MEMORY_LIMIT = "1GB"
THREADS = 2
REPORTS = "(emissions_gco2e IS NOT NULL OR emissions_metadata_value IS NOT NULL)"
"""Condition on the view ``models``: an emission is settled, or stands in the metadata."""


class Tables:
    """Processed tables of one snapshot, opened read-only.

    Attributes:
        provenance: What the tables were made from, with the row account.
        source: Source of the snapshot: sample, published, hub, dump or cards.
    """

    def __init__(self, processed: Processed) -> None:
        """Open the tables after checking that they are whole and of this schema version.

        Raises:
            UsageError: There are no processed tables in the folder.
            SchemaMismatchError: They were built under another schema version.
            DamagedDataError: A table is missing or is not what the provenance says.
        """
        self._processed = processed
        self.provenance = _provenance(processed)
        self.source: str = self.provenance["source"]
        self._spill = tempfile.TemporaryDirectory(prefix="hf-carbon-")
        limits: dict[str, str | bool | int | float | list[str]] = {"memory_limit": MEMORY_LIMIT, "threads": THREADS}
        limits["temp_directory"] = self._spill.name
        self._connection = duckdb.connect(":memory:", config=limits)
        self._connection.execute("SET TimeZone='UTC'")
        for name in TABLES:
            self._view(name)

    def __enter__(self) -> Self:
        """The tables themselves."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        self.close()

    def close(self) -> None:
        """Close the connection; the files stay, what was set aside for want of memory goes."""
        self._connection.close()
        self._spill.cleanup()

    def _view(self, name: str) -> None:
        path = self._processed.table(name)
        if not path.is_file():
            raise DamagedDataError(f"table '{name}' is missing in the processed folder; run build again")
        quoted = str(path).replace("'", "''")
        self._connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{quoted}')")  # noqa: S608

    def query(self, sql: str, parameters: list[Any] | None = None) -> pd.DataFrame:
        """Result of a query over the views ``models``, ``claims``, ``metrics`` and ``rejects``.

        Args:
            sql: A DuckDB query; give it an ORDER BY, the order is not fixed otherwise.
            parameters: Values for its placeholders.
        """
        return self._connection.execute(sql, parameters or []).df()

    def reporters(self, columns: Sequence[str] = ()) -> pd.DataFrame:
        """All models for which an emission is settled or stands in the metadata, in the order of their keys.

        Args:
            columns: Columns of the models table to read; all where none is named, which takes ten times the memory of
                those in use.
        """
        wanted = ", ".join(f'"{name}"' for name in columns) or "*"
        return self.query(f"SELECT {wanted} FROM models WHERE {REPORTS} ORDER BY model_key")  # noqa: S608 - names of our own only

    def published(self, name: str) -> pd.DataFrame | None:
        """One of the published tables (mined, merged, curated) with its own column names; None for other sources."""
        if not source_of(self.source).has_published_tables or name not in PUBLISHED_TABLES:
            return None
        frame: pd.DataFrame = pq.read_table(self._processed.table(f"published_{name}")).to_pandas()
        return frame

    def count(self) -> int:
        """Number of models."""
        return int(self.query("SELECT count(*) AS n FROM models")["n"].iloc[0])


def _provenance(processed: Processed) -> dict[str, Any]:
    """Provenance of the tables, checked."""
    if not processed.provenance.is_file():
        raise UsageError(f"no processed tables for '{processed.folder.name}'; run build first")
    try:
        provenance: dict[str, Any] = json.loads(processed.provenance.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DamagedDataError(f"{processed.provenance.name} of '{processed.folder.name}' is not JSON") from error
    version = provenance.get("schema_version")
    if version != SCHEMA_VERSION:
        raise SchemaMismatchError(
            f"'{processed.folder.name}' was built under schema version {version}, this is {SCHEMA_VERSION}; run "
            f"build again"
        )
    for name, digest in provenance.get("tables", {}).items():
        _check_table(processed, name, digest)
    return provenance


def _check_table(processed: Processed, name: str, digest: dict[str, Any]) -> None:
    """Refuse a table whose bytes are not those that were built."""
    path = processed.table(name)
    if not path.is_file() or file_sha256(path) != digest["sha256"]:
        raise DamagedDataError(
            f"table '{name}' of '{processed.folder.name}' is not what was built (missing or altered); run build again"
        )
