"""One request, whatever it takes: limiter, timeout, retries with jitter, bounded body, redirects that stay on the Hub."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import Any, Self
from urllib.parse import urljoin, urlsplit
from urllib.request import getproxies

import httpx2
from huggingface_hub import constants
from huggingface_hub.errors import OfflineModeIsEnabled
from huggingface_hub.utils import build_hf_headers, get_session, parse_ratelimit_headers

from mining.errors import UnreachableError
from mining.hub.answers import Answer, failure_of, kept_headers, short_address
from mining.hub.rate_limiter import RateLimiter
from mining.hub.retry_policy import RetryPolicy, Traffic, TryAgainError, retry_after, shaped
from mining.version import package_version

MAX_PAGE_BYTES = 256 << 20
MAX_TEXT_BYTES = 5_000_000
RETRIED_STATUSES = frozenset({408, 429, 500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_HOPS = 5
_CACHE = "/api/resolve-cache/"
_RETRIED_ERRORS = (httpx2.TransportError, httpx2.DecodingError)


class HubClient:
    """Client of one Hub.

    The token comes from the environment or the Hub's own login, is sent to the endpoint only, and is never kept anywhere else.

    Args:
        endpoint: Address of the Hub; None for the one ``huggingface_hub`` knows (``HF_ENDPOINT``).
        token: False to ask anonymously; None to use the user's own, where there is one.
        workers: Concurrent requests that callers may make (a hint for them).
        retry_policy: How long to keep trying.
        seed: Seed of the jitter.
        clock: Monotonic clock in seconds.
        sleep: Sleeps for a number of seconds.
        is_local: The endpoint is a loopback Hub of this process: neither ``HF_HUB_OFFLINE`` nor a proxy concerns it.

    Raises:
        UnreachableError: ``HF_HUB_OFFLINE`` is set.
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
        self.limiters = {name: RateLimiter(clock, sleep) for name in ("api", "resolvers", "pages")}
        self._headers = build_hf_headers(token=token, library_name="hf-carbon", library_version=package_version())
        self._secret = self._headers.get("authorization", "").removeprefix("Bearer ")
        self._origin = urlsplit(self.endpoint)[:2]
        self._retry_policy = retry_policy or RetryPolicy()
        self._random = random.Random(seed)
        self._clock = clock
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

    def get(self, address: str, *, bucket: str = "api", shape: Any = None, max_bytes: int = MAX_TEXT_BYTES) -> Answer:
        """Ask until there is an answer.

        Args:
            address: Path and query below the endpoint.
            bucket: Rate-limit bucket it is counted in: ``api`` or ``resolvers``.
            shape: Type that the body must have as JSON; an answer of another shape is asked for again, and given up as ``unreadable``.
                None for a body of any kind.
            max_bytes: Longest body to keep.

        Returns:
            The answer; its ``failure`` tells whether it is of use.

        Raises:
            UnreachableError: No answer after all tries, or the client is offline.
        """
        tries = quota_waits = 0
        while True:
            try:
                return self._follow(address, bucket, shape, max_bytes)
            except OfflineModeIsEnabled:
                raise UnreachableError(self._shown(address), "HF_HUB_OFFLINE is set") from None
            except httpx2.UnsupportedProtocol as error:
                raise UnreachableError(self._shown(address), str(error)) from None
            except _RETRIED_ERRORS as error:
                trouble = TryAgainError(f"{type(error).__name__}: {error}" if str(error) else type(error).__name__)
            except (httpx2.RequestError, httpx2.InvalidURL) as error:
                raise UnreachableError(self._shown(address), self._scrub(f"{type(error).__name__}: {error}")) from None
            except TryAgainError as error:
                trouble = error
            if trouble.is_quota and quota_waits < self._retry_policy.attempts:
                quota_waits += 1
            else:
                tries += 1
            if tries >= (self._retry_policy.attempts if self._was_answered else self._retry_policy.first_attempts):
                return self._give_up(address, trouble)
            self._pause(trouble, tries, bucket)

    def _give_up(self, address: str, trouble: TryAgainError) -> Answer:
        """An answer that was always of another shape is unreadable; none at all is unreachable."""
        if trouble.answer is None:
            raise UnreachableError(self._shown(address), self._scrub(str(trouble)))
        trouble.answer.failure = "unreadable"
        return trouble.answer

    def local(self, address: str) -> str:
        """Path and query of an address below the endpoint, whatever host it names (mirrors name the Hub's own)."""
        parts = urlsplit(urljoin(f"{self.endpoint}/", address))
        path = parts.path.removeprefix(urlsplit(self.endpoint).path.rstrip("/"))
        return f"{path}?{parts.query}" if parts.query else path

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
        self._sleep(wait_s)

    def _follow(self, address: str, bucket: str, shape: Any, max_bytes: int) -> Answer:
        """One try: the request and the redirects behind it."""
        url = f"{self.endpoint}{address}"
        moved_to = None
        headers: dict[str, str] = {}
        for _ in range(_MAX_HOPS):
            answer, target = self._send(url, address, bucket, max_bytes)
            headers |= answer.headers
            if target is None:
                answer.moved_to, answer.headers = moved_to, headers
                return shaped(answer, shape)
            url = urljoin(url, target)
            if not self._may_follow(url):
                break
            if self._is_home(url) and not self.local(url).startswith(_CACHE):
                moved_to = self.local(url)
        return Answer(address=address, status=answer.status, headers=headers, moved_to=moved_to, failure="moved")

    def _send(self, url: str, address: str, bucket: str, max_bytes: int) -> tuple[Answer, str | None]:
        """Send one request.

        Returns:
            The answer, and the place it redirects to.
        """
        is_cache = self.local(url).startswith(_CACHE)
        is_metered = self._cache_is_metered if is_cache else True
        limiter = self.limiters[bucket] if is_metered else RateLimiter()
        ticket = limiter.take()
        info = None
        answered = False
        headers = self._headers if self._is_home(url) else {"user-agent": self._headers["user-agent"]}
        with self._lock:
            self.traffic.asked["cache" if is_cache else bucket] += 1
        try:
            session = self._own or get_session()
            with session.stream(
                "GET", url, headers=headers, timeout=self._retry_policy.timeout, follow_redirects=False
            ) as response:
                info = parse_ratelimit_headers(response.headers)
                answered = self._was_answered = True
                answer = self._receive(response, address, max_bytes)
        finally:
            if is_cache and answered:
                self._cache_is_metered = info is not None
            limiter.give_back(ticket, info, answered=answered, refund=is_cache and info is None)
        with self._lock:
            self.traffic.statuses[answer.status] += 1
        if answer.status in RETRIED_STATUSES:
            is_quota = answer.status == 429
            raise TryAgainError(
                f"HTTP {answer.status}", retry_after(response.headers, is_quota=is_quota), is_quota=is_quota
            )
        return answer, response.headers.get("location") if answer.status in _REDIRECTS else None

    def _receive(self, response: httpx2.Response, address: str, max_bytes: int) -> Answer:
        """Read a body up to its bound, within the deadline."""
        declared = response.headers.get("content-length", "")
        size = int(declared) if declared.isdigit() and len(declared) < 19 else 0
        pieces: list[bytes] = []
        received = 0
        latest = self._clock() + self._retry_policy.deadline_s
        if size <= max_bytes:
            for piece in response.iter_bytes():
                pieces.append(piece)
                received += len(piece)
                if received > max_bytes:
                    break
                if self._clock() > latest:
                    raise TryAgainError("too slow")
        size = max(size, received)
        headers = {name: self._scrub(value) for name, value in kept_headers(response.headers).items()}
        if size > max_bytes:
            return Answer(
                address=address, status=response.status_code, headers=headers, too_large_bytes=size, failure="too-large"
            )
        body = b"".join(pieces)
        failure = failure_of(response.status_code, response.headers, body, response.request)
        link = response.links.get("next", {}).get("url")
        return Answer(
            address=address,
            status=response.status_code,
            headers=headers,
            body=body if failure is None else self._scrub_bytes(body),
            next=None if link is None else self.local(link),
            failure=failure,
        )

    def _is_home(self, url: str) -> bool:
        return urlsplit(url)[:2] == self._origin

    def _may_follow(self, url: str) -> bool:
        """Redirects stay on the endpoint, or lead to storage over TLS (then without the token)."""
        return self._is_home(url) or urlsplit(url).scheme == "https"

    def _shown(self, address: str) -> str:
        """An address for a message to the user."""
        return self._scrub(f"{self.endpoint}{short_address(address)}")

    def _scrub(self, text: str) -> str:
        """Text without the token, whoever put it there."""
        return text.replace(self._secret, "***") if self._secret else text

    def _scrub_bytes(self, data: bytes) -> bytes:
        return data.replace(self._secret.encode(), b"***") if self._secret else data
