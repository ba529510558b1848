"""The network room, through real HTTP on the loopback Hub."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import constants

from mining.errors import UnreachableError, UsageError
from mining.hub import (
    FIELDS,
    HubClient,
    RetryPolicy,
    call_commits,
    call_dataset,
    call_file,
    call_info,
    call_page,
    fetch_model,
)
from mining.hub.calls import Page, call_first_page, listing_address
from mining.hub.fields import fields_left
from mining.hub.models import ModelHead, Sibling, emissions_file
from mining.schema import Envelope
from sample_hub import Faults, LoopbackHub, RecordHub

FAST = RetryPolicy(attempts=6, first_attempts=6, base_s=0.001, cap_s=0.002, deadline_s=5)
HUGE = "x" * 5_000_001
BYTES = b"\xff\xfe caf\xe9"
LOG = b"timestamp,emissions\n2026,0.5\n"


def small_hub(**options: Any) -> LoopbackHub:
    records: list[dict[str, Any]] = [
        {
            "id": "org/plain",
            "siblings": [
                {"rfilename": "README.md"},
                {"rfilename": "logs/emissions.csv"},
                {"rfilename": "emissions.csv"},
            ],
        },
        {"id": "org/closed", "gated": "manual"},
        {"id": "org/blocked"},
        {"id": "org/private"},
        {"id": "org/huge"},
        {"id": "org/bytes"},
        {"id": "org/bare", "siblings": [{"rfilename": "config.json"}]},
        {"id": "org/new-name"},
        {"id": "legacy"},
    ]
    cards = {name: f"# {name}\n" for name in ("org/plain", "org/closed", "org/blocked", "org/new-name", "legacy")}
    cards["org/huge"] = HUGE
    catalog = RecordHub(
        records,
        cards,
        files={"org/plain": {"emissions.csv": LOG}, "org/bytes": {"README.md": BYTES}},
        datasets={"org/data": {"_id": "621ffdc036468d709f17434d", "id": "org/data", "downloads": 3}},
        access={"org/closed": "gated", "org/blocked": "disabled", "org/private": "gone"},
        renamed={"org/old-name": "org/new-name"},
    )
    return LoopbackHub(catalog, quota={}, **options)


@pytest.fixture(scope="module")
def hub() -> Iterator[LoopbackHub]:
    with small_hub() as running:
        yield running


@pytest.fixture
def client(hub: LoopbackHub) -> HubClient:
    return HubClient(hub.endpoint, token=False, retry_policy=FAST)


def by_kind(envelopes: list[Envelope]) -> dict[str, Envelope]:
    return {e.failure or e.kind: e for e in envelopes}


def test_one_model_comes_with_its_card_and_its_log_nearest_to_the_root(client: HubClient) -> None:
    model, card, log = fetch_model(client, "org/plain")
    assert (model.kind, card.kind, log.kind) == ("model", "card", "file")
    assert card.body == "# org/plain\n"
    assert log.body.encode() == LOG
    assert card.headers["x-repo-commit"] == json.loads(model.body)["sha"]
    assert "etag" in card.headers
    assert card.address.startswith("/org/plain/resolve/")
    assert card.address.endswith("/README.md")
    assert card.key == model.key == json.loads(model.body)["_id"]


def test_a_single_model_is_asked_for_exactly_the_fields_of_the_listing(hub: LoopbackHub, client: HubClient) -> None:
    page = call_first_page(client, FIELDS, rows=1000, filters=())
    assert page.refused == ("usedStorage",)
    listed = next(e for e in page.envelopes if e.id == "org/plain")
    single = call_info(client, "org/plain")[0]
    assert json.loads(listed.body) == {
        name: value for name, value in json.loads(single.body).items() if name != "usedStorage"
    }


@pytest.mark.parametrize(
    ("model_id", "failure", "status"),
    [
        ("org/closed", "gated", 401),
        ("org/huge", "too-large", 200),
        ("org/bare", "absent", 0),
    ],
)
def test_a_card_that_cannot_be_had_says_why(client: HubClient, model_id: str, failure: str, status: int) -> None:
    failed = fetch_model(client, model_id)[1]
    assert (failed.kind, failed.failure, failed.status) == ("failure", failure, status)
    assert failed.address.split("?")[0].endswith("/README.md")
    if failure == "too-large":
        assert failed.size_bytes == len(HUGE)
        assert failed.body == ""


@pytest.mark.parametrize(
    ("model_id", "failure"), [("org/blocked", "disabled"), ("org/private", "gone"), ("org/never-there", "gone")]
)
def test_a_model_that_cannot_be_had_says_why(client: HubClient, model_id: str, failure: str) -> None:
    (failed,) = fetch_model(client, model_id)
    assert (failed.kind, failed.failure) == ("failure", failure)


def test_a_renamed_model_is_told_and_followed(client: HubClient) -> None:
    moved, model, card = fetch_model(client, "org/old-name")
    assert (moved.id, moved.failure, moved.status) == ("org/old-name", "moved", 307)
    assert "org/new-name" in moved.headers["location"]
    assert (model.kind, model.id, card.body) == ("model", "org/new-name", "# org/new-name\n")


def test_a_legacy_name_works(client: HubClient) -> None:
    assert [e.kind for e in fetch_model(client, "legacy")] == ["model", "card"]


def test_bytes_that_are_no_text_are_kept_as_base64(client: HubClient) -> None:
    import base64

    card = fetch_model(client, "org/bytes")[1]
    assert card.encoding == "base64"
    assert base64.b64decode(card.body) == BYTES


@pytest.mark.parametrize("name", ["../secret", "a/../../b", "", "/etc/passwd", "a//b", "a/b/c", ".", "a/."])
def test_names_that_leave_their_place_are_a_users_mistake(client: HubClient, name: str) -> None:
    with pytest.raises(UsageError, match="not the name of a repository"):
        fetch_model(client, name)


def test_a_path_trick_among_the_listed_files_is_a_failure(client: HubClient) -> None:
    envelope = call_file(client, "org/plain", None, "main", "../../emissions.csv")
    assert (envelope.failure, envelope.status) == ("unreadable", 0)


def test_the_first_commit_costs_one_request(hub: LoopbackHub, client: HubClient) -> None:
    before = hub.counters.kinds["commits"]
    envelope = call_commits(client, "org/plain", None, "main")
    assert [commit["title"] for commit in json.loads(envelope.body)] == ["Update README.md", "initial commit"]
    assert envelope.headers["x-total-count"] == "2"
    assert hub.counters.kinds["commits"] == before + 1


def test_data_sets_are_found_or_gone(client: HubClient) -> None:
    assert json.loads(call_dataset(client, "org/data").body)["downloads"] == 3
    assert call_dataset(client, "org/nothing").failure == "gone"


def test_a_question_the_server_refuses_altogether_is_a_users_mistake(client: HubClient) -> None:
    with pytest.raises(UsageError, match="refuses the listing"):
        call_first_page(client, FIELDS, rows=1000, filters=(("sort", "nonsense"), ("cursor", "nonsense")))


@pytest.mark.parametrize(
    ("message", "left"),
    [
        ('Invalid option: expected one of "a"|"b"|"c" → at expand[1]', ("a", "b")),
        ("the field usedStorage cannot be expanded", ("a", "b")),
        ("bad expand", ("a", "b")),
        ("something else", ("a", "b", "usedStorage")),
    ],
)
def test_refused_fields_are_read_from_the_servers_words(message: str, left: tuple[str, ...]) -> None:
    assert fields_left(("a", "b", "usedStorage"), message) == left


@pytest.mark.parametrize(
    "kind", ["500", "502", "503", "504", "408", "429", "reset", "stall", "truncated", "not-json", "wrong-json"]
)
def test_each_fault_is_overcome(kind: str) -> None:
    with small_hub(faults=Faults(share=1, kinds=(kind,), most=2, stall_s=0.05, retry_after_s=0)) as hub:
        client = HubClient(hub.endpoint, token=False, retry_policy=FAST)
        assert isinstance(call_page(client, listing_address(("sha",))), Page)
        assert sum(client.traffic.retried.values()) == 2
    with small_hub(faults=Faults(share=1, kinds=(kind,), most=2, stall_s=0.05, retry_after_s=0)) as hub:
        client = HubClient(hub.endpoint, token=False, retry_policy=FAST)
        assert fetch_model(client, "org/plain")[1].body == "# org/plain\n"


@pytest.mark.parametrize(
    ("kind", "failure"),
    [("503", "unreachable"), ("reset", "unreachable"), ("not-json", "unreadable"), ("wrong-json", "unreadable")],
)
def test_a_fault_that_stays_is_a_failure_of_its_own_kind(kind: str, failure: str) -> None:
    with small_hub(faults=Faults(share=1, kinds=(kind,), retry_after_s=0)) as hub:
        client = HubClient(hub.endpoint, token=False, retry_policy=FAST)
        (envelope,) = fetch_model(client, "org/plain")
        assert (envelope.kind, envelope.failure) == ("failure", failure)
        with pytest.raises(UnreachableError):
            call_page(client, listing_address(("sha",)))


def test_a_server_that_sends_too_slowly_is_given_up() -> None:
    with serving(slow=20) as (endpoint, _):
        client = HubClient(
            endpoint, token=False, retry_policy=RetryPolicy(attempts=1, first_attempts=1, deadline_s=0.2)
        )
        with pytest.raises(UnreachableError, match="too slow"):
            client.get("/api/models")


def test_nobody_there_is_told_soon_and_in_one_line() -> None:
    client = HubClient("http://127.0.0.1:1", token=False, retry_policy=RetryPolicy(base_s=0.001))
    with pytest.raises(
        UnreachableError,
        match=r"could not reach http://127.0.0.1:1/api/models\?limit=1000&sort=createdAt: ConnectError",
    ):
        call_page(client, listing_address(FIELDS))


@pytest.mark.parametrize(
    "endpoint", ["huggingface.co", "http://[", "ftp://h/", "http://u:p@h", "https://h\n/", "http://"]
)
def test_an_endpoint_that_is_no_address_is_wrong_use(endpoint: str) -> None:
    with pytest.raises(UsageError, match="not the address of a Hub"):
        HubClient(endpoint, token=False)


def test_offline_mode_is_honoured(monkeypatch: pytest.MonkeyPatch, hub: LoopbackHub) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(UnreachableError, match="HF_HUB_OFFLINE is set"):
        HubClient(hub.endpoint)
    with HubClient(hub.endpoint, token=False, is_local=True) as client:
        assert fetch_model(client, "legacy")[0].kind == "model"


class OddServer(http.server.ThreadingHTTPServer):
    """A server with its oddities and the headers of the requests it got."""

    def __init__(self, odd: dict[str, Any]) -> None:
        super().__init__(("127.0.0.1", 0), OddHandler)
        self.odd = odd
        self.seen: list[dict[str, str]] = []


class OddHandler(http.server.BaseHTTPRequestHandler):
    """Answers oddly, as its server's ``odd`` says, and remembers what it was asked."""

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        assert isinstance(self.server, OddServer)
        odd, token = self.server.odd, self.headers.get("authorization")
        self.server.seen.append({name.lower(): value for name, value in self.headers.items()} | {"path": self.path})
        location = odd.get("location")
        body = json.dumps({"error": token} if "echo" in odd else [{"_id": "1", "id": "a/b"}]).encode() * (
            location is None
        )
        self.send_response(404 if "echo" in odd else 307 if location else 200)
        headers = {"Location": location, "X-Error-Message": odd.get("echo") and f"no {token}", "Link": odd.get("link")}
        if "slow" not in odd:
            headers["Content-Length"] = str(len(body))
        for name, value in headers.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        for _ in range(odd.get("slow", 0)):
            self.wfile.write(b" ")
            threading.Event().wait(0.05)

    def handle(self) -> None:
        with suppress(OSError):
            super().handle()


@contextmanager
def serving(**odd: Any) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A server of odd answers, and the headers of the requests it got."""
    server = OddServer(odd)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server.seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_next_page_on_another_host_is_asked_for_at_our_own_endpoint() -> None:
    with serving(link='<https://evil.example/api/models?cursor=2>; rel="next"') as (endpoint, seen):
        page = call_page(HubClient(endpoint, token=False, retry_policy=FAST), "/api/models")
        assert page.next == "/api/models?cursor=2"
        with pytest.raises(UnreachableError, match="names itself"):
            call_page(HubClient(endpoint, token=False, retry_policy=FAST), page.next)
        assert seen[-1]["path"] == "/api/models?cursor=2"


def test_a_page_that_names_itself_ends_the_crawl() -> None:
    with (
        serving(link='</api/models>; rel="next"') as (endpoint, _),
        pytest.raises(UnreachableError, match="names itself"),
    ):
        call_page(HubClient(endpoint, token=False, retry_policy=FAST), "/api/models")


def test_the_token_goes_to_the_endpoint_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_verysecret")
    with serving() as (other, there), serving(location=f"{other}/elsewhere") as (endpoint, here):
        client = HubClient(endpoint, retry_policy=FAST)
        assert client.has_token
        answer = client.get("/org/m/resolve/main/README.md", bucket="resolvers")
        assert answer.failure == "moved"
        assert here[0]["authorization"] == "Bearer hf_verysecret"
        assert there == []
        assert here[0]["user-agent"].startswith("hf-carbon/")


def test_redirects_without_end_are_a_failure() -> None:
    with serving(location="/again") as (endpoint, seen):
        answer = HubClient(endpoint, token=False, retry_policy=FAST).get(
            "/org/m/resolve/main/README.md", bucket="resolvers"
        )
        assert answer.failure == "moved"
        assert len(seen) == 5


def test_a_server_that_echoes_the_token_does_not_get_it_into_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_verysecret")
    with serving(echo=1) as (endpoint, _):
        answer = HubClient(endpoint, retry_policy=FAST).get("/api/models/a/b")
        assert answer.failure == "gone"
        assert b"Bearer ***" in answer.body
        assert "hf_verysecret" not in str(answer)


def test_the_meters_log_nearest_to_the_root_is_taken() -> None:
    files = [
        {"rfilename": name} for name in ("z/emissions.csv", "a/b/emissions.csv", "emissions.csv.bak", "b/emissions.csv")
    ]
    head = ModelHead(id="a/b", siblings=[Sibling(rfilename=file["rfilename"]) for file in files])
    assert emissions_file(head) == "b/emissions.csv"
    assert emissions_file(ModelHead(id="a/b")) is None


@pytest.mark.shared
def test_recorded_answers_of_the_hub_decode(shared_dir: Path) -> None:
    from mining.hub.rows import envelope_of, rows_of

    listed = (shared_dir / "wire/list_models_expand_2026-08.json").read_bytes()
    rows = [envelope_of(row, "/api/models?author=deepseek-ai") for row in rows_of(listed)]
    assert [row.id for row in rows] == [row["id"] for row in json.loads(listed)]
    assert [json.loads(row.body) for row in rows] == json.loads(listed)
    single = (shared_dir / "wire/model_info_2026-07-05.json").read_text()
    from mining.hub.models import read_head

    head = read_head(Envelope(kind="model", id="x", body=single))
    assert (head.id, head.key) == ("OrionLLM/GRM-2.6-Opus", "69fd1f6afa2150562b3cc474")
    assert emissions_file(head) is None
