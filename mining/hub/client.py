"""One request, whatever it takes.

Rate limit, deadline, retries with jitter, bounded body, redirects that stay on the Hub.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import Self
from urllib.request import getproxies

import httpx2
from huggingface_hub import constants
from huggingface_hub.errors import OfflineModeIsEnabled
from huggingface_hub.utils import build_hf_headers, get_session, parse_ratelimit_headers

from mining.envelope import MAX_TEXT_BYTES
from mining.errors import RateLimitedError, TokenRefusedError, UnreachableError, UsageError
from mining.hub.addresses import Endpoint
from mining.hub.answers import HubResponse, failure_of, kept_headers, short_address
from mining.hub.deadline import TOO_SLOW, TooSlowError, deadline, trace
from mining.hub.rate_limiter import RateLimiter
from mining.hub.retry_policy import (
    DEADLINE_S,
    PAGE_DEADLINE_S,
    Read,
    RetryPolicy,
    Traffic,
    TryAgainError,
    retry_after,
    shaped,
    window_of,
)
from mining.version import package_version

MAX_PAGE_BYTES = 256 << 20
RETRIED_STATUSES = frozenset({408, 429, 500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_HOPS = 5
_CACHE = "/api/resolve-cache/"
_RETRIED_ERRORS = (httpx2.TransportError, httpx2.DecodingError)
_LEAST_SECRET_CHARS = 8
_CODINGS = frozenset({"", "identity", "gzip", "deflate"})

# Nothing of a user's machine is told to the Hub: this also turns off the client's search for agents, a request of its
# own.
constants.HF_HUB_DISABLE_TELEMETRY = True


class HubClient:
    """Client of one Hub.

    The token comes from the environment or the Hub's own login, is sent to the endpoint only, and is never kept
    anywhere else.

    Args:
        endpoint: Address of the Hub; None for the one ``huggingface_hub`` knows (``HF_ENDPOINT``).
        token: False to ask anonymously; None to use the user's own, where there is one.
        workers: Concurrent requests that callers may make (a hint for them).
        retry_policy: How long to keep trying.
        seed: Seed of the jitter.
        clock: Monotonic clock in seconds.
        sleep: Sleeps for a number of seconds.
        is_local: The endpoint is a loopback Hub of this process: neither ``HF_HUB_OFFLINE`` nor a proxy concerns it.

    Attributes:
        on_wait: Called with seconds and reason before every longer wait.

    Raises:
        UnreachableError: ``HF_HUB_OFFLINE`` is set.
        UsageError: The endpoint is no address, or the token cannot stand in a header.
    """

    def __init__(
        self,
        endpoint: str | None = None,
        *,
        token: bool | None = None,
        workers: int = 8,
        retry_policy: RetryPolicy | None = None,
        seed: int = 0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        is_local: bool = False,
    ) -> None:
        self.endpoint = (endpoint or constants.ENDPOINT).rstrip("/")
        if constants.is_offline_mode() and not is_local:
            raise UnreachableError(self.endpoint, "HF_HUB_OFFLINE is set")
        self._own = (
            httpx2.Client(trust_env=False) if is_local and (constants.is_offline_mode() or getproxies()) else None
        )
        self.workers = workers
        self.traffic = Traffic()
        self.on_wait: Callable[[float, str], None] = lambda seconds, reason: None
        self.limiters = {name: RateLimiter(clock, self._sleep_shown) for name in ("api", "resolvers", "pages")}
        self._headers = _headers(token)
        self._secret = self._headers.get("authorization", "").removeprefix("Bearer ")
        self._place = Endpoint(self.endpoint)
        self._retry_policy = retry_policy or RetryPolicy()
        self._random = random.Random(seed)
        self._sleep = sleep
        self._lock = threading.Lock()
        self._was_answered = False
        self._cache_is_metered = True

    def close(self) -> None:
        """Close what is the client's own; the library's shared session stays open."""
        if self._own is not None:
            self._own.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def has_token(self) -> bool:
        """Whether requests carry a token."""
        return bool(self._secret)

    @property
    def waited_s(self) -> float:
        """Seconds spent waiting for quota and between tries."""
        return self.traffic.backoff_s + sum(limiter.waited_s for limiter in self.limiters.values())

    def get(
        self, address: str, *, bucket: str = "api", read: Read | None = None, max_bytes: int = MAX_TEXT_BYTES
    ) -> HubResponse:
        """Ask until there is an answer.

        Args:
            address: Path and query below the endpoint.
            bucket: Rate-limit bucket it is counted in: ``api`` or ``resolvers``.
            read: Reads a good body; what it gives is the answer's ``content``. An answer that it cannot read is asked
                for again, and given up as ``unreadable``. None for a body of any kind.
            max_bytes: Longest body to keep.

        Returns:
            The answer; its ``failure`` tells whether it is of use.

        Raises:
            UnreachableError: No answer after all tries, or the client is offline.
            RateLimitedError: The server asks for a longer wait than its own window.
            TokenRefusedError: The server does not accept the token.
        """
        tries = quota_waits = 0
        while True:
            trouble = self._try(address, bucket, read, max_bytes)
            if isinstance(trouble, HubResponse):
                return trouble
            if trouble.is_quota and quota_waits < self._retry_policy.attempts:
                quota_waits += 1
            else:
                tries += 1
            most = self._retry_policy.attempts if self._was_answered else self._retry_policy.first_attempts
            if tries >= min(most, trouble.at_most or most):
                return self._give_up(address, trouble)
            self._pause(trouble, tries, bucket)

    def post(self, address: str, body: bytes, content_type: str) -> HubResponse:
        """Send something, once: what was sent may have arrived although no answer came.

        Args:
            address: Path and query below the endpoint.
            body: What to send.
            content_type: Its type.

        Raises:
            UnreachableError: No answer came in time.
            TokenRefusedError: The server does not accept the token.
        """
        sent = self._request("POST", f"{self.endpoint}{address}", self._headers | {"content-type": content_type}, body)
        try:
            with deadline(self._retry_policy.deadline_s or PAGE_DEADLINE_S), sent as response:
                if response.status_code == 401:
                    raise TokenRefusedError(self.endpoint)
                return self._receive(response, address, MAX_TEXT_BYTES)
        except TryAgainError as error:
            if error.answer is not None:
                return error.answer
            raise UnreachableError(self._shown(address), str(error)) from None
        except (TooSlowError, OfflineModeIsEnabled, httpx2.RequestError, httpx2.InvalidURL) as error:
            raise UnreachableError(self._shown(address), self._scrub(type(error).__name__)) from None

    def _request(
        self, method: str, url: str, headers: dict[str, str], body: bytes | None = None
    ) -> AbstractContextManager[httpx2.Response]:
        """A request whose answer is read piece by piece, within the deadline of the thread, by nobody's redirect."""
        return (self._own or get_session()).stream(
            method,
            url,
            content=body,
            headers={**headers, "accept-encoding": "gzip, deflate"},
            timeout=self._retry_policy.timeout,
            follow_redirects=False,
            extensions={"trace": trace},
        )

    def _try(self, address: str, bucket: str, read: Read | None, max_bytes: int) -> HubResponse | TryAgainError:
        """One try, within its deadline: the answer, or why another try may help."""
        usual_s = PAGE_DEADLINE_S if max_bytes > MAX_TEXT_BYTES else DEADLINE_S
        try:
            with deadline(self._retry_policy.deadline_s or usual_s):
                answer = self._follow(address, bucket, max_bytes)
            return shaped(answer, read, self._retry_policy)
        except TryAgainError as error:
            return error
        except TooSlowError:
            return TryAgainError(TOO_SLOW, at_most=self._retry_policy.slow_attempts)
        except OfflineModeIsEnabled:
            raise UnreachableError(self._shown(address), "HF_HUB_OFFLINE is set") from None
        except httpx2.UnsupportedProtocol as error:
            raise UnreachableError(self._shown(address), str(error)) from None
        except _RETRIED_ERRORS as error:
            return TryAgainError(f"{type(error).__name__}: {error}" if str(error) else type(error).__name__)
        except (httpx2.RequestError, httpx2.InvalidURL, ValueError) as error:
            raise UnreachableError(self._shown(address), self._scrub(f"{type(error).__name__}: {error}")) from None

    def _give_up(self, address: str, trouble: TryAgainError) -> HubResponse:
        """An answer that was always of another shape is unreadable; none at all is unreachable."""
        if trouble.answer is None:
            raise UnreachableError(self._shown(address), self._scrub(str(trouble)))
        trouble.answer.failure = "unreadable"
        return trouble.answer

    def local(self, address: str) -> str:
        """Path and query of an address below the endpoint, whatever host it names (mirrors name the Hub's own)."""
        return self._place.local(address)

    def _pause(self, trouble: TryAgainError, tries: int, bucket: str) -> None:
        """Wait before the next try: as long as the server says, or backing off with jitter."""
        with self._lock:
            self.traffic.retried[str(trouble).partition(":")[0]] += 1
            longest = min(self._retry_policy.cap_s, self._retry_policy.base_s * 2 ** max(0, tries - 1))
            wait_s = longest * self._random.uniform(0.5, 1.0) if trouble.after_s is None else trouble.after_s
            if trouble.is_quota:
                self.limiters[bucket].block(wait_s)
                return
            self.traffic.backoff_s += wait_s
        self._sleep_shown(wait_s, str(trouble))

    def _sleep_shown(self, wait_s: float, reason: str = "rate limit") -> None:
        """Sleep, and say so where it is long enough to be wondered at."""
        self.on_wait(wait_s, reason)
        self._sleep(wait_s)

    def _follow(self, address: str, bucket: str, max_bytes: int) -> HubResponse:
        """One try: the request and the redirects behind it."""
        url = f"{self.endpoint}{address}"
        moved_to = None
        headers: dict[str, str] = {}
        for _ in range(_MAX_HOPS):
            answer, location = self._send(url, address, bucket, max_bytes)
            headers |= answer.headers
            if location is None:
                answer.moved_to, answer.headers = moved_to, headers
                return answer
            target = self._place.target(url, location, may_leave=bucket == "resolvers")
            if target is None:
                break
            url = target
            if self._place.is_home(url) and not self.local(url).startswith(_CACHE):
                moved_to = self._scrub(self.local(url))
        return HubResponse(address=address, status=answer.status, headers=headers, moved_to=moved_to, failure="moved")

    def _send(self, url: str, address: str, bucket: str, max_bytes: int) -> tuple[HubResponse, str | None]:
        """Send one request.

        Returns:
            The answer, and the place it redirects to.
        """
        is_home = self._place.is_home(url)
        is_cache = is_home and self.local(url).startswith(_CACHE)
        is_metered = self._cache_is_metered if is_cache else True
        limiter = self.limiters[bucket] if is_metered else RateLimiter()
        ticket = limiter.take()
        info = None
        answered = False
        headers = self._headers if is_home else {"user-agent": self._headers["user-agent"]}
        with self._lock:
            self.traffic.asked["cache" if is_cache else bucket] += 1
        try:
            with self._request("GET", url, headers) as response:
                info = parse_ratelimit_headers(response.headers)
                answered = self._was_answered = True
                self._check_status(response, url, address)
                answer = self._receive(response, address, max_bytes)
        finally:
            if is_cache and answered:
                self._cache_is_metered = info is not None
            limiter.give_back(ticket, info, answered=answered, refund=is_cache and info is None)
        return answer, response.headers.get("location") if answer.status in _REDIRECTS else None

    def _check_status(self, response: httpx2.Response, url: str, address: str) -> None:
        """What an answer's status means for the request as a whole, whatever it was about.

        Raises:
            TryAgainError: Another try may help.
            RateLimitedError: The server asks for a longer wait than its own window.
            TokenRefusedError: The server does not accept the token.
        """
        status, headers = response.status_code, response.headers
        with self._lock:
            self.traffic.statuses[status] += 1
        if status == 401 and self._secret and self._place.is_home(url) and headers.get("x-error-code") != "GatedRepo":
            raise TokenRefusedError(self.endpoint)
        if status == 206:
            raise TryAgainError("partial answer", at_most=self._retry_policy.shape_attempts)
        if status not in RETRIED_STATUSES:
            return
        is_quota = status == 429
        after_s, window_s = retry_after(headers, is_quota=is_quota), window_of(headers)
        if is_quota and after_s is not None and after_s > window_s + 1:
            raise RateLimitedError(self._shown(address), after_s, window_s)
        raise TryAgainError(f"HTTP {status}", None if after_s is None else min(after_s, window_s), is_quota=is_quota)

    def _receive(self, response: httpx2.Response, address: str, max_bytes: int) -> HubResponse:
        """Read a body up to its bound."""
        declared = response.headers.get("content-length", "")
        size = int(declared) if declared.isascii() and declared.isdigit() and len(declared) < 19 else 0
        headers = {name: self._scrub(value) for name, value in kept_headers(response.headers).items()}
        answer = HubResponse(address=address, status=response.status_code, headers=headers)
        if response.headers.get("content-encoding", "").strip().lower() not in _CODINGS:
            answer.failure = "unreadable"
            return answer
        pieces: list[bytes] = []
        received = 0
        if size <= max_bytes:
            for piece in response.iter_bytes():
                pieces.append(piece)
                received += len(piece)
                if received > max_bytes:
                    break
        if max(size, received) > max_bytes:
            answer.failure, answer.too_large_bytes = "too-large", max(size, received)
            return answer
        answer.body = self._scrub_bytes(b"".join(pieces))
        if answer.status not in _REDIRECTS:
            answer.failure = failure_of(answer.status, response.headers)
        if answer.failure is None and response.headers.get("content-type", "").lower().startswith("text/html"):
            raise TryAgainError("HTML page", at_most=self._retry_policy.shape_attempts, answer=answer)
        with suppress(KeyError):
            answer.next = self._scrub(self.local(response.links["next"]["url"]))
        return answer

    def _shown(self, address: str) -> str:
        """An address for a message to the user."""
        return self._scrub(f"{self.endpoint}{short_address(address)}")

    def _scrub(self, text: str) -> str:
        """Text without the token, whoever put it there."""
        return text.replace(self._secret, "***") if len(self._secret) >= _LEAST_SECRET_CHARS else text

    def _scrub_bytes(self, data: bytes) -> bytes:
        return data.replace(self._secret.encode(), b"***") if len(self._secret) >= _LEAST_SECRET_CHARS else data


def _headers(token: bool | None) -> dict[str, str]:
    """Headers of every request.

    Raises:
        UsageError: The token holds what no header can carry.
    """
    headers = build_hf_headers(token=token, library_name="hf-carbon", library_version=package_version())
    secret = headers.get("authorization", "")
    if not secret.isascii() or not secret.isprintable():
        raise UsageError("the token contains invalid characters: check HF_TOKEN, or run: hf auth login")
    return headers
