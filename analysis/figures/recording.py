"""Draws a figure once, as pixels, and remembers every stroke, dot and word, so that vector files are written from the same drawing.

Laying out and walking a figure costs more than writing it; doing it once per format would triple the price. What is remembered is what a
renderer is told: paths, rows of markers and lines of text, in pixels from the lower left corner (text: from the upper left corner).
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D
from PIL import Image

from analysis.figures.contract import PNG_DPI, POINTS_PER_INCH, FigureRefusedError

PNG_COMPRESSION = 6
PNG_COLOURS = 128
"""A drawing has a handful of colours and their blends at the edges: a palette is a third of the size of full colours, and quicker."""
TO_POINTS = POINTS_PER_INCH / PNG_DPI


class Words(NamedTuple):
    """One drawn line of text and its box in pixels (left, bottom, right, top)."""

    text: str
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True)
class Stroke:
    """A path, filled or stroked or both; ``fill`` is a colour or None."""

    pen: Any
    path: Any
    transform: Any
    fill: Any


@dataclass(frozen=True)
class Dots:
    """The same small path at every corner of another path."""

    pen: Any
    marker: Any
    marker_transform: Any
    path: Any
    transform: Any
    fill: Any

    @property
    def diameter_points(self) -> float | None:
        """Width of the dots if they are plain filled circles, else None."""
        if self.marker is not Path.unit_circle() or self.pen.get_linewidth() or self.fill is None:
            return None
        return float(2 * self.marker_transform.get_matrix()[0, 0] * TO_POINTS)


@dataclass(frozen=True)
class Line:
    """One line of text; x and y are the left end of its baseline, y counted downwards."""

    pen: Any
    x: float
    y: float
    text: str
    font: Any
    angle: float
    formula: Any


def _pen(gc: Any) -> Any:
    """A copy of a graphics context, which its owner may change after drawing."""
    kept: Any = GraphicsContextBase()
    kept.copy_properties(gc)
    return kept


class Recorder(RendererAgg):
    """Agg's renderer, which besides drawing remembers what it drew and where every line of text stands."""

    def __init__(self, width: float, height: float, dpi: float) -> None:
        self.words: list[Words] = []
        self.drawn: list[Stroke | Dots | Line] = []
        start: Any = super().__init__
        start(width, height, dpi)

    def _update_methods(self) -> None:
        """Matplotlib would put the compiled functions in place of the methods below."""

    def draw_path(self, gc: Any, path: Any, transform: Any, rgbFace: Any = None) -> None:  # noqa: N803 - matplotlib's name
        """Draw and remember one path."""
        self.drawn.append(Stroke(_pen(gc), path, transform.frozen(), rgbFace))
        draw: Any = super().draw_path
        draw(gc, path, transform, rgbFace)

    def draw_markers(
        self,
        gc: Any,
        marker_path: Any,
        marker_trans: Any,
        path: Any,
        trans: Any,
        rgbFace: Any = None,  # noqa: N803
    ) -> None:
        """Draw and remember one row of markers."""
        self.drawn.append(Dots(_pen(gc), marker_path, marker_trans.frozen(), path, trans.frozen(), rgbFace))
        self._renderer.draw_markers(gc, marker_path, marker_trans, path, trans, rgbFace)

    def draw_path_collection(self, *told: Any, **more: Any) -> None:
        """Draw a collection path by path."""
        each: Any = RendererBase.draw_path_collection
        each(self, *told, **more)

    def draw_quad_mesh(self, *told: Any, **more: Any) -> None:
        """Draw a mesh cell by cell."""
        each: Any = RendererBase.draw_quad_mesh
        each(self, *told, **more)

    def draw_image(self, gc: Any, x: float, y: float, im: Any, transform: Any = None) -> None:
        """Refuse: an image inside a figure would be missing from its vector files.

        Raises:
            FigureRefusedError: Always.
        """
        raise FigureRefusedError("a figure is drawn of paths and text, not of images")

    def draw_text(  # the signature is matplotlib's
        self,
        gc: Any,
        x: float,
        y: float,
        s: str,
        prop: Any,
        angle: float,
        ismath: Any = False,
        mtext: Text | None = None,
    ) -> None:
        """Draw the line and remember its box, turned by ``angle`` about its left end on the baseline."""
        measure: Any = self.get_text_width_height_descent
        width, height, descent = measure(s, prop, ismath)
        corners = np.array([(0, -descent), (width, -descent), (width, height - descent), (0, height - descent)])
        turn = np.deg2rad(angle)
        turned = corners @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        corner = np.array([x, self.height - y])
        self.words.append(Words(s, *(turned.min(axis=0) + corner), *(turned.max(axis=0) + corner)))
        self.drawn.append(Line(_pen(gc), float(x), float(y), s, prop, float(angle), ismath))
        draw: Any = super().draw_text
        draw(gc, x, y, s, prop, angle, ismath, mtext)

    def png(self) -> bytes:
        """What was drawn, as a PNG file of few colours and without any date."""
        buffer = io.BytesIO()
        pixels: Any = self.buffer_rgba
        picture = Image.fromarray(np.ascontiguousarray(np.asarray(pixels())[:, :, :3]))
        picture = picture.quantize(PNG_COLOURS, method=Image.Quantize.FASTOCTREE)
        picture.save(buffer, "png", dpi=(PNG_DPI, PNG_DPI), compress_level=PNG_COMPRESSION)
        return buffer.getvalue()


def draw_recorded(figure: Figure) -> Recorder:
    """Lay the figure out and draw it, once, at the resolution of its PNG file."""
    figure.set_dpi(PNG_DPI)
    width, height = figure.get_size_inches() * PNG_DPI
    recorder = Recorder(round(width), round(height), PNG_DPI)
    figure.draw(recorder)
    return recorder


def replay(recorder: Recorder, target: Any) -> None:
    """Draw on another renderer, whose unit is the point, what a recorder drew in pixels.

    Args:
        recorder: The drawing.
        target: One of matplotlib's vector renderers.
    """
    shrink = Affine2D().scale(TO_POINTS)
    for each in recorder.drawn:
        pen = _scaled_pen(each.pen, target, shrink)
        if isinstance(each, Stroke):
            target.draw_path(pen, each.path, each.transform + shrink, each.fill)
        elif isinstance(each, Dots):
            target.draw_markers(
                pen, each.marker, each.marker_transform + shrink, each.path, each.transform + shrink, each.fill
            )
        else:
            y = each.y if target.flipy() else recorder.height - each.y
            target.draw_text(pen, each.x * TO_POINTS, y * TO_POINTS, each.text, each.font, each.angle, each.formula)


def _scaled_pen(pen: Any, target: Any, shrink: Any) -> Any:
    """The pen in the target's own kind, its clipping in points."""
    own = target.new_gc()
    own.copy_properties(pen)
    if (frame := pen.get_clip_rectangle()) is not None:
        own.set_clip_rectangle(frame.transformed(shrink))
    if pen.get_clip_path()[0] is not None:
        raise FigureRefusedError("a figure clips by rectangles only")
    return own
