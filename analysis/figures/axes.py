"""What several figures share.

Rows of a table, log axes with units, month axes, boxes, legends, labels that step aside.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.axis import Axis, XAxis
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullLocator
from matplotlib.transforms import Bbox

from analysis import rounding
from analysis.figures.contract import (
    BLUE,
    CATEGORY_COLOURS,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PAPER,
    PURPLE,
    SKY,
    NothingToDrawError,
)
from analysis.results import Table

Rows = list[dict[str, Any]]
Tables = Mapping[str, Table]
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SPOT_PX = 4.0
FIXED_COLOURS = {
    "autotrain": BLUE, "autonlp": SKY, "hand-written": GREEN, "other generator": ORANGE,
    "NLP": BLUE, "Computer Vision": ORANGE, "Multimodal": PURPLE, "Audio": SKY, "none": GREY,
    "pretraining": BLUE, "pre-training": BLUE, "fine-tuning": ORANGE,
    "pytorch": BLUE, "tf": ORANGE, "jax": GREEN, "keras": PURPLE, "not stated": GREY,
}  # fmt: skip
EMISSIONS_TITLE = "Reported emissions (CO₂eq)"
LABEL_PLACES = ((4, 2), (4, -7), (-4, 2), (-4, -7), (0, 5), (0, -10))


def rows_of(tables: Tables, identity: str, *needed: str, version: str | None = None, why: str | None = None) -> Rows:
    """Rows of a result table as dictionaries, without those that miss a value the figure needs.

    Args:
        tables: Result tables by id.
        identity: Id of the table.
        needed: Columns that must hold a value.
        version: Keep only ``as-published`` or ``repaired``.
        why: Reason to give where nothing is left, if it is known better than the table's note.

    Raises:
        NothingToDrawError: Nothing is left; the table's own note is the reason, where it has one.
    """
    table = tables.get(identity)
    if table is None:
        raise NothingToDrawError(f"the results of this source hold no table {identity}")
    names = [column.name for column in table.columns]
    rows = [dict(zip(names, row, strict=True)) for row in table.rows]
    kept = [
        row
        for row in rows
        if version in {None, row.get("version")} and all(not rounding.is_missing(row[name]) for name in needed)
    ]
    if not kept:
        nothing = f"table {identity} holds no values of {' and '.join(needed) or 'this kind'} for this source"
        raise NothingToDrawError(why or table.note or nothing)
    return kept


def versions_of(rows: Rows) -> list[str]:
    """The versions among the rows, as published first."""
    present = {row["version"] for row in rows}
    return [version for version in ("as-published", "repaired") if version in present]


def version_name(tables: Tables, version: str) -> str:
    """A version in words; on other data than the study's its version is the 2023 recipe."""
    return rounding.version_name(version, is_published=getattr(tables, "is_published", True))


def positive(rows: Rows, *names: str) -> Rows:
    """Rows whose values can stand on a log axis."""
    return [row for row in rows if all(row[name] is not None and row[name] > 0 for name in names)]


def column(rows: Rows, name: str) -> list[Any]:
    """The values of one column."""
    return [row[name] for row in rows]


def places_of(rows: Rows) -> list[int]:
    """Month numbers of rows with a ``month``."""
    return [month_index(row["month"]) for row in rows]


def of_version(rows: Rows, version: str) -> Rows:
    """Rows of one version."""
    return [row for row in rows if row["version"] == version]


def in_order(values: Iterable[Any]) -> list[Any]:
    """Distinct values in the order of their first appearance."""
    return list(dict.fromkeys(values))


def colour_map(names: Sequence[str]) -> dict[str, str]:
    """A colour per category: its own where it has one in every figure, else the next free one, at last grey."""
    free = iter([colour for colour in CATEGORY_COLOURS if colour not in {FIXED_COLOURS.get(name) for name in names}])
    return {name: FIXED_COLOURS.get(name) or next(free, GREY) for name in names}


def log_axis(axis: Axis, unit: str, *, ticks: int = 7) -> None:
    """Make an axis logarithmic, with ticks that carry their unit (``10 kg``)."""
    if isinstance(axis, XAxis):
        axis.axes.set_xscale("log")
    else:
        axis.axes.set_yscale("log")
    axis.set_major_locator(LogLocator(base=10, numticks=ticks))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: rounding.tick(value, unit)))


LARGEST_POWER = 300
"""Beyond it a float has no room for a margin."""


def log_limits(values: Iterable[float], margin: float = 0.06) -> tuple[float, float]:
    """Limits of a log axis around positive values."""
    logs = [math.log10(value) for value in values if value > 0]
    if not logs:
        raise NothingToDrawError("no positive value")
    low, high = min(logs), max(logs)
    pad = max((high - low) * margin, 0.15)
    return float(10 ** max(low - pad, -LARGEST_POWER)), float(10 ** min(high + pad, LARGEST_POWER))


def month_index(month: str) -> int:
    """Months since the year 0 of a ``YYYY-MM``, or the first month of a ``YYYYQn``."""
    if "Q" in month:
        year, quarter = month.split("Q")
        return 12 * int(year) + 3 * (int(quarter) - 1)
    year, number = month.split("-")
    return 12 * int(year) + int(number) - 1


def quarters_between(quarters: Iterable[str]) -> list[str]:
    """Every quarter from the first to the last, so that a gap in time is a gap in the figure."""
    indices = [month_index(quarter) // 3 for quarter in quarters]
    return [f"{index // 4}Q{index % 4 + 1}" for index in range(min(indices), max(indices) + 1)]


def month_axis(axes: Axes, months: Sequence[str], *, most: int = 10) -> None:
    """Label an axis of month numbers: names of at most so many months, the year below the first of each."""
    first, last = month_index(min(months)), month_index(max(months))
    step = next(step for step in (1, 2, 3, 6, 12, 24, 48, 120, 1200) if (last - first) / step <= most - 1)
    places = [month for month in range(first, last + 1) if month % step == 0] or [first]
    years_shown = {month // 12: month for month in reversed(places)}
    labels = [
        f"{MONTH_NAMES[month % 12]}\n{month // 12}" if years_shown[month // 12] == month else MONTH_NAMES[month % 12]
        for month in places
    ]
    axes.xaxis.set_major_locator(FixedLocator(places))
    axes.xaxis.set_ticklabels(labels)
    axes.set_xlim(first - 0.9, last + 0.9)


def quarter_axis(axes: Axes, quarters: Sequence[str]) -> None:
    """Label bars at 0, 1, 2, ... with quarters, the year below the first of each."""
    step = max(1, math.ceil(len(quarters) / 8))
    places = list(range(0, len(quarters), step))
    labels, seen = [], set()
    for place in places:
        year, number = quarters[place].split("Q")
        labels.append(f"Q{number}" if year in seen else f"Q{number}\n{year}")
        seen.add(year)
    axes.xaxis.set_major_locator(FixedLocator(places))
    axes.xaxis.set_ticklabels(labels)
    axes.set_xlim(-0.6, len(quarters) - 0.4)


def share_axis(axis: Axis) -> None:
    """Ticks of an axis of shares as per cent."""
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{rounding.plain(100 * value)} %"))


def spread(count: int) -> list[float]:
    """Sideways shifts between -1 and 1 that keep points apart: van der Corput's sequence, the same on every run."""
    shifts = []
    for index in range(1, count + 1):
        bits = f"{index:b}"[::-1]
        shifts.append(2 * sum(int(bit) / 2 ** (place + 1) for place, bit in enumerate(bits)) - 1)
    return shifts


def draw_box(axes: Axes, place: float, row: Mapping[str, Any], colour: str, *, height: float = 0.5) -> None:
    """One lying box: quartiles, median, and whiskers to the extremes, from the numbers of the table."""
    low, high = max(row["minimum"], 1e-12), row["maximum"]
    axes.plot([low, high], [place, place], color=colour, linewidth=0.9, zorder=2, solid_capstyle="butt")
    q1, q3 = max(row["q1"], 1e-12), row["q3"]
    look: dict[str, Any] = {"color": colour, "alpha": 0.35, "edgecolor": colour, "linewidth": 0.8, "zorder": 2}
    axes.barh(place, q3 - q1, left=q1, height=height, **look)
    middle = max(row["median"], 1e-12)
    ends = [place - height / 2, place + height / 2]
    axes.plot([middle, middle], ends, color=INK, linewidth=1.4, zorder=4, solid_capstyle="butt")


def number_beside(axes: Axes, words: str, end: float, place: float, **more: Any) -> None:
    """A number right behind the end of a lying bar."""
    axes.annotate(words, (end, place), (3, 0), textcoords="offset points", va="center", fontsize=6.5, **more)


def draw_points(
    axes: Axes,
    xs: Sequence[float],
    ys: Sequence[float],
    colour: str,
    size: float = 1.7,
    alpha: float = 0.45,
    **more: Any,
) -> None:
    """A cloud of points."""
    axes.plot(xs, ys, "o", color=colour, markersize=size, alpha=alpha, zorder=3, **more)


def legend_above(axes: Axes, columns: int = 3, **more: Any) -> None:
    """Legend in a row above the panel, where it hides no data."""
    spacing = {"borderaxespad": 0.2, "columnspacing": 1.1, "handletextpad": 0.5}
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=columns, **spacing, **more)


def shorten(text: str, length: int) -> str:
    """Text cut to a length, with an ellipsis where something is missing; signs the font lacks become a ``?``."""
    known = "".join(
        sign if sign.isprintable() and (ord(sign) < 0x180 or sign in "₂²–—−×≤≥≈→…ρτβδηε·") else "?" for sign in text
    )
    known = known.replace("$", "\\$")
    return known if len(known) <= length else f"{known[: length - 1].rstrip()}…"


def settle_layout(figure: Figure) -> None:
    """Lay a figure out once and for all, so that places in its panels are known while it is still being drawn."""
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
    figure.set_layout_engine("none")


def label_points(axes: Axes, points: Sequence[tuple[float, float, str]], *, size: float = 6) -> int:
    """Write names beside points; a name steps aside for those before it, and is left out where no place is free.

    Args:
        axes: Panel of a figure that has been laid out (``settle_layout``).
        points: x, y and name, the most important first.
        size: Font size in points.

    Returns:
        How many names were written.
    """
    frame = axes.get_window_extent()
    taken: list[Any] = [_spot(axes, x, y) for x, y, _ in points]
    written = 0
    for x, y, name in points:
        box = _write_beside(axes, (x, y), shorten(name, 24), size, frame, taken)
        if box is not None:
            taken.append(box)
            written += 1
            axes.plot(
                [x], [y], "o", markerfacecolor="none", markeredgecolor=INK, markeredgewidth=0.7, markersize=4, zorder=7
            )
    return written


def _spot(axes: Axes, x: float, y: float) -> Bbox:
    """Box of a point in pixels, which no name may cover."""
    across, up = axes.transData.transform((x, y))
    return Bbox.from_bounds(across - SPOT_PX / 2, up - SPOT_PX / 2, SPOT_PX, SPOT_PX)


def _write_beside(axes: Axes, point: tuple[float, float], name: str, size: float, frame: Any, taken: list[Any]) -> Any:
    """Write one name at the first free place about its point; its box, or None where no place is free."""
    for dx, dy in LABEL_PLACES:
        side = "left" if dx > 0 else "right" if dx < 0 else "center"
        backing = {"facecolor": PAPER, "alpha": 0.75, "edgecolor": "none", "pad": 0.6}
        label = axes.annotate(
            name, point, (dx, dy), textcoords="offset points", ha=side, fontsize=size, color=INK, zorder=6, bbox=backing
        )
        box = label.get_window_extent()
        is_inside = frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1
        if is_inside and not any(map(box.overlaps, taken)):
            return box
        label.remove()
    return None


def wrapped(text: str, width: int, lines: int = 3) -> str:
    """Text broken into lines of about ``width`` signs; the last line ends in an ellipsis where something is missing."""
    parts = textwrap.wrap(shorten(text, width * (lines + 1)), width, break_long_words=True, break_on_hyphens=False)
    if len(parts) > lines:
        parts = [*parts[: lines - 1], shorten(" ".join(parts[lines - 1 :]), width)]
    return "\n".join(parts)
