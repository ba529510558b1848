"""Figures of a history: the share at a glance, where reporters come from and go to, and shares by group."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from datetime import date
from typing import Any

from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from analysis.figures.contract import (
    BLUE,
    CATEGORY_COLOURS,
    GREEN,
    GREY,
    INK,
    VERMILLION,
    Size,
    add_source_line,
    house_style,
    new_figure,
)
from analysis.history.answers import percent
from analysis.history.counts import ALL
from analysis.history.series import Row

KINDS = ("pdf", "svg", "png")
MOST_LINES = 5
LEAST_MODELS = 30
"""A share of fewer models jumps by whole reports and hides the other lines."""
_METADATA: dict[str, dict[str, Any]] = {"pdf": {"CreationDate": None}, "svg": {"Date": None}, "png": {"Software": None}}
Drawing = dict[str, Any]


def draw(
    identity: str, source: str, line: str, height_mm: float, paint: Callable[[Figure], tuple[str, str, str]]
) -> Drawing:
    """Draw one figure in all formats.

    Args:
        identity: Name of its files.
        source: Table that its numbers stand in.
        line: Source line below it.
        height_mm: Height.
        paint: Draws it; returns its finding, its caption, and the alternative text.
    """
    with house_style():
        figure = new_figure(Size(2, height_mm))
        add_source_line(figure, line, synthetic=False)
        title, caption, alternative = paint(figure)
        files = {}
        for kind in KINDS:
            stream = io.BytesIO()
            figure.savefig(stream, format=kind, metadata=_METADATA[kind])
            files[kind] = stream.getvalue()
    data = f"data:image/svg+xml;base64,{base64.b64encode(files['svg']).decode()}"
    return {
        "id": identity,
        "source": source,
        "title": title,
        "caption": caption,
        "alternative": alternative,
        "files": files,
        "kinds": KINDS,
        "data": data,
    }


def _days(rows: list[Any]) -> list[Any]:
    return [date.fromisoformat(text) for text in rows]


def _dated(axes: Axes) -> None:
    locator = AutoDateLocator(minticks=3, maxticks=8)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(value)))
    axes.grid(visible=True, axis="y")


def share_figure(
    shares: list[dict[str, Any]], rows: list[Row], headline: str
) -> Callable[[Figure], tuple[str, str, str]]:
    """RQ1.1: the share of all listed models that state a number, and of those whose number is their own training."""

    def paint(figure: Figure) -> tuple[str, str, str]:
        axes = figure.subplots()
        own = [row for row in shares if row["grouping"] == ALL]
        days = _days([row["date"] for row in own])
        axes.fill_between(days, [r["low"] for r in own], [r["high"] for r in own], color=BLUE, alpha=0.18, linewidth=0)
        axes.plot(days, [row["share"] for row in own], "o-", color=BLUE, markersize=2.5)
        settled = [row.reporters_settled_count / max(row.models_count, 1) for row in rows]
        axes.plot(days, settled, "s-", color=GREEN, markersize=2)
        apart = abs(own[-1]["share"] - settled[-1]) > 0.06 * max(row["high"] for row in own)
        ends = (
            (own[-1]["share"], "state a number", BLUE, 0 if apart else 4),
            (settled[-1], "own training, checked", GREEN, 0 if apart else -4),
        )
        for value, words, colour, shift in ends:
            axes.annotate(
                f"{words}: {percent(value)}",
                (days[-1], value),
                (5, shift),
                textcoords="offset points",
                color=colour,
                va="center",
            )
        _dated(axes)
        axes.set_ylim(bottom=0)
        axes.set_ylabel("Share of all listed models")
        axes.margins(x=0.02)
        band = (
            "Band: 95 % interval that counts an owner once. The denominator is every listed model, not only new ones."
        )
        return (
            headline,
            band,
            f"Line chart of the share of models that state a carbon number, {len(own)} dates. {headline}",
        )

    return paint


def moves_of(row: Row) -> int:
    """Reports gained and lost up to a date."""
    gained = (row.entered_reporting_count or 0) + (row.began_count or 0)
    return gained + (row.stopped_count or 0) + (row.left_reporting_count or 0)


def flow_figure(rows: list[Row]) -> Callable[[Figure], tuple[str, str, str]]:
    """Where reporters come from and go to between two dates."""

    def paint(figure: Figure) -> tuple[str, str, str]:
        axes = figure.subplots()
        steps = rows[1:]
        days = _days([row.date for row in steps])
        gaps = [(b - a).days for a, b in zip(_days([row.date for row in rows]), days, strict=False)]
        below, above = [0.0] * len(steps), [0.0] * len(steps)
        kinds = (
            ("entered_reporting_count", "new models that report", BLUE, 1),
            ("began_count", "listed models began", GREEN, 1),
            ("stopped_count", "listed models stopped", VERMILLION, -1),
            ("left_reporting_count", "reporters no longer listed", GREY, -1),
        )
        for name, words, colour, sign in kinds:
            base = above if sign > 0 else below
            heights = [sign * float(getattr(row, name) or 0) for row in steps]
            axes.bar(days, heights, [0.8 * gap for gap in gaps], base, color=colour, label=words, align="center")
            base[:] = [one + other for one, other in zip(base, heights, strict=True)]
        axes.axhline(0, color=INK, linewidth=0.6)
        _dated(axes)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{abs(value):,.0f}"))
        axes.set_ylabel("Models")
        figure.legend(loc="outside upper left", ncols=4)
        gained = sum((row.entered_reporting_count or 0) + (row.began_count or 0) for row in steps)
        lost = sum((row.stopped_count or 0) + (row.left_reporting_count or 0) for row in steps)
        title = f"{gained:,} reports were gained and {lost:,} lost."
        return (
            title,
            "Gains above the line, losses below.",
            f"Stacked bars of gains and losses of reports by date. {title}",
        )

    return paint


def group_figure(shares: list[dict[str, Any]], grouping: str) -> Callable[[Figure], tuple[str, str, str]]:
    """Share of reporters in the largest levels of a grouping."""

    def paint(figure: Figure) -> tuple[str, str, str]:
        axes = figure.subplots()
        own = [row for row in shares if row["grouping"] == grouping and row["share"] is not None]
        last = max(row["date"] for row in own)
        size = {row["level"]: row["models_count"] for row in own if row["date"] == last}
        names = sorted(size, key=lambda name: (-size[name], name))[:MOST_LINES]
        names = [name for name in names if size[name] >= LEAST_MODELS] or names[:1]
        for name, colour in zip(names, CATEGORY_COLOURS, strict=False):
            line = [row for row in own if row["level"] == name]
            label = f"{name[:24]} ({percent(line[-1]['share'])} of {size[name]:,})"
            axes.plot(_days([row["date"] for row in line]), [row["share"] for row in line], color=colour, label=label)
        _dated(axes)
        axes.set_ylim(bottom=0)
        axes.set_ylabel("Share that states a number")
        figure.legend(loc="outside upper left", ncols=2)
        words = grouping.replace("_", " ")
        return (
            f"Share by {words}",
            f"Kinds with at least {LEAST_MODELS} models on the last date, the {MOST_LINES} largest.",
            f"Lines of the share by {words}.",
        )

    return paint
