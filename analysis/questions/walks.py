"""The walk of a question through its repairs, its inclusion flow, and its with-and-without table."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.questions.protocol import Protocol
from analysis.questions.repairs import cohorts, data_steps, in_use, published_rows
from analysis.questions.study_data import Ground
from analysis.questions.uncorrected_answer import Draft, Pending, State, walk
from analysis.results import Estimate

Rows = pd.DataFrame
Measured = Callable[[Rows, frozenset[str]], dict[str, float | None]]


@dataclass(frozen=True)
class Walked:
    """Where the walk ended: repaired rows (grams in ``value``), the rows with settled grams and nothing left out, methods switched on."""

    rows: Rows
    settled: Rows
    methods: frozenset[str]


def run(draft: Draft, ground: Ground, measure: Measured, needed: str = "value") -> Walked:
    """Walk through the repairs of a question and write repairs and inclusion flow into its draft.

    Args:
        draft: Draft of the question.
        ground: The tables.
        measure: Headline numbers of rows and methods; ``n`` is added here.
        needed: Column without which a row cannot be used, for the last step of the flow.
    """
    protocol = draft.protocol
    steps = data_steps(protocol)
    start = State(published_rows(ground.reporters))

    def measured(state: State) -> dict[str, float | None]:
        rows = in_use(state)
        return {"n": float(len(rows)), **measure(rows, state.methods)}

    state, draft.repairs = walk(start, protocol.repairs_of(draft.question), steps, measured)
    draft.n_flow = _flow(draft, ground, steps=set(steps))
    rows = in_use(state)
    if needed != "value":
        draft.n_flow.append((f"with {needed.replace('_', ' ')}", int(rows[needed].notna().sum())))
    settled = ground.reporters.assign(value=ground.reporters["grams"])
    return Walked(rows, settled[settled["value"].notna()], state.methods)


def _flow(draft: Draft, ground: Ground, steps: set[str]) -> list[tuple[str, int]]:
    """Inclusion flow from the sizes after each repair of the data."""
    found = [] if ground.population is None else [("all models", ground.population)]
    found.append(("models with a report in metadata or card", len(ground.reporters)))
    taken = [step for step in draft.repairs if step.repair in steps]
    return found + [(step.repair.replace("-", " "), int(step.after["n"] or 0)) for step in taken]


def with_without(
    draft: Draft, rows: Rows, headline: str, unit: str, estimate: Callable[[Rows], Estimate], title: str | None = None
) -> None:
    """Add the headline with each kind of flagged model left out, all p-values corrected with the checks.

    Where nothing carries a flag the number is the one before, and it is tested once.

    Args:
        draft: Draft of the question.
        rows: Rows with settled grams in ``value``, nothing left out.
        headline: What the number is.
        unit: Its unit.
        estimate: Computes it.
        title: Title of the results; the headline where none is given.
    """
    lines: list[Sequence[object]] = []
    seen: dict[tuple[int, int], tuple[Estimate, str]] = {}
    for words, leave_out in cohorts(draft.protocol).items():
        kept = leave_out(rows)
        mark = (len(kept), hash(tuple(kept.index)))
        if mark not in seen:
            slug = re.sub(r"[^a-z]+", "-", f"{headline} {words}".lower()).strip("-")
            named = f"{title or headline}, without {words}"
            made = estimate(kept)
            seen[mark] = (
                made,
                draft.add(f"check.without-{slug}.repaired", named, made, unit=None if unit == "1" else unit),
            )
        found, key = seen[mark]
        lines.append((headline, words, found.n, found.estimate, found.low, found.high, Pending(key), unit))
    known = draft.tables.get(f"{draft.prefix}.with_without", ([], ""))[0]
    draft.put("with_without", [*known, *lines])


def least(protocol: Protocol, estimate: Callable[[], Estimate], n: int, method: str) -> Estimate:
    """An estimate, or a refusal where there are fewer values than the protocol asks for."""
    if n < protocol.least_n:
        return Estimate(method=method, n=n, refused=f"only {n} values, {protocol.least_n} are asked for")
    return estimate()
