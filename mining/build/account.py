"""The row account of a build and its provenance file."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from mining.errors import DamagedDataError
from mining.files import file_sha256, write_bytes
from mining.paths import Processed
from mining.schema import SCHEMA_VERSION
from mining.snapshot import Manifest
from mining.source_contracts import source_of
from mining.version import package_version
from mining.vocab.quarantine import Unseen

FORMAT = "hf-carbon/provenance/1"
UNSEEN_TOLD = 20
"""Unseen values of one vocabulary that the account tells by name."""


class Account(Struct, kw_only=True):
    """Where every row of a build went: in = kept + rejected.

    Attributes:
        models_in: Models received: rows of the listing, and models known from a single answer only.
        models_kept: Rows of ``models``.
        models_rejected: Rejected, by reason; the rows stand in ``rejects``.
        received: Envelopes read, by kind.
        rows: Rows written, by table.
        notes: Smaller faults, by reason.
        lineage: Findings by kind.
        strata: Models by stratum.
        unseen: What the models state that stands in no list of its vocabulary (licence, task, library, hardware,
            region, provider, tool, training_type), by vocabulary: how often, and the most frequent values. Nothing was
            done about them; a person files them.
    """

    models_in: int = 0
    models_kept: int = 0
    models_rejected: dict[str, int] = {}
    received: dict[str, int] = {}
    rows: dict[str, int] = {}
    notes: dict[str, int] = {}
    lineage: dict[str, int] = {}
    strata: dict[str, int] = {}
    unseen: dict[str, Unseen] = {}

    def check(self) -> None:
        """Refuse an account that does not add up.

        Raises:
            DamagedDataError: Rows were lost or came from nowhere.
        """
        rejected = sum(self.models_rejected.values())
        if self.models_in != self.models_kept + rejected:
            raise DamagedDataError(
                f"row account: {self.models_in} models in, but {self.models_kept} kept and {rejected} rejected"
            )


def write_provenance(
    processed: Processed,
    manifest: Manifest,
    account: Account,
    tables: dict[str, int],
    corrections_sha256: str = "",
) -> None:
    """Write what the tables were made from, with their digests and the account; no path and no time of the machine."""
    said: dict[str, Any] = {
        "format": FORMAT,
        "schema_version": SCHEMA_VERSION,
        "tool_version": package_version(),
        "source": manifest.source,
        "is_synthetic": source_of(manifest.source).is_synthetic,
        "snapshot": {
            "sha256": manifest.digest,
            "plan": manifest.plan,
            "plan_hash": manifest.plan_hash,
            "protocol_hash": manifest.protocol_hash,
            "versions": manifest.versions,
            "notes": list(manifest.notes),
        },
        **({"corrections_sha256": corrections_sha256} if corrections_sha256 else {}),
        "account": msgspec.to_builtins(account),
        "tables": {
            name: {"rows": rows, "sha256": file_sha256(processed.table(name))} for name, rows in sorted(tables.items())
        },
        "card_text": "no table holds whole card texts; `claims.text` holds the words that state a quantity",
    }
    write_bytes(processed.provenance, msgspec.json.format(msgspec.json.encode(said, order="sorted"), indent=1) + b"\n")
