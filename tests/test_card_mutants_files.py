"""Meters' files at their edges: places of claims, sums of runs, checks of rows, dialects, what is named."""

from __future__ import annotations

import json
from typing import Any

import pytest
from test_card_meters import CARBONTRACKER, ECO2AI, MEASURED, answer, row, table

from mining.card import read_card
from mining.card.files.meters import meter_claims
from mining.card.files.text_of import number_of, rows_of, text_of
from mining.schema import Claim


def told(files: dict[str, bytes]) -> list[tuple[Any, ...]]:
    """Quantity, value, unit, inner value, row, scope and flags of each claim."""
    return [
        (one.quantity, one.value, one.unit, one.inner_value, one.where.rpartition(":")[2], one.scope, one.flags)
        for one in meter_claims(files)
        if one.quantity in {"emissions", "energy", "duration", "intensity"}
    ]


def test_a_run_says_its_amount_energy_and_time_at_its_row() -> None:
    rows = [row("a", 0.5, 1.0), row("a", 1.5, 3.0), row("b", 2.0, 4.0)]
    assert told({"emissions.csv": table(*rows)}) == [
        ("emissions", 1.5, "kg", 1500.0, "2", "training-run", ("log",)),
        ("emissions", 2.0, "kg", 2000.0, "3", "training-run", ("log",)),
        ("energy", 4.0, "kWh", 4.0, "3", "unknown", ("log",)),
        ("duration", 14400.0, "s", 4.0, "3", "unknown", ("log",)),
    ]


def test_rows_of_an_eco2ai_run_are_parts_that_are_added() -> None:
    lines = [f"7,p,d,{n},2026-01-01,{s},{e},{k},Xeon,,Linux,Peru" for n, s, e, k in [(1, 60, 1, 2), (2, 120, 3, 4)]]
    assert told({"emission.csv": "\n".join([ECO2AI, *lines]).encode()}) == [
        ("emissions", 6.0, "kg", 6000.0, "1-2", "training-run", ("log",)),
        ("energy", 4.0, "kWh", 4.0, "1-2", "unknown", ("log",)),
        ("duration", 180.0, "s", 0.05, "1-2", "unknown", ("log",)),
    ]
    without = [line.replace(",3,4,", ",,4,").replace(",120,", ",,") for line in lines]
    assert told({"emission.csv": "\n".join([ECO2AI, *without]).encode()}) == [
        ("emissions", 6.0, "kg", 6000.0, "1-2", "training-run", ("log",))
    ]


def test_a_row_without_a_name_of_its_run_is_a_run_by_itself() -> None:
    rows = [row("", kilograms, 1.0, timestamp="") for kilograms in (1.0, 2.0)]
    assert [one[1] for one in told({"emissions.csv": table(*rows)}) if one[0] == "emissions"] == [1.0, 2.0]


@pytest.mark.parametrize(
    ("small", "scope"),
    [
        ((0.0001, 0.001), "component"),  # far below the largest in amount and time: a test of the set-up
        ((0.0001, 5.0), "training-run"),  # a cheap run that took its time
        ((1.0, 0.001), "training-run"),
    ],
)
def test_a_run_is_a_test_where_amount_and_time_are_small(small: tuple[float, float], scope: str) -> None:
    found = told({"emissions.csv": table(row("a", *small), row("b", 4.0, 10.0))})
    assert [one[5] for one in found if one[0] == "emissions"] == [scope, "training-run"]


def test_a_zero_is_said_to_be_one() -> None:
    zero = row("a", 0.0, 1.0)
    assert told({"emissions.csv": table(zero)})[0] == (
        "emissions",
        0.0,
        "kg",
        0.0,
        "1",
        "training-run",
        ("log", "zero"),
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"gpu_energy": 0.41}, None),  # 1 % beside the sum of the parts
        ({"gpu_energy": 0.44}, "row-check"),
        ({"gpu_energy": ""}, None),  # a part that is not told is not checked
        ({"emissions_rate": 0.4 / 7200 * 1.01}, None),
        ({"emissions_rate": 0.4 / 7200 * 1.05}, "row-check"),
        ({"emissions_rate": 0.4 / 7200 * 1000 * 1.01}, None),
        ({"emissions_rate": 0.4 / 7200 * 1000 * 1.05}, "row-check"),
        ({"emissions_rate": 0}, None),
        ({"duration": ""}, None),
    ],
)
def test_a_row_agrees_with_itself_within_two_percent(changes: dict[str, object], reason: str | None) -> None:
    _, _, reasons = answer({"emissions.csv": table(row("a", 0.4, 2.0, **changes))})
    assert reasons == [reason] * (reason is not None)


def test_a_thousand_broken_rows_are_three_pieces_of_news_of_each_kind() -> None:
    lines = table(row("a", 1.0, 1.0)).decode().splitlines()
    broken = [lines[1] + ",more"] * 5 + [lines[1].replace(",1.0,", ",much,", 1)] * 5
    _, _, reasons = answer({"emissions.csv": "\n".join([*lines, *broken]).encode()})
    assert sorted(reasons) == ["row-fields"] * 3 + ["row-no-number"] * 3


def test_of_many_runs_the_last_are_read_and_the_first_is_named() -> None:
    rows = [row(str(n), 1.0 + n, 1.0) for n in range(502)]
    claims = meter_claims({"emissions.csv": table(*rows)})
    left_out = [(one.where, one.flags) for one in claims if one.outcome != "reported"]
    assert left_out == [("file:emissions.csv:1", ("runs-left-out",))]
    amounts = [one.value for one in claims if one.quantity == "emissions" and one.outcome == "reported"]
    assert (len(amounts), amounts[0], amounts[-1]) == (500, 3.0, 502.0)
    exactly = meter_claims({"emissions.csv": table(*rows[:500])})
    assert all(one.outcome == "reported" for one in exactly)


@pytest.mark.parametrize(
    ("cells", "count"),
    [
        ({"gpu_count": "4.0"}, 4),
        ({"gpu_count": "0"}, None),
        ({"gpu_count": "9999999"}, None),
        ({"gpu_count": "two"}, None),
        ({"gpu_model": ""}, None),  # the processor is not counted in accelerators
        ({"gpu_model": "nan"}, None),
    ],
)
def test_accelerators_are_counted_where_one_is_named(cells: dict[str, object], count: int | None) -> None:
    claims = meter_claims({"emissions.csv": table(row("a", 1.0, 1.0, **cells))})
    (hardware,) = [one for one in claims if one.quantity == "hardware"]
    assert hardware.count == count
    assert hardware.text == ("AMD EPYC" if "gpu_model" in cells else "2 x NVIDIA H100")


def test_place_and_provider_of_a_cloud_come_from_its_columns() -> None:
    one = row("a", 1.0, 1.0, region="Antofagasta") | {"cloud_provider": "gcp", "cloud_region": "europe-west4"}
    claims = meter_claims({"emissions.csv": table(one)})
    named = [(claim.quantity, claim.text) for claim in claims if claim.quantity in {"region", "provider", "tool"}]
    assert named == [("region", "Chile"), ("region", "europe-west4"), ("provider", "gcp"), ("tool", "codecarbon")]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b\n1,2\n\n 3 , 4 \n", [(0, "a,b", ("a", "b")), (1, "1,2", ("1", "2")), (2, " 3 , 4 ", ("3", "4"))]),
        ("sep=;\na;b\r\n1,5;2\r", [(0, "a;b", ("a", "b")), (1, "1,5;2", ("1,5", "2"))]),
        ('a|b\n"x\ny"|2\n3|4', [(0, "a|b", ("a", "b")), (1, '"x\ny"|2', ("x\ny", "2")), (3, "3|4", ("3", "4"))]),
        ("\n\n", []),
        ("sep=,\n", []),
    ],
)
def test_rows_have_numbers_and_their_lines(text: str, rows: list[tuple[int, str, tuple[str, ...]]]) -> None:
    assert [(one.number, one.text, one.cells) for one in rows_of(text)] == rows


@pytest.mark.parametrize(
    ("cell", "mark", "value"),
    [
        ("0", ".", 0.0),
        ("+3", ".", 3.0),
        (".5", ".", 0.5),
        (",5", ",", 0.5),
        ("1e400", ".", None),
        ("-1", ".", None),
        ("1_000", ".", None),
        ("inf", ".", None),
        ("1.5", ",", None),
        ("1,5", ".", None),
        ("", ".", None),
        ("3 kg", ".", None),
    ],
)
def test_numbers_of_a_cell(cell: str, mark: str, value: float | None) -> None:
    assert number_of(cell, mark) == value


def test_texts_in_two_bytes_a_letter_are_known_without_their_mark() -> None:
    words = "duration;emissions;land\n1;2;Türkei\n"
    for encoding in ("utf-16-le", "utf-16-be", "utf-16", "utf-8-sig"):
        assert text_of(words.encode(encoding)) == words
    assert text_of(b"a\0\0b" * 30) is None
    late = ("x" * 5000).encode() + b"\0"
    assert text_of(late) == late.decode()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("", ""), (850.5, 4.75, 9.5, 2)),
        (("850.500000 g", "1.700000 kg"), (1700.0, 4.75, 9.5, 2)),
        (("9:30:00", "100:00:36"), (850.5, 4.75, 100.01, 2)),
        (("A100, NVIDIA A100.", "A100, NVIDIA V100."), (850.5, 4.75, 9.5, None)),
        (("A100, NVIDIA A100.", "A100."), (850.5, 4.75, 9.5, 1)),
    ],
)
def test_a_carbontracker_log_says_what_was_measured(
    change: tuple[str, str], expected: tuple[float | None, ...]
) -> None:
    text = (CARBONTRACKER + MEASURED).replace(*change) if change[0] else CARBONTRACKER + MEASURED
    settled, found, _ = answer({"carbontracker.log": text.encode()})
    assert (settled.emissions_gco2e, found.energy_kwh, found.hardware_count) == (expected[0], expected[1], expected[3])
    assert found.duration_h == pytest.approx(expected[2])


def test_of_several_measurements_of_a_log_the_last_counts_at_its_line() -> None:
    log = MEASURED + MEASURED.replace("850.5", "900.5")
    grid = "2026-01-01 Average carbon intensity during training was 179.25 gCO2/kWh at detected location: Lund, SE.\n"
    claims = meter_claims({"carbontracker.log": (log + grid).encode()})
    said = {one.quantity: (one.value, one.text, one.where) for one in claims}
    assert said["emissions"][0] == 900.5
    assert said["emissions"][2] == "file:carbontracker.log:9"
    assert said["intensity"][0] == 179.25
    assert said["region"][1] == "Lund, SE"
    wrong = MEASURED.replace("4.750000", "4.7.5")
    assert answer({"carbontracker.log": wrong.encode()})[2] == ["row-no-number"]
    assert answer({"carbontracker.log": b"nothing of a meter"})[2] == ["file-unknown"]


def boamps(**changes: Any) -> bytes:
    value: dict[str, Any] = {
        "task": {"taskStage": "training"},
        "measures": [{"measurementMethod": "eco2AI", "powerConsumption": 3.0, "measurementDuration": 1800.0}],
        "infrastructure": {
            "cloudProvider": "ovh",
            "components": [
                {"componentType": "cpu", "componentName": "EPYC 7543", "nbComponent": 7},
                {"componentType": "GPU", "componentName": "NVIDIA L4", "nbComponent": 3},
                {"componentType": "gpu", "componentName": "NVIDIA T4", "nbComponent": 9},
            ],
        },
        "environment": {"country": "France", "location": "Gravelines", "powerSourceCarbonIntensity": 56.0},
    }
    return json.dumps(value | changes, indent=1).encode()


def of_report(data: bytes) -> dict[str, Claim]:
    return {one.quantity: one for one in meter_claims({"boamps_report_x.json": data})}


def test_a_report_says_its_first_accelerator_its_place_and_its_grid() -> None:
    found = of_report(boamps())
    assert (found["hardware"].text, found["hardware"].count) == ("NVIDIA L4", 3)
    assert (found["region"].text, found["provider"].text, found["tool"].text) == ("Gravelines", "ovh", "eco2AI")
    assert (found["intensity"].value, found["duration"].inner_value, found["energy"].value) == (56.0, 0.5, 3.0)
    assert found["energy"].text == '"powerConsumption": 3.0,'
    assert found["energy"].where == "file:boamps_report_x.json:8"
    assert found["energy"].scope == "unknown"


def test_a_report_without_an_accelerator_names_its_processor_uncounted() -> None:
    components = {"components": [{"componentType": "cpu", "componentName": "EPYC 7543", "nbComponent": 7}]}
    found = of_report(boamps(infrastructure=components))
    assert (found["hardware"].text, found["hardware"].count) == ("EPYC 7543", None)
    assert "hardware" not in of_report(boamps(infrastructure={"components": [{"componentName": "nameless"}]}))


@pytest.mark.parametrize(
    ("measure", "reasons"),
    [
        ({"powerConsumption": "2.5"}, []),
        ({"powerConsumption": True}, ["row-no-number"]),
        ({"powerConsumption": -1}, ["row-no-number"]),
        ({"powerConsumption": "much"}, ["row-no-number"]),
        ({"powerConsumption": 0}, []),
        ({}, ["row-no-number"]),
    ],
)
def test_an_energy_of_a_report_is_a_number_that_is_not_negative(measure: dict[str, Any], reasons: list[str]) -> None:
    assert answer({"boamps_report_x.json": boamps(measures=[measure])})[2] == reasons


def test_a_report_without_measures_is_none() -> None:
    for measures in ([], "none", [3]):
        assert answer({"boamps_report_x.json": boamps(measures=measures)})[2] == ["file-unknown"]


def test_files_beyond_the_first_few_are_named() -> None:
    files = {f"run{n:02d}/emissions.csv": table(row("a", 1.0, 1.0)) for n in range(40)}
    claims = meter_claims(files)
    named = [one for one in claims if one.flags == ("file-not-looked-at",)]
    amounts = [one for one in claims if one.quantity == "emissions" and one.outcome == "reported"]
    assert named
    assert len(named) + len(amounts) == 40
    assert "lower-bound" in amounts[-1].flags


def test_a_report_of_energy_counts_only_where_no_meter_states_emissions() -> None:
    both = {"emissions.csv": table(row("a", 1.0, 1.0)), "boamps_report_x.json": boamps()}
    assert answer(both)[1].energy_kwh == 2.0
    assert answer({"boamps_report_x.json": boamps()})[1].energy_kwh == 3.0


PAIRS = ["CO2_emissions(kg): 0.25", "duration(s): 3600", "power_consumption(kWh): 0.8", "GPU_name: NVIDIA A100"]


@pytest.mark.parametrize("form", ["{}", "- {}", "* {}", '"{}",'])
def test_a_row_written_as_one_column_a_line_is_a_row(form: str) -> None:
    listed = "\n".join(form.format(pair) for pair in PAIRS)
    if form == '"{}",':
        listed = listed.replace(": ", '": "')
    claims = read_card(f"# Heron\n\n## Run\n\n{listed}\n\nText.\n").claims
    amounts = [(one.inner_value, one.line, one.section) for one in claims if "log" in one.flags and one.unit == "kg"]
    assert (250.0, 5, "Run") in amounts
    hardware = {(one.line, one.text) for one in claims if one.quantity == "hardware" and "log" in one.flags}
    assert (8, "NVIDIA A100") in hardware


def test_two_columns_are_no_row() -> None:
    claims = read_card("# Heron\n\nCO2_emissions(kg): 0.25\nduration(s): 3600\n\nText.\n").claims
    assert not [one for one in claims if "log" in one.flags]


STRAIGHT = "| CO2_emissions(kg) | duration(s) | GPU_name |\n|---|---|---|\n| 0.25 | 3600 | NVIDIA A100 |\n"
TURNED = (
    "| column | value |\n|---|---|\n| CO2_emissions(kg) | 0.25 |\n| duration(s) | 3600 |\n| GPU_name | NVIDIA A100 |\n"
)


@pytest.mark.parametrize(("body", "line"), [(STRAIGHT, 5), (TURNED, 5)])
def test_a_row_made_a_table_is_a_row_at_its_line(body: str, line: int) -> None:
    claims = [one for one in read_card(f"# Heron\n\n{body}").claims if "log" in one.flags]
    emissions = [one for one in claims if one.quantity == "emissions"]
    assert [(one.inner_value, one.line) for one in emissions] == [(250.0, line)]
    assert {one.flags for one in claims if one.quantity == "tool"} == {("log", "aside")}
    assert all(one.text for one in claims)


def test_a_pasted_log_and_its_last_total_are_read_at_their_lines() -> None:
    log = "[codecarbon INFO] Energy consumed for RAM: 0.1 kWh. Total energy: {} kWh"
    lines = [log.format(1.25), "epoch 2", log.format(2.5), "epoch 3"]
    total = "[codecarbon INFO @ 10:00] 2.5 kWh of electricity used since the beginning."
    earlier = total.replace("2.5", "1.25")
    claims = read_card("# Heron\n\n```\n" + "\n".join([earlier, *lines[1:2], total, "epoch 3"]) + "\n```\n").claims
    found = [(one.value, one.unit, one.line) for one in claims if one.quantity == "energy" and "log" in one.flags]
    assert found == [(2.5, "kWh", 6)]
    pasted = read_card("# Heron\n\n```\n" + MEASURED + "```\n").claims
    (emissions,) = [one for one in pasted if one.quantity == "emissions" and "log" in one.flags]
    assert (emissions.inner_value, emissions.where) == (850.5, f"card:Heron:{emissions.line}")


def test_a_table_of_two_decimal_marks_is_named_at_its_first_row() -> None:
    one = table(row("a", 1.5, 1.0), separator=";").decode().splitlines()
    other = table(row("b", 2.5, 2.0), separator=";", decimal=",").decode().splitlines()
    (claim,) = meter_claims({"emissions.csv": "\n".join([*one, other[1]]).encode()})
    assert (claim.flags, claim.text, claim.where) == (("file-marks-mixed",), one[1], "file:emissions.csv:1")
