"""Tables of the benchmark page, made from the JSON that the benchmarks wrote; nothing is typed by hand."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

HEAD = """# What was measured

Written by `python -m benchmarks` (`make bench`) from the files in `benchmarks/results/`; do not edit. Every figure was
taken on the machine
of the run, in one run, beside the baseline named there; compare ratios rather than seconds. Explanations by hand stand
in the files listed
at the end.
"""
DIGITS = 4
MAX_ROWS = 400
MAX_CELL = 160


def write_readme(path: Path, results: Path, parts: Sequence[str]) -> None:
    """Write the page from all results there are, in the order of the parts."""
    sections = [section(part, results / f"{part}.json") for part in parts if (results / f"{part}.json").is_file()]
    notes = sorted(file.name for file in path.parent.glob("*.md") if file.name != path.name)
    tail = "\n## Notes by hand\n\n" + "\n".join(f"* [`{name}`]({name})" for name in notes) + "\n" if notes else ""
    path.write_text(HEAD + "".join(sections) + tail, encoding="utf-8")


def section(part: str, result: Path) -> str:
    """One part: what it measures, then its tables."""
    module = ast.parse((Path(__file__).parent / f"bench_{part}.py").read_text(encoding="utf-8"))
    what = (ast.get_docstring(module) or part).split("\n\n")[0].replace("\n", " ")
    content = json.loads(result.read_text(encoding="utf-8"))
    return f"\n## {part.capitalize()}\n\n{what}\n" + "".join(tables(content))


def tables(content: Any, title: str = "") -> Iterator[str]:
    """Tables of one JSON value: plain values share a table, lists of objects are tables, the rest is nested."""
    if isinstance(content, list):
        yield from _rows(content, title)
        return
    plain = {key: value for key, value in content.items() if not isinstance(value, dict) and not _is_table(value)}
    if plain:
        yield _heading(title) + _table(("what", "value"), [(_words(key), _cell(value)) for key, value in plain.items()])
    for key, value in content.items():
        if key not in plain:
            yield from tables(value, f"{title}: {_words(key)}" if title else _words(key))


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _rows(items: list[Any], title: str) -> Iterator[str]:
    columns = list(dict.fromkeys(key for item in items for key in item))
    rows = [tuple(_cell(item.get(column)) for column in columns) for item in items[:MAX_ROWS]]
    more = f"\n{len(items) - MAX_ROWS} more rows stand in the JSON.\n" if len(items) > MAX_ROWS else ""
    yield _heading(title) + _table(tuple(_words(column) for column in columns), rows) + more


def _heading(title: str) -> str:
    return f"\n### {title[:1].upper()}{title[1:]}\n\n" if title else "\n"


def _table(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [
        "| " + " | ".join(columns) + " |",
        "|" + "---|" * len(columns),
        *("| " + " | ".join(row) + " |" for row in rows),
    ]
    return "\n".join(lines) + "\n"


def _words(key: str) -> str:
    return str(key).replace("_", " ")


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.{DIGITS}g}"
    text = (
        ", ".join(map(_cell, value))
        if isinstance(value, list)
        else json.dumps(value)
        if isinstance(value, dict)
        else str(value)
    )
    return text.replace("|", "\\|").replace("\n", " ")[:MAX_CELL]
