"""Writes a recorded drawing as an SVG element that stands inside a page: words for all readers, colours that follow the page.

Text stays text in the font that the page embeds once (``report.css`` names it), which is a tenth of the size of outlines and can be
searched. Several figures share one page, so every id is prefixed with the figure's name. Colours of the contract are custom properties of
the page; one that turns dark only redefines them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Any

import numpy as np
from matplotlib import _path
from matplotlib.colors import to_hex
from matplotlib.transforms import Affine2D

from analysis.figures import contract
from analysis.figures.recording import TO_POINTS, Dots, Line, Recorder, Stroke

THEMED = {
    contract.INK: "--ink",
    contract.MUTED: "--muted",
    contract.GRID: "--grid",
    contract.PAPER: "--paper",
    contract.LOUD: "--bad",
    contract.BLUE: "--blue",
    contract.VERMILLION: "--vermillion",
    contract.GREEN: "--green",
    contract.ORANGE: "--orange",
    contract.PURPLE: "--purple",
    contract.SKY: "--sky",
    contract.GREY: "--grey",
}
INK = "var(--ink)"
"""Text of this colour needs no word: the page's style gives it to all text of figures."""
DECIMALS = 2
SPACES = re.compile(r"\s*([MLQCZ])\s*|\s+$")
COMMANDS = [b"M", b"L", b"Q", b"C", b"Z"]
LAYERS = 4
"""Half-transparent dots are dealt to so many paths: within a path they do not add up, and a dense place would look like a thin one."""


def page_svg(recorder: Recorder, identity: str, title: str, description: str) -> str:
    """SVG element for a page.

    Args:
        recorder: The drawing.
        identity: Name of the figure; becomes the prefix of all ids.
        title: Short name, read out first.
        description: What the figure shows, in words.
    """
    sheet = _Sheet(recorder, identity)
    body = "".join(part for each in recorder.drawn for part in sheet.write(each))
    view = f"0 0 {_short(recorder.width * TO_POINTS)} {_short(recorder.height * TO_POINTS)}"
    return (
        f'<svg class="figure" xmlns="http://www.w3.org/2000/svg" viewBox="{view}" role="img" '
        f'aria-labelledby="{identity}-title {identity}-description">'
        f'<title id="{identity}-title">{escape(title)}</title><desc id="{identity}-description">{escape(description)}</desc>'
        f"{sheet.definitions()}{body}</svg>"
    )


def _short(value: float) -> str:
    return f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".") or "0"


def _colour(colour: Any) -> str:
    plain = to_hex(colour)
    return f"var({THEMED[plain]})" if plain in THEMED else plain


def opacity(pen: Any, colour: Any) -> float:
    """How far a colour covers what lies below."""
    return float(pen.get_alpha() if pen.get_forced_alpha() else colour[3] if len(colour) > 3 else 1)


def dot_paths(dots: Dots, flip: Any) -> Iterator[str]:
    """Path data of round dots: a line of no length at each place, to be drawn with round ends.

    Args:
        dots: Row of plain circles.
        flip: From pixels to the target's units.
    """
    assert dots.fill is not None
    places = (dots.transform + flip).transform(dots.path.vertices)
    layers = LAYERS if opacity(dots.pen, dots.fill) < 1 and len(places) > LAYERS else 1
    for layer in range(layers):
        yield "".join(f"M{_short(x)} {_short(y)}h0" for x, y in places[layer::layers] if x == x and y == y)  # noqa: PLR0124 - not NaN


def _inside(frame: Any, corners: Any) -> bool:
    low, high = np.min(corners, axis=0), np.max(corners, axis=0)
    within = frame.x0 - 1 <= low[0] and high[0] <= frame.x1 + 1 and frame.y0 - 1 <= low[1] and high[1] <= frame.y1 + 1
    return bool(within)


class _Sheet:
    """Parts of one element; remembers the clipping frames in use."""

    def __init__(self, recorder: Recorder, identity: str) -> None:
        self._height = recorder.height
        self._identity = identity
        self._flip = Affine2D().scale(TO_POINTS, -TO_POINTS).translate(0, recorder.height * TO_POINTS)
        self._frames: dict[tuple[str, ...], str] = {}

    def write(self, each: Stroke | Dots | Line) -> Iterator[str]:
        if isinstance(each, Line):
            yield self._line(each)
        elif isinstance(each, Stroke):
            corners = each.transform.transform(each.path.vertices)
            yield self._path(self._data(each.path, each.transform), each.pen, each.fill, corners)
        elif each.diameter_points is not None:
            style = f"fill:none;stroke:{_colour(each.fill)};stroke-width:{_short(each.diameter_points)};stroke-linecap:round"
            covers = opacity(each.pen, each.fill)
            style += f";stroke-opacity:{_short(covers)}" if covers < 1 else ""
            for data in dot_paths(each, self._flip):
                yield f'<path d="{data}" style="{style}"{self._clip(each.pen, None)}/>'
        else:
            yield self._path("".join(self._marks(each)), each.pen, each.fill, None)

    def _marks(self, each: Dots) -> Iterator[str]:
        """A marker of any shape, written out at every place."""
        places: Any = each.transform.transform(each.path.vertices)
        for x, y in places:
            yield self._data(each.marker, each.marker_transform + Affine2D().translate(x, y))

    def _data(self, path: Any, transform: Any) -> str:
        convert: Any = getattr(_path, "convert_to_string")  # noqa: B009 - compiled: no types
        told = convert(path, transform + self._flip, None, False, None, DECIMALS, COMMANDS, False)
        data: str = told.decode("ascii")
        return SPACES.sub(r"\1", data)

    def _path(self, data: str, pen: Any, fill: Any, corners: Any) -> str:
        style = f"fill:{'none' if fill is None else _colour(fill)}"
        if fill is not None and (covers := opacity(pen, fill)) < 1:
            style += f";fill-opacity:{_short(covers)}"
        if width := pen.get_linewidth():
            colour = pen.get_rgb()
            style += f";stroke:{_colour(colour)};stroke-width:{_short(width)}"
            covers = opacity(pen, colour)
            style += f";stroke-opacity:{_short(covers)}" if covers < 1 else ""
            _, dashes = pen.get_dashes()
            style += f";stroke-dasharray:{','.join(map(_short, dashes))}" if dashes is not None else ""
        return f'<path d="{data}" style="{style}"{self._clip(pen, corners)}/>' if data else ""

    def _clip(self, pen: Any, corners: Any) -> str:
        """The frame that cuts a path, unless all its corners lie inside."""
        frame = pen.get_clip_rectangle()
        if frame is None or (corners is not None and _inside(frame, corners)):
            return ""
        x, y, width, height = (
            _short(value * TO_POINTS) for value in (frame.x0, self._height - frame.y1, frame.width, frame.height)
        )
        name = self._frames.setdefault((x, y, width, height), f"{self._identity}-clip{len(self._frames)}")
        return f' clip-path="url(#{name})"'

    def definitions(self) -> str:
        """The clipping frames."""
        frames = [
            f'<clipPath id="{name}"><rect x="{x}" y="{y}" width="{width}" height="{height}"/></clipPath>'
            for (x, y, width, height), name in self._frames.items()
        ]
        return f"<defs>{''.join(frames)}</defs>" if frames else ""

    def _line(self, line: Line) -> str:
        x, y = _short(line.x * TO_POINTS), _short(line.y * TO_POINTS)
        turned = f' transform="rotate({_short(-line.angle)} {x} {y})"' if line.angle else ""
        strong = ' class="strong"' if contract.STRONG_FAMILY in line.font.get_family() else ""
        size = _short(line.font.get_size_in_points())
        colour = _colour(line.pen.get_rgb())
        style = f"font-size:{size}px" + ("" if colour == INK else f";fill:{colour}")
        return f'<text x="{x}" y="{y}"{turned}{strong} style="{style}">{escape(line.text)}</text>'
