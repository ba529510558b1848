"""Sections of the report that are generated from results, provenance and manifest.

Threats, data availability, what is taken as given.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from analysis import rounding
from analysis.report.study import Study
from analysis.results import Column, Result, Table

WORDS_FILE = Path(__file__).parent / "words.yml"
FEW = 20
MAX_LISTED = 12
MAX_VALUE_LENGTH = 400


@dataclass(frozen=True)
class Threat:
    """One kind of threat with what the results show of it."""

    title: str
    entries: tuple[str, ...]


@lru_cache(maxsize=1)
def _all_words() -> dict[str, Any]:
    words: dict[str, Any] = yaml.safe_load(WORDS_FILE.read_text(encoding="utf-8"))["sources"]
    return words


def words_of(source: str) -> dict[str, Any]:
    """Texts about a source."""
    words: dict[str, Any] = _all_words().get(source) or _all_words()["hub"]
    return words


def source_line(study: Study) -> str:
    """Line below every figure, built from manifest and provenance."""
    short = words_of(study.source)["short"]
    digest = str(study.provenance.get("snapshot", {}).get("sha256") or study.manifest.get("plan_hash") or "")[:12]
    tool = study.provenance.get("tool_version")
    parts = [
        f"Source: {short}",
        f"snapshot {study.snapshot}",
        f"manifest {digest}" if digest else "",
        f"hf-carbon {tool}" if tool else "hf-carbon",
    ]
    return " · ".join(part for part in parts if part)


def threats(study: Study) -> list[Threat]:
    """What may be wrong with the conclusions, read off the results themselves."""
    kinds = (
        Threat("Not answered, or not in full", tuple(_open_questions(study))),
        Threat("Conclusions that do not survive the repairs", tuple(_overturned(study))),
        Threat(f"Results that rest on fewer than {FEW} observations", tuple(_small(study))),
        Threat("Not computed", tuple(_refused(study))),
        Threat("Input that had to be repaired", tuple(_repaired(study))),
        Threat("Composition of the data", tuple(_composition(study))),
        Threat("Assumptions checked", tuple(_assumptions(study))),
    )
    return [kind for kind in kinds if kind.entries]


def _open_questions(study: Study) -> Iterator[str]:
    for answer in study.answers:
        if answer.status != "answered":
            yield f"{answer.question}: {answer.reason or answer.status}"


def _overturned(study: Study) -> Iterator[str]:
    for answer in study.answers:
        if answer.conclusion is not None and answer.conclusion.verdict == "contradicted":
            yield f"{answer.question}: {answer.conclusion.sentence}"


def _named(study: Study, result: Result) -> str:
    version = rounding.version_name(result.version, is_published=study.is_published)
    return f"{result.question}, {result.title} ({version})"


def _listed(entries: list[str]) -> Iterator[str]:
    yield from entries[:MAX_LISTED]
    if len(entries) > MAX_LISTED:
        yield f"and {len(entries) - MAX_LISTED} more; see the tables of results."


def _small(study: Study) -> Iterator[str]:
    small = [result for result in study.results() if 0 < result.estimate.n < FEW and result.estimate.refused is None]
    yield from _listed([f"{_named(study, result)}: n = {result.estimate.n}." for result in small])


def _refused(study: Study) -> Iterator[str]:
    refused = [result for result in study.results() if result.estimate.refused is not None]
    yield from _listed([f"{_named(study, result)}: {result.estimate.refused}." for result in refused])


def _repaired(study: Study) -> Iterator[str]:
    seen: dict[str, tuple[str, int]] = {}
    for answer in study.answers:
        for step in answer.repairs:
            if step.n_changed > seen.get(step.repair, ("", 0))[1]:
                seen[step.repair] = (step.meaning, step.n_changed)
    ordered = sorted(seen.items(), key=lambda entry: (-entry[1][1], entry[0]))
    yield from _listed(
        [
            f"{name}: {meaning} Up to {rounding.count(changed)} rows of one question changed."
            for name, (meaning, changed) in ordered
        ]
    )


def _composition(study: Study) -> Iterator[str]:
    table = study.tables.get("rq1_3.generator")
    if table is None or not table.rows:
        return
    names = [column.name for column in table.columns]
    row = max((dict(zip(names, row, strict=True)) for row in table.rows), key=lambda row: row["share"] or 0)
    mass = (
        f" and {rounding.share(row['mass_share'], 2)} of the emissions that they report, doubtful values included"
        if row.get("mass_share") is not None
        else ""
    )
    yield (
        f"Cards of {row['generator']} are {rounding.share(row['share'])} of the reporters{mass}. "
        "A trend or comparison over all cards mostly describes that tool."
    )


def _assumptions(study: Study) -> Iterator[str]:
    said: dict[str, list[str]] = {}
    for result in study.results():
        for sentence in result.estimate.assumptions:
            said.setdefault(sentence, []).append(result.question)
    yield from _listed([f"{', '.join(dict.fromkeys(questions))}: {sentence}" for sentence, questions in said.items()])


def files_table(study: Study) -> Table:
    """Files and shards of the raw snapshot with their digests."""
    columns = (
        Column(name="file", title="File"),
        Column(name="size", title="Size"),
        Column(name="sha256", title="SHA-256"),
    )
    entries = [*study.manifest.get("files", ()), *study.manifest.get("shards", ())]
    rows = [
        (entry["name"], rounding.scaled(entry.get("size_bytes"), "B"), entry.get("sha256", ""))
        for entry in entries[:50]
    ]
    note = f"{len(entries) - 50} further shards are named in the manifest." if len(entries) > 50 else ""
    return Table(id="raw-files", title="Files of the raw snapshot", columns=columns, rows=tuple(rows), note=note)


def provenance_items(study: Study) -> list[dict[str, Any]]:
    """Name and value of everything that identifies the input and the code."""
    items = [
        {"name": "snapshot", "value": study.snapshot, "code": True},
        {"name": "source", "value": study.source, "code": True},
    ]
    said = dict(study.provenance)
    said.pop("source", None)
    items += [{"name": name, "value": value, "code": True} for name, value in _flat(said)]
    return items


def _flat(value: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, inner in value.items():
        path = f"{prefix}{str(name).replace('_', ' ')}"
        if isinstance(inner, Mapping) and inner and len(prefix) < 60:
            yield from _flat(inner, f"{path} › ")
        elif inner not in (None, "", [], {}):
            text = inner if isinstance(inner, str) else json.dumps(inner, ensure_ascii=False, sort_keys=True)
            yield path, text if len(text) <= MAX_VALUE_LENGTH else f"{text[:MAX_VALUE_LENGTH]}…"
