"""What model number i of the synthetic Hub is: decisions drawn from (seed, index) alone."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass

from mining.loopback import timeline, world
from mining.loopback.catalog import Access
from mining.loopback.draw import Dice
from mining.loopback.world import FOUNDATION, KIND_OF, PREFIX, Family, Kind, Task

ID_PATTERN = re.compile(r"-(?P<index>[0-9a-f]{6,8})(?:-GGUF|-AWQ)?$")
OLD = "old-"
SOURCES = frozenset({"spec", "scalar", "autotrain"})
MOST_STEPS = 1500
FOUNDATIONS = 48
SIZES_B = (1.2, 8.0, 70.0)
DATASETS = 160
CORPORA = 12


@dataclass(slots=True, frozen=True)
class Plan:
    """The decisions of one model.

    Attributes:
        index: Number of the model.
        shares: Sixteen random numbers from 0 to 1.
        second: True second of its first commit.
        kind: Kind of repository.
        task: Task.
        family: Architecture.
        parameters: Parameters.
        model_id: Repository name.
        author: Account, or None for legacy repositories.
        base: Indices of the models it was made from (or copied from).
        foundation: Number among the foundation models, or None.
    """

    index: int
    shares: tuple[float, ...]
    second: int
    kind: Kind
    task: Task
    family: Family
    parameters: int
    model_id: str
    author: str | None
    base: tuple[int, ...]
    foundation: int | None = None

    @property
    def created(self) -> int:
        """Second that the Hub gives as ``createdAt``: never before it began to store such dates."""
        return max(self.second, timeline.FLOOR_SECOND)


class Planner:
    """Makes plans.

    Args:
        seed: Seed of everything.
        count: Number of models.
        reporter_scale: Factor on the frequency of the reporting kinds.
    """

    def __init__(self, seed: int, count: int, reporter_scale: float = 1.0) -> None:
        self.seed = seed
        self.count = count
        self._dice = Dice(seed)
        self._kinds = world.cumulative(reporter_scale)
        self._authors = count // 4 + 10
        self._foundations = self._place_foundations()
        self._number = {index: number for number, index in enumerate(self._foundations)}

    def _place_foundations(self) -> list[int]:
        """Indices of the foundation models: families of three, spread over the years from 2021."""
        families = min(FOUNDATIONS // 3, self.count // 60)
        start = timeline.share_of(timeline.ERA_STARTS[0])
        places = [int(self.count * (start + (0.98 - start) * (number + 0.5) / max(families, 1))) for number in range(families)]
        return [place + member for place in places for member in range(3)]

    def second(self, index: int, shares: tuple[float, ...]) -> int:
        """True second of the first commit; never falls as the index grows."""
        if index >= self.count:
            return timeline.LAST_SECOND + index - self.count + 1
        return timeline.second_of((index + shares[15]) / self.count)

    def created(self, index: int) -> int:
        """Second that the Hub gives as ``createdAt``."""
        return max(self.second(index, self._dice.shares(index)), timeline.FLOOR_SECOND)

    def kind(self, index: int) -> Kind:
        """Kind of a model, without the rest of its plan."""
        if index in self._number:
            return FOUNDATION
        shares = self._dice.shares(index)
        return world.kind_at(self._kinds[timeline.era(self.second(index, shares))], shares[0])

    def author_of(self, shares: tuple[float, ...]) -> str:
        """Account of an ordinary model: few accounts own many models."""
        number = int(self._authors * shares[1] ** 2.2)
        return f"{PREFIX}{world.WORDS[number % len(world.WORDS)]}-{number}"

    def plan(self, index: int) -> Plan:
        """Everything decided about a model."""
        shares = self._dice.shares(index)
        second = self.second(index, shares)
        number = self._number.get(index)
        if number is not None:
            return self._foundation(index, number, shares, second)
        kind = world.kind_at(self._kinds[timeline.era(second)], shares[0])
        base = self._base(index, kind, shares)
        if kind.lineage == "copy" and not base:
            kind = KIND_OF["bare"]
        if kind.name == "heir" and not base:
            kind = KIND_OF["gguf"]
            base = self._base(index, kind, shares)
        return self._ordinary(index, kind, shares, second, base)

    def _ordinary(self, index: int, kind: Kind, shares: tuple[float, ...], second: int, base: tuple[int, ...]) -> Plan:
        tasks = world.TASKS[kind.tasks]
        task = tasks[int(shares[2] * len(tasks))]
        families = world.FAMILIES[task.group]
        # The largest families are the rarest.
        family = families[int(shares[3] ** 1.3 * len(families))]
        parameters = int(family.parameters * (0.97 + 0.06 * shares[11]))
        if kind.lineage in ("quantized", "merge", "adapter", "copy") and base:
            source = self.plan(base[0])
            parameters = source.parameters
            family = source.family
            task = source.task if kind.lineage in ("copy", "quantized") else task
        author: str | None = self.author_of(shares)
        if kind.name == "spec" and shares[14] < 0.10:
            author = f"{PREFIX}constant-7"
        stem = self._stem(kind, family, shares)
        suffix = {"gguf": "-GGUF", "heir": "-GGUF", "packed": "-AWQ"}.get(kind.name, "")
        name = f"{stem}-{index:06x}{suffix}"
        if second < timeline.FLOOR_SECOND and shares[8] > 0.96:
            return Plan(index, shares, second, kind, task, family, parameters, PREFIX + name, None, base)
        return Plan(index, shares, second, kind, task, family, parameters, f"{author}/{name}", author, base)

    @staticmethod
    def _stem(kind: Kind, family: Family, shares: tuple[float, ...]) -> str:
        topic = world.TOPICS[int(shares[14] * len(world.TOPICS))]
        if kind.generator in ("autonlp", "autotrain"):
            return f"{kind.generator}-{topic}"
        if kind.name == "exercise":
            return ("green-ai-card", "carbon-audit", "co2-model-card")[int(shares[14] * 3)]
        return f"{family.stem}-{topic}"

    def _foundation(self, index: int, number: int, shares: tuple[float, ...], second: int) -> Plan:
        lab = world.WORDS[number // 3 % len(world.WORDS)]
        size = SIZES_B[number % 3]
        family = Family(f"{lab}-{size:g}b", "llama", "LlamaForCausalLM", int(size * 1e9), 2)
        parameters = int(family.parameters * (0.97 + 0.06 * shares[11]))
        author = f"{PREFIX}lab-{lab}"
        task = world.TASKS["text"][0]
        return Plan(index, shares, second, FOUNDATION, task, family, parameters, f"{author}/{family.stem}-{index:06x}", author, (), number)

    def _base(self, index: int, kind: Kind, shares: tuple[float, ...]) -> tuple[int, ...]:
        if kind.name in ("heir", "copy"):
            return self._source(index, shares)
        if kind.lineage in ("quantized", "merge", "adapter") or (kind.lineage == "finetune" and kind.tasks in ("any", "text")):
            known = bisect.bisect_left(self._foundations, index)
            if known == 0:
                return ()
            first = self._foundations[known - 1 - int(known * shares[9] ** 2)]
            other = self._foundations[int(known * shares[13])]
            return (first, other) if kind.lineage == "merge" and other != first else (first,)
        return ()

    def _source(self, index: int, shares: tuple[float, ...]) -> tuple[int, ...]:
        """An earlier model that reports, whose metadata this one repeats."""
        start = int(shares[9] * min(index, self.count))
        for step in range(min(start, MOST_STEPS)):
            if self.kind(start - step).name in SOURCES:
                return (start - step,)
        return ()

    def members(self, number: int) -> list[int]:
        """Indices of the foundation models of one family."""
        first = number // 3 * 3
        return self._foundations[first : first + 3]

    def find(self, model_id: str) -> int | None:
        """Index written in a repository name, if that model has this very name."""
        match = ID_PATTERN.search(model_id)
        if match is None or not model_id.isascii():
            return None
        index = int(match["index"], 16)
        return index if index < 2**24 and self.plan(index).model_id == model_id else None

    def access(self, plan: Plan) -> Access:
        """Who may read the model's files."""
        share = plan.shares[8]
        if share < 0.020:
            return "gated"
        if share < 0.0215:
            return "disabled"
        return "gone" if share < 0.0225 else "open"


def dataset_name(number: int) -> str:
    """Name of a data set; the last ones are corpora for pre-training."""
    kind = "corpus" if number >= DATASETS else world.TOPICS[number % len(world.TOPICS)]
    return f"{PREFIX}data/{kind}-{number:03d}"


def dataset_number(name: str) -> int | None:
    """Number of a data set of that name, or None."""
    tail = name.rpartition("-")[2]
    number = int(tail) if tail.isascii() and tail.isdigit() and len(tail) == 3 else -1
    return number if 0 <= number < DATASETS + CORPORA and dataset_name(number) == name else None


def dataset_bytes(seed: int, number: int) -> int:
    """Bytes of a data set: 30 kB to 100 GB, corpora 100 GB to 16 TB."""
    share = Dice(seed, "datasets").shares(number)[0]
    return int(10 ** (11 + 2.2 * share)) if number >= DATASETS else int(10 ** (4.5 + 6.5 * share))


def dataset_of(plan: Plan) -> int:
    """Number of the data set that a model was trained on."""
    if plan.foundation is not None:
        return DATASETS + plan.foundation // 3 % CORPORA
    return int(plan.shares[7] * 7919 % 1.0 * DATASETS)


def names_dataset(plan: Plan) -> bool:
    """Whether the repository says which data set that was."""
    return plan.shares[7] < (0.85 if plan.kind.reports else 0.5) or plan.foundation is not None
