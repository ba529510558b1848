"""The classification of one model as an object: the contract of ``hf-carbon classify --json``.

The JSON Schema that ships with the package (``classification.schema.json``) is derived from these structs; a test holds
both together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from analysis.classify.decided import decisive_claim
from analysis.classify.findings import NEEDS_REMEDY, Case, Finding, shortened
from analysis.classify.probes.disclosure import why_unreadable
from analysis.classify.rateable import why_not_comparable
from analysis.classify.remedies import has_plain_remedies, plain_remedy, remedy_of
from analysis.classify.rubric import Disclosure
from analysis.classify.verdict import Met, Verdict
from analysis.estimates.contract import Estimate
from analysis.estimates.from_card import estimate_of
from mining.escaping import escaped
from mining.meter_files import CARD_FAULTS
from mining.schema import Claim, Context, Outcome, Settlement, StatedIn, TrainingType, UnitStatus
from mining.version import package_version

if TYPE_CHECKING:
    from analysis.classify.reference import Reference

CLASSIFICATION_SCHEMA: Literal["hf-carbon/classification/2"] = "hf-carbon/classification/2"
REFERENCE_2023 = "castano-2023"
MAX_ITEMS = 20
METRIC_WORDS = {
    "co2_eq_emissions": "emissions",
    "size_efficency": "model bytes per gram",
    "datasets_size_efficency": "data bytes per gram",
    "downloads": "downloads",
    "performance_score": "performance",
}
Letter = Literal["A", "B", "C", "D", "E"]
View = TypeVar("View", bound=Struct)


class EvidenceItem(Struct, frozen=True, kw_only=True):
    """Words that state an emission, with their place.

    Attributes:
        scope: What the amount covers.
        subject: Model that it speaks of, where one is named; None for the card's own.
        decided: Whether this is the statement that the answer rests on; it is the first then.
    """

    where: str
    text: str
    value: float
    unit: str | None
    scope: str
    subject: str | None
    decided: bool


class EmissionsView(Struct, frozen=True, kw_only=True):
    """Training emissions in grams of CO2 equivalent, and how they were settled."""

    grams: float | None
    low_grams: float | None
    high_grams: float | None
    source: StatedIn | None
    unit_status: UnitStatus | None
    decided_by: str | None
    scope: str | None
    flags: tuple[str, ...]
    evidence: tuple[EvidenceItem, ...]


class ContextView(Struct, frozen=True, kw_only=True):
    """What else is stated of the training; hours as stated, see ``hours_basis``."""

    hardware: str | None
    hardware_count: int | None
    hours: float | None
    hours_basis: str | None
    energy_kwh: float | None
    region: str | None
    provider: str | None
    intensity_g_per_kwh: float | None
    pue: float | None
    training_type: TrainingType | None
    tool: str | None


class ProbeView(Struct, frozen=True, kw_only=True, gc=False):
    """One finding, with its remedy where one is called for."""

    id: str
    outcome: Outcome
    reason: str
    evidence: str | None
    remedy: str | None


class TransparencyView(Struct, frozen=True, kw_only=True):
    """Level and score of transparency, the 2023 class, and the findings behind them."""

    level: str
    reason: str
    published_level: str
    repaired_level: str
    disclosure: Disclosure
    score: Annotated[float, Meta(ge=0, le=100)]
    coverage: Annotated[float, Meta(ge=0, le=1)]
    probes: tuple[ProbeView, ...]
    yardsticks: tuple[Met, ...]
    next_steps: tuple[str, ...]


class EfficiencyView(Struct, frozen=True, kw_only=True):
    """The 2023 efficiency label against stored cut points, repaired and as published; None is "not comparable"."""

    label: Letter | None
    published_label: Letter | None
    ratings: dict[str, Letter | None]
    published_ratings: dict[str, Letter | None]
    reference: str
    reason: str


class Classification(Struct, frozen=True, kw_only=True):
    """Everything that is said of one target.

    Attributes:
        problem: Why the target could not be looked at, in one line; None where it was.
        looked_at: What came of looking for the card (read, empty, absent, gated, gone, ...).
        estimate: Energy and emissions estimated from what the card states besides; apart from everything reported, and
            judged by nothing.
        suggested_metadata: A `co2_eq_emissions` block made of what the card says in prose; None where nothing can be
            copied.
        title: First heading of the card.
        notes: What of the card or of a meter's file could not be read, a sentence each.
        corrections: Fields corrected by hand, each with the value read, the corrected value, the reason and the
            source.
    """

    schema: Literal["hf-carbon/classification/2"]
    model_id: str | None
    revision: str | None
    input: str
    tool_version: str
    rubric_version: str
    looked_at: str
    problem: str | None
    emissions: EmissionsView
    context: ContextView
    transparency: TransparencyView
    efficiency: EfficiencyView
    suggested_metadata: str | None
    title: str | None = None
    notes: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()
    estimate: Estimate = Estimate()

    def to_json(self, indent: int | None = 1) -> str:
        """The object as JSON, its keys in the order of the contract; no NaN ever."""
        problem = None if self.problem is None else escaped(self.problem)
        target = escaped(self.input)
        is_plain = (target, problem) == (self.input, self.problem)
        shown = self if is_plain else msgspec.structs.replace(self, input=target, problem=problem)
        try:
            body = msgspec.json.encode(shown)
        except UnicodeEncodeError:  # a file name that is no UTF-8 came further than the name of the target
            body = msgspec.json.encode(_with_escapes(msgspec.to_builtins(shown)))
        return (msgspec.json.format(body, indent=indent) if indent else body).decode()

    def _repr_html_(self) -> str:
        """The label, for notebooks; the plain representation where no label is registered."""
        import html

        return "".join(write(self) for write in _HTML_WRITERS[-1:]) or html.escape(repr(self))


def _with_escapes(value: Any) -> Any:
    """The value with every text in it shown as names are."""
    if isinstance(value, dict):
        return {key: _with_escapes(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_with_escapes(member) for member in value]
    return escaped(value) if isinstance(value, str) else value


_HTML_WRITERS: list[Callable[[Classification], str]] = []


def show_in_notebooks_by(write: Callable[[Classification], str]) -> None:
    """Say how a notebook shows a classification; the label registers itself, since it knows this room."""
    _HTML_WRITERS.append(write)


def classification_of(
    target: str,
    case: Case,
    verdict: Verdict,
    *,
    problem: str | None = None,
    suggestion: str | None = None,
    reference: Reference | None = None,
) -> Classification:
    """Put together what is known of one target.

    Args:
        target: What the user asked about, as typed.
        case: The model record and its claims.
        verdict: The judgement of its disclosure.
        problem: Why it could not be looked at in full, if so.
        suggestion: Metadata block that would mend the card.
        reference: Cohort to rate efficiency against; the published one unless given.
    """
    record = case.record
    return Classification(
        schema=CLASSIFICATION_SCHEMA,
        model_id=record.model_id or None,
        revision=record.revision,
        input=target,
        tool_version=package_version(),
        rubric_version=verdict.rubric_version,
        looked_at=record.card_status,
        problem=problem,
        emissions=emissions_view(case),
        context=context_view(case),
        transparency=transparency_view(verdict, case, suggestion),
        efficiency=efficiency_view(case, reference),
        suggested_metadata=suggestion,
        estimate=estimate_of(record, case.claims, target, case.text),
        title=shortened(case.title),
        notes=tuple(notes_of(case)),
        corrections=record.corrections,
    )


def notes_of(case: Case) -> Iterator[str]:
    """What could not be read, a sentence each: of the card, then of the meters' files."""
    for key in dict.fromkeys(case.notes):
        if key in CARD_FAULTS:
            yield CARD_FAULTS[key]
    for claim in case.claims:
        if claim.where.startswith("file:") and claim.outcome in {"unreadable", "could-not-look"}:
            yield f"{why_unreadable(claim, 'the file')}."


def emissions_view(case: Case) -> EmissionsView:
    """Emissions with their evidence, the claim that decided first."""
    carbon = case.record.carbon
    if carbon.emissions_gco2e is None and not any(claim.quantity == "emissions" for claim in case.claims):
        return _without_evidence(carbon)
    decided = decisive_claim(case.claims, carbon)
    others = [claim for claim in case.claims if claim.quantity == "emissions" and claim.value is not None]
    claims = [claim for claim in others if claim is not decided]
    items = [_evidence(claim, decided=claim is decided) for claim in ([decided] if decided else []) + claims]
    grams, low, high = carbon.emissions_gco2e, carbon.emissions_low_gco2e, carbon.emissions_high_gco2e
    shown = {"grams": grams, "low_grams": low, "high_grams": high, "evidence": tuple(items[:MAX_ITEMS])}
    return _view(EmissionsView, carbon, "emissions_", **shown)


@lru_cache(maxsize=64)
def _without_evidence(carbon: Settlement) -> EmissionsView:
    """The same where nothing is claimed; most models share it."""
    low, high = carbon.emissions_low_gco2e, carbon.emissions_high_gco2e
    return _view(EmissionsView, carbon, "emissions_", grams=None, low_grams=low, high_grams=high, evidence=())


def _view(kind: type[View], source: object, prefix: str = "", /, **own: Any) -> View:
    """A view with values of its own; every other field is that of the same name in the source."""
    taken, values = _fields_of(kind, prefix, tuple(own))
    return kind(**own, **dict(zip(taken, values(source), strict=True)))


@cache
def _fields_of(kind: type[Struct], prefix: str, own: tuple[str, ...]) -> tuple[list[str], Callable[[object], Any]]:
    """Fields that a view takes from its source, and what gets their values; every view takes several."""
    names = [name for name in kind.__struct_fields__ if name not in own]
    return names, attrgetter(*(prefix + name for name in names))


def _evidence(claim: Claim, *, decided: bool) -> EvidenceItem:
    return _view(EvidenceItem, claim, text=shortened(claim.text) or "", value=claim.value or 0.0, decided=decided)


def context_view(case: Case) -> ContextView:
    """What is stated of the training."""
    training = case.record.training
    kind = training.training_type
    return _of_type_alone(kind) if training == Context(training_type=kind) else _of_training(training)


@cache
def _of_type_alone(kind: TrainingType | None) -> ContextView:
    """The same where at most the type is stated, as of most models."""
    return _of_training(Context(training_type=kind))


def _of_training(training: Context) -> ContextView:
    renamed = {"hours": training.duration_h, "hours_basis": training.duration_basis, "pue": training.pue_ratio}
    return _view(ContextView, training, **renamed)


def transparency_view(verdict: Verdict, case: Case, suggestion: str | None) -> TransparencyView:
    """Verdict with remedies beside the findings that call for one, and nowhere else."""
    is_plain = suggestion is None and has_plain_remedies(case)
    probes = [_plain_probe(one) if is_plain else _probe(one, case, suggestion) for one in verdict.findings]
    return _view(TransparencyView, verdict, probes=tuple(probes))


def _probe(finding: Finding, case: Case, suggestion: str | None) -> ProbeView:
    """A finding as it is shown, with the remedy that is made from the case."""
    return _shown(finding, remedy_of(finding, case, suggestion) if finding.outcome in NEEDS_REMEDY else None)


@lru_cache(maxsize=4096)
def _plain_probe(finding: Finding) -> ProbeView:
    """A finding as it is shown where the case adds nothing to the remedy; most findings are those of many models."""
    return _shown(finding, plain_remedy(finding.id) if finding.outcome in NEEDS_REMEDY else None)


def _shown(finding: Finding, remedy: str | None) -> ProbeView:
    return ProbeView(
        id=finding.id, outcome=finding.outcome, reason=finding.reason, evidence=finding.evidence, remedy=remedy
    )


def efficiency_view(case: Case, reference: Reference | None = None) -> EfficiencyView:
    """The 2023 label by stored cut points, or by those of another cohort.

    Without emissions a carbon label would say nothing of carbon, so there is none.
    """
    record, name = case.record, reference.name if reference else REFERENCE_2023
    known = (record.storage_bytes, record.datasets_bytes, record.downloads_count)
    carbon = record.carbon
    reason = why_not_comparable(carbon.emissions_gco2e, (*carbon.emissions_flags, carbon.emissions_scope), known)
    if reason is not None:
        return _not_comparable(reason, name)
    from analysis.classify.efficiency import metrics_of, rate
    from analysis.classify.reference import published_reference

    reference = reference or published_reference()
    if reference.repaired is None:
        return _not_comparable(f"too few models of '{name}' state emissions", name)
    repaired = rate(metrics_of(carbon.emissions_gco2e, *known), reference.repaired)
    rated = sorted(metric for metric, letter in repaired.letters.items() if letter)
    words = ", ".join(METRIC_WORDS.get(metric, metric) for metric in rated)
    literal = record.emissions_metadata_value
    published = (
        rate(metrics_of(literal, *known), reference.as_published)
        if literal is not None and reference.as_published
        else None
    )
    return EfficiencyView(
        label=_letter(repaired.label),
        published_label=_letter(published.label) if published else None,
        ratings={metric: _letter(letter) for metric, letter in repaired.letters.items()},
        published_ratings={metric: _letter(letter) for metric, letter in published.letters.items()}
        if published
        else {},
        reference=name,
        reason=f"Rated on {len(rated)} of {len(repaired.letters)} metrics: {words}.",
    )


def _letter(text: str | None) -> Letter | None:
    letter: Any = text
    return letter  # type: ignore[no-any-return]


def _not_comparable(reason: str, reference: str) -> EfficiencyView:
    """No label, and why."""
    empty: dict[str, Any] = {"label": None, "published_label": None, "ratings": {}, "published_ratings": {}}
    return EfficiencyView(**empty, reference=reference, reason=f"Not rated: {reason}.")
