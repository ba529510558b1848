"""Estimates against meters.

Constants fitted on developers that are not scored, intervals conformal over developers, one constant beside. Form and
priors were declared first (``docs/decisions/estimates-form.md``). ``--write`` of ``python -m
benchmarks.bench_estimates`` writes the packaged tables ``coefficients.csv`` and ``intervals.csv`` anew.
"""

from __future__ import annotations

import csv
import json
import math
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from analysis.estimates.boundaries import BOUNDARIES
from analysis.estimates.contract import Estimate
from analysis.estimates.devices import Board, board
from analysis.estimates.model import CLASSES, HOST_W, device_class, energy
from analysis.estimates.reference import read_table
from analysis.estimates.workload import share_of_words
from benchmarks.estimate_landmarks import landmarks, refusals
from benchmarks.estimate_speed import cold, study
from benchmarks.estimate_unseen import unseen

TABLES = Path(__file__).parents[1] / "analysis" / "estimates" / "tables"
PRIORS = {
    "k limited": 0.90,
    "k pod": 0.80,
    "k single": 0.60,
    "k several": 0.60,
    "host factor": 1.0,
    "node to gpu": 1.4,
    "mfu": 0.35,
}
PRIOR_DEVELOPERS = 2
LEVEL = 0.9
ASYMMETRY = {"gpu": 2.0}
DEVELOPERS_LEAST = 5


class Run(NamedTuple):
    """One run whose energy a meter saw."""

    id: str
    house: str
    board: Board
    count: float
    hours: float
    share: float
    pue: float
    flop: float | None
    is_transformer: bool
    metered: Mapping[str, float]


def runs() -> list[Run]:
    """Rows that may score: metered, with a known device and hours."""
    found = []
    for row in read_table("training_runs"):
        hours = row["device_hours"]
        if row["scores"] != "yes" or not row["device"]:
            continue
        metered = {b: float(row[f"{b}_kwh"]) for b in BOUNDARIES if row[f"{b}_kwh"]}
        cap = float(row["power_cap_w"]) if row["power_cap_w"] else None
        found.append(
            Run(
                id=row["id"],
                house=row["house"],
                board=board(row["device"], power_w=cap),
                count=float(row["count"] or 1),
                hours=float(hours) if hours else math.nan,
                share=share_of_words(row["scope"]),
                pue=float(row["pue"] or 1.2),
                flop=float(row["flop"]) if row["flop"] else None,
                is_transformer=is_transformer(row),
                metered=metered,
            )
        )
    return found


VISION = (
    "mobilenet", "nasnet", "resnet", "vgg", "xception", "retinanet", "u-net", "densenet", "vit ", "dlrm", "alexnet",
)  # fmt: skip


def is_transformer(row: Mapping[str, str]) -> bool:
    """Language transformers; the FLOP route abstains for vision."""
    return not any(word in row["model"].lower() for word in VISION)


def by_developer(pairs: Iterable[tuple[str, float]], prior: float) -> tuple[float, int, int]:
    """Median over developers of each developer's median of logs, shrunk to the prior; with rows and developers."""
    groups: dict[str, list[float]] = defaultdict(list)
    for house, value in pairs:
        groups[house].append(math.log(value))
    if not groups:
        return prior, 0, 0
    middle = statistics.median(statistics.median(values) for values in groups.values())
    n = len(groups)
    return (
        math.exp((n * middle + PRIOR_DEVELOPERS * math.log(prior)) / (n + PRIOR_DEVELOPERS)),
        sum(map(len, groups.values())),
        n,
    )


class Fitted(NamedTuple):
    """Constants and, of each, rows and developers."""

    values: dict[str, float]
    support: dict[str, tuple[int, int]]


def fit(rows: Sequence[Run]) -> Fitted:
    """All constants of the declared form."""
    values, support = dict(PRIORS), {}
    with_gpu = [run for run in rows if "gpu" in run.metered and run.hours > 0]
    for kind in CLASSES:
        mine = [run for run in with_gpu if device_class(run.board, run.count) == kind]
        shares = [
            (
                run.house,
                run.metered["gpu"] * 1000 / (run.hours * run.board.rated_w * (1.0 if kind == "limited" else run.share)),
            )
            for run in mine
        ]
        values[f"k {kind}"], *support[f"k {kind}"] = by_developer(shares, PRIORS[f"k {kind}"])
    hosts = [
        (run.house, (run.metered["machine"] - run.metered["gpu"]) * 1000 / (host_w(run) * run.hours))
        for run in with_gpu
        if "machine" in run.metered and run.metered["machine"] > run.metered["gpu"]
    ]
    values["host factor"], *support["host factor"] = by_developer(hosts, 1.0)
    nodes = [
        (run.house, run.metered["node"] / energy(run.board, run.count, run.hours, 1, values).gpu)
        for run in rows
        if "node" in run.metered
    ]
    values["node to gpu"], *support["node to gpu"] = by_developer(nodes, PRIORS["node to gpu"])
    values["mfu"], *support["mfu"] = by_developer(_utilisations(rows, values), PRIORS["mfu"])
    return Fitted(values, support)


def host_w(run: Run) -> float:
    """Declared power of everything but the board, W a device."""
    kind = device_class(run.board, run.count)
    return HOST_W["limited" if kind == "limited" and run.board.place != "laptop" else run.board.place] * run.board.chips


def _utilisations(rows: Sequence[Run], values: Mapping[str, float]) -> Iterable[tuple[str, float]]:
    for run in rows:
        if run.flop and run.is_transformer and run.board.peak_flops and run.metered:
            boundary, metered = next(iter(run.metered.items()))
            one = getattr(
                energy(run.board, run.count, run.flop / run.board.peak_flops / 3600, run.pue, values), boundary
            )
            yield run.house, one / metered


def predicted(run: Run, boundary: str, values: Mapping[str, float]) -> float | None:
    return (
        getattr(energy(run.board, run.count, run.hours, run.pue, values, run.share), boundary)
        if run.hours > 0
        else None
    )


def predicted_by_flop(run: Run, boundary: str, values: Mapping[str, float]) -> float | None:
    if not (run.flop and run.is_transformer and run.board.peak_flops):
        return None
    return getattr(
        energy(run.board, run.count, run.flop / (run.board.peak_flops * values["mfu"]) / 3600, run.pue, values),
        boundary,
    )


class Residual(NamedTuple):
    """One run that was predicted without its developer."""

    id: str
    house: str
    central: float
    metered: float

    @property
    def log(self) -> float:
        """Metered over predicted, natural logarithm."""
        return math.log(self.metered / self.central)


def left_out(rows: Sequence[Run], boundary: str, predict: Callable[..., float | None]) -> list[Residual]:
    """Residuals of every row, its whole developer left out of the fit."""
    found = []
    for house in sorted({run.house for run in rows}):
        values = fit([run for run in rows if run.house != house]).values
        for run in rows:
            chosen = boundary if boundary != "any" else next(iter(run.metered), "")
            if run.house == house and chosen in run.metered and (central := predict(run, chosen, values)):
                found.append(Residual(run.id, house, central, run.metered[chosen]))
    return found


def constant(rows: Sequence[Run], boundary: str) -> list[Residual]:
    """The baseline: one constant of developer medians on the same folds."""
    mine = [run for run in rows if boundary in run.metered and run.hours > 0]
    found = []
    for house in sorted({run.house for run in mine}):
        groups = defaultdict(list)
        for run in mine:
            if run.house != house:
                groups[run.house].append(math.log(run.metered[boundary] / (run.hours * run.board.rated_w)))
        if groups:
            k = math.exp(statistics.median(statistics.median(values) for values in groups.values()))
            found += [
                Residual(run.id, house, k * run.hours * run.board.rated_w, run.metered[boundary])
                for run in mine
                if run.house == house
            ]
    return found


def weights(residuals: Sequence[Residual]) -> list[float]:
    sizes: dict[str, int] = defaultdict(int)
    for one in residuals:
        sizes[one.house] += 1
    return [1 / sizes[one.house] / len(sizes) for one in residuals]


def quantile(values: Sequence[float], shares: Sequence[float], level: float) -> float:
    """Smallest value below which at least ``level`` of the weight lies."""
    total = 0.0
    for value, share in sorted(zip(values, shares, strict=True)):
        total += share
        if total >= level * sum(shares) - 1e-12:
            return value
    return max(values)


def spread(residuals: Sequence[Residual], asymmetry: float) -> tuple[float, float]:
    """Half-widths down and up in log space: grouped split-conformal, developers weighted equally."""
    scores = [one.log if one.log > 0 else -one.log / asymmetry for one in residuals]
    developers = len({one.house for one in residuals})
    q = quantile(scores, weights(residuals), min(1.0, LEVEL * (1 + 1 / developers)))
    return q * asymmetry, q


def summary(residuals: Sequence[Residual], asymmetry: float = 1.0) -> dict[str, object]:
    """Everything that is printed of one route and boundary."""
    if not residuals:
        return {"rows": 0, "developers": 0}
    shares, errors = weights(residuals), [abs(one.log) for one in residuals]
    houses = sorted({one.house for one in residuals})
    covered, widths = 0.0, []
    for house in houses:
        rest = [one for one in residuals if one.house != house]
        if rest:
            down, up = spread(rest, asymmetry)
            widths.append(math.exp((down + up) / 2))
            covered += sum(
                share
                for one, share in zip(residuals, shares, strict=True)
                if one.house == house and -down <= one.log <= up
            )
    return {
        "rows": len(residuals), "developers": len(houses),
        "median factor": round(math.exp(quantile(errors, shares, 0.5)), 3),
        "within 2x": round(sum(share for error, share in zip(errors, shares, strict=True) if error <= math.log(2)), 3),
        "90th percentile": round(math.exp(quantile(errors, shares, 0.9)), 2),
        "coverage of 90 %": round(covered, 3), "half-width": round(statistics.median(widths), 2) if widths else None,
        "validated": "yes" if len(houses) >= DEVELOPERS_LEAST else "not validated",
    }  # fmt: skip


def everything() -> dict[str, Any]:
    """Fit, folds, baseline."""
    rows = runs()
    fitted = fit(rows)
    tables, spreads = [], []
    for boundary in BOUNDARIES:
        residuals = left_out(rows, boundary, predicted)
        asymmetry = ASYMMETRY.get(boundary, 1.0)
        tables.append({"route": "hours", "boundary": boundary, **summary(residuals, asymmetry)})
        tables.append({"route": "one constant", "boundary": boundary, **summary(constant(rows, boundary), asymmetry)})
        spreads.append(("hours", boundary, residuals, asymmetry))
    residuals = left_out(rows, "any", predicted_by_flop)
    tables.append({"route": "flop (order of magnitude)", "boundary": "mixed", **summary(residuals)})
    spreads.append(("flop", "mixed", residuals, 1.0))
    return {"fitted": fitted, "tables": tables, "spreads": spreads, "rows": rows}


def main(result: Path, quick: bool) -> None:
    """Measure and write."""
    found = everything()
    values = [
        {
            "constant": name,
            "value": round(value, 4),
            "rows": found["fitted"].support[name][0],
            "developers": found["fitted"].support[name][1],
        }
        for name, value in found["fitted"].values.items()
    ]
    points = [{"route": route, "boundary": boundary, "run": one.id, "developer": one.house, "central kWh": one.central,
    "metered kWh": one.metered}
              for route, boundary, residuals, _ in found["spreads"] for one in residuals]  # fmt: skip
    measured = {
        "constants": values, "left out": found["tables"], "unseen": unseen(), "landmarks": landmarks(),
        "refusals": refusals(), "cold": cold(3 if quick else 15), "study": study(2_000 if quick else 100_000),
    }  # fmt: skip
    result.write_text(json.dumps(measured, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    result.with_name("estimates_points.jsonl").write_text(
        "".join(json.dumps(point) + "\n" for point in points), encoding="utf-8"
    )


NO_ESTIMATE = Estimate()
"""What stands where nothing is estimated."""
NODE_SPREAD, FACILITY_SPREAD = 0.2, 0.3
"""Half-widths in log space of the step from board to node and from machine to building: their priors, where too few
developers metered them."""


def all_spreads(found: dict[str, Any]) -> dict[tuple[str, str], tuple[float, float]]:
    """Spread of every route and boundary.

    Under five developers that of the boundary inside it, widened by the prior of the step.
    """
    made = {
        (route, boundary): spread(residuals, asymmetry) for route, boundary, residuals, asymmetry in found["spreads"]
    }
    few = {
        boundary
        for route, boundary, residuals, _ in found["spreads"]
        if route == "hours" and len({one.house for one in residuals}) < DEVELOPERS_LEAST
    }
    for boundary, inner, step in (("node", "gpu", NODE_SPREAD), ("facility", "machine", FACILITY_SPREAD)):
        if boundary in few:
            made["hours", boundary] = tuple(math.hypot(side, step) for side in made["hours", inner])  # type: ignore[assignment]
    return made


def write_tables() -> None:
    """The packaged tables of constants and spreads."""
    found = everything()
    spreads = all_spreads(found)
    with (TABLES / "coefficients.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["name", "value", "rows", "developers"])
        writer.writerows(
            [name, f"{value:.4g}", *found["fitted"].support[name]] for name, value in found["fitted"].values.items()
        )
    with (TABLES / "intervals.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(
            [
                "route",
                "boundary",
                "down",
                "up",
                "rows",
                "developers",
                "median_factor",
                "within_2x",
                "coverage",
                "half_width",
            ]
        )
        for route, boundary, residuals, asymmetry in found["spreads"]:
            down, up = spreads[route, boundary]
            one = summary(residuals, asymmetry)
            writer.writerow(
                [
                    route,
                    boundary,
                    f"{down:.4g}",
                    f"{up:.4g}",
                    one["rows"],
                    one["developers"],
                    one.get("median factor"),
                    one.get("within 2x"),
                    one.get("coverage of 90 %"),
                    one.get("half-width"),
                ]
            )


if __name__ == "__main__":
    if "--write" in sys.argv:
        write_tables()
    found = everything()
    print(found["fitted"])
    for table in found["tables"]:
        print(table)
