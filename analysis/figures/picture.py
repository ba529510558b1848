"""Draws a figure once to look at it, and writes it as PNG, PDF and SVG, the same bytes on every day."""

from __future__ import annotations

import io
import re
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from PIL import Image

from analysis.figures.contract import PNG_DPI, FigureRefusedError, Size

PNG_COMPRESSION = 6
PNG_COLOURS = 128
"""A drawing has a handful of colours and their blends at the edges: a palette is a third of the size of full colours.
"""
NO_DATES: dict[str, dict[Any, Any]] = {
    "pdf": {"CreationDate": None, "ModDate": None, "Creator": None, "Producer": None},
    "svg": {"Date": None, "Creator": None, "Format": None, "Type": None},
}
_CLIP = re.compile(rb'<clipPath id="(\w+)"')
_CALLED = re.compile(rb'(<clipPath id="|url\(#)(\w+)("|\))')


class Words(NamedTuple):
    """One drawn line of text and its box in pixels (left, bottom, right, top)."""

    text: str
    left: float
    bottom: float
    right: float
    top: float


class RecordingRenderer(RendererAgg):
    """Agg's renderer, which besides drawing remembers where every line of text stands.

    Attributes:
        words: Lines of text in the order of drawing.
    """

    def __init__(self, figure: Figure) -> None:
        self.words: list[Words] = []
        self._figure = figure
        figure.set_dpi(PNG_DPI)
        width, height = figure.get_size_inches() * PNG_DPI
        start: Any = super().__init__
        start(round(width), round(height), PNG_DPI)
        figure.draw(self)
        figure.set_layout_engine(
            "none"
        )  # laid out once: the other formats are drawn with every part where it stands now

    def draw_text(self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, *more: Any, **named: Any) -> None:
        """Draw the line and remember its box, turned by ``angle`` about its left end on the baseline."""
        measure: Any = self.get_text_width_height_descent
        width, height, descent = measure(s, prop, more[0] if more else named.get("ismath", False))
        corners = np.array([(0, -descent), (width, -descent), (width, height - descent), (0, height - descent)])
        turn = np.deg2rad(angle)
        turned = corners @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        corner = np.array([x, self.height - y])
        self.words.append(Words(s, *(turned.min(axis=0) + corner), *(turned.max(axis=0) + corner)))
        draw: Any = super().draw_text
        draw(gc, x, y, s, prop, angle, *more, **named)

    def png(self) -> bytes:
        """What was drawn, as a PNG file of few colours and without any date."""
        buffer = io.BytesIO()
        pixels: Any = self.buffer_rgba
        picture = Image.fromarray(np.ascontiguousarray(np.asarray(pixels())[:, :, :3]))
        picture = picture.quantize(PNG_COLOURS, method=Image.Quantize.FASTOCTREE)
        picture.save(buffer, "png", dpi=(PNG_DPI, PNG_DPI), compress_level=PNG_COMPRESSION)
        return buffer.getvalue()

    def files(self, size: Size) -> dict[str, bytes]:
        """Content by format: png, pdf, svg with text as outlines, and ``page``: svg with text as text.

        Args:
            size: Size that the figure was promised to have.

        Raises:
            FigureRefusedError: The figure has another size than promised.
        """
        if not np.allclose(self._figure.get_size_inches(), size.inches, atol=1e-6):
            raise FigureRefusedError("the figure was resized: it would not fit its column")
        files = {"png": self.png(), "pdf": self._saved("pdf"), "svg": self._saved("svg")}
        with mpl.rc_context({"svg.fonttype": "none"}):
            return {**files, "page": self._saved("svg")}

    def _saved(self, kind: str) -> bytes:
        buffer = io.BytesIO()
        self._figure.savefig(buffer, format=kind, metadata=NO_DATES[kind])
        return _with_numbered_clips(buffer.getvalue()) if kind == "svg" else buffer.getvalue()


def _with_numbered_clips(svg: bytes) -> bytes:
    """A drawing whose clips are called by number.

    Matplotlib calls them by a digest of their corners in full precision, and the layout's last digits differ from run
    to run.
    """
    names = {name: b"clip%d" % number for number, name in enumerate(_CLIP.findall(svg), 1)}
    return _CALLED.sub(lambda match: match[1] + names.get(match[2], match[2]) + match[3], svg)
