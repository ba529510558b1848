"""RQ2.5: how carbon-efficient are the models by the label of the study?

The first repair of the label puts cut points and values on one scale and does nothing else. The last two rate each
model's own settled grams against the stored cut points of the repaired 2023 cohort, and give a label only where
``classify`` gives a single model one. Beside ``classify`` the batch knows the performance score of the study.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from analysis import stats
from analysis.classify.efficiency import (
    AS_PUBLISHED,
    LETTERS,
    METRICS,
    CutPoints,
    Efficiency,
    Metric,
    Switches,
    Values,
    fit,
    metrics_of,
    rate,
    stored,
)
from analysis.classify.rateable import why_not_comparable
from analysis.published import label_cohort
from analysis.questions import descriptives, repairs
from analysis.questions.protocol import Protocol
from analysis.questions.study_data import StudyData
from analysis.questions.uncorrected_answer import UncorrectedAnswer
from analysis.results import Estimate, RepairStep

TOP = 15
NO_LABEL = "none"
EMISSIONS: Metric = "co2_eq_emissions"
NOT_RATED = Efficiency(label=None, ratings={})
Labels = list[str | None]


def uncorrected(study: StudyData, protocol: Protocol) -> UncorrectedAnswer:
    """Efficiency labels, as published and after each repair."""
    made = UncorrectedAnswer("RQ2.5", protocol, study.baseline)
    cohort = label_cohort.of(study.frames, is_published=study.is_published)
    if not cohort.published:
        made.status, made.reason = "not-answerable", "no model reports emissions"
        return made
    steps = _steps(cohort, study)
    previous = steps[0]
    for repair, (labels, _, _) in zip(protocol.repairs_of("RQ2.5"), steps[1:], strict=True):
        old, new = previous[0], labels
        changed = cohort.changed(old, new)
        made.repairs.append(
            RepairStep(
                repair=repair.id, meaning=repair.meaning, n_changed=changed, before=_shares(old), after=_shares(new)
            )
        )
        previous = (labels, [], None)
    made.n_flow = [
        ("rows to label by the 2023 recipe", len(steps[0][0])),
        ("one row per repository", len(cohort.own)),
        ("labelled", _labelled(steps[-1][0])),
    ]
    own = cohort_rows(cohort, study)
    published = steps[0][0]
    best = sum(letter in {"A", "B"} for letter in published)
    made.add("best-share.as-published", "Labels A and B", stats.proportion(best, _labelled(published)))
    final = own.assign(label=pd.Series(steps[-1][0], index=own.index, dtype=object))
    final = final[final["label"].notna()]
    made.add("best-share.repaired", "Labels A and B", _best(final))
    _tables(made, study, cohort, steps, final)
    labelled = own.assign(label=pd.Series(steps[SETTLED][0], index=own.index, dtype=object))
    repairs.with_without(made, labelled[labelled["label"].notna()], "share of labels A and B", "1", _best)
    return made


def _best(rows: pd.DataFrame) -> Estimate:
    """Share of the labels A and B."""
    return descriptives.clustered_share(rows["label"].isin({"A", "B"}), rows)


def cohort_rows(cohort: label_cohort.Cohort, study: StudyData) -> pd.DataFrame:
    """Reporters of the cohort, in its order."""
    return study.reporters if cohort.keys is None else study.reporters[study.reporters["key"].isin(set(cohort.keys))]


EXACT, SETTLED = 4, 5
"""Places of two steps: all repairs of the label itself, cut points still fitted on the cohort; then settled grams,
nothing left out."""
Step = tuple[Labels, list[Efficiency], CutPoints | None]


def _steps(cohort: label_cohort.Cohort, study: StudyData) -> list[Step]:
    """Labels as published and after each repair, in the order of the protocol."""
    one_scale = Switches(one_scale=True)
    zero = Switches(one_scale=True, zero_is_zero=True)
    exact = Switches(one_scale=True, zero_is_zero=True, exact_ties=True)
    found = [_fitted(cohort.published, cohort.reference, switches) for switches in (AS_PUBLISHED, one_scale, zero)]
    found += [_fitted(cohort.own, cohort.own_reference, switches) for switches in (zero, exact)]
    settled = settled_values(cohort, study)
    rated = [rate(row, stored("repaired")) for row in settled]
    own = cohort_rows(cohort, study)
    marks = [(*flags, scope) for flags, scope in zip(own["flags"], own["scope"], strict=True)]
    comparable = [
        one if is_comparable(row, found) else NOT_RATED for one, row, found in zip(rated, settled, marks, strict=True)
    ]
    return [
        *found,
        *(([label.label for label in labels], labels, stored("repaired")) for labels in (rated, comparable)),
    ]


def is_comparable(row: Values, marks: Iterable[str | None]) -> bool:
    """Whether a model may have a repaired label, by the rule of ``classify``."""
    others = [row[metric] for metric in METRICS if metric != EMISSIONS]
    return why_not_comparable(row[EMISSIONS], marks, others) is None


def _fitted(rows: Sequence[Values], reference: Values, switches: Switches) -> Step:
    """Labels by cut points of the very rows, as the study made them."""
    cut_points = fit("this cohort", rows, reference, switches)
    rated = [rate(row, cut_points) for row in rows]
    return [label.label for label in rated], rated, cut_points


def settled_values(cohort: label_cohort.Cohort, study: StudyData) -> list[Values]:
    """The five metrics of the cohort from settled grams and own sizes; the score stays as the study made it."""
    rows = cohort_rows(cohort, study)[["grams", "size", "data_size", "downloads"]]
    found = rows.astype(object).where(rows.notna(), None)
    scores = [row["performance_score"] for row in cohort.own]
    columns = zip(found["grams"], found["size"], found["data_size"], found["downloads"], scores, strict=True)
    return [metrics_of(*values) for values in columns]


def _labelled(labels: Labels) -> int:
    """How many models have a label."""
    return sum(letter is not None for letter in labels)


def _shares(labels: Labels) -> dict[str, float | None]:
    """Models of each label."""
    return {letter or NO_LABEL: float(labels.count(letter)) for letter in (*LETTERS, None)}


def _tables(
    made: UncorrectedAnswer, study: StudyData, cohort: label_cohort.Cohort, steps: list[Step], final: pd.DataFrame
) -> None:
    """Labels, confusion, ratings, cut points, sensitivity, examples."""
    versions = {"as-published": steps[0], "repaired": steps[-1]}
    lines: list[tuple[object, ...]] = []
    ratings: list[tuple[object, ...]] = []
    cuts: list[tuple[object, ...]] = []
    for version, (labels, rated, cut_points) in versions.items():
        lines += [
            (
                letter,
                labels.count(letter),
                *descriptives.share(labels.count(letter), _labelled(labels)),
                version,
                *(descriptives.by_cluster(final["label"] == letter, final) if version == "repaired" else (None, None)),
            )
            for letter in LETTERS
        ]
        ratings += [
            (metric, LETTERS[place], sum(label.ratings.get(metric) == place for label in rated), version)
            for metric in METRICS
            for place in range(len(LETTERS))
        ]
        if cut_points is not None:
            cuts += [
                (metric, cut_points.reference[metric], *four, version) for metric, four in cut_points.boundaries.items()
            ]
    made.put("labels", lines)
    made.put("ratings", ratings)
    made.put("cut_points", cuts)
    before = cohort.on_own_rows(steps[0][0])
    after = steps[-1][0]
    pairs = descriptives.tally((old or NO_LABEL, new or NO_LABEL) for old, new in zip(before, after, strict=True))
    made.put("confusion", [(old, new, n) for (old, new), n in pairs])
    _sensitivity(made, cohort, steps)
    names = study.frames["mined"]
    table = pd.DataFrame(
        {"name": list(names["modelId"]), "likes": list(names["likes"]), "before": before, "after": after}
    )
    table["grams"] = [row["co2_eq_emissions"] for row in cohort.own]
    best = table.sort_values(["likes", "name"], ascending=[False, True], kind="stable").head(TOP)
    made.put(
        "examples", [tuple(row) for row in best[["name", "likes", "grams", "before", "after"]].itertuples(index=False)]
    )


def _sensitivity(made: UncorrectedAnswer, cohort: label_cohort.Cohort, steps: list[Step]) -> None:
    """Labels that change when one metric is left out of the repaired label, or the cut points are fitted anew."""
    base = steps[EXACT][0]
    exact = Switches(one_scale=True, zero_is_zero=True, exact_ties=True)
    cut_points = fit("this cohort", cohort.own, cohort.own_reference, exact)
    choices = {
        f"without {metric}": [rate({**row, metric: None}, cut_points).label for row in cohort.own] for metric in METRICS
    }
    choices["rounding to even"] = _fitted(
        cohort.own, cohort.own_reference, Switches(one_scale=True, zero_is_zero=True)
    )[0]
    choices["settled grams"] = steps[SETTLED][0]
    lines = []
    for choice, labels in choices.items():
        changed = sum(old != new for old, new in zip(base, labels, strict=True))
        lines.append((choice, changed, changed / len(base)))
    made.put("sensitivity", lines)
