"""A contact sheet of every figure of a report, as one page and as one picture.

To look at, and to compare two runs at a glance. Run as ``python -m analysis.report.gallery FOLDER...`` with processed
folders that hold a report.
"""

from __future__ import annotations

import base64
import io
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analysis.report.writer import CAPTIONS
from mining.errors import HfCarbonError, UsageError
from mining.files import write_bytes, write_text
from mining.paths import Processed

COLUMNS = 2
MARGIN_PX, CAPTION_PX = 24, 30
DPI = 100
Pixels = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True)
class Sheet:
    """Files of a contact sheet."""

    page: Path
    picture: Path
    figures: int


def gallery(processed: Processed) -> Sheet:
    """Write ``gallery/gallery.html`` and ``gallery/gallery.png`` of a processed folder.

    Raises:
        UsageError: The folder holds no report.
    """
    captions = _captions(processed)
    folder = processed.folder / "gallery"
    sheet = Sheet(folder / "gallery.html", folder / "gallery.png", len(captions))
    write_text(sheet.page, _page(processed, captions))
    write_bytes(sheet.picture, _picture(processed, captions))
    return sheet


def _captions(processed: Processed) -> dict[str, dict[str, str]]:
    try:
        captions: dict[str, dict[str, str]] = json.loads((processed.figures / CAPTIONS).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(f"no report for '{processed.folder.name}'; run report first") from None
    if not captions:
        raise UsageError(f"the report of '{processed.folder.name}' has no figures")
    return captions


def _page(processed: Processed, captions: dict[str, dict[str, str]]) -> str:
    from analysis.report.html import fill, own_file

    figures = []
    for name, caption in captions.items():
        data = base64.b64encode((processed.figures / f"{name}.png").read_bytes()).decode()
        figures.append({"id": name, "data": f"data:image/png;base64,{data}", **caption})
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    return fill(
        "gallery.html.j2", policy=policy, style=own_file("report.css"), snapshot=processed.folder.name, figures=figures
    )


def _picture(processed: Processed, captions: dict[str, dict[str, str]]) -> bytes:
    """All figures at half their resolution in columns, each under its name; the next goes to the shortest column."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.image import imread

    from analysis.figures.contract import INK, house_style

    pictures = {name: _half(imread(processed.figures / f"{name}.png")) for name in captions}
    width = max(picture.shape[1] for picture in pictures.values())
    places, height = _arranged(pictures)
    canvas_width = COLUMNS * (width + MARGIN_PX) + MARGIN_PX
    with house_style():
        figure = Figure(figsize=(canvas_width / DPI, height / DPI), dpi=DPI)
        for name, picture in pictures.items():
            column, top = places[name]
            left = MARGIN_PX + column * (width + MARGIN_PX)
            figure.text(left / canvas_width, 1 - (top + CAPTION_PX * 0.75) / height, name, fontsize=9, color=INK)
            figure.figimage(picture, left, height - top - CAPTION_PX - picture.shape[0])
        buffer = io.BytesIO()
        canvas: Any = FigureCanvasAgg(figure)
        canvas.print_png(buffer, metadata={"Software": None})
    return buffer.getvalue()


def _half(picture: Pixels) -> Pixels:
    """The picture at half its width and height, four pixels averaged to one."""
    even = picture[: picture.shape[0] // 2 * 2, : picture.shape[1] // 2 * 2]
    blocks = even.reshape(even.shape[0] // 2, 2, even.shape[1] // 2, 2, -1)
    return np.asarray(blocks.mean(axis=(1, 3)), dtype=np.float32)


def _arranged(pictures: dict[str, Pixels]) -> tuple[dict[str, tuple[int, int]], int]:
    """Column and top edge of each picture, and the height of the sheet."""
    ends = [MARGIN_PX] * COLUMNS
    places = {}
    for name, picture in pictures.items():
        column = ends.index(min(ends))
        places[name] = (column, ends[column])
        ends[column] += picture.shape[0] + CAPTION_PX + MARGIN_PX
    return places, max(ends)


def main(folders: Sequence[str]) -> int:
    """Write the contact sheet of each folder and name its files on standard output.

    Returns:
        Exit code.
    """
    try:
        if not folders:
            raise UsageError("name a processed folder that holds a report")
        for folder in folders:
            sheet = gallery(Processed(Path(folder)))
            sys.stdout.write(f"{sheet.page}\n{sheet.picture}\n")
    except HfCarbonError as error:
        sys.stderr.write(f"gallery: {error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
