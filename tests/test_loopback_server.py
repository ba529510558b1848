"""The loopback Hub as a crawler meets it.

Pages, cursors, refusals, quotas, faults, and a Hub that does not stand still.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from present import present

from benchmarks.churning_hub import Churn, ChurningView
from sample_hub import ANONYMOUS, WITH_TOKEN, Faults, LoopbackHub, RecordHub, SampleHub
from sample_hub.server.answers import Request, Response
from sample_hub.server.faults import ALL_FAULTS
from sample_hub.server.quota import Quota

HOST = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def sample() -> SampleHub:
    return SampleHub(seed=3, n_models=2_300)


def ask(
    hub: LoopbackHub, target: str, *, method: str = "GET", token: str | None = None, body: bytes = b"", kind: str = ""
) -> Response:
    parts = urlsplit(target)
    return hub.answer(Request(method, parts.path, tuple(parse_qsl(parts.query)), token, body, kind, HOST))[0]


def code(answer: Response) -> tuple[int, str | None]:
    return answer.status, answer.headers.get("X-Error-Code")


def next_of(answer: Response) -> str | None:
    link = answer.headers.get("Link")
    return None if link is None else link[1:].partition(">")[0].removeprefix(HOST)


def crawl(hub: LoopbackHub, target: str) -> list[list[dict[str, Any]]]:
    pages = []
    address: str | None = target
    while address:
        answer = ask(hub, address)
        assert answer.status == 200, answer.body
        pages.append(json.loads(answer.body))
        address = next_of(answer)
    return pages


# --- pages and cursors


@pytest.mark.parametrize("limit", [1000, 999, 230, 7000])
def test_pages_hold_every_model_once_in_order(sample: SampleHub, limit: int) -> None:
    pages = crawl(LoopbackHub(sample), f"/api/models?sort=createdAt&limit={limit}&expand=createdAt")
    rows = [row for page in pages for row in page]
    assert [row["_id"] for row in rows] == [sample.key(index) for index in reversed(range(len(sample)))]
    assert all(len(page) == min(limit, 1000) for page in pages[:-1])
    assert [(row["createdAt"], row["_id"]) for row in rows] == sorted(
        ((row["createdAt"], row["_id"]) for row in rows), reverse=True
    )


@pytest.mark.parametrize("sort", ["downloads", "likes", "lastModified", "trendingScore"])
def test_other_sort_keys_page_by_key_and_id(sample: SampleHub, sort: str) -> None:
    rows = [
        row for page in crawl(LoopbackHub(sample), f"/api/models?sort={sort}&limit=300&expand={sort}") for row in page
    ]
    assert len({row["_id"] for row in rows}) == len(rows) == len(sample)
    keys = [(row[sort], row["_id"]) for row in rows]
    assert keys == sorted(keys, reverse=True)


def test_the_link_keeps_all_parameters_and_its_own_host(sample: SampleHub) -> None:
    answer = ask(LoopbackHub(sample), "/api/models?sort=createdAt&limit=5&expand=tags&expand[]=sha&filter=transformers")
    link = answer.headers["Link"]
    assert link.startswith(f"<{HOST}/api/models?")
    query = parse_qsl(urlsplit(present(next_of(answer))).query)
    assert [pair for pair in query if pair[0] != "cursor"] == [
        ("sort", "createdAt"),
        ("limit", "5"),
        ("expand", "tags"),
        ("expand[]", "sha"),
        ("filter", "transformers"),
    ]
    assert {frozenset(row) for row in json.loads(answer.body)} == {frozenset({"_id", "id", "tags", "sha"})}


def test_filters_agree_with_the_records(sample: SampleHub) -> None:
    hub = LoopbackHub(sample)
    records = [sample.record(index) for index in range(len(sample))]

    def found(query: str) -> set[str]:
        return {row["id"] for page in crawl(hub, f"/api/models?sort=createdAt&expand=tags&{query}") for row in page}

    assert found("filter=co2_eq_emissions") == {r["id"] for r in records if "co2_eq_emissions" in r["tags"]}
    assert found("filter=transformers&filter=license:mit") == {
        r["id"] for r in records if {"transformers", "license:mit"} <= set(r["tags"])
    }
    assert found("filter=transformers,license:mit") == found("filter=transformers&filter=license:mit")
    author = Counter(r.get("author") for r in records).most_common(1)[0][0]
    assert found(f"author={author}") == {r["id"] for r in records if r.get("author") == author}
    assert found("pipeline_tag=text-to-image") == {r["id"] for r in records if r.get("pipeline_tag") == "text-to-image"}
    assert found("gated=true") == {r["id"] for r in records if r["gated"]}


def test_fields_without_expand_are_the_brief_ones(sample: SampleHub) -> None:
    hub = LoopbackHub(sample)
    brief = json.loads(ask(hub, "/api/models?limit=50&sort=createdAt").body)
    assert all(
        {"_id", "id", "modelId", "likes", "private", "downloads", "tags", "createdAt"} <= set(row) for row in brief
    )
    assert all(not {"sha", "siblings", "cardData", "safetensors"} & set(row) for row in brief)
    full = json.loads(ask(hub, "/api/models?limit=50&sort=createdAt&full=true&cardData=true").body)
    assert all({"sha", "siblings", "lastModified"} <= set(row) for row in full)
    assert any("cardData" in row for row in full)
    assert all("safetensors" not in row for row in full)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("expand=usedStorage", "expand[0]"),
        ("expand=tags&expand[]=nonsense", "expand[1]"),
        ("sort=name", "sort"),
        ("limit=many", "limit"),
        ("cursor=!!!", "cursor"),
        ("cursor=W10=", "cursor"),
    ],
)
def test_bad_parameters_are_400_with_a_reason(sample: SampleHub, query: str, words: str) -> None:
    answer = ask(LoopbackHub(sample), f"/api/models?{query}")
    assert answer.status == 400
    assert words in json.loads(answer.body)["error"]


def test_refused_fields_are_configurable(sample: SampleHub) -> None:
    assert ask(LoopbackHub(sample, refused_expand=()), "/api/models?expand=usedStorage&limit=1").status == 200
    assert ask(LoopbackHub(sample, refused_expand={"baseModels"}), "/api/models?expand=baseModels").status == 400
    one = sample.record(9)["id"]
    assert "usedStorage" in json.loads(ask(LoopbackHub(sample), f"/api/models/{one}?expand=usedStorage").body)


# --- single repositories


def test_the_five_ways_not_to_get_a_card(sample: SampleHub) -> None:
    hub = LoopbackHub(sample)
    ids = {
        state: next(sample.record(i)["id"] for i in range(2300) if sample.access(i) == state)
        for state in ("gated", "disabled", "gone", "open")
    }
    gone = ask(hub, f"/{ids['gone']}/resolve/main/README.md")
    assert code(gone) == (401, "RepoNotFound")
    assert code(ask(hub, f"/{ids['gone']}/resolve/main/README.md", token="t")) == (404, "RepoNotFound")
    assert code(ask(hub, "/api/models/nobody/nothing")) == (401, "RepoNotFound")
    disabled = ask(hub, f"/api/models/{ids['disabled']}")
    assert code(disabled) == (403, None)
    assert disabled.headers["X-Error-Message"] == "Access to this resource is disabled."
    assert code(ask(hub, f"/{ids['gated']}/resolve/main/README.md", token="t")) == (403, "GatedRepo")
    assert code(ask(hub, f"/{ids['gated']}/raw/main/README.md")) == (401, "GatedRepo")
    assert ask(hub, f"/api/models/{ids['gated']}").status == 200
    assert code(ask(hub, f"/{ids['open']}/resolve/v9/README.md")) == (404, "RevisionNotFound")
    assert code(ask(hub, f"/{ids['open']}/resolve/main/nothing.txt")) == (404, "EntryNotFound")


def test_a_card_is_reached_through_the_redirect(sample: SampleHub) -> None:
    hub = LoopbackHub(sample)
    index = next(i for i in range(2300) if sample.card(i) and sample.access(i) == "open")
    record = sample.record(index)
    for target in (f"/{record['id']}/resolve/main/README.md", f"/{record['id']}/resolve/{record['sha']}/README.md"):
        hop = ask(hub, target, method="HEAD")
        assert hop.status == 307
        assert hop.headers["Location"].startswith(
            f"/api/resolve-cache/models/{record['id']}/{record['sha']}/README.md?"
        )
        assert hop.headers["X-Repo-Commit"] == record["sha"]
        there = ask(hub, hop.headers["Location"])
        assert there.body.decode() == sample.card(index)
        assert there.headers["ETag"] == hop.headers["ETag"]
        assert there.headers["X-Repo-Commit"] == record["sha"]
    assert ask(hub, f"/{record['id']}/raw/main/README.md").body == there.body


def test_etag_is_gits_blob_name() -> None:
    # printf 'hello' | git hash-object --stdin
    hub = LoopbackHub(RecordHub([{"id": "a/b"}], {"a/b": "hello"}))
    assert ask(hub, "/a/b/raw/main/README.md").headers["ETag"] == '"b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0"'


def test_renamed_repositories_answer_307_everywhere(sample: SampleHub) -> None:
    hub = LoopbackHub(sample)
    new = next(
        sample.record(i)["id"] for i in range(2300) if "/" in sample.record(i)["id"] and sample.access(i) == "open"
    )
    old = new.replace("/", "/old-")
    assert ask(hub, f"/api/models/{old}?expand=tags").headers["Location"] == f"/api/models/{new}?expand=tags"
    assert ask(hub, f"/{old}/resolve/main/README.md").headers["Location"] == f"/{new}/resolve/main/README.md"
    assert ask(hub, f"/api/models/{old}/commits/main").status == 307


def test_commits_count_and_page(sample: SampleHub) -> None:
    hub = LoopbackHub(sample)
    index = next(i for i in range(2300) if len(sample.commits(i)) >= 3 and sample.access(i) == "open")
    path = f"/api/models/{sample.record(index)['id']}/commits/main"
    every = sample.commits(index)
    first = ask(hub, f"{path}?limit=1")
    assert first.headers["X-Total-Count"] == str(len(every))
    assert next_of(first) == f"{path}?limit=1&p=1"
    last = ask(hub, f"{path}?limit=1&p={len(every) - 1}")
    assert json.loads(last.body) == every[-1:]
    assert "Link" not in last.headers
    dates = [row["date"] for row in every]
    assert dates == sorted(dates, reverse=True)
    assert every[0]["id"] == sample.record(index)["sha"]
    old = ask(hub, f"/api/models/{sample.record(index)['id']}/revision/{every[1]['id']}")
    assert json.loads(old.body)["sha"] == every[1]["id"]


def test_sizes_of_files_add_up(sample: SampleHub) -> None:
    hub = LoopbackHub(sample)
    index = next(i for i in range(2300) if sample.planner.plan(i).kind.name == "st" and sample.access(i) == "open")
    model_id = sample.record(index)["id"]
    names = [item["rfilename"] for item in sample.record(index)["siblings"]]
    body = json.dumps({"paths": [*names, "absent"], "expand": False}).encode()
    rows = json.loads(
        ask(hub, f"/api/models/{model_id}/paths-info/main", method="POST", body=body, kind="application/json").body
    )
    assert [row["path"] for row in rows] == names
    total = json.loads(ask(hub, f"/api/models/{model_id}/treesize/main/").body)["size"]
    assert total == sum(row["size"] for row in rows)
    blobs = json.loads(ask(hub, f"/api/models/{model_id}?blobs=true").body)["siblings"]
    assert {item["rfilename"]: item["size"] for item in blobs} == {row["path"]: row["size"] for row in rows}
    assert [row["path"] for row in json.loads(ask(hub, f"/api/models/{model_id}/tree/main").body)] == names
    weights = [row for row in rows if "lfs" in row]
    assert sum(row["size"] for row in weights) == sample.record(index)["usedStorage"]
    assert ask(hub, f"/{model_id}/resolve/main/{weights[0]['path']}").status == 403


def test_data_sets_count_and_unknown_pages(sample: SampleHub) -> None:
    hub = LoopbackHub(sample)
    truth = sample.truth(8)
    known = json.loads(ask(hub, f"/api/datasets/{truth['dataset']}").body)
    assert known["cardData"]["dataset_info"]["dataset_size"] == truth["dataset_bytes"]
    assert code(ask(hub, "/api/datasets/nobody/nothing")) == (401, "RepoNotFound")
    assert json.loads(ask(hub, "/api/models-json?withCount=true").body)["numTotalItems"] == 2300
    assert ask(hub, "/pricing").status == 404
    assert ask(hub, "/api/spaces").status == 404


def test_commits_need_a_token_and_sense(sample: SampleHub) -> None:
    hub = LoopbackHub(sample)
    path = f"/api/models/{next(sample.record(i)['id'] for i in range(2300) if sample.access(i) == 'open')}"
    assert ask(hub, f"{path}/commit/main", method="POST", body=b"{}").status == 401
    assert ask(hub, f"{path}/commit/main", method="POST", body=b"{}", token="t").status == 400
    assert ask(hub, f"{path}/preupload/main", method="POST", body=b"[]", token="t").status == 400
    assert ask(hub, "/api/validate-yaml", method="POST", body=b"{").status == 400
    lines = [
        {"key": "header", "value": {"summary": "s", "parentCommit": "p"}},
        {"key": "file", "value": {"path": "a", "content": "text", "encoding": "utf-8"}},
        {"key": "deletedFile", "value": {"path": "b"}},
    ]
    body = b"\n".join(json.dumps(line).encode() for line in lines)
    answer = json.loads(ask(hub, f"{path}/commit/main", method="POST", body=body, token="t").body)
    assert "pullRequestUrl" not in answer
    assert (hub.pull_requests[0].number, hub.pull_requests[0].parent) == (0, "p")
    assert (hub.pull_requests[0].files, hub.pull_requests[0].deleted) == ({"a": b"text"}, ("b",))
    assert ask(hub, "/api/whoami-v2").status == 401


# --- rate limits


class Watch:
    """A clock that stands still until it is moved."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_quota_is_spent_refused_and_renewed(sample: SampleHub) -> None:
    watch = Watch()
    hub = LoopbackHub(sample, quota=3, window_s=300, clock=watch)
    path = "/api/models?limit=1&sort=createdAt"
    left = [ask(hub, path).headers["ratelimit"] for _ in range(3)]
    assert left == ['"api";r=2;t=300', '"api";r=1;t=300', '"api";r=0;t=300']
    watch.now += 100.2
    refused = ask(hub, path)
    assert refused.status == 429
    assert refused.headers["Retry-After"] == "200"
    assert refused.headers["ratelimit"] == '"api";r=0;t=200'
    assert refused.headers["ratelimit-policy"] == '"fixed window";"api";q=3;w=300'
    assert ask(hub, f"/{sample.record(2)['id']}/resolve/main/README.md").status != 429
    watch.now += 200
    assert ask(hub, path).headers["ratelimit"] == '"api";r=2;t=300'
    assert hub.counters.windows("api") == {0: 3, 1: 1}
    assert (hub.counters.too_many, hub.counters.total("api"), hub.counters.total()) == (1, 4, 5)


def test_quotas_are_the_documented_ones_by_default() -> None:
    quota = Quota(None, 300.0, Watch())
    assert {bucket: quota.limit(bucket, with_token=False) for bucket in ANONYMOUS} == {
        "api": 500,
        "resolvers": 3000,
        "pages": 100,
    }
    assert {bucket: quota.limit(bucket, with_token=True) for bucket in WITH_TOKEN} == {
        "api": 1000,
        "resolvers": 5000,
        "pages": 200,
    }


def test_buckets_follow_the_route(sample: SampleHub) -> None:
    for count_cache, expected in ((False, 1), (True, 2)):
        hub = LoopbackHub(sample, count_cache=count_cache)
        index = next(i for i in range(2300) if sample.card(i) and sample.access(i) == "open")
        hop = ask(hub, f"/{sample.record(index)['id']}/resolve/main/README.md")
        ask(hub, hop.headers["Location"])
        ask(hub, "/api/models-json?withCount=true")
        ask(hub, f"/api/models/{sample.record(index)['id']}")
        assert {bucket: hub.counters.total(bucket) for bucket in ("api", "resolvers", "pages")} == {
            "api": 1,
            "resolvers": expected,
            "pages": 1,
        }
        assert hub.counters.kinds == Counter(card=1, cache=1, count=1, info=1)


# --- faults


def test_faults_are_seeded_and_of_every_kind(sample: SampleHub) -> None:
    def fates(seed: int) -> list[str | None]:
        hub = LoopbackHub(sample, faults=Faults(0.3, seed=seed), quota=10**9)
        return [
            hub.answer(Request("GET", "/api/models", (("limit", "1"), ("sort", "createdAt")), host=HOST))[1]
            for _ in range(1200)
        ]

    first = fates(1)
    assert first == fates(1) != fates(2)
    assert set(first) == {None, *ALL_FAULTS}
    assert 0.25 < sum(fate is not None for fate in first) / 1200 < 0.35


def test_faults_can_be_bounded_and_aimed(sample: SampleHub) -> None:
    hub = LoopbackHub(sample, faults=Faults(1.0, ("503",), under="/api/models/", most=2, retry_after_s=7))
    assert ask(hub, "/api/models?limit=1&sort=createdAt").status == 200
    one = f"/api/models/{next(sample.record(i)['id'] for i in range(2300) if sample.access(i) == 'open')}"
    answers = [ask(hub, one) for _ in range(3)]
    assert [answer.status for answer in answers] == [503, 503, 200]
    assert answers[0].headers["Retry-After"] == "7"
    assert hub.dice.draw("/api/models/x") is None


@pytest.mark.parametrize(("bad", "words"), [({"kinds": ("fire",)}, "fire"), ({"share": 2.0}, "between")])
def test_impossible_faults_are_refused(bad: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Faults(**bad)


def raw_get(hub: LoopbackHub, target: str, timeout: float = 5.0) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(urlsplit(hub.endpoint).netloc, timeout=timeout)
    try:
        connection.request("GET", target)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


LIST = "/api/models?limit=20&sort=createdAt"


def test_faults_on_the_wire(sample: SampleHub) -> None:
    def fault(kind: str, **more: Any) -> LoopbackHub:
        return LoopbackHub(sample, faults=Faults(1.0, (kind,), **more))

    with fault("reset") as hub, pytest.raises(ConnectionResetError):
        raw_get(hub, LIST)
    with fault("truncated") as hub, pytest.raises(http.client.IncompleteRead) as cut:
        raw_get(hub, LIST)
    assert 0 < len(cut.value.partial) <= present(cut.value.expected) + len(cut.value.partial)
    with fault("stall", stall_s=30) as hub, pytest.raises(TimeoutError):
        raw_get(hub, LIST, timeout=0.3)
    with fault("stall", stall_s=0.05) as hub, pytest.raises(http.client.RemoteDisconnected):
        raw_get(hub, LIST)
    with fault("not-json") as hub:
        status, body = raw_get(hub, LIST)
        assert (status, body[:9]) == (200, b"<!DOCTYPE")
        assert raw_get(hub, f"/{sample.record(1)['id']}/resolve/main/README.md")[0] == 502
    with fault("wrong-json") as hub:
        assert isinstance(json.loads(raw_get(hub, LIST)[1]), str)
        assert hub.counters.faults == Counter({"wrong-json": 1})


def test_a_failing_route_is_500_and_shown(
    sample: SampleHub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with LoopbackHub(sample) as hub:
        monkeypatch.setattr(hub.router.listing, "answer", lambda request: 1 / 0)
        assert raw_get(hub, LIST)[0] == 500
    assert "ZeroDivisionError" in capsys.readouterr().err


# --- transport


def test_connections_are_kept_and_bodies_of_either_form_are_read(sample: SampleHub) -> None:
    with LoopbackHub(sample) as hub:
        connection = http.client.HTTPConnection(urlsplit(hub.endpoint).netloc, timeout=5)
        body = json.dumps({"content": "---\n---\n"}).encode()
        for _ in range(3):
            connection.request("POST", "/api/validate-yaml", body)
            assert json.loads(connection.getresponse().read()) == {"errors": [], "warnings": []}
        connection.request(
            "POST",
            "/api/validate-yaml",
            iter([b'{"content":', b' "no front matter"}']),
            encode_chunked=True,
            headers={"Transfer-Encoding": "chunked"},
        )
        assert json.loads(connection.getresponse().read())["warnings"]
        connection.request("HEAD", LIST)
        answer = connection.getresponse()
        assert int(answer.headers["Content-Length"]) > 1000
        assert answer.read() == b""
        connection.close()
    with pytest.raises(RuntimeError, match="not running"):
        _ = LoopbackHub(sample).endpoint


def test_many_clients_at_once_are_counted_exactly(sample: SampleHub) -> None:
    with LoopbackHub(sample, quota=10**6, latency_s=0.001) as hub:
        threads = [threading.Thread(target=lambda: [raw_get(hub, LIST) for _ in range(10)]) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert hub.counters.kinds["list"] == hub.counters.statuses[200] == 80


def test_stopping_does_not_wait_for_idle_clients(sample: SampleHub) -> None:
    hub = LoopbackHub(sample).start()
    connection = http.client.HTTPConnection(urlsplit(hub.endpoint).netloc, timeout=5)
    connection.request("GET", LIST)
    connection.getresponse().read()
    before = time.monotonic()
    hub.stop()
    assert time.monotonic() - before < 2
    connection.close()


# --- a Hub that does not stand still


def test_churn_shifts_rows_and_the_truth_says_what_stayed() -> None:
    sample = SampleHub(seed=9, n_models=4_000)
    churn = Churn(created_per_page=3, deleted_per_page=5, revealed_per_page=2, repeat_share=0.5, seed=4)
    view, second = ChurningView(sample, churn), ChurningView(sample, churn)
    hub, again = LoopbackHub(sample, view=view), LoopbackHub(sample, view=second)
    pages = crawl(hub, "/api/models?sort=createdAt&limit=100&expand=createdAt")
    keys = [row["_id"] for page in pages for row in page]
    stayed = view.throughout
    assert stayed <= set(keys)
    assert len(keys) > len(set(keys))  # rows were shifted over page borders
    assert view.deleted
    assert view.created
    assert not view.deleted & stayed
    assert not view.created & stayed
    assert len(stayed) < 4_000
    assert [
        row["_id"] for page in crawl(again, "/api/models?sort=createdAt&limit=100&expand=createdAt") for row in page
    ] == keys
    newest = json.loads(ask(hub, "/api/models?sort=createdAt&limit=1").body)[0]
    assert newest["_id"] in view.created
    by_downloads = [
        row["_id"] for page in crawl(again, "/api/models?sort=downloads&limit=1000&expand=downloads") for row in page
    ]
    assert second.throughout <= set(by_downloads)
    assert json.loads(ask(hub, "/api/models-json").body)["numTotalItems"] == sum(map(view.alive, range(view.size)))


def test_deleted_models_are_gone_and_records_do_not_grow() -> None:
    records = RecordHub([{"id": f"a/m{n}"} for n in range(40)])
    view = ChurningView(records, Churn(5, 4, 0, 0.0, seed=1))
    hub = LoopbackHub(records, view=view)
    crawl(hub, "/api/models?sort=createdAt&limit=10")
    assert view.deleted
    assert view.size == 40
    assert view.created == set()
    lost = next(records.record(index)["id"] for index in range(40) if not view.alive(index))
    assert code(ask(hub, f"/api/models/{lost}")) == (401, "RepoNotFound")
