"""Every figure of the report: its name, caption, question, size, and the function that draws it.

Names follow the notebooks of the 2023 study where it had the same figure (``savefig`` names; the study used one name
for two figures, and wrote "energy" where it plotted carbon: those are told apart here).
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from analysis.figures import clouds, effects, estimated, findings, flow, groups, matrices, over_time, specification
from analysis.figures.axes import Tables
from analysis.figures.contract import Size

MODULES = {
    module.__name__.rpartition(".")[2]: module
    for module in (clouds, effects, estimated, flow, groups, matrices, over_time)
}


@dataclass(frozen=True)
class FigureSpec:
    """One figure.

    Attributes:
        id: Name of its files.
        title: Short name.
        question: Research question it belongs to; None where it speaks of all.
        draw: Draws on an empty figure and returns the alternative text.
        size: Printed size, or a function of the tables that gives it.
        finding: What the figure shows, made from the tables; by default the function of the drawing's own name in
            :mod:`analysis.figures.findings`.
    """

    id: str
    title: str
    question: str | None
    draw: Callable[[Figure, Tables], str]
    size: Size | Callable[[Tables], Size]
    finding: Callable[[Tables], str] | None = None

    def size_for(self, tables: Tables) -> Size:
        """Printed size with these tables."""
        return self.size if isinstance(self.size, Size) else self.size(tables)

    def caption(self, tables: Tables) -> str:
        """What the figure shows; the title where the tables do not carry it."""
        finding: Callable[[Tables], str] = self.finding or getattr(findings, self.draw.__name__)
        return finding(tables) or self.title


def _spec(row: dict[str, str]) -> FigureSpec:
    """One row of the catalogue; a function is written ``module.name``, a size ``columns x millimetres``."""
    columns, _, height = row["size"].partition(" x ")
    size = Size(int(columns), int(height)) if height else _named(row["size"])
    return FigureSpec(row["id"], row["title"], row["question"] or None, _named(row["draw"]), size)


def _named(name: str) -> Callable[..., Any]:
    module, _, function = name.partition(".")
    found: Callable[..., Any] = getattr(MODULES[module], function)
    return found


with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as _rows:
    FIGURES: tuple[FigureSpec, ...] = tuple(map(_spec, csv.DictReader(_rows)))


def figures_for(tables: Tables) -> tuple[FigureSpec, ...]:
    """All figures: those above, and a specification curve of every claim of which the tables hold one."""
    curves = []
    for claim in specification.claims_of(tables):
        draw, size = specification.drawing(claim)
        title = f"Every defensible analysis: {claim.replace('-', ' ')}"
        curves.append(FigureSpec(f"specification_{claim}", title, None, draw, size, findings.of_curve(claim)))
    return (*FIGURES, *curves)
