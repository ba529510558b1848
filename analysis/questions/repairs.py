"""Repairs of the data that several questions share, each one step of the walk, and the cohorts of the with-and-without tables.

In a state's rows the column ``value`` holds the grams in use: the literal metadata number as published, the settled grams after the first
repair. Source of the mistakes they mend: facts of the replication package, named in ``protocol.yml``.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from analysis.questions.protocol import Protocol
from analysis.questions.study_data import HAND_WRITTEN
from analysis.questions.uncorrected_answer import State, Step

Rows = pd.DataFrame


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
    """What is left out of a headline number, by its words: nothing, each kind of flagged model, generated cards, all of them."""
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
