"""The protocol of the study: questions, hypotheses, exclusions, repairs in their order, families, seeds.

Read from ``protocol.yml``. The file's SHA-256 (:func:`protocol_hash`) goes into every manifest, so that a number can be
traced to the protocol it was made under.
"""

from __future__ import annotations

import hashlib
from fnmatch import fnmatchcase
from functools import cache
from math import prod
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from mining.errors import DamagedDataError, UsageError
from mining.files import read_given

MOST_UNIVERSES = 20_000
LEAST_DRAWS = 999

_MAX_BYTES = 1_000_000


class Exclusion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A reason to leave a model out, and the flags that mean it."""

    id: str
    meaning: str
    flags: tuple[str, ...] = ()


class Repair(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One named mending of the study's recipe; ``exclusion`` names the exclusion that it switches on."""

    id: str
    meaning: str
    exclusion: str | None = None


class Question(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A research question with its hypothesis, the published conclusion, and its repairs in order."""

    id: str
    title: str
    hypothesis: str
    published: str
    repairs: tuple[str, ...]


class Family(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Result ids (or patterns of them) whose p-values are corrected together."""

    id: str
    meaning: str
    tests: tuple[str, ...]


class Claim(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A finding of the study, the two results that are set against each other, and how the outcome is worded.

    Attributes:
        question: Question that it belongs to.
        published, repaired: Ids of the two results.
        number: What is compared: the estimate, or the effect size.
        neutral: Value of that number that means no effect (0; 1 for a ratio; 0.5 for a majority).
        smallest: Name of the smallest effect of interest in ``smallest_effects``.
        same_scale: Whether both results are on one scale, so that stronger and weaker mean something.
        is_difference: Whether the claim is that the two results are alike (a share), rather than on one side of the
            neutral value.
        subject: What it is about; ``up``, ``down``, ``none`` and ``unclear`` word the four findings.
    """

    id: str
    question: str
    published: str
    repaired: str
    smallest: str
    subject: str
    up: str
    down: str
    none: str
    unclear: str
    number: Literal["estimate", "effect size"] = "estimate"
    neutral: float = 0.0
    same_scale: bool = True
    is_difference: bool = False


class Dimension(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One choice of an analysis: its options, and the options of the study and of the headline."""

    id: str
    meaning: str
    options: tuple[str, ...]
    published: str
    headline: str


class Grid(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every defensible analysis of one claim: the product of its dimensions.

    Attributes:
        claim: Claim that is analysed.
        family: Procedure that every universe runs.
        sign: Direction in which the claim holds: 1, -1, or 0 for no difference.
        dimensions: The choices.
    """

    claim: str
    family: Literal["correlation", "trend", "comparison", "regression", "share", "monthly-share", "labels"]
    sign: Literal[-1, 0, 1]
    predictor: str
    dimensions: tuple[Dimension, ...]

    @property
    def size(self) -> int:
        """Number of universes."""
        return prod(len(dimension.options) for dimension in self.dimensions)


class Multiverse(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The grids of all claims, and the draws of their joint tests."""

    draws: int
    grids: tuple[Grid, ...]


class Seeds(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Seeds of everything random in the study; a seed that nothing uses cannot be written.

    Attributes:
        sample: Which rows are drawn as points of a figure.
        split: The study's split into train and test parts.
        multiverse: Draws of the joint tests.
    """

    sample: int
    split: int
    multiverse: int


class Protocol(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole protocol.

    Attributes:
        version: Version of the protocol.
        baseline: The study that is repeated.
        level: Level below which a corrected p-value counts as significant.
        correction: Name of the correction within a family.
        sampling_frame: What is sampled, in words.
        target: What the numbers speak of: the models at hand, or the process that makes such models.
        smallest_effects: Smallest effects of interest by name, each on the scale of the estimate.
        seeds: Seeds of everything random.
        least_n: Fewest values that are correlated or compared.
        least_months: Fewest months that are called a trend.
        least_month_n: Fewest reports that make a monthly median.
        exclusions, repairs, questions, claims, families, multiverse: See the classes.
    """

    version: int
    baseline: str
    level: float
    correction: Literal["holm"]
    sampling_frame: dict[str, str]
    target: str
    smallest_effects: dict[str, float]
    seeds: Seeds
    least_n: int
    least_months: int
    least_month_n: int
    exclusions: tuple[Exclusion, ...]
    repairs: tuple[Repair, ...]
    questions: tuple[Question, ...]
    claims: tuple[Claim, ...]
    families: tuple[Family, ...]
    multiverse: Multiverse

    def question(self, identifier: str) -> Question:
        """The question of an id such as ``RQ1.2``."""
        return next(question for question in self.questions if question.id == identifier)

    def repairs_of(self, identifier: str) -> tuple[Repair, ...]:
        """Repairs of a question, in their order."""
        known = {repair.id: repair for repair in self.repairs}
        return tuple(known[name] for name in self.question(identifier).repairs)

    def claims_of(self, identifier: str) -> tuple[Claim, ...]:
        """Claims of a question."""
        return tuple(claim for claim in self.claims if claim.question == identifier)

    def flags_of(self, exclusion: str) -> tuple[str, ...]:
        """Flags that an exclusion leaves out."""
        return next(entry.flags for entry in self.exclusions if entry.id == exclusion)

    def family_of(self, result: str) -> str:
        """Family that a result id belongs to: the first with a matching pattern.

        Raises:
            UsageError: No family claims the id; every p-value that is shown must belong to one.
        """
        for family in self.families:
            if any(fnmatchcase(result, pattern) for pattern in family.tests):
                return family.id
        raise UsageError(f"no family of the protocol claims the result '{result}'")


def _bytes() -> bytes:
    """The protocol file as it ships."""
    return Path(__file__).with_name("protocol.yml").read_bytes()


def _given(path: Path) -> bytes:
    return read_given(path, "the protocol", most_bytes=_MAX_BYTES)


def protocol_hash(path: Path | None = None) -> str:
    """SHA-256 of the protocol that ships, or of another file."""
    return hashlib.sha256(_bytes() if path is None else _given(path)).hexdigest()


def grid_hash(protocol: Protocol) -> str:
    """SHA-256 of the grids of the multiverse with their draws and seed."""
    content = msgspec.json.encode((protocol.multiverse, protocol.seeds.multiverse))
    return hashlib.sha256(content).hexdigest()


@cache
def load() -> Protocol:
    """The protocol that ships with the package, checked."""
    return parse(_bytes())


def read(path: Path) -> Protocol:
    """A protocol from a file, checked.

    Raises:
        UsageError: The file is not a protocol; the message says what is wrong.
    """
    try:
        return parse(_given(path))
    except DamagedDataError as error:
        raise UsageError(str(error).replace("protocol.yml", path.name, 1)) from error


def parse(content: bytes) -> Protocol:
    """A protocol from its YAML text, checked.

    Raises:
        DamagedDataError: Unknown or missing fields, a repeated id, or a name that nothing defines.
    """
    import yaml

    try:
        protocol = msgspec.convert(yaml.safe_load(content), Protocol)
    except (yaml.YAMLError, msgspec.ValidationError, RecursionError, ValueError) as error:
        raise DamagedDataError(f"protocol.yml is not a protocol: {str(error).splitlines()[0]}") from error
    for problem in _problems(protocol):
        raise DamagedDataError(f"protocol.yml: {problem}")
    return protocol


def _problems(protocol: Protocol) -> list[str]:
    """What is wrong with the names in a protocol."""
    problems = []
    for kind in ("exclusions", "repairs", "questions", "claims", "families"):
        names = [entry.id for entry in getattr(protocol, kind)]
        problems += [
            f"{kind}: '{name}' is defined twice" for name in sorted({name for name in names if names.count(name) > 1})
        ]
    known = {repair.id for repair in protocol.repairs}
    used = {name for question in protocol.questions for name in question.repairs}
    problems += [f"repair '{name}' is not defined" for name in sorted(used - known)]
    problems += [f"repair '{name}' is used by no question" for name in sorted(known - used)]
    excluded = {exclusion.id for exclusion in protocol.exclusions}
    problems += [
        f"exclusion '{r.exclusion}' is not defined"
        for r in protocol.repairs
        if r.exclusion and r.exclusion not in excluded
    ]
    return problems + _out_of_order(protocol) + _claim_problems(protocol) + _grid_problems(protocol)


def _claim_problems(protocol: Protocol) -> list[str]:
    """What is wrong with claims, smallest effects and families."""
    questions = {question.id for question in protocol.questions}
    problems = [
        f"claim '{c.id}': question '{c.question}' is not defined"
        for c in protocol.claims
        if c.question not in questions
    ]
    problems += [
        f"claim '{claim.id}': smallest effect '{claim.smallest}' is not defined"
        for claim in protocol.claims
        if claim.smallest not in protocol.smallest_effects
    ]
    problems += [
        f"smallest effect '{name}' must be above zero"
        for name, bound in protocol.smallest_effects.items()
        if bound <= 0
    ]
    patterns = [pattern for family in protocol.families for pattern in family.tests]
    twice = sorted({pattern for pattern in patterns if patterns.count(pattern) > 1})
    return problems + [f"'{pattern}' is in two families" for pattern in twice]


def _grid_problems(protocol: Protocol) -> list[str]:
    """What is wrong with the grids of the multiverse."""
    claims = {claim.id for claim in protocol.claims}
    grids = protocol.multiverse.grids
    problems = [f"multiverse: claim '{grid.claim}' is not defined" for grid in grids if grid.claim not in claims]
    problems += [
        f"multiverse: '{choice}' is no option of '{dimension.id}' of '{grid.claim}'"
        for grid in grids
        for dimension in grid.dimensions
        for choice in (dimension.published, dimension.headline)
        if choice not in dimension.options
    ]
    universes = sum(grid.size for grid in grids)
    if universes > MOST_UNIVERSES:
        problems.append(f"multiverse: {universes:,} universes, at most {MOST_UNIVERSES:,} are computed")
    if protocol.multiverse.draws < LEAST_DRAWS:
        problems.append(f"multiverse: {protocol.multiverse.draws} draws, at least {LEAST_DRAWS} are asked for")
    return problems


def _out_of_order(protocol: Protocol) -> list[str]:
    """Shared repairs come in the same order in every question."""
    problems = []
    for first in protocol.questions:
        for second in protocol.questions:
            shared = [name for name in first.repairs if name in second.repairs]
            if shared != [name for name in second.repairs if name in first.repairs]:
                problems.append(f"{first.id} and {second.id} order their repairs differently")
    return problems
