"""The loopback Hub over given records."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from sample_hub import LoopbackHub, RecordHub


def fetch(address: str) -> tuple[list[dict[str, Any]], dict[str, str]]:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return json.load(answer), dict(answer.headers)


def test_records_are_listed_newest_first_with_what_was_given() -> None:
    records = [
        {"id": f"somebody/model-{n}", "createdAt": f"2023-01-{n + 1:02d}", "tags": ["a", "b"][: n % 2 + 1]}
        for n in range(5)
    ]
    with LoopbackHub(RecordHub(records, {"somebody/model-1": "# card"})) as hub:
        rows, headers = fetch(f"{hub.endpoint}/api/models?sort=createdAt&limit=2&expand=tags&expand[]=createdAt")
        assert [row["id"] for row in rows] == ["somebody/model-4", "somebody/model-3"]
        assert set(rows[0]) == {"_id", "id", "tags", "createdAt"}
        assert headers["Link"].startswith(f"<{hub.endpoint}/api/models?")
        assert headers["Link"].endswith('rel="next"')
        with urllib.request.urlopen(f"{hub.endpoint}/somebody/model-1/resolve/main/README.md", timeout=10) as answer:
            assert answer.read() == b"# card"


def test_two_records_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="unique"):
        RecordHub([{"id": "a/b"}, {"id": "a/b"}])


def test_everything_that_was_given_is_served() -> None:
    hub = RecordHub(
        [
            {"id": "a/old", "createdAt": "2021-05-01 10:00:00", "_id": "row-1"},
            {
                "id": "a/new",
                "createdAt": "2024-05-01T10:00:00.000Z",
                "sha": "f" * 40,
                "siblings": [{"rfilename": "model.bin"}],
            },
            {"id": "b/shut"},
            {"id": "b/off", "disabled": True},
            {"id": "b/lost"},
        ],
        {"a/old": "card"},
        files={"a/old": {"emissions.csv": b"x"}},
        datasets={"d/e": {"_id": "1", "id": "d/e", "usedStorage": 5}},
        access={"b/shut": "gated", "b/lost": "gone"},
        renamed={"a/older": "a/old"},
        label="five records",
    )
    by_id = {hub.record(index)["id"]: index for index in range(len(hub))}
    assert (hub.label, len(hub), hub.may_grow()) == ("five records", 5, False)
    assert hub.key(by_id["a/old"]) == "row-1"
    assert int(hub.key(by_id["a/new"])[:8], 16) == 1714557600  # date -u -d 2024-05-01T10:00 +%s
    assert [hub.access(by_id[name]) for name in ("a/old", "b/shut", "b/off", "b/lost")] == [
        "open",
        "gated",
        "disabled",
        "gone",
    ]
    assert hub.record(by_id["b/shut"])["gated"] == "manual"
    assert hub.files(by_id["a/old"]) == {"README.md": b"card", "emissions.csv": b"x"}
    assert [item["rfilename"] for item in hub.record(by_id["a/old"])["siblings"]] == [
        ".gitattributes",
        "README.md",
        "emissions.csv",
    ]
    assert hub.record(by_id["a/new"])["siblings"] == [{"rfilename": "model.bin"}]
    assert hub.commits(by_id["a/new"])[0]["id"] == "f" * 40
    assert hub.commits(by_id["a/old"])[-1]["date"] == "2021-05-01 10:00:00"
    assert (hub.moved("a/older"), hub.moved("a/old"), hub.find("a/older")) == ("a/old", None, None)
    assert (hub.dataset("d/e") or {})["usedStorage"] == 5
    assert hub.dataset("d/f") is None
    assert hub.matcher("co2_eq_emissions") is None


def test_records_of_the_same_second_are_listed_once_each() -> None:
    records = [{"id": f"a/m{n}", "_id": f"{n % 7}-{n}"} for n in range(60)]
    with LoopbackHub(RecordHub(records)) as hub:
        seen = []
        address: str | None = f"{hub.endpoint}/api/models?sort=createdAt&limit=7&expand=tags"
        while address:
            rows, headers = fetch(address)
            seen += [row["id"] for row in rows]
            address = headers["Link"][1:].partition(">")[0] if "Link" in headers else None
    assert sorted(seen) == sorted(record["id"] for record in records)


def test_files_without_text_are_empty_or_refused() -> None:
    names = ["config.json", "notes.txt", "model.safetensors"]
    record = {"id": "a/b", "siblings": [{"rfilename": name} for name in names], "usedStorage": 900}
    with LoopbackHub(RecordHub([record])) as hub:

        def status(path: str) -> tuple[int, bytes]:
            try:
                with urllib.request.urlopen(f"{hub.endpoint}/{path}", timeout=10) as answer:
                    return answer.status, answer.read()
            except urllib.error.HTTPError as error:
                return error.code, error.read()

        assert status("a/b/raw/main/config.json") == (200, b"{}\n")
        assert status("a/b/raw/main/notes.txt") == (200, b"")
        assert status("a/b/raw/main/model.safetensors")[0] == 403
        assert status("models-json?withCount=true")[0] == 200
        too_many = json.dumps({"paths": ["x"] * 2001}).encode()
        request = urllib.request.Request(
            f"{hub.endpoint}/api/models/a/b/paths-info/main",
            too_many,
            {"Content-Type": "application/json"},
            method="POST",
        )
        with pytest.raises(urllib.error.HTTPError, match="400"):
            urllib.request.urlopen(request, timeout=10).close()
