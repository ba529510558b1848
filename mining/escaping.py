"""Names that others chose, shown so that they steer nothing.

from mining.patterns import regex

No terminal, no workflow command, no direction of writing, no second line.
"""

from __future__ import annotations

import re

from mining.patterns import regex

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSEEN = "\u200b\u2028\u2029\ufeff\ufff9-\ufffb"
_STEERING = regex(f"[\x00-\x1f\x7f-\x9f{_BIDI}{_UNSEEN}\ud800-\udfff\U000e0000-\U000e007f]")
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""Beginnings of a cell that a spreadsheet takes for a formula."""


def escaped(text: str) -> str:
    r"""The text with everything that is no visible character written out.

    Examples:
        >>> escaped("a\n::error::b")
        'a\\n::error::b'
    """
    return text if text.isascii() and text.isprintable() else _STEERING.sub(_written_out, text)


def _written_out(match: re.Match[str]) -> str:
    """A character as Python writes it; a byte that was no UTF-8 as that byte."""
    code = ord(match[0])
    if match[0] in _SHORT:
        return _SHORT[match[0]]
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
