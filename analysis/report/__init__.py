"""The report: rounds, draws and typesets results; computes nothing."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.report.writer import Rendered as Rendered
    from analysis.report.writer import render as render

__all__ = ["Rendered", "render"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("analysis.report.writer"), name)
