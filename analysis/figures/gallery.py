"""Draws the figures of a study: each is checked, encoded, and handed out with its words, or with the reason why it is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from analysis.figures import catalogue
from analysis.figures.catalogue import FigureSpec
from analysis.figures.checks import refuse_flaws
from analysis.figures.contract import FigureRefusedError, NothingToDrawError, add_source_line, encode, house_style, new_figure
from analysis.figures.ingredients import Tables


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


def draw_all(tables: Tables, source_line: str, *, synthetic: bool, specs: Iterable[FigureSpec] | None = None) -> list[Drawn]:
    """Draw every figure of the catalogue that the tables carry.

    Args:
        tables: Result tables by id.
        source_line: Words below each figure.
        synthetic: Whether the data is made up; then each figure says so.
        specs: Figures to draw; all by default.
    """
    with house_style():
        return [draw_one(spec, tables, source_line, synthetic=synthetic) for spec in (specs or catalogue.FIGURES)]


def draw_one(spec: FigureSpec, tables: Tables, source_line: str, *, synthetic: bool) -> Drawn:
    """Draw one figure; a figure that cannot be drawn, or breaks the contract, comes back with the reason."""
    try:
        size = spec.size_for(tables)
        figure = new_figure(size)
        add_source_line(figure, source_line, synthetic=synthetic)
        alternative = spec.draw(figure, tables)
        refuse_flaws(figure)
        return Drawn(spec, alternative, encode(figure, size))
    except (NothingToDrawError, FigureRefusedError) as reason:
        return Drawn(spec, missing=str(reason))
