"""Requests that are none: the sample Hub answers with 4xx, for its own address only, and reads no more than it must."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from sample_hub import LoopbackHub, SampleHub


@pytest.fixture(scope="module")
def hub() -> Iterator[LoopbackHub]:
    with LoopbackHub(SampleHub(7, 30), quota={}) as running:
        yield running


def status_of(hub: LoopbackHub, request: str) -> int:
    port = int(hub.endpoint.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request.replace("HOST", f"127.0.0.1:{port}").replace("\n", "\r\n").encode("latin-1"))
        connection.shutdown(socket.SHUT_WR)
        head = connection.makefile("rb").readline()
    return int(head.split()[1])


@pytest.mark.parametrize(
    ("request_text", "status"),
    [
        ("GET /api/models?limit=1 HTTP/1.1\nHost: HOST\n\n", 200),
        ("GET /api/models?limit=1 HTTP/1.1\nHost: evil.example\n\n", 421),
        ("GET /api/models?limit=1 HTTP/1.1\n\n", 421),
        ("POST /api/validate-yaml HTTP/1.1\nHost: HOST\nContent-Length: many\n\n", 400),
        ("POST /api/validate-yaml HTTP/1.1\nHost: HOST\nContent-Length: -1\n\n", 400),
        ("POST /api/validate-yaml HTTP/1.1\nHost: HOST\nContent-Length: 99999999999\n\n", 413),
        ("POST /api/validate-yaml HTTP/1.1\nHost: HOST\nContent-Length: 99999999999999999999\n\n", 413),
        ("POST /api/validate-yaml HTTP/1.1\nHost: HOST\nContent-Length: 50\n\nshort", 400),
        ("POST /api/validate-yaml HTTP/1.1\nHost: HOST\nTransfer-Encoding: chunked\n\nzz\n\n", 400),
        ("POST /api/validate-yaml HTTP/1.1\nHost: HOST\nTransfer-Encoding: chunked\n\nffffffff\n\n", 413),
        ("GET http://[ HTTP/1.1\nHost: HOST\n\n", 400),
        ("GET /api/models?limit=x&cursor=%FF HTTP/1.1\nHost: HOST\n\n", 400),
    ],
)
def test_a_request_that_is_none_gets_4xx(hub: LoopbackHub, request_text: str, status: int) -> None:
    assert status_of(hub, request_text) == status


@pytest.mark.parametrize(
    ("asked", "status", "content_range"),
    [
        ("bytes=0-0", 206, "bytes 0-0/"),
        ("bytes=-4", 206, "bytes "),
        ("bytes=99999999-", 416, "bytes */"),
        ("lines=1", 200, ""),
    ],
)
def test_a_part_of_a_file(hub: LoopbackHub, asked: str, status: int, content_range: str) -> None:
    import httpx2

    model = next(
        hub.catalog.record(index)["id"]
        for index in range(30)
        if hub.catalog.access(index) == "open" and "README.md" in hub.catalog.files(index)
    )
    with httpx2.Client(trust_env=False, follow_redirects=True) as client:
        answer = client.get(f"{hub.endpoint}/{model}/resolve/main/README.md", headers={"Range": asked})
    assert answer.status_code == status
    assert answer.headers.get("content-range", "").startswith(content_range)
