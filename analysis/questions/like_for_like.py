"""Like for like: the study's own rows, repaired, before anything is said of other rows.

And what each repair moves, whatever its order. A repaired number differs from the published one for two reasons: the
rows were mended, and other rows came in. The study's own rows keep the two apart. Shapley shares divide the way from
the published to the repaired number among the repairs fairly: each gets its mean effect over all orders in which the
repairs can be switched on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd

from analysis.questions.protocol import Protocol, Repair
from analysis.questions.repairs import State, data_steps, in_use, published_rows
from analysis.questions.study_data import HAND_WRITTEN, StudyData, cluster_of

Rows = pd.DataFrame
Value = Callable[[Rows, frozenset[str]], float | None]
ALL_ROWS = "every-known-value"
PUBLISHED_COLUMNS = {"literal": "co2_eq_emissions", "size": "size", "data_size": "datasets_size"}


def own_rows(study: StudyData) -> Rows:
    """Reporters that the study's hand-curated table holds, with grams and sizes as it holds them, in its order.

    A curated row is a reporter by its key, else by its name and grams, else by its name alone. A row that no reporter
    matches stands as the study curated it; a second row of one reporter counts as a copy of the first.
    """
    curated, reporters = study.frames["curated"], study.reporters
    if "key" in curated:
        return reporters[reporters["key"].isin(set(curated["key"]))].reset_index(drop=True)
    by_name: dict[str, list[int]] = {}
    for place, name in enumerate(reporters["name"]):
        by_name.setdefault(str(name), []).append(place)
    matched = [
        _match(by_name.get(str(name), []), reporters["literal"], grams)
        for name, grams in zip(curated["modelId"], curated["co2_eq_emissions"], strict=True)
    ]
    found = reporters.iloc[[place or 0 for place in matched]].reset_index(drop=True)
    held = curated.reset_index(drop=True)
    found = found.assign(**{name: held[column].astype(float) for name, column in PUBLISHED_COLUMNS.items()})
    unknown = pd.Series([place is None for place in matched])
    own = {"key": [f"curated-{row:02d}" for row in held.index], "name": held["modelId"], "grams": found["literal"]}
    own |= {"cluster": [cluster_of(None, None, (), str(name)) for name in held["modelId"]], "group": HAND_WRITTEN}
    own |= {"flags": pd.Series([frozenset()] * len(held), dtype=object), "month": None}
    found = found.assign(**{name: found[name].mask(unknown, values) for name, values in own.items()})
    again = found["key"].duplicated()
    copies = [flags | {"copied-card"} if twice else flags for flags, twice in zip(found["flags"], again, strict=True)]
    return found.assign(flags=pd.Series(copies, dtype=object), training_type=held["training_type"])


def _match(places: list[int], literal: pd.Series, grams: float) -> int | None:
    """Place of the reporter of a name, that with the same grams first; None where there is none."""
    same = [place for place in places if np.isclose(literal.iloc[place], grams)]
    return next(iter(same or places), None)


def repaired(rows: Rows, protocol: Protocol, question: str, switched_on: frozenset[str] | None = None) -> Rows:
    """The study's own rows after the repairs of the data of a question, or after those that are switched on.

    Its curated table keeps zeros, which its mined table drops.
    """
    return _repaired(rows.assign(value=rows["literal"], is_in=rows["literal"].notna()), protocol, question, switched_on)


def _repaired(start: Rows, protocol: Protocol, question: str, switched_on: frozenset[str] | None) -> Rows:
    """Rows after repairs of the data."""
    steps = data_steps(protocol)
    state = State(start)
    for repair in protocol.repairs_of(question):
        if repair.id in steps and (switched_on is None or repair.id in switched_on):
            state, _ = steps[repair.id](state)
    return in_use(state)


def shapley(repairs: Sequence[Repair], value: Callable[[frozenset[str]], float | None]) -> dict[str, float] | None:
    """What each repair moves on the mean over all orders; the parts add up to the whole way.

    Args:
        repairs: The repairs.
        value: The number with some of them switched on; each set is asked once.

    Returns:
        Mean effect by repair; None where the number cannot be computed for one of the sets.

    >>> one, two = (Repair(id=name, meaning="") for name in "ab")
    >>> shapley([one, two], lambda on: 1.0 * len(on) + 2.0 * ("a" in on and "b" in on))
    {'a': 2.0, 'b': 2.0}
    """
    names = [repair.id for repair in repairs]
    known = {on: value(on) for size in range(len(names) + 1) for on in map(frozenset, combinations(names, size))}
    numbers = {on: number for on, number in known.items() if number is not None}
    if len(numbers) < len(known):
        return None
    total = factorial(len(names))
    found = {}
    for name in names:
        without = [on for on in numbers if name not in on]
        weights = [factorial(len(on)) * factorial(len(names) - len(on) - 1) / total for on in without]
        found[name] = float(
            sum(w * (numbers[on | {name}] - numbers[on]) for w, on in zip(weights, without, strict=True))
        )
    return found


def shapley_of(
    study: StudyData, protocol: Protocol, question: str, value: Value
) -> tuple[dict[str, float], float, float] | None:
    """Shapley parts of a question whose first repair brings in all rows, with the number as published and repaired.

    Args:
        study: The tables.
        protocol: The protocol.
        question: For instance ``RQ2.2``.
        value: The number of rows and the methods switched on.

    Returns:
        Parts by repair, the number with nothing switched on, and with everything; None where a set of repairs leaves
        too few rows.
    """
    own, everything = own_rows(study), published_rows(study.reporters)
    choices = protocol.repairs_of(question)

    def number(on: frozenset[str]) -> float | None:
        if ALL_ROWS in on:
            return value(_repaired(everything, protocol, question, on), on)
        return value(repaired(own, protocol, question, on), on)

    parts = shapley(choices, number)
    start, end = number(frozenset()), number(frozenset(repair.id for repair in choices))
    return None if parts is None or start is None or end is None else (parts, start, end)
