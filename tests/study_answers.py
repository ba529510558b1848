"""A made-up study with every table of the catalogue, for tests of figures and report; the numbers mean nothing."""

from __future__ import annotations

import math
import random
from typing import Any

from analysis.questions.result_tables import table
from analysis.results import Answer, Conclusion, Estimate, RepairStep, Result, Table, Version

VERSIONS: tuple[Version, ...] = ("as-published", "repaired")
MONTHS = [f"{year}-{month:02d}" for year in (2021, 2022, 2023) for month in range(1, 13)][9:27]
QUARTERS = [f"{year}Q{quarter}" for year in (2021, 2022, 2023) for quarter in range(1, 5)][3:9]
DOMAINS = ("NLP", "Computer Vision", "Multimodal", "Audio", "none")
GENERATORS = ("autotrain", "hand-written", "sentence-transformers", "autonlp", "trainer")
GROUPS = ("autotrain", "other generator", "hand-written")
HOSTILE_NAME = '<script>alert("x")</script>/=cmd|$10%_{evil}\\'
CLASSES = ("Unknown", "Context Reporting", "Basic Reporting", "Awareness")
CHANCE = random.Random(7)


def grams(middle: float = 5.0, width: float = 2.5) -> float:
    return math.exp(CHANCE.gauss(math.log(middle), width))


def box(n: int, middle: float) -> tuple[float, ...]:
    values = sorted(grams(middle) for _ in range(n))
    return (n, values[0], values[n // 4], values[n // 2], values[3 * n // 4], values[-1], sum(values) / n)


def shares(names: tuple[str, ...]) -> list[tuple[str, int, float, float, float]]:
    counts = [CHANCE.randint(5, 900) for _ in names]
    return [
        (name, k, k / sum(counts), max(0.0, k / sum(counts) - 0.02), k / sum(counts) + 0.02)
        for name, k in zip(names, counts, strict=True)
    ]


def over_time() -> list[Table]:
    line = [(month, 10.0 * 0.97**i) for i, month in enumerate(MONTHS)]
    domain = [
        (q, d, CHANCE.randint(1, 60), CHANCE.random(), CHANCE.randint(500, 9000), CHANCE.random() / 20)
        for q in QUARTERS
        for d in DOMAINS
    ]
    return [
        table(
            "rq1_1.monthly_share",
            [(m, 30, 4000, 0.009 + i / 4000, 0.007, 0.016, 0.01, v) for v in VERSIONS for i, m in enumerate(MONTHS)],
        ),
        table("rq1_1.monthly_by_group", [(m, g, CHANCE.randint(0, 80), None, None) for m in MONTHS for g in GROUPS]),
        table(
            "rq1_2.monthly_median",
            [(m, 50, grams(5, 0.6), fit * (1 + (v == "repaired")), v) for v in VERSIONS for m, fit in line],
        ),
        table("rq1_2.monthly_by_group", [(m, g, 20, 1.0, 4.0 + len(g), 30.0) for m in MONTHS for g in GROUPS]),
        table("rq1_2.trends", [("all", "OLS", 17, -0.6917, -1.05, -0.33, 0.0010, 0.0113, v) for v in VERSIONS]),
        table("rq1_3.domain_quarterly", domain),
        table(
            "rq1_3.frameworks_quarterly",
            [
                (q, f, CHANCE.randint(10, 900), None, "all models")
                for q in QUARTERS
                for f in ("keras", "pytorch", "tf", "jax")
            ],
        ),
        table("rq1_3.models_monthly", [(m, CHANCE.randint(1000, 20000), "all models") for m in MONTHS]),
        table("rq1_3.autotrain_monthly", [(m, 40, 44, 40 / 44) for m in MONTHS]),
    ]


def who_reports() -> list[Table]:
    tags = [(f"tag-{i}-of-some-length", 83566 - 4000 * i, 0.4, "all models") for i in range(20)]
    return [
        table(
            "rq1_2.generator_box", [(g, *box(80, 5), 1e6, 0.9 if g == "hand-written" else 0.025) for g in GENERATORS]
        ),
        table("rq1_2.generator_points", [(g, grams(), "2022-03") for g in GENERATORS for _ in range(80)]),
        table(
            "rq1_3.domain",
            [
                (d, k, s, None, None, low, high, v, low, high)
                for v in VERSIONS
                for d, k, s, low, high in shares(DOMAINS)
            ],
        ),
        table(
            "rq1_3.library",
            [
                (name, k, s, low, high, low, high)
                for name, k, s, low, high in shares(("pytorch", "transformers", "jax"))
            ],
        ),
        table("rq1_3.tags", tags),
        table("rq1_4.classes", [(*row, v, None, None) for v in VERSIONS for row in shares(CLASSES)]),
        table(
            "rq1_4.confusion",
            [
                ("Basic Reporting", "Basic Reporting", 1291),
                ("Awareness", "Basic Reporting", 7),
                ("Awareness", "Awareness", 72),
            ],
        ),
        table(
            "rq1_4.context",
            [(*row, *row[3:]) for row in shares(("hardware", "region", "provider", "duration", "energy"))],
        ),
        table(
            "rq1_4.top", [(HOSTILE_NAME, 4321, 24_700_000.0, "as-published"), ("=HYPERLINK(1)", 5, -1.5, "repaired")]
        ),
    ]


def what_matters() -> list[Table]:
    names = ("bigscience/bloom", "distilgpt2", HOSTILE_NAME, "dalle-mini", "swissbert")
    points = []
    for version in VERSIONS:
        for predictor in ("Model size (bytes)", "Data set size (bytes)"):
            for index in range(48):
                x = math.exp(CHANCE.uniform(16, 27))
                mark = index < len(names)
                points.append(
                    (
                        predictor,
                        x,
                        x**0.6 / 1e4 * grams(1, 1),
                        names[index] if mark else f"m{index}",
                        40 - index,
                        "autotrain",
                        mark,
                        version,
                    )
                )
    fits = [
        (p, x, x**0.6 / 1e4, x**0.6 / 3e4, x**0.6 / 3e3, v)
        for v in VERSIONS
        for p in {row[0]: 0 for row in points}
        for x in (1e7, 1e9, 1e11)
    ]
    labels = tuple("ABCDE")
    return [
        table("rq2_2.shapley", [("model-size", "settled-values", -0.1, 0.56, 0.26)]),
        table("rq2_2.leave_one_out", [("model-size", "all", HOSTILE_NAME, 1.0, 0.2, -0.05)]),
        table(
            "rq2_1.scatter",
            [
                (c, m, CHANCE.random(), grams(), "m", v)
                for v in VERSIONS
                for c in ("AutoTrain", "curated")
                for m in ("accuracy", "f1", "rouge1", "rougeL")
                for _ in range(90)
            ],
        ),
        table("rq2_2.scatter", points),
        table("rq2_2.fit", fits),
        table(
            "rq2_3.box",
            [
                (t, *box(22, middle), v)
                for v in VERSIONS
                for t, middle in (("pre-training", 432.0), ("fine-tuning", 17.0))
            ],
        ),
        table(
            "rq2_3.points",
            [(t, grams(), "NLP", "m", v) for v in VERSIONS for t in ("pre-training", "fine-tuning") for _ in range(22)],
        ),
        table("rq2_4.box", [(d, *box(60, 3), v) for v in VERSIONS for d in DOMAINS]),
        table(
            "rq2_4.points", [(d, grams(), None, "autotrain", v) for v in VERSIONS for d in DOMAINS for _ in range(60)]
        ),
        table(
            "rq2_4.domain_training",
            [
                (d, t, *box(12, 3), v)
                for v in VERSIONS
                for d in ("NLP", "Computer Vision")
                for t in ("pre-training", "fine-tuning")
            ],
        ),
        table("rq2_5.labels", [(*row, v, row[3], row[4]) for v in VERSIONS for row in shares(labels)]),
        table("rq2_5.confusion", [(a, b, CHANCE.randint(0, 300)) for a in labels for b in labels]),
    ]


def forest_rows(question: str) -> list[tuple[Any, ...]]:
    kind = {"RQ1.2": "slope in SD per month", "RQ2.4": "Cliff's delta"}.get(question, "Spearman's rho")
    rows = []
    for index in range(3):
        for version in VERSIONS:
            effect = CHANCE.uniform(-0.9, 0.9)
            rows.append(
                (
                    f"{question.lower()}.m{index}.{version}",
                    f"emissions and thing {index}",
                    version,
                    kind,
                    effect,
                    max(-1.0, effect - 0.2),
                    min(1.0, effect + 0.2),
                    48,
                    0.01,
                )
            )
    return rows


def inclusion_rows() -> list[tuple[Any, ...]]:
    return [
        (0, "models in the source", 1419),
        (1, "no double rows from the merge", 1417),
        (2, "emissions above zero", 1416),
        (3, "training type is stated by the author", 44),
    ]


def results(question: str) -> tuple[Result, ...]:
    found = []
    for version, value in zip(VERSIONS, (0.5615, -0.1234567), strict=True):
        estimate = Estimate(
            method="Pearson, log-log",
            estimate=value,
            estimate_name="r",
            low=value - 0.2,
            high=value + 0.2,
            statistic=4.6,
            statistic_name="t",
            p=3.294e-5,
            effect_size=value,
            effect_name="Pearson's r",
            effect_low=value - 0.2,
            effect_high=value + 0.2,
            n=48,
            n_missing=1371,
            n_by_group={"NLP": 40, "Computer Vision": 8},
            assumptions=("Residuals look symmetric (skew 0.2).",),
        )
        found.append(
            Result(
                id=f"{question.lower()}.model-size.{version}",
                question=question,
                version=version,
                title="emissions and model size",
                estimate=estimate,
                family="main",
                p_adjusted=0.000428,
                correction="Holm",
                sentence=f"Emissions and model size: r = {value:.2f}, 95 % interval {value - 0.2:.2f} to "
                f"{value + 0.2:.2f}, n = 48.",
            )
        )
    refused = Estimate(method="Spearman", n=3, refused="fewer than 4 observations")
    found.append(
        Result(
            id=f"{question.lower()}.tiny.repaired",
            question=question,
            version="repaired",
            title="tiny",
            estimate=refused,
        )
    )
    return tuple(found)


def answer(question: str, tables: list[Table]) -> Answer:
    prefix = question.lower().replace(".", "_")
    own = [each for each in tables if each.id.startswith(f"{prefix}.")]
    own.append(table(f"{prefix}.forest", forest_rows(question)))
    own.append(table(f"{prefix}.inclusion", inclusion_rows()))
    own.append(table(f"{prefix}.repairs", [(1, "drop-double-rows", "rows doubled by the merge", 2, "r", 0.56, 0.55)]))
    return Answer(
        question=question,
        title=f"What of {question}, and does it matter?",
        status="partly" if question == "RQ1.1" else "answered",
        reason="The number of all models is not public." if question == "RQ1.1" else None,
        results=results(question),
        tables=tuple(own),
        repairs=(
            RepairStep(
                repair="drop-double-rows",
                meaning="Rows doubled by the merge are dropped.",
                n_changed=2,
                before={"r": 0.5615},
                after={"r": 0.5523},
            ),
            RepairStep(
                repair="read-units",
                meaning="Kilograms are read as kilograms.",
                n_changed=6,
                before={"r": 0.5523},
                after={"r": None},
            ),
        ),
        n_flow=tuple((str(step), int(rows)) for _, step, rows in inclusion_rows()),
        conclusion=Conclusion(
            verdict="contradicted" if question == "RQ2.3" else "confirmed",
            sentence=f"The conclusion of {question} stands: r = 0.56 as published, −0.12 repaired.",
        ),
    )


ESTIMATES = ("RQ3.1", "RQ3.2", "RQ3.3", "RQ3.4", "RQ3.5")


def estimates() -> list[Table]:
    """Tables of the questions about estimates."""
    shares = [
        (name, n, n / 1000, n / 1100, n / 900)
        for name, n in (("no estimate: no hardware is stated", 950), ("hours route", 50))
    ]
    compared = [(f"a/m{n}", 10.0**n, 1.5 * 10.0**n, 1 / 1.5, "no" if n == 4 else "yes", "") for n in range(1, 6)]
    moved = [
        ("place", "NVIDIA A100", place, 2024, kg, kg / 5, kg * 5) for place, kg in (("SWE", 50.0), ("IND", 1000.0))
    ]
    return [
        table("rq3_1.routes", shares),
        table("rq3_2.compared", compared),
        table("rq3_2.farthest", compared[:2]),
        table("rq3_3.moved", moved),
        table("rq3_4.compliance", [("metered", "no", 30, 0.6), ("calculated", "hours x power x intensity", 20, 0.4)]),
        table(
            "rq3_5.break_even",
            [
                ("text-generation", "up to 1 billion", 3e7, 1e7, 9e7, 8),
                ("fill-mask", "up to 1 billion", 3e8, 1e8, 4e8, 8),
            ],
        ),
        table("rq3_5.families", [("org/base", 1000.0, 4, 200.0)]),
    ]


def answers() -> tuple[Answer, ...]:
    """Answers to all questions, the same on every call."""
    CHANCE.seed(7)
    tables = [*over_time(), *who_reports(), *what_matters(), *estimates()]
    return tuple(
        answer(question, tables)
        for question in ("RQ1.1", "RQ1.2", "RQ1.3", "RQ1.4", "RQ2.1", "RQ2.2", "RQ2.3", "RQ2.4", "RQ2.5", *ESTIMATES)
    )
