"""Carbon intensity of a place in a year: year-true where a table has that year, otherwise refused or said."""

from __future__ import annotations

from functools import cache

from msgspec import Struct

from analysis.estimates.reference import VERSION, read_table, source_of
from mining.errors import UsageError
from mining.vocab import reference
from mining.vocab.load import vocabulary

__all__ = ["GridIntensity", "grid_intensity"]

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


@cache
def _countries() -> dict[str, dict[int, tuple[float, str]]]:
    """Yearly figures of countries by ISO 3166-1 alpha-3 code, Our World in Data before Electricity Maps."""
    found: dict[str, dict[int, tuple[float, str]]] = {}
    for row in read_table("grid_intensity"):
        source = f"grid_intensity {VERSION}, {row['year']}: {source_of(row)}"
        found.setdefault(row["iso3"], {})[int(row["year"])] = (float(row["g_per_kwh"]), source)
    regions = vocabulary("region")
    for row in read_table("grid_intensity_electricity_maps"):
        if "-" in row["zone"]:
            continue
        name = regions.encode(row["zone"]).name
        code = regions.attributes(name)["country"] if name else ""
        if code and float(row["g_per_kwh"]) > 0:
            source = f"grid_intensity_electricity_maps {VERSION}, {row['year']}: {source_of(row)}"
            found.setdefault(code, {}).setdefault(int(row["year"]), (float(row["g_per_kwh"]), source))
    return found


def grid_intensity(place: str | None, year: int | None) -> GridIntensity:
    """Intensity of a place in a year.

    Args:
        place: Country, state, city or cloud region as written; None where it is not known (the world's, with a wide spread).
        year: Year of the training; None where it is not known (the newest there is).

    Raises:
        UsageError: The place is unknown, or no table has that year.
    """
    if place is None:
        world = reference.intensity(None)
        _check_year(year, "the world")
        return GridIntensity(
            g_per_kwh=world.g_per_kwh, spread=WORLD_SPREAD, zone="World", year=world.year, is_assumed=True,
            source=f"intensity: {world.table} {world.version}; the place is not known",
        )  # fmt: skip
    regional = reference.intensity(place)
    if regional.level == "world":
        near = ", ".join(_nearest(place))
        raise UsageError(f"unknown place '{place[:80]}'" + (f"; nearest known: {near}" if near else ""))
    country = reference.country_of(place)
    if regional.level == "country" and country and (years := _countries().get(country)):
        return _of_country(country, years, year)
    _check_year(year, place)
    return GridIntensity(
        g_per_kwh=regional.g_per_kwh, spread=BETWEEN_TABLES, zone=regional.zone, year=regional.year,
        is_assumed=year is not None and regional.year != year, source=f"intensity: {regional.table} {regional.version}",
    )  # fmt: skip


def _of_country(country: str, years: dict[int, tuple[float, str]], year: int | None) -> GridIntensity:
    if year is not None and year not in years:
        _check_year(year, country)
        raise UsageError(f"no carbon intensity of {country} for {year}: there are {_ranges(years)}")
    at = year if year is not None else max(years)
    value, source = years[at]
    return GridIntensity(g_per_kwh=value, spread=BETWEEN_TABLES, zone=country, year=at, source=source, is_assumed=year is None)


def _check_year(year: int | None, place: str) -> None:
    known = {at for years in _countries().values() for at in years}
    if year is not None and year not in known:
        raise UsageError(f"no carbon intensity of {place} for {year}: there are years {min(known)} to {max(known)}")


def _ranges(years: dict[int, tuple[float, str]]) -> str:
    return f"years {min(years)} to {max(years)}" if len(years) == max(years) - min(years) + 1 else ", ".join(map(str, sorted(years)))


def _nearest(place: str) -> list[str]:
    from difflib import get_close_matches

    from mining.vocab.tables import read_table as read_vocabulary

    names = {row["name"].casefold(): row["name"] for row in read_vocabulary("region")}
    return [names[key] for key in get_close_matches(place.casefold()[:60], list(names), n=4, cutoff=0.6)]
