"""A processed snapshot as the bytes of the explorer's page: counts of models alike, columns of the named models.

Counting and filtering need no names: models alike in every facet are one *cell* with a count, so that three million
models become some hundred thousand cells and every count in the page is exact. Names, numbers and evidence are held of
every model that states something and of the most downloaded ones.
"""

from __future__ import annotations

import gzip
import json
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from msgspec import Struct

from analysis.classify.rubric import rubric
from analysis.classify.snapshot_verdicts import Judged, verdicts_by_row
from analysis.classify.verdict import UNKNOWN_LEVEL
from analysis.estimates.of_models import estimate_routes
from analysis.explorer.claims import claim_lines
from analysis.explorer.facets import FACETS, WORDS, Coded, arranged, cells_of, coded, coded_grams, narrow
from analysis.questions.tables import Tables
from mining.paths import Processed
from mining.source_contracts import source_of

NAMES_HELD = 200_000
ALIGNMENT = 8
KINDS = {"u1": "Uint8Array", "u2": "Uint16Array", "u4": "Uint32Array", "f8": "Float64Array"}
NUMBERS = ("emissions_gco2e", "parameters_count", "downloads_count", "likes_count", "energy_kwh")
NAMED = ("emissions_decided_by", "emissions_scope", "emissions_source", "hardware", "region", "tool", "card_status")
OUTCOME_SIGNS = {
    "reported": "r", "not-reported": "n", "unreadable": "u", "could-not-look": "?", "does-not-apply": "-",
    "our-error": "e",
}  # fmt: skip

Columns = dict[str, npt.NDArray[Any]]


class Packed(Struct, frozen=True, kw_only=True):
    """What goes into the page, both parts compressed.

    Attributes:
        data: Head, cells and columns of the named models.
        claims: Claims of the named models, one line of JSON a model that has any.
        models: Models of the snapshot.
        named: Models whose names the page holds.
    """

    data: bytes
    claims: bytes
    models: int
    named: int
    source: str
    digest: str


def pack(
    processed: Processed, names_held: int = NAMES_HELD, progress: Callable[[str, int, int], None] | None = None
) -> Packed:
    """Read processed tables and pack them.

    Args:
        processed: Folder of the tables.
        names_held: Models that get a name, at least those that state something.
        progress: Told the step, the models judged so far and how many there are.

    Raises:
        UsageError: There are no processed tables.
        DamagedDataError: A table is not what was built.
    """
    with Tables(processed) as tables:
        models = pq.ParquetFile(processed.table("models"))
        rows: int = models.metadata.num_rows
        judged, verdict_codes = _verdicts(tables, processed, rows, progress)
        grams = _numbers(models, "emissions_gco2e")
        facets = _facets(models, judged, verdict_codes, grams)
        first, cell, count = cells_of(facets, rows)
        named = _named_rows(models, tables, names_held)
        picked = _take(models, ("model_key", "model_id", "name", *NAMED), named)
        columns: Columns = {f"cell.{each.facet.id}": each.codes[first] for each in facets}
        columns |= {"cell.count": count, "row.cell": cell[named], "row.verdict": verdict_codes[named]}
        columns |= {f"row.{name}": _numbers(models, name)[named] for name in NUMBERS}
        dictionaries: dict[str, list[str]] = {}
        for name in NAMED:
            array = pc.fill_null(picked[name], "").dictionary_encode()
            dictionaries[name] = array.dictionary.to_pylist()
            columns[f"row.{name}"] = narrow(array.indices.to_numpy(), len(array.dictionary) + 1)
        ids = [_one_line(text) for text in pc.coalesce(picked["model_id"], picked["name"]).to_pylist()]
        head = {
            "snapshot": processed.folder.name,
            "models": rows,
            "named": len(named),
            "linked": source_of(tables.source).is_on_hub,
            "facets": [each.described() for each in facets],
            "verdicts": [_verdict(each) for each in judged],
            "dictionaries": dictionaries,
            "names": ids,
            **_rubric(),
        }
        claims = claim_lines(tables, picked["model_key"].to_pylist())
    return Packed(
        data=_compressed(_layout(head, columns)),
        claims=_compressed("\n".join(claims).encode()),
        models=rows,
        named=len(named),
        source=tables.source,
        digest=tables.provenance.get("snapshot", {}).get("sha256", ""),
    )


def _verdicts(
    tables: Tables, processed: Processed, rows: int, progress: Callable[[str, int, int], None] | None
) -> tuple[list[Judged], npt.NDArray[Any]]:
    """Distinct verdicts, and the place of every model's own among them."""
    path = str(processed.table("models")).replace("'", "''")
    codes = np.zeros(rows, dtype=np.uint32)
    found: dict[str, int] = {}
    judged: list[Judged] = []
    done = 0
    for verdict, members in verdicts_by_row(tables, f"read_parquet('{path}', file_row_number = true)"):
        key = json.dumps(_verdict(verdict), sort_keys=True)
        if key not in found:
            found[key] = len(judged)
            judged.append(verdict)
        codes[np.asarray(members, dtype=np.int64)] = found[key]
        done += len(members)
        if progress is not None:
            progress("judge", done, rows)
    return judged, codes


def _facets(
    models: pq.ParquetFile, judged: Sequence[Judged], verdict_codes: npt.NDArray[Any], grams: npt.NDArray[np.float64]
) -> list[Coded]:
    """Every facet that the snapshot has."""
    levels = (UNKNOWN_LEVEL, *rubric().level_ids())
    level_of = np.array([levels.index(verdict.level) for verdict in judged] or [0])
    coded_facets = []
    for facet in FACETS:
        if facet.id == "level":
            ordered = msgspec.structs.replace(facet, order=levels)
            coded_facets.append(arranged(ordered, level_of[verdict_codes], levels))
        elif facet.id == "emissions":
            coded_facets.append(coded_grams(facet, grams))
        elif facet.id == "route":
            coded_facets.append(coded(facet, estimate_routes(models)))
        elif facet.column in models.schema_arrow.names:
            coded_facets.append(coded(facet, models.read([facet.column])[facet.column]))
    return coded_facets


def _numbers(models: pq.ParquetFile, name: str) -> npt.NDArray[np.float64]:
    """A column of numbers; NaN where it is missing."""
    column = models.read([name])[name].cast(pa.float64())
    numbers: npt.NDArray[np.float64] = pc.fill_null(column, float("nan")).combine_chunks().to_numpy()
    return numbers


def _named_rows(models: pq.ParquetFile, tables: Tables, names_held: int) -> npt.NDArray[np.int64]:
    """Rows of the models whose names the page holds: all that state something, then the most downloaded ones."""
    states = pc.is_in(models.read(["model_key"])["model_key"], _keys_with_claims(tables)).combine_chunks()
    outcome = models.read(["emissions_outcome"])["emissions_outcome"]
    reports = pc.is_in(outcome, pa.array(["reported", "unreadable"])).combine_chunks()
    first = pc.or_(states, pc.fill_null(reports, False)).to_numpy(zero_copy_only=False)
    downloads = np.nan_to_num(_numbers(models, "downloads_count"), nan=-1.0)
    order = np.lexsort((-downloads, ~first))
    return order[: max(names_held, int(first.sum()))]


def _keys_with_claims(tables: Tables) -> pa.Array:
    return pa.array(tables.query("SELECT DISTINCT model_key FROM claims ORDER BY 1")["model_key"].tolist(), pa.string())


def _take(models: pq.ParquetFile, names: Sequence[str], rows: npt.NDArray[np.int64]) -> dict[str, pa.Array]:
    """Columns of some rows, read one at a time, so that a large table is never held whole."""
    return {name: models.read([name])[name].take(pa.array(rows)).combine_chunks() for name in names}


def _verdict(judged: Judged) -> dict[str, Any]:
    """A verdict as the page reads it; ``outcomes`` has a sign a probe, in the order of the rubric."""
    return {
        "level": judged.level,
        "reason": judged.reason,
        "score": round(judged.score),
        "coverage": round(judged.coverage, 2),
        "outcomes": "".join(OUTCOME_SIGNS[judged.outcomes[probe.id]] for probe in rubric().probes),
        "next": judged.next_steps,
    }


def _rubric() -> Mapping[str, Any]:
    """Levels, probes and outcomes in words."""
    rules = rubric()
    return {
        "levels": [{"id": level.id, "title": level.title, "meaning": level.meaning} for level in rules.levels],
        "probes": [{"id": probe.id, "question": probe.question, "remedy": probe.remedy} for probe in rules.probes],
        "outcomes": {sign: WORDS.get(name, name) for name, sign in OUTCOME_SIGNS.items()},
    }


def _one_line(text: str | None) -> str:
    """A name without control characters."""
    return "".join(character if character.isprintable() else " " for character in text or "")


def _layout(head: dict[str, Any], columns: Columns) -> bytes:
    """Length of the head, the head as JSON, and the columns, little-endian, each on a boundary of eight bytes."""
    places = {}
    at = 0
    for name, column in columns.items():
        places[name] = [KINDS[column.dtype.str[1:]], at, len(column)]
        at += -(-column.nbytes // ALIGNMENT) * ALIGNMENT
    text = json.dumps({**head, "columns": places}, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-(len(text) + 4) % ALIGNMENT)
    parts = [struct.pack("<I", len(text)), text]
    for column in columns.values():
        body = column.astype(column.dtype.newbyteorder("<")).tobytes()
        parts.append(body + b"\0" * (-len(body) % ALIGNMENT))
    return b"".join(parts)


def _compressed(body: bytes) -> bytes:
    """Gzip without a date, so that the same snapshot gives the same page."""
    return gzip.compress(body, compresslevel=6, mtime=0)
