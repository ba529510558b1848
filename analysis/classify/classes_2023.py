"""The reporting classes of the 2023 study, as published and repaired; pure, on four simple facts.

Source: notebook HFReportingAnalysis of the replication package (class names as in its code; the printed paper may name
them otherwise).

As published, two tests ("emissions without hardware", "emissions with hardware") come first and together catch every
reporter, so the two highest classes can never be reached; and the tags they ask for are compared with column names of
the form ``is_distilled``, which never equal ``distilled``. Repaired: the most demanding class is asked first, and tags
are compared with tags.
"""

from __future__ import annotations

from collections.abc import Iterable

UNKNOWN = "Unknown Energy Efficiency"
CONTEXT = "Context Reporting"
BASIC = "Basic Energy Reporting"
AWARENESS = "Energy Awareness"
OPTIMIZATION = "Energy Optimization"
CERTIFIED = "Certified Energy Efficiency"

CLASSES = (UNKNOWN, CONTEXT, BASIC, AWARENESS, OPTIMIZATION, CERTIFIED)
"""Classes from nothing to everything reported."""

OPTIMIZED_TAGS = frozenset({"optimized", "pruned", "distilled"})
CERTIFIED_TAG = "ecocard"


def published_class(*, reports_emissions: bool, reports_hardware: bool) -> str:
    """Class as the study's code gives it, first match first.

    Args:
        reports_emissions: Whether emissions were found.
        reports_hardware: Whether any text was found for the hardware.
    """
    if not reports_emissions:
        return CONTEXT if reports_hardware else UNKNOWN
    return AWARENESS if reports_hardware else BASIC


def repaired_class(*, reports_emissions: bool, reports_hardware: bool, tags: Iterable[str] = ()) -> str:
    """Class by the study's own criteria, the most demanding asked first.

    Args:
        reports_emissions: Whether emissions were found and could be read.
        reports_hardware: Whether hardware was found, placeholders and empty labels not counted.
        tags: Tags of the model.
    """
    if not (reports_emissions and reports_hardware):
        return published_class(reports_emissions=reports_emissions, reports_hardware=reports_hardware)
    known = {tag.lower() for tag in tags}
    if not known & OPTIMIZED_TAGS:
        return AWARENESS
    return CERTIFIED if CERTIFIED_TAG in known else OPTIMIZATION
