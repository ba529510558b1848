"""What a training run of the synthetic Hub truly emitted, and what its author states about it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

from sample_hub.server.catalog import Record
from sample_hub.synthetic import timeline, world
from sample_hub.synthetic.draw import Dice, normal
from sample_hub.synthetic.plan import (
    CONSTANT_AUTHOR,
    Plan,
    Planner,
    dataset_bytes,
    dataset_of,
    hides_metadata,
    states_metadata,
)
from sample_hub.synthetic.world import LONGEST_RUN_H, MACHINES, REGIONS, Machine, Region

PRE, FINE = "pre-training", "fine-tuning"
G, KG, T = "g", "kg", "t"
GRAMS = {G: 1.0, KG: 1e3, T: 1e6}
CONSTANTS = (17.0, 51.0, 8.0, 40.0)
PLACEHOLDER = "[More Information Needed]"
EXERCISE_PUE = 1.2


@dataclass(frozen=True)
class Run:
    """A training run.

    Attributes:
        grams: True emissions, g CO2eq.
        energy_kwh: Energy.
        hours: Wall-clock hours.
        machine: Machine.
        region: Where.
        training_type: ``pre-training`` or ``fine-tuning``.
        data_bytes: Bytes of training data.
    """

    grams: float
    energy_kwh: float
    hours: float
    machine: Machine
    region: Region
    training_type: str
    data_bytes: int


@dataclass(frozen=True)
class Statement:
    """What the author states.

    Attributes:
        place: metadata, card or file, or "" where nothing is stated.
        value: Number as stated.
        unit: Unit that the author meant: g, kg or t.
        metadata: Value of ``co2_eq_emissions``, or None.
        flags: What is odd about it.
        beside: Whether the card's body states the number too, with its unit.
        family: Values of the whole family in tonnes, for tables of large laboratories.
    """

    place: str = ""
    value: float | None = None
    unit: str = G
    metadata: Any = None
    flags: tuple[str, ...] = ()
    beside: bool = False
    family: tuple[float, ...] = field(default=())

    @property
    def grams(self) -> float | None:
        """The stated emissions in grams, as the author meant them."""
        return None if self.value is None else self.value * GRAMS[self.unit]


SILENT = Statement()


class Carbon:
    """True emissions and statements of all models.

    Args:
        planner: Where plans come from.
    """

    def __init__(self, planner: Planner) -> None:
        self._planner = planner
        self._dice = Dice(planner.seed, "carbon")
        self._makers = {
            "autonlp": self._autonlp,
            "autotrain": self._autotrain,
            "spec": self._spec,
            "scalar": self._scalar,
            "st-carbon": self._codecarbon,
            "setfit-carbon": self._codecarbon,
            "body-template": self._body,
            "body-prose": self._body,
            "meter-file": self._file,
            "exercise": self._exercise,
            "heir": self._inherited,
            "copy": self._inherited,
            "foundation": self._foundation,
        }

    def run(self, plan: Plan) -> Run:
        """The training run behind a model (what it would have been, for models that were only converted)."""
        shares, law = plan.shares, world.PLANTED
        kind = FINE
        if plan.foundation is not None or (
            plan.kind.lineage == "original" and plan.kind.name != "exercise" and shares[12] * 13 % 1 < 0.35
        ):
            kind = PRE
        size = dataset_bytes(self._planner.seed, dataset_of(plan))
        grams = math.exp(
            law.intercept
            + law.size * math.log(plan.parameters)
            + law.data * math.log(size)
            + law.pretraining * (kind == PRE)
            + law.of_domain(plan.task.domain)
            + law.trend_per_month * timeline.months(plan.second)
            + law.sigma * normal(shares[10])
        )
        region = REGIONS[int(shares[12] * len(REGIONS))]
        energy = grams / region.intensity
        machine = next((one for one in MACHINES if hours_on(one, energy) <= LONGEST_RUN_H), MACHINES[-1])
        return Run(grams, energy, hours_on(machine, energy), machine, region, kind, size)

    def statement(self, plan: Plan) -> Statement:
        """What the author states, wherever that is."""
        maker = self._makers.get(plan.kind.name)
        return SILENT if maker is None else maker(plan, self.run(plan), self._dice.shares(plan.index))

    def metadata(self, plan: Plan) -> Any:
        """Value of ``co2_eq_emissions`` in the card's metadata, or None."""
        return self.statement(plan).metadata if plan.kind.reports else None

    @staticmethod
    def _autonlp(plan: Plan, run: Run, _: list[float]) -> Statement:
        return Statement("metadata", run.grams, G, run.grams, beside=True)

    @staticmethod
    def _autotrain(plan: Plan, run: Run, _: list[float]) -> Statement:
        return Statement("metadata", run.grams, G, {"emissions": run.grams}, beside=True)

    def _spec(self, plan: Plan, run: Run, draw: list[float]) -> Statement:
        words = {
            "source": ("CodeCarbon", "mlco2 calculator", "code carbon")[int(draw[1] * 3)],
            "training_type": run.training_type,
            "geographical_location": run.region.name,
            "hardware_used": run.machine.words,
        }
        if plan.author == CONSTANT_AUTHOR:
            value = CONSTANTS[int(draw[2] * len(CONSTANTS))]
            return Statement("metadata", value, G, {"emissions": value} | words, ("constant",))
        grams, kilograms = rounded(run.grams), rounded(run.grams / 1e3)
        if draw[0] < 0.12:
            return Statement("metadata", kilograms, KG, {"emissions": kilograms} | words, ("kg-mistake",), beside=True)
        if draw[0] < 0.16:
            return Statement("metadata", None, G, {"emissions": PLACEHOLDER} | words, ("placeholder",))
        if draw[0] < 0.18:
            return Statement("metadata", 0.0, G, {"emissions": 0} | words, ("zero",))
        if draw[0] < 0.24:
            data = {"emissions": f"{kilograms} kg"} | words
            return Statement("metadata", kilograms, KG, data, ("unit-in-text",), beside=True)
        return Statement("metadata", grams, G, {"emissions": grams} | words, beside=draw[3] < 0.5)

    @staticmethod
    def _scalar(plan: Plan, run: Run, draw: list[float]) -> Statement:
        if draw[0] < 0.04:
            value = rounded(run.grams / 1e3)
            return Statement("metadata", value, KG, value, ("kg-mistake", "kg-mistake-silent"))
        value = rounded(run.grams)
        return Statement("metadata", value, G, value)

    @staticmethod
    def _codecarbon(plan: Plan, run: Run, draw: list[float]) -> Statement:
        data: Record = {"emissions": run.grams}
        if plan.kind.name == "st-carbon":
            data["energy_consumed"] = run.energy_kwh
        data |= {
            "source": "codecarbon",
            "training_type": FINE,
            "on_cloud": draw[1] < 0.2,
            "cpu_model": "13th Gen Synthetic(R) Core(TM) i7",
            "ram_total_size": 31.8,
            "hours_used": round(run.hours, 3),
            "hardware_used": run.machine.words,
        }
        return Statement("metadata", run.grams, G, data, beside=True)

    @staticmethod
    def _body(plan: Plan, run: Run, draw: list[float]) -> Statement:
        unit = G if run.grams < 500 and draw[0] < 0.4 else T if run.grams > 5e6 else KG
        return Statement("card", rounded(run.grams / GRAMS[unit]), unit, beside=True)

    @staticmethod
    def _file(plan: Plan, run: Run, _: list[float]) -> Statement:
        return Statement("file", run.grams / 1e3, KG)

    def exercise_run(self, plan: Plan) -> Run:
        """The invented run of an exercise: energy = watts x devices x hours x PUE, exactly."""
        draw = self._dice.shares(plan.index)
        machine = Machine("NVIDIA A100", (1, 2, 4, 8)[int(draw[4] * 4)], 400)
        hours = float((6, 12, 24, 36, 48, 72)[int(draw[5] * 6)])
        region = REGIONS[(3, 2)[int(draw[6] * 2)]]
        energy = machine.watts * machine.devices * hours * EXERCISE_PUE / 1e3
        return Run(energy * region.intensity, energy, hours, machine, region, FINE, 0)

    def _exercise(self, plan: Plan, _: Run, draw: list[float]) -> Statement:
        run = self.exercise_run(plan)
        in_kilograms = draw[0] < 0.5
        value = round(run.grams / 1e3, 4) if in_kilograms else round(run.grams, 1)
        data = {
            "emissions": value,
            "source": "codecarbon",
            "training_type": FINE,
            "geographical_location": run.region.name,
            "hardware_used": run.machine.words,
        }
        hidden = hides_metadata(plan)
        flags = ("exercise", *(["kg-mistake"] if in_kilograms else []), *(["metadata-not-at-start"] if hidden else []))
        return Statement("card" if hidden else "metadata", value, KG if in_kilograms else G, data, flags, beside=True)

    def _inherited(self, plan: Plan, _: Run, __: list[float]) -> Statement:
        source = self.statement(plan.base[0])
        flags = ("inherited", *(["copied-card"] if plan.kind.lineage == "copy" else []))
        return replace(source, flags=flags + source.flags, beside=source.beside and plan.kind.lineage == "copy")

    def _foundation(self, plan: Plan, _: Run, __: list[float]) -> Statement:
        number = plan.foundation or 0
        runs = [self.run(member) for member in self._planner.members(number)]
        family = tuple(rounded(one.grams / 1e6) for one in runs)
        tonnes = family[number % 3]
        if not states_metadata(plan):
            return Statement("card", tonnes, T, None, ("family-total-beside",), beside=True, family=family)
        grams = float(round(tonnes * GRAMS[T]))
        data = {"emissions": grams, "source": "own measurement", "training_type": PRE}
        return Statement("metadata", grams, G, data, ("family-total-beside",), beside=True, family=family)


def hours_on(machine: Machine, energy_kwh: float) -> float:
    """Wall-clock hours that a machine needs to use this much energy."""
    return energy_kwh * 1e3 / (machine.watts * machine.devices)


def rounded(value: float) -> float:
    """Four significant digits."""
    return float(f"{value:.4g}")
