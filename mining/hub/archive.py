"""The weekly archive of the Hub's metadata, a data set repository.

Which files it has, a whole file, or a file to read single columns of.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from huggingface_hub import HfFileSystem
from msgspec import Struct

from mining.hub import datasets
from mining.hub.datasets import api_of, told

ARCHIVE = "hfmlsoc/hub_weekly_snapshots"
_BLOCK_BYTES = 4 << 20


class ArchivedFile(Struct, frozen=True):
    """One file of the archive, as the Hub declares it.

    Attributes:
        label: Date in its name.
        name: Name in the repository.
        revision: Commit of the archive that was listed.
        size_bytes: Declared size.
        sha256: Declared digest; None where the file is not kept as a large one.
    """

    label: str
    name: str
    revision: str
    size_bytes: int | None
    sha256: str | None


def list_archive(endpoint: str | None) -> list[ArchivedFile]:
    """Files ``models/<date>/models.parquet`` of the archive, with what the Hub declares of them: one request.

    Raises:
        UnreachableError: The archive cannot be had.
    """
    with told(ARCHIVE):
        info = api_of(endpoint).dataset_info(ARCHIVE, files_metadata=True, timeout=120.0)
    found = []
    for sibling in info.siblings or ():
        parts = sibling.rfilename.split("/")
        if len(parts) == 3 and (parts[0], parts[2]) == ("models", "models.parquet"):
            digest = sibling.lfs.sha256 if sibling.lfs is not None else None
            found.append(ArchivedFile(parts[1], sibling.rfilename, str(info.sha), sibling.size, digest))
    return sorted(found, key=lambda one: one.label)


def download(file: ArchivedFile, folder: Path, endpoint: str | None) -> Path:
    """Fetch a whole file below a folder; a download that broke off goes on where it was."""
    with told(ARCHIVE):
        return datasets.download(ARCHIVE, file.name, file.revision, endpoint, folder)


@contextmanager
def opened(file: ArchivedFile, endpoint: str | None) -> Iterator[IO[bytes]]:
    """A file of the archive as one to seek in: what is read is fetched by HTTP ranges."""
    with told(ARCHIVE):
        system: Any = HfFileSystem(endpoint=endpoint)
        with system.open(
            f"datasets/{ARCHIVE}@{file.revision}/{file.name}", "rb", block_size=_BLOCK_BYTES, cache_type="readahead"
        ) as stream:
            yield stream
