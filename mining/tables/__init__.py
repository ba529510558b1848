"""Registry structs as tables.

Arrow schema, validator, data dictionary, and the writer and checking reader of Parquet files. Everything here derives
from the structs in ``mining.schema``; nothing is said twice. Fields of a nested struct become columns of the same name
in the outer table.
"""

from __future__ import annotations

from mining.tables.columns import TableColumn, arrow_schema, columns, table_name, to_arrow, violations
from mining.tables.description import dictionary, validator
from mining.tables.files import (
    BATCH_ROWS,
    COMPRESSION,
    TableWriter,
    from_row,
    iter_tables,
    open_table,
    read_records,
    read_table,
    write_table,
)

__all__ = [
    "BATCH_ROWS", "COMPRESSION", "TableColumn", "TableWriter", "arrow_schema", "columns", "dictionary", "from_row",
    "iter_tables", "open_table", "read_records", "read_table", "table_name", "to_arrow", "validator", "violations",
    "write_table",
]  # fmt: skip
