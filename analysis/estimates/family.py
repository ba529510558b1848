"""The family of a model in a snapshot.

Ancestors and descendants, each training counted once, what is unknown left unknown.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from analysis.estimates.wording import one_mass

__all__ = ["NOT_OWN", "Family", "Member", "family_of", "in_words"]

OWN_TRAINING = frozenset({"finetune", "adapter", ""})
"""Relations that train; a quantized copy or a merge trains nothing of its own."""
NOT_OWN = frozenset(
    {"inherited", "copied-card", "near-duplicate", "family-total", "component", "exercise", "placeholder"}
)
"""Flags of an amount that is no training of the model's own."""
MAX_MEMBERS = 100_000


class Member(Struct, frozen=True, kw_only=True):
    """One model of a family.

    Attributes:
        emissions_gco2e: Reported training emissions of its own; None where it reports none, or they are another's.
        is_known: Whether it stands in the snapshot.
    """

    model_id: str
    relation: str = ""
    generation: int = 0
    emissions_gco2e: float | None = None
    downloads_count: int | None = None
    is_known: bool = True


class Family(Struct, frozen=True, kw_only=True):
    """A model with its ancestors and descendants.

    Attributes:
        cumulative_gco2e: Its own training and its ancestors', each once; None where none of them reports.
        is_lower_bound: Whether a training among them is not reported, or an ancestor is not in the snapshot.
        descendants_gco2e: Reported trainings of all descendants; None where none of them reports.
        amortised_gco2e: The cumulative footprint shared among the model and its descendants.
        per_download_g: The same shared among all downloads of them (30 days); None where none are known.
    """

    model: Member
    ancestors: tuple[Member, ...]
    descendants: tuple[Member, ...]
    cumulative_gco2e: float | None
    is_lower_bound: bool
    unknown: tuple[str, ...]
    descendants_gco2e: float | None
    amortised_gco2e: float | None
    per_download_g: float | None


def family_of(model_id: str, rows: Iterable[Mapping[Any, Any]]) -> Family | None:
    """The family of one model.

    Args:
        model_id: ``author/name``.
        rows: Models with model_id, base_models, base_relation, emissions_gco2e, emissions_flags, downloads_count.

    Returns:
        The family; None where the model is not among the rows.
    """
    models = {str(row["model_id"]): row for row in rows if row["model_id"]}
    if model_id not in models:
        return None
    children: dict[str, list[str]] = {}
    for name, row in models.items():
        for base in _bases(row):
            children.setdefault(base, []).append(name)
    ancestors = _walk(model_id, models, lambda name: _bases(models.get(name, {})), -1)
    descendants = _walk(model_id, models, lambda name: sorted(children.get(name, ())), 1)
    own = _member(model_id, models, 0)
    line = [own, *ancestors]
    unknown = tuple(one.model_id for one in line if one.emissions_gco2e is None and _trains(one))
    total = _sum(line)
    downloads = sum(one.downloads_count or 0 for one in (own, *descendants))
    return Family(
        model=own,
        ancestors=tuple(ancestors),
        descendants=tuple(descendants),
        cumulative_gco2e=total,
        is_lower_bound=bool(unknown),
        unknown=unknown,
        descendants_gco2e=_sum(descendants),
        amortised_gco2e=total / (1 + len(descendants)) if total is not None else None,
        per_download_g=total / downloads if total is not None and downloads else None,
    )


def _sum(members: Iterable[Member]) -> float | None:
    """Their reported trainings; None where none is reported."""
    known = [one.emissions_gco2e for one in members if one.emissions_gco2e is not None]
    return sum(known) if known else None


def _bases(row: Mapping[str, Any]) -> list[str]:
    found = row.get("base_models")
    return [str(base) for base in found] if found is not None else []


def _trains(one: Member) -> bool:
    return not one.is_known or one.relation in OWN_TRAINING


def _member(name: str, models: Mapping[str, Mapping[str, Any]], generation: int) -> Member:
    row = models.get(name)
    if row is None:
        return Member(model_id=name, generation=generation, is_known=False)
    flags = set(row["emissions_flags"]) if row["emissions_flags"] is not None else set()
    grams = row["emissions_gco2e"]
    is_own = grams is not None and not math.isnan(grams) and not flags & NOT_OWN
    downloads = row["downloads_count"]
    return Member(
        model_id=name,
        relation=relation if isinstance(relation := row["base_relation"], str) else "",
        generation=generation,
        emissions_gco2e=float(grams) if is_own else None,
        downloads_count=int(downloads) if downloads is not None and not math.isnan(downloads) else None,
    )


def _walk(start: str, models: Mapping[str, Mapping[str, Any]], step: Any, direction: int) -> list[Member]:
    """Members reached by a step, breadth first, each once: a circle of bases ends where it began."""
    found: list[Member] = []
    seen, waiting = {start}, deque([(start, 0)])
    while waiting and len(found) < MAX_MEMBERS:
        name, generation = waiting.popleft()
        for other in step(name):
            if other not in seen:
                seen.add(other)
                found.append(_member(other, models, generation + direction))
                waiting.append((other, generation + direction))
    return found


def in_words(family: Family, *, shown: int = 20) -> Iterator[str]:
    """Lines for a terminal: the line upwards, then what was made of the model."""
    yield _line(family.model)
    bound = "at least " if family.is_lower_bound else ""
    if family.cumulative_gco2e is None:
        yield "  Cumulative    not known: neither its training nor any before it is reported"
    else:
        yield f"  Cumulative    {bound}{_mass(family.cumulative_gco2e)}: its own training and its ancestors', each once"
    if family.unknown:
        yield f"  Not reported  {_listed(family.unknown, shown)}"
    for one in family.ancestors[:shown]:
        yield f"  Ancestor      {_line(one)}"
    yield f"  Descendants   {_descendants(family)}"
    for one in family.descendants[:shown]:
        yield f"  {'  ' * one.generation}{_line(one)}"
    if len(family.descendants) > shown:
        yield f"  and {len(family.descendants) - shown:,} more (--json lists all)"
    if family.amortised_gco2e is not None and family.descendants:
        per = f"; {_mass(family.per_download_g)} per download of the last 30 days" if family.per_download_g else ""
        yield f"  Shared        {bound}{_mass(family.amortised_gco2e)} per model, this one and its descendants{per}"


def _descendants(family: Family) -> str:
    if not family.descendants:
        return "none in this snapshot"
    reported = family.descendants_gco2e
    known = "none reports its training" if reported is None else f"their reported trainings {_mass(reported)}"
    return f"{len(family.descendants):,}, {known}"


def _listed(names: Sequence[str], shown: int) -> str:
    more = f" and {len(names) - shown:,} more" if len(names) > shown else ""
    return ", ".join(names[:shown]) + more


def _mass(grams: float) -> str:
    return f"{one_mass(grams, 3)} CO2eq"


def _line(one: Member) -> str:
    if not one.is_known:
        return f"{one.model_id}: not in this snapshot"
    unsaid = "base" if one.generation < 0 else "relation not stated"
    relation = f" ({one.relation or unsaid})" if one.generation else ""
    return f"{one.model_id}{relation}: {'not reported' if one.emissions_gco2e is None else _mass(one.emissions_gco2e)}"
