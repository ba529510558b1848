"""What a probe, a level, a field or a yardstick item means, from the rubric and the registry.

Nothing is written twice.
"""

from __future__ import annotations

import difflib
import typing
from collections.abc import Iterator

from msgspec import Meta, Struct

from analysis.classify.rubric import Probe, rubric
from mining.errors import UsageError
from mining.schema import TABLES

Lines = list[str]


def explain(name: str) -> str:
    """Explain one name.

    Args:
        name: Id of a probe or level, an item of a yardstick, or a field of a table.

    Returns:
        Text of a few lines.

    Raises:
        UsageError: The name is unknown; the nearest ones are suggested.
    """
    rules = rubric()
    probe = rules.probe(name)
    if probe is not None:
        return "\n".join(_probe(probe))
    level = next((level for level in rules.levels if level.id == name), None)
    if level is not None:
        place = rules.level_ids().index(name) + 1
        return f"{level.title} (level {place} of {len(rules.levels)}, rubric {rules.version})\n  {level.meaning}"
    for yardstick in rules.yardsticks.values():
        if name in yardstick.items:
            item = yardstick.items[name]
            return (
                f"{name} asks: {item.asks}\n  of: {yardstick.title}\n  satisfied when reported: "
                f"{', '.join(item.probes)}"
            )
    field = next((lines for table in TABLES.values() for found, lines in fields_of(table) if found == name), None)
    if field is not None:
        return "\n".join(field)
    raise UsageError(f"nothing is called '{name}'{_nearest(name)}")


def names() -> list[str]:
    """Every name that can be explained."""
    rules = rubric()
    items = [name for yardstick in rules.yardsticks.values() for name in yardstick.items]
    fields = {found for table in TABLES.values() for found, _ in fields_of(table)}
    return [*(probe.id for probe in rules.probes), *rules.level_ids(), *items, *sorted(fields)]


def _nearest(name: str) -> str:
    near = difflib.get_close_matches(name, names(), n=3, cutoff=0.5)
    return f"; did you mean {', '.join(near)}?" if near else "; `hf-carbon explain --list` lists all names"


def _probe(probe: Probe) -> Iterator[str]:
    yield f"{probe.id}: {probe.question}"
    yield f"  why       {probe.motivation}"
    yield f"  judged    {probe.rule}"
    for outcome, meaning in probe.outcomes.items():
        yield f"  {outcome:<14}{meaning}"
    yield "  could-not-look, our-error: the place could not be seen, or the probe failed; never counted as no"
    yield f"  to mend   {probe.remedy} (effort: {probe.effort})"
    yield f"  weight    {probe.weight} of 100; {probe.lifecycle}; rubric {rubric().version}"
    if probe.yardsticks:
        yield f"  also asked by {', '.join(probe.yardsticks)}"


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
