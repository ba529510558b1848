"""One date of a series in memory, and its models set beside those of the date before: the only reader of ``dates/``.

A model is its name *and* its time of creation: a name that was deleted and taken again is another model. Where a date
could not read a model's metadata, the last state that was read goes on, so that what could not be looked at is never a
change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mining.archive.observation import MEMBERS, REPORTERS, REPORTING, SILENT, UNKNOWN
from mining.archive.strata import GROUPINGS
from mining.build import name_digests

__all__ = ["GROUPINGS", "MEMBERS", "REPORTING", "SILENT", "UNKNOWN", "Day", "Grouping", "Step", "compare", "load"]

Ints = npt.NDArray[Any]
Report = dict[str, Any]
KEY = "key_digest"
MOST_LEVELS = 12
OTHER = "other"
IN_LISTING = frozenset({None, "metadata"})
FLOOR_S = 1_646_263_744
"""2022-03-02T23:29:04Z: the time of creation that the Hub gives to every repository older than its record keeping."""
_NO_TIME = -1
_SAME_SECONDS = 1


@dataclass(frozen=True)
class Grouping:
    """Levels of one way to group models, and the level of every model as its place among them."""

    levels: tuple[str, ...]
    codes: Ints


@dataclass
class Day:
    """One date.

    Attributes:
        date: Its label.
        digest: Digests of the names, sorted, shape (n,).
        owner: Digests of the owners, shape (n,).
        created_s: Time of creation in seconds since 1970, -1 where unknown, shape (n,).
        state: What stands in the metadata at this date, shape (n,).
        reports: What each model with words of carbon states, by its digest.
        groups: Ways to group the models.
        known: State with what an earlier date told where this one could not look, shape (n,).
        looked: Whether the card was read, shape (n,); an archive has no cards.
        names: Digests of the names where models are told apart by the Hub's own id, shape (n,); else None.
    """

    date: str
    digest: Ints
    owner: Ints
    created_s: Ints
    state: Ints
    reports: dict[int, Report]
    groups: Mapping[str, Grouping]
    known: Ints
    looked: Ints
    names: Ints | None = None

    @cached_property
    def size(self) -> int:
        """Models listed."""
        return len(self.digest)

    @property
    def reporters(self) -> int:
        """Models that state a number."""
        return int((self.state == REPORTING).sum())

    def report(self, row: int) -> Report:
        """What the model of a row states."""
        return self.reports.get(int(self.digest[row]), {})


@dataclass(frozen=True)
class Step:
    """Two dates set side by side; rows of the same model share a place in ``before`` and ``after``.

    Attributes:
        before: Rows of the earlier date, of models present at both.
        after: Rows of the later date, of the same models.
        entered: Rows of the later date that were not there before.
        left: Rows of the earlier date that are no longer listed.
        recreated: Rows of the later date whose name stood at the earlier with another time of creation: counted as left
            and entered.
        renamed: Rows of the earlier and the later date that may be one model: author and time of creation agree
            uniquely.
        began, stopped, changed, level_changed, named_anew: Places in ``before`` and ``after``; the last are models with
            another name, where the Hub's own id tells models apart.
    """

    before: Ints
    after: Ints
    entered: Ints
    left: Ints
    recreated: Ints
    renamed: tuple[tuple[int, int], ...]
    began: Ints
    stopped: Ints
    changed: Ints
    level_changed: Ints
    named_anew: Ints


def load(folder: Path, date: str, identity: str = "digest") -> Day:
    """Read a date that was observed.

    Args:
        folder: Folder of the date.
        date: Its label.
        identity: Column that tells models apart: ``digest`` of the name, or ``key_digest`` of the Hub's own id where
            all dates have it.
    """
    by_key = identity == KEY
    with pq.ParquetFile(folder / MEMBERS, read_dictionary=list(GROUPINGS)) as file:
        keys = _column(file, identity)
        order = np.argsort(keys, kind="stable") if by_key else slice(None)
        state = _column(file, "state")[order]
        day = Day(
            date=date,
            digest=keys[order],
            owner=_column(file, "owner")[order],
            created_s=_column(file, "created_s").astype(np.int32)[order],
            state=state,
            reports=_reports(folder, by_key=by_key),
            groups={name: _grouping(file.read([name])[name], order) for name in GROUPINGS},
            known=state.copy(),
            looked=_column(file, "looked")[order],
            names=_column(file, "digest")[order] if by_key else None,
        )
    pa.default_memory_pool().release_unused()
    return day


def _column(file: pq.ParquetFile, name: str) -> Ints:
    """One column: a date is read column by column, so that no more than one is in memory twice."""
    return np.array(file.read([name])[name])


def _reports(folder: Path, *, by_key: bool) -> dict[int, Report]:
    """What every model with words of carbon states, by its digest."""
    rows = pq.read_table(folder / REPORTERS).to_pylist()
    names = [str(row["model_key" if by_key else "model_id"]) for row in rows]
    return dict(zip(name_digests.digests(names).tolist(), rows, strict=True))


def identity_of(folders: Iterable[Path]) -> str:
    """The Hub's own id where every date has it, so that a renamed model stays the same; else the name."""
    has_keys = all(KEY in pq.read_schema(folder / MEMBERS).names for folder in folders)
    return KEY if has_keys else "digest"


def _grouping(column: Any, order: Any) -> Grouping:
    """The most frequent levels of a column, the others together; models in an order."""
    encoded = column.combine_chunks()
    names = np.array(encoded.dictionary.to_pylist(), dtype=object)
    counts = np.bincount(np.asarray(encoded.indices), minlength=len(names))
    ranked = sorted(range(len(names)), key=lambda place: (-counts[place], names[place]))
    kept = [place for place in ranked if names[place] != OTHER][:MOST_LEVELS]
    levels = tuple(str(names[place]) for place in kept) + ((OTHER,) if len(kept) < len(names) else ())
    codes = np.full(len(names), len(levels) - 1, dtype=np.int8)
    codes[kept] = np.arange(len(kept))
    return Grouping(levels, codes[np.asarray(encoded.indices)][order])


def compare(old: Day, new: Day) -> Step:
    """Set two dates side by side; the later one learns what only the earlier could read."""
    before = np.minimum(np.searchsorted(old.digest, new.digest), max(old.size - 1, 0))
    after = np.flatnonzero(old.digest[before] == new.digest).astype(np.int32) if old.size else before[:0]
    before = before[after].astype(np.int32)
    same = same_repository(old.created_s[before], new.created_s[after])
    recreated = after[~same]
    before, after = before[same], after[same]
    _carry(old, new, before, after)
    was, now = old.known[before], new.known[after]
    both = np.flatnonzero((was == REPORTING) & (now == REPORTING))
    entered, left = _others(new.size, after), _others(old.size, before)
    return Step(
        before=before,
        after=after,
        entered=entered,
        left=left,
        recreated=recreated,
        renamed=tuple(_renamed(old, new, left, entered)),
        began=_seen(new, after, old.looked[before], np.flatnonzero((was == SILENT) & (now == REPORTING))),
        stopped=_seen(old, before, new.looked[after], np.flatnonzero((was == REPORTING) & (now == SILENT))),
        changed=_differing(old, new, before, after, both, ("value", "unit")),
        level_changed=_differing(old, new, before, after, both, ("level",)),
        named_anew=_named_anew(old, new, before, after),
    )


def _named_anew(old: Day, new: Day, before: Ints, after: Ints) -> Ints:
    if old.names is None or new.names is None:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(old.names[before] != new.names[after])


def _differing(old: Day, new: Day, before: Ints, after: Ints, both: Ints, keys: tuple[str, ...]) -> Ints:
    """Places at which two reports differ in any of some entries."""
    found = [
        at
        for at in both.tolist()
        if any(old.report(before[at]).get(key) != new.report(after[at]).get(key) for key in keys)
    ]
    return np.array(found, dtype=np.int64)


def same_repository(one: Ints, other: Ints) -> npt.NDArray[np.bool_]:
    """Whether two times of creation may be of one repository: equal to the second, or one of them unknown."""
    found: npt.NDArray[np.bool_] = (
        (one == _NO_TIME) | (other == _NO_TIME) | (np.abs(one.astype(np.int64) - other) <= _SAME_SECONDS)
    )
    return found


def _seen(day: Day, rows: Ints, looked: Ints, places: Ints) -> Ints:
    """Places whose report would have been seen at the other date: a card must have been read there too."""
    kept = [at for at in places.tolist() if day.report(rows[at]).get("source") in IN_LISTING or looked[at]]
    return np.array(kept, dtype=np.int64)


def _renamed(old: Day, new: Day, left: Ints, entered: Ints) -> list[tuple[int, int]]:
    """Models that left and entered with one author and time of creation, which no other model of either date has."""
    pairs = []
    for day, rows in ((old, left), (new, entered)):
        known = rows[(day.created_s[rows] > FLOOR_S + _SAME_SECONDS)]
        pairs.append({_maker(day, row): row for row in known.tolist()})
    shared = [maker for maker in pairs[0] if maker in pairs[1]]
    return sorted(
        (pairs[0][maker], pairs[1][maker]) for maker in shared if _is_only(old, maker) and _is_only(new, maker)
    )


def _maker(day: Day, row: int) -> tuple[int, int]:
    return int(day.owner[row]), int(day.created_s[row])


def _is_only(day: Day, maker: tuple[int, int]) -> bool:
    return int(((day.created_s == maker[1]) & (day.owner == maker[0])).sum()) == 1


def _carry(old: Day, new: Day, before: Ints, after: Ints) -> None:
    """Let the last state that could be read stand where the later date could not look."""
    blind = np.flatnonzero(new.state[after] == UNKNOWN)
    new.known[after[blind]] = old.known[before[blind]]
    for row in after[blind].tolist():
        key = int(new.digest[row])
        if key in old.reports:
            new.reports[key] = old.reports[key]


def _others(size: int, rows: Ints) -> Ints:
    """Rows that are not among the given ones."""
    is_other = np.ones(size, dtype=np.bool_)
    is_other[rows] = False
    return np.flatnonzero(is_other)


def names_of(folder: Path, rows: Ints, identity: str = "digest") -> list[str]:
    """Names of the models of some rows, from the file."""
    table = pq.read_table(folder / MEMBERS, columns=["id", identity])
    names = table.sort_by(identity)["id"] if identity != "digest" else table["id"]
    return [str(name) for name in pc.take(names, rows).to_pylist()]
