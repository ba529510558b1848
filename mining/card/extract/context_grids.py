"""The country whose electricity a sentence says was used ("the Irish grid", "Danish power mix")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mining.patterns import regex
from mining.vocab import vocabulary

__all__ = ["find_grids"]

_COUNTRIES = (
    "american:United States;australian:Australia;austrian:Austria;belgian:Belgium;brazilian:Brazil;"
    "british:United Kingdom;"
    "bulgarian:Bulgaria;canadian:Canada;chilean:Chile;chinese:China;croatian:Croatia;czech:Czechia;danish:Denmark;"
    "dutch:Netherlands;estonian:Estonia;finnish:Finland;french:France;german:Germany;greek:Greece;hungarian:Hungary;"
    "icelandic:Iceland;indian:India;indonesian:Indonesia;irish:Ireland;israeli:Israel;italian:Italy;japanese:Japan;"
    "korean:South Korea;latvian:Latvia;lithuanian:Lithuania;mexican:Mexico;norwegian:Norway;polish:Poland;"
    "portuguese:Portugal;romanian:Romania;russian:Russia;singaporean:Singapore;slovak:Slovakia;slovenian:Slovenia;"
    "south african:South Africa;spanish:Spain;swedish:Sweden;swiss:Switzerland;taiwanese:Taiwan;turkish:Turkey;"
    "ukrainian:Ukraine;vietnamese:Vietnam"
)
_NAMES = dict(pair.split(":") for pair in _COUNTRIES.split(";"))
_GRID = regex(
    rf"\b({'|'.join(_NAMES)})\s(?:(?:national|electricity|electric|power|energy|residual|average)\s){{0,2}}"
    r"(?:grid|mix|electricity|power|network|utility|average|factor)\b",
    re.IGNORECASE,
    stems=f"grid;mix;electricity;power;network;utility;average;factor & {';'.join(_NAMES)}",
)
_INTENSITY_OF = regex(
    r"(?:g|kg|t)(?:\s?(?:of\s)?CO\S{1,6})?\s?(?:/|per)\s?[kKM]Wh\s(?:for|in"
    r"|of)\s(?:the\s)?(?P<place>[A-Z]\w+(?:\s[A-Z]\w+)?)"
    r"(?=[\s,.;)])",
    stems="/;per & wh",
)
"""A country whose intensity was taken ("0.30 kg/kWh for Italy")."""
_NOT_THERE = regex(r"\b(?:would|had|if|were|instead of|unlike|compared|than|whereas)\b[^.;]{0,60}$", re.IGNORECASE)


def find_grids(said: str) -> Iterator[str]:
    """Countries whose grid an English sentence names as the one that was used.

    Args:
        said: Plain text of a sentence.

    Yields:
        Standard names of countries.
    """
    for match in _GRID.finditer(said):
        if _NOT_THERE.search(said, 0, match.start()) is None:
            yield _NAMES[match[1].lower()]
    for match in _INTENSITY_OF.finditer(said):
        name = vocabulary("region").encode(match["place"]).name
        if name is not None and _NOT_THERE.search(said, 0, match.start()) is None:
            yield name
