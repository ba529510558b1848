"""A meter's file as text, and as rows of cells: encoding, separator and quotes are found out, never assumed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from msgspec import Struct

POINTER = b"version https://git-lfs.github.com/spec/"
SEPARATORS = (",", ";", "\t", "|")
_SAMPLE = 4096


class Row(Struct, frozen=True):
    """One line of a table.

    Attributes:
        number: Rows before it, the first header not counted: the first row of data is 1.
        text: The line as written.
        cells: Its fields, without blanks at their ends.
    """

    number: int
    text: str
    cells: tuple[str, ...]


def is_pointer(data: bytes) -> bool:
    """Whether this is a Git LFS pointer, which stands where the file itself was not fetched."""
    return data.startswith(POINTER)


def text_of(data: bytes) -> str | None:
    """Text of a file in UTF-8, UTF-16 (with or without its mark) or Windows' Latin code page; None for anything else.

    Args:
        data: The file.
    """
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", errors="replace").removeprefix("\ufeff")
    sample = data[:_SAMPLE]
    if b"\0" in sample:
        even, odd = sample[::2].count(0), sample[1::2].count(0)
        wide = "utf-16-le" if odd > 4 * even else "utf-16-be" if even > 4 * odd else None
        return data.decode(wide, errors="replace") if wide else None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def rows_of(text: str) -> Iterator[Row]:
    """Rows of a table whose first line names its columns; a line that only names the separator (``sep=;``) is left out.

    Args:
        text: The file.
    """
    lines = [line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]
    if lines and lines[0].lower().startswith("sep="):
        lines = lines[1:]
    if not lines:
        return
    separator = max(SEPARATORS, key=lines[0].count)
    source = csv.reader(io.StringIO("\n".join(lines)), delimiter=separator, skipinitialspace=True)
    end = 0
    while True:
        start = end
        try:
            cells = next(source, None)
        except csv.Error:
            yield Row(start, lines[start] if start < len(lines) else "", ())
            return
        if cells is None:
            return
        end = source.line_num
        yield Row(start, "\n".join(lines[start:end]), tuple(cell.strip() for cell in cells))


def number_of(cell: str, decimal: str) -> float | None:
    """A number as a meter or a spreadsheet writes it; None for anything else, for negative ones and for grouped digits.

    Args:
        cell: The field.
        decimal: Decimal mark of the table.

    Examples:
        >>> number_of("0,42", ","), number_of("1e-3", "."), number_of("1,200.5", "."), number_of("nan", ".")
        (0.42, 0.001, None, None)
    """
    other = "," if decimal == "." else "."
    if not cell or other in cell or cell[0] not in "+.0123456789" + decimal or "_" in cell:
        return None
    try:
        value = float(cell.replace(decimal, "."))
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None


def decimal_mark(cells: Iterator[str]) -> str | None:
    """Decimal mark of the numbers of a table; None where both marks occur.

    Args:
        cells: Fields of columns of numbers.
    """
    marks = {mark for cell in cells for mark in ".," if mark in cell}
    return None if len(marks) > 1 else next(iter(marks), ".")
