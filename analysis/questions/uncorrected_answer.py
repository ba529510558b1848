"""From uncorrected to finished answers: p-values are corrected over the families of the protocol, and only then judged.

A question hands out an :class:`UncorrectedAnswer`: results with raw p-values, and rows of tables in which
:class:`CorrectedPRef` stands for a corrected p-value. Its conclusion follows from the claims that the protocol declares
for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from analysis.questions.conclusions import judged, sentence, together
from analysis.questions.protocol import Protocol
from analysis.questions.result_tables import table
from analysis.results import Answer, Baseline, Conclusion, Estimate, RepairStep, Result, Role, Status, Table
from analysis.stats import adjust

Results = Mapping[str, Result]
Row = Sequence[Any]
OWN_ROWS = "like-for-like"
"""Ending of claims about the study's own rows, which are in no other source."""


@dataclass(frozen=True)
class CorrectedPRef:
    """Stands in a table cell for the corrected p-value of a result."""

    result: str


@dataclass
class UncorrectedAnswer:
    """An answer before correction.

    Attributes:
        question: For instance ``RQ1.2``.
        status, reason: Whether it can be answered, and why not in full.
        results: Results with raw p-values, by id.
        tables: Rows and note of each table, by its id.
        repairs: Effect of each repair.
        n_flow: Inclusion flow.
        baseline: What the version ``as-published`` is on these data.
        remark: What is added to the conclusion, from the corrected results.
    """

    question: str
    protocol: Protocol
    baseline: Baseline = "as published"
    remark: Callable[[Results], str] = lambda _: ""
    status: Status = "answered"
    reason: str | None = None
    results: dict[str, Result] = field(default_factory=dict)
    tables: dict[str, tuple[list[Row], str]] = field(default_factory=dict)
    repairs: list[RepairStep] = field(default_factory=list)
    n_flow: list[tuple[str, int]] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        """Beginning of this question's table ids: ``rq1_2``."""
        return self.question.lower().replace(".", "_")

    def add(
        self, name: str, title: str, estimate: Estimate, *, unit: str | None = None, role: Role | None = None
    ) -> str:
        """Add a result.

        Args:
            name: Id without the question, for instance ``slope.as-published``; its last word is the version.
            title: What is measured.
            estimate: Outcome of the procedure.
            unit: Unit of the estimate, which the procedure cannot know.
            role: Role of the result; by default what the first word of ``name`` says, else ``main``.

        Returns:
            The full id.
        """
        if unit is not None and estimate.unit is None:
            estimate = replace(estimate, unit=unit)
        identifier = f"{self.question.lower()}.{name}"
        version: Any = name.rsplit(".", 1)[1]
        head = name.split(".", 1)[0]
        role = role or ("check" if head == "check" else "outside" if head == "outside" else "main")
        family = None if estimate.p is None or role != "main" else self.protocol.family_of(identifier)
        self.results[identifier] = Result(
            id=identifier,
            question=self.question,
            version=version,
            title=title,
            estimate=estimate,
            role=role,
            family=family,
        )
        return identifier

    def cells(self, key: str) -> tuple[Any, ...]:
        """n, estimate, its bounds, p and corrected p of a result, as tables show them."""
        found = self.results[key].estimate
        return (found.n, *found.interval, found.p, CorrectedPRef(key))

    def explain_clusters(self, meaning: str) -> None:
        """Say at every result that counts clusters what a cluster is."""
        for key, result in self.results.items():
            if result.estimate.details.get("n_clusters") is not None:
                assumptions = (*result.estimate.assumptions, meaning)
                self.results[key] = replace(result, estimate=replace(result.estimate, assumptions=assumptions))

    def put(self, name: str, rows: Sequence[Row], note: str = "") -> None:
        """Add a table of this question; ``name`` is its id without the question."""
        self.tables[f"{self.prefix}.{name}"] = (list(rows), note)


def corrected_p(results: Results, protocol: Protocol) -> dict[str, float | None]:
    """Corrected p-value of every result that has one, family by family."""
    found: dict[str, float | None] = {}
    for family in protocol.families:
        found |= adjust(
            {key: result.estimate.p for key, result in results.items() if result.family == family.id},
            protocol.correction,
        )
    return found


def finish(drafts: Sequence[UncorrectedAnswer], protocol: Protocol) -> list[Answer]:
    """Correct all p-values together, then judge and close every draft."""
    raw = {key: result for draft in drafts for key, result in draft.results.items()}
    adjusted = corrected_p(raw, protocol)
    closed = {key: _closed(result, adjusted.get(key), protocol) for key, result in raw.items()}
    return [_answer(draft, closed, adjusted) for draft in drafts]


def _closed(result: Result, p_adjusted: float | None, protocol: Protocol) -> Result:
    """The result with its corrected p-value and its sentence."""
    if p_adjusted is not None:
        result = replace(result, p_adjusted=p_adjusted, correction=protocol.correction)
    return replace(result, sentence=sentence(result))


def _answer(draft: UncorrectedAnswer, closed: Results, adjusted: Mapping[str, float | None]) -> Answer:
    """One finished answer, the tables that every question has included."""
    own = {key: closed[key] for key in draft.results}
    status, reason = _status(draft, own)
    draft.put("forest", [_forest(result) for result in own.values() if _is_drawn(result)])
    draft.put(
        "repairs", [row for place, step in enumerate(draft.repairs, start=1) for row in _repair_rows(place, step)]
    )
    draft.put("inclusion", [(place, step, rows) for place, (step, rows) in enumerate(draft.n_flow, start=1)])
    return Answer(
        question=draft.question,
        title=draft.protocol.question(draft.question).title,
        status=status,
        reason=reason,
        results=tuple(own.values()),
        tables=tuple(_table(key, rows, note, adjusted) for key, (rows, note) in sorted(draft.tables.items())),
        repairs=tuple(draft.repairs),
        n_flow=tuple(draft.n_flow),
        conclusion=_conclusion(draft, own, closed),
        baseline=draft.baseline,
    )


def _conclusion(draft: UncorrectedAnswer, own: Results, closed: Results) -> Conclusion | None:
    """The conclusion of the claims of a question; None where it has none."""
    parts = [
        judged(claim, closed, draft.protocol, draft.baseline, draft.reason)
        for claim in draft.protocol.claims_of(draft.question)
        if draft.baseline == "as published" or not claim.id.endswith(OWN_ROWS)
    ]
    found, remark = together(parts), draft.remark(own)
    return replace(found, sentence=f"{found.sentence} {remark}") if found is not None and remark else found


def _status(draft: UncorrectedAnswer, own: Results) -> tuple[Status, str | None]:
    """Status of an answer: not answerable where nothing at all could be computed of its own results."""
    found = [result.estimate for result in own.values() if result.role == "main"]
    if draft.status == "answered" and all(estimate.estimate is None for estimate in found):
        refusals = [estimate.refused for estimate in found if estimate.refused]
        return "not-answerable", refusals[-1] if refusals else "there are no values"
    return draft.status, draft.reason


def _table(identifier: str, rows: Sequence[Row], note: str, adjusted: Mapping[str, float | None]) -> Table:
    """A table with its pending cells filled in."""
    filled = [
        [adjusted.get(cell.result) if isinstance(cell, CorrectedPRef) else _plain(cell) for cell in row] for row in rows
    ]
    return table(identifier, filled, note)


def _plain(cell: Any) -> Any:
    """A cell as JSON knows it: NumPy numbers as Python's, a number that does not exist as None."""
    value = cell.item() if hasattr(cell, "item") else cell
    return None if isinstance(value, float) and (value != value or value in {float("inf"), float("-inf")}) else value  # noqa: PLR0124


def _is_drawn(result: Result) -> bool:
    """Whether a result stands in the forest plot: it has an effect size and is no row with or without flags."""
    return result.estimate.effect_size is not None and ".check.without-" not in result.id


def _forest(result: Result) -> Row:
    """Row of the forest plot."""
    found = result.estimate
    effect = (found.effect_name, *found.effect)
    return (result.id, result.title, result.version, *effect, found.n, result.p_adjusted)


def _repair_rows(place: int, step: RepairStep) -> list[Row]:
    """Rows of one repair, one per number."""
    names = [*step.before, *(name for name in step.after if name not in step.before)]
    head = (place, step.repair, step.meaning, step.n_changed)
    return [(*head, name, step.before.get(name), step.after.get(name)) for name in names] or [(*head, "", None, None)]
