"""The loopback Hub over given records."""

from __future__ import annotations

import json
import urllib.request

import pytest

from mining.loopback import LoopbackHub, RecordHub


def fetch(address: str) -> tuple[list[dict], dict[str, str]]:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return json.load(answer), dict(answer.headers)


def test_records_are_listed_newest_first_with_what_was_given():
    records = [{"id": f"somebody/model-{n}", "createdAt": f"2023-01-{n + 1:02d}", "tags": ["a", "b"][: n % 2 + 1]} for n in range(5)]
    with LoopbackHub(RecordHub(records, {"somebody/model-1": "# card"})) as hub:
        rows, headers = fetch(f"{hub.endpoint}/api/models?sort=createdAt&limit=2&expand=tags&expand[]=createdAt")
        assert [row["id"] for row in rows] == ["somebody/model-4", "somebody/model-3"]
        assert set(rows[0]) == {"_id", "id", "tags", "createdAt"}
        assert headers["Link"].startswith(f"<{hub.endpoint}/api/models?")
        assert headers["Link"].endswith('rel="next"')
        with urllib.request.urlopen(f"{hub.endpoint}/somebody/model-1/resolve/main/README.md", timeout=10) as answer:
            assert answer.read() == b"# card"


def test_two_records_of_one_name_are_refused():
    with pytest.raises(ValueError, match="unique"):
        RecordHub([{"id": "a/b"}, {"id": "a/b"}])
