"""What can be wrong with a picture and still be a file: overlapping words, words outside the canvas, empty panels."""

from __future__ import annotations

import io
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.image import imsave
from matplotlib.text import Text

from analysis.figures.contract import PNG_DPI, FigureRefusedError

TOLERANCE_PX = 1.0
PNG_COMPRESSION = 6


class Words(NamedTuple):
    """One drawn line of text and its box in pixels (left, bottom, right, top)."""

    text: str
    left: float
    bottom: float
    right: float
    top: float


class TextRecorder(RendererAgg):
    """Agg's renderer, which besides drawing remembers where every line of text stands."""

    def __init__(self, width: float, height: float, dpi: float) -> None:
        start: Any = super().__init__
        start(width, height, dpi)
        self.words: list[Words] = []

    def draw_text(  # the signature is matplotlib's
        self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any = False, mtext: Text | None = None
    ) -> None:
        """Draw the line and remember its box, turned by ``angle`` about its left end on the baseline."""
        measure: Any = self.get_text_width_height_descent
        width, height, descent = measure(s, prop, ismath)
        corners = np.array([(0, -descent), (width, -descent), (width, height - descent), (0, height - descent)])
        turn = np.deg2rad(angle)
        turned = corners @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        corner = np.array([x, self.height - y])
        self.words.append(Words(s, *(turned.min(axis=0) + corner), *(turned.max(axis=0) + corner)))
        draw: Any = super().draw_text
        draw(gc, x, y, s, prop, angle, ismath, mtext)

    def png(self) -> bytes:
        """What was drawn, as a PNG file without any date."""
        buffer = io.BytesIO()
        pixels: Any = self.buffer_rgba
        options = {"compress_level": PNG_COMPRESSION}
        write: Any = imsave
        write(buffer, np.asarray(pixels())[:, :, :3], format="png", dpi=PNG_DPI, metadata={"Software": None}, pil_kwargs=options)
        return buffer.getvalue()


def draw_recorded(figure: Figure) -> TextRecorder:
    """Lay the figure out and draw it at the resolution of its PNG file."""
    figure.set_dpi(PNG_DPI)
    width, height = figure.get_size_inches() * PNG_DPI
    recorder = TextRecorder(round(width), round(height), PNG_DPI)
    figure.draw(recorder)
    return recorder


def drawn_words(recorder: TextRecorder) -> list[Words]:
    """Every line of text that was drawn, with its box in pixels."""
    return [words for words in recorder.words if words.text.strip()]


def overlaps(words: list[Words], tolerance_px: float = TOLERANCE_PX) -> list[tuple[str, str]]:
    """Pairs of texts whose boxes share more than ``tolerance_px`` in both directions."""
    found = []
    for one, other in combinations(words, 2):
        wide = min(one.right, other.right) - max(one.left, other.left)
        high = min(one.top, other.top) - max(one.bottom, other.bottom)
        if wide > tolerance_px and high > tolerance_px:
            found.append((one.text, other.text))
    return found


def outside(width: float, height: float, words: list[Words], tolerance_px: float = TOLERANCE_PX) -> list[str]:
    """Texts that leave a canvas of so many pixels."""
    return [
        each.text
        for each in words
        if min(each.left, each.bottom) < -tolerance_px or each.right > width + tolerance_px or each.top > height + tolerance_px
    ]


def is_empty(axes: Axes) -> bool:
    """Whether a panel shows no data: no finite point of any line, patch, collection or image inside its limits."""
    (low_x, high_x), (low_y, high_y) = sorted(axes.get_xlim()), sorted(axes.get_ylim())
    for points in _data_points(axes):
        x, y = points[:, 0], points[:, 1]
        if np.any((x >= low_x) & (x <= high_x) & (y >= low_y) & (y <= high_y)):
            return False
    return not axes.images


def _data_points(axes: Axes) -> list[np.ndarray[Any, Any]]:
    clouds = [np.asarray(line.get_xydata(), dtype=float) for line in axes.lines]
    for collection in axes.collections:
        offsets: np.ndarray[Any, Any] = np.ma.filled(np.ma.asarray(collection.get_offsets(), dtype=float), np.nan)
        paths = [path.vertices for path in collection.get_paths()]
        if len(offsets) > 1 or (len(offsets) == 1 and np.any(offsets)):
            clouds.append(offsets)
        elif paths:
            clouds.append(np.vstack(paths))
    for patch in axes.patches:
        vertices = patch.get_patch_transform().transform(patch.get_path().vertices)
        if np.any(np.ptp(vertices, axis=0) > 0):
            clouds.append(vertices)
    return [cloud for cloud in clouds if cloud.size]


def refuse_flaws(figure: Figure) -> TextRecorder:
    """Draw a figure, and refuse it for an empty panel, overlapping texts, or texts outside the canvas.

    Returns:
        The renderer that drew it, with the picture.

    Raises:
        FigureRefusedError: Says which panel or texts.
    """
    panels = [axes for axes in figure.axes if axes.get_visible()]
    if not panels or any(is_empty(axes) for axes in panels):
        raise FigureRefusedError("a panel of the figure is empty")
    recorder = draw_recorded(figure)
    words = drawn_words(recorder)
    if beyond := outside(recorder.width, recorder.height, words):
        raise FigureRefusedError(f"text leaves the canvas: '{beyond[0]}'")
    if pairs := overlaps(words):
        raise FigureRefusedError(f"texts overlap: '{pairs[0][0]}' and '{pairs[0][1]}'")
    return recorder
