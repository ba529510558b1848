"""Carbon intensity of a place in a year: year-true where a table has that year, otherwise refused or said."""

from __future__ import annotations

from functools import cache, lru_cache

from msgspec import Struct

from analysis.estimates.reference import VERSION, read_table, rows_with, source_of
from mining.errors import UsageError
from mining.vocab import reference
from mining.vocab.load import vocabulary

__all__ = ["GridIntensity", "grid_intensity"]

KEPT = 4096
BETWEEN_TABLES = 0.2
"""Half-width in log space of one country's intensity between tables (five tables differ by 5 to 40 %)."""
WORLD_SPREAD = 0.9
"""Half-width in log space where the place is not known: from hydropower to coal, most of the world's grids."""


class GridIntensity(Struct, frozen=True, kw_only=True):
    """Intensity in g CO2eq per kWh, its spread in log space, and where it comes from.

    Attributes:
        is_assumed: Whether place or year are not the ones asked for.
    """

    g_per_kwh: float
    spread: float
    zone: str
    year: int | None
    source: str
    is_assumed: bool


WORLD_WORDS = frozenset({"world", "the world", "worldwide", "global", "earth"})
WORLD = "OWID_WRL"
"""Code of the world in the packaged table."""


@cache
def _years(country: str) -> dict[int, tuple[float, str]]:
    """Yearly figures of a country or the world: Our World in Data (life-cycle), else Electricity Maps."""
    found: dict[int, tuple[float, str]] = {}
    for row in rows_with("grid_intensity", "iso3", country):
        found[int(row["year"])] = (
            float(row["g_per_kwh"]),
            f"grid_intensity {VERSION}, {row['year']}: {source_of(row)}",
        )
    return found


@cache
def _more_years(country: str) -> dict[int, tuple[float, str]]:
    """Yearly figures of a country in the share-alike table, whose zones are countries by two letters or their parts."""
    found, codes = {}, vocabulary("region")
    for row in read_table("grid_intensity_electricity_maps"):
        name = codes.encode(row["zone"]).name if "-" not in row["zone"] else None
        if name and codes.attributes(name)["country"] == country and float(row["g_per_kwh"]) > 0:
            source = f"grid_intensity_electricity_maps {VERSION}, {row['year']}: {source_of(row)}"
            found[int(row["year"])] = float(row["g_per_kwh"]), source
    return found


@cache
def _zone_years(zone: str) -> dict[int, tuple[float, str]]:
    """Yearly figures of a part of a country in the share-alike table."""
    return {
        int(row["year"]): (
            float(row["g_per_kwh"]),
            f"grid_intensity_electricity_maps {VERSION}, {row['year']}: {source_of(row)}",
        )
        for row in rows_with("grid_intensity_electricity_maps", "zone", zone)
        if float(row["g_per_kwh"]) > 0
    }


@lru_cache(KEPT)
def grid_intensity(place: str | None, year: int | None) -> GridIntensity:
    """Intensity of a place in a year.

    Args:
        place: Country, state, city or cloud region as written; None where it is not known (the world's, with a wide
            spread).
        year: Year of the training; None where it is not known (the newest there is).

    Raises:
        UsageError: The place is unknown, or no table has that year.
    """
    if place is None or place.strip().casefold() in WORLD_WORDS:
        return _of(WORLD, year, spread=WORLD_SPREAD, note="; the place is not known")
    regional = reference.intensity(place)
    if regional.level == "world":
        near = ", ".join(_nearest(place))
        known = (
            f"nearest known: {near}" if near else "known are countries, states, cities and cloud regions, as us-east-1"
        )
        raise UsageError(f"unknown place '{place[:80]}'; {known}")
    country = reference.country_of(place)
    if regional.level == "country" and country:
        return _of(country, year)
    if year is not None and year != regional.year and (own := _zone_years(regional.zone).get(year)):
        return GridIntensity(
            g_per_kwh=own[0], spread=BETWEEN_TABLES, zone=regional.zone, year=year, is_assumed=False, source=own[1]
        )
    if year is not None and year not in _years(WORLD) and year != regional.year:
        raise UsageError(f"no carbon intensity of {place} for {year}: there are years {_ranges(_years(WORLD))}")
    missing = f"; no figure of {year}" if year not in (None, regional.year) else ""
    return GridIntensity(
        g_per_kwh=regional.g_per_kwh,
        spread=BETWEEN_TABLES,
        zone=regional.zone,
        year=regional.year,
        is_assumed=regional.year != year,
        source=f"intensity: {regional.table} {regional.version}" + missing,
    )


def _of(zone: str, year: int | None, *, spread: float = BETWEEN_TABLES, note: str = "") -> GridIntensity:
    """A country or the world in a year; the newest where no year is asked for."""
    years = _years(zone)
    if year not in years:
        years = (_more_years(zone) | years) if year is not None or not years else years
    at = max(years) if year is None and years else year
    if at not in years:
        single = reference.intensity(zone)
        if year is None and single.level != "world":
            source = f"intensity: {single.table} {single.version}{note}"
            return GridIntensity(
                g_per_kwh=single.g_per_kwh, spread=spread, zone=zone, year=single.year, source=source, is_assumed=True
            )
        known = f"there are years {_ranges(years)}" if years else f"there is one figure of {single.year}"
        raise UsageError(f"no carbon intensity of {'the world' if zone == WORLD else zone} for {year}: {known}")
    value, source = years[at]
    return GridIntensity(
        g_per_kwh=value, spread=spread, zone=zone, year=at, source=source + note, is_assumed=year is None or bool(note)
    )


def _ranges(years: dict[int, tuple[float, str]]) -> str:
    return (
        f"{min(years)} to {max(years)}"
        if len(years) == max(years) - min(years) + 1
        else ", ".join(map(str, sorted(years)))
    )


ALIKE_PLACES = 0.72
"""Likeness from which a known place may be meant: "Frnace" is like France (.83), Atlantis like none (Albania .67)."""


@lru_cache(KEPT)
def _nearest(place: str) -> list[str]:
    from difflib import get_close_matches

    from mining.vocab.tables import read_table as read_vocabulary

    names = {row["name"].casefold(): row["name"] for row in read_vocabulary("region")}
    return [names[key] for key in get_close_matches(place.casefold()[:60], list(names), n=4, cutoff=ALIKE_PLACES)]
