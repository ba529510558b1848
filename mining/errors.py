"""The error tree of the pipeline.

Every error a user can cause or meet derives from :class:`HfCarbonError`, carries one clear line, and knows the exit
code that the command line answers with: 1 a check did not hold, 2 wrong use, 3 could not look (network, gated, gone), 4
damaged data.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator


class HfCarbonError(Exception):
    """Base of all errors that are answered with one line instead of a traceback."""

    exit_code = 1


class CheckFailedError(HfCarbonError):
    """A check was carried out and did not hold."""

    exit_code = 1


class UsageError(HfCarbonError):
    """The command was called in a way that cannot be answered."""

    exit_code = 2


class CouldNotLookError(HfCarbonError):
    """The thing asked about could not be looked at; this is never the same as "not there"."""

    exit_code = 3


class UnreachableError(CouldNotLookError):
    """No answer from the network, after all retries or because the client is offline.

    Args:
        address: What was asked for.
        reason: Why no answer came, in a few words.
    """

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"could not reach {address}: {reason}")
        self.address = address
        self.reason = reason


class RateLimitedError(CouldNotLookError):
    """The server refuses further requests for now.

    Args:
        address: What was asked for.
        wait_s: Seconds until the server said it answers again.
        window_s: Length of its own rate-limit window, the longest wait that is sensible.
    """

    def __init__(self, address: str, wait_s: float, window_s: float) -> None:
        super().__init__(
            f"the rate limit is reached, and {address} asks to wait {wait_s:,.0f} s, longer than its window of "
            f"{window_s:.0f} s: try later"
        )
        self.address = address
        self.wait_s = wait_s


class TokenRefusedError(CouldNotLookError):
    """The server does not accept the token, so that none of its answers about this token's view can be believed.

    Args:
        endpoint: The server.
    """

    def __init__(self, endpoint: str) -> None:
        super().__init__(
            f"the token is not accepted by {endpoint}: run hf auth login, or unset HF_TOKEN to go on without"
        )


class GatedError(CouldNotLookError):
    """The repository exists, but its files need an accepted agreement and a token."""


class GoneError(CouldNotLookError):
    """The repository or revision does not exist, is private, or was removed."""


class DisabledError(CouldNotLookError):
    """The repository exists but was disabled by the Hub."""


class DiskFullError(CouldNotLookError):
    """There is no room for what is written; the old state stands, and a crawl can be resumed."""


class ChangedMeanwhileError(CouldNotLookError):
    """A file was changed by somebody else while it was worked on; it was left as it is."""


class DamagedDataError(HfCarbonError):
    """Stored data is not what its manifest says."""

    exit_code = 4


class SnapshotDamagedError(DamagedDataError):
    """A raw snapshot is truncated, altered, partial, or not a snapshot."""


class SchemaMismatchError(DamagedDataError):
    """A file was written under another schema version, or has unknown or missing columns."""


_NO_ROOM = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN}
)
# A SystemError is an extension module's: it failed without saying how, as most do when there is no memory left.
_NO_MEMORY = ("can't start new thread", "failed to map", "cannot allocate", "cannot apply additional memory protection")


def failure_line(error: BaseException) -> tuple[str, int] | None:
    """What an error means to the user.

    Args:
        error: Anything that ended a command.

    Returns:
        One line and the exit code; None where the error is a fault of this program.
    """
    if isinstance(error, HfCarbonError):
        return str(error), error.exit_code
    if isinstance(error, BrokenPipeError):
        return "the output was closed before everything was written", CouldNotLookError.exit_code
    if any(_is_lack_of_memory(one) for one in _with_causes(error)):
        return "not enough memory: close other programs, or take fewer models", CouldNotLookError.exit_code
    if type(error).__name__ in (
        "IOException",
        "OutOfMemoryException",
    ):  # duckdb's own; it is not imported for their sake
        return str(error).splitlines()[0], CouldNotLookError.exit_code
    if isinstance(error, OSError):
        place = f"'{error.filename}': " if error.filename else ""
        reason = error.strerror or str(error) or type(error).__name__
        is_machine = error.errno is None or error.errno in _NO_ROOM
        return f"{place}{reason}", (CouldNotLookError if is_machine else UsageError).exit_code
    return None


def _is_lack_of_memory(error: BaseException) -> bool:
    return isinstance(error, MemoryError | SystemError) or any(words in str(error).lower() for words in _NO_MEMORY)


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    """An error; of a module that could not be loaded also what kept it from being loaded."""
    found: BaseException | None = error
    for _ in range(20):
        if found is None:
            return
        yield found
        found = (found.__cause__ or found.__context__) if isinstance(found, ImportError) else None
