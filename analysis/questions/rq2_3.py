"""RQ2.3: do pre-training and fine-tuning differ in carbon emissions?

As published: Mann-Whitney on the curated rows. Repaired: settled grams of every model whose training type is known,
models that are both on their own, errors that count clusters.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis import stats
from analysis.published import recipe
from analysis.questions import descriptives, like_for_like, repairs
from analysis.questions.protocol import Protocol
from analysis.questions.study_data import StudyData
from analysis.questions.uncorrected_answer import UncorrectedAnswer
from analysis.results import Estimate

Frame = pd.DataFrame
KINDS = recipe.TRAINING_KINDS
PRE, FINE, _ = KINDS
GRAMS = "g CO2eq"
MOST_POINTS = 4000


def uncorrected(study: StudyData, protocol: Protocol) -> UncorrectedAnswer:
    """Pre-training against fine-tuning, as published and repaired."""
    made = UncorrectedAnswer("RQ2.3", protocol, study.baseline)
    curated = study.frames["curated"]
    groups = recipe.training_groups(curated)
    made.add(
        "training-type.as-published",
        "Pre-training against fine-tuning",
        _test(groups[PRE], groups[FINE], protocol, 1),
        unit=GRAMS,
    )
    repaired = repairs.run(
        made, study, lambda rows, methods: _measure(rows, methods, made, groups), needed="training_type"
    )
    rows = repaired.rows[repaired.rows["training_type"].notna()]
    found = _compare(rows, frozenset({"both-is-both", "clustered"}), protocol)
    made.add("training-type.repaired", "Pre-training against fine-tuning", found, unit=GRAMS)
    own = like_for_like.repaired(like_for_like.own_rows(study), protocol, "RQ2.3")
    made.add(
        "like-for-like.repaired",
        f"Pre-training against fine-tuning, {study.own_rows_named}",
        _compare(own, frozenset({"both-is-both", "clustered"}), protocol),
        unit=GRAMS,
    )
    made.add(
        "check.mixed-is-fine-tuning.repaired",
        "Pre-training against fine-tuning, mixed models as fine-tuning",
        _compare(rows, frozenset({"clustered"}), protocol),
        unit=GRAMS,
    )
    made.add(
        "check.at-equal-size.repaired",
        "Pre-training against fine-tuning at equal model size, log emissions",
        _at_size(rows, protocol),
    )
    repairs.with_without(
        made,
        repaired.settled[repaired.settled["training_type"].notna()],
        "shift of pre-training against fine-tuning",
        "g CO2eq",
        lambda kept: _compare(kept, frozenset({"both-is-both", "clustered"}), protocol),
    )
    _tables(made, curated, rows)
    return made


def _test(
    pre: descriptives.FloatArray, fine: descriptives.FloatArray, protocol: Protocol, least: int | None = None
) -> Estimate:
    """Mann-Whitney, refused where a group is too small."""
    need = protocol.least_n if least is None else least
    if min(len(pre), len(fine)) < need:
        refused = f"only {len(pre)} pre-trained and {len(fine)} fine-tuned models"
        return Estimate(method="Mann-Whitney", unit=GRAMS, n=len(pre) + len(fine), refused=refused)
    return stats.mann_whitney(pre, fine)


def _compare(rows: Frame, methods: frozenset[str], protocol: Protocol) -> Estimate:
    """Both groups with what is switched on; without ``both-is-both`` a mixed model is fine-tuned, as in the study."""
    kinds = (
        rows["training_type"] if "both-is-both" in methods else rows["training_type"].map(recipe.combined_training_type)
    )
    pre, fine = rows[kinds == PRE], rows[kinds == FINE]
    a, b = descriptives.numbers(pre["value"]), descriptives.numbers(fine["value"])
    if min(len(a), len(b)) < protocol.least_n or "clustered" not in methods:
        return _test(a, b, protocol)
    return stats.clustered_mann_whitney(a, b, list(pre["cluster"]), list(fine["cluster"]))


def _at_size(rows: Frame, protocol: Protocol) -> Estimate:
    """Coefficient of pre-training in log grams, with log bytes held constant."""
    kept = descriptives.pairs(rows, "value", "size", positive=True)
    kept = kept[kept["training_type"].isin({PRE, FINE})]
    if kept["training_type"].value_counts().reindex([PRE, FINE], fill_value=0).min() < protocol.least_n:
        return Estimate(
            method="least squares", n=len(kept), refused="too few models with a known size in one of the groups"
        )
    predictors = {
        "pre-training": (kept["training_type"] == PRE).astype(float).tolist(),
        "log size": np.log(kept["size"]).tolist(),
    }
    return stats.ols(np.log(kept["value"]).tolist(), predictors, clusters=list(kept["cluster"]))["pre-training"]


def _measure(
    rows: Frame, methods: frozenset[str], made: UncorrectedAnswer, published: dict[str, descriptives.FloatArray]
) -> dict[str, float | None]:
    """Cliff's delta, p, and both medians; before the first repair those of the curated rows."""
    if "every-known-value" in methods:
        known = rows[rows["training_type"].notna()]
        found = _compare(known, methods, made.protocol)
        groups = {kind: descriptives.numbers(known.loc[known["training_type"] == kind, "value"]) for kind in KINDS}
    else:
        found, groups = made.results["rq2.3.training-type.as-published"].estimate, published
    medians = {f"median {kind}, g": descriptives.box(values)[3] for kind, values in groups.items()}
    return {"Cliff's delta": found.effect_size, "p": found.p, "n compared": float(found.n), **medians}


def _tables(made: UncorrectedAnswer, curated: Frame, rows: Frame) -> None:
    """Boxes and points of both versions."""
    published = curated.rename(columns={"co2_eq_emissions": "value", "modelId": "name"}).replace(
        {"domain": {recipe.NOT_SPECIFIED: "none"}}
    )
    boxes: list[tuple[object, ...]] = []
    points: list[tuple[object, ...]] = []
    for version, found in (("as-published", published), ("repaired", rows)):
        for kind in KINDS:
            kept = found[found["training_type"] == kind]
            boxes.append((kind, *descriptives.box(kept["value"]), version))
            kept = descriptives.sampled(kept, MOST_POINTS, made.protocol.seeds.sample)
            domains = [domain if isinstance(domain, str) else None for domain in kept["domain"]]
            points += [
                (kind, grams, domain, name, version)
                for grams, domain, name in zip(kept["value"], domains, kept["name"], strict=True)
            ]
    made.put("box", boxes)
    made.put("points", points)
