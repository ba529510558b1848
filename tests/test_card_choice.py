"""Claims made by hand, and what is chosen among them: emissions, devices, hours, energy, place, provider and tool."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from mining.card import ModelFacts, settle
from mining.card.extract.context import complete, context
from mining.card.extract.model_names import THIS_MODEL
from mining.card.resolve.candidates import best_of_body, names_a_size, names_of, rivals, without_parts
from mining.schema import Claim

BODY, FRONT, FILE = "card::1", "metadata:co2_eq_emissions", "file:emissions.csv:1"


def said(quantity: str, **more: Any) -> Claim:
    return Claim(quantity=quantity, **{"text": "", "where": BODY, **more})  # type: ignore[arg-type]


def mass(grams: float, *flags: str, **more: Any) -> Claim:
    """An amount that was written in grams, on the first line unless another is given."""
    made: dict[str, Any] = {"value": grams, "unit": "g", "inner_value": grams, "scope": "training-run", "line": 1}
    return said("emissions", flags=flags, **{**made, **more})


def kilograms(number: float, *flags: str, **more: Any) -> Claim:
    return mass(number, *flags, **{"unit": "kg", "inner_value": number * 1000, "text": f"{number} kg", **more})


def front(number: float, **more: Any) -> Claim:
    """An amount of the metadata, without a unit unless one is given."""
    return mass(number, "assumed-unit", **{"where": FRONT, "unit": None, "text": f"{number:g}", **more})


def answer(*claims: Claim, **facts: Any) -> tuple[float | None, str | None, str | None, tuple[str, ...]]:
    found = settle(claims, facts=ModelFacts(**facts))
    decided = found.emissions_decided_by or found.emissions_outcome
    return found.emissions_gco2e, decided, found.emissions_unit_status, found.emissions_flags


KWH = said("energy", value=10.0, unit="kWh", inner_value=10.0, flags=("labelled",))


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ([], (None, "not-reported", None, ())),
        ([said("energy", value=1.0, inner_value=1.0)], (None, "not-reported", None, ())),
        # a body by itself, by the place that states it
        ([mass(5.0, "labelled")], (5.0, "card-label", "stated", ())),
        ([mass(5.0, "table")], (5.0, "card-table", "stated", ())),
        ([mass(5.0, "log")], (5.0, "card-log", "stated", ())),
        ([mass(5.0, "prose")], (5.0, "card-prose", "stated", ())),
        ([mass(5.0, "prose", "approximate")], (5.0, "card-prose", "stated", ("approximate",))),
        # without a unit only the evidence tells one
        ([mass(5.0, "labelled", unit=None, inner_value=None)], (None, "unreadable", None, ())),
        (
            [mass(5.0, "labelled", unit=None, inner_value=None), KWH],
            (5000.0, "card-energy-ratio", "assumed", ("assumed-unit",)),
        ),
        (
            [mass(500.0, "labelled", unit=None, inner_value=None), KWH],
            (500.0, "card-energy-ratio", "assumed", ("assumed-unit",)),
        ),
        ([mass(50_000.0, "labelled", unit=None, inner_value=None), KWH], (None, "unreadable", None, ())),
        ([mass(0.0, "labelled", unit=None, inner_value=None), KWH], (None, "unreadable", None, ())),
        # the metadata by itself
        ([front(12.0)], (12.0, "metadata-grams", "assumed", ("assumed-unit",))),
        ([front(12.0, unit="g")], (12.0, "metadata-states-unit", "stated", ())),
        ([front(12.0), KWH], (12.0, "metadata-grams", "assumed", ("assumed-unit",))),
        ([front(4.0), KWH], (4000.0, "energy-ratio", "corrected", ("corrected-unit",))),
        ([front(4e5), KWH], (4e5, "metadata-grams", "assumed", ("implausible", "assumed-unit"))),
        ([front(0.0)], (0.0, "metadata-grams", "assumed", ("assumed-unit",))),
        ([front(0.0, unit="kg")], (0.0, "metadata-grams", "stated", ())),
        ([front(1.1e12)], (1.1e12, "metadata-grams", "assumed", ("assumed-unit", "implausible"))),
        ([front(1e12)], (1e12, "metadata-grams", "assumed", ("assumed-unit",))),
        ([front(9e-7)], (9e-7, "metadata-grams", "assumed", ("assumed-unit", "implausible"))),
        ([front(1e-6)], (1e-6, "metadata-grams", "assumed", ("assumed-unit",))),
        # metadata and body
        ([front(5.0), mass(5.0, "prose")], (5.0, "body-agrees", "stated", ())),
        ([front(5.0), kilograms(5.0, "prose")], (5000.0, "body-repeats-number", "corrected", ("corrected-unit",))),
        ([front(5.0), kilograms(5.0, where=FILE)], (5000.0, "file-repeats-number", "corrected", ("corrected-unit",))),
        ([front(5.0), mass(5.0, where=FILE)], (5.0, "body-agrees", "stated", ())),
        ([front(5.0), kilograms(7.0, "labelled")], (7000.0, "body-states-unit", "contradicted", ("contradicted",))),
        (
            [front(5.0), mass(7.0, "labelled")],
            (5.0, "metadata-grams", "contradicted", ("assumed-unit", "contradicted")),
        ),
        (
            [front(5.0), kilograms(7.0, "prose")],
            (5.0, "metadata-grams", "contradicted", ("assumed-unit", "contradicted")),
        ),
        ([front(5.0), kilograms(7.0, "prose", "range")], (5.0, "metadata-grams", "assumed", ("assumed-unit",))),
        ([front(4e5), kilograms(2.0, "prose"), KWH], (2000.0, "body-states-unit", "contradicted", ("contradicted",))),
        ([front(0.0), mass(5.0, "labelled")], (5.0, "body-states-unit", "contradicted", ("contradicted",))),
        ([front(0.0), mass(5.0, "prose")], (0.0, "metadata-grams", "assumed", ("assumed-unit",))),
        (
            [front(0.0), mass(0.0, "placeholder", value=None, inner_value=None, outcome="not-reported")],
            (None, "not-reported", None, ("placeholder",)),
        ),
        ([front(4.0), mass(4.0, "labelled", unit=None, inner_value=None), KWH], None),
        # what is used of nothing
        ([mass(5.0, "labelled", scope="inference")], (None, "not-reported", None, ())),
        ([mass(5.0, "labelled", scope="experiments")], (None, "unreadable", None, ())),
        ([mass(5.0, "prose", "unclear-subject")], (None, "unreadable", None, ())),
        ([mass(5.0, "labelled", "market-based")], (None, "not-reported", None, ())),
        ([mass(5.0, outcome="unreadable")], (None, "unreadable", None, ())),
        ([mass(5.0, outcome="could-not-look")], (None, "could-not-look", None, ())),
        ([mass(5.0, outcome="could-not-look"), mass(5.0, outcome="unreadable")], (None, "unreadable", None, ())),
        # files of meters
        ([mass(5.0, "log", where=FILE)], (5.0, "file-kilograms", "stated", ())),
        ([mass(5.0, "log", where=FILE), mass(7.0, "log", where=FILE)], (7.0, "file-kilograms", "stated", ("range",))),
        ([mass(5.0, "log", where=FILE, inner_value=None)], (None, "unreadable", None, ())),
        ([mass(5.0, "log", where=FILE), mass(7.0, "prose")], (7.0, "card-prose", "stated", ())),
    ],
)
def test_the_emissions_and_the_rule_that_decided(claims: list[Claim], expected: tuple[object, ...] | None) -> None:
    found = answer(*claims)
    if expected is None:
        assert found[0] == 4000.0
    else:
        assert found == expected


def test_rows_of_a_file_bound_the_amount() -> None:
    found = settle([mass(5.0, where=FILE), mass(9.0, where=FILE), mass(7.0, where=FILE)])
    assert (found.emissions_gco2e, found.emissions_low_gco2e, found.emissions_high_gco2e) == (7.0, 5.0, 21.0)
    bounded = settle([kilograms(6.0, "labelled", "upper-bound")])
    assert (bounded.emissions_low_gco2e, bounded.emissions_high_gco2e) == (0.0, 6000.0)
    ranged = settle([kilograms(6.0, "labelled", "range", low=5.0, high=8.0)])
    assert (ranged.emissions_low_gco2e, ranged.emissions_high_gco2e) == (5000.0, 8000.0)
    both = settle([kilograms(6.0, "labelled", "upper-bound", low=5.0, high=8.0)])
    assert (both.emissions_low_gco2e, both.emissions_high_gco2e) == (5000.0, 8000.0)


@pytest.mark.parametrize(
    ("facts", "flags"),
    [
        ({}, ("assumed-unit",)),
        ({"parameters_count": 1_000_000_000}, ("assumed-unit", "implausible", "placeholder")),
        ({"parameters_count": 999_999_999}, ("assumed-unit",)),
        ({"parameters_count": 2_000_000_000, "base_relation": "merge"}, ("assumed-unit",)),
        (
            {"parameters_count": 2_000_000_000, "base_relation": "finetune"},
            ("assumed-unit", "implausible", "placeholder"),
        ),
        ({"base_relation": "quantized"}, ("assumed-unit", "inherited")),
        ({"base_relation": "adapter"}, ("assumed-unit",)),
    ],
)
def test_one_gram_of_a_large_model_holds_a_place(facts: dict[str, Any], flags: tuple[str, ...]) -> None:
    assert answer(front(1.0), **facts) == (1.0, "metadata-grams", "assumed", flags)
    if "placeholder" in flags:
        assert "placeholder" not in answer(front(2.0), **facts)[3]
        assert "placeholder" not in answer(mass(1.0, "labelled"), **facts)[3]


def test_a_few_seconds_of_a_device_are_a_slip_of_the_unit() -> None:
    device = said("hardware", label="NVIDIA A100", text="A100")
    tool = said("tool", label="codecarbon", text="Code Carbon")
    assert answer(front(0.5), device)[1:] == ("metadata-grams", "assumed", ("assumed-unit", "implausible"))
    assert answer(front(0.5), device, tool) == (500.0, "tool-prints-kilograms", "corrected", ("corrected-unit",))
    assert answer(front(0.512_345_67), device, tool)[1] == "metadata-grams"  # no number by hand
    assert answer(front(0.512345), device, tool)[1] == "tool-prints-kilograms"
    assert answer(front(500.0), device, tool)[1] == "metadata-grams"
    assert answer(front(0.5, unit="g"), device, tool)[1] == "metadata-states-unit"


def test_the_total_of_a_family_is_said_to_be_one() -> None:
    family = mass(5.0, "labelled", "total", scope="family-total")
    assert answer(family, title="Heron-7B")[3] == ("family-total",)
    assert answer(family, title="Heron")[3] == ()
    assert answer(front(5.0), family, title="Heron 350M")[3] == ("family-total",)
    assert settle([front(5.0), replace(family, flags=("labelled",))]).emissions_scope == "training-run"
    assert settle([front(5.0), family]).emissions_scope == "family-total"
    assert [names_a_size(name) for name in ("Heron-7B", "heron 1.5b", "h12k", "Heron", "ab7b", None)] == [
        *(True, True),
        *(False, False, False, False),
    ]


NAMES = names_of("lab/heron-large", "Heron Large", {"model_name": "Heron L"})


def test_the_names_of_a_model_are_sets_of_words() -> None:
    assert (frozenset({"heron", "large"}), frozenset({"heron", "large"}), frozenset({"heron", "l"})) == NAMES
    assert names_of(None, "Model card for Heron", None) == (frozenset({"heron"}),)
    assert names_of("lab/model", None, {"model_name": 3}) == ()
    assert names_of("heron", None, None) == (frozenset({"heron"}),)


ROW = ("table",)


@pytest.mark.parametrize(
    ("claims", "grams"),
    [
        ([], None),
        ([mass(1.0, "prose", line=1), mass(2.0, "labelled", line=2)], 2.0),
        ([mass(1.0, "prose", line=1), mass(2.0, "log", line=2), mass(3.0, "table", line=3)], 2.0),
        ([mass(1.0, "prose", line=1), mass(2.0, "log", line=2)], 2.0),
        ([mass(1.0, "prose", line=2), mass(2.0, "prose", line=1)], 2.0),
        ([mass(1.0, "prose", line=1), mass(2.0, "prose", "total", line=2)], 2.0),
        ([mass(1.0, "labelled", scope="family-total"), mass(2.0, "prose")], 2.0),
        ([mass(1.0, "labelled", inner_value=None), mass(2.0, "prose")], 2.0),
        # rows and columns of a table
        ([mass(1.0, *ROW, subject="Wren"), mass(2.0, *ROW, subject="Heron Large")], 2.0),
        ([mass(1.0, *ROW, subject="Heron"), mass(2.0, *ROW, subject="Heron Large")], 2.0),
        ([mass(1.0, *ROW, subject="Heron Large"), mass(2.0, *ROW, subject="Heron Large (ours)")], 2.0),
        ([mass(1.0, *ROW, subject="Wren"), mass(2.0, *ROW, subject=THIS_MODEL)], 2.0),
        ([mass(1.0, *ROW, subject="Wren"), mass(2.0, *ROW, subject="ours")], 2.0),
        ([mass(1.0, *ROW, subject="Wren"), mass(2.0, *ROW, subject="Owl")], None),
        ([mass(1.0, *ROW, subject="Wren"), mass(2.0, *ROW, "total")], 2.0),
        ([mass(1.0, *ROW, subject="Wren"), mass(2.0, *ROW)], 2.0),
        ([mass(1.0, *ROW, subject="Wren"), mass(2.0, *ROW), mass(3.0, *ROW)], None),
        ([mass(1.0, *ROW, subject="Wren")], 1.0),
        ([mass(1.0, *ROW, subject="Heron Large"), mass(2.0, "labelled")], 1.0),
        ([mass(1.0, *ROW, subject="Wren"), mass(3.0, *ROW, subject="Owl"), mass(2.0, "prose")], 2.0),
        # an empty cell of its own
        ([mass(1.0, *ROW, subject="Wren"), mass(2.0, *ROW, subject="ours", value=None)], None),
        ([mass(1.0, *ROW, subject="Heron Large"), mass(2.0, *ROW, subject="ours", value=None)], None),
        ([mass(1.0, *ROW, subject="Heron Large"), mass(2.0, *ROW, subject="Heron", value=None)], 1.0),
        ([mass(1.0, *ROW, subject="Heron"), mass(2.0, *ROW, subject="Heron Large", value=None)], None),
        # blocks headed by names
        ([mass(1.0, "labelled", subject="Wren"), mass(2.0, "labelled", subject="Heron")], 2.0),
        ([mass(1.0, "labelled", subject="Heron"), mass(2.0, "labelled", subject="Heron Large")], 1.0),
        ([mass(1.0, "labelled", subject="Wren"), mass(2.0, "labelled", subject="Owl")], 1.0),
        ([mass(1.0, "labelled", subject="Wren"), mass(2.0, "labelled", subject="Heron (small run)")], 2.0),
        ([mass(1.0, "labelled", subject="Wren"), mass(2.0, "labelled", subject="Heron (base: Owl)")], 1.0),
        ([mass(1.0, "labelled", subject="Wren"), mass(2.0, subject="Heron", outcome="not-reported")], None),
        # this model's own amount is not told beside another label
        ([mass(1.0, "labelled", text="All: 1 g"), mass(2.0, "placeholder", text="Ours: -", value=None)], None),
        ([mass(1.0, "labelled", text="Ours: 1 g"), mass(2.0, "placeholder", text="Ours: -", value=None)], 1.0),
        ([mass(1.0, "prose", text="1 g"), mass(2.0, "placeholder", text="Ours: -", value=None)], 1.0),
        ([mass(1.0, "labelled", text="All: 1 g"), mass(2.0, "placeholder", text="All: -", value=None)], 1.0),
    ],
)
def test_the_claim_of_a_body_that_is_this_models(claims: list[Claim], grams: float | None) -> None:
    best = best_of_body(claims, NAMES)
    assert (best and best.inner_value) == grams


def test_amounts_of_one_line_that_another_one_adds_up_are_its_parts() -> None:
    def left(*grams: float, line: int = 1, flag: str = "prose") -> list[float | None]:
        return [one.inner_value for one in without_parts([mass(one, flag, line=line) for one in grams])]

    assert left(2.0, 1.4, 3.4) == [3.4]
    assert left(2.0, 1.4, 3.46) == [3.46]
    assert left(2.0, 1.4, 3.48) == [2.0, 1.4, 3.48]
    assert left(3.4, 2.0, 1.4) == [3.4]
    assert left(3.4, 3.4) == [3.4, 3.4]
    assert left(2.0, 1.4, 3.4, flag="labelled") == [2.0, 1.4, 3.4]
    assert left(*[1.0] * 7, 7.0) == [7.0]
    assert left(*[1.0] * 8, 8.0) == [*[1.0] * 8, 8.0]
    apart = [mass(2.0, "prose", line=1), mass(1.4, "prose", line=1), mass(3.4, "prose", line=2)]
    assert without_parts(apart) == apart


@pytest.mark.parametrize(
    ("other", "is_one"),
    [
        (mass(300.0, "prose", line=2), True),
        (mass(124.0, "prose", line=2), False),
        (mass(126.0, "prose", line=2), True),
        (mass(79.0, "prose", line=2), True),
        (mass(81.0, "prose", line=2), False),
        (mass(0.0, "prose", line=2), False),
        (mass(300.0, "prose", line=1), False),
        (mass(300.0, "table", line=2), False),
        (mass(300.0, "prose", "total", line=2), False),
        (mass(300.0, "prose", "range", line=2), False),
        (mass(300.0, "prose", line=2, low=200.0, high=400.0), False),
        (mass(300.0, "prose", line=2, subject="Wren"), False),
        (mass(300.0, "prose", line=2, scope="fine-tuning"), True),
        (mass(300.0, "prose", line=2, scope="component"), False),
    ],
)
def test_another_amount_of_the_same_training_contradicts(other: Claim, is_one: bool) -> None:
    chosen = mass(100.0, "prose")
    assert bool(rivals(chosen, [chosen, other])) is is_one
    fine = replace(chosen, scope="fine-tuning")
    assert not rivals(fine, [fine, mass(300.0, "prose", line=2, scope="pre-training")])
    assert rivals(fine, [fine, mass(300.0, "prose", line=2, scope="unknown")])
    assert not rivals(replace(chosen, inner_value=None), [other])


def device(label: str | None, count: int | None = None, *flags: str, **more: Any) -> Claim:
    return said("hardware", label=label, count=count, flags=flags, **{"text": label or "a rack", "line": 1, **more})


def hours(number: float, *flags: str, **more: Any) -> Claim:
    made = {"value": number, "unit": "h", "inner_value": number, "text": f"{number:g} h", "line": 1}
    return said("duration", flags=flags, **{**made, **more})


def energy(number: float, *flags: str, **more: Any) -> Claim:
    made = {"value": number, "unit": "kWh", "inner_value": number, "text": f"{number:g} kWh", "line": 1}
    return said("energy", flags=flags, **{**made, **more})


META = {"where": "metadata:co2_eq_emissions.x"}


@pytest.mark.parametrize(
    ("claims", "answered"),
    [
        ([hours(3.0, "prose"), hours(4.0, "labelled", line=2)], 4.0),
        ([hours(3.0, "prose"), hours(4.0, "table", line=2)], 4.0),
        ([hours(3.0, "table"), hours(4.0, "labelled", line=2)], 4.0),
        ([hours(3.0, "table"), hours(4.0, "soft", line=2)], 4.0),
        ([hours(3.0, "labelled"), hours(4.0, **META, line=2)], 4.0),
        ([hours(3.0, "prose"), hours(4.0, "aside", line=2)], 3.0),
        ([hours(3.0, "definition"), hours(4.0, "prose", line=2)], 4.0),
        ([hours(3.0, "labelled"), hours(4.0, "total", line=2)], 3.0),
        ([hours(3.0, "table"), hours(4.0, "table", "total", line=2)], 4.0),
        ([hours(3.0, "prose"), hours(4.0, "prose", "beside", line=2)], 4.0),
        ([hours(3.0, "labelled", scope="inference")], None),
        ([hours(3.0, "labelled", scope="embodied")], None),
        ([hours(3.0, "labelled", scope="experiments"), hours(4.0, "prose", line=2)], 4.0),
        ([hours(3.0, "labelled", scope="component"), hours(4.0, "labelled", scope="experiments", line=2)], 3.0),
        ([hours(3.0, "labelled", scope="family-total"), hours(4.0, "labelled", scope="component", line=2)], 3.0),
        ([hours(3.0, "labelled", scope="other-model"), hours(4.0, "prose", scope="experiments", line=2)], 4.0),
        ([hours(3.0, "labelled", text="3 h per epoch")], None),
        ([hours(3.0, "labelled", text="3 h at 200 tokens per second")], 3.0),
        ([hours(3.0, "labelled", outcome="unreadable"), hours(4.0, "prose", line=2)], 4.0),
        ([hours(3.0, "labelled", inner_value=None), hours(4.0, "prose", line=2)], 4.0),
        ([hours(3.0, "labelled"), hours(4.0, "labelled")], 4.0),
        ([hours(3.0, "prose"), hours(4.0, "prose")], 3.0),
        ([hours(3.0, "labelled", "stage"), hours(4.0, "labelled", "stage", line=2)], 7.0),
        ([hours(3.0, "labelled", "stage"), hours(4.0, "labelled", line=2)], 3.0),
        ([hours(3.0, "labelled", "stage"), hours(4.0, "labelled", "stage", line=2, subject="Wren")], 3.0),
        ([hours(3.0, "prose", "stage", "beside"), hours(4.0, "prose", "stage", "beside")], 4.0),
    ],
)
def test_the_hours_that_count(claims: list[Claim], answered: float | None) -> None:
    assert context(claims).duration_h == answered


@pytest.mark.parametrize(
    ("claims", "answered"),
    [
        ([energy(3.0, "prose", scope="component")], None),
        ([energy(3.0, "labelled", scope="component")], 3.0),
        ([energy(3.0, "labelled", text="3 kWh per image")], None),
        ([energy(3.0, "labelled", text="3 kWh per epoch")], None),
        ([energy(0.0, "labelled")], 0.0),
        ([energy(-1.0, "labelled")], None),
    ],
)
def test_the_energy_that_counts(claims: list[Claim], answered: float | None) -> None:
    assert context(claims).energy_kwh == answered


def test_of_a_table_the_row_that_states_the_emissions_counts() -> None:
    own = [hours(3.0, "table", line=4), kilograms(2.0, "table", line=4), hours(5.0, "table", line=5)]
    assert context(own).duration_h == 3.0
    assert context(own[::-1]).duration_h == 3.0
    assert context([*own, kilograms(9.0, "table", line=5)], emissions_gco2e=9000.0).duration_h == 5.0
    assert context([*own, hours(7.0, "labelled", line=9)], emissions_gco2e=2000.0).duration_h == 7.0
    stages = [device("NVIDIA A100", 8, "table", line=4), hours(3.0, "table", line=4), kilograms(2.0, "table", line=4)]
    total = [hours(9.0, "table", line=6), kilograms(6.0, "table", "total", line=6)]
    found = context([*stages, *total], emissions_gco2e=6000.0)
    assert (found.duration_h, found.hardware, found.hardware_count) == (9.0, "NVIDIA A100", 8)
    alone = context([*stages, hours(9.0, "table", line=6), kilograms(6.0, "table", line=6)], emissions_gco2e=6000.0)
    assert (alone.duration_h, alone.hardware) == (9.0, None)


@pytest.mark.parametrize(
    ("claims", "name", "count"),
    [
        ([device("NVIDIA A100", 8, "labelled")], "NVIDIA A100", 8),
        ([device(None, 8, "labelled")], "a rack", 8),
        ([device(None, None, "labelled"), device("NVIDIA T4", 2, "prose", line=2)], "NVIDIA T4", 2),
        ([device("GPU (unspecified)", 4, "labelled"), device("NVIDIA T4", 2, "prose", line=2)], "NVIDIA T4", 2),
        ([device("NVIDIA A100", None, "labelled"), device("NVIDIA A100", 2, "prose", line=2)], "NVIDIA A100", 2),
        ([device("NVIDIA A100", None, "labelled"), device("NVIDIA T4", 2, "prose", line=2)], "NVIDIA A100", None),
        ([device("Intel Xeon", 2, "labelled"), device("NVIDIA T4", 3, "labelled")], "NVIDIA T4", 3),
        (
            [device("Intel Xeon", 2, "labelled", text="x"), device("NVIDIA T4", 3, "labelled", text="x")],
            "NVIDIA T4, Intel Xeon",
            3,
        ),
        ([device("NVIDIA A100", None, "labelled"), device(None, 4, "nodes")], "NVIDIA A100", None),
        ([device("NVIDIA A100", None, "labelled"), device(None, 16, "pieces")], "NVIDIA A100", 16),
        (
            [device("NVIDIA A100", None, "labelled"), device(None, 16, "pieces"), device(None, 8, "per-node")],
            "NVIDIA A100",
            16,
        ),
        ([device("NVIDIA A100", None, "labelled"), device(None, 8, "per-node")], "NVIDIA A100", 8),
        (
            [device("NVIDIA A100", 3, "labelled"), device(None, 8, "per-node"), device(None, 4, "nodes")],
            "NVIDIA A100",
            32,
        ),
        ([device(None, 4, "pieces")], None, None),
    ],
)
def test_the_devices_that_count(claims: list[Claim], name: str | None, count: int | None) -> None:
    found = context(claims)
    assert (found.hardware, found.hardware_count) == (name, count)


def place(label: str | None, *flags: str, **more: Any) -> Claim:
    return said("region", label=label, flags=flags, **{"text": label or "Somewhere", "line": 1, **more})


@pytest.mark.parametrize(
    ("claims", "region"),
    [
        ([place("France", "labelled"), place("Paris, France", "table", line=2)], "Paris, France"),
        ([place("France", "labelled"), place("Paris, France", "prose", line=2)], "France"),
        ([place("France", "labelled"), place("Oslo, Norway", "table", line=2)], "France"),
        ([place(None, "labelled", text="Region: **Somewhere**.")], "Somewhere"),
        ([place(None, **META, text="a: b")], "a: b"),
    ],
)
def test_the_place_that_counts(claims: list[Claim], region: str) -> None:
    assert context(claims).region == region


def test_a_tool_that_only_trains_counts_where_an_amount_is_stated() -> None:
    trainer = said("tool", label="autotrain", flags=("prose",), text="AutoTrain", line=3)
    assert context([trainer]).tool is None
    assert context([trainer, kilograms(2.0, "labelled")]).tool == "autotrain"
    assert context([trainer, said("emissions", outcome="not-reported")]).tool is None


@pytest.mark.parametrize(
    ("quantity", "text", "found"),
    [
        ("hardware", "2 x A100 for 3 hours", [("hardware", "NVIDIA A100", 2, None), ("duration", None, None, 3.0)]),
        ("hardware", "n/a", [("hardware", None, None, None)]),
        (
            "hardware",
            "P100, Google Colab",
            [("hardware", "NVIDIA P100", None, None), ("provider", "Google Colab", None, None)],
        ),
        ("tool", "CodeCarbon (3 hours)", [("tool", "codecarbon", None, None), ("duration", None, None, 3.0)]),
        ("tool", "https://mlco2.github.io/impact", [("tool", "mlco2", None, None)]),
        ("tool", "see our paper", [("tool", "article", None, None)]),
        (
            "tool",
            "a rather long remark about how all of this has been guessed by us",
            [("tool", "article", None, None)],
        ),
        ("tool", "guessed", [("tool", None, None, None)]),
        ("region", "Paris, France", [("region", "Paris, France", None, None)]),
        ("provider", "amazon", [("provider", "AWS", None, None)]),
        ("training-type", "fine-tuning", [("training-type", "fine-tuning", None, None)]),
    ],
)
def test_written_names_of_the_metadata_are_completed(quantity: str, text: str, found: list[tuple[object, ...]]) -> None:
    made = said(quantity, text=text, **META)
    assert [(one.quantity, one.label, one.count, one.inner_value) for one in complete([made])] == found
    body = replace(made, where=BODY)
    assert complete([body]) == [body]


def test_durations_of_the_metadata_in_more_than_one_unit() -> None:
    def read(text: str, number: float | None) -> float | None:
        made = said("duration", text=text, value=number, inner_value=number, **META)
        return complete([made])[0].inner_value

    assert read("2 days and 5 hours", 2.0) == 53.0
    assert read("1:30:00", 1.0) == 1.5
    assert read("7", 7.0) == 7.0
    assert read("long", None) is None
