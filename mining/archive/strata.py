"""Strata of all models of a batch at once: domain, library, generator, size class, licence.

And the size of the owner.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from mining.build import name_digests
from mining.normalize.domain import domain_of
from mining.normalize.generator import generator_of
from mining.normalize.licences import TAG_PREFIX, standard_licence
from mining.normalize.strata import SIZE_CLASSES, SIZE_LIMITS, UNKNOWN

FAMILIES = ("domain", "library", "generator", "size_class", "licence")
OWNER_SIZE = "owner_size"
GROUPINGS = (*FAMILIES, OWNER_SIZE)
"""Ways to group models; kinds of owner are not in an archive, so that owners are told apart by how many models they
have."""
OWNER_CLASSES = ("1 model", "2-9 models", "10-99 models", "100 models and more")
_OWNER_LIMITS = (2, 10, 100)
BY_HAND = "no generator"
_CELL_CHARACTERS = 60


def strata_of(table: pa.Table) -> dict[str, pa.Array]:
    """Strata of the rows of a dump.

    Args:
        table: Rows with any of ``pipeline_tag library_name tags safetensors``.

    Returns:
        A text column for each of :data:`FAMILIES`; ``unknown`` where nothing tells.
    """
    size = table.num_rows
    tasks, libraries = (_texts(table, name) for name in ("pipeline_tag", "library_name"))
    tags = _tags(table)
    domains, generators, licences = [], [], []
    for task, library, own in zip(tasks, libraries, tags, strict=True):
        domains.append(domain_of(task, own, library)[0] or UNKNOWN)
        generators.append(generator_of(None, own) or BY_HAND)
        stated = next((tag[len(TAG_PREFIX) :] for tag in own if tag.startswith(TAG_PREFIX)), None)
        licences.append(standard_licence(stated)[:_CELL_CHARACTERS] if stated else UNKNOWN)
    return {
        "domain": pa.array(domains, pa.string()),
        "library": pa.array([(name or UNKNOWN)[:_CELL_CHARACTERS] for name in libraries], pa.string()),
        "generator": pa.array(generators, pa.string()),
        "size_class": _sizes(table) if size else pa.array([], pa.string()),
        "licence": pa.array(licences, pa.string()),
    }


def _texts(table: pa.Table, name: str) -> list[str | None]:
    """A column of short texts; cells of another type are missing."""
    cells = table[name].to_pylist() if name in table.column_names else [None] * table.num_rows
    return [
        cell if isinstance(cell, str) else cell.decode("utf-8", "replace") if isinstance(cell, bytes) else None
        for cell in cells
    ]


def _tags(table: pa.Table) -> list[list[str]]:
    if "tags" not in table.column_names or not pa.types.is_list(table.schema.field("tags").type):
        return [[]] * table.num_rows
    return [[tag for tag in cell if isinstance(tag, str)] if cell else [] for cell in table["tags"].to_pylist()]


def _sizes(table: pa.Table) -> pa.Array:
    """Size classes by the stored elements; packed weights are not told apart here, a build does that."""
    kind = table.schema.field("safetensors").type if "safetensors" in table.column_names else pa.null()
    if not pa.types.is_struct(kind) or kind.get_field_index("total") < 0:
        return pa.array([UNKNOWN] * table.num_rows, pa.string())
    totals = pc.struct_field(table["safetensors"], "total").combine_chunks()
    counts = np.asarray(pc.fill_null(totals.cast(pa.int64(), safe=False), -1))
    names = np.array([*SIZE_CLASSES, UNKNOWN])
    return pa.array(names[np.where(counts > 0, np.searchsorted(SIZE_LIMITS, counts, side="right"), len(SIZE_CLASSES))])


def owner_sizes(members: pa.Table) -> pa.Table:
    """Members with the digest and the class (models listed) of their owner, and strata as dictionaries."""
    members = with_owners(members)
    return with_classes(members, *np.unique(np.asarray(members["owner"]), return_counts=True))


def with_owners(members: pa.Table) -> pa.Table:
    """Members with the digest of their owner."""
    owners = pc.cast(members["author"], pa.string()).combine_chunks().dictionary_encode()
    digests = name_digests.digests(owners.dictionary.to_pylist())
    return members.append_column("owner", pa.array(digests[np.asarray(owners.indices)], pa.uint64()))


def with_classes(members: pa.Table, owners: name_digests.Digests, counts: npt.NDArray[np.int64]) -> pa.Table:
    """Members with the class of their owner, and strata as dictionaries.

    Args:
        members: Members with their owners.
        owners: Digests of all owners, sorted.
        counts: Models that each owner lists.
    """
    places = np.searchsorted(owners, np.asarray(members["owner"]))
    classes = np.searchsorted(_OWNER_LIMITS, counts[places], side="right").astype(np.int32)
    sizes = pa.DictionaryArray.from_arrays(pa.array(classes), pa.array(OWNER_CLASSES))
    members = members.append_column(OWNER_SIZE, sizes.cast(pa.string()))
    for name in GROUPINGS:
        place = members.column_names.index(name)
        members = members.set_column(place, name, members[name].combine_chunks().dictionary_encode())
    return members
