"""What every printed word means, from the rubric, the terms and the registry: nothing is written twice."""

from __future__ import annotations

import difflib
import textwrap
import typing
from collections.abc import Iterator

from msgspec import Meta, Struct

from analysis.classify.rubric import Probe, rubric
from analysis.classify.terms import terms
from mining.errors import UsageError
from mining.schema import TABLES

Lines = list[str]
WORDS = "docs/words.md"
"""Page of the documentation with a section a probe."""
COLUMNS = 80


def explain(name: str) -> str:
    """Explain one name.

    Args:
        name: A probe or level, an item of a yardstick, a printed word (rule, flag, scope, class, ...), or a field of a
            table.

    Returns:
        Text of a few lines.

    Raises:
        UsageError: The name is unknown; the nearest ones are suggested.
    """
    wanted = name.strip().casefold()
    parts = [lines for found, lines in _everything() if found.casefold() in {wanted, wanted.replace(" ", "-")}]
    if not parts:
        raise UsageError(f"no entry '{name}'{_nearest(name)}")
    return "\n\n".join(dict.fromkeys("\n".join(lines) for lines in parts))


def names() -> list[str]:
    """Every name that can be explained."""
    return list(dict.fromkeys(name for name, _ in _everything()))


def _everything() -> Iterator[tuple[str, Lines]]:
    """Every name with its explanation: probes, levels, items of yardsticks, printed words, fields of tables."""
    rules = rubric()
    for probe in rules.probes:
        yield probe.id, list(_probe(probe))
    for place, level in enumerate(rules.levels, 1):
        title = f"{level.title} (level {place} of {len(rules.levels)}, rubric {rules.version})"
        yield level.id, [title, f"  {level.meaning}"]
    for yardstick in rules.yardsticks.values():
        for name, item in yardstick.items.items():
            asked = f"{name} asks: {item.asks}"
            yield name, [asked, f"  of: {yardstick.title}", f"  satisfied when reported: {', '.join(item.probes)}"]
    for term in terms():
        yield term.name, [f"{term.name} ({term.kind}): {term.meaning}"]
    yield from sorted((found, lines) for table in TABLES.values() for found, lines in fields_of(table))


def _nearest(name: str) -> str:
    near = difflib.get_close_matches(name, names(), n=3, cutoff=0.5)
    return f"; did you mean {', '.join(near)}?" if near else "; `hf-carbon explain --list` lists all names"


def _probe(probe: Probe) -> Iterator[str]:
    yield f"{probe.id}: {probe.question}"
    yield from _row("why", probe.motivation)
    yield from _row("judged", probe.rule)
    for outcome, meaning in probe.outcomes.items():
        yield from _row(outcome, meaning)
    yield from _row("not assessed", "The card could not be read, or the probe failed. Never counted as no.")
    yield from _row("to fix", f"{probe.remedy} (effort: {probe.effort})")
    yield from _row("weight", f"{probe.weight} of 100; {probe.lifecycle}; rubric {rubric().version}")
    if probe.yardsticks:
        yield from _row("also asked by", ", ".join(probe.yardsticks))
    yield from _row("more", f"{WORDS}#{probe.id}")


def _row(label: str, text: str) -> list[str]:
    """A label and a text, wrapped under itself."""
    return textwrap.wrap(text, COLUMNS, initial_indent=f"  {label:<16}", subsequent_indent=" " * 18)


def fields_of(table: type[Struct]) -> Iterator[tuple[str, Lines]]:
    """Name and explanation of every field of a table, fields of nested structs included."""
    for name, hint in typing.get_type_hints(table, include_extras=True).items():
        if isinstance(hint, type) and issubclass(hint, Struct):
            yield from fields_of(hint)
            continue
        meta = next((extra for extra in getattr(hint, "__metadata__", ()) if isinstance(extra, Meta)), None)
        if meta is not None:
            extra = meta.extra or {}
            lines = [
                f"{name}: {meta.description}",
                f"  unit      {extra.get('unit') or 'none'}",
                f"  missing   {extra.get('missing')}",
            ]
            yield name, lines + ([f"  from      {extra['path']} on the Hub"] if extra.get("path") else [])
