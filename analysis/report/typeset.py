"""Tables for a manuscript (LaTeX, booktabs) and for other programs (CSV), and one macro for every number."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

import msgspec

from analysis import rounding
from analysis.report.names import macro_name
from analysis.report.study import Study
from analysis.results import Column, Estimate, Result, Table
from mining.errors import HfCarbonError

LONG_TABLE_ROWS = 40
MAX_PRINTED_ROWS = 150
SINGLE_MODEL_ENDS = ("points", ".scatter")
SYNTHETIC = "SYNTHETIC"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
LATEX_SIGNS = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "\N{MINUS SIGN}": r"$-$",
    "×": r"$\times$",
    "±": r"$\pm$",
    "≤": r"$\leq$",
    "≥": r"$\geq$",
    "≈": r"$\approx$",
    "→": r"$\rightarrow$",
    "∞": r"$\infty$",
    "–": "--",
    "—": "---",
    "…": r"\dots{}",
    "₂": r"\textsubscript{2}",
    "²": r"\textsuperscript{2}",
    "ρ": r"$\rho$",
    "τ": r"$\tau$",
    "β": r"$\beta$",
    "δ": r"$\delta$",
    "η": r"$\eta$",
    "ε": r"$\varepsilon$",
    "\n": " ",
    "\r": " ",
    "\t": " ",
}
POWER_DIGITS = {ord(sign): plain for sign, plain in zip("⁰¹³⁴⁵⁶⁷⁸⁹⁻", "013456789-", strict=True)}
RESULT_COLUMNS = (
    Column(name="question", title="Question"),
    Column(name="title", title="Measure"),
    Column(name="version", title="Version"),
    Column(name="method", title="Method"),
    Column(name="n", title="n"),
    Column(name="estimate", title="Estimate"),
    Column(name="interval", title="95 % interval"),
    Column(name="effect", title="Effect size"),
    Column(name="p", title="p"),
    Column(name="p_adjusted", title="Adjusted p"),
)


def latex(text: str) -> str:
    """Any text so that LaTeX prints it and executes none; characters LaTeX cannot print become a ``?``."""
    return text.translate(LATEX_CODES)


class _LatexCodes(dict[int, str]):
    """What LaTeX prints for a character, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _latex_sign(chr(code))
        return found


def _latex_sign(sign: str) -> str:
    if sign in LATEX_SIGNS:
        return LATEX_SIGNS[sign]
    if ord(sign) in POWER_DIGITS:
        return rf"\textsuperscript{{{POWER_DIGITS[ord(sign)]}}}"
    if sign.isprintable() and ord(sign) < 0x250:
        return sign
    return "?"


LATEX_CODES = _LatexCodes()


def marked_synthetic(table: Table) -> Table:
    """The table of a made-up study: a last column says so in every row."""
    columns = (*table.columns, Column(name="source", title="Source"))
    return msgspec.structs.replace(table, columns=columns, rows=tuple((*row, SYNTHETIC) for row in table.rows))


def csv_text(table: Table) -> bytes:
    """The table at full precision, UTF-8; texts that a spreadsheet would take for a formula begin with an apostrophe.

    Rule: OWASP, *CSV Injection*. Numbers stay numbers, also negative ones.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([_csv_cell(column.name) for column in table.columns])
    writer.writerows([[_csv_cell(value) for value in row] for row in table.rows])
    return stream.getvalue().encode()


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return "" if rounding.is_missing(value) else repr(value)
    text = str(value).replace("\x00", "").replace("\r", "\n")
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def is_of_single_models(table: Table) -> bool:
    """Whether the rows of a table are single models, as behind a scatter plot: data for a program, never printed."""
    return table.id.endswith(SINGLE_MODEL_ENDS)


def is_printed(table: Table) -> bool:
    """Whether a table is typeset for a manuscript: neither rows of single models nor hundreds of rows."""
    return len(table.rows) <= MAX_PRINTED_ROWS and not is_of_single_models(table)


def latex_table(table: Table) -> str:
    """The table in LaTeX with booktabs rules; one of more than 40 rows breaks over pages (package longtable)."""
    kinds = "".join("r" if _is_numeric(table, index) else "l" for index in range(len(table.columns)))
    head = " & ".join(latex(_heading(column)) for column in table.columns) + r" \\"
    lines = [
        " & ".join(_latex_cell(value, column) for value, column in zip(row, table.columns, strict=True)) + r" \\"
        for row in table.rows
    ]
    environment = "longtable" if len(lines) > LONG_TABLE_ROWS else "tabular"
    begin = [f"% {latex(table.title)}", rf"\begin{{{environment}}}{{{kinds}}}", r"\toprule", head, r"\midrule"]
    if environment == "longtable":
        begin.append(r"\endhead")
    end = [r"\bottomrule", rf"\end{{{environment}}}"]
    return "\n".join([*begin, *lines, *end]) + "\n"


def _latex_cell(value: Any, column: Column) -> str:
    return latex(rounding.cell(value, column.name, column.unit))


def _heading(column: Column) -> str:
    return (
        f"{column.title} ({rounding.pretty_unit(column.unit)})" if column.unit not in {None, "", "1"} else column.title
    )


def _is_numeric(table: Table, index: int) -> bool:
    values = [row[index] for row in table.rows if row[index] is not None]
    return bool(values) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def results_table(results: Iterable[Result], *, is_published: bool = True) -> Table:
    """All results as one table of printed texts, as a paper's appendix wants it.

    ``is_published`` where the data are the study's.
    """
    rows = []
    for result in results:
        estimate = result.estimate
        rows.append(
            (
                result.question,
                result.title,
                rounding.version_name(result.version, is_published=is_published),
                estimate.method,
                rounding.count(estimate.n),
                rounding.with_unit(estimate.estimate, estimate.unit),
                rounding.interval(estimate.low, estimate.high),
                rounding.number(estimate.effect_size),
                rounding.p_value(estimate.p),
                rounding.p_value(result.p_adjusted),
            )
        )
    return Table(id="results", title="All results", columns=RESULT_COLUMNS, rows=tuple(rows))


def shown_numbers(estimate: Estimate, p_adjusted: float | None) -> dict[str, str]:
    """Every number of a result as it is printed in running text."""
    shown = {
        "Estimate": rounding.with_unit(estimate.estimate, estimate.unit),
        "Low": rounding.number(estimate.low),
        "High": rounding.number(estimate.high),
        "Interval": rounding.interval(estimate.low, estimate.high),
        "Statistic": rounding.number(estimate.statistic),
        "P": rounding.p_value(estimate.p),
        "PAdjusted": rounding.p_value(p_adjusted),
        "Effect": rounding.number(estimate.effect_size),
        "EffectInterval": rounding.interval(estimate.effect_low, estimate.effect_high),
        "N": rounding.count(estimate.n),
        "Missing": rounding.count(estimate.n_missing),
    }
    shown |= {f"N {group}": rounding.count(size) for group, size in estimate.n_by_group.items()}
    shown |= {f"Detail {name}": rounding.number(value) for name, value in estimate.details.items()}
    return {name: text for name, text in shown.items() if text != rounding.MISSING}


def macros(study: Study) -> str:
    """``numbers.tex``: one macro per number, named after the result's id.

    Raises:
        HfCarbonError: Two numbers would get the same macro.
    """
    known: dict[str, str] = {}
    for result in study.results():
        for what, text in shown_numbers(result.estimate, result.p_adjusted).items():
            _define(known, macro_name(result.id, what), text)
    for answer in study.answers:
        for step, (name, rows) in enumerate(answer.n_flow, start=1):
            _define(known, macro_name(answer.question, f"flow{step}", name), rounding.count(rows))
        for number, step_of_repair in enumerate(answer.repairs, start=1):
            _define(
                known,
                macro_name(answer.question, f"repair{number}", step_of_repair.repair, "changed"),
                rounding.count(step_of_repair.n_changed),
            )
    lines = [rf"\newcommand{{\{name}}}{{{latex(text)}\xspace}}" for name, text in sorted(known.items())]
    head = ["% Every number of the report; \\usepackage{xspace} is needed."]
    if study.is_synthetic:
        head.append("% SYNTHETIC DATA: nothing here was measured.")
    return "\n".join([*head, *lines]) + "\n"


def _define(known: dict[str, str], name: str, text: str) -> None:
    if known.setdefault(name, text) != text:
        raise HfCarbonError(f"two different numbers would be printed by the same macro \\{name}")
