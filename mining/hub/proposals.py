"""Proposing a change on the Hub: one file, one pull request, through the Hub's own client."""

from __future__ import annotations

import httpx2
from huggingface_hub import CommitOperationAdd, HfApi
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled
from huggingface_hub.utils import get_token

from mining.errors import CheckFailedError, CouldNotLookError, UnreachableError

WHAT_TO_RUN = "a pull request needs a token; nothing was sent. Run: hf auth login"


def has_token() -> bool:
    """Whether the user is logged in, or the environment holds a token."""
    return get_token() is not None


def propose_file(
    endpoint: str | None,
    model_id: str,
    path: str,
    content: bytes,
    *,
    parent: str | None,
    summary: str,
    description: str,
) -> str:
    """Open one pull request that changes one file.

    Args:
        endpoint: The Hub; None for the one the client knows.
        model_id: Repository.
        path: File inside it.
        content: New bytes of the whole file.
        parent: Commit that the change was made from; the Hub refuses when the file has moved on.
        summary: Title of the pull request.
        description: Text of the pull request.

    Returns:
        Address of the pull request.

    Raises:
        CouldNotLookError: No token, or the Hub refused.
        CheckFailedError: The Hub's own check of the front matter failed.
        UnreachableError: The Hub could not be reached.
    """
    if not has_token():
        raise CouldNotLookError(WHAT_TO_RUN)
    try:
        commit = HfApi(endpoint=endpoint, library_name="hf-carbon").create_commit(
            repo_id=model_id,
            operations=[CommitOperationAdd(path_in_repo=path, path_or_fileobj=content)],
            commit_message=summary,
            commit_description=description,
            parent_commit=parent,
            create_pr=True,
        )
    except HfHubHTTPError as error:
        status = getattr(error.response, "status_code", "no answer")
        raise CouldNotLookError(f"the Hub refused the pull request on {model_id} (status {status})") from None
    except ValueError:
        raise CheckFailedError(
            f"the Hub finds fault with the metadata of {model_id} as a whole; nothing was sent"
        ) from None
    except (httpx2.HTTPError, OSError, OfflineModeIsEnabled) as error:
        raise UnreachableError(model_id, type(error).__name__) from None
    return str(commit.pr_url)
