"""What the loopback Hub serves: the contract of a catalog, and a catalog over given records."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal, Protocol

Access = Literal["open", "gated", "disabled", "gone"]
Record = dict[str, Any]
FLOOR = "2022-03-02T23:29:04.000Z"


class Catalog(Protocol):
    """Models in the order of their creation, addressed by index; everything else is derived from the index.

    ``(created(i), key(i))`` ascends with ``i`` and is unique, so that the keyset cursor of the listing can be found by
    bisection.
    """

    @property
    def label(self) -> str:
        """What kind of data this is, for people."""
        ...

    def __len__(self) -> int:
        """Number of models at the start."""
        ...

    def key(self, index: int) -> str:
        """The model's ``_id``."""
        ...

    def created(self, index: int) -> str:
        """The model's ``createdAt``."""
        ...

    def record(self, index: int) -> Record:
        """Every field the Hub knows of the model."""
        ...

    def files(self, index: int) -> dict[str, bytes]:
        """Text files of the model that can be fetched."""
        ...

    def commits(self, index: int) -> list[Record]:
        """Commits, newest first."""
        ...

    def access(self, index: int) -> Access:
        """Who may read the model's files."""
        ...

    def find(self, model_id: str) -> int | None:
        """Index of a model, or None."""
        ...

    def moved(self, model_id: str) -> str | None:
        """New name of a renamed model, or None."""
        ...

    def dataset(self, dataset_id: str) -> Record | None:
        """Information about a data set, or None."""
        ...

    def dataset_files(self, dataset_id: str) -> Mapping[str, bytes]:
        """Files of a data set that can be fetched, by path."""
        ...

    def matcher(self, tag: str) -> Callable[[int], bool] | None:
        """A fast test for one tag or ``author:NAME``, where the catalog has one."""
        ...

    def may_grow(self) -> bool:
        """Whether indices beyond the length can be asked for (models created while the server runs)."""
        ...


def hub_key(created: str, number: int) -> str:
    """An ``_id`` as the Hub makes it: creation second in the first four bytes, a counter in the last three."""
    moment = datetime.fromisoformat(created)
    second = int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    return f"{second:08x}{0xAB12CD34EF:010x}{number:06x}"


class RecordHub:
    """A catalog over given records, for instance the published models written as Hub records.

    Args:
        records: Records as the Hub would list them; only ``id`` is needed. ``_id``, ``createdAt``, ``sha``, ``tags``,
            ``downloads``, ``likes``, ``private``, ``gated`` and ``disabled`` are filled in where absent.
        cards: README.md texts by model id.
        files: Further text files by model id.
        datasets: Answers of ``/api/datasets/{id}`` by data set id.
        dataset_files: Files of data sets by data set id and path; a data set without an answer of its own gets one that
            lists them.
        access: Models that are not open, by id: ``gated``, ``disabled`` or ``gone``.
        renamed: New names by old names.
        label: What kind of data this is.
    """

    def __init__(
        self,
        records: Iterable[Mapping[str, Any]],
        cards: Mapping[str, str] | None = None,
        *,
        files: Mapping[str, Mapping[str, bytes]] | None = None,
        datasets: Mapping[str, Record] | None = None,
        dataset_files: Mapping[str, Mapping[str, bytes]] | None = None,
        access: Mapping[str, Access] | None = None,
        renamed: Mapping[str, str] | None = None,
        label: str = "given records",
    ) -> None:
        self._label = label
        self._cards = dict(cards or {})
        self._files = {name: dict(those) for name, those in (files or {}).items()}
        self._dataset_files = dict(dataset_files or {})
        self._datasets = {name: dataset_record(name, files) for name, files in self._dataset_files.items()} | dict(
            datasets or {}
        )
        self._access = dict(access or {})
        self._renamed = dict(renamed or {})
        filled = [self._filled(dict(record), number) for number, record in enumerate(records)]
        self._records = sorted(filled, key=lambda record: (record["createdAt"], record["_id"]))
        self._index = {record["id"]: number for number, record in enumerate(self._records)}
        if len(self._index) != len(self._records):
            raise ValueError("records must have unique ids")

    def _filled(self, record: Record, number: int) -> Record:
        model_id = record["id"]
        created = record.setdefault("createdAt", FLOOR)
        record.setdefault("_id", hub_key(created, number))
        record.setdefault("modelId", model_id)
        if "/" in model_id:
            record.setdefault("author", model_id.partition("/")[0])
        record.setdefault(
            "sha",
            hashlib.sha1(f"{model_id}\n{self._cards.get(model_id, '')}".encode(), usedforsecurity=False).hexdigest(),
        )
        for name, value in (("private", False), ("gated", False), ("disabled", False), ("downloads", 0), ("likes", 0)):
            record.setdefault(name, value)
        record.setdefault("lastModified", created)
        record.setdefault("tags", [])
        if self._access.get(model_id) == "gated" and not record["gated"]:
            record["gated"] = "manual"
        record["disabled"] = record["disabled"] or self._access.get(model_id) == "disabled"
        if "siblings" not in record:
            names = {".gitattributes", *self._text_files(model_id)}
            record["siblings"] = [{"rfilename": name} for name in sorted(names)]
        return record

    def _text_files(self, model_id: str) -> dict[str, bytes]:
        texts = dict(self._files.get(model_id, {}))
        if model_id in self._cards:
            texts["README.md"] = self._cards[model_id].encode("utf-8", "surrogateescape")
        return texts

    @property
    def label(self) -> str:
        """What kind of data this is."""
        return self._label

    def __len__(self) -> int:
        """Number of models."""
        return len(self._records)

    def key(self, index: int) -> str:
        """The model's ``_id``."""
        return str(self._records[index]["_id"])

    def created(self, index: int) -> str:
        """The model's ``createdAt``."""
        return str(self._records[index]["createdAt"])

    def record(self, index: int) -> Record:
        """Everything known of the model."""
        return self._records[index]

    def files(self, index: int) -> dict[str, bytes]:
        """README.md and what else was given."""
        return self._text_files(self._records[index]["id"])

    def commits(self, index: int) -> list[Record]:
        """Two commits: the first, and the listed revision."""
        record = self._records[index]
        first = hashlib.sha1(record["sha"].encode(), usedforsecurity=False).hexdigest()
        return [
            commit_row(record["sha"], "Update README.md", record["lastModified"], record.get("author")),
            commit_row(first, "initial commit", record["createdAt"], record.get("author")),
        ]

    def access(self, index: int) -> Access:
        """Who may read the model's files."""
        record = self._records[index]
        default: Access = "disabled" if record["disabled"] else "gated" if record["gated"] else "open"
        return self._access.get(record["id"], default)

    def find(self, model_id: str) -> int | None:
        """Index of a model, or None."""
        return self._index.get(model_id)

    def moved(self, model_id: str) -> str | None:
        """New name of a renamed model, or None."""
        return self._renamed.get(model_id)

    def dataset(self, dataset_id: str) -> Record | None:
        """Information about a data set, or None."""
        return self._datasets.get(dataset_id)

    def dataset_files(self, dataset_id: str) -> Mapping[str, bytes]:
        """Files that were given for a data set."""
        return self._dataset_files.get(dataset_id, {})

    def matcher(self, tag: str) -> Callable[[int], bool] | None:
        """No shortcut: the listing looks at the records."""
        return None

    def may_grow(self) -> bool:
        """Given records do not grow."""
        return False


def commit_row(sha: str, title: str, date: str, user: str | None) -> Record:
    """One commit as ``/commits`` lists it."""
    return {
        "id": sha,
        "title": title,
        "message": "",
        "date": date,
        "authors": [{"user": user or "synthetic-user", "avatar": ""}],
    }


def dataset_record(dataset_id: str, files: Mapping[str, bytes]) -> Record:
    """Information about a data set that holds these files; its commit follows from their content."""
    total = hashlib.sha1(usedforsecurity=False)
    for name, content in sorted(files.items()):
        total.update(name.encode() + b"\0" + content)
    return {
        "_id": hub_key(FLOOR, 0),
        "id": dataset_id,
        "author": dataset_id.partition("/")[0],
        "sha": total.hexdigest(),
        "lastModified": FLOOR,
        "createdAt": FLOOR,
        "private": False,
        "gated": False,
        "disabled": False,
        "tags": [],
        "downloads": 0,
        "likes": 0,
        "siblings": [{"rfilename": name} for name in sorted(files)],
        "usedStorage": sum(map(len, files.values())),
    }
