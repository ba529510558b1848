"""Draws the figures of a study.

Each is checked, encoded, and handed out with its words, or with the reason why it is missing.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from analysis.figures.axes import Tables
from analysis.figures.catalogue import FigureSpec, figures_for
from analysis.figures.checks import refuse_flaws
from analysis.figures.contract import FigureRefusedError, NothingToDrawError, add_source_line, house_style, new_figure
from analysis.figures.page_svg import page_svg
from analysis.results import Table


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
        sources: Ids of the result tables that were drawn.
        finding: Caption: what the figure shows, with its numbers.
    """

    spec: FigureSpec
    alternative: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    page: str = ""
    wide: bool = False
    missing: str | None = None
    sources: tuple[str, ...] = ()
    finding: str = ""


def draw_all(
    tables: Tables,
    source_line: str,
    *,
    synthetic: bool,
    is_published: bool = True,
    ids: Sequence[str] | None = None,
) -> list[Drawn]:
    """Draw every figure of the catalogue that the tables carry, or those named.

    Args:
        tables: Result tables by id.
        source_line: Words below each figure.
        synthetic: Whether the data is made up; then each figure says so.
        is_published: Whether these are the data of the study; on all others its version is called the 2023 recipe.
        ids: Names of figures; all by default.
    """
    specs = {spec.id: spec for spec in figures_for(tables)}
    with house_style(), _no_collection():
        return [
            draw_one(specs[name], tables, source_line, synthetic=synthetic, is_published=is_published)
            for name in ids or specs
        ]


@contextmanager
def _no_collection() -> Iterator[None]:
    """No search for dead cycles meanwhile: there are thousands of living objects per figure (a tenth of the time)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Recorded(dict[str, Table]):
    """Result tables that remember which of them were asked for by name."""

    def __init__(self, tables: Tables, *, is_published: bool) -> None:
        super().__init__(tables)
        self.is_published = is_published
        self._asked: dict[str, None] = {}

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of the tables asked for that have rows, in order."""
        return tuple(name for name in self._asked if name in self and super(_Recorded, self).__getitem__(name).rows)

    def get(self, name: str, default: Any = None) -> Any:
        """A table by its id."""
        self._asked.setdefault(name)
        return super().get(name, default)

    def __getitem__(self, name: str) -> Table:
        self._asked.setdefault(name)
        return super().__getitem__(name)


def draw_one(spec: FigureSpec, tables: Tables, source_line: str, *, synthetic: bool, is_published: bool) -> Drawn:
    """Draw one figure in the house style.

    One that cannot be drawn, or breaks the contract, comes back with the reason.
    """
    try:
        size = spec.size_for(tables)
        figure = new_figure(size)
        add_source_line(figure, source_line, synthetic=synthetic)
        read = _Recorded(tables, is_published=is_published)
        alternative = spec.draw(figure, read)
        finding = spec.caption(read)
        files = refuse_flaws(figure).files(size)
        page = page_svg(files.pop("page"), spec.id, spec.title, alternative)
        wide = size.columns == 2
        return Drawn(spec, alternative, files, page=page, wide=wide, sources=read.sources, finding=finding)
    except (NothingToDrawError, FigureRefusedError) as reason:
        return Drawn(spec, missing=str(reason))
    except (ArithmeticError, ValueError, IndexError) as error:
        # Groups that are empty after filtering, one point, values beyond all axes: a figure costs itself, not the
        # report.
        return Drawn(spec, missing=f"these values cannot be drawn ({error})")
