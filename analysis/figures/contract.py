"""The figure contract: size, font, palette, deterministic saving, and what is refused.

Here belongs whatever must hold for *every* figure. What one figure shows belongs in a drawing module, what a number is
belongs in the questions. A figure that is of a wrong size, holds an empty panel, or whose words overlap or leave the
canvas is refused, because none of these can be seen by a program that only looks whether a file was written.

The palette is Okabe and Ito's (*Color Universal Design*, 2008), which stays distinct under the common kinds of colour
blindness. The font is Source Sans Pro cut down to the characters in use and renamed, as its licence asks (SIL Open Font
License 1.1); PDF files embed it as TrueType (type 42), SVG files draw its outlines, so that no viewer can put another
in its place.
"""

from __future__ import annotations

import logging
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from mining.errors import HfCarbonError

MM_PER_INCH = 25.4
COLUMN_WIDTHS_MM = {1: 85.0, 2: 178.0}
MAX_HEIGHT_MM = 230.0
PNG_DPI = 200
SOURCE_SIGNS_PER_INCH = 27
FONT_FOLDER = Path(__file__).parent / "fonts"
PAGE_FONT_FILES = ("CarbonPlotSans-Regular.woff", "CarbonPlotSans-Semibold.woff")
FONT_FILES = ("CarbonPlotSans-Regular.ttf", "CarbonPlotSans-Semibold.ttf")
FONT_FAMILY = "Carbon Plot Sans"
STRONG_FAMILY = "Carbon Plot Sans Semibold"
HASH_SALT = "hf-carbon"

INK = "#1b1f24"
MUTED = "#5c6670"
GRID = "#d5dae0"
PAPER = "#ffffff"
LOUD = "#b34700"
"""Vermillion dark enough for words on paper (contrast 5.6)."""
ON_LIGHT = "#101418"
ON_DARK = "#fefefe"
"""Ink on a filled cell: kept as it is where the page turns dark, since the cell does not turn."""
BLUE = "#0072b2"
VERMILLION = "#d55e00"
GREEN = "#009e73"
ORANGE = "#e69f00"
PURPLE = "#cc79a7"
SKY = "#56b4e9"
GREY = "#8c959f"
CATEGORY_COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILLION, GREY)
PUBLISHED_COLOUR = ORANGE
REPAIRED_COLOUR = BLUE
VERSION_COLOURS = {"as-published": PUBLISHED_COLOUR, "repaired": REPAIRED_COLOUR}

SETTINGS: dict[Any, Any] = {
    **mpl.rc_params_from_file(Path(__file__).with_suffix(".mplstyle"), use_default_template=False),
    **dict.fromkeys(("axes.edgecolor", "xtick.color", "ytick.color"), MUTED),
    **dict.fromkeys(("axes.labelcolor", "axes.titlecolor", "text.color", "xtick.labelcolor", "ytick.labelcolor"), INK),
    **dict.fromkeys(("figure.facecolor", "savefig.facecolor"), PAPER),
    "grid.color": GRID,
    "font.family": [FONT_FAMILY],
    "savefig.dpi": PNG_DPI,
    "svg.hashsalt": HASH_SALT,
}


class FigureRefusedError(HfCarbonError):
    """A figure breaks the contract; the message says how."""


class NothingToDrawError(HfCarbonError):
    """The results of this source do not carry the figure; the message is the reason that the report prints."""


@dataclass(frozen=True)
class Size:
    """Printed size of a figure.

    Attributes:
        columns: Columns of a two-column page that the figure spans: 1 (85 mm) or 2 (178 mm).
        height_mm: Height in millimetres, at most 230.
    """

    columns: int
    height_mm: float

    def __post_init__(self) -> None:
        if self.columns not in COLUMN_WIDTHS_MM:
            raise FigureRefusedError(f"a figure spans 1 or 2 columns, not {self.columns}")
        if not 20 <= self.height_mm <= MAX_HEIGHT_MM:
            raise FigureRefusedError(f"a figure is 20 to {MAX_HEIGHT_MM:.0f} mm high, not {self.height_mm:g}")

    @property
    def width_mm(self) -> float:
        """Width in millimetres."""
        return COLUMN_WIDTHS_MM[self.columns]

    @property
    def inches(self) -> tuple[float, float]:
        """Width and height in inches, as matplotlib wants them."""
        return self.width_mm / MM_PER_INCH, self.height_mm / MM_PER_INCH


@contextmanager
def house_style() -> Iterator[None]:
    """The settings of the house on top of matplotlib's own defaults, whatever the reader's configuration says.

    Undone afterwards.
    """
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # it speaks of fonts that no figure uses
    known = {entry.fname for entry in font_manager.fontManager.ttflist}
    # Matplotlib's own fonts too: its kept list of them lacks what a run with little memory could not load.
    for path in (
        *(FONT_FOLDER / name for name in FONT_FILES),
        *Path(mpl.get_data_path(), "fonts", "ttf").glob("*.ttf"),
    ):
        if str(path) not in known:
            font_manager.fontManager.addfont(path)
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(SETTINGS)
        yield


def new_figure(size: Size) -> Figure:
    """An empty figure of the given size with its own canvas; pyplot and its global state are never used."""
    figure = Figure(figsize=size.inches, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def add_source_line(figure: Figure, words: str, *, synthetic: bool) -> None:
    """Write the source below the figure, and above it, where the data is made up, that it is.

    Args:
        figure: Figure to label.
        words: Source line, built from the manifest.
        synthetic: Whether the data comes from the generator.
    """
    columns = round(figure.get_size_inches()[0] * SOURCE_SIGNS_PER_INCH)
    figure.supxlabel(
        "\n".join(textwrap.wrap(words, columns, break_on_hyphens=False)), x=0.012, ha="left", fontsize=5.5, color=MUTED
    )
    if synthetic:
        figure.suptitle("SYNTHETIC DATA", x=0.988, ha="right", fontsize=7, color=LOUD, fontfamily=STRONG_FAMILY)
