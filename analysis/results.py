"""What an answer looks like.

The contract between the questions, which compute, and the report, which only rounds and draws. Every number is kept at
full precision; a missing number is None, never NaN. Results serialise to JSON through msgspec.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from msgspec import Struct

RESULTS_SCHEMA = "hf-carbon/results/1"
Version = Literal["as-published", "repaired"]
Status = Literal["answered", "partly", "not-answerable"]
Role = Literal["main", "check", "outside"]
Baseline = Literal["as published", "the 2023 recipe"]
ClaimVerdict = Literal["confirmed", "stronger", "weaker", "inconclusive", "contradicted", "not-answerable"]


class Interval(NamedTuple):
    """A value with the bounds of its 95 % interval, in the unit of the value; None where there is no such number."""

    value: float | None
    low: float | None
    high: float | None


class Estimate(Struct, frozen=True, kw_only=True):
    """Outcome of one statistical procedure.

    Attributes:
        method: Name of the procedure, with the variant used.
        estimate: Point estimate in ``unit``; what it estimates is said by ``estimate_name``.
        low, high: Bounds of the 95 % interval of ``estimate``.
        statistic: Test statistic, named by ``statistic_name``.
        p: Raw two-sided p-value.
        effect_size: Standardised effect, named by ``effect_name``, with its own 95 % interval.
        n: Observations used; ``n_by_group`` splits them; ``n_missing`` were dropped for missing values.
        assumptions: What was checked, with the outcome, a sentence each.
        seed: Seed of any random part.
        refused: Why nothing was computed (too few observations, no variation); all numbers are then None.
        details: Further named numbers (degrees of freedom, R squared, ...).
    """

    method: str
    estimate: float | None = None
    estimate_name: str = ""
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    statistic: float | None = None
    statistic_name: str = ""
    p: float | None = None
    effect_size: float | None = None
    effect_name: str = ""
    effect_low: float | None = None
    effect_high: float | None = None
    n: int = 0
    n_missing: int = 0
    n_by_group: dict[str, int] = {}
    assumptions: tuple[str, ...] = ()
    seed: int | None = None
    refused: str | None = None
    details: dict[str, float | None] = {}

    @property
    def interval(self) -> Interval:
        """The point estimate with its bounds."""
        return Interval(self.estimate, self.low, self.high)

    @property
    def effect(self) -> Interval:
        """The standardised effect with its bounds."""
        return Interval(self.effect_size, self.effect_low, self.effect_high)


class Result(Struct, frozen=True, kw_only=True):
    """One estimate as the answer to (part of) a question.

    Attributes:
        id: Stable id, dotted and lower case, for instance ``rq2.2.model-size.repaired``.
        question: Question it belongs to, for instance ``RQ2.2``.
        version: The study's own recipe, or the repaired one.
        title: What is measured, a few words.
        role: ``main`` answers the question; ``check`` is a sensitivity check; ``outside`` a test that the study did not
            correct.
        family: Family of the correction for multiple testing declared in ``protocol.yml``; None where no p-value is
            shown, and for checks and tests outside the study's family, whose p-values stand as they are.
        p_adjusted: p-value corrected within the family.
        correction: Name of the correction.
        sentence: The result in one sentence, generated from the numbers.
    """

    id: str
    question: str
    version: Version
    title: str
    estimate: Estimate
    role: Role = "main"
    family: str | None = None
    p_adjusted: float | None = None
    correction: str | None = None
    sentence: str = ""


class Column(Struct, frozen=True, kw_only=True):
    """One column of a result table."""

    name: str
    title: str
    unit: str | None = None


class Table(Struct, frozen=True, kw_only=True):
    """A table of results, for printing or drawing; ``rows`` follow ``columns``."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    note: str = ""


class RepairStep(Struct, frozen=True, kw_only=True):
    """Effect of one named repair, applied after those before it."""

    repair: str
    meaning: str
    n_changed: int
    results: tuple[Result, ...] = ()
    before: dict[str, float | None] = {}
    after: dict[str, float | None] = {}


class Conclusion(Struct, frozen=True, kw_only=True):
    """What became of a finding of the study, decided by the interval of the repaired estimate.

    Generated from the numbers.

    Attributes:
        verdict: ``confirmed``: the same finding; ``stronger`` or ``weaker``: the same direction, the whole interval
            beyond or short of the published estimate; ``contradicted``: the other direction, or an effect of interest
            where none was published, or none (the interval lies within the bound) where one was; ``inconclusive``: the
            interval decides neither; ``not-answerable``.
        sentence: The finding in words with its numbers, then what that means for the published one.
        claim: Claim of the protocol; the claim that decided, where there are several.
        result: Id of the result whose interval decided; ``low`` and ``high`` are its 95 % bounds.
        bound: Smallest effect of interest on the same scale: an interval within plus and minus the bound shows that
            there is none.
        published: The estimate it was set against, where the scales agree.
        parts: One conclusion per claim, where a question has several; the verdict is that of the weakest.
    """

    verdict: ClaimVerdict
    sentence: str
    claim: str | None = None
    result: str | None = None
    low: float | None = None
    high: float | None = None
    bound: float | None = None
    published: float | None = None
    parts: tuple[Conclusion, ...] = ()

    @property
    def holds(self) -> bool | None:
        """Whether the published finding holds; None where that cannot be said."""
        if self.verdict in {"inconclusive", "not-answerable"}:
            return None
        return self.verdict != "contradicted"


class Answer(Struct, frozen=True, kw_only=True):
    """The answer to one research question.

    Attributes:
        question: For instance ``RQ1.2``.
        title: The question in words.
        status: ``answered``, ``partly`` or ``not-answerable``; ``reason`` says why where it is not answered in full.
        n_flow: Inclusion flow as (step, rows left), from all rows to those used.
        baseline: What the version ``as-published`` is here: the study's own result, or its recipe on other data.
    """

    question: str
    title: str
    status: Status
    reason: str | None = None
    results: tuple[Result, ...] = ()
    tables: tuple[Table, ...] = ()
    repairs: tuple[RepairStep, ...] = ()
    n_flow: tuple[tuple[str, int], ...] = ()
    conclusion: Conclusion | None = None
    baseline: Baseline = "as published"
    schema: str = RESULTS_SCHEMA
