"""Meters' files: read row by row with their own header, one run at a time, or named with the reason why not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mining.card import context, read_card, settle
from mining.card.files.meters import meter_claims
from mining.card.files.text_of import decimal_mark, text_of
from mining.fields import ClaimFlag, FileFault
from mining.meter_files import FILE_FAULTS, is_meter_file, meter_files
from mining.schema import Claim, Context, Settlement

COLUMNS = [
    "timestamp",
    "run_id",
    "duration",
    "emissions",
    "emissions_rate",
    "cpu_energy",
    "gpu_energy",
    "ram_energy",
    "energy_consumed",
    "country_name",
    "region",
    "cpu_model",
    "gpu_count",
    "gpu_model",
]


def row(run: str, kilograms: float, hours: float, **other: Any) -> dict[str, object]:
    """A row as CodeCarbon writes it, its checks kept."""
    energy = kilograms * 2
    values: dict[str, object] = dict.fromkeys(COLUMNS, "")
    values |= {
        "timestamp": "2026-01-01T00:00:00",
        "run_id": run,
        "duration": hours * 3600,
        "emissions": kilograms,
        "emissions_rate": kilograms / (hours * 3600),
        "cpu_energy": energy / 4,
        "gpu_energy": energy / 2,
        "ram_energy": energy / 4,
        "energy_consumed": energy,
        "country_name": "Chile",
        "cpu_model": "AMD EPYC",
        "gpu_count": 2,
        "gpu_model": "2 x NVIDIA H100",
    }
    return values | other


def table(*rows: dict[str, object], separator: str = ",", decimal: str = ".") -> bytes:
    """Rows below their header; a new header where a row's columns differ from those above."""
    lines, header = [], None
    for one in rows:
        if header != list(one):
            header = list(one)
            lines.append(separator.join(header))
        lines.append(
            separator.join(
                str(value).replace(".", decimal) if isinstance(value, float) else str(value) for value in one.values()
            )
        )
    return ("\n".join(lines) + "\n").encode()


def answer(files: dict[str, bytes], **unread: FileFault) -> tuple[Settlement, Context, list[ClaimFlag]]:
    """Settlement, context and reasons of a card that says nothing beside these files."""
    claims = read_card(b"# M", files=files, unread_files=unread or None).claims
    settled = settle(claims)
    reasons = [flag for claim in claims for flag in claim.flags if flag in FILE_FAULTS]
    return settled, context(claims, emissions_gco2e=settled.emissions_gco2e), reasons


@pytest.mark.parametrize(
    ("separator", "decimal"), [(",", "."), (";", "."), (";", ","), ("\t", ","), ("\t", "."), ("|", ".")]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_dialects_say_the_same(separator: str, decimal: str, encoding: str) -> None:
    data = table(row("a", 0.42, 2.5), separator=separator, decimal=decimal).decode().encode(encoding)
    settled, found, reasons = answer({"emissions.csv": data})
    assert settled.emissions_gco2e == pytest.approx(420)
    assert reasons == []
    assert (found.duration_h, found.energy_kwh) == pytest.approx((2.5, 0.84))
    assert (found.hardware, found.hardware_count, found.country) == ("NVIDIA H100", 2, "CHL")


def test_everything_comes_from_the_last_run_that_is_no_test() -> None:
    first = row("a", 9.0, 30.0, gpu_model="4 x NVIDIA L4", gpu_count=4, country_name="Peru")
    last, smoke = row("b", 3.0, 10.0), row("c", 1e-5, 0.001, gpu_model="1 x Tesla T4", country_name="Japan")
    settled, found, reasons = answer({"emissions.csv": table(first, last, smoke)})
    assert (settled.emissions_gco2e, settled.emissions_low_gco2e, settled.emissions_high_gco2e) == (3000, 3000, 12000)
    assert (found.energy_kwh, found.duration_h, found.hardware, found.country) == (6.0, 10.0, "NVIDIA H100", "CHL")
    assert (settled.emissions_flags, reasons) == (("range",), [])


def test_one_run_repeats_its_running_total() -> None:
    rows = [row("a", 0.001 * n, 0.01 * n) for n in range(1, 3001)]
    settled, found, _ = answer({"emissions.csv": table(*rows)})
    assert settled.emissions_gco2e == pytest.approx(3000)
    assert settled.emissions_flags == ()
    assert found.duration_h == pytest.approx(30)


def test_a_row_is_read_by_its_own_header_or_not_at_all() -> None:
    newer = {"experiment_id": "x", **row("b", 0.9, 3.0), "wue": 0.0}
    settled, _, reasons = answer({"emissions.csv": table(row("a", 0.4, 2.0), newer)})
    assert (settled.emissions_gco2e, reasons) == (900, [])
    without = b"\n".join(line for line in table(row("a", 0.4, 2.0), newer).split(b"\n") if not line.startswith(b"exp"))
    settled, _, reasons = answer({"emissions.csv": without})
    assert (settled.emissions_gco2e, settled.emissions_flags, reasons) == (400, ("lower-bound",), ["row-fields"])
    only = b"\n".join(without.split(b"\n")[::2])
    settled, found, reasons = answer({"emissions.csv": only})
    assert (settled.emissions_gco2e, settled.emissions_outcome, reasons) == (None, "unreadable", ["row-fields"])
    assert found == Context()


@pytest.mark.parametrize(
    "wrong", [{"gpu_energy": 40.0}, {"emissions_rate": 1.0}, {"emissions": -1.0}, {"emissions": "much"}]
)
def test_a_row_that_contradicts_itself_is_unreadable(wrong: dict[str, object]) -> None:
    settled, found, reasons = answer({"emissions.csv": table(row("a", 0.4, 2.0, **wrong))})
    assert (settled.emissions_outcome, found.energy_kwh) == ("unreadable", None)
    assert reasons == ["row-no-number" if "emissions" in wrong else "row-check"]


def test_the_rate_in_grams_a_second_of_older_versions_is_right() -> None:
    older = row("a", 0.4, 2.0, emissions_rate=0.4 / 7200 * 1000)
    assert answer({"emissions.csv": table(older)})[0].emissions_gco2e == 400


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "file-empty"),
        (b"\n \n", "file-empty"),
        (table(row("a", 1.0, 1.0)).split(b"\n")[0], "file-empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 4\n", "file-pointer"),
        (b"date,model,emissions_kg\n2026-01-05,owl,0.31\n", "file-unknown"),
        (b"\x00\x00\x02\x03" * 100, "file-not-text"),
        (table({"task_name": "fit", **row("a", 1.0, 1.0)}), "file-tasks"),
        (
            table(row("a", 1.5, 1.0), separator=";")
            + table(row("b", 2.5, 2.0), separator=";", decimal=",").split(b"\n")[1],
            "file-marks-mixed",
        ),
    ],
)
def test_what_cannot_be_read_is_named(data: bytes, reason: str) -> None:
    settled, _, reasons = answer({"emissions.csv": data})
    assert (settled.emissions_gco2e, reasons) == (None, [reason])
    assert settled.emissions_outcome in {"unreadable", "could-not-look"}
    (claim,) = (one for one in meter_claims({"emissions.csv": data}) if one.outcome != "reported")
    assert claim.where.startswith("file:emissions.csv:")


def test_a_file_that_is_too_large_is_named_and_not_cut() -> None:
    settled, _, reasons = answer({"emissions.csv": table(row("a", 0.4, 2.0)) + b" " * 5_000_000})
    assert (settled.emissions_gco2e, settled.emissions_outcome, reasons) == (None, "could-not-look", ["file-too-large"])


def test_a_file_that_was_not_fetched_is_not_silence() -> None:
    claims = read_card(b"# M", unread_files={"logs/emissions.csv": "file-not-fetched"}).claims
    assert settle(claims).emissions_outcome == "could-not-look"
    assert not meter_claims({}, {"notes.csv": "file-not-fetched"})


def test_older_files_come_before_the_current_one() -> None:
    names = [
        "emissions.csv_1.bak",
        "b/emissions.csv",
        "emissions_0.csv",
        "emissions.csv",
        "run_carbontracker.log",
        "notes.csv",
    ]
    assert meter_files(names) == [
        "emissions.csv",
        "emissions_0.csv",
        "run_carbontracker.log",
        "emissions.csv_1.bak",
        "b/emissions.csv",
    ]
    files = {"emissions.csv": table(row("b", 0.5, 1.0)), "emissions.csv.bak": table(row("a", 2.0, 4.0))}
    settled, found, _ = answer(files)
    assert (settled.emissions_gco2e, settled.emissions_high_gco2e, found.duration_h) == (500, 2500, 1.0)
    assert not is_meter_file("emissions.csv.gz")


ECO2AI = (
    "id,project_name,experiment_description,epoch,start_time,duration(s),power_consumption(kWh),"
    "CO2_emissions(kg),CPU_name,GPU_name,OS,region/country"
)


def test_eco2ai_sums_the_epochs_of_a_run() -> None:
    rows = [
        f'7,p,d,"epoch: {n}, loss: 1",2026-01-01,1800,0.5,0.2,Xeon,NVIDIA A100 1 device(s),Linux,Finland'
        for n in (1, 2, 3)
    ]
    settled, found, reasons = answer({"emission.csv": "\n".join([ECO2AI, *rows]).encode()})
    assert settled.emissions_gco2e == pytest.approx(600)
    assert reasons == []
    assert (found.energy_kwh, found.duration_h, found.tool, found.country) == (1.5, 1.5, "eco2ai", "FIN")
    assert found.hardware == "NVIDIA A100"


CARBONTRACKER = """2026-01-01 10:00:00 - carbontracker version 2.4.7
2026-01-01 10:00:00 - The following components were found: GPU with device(s) NVIDIA A100, NVIDIA A100.
2026-01-01 11:00:00 - CarbonTracker:
Predicted consumption for 10 epoch(s):
\tTime:\t10:00:00
\tEnergy:\t5.000000 kWh
\tCO2eq:\t900.000000 g
"""
MEASURED = """2026-01-01 20:00:00 - CarbonTracker:
Actual consumption for 10 epoch(s):
\tTime:\t9:30:00
\tEnergy:\t4.750000 kWh
\tCO2eq:\t850.500000 g
\tThis is equivalent to:
\t7.9 km travelled by car
"""


def test_carbontracker_measures_and_predicts() -> None:
    name = "x_2026-01-01T100000Z_carbontracker_output.log"
    settled, found, _ = answer({name: (CARBONTRACKER + MEASURED).encode()})
    assert (settled.emissions_gco2e, found.energy_kwh, found.duration_h) == (850.5, 4.75, 9.5)
    assert (found.hardware, found.hardware_count, found.tool) == ("NVIDIA A100", 2, "carbontracker")
    settled, _, reasons = answer({name: CARBONTRACKER.encode()})
    assert (settled.emissions_outcome, reasons) == ("unreadable", ["only-predicted"])


def report(measures: int = 1, stage: str = "fineTuning") -> bytes:
    """A BoAmps report as CodeCarbon 3.3 writes it."""
    measure = {
        "measurementMethod": "codecarbon",
        "version": "3.3.2",
        "powerConsumption": 12.5,
        "measurementDuration": 7200.0,
    }
    gpu = {"componentType": "gpu", "componentName": "2 x NVIDIA H100", "nbComponent": 2}
    value = {
        "header": {"formatVersion": "0.1", "reportId": "r"},
        "task": {"taskStage": stage, "taskFamily": "chat"},
        "measures": [measure] * measures,
        "infrastructure": {
            "infraType": "publicCloud",
            "cloudProvider": "aws",
            "components": [{"componentType": "cpu"}, gpu],
        },
        "environment": {"country": "Sweden"},
    }
    return json.dumps(value, indent=2).encode()


def test_a_boamps_report_states_energy_and_no_emissions() -> None:
    settled, found, reasons = answer({"boamps_report_r.json": report()})
    assert (settled.emissions_gco2e, settled.emissions_outcome, reasons) == (None, "not-reported", [])
    assert (found.energy_kwh, found.duration_h, found.hardware, found.hardware_count) == (12.5, 2.0, "NVIDIA H100", 2)
    assert (found.country, found.provider, found.tool) == ("SWE", "AWS", "codecarbon")
    assert answer({"boamps_report_r.json": report(stage="inference")})[1].energy_kwh is None
    assert answer({"boamps_report_r.json": report(2)})[2] == ["several-measures"]
    assert answer({"boamps_report_r.json": b"[" * 9999})[2] == ["file-unknown"]


def test_a_table_pasted_into_a_card_is_read_like_the_file() -> None:
    text = "# M\n\n```\n" + table(row("a", 0.2, 1.0), row("a", 0.4, 2.0)).decode() + "```\n"
    claims = read_card(text).claims
    (emissions,) = (claim for claim in claims if claim.quantity == "emissions")
    assert (emissions.inner_value, emissions.line, emissions.where) == (400, 6, "card:M:6")
    broken = text.replace("2 x NVIDIA H100", "2 x NVIDIA H100,extra")
    assert settle(read_card(broken).claims).emissions_outcome == "unreadable"


def test_encodings_and_marks() -> None:
    assert text_of("région".encode("cp1252")) == "région"
    assert text_of("a,b".encode("utf-16-be")) == "a,b"
    assert (decimal_mark(iter(["1", "2"])), decimal_mark(iter(["1.5", "2,5"]))) == (".", None)


def test_claims_stand_in_their_file_word_for_word() -> None:
    data = table(row("a", 0.4, 2.0), row("b", 0.5, 2.0))
    claims: list[Claim] = meter_claims({"emissions.csv": data})
    assert all(claim.text in data.decode() for claim in claims if claim.quantity != "tool")


@pytest.mark.parametrize(
    ("block", "grams", "outcome"),
    [
        (
            (
                "id,epoch,duration(s),power_consumption(kWh),CO2_emissions(kg),GPU_name\n7f,N/A,3600,0.8,0.25,NVIDIA "
                "A100 1 device(s)"
            ),
            250,
            "reported",
        ),
        (
            "timestamp,run_id,duration,emissions,energy_consumed\n2026-01-01T10:00:00,a,b,3600,0.10,0.3",
            None,
            "unreadable",
        ),
    ],
)
def test_a_pasted_table_is_read_by_its_header_or_said_to_be_unreadable(
    block: str, grams: float | None, outcome: str
) -> None:
    settled = settle(read_card(f"# Heron\n\n```csv\n{block}\n```\n").claims)
    assert (settled.emissions_gco2e, settled.emissions_outcome) == (grams, outcome)
