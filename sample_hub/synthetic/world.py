"""The synthetic world.

Kinds of repositories, tasks, architectures, data sets, machines and regions, and the planted coefficients. All names
and shares are this module's own; nothing is shared with the card reader or its vocabularies.
"""

from __future__ import annotations

import bisect
import csv
import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

LABEL = "SYNTHETIC sample: generated models, not real ones"
PREFIX = "synthetic-"


class Family(NamedTuple):
    """An architecture: stem of names, configuration, parameters, bytes per stored parameter."""

    stem: str
    model_type: str
    architecture: str
    parameters: int
    width: int = 4


class ModelTask(NamedTuple):
    """A task: tag, domain, group of families, metric."""

    tag: str
    domain: str
    group: str
    metric: str


class Kind(NamedTuple):
    """A kind of repository.

    Attributes:
        name: Name of the kind.
        generator: What wrote the card, or None.
        library: Library, or None.
        tasks: Group of tasks to draw from.
        lineage: original, finetune, adapter, quantized, merge, or copy.
        reports: Where emissions are stated: "", metadata, card, or file.
        weights: Relative frequency in each era: before 2021, 2021, ..., 2026.
    """

    name: str
    generator: str | None
    library: str | None
    tasks: str
    lineage: str
    reports: str
    weights: tuple[float, ...]


def _table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()))


def _families() -> dict[str, tuple[Family, ...]]:
    found: dict[str, tuple[Family, ...]] = {}
    for row in _table("families.csv"):
        family = Family(row["stem"], row["model_type"], row["architecture"], int(row["parameters"]), int(row["width"]))
        found[row["group"]] = (*found.get(row["group"], ()), family)
    return found


def _tasks() -> dict[str, tuple[ModelTask, ...]]:
    """Pools of tasks, in which each task stands as often as its share says."""
    rows = _table("tasks.csv")
    pools = [name for name in rows[0] if name not in ModelTask._fields]
    tasks = [ModelTask(*(row[name] for name in ModelTask._fields)) for row in rows]
    counts = {pool: [int(row[pool] or 0) for row in rows] for pool in pools}
    return {
        pool: tuple(task for task, count in zip(tasks, counts[pool], strict=True) for _ in range(count))
        for pool in pools
    }


def _kind(row: dict[str, str]) -> Kind:
    weights = tuple(map(float, row["weights"].split()))
    made_by, library = row["generator"] or None, row["library"] or None
    return Kind(row["name"], made_by, library, row["tasks"], row["lineage"], row["reports"], weights)


FAMILIES = _families()
TASKS = _tasks()
KIND_OF = {row["name"]: _kind(row) for row in _table("kinds.csv")}
FOUNDATION = KIND_OF["foundation"]
KINDS = tuple(kind for kind in KIND_OF.values() if kind.weights)


def cumulative(reporter_scale: float) -> tuple[tuple[float, ...], ...]:
    """Cumulative shares of the kinds in each era, the reporting kinds weighted by a factor."""
    rows = []
    for era in range(7):
        weights = [kind.weights[era] * (reporter_scale if kind.reports else 1.0) for kind in KINDS]
        total = sum(weights)
        rows.append(tuple(value / total for value in itertools.accumulate(weights)))
    return tuple(rows)


def kind_at(shares: tuple[float, ...], share: float) -> Kind:
    """Kind at a share of the cumulative shares."""
    return KINDS[min(bisect.bisect_right(shares, share), len(KINDS) - 1)]


class Region(NamedTuple):
    """Where somebody trained: words for it, provider, country, g CO2eq per kWh."""

    name: str
    provider: str
    country: str
    intensity: float


REGIONS = (
    Region("us-east-1", "AWS", "USA", 369.0),
    Region("eu-west-3", "AWS", "FRA", 56.0),
    Region("europe-west3", "GCP", "DEU", 381.0),
    Region("us-central1", "GCP", "USA", 394.0),
    Region("Montreal, Canada", "Calcul Nordique", "CAN", 28.0),
    Region("Mumbai, India", "Azure", "IND", 713.0),
    Region("Warsaw, Poland", "own workstation", "POL", 662.0),
    Region("Stockholm, Sweden", "own cluster", "SWE", 25.0),
)


class Machine(NamedTuple):
    """A machine: name of the device, how many, watts of one."""

    device: str
    devices: int
    watts: int

    @property
    def words(self) -> str:
        """How many of which device, as cards write it."""
        return f"{self.devices} x {self.device}"


# Ascending: the energy of a run picks the smallest machine that finishes within a sensible time.
MACHINES = (
    Machine("NVIDIA T4", 1, 70),
    Machine("NVIDIA GeForce RTX 3090", 1, 350),
    Machine("NVIDIA A100-SXM4-40GB", 4, 400),
    Machine("NVIDIA A100-SXM4-80GB", 32, 400),
    Machine("NVIDIA H100 80GB HBM3", 512, 700),
    Machine("NVIDIA H100 80GB HBM3", 4096, 700),
)
LONGEST_RUN_H = 700.0


@dataclass(frozen=True)
class Coefficients:
    """What truly drives the emissions of a training run: the law behind :meth:`SampleHub.truth`.

    ``ln(grams) = intercept + size ln(parameters) + data ln(bytes) + pretraining [pre-training] + domain + trend months
    + sigma z``

    Attributes:
        intercept: Constant.
        size: Elasticity of the number of parameters.
        data: Elasticity of the bytes of training data.
        pretraining: Added for pre-training, against fine-tuning.
        domain: Added for a domain, against NLP.
        trend_per_month: Added per month since January 2022.
        sigma: Standard deviation of the rest.
    """

    intercept: float = -22.5
    size: float = 0.90
    data: float = 0.40
    pretraining: float = 4.5
    domain: tuple[tuple[str, float], ...] = (
        ("Computer Vision", -0.6), ("Multimodal", 0.5), ("Audio", 0.3), ("Reinforcement Learning", -0.4),
        ("Tabular", -1.0),
    )  # fmt: skip
    trend_per_month: float = -0.012
    sigma: float = 0.8

    def of_domain(self, domain: str) -> float:
        """Coefficient of a domain; 0 for the reference domain."""
        return dict(self.domain).get(domain, 0.0)


PLANTED = Coefficients()
LICENSES = (*["apache-2.0"] * 3, "mit", "mit", "cc-by-4.0", "llama3", "openrail", "other", "cc-by-nc-4.0", *[""] * 4)
LANGUAGES = ("en", "en", "en", "en", "de", "fr", "es", "zh", "hi", "no", "pt", "multilingual", "", "")
WORDS = (
    "amber", "birch", "cedar", "delta", "ember", "fjord", "glade", "heron", "iris", "juniper", "kelp", "larch", "maple",
    "nimbus", "otter", "pebble", "quartz", "raven", "sable", "tundra", "umber", "vesper", "willow", "xenon", "yarrow",
    "zephyr",
)  # fmt: skip
TOPICS = (
    "reviews", "headlines", "tickets", "recipes", "contracts", "tweets", "birds", "leaves", "xrays", "calls", "lyrics",
    "laws", "minutes", "emails", "poems", "logs",
)  # fmt: skip
