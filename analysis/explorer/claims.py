"""What models state, in their own words, as lines of the explorer's page."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from analysis.questions.tables import Tables

MAX_WORDS = 240
MAX_CLAIMS = 40
COLUMNS = 'model_key, quantity, value, unit, inner_value, label, text, "where", scope, subject, outcome'


def claim_lines(tables: Tables, keys: Sequence[str]) -> list[str]:
    """One line of JSON a model that states something, emissions first.

    Args:
        tables: Processed tables.
        keys: Keys of the models whose names the page holds, in the page's order.

    Returns:
        Lines ``[row, [[quantity, outcome, words, place, scope, grams or inner value, name or unit, subject], ...]]``;
        words and claims beyond a bound are left out.
    """
    row_of = {key: row for row, key in enumerate(keys)}
    frame = tables.query(
        f"""SELECT {COLUMNS} FROM claims
        ORDER BY model_key, quantity <> 'emissions', quantity,
            starts_with("where", 'metadata') DESC, "where", text"""  # noqa: S608
    )
    found: dict[int, list[list[Any]]] = {}
    for record in frame.itertuples(index=False, name=None):
        row = row_of.get(record[0])
        if row is not None and len(found.setdefault(row, [])) < MAX_CLAIMS:
            found[row].append(_claim(record))
    return [json.dumps([row, found[row]], ensure_ascii=False, separators=(",", ":")) for row in sorted(found)]


def _claim(record: tuple[Any, ...]) -> list[Any]:
    _, quantity, value, unit, inner, label, text, where, scope, subject, outcome = record
    words = text if len(text) <= MAX_WORDS else f"{text[:MAX_WORDS]}…"
    shown = _finite(inner) if _finite(inner) is not None else _finite(value)
    return [quantity, outcome, words, where, scope, shown, _text(label) or _text(unit), _text(subject)]


def _finite(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
