"""The badge: a picture of one classification, as a self-contained SVG.

It carries level, score and coverage, emissions and the efficiency letter; legible from 120 px wide; colours follow the
reader's scheme. All text is escaped; nothing is fetched and nothing is executed.
"""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from analysis.classify.classification import Classification
from analysis.classify.rubric import rubric
from analysis.label.wording import grams_in_words, level_in_words, name_of

WIDTH, HEIGHT = 240, 152
ROW = 14
NAME_LENGTH = 30
COLOURS = ("#6b7683", "#5c6b80", "#4b5f7d", "#37537c", "#1f477c")
"""From silent to verifiable: grey to blue, since disclosure is no praise of low emissions; dark enough for white
words."""
SMALL_HEIGHT = 20
CHARACTER = 6.6
"""Width of a character of the small badge, in units."""

STYLE = (
    "<style>.paper{fill:#ffffff;stroke:#8a94a0}.ink{fill:#1b232c}.faint{fill:#55606c}.off{opacity:.25}"
    "@media(prefers-color-scheme:dark){.paper{fill:#161b22;stroke:#5b6571}.ink{fill:#eef2f6}.faint{fill:#aab4bf}}"
    "text{font-family:'Segoe UI',Roboto,'Helvetica Neue',Arial,'DejaVu Sans',sans-serif}</style>"
)


def badge(answer: Classification) -> str:
    """The badge of one model.

    Args:
        answer: The classification.

    Returns:
        SVG text of 240 by 152 units that scales to any size.
    """
    transparency = answer.transparency
    levels = rubric().levels
    place = rubric().level_ids().index(transparency.level) if transparency.level in rubric().level_ids() else None
    title = f"{name_of(answer)}: transparency {transparency.level}, {transparency.score:.0f} of 100"
    rows = [_row(number, level.title, place) for number, level in enumerate(reversed(levels))]
    efficiency = f"efficiency {answer.efficiency.label or '–'}"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
    parts = (
        f"{head} aria-label={quoteattr(printable(title))}>",
        f"<title>{escape(printable(title))}</title>{STYLE}",
        f'<rect class="paper" x="0.5" y="0.5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="8"/>',
        _text(12, 25, level_in_words(answer), 20, "ink", bold=True),
        _text(WIDTH - 12, 22, "carbon disclosure", 8.5, "faint", anchor="end"),
        _text(12, 40, shortened(name_of(answer)), 11, "faint"),
        *rows,
        *_side(answer, place),
        _text(12, HEIGHT - 9, shortened(grams_in_words(answer.emissions.grams)), 14, "ink", bold=True),
        _text(WIDTH - 12, HEIGHT - 9, efficiency, 12, "ink", bold=True, anchor="end"),
        "</svg>\n",
    )
    return "\n".join(parts)


def small_badge(answer: Classification) -> str:
    """The badge of one model for a README: one line of 20 units, level and emissions.

    Args:
        answer: The classification.

    Returns:
        SVG text.
    """
    level = answer.transparency.level
    ids = rubric().level_ids()
    words = level_in_words(answer)
    if answer.emissions.grams is not None:
        words += f" · {grams_in_words(answer.emissions.grams)}"
    left, right = "carbon disclosure", shortened(words)
    widths = [round(len(text) * CHARACTER + 12) for text in (left, right)]
    total, colour = sum(widths), COLOURS[ids.index(level)] if level in ids else COLOURS[0]
    title = f"{name_of(answer)}: {left}: {words}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{total}" height="{SMALL_HEIGHT}" role="img" '
        f"aria-label={quoteattr(printable(title))}>"
        f"<title>{escape(printable(title))}</title>{STYLE}"
        f'<rect width="{total}" height="{SMALL_HEIGHT}" rx="3" fill="#3b434d"/>'
        f'<path d="M{widths[0]} 0h{widths[1] - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-{widths[1] - 3}z" fill="{colour}"/>'
        + _text(widths[0] / 2, 14, left, 11, "", anchor="middle", fill="#ffffff")
        + _text(widths[0] + widths[1] / 2, 14, right, 11, "", anchor="middle", fill="#ffffff")
        + "</svg>\n"
    )


def _row(number: int, title: str, place: int | None) -> str:
    """One bar of the ladder, the best on top; the model's own at full strength."""
    levels = len(COLOURS)
    rank = levels - 1 - number
    y = 48 + number * (ROW + 1)
    own = place == rank
    width = 62 + 16 * (number if levels else 0)
    arrow = f"M12 {y}h{width}l7 {ROW / 2}l-7 {ROW / 2}h-{width}z"
    words = _text(17, y + 10.5, title, 10, "" if own else "faint", bold=own, fill="#ffffff" if own else "")
    return (
        f'<g class="{"own" if own else "other"}"><path class="{"" if own else "off"}" d="{arrow}" '
        f'fill="{COLOURS[rank]}"/>{words}</g>'
    )


def _side(answer: Classification, place: int | None) -> list[str]:
    """Score and coverage at the right."""
    transparency = answer.transparency
    score = f"{transparency.score:.0f}" if place is not None else "?"
    return [
        _text(196, 86, score, 34, "ink", bold=True, anchor="middle"),
        _text(196, 100, "of 100", 9.5, "faint", anchor="middle"),
        _text(196, 112, f"{transparency.coverage:.0%} assessed", 9.5, "faint", anchor="middle"),
    ]


def _text(
    x: float, y: float, words: str, size: float, style: str, bold: bool = False, anchor: str = "start", fill: str = ""
) -> str:
    weight = ' font-weight="700"' if bold else ""
    colour = f' fill="{fill}"' if fill else f' class="{style}"'
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" '
        f'text-anchor="{anchor}"{weight}{colour}>{escape(printable(words))}</text>'
    )


def printable(text: str) -> str:
    """Text without characters that XML forbids."""
    return "".join(character if character.isprintable() else " " for character in text)


def shortened(text: str) -> str:
    """Text that fits the badge, its end kept: the end tells names apart."""
    return text if len(text) <= NAME_LENGTH else f"{text[: NAME_LENGTH - 13]}…{text[-12:]}"
