"""Forms that people must fill, from what a card states: energy items stated, derived (and marked so), or left open.

Nothing is invented.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from analysis.classify.classification import Classification
from analysis.estimates.contract import Input
from analysis.estimates.wording import MASS, ROUTE_WORDS, range_in_words
from analysis.label.form_names import FormName
from analysis.rounding import spoken
from mining.escaping import escaped
from mining.patterns import regex
from mining.schema import OWN_SCOPES

__all__ = ["Item", "form_json", "form_markdown", "items_of"]

TITLES = {
    "gpai": "Model documentation form for general-purpose AI: training and energy items (EU AI Act, Annex XI; Code "
    "of Practice, 2025)",
    "climate-card": "Climate performance model card",
}
TIME_RANGES = (0, 1, 3, 6)
"""Months at which the form's ranges of training time end."""
DAYS_A_MONTH = 30.4
LEAST_PLAIN_MWH = 0.001
"""MWh below which digits after the point say less than a power of ten."""
MOST_OF_A_CELL = 900
UNSAID_BASIS = "wall-clock or device hours: not said"
LEFT_OPEN = "left open: the card does not say"


class Item(Struct, frozen=True, kw_only=True):
    """One item of a form.

    Attributes:
        status: Stated by the card; derived from what it states, by the method named; or left open.
        where: Place in the card, or method of the derivation.
    """

    item: str
    value: str | None = None
    status: Literal["stated", "derived", "open"] = "open"
    where: str | None = None


def items_of(answer: Classification, form: FormName) -> tuple[Item, ...]:
    """Items of a form, in its order."""
    made = _gpai(answer) if form == "gpai" else _climate_card(answer)
    return tuple(made)


def form_markdown(answer: Classification, form: FormName) -> str:
    """The form as Markdown; CycloneDX is JSON by nature."""
    if form == "cyclonedx":
        return form_json(answer, form)
    items = items_of(answer, form)
    rows = [
        f"| {one.item} | {_cell(one.value or LEFT_OPEN)} | {one.status} | {_cell(one.where or '')} |" for one in items
    ]
    missing = [one.item for one in items if one.status == "open"]
    tail = [
        "",
        f"Left open ({len(missing)} of {len(items)}): {'; '.join(missing)}." if missing else "Nothing is left open.",
    ]
    head = [
        f"# {TITLES[form]}",
        "",
        f"Model: {_cell(answer.model_id or answer.input)}",
        "",
        "| Item | Value | Status | From |",
        "|---|---|---|---|",
    ]
    return "\n".join([*head, *rows, *tail])


def form_json(answer: Classification, form: FormName) -> str:
    """The form as JSON."""
    if form == "cyclonedx":
        return json.dumps(cyclonedx(answer), indent=1, ensure_ascii=False)
    items = items_of(answer, form)
    body = {
        "schema": f"hf-carbon/form/{form}/1",
        "model_id": answer.model_id,
        "items": [{"item": one.item, "value": one.value, "status": one.status, "from": one.where} for one in items],
        "open": [one.item for one in items if one.status == "open"],
    }
    return json.dumps(body, indent=1, ensure_ascii=False)


def _cell(text: str) -> str:
    """Text that cannot break a table or start markup."""
    return escaped(text).replace("\n", " ").replace("|", "\\|").replace("<", "&lt;").replace("`", "'")[:MOST_OF_A_CELL]


def _stated(item: str, value: Any, where: str | None = None) -> Item:
    if value is None or value == "":
        return Item(item=item)
    return Item(
        item=item, value=spoken(value, 6) if isinstance(value, float) else str(value), status="stated", where=where
    )


def _input(answer: Classification, what: str) -> Input | None:
    """An input of the estimate that the card states."""
    return next((one for one in answer.estimate.inputs if one.what == what and not one.assumed), None)


FINDINGS = {
    "hardware": "hardware-stated",
    "hours": "duration-stated",
    "region": "region-stated",
    "energy": "energy-stated",
    "tool": "tool-stated",
    "type": "training-type-stated",
}
"""The finding that tells where in a card a thing is stated."""
_WHERE = regex(r"(?:card:.*?:\d+|[\w-]+:\S+?)(?=: )")


def _place(answer: Classification, what: str) -> str | None:
    """Where the card states a thing."""
    evidence = next((one.evidence for one in answer.transparency.probes if one.id == FINDINGS[what]), None)
    found = _WHERE.match(evidence or "")
    return found[0] if found else None


GENERIC = frozenset(
    {
        "", "model", "model card", "model details", "model description", "model information", "model summary",
        "model trained using autotrain", "description", "introduction", "overview", "readme", "about",
    }
)  # fmt: skip
"""First headings that name no model."""
_CARD_OF = regex(r"^model\s?card\s*(?:for|of|:|-)\s*|\s*[-:(]?\s*model\s?card\)?$", re.IGNORECASE)


def _name(answer: Classification) -> Item:
    """The repository's name, else the first heading where it names a model."""
    if answer.model_id:
        return _stated("Model name", answer.model_id, "name of the repository")
    name = _CARD_OF.sub("", answer.title or "").strip()
    return _stated("Model name", None if name.casefold() in GENERIC else name, "first heading of the card")


def _hardware(answer: Classification) -> str | None:
    context = answer.context
    if context.hardware is None:
        return None
    return f"{context.hardware_count} x {context.hardware}" if context.hardware_count else context.hardware


def _duration(answer: Classification) -> str | None:
    hours = answer.context.hours
    return None if hours is None else f"{spoken(hours, 4)} h ({answer.context.hours_basis or UNSAID_BASIS})"


def _time_range(answer: Classification) -> Item:
    """The form's range of months, and days; only where wall-clock hours are stated as such."""
    item, context = "Range of training time (months) and days", answer.context
    if context.hours is None or context.hours_basis != "wall-clock":
        return Item(item=item)
    days = context.hours / 24
    months = days / DAYS_A_MONTH
    words = next((f"{low} to {high}" for low, high in pairwise(TIME_RANGES) if low <= months < high), "more than 6")
    value = f"{words.replace('0 to', 'less than')} ({spoken(days, 2)} days"
    devices = f", {spoken(days * context.hardware_count, 2)} hardware days" if context.hardware_count else ""
    return Item(item=item, value=f"{value}{devices})", status="derived", where="hours stated / 24")


def _energy(answer: Classification) -> Iterator[Item]:
    """Training energy in MWh to two significant figures, with its method; derived where the card states no energy."""
    item, method = "Energy used for training (MWh, two significant figures)", "Method used for the energy of training"
    if answer.context.energy_kwh is not None:
        yield Item(item=item, value=_mwh(answer.context.energy_kwh), status="stated", where=_place(answer, "energy"))
        yield _stated(method, answer.context.tool, _place(answer, "tool"))
        return
    facility = answer.estimate.boundaries.facility
    route = answer.estimate.route
    if facility is None or route is None:
        yield Item(item=item)
        yield Item(item=method)
        return
    value = f"{_mwh(facility.central)} (90 % interval {_mwh(facility.low)} to {_mwh(facility.high)})"
    words = f"hf-carbon estimate, {ROUTE_WORDS[route]}"
    yield Item(item=item, value=value, status="derived", where=words)
    yield Item(item=method, value=_method(answer, is_tested=facility.validated), status="derived", where=words)


def _method(answer: Classification, *, is_tested: bool) -> str:
    """How the energy was derived, in a sentence a step, with every input and whether it is assumed."""
    inputs = [one for one in answer.estimate.inputs if not one.what.startswith("carbon intensity")]
    used = ", ".join(
        f"{one.what} {spoken(one.value, 4) if isinstance(one.value, float | int) else one.value}"
        f"{' (assumed)' if one.assumed else ''}"
        for one in inputs
    )
    by_flop = "" if answer.estimate.route == "hours" else "Device hours are computation over peak and utilisation. "
    return (
        f"{by_flop}Energy is device hours times rated power times the share drawn in metered runs, plus the host, "
        f"times PUE: the building. Inputs: {used}. The interval was {'' if is_tested else 'not '}tested here."
    )


def _mwh(kwh: float) -> str:
    """MWh with two significant figures."""
    mwh = float(f"{kwh / 1000:.1e}")
    if mwh >= 10:
        return f"{mwh:,.0f}"
    return f"{mwh:#.2g}" if mwh >= LEAST_PLAIN_MWH else spoken(mwh, 2)


def _computation(answer: Classification) -> Iterator[Item]:
    """FLOP as stated, or by size and data with their formula."""
    item, method = "Computation used for training (FLOP)", "Method used for the computation of training"
    found = _input(answer, "flop")
    if found is None or not isinstance(found.value, float):
        yield Item(item=item)
        yield Item(item=method)
        return
    is_derived = answer.estimate.route != "flop" and found.where.startswith("derived")
    where = found.where.removeprefix("derived: ")
    value = spoken(found.value, 2)
    yield Item(item=item, value=value, status="derived" if is_derived else "stated", where=where)
    yield Item(item=method, value=where, status="derived", where=where) if is_derived else Item(item=method)


def _gpai(answer: Classification) -> Iterator[Item]:
    yield _name(answer)
    yield _stated("Version", answer.revision)
    yield _stated("Provider", answer.model_id.partition("/")[0] if answer.model_id and "/" in answer.model_id else None)
    yield _stated("Type of training", answer.context.training_type, _place(answer, "type"))
    yield _stated("Hardware used for training", _hardware(answer), _place(answer, "hardware"))
    yield _stated("Time (duration) of training", _duration(answer), _place(answer, "hours"))
    yield _time_range(answer)
    yield from _computation(answer)
    yield from _energy(answer)
    yield Item(item="Benchmarked computation used for inference (FLOP)")
    yield Item(item="Method used for the computation of inference")


def _power(answer: Classification) -> Item:
    """Power of one device as stated; where only the device is, its rating. A name alone is no power."""
    question, hardware = "4. What was the power of GPU and CPU?", _hardware(answer)
    of = f" a device ({hardware})" if hardware else ""
    rated = next((one for one in answer.estimate.inputs if one.what == "rated power (W)"), None)
    if rated is None or not isinstance(rated.value, float | int):
        return Item(item=question)
    watts = f"{spoken(rated.value, 4)} W{of}"
    if rated.where == "stated":
        return _stated(question, watts)
    return Item(item=question, value=f"rated {watts}", status="derived", where=rated.where)


def _climate_card(answer: Classification) -> Iterator[Item]:
    context, emissions = answer.context, answer.emissions
    is_public = answer.revision is not None and answer.looked_at == "read"
    public = Item(item="1. Is the resulting model publicly available?")
    yield replace(public, value="yes, on the Hub", status="derived", where="read there") if is_public else public
    yield _stated(
        "2. How much time does the training of the final model take?", _duration(answer), _place(answer, "hours")
    )
    yield Item(item="3. How much time did all experiments take (incl. hyperparameter search)?")
    yield _power(answer)
    yield _stated("5. At which geo location were the computations performed?", context.region, _place(answer, "region"))
    grid = None if context.intensity_g_per_kwh is None else f"{spoken(context.intensity_g_per_kwh, 6)} g CO2eq/kWh"
    yield _stated("6. What was the energy mix at the geo location?", grid)
    where = emissions.evidence[0].where if emissions.evidence else None
    final = _stated("7. How much CO2eq was emitted to train the final model?", _emissions(answer), where)
    one = answer.estimate.emissions_gco2e
    if emissions.grams is None and one is not None and answer.estimate.route is not None:
        words = f"hf-carbon estimate, {ROUTE_WORDS[answer.estimate.route]}, 90 % interval"
        value = f"{range_in_words(one.low, one.high, MASS)} CO2eq"
        final = replace(final, value=value, status="derived", where=words)
    yield final
    yield Item(item="8. How much CO2eq was emitted for all experiments?")
    yield Item(item="9. What is the average CO2eq emission for the inference of one sample?")
    yield Item(item="10. Which positive environmental impact can be expected from this work?")
    yield Item(item="11. Comments")


def _emissions(answer: Classification) -> str | None:
    """Stated emissions, with their scope where they are not those of this model's training alone."""
    grams, scope = answer.emissions.grams, answer.emissions.scope
    if grams is None:
        return None
    size, unit = next((step for step in MASS if grams >= step[0]), MASS[-1])
    beyond = f" ({scope})" if scope and scope not in OWN_SCOPES else ""
    return f"{spoken(grams / size, 6)} {unit} CO2eq{beyond}"


def cyclonedx(answer: Classification) -> dict[str, Any]:
    """A CycloneDX 1.7 document of one model: stated values only, estimates as marked properties."""
    context, grams = answer.context, answer.emissions.grams
    considerations: dict[str, Any] = {}
    if context.energy_kwh is not None:
        measure = {"value": context.energy_kwh, "unit": "kWh"}
        # the card's provider sells computing; who provides the energy, and made of what, no card says
        provider = {"organization": {}, "energySource": "unknown", "energyProvided": measure}
        used: dict[str, Any] = {
            "activity": "fine-tuning" if context.training_type == "fine-tuning" else "training",
            "energyProviders": [provider],
            "activityEnergyCost": measure,
        }
        if grams is not None:
            used["co2CostEquivalent"] = {"value": grams / 1e6, "unit": "tCO2eq"}
        considerations["energyConsumptions"] = [used]
    stated = {
        "training-emissions-tco2eq": None if grams is None else grams / 1e6,
        "hardware": _hardware(answer),
        "duration": _duration(answer),
        "region": context.region,
        "provider": context.provider,
        "tool": context.tool,
    }
    properties = [_property(f"hf-carbon:stated:{name}", value) for name, value in stated.items() if value is not None]
    facility = answer.estimate.boundaries.facility
    if facility is not None and context.energy_kwh is None:
        names = {"central": facility.central, "low": facility.low, "high": facility.high}
        properties += [
            _property(f"hf-carbon:estimated:training-energy-kwh:{name}", value) for name, value in names.items()
        ]
    if properties:
        considerations["properties"] = properties
    name = escaped(answer.model_id or answer.input)
    component: dict[str, Any] = {"type": "machine-learning-model", "name": name.rpartition("/")[2] or name}
    if "/" in name and answer.model_id:
        component["group"] = name.partition("/")[0]
    if answer.revision:
        component["version"] = answer.revision
    component["modelCard"] = (
        {"considerations": {"environmentalConsiderations": considerations}} if considerations else {}
    )
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.7.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.7",
        "version": 1,
        "components": [component],
    }


def _property(name: str, value: float | str) -> dict[str, str]:
    return {"name": name, "value": f"{value:.6g}" if isinstance(value, float) else escaped(value)}
