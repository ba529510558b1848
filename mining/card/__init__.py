"""Reading cards: every quantity a card states, its unit settled, its evidence kept. Names are exported lazily."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mining.card.document.document import parse as parse
    from mining.card.read import CardReading as CardReading
    from mining.card.read import read_card as read_card
    from mining.card.resolve.settling import ModelFacts as ModelFacts
    from mining.card.resolve.settling import settle as settle

_HOMES = {
    "parse": "document.document",
    "read_card": "read",
    "CardReading": "read",
    "settle": "resolve.settling",
    "ModelFacts": "resolve.settling",
    "context": "extract.context",
}

__all__ = ["CardReading", "ModelFacts", "context", "parse", "read_card", "settle"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


class _Package(ModuleType):
    """Keeps the import of the module ``context`` from shadowing the function of that name."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _HOMES and isinstance(value, ModuleType):
            return
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
