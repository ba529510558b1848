"""What changed between two dates.

Models that entered and left, reports that began, stopped and changed, each with its evidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from msgspec import Struct

from analysis.history.panel import KEY, Day, Step, compare, identity_of, load, names_of
from analysis.history.series import amount
from analysis.history.tables import table
from analysis.results import Table

SCHEMA = "hf-carbon/diff/1"
KINDS = ("began", "stopped", "changed", "renamed", "possibly renamed", "entered", "left")
COLUMNS = ("change", "model_id", "what", "before", "after", "before_text", "after_text")
FOUND_BY_NAME = (
    "Models are told apart by name and creation time: one that is not listed any more may have been "
    "deleted, renamed or made private."
)
FOUND_BY_KEY = "Models are told apart by the Hub's own id, so that a renamed model stays the same."


class Difference(Struct, frozen=True):
    """One difference: what changed (amount, unit, level), and the words before and after."""

    change: str
    model_id: str
    what: str = ""
    before: str = ""
    after: str = ""
    before_text: str = ""
    after_text: str = ""


class Differences(Struct, frozen=True, kw_only=True):
    """All differences of two dates.

    Attributes:
        first, second: Names of the dates.
        counts: Differences by kind; every kind is named.
        note: How models were told apart.
        rows: The differences, by kind and name.
    """

    schema: str = SCHEMA
    first: str
    second: str
    models: tuple[int, int]
    reporters: tuple[int, int]
    counts: dict[str, int]
    note: str
    rows: tuple[Difference, ...]

    def as_table(self) -> Table:
        """The differences as a table."""
        title = f"What changed from {self.first} to {self.second}"
        return table(
            "diff", title, COLUMNS, [tuple(getattr(row, name) for name in COLUMNS) for row in self.rows], self.note
        )


def differences(first: tuple[str, Path], second: tuple[str, Path]) -> Differences:
    """Compare two dates that were observed, each given by its name and its folder."""
    identity = identity_of(folder for _, folder in (first, second))
    old, new = load(first[1], first[0], identity), load(second[1], second[0], identity)
    step = compare(old, new)
    rows = [*_reports(old, new, step), *_listings(step, first[1], second[1], identity)]
    rows.sort(key=lambda row: (KINDS.index(row.change), row.model_id, row.after))
    found = Counter(row.change for row in rows)
    return Differences(
        first=first[0],
        second=second[0],
        models=(old.size, new.size),
        reporters=(old.reporters, new.reporters),
        counts={kind: found[kind] for kind in KINDS},
        note=FOUND_BY_KEY if identity == KEY else FOUND_BY_NAME,
        rows=tuple(rows),
    )


def _reports(old: Day, new: Day, step: Step) -> Iterator[Difference]:
    """Reports of models present at both dates."""
    changed = set(step.changed.tolist()) | set(step.level_changed.tolist())
    for kind, places in (
        ("began", step.began.tolist()),
        ("stopped", step.stopped.tolist()),
        ("changed", sorted(changed)),
    ):
        for place in places:
            was, now = old.report(step.before[place]), new.report(step.after[place])
            what = [
                word
                for word, key in (("amount", "value"), ("unit", "unit"), ("level", "level"))
                if was.get(key) != now.get(key)
            ]
            yield Difference(
                kind,
                str(now.get("model_id") or was.get("model_id")),
                ", ".join(what) if kind == "changed" else "",
                _shown(was, kind == "changed" and "level" in what),
                _shown(now, kind == "changed" and "level" in what),
                was.get("text") or "",
                now.get("text") or "",
            )


def _shown(report: dict[str, object], with_level: bool) -> str:
    return f"{amount(report)}; {report.get('level')}" if with_level else amount(report)


def _listings(step: Step, old: Path, new: Path, identity: str) -> Iterator[Difference]:
    """Models that entered, left, or bear another name."""
    pairs = np.array(step.renamed, dtype=np.int64).reshape(-1, 2)
    for one, other in zip(names_of(old, pairs[:, 0], identity), names_of(new, pairs[:, 1], identity), strict=True):
        yield Difference("possibly renamed", other, "name", one, other)
    befores = names_of(old, step.before[step.named_anew], identity)
    afters = names_of(new, step.after[step.named_anew], identity)
    yield from (Difference("renamed", b, "name", a, b) for a, b in zip(befores, afters, strict=True))
    yield from (Difference("entered", name) for name in names_of(new, step.entered, identity))
    yield from (Difference("left", name) for name in names_of(old, step.left, identity))
