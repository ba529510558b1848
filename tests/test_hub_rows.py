"""Rows of a page, judged one by one, and what an answer means for the request as a whole."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx2
import pytest

from mining.errors import RateLimitedError, TokenRefusedError, UnreachableError
from mining.fields import ROW_FAILURES
from mining.hub import HubClient, RetryPolicy
from mining.hub.addresses import Endpoint
from mining.hub.rows import envelope_of, envelopes_of, rows_of

FAST = RetryPolicy(attempts=2, first_attempts=2, shape_attempts=2, base_s=0.001, cap_s=0.002, deadline_s=1.0)
GOOD = b'{"_id": "6400000000000000000000aa", "id": "a/good", "cardData": {"x": [1, {"y": "}]"}]}}'
SET_ASIDE = {
    b"null": "row-not-an-object",
    b"[1, 2]": "row-not-an-object",
    b'"text"': "row-not-an-object",
    b'{"_id": "6"}': "row-without-id",
    b'{"id": "", "tags": []}': "row-without-id",
    b'{"id": {"a": 1}}': "row-without-id",
    b'{"id": "a/b", "x": ' + b"[" * 1200 + b"]" * 1200 + b"}": "row-too-deep",
    b'{"id": "a/b", "x": ' + b'{"a":' * 1200 + b"1" + b"}" * 1200 + b"}": "row-too-deep",
    b'{"id": "a/b", "downloads": NaN}': "row-with-nan",
    b'{"id": "a/b", "downloads": -Infinity}': "row-with-nan",
    b'{"id": "a/b", "likes": 99999999999999999999}': "row-beyond-64-bits",
    b'{"id": "a/b", "x": [}': "row-not-json",
}
REPAIRED = {
    b'{"id": "a/b", "x": "\\ud83d alone"}': ("a/b", "lone-surrogate"),
    b'{"id": "a/b", "x": "caf\xe9"}': ("a/b", "latin-1"),
    b'{"id": "a/b", "x": "a\x01b"}': ("a/b", "control-character"),
    b'{"modelId": "a/b"}': ("a/b", "name-from-modelId"),
    b'{"id": 12, "_id": 7}': ("12", "numeric-id numeric-id"),
}


def page(*rows: bytes) -> bytes:
    return b"[" + b", ".join(rows) + b"]"


@pytest.mark.parametrize(("row", "reason"), SET_ASIDE.items())
def test_one_bad_row_costs_itself(row: bytes, reason: str) -> None:
    first, bad, last = (envelope_of(one, "/x") for one in rows_of(page(GOOD, row, GOOD)))
    assert (first.id, last.id) == ("a/good", "a/good")
    assert first.body == GOOD.decode()
    assert (bad.kind, bad.failure) == ("failure", reason)
    assert reason in ROW_FAILURES


@pytest.mark.parametrize(("row", "expected"), REPAIRED.items())
def test_what_is_harmless_is_repaired(row: bytes, expected: tuple[str, str]) -> None:
    _, mended, _ = (envelope_of(one, "/x") for one in rows_of(page(GOOD, row, GOOD)))
    assert (mended.id, mended.repaired) == expected
    assert json.loads(mended.body)["id"] == expected[0]
    mended.body.encode("utf-8")


def test_bad_rows_side_by_side_and_rows_in_rows_are_counted_one_by_one() -> None:
    other_key = b'{"id": "a/other"}'
    nested = b'{"_id":"6","id":"a/nested","baseModels":{"models":[' + b",".join([b'{"_id":"7","id":"b"}'] * 6) + b"]}}"
    text = b'{"_id":"8","id":"a/text","x":"},{\\"_id\\":[{"}'
    for between in (b",", b" ,\n "):
        rows = [*SET_ASIDE, nested, *SET_ASIDE, other_key, text, *SET_ASIDE, GOOD]
        torn = b'{"id": "a/b", "x": [}'  # where a torn row ends is known only from the next one
        rows = [row for row in rows if row != torn]
        body = b"[" + between.join(rows) + b"]"
        assert rows_of(body) == rows
        found = [row.failure for row in envelopes_of(body, "/x")]
        assert found == [SET_ASIDE.get(row) for row in rows]


def test_every_bad_row_at_once() -> None:
    rows = [envelope_of(one, "/x") for one in rows_of(page(*SET_ASIDE, GOOD, *REPAIRED))]
    assert sum(row.failure is None for row in rows) == 1 + len(REPAIRED)


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b"[", b"[{}", b'"[]"', b"\xff"])
def test_a_page_that_is_no_array_is_none(body: bytes) -> None:
    with pytest.raises(ValueError, match="array"):
        rows_of(body)


@contextmanager
def server(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    def answer(connection: socket.socket) -> None:
        with connection:
            try:
                connection.recv(65536)
                talk(connection)
            except OSError:
                return

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()


def sends(head: str, body: bytes = b"") -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(
        f"HTTP/1.1 {head}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode("latin-1") + body
    )


def drip(start: bytes, piece: bytes) -> Callable[[socket.socket], None]:
    def talk(connection: socket.socket) -> None:
        connection.sendall(start)
        for _ in range(400):
            time.sleep(0.05)
            connection.sendall(piece)

    return talk


@pytest.mark.parametrize(
    "talk",
    [
        drip(b"HTTP/1.1 200 OK\r\n", b"X-Drip: 1\r\n"),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x"),
    ],
)
def test_nothing_stretches_the_deadline(talk: Callable[[socket.socket], None]) -> None:
    policy = RetryPolicy(slow_attempts=1, deadline_s=0.4, timeout=httpx2.Timeout(5.0))
    with server(talk) as endpoint:
        began = time.monotonic()
        with pytest.raises(UnreachableError, match="too slow"):
            HubClient(endpoint, token=False, retry_policy=policy).get("/api/models")
        assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("head", "body", "failure"),
    [
        ("206 Partial Content", b"half", None),
        ("304 Not Modified", b"", "unreadable"),
        ("200 OK\r\nContent-Encoding: gzip, gzip", b"x", "unreadable"),
        ("200 OK\r\nContent-Type: text/html", b"<html>", "unreadable"),
        ("404 No\r\nX-Error-Code: EntryNotFound\r\nX-Error-Message: \xe8", b"\xe8", "absent"),
        ("403 No\r\nX-Error-Code: GatedRepo", b"[]", "gated"),
    ],
)
def test_answers_that_are_none(head: str, body: bytes, failure: str | None) -> None:
    with server(sends(head, body)) as endpoint:
        client = HubClient(endpoint, token=False, retry_policy=FAST)
        if failure is None:
            with pytest.raises(UnreachableError, match="partial"):
                client.get("/a")
        else:
            assert client.get("/a").failure == failure


def test_a_refused_token_is_no_missing_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_" + "x" * 20)
    with (
        server(sends("401 No\r\nX-Error-Code: RepoNotFound")) as endpoint,
        pytest.raises(TokenRefusedError, match="token"),
    ):
        HubClient(endpoint, retry_policy=FAST).get("/api/models/a/b")
    with server(sends("401 No")) as endpoint:
        assert HubClient(endpoint, token=False, retry_policy=FAST).get("/api/models/a/b").failure == "gone"


def test_a_wait_longer_than_the_window_is_told_at_once() -> None:
    with (
        server(sends("429 No\r\nRetry-After: 99999999")) as endpoint,
        pytest.raises(RateLimitedError, match="99,999,999 s"),
    ):
        HubClient(endpoint, token=False, retry_policy=FAST).get("/a")


def test_a_token_that_comes_back_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    token = "hf_" + "y" * 20
    monkeypatch.setenv("HF_TOKEN", token)
    head = f'200 OK\r\nETag: {token}\r\nLink: </api/models?cursor={token}>; rel="next"'
    with server(sends(head, f"my {token} here".encode())) as endpoint:
        answer = HubClient(endpoint, retry_policy=FAST).get("/a")
    assert token not in f"{answer.body!r} {answer.headers} {answer.next}"


@pytest.mark.parametrize(
    ("named", "local"),
    [
        ("/api/models?cursor=2", "/api/models?cursor=2"),
        ("https://huggingface.co/api/models?cursor=2", "/api/models?cursor=2"),
        ("//evil.example/api/models?cursor=2", "/api/models?cursor=2"),
        ("x:@127.0.0.1:1/api/models", None),
        ("http://[", None),
        ("http://u:p@h/a", None),
        ("javascript:alert(1)", None),
    ],
)
def test_the_next_page_stays_on_the_endpoint(named: str, local: str | None) -> None:
    endpoint = Endpoint("http://127.0.0.1:9")
    if local is None:
        with pytest.raises(UnreachableError, match="invalid address"):
            endpoint.local(named)
    else:
        assert endpoint.local(named) == local


def test_redirects_leave_the_hub_only_from_its_own_resolver() -> None:
    endpoint = Endpoint("https://hub.example")
    home, away = "https://hub.example/a/b/resolve/main/README.md", "https://cdn.example/x"
    assert endpoint.target(home, away, may_leave=True) == away
    assert endpoint.target(home, away, may_leave=False) is None
    assert endpoint.target(away, "https://other.example/x", may_leave=True) is None
    assert endpoint.target(home, "http://cdn.example/x", may_leave=True) is None
