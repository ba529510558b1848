"""Written numbers and quantities: every form of the cards, and round trips."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mining.units import (
    Number,
    PhysicalQuantity,
    Refusal,
    find_number,
    find_quantities,
    parse_number,
    scaled,
    unit_factor,
    unit_in_label,
)
from mining.units.quantities import CO2_BEGINS, NO_MASS, NO_MASS_BUT, NO_UNIT, ONE_LETTER, UNIT_BEGINS
from mining.units.unit_words import CO2, UNITS, alternatives


def only_quantity(text: str, kind: str) -> PhysicalQuantity:
    """The first quantity of a kind."""
    return next(find_quantities(text, (kind,)))


FORMS = [
    ("1.2345", 1.2345),
    ("1e-3", 0.001),
    ("1.2e-05", 1.2e-05),
    ("2.3e5", 230_000),
    ("7.901e-4", 7.901e-4),
    ("1,400", 1400),
    ("1.400,5", 1400.5),
    ("1,400.5", 1400.5),
    ("1,234,567.5", 1_234_567.5),
    ("1.234.567", 1_234_567),
    ("250.000", 250_000),
    ("0.000", 0),
    ("12.500", 12.5),
    (".6", 0.6),
    ("43,24", 43.24),
    ("0,123", 0.123),
    ("12,345", 12_345),
    ("4,3e-4", 4.3e-4),
    ("~29", 29),
    ("≈ 29", 29),
    ("cca. 42", 42),
    ("approximately 0.5", 0.5),
    ("370k", 370_000),
    ("1.3M", 1_300_000),
    ("1,400K", 1_400_000),
    ("3.2 million", 3_200_000),
    ("2 B", 2_000_000_000),
    ("24_700_000", 24_700_000),
    ("1\u202f400", 1400),
    ("1\u00a0234\u00a0567", 1_234_567),
    ("1'400", 1400),
    ("9.5 × 10⁻⁵", 9.5e-5),
    ("2.3 x 10^5", 230_000),
    ("1.5*10**3", 1500),
    ("** 8.88", 8.88),
    ("-0", 0),
    ("+3", 3),
]


@pytest.mark.parametrize(("text", "value"), FORMS)
def test_written_number(text: str, value: float) -> None:
    number = parse_number(text)
    assert isinstance(number, Number)
    assert number.value == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no-number"),
        ("none", "no-number"),
        ("inf", "no-number"),
        ("nan", "no-number"),
        ("1/2", "fraction"),
        ("3 / 4", "fraction"),
        ("−5", "negative"),
        ("-5", "negative"),
        ("1.2.3", "version"),
        ("1,23,4", "several-numbers"),
        ("1e400", "no-number"),
        ("2-300", "ambiguous-range"),
        ("70-60", "ambiguous-range"),
        ("12 and 13", "several-numbers"),
        ("12 apples", "text-around"),
        ("model 12", "text-around"),
        ("9" * 24 + "e30", "too-large"),
    ],
)
def test_refused_number(text: str, reason: str) -> None:
    refused = parse_number(text)
    assert isinstance(refused, Refusal), refused
    assert refused.reason in {reason, "version" if reason == "no-number" else reason}


@pytest.mark.parametrize(
    ("text", "value", "low", "high", "marks"),
    [
        ("60-70", 65, 60, 70, ("range",)),
        ("40–45", 42.5, 40, 45, ("range",)),
        ("5 ± 1", 5, 4, 6, ()),
        ("1 ± 2", 1, 0, 3, ()),
        ("about 1.1-1.2k", 1150, 1100, 1200, ("approximate", "range")),
        ("between 3 and 5", 4, 3, 5, ("range",)),
        ("570k to 760k", 665_000, 570_000, 760_000, ("range",)),
    ],
)
def test_ranges(text: str, value: float, low: float, high: float, marks: tuple[str, ...]) -> None:
    number = find_number(text)
    assert isinstance(number, Number)
    assert (number.value, number.low, number.high, number.marks) == (value, low, high, marks)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("<1", "upper-bound"),
        ("≤ 3", "upper-bound"),
        ("up to 5", "upper-bound"),
        ("> 2", "lower-bound"),
        ("at least 7", "lower-bound"),
        ("circa 8", "approximate"),
    ],
)
def test_marks(text: str, mark: str) -> None:
    number = parse_number(text)
    assert isinstance(number, Number)
    assert number.marks == (mark,)


def test_half_step_is_half_the_last_digit() -> None:
    for text, half in (
        ("1.25", 0.005),
        ("0.000", 0.0005),
        ("12", 0.5),
        ("1.3M", 50_000),
        ("1e-3", 0.0005),
        ("1,400", 0.5),
    ):
        number = parse_number(text)
        assert isinstance(number, Number)
        assert number.half_step == pytest.approx(half)


def test_a_number_inside_a_name_is_none() -> None:
    for text in ("A100", "v3-8", "i7-9750H", "bert2gpt", "sha1", "x10", "GPT-3"):
        assert isinstance(find_number(text), Refusal), text


def test_offsets_cut_the_number() -> None:
    text = "emitted ~12.5 kg"
    number = find_number(text)
    assert isinstance(number, Number)
    assert text[number.start : number.end] == "12.5"
    assert isinstance(find_number(text, number.end), Refusal)


MASSES = [
    ("149.2 kg eq. CO2", 149_200, "kg"),
    ("580.61 kgCO2eq", 580_610, "kg"),
    ("18t CO2eq", 18e6, "t"),
    ("29 tons CO2e", 29e6, "t"),
    ("29 metric tonnes of CO2", 29e6, "t"),
    ("0.3182 grams of CO2e", 0.3182, "g"),
    ("7.901e-4 kg_co2", 0.7901, "kg"),
    ("64.52 kg CO2_2", 64_520, "kg"),
    ("1.99 KgCO2 (Singapore)", 1990, "kg"),
    ("43,24 g Co2", 43.24, "g"),
    ("0.62 mg", 0.00062, "mg"),
    ("0.0123 kg.eqCO2", 12.3, "kg"),
    ("1,438 lbs of CO2", 652_265.82806, "lb"),
    ("20.4 kt CO2e", 20.4e9, "kt"),
    ("1.2g CO2", 1.2, "g"),
    ("0.21 in grams of CO2", 0.21, "g"),
    ("2 kg of CO 2 equivalent", 2000, "kg"),
    ("5 kg carbon dioxide", 5000, "kg"),
    ("5 CO2eq kg", 5000, "kg"),
    ("3 кг CO2", 3000, "kg"),
    ("12.5千克二氧化碳", 12_500, "kg"),
    ("5 MT CO2e", 5e6, "t"),
    ("5 Mt CO2e", 5e12, "Mt"),
]


@pytest.mark.parametrize(("text", "grams", "unit"), MASSES)
def test_mass(text: str, grams: float, unit: str) -> None:
    quantity = only_quantity(text, "emissions")
    assert quantity.inner == pytest.approx(grams, rel=1e-12)
    assert quantity.unit == unit


@pytest.mark.parametrize(
    ("text", "kind", "inner"),
    [
        ("3 Wh", "energy", 0.003),
        ("7.2 kWh", "energy", 7.2),
        ("812 MWh", "energy", 812_000),
        ("93mWh", "energy", 93_000),
        ("12.3 GWh", "energy", 12_300_000),
        ("2 kilowatt-hours", "energy", 2),
        ("3.6 MJ", "energy", 1),
        ("360 kJ", "energy", 0.1),
        ("3.6 GJ", "energy", 1000),
        ("360 kilojoules", "energy", 0.1),
        ("7200000 J", "energy", 2),
        ("2 TWh", "energy", 2e9),
        ("3 litres", "water", 3),
        ("2 m3", "water", 2000),
        ("10 gallons", "water", 37.85411784),
        ("3 ML", "water", 3e6),
        ("2 MW", "power", 2e6),
        ("4 mW", "power", 0.004),
        ("1.5 EFLOPs", "flop", 1.5e18),
        ("2 ZFLOPs", "flop", 2e21),
        ("1 year", "duration", 8766),
        ("300 W", "power", 300),
        ("0.7 kW", "power", 700),
        ("90 s", "duration", 0.025),
        ("30 min", "duration", 0.5),
        ("168 hours", "duration", 168),
        ("3 days", "duration", 72),
        ("1 week", "duration", 168),
        ("2 months", "duration", 1461),
        ("1,400K GPU hours", "duration", 1_400_000),
        ("470 gCO2eq/kWh", "intensity", 470),
        ("0.0016 kg CO2e/kWh", "intensity", 1.6),
        ("0.656 kg per kWh", "intensity", 656),
        ("0.5 t/MWh", "intensity", 500),
        ("2,100 kL", "water", 2_100_000),
        ("45 mL", "water", 0.045),
        ("5.66e23 FLOPs", "flop", 5.66e23),
        ("2 PF-days", "flop", 1.728e20),
    ],
)
def test_other_quantities(text: str, kind: str, inner: float) -> None:
    quantity = only_quantity(text, kind)
    assert quantity.inner == pytest.approx(inner, rel=1e-9)


def test_an_intensity_is_no_emission() -> None:
    for text in ("470 gCO2eq/kWh", "0.43 kg CO2 per kWh", "57 g / kWh", "0.5 t/MWh"):
        assert [one.kind for one in find_quantities(text)] == [], text


def test_a_rate_says_what_it_is_divided_by() -> None:
    rates = {
        "120 g CO2 per km": "km",
        "0.2 g CO2eq/image": "image",
        "300 gCO2 per fine-tuning run": None,
        "5 kg CO2 per training": None,
    }
    assert {text: next(find_quantities(text)).rate for text in rates} == rates


@pytest.mark.parametrize("text", ["", "12", "12 apples", "-3 kg CO2", "kg"])
def test_no_quantity(text: str) -> None:
    assert list(find_quantities(text)) == []


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("Carbon Emitted (tCO2eq)", "t"),
        ("CO2 Emissions (in grams)", "g"),
        ("Emissions (KgCO2eq)", "kg"),
        ("Greenhouse Gas Emissions (metric tons CO2eq)", "t"),
        ("emissions_kg", "kg"),
        ("CO2 emissions in kg", "kg"),
        ("Carbon emitted, t", None),
        ("Carbon Emitted", None),
        ("Carbon Intensity (kg CO2e/KWh)", None),
    ],
)
def test_unit_in_label(label: str, unit: str | None) -> None:
    assert unit_in_label("emissions", label) == unit


def test_unit_in_other_labels() -> None:
    assert unit_in_label("energy", "Energy consumption (kWh)") == "kWh"
    assert unit_in_label("power", "Power Consumption (W)") == "W"
    assert unit_in_label("duration", "Training time (min)") == "min"


def test_ranges_of_quantities_have_inner_ends() -> None:
    quantity, plain = only_quantity("60-70 kg CO2", "emissions"), only_quantity("60 kg CO2", "emissions")
    assert (quantity.inner, quantity.inner_low, quantity.inner_high) == (65_000, 60_000, 70_000)
    assert (plain.inner_low, plain.inner_high) == (None, None)


def test_scaling_leaves_no_dust() -> None:
    assert scaled(0.1069, 1000) == 106.9
    assert scaled(0.1234567890123456789, 1.0) == 0.1234567890123456789


def test_unknown_unit_is_an_error() -> None:
    with pytest.raises(KeyError):
        unit_factor("emissions", "stone")
    assert unit_factor("intensity", "kg/MWh") == 1


@given(st.one_of(st.just(0.0), st.floats(min_value=1e-250, max_value=1e15)))
def test_every_float_comes_back(value: float) -> None:
    number = parse_number(repr(value))
    assert isinstance(number, Number)
    assert number.value == value or str(value).endswith(".000")


@given(
    st.floats(min_value=1e-6, max_value=1e9),
    st.sampled_from([("g", 1), ("kg", 1e3), ("t", 1e6), ("mg", 1e-3), ("kt", 1e9)]),
    st.sampled_from(["", " "]),
)
def test_quantities_come_back_from_their_unit(value: float, unit: tuple[str, float], gap: str) -> None:
    text = f"{value:.6g}{gap}{unit[0]}CO2eq"
    quantity = only_quantity(text, "emissions")
    assert quantity.unit == unit[0]
    assert math.isclose(quantity.inner, float(f"{value:.6g}") * unit[1], rel_tol=1e-9)


@given(st.integers(min_value=1000, max_value=10**15), st.sampled_from([",", "'", "_", " ", "\u202f"]))
def test_thousands_come_back(value: int, mark: str) -> None:
    number = parse_number(f"{value:,}".replace(",", mark))
    assert isinstance(number, Number)
    assert number.value == value


@given(st.text(max_size=300))
def test_any_text_gives_a_number_or_a_reason(text: str) -> None:
    found = parse_number(text)
    assert isinstance(found, (Number, Refusal))
    for quantity in find_quantities(text, ("emissions", "energy", "power", "duration", "water", "flop", "intensity")):
        assert quantity.number.value >= 0
        assert 0 <= quantity.start < quantity.end <= len(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5 thousand", 5e3),
        ("3 mil", 3e3),
        ("2 tausend", 2e3),
        ("2 mille", 2e3),
        ("1.5 mio", 1.5e6),
        ("2 mio.", 2e6),
        ("2 millones", 2e6),
        ("2 milliones", 2e6),
        ("2 million", 2e6),
    ],
)
def test_scale_words(text: str, value: float) -> None:
    number = parse_number(text)
    assert isinstance(number, Number)
    assert number.value == value
    assert number.half_step == pytest.approx(
        value / 2 / float(text.split(maxsplit=1)[0]) / (10 if "." in text.split(maxsplit=1)[0] else 1)
    )


def test_two_numbers_joined_by_and_are_no_range() -> None:
    number = find_number("3k and 5 more")
    assert isinstance(number, Number)
    assert (number.value, number.low, number.high, number.half_step, number.start, number.end) == (
        3000,
        None,
        None,
        500,
        0,
        2,
    )
    plain = find_number("3 and 5 more")
    assert isinstance(plain, Number)
    assert (plain.value, plain.end) == (3, 1)


def test_a_multiplier_behind_a_range_counts_for_both_ends() -> None:
    for text, low, high in (("1-2k", 1000, 2000), ("1k-2k", 1000, 2000), ("800 to 2k", None, None)):
        number = find_number(text)
        if low is None:
            assert number == Refusal("ambiguous-range")
        else:
            assert isinstance(number, Number)
            assert (number.low, number.high, number.value) == (low, high, 1500)
    spread = find_number("2k ± 0.5k")
    assert isinstance(spread, Number)
    assert (spread.value, spread.low, spread.high) == (2000, 1500, 2500)
    step = find_number("1.5-2")
    assert isinstance(step, Number)
    assert step.half_step == 0.5


@pytest.mark.parametrize("text", ["1e301", "12,34.5", "1.2345.678", "1,2345,678", "1,234.5,6"])
def test_separators_that_make_no_sense(text: str) -> None:
    refused = parse_number(text)
    assert isinstance(refused, Refusal), refused
    assert refused.reason in {"version", "several-numbers"}


def test_minus_zero_is_zero() -> None:
    number = parse_number("-0.00")
    assert isinstance(number, Number)
    assert (number.value, number.half_step) == (0, 0.005)


def test_a_hundredfold_range_is_doubtful_only_with_a_dash() -> None:
    assert find_number("1-100") == Refusal("ambiguous-range")
    wide = find_number("1 to 100")
    assert isinstance(wide, Number)
    assert (wide.low, wide.high) == (1, 100)
    narrow = find_number("1-99")
    assert isinstance(narrow, Number)
    zero = find_number("0-300")
    assert isinstance(zero, Number)


def test_a_decimal_comma_needs_three_digits_and_a_head_to_be_a_thousand() -> None:
    values = {
        "1,234": 1234,
        "12,34": 12.34,
        "0,125": 0.125,
        "1234,567": 1234.567,
        "999,000": 999_000,
        "0.000": 0,
        "1.000": 1000,
        "1000.000": 1000,
    }
    for text, value in values.items():
        number = parse_number(text)
        assert isinstance(number, Number)
        assert number.value == value, text


def test_the_last_digit_of_a_spread_is_scaled_with_it() -> None:
    spread = parse_number("1.5k ± 0.1k")
    assert isinstance(spread, Number)
    assert (spread.value, spread.low, spread.high, spread.half_step) == (1500.0, 1400.0, 1600.0, 50.0)


def test_a_number_beyond_all_bounds_is_refused() -> None:
    assert isinstance(parse_number("9e39"), Number)
    assert parse_number("1.5e40") == Refusal("too-large")


@pytest.mark.parametrize("kind", sorted(NO_UNIT | {"emissions": NO_MASS}))
def test_no_unit_begins_with_a_letter_at_which_none_is_looked_for(kind: str) -> None:
    none = NO_MASS if kind == "emissions" else NO_UNIT[kind]
    for pattern, _ in UNITS[kind].values():
        for one in alternatives(pattern):
            check_first_letter(one, none)


def check_first_letter(pattern: str, none: frozenset[str]) -> None:
    @settings(max_examples=12, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.from_regex(re.compile(rf"(?:{pattern})", re.ASCII), fullmatch=True))
    def check(text: str) -> None:
        assert text[:1].lower() not in none, (pattern, text)
        assert none is not NO_MASS or text[:2].lower() not in NO_MASS_BUT, (pattern, text)

    check()


@pytest.mark.parametrize("one", alternatives(CO2))
def test_a_word_for_co2_begins_with_letters_at_which_it_is_looked_for(one: str) -> None:
    check_first_letter(one, NO_MASS)

    @settings(max_examples=40, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.from_regex(re.compile(one, re.ASCII), fullmatch=True))
    def check(text: str) -> None:
        first = text[:2].lower()
        assert first in CO2_BEGINS or not first.isascii() or first[1:].isspace(), (one, text)

    check()


@pytest.mark.parametrize("kind", UNIT_BEGINS)
def test_units_begin_with_the_letters_that_are_looked_at_first(kind: str) -> None:
    for pattern, _ in UNITS[kind].values():

        @settings(max_examples=300, derandomize=True, database=None, deadline=None)
        @given(st.from_regex(re.compile(pattern), fullmatch=True))
        def check(unit: str) -> None:
            first = f"{unit} "[:2].lower()
            assert not first.isascii() or first in UNIT_BEGINS[kind] or (first[0] in ONE_LETTER and first[1] == " ")

        check()
