"""Makes the stored cut points of the efficiency label from the published cohort.

``analysis/classify/cut_points_2023.json``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import pandas as pd

from analysis.classify.efficiency import AS_PUBLISHED, REFERENCE_MODEL, REPAIRED, CutPoints, fit
from analysis.published import label_cohort

SCHEMA = "hf-carbon/cut-points/1"


def cut_points(frames: Mapping[str, pd.DataFrame]) -> dict[str, CutPoints]:
    """Cut points as published (merged cohort) and repaired (one scale, one row per repository, exact ties).

    Args:
        frames: The published tables ``mined``, ``merged`` and ``curated``.
    """
    cohort = label_cohort.of(frames, is_published=True)
    return {
        "as-published": fit("published 2023 cohort", cohort.published, cohort.reference, AS_PUBLISHED),
        "repaired": fit("published 2023 cohort, repaired", cohort.own, cohort.own_reference, REPAIRED),
    }


def content(frames: Mapping[str, pd.DataFrame], sources: Mapping[str, str]) -> bytes:
    """The JSON file of stored cut points.

    Args:
        frames: The published tables.
        sources: SHA-256 of each file they were read from, by name.
    """
    found: dict[str, Any] = {
        "schema": SCHEMA,
        "provenance": {
            "study": "Castaño et al., ESEM 2023, arXiv 2305.11164; replication package GAISSA-UPC/ML-EnergyLabel",
            "files_sha256": dict(sorted(sources.items())),
            "reference_model": REFERENCE_MODEL,
            "note": "derived numbers only; values as published, in g CO2eq, bytes and downloads of April 2023",
        },
        "cut_points": cut_points(frames),
    }
    return msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n"
