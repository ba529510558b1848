"""What simulations found of the procedures that this report uses.

Size at 5 %, coverage at 95 %, and where they miss their target.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from analysis import rounding
from analysis.report.study import Study
from analysis.results import Column, Table

COLUMNS = (
    Column(name="method", title="Procedure"),
    Column(name="measure", title="Measured"),
    Column(name="designs", title="Designs"),
    Column(name="lowest", title="Lowest"),
    Column(name="highest", title="Highest"),
    Column(name="error", title="Its own error, at most"),
    Column(name="outside", title="Outside the target"),
)
TARGETS = {"size": "0.03 to 0.07", "coverage": "0.93 to 0.97"}
JOINT = frozenset({"joint test by a wild cluster bootstrap", "joint test by first-order series without a trend"})
"""How the joint tests of the multiverse are named among the cells."""
NOTE = (
    "From make bench: ties, skew, zeros, one row far away, few hands that made most "
    "models (12 to 120 clusters), months that resemble "
    "each other by .5 and .8. Size is how often p falls below .05 where nothing is there; "
    "coverage is how often the 95 % interval holds the truth."
)


@cache
def _cells() -> tuple[dict[str, str], ...]:
    """Cells of the stored run."""
    text = files("analysis.stats").joinpath("measured.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def measured_table(study: Study) -> Table:
    """One row a procedure and measure, for the procedures among the results.

    With the designs in which it misses its target.
    """
    used = {result.estimate.method.replace(",", ";") for result in study.results()}
    used |= JOINT if study.curves else frozenset()
    groups: dict[tuple[str, str], list[dict[str, str]]] = {}
    for cell in _cells():
        if cell["method"] in used:
            groups.setdefault((cell["method"].replace(";", ","), cell["measure"]), []).append(cell)
    rows = []
    for (method, measure), cells in groups.items():
        values = [float(cell["value"]) for cell in cells]
        errors = max(float(cell["error"]) for cell in cells)
        missed = [
            f"{cell['scenario'].replace(';', ',')} (n {cell['n']}): {rounding.number(float(cell['value']))}"
            for cell in cells
            if cell["outside"] == "True"
        ]
        rows.append((method, measure, len(cells), min(values), max(values), errors, "; ".join(missed) or "none"))
    title = f"Intervals and tests in simulations: size {TARGETS['size']}, coverage {TARGETS['coverage']} wanted"
    return Table(id="measured", title=title, columns=COLUMNS, rows=tuple(rows), note=NOTE)
