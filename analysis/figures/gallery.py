"""Draws the figures of a study: each is checked, encoded, and handed out with its words, or with the reason why it is missing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from analysis.figures import worker
from analysis.figures.catalogue import FIGURES, FigureSpec
from analysis.figures.checks import refuse_flaws
from analysis.figures.contract import FigureRefusedError, NothingToDrawError, add_source_line, house_style, new_figure, vector_files
from analysis.figures.ingredients import Tables

BY_ID = {spec.id: spec for spec in FIGURES}
WORTH_A_PROCESS = 6
"""Figures above which starting a second process is quicker than drawing all in one."""


@dataclass(frozen=True)
class Drawn:
    """A figure that was drawn, or why it was not.

    Attributes:
        spec: Entry of the catalogue.
        alternative: What a reader who does not see the figure is told.
        files: Content by format: pdf, svg, png.
        missing: Why there is no figure; None where there is one.
    """

    spec: FigureSpec
    alternative: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    missing: str | None = None


def draw_all(tables: Tables, source_line: str, *, synthetic: bool, processes: int | None = None) -> list[Drawn]:
    """Draw every figure of the catalogue that the tables carry; the same bytes whatever the number of processes.

    Args:
        tables: Result tables by id.
        source_line: Words below each figure.
        synthetic: Whether the data is made up; then each figure says so.
        processes: 1 or 2; as many as there are processors by default.
    """
    ids = tuple(BY_ID)
    if (processes or os.cpu_count() or 1) < 2 or len(ids) < WORTH_A_PROCESS:
        return draw_here(ids, tables, source_line, synthetic=synthetic)
    theirs = ids[1::2]
    order = worker.Order(ids=theirs, tables=tuple(tables.values()), source_line=source_line, synthetic=synthetic)
    with worker.Worker(order) as second:
        drawn = draw_here(ids[::2], tables, source_line, synthetic=synthetic)
        pictures = second.collect()
    if pictures is None:
        drawn += draw_here(theirs, tables, source_line, synthetic=synthetic)
    else:
        drawn += [Drawn(BY_ID[each.id], each.alternative, each.files, each.missing) for each in pictures]
    return sorted(drawn, key=lambda each: ids.index(each.spec.id))


def draw_here(ids: Sequence[str], tables: Tables, source_line: str, *, synthetic: bool) -> list[Drawn]:
    """Draw the named figures in this process."""
    with house_style():
        return [draw_one(BY_ID[name], tables, source_line, synthetic=synthetic) for name in ids]


def draw_one(spec: FigureSpec, tables: Tables, source_line: str, *, synthetic: bool) -> Drawn:
    """Draw one figure in the house style; one that cannot be drawn, or breaks the contract, comes back with the reason."""
    try:
        size = spec.size_for(tables)
        figure = new_figure(size)
        add_source_line(figure, source_line, synthetic=synthetic)
        alternative = spec.draw(figure, tables)
        picture = refuse_flaws(figure)
        return Drawn(spec, alternative, {**vector_files(figure, size), "png": picture.png()})
    except (NothingToDrawError, FigureRefusedError) as reason:
        return Drawn(spec, missing=str(reason))
