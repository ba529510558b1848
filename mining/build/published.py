"""The published files of the 2023 study: small, adapted rather than normalized, and given the same second pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from mining.build.account import UNSEEN_TOLD, Account, write_provenance
from mining.files import write_text, written_beside
from mining.normalize.lineage import EmissionRecord, Marks, emission_record_of, find
from mining.normalize.similar import signature
from mining.normalize.strata import popularity_class, size_class, stratum_of
from mining.normalize.unseen import unseen_values
from mining.paths import Processed
from mining.schema import TABLES, Claim, Metric, ModelRecord, Rejection
from mining.snapshot import SnapshotReader
from mining.tables import COMPRESSION, dictionary, write_table
from mining.vocab.quarantine import Quarantine, Unseen

CARD_TEXT = "modelcard_text"


def build_published(reader: SnapshotReader, processed: Processed) -> Account:
    """Build the tables of a ``published`` snapshot: the registry's, and the three published ones."""
    from mining.sources.published import read_tables
    from mining.sources.published_records import records

    frames = read_tables(reader)
    texts: list[str | None] = [text if isinstance(text, str) else None for text in frames["mined"][CARD_TEXT]]
    parsed = list(records(reader))
    emission_records = [
        emission
        for (record, claims, _), text in zip(parsed, texts, strict=True)
        if (emission := _emission_record(record, claims, text))
    ]
    marks = find(emission_records)
    models = [finished(record, marks) for record, _, _ in parsed]
    rows = _write(processed, models, parsed, marks)
    for name, frame in frames.items():
        plain = frame.drop(columns=CARD_TEXT) if name == "mined" else frame
        _write_frame(processed, f"published_{name}", pa.Table.from_pandas(plain, preserve_index=False))
        rows[f"published_{name}"] = len(plain)
    account = _account(models, rows, marks, _unseen(parsed))
    account.check()
    write_text(processed.dictionary, dictionary())
    write_provenance(processed, reader.manifest, account, rows)
    return account


def _emission_record(record: ModelRecord, claims: Sequence[Claim], text: str | None) -> EmissionRecord | None:
    return emission_record_of(record, claims, signature(text) if text else None)


def finished(record: ModelRecord, marks: Marks) -> ModelRecord:
    """A record with flags, group and strata put in."""
    flags = marks.flags().get(record.model_key, ())
    carbon = msgspec.structs.replace(
        record.carbon, emissions_flags=tuple(sorted({*record.carbon.emissions_flags, *flags}))
    )
    classes = (
        record.domain,
        size_class(record.parameters_count, record.storage_bytes),
        popularity_class(record.downloads_count),
    )
    return msgspec.structs.replace(
        record,
        carbon=carbon,
        duplicate_group=marks.duplicate_groups.get(record.model_key),
        parameters_class=classes[1],
        popularity_class=classes[2],
        stratum=stratum_of(classes),
    )


def _write(
    processed: Processed,
    models: list[ModelRecord],
    parsed: Sequence[tuple[ModelRecord, list[Claim], list[Metric]]],
    marks: Marks,
) -> dict[str, int]:
    """Write the registry's tables."""
    rejects: list[Rejection] = []
    contents: dict[str, Sequence[msgspec.Struct]] = {
        "models": models,
        "claims": [claim for _, claims, _ in parsed for claim in claims],
        "metrics": [metric for _, _, metrics in parsed for metric in metrics],
        "rejects": rejects,
        "lineage": marks.rows,
    }
    return {name: write_table(processed.table(name), records, TABLES[name]) for name, records in contents.items()}


def _write_frame(processed: Processed, name: str, table: pa.Table) -> None:
    with written_beside(processed.table(name)) as beside:
        pq.write_table(table, beside, compression=COMPRESSION)


def _unseen(parsed: Sequence[tuple[ModelRecord, list[Claim], list[Metric]]]) -> dict[str, Unseen]:
    quarantine = Quarantine()
    for record, claims, _ in parsed:
        for vocabulary, text in unseen_values(record, claims):
            quarantine.note(vocabulary, text)
    return quarantine.counts(UNSEEN_TOLD)


def _account(models: list[ModelRecord], rows: dict[str, int], marks: Marks, unseen: dict[str, Unseen]) -> Account:
    return Account(
        models_in=len(models),
        models_kept=len(models),
        received={"file": 4},
        rows=dict(sorted(rows.items())),
        lineage=dict(sorted(Counter(row.lineage_kind for row in marks.rows).items())),
        strata=dict(sorted(Counter(record.stratum for record in models).items())),
        unseen=unseen,
    )
