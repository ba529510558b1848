"""Uploading a folder as a data set, through the Hub's own client."""

from __future__ import annotations

from pathlib import Path

import httpx2
from huggingface_hub import get_token
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

from mining.errors import CouldNotLookError, UnreachableError
from mining.hub.datasets import api_of

WHAT_TO_RUN = "publishing needs a token with write access; nothing was sent. Run: hf auth login"


class DatasetHome:
    """One data set repository of the user's.

    Args:
        repository: ``owner/name``.
        endpoint: Address of the Hub; None for the one ``huggingface_hub`` knows.

    Raises:
        CouldNotLookError: There is no token.
    """

    def __init__(self, repository: str, endpoint: str | None = None) -> None:
        if get_token() is None:
            raise CouldNotLookError(WHAT_TO_RUN)
        self.repository = repository
        self._api = api_of(endpoint)

    def exists(self) -> bool:
        """Whether the repository is there already.

        Raises:
            CouldNotLookError: The Hub refused, or cannot be reached.
        """
        try:
            return self._api.repo_exists(self.repository, repo_type="dataset")
        except (HfHubHTTPError, httpx2.HTTPError, OSError, OfflineModeIsEnabled) as error:
            raise self._refused(error) from None

    def upload(self, folder: Path, message: str) -> str:
        """Create the repository where it is not there, and commit the folder as it is.

        Returns:
            Address of the data set.

        Raises:
            CouldNotLookError: The Hub refused, or cannot be reached.
        """
        try:
            address = self._api.create_repo(self.repository, repo_type="dataset", exist_ok=True)
            self._api.upload_folder(
                repo_id=self.repository, repo_type="dataset", folder_path=folder, commit_message=message
            )
        except (HfHubHTTPError, httpx2.HTTPError, OSError, OfflineModeIsEnabled) as error:
            raise self._refused(error) from None
        return str(address)

    def _refused(self, error: Exception) -> CouldNotLookError:
        """What the user is told; never a word of the request."""
        if not isinstance(error, HfHubHTTPError):
            return UnreachableError(self.repository, type(error).__name__)
        status = getattr(error.response, "status_code", "no answer")
        if status in {401, 403}:
            return CouldNotLookError(f"the token may not write to {self.repository} (status {status})")
        return CouldNotLookError(f"the Hub refused {self.repository} (status {status})")
