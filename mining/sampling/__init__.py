"""Stratified samples: how many models of each stratum, which ones, and with what weight."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mining.sampling.drawing import Allocation as Allocation
    from mining.sampling.drawing import Drawn as Drawn
    from mining.sampling.drawing import allocate as allocate
    from mining.sampling.drawing import draw as draw
    from mining.sampling.drawing import size_for_share as size_for_share
    from mining.sampling.frame import Frame as Frame
    from mining.sampling.frame import frame_of as frame_of
    from mining.sampling.frame import sample_csv as sample_csv

_HOMES = {
    "Allocation": "drawing",
    "Drawn": "drawing",
    "Frame": "frame",
    "allocate": "drawing",
    "draw": "drawing",
    "frame_of": "frame",
    "sample_csv": "frame",
    "size_for_share": "drawing",
}

__all__ = ["Allocation", "Drawn", "Frame", "allocate", "draw", "frame_of", "sample_csv", "size_for_share"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
