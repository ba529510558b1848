"""What a meter measured in one run, and the claims made of it.

Everything that is said of one run comes from the same row.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from mining.fields import FileFault
from mining.meter_files import NOT_LOOKED_AT
from mining.schema import Claim, Outcome, Quantity, Scope

TEST_SHARE = 0.05
"""A run with less than this share of the largest run's emissions and of its time is a test of the set-up."""
NAME_CAP = 200


class Run(Struct, frozen=True):
    """One run of a meter.

    Attributes:
        file: Name of the file.
        row: Row or rows of the file that state it, for the place of the claims.
        text: That row, as written.
        tool: The meter.
        emissions: Emissions as written, in `unit`; None where the meter gives energy only.
        unit: ``kg`` or ``g``.
        energy_kwh: Energy.
        seconds: Duration.
        hardware: Devices as written.
        devices: How many of them.
        region: Place as written.
        country: Country as written.
        provider: Cloud as written.
        scope: What the run is.
        intensity_g_per_kwh: Carbon intensity of the electricity.
        pue: Power usage effectiveness.
    """

    file: str
    row: str
    text: str
    tool: str
    emissions: float | None = None
    unit: str = "kg"
    energy_kwh: float | None = None
    seconds: float | None = None
    hardware: str | None = None
    devices: int | None = None
    region: str | None = None
    country: str | None = None
    provider: str | None = None
    scope: Scope = "training-run"
    intensity_g_per_kwh: float | None = None
    pue: float | None = None

    @property
    def grams(self) -> float | None:
        """Emissions in g CO2eq."""
        return None if self.emissions is None else self.emissions * (1000.0 if self.unit == "kg" else 1.0)


def claims_of_runs(runs: Sequence[Run], *, is_partial: bool) -> list[Claim]:
    """Claims of all runs of a model's meters, in the order in which they were made.

    The last run that is no mere test stands for the model; only it speaks of energy, time, devices and place. The
    others bound it.

    Args:
        runs: The runs.
        is_partial: Whether some rows could not be read, so that more may have been emitted.

    Returns:
        Claims, those of the chosen run last.
    """
    if not runs:
        return []
    full = [run for run in runs if not _is_test(run, runs)]
    chosen = full[-1]
    marks = ("lower-bound",) if is_partial else ()
    claims = [
        claim
        for run in runs
        if run is not chosen
        for claim in _emissions(run, "component" if run not in full else run.scope, ())
    ]
    return [*claims, *_emissions(chosen, chosen.scope, marks), *_measures(chosen), *_surroundings(chosen)]


def _is_test(run: Run, runs: Sequence[Run]) -> bool:
    """Whether a run is so small beside the largest that it was a trial of the set-up."""
    largest = max((other.grams or 0.0 for other in runs), default=0.0)
    longest = max((other.seconds or 0.0 for other in runs), default=0.0)
    if run.grams is None or run.grams >= TEST_SHARE * largest:
        return False
    return run.seconds is None or run.seconds < TEST_SHARE * longest


def _emissions(run: Run, scope: Scope, marks: tuple[str, ...]) -> list[Claim]:
    if run.emissions is None:
        return []
    zero = ("zero",) if run.emissions == 0 else ()
    claim = _number(run, "emissions", run.emissions, run.unit, run.grams)
    return [_with(claim, scope, ("log", *zero, *marks))]


def _measures(run: Run) -> list[Claim]:
    """Energy, time, intensity and PUE of a run."""
    given: tuple[tuple[Quantity, float | None, str, float], ...] = (
        ("energy", run.energy_kwh, "kWh", 1.0),
        ("duration", run.seconds, "s", 1 / 3600),
        ("intensity", run.intensity_g_per_kwh, "g/kWh", 1.0),
        ("pue", run.pue, "1", 1.0),
    )
    scope: Scope = "inference" if run.scope == "inference" else "unknown"
    return [
        _with(_number(run, quantity, value, unit, value * factor), scope, ("log",))
        for quantity, value, unit, factor in given
        if value is not None
    ]


def _surroundings(run: Run) -> list[Claim]:
    """Devices, place, provider and tool of a run."""
    given: tuple[tuple[Quantity, str | None, int | None], ...] = (
        ("hardware", run.hardware, run.devices),
        ("region", run.country, None),
        ("region", run.region, None),
        ("provider", run.provider, None),
    )
    where = f"file:{run.file}:{run.row}"
    named = [
        Claim(quantity=quantity, text=text[:NAME_CAP], count=count, where=where, flags=("log",))
        for quantity, text, count in given
        if text
    ]
    tool = Claim(quantity="tool", text=run.tool, label=run.tool, where=where, flags=("log",))
    return [*named, tool]


def _number(run: Run, quantity: Quantity, value: float, unit: str, inner: float | None) -> Claim:
    where = f"file:{run.file}:{run.row}"
    return Claim(quantity=quantity, value=value, unit=unit, inner_value=inner, text=run.text, where=where)


def _with(claim: Claim, scope: Scope, flags: tuple[str, ...]) -> Claim:
    from msgspec.structs import replace

    return replace(claim, scope=scope, flags=flags)


def fault(file: str, reason: FileFault, text: str = "", row: int | str = 0) -> Claim:
    """The claim that something of a file could not be read.

    Args:
        file: Name of the file.
        reason: One of :data:`mining.meter_files.FILE_FAULTS`.
        text: What was there, as written.
        row: The row; 0 for the file as a whole.
    """
    outcome: Outcome = "could-not-look" if reason in NOT_LOOKED_AT else "unreadable"
    where = f"file:{file}:{row}"
    return Claim(quantity="emissions", text=text[:1000], where=where, outcome=outcome, flags=(reason,))
