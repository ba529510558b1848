"""What to do about a finding, made from the case where the case is known, and from the rubric where it is not."""

from __future__ import annotations

from functools import cache

from analysis.classify.decided import decisive_claim
from analysis.classify.findings import Case, Finding
from analysis.classify.rubric import rubric
from mining.schema import Claim

METADATA = "metadata:"
MAX_QUOTE = 60
INVALID_YAML = "front-matter-invalid-yaml"


def remedy_of(finding: Finding, case: Case, suggestion: str | None) -> str:
    """What would turn a finding into a good one.

    Args:
        finding: A finding that calls for a remedy.
        case: The model and its claims.
        suggestion: The metadata block that could be written, if there is one.

    Returns:
        One or two sentences.
    """
    special = _SPECIAL.get(finding.id)
    words = special(case, suggestion) if special is not None else None
    return words or plain_remedy(finding.id)


def has_plain_remedies(case: Case) -> bool:
    """Whether nothing in a case makes a remedy of its own, as long as no metadata block can be suggested."""
    record = case.record
    return (
        record.carbon.emissions_gco2e is None
        and record.training.hardware is None
        and INVALID_YAML not in case.notes
        and not any(claim.quantity == "emissions" for claim in case.claims)
    )


def plain_remedy(probe: str) -> str:
    """The remedy of the rubric for a probe."""
    return _general()[probe]


@cache
def _general() -> dict[str, str]:
    return {probe.id: probe.remedy for probe in rubric().probes}


def _grams(grams: float) -> str:
    """Grams as they are to be written."""
    return f"{grams:.15g}" if grams < 1e15 else f"{grams:g}"


def _amount(claim: Claim) -> str:
    """Amount and unit as stated."""
    return f"{claim.value:.15g} {claim.unit}".strip() if claim.unit else f"{claim.value:.15g}"


def _pair(case: Case) -> tuple[Claim | None, Claim | None]:
    """The number of the metadata, and the statement of the text or file that it is compared with."""
    stated = [claim for claim in case.claims if claim.quantity == "emissions" and claim.value is not None]
    metadata = next((claim for claim in stated if claim.where.startswith(METADATA)), None)
    outside = [claim for claim in stated if not claim.where.startswith(METADATA) and claim.unit is not None]
    return metadata, decisive_claim(outside, case.record.carbon) or next(iter(outside), None)


def _metadata(case: Case, suggestion: str | None) -> str | None:
    """Copy from the text, or replace what cannot be read."""
    grams, (metadata, text) = case.record.carbon.emissions_gco2e, _pair(case)
    if suggestion is not None and grams is not None and text is not None:
        return f"The text says {_amount(text)}: write `emissions: {_grams(grams)}` in the metadata (`--write` does it)."
    if INVALID_YAML in case.notes:
        return "Correct the front matter first: it is not valid YAML, so the Hub does not read it."
    bad = next((claim for claim in case.claims if _is_unreadable(claim) and claim.where.startswith(METADATA)), None)
    if bad is not None and metadata is None:
        return f"Replace {_quote(bad)} by a number of grams."
    return None


def _card(case: Case, suggestion: str | None) -> str | None:
    """Repeat the metadata's amount in the text, or mend what cannot be read there."""
    grams = case.record.carbon.emissions_gco2e
    bad = next((claim for claim in case.claims if _is_unreadable(claim) and not claim.where.startswith(METADATA)), None)
    if bad is not None and not bad.where.startswith("file:"):
        return f"Write a number with its unit instead of {_quote(bad)}."
    if grams and case.record.carbon.emissions_unit_status != "contradicted":
        return f"Repeat the amount in the text, with its unit: {_grams(grams)} g CO2eq."
    return None


def _unit(case: Case, suggestion: str | None) -> str | None:
    """Name both numbers, and which to write."""
    carbon, (metadata, text) = case.record.carbon, _pair(case)
    grams = carbon.emissions_gco2e
    if metadata is None or grams is None:
        return None
    if carbon.emissions_unit_status == "corrected":
        beside = f", the text {_amount(text)}" if text is not None else ""
        return f"The metadata say {_amount(metadata)}{beside}: write {_grams(grams)}, since the Hub reads grams."
    if "contradicted" in carbon.emissions_flags and text is not None:
        return f"The metadata say {_amount(metadata)}, the text {_amount(text)}: correct the one that is wrong."
    if carbon.emissions_unit_status == "assumed" and text is None:
        return f"The metadata say {_amount(metadata)} without a unit: write the same amount with its unit in the text."
    return None


def _count(case: Case, suggestion: str | None) -> str | None:
    hardware = case.record.training.hardware
    return f"Write how many devices in front of '{hardware}', for instance '1 x {hardware}'." if hardware else None


def _is_unreadable(claim: Claim) -> bool:
    return claim.quantity == "emissions" and claim.outcome == "unreadable"


def _quote(claim: Claim) -> str:
    text = " ".join(claim.text.split())
    return f"'{text if len(text) <= MAX_QUOTE else text[: MAX_QUOTE - 1] + '…'}'"


_SPECIAL = {
    "emissions-in-metadata": _metadata,
    "emissions-in-card": _card,
    "unit-explicit": _unit,
    "emissions-plausible": _unit,
    "hardware-count-stated": _count,
}
