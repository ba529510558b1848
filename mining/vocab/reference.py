"""Reference data: carbon intensity of places and power of hardware, each with its table and a sensitivity band.

The packaged tables disagree by 5 to 40 % for the same country; that disagreement is the band. Nothing is interpolated:
a place without a row falls back to its country, then to the world, and the answer says so. Power is the maker's thermal
design power; its band spans the forms sold under the same name (an A100 is 250 W as a card and 400 W as a module).
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from msgspec import Struct

from mining.patterns import regex
from mining.vocab.load import finder, vocabulary
from mining.vocab.tables import read_table

__all__ = ["IntensityEstimate", "PowerEstimate", "country_of", "intensity", "machine", "power"]

_AVAILABILITY_ZONE = regex(r"^([a-z]{2,14}-[a-z]{3,14}-?\d{1,2})-?[a-f]$", re.IGNORECASE, stems="-")
"""A zone inside a cloud region: us-east-1a, europe-west4-a."""

Level = Literal["region", "country", "world"]

TABLES = {
    "google": ("Google Cloud region carbon data, as packaged by codecarbon", "3.3.2"),
    "codecarbon": ("codecarbon energy mixes", "3.3.2"),
    "owid": ("Our World in Data, as packaged by carbontracker", "2.4.7"),
    "eco2ai": ("eco2ai carbon index", "0.3.12"),
    "ecologits": ("ecologits electricity mixes", "as installed"),
}
"""Title and version of each packaged table, in order of preference."""

POWER_SOURCES = {
    "vendor": "thermal design power as published by the maker",
    "mlco2": "mlco2/impact gpus.csv (chip); band to the figures of Jouppi et al. 2021",
    "jouppi2023": "Jouppi et al. 2023, mean power of the chip; band from minimum to maximum",
    "codecarbon-family": "codecarbon 3.3.2 cpu_power.csv: median of the family; band from 10th to 90th percentile",
}


class IntensityEstimate(Struct, frozen=True):
    """Carbon intensity of electricity, g CO2eq per kWh, with the lowest and highest figure of the packaged tables.

    ``level`` says whether the row is the region's own, its country's, or the world's; anything wider than asked is a
    ``fallback``.
    """

    g_per_kwh: float
    low: float
    high: float
    table: str
    version: str
    year: int | None
    zone: str
    level: Level
    fallback: bool


class PowerEstimate(Struct, frozen=True):
    """Power of one device in W, with the smallest and largest figure of the forms sold under its name.

    ``kind`` is gpu, tpu, accelerator or cpu; ``devices`` chips that one such thing holds (a TPU v3-8 holds four),
    already multiplied in.
    """

    w: float
    low: float
    high: float
    source: str
    name: str
    kind: str
    devices: int


class _Figure(Struct, frozen=True):
    table: str
    g_per_kwh: float
    year: int | None


@cache
def _figures(with_ecologits: bool = False) -> dict[str, list[_Figure]]:
    zones: dict[str, list[_Figure]] = defaultdict(list)
    if with_ecologits:
        for zone, figure in _ecologits():
            zones[zone].append(figure)
    for row in read_table("intensity"):
        zones[row["zone"]].append(
            _Figure(row["table"], float(row["g_per_kwh"]), int(row["year"]) if row["year"] else None)
        )
    order = list(TABLES)
    return {zone: sorted(figures, key=lambda figure: order.index(figure.table)) for zone, figures in zones.items()}


def _ecologits() -> list[tuple[str, _Figure]]:
    """The country table of an installed ecologits (MPL-2.0, not packaged here); empty where it is not installed."""
    import json

    found = find_spec("ecologits")
    path = Path(found.origin).parent / "data" / "electricity_mixes.json" if found and found.origin else None
    if path is None or not path.is_file():
        return []
    mixes = json.loads(path.read_bytes())["electricity_mixes"]
    return [
        ("World" if mix["name"] == "WOR" else mix["name"], _Figure("ecologits", mix["gwp"] * 1000, None))
        for mix in mixes
    ]


def _place(text: str) -> str | None:
    """Standard name of a place: the whole value, or the first known place inside it."""
    regions = vocabulary("region")
    name = regions.encode(text).name or regions.encode(_AVAILABILITY_ZONE.sub(r"\1", text.strip())).name
    if name is None:
        match = next(iter(finder("region").find(text[:200])), None)
        name = match.name if match else None
    return name


def country_of(place: str) -> str | None:
    """ISO 3166-1 alpha-3 code of a country, state, city or cloud region.

    Args:
        place: Standard name or any written place.

    Returns:
        The code, or None where the place is unknown or lies in several countries.
    """
    name = _place(place)
    return (vocabulary("region").attributes(name)["country"] or None) if name else None


def intensity(place: str | None, *, with_ecologits: bool = False) -> IntensityEstimate:
    """Carbon intensity of the electricity of a place.

    Args:
        place: ISO code, standard name, or any written country, state, city or cloud region; None where it is not known.
        with_ecologits: Widen the band by the table of an installed ecologits (its boundary is the whole life cycle).

    Returns:
        The figure of the finest zone that a table knows. Its band spans all tables of that zone and of the country
        around it (tools differ in which they use). An unknown place gives the world's figure, marked ``fallback``.
    """
    figures = _figures(with_ecologits)
    zone = country = ""
    name = _place(place) if place else None
    if name:
        attributes = vocabulary("region").attributes(name)
        zone, country = attributes["zone"] or attributes["country"], attributes["country"]
    wanted: list[tuple[str, Level]] = [
        (zone, "country" if zone == country else "region"),
        (country, "country"),
        ("World", "world"),
    ]
    zone, level = next((key, level) for key, level in wanted if key in figures)
    best = figures[zone][0]
    band = [figure.g_per_kwh for key in {zone, country or zone} for figure in figures.get(key, ())]
    title, version = TABLES[best.table]
    fallback = level == "world" or (level == "country" and wanted[0][1] == "region")
    return IntensityEstimate(best.g_per_kwh, min(band), max(band), title, version, best.year, zone, level, fallback)


@cache
def _machines() -> dict[str, tuple[str, int]]:
    return {row["machine"]: (row["hardware"], int(row["devices"])) for row in read_table("machines")}


def machine(name: str) -> tuple[str, int] | None:
    """Hardware in a machine sold under that name, and how many pieces: a ``p3.16xlarge`` holds eight V100.

    Args:
        name: Name of the machine as the packaged table writes it.

    Returns:
        Standard hardware name and count, or None.
    """
    return _machines().get(name)


def power(hardware: str | None) -> PowerEstimate | None:
    """Power of one device of a kind of hardware.

    Args:
        hardware: Standard name or written hardware; the first known device inside the text counts.

    Returns:
        The estimate in W, or None where the hardware is unknown or its maker publishes no figure.
    """
    name = _device(hardware) if hardware else None
    if name is None:
        return None
    row = vocabulary("hardware").attributes(name)
    if not row["power_w"]:
        return None
    watts, low, high = (float(row[key]) for key in ("power_w", "low_w", "high_w"))
    return PowerEstimate(watts, low, high, POWER_SOURCES[row["power_source"]], name, row["kind"], int(row["devices"]))


def _device(text: str) -> str | None:
    known = vocabulary("hardware").encode(text).name
    if known:
        return known
    for match in finder("hardware").find(text[:300], weak=True):
        held = machine(match.name)
        if held is not None or match.name in vocabulary("hardware"):
            return held[0] if held else match.name
    return None


def zones() -> frozenset[str]:
    """Zones that the packaged intensity tables know, by ISO code, state code or cloud region."""
    return frozenset(_figures())
