"""What can be wrong with a picture and still be a file: overlapping words, words outside the canvas, empty panels."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.contract import FigureRefusedError
from analysis.figures.picture import RecordingRenderer, Words

TOLERANCE_PX = 1.0


def drawn_words(picture: RecordingRenderer) -> list[Words]:
    """Every line of text that was drawn, with its box in pixels."""
    return [words for words in picture.words if words.text.strip()]


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
        if min(each.left, each.bottom) < -tolerance_px
        or each.right > width + tolerance_px
        or each.top > height + tolerance_px
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


def refuse_flaws(figure: Figure) -> RecordingRenderer:
    """Draw a figure; refuse it for an empty panel, an image, overlapping texts, or texts outside the canvas.

    Returns:
        The drawn picture.

    Raises:
        FigureRefusedError: Says which panel or texts.
    """
    panels = [axes for axes in figure.axes if axes.get_visible()]
    if not panels or any(is_empty(axes) for axes in panels):
        raise FigureRefusedError("a panel of the figure is empty")
    if any(axes.images for axes in panels):
        raise FigureRefusedError("a figure is drawn of paths and text, not of images")
    picture = RecordingRenderer(figure)
    words = drawn_words(picture)
    if beyond := outside(picture.width, picture.height, words):
        raise FigureRefusedError(f"text leaves the canvas: '{beyond[0]}'")
    if pairs := overlaps(words):
        raise FigureRefusedError(f"texts overlap: '{pairs[0][0]}' and '{pairs[0][1]}'")
    return picture
