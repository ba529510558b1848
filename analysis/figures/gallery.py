"""Draws the figures of a study: each is checked, encoded, and handed out with its words, or with the reason why it is missing."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from analysis.figures import worker
from analysis.figures.axes import Tables
from analysis.figures.catalogue import FIGURES, FigureSpec
from analysis.figures.checks import refuse_flaws
from analysis.figures.contract import FigureRefusedError, NothingToDrawError, add_source_line, house_style, new_figure
from analysis.figures.page_svg import page_svg
from analysis.figures.vector import vector_files

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
        page: SVG element for the report page.
        wide: Whether it spans two columns.
        missing: Why there is no figure; None where there is one.
    """

    spec: FigureSpec
    alternative: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    page: str = ""
    wide: bool = False
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
        drawn += [_drawn(each) for each in pictures]
    return sorted(drawn, key=lambda each: ids.index(each.spec.id))


def _drawn(picture: worker.Picture) -> Drawn:
    return Drawn(BY_ID[picture.id], picture.alternative, picture.files, picture.page, picture.wide, picture.missing)


def draw_here(ids: Sequence[str], tables: Tables, source_line: str, *, synthetic: bool) -> list[Drawn]:
    """Draw the named figures in this process."""
    with house_style(), _no_collection():
        return [draw_one(BY_ID[name], tables, source_line, synthetic=synthetic) for name in ids]


@contextmanager
def _no_collection() -> Iterator[None]:
    """No search for dead cycles meanwhile: there are thousands of living objects per figure, and few figures (a tenth of the time)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def draw_one(spec: FigureSpec, tables: Tables, source_line: str, *, synthetic: bool) -> Drawn:
    """Draw one figure in the house style; one that cannot be drawn, or breaks the contract, comes back with the reason."""
    try:
        size = spec.size_for(tables)
        figure = new_figure(size)
        add_source_line(figure, source_line, synthetic=synthetic)
        alternative = spec.draw(figure, tables)
        picture = refuse_flaws(figure)
        files = {**vector_files(picture, size), "png": picture.png()}
        return Drawn(
            spec, alternative, files, page=page_svg(picture, spec.id, spec.title, alternative), wide=size.columns == 2
        )
    except (NothingToDrawError, FigureRefusedError) as reason:
        return Drawn(spec, missing=str(reason))
    except (ArithmeticError, ValueError, IndexError) as error:
        # Groups that are empty after filtering, one point, values beyond all axes: a figure costs itself, not the report.
        return Drawn(spec, missing=f"these values cannot be drawn ({error})")
