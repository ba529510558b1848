"""Written hardware becomes boards with a rated power.

Form factor, laptop parts and mixed nodes understood, the unknown refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from math import sqrt
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from analysis.estimates.reference import VERSION, read_table, source_of
from mining.errors import UsageError
from mining.patterns import regex
from mining.vocab.encoder import fold
from mining.vocab.load import finder, vocabulary
from mining.vocab.reference import POWER_SOURCES, machine

__all__ = ["Board", "UnknownDeviceError", "board", "nearest"]

Place = Literal["laptop", "desktop", "data-centre", "processor"]

MAX_TEXT = 300
KEPT = 4096
"""Distinct texts whose board is kept: a snapshot repeats a few hundred."""
LAPTOP_SHARE = (0.35, 0.5, 0.8)
"""Power limit of a laptop part as a share of the desktop board of the same name, low, central, high: where the maker
gives none."""
_LAPTOP = regex(r"\b(?:laptop|mobile|notebook|max q)\b")
_DESKTOP = regex(r"GeForce|RTX|Quadro|TITAN|Radeon|Arc")
_COUNTED = regex(r"(?<![\w.])(\d{1,4})\s*(?:x|×|\*)\s*", re.IGNORECASE)
_NEAREST = 5


KNOWN = "NVIDIA A100, NVIDIA GeForce RTX 4090, TPU v4, AMD Instinct MI250X, Apple M2, Intel Xeon"


class UnknownDeviceError(UsageError):
    """The hardware is in no table; the nearest known names are given."""

    def __init__(self, text: str) -> None:
        self.names = nearest(text)
        near = f"; nearest known: {', '.join(self.names)}" if self.names else f"; known are, for instance, {KNOWN}"
        super().__init__(f"unknown device '{text[:80]}'{near}")


class Board(Struct, frozen=True, kw_only=True):
    """One device as it draws power.

    Attributes:
        name: Standard name.
        rated_w: Rated power of one board in W, with the smallest and largest figure of the forms that the name leaves
            open.
        kind: gpu, tpu, accelerator, soc or cpu.
        place: What stands around it: a laptop, a desktop, a data centre, or nothing (a processor).
        chips: Chips that one such thing holds, multiplied into ``rated_w`` (a TPU v3-8 holds four).
        peak_flops: Dense 16-bit peak of one board in FLOP/s; None where none is published.
        is_assumed: Whether the power was derived from another form of the same name.
        stated_count: Boards that the text counts ("8x A100", a machine type of eight); None where it counts none.
        others: Further devices that the text names without counting them; they are left out.
    """

    name: str
    rated_w: float
    low_w: float
    high_w: float
    kind: str
    place: Place
    chips: int
    peak_flops: float | None
    source: str
    is_assumed: bool = False
    stated_count: int | None = None
    others: tuple[str, ...] = ()


@cache
def _forms() -> dict[str, list[dict[str, str]]]:
    forms: dict[str, list[dict[str, str]]] = {}
    for row in read_table("accelerators"):
        forms.setdefault(row["device"], []).append(row)
    return forms


@lru_cache(KEPT)
def board(text: str, *, power_w: float | None = None) -> Board:
    """The board that a text names; a mixed node gives the mean board of its parts.

    Args:
        text: Hardware as written: ``A100 SXM4 80GB``, ``4x A40 + 1x A100 PCIe``, ``RTX 3060 Laptop GPU``.
        power_w: Rated or capped power of one device where it is stated; it wins over the tables.

    Raises:
        UnknownDeviceError: No known device is named, or its maker publishes no power and none was given.
    """
    parts, others = _parts(text[:MAX_TEXT])
    boards = [(part.pieces or 1, _single(part.name, part.text, text, power_w)) for part in parts]
    if not boards:
        raise UnknownDeviceError(text)
    total = sum(count for count, _ in boards)
    stated = total if all(part.pieces for part in parts) else None
    if len({one.name for _, one in boards}) == 1:
        return replace(boards[0][1], stated_count=stated, others=others)
    first = max(boards, key=lambda pair: pair[0])[1]
    mean = [sum(n * getattr(one, which) for n, one in boards) / total for which in ("rated_w", "low_w", "high_w")]
    names = " + ".join(f"{n} x {one.name}" for n, one in boards)
    return Board(
        name=names,
        rated_w=mean[0],
        low_w=mean[1],
        high_w=mean[2],
        kind=first.kind,
        place=first.place,
        chips=1,
        peak_flops=None,
        source=first.source,
        is_assumed=any(one.is_assumed for _, one in boards),
        stated_count=stated,
    )


class _Part(Struct, frozen=True):
    """A device in a text: how often, its standard name, and the words that name it."""

    pieces: int | None
    name: str
    text: str


def _parts(text: str) -> tuple[list[_Part], tuple[str, ...]]:
    """Devices of a text that are joined by ``+`` or ``and``: a mixed node where each is counted, else the first.

    And the names left out.
    """
    found: list[_Part] = []
    for part in re.split(r"\s\+\s|,|;|\band\b", text):
        name, in_machine = _name(part)
        if name is None or (found and vocabulary("hardware").attributes(name)["kind"] in {"cpu", "generic"}):
            continue
        counted = _COUNTED.search(part)
        count = (int(counted.group(1)) if counted else 1) * (in_machine or 1) if counted or in_machine else None
        found.append(_Part(count, name, part))
    if all(part.pieces for part in found):
        return found, ()
    return found[:1], tuple(dict.fromkeys(part.name for part in found[1:] if part.name != found[0].name))


def _name(text: str) -> tuple[str | None, int | None]:
    """Standard name of the first device in a text, processors only where nothing else is named.

    And how many a machine type of that name holds.
    """
    known = vocabulary("hardware").encode(text).name
    names = [known] if known else [match.name for match in finder("hardware").find(text, weak=True)]
    held = [machine(name) or (name, None) for name in names]
    kinds = {name: vocabulary("hardware").attributes(name)["kind"] for name, _ in held}
    special = [one for one in held if kinds[one[0]] not in {"cpu", "generic"}]
    return next(iter(special or [one for one in held if kinds[one[0]] == "cpu"]), (None, None))


def _single(name: str, part: str, text: str, power_w: float | None) -> Board:
    row = vocabulary("hardware").attributes(name)
    words = fold(f"{name} {part}").split()
    joined = " ".join(words)
    is_laptop = bool(_LAPTOP.search(joined)) or row["kind"] == "soc"
    forms = _forms().get(name) or _forms().get(name.rpartition("-")[0]) or []
    form = next((one for one in forms if _holds(joined, one["words"])), None)
    peak = float(form["peak_flops"]) if form and form["peak_flops"] else None
    watts, source, is_assumed = _rated(name, row, form, is_laptop=is_laptop)
    if power_w is not None:
        watts, source, is_assumed = (power_w,) * 3, "stated", False
    if watts is None:
        raise UnknownDeviceError(text)
    devices = int(row["devices"])
    return Board(
        name=name,
        rated_w=watts[1],
        low_w=watts[0],
        high_w=watts[2],
        kind=row["kind"],
        place=_place(name, row["kind"], is_laptop),
        chips=devices,
        peak_flops=peak * devices if peak else None,
        source=source,
        is_assumed=is_assumed,
    )


def _holds(joined: str, words: str) -> bool:
    """Whether a folded text holds all words of a form; ``pcie 40gb`` is also found in ``PCIE-40GB``."""
    close = joined.replace(" gb", "gb")
    return all(word in close for word in words.split()) if words != "max q" else "max q" in close


def _rated(
    name: str, row: Mapping[str, str], form: dict[str, str] | None, *, is_laptop: bool
) -> tuple[tuple[float, float, float] | None, str, bool]:
    """Low, central and high rated power in W, its source, and whether it was derived from another form."""
    if form and form["rated_w"]:
        watts = float(form["rated_w"]) * int(row["devices"])
        if form["low_w"]:
            least = float(form["low_w"])
            source = f"accelerators {VERSION}: {source_of(form)}; middle of {least:g} to {watts:g} W assumed"
            return (least, sqrt(least * watts), watts), source, True
        if form["words"] or not row["power_w"]:
            return (watts,) * 3, f"accelerators {VERSION}: {source_of(form)}", False
        return (
            (min(watts, float(row["low_w"])), watts, max(watts, float(row["high_w"]))),
            f"accelerators {VERSION}: {source_of(form)}",
            False,
        )
    if not row["power_w"]:
        return None, "", False
    watts, low, high = (float(row[key]) for key in ("power_w", "low_w", "high_w"))
    source = f"hardware: {POWER_SOURCES[row['power_source']]}"
    if is_laptop and row["kind"] == "gpu" and not _LAPTOP.search(fold(name)):
        return tuple(watts * share for share in LAPTOP_SHARE), f"{source}; share of the desktop board assumed", True  # type: ignore[return-value]
    return (low, watts, high), source, False


def _place(name: str, kind: str, is_laptop: bool) -> Place:
    if is_laptop or name.rpartition(" ")[2].startswith("MX"):
        return "laptop"
    if kind == "cpu":
        return "processor"
    return "desktop" if _DESKTOP.search(name) else "data-centre"


@lru_cache(KEPT)
def nearest(text: str) -> list[str]:
    """Known names that look most like a text, best first."""
    from difflib import get_close_matches

    names = {_bare(name): name for name in _device_names()}
    found = get_close_matches(_bare(text)[:60], list(names), n=_NEAREST, cutoff=ALIKE_DEVICES)
    return [names[key] for key in found]


ALIKE_DEVICES = 0.6
"""Likeness, makers aside, from which a known device may be meant: "MX570 A" is like MX450 (.67)."""
_MAKERS = regex(r"\b(?:nvidia|geforce|tesla|amd|radeon|instinct|intel|google|apple|gpus?)\b")


def _bare(text: str) -> str:
    """A device without its maker's words, which are alike for all of one maker."""
    return " ".join(_MAKERS.sub(" ", fold(text)).split())


def _device_names() -> list[str]:
    from mining.vocab.tables import read_table as read_vocabulary

    return [
        row["name"]
        for row in read_vocabulary("hardware")
        if row["kind"] != "generic" and (row["power_w"] or row["name"] in _forms())
    ]
