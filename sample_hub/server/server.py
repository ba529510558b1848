"""The loopback Hub: a threaded HTTP/1.1 server on 127.0.0.1 that behaves as the Hub where it matters to a crawler."""

from __future__ import annotations

import contextlib
import re
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Collection, Mapping
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from sample_hub.server.answers import TEXT_TYPE, Request, Response, ok, refusal
from sample_hub.server.catalog import Catalog
from sample_hub.server.faults import STATUS_FAULTS, FaultDice, Faults
from sample_hub.server.listing import REFUSED_IN_LISTING
from sample_hub.server.pulls import PullRequest
from sample_hub.server.quota import WINDOW_S, Counters, Quota
from sample_hub.server.routes import make_router
from sample_hub.server.view import View

MOST_BODY_BYTES = 64 * 2**20
HTML = b"<!DOCTYPE html><html><body><h1>504 Gateway Time-out</h1></body></html>"


class LoopbackHub:
    """Serves a catalog on 127.0.0.1; a context manager.

    Args:
        catalog: Models to serve: a ``SampleHub`` or a ``RecordHub``.
        faults: Faults to inject, or None.
        quota: Requests per window: a number for the ``api`` bucket (others unlimited), a mapping by bucket
            (``api``, ``resolvers``, ``pages``), or None for the Hub's own figures (anonymous or with a token).
        window_s: Length of a rate-limit window in seconds of ``clock``.
        refused_expand: Fields that the listing answers with 400.
        view: How the catalog changes meanwhile; it stands still by default.
        port: Port; 0 for any free one.
        latency_s: Seconds every answer takes at least.
        count_cache: Count the address behind a resolve redirect in the ``resolvers`` bucket too.
        clock: Clock of the rate-limit windows.

    Attributes:
        counters: What it was asked.
    """

    def __init__(
        self,
        catalog: Catalog,
        *,
        faults: Faults | None = None,
        quota: int | Mapping[str, int] | None = None,
        window_s: float = WINDOW_S,
        refused_expand: Collection[str] = REFUSED_IN_LISTING,
        view: View | None = None,
        port: int = 0,
        latency_s: float = 0.0,
        count_cache: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.catalog = catalog
        self.view = view or View(catalog)
        self.latency_s = latency_s
        self.router = make_router(self.view, refused_in_listing=refused_expand, count_cache=count_cache)
        self.quota = Quota(quota, window_s, clock)
        self.dice = FaultDice(faults)
        self.stopping = threading.Event()
        self._port = port
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def counters(self) -> Counters:
        """What the server was asked, by its own count."""
        return self.quota.counters

    @property
    def pull_requests(self) -> list[PullRequest]:
        """What clients committed, in order."""
        return self.router.pulls.received

    @property
    def endpoint(self) -> str:
        """Address of the server, for ``HF_ENDPOINT``."""
        if self._server is None:
            raise RuntimeError("the loopback Hub is not running")
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> Self:
        """Serve in the background."""
        self._server = _Server(("127.0.0.1", self._port), _Handler, self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close all connections and stop."""
        self.stopping.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.close_connections()
            self._server.server_close()
        if self._thread is not None:
            self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def answer(self, request: Request) -> tuple[Response, str | None]:
        """Answer one request: quota first, then faults, then the route.

        Returns:
            The answer, and the kind of fault that the transport has to play (reset, stall, truncated), or None.
        """
        route = self.router.route(request)
        headers: dict[str, str] = {}
        if route.bucket is not None:
            granted, headers = self.quota.spend(route.bucket, with_token=request.token is not None)
            if not granted:
                message = f"We had to rate limit you, you hit the quota of the '{route.bucket}' bucket."
                return _with(refusal(429, message), headers), None
        self.quota.note(route.kind, f"{request.method} {request.path}")
        fault = self.dice.draw(request.path)
        if fault in ("reset", "stall"):
            return Response(), fault
        if fault is not None and fault != "truncated":
            return _with(self._faulty(fault, route.kind), headers), fault
        return _with(route.act(), headers), fault

    def _faulty(self, fault: str, kind: str) -> Response:
        faults = self.dice.faults or Faults()
        if fault in STATUS_FAULTS:
            answer = refusal(int(fault), responses[int(fault)])
            waits = {"Retry-After": str(faults.retry_after_s)} if fault in ("429", "503") else {}
            return _with(answer, waits)
        if kind in ("card", "file", "cache"):
            return Response(502, HTML, {}, "text/html; charset=utf-8")
        if fault == "not-json":
            return Response(200, HTML, {}, "text/html; charset=utf-8")
        return ok("Internal Error - we are working on it")


def _with(answer: Response, headers: dict[str, str]) -> Response:
    return Response(answer.status, answer.body, headers | answer.headers, answer.content_type)


class MalformedError(Exception):
    """A request that is none, with the status that says so."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler], hub: LoopbackHub) -> None:
        self.hub = hub
        self.hosts: frozenset[str] = frozenset()
        self._open: set[socket.socket] = set()
        self._abrupt: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(address, handler)
        port = self.server_address[1]
        self.hosts = frozenset(
            {f"127.0.0.1:{port}", f"localhost:{port}", *(("127.0.0.1", "localhost") if port == 80 else ())}
        )

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._open.discard(request)
            abrupt = request in self._abrupt
            self._abrupt.discard(request)
        if abrupt:  # a shutdown would announce an orderly end first
            request.close()
        else:
            super().shutdown_request(request)

    def will_reset(self, connection: socket.socket) -> None:
        """Let the end of this connection look like a reset, not like an end."""
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with self._guard:
            self._abrupt.add(connection)

    def close_connections(self) -> None:
        with self._guard:
            waiting = list(self._open)
        for connection in waiting:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error of the server; anything else is shown."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Stay silent."""

    def _read(self) -> Request:
        """The request.

        Raises:
            MalformedError: It is none, or is meant for another host.
        """
        if self.headers.get("Host", "").lower() not in self.server.hosts:
            raise MalformedError(421, "this Hub answers on its own address only")
        declared = self.headers.get("Content-Length") or "0"
        if not (declared.isascii() and declared.isdigit()):
            raise MalformedError(400, "Content-Length is no number")
        if len(declared) > 12 or int(declared) > MOST_BODY_BYTES:
            raise MalformedError(413, "body too large")
        is_chunked = "chunked" in self.headers.get("Transfer-Encoding", "").lower()
        body = self._chunks() if is_chunked else self.rfile.read(int(declared))
        if len(body) < int(declared) and not is_chunked:
            raise MalformedError(400, "the body ends early")
        try:
            parts = urlsplit(self.path)
        except ValueError:
            raise MalformedError(400, "not an address") from None
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        return Request(
            method=self.command,
            path=parts.path,
            query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
            token=token if scheme.lower() == "bearer" and token else None,
            body=body,
            content_type=self.headers.get("Content-Type", ""),
            host=self.server.hub.endpoint,
            range=self.headers.get("Range", ""),
        )

    def _chunks(self) -> bytes:
        body = bytearray()
        while size := self._chunk_size():
            if size + len(body) > MOST_BODY_BYTES:
                raise MalformedError(413, "body too large")
            body += self.rfile.read(size)
            self.rfile.readline(100)
        self.rfile.readline(100)
        return bytes(body)

    def _chunk_size(self) -> int:
        digits = self.rfile.readline(100).split(b";")[0].strip()
        if not re.fullmatch(rb"[0-9A-Fa-f]{1,8}", digits):
            raise MalformedError(400, "a chunk without its size")
        return int(digits, 16)

    def _serve(self) -> None:
        hub = self.server.hub
        try:
            request = self._read()
        except MalformedError as error:
            self.close_connection = True
            self._send(refusal(error.status, str(error)))
            return
        if hub.latency_s:
            hub.stopping.wait(hub.latency_s)
        try:
            answer, fault = hub.answer(request)
        except Exception as error:
            hub.quota.note_answer(500)
            # shown first: whoever gets the answer finds the reason written already
            self.server.handle_error(self.request, self.client_address)
            self._send(Response(500, f"loopback Hub failed: {error!r}".encode(), {}, TEXT_TYPE))
            self.close_connection = True
            return
        hub.quota.note_answer(0 if fault in ("reset", "stall") else answer.status, fault)
        if fault == "reset":
            self.server.will_reset(self.connection)
            self.close_connection = True
        elif fault == "stall":
            hub.stopping.wait(hub.dice.faults.stall_s if hub.dice.faults else 0)
            self.close_connection = True
        else:
            self._send(answer, cut=fault == "truncated")

    do_GET = do_HEAD = do_POST = _serve  # noqa: N815

    def _send(self, answer: Response, *, cut: bool = False) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(
                name, value.replace("\r", " ").replace("\n", " ").encode("latin-1", "replace").decode("latin-1")
            )
        self.end_headers()
        if cut:
            self.wfile.write(answer.body[: len(answer.body) // 2])
            self.close_connection = True
        elif self.command != "HEAD":
            self.wfile.write(answer.body)
