"""The protocol of the study: questions, hypotheses, exclusions, repairs in their order, families, seeds; read from ``protocol.yml``.

The file's SHA-256 (:func:`protocol_hash`) goes into every manifest, so that a number can be traced to the protocol it was made under.
"""

from __future__ import annotations

import hashlib
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from mining.errors import DamagedDataError, UsageError


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


class Seeds(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Seeds of everything random in the study; a seed that nothing uses cannot be written.

    Attributes:
        sample: Which rows are drawn as points of a figure.
        split: The study's split into train and test parts.
    """

    sample: int
    split: int


class Protocol(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole protocol.

    Attributes:
        version: Version of the protocol.
        baseline: The study that is repeated.
        level: Level below which a corrected p-value counts as significant.
        correction: Name of the correction within a family.
        sampling_frame: What is sampled, in words.
        seeds: Seeds of everything random.
        least_n: Fewest values that are correlated or compared.
        least_months: Fewest months that are called a trend.
        least_month_n: Fewest reports that make a monthly median.
        exclusions, repairs, questions, families: See the classes.
    """

    version: int
    baseline: str
    level: float
    correction: Literal["holm"]
    sampling_frame: dict[str, str]
    seeds: Seeds
    least_n: int
    least_months: int
    least_month_n: int
    exclusions: tuple[Exclusion, ...]
    repairs: tuple[Repair, ...]
    questions: tuple[Question, ...]
    families: tuple[Family, ...]

    def question(self, identifier: str) -> Question:
        """The question of an id such as ``RQ1.2``."""
        return next(question for question in self.questions if question.id == identifier)

    def repairs_of(self, identifier: str) -> tuple[Repair, ...]:
        """Repairs of a question, in their order."""
        known = {repair.id: repair for repair in self.repairs}
        return tuple(known[name] for name in self.question(identifier).repairs)

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
    return files("analysis.questions").joinpath("protocol.yml").read_bytes()


def protocol_hash() -> str:
    """SHA-256 of the protocol file."""
    return hashlib.sha256(_bytes()).hexdigest()


@cache
def load() -> Protocol:
    """The protocol that ships with the package, checked."""
    return parse(_bytes())


def read(path: Path) -> Protocol:
    """A protocol from a file, checked.

    Raises:
        DamagedDataError: The file is not a protocol; the message says what is wrong.
    """
    return parse(path.read_bytes())


def parse(content: bytes) -> Protocol:
    """A protocol from its YAML text, checked.

    Raises:
        DamagedDataError: Unknown or missing fields, a repeated id, or a name that nothing defines.
    """
    import yaml

    try:
        protocol = msgspec.convert(yaml.safe_load(content), Protocol)
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise DamagedDataError(f"protocol.yml is not a protocol: {str(error).splitlines()[0]}") from error
    for problem in _problems(protocol):
        raise DamagedDataError(f"protocol.yml: {problem}")
    return protocol


def _problems(protocol: Protocol) -> list[str]:
    """What is wrong with the names in a protocol."""
    problems = []
    for kind in ("exclusions", "repairs", "questions", "families"):
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
    return problems + _out_of_order(protocol)


def _out_of_order(protocol: Protocol) -> list[str]:
    """Shared repairs come in the same order in every question."""
    problems = []
    for first in protocol.questions:
        for second in protocol.questions:
            shared = [name for name in first.repairs if name in second.repairs]
            if shared != [name for name in second.repairs if name in first.repairs]:
                problems.append(f"{first.id} and {second.id} order their repairs differently")
    return problems
