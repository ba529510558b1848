"""Reading cards: every quantity a card states, its unit settled, its evidence kept. Names are exported lazily."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mining.card.anatomy import dissect as dissect

_HOMES = {
    "dissect": "anatomy",
    "read_card": "reading",
    "CardReading": "reading",
    "settle": "settle",
    "ModelFacts": "settle",
    "context": "context",
}

__all__ = ["CardReading", "ModelFacts", "context", "dissect", "read_card", "settle"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - lazy on purpose

    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
