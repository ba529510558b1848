"""RQ1.4: how well is carbon reported? The reporting classes of the study.

As its code gives them and by its own criteria.
"""

from __future__ import annotations

import pandas as pd

from analysis import stats
from analysis.classify import snapshot_verdicts as verdicts
from analysis.classify.classes_2023 import AWARENESS, BASIC, CLASSES, CONTEXT, UNKNOWN, published_class, repaired_class
from analysis.classify.rubric import rubric
from analysis.published import recipe
from analysis.questions import descriptives, repairs
from analysis.questions.protocol import Protocol
from analysis.questions.repairs import State, walk
from analysis.questions.study_data import GROUPS, StudyData, by_autotrain
from analysis.questions.uncorrected_answer import UncorrectedAnswer
from analysis.results import Estimate, RepairStep

TOP = 10
REASON = "models that report nothing, and those with context only, were never made public; reporters are classified"
NO_POPULATION = "this snapshot holds reporters only; models that report nothing are not classified"
ITEMS = {
    "hardware": "hardware", "region": "region", "provider": "provider", "training type": "training_type",
    "tool": "tool", "duration": "hours", "energy": "energy",
}  # fmt: skip


def uncorrected(study: StudyData, protocol: Protocol) -> UncorrectedAnswer:
    """Reporting classes, as published and repaired."""
    made = UncorrectedAnswer("RQ1.4", protocol, study.baseline)
    if study.population is None:
        made.status, made.reason = "partly", REASON if study.is_published else NO_POPULATION
    rows, made.repairs = classified(study, protocol)
    made.n_flow = [] if study.population is None else [("all models", study.population)]
    made.n_flow += [("models with a report in metadata or card", len(rows)), ("classified", len(rows))]
    counts = {version: _counts(study, rows, version.replace("-", "_")) for version in ("as-published", "repaired")}
    for version, found in counts.items():
        reporters = found[BASIC] + sum(found[name] for name in CLASSES[3:])
        share = stats.proportion(found[BASIC], reporters)
        if version == "repaired":
            share = _basic(rows[~rows["repaired"].isin({UNKNOWN, CONTEXT})])
        made.add(f"basic-share.{version}", "Class Basic among reporters", share)
    made.put(
        "classes",
        [
            (name, n, *descriptives.share(n, sum(found.values())), version, *_class_bounds(study, rows, name, version))
            for version, found in counts.items()
            for name, n in found.items()
        ],
        made.reason or "",
    )
    _tables(made, study, rows)
    groups = verdicts.verdicts(study.tables)
    made.put("levels", verdicts.levels_table(groups), f"rubric {rubric().version}; unknown: the card was not read")
    made.put(
        "failing_probes",
        verdicts.failing_table(groups),
        f"rubric {rubric().version}; what could not be looked at is not counted",
    )
    repairs.with_without(made, rows[rows["grams"].notna()], "share of the class Basic among reporters", "1", _basic)
    return made


def classified(study: StudyData, protocol: Protocol) -> tuple[pd.DataFrame, list[RepairStep]]:
    """Reporters with their class ``as_published`` and ``repaired``, and the effect of each repair."""
    rows = study.reporters.assign(as_published=_published(study))
    start = State(
        rows.assign(reports=rows["as_published"].isin({BASIC, AWARENESS}), aware=rows["as_published"] == AWARENESS)
    )
    steps = {
        "all-reports": _all_reports,
        "placeholders-are-nothing": _no_placeholders,
        "strictest-class-first": _strictest,
    }
    state, taken = walk(start, protocol.repairs_of("RQ1.4"), steps, lambda found: _measure(_classes(found)))
    return rows.assign(repaired=_classes(state)), taken


def _class_bounds(study: StudyData, rows: pd.DataFrame, name: str, version: str) -> tuple[float | None, float | None]:
    """Bounds of a class's share that count clusters; with silent models in, authors are not read."""
    if study.population is not None or version != "repaired":
        return None, None
    return descriptives.by_cluster(rows["repaired"] == name, rows)


def _basic(rows: pd.DataFrame) -> Estimate:
    """Share of the class Basic among reporters."""
    return descriptives.clustered_share(rows["repaired"] == BASIC, rows)


def _published(study: StudyData) -> list[str]:
    """Class of each reporter as the study's code gives it; by position for the published rows."""
    rows = study.reporters
    mined = study.frames["mined"]
    if study.is_published and len(mined) == len(rows):
        return list(recipe.reporting_classes(mined))
    reports = rows["literal"].notna() & (rows["literal"] != 0)
    pairs = zip(reports, rows["hardware"].notna(), strict=True)
    return [
        published_class(reports_emissions=bool(found), reports_hardware=bool(hardware)) for found, hardware in pairs
    ]


def _all_reports(state: State) -> tuple[State, int]:
    """Every settled report counts, and nothing else."""
    rows: pd.DataFrame = state.rows
    there = rows["grams"].notna()
    return State(rows.assign(reports=there), state.methods), int((there != rows["reports"]).sum())


def _no_placeholders(state: State) -> tuple[State, int]:
    """Hardware is what was recognised as hardware, not any text after a label."""
    rows: pd.DataFrame = state.rows
    aware = rows["hardware"].notna()
    return State(rows.assign(aware=aware), state.methods), int((aware != rows["aware"]).sum())


def _strictest(state: State) -> tuple[State, int]:
    """Ask the most demanding class first."""
    after = State(state.rows, state.methods | {"strictest-class-first"})
    changed = sum(old != new for old, new in zip(_classes(state), _classes(after), strict=True))
    return after, changed


def _classes(state: State) -> list[str]:
    """Class of every row of a state."""
    rows: pd.DataFrame = state.rows
    columns = zip(rows["reports"], rows["aware"], rows["tags"], strict=True)
    if "strictest-class-first" in state.methods:
        return [
            repaired_class(reports_emissions=bool(r), reports_hardware=bool(h), tags=tags) for r, h, tags in columns
        ]
    return [published_class(reports_emissions=bool(r), reports_hardware=bool(h)) for r, h, _ in columns]


def _measure(classes: list[str]) -> dict[str, float | None]:
    """How many rows are of each class."""
    return {name: float(classes.count(name)) for name in CLASSES}


def _counts(study: StudyData, rows: pd.DataFrame, column: str) -> dict[str, int]:
    """Models of each class; those that report no emissions come from the whole population, where it is there."""
    found = {name: int((rows[column] == name).sum()) for name in CLASSES}
    if study.population is None:
        return {name: n for name, n in found.items() if name not in {UNKNOWN, CONTEXT} or n}
    silent = study.tables.query(
        """SELECT hardware IS NOT NULL AS context, count(*) AS n FROM models
           WHERE emissions_gco2e IS NULL AND emissions_metadata_value IS NULL GROUP BY 1 ORDER BY 1"""
    )
    for context, n in zip(silent["context"], silent["n"], strict=True):
        found[CONTEXT if context else UNKNOWN] += int(n)
    return found


def _tables(made: UncorrectedAnswer, study: StudyData, rows: pd.DataFrame) -> None:
    """Classes by kind of card, confusion, context items, most liked."""
    versions = {"as-published": "as_published", "repaired": "repaired"}
    made.put(
        "classes_by_group",
        [
            (name, group, int(((rows[column] == name) & (rows["group"] == group)).sum()), version)
            for version, column in versions.items()
            for name in CLASSES
            for group in GROUPS
        ],
    )
    pairs = descriptives.tally(zip(rows["as_published"], rows["repaired"], strict=True))
    made.put("confusion", [(before, after, n) for (before, after), n in pairs])
    there = rows[rows["grams"].notna()]
    made.put(
        "context",
        [
            (
                item,
                int(there[name].notna().sum()),
                *descriptives.share(int(there[name].notna().sum()), len(there)),
                *descriptives.by_cluster(there[name].notna(), there),
            )
            for item, name in ITEMS.items()
        ],
    )
    top = [
        (name, likes, grams, version)
        for version, column, value in (("as-published", "as_published", "literal"), ("repaired", "repaired", "grams"))
        for name, likes, grams in _liked(rows[rows[column].isin(CLASSES[3:])], value)
    ]
    made.put("top", top)
    _autotrain(made, rows)


def _liked(rows: pd.DataFrame, value: str) -> list[tuple[str, float, float]]:
    """Most liked rows with their grams."""
    best = rows.sort_values(["likes", "key"], ascending=[False, True]).head(TOP)
    return [
        (str(name), float(likes), float(grams))
        for name, likes, grams in zip(best["name"], best["likes"], best[value], strict=True)
    ]


def _autotrain(made: UncorrectedAnswer, rows: pd.DataFrame) -> None:
    """Context among cards of AutoTrain and all others."""
    for cohort, kept in by_autotrain(rows).items():
        words = cohort.lower()
        aware = descriptives.clustered_share(kept["repaired"].isin(CLASSES[3:]), kept)
        made.add(f"check.hardware-{words.replace(' ', '-')}.repaired", f"Hardware stated, {words}", aware)
