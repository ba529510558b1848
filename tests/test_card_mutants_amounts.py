"""Amounts, equations and roundings read from a few words, at the edges of what is read."""

from __future__ import annotations

import pytest

from mining.card.values.emission_value import is_formula, joined, read_value
from mining.card.values.equations import emissions_of_equation, energy_of_equation
from mining.card.values.rounding import agrees, half_step, same_digits
from mining.schema import Claim
from mining.units import find_quantities


@pytest.mark.parametrize(
    ("text", "kwh", "grams"),
    [
        ("4 x 0.4 kW x 10 h = 17 kWh", 17.0, None),
        ("4 x 0.4 kW x 10 h", 16.0, None),
        ("4 x 0.4 kW x 10 h = 17", 16.0, None),
        ("(400 W x 10 h).", 4.0, None),
        ("2 * 400 W * 10 hours of training", 8.0, None),
        ("400 W x 10 h" + " x 2" * 6, 256.0, None),
        ("400 W x 10 h" + " x 2" * 7, None, None),  # more factors than anyone multiplies
        ("0.4 kW x 10 h x 2 h", None, None),
        ("0.4 kW", None, None),
        ("10 h x 4", None, None),
        ("16 kWh", None, None),
        ("power 400 W x 10 h", None, None),
        ("400 W x 10 h x bird", None, None),
        ("400 W x 10 h x 1-2", None, None),
        ("400 W/GPU x 10 h", None, None),
        ("0.060 kW x 2 h", 0.12, None),
        ("543 g/kWh x 2 kWh", None, 1086.0),
        ("2 kWh x 543 g/kWh x 3", None, 3258.0),
        ("543 g/kWh x 543 g/kWh", None, None),
        ("2 kWh x 3 h", None, None),
        ("543 g/kWh x 2 kWh x 3 h", None, None),
    ],
)
def test_products_of_measures(text: str, kwh: float | None, grams: float | None) -> None:
    energy = energy_of_equation(text)
    assert (energy and energy[2]) == pytest.approx(kwh)
    assert emissions_of_equation(text) == pytest.approx(grams)


@pytest.mark.parametrize(
    ("value", "label", "number", "unit"),
    [
        ("12", "CO2 (kg)", 12.0, "kg"),
        ("12", "CO2", 12.0, None),
        ("12 kWh", "CO2", None, None),
        ("3 kg + 4 kg = 7 kg", "CO2", 7.0, "kg"),
        ("3 kg and 4 kg", "CO2", 3.0, "kg"),
        ("3 kg here; 4 kg in total", "CO2", 4.0, "kg"),
        ("3 x 4 = 12", "CO2 (kg)", 12.0, "kg"),
        ("5 %", "CO2 (kg)", None, None),
        ("5‰", "CO2 (kg)", None, None),
        ("5 percent", "CO2 (kg)", None, None),
        ("5 apples", "CO2", None, None),
        ("5 CO2e", "CO2", 5.0, None),
        ("about 5", "CO2", 5.0, None),
        ("bird 5", "CO2", None, None),
        ("2 pounds 8 ounces", "CO2", 2.5, "lb"),
        ("12 kg (3 kg offset)", "CO2", 12.0, "kg"),
        ("12 kg, of which 3 kg offset", "CO2", 12.0, "kg"),
        ("compensated: 12 kg", "CO2", None, None),
        ("12 kg per day", "CO2", None, None),
    ],
)
def test_the_amount_of_a_value(value: str, label: str, number: float | None, unit: str | None) -> None:
    found = read_value(value, label)
    assert (found and found.number.value, found and found.unit) == (number, unit)


@pytest.mark.parametrize(
    ("text", "grams"),
    [
        ("1 kilo and 430 grams of CO2", [1430.0]),
        ("1 kg 430 g", [1430.0]),
        ("1.5 kg and 430 g", [1500.0, 430.0]),
        ("1 kg and 1430 g", [1000.0, 1430.0]),
        ("1-2 kg and 430 g", [1500.0, 430.0]),
        ("1 kg CO2 and 430 g CO2", [1000.0, 430.0]),
        ("1 kg or 430 g", [1000.0, 430.0]),
        ("430 g and 1 kg", [430.0, 1000.0]),
    ],
)
def test_amounts_in_two_units_are_one(text: str, grams: list[float]) -> None:
    assert [one.inner for one in joined(text, list(find_quantities(text, ("emissions",))))] == pytest.approx(grams)


def test_an_amount_in_two_units_is_as_exact_as_the_smaller_one() -> None:
    (one,) = joined("x 1 kg 430 g.", list(find_quantities("x 1 kg 430 g.", ("emissions",))))
    assert (one.number.half_step, one.start, one.end) == (0.0005, 2, 12)


def test_formulas_say_how_an_amount_is_worked_out() -> None:
    assert is_formula("(a) / 3")
    assert is_formula("energy_used x grid x 3")
    assert not is_formula("12 kg")


def kilograms(text: str, value: float) -> Claim:
    return Claim(quantity="emissions", text=text, where="", value=value, inner_value=1000 * value, unit="kg")


def test_a_rounded_number_agrees_with_what_it_may_stand_for() -> None:
    exact, coarse = kilograms("1.0 kg", 1.0), kilograms("1 kg", 1.0)
    agreeing = {951: True, 949: False, 1000: True, 1051: True, 1100: True, 1102: False}
    assert {grams: agrees(grams, exact) for grams in agreeing} == agreeing
    assert [agrees(grams, coarse) for grams in (490, 500, 1900, 2100)] == [False, True, True, False]
    assert [agrees(grams, kilograms("0 kg", 0.0)) for grams in (0, 900, 1100)] == [True, True, False]
    nothing = Claim(quantity="emissions", text="1 kg", where="")
    assert not agrees(1000, nothing)
    assert not same_digits(0.0, nothing)


def test_a_number_is_as_exact_as_its_coarsest_writing() -> None:
    assert half_step(kilograms("1.0 kg", 1.0)) == pytest.approx(0.05)
    assert half_step(kilograms("1 kg (1.00 kg)", 1.0)) == pytest.approx(0.5)
    assert half_step(kilograms("2 kg", 1.0)) == 0.0


def test_the_same_digits_are_the_same_number_whatever_its_unit() -> None:
    one = kilograms("12.5 kg", 12.5)
    assert [same_digits(value, one) for value in (12.5, 12.54, 12.56, 12.46, 12.44, 12500.0)] == [
        *(True, True, False, True, False, False)
    ]
    assert [same_digits(value, kilograms("100 kg", 100.0)) for value in (100.5, 100.6)] == [True, False]
    assert [same_digits(value, kilograms("10 kg", 10.0)) for value in (10.29, 10.31)] == [True, False]
    assert not same_digits(0.0, kilograms("0 kg", 0.0))
