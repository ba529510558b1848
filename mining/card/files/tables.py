"""Tables of meters: CodeCarbon's ``emissions.csv`` and eco2AI's ``emission.csv``.

A row is read only by the header it belongs to, and only where it has as many fields; energy is checked against its
parts and the rate against emissions over time. Sources: codecarbon 3.3 (``output_methods/file.py``), eco2AI 0.3
(``emission_track.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from mining.card.files.runs import Run, fault
from mining.card.files.text_of import Row, decimal_mark, number_of, rows_of
from mining.fields import FileFault
from mining.schema import Claim

RUNS_CAP = 500
FAULTS_CAP = 3
"""Rows of one fault that are named in a file."""
CLOSE = 0.02
"""How far a sum or a rate may lie beside its parts: meters write many digits, people round some away."""
TINY = 1e-9
_EMPTY = frozenset({"", "none", "nan", "n/a", "null", "unknown"})


class Layout(Struct, frozen=True):
    """Columns of one meter, in small letters; of several the first that is filled counts.

    Attributes:
        tool: The meter.
        needed: Columns that tell the layout.
        emissions: Kilograms.
        energy: Kilowatt hours.
        seconds: Duration.
        run: What tells runs apart.
        hardware: Devices.
        region: Place.
        country: Country, which is known where the place is in no list.
        provider: Cloud.
        parts: Columns that sum to the energy.
        is_total: Whether rows of one run repeat its running total; otherwise its rows are parts that are added.
    """

    tool: str
    needed: frozenset[str]
    emissions: str
    energy: tuple[str, ...]
    seconds: str
    run: tuple[str, ...]
    hardware: tuple[str, ...]
    region: tuple[str, ...]
    country: tuple[str, ...]
    provider: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    is_total: bool = True

    @property
    def numbers(self) -> tuple[str, ...]:
        """Columns of numbers."""
        return self.emissions, *self.energy, self.seconds, *self.parts, "emissions_rate"


CODECARBON = Layout(
    tool="codecarbon",
    needed=frozenset({"emissions", "energy_consumed"}),
    emissions="emissions",
    energy=("energy_consumed",),
    seconds="duration",
    run=("run_id", "experiment_id", "timestamp"),
    hardware=("gpu_model", "cpu_model"),
    region=("cloud_region", "region"),
    country=("country_name", "country_iso_code"),
    provider=("cloud_provider",),
    parts=("cpu_energy", "gpu_energy", "ram_energy"),
)
ECO2AI = Layout(
    tool="eco2ai",
    needed=frozenset({"co2_emissions(kg)", "duration(s)"}),
    emissions="co2_emissions(kg)",
    energy=("power_consumption(kwh)", "power_consumption(kwth)"),
    seconds="duration(s)",
    run=("id", "start_time"),
    hardware=("gpu_name", "cpu_name"),
    region=("region/country",),
    country=(),
    is_total=False,
)
LAYOUTS = (CODECARBON, ECO2AI)
_SHORTENED = frozenset({"emissions", "emissions_rate", "duration"})
"""Columns that only CodeCarbon's table has, of which somebody left out the energy."""
Cells = Mapping[str, str]


def table_runs(text: str, name: str) -> tuple[list[Run], list[Claim]]:
    """Runs that a meter's table states, and claims that name what could not be read.

    Args:
        text: The file.
        name: Its name.
    """
    header: tuple[str, ...] = ()
    layout: Layout | None = None
    sections: list[tuple[Layout, list[tuple[Row, Cells]]]] = []
    faults: list[Claim] = []
    for row in rows_of(text):
        named = tuple(cell.lower() for cell in row.cells)
        found = layout_of(named)
        if found is not None or not header:
            header, layout = named, found
            if layout is None or "task_name" in named:
                reason: FileFault = "file-tasks" if layout is not None else "file-unknown"
                return [], [fault(name, reason, row.text)]
            sections.append((layout, []))
        elif len(row.cells) != len(header):
            faults.append(fault(name, "row-fields", row.text, row.number))
        else:
            sections[-1][1].append((row, dict(zip(header, row.cells, strict=True))))
    if not header:
        return [], [fault(name, "file-empty")]
    runs: list[Run] = []
    for used, rows in sections:
        found_runs, found_faults = _section(used, rows, name)
        runs += found_runs
        faults += found_faults
    if len(runs) > RUNS_CAP:
        faults.append(fault(name, "runs-left-out", runs[0].text, runs[0].row))
    if not runs and not faults:
        faults.append(fault(name, "file-empty", text[:200].strip()))
    return runs[-RUNS_CAP:], list(_few(faults))


def layout_of(header: Iterable[str]) -> Layout | None:
    """The meter that writes such a header; None where it is none of those known."""
    columns = set(header)
    return next(
        (layout for layout in LAYOUTS if layout.needed <= columns), CODECARBON if columns >= _SHORTENED else None
    )


def _few(faults: Iterable[Claim]) -> Iterator[Claim]:
    """The first faults of each kind: a thousand broken rows are one piece of news."""
    seen: Counter[str] = Counter()
    for one in faults:
        seen[one.flags[0]] += 1
        if seen[one.flags[0]] <= FAULTS_CAP:
            yield one


def _section(layout: Layout, rows: list[tuple[Row, Cells]], name: str) -> tuple[list[Run], list[Claim]]:
    """Runs of the rows below one header."""
    mark = decimal_mark(cells[column] for _, cells in rows for column in layout.numbers if column in cells)
    if mark is None:
        return [], [fault(name, "file-marks-mixed", rows[0][0].text, rows[0][0].number)]
    found: dict[str, list[Run]] = {}
    faults = []
    for row, cells in rows:
        run = _run(layout, row, cells, mark, name)
        if isinstance(run, Run):
            key = next((cells[column] for column in layout.run if cells.get(column)), str(row.number))
            found.setdefault(key, []).append(run)
        else:
            faults.append(fault(name, run, row.text, row.number))
    return [_one(layout, parts) for parts in found.values()], faults


def _run(layout: Layout, row: Row, cells: Cells, mark: str, name: str) -> Run | FileFault:
    """One row as a run, or why it is none."""
    numbers = {column: number_of(cells[column], mark) for column in layout.numbers if column in cells}
    kilograms = numbers.get(layout.emissions)
    if kilograms is None:
        return "row-no-number"
    energy = next((value for column in layout.energy if (value := numbers.get(column)) is not None), None)
    seconds = numbers.get(layout.seconds)
    if not _adds_up(energy, [numbers.get(part) for part in layout.parts]) or not _is_rate(
        numbers.get("emissions_rate"), kilograms, seconds
    ):
        return "row-check"
    hardware = _filled(cells, layout.hardware)
    return Run(
        file=name,
        row=str(row.number),
        text=row.text,
        tool=layout.tool,
        emissions=kilograms,
        energy_kwh=energy,
        seconds=seconds,
        hardware=hardware,
        devices=_count(cells) if hardware == cells.get("gpu_model") else None,
        region=_filled(cells, layout.region),
        country=_filled(cells, layout.country),
        provider=_filled(cells, layout.provider),
    )


def _one(layout: Layout, rows: list[Run]) -> Run:
    """The rows of one run as one: the longest running total, or the sum of its parts."""
    if layout.is_total or len(rows) == 1:
        longest = max(run.seconds or 0.0 for run in rows)
        return [run for run in rows if (run.seconds or 0.0) == longest][-1]
    last = rows[-1]
    energies, times = [run.energy_kwh for run in rows], [run.seconds for run in rows]
    return replace(
        last,
        row=f"{rows[0].row}-{last.row}",
        emissions=sum(filter(None, (run.emissions for run in rows)), 0.0),
        energy_kwh=None if None in energies else sum(filter(None, energies), 0.0),
        seconds=None if None in times else sum(filter(None, times), 0.0),
    )


def _adds_up(total: float | None, parts: list[float | None]) -> bool:
    """Whether the parts sum to the total, as far as they are all there."""
    if total is None or not parts or None in parts:
        return True
    return abs(sum(filter(None, parts)) - total) <= CLOSE * total + TINY


def _is_rate(rate: float | None, kilograms: float, seconds: float | None) -> bool:
    """Whether a rate is emissions over time, in kilograms or (CodeCarbon 2.0.0a1 on, for a while) grams a second."""
    if not rate or not seconds:
        return True
    expected = kilograms / seconds
    return any(abs(rate - factor * expected) <= CLOSE * factor * expected + TINY for factor in (1.0, 1000.0))


def _filled(cells: Cells, columns: tuple[str, ...]) -> str | None:
    """The first of the columns that holds something."""
    return next((cells[column] for column in columns if cells.get(column, "").lower() not in _EMPTY), None)


def _count(cells: Cells) -> int | None:
    """How many accelerators."""
    text = cells.get("gpu_count", "").partition(".")[0]
    return (int(text) or None) if text.isdecimal() and len(text) < 7 else None
