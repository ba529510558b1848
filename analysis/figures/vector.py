"""PDF and SVG files of a recorded drawing, the same bytes on every day."""

from __future__ import annotations

import io
from typing import Any

from matplotlib import _path
from matplotlib.backends.backend_pdf import PdfFile, RendererPdf
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.colors import to_hex
from matplotlib.transforms import Affine2D

from analysis.figures.contract import POINTS_PER_INCH, FigureRefusedError, Size
from analysis.figures.page_svg import dot_paths, opacity
from analysis.figures.recording import TO_POINTS, Dots, Recorder, replay

DECIMALS = 3
COMMANDS = [b"M", b"L", b"Q", b"C", b"z"]
NO_DATES = {"CreationDate": None, "ModDate": None, "Creator": None, "Producer": None}


class CompactSvg(RendererSVG):
    """Matplotlib's SVG writer with fewer decimals, and one element for a cloud of dots."""

    def _convert_path(
        self, path: Any, transform: Any = None, clip: Any = None, simplify: Any = None, sketch: Any = None
    ) -> str:
        frame = (0.0, 0.0, self.width, self.height) if clip else None
        convert: Any = getattr(_path, "convert_to_string")  # noqa: B009 - compiled: no types
        told = convert(path, transform, frame, simplify, sketch, DECIMALS, COMMANDS, False)
        data: str = told.decode("ascii")
        return data.replace("\n", "")

    def draw_markers(
        self,
        gc: Any,
        marker_path: Any,
        marker_trans: Any,
        path: Any,
        trans: Any,
        rgbFace: Any = None,  # noqa: N803 - matplotlib's name
    ) -> None:
        """Plain circles become dots of a path; any other marker is left to matplotlib."""
        dots = Dots(gc, marker_path, marker_trans.frozen(), path, trans.frozen(), rgbFace)
        if dots.diameter_points is None:
            draw: Any = super().draw_markers
            draw(gc, marker_path, marker_trans, path, trans, rgbFace)
            return
        style = {
            "fill": "none",
            "stroke": to_hex(rgbFace),
            "stroke-opacity": f"{opacity(gc, rgbFace):g}",
            "stroke-width": f"{dots.diameter_points / TO_POINTS:.3f}",
            "stroke-linecap": "round",
        }
        words = ";".join(f"{name}:{value}" for name, value in style.items())
        flip = Affine2D().scale(1, -1).translate(0, self.height)
        attributes: Any = self._get_clip_attrs
        clip: dict[str, str] = attributes(gc)
        write: Any = self.writer.element
        for data in dot_paths(dots, flip):
            write("path", d=data, **clip, style=words)


def vector_files(recorder: Recorder, size: Size) -> dict[str, bytes]:
    """PDF and SVG of a drawing.

    Args:
        recorder: The drawing.
        size: Size it was promised to have.

    Returns:
        Format (``pdf``, ``svg``) to file content.

    Raises:
        FigureRefusedError: The figure has another size than promised.
    """
    wanted = [round(inches / TO_POINTS * POINTS_PER_INCH) for inches in size.inches]
    if [recorder.width, recorder.height] != wanted:
        raise FigureRefusedError("the figure was resized: it would not fit its column")
    return {"pdf": _pdf(recorder, size), "svg": _svg(recorder, size)}


def _pdf(recorder: Recorder, size: Size) -> bytes:
    buffer = io.BytesIO()
    width, height = size.inches
    open_file: Any = PdfFile
    open_page: Any = RendererPdf
    file = open_file(buffer, metadata=NO_DATES)
    file.newPage(width, height)
    renderer = open_page(file, POINTS_PER_INCH, height, width)
    replay(recorder, renderer)
    renderer.finalize()
    file.finalize()
    file.close()
    return buffer.getvalue()


def _svg(recorder: Recorder, size: Size) -> bytes:
    buffer = io.StringIO()
    width, height = (inches * POINTS_PER_INCH for inches in size.inches)
    open_svg: Any = CompactSvg
    renderer = open_svg(width, height, buffer, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    replay(recorder, renderer)
    renderer.finalize()
    return buffer.getvalue().encode()
