"""What model number i of the synthetic Hub is: decisions drawn from (seed, number of models, index) alone."""

from __future__ import annotations

import bisect
import re

from msgspec import Struct

from sample_hub.server.catalog import Access
from sample_hub.synthetic import timeline, world
from sample_hub.synthetic.draw import Dice, shares_of
from sample_hub.synthetic.world import FOUNDATION, KIND_OF, PREFIX, Family, Kind, ModelTask

ID_PATTERN = re.compile(r"-(?P<index>[0-9a-f]{6})(?:-GGUF|-AWQ)?$")
OLD = "old-"
SOURCES = frozenset({"spec", "scalar", "autotrain"})
SUFFIX = {"gguf": "-GGUF", "heir": "-GGUF", "packed": "-AWQ"}
EXERCISE_NAMES = ("green-ai-card", "carbon-audit", "co2-model-card")
CONSTANT_AUTHOR = f"{PREFIX}constant-7"
AUTHOR_STEMS = tuple(f"{PREFIX}{word}-" for word in world.WORDS)
MOST_STEPS = 1500
FAMILIES = 16
SIZES_B = (1.2, 8.0, 70.0)
SHARE_MODERN = (0.1, 0.1, 0.1, 0.6, 0.9, 0.93, 0.95)
KNOWN_WEIGHTS = frozenset({"transformers", "sentence-transformers", "setfit", "diffusers", "peft"})
DATASETS = 160
CORPORA = 12
DATASET_NAMES = tuple(
    f"{PREFIX}data/{'corpus' if number >= DATASETS else world.TOPICS[number % len(world.TOPICS)]}-{number:03d}"
    for number in range(DATASETS + CORPORA)
)
_DATASET_NUMBER = {name: number for number, name in enumerate(DATASET_NAMES)}


class Plan(Struct, frozen=True):
    """The decisions of one model.

    Attributes:
        index: Number of the model.
        digest: The bytes all its random numbers come from.
        shares: Sixteen random numbers from 0 to 1.
        second: True second of its first commit.
        created: Second that the Hub gives as ``createdAt``: never before it began to store such dates.
        modern: Whether its weights are stored as safetensors: rare before 2023, usual since.
        kind: Kind of repository.
        task: ModelTask.
        family: Architecture.
        parameters: Parameters.
        model_id: Repository name.
        author: Account, or None for legacy repositories.
        base: The models it was made from (or copied from).
        foundation: Number among the foundation models, or None.
    """

    index: int
    digest: bytes
    shares: list[float]
    second: int
    created: int
    modern: bool
    kind: Kind
    task: ModelTask
    family: Family
    parameters: int
    model_id: str
    author: str | None
    base: tuple[Plan, ...] = ()
    foundation: int | None = None

    @property
    def sha(self) -> str:
        """Commit that the listing names."""
        return self.digest[20:40].hex()


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
        self._authors = count * 3 // 5 + 10
        places = self._places()
        self._number = {index: number for number, index in enumerate(places)}
        self.foundations = [self._foundation(index, number) for number, index in enumerate(places)]
        self._places_sorted = places

    def _places(self) -> list[int]:
        """Indices of the foundation models: families of three, spread over the years from 2021."""
        families = min(FAMILIES, self.count // 60)
        start = timeline.share_of(timeline.ERA_STARTS[0])
        firsts = [
            int(self.count * (start + (0.98 - start) * (number + 0.5) / max(families, 1))) for number in range(families)
        ]
        return [first + member for first in firsts for member in range(3)]

    def _second(self, index: int, share: float) -> int:
        """True second of the first commit; never falls as the index grows."""
        if index >= self.count:
            return timeline.LAST_SECOND + index - self.count + 1
        return timeline.second_of((index + share) / self.count)

    def created(self, index: int) -> int:
        """Second that the Hub gives as ``createdAt``."""
        return max(self._second(index, self._dice.shares(index)[15]), timeline.FLOOR_SECOND)

    def kind(self, index: int) -> Kind:
        """Kind of a model as drawn, without the rest of its plan."""
        if index in self._number:
            return FOUNDATION
        shares = self._dice.shares(index)
        return world.kind_at(self._kinds[timeline.era(self._second(index, shares[15]))], shares[0])

    def plan(self, index: int) -> Plan:
        """Everything decided about a model."""
        number = self._number.get(index)
        if number is not None:
            return self.foundations[number]
        digest = self._dice.digest(index)
        shares = shares_of(digest)
        second = self._second(index, shares[15])
        era = timeline.era(second)
        kind = world.kind_at(self._kinds[era], shares[0])
        tasks = world.TASKS[kind.tasks]
        task = tasks[int(shares[2] * len(tasks))]
        base = self._base(index, kind, task, shares)
        if not base and kind.name in ("copy", "heir"):  # nothing to inherit from
            kind = KIND_OF["bare" if kind.name == "copy" else "gguf"]
        if base:
            source = base[0]
            family, parameters = source.family, source.parameters
            task = source.task
        else:
            families = world.FAMILIES[task.group]
            family = families[int(shares[3] ** 1.3 * len(families))]  # the largest families are the rarest
            parameters = int(family.parameters * (0.97 + 0.06 * shares[11]))
        name = f"{self._stem(kind, family, shares)}-{index:06x}{SUFFIX.get(kind.name, '')}"
        created = max(second, timeline.FLOOR_SECOND)
        modern = kind.library in KNOWN_WEIGHTS and shares[11] < SHARE_MODERN[era]
        author = None if second < timeline.FLOOR_SECOND and shares[8] > 0.96 else self._author(kind, shares)
        model_id = PREFIX + name if author is None else f"{author}/{name}"
        return Plan(
            index, digest, shares, second, created, modern, kind, task, family, parameters, model_id, author, base
        )

    def _author(self, kind: Kind, shares: list[float]) -> str:
        """Account of an ordinary model: few accounts own many models."""
        if kind.name == "spec" and shares[14] < 0.10:
            return CONSTANT_AUTHOR
        number = int(self._authors * shares[1] ** 2.6)
        return f"{AUTHOR_STEMS[number % len(AUTHOR_STEMS)]}{number}"

    @staticmethod
    def _stem(kind: Kind, family: Family, shares: list[float]) -> str:
        if kind.name == "exercise":
            return EXERCISE_NAMES[int(shares[14] * 3)]
        topic = world.TOPICS[int(shares[14] * len(world.TOPICS))]
        return f"{kind.generator}-{topic}" if kind.tasks == "auto" else f"{family.stem}-{topic}"

    def _foundation(self, index: int, number: int) -> Plan:
        digest = self._dice.digest(index)
        shares = shares_of(digest)
        lab = world.WORDS[number // 3 % len(world.WORDS)]
        size = SIZES_B[number % 3]
        family = Family(f"{lab}-{size:g}b", "llama", "LlamaForCausalLM", int(size * 1e9), 2)
        parameters = int(family.parameters * (0.97 + 0.06 * shares[11]))
        author = f"{PREFIX}lab-{lab}"
        task = world.TASKS["text"][0]
        second = self._second(index, shares[15])
        name = f"{author}/{family.stem}-{index:06x}"
        created = max(second, timeline.FLOOR_SECOND)
        return Plan(
            index, digest, shares, second, created, True, FOUNDATION, task, family, parameters, name, author, (), number
        )

    def _base(self, index: int, kind: Kind, task: ModelTask, shares: list[float]) -> tuple[Plan, ...]:
        if kind.name == "copy":
            return self._source(index, shares)
        if task.group != "decoder" or kind.lineage == "original":
            return ()
        known = bisect.bisect_left(self._places_sorted, index)
        if kind.name == "heir":
            reporters = [plan for plan in self.foundations[:known] if states_metadata(plan)]
            return (reporters[int(shares[9] * len(reporters))],) if reporters else ()
        if known == 0 or (kind.lineage == "finetune" and shares[13] < 0.4):
            return ()
        first = self.foundations[known - 1 - int(known * shares[9] ** 2)]
        other = self.foundations[int(known * shares[13])]
        return (first, other) if kind.lineage == "merge" and other is not first else (first,)

    def _source(self, index: int, shares: list[float]) -> tuple[Plan, ...]:
        """An earlier model that reports, whose card this one repeats."""
        start = int(shares[9] * min(index, self.count))
        for step in range(min(start, MOST_STEPS)):
            if self.kind(start - step).name in SOURCES:
                return (self.plan(start - step),)
        return ()

    def members(self, number: int) -> list[Plan]:
        """The foundation models of one family."""
        first = number // 3 * 3
        return self.foundations[first : first + 3]

    def find(self, model_id: str) -> int | None:
        """Index written in a repository name, if that model has this very name."""
        match = ID_PATTERN.search(model_id)
        if match is None:
            return None
        index = int(match["index"], 16)
        return index if self.plan(index).model_id == model_id else None


def access(plan: Plan) -> Access:
    """Who may read the model's files."""
    share = plan.shares[8]
    if share < 0.020:
        return "gated"
    if share < 0.0215:
        return "disabled"
    return "gone" if share < 0.0225 else "open"


def states_metadata(plan: Plan) -> bool:
    """Whether a foundation model repeats its emissions in its metadata."""
    return plan.shares[13] < 0.4


def hides_metadata(plan: Plan) -> bool:
    """Whether an exercise's metadata block stands where the Hub does not see it."""
    return plan.kind.name == "exercise" and plan.shares[13] < 0.15


def dataset_number(name: str) -> int | None:
    """Number of a data set of that name, or None."""
    return _DATASET_NUMBER.get(name)


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
    if plan.kind.name == "bare":
        return False
    return plan.shares[7] < (0.85 if plan.kind.reports else 0.5) or plan.foundation is not None
