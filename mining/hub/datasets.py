"""Fetching the public dumps: whole files of a data set repository, through the client's own cache."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
from huggingface_hub import HfApi, hf_hub_download
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled
from msgspec import Struct

from mining.errors import UnreachableError
from mining.version import package_version

LIBRARY = "hf-carbon"


class DumpFiles(Struct, frozen=True):
    """Parquet files of a data set at one revision.

    Attributes:
        repository: Name of the data set.
        revision: Commit that the files were taken at.
        date: Day of that commit, YYYY-MM-DD; None where the Hub does not tell.
        paths: Local files by their names in the repository, in the order of the names.
    """

    repository: str
    revision: str
    date: str | None
    paths: dict[str, Path]


def fetch_dump(repository: str, prefix: str, *, endpoint: str | None = None) -> DumpFiles:
    """Fetch the Parquet files of a data set whose names begin with a prefix.

    Args:
        repository: Name of the data set, for instance ``cfahlgren1/hub-stats``.
        prefix: Beginning of the file names.
        endpoint: Address of the Hub; None for the one ``huggingface_hub`` knows.

    Raises:
        UnreachableError: The data set or one of its files cannot be had.
    """
    with told(repository):
        info = api_of(endpoint).dataset_info(repository, timeout=60.0)
        revision = str(info.sha)
        listed = (sibling.rfilename for sibling in info.siblings or ())
        names = sorted(name for name in listed if name.startswith(prefix) and name.endswith(".parquet"))
        if not names:
            raise UnreachableError(repository, f"it has no Parquet files '{prefix}*'")
        paths = {name: download(repository, name, revision, endpoint) for name in names}
    date = info.last_modified.strftime("%Y-%m-%d") if info.last_modified else None
    return DumpFiles(repository, revision, date, paths)


def api_of(endpoint: str | None) -> HfApi:
    """The Hub's own client, under this program's name."""
    return HfApi(endpoint=endpoint, library_name=LIBRARY, library_version=package_version())


def download(repository: str, name: str, revision: str, endpoint: str | None, folder: Path | None = None) -> Path:
    """Fetch a whole file, into the client's cache or below a folder; one that broke off goes on where it was."""
    place: dict[str, Any] = {"repo_type": "dataset", "revision": revision, "endpoint": endpoint, "local_dir": folder}
    return Path(hf_hub_download(repository, name, library_name=LIBRARY, **place))


@contextmanager
def told(repository: str) -> Iterator[None]:
    """Make one clear line of what the network does."""
    try:
        yield
    except (HfHubHTTPError, httpx2.HTTPError, OfflineModeIsEnabled, OSError) as error:
        words = str(error).splitlines()
        raise UnreachableError(repository, f"{type(error).__name__}: {words[0] if words else ''}") from error
