"""RQ2.4: do application domains differ in carbon emissions, raw and with size held constant?

As published: Mann-Whitney of computer vision against NLP, and least squares of the logarithms on four fifths of the
rows. Repaired: settled grams, copies counted once, all rows, no constant before the logarithm, cluster-robust errors;
the median beside the mean.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from msgspec.structs import replace

from analysis import stats
from analysis.published import recipe
from analysis.published.recipe import NLP, NOT_SPECIFIED, VISION
from analysis.questions import descriptives, repairs
from analysis.questions.protocol import Protocol
from analysis.questions.study_data import AUTOTRAIN, NO_DOMAIN, StudyData, by_autotrain
from analysis.questions.uncorrected_answer import UncorrectedAnswer
from analysis.results import Estimate

Frame = pd.DataFrame
TERM = "computer vision"
SIZE = "log size"
MONTH = "month of creation"
GRAMS = "g CO2eq"
CLUSTERED = frozenset({"clustered"})
INDEPENDENT = "rows are taken as independent: the kernel interval of a median knows no clusters"
MOST_POINTS = 4000
Line = tuple[object, ...]


def uncorrected(study: StudyData, protocol: Protocol) -> UncorrectedAnswer:
    """Computer vision against NLP, as published and repaired."""
    made = UncorrectedAnswer("RQ2.4", protocol, study.baseline)
    lines = _published(made, study.frames["mined"])
    repaired = repairs.run(made, study, lambda rows, methods: _measure(rows, methods, protocol), needed="size")
    rows = repaired.rows
    compared = _compare(rows, CLUSTERED, protocol)
    made.add("domain.repaired", "Computer vision against NLP", compared, unit=GRAMS)
    made.add("check.kruskal.repaired", "Any domain against any other", _any(rows, protocol))
    for cohort, part in by_autotrain(rows).items():
        words, name = cohort.lower(), cohort.lower().replace(" ", "-")
        raw = _compare(part, CLUSTERED, protocol)
        made.add(f"check.domain-{name}.repaired", f"Computer vision against NLP, {words}", raw, unit=GRAMS)
        title = f"Computer vision against NLP at equal size, {words}"
        made.add(f"check.at-size-{name}.repaired", title, _held(part, protocol)[TERM])
    lines += _repaired_terms(made, rows)
    made.put("regressions", lines)
    settled, headline = repaired.settled, "shift of computer vision against NLP"
    repairs.with_without(made, settled, headline, GRAMS, lambda kept: _compare(kept, CLUSTERED, protocol))
    headline = "log ratio of computer vision to NLP at equal size"
    repairs.with_without(made, settled, headline, "1", lambda kept: _held(kept, protocol)[TERM])
    _tables(made, study.frames["mined"], rows)
    return made


def _published(made: UncorrectedAnswer, mined: Frame) -> list[Line]:
    """The study's tests: grams inside its family; size, grams per byte and the regression outside."""
    made.add(
        "domain.as-published",
        "Computer vision against NLP",
        stats.mann_whitney(*recipe.domain_groups(mined, "co2_eq_emissions")),
        unit=GRAMS,
    )
    made.add(
        "outside.size.as-published",
        "Model size, computer vision against NLP",
        stats.mann_whitney(*recipe.domain_groups(mined, "size")),
        unit="B",
    )
    relative = recipe.domain_groups(recipe.grams_per_byte(mined), "grams_per_byte")
    made.add(
        "outside.grams-per-byte.as-published",
        "Grams per byte, computer vision against NLP",
        stats.mann_whitney(*relative),
        unit="g/B",
    )
    y, x, order = recipe.domain_regression(mined, made.protocol.seeds.split)
    train = order[recipe.test_rows(len(y)) :]
    if len(train) <= x.shape[1]:
        return []
    fitted = stats.ols(y[train], {"NLP": x[train, 1], TERM: x[train, 2], SIZE: x[train, 3]})
    against_nlp = stats.ols(
        y[train], {"neither domain": 1 - x[train, 1] - x[train, 2], TERM: x[train, 2], SIZE: x[train, 3]}
    )
    contrast = _classic(against_nlp[TERM])
    key = made.add("contrast.as-published", "Log emissions: computer vision against NLP", contrast, role="outside")
    lines: list[Line] = [("least squares, NLP as base", TERM, "as-published", *made.cells(key))]
    for term, found in fitted.items():
        classic = _classic(found)
        key = made.add(f"outside.ols-{term.replace(' ', '-').lower()}.as-published", f"Log emissions: {term}", classic)
        lines.append(("least squares", term, "as-published", *made.cells(key)))
    return lines


def _classic(found: Estimate) -> Estimate:
    """The coefficient with the classic errors that the study printed."""
    details = found.details
    return replace(
        found,
        method="least squares, classic errors",
        p=details.get("classic_p"),
        low=details.get("classic_low"),
        high=details.get("classic_high"),
    )


def _compare(rows: Frame, methods: frozenset[str], protocol: Protocol) -> Estimate:
    """Grams of computer vision against NLP."""
    vision, nlp = rows[rows["domain"] == VISION], rows[rows["domain"] == NLP]
    a, b = descriptives.numbers(vision["value"]), descriptives.numbers(nlp["value"])
    if min(len(a), len(b)) < protocol.least_n:
        refused = f"only {len(a)} vision and {len(b)} language models"
        return Estimate(method="Mann-Whitney", unit=GRAMS, n=len(a) + len(b), refused=refused)
    if "clustered" not in methods:
        return stats.mann_whitney(a, b)
    return stats.clustered_mann_whitney(a, b, list(vision["cluster"]), list(nlp["cluster"]))


def _any(rows: Frame, protocol: Protocol) -> Estimate:
    """Kruskal-Wallis over the domains with enough models."""
    groups = {
        str(domain): descriptives.numbers(kept["value"])
        for domain, kept in rows.groupby("domain")
        if domain != NO_DOMAIN
    }
    large = {domain: values for domain, values in groups.items() if len(values) >= protocol.least_n}
    if len(large) < 2:
        return Estimate(method="Kruskal-Wallis", n=len(rows), refused="fewer than two domains with enough models")
    return stats.kruskal(large)


def _pairs(rows: Frame) -> Frame:
    """Vision and language models with grams and bytes above zero."""
    return descriptives.pairs(rows[rows["domain"].isin({VISION, NLP})], "value", "size", positive=True)


def _positive(rows: Frame) -> Frame:
    """Vision and language models with grams above zero."""
    return rows[rows["domain"].isin({VISION, NLP}) & (rows["value"] > 0)]


def _held(
    rows: Frame, protocol: Protocol, *, method: str = "mean", size: bool = True, month: bool = False
) -> dict[str, Estimate]:
    """Log grams on domain, and on log bytes and month of creation where they are held; NLP is the base."""
    kept = _pairs(rows) if size else _positive(rows)
    kept = kept[kept["month"].notna()] if month else kept
    counts = kept["domain"].value_counts().reindex([VISION, NLP], fill_value=0)
    if counts.min() < protocol.least_n:
        refused = f"only {counts[VISION]} vision and {counts[NLP]} language models with a size"
        empty = Estimate(method="least squares", n=len(kept), refused=refused)
        return dict.fromkeys((TERM, SIZE, MONTH), empty)
    predictors = {TERM: (kept["domain"] == VISION).astype(float).tolist()}
    predictors |= {SIZE: np.log(kept["size"]).tolist()} if size else {}
    predictors |= {MONTH: [float(descriptives.month_number(value)) for value in kept["month"]]} if month else {}
    y = np.log(kept["value"]).tolist()
    if method == "median":
        fitted = stats.median_regression(y, predictors)
        return {term: replace(found, assumptions=(*found.assumptions, INDEPENDENT)) for term, found in fitted.items()}
    return stats.ols(y, predictors, clusters=list(kept["cluster"]))


def _repaired_terms(made: UncorrectedAnswer, rows: Frame) -> list[Line]:
    """The total effect of the domain, its direct effects with size and with size and month held.

    And the median as a check. Size is a consequence of the domain: to hold it is to ask for the direct effect. Month of
    creation is a common cause.
    """
    protocol = made.protocol
    fits = {
        "total": ("month held", _held(rows, protocol, size=False, month=True), (TERM, MONTH)),
        "at-size": ("size held", _held(rows, protocol), (TERM, SIZE)),
        "direct": ("size and month held", _held(rows, protocol, month=True), (TERM, SIZE, MONTH)),
        "check.median-at-size": ("size held, median", _held(rows, protocol, method="median"), (TERM, SIZE)),
        "check.raw": ("nothing held", _held(rows, protocol, size=False), (TERM,)),
    }
    lines: list[Line] = []
    for name, (held, fitted, terms) in fits.items():
        for term in terms:
            bare = name.removeprefix("check.")
            of_term = {TERM: name, SIZE: f"check.{bare}-size", MONTH: f"check.{bare}-month"}[term]
            key = made.add(f"{of_term}.repaired", f"Log emissions: {term} ({held})", fitted[term])
            model = held if "median" in held else f"least squares, {held}"
            lines.append((model, term, "repaired", *made.cells(key)))
    return lines


def _measure(rows: Frame, methods: frozenset[str], protocol: Protocol) -> dict[str, float | None]:
    """Cliff's delta and p of the raw comparison; the coefficient at equal size once that is switched on."""
    found = _compare(rows, methods, protocol)
    numbers: dict[str, float | None] = {"Cliff's delta": found.effect_size, "p": found.p}
    if "size-held-constant" in methods:
        held = _held(rows, protocol)[TERM]
        numbers |= {"log ratio at equal size": held.estimate, "p at equal size": held.p}
    return numbers


def _tables(made: UncorrectedAnswer, mined: Frame, rows: Frame) -> None:
    """Boxes by domain, and by domain and training type; points."""
    published = pd.DataFrame(
        {
            "domain": mined["domain"].replace(NOT_SPECIFIED, NO_DOMAIN),
            "value": mined["co2_eq_emissions"],
            "size": mined["size"],
            "group": [AUTOTRAIN if auto else "other" for auto in recipe.is_auto(mined)],
            "training_type": [recipe.combined_training_type(text) for text in mined["training_type"]],
        },
    )
    boxes: list[Line] = []
    both: list[Line] = []
    points: list[Line] = []
    for version, found in (("as-published", published), ("repaired", rows)):
        for domain, _ in descriptives.tally(found["domain"]):
            kept = found[found["domain"] == domain]
            boxes.append((domain, *descriptives.box(kept["value"]), version))
            kinds = (
                kept["training_type"]
                .where(kept["training_type"].notna(), "not stated")
                .replace(NOT_SPECIFIED, "not stated")
            )
            both += [
                (domain, kind, *descriptives.box(kept.loc[kinds == kind, "value"]), version)
                for kind, _ in descriptives.tally(kinds)
            ]
        kept = descriptives.sampled(found, MOST_POINTS, made.protocol.seeds.sample)
        columns = zip(kept["domain"], kept["value"], kept["size"], kept["group"], strict=True)
        points += [(domain, grams, size, group, version) for domain, grams, size, group in columns]
    made.put("box", boxes)
    made.put("domain_training", both)
    made.put("points", points)
