"""Fetching the public dumps: whole files of a data set repository, through the client's own cache."""

from __future__ import annotations

from pathlib import Path

import httpx2
from huggingface_hub import HfApi, hf_hub_download
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled
from msgspec import Struct

from mining.errors import UnreachableError
from mining.version import package_version


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
    api = HfApi(endpoint=endpoint, library_name="hf-carbon", library_version=package_version())
    try:
        info = api.dataset_info(repository, timeout=60.0)
        revision = str(info.sha)
        names = sorted(
            s.rfilename
            for s in info.siblings or ()
            if s.rfilename.startswith(prefix) and s.rfilename.endswith(".parquet")
        )
        if not names:
            raise UnreachableError(repository, f"it has no Parquet files '{prefix}*'")
        paths = {
            name: Path(
                hf_hub_download(
                    repository,
                    name,
                    repo_type="dataset",
                    revision=revision,
                    endpoint=endpoint,
                    library_name="hf-carbon",
                )
            )
            for name in names
        }
    except (HfHubHTTPError, httpx2.HTTPError, OfflineModeIsEnabled, OSError) as error:
        raise UnreachableError(
            repository, f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
        ) from error
    date = info.last_modified.strftime("%Y-%m-%d") if info.last_modified else None
    return DumpFiles(repository, revision, date, paths)
