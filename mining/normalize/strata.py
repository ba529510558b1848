"""Strata of models: domain, size class and popularity class.

The thresholds of the 2024 report on mining the Hub (arXiv 2402.07323, "stratified across domain, model size and
popularity") could not be had; these are ours. Size classes are decades of the parameter count; popularity classes are
decades of the downloads of 30 days, the two upper decades joined. Downloads are noisy (automatic fetches count), so
that a class says an order of magnitude and no more.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

SIZE_LIMITS = (10**7, 10**8, 10**9, 10**10, 10**11)
SIZE_CLASSES = ("under 10M", "10M-100M", "100M-1B", "1B-10B", "10B-100B", "100B and more")

POPULARITY_LIMITS = (1, 10, 100, 1_000, 10_000)
POPULARITY_CLASSES = ("none", "1-9", "10-99", "100-999", "1,000-9,999", "10,000 and more")

BYTES_PER_PARAMETER = 4
"""Single precision: used only where the bytes of the weights are known and the parameters are not."""

UNKNOWN = "unknown"
SEPARATOR = " | "


def size_class(parameters: int | None, storage_bytes: int | None = None) -> str | None:
    """Class of model size; from storage, at 4 bytes a parameter, where no count is known; None where neither is."""
    if parameters is None and storage_bytes:
        parameters = storage_bytes // BYTES_PER_PARAMETER
    return None if parameters is None else SIZE_CLASSES[bisect_right(SIZE_LIMITS, parameters)]


def popularity_class(downloads: int | None) -> str | None:
    """Class of popularity by downloads of the last 30 days; None where they are not known."""
    return None if downloads is None else POPULARITY_CLASSES[bisect_right(POPULARITY_LIMITS, downloads)]


def stratum_of(values: Sequence[str | None]) -> str:
    """Name of a stratum from the values of its variables, in their order; a missing value is a class of its own."""
    return _name(tuple(values))


@lru_cache(maxsize=4_096)
def _name(values: tuple[str | None, ...]) -> str:
    return SEPARATOR.join(value or UNKNOWN for value in values)
