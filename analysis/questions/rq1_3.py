"""RQ1.3: which models report carbon emissions? By domain, library, generator of the card, tags.

Shares among reporters need reporters only. The share within a domain needs all models of the domain, which the
published data lack.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis import stats
from analysis.published import recipe
from analysis.questions import descriptives, repairs, threats
from analysis.questions.protocol import Protocol
from analysis.questions.study_data import NO_DOMAIN, StudyData, quarter_of
from analysis.questions.uncorrected_answer import UncorrectedAnswer
from analysis.results import Estimate

FRAMEWORKS = ("keras", "pytorch", "tf", "jax")
TOP_TAGS = 20
LEADER = recipe.NLP
REASON = "the share of reporters within each domain needs all models; only reporters are in these data"


def uncorrected(study: StudyData, protocol: Protocol) -> UncorrectedAnswer:
    """Who reports, as published and repaired."""
    made = UncorrectedAnswer("RQ1.3", protocol, study.baseline)
    mined = study.frames["mined"]
    repaired = repairs.run(made, study, lambda rows, _: _measure(rows))
    rows = repaired.rows
    if study.population is None:
        made.status, made.reason = "partly", REASON
    published = mined["domain"].replace(recipe.NOT_SPECIFIED, NO_DOMAIN)
    made.add("nlp-share.as-published", "NLP among reporters", _leader(published))
    made.add("nlp-share.repaired", "NLP among reporters", _leader_by_author(rows))
    repairs.with_without(made, repaired.settled, "share of NLP among reporters", "1", _leader_by_author)
    _domains(made, study, published, rows)
    _kinds(made, mined, rows)
    _population(made, study, rows)
    threats.add(made, study, rows)
    made.put(
        "autotrain_monthly",
        [(m, auto, n, auto / n if n else None) for m, (auto, n) in recipe.autotrain_by_month(mined).items()],
    )
    return made


def _leader(domains: pd.Series) -> Estimate:
    """Share of the leading domain of 2023 among reporters."""
    return stats.proportion(int((domains == LEADER).sum()), len(domains))


def _leader_by_author(rows: pd.DataFrame) -> Estimate:
    """The same with an interval that counts clusters."""
    return descriptives.clustered_share(rows["domain"] == LEADER, rows)


def _measure(rows: pd.DataFrame) -> dict[str, float | None]:
    """Share of NLP, and of the next domain."""
    found: dict[str, float | None] = {"share of NLP": _leader(rows["domain"]).estimate}
    others = [count for domain, count in descriptives.tally(rows["domain"]) if domain not in {LEADER, NO_DOMAIN}]
    return found | {"share of the next domain": others[0] / len(rows) if others else None}


def _domains(made: UncorrectedAnswer, study: StudyData, published: pd.Series, rows: pd.DataFrame) -> None:
    """Reporters by domain in both versions, and by quarter."""
    models = _models(study)
    lines = []
    for version, found in (("as-published", pd.DataFrame({"domain": published})), ("repaired", rows)):
        counts = dict(descriptives.tally(found["domain"]))
        population = models if version == "repaired" else {}
        for domain in _ordered(counts, population):
            count, whole = counts.get(domain, 0), population.get(domain)
            share, low, high = descriptives.share(count, len(found))
            by_author = (
                descriptives.by_cluster(found["domain"] == domain, found) if version == "repaired" else (None, None)
            )
            lines.append((domain, count, share, whole, _over(count, whole), low, high, version, *by_author))
    made.put("domain", lines, "Intervals are those of the share among reporters.")
    _quarters(made, study, rows)


def _over(part: int, whole: int | None) -> float | None:
    """A share, None where the whole is not known or empty."""
    return part / whole if whole else None


def _ordered(counts: Mapping[str, int], population: Mapping[str, int]) -> list[str]:
    """All groups that hold a reporter or a model: most reporters first, then by name."""
    return sorted({*counts, *population}, key=lambda name: (-counts.get(name, 0), name))


def _quarters(made: UncorrectedAnswer, study: StudyData, rows: pd.DataFrame) -> None:
    """Reporters and all models by quarter and domain: every cell that holds a model, reporting or not."""
    models = _models_by_quarter(study)
    reporters = {
        (str(quarter), str(domain)): int(n)
        for quarter, domain, n in descriptives.cells(rows.groupby(["quarter", "domain"])["key"].size())
    }
    totals: dict[str, int] = {}
    for (quarter, _), n in reporters.items():
        totals[quarter] = totals.get(quarter, 0) + n
    lines = []
    for quarter, domain in sorted({*reporters, *models}):
        count, whole = reporters.get((quarter, domain), 0), models.get((quarter, domain))
        lines.append((quarter, domain, count, _over(count, totals.get(quarter)), whole, _over(count, whole)))
    made.put("domain_quarterly", lines)


def _models(study: StudyData) -> dict[str, int]:
    """All models by domain; nothing where there are only reporters."""
    if study.population is None:
        return {}
    found = study.tables.query(
        "SELECT coalesce(domain, 'none') AS name, count(*) AS n FROM models GROUP BY 1 ORDER BY 1"
    )
    return {str(name): int(n) for name, n in zip(found["name"], found["n"], strict=True)}


def _models_by_quarter(study: StudyData) -> dict[tuple[str, str], int]:
    """All models by quarter and domain."""
    if study.population is None:
        return {}
    found = study.tables.query(
        """SELECT year_month, coalesce(domain, 'none') AS domain, count(*) AS n
           FROM models WHERE year_month IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"""
    )
    found["quarter"] = [quarter_of(month) for month in found["year_month"]]
    counts = found.groupby(["quarter", "domain"])["n"].sum()
    return {(str(quarter), str(domain)): int(n) for quarter, domain, n in descriptives.cells(counts)}


def _kinds(made: UncorrectedAnswer, mined: pd.DataFrame, rows: pd.DataFrame) -> None:
    """Reporters by library, generator and stated source."""
    libraries = descriptives.tally(library for found in rows["libraries"] for library in found)
    made.put(
        "library",
        [
            (
                library,
                count,
                *descriptives.share(count, len(rows)),
                *descriptives.by_cluster(pd.Series([library in found for found in rows["libraries"]]), rows),
            )
            for library, count in libraries[:TOP_TAGS]
        ],
    )
    total = float(rows["value"].sum())
    sums = rows.groupby("generator")["value"].sum()
    made.put(
        "generator",
        [
            (name, count, count / len(rows), float(sums[name]), float(sums[name]) / total if total else None)
            for name, count in descriptives.tally(rows["generator"])
        ],
    )
    tools = {"as-published": mined["source"], "repaired": rows["tool"].fillna("not stated")}
    made.put(
        "tool",
        [
            (tool, count, count / len(values), version)
            for version, values in tools.items()
            for tool, count in descriptives.tally(values)
        ],
    )


def _population(made: UncorrectedAnswer, study: StudyData, rows: pd.DataFrame) -> None:
    """Tags, frameworks by quarter and models by month, of all models where they are there, then of the reporters."""
    tags = descriptives.tally(tag for found in rows["tags"] for tag in found)[:TOP_TAGS]
    lines = [(tag, count, count / len(rows), "reporters") for tag, count in tags]
    quarterly = _frameworks(
        pd.DataFrame(
            [
                (q, f, 1)
                for q, found in zip(rows["quarter"], rows["tags"], strict=True)
                if q
                for f in FRAMEWORKS
                if f in found
            ]
        ),
        "reporters",
    )
    monthly = [(month, int(count), "reporters") for month, count in rows.groupby("month")["key"].size().items()]
    if study.population is not None:
        lines = _all_tags(study) + lines
        quarterly = _frameworks(_all_frameworks(study), "all models") + quarterly
        models = study.tables.query(
            "SELECT year_month, count(*) AS n FROM models WHERE year_month IS NOT NULL GROUP BY 1 ORDER BY 1"
        )
        population = zip(models["year_month"], models["n"], strict=True)
        monthly = [(month, int(n), "all models") for month, n in population] + monthly
    made.put("tags", lines)
    made.put("frameworks_quarterly", quarterly)
    made.put("models_monthly", monthly)


def _all_tags(study: StudyData) -> list[tuple[str, int, float, str]]:
    """Most frequent tags of all models."""
    found = study.tables.query(
        "SELECT tag, count(*) AS n FROM (SELECT unnest(tags) AS tag FROM models) "  # noqa: S608
        f"GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {TOP_TAGS}"
    )
    return [
        (str(tag), int(n), int(n) / (study.population or 1), "all models")
        for tag, n in zip(found["tag"], found["n"], strict=True)
    ]


def _all_frameworks(study: StudyData) -> pd.DataFrame:
    """All models by quarter and framework tag."""
    names = ", ".join(f"'{name}'" for name in FRAMEWORKS)
    found = study.tables.query(
        f"""SELECT year_month, tag, count(*) AS n FROM (SELECT year_month, unnest(tags) AS tag FROM models WHERE
        year_month IS NOT NULL)
            WHERE tag IN ({names}) GROUP BY 1, 2 ORDER BY 1, 2"""  # noqa: S608
    )
    return pd.DataFrame([(quarter_of(month), tag, int(n)) for month, tag, n in found.itertuples(index=False)])


def _frameworks(counts: pd.DataFrame, population: str) -> list[tuple[str, str, int, float, str]]:
    """Rows of the table of frameworks: share among the models with any of the four."""
    if not len(counts):
        return []
    grouped = counts.groupby([0, 1])[2].sum()
    totals = counts.groupby(0)[2].sum()
    return [
        (str(quarter), str(name), int(n), int(n) / int(totals[quarter]), population)
        for quarter, name, n in descriptives.cells(grouped)
    ]
