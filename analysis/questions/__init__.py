"""The research questions of the 2023 study, each answered twice: as published, and repaired.

:func:`answer_all` answers all; ``analysis.questions.rq1_1.answer(tables, protocol)`` and its sisters answer one. Every
:class:`analysis.results.Answer` carries result tables, which figures and paper tables draw from; the ``CATALOGUE`` of
:mod:`analysis.questions.result_tables` says for every table what it holds.

Where the author of a model is unknown (the published source), clusters are groups of near-duplicate cards and stems of
names.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.questions.whole_study import answer_all, answer_one

__all__ = ["answer_all", "answer_one"]


def __getattr__(name: str) -> Any:
    """Import the public functions on first use: the statistics behind them start slowly."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.whole_study"), name)
