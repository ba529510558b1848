"""From universes to specification curves: order, band, decision matrix, what each choice explains, and one sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
from msgspec import Struct

from analysis.questions.multiverse.joint import Joint, wild_cluster_test
from analysis.questions.multiverse.months import autoregressive_test
from analysis.questions.multiverse.universes import Analyses, Universe
from analysis.questions.protocol import Claim, Grid, Protocol
from analysis.questions.study_data import StudyData
from analysis.results import Column, Table
from analysis.rounding import count, p_statement

SCHEMA = "hf-carbon/multiverse/1"
FEW = 0.5
FAILING_NAMED = 3
LEAST_COMPUTED = 2


def _columns(*named: tuple[str, str]) -> tuple[Column, ...]:
    return tuple(Column(name=name, title=title) for name, title in named)


CURVE = _columns(
    ("rank", "Rank"),
    ("universe", "Universe"),
    ("value", "Value"),
    ("low", "95 % low"),
    ("high", "95 % high"),
    ("p", "p"),
    ("n", "n"),
    ("holds", "Holds"),
    ("band_low", "No relation, 2.5 %"),
    ("band_high", "No relation, 97.5 %"),
    ("is_published", "The study's"),
    ("is_headline", "Headline"),
    ("estimate", "Estimate in its own unit"),
    ("unit", "Unit"),
    ("refused", "Not computed"),
)
CHOICES = _columns(("rank", "Rank"), ("universe", "Universe"), ("dimension", "Choice"), ("option", "Option"))
EXPLAINED = _columns(
    ("dimension", "Choice"),
    ("option", "Option"),
    ("explained", "Share of the variation that the choice explains"),
    ("universes", "Universes"),
    ("holds", "Holds"),
)
SUMMARY = _columns(
    ("claim", "Claim"),
    ("universes", "Universes"),
    ("computed", "Computed"),
    ("holds", "Holds"),
    ("median", "Median value"),
    ("p_median", "Joint p (median)"),
    ("p_share", "Joint p (share significant)"),
    ("sentence", "In words"),
)


class ClaimCurve(Struct, frozen=True, kw_only=True):
    """The multiverse of one claim.

    Attributes:
        claim, question: Which.
        universes, computed, holds: How many universes, how many could be computed, in how many the claim holds.
        median: Median value on the common scale.
        p_median, p_share: Joint p-values; None where too few universes could be computed.
        sentence: In words.
        tables: Curve, decision matrix, and what each choice explains.
    """

    claim: str
    question: str
    universes: int
    computed: int
    holds: int
    median: float | None
    p_median: float | None
    p_share: float | None
    sentence: str
    tables: tuple[Table, ...]


class MultiverseResult(Struct, frozen=True, kw_only=True):
    """All curves of a snapshot, with the hash of the grid they were made under."""

    grid_sha256: str
    draws: int
    seed: int
    curves: tuple[ClaimCurve, ...]
    summary: Table
    schema: str = SCHEMA


def choices_of(grid: Grid) -> list[dict[str, str]]:
    """Every universe of a grid, in the order of its dimensions."""
    names = [dimension.id for dimension in grid.dimensions]
    return [dict(zip(names, chosen, strict=True)) for chosen in product(*(d.options for d in grid.dimensions))]


def run(
    study: StudyData,
    protocol: Protocol,
    grid_sha256: str,
    progress: Callable[[str, int, int], None] | None = None,
) -> MultiverseResult:
    """Every grid of the protocol.

    Args:
        study: The tables.
        protocol: The protocol with its grids.
        grid_sha256: Hash of the grids, kept with the result.
        progress: Told the step, the claims done so far and how many there are.
    """
    analyses = Analyses(study, protocol)
    claims = {claim.id: claim for claim in protocol.claims}
    curves: list[ClaimCurve] = []
    for grid in protocol.multiverse.grids:
        curves.append(curve_of(analyses, grid, claims[grid.claim], protocol))
        if progress is not None:
            progress("multiverse", len(curves), len(protocol.multiverse.grids))
    rows = tuple(
        (c.claim, c.universes, c.computed, c.holds, c.median, c.p_median, c.p_share, c.sentence) for c in curves
    )
    return MultiverseResult(
        grid_sha256=grid_sha256,
        draws=protocol.multiverse.draws,
        seed=protocol.seeds.multiverse,
        curves=tuple(curves),
        summary=Table(id="multiverse.summary", title="Every defensible analysis", columns=SUMMARY, rows=rows),
    )


def curve_of(analyses: Analyses, grid: Grid, claim: Claim, protocol: Protocol) -> ClaimCurve:
    """The specification curve of one grid."""
    universes = [analyses.run(grid, choice) for choice in choices_of(grid)]
    computed = [place for place, one in enumerate(universes) if one.estimate.effect_size is not None]
    order = sorted(computed, key=lambda place: (universes[place].estimate.effect_size or 0.0, place))
    holding = {place for place in computed if holds(universes[place], grid.sign, protocol.level)}
    joint, tested = _joint([(place, universes[place]) for place in computed], protocol)
    band = _band(universes, order, joint, tested)
    explained = _explained(grid, universes, computed, holding)
    values = [float(universes[place].estimate.effect_size or 0.0) for place in computed]
    unknown = [place for place, one in enumerate(universes) if one.estimate.effect_size is None]
    return ClaimCurve(
        claim=claim.id,
        question=claim.question,
        universes=len(universes),
        computed=len(computed),
        holds=len(holding),
        median=float(np.median(values)) if values else None,
        p_median=joint.p_median if joint else None,
        p_share=joint.p_share if joint else None,
        sentence=_sentence(claim, grid, len(computed), len(holding), len(unknown), explained, joint)
        if computed
        else _nothing(claim, universes),
        tables=(
            _curve_table(claim, grid, universes, [*order, *unknown], holding, band),
            _choice_table(claim, universes, [*order, *unknown]),
            Table(
                id=f"multiverse.{claim.id}.explained",
                title=f"{claim.subject}: what each choice explains",
                columns=EXPLAINED,
                rows=tuple(explained),
            ),
        ),
    )


def holds(universe: Universe, sign: int, level: float) -> bool:
    """Whether a claim holds in a universe: significant with its sign, or not where it says no difference."""
    found = universe.estimate
    if found.p is None and found.effect_low is not None and found.effect_high is not None:  # a share has no p
        shown = found.effect_low > 0 or found.effect_high < 0
    else:
        shown = found.p is not None and found.p < level
    return not shown if sign == 0 else shown and (found.effect_size or 0.0) * sign > 0


def _joint(universes: Sequence[tuple[int, Universe]], protocol: Protocol) -> tuple[Joint | None, list[int]]:
    """The joint test, and the universes that it covers."""
    draws, seed = protocol.multiverse.draws, protocol.seeds.multiverse
    monthly = {place: one.series for place, one in universes if one.series is not None}
    summed = {place: one.contributions for place, one in universes if one.contributions is not None}
    if len(monthly) >= LEAST_COMPUTED:
        return autoregressive_test(list(monthly.values()), draws, seed), list(monthly)
    if len(summed) >= LEAST_COMPUTED:
        return wild_cluster_test(list(summed.values()), draws, seed), list(summed)
    return None, []


def _band(
    universes: Sequence[Universe], order: Sequence[int], joint: Joint | None, tested: Sequence[int]
) -> dict[int, tuple[float, float]]:
    """Band of the ordered values under no relation, by universe in the order of the curve.

    The band of the ordered test statistics is brought to the scale of the values by their median ratio.
    """
    if joint is None:
        return {}
    values = np.array([universes[place].estimate.effect_size or 0.0 for place in tested])
    with np.errstate(all="ignore"):
        ratios = np.abs(values / joint.observed)
    ratio = float(np.median(ratios[np.isfinite(ratios)])) if np.isfinite(ratios).any() else 0.0
    places = np.linspace(0, len(tested) - 1, len(order))
    at = np.arange(len(tested))
    low, high = (np.interp(places, at, bound) * ratio for bound in (joint.low, joint.high))
    return {place: (float(low[rank]), float(high[rank])) for rank, place in enumerate(order)}


def _curve_table(
    claim: Claim,
    grid: Grid,
    universes: Sequence[Universe],
    order: Sequence[int],
    holding: set[int],
    band: dict[int, tuple[float, float]],
) -> Table:
    """The curve, lowest value first, universes that could not be computed last."""
    published = {dimension.id: dimension.published for dimension in grid.dimensions}
    headline = {dimension.id: dimension.headline for dimension in grid.dimensions}
    rows = []
    for rank, place in enumerate(order, start=1):
        found, choice = universes[place].estimate, universes[place].choice
        value = (found.effect_size, found.effect_low, found.effect_high, found.p, found.n)
        is_computed = found.effect_size is not None
        rows.append(
            (
                *(rank, place, *value, place in holding if is_computed else None),
                *band.get(place, (None, None)),
                *(choice == published, choice == headline, found.estimate, found.unit, found.refused),
            )
        )
    title = f"{claim.subject}: every defensible analysis"
    return Table(id=f"multiverse.{claim.id}", title=title, columns=CURVE, rows=tuple(rows))


def _choice_table(claim: Claim, universes: Sequence[Universe], order: Sequence[int]) -> Table:
    """The decision matrix in long form."""
    rows = tuple(
        (rank, place, dimension, option)
        for rank, place in enumerate(order, start=1)
        for dimension, option in universes[place].choice.items()
    )
    title = f"{claim.subject}: choices of every analysis"
    return Table(id=f"multiverse.{claim.id}.choices", title=title, columns=CHOICES, rows=rows)


def _explained(
    grid: Grid, universes: Sequence[Universe], computed: Sequence[int], holding: set[int]
) -> list[tuple[str, str, float | None, int, int]]:
    """Share of the variation between the options of each choice, and in how many universes of each the claim holds."""
    values = {place: float(universes[place].estimate.effect_size or 0.0) for place in computed}
    mean = float(np.mean(list(values.values()))) if values else 0.0
    total = sum((value - mean) ** 2 for value in values.values())
    rows: list[tuple[str, str, float | None, int, int]] = []
    for dimension in grid.dimensions:
        parts = {
            option: [place for place in computed if universes[place].choice[dimension.id] == option]
            for option in dimension.options
        }
        between = sum(
            len(part) * (float(np.mean([values[place] for place in part])) - mean) ** 2
            for part in parts.values()
            if part
        )
        share = between / total if total > 0 else None
        rows += [
            (dimension.id, option, share, len(part), sum(place in holding for place in part))
            for option, part in parts.items()
        ]
    return rows


def _nothing(claim: Claim, universes: Sequence[Universe]) -> str:
    """Why nothing can be computed: the one reason of all analyses, else that there are too few data."""
    reasons = {one.estimate.refused for one in universes if one.estimate.refused is not None}
    why = next(iter(reasons)) if len(reasons) == 1 else "there are too few data"
    return f"{claim.subject}: no analysis can be computed, {why}."


def _sentence(
    claim: Claim,
    grid: Grid,
    computed: int,
    holding: int,
    refused: int,
    explained: Sequence[tuple[str, str, float | None, int, int]],
    joint: Joint | None,
) -> str:
    """Holds in k of m; fails when; and whether chance alone could make the curve."""
    words = {1: claim.up, -1: claim.down, 0: f"{claim.subject}: no relation or difference is shown"}[grid.sign]
    weak = sorted((k / m, dimension, option, k, m) for dimension, option, _, m, k in explained if m and k / m < FEW)
    named = [
        f"{dimension} is {option} ({count(k)} of {count(m)})" for _, dimension, option, k, m in weak[:FAILING_NAMED]
    ]
    parts = [f"{words}: holds in {count(holding)} of {count(computed)} analyses"]
    if named and holding < computed:
        parts.append(f"mostly fails when {', or when '.join(named)}")
    if joint is not None:
        parts.append(f"no relation at all would give such a curve with {p_statement(joint.p_median)}")
    tail = f" {count(refused)} analyses cannot be computed." if refused else ""
    return f"{'; '.join(parts)}.{tail}"
