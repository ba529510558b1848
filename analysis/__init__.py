"""From typed tables to answers, figures, reports and verdicts.

The Python interface is exported lazily: ``from analysis import classify_card, classify_model, read_card`` (see
:mod:`analysis.api`).
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.api import classify_card, classify_model, estimate_card, estimate_run, read_card

__all__ = ["classify_card", "classify_model", "estimate_card", "estimate_run", "read_card"]


def __getattr__(name: str) -> Any:
    """Import a public name only when it is used."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("analysis.api"), name)
