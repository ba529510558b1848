"""Verdicts of whole snapshots: each the same as the verdict of the single model, and quick."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from present import present
from sample_snapshot import write_snapshot

from analysis.classify import snapshot_verdicts as verdicts
from analysis.classify.facts import FACTS, example
from analysis.classify.findings import Case
from analysis.classify.probes import PROBES, probe_all
from analysis.classify.rubric import rubric
from analysis.classify.verdict import UNKNOWN_LEVEL, judge
from analysis.questions.tables import Tables
from mining.build.run import build
from mining.fields import CardStatus, Outcome, Quantity, Source
from mining.paths import Home, Processed
from mining.schema import Claim, Context, ModelRecord, Settlement
from sample_hub import SampleHub


@pytest.fixture(scope="module")
def processed(tmp_path_factory: pytest.TempPathFactory) -> Processed:
    home = Home(tmp_path_factory.mktemp("verdicts"))
    folder = write_snapshot(home.raw("snap"), SampleHub(11, 1500, 4.0))
    build(folder, home.processed("snap"))
    return home.processed("snap")


def cases_of(tables: Tables) -> list[Case]:
    """Every model of the tables as a case of its own."""
    rows = tables.query("SELECT * FROM models ORDER BY model_key")
    said = tables.query("SELECT * FROM claims ORDER BY ALL")
    claims: dict[str, list[Claim]] = {}
    for values in said.astype(object).where(said.notna(), None).to_dict("records"):
        claims.setdefault(values["model_key"], []).append(msgspec.convert(clean(values, Claim), Claim))
    found = []
    for values in rows.astype(object).where(rows.notna(), None).to_dict("records"):
        carbon, training = (msgspec.convert(clean(values, part), part) for part in (Settlement, Context))
        record = msgspec.convert({**clean(values, ModelRecord), "carbon": carbon, "training": training}, ModelRecord)
        found.append(Case(record, tuple(claims.get(record.model_key, ())), data_sizes_asked=True))
    return found


def clean(values: dict[Any, Any], kind: type[msgspec.Struct]) -> dict[str, object]:
    wanted = {name: values[name] for name in kind.__struct_fields__ if name in values}
    kept = {
        name: list(value) if hasattr(value, "tolist") and not isinstance(value, int | float | str) else value
        for name, value in wanted.items()
    }
    whole = {
        name: int(value)
        if isinstance(value, float)
        and name.endswith(("_count", "_bytes", "line", "count"))
        and name != "datasets_bytes"
        else value
        for name, value in kept.items()
    }
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in whole.items()}


def test_every_verdict_is_the_one_of_the_single_model(processed: Processed) -> None:
    with Tables(processed) as tables:
        groups = verdicts.verdicts(tables)
        cases = cases_of(tables)
    single: Counter[tuple[object, ...]] = Counter()
    for case in cases:
        verdict = judge(case, probe_all(case))
        outcomes = tuple(finding.outcome for finding in verdict.findings)
        year = (case.record.year_month or "")[:4] or None
        classes = (
            verdict.level,
            verdict.score,
            verdict.coverage,
            verdict.disclosure,
            verdict.published_level,
            verdict.repaired_level,
        )
        single[(case.record.generator, year, *classes, outcomes)] += 1
    together: Counter[tuple[object, ...]] = Counter()
    for group in groups:
        judged = group.verdict
        levels = (
            judged.level,
            judged.score,
            judged.coverage,
            judged.disclosure,
            judged.published_level,
            judged.repaired_level,
        )
        together[(group.generator, group.year, *levels, tuple(judged.outcomes.values()))] += group.n
    assert together == single
    assert sum(single.values()) == 1500
    assert len({key[2] for key in single}) >= 4


def test_tables_count_every_model_once_and_sort_what_fails_most(processed: Processed) -> None:
    with Tables(processed) as tables:
        groups = verdicts.verdicts(tables)
    levels = verdicts.levels_table(groups)
    assert sum(row[3] for row in levels) == 1500
    assert {row[2] for row in levels} <= {UNKNOWN_LEVEL, *rubric().level_ids()}
    failing = verdicts.failing_table(groups)
    assert failing[0][1] == verdicts.ALL
    shares = [present(row[4]) for row in failing if row[1] == verdicts.REPORTERS]
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= share <= 1 and failed <= seen for _, _, seen, failed, share in failing if share is not None)
    assert len([row for row in failing if row[1] == verdicts.REPORTERS]) == len(rubric().probes)


def test_unknown_is_not_counted_as_failing() -> None:
    gated = Case(ModelRecord(model_key="k", card_status="gated"))
    judged = judge(gated, probe_all(gated))
    outcomes = {finding.id: finding.outcome for finding in judged.findings}
    verdict = verdicts.Judged(
        level=judged.level,
        reason=judged.reason,
        score=judged.score,
        coverage=judged.coverage,
        disclosure=judged.disclosure,
        published_level=judged.published_level,
        repaired_level=judged.repaired_level,
        outcomes=outcomes,
        next_steps=judged.next_steps,
    )
    rows = verdicts.failing_table([verdicts.Group(generator=None, year="2024", n=7, verdict=verdict)])
    assert "emissions-in-card" not in {row[0] for row in rows}


@pytest.mark.slow
def test_models_of_the_same_facts_are_judged_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path)
    build(write_snapshot(home.raw("snap"), SampleHub(5, 8_000), cards=False), home.processed("snap"))
    judged: list[Case] = []

    def counted(case: Case) -> Any:
        judged.append(case)
        return probe_all(case)

    monkeypatch.setattr(verdicts, "probe_all", counted)
    with Tables(home.processed("snap")) as tables:
        groups = verdicts.verdicts(tables)
    assert sum(group.n for group in groups) == 8_000
    assert 0 < len(judged) < 8_000 / 4


SAID = (
    ("unknown", "reported|false|true|false"),
    ("training-run", "unreadable|true|true|false"),
    ("experiments", "unreadable|false|true|false"),
    ("inference", "reported|false|true|false"),
    ("training-run", "reported|false|true|true"),
    ("training-run", "reported|true|true|false"),
)
CLAIMS = ("", *(f"{quantity}|{scope}|{said}" for quantity in get_args(Quantity) for scope, said in SAID))
OPTIONS: dict[str, tuple[Any, ...]] = {
    "source": get_args(Source),
    "card_status": get_args(CardStatus),
    "gated": (None, "no", "auto", "manual"),
    "is_disabled": (None, False, True),
    "has_weights": (None, False, True),
    "base_relation": (None, "finetune", "quantized"),
    "emissions_outcome": get_args(Outcome),
    "emissions_unit_status": (None, "stated", "assumed"),
    "emissions_scope": (None, "unknown", "training-run"),
    "emissions_source": (None, "metadata", "card"),
    "duration_basis": (None, "device-hours"),
    "training_type": (None, "fine-tuning"),
    "tags": (None, ("pruned",)),
    "claims": CLAIMS,
}


def possible(facts: dict[str, Any]) -> bool:
    """Whether a model can have these facts: zero grams are grams, and follow from nothing."""
    return not (facts["zero"] and facts["follows"]) and (facts["grams"] or not (facts["zero"] or facts["follows"]))


def test_probes_read_what_they_declare_and_nothing_else() -> None:
    """Over random cases: a fact that a probe does not declare never moves its outcome, one that it declares does."""
    dice = random.Random(3)
    moved: dict[str, set[str]] = {name: set() for name in PROBES}
    for turn in range(5_000):
        base = {name: dice.choice(OPTIONS.get(name, (False, True))) for name in FACTS}
        if turn % 3 == 1:
            base |= {"card_status": "read", "claims": ""}
        if turn % 3 == 2:
            place = dice.choice(("true", "false"))
            base |= {"by_hand": False, "grams": False, "zero": False, "follows": False}
            base["claims"] = f"emissions|training-run|reported|{place}|true|false"
        before = probe_all(example(base))
        for name in dice.sample(list(FACTS), 4):
            other = {**base, name: dice.choice(OPTIONS.get(name, (False, True)))}
            if possible(base) and possible(other):
                for probe, one, two in zip(PROBES, before, probe_all(example(other)), strict=True):
                    if one.outcome != two.outcome:
                        moved[probe].add(name)
    assert moved == {name: set(probe.reads) for name, probe in PROBES.items()}
