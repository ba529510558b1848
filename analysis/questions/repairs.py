"""Repairs: what each does to the rows, the run of a question through them in the order of the protocol.

And its with-and-without table. In a state's rows the column ``value`` holds the grams in use: the literal metadata
number as published, the settled grams after the first repair. Source of the mistakes they mend: facts of the
replication package, named in ``protocol.yml``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.questions.protocol import Protocol, Repair
from analysis.questions.study_data import HAND_WRITTEN, StudyData
from analysis.questions.uncorrected_answer import UncorrectedAnswer
from analysis.results import Estimate, RepairStep

Rows = pd.DataFrame
Measured = Callable[[Rows, frozenset[str]], dict[str, float | None]]


@dataclass(frozen=True)
class State:
    """Where the walk through the repairs stands: the rows in use (grams in ``value``), and methods switched on."""

    rows: Any
    methods: frozenset[str] = frozenset()


Step = Callable[[State], tuple[State, int]]
Measure = Callable[[State], dict[str, float | None]]


def walk(
    state: State, repairs: Sequence[Repair], steps: Mapping[str, Step], measure: Measure
) -> tuple[State, list[RepairStep]]:
    """Switch the repairs on one after the other and measure after each.

    Args:
        state: The state as published.
        repairs: Repairs in the order of the protocol.
        steps: What a repair does to the state, with the number of rows it changed; a repair without a step switches a
            method on.
        measure: Headline numbers of a state.

    Returns:
        The repaired state, and the effect of each repair.
    """
    taken = []
    before = measure(state)
    for repair in repairs:
        is_method = repair.id not in steps
        state, changed = (State(state.rows, state.methods | {repair.id}), 0) if is_method else steps[repair.id](state)
        after = measure(state) if is_method or changed else before
        taken.append(
            RepairStep(repair=repair.id, meaning=repair.meaning, n_changed=changed, before=before, after=after)
        )
        before = after
    return state, taken


def published_rows(reporters: Rows) -> Rows:
    """Reporters as the study took them: a number other than zero in the metadata, read as grams."""
    kept = reporters["literal"].notna() & (reporters["literal"] != 0)
    return reporters.assign(value=reporters["literal"], is_in=kept)


def in_use(state: State) -> Rows:
    """Rows of a state that are counted, with their grams in ``value``."""
    rows: Rows = state.rows
    return rows[rows["is_in"] & rows["value"].notna()]


def settle(state: State) -> tuple[State, int]:
    """Take the settled grams: units mended, card-only reports added, unreadable ones dropped."""
    rows: Rows = state.rows
    kept = rows["grams"].notna()
    old = rows["value"].where(rows["is_in"])
    same = (old == rows["grams"]) | (old.isna() & rows["grams"].isna())
    moved = State(rows.assign(value=rows["grams"], is_in=kept), state.methods)
    return moved, int((~same).sum())


def all_reports(state: State) -> tuple[State, int]:
    """Count every settled report, also those that stand in the card alone."""
    rows: Rows = state.rows
    kept = rows["grams"].notna()
    return State(rows.assign(value=rows["grams"], is_in=kept), state.methods), int((kept != rows["is_in"]).sum())


def without(flags: tuple[str, ...]) -> Step:
    """A step that leaves out the rows with any of the flags."""

    def step(state: State) -> tuple[State, int]:
        rows: Rows = state.rows
        kept = rows["is_in"] & ~flagged(rows, flags)
        return State(rows.assign(is_in=kept), state.methods), int((rows["is_in"] & ~kept).sum())

    return step


def flagged(rows: Rows, flags: tuple[str, ...]) -> pd.Series:
    """Whether a row carries any of the flags."""
    wanted = frozenset(flags)
    return pd.Series([bool(wanted & found) for found in rows["flags"]], index=rows.index, dtype=bool)


def data_steps(protocol: Protocol) -> dict[str, Step]:
    """Steps of the repairs that change rows or values, by their id in the protocol."""
    steps: dict[str, Step] = {"settled-values": settle, "all-reports": all_reports}
    return steps | {
        repair.id: without(protocol.flags_of(repair.exclusion)) for repair in protocol.repairs if repair.exclusion
    }


def cohorts(protocol: Protocol) -> dict[str, Callable[[Rows], Rows]]:
    """What is left out of a headline number, by its words: nothing, each kind of flag, generated cards, all of them."""
    kinds = {
        "exercises": protocol.flags_of("exercise"),
        "copies and totals": protocol.flags_of("not-own"),
        "repeated constants": protocol.flags_of("constant"),
        "doubtful values": protocol.flags_of("doubtful"),
    }
    everything = tuple(flag for flags in kinds.values() for flag in flags)
    found: dict[str, Callable[[Rows], Rows]] = {"nothing": lambda rows: rows}
    for words, flags in kinds.items():
        found[words] = _leaving_out(flags)
    found["generated cards"] = lambda rows: rows[rows["group"] == HAND_WRITTEN]
    found["all flagged"] = _leaving_out(everything)
    found["all flagged and generated cards"] = lambda rows: _leaving_out(everything)(
        rows[rows["group"] == HAND_WRITTEN]
    )
    return found


def _leaving_out(flags: tuple[str, ...]) -> Callable[[Rows], Rows]:
    """Function that drops rows with any of the flags."""
    return lambda rows: rows[~flagged(rows, flags)]


@dataclass(frozen=True)
class RepairedRows:
    """Where the repairs ended: repaired rows, the rows with settled grams and nothing left out, methods switched on."""

    rows: Rows
    settled: Rows
    methods: frozenset[str]


def run(draft: UncorrectedAnswer, study: StudyData, measure: Measured, needed: str = "value") -> RepairedRows:
    """Walk through the repairs of a question and write repairs and inclusion flow into its draft.

    Args:
        draft: UncorrectedAnswer of the question.
        study: The tables.
        measure: Headline numbers of rows and methods; ``n`` is added here.
        needed: Column without which a row cannot be used, for the last step of the flow.
    """
    protocol = draft.protocol
    steps = data_steps(protocol)
    start = State(published_rows(study.reporters))

    def measured(state: State) -> dict[str, float | None]:
        rows = in_use(state)
        return {"n": float(len(rows)), **measure(rows, state.methods)}

    state, draft.repairs = walk(start, protocol.repairs_of(draft.question), steps, measured)
    draft.n_flow = _flow(draft, study, steps=set(steps))
    rows = in_use(state)
    if needed != "value":
        draft.n_flow.append((f"with {needed.replace('_', ' ')}", int(rows[needed].notna().sum())))
    settled = study.reporters.assign(value=study.reporters["grams"])
    return RepairedRows(rows, settled[settled["value"].notna()], state.methods)


def _flow(draft: UncorrectedAnswer, study: StudyData, steps: set[str]) -> list[tuple[str, int]]:
    """Inclusion flow from the sizes after each repair of the data."""
    found = [] if study.population is None else [("all models", study.population)]
    found.append(("models with a report in metadata or card", len(study.reporters)))
    taken = [step for step in draft.repairs if step.repair in steps]
    return found + [(step.repair.replace("-", " "), int(step.after["n"] or 0)) for step in taken]


def with_without(
    draft: UncorrectedAnswer,
    rows: Rows,
    headline: str,
    unit: str,
    estimate: Callable[[Rows], Estimate],
    title: str | None = None,
) -> None:
    """Add the headline with each kind of flagged model left out, p-values as they are.

    Where nothing carries a flag the number is the one before, and it is tested once.

    Args:
        draft: UncorrectedAnswer of the question.
        rows: Rows with settled grams in ``value``, nothing left out.
        headline: What the number is.
        unit: Its unit.
        estimate: Computes it.
        title: Title of the results; the headline where none is given.
    """
    lines: list[Sequence[object]] = []
    seen: dict[tuple[int, int], Estimate] = {}
    for words, leave_out in cohorts(draft.protocol).items():
        kept = leave_out(rows)
        mark = (len(kept), hash(tuple(kept.index)))
        if mark not in seen:
            slug = re.sub(r"[^a-z]+", "-", f"{headline} {words}".lower()).strip("-")
            named = f"{title or headline}, {'no exclusions' if words == 'nothing' else f'without {words}'}"
            seen[mark] = estimate(kept)
            draft.add(f"check.without-{slug}.repaired", named, seen[mark], unit=None if unit == "1" else unit)
        found = seen[mark]
        lines.append((headline, words, found.n, *found.interval, found.p, unit))
    known = draft.tables.get(f"{draft.prefix}.with_without", ([], ""))[0]
    draft.put("with_without", [*known, *lines])


def least(protocol: Protocol, estimate: Callable[[], Estimate], n: int, method: str) -> Estimate:
    """An estimate, or a refusal where there are fewer values than the protocol asks for."""
    if n < protocol.least_n:
        return Estimate(method=method, n=n, refused=f"only {n} values, {protocol.least_n} are asked for")
    return estimate()
