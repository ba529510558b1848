"""The rubric as typed data: loaded once, refused when it does not hold together.

People write ``rubric.yml``; ``rubric.json`` is the same as JSON, because reading YAML would be a good part of a cold
start. The JSON is written by ``python -m analysis.classify.generated_files``, and a test holds both together.

Rules for a rule (after OpenSSF Scorecard's guide for writing checks): objective, automatable, actionable by the judged,
disputable.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from mining.errors import DamagedDataError
from mining.schema import Outcome

Disclosure = Literal["direct", "indirect", "none"]
TOTAL_WEIGHT = 100
HERE = Path(__file__).parent


class Level(Struct, frozen=True, forbid_unknown_fields=True):
    """One level of transparency."""

    id: str
    title: str
    meaning: str


class Probe(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything the rubric says of one probe; ``outcomes`` maps an outcome to what it means here."""

    id: str
    weight: int
    question: str
    motivation: str
    rule: str
    outcomes: dict[Outcome, str]
    remedy: str
    effort: Literal["low", "medium", "high"]
    lifecycle: Literal["experimental", "stable", "deprecated"]
    yardsticks: tuple[str, ...] = ()


class Item(Struct, frozen=True, forbid_unknown_fields=True):
    """One item of another yardstick, in our words, and the probes that must all be reported to satisfy it."""

    asks: str
    probes: tuple[str, ...]


class Yardstick(Struct, frozen=True, forbid_unknown_fields=True):
    """Another published yardstick."""

    title: str
    items: dict[str, Item]


class Rubric(Struct, frozen=True, forbid_unknown_fields=True, eq=False):
    """The whole rubric; ``levels`` are ordered from least to most. It equals itself only: verdicts are kept by it."""

    version: str
    levels: tuple[Level, ...]
    disclosure: dict[Disclosure, str]
    probes: tuple[Probe, ...]
    yardsticks: dict[str, Yardstick]

    def probe(self, name: str) -> Probe | None:
        """The probe of that id, or None."""
        return next((probe for probe in self.probes if probe.id == name), None)

    def level_ids(self) -> tuple[str, ...]:
        """Ids of the levels, from least to most."""
        return tuple(level.id for level in self.levels)


@cache
def rubric() -> Rubric:
    """The rubric shipped with this version.

    Raises:
        DamagedDataError: The file does not hold together.
    """
    try:
        return parse_rubric(msgspec.json.decode((HERE / "rubric.json").read_bytes()))
    except (OSError, msgspec.DecodeError) as error:
        raise DamagedDataError(f"rubric.json: {error}") from error


def parse_rubric(data: Any) -> Rubric:
    """Check and type a rubric.

    Raises:
        DamagedDataError: A key is unknown, an id stands twice, weights do not sum to 100, or a yardstick and a probe
            disagree.
    """
    try:
        parsed = msgspec.convert(data, Rubric)
    except msgspec.ValidationError as error:
        raise DamagedDataError(f"rubric.yml: {error}") from error
    ids = [probe.id for probe in parsed.probes]
    if len(set(ids)) != len(ids):
        raise DamagedDataError("rubric.yml: a probe is there twice")
    if sum(probe.weight for probe in parsed.probes) != TOTAL_WEIGHT:
        raise DamagedDataError(f"rubric.yml: weights do not sum to {TOTAL_WEIGHT}")
    _check_yardsticks(parsed)
    return parsed


def _check_yardsticks(parsed: Rubric) -> None:
    """A probe names exactly the items that name it."""
    asked: dict[str, set[str]] = {probe.id: set() for probe in parsed.probes}
    for yardstick in parsed.yardsticks.values():
        for name, item in yardstick.items.items():
            for wanted in item.probes:
                if wanted not in asked:
                    raise DamagedDataError(f"rubric.yml: {name} asks for an unknown probe '{wanted}'")
                asked[wanted].add(name)
    for probe in parsed.probes:
        if set(probe.yardsticks) != asked[probe.id]:
            raise DamagedDataError(
                f"rubric.yml: probe '{probe.id}' and the yardsticks disagree: "
                f"{sorted(asked[probe.id] ^ set(probe.yardsticks))}"
            )
