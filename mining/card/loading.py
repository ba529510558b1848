"""Modules that a cold start leaves out, loaded together where several threads read.

One card needs few of them, so they are imported where it does. Two threads that import along different ways at once
may wait for each other; Python then breaks the wait by an error, or by a module that is half there, and a card would
lose its claims. Where there are threads, the first reading loads all of them behind one lock.
"""

from __future__ import annotations

from importlib import import_module
from threading import Lock, active_count

__all__ = ["LATER", "load_for_threads"]

LATER = (
    "mining.vocab",
    "mining.card.document.document",
    "mining.card.extract.context",
    "mining.card.extract.context_tables",
    "mining.card.extract.emission_claims",
    "mining.card.extract.emission_tables",
    "mining.card.extract.metadata_of_others",
    "mining.card.extract.training_type",
    "mining.card.files.logs",
    "mining.card.files.meters",
    "mining.card.lexicon.words",
    "mining.card.resolve.settling",
    "mining.card.values.context_values",
    "mining.card.values.measures",
)
"""All modules that functions of card reading and of its settling import (``tests/test_card_threads.py``)."""
_LOCK = Lock()
_loaded: set[str] = set()


def load_for_threads() -> None:
    """Load everything once where another thread may read, too; alone, nothing."""
    if len(_loaded) == len(LATER) or active_count() == 1:
        return
    with _LOCK:
        for name in LATER:
            import_module(name)
            _loaded.add(name)
