"""A built snapshot as one date of a series.

The same tables as of an archive's file, and the Hub's own ids where the crawl has them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mining.archive.observation import (
    REPORTING,
    SILENT,
    UNKNOWN,
    Observation,
    Reporter,
    members_table,
    read_about,
    reporters_table,
    write_observation,
)
from mining.archive.observe import TEXT_CHARACTERS, seconds_of
from mining.archive.strata import BY_HAND, owner_sizes
from mining.build import name_digests
from mining.files import file_sha256
from mining.normalize.strata import UNKNOWN as NO_LEVEL
from mining.paths import Processed
from mining.schema import LOOKED_AT, Claim, ModelRecord
from mining.tables import read_table
from mining.version import code_version

_STRATA = {
    "domain": "domain",
    "library": "library",
    "generator": "generator",
    "size_class": "parameters_class",
    "licence": "license",
}
_OF_REPORTERS = (
    "model_id", "model_key", "author", "created_at", "emissions_gco2e", "emissions_outcome", "emissions_scope",
    "emissions_flags",
    "emissions_source", "emissions_metadata_value", "emissions_original", "emissions_original_unit", "hardware",
    "region", "energy_kwh",
    "duration_h", "tool", "base_relation",
)  # fmt: skip


def observe_built(processed: Processed, label: str, folder: Path) -> Observation:
    """The models of a built snapshot as a date.

    A report is a number in the metadata, or one that was settled from the card. A model whose metadata were read and
    whose card was not is silent as far as the metadata go; that its card was not read is kept beside it.

    Raises:
        SchemaMismatchError: The tables are of another version; build the snapshot again.
    """
    path, code = processed.table("models"), code_version()
    digest = file_sha256(path) if path.is_file() else ""
    known = read_about(folder)
    if known is not None and (known.sha256, known.code) == (digest, code):
        return known
    wanted = {"author", "name", "last_modified_at", "card_status", *_STRATA.values(), *_OF_REPORTERS}
    table = read_table(path, ModelRecord, sorted(wanted))
    ids = pc.coalesce(table["model_id"], table["name"])
    looked = pc.is_in(table["card_status"], pa.array(sorted(LOOKED_AT)))
    stated = pc.or_(pc.is_valid(table["emissions_metadata_value"]), pc.is_valid(table["emissions_gco2e"]))
    unread = pc.and_(pc.equal(table["emissions_outcome"], "unreadable"), pc.invert(stated))
    states = np.where(stated.to_numpy(), REPORTING, np.where(unread.to_numpy(), UNKNOWN, SILENT)).astype(np.int8)
    members = members_table(
        {
            "id": ids,
            "author": pc.fill_null(table["author"], ""),
            "created_s": seconds_of(table["created_at"]),
            "state": states,
            "looked": looked,
            **{
                name: pc.fill_null(table[column], BY_HAND if name == "generator" else NO_LEVEL)
                for name, column in _STRATA.items()
            },
        },
        name_digests.digests(ids.to_pylist()),
    )
    keys = table["model_key"].to_pylist()
    if not any(key.startswith("id:") for key in keys):
        members = members.append_column("key_digest", pa.array(name_digests.digests(keys), pa.uint64()))
    words = _words(processed)
    rows = table.filter(stated).select(list(_OF_REPORTERS)).to_pylist()
    reporters = [_reporter(row, words.get(row["model_key"], "")) for row in rows]
    about = Observation(
        date=label,
        sha256=digest,
        size_bytes=path.stat().st_size,
        rows=table.num_rows,
        models=table.num_rows,
        reporters=int((states == REPORTING).sum()),
        unknown=int((states == UNKNOWN).sum()),
        newest_change=pc.max(table["last_modified_at"]).as_py(),
        types={},
        notes={},
        code=code,
    )
    write_observation(
        folder, [owner_sizes(members.sort_by("digest").combine_chunks())], reporters_table(reporters), about
    )
    return about


def _words(processed: Processed) -> dict[str, str]:
    """The first words about emissions of every model."""
    claims = read_table(processed.table("claims"), Claim, ["model_key", "quantity", "text"])
    rows = claims.filter(pc.equal(claims["quantity"], "emissions")).to_pylist()
    return {row["model_key"]: row["text"] for row in reversed(rows)}


def _reporter(row: dict[str, Any], text: str) -> Reporter:
    value = row["emissions_metadata_value"]
    by_card = value is None
    context = (row["hardware"], row["region"], row["tool"], row["energy_kwh"], row["duration_h"])
    return Reporter(
        model_id=row["model_id"] or "",
        model_key=row["model_key"],
        source=row["emissions_source"] if by_card else "metadata",
        author=row["author"],
        created_at=row["created_at"],
        value=row["emissions_original"] if by_card else value,
        unit=row["emissions_original_unit"] if by_card or row["emissions_source"] == "metadata" else None,
        text=text[:TEXT_CHARACTERS],
        emissions_gco2e=row["emissions_gco2e"],
        outcome=row["emissions_outcome"],
        scope=row["emissions_scope"],
        flags=tuple(row["emissions_flags"] or ()),
        level="number with context" if any(context) else "number",
        tool=row["tool"],
        relation=row["base_relation"],
    )
