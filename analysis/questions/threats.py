"""What may be wrong with the conclusions, in numbers: dependence, concentration, measurement, selection.

Tables of RQ1.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from analysis import stats
from analysis.published.recipe import NLP
from analysis.questions import descriptives
from analysis.questions.study_data import StudyData
from analysis.questions.uncorrected_answer import UncorrectedAnswer
from analysis.questions.vocabulary import kind_of_tool

LARGEST = (1, 3, 10)
POPULAR_DOWNLOADS = 1000
Line = Sequence[object]


def add(made: UncorrectedAnswer, study: StudyData, rows: pd.DataFrame) -> None:
    """Add the tables, and the tail index of the reported mass.

    Args:
        made: Answer of RQ1.3.
        study: The tables.
        rows: Repaired rows, with grams in ``value``.
    """
    tail = stats.hill(rows["value"])
    made.add("check.tail-index.repaired", "Tail index of reported emissions", tail)
    made.put("clusters", list(_clusters(rows)))
    made.put("concentration", list(_concentration(rows)))
    made.put("measurement", list(_measurement(rows)), "AutoTrain is a platform: it states what its own meter said.")
    why = (
        ""
        if study.population is not None
        else "this snapshot holds reporters only: what sets them apart cannot be told"
    )
    made.put("selection", list(_selection(study, rows)), why)


def _clusters(rows: pd.DataFrame) -> Iterator[Line]:
    """Three definitions of what is independent, side by side: how many there are, and what they do to one share."""
    definitions = {"rows": rows["key"], "authors": rows["cluster"], "near-duplicate cards": rows["card"]}
    for name, column in definitions.items():
        sizes = column.value_counts().to_numpy(dtype=float)
        found = stats.clustered_share((rows["domain"] == NLP).astype(float).tolist(), list(column))
        effective = float(sizes.sum() ** 2 / (sizes**2).sum()) if len(sizes) else None
        largest = float(sizes.max() / sizes.sum()) if len(sizes) else None
        effect = found.details.get("design_effect")
        yield (name, len(sizes), effective, largest, effect, found.estimate, found.low, found.high)


def _concentration(rows: pd.DataFrame) -> Iterator[Line]:
    """Share of the reported mass in the largest models."""
    grams = np.sort(descriptives.numbers(rows["value"]))[::-1]
    total = float(grams.sum())
    if total > 0:
        for count in LARGEST:
            if count < len(grams):
                yield (count, len(grams), float(grams[:count].sum()) / total)


def _measurement(rows: pd.DataFrame) -> Iterator[Line]:
    """Reports by how their number came about: read from a meter, worked out by a calculator, or not said."""
    found = pd.Series([kind_of_tool(tool) for tool in rows["tool"]], index=rows.index, dtype=object)
    for kind, count in descriptives.tally(found):
        kept = rows[found == kind]
        low, q1, median, q3 = descriptives.box(kept["value"])[1:5]
        yield (kind, count, count / len(rows), kept["cluster"].nunique(), low, q1, median, q3)


def _selection(study: StudyData, rows: pd.DataFrame) -> Iterator[Line]:
    """Reporters beside all models: shares of what is known of both."""
    if study.population is None or not study.population or not len(rows):
        return
    traits = {
        "NLP": ("domain = 'NLP'", rows["domain"] == NLP),
        "Computer Vision": ("domain = 'Computer Vision'", rows["domain"] == "Computer Vision"),
        "domain unknown": ("domain IS NULL", rows["domain"] == "none"),
        "size in parameters known": ("parameters_count IS NOT NULL", rows["parameters"].notna()),
        f"downloaded {POPULAR_DOWNLOADS:,} times": (
            f"downloads_count >= {POPULAR_DOWNLOADS}",
            rows["downloads"] >= POPULAR_DOWNLOADS,
        ),
    }
    counts = ", ".join(
        f"count(*) FILTER ({condition}) AS c{place}" for place, (condition, _) in enumerate(traits.values())
    )
    every = study.tables.query(f"SELECT {counts} FROM models").iloc[0]  # noqa: S608 - conditions of our own
    for place, (name, (_, held)) in enumerate(traits.items()):
        found = descriptives.clustered_share(held, rows)
        models = int(every[f"c{place}"])
        cells = (int(held.sum()), found.estimate, found.low, found.high)
        yield (name, *cells, models, models / study.population)
