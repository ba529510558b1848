"""Inputs of a run without a card: numbers as people write them, places and devices that are not known, boundaries."""

from __future__ import annotations

import click
import pytest

from analysis import estimate_run
from analysis.commands.estimate import LARGE
from analysis.estimates.places import grid_intensity
from mining.errors import UsageError


@pytest.mark.parametrize(
    ("text", "value"),
    [("7e9", 7e9), ("7B", 7e9), ("1.5T", 1.5e12), ("300m", 3e8), ("7 b", 7e9), ("1,000,000", 1e6), ("2K", 2e3)],
)
def test_large_numbers_as_people_write_them(text: str, value: float) -> None:
    assert LARGE.convert(text, None, None) == pytest.approx(value)


@pytest.mark.parametrize("text", ["7,5", "x", "", "7BB", "1,00,000"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        LARGE.convert(text, None, None)


@pytest.mark.parametrize("hardware", ["abacus", "gpu", "Raspberry Pi 4", "A1000"])
def test_an_unknown_device_is_answered_with_known_ones(hardware: str) -> None:
    with pytest.raises(UsageError, match=r"unknown device .*(nearest known|for instance).*NVIDIA A100"):
        estimate_run(hardware, hours=3)


def test_no_name_and_no_place_are_told_from_unknown_ones() -> None:
    with pytest.raises(UsageError, match="no hardware is named"):
        estimate_run(" ", hours=3)
    with pytest.raises(UsageError, match="known are countries"):
        estimate_run("A100", hours=3, region="Springfield")
    assert grid_intensity("worldwide", 2024).g_per_kwh == grid_intensity(None, 2024).g_per_kwh


def test_a_part_of_a_country_has_its_own_year() -> None:
    found = grid_intensity("Quebec", 2021)
    assert (found.year, found.zone, found.is_assumed) == (2021, "CA-QC", False)
    assert found.g_per_kwh != grid_intensity("Quebec", 2025).g_per_kwh
    assert grid_intensity("us-east-1", 2022).is_assumed  # no figure of that year: said, not passed over


@pytest.mark.parametrize(
    ("hardware", "count"), [("H100", 1), ("T4", 1), ("A100", 1), ("A100", 4), ("H100", 8), ("T4", 8)]
)
def test_a_boundary_never_holds_less_than_the_one_inside_it(hardware: str, count: int) -> None:
    found = estimate_run(hardware, count=count, hours=3).boundaries
    inside = [one.central for one in (found.gpu, found.machine, found.facility) if one is not None]
    assert inside == sorted(inside)
    assert found.facility is not None
    assert found.gpu is not None
    assert found.node is None or found.gpu.central < found.node.central <= found.facility.central
