"""``GET /api/models``: filters, sort keys, fields, pages, and the keyset cursor in ``Link``."""

from __future__ import annotations

import base64
import binascii
import bisect
import itertools
import json
import threading
from collections.abc import Callable, Collection, Iterator
from typing import Any
from urllib.parse import urlencode

import msgspec

from sample_hub.server.answers import Request, Response, refusal
from sample_hub.server.catalog import Record
from sample_hub.server.view import View

PAGE = 1000
MOST_SORTED = 100_000
SORTS = ("createdAt", "lastModified", "downloads", "likes", "trendingScore")
EXPANDABLE = (
    "author", "baseModels", "cardData", "childrenModelCount", "config", "createdAt", "disabled", "downloads",
    "downloadsAllTime", "evalResults", "gated", "gguf", "inference", "inferenceProviderMapping", "lastModified",
    "library_name", "likes", "mask_token", "model-index", "pipeline_tag", "private", "resourceGroup", "safetensors",
    "sha", "siblings", "spaces", "tags", "transformersInfo", "trendingScore", "usedStorage", "widgetData",
)  # fmt: skip
# Left out of the listing's documentation (huggingface_hub 2.4, HfApi.list_models); the Hub refuses them there.
REFUSED_IN_LISTING = frozenset({"childrenModelCount", "usedStorage"})
ALWAYS = ("_id", "id")
BRIEF = (
    *ALWAYS, "likes", "trendingScore", "private", "downloads", "tags", "pipeline_tag", "library_name", "createdAt",
    "modelId",
)  # fmt: skip
FULL = (*BRIEF, "author", "gated", "lastModified", "sha", "siblings")


def expand_asked(request: Request) -> list[str]:
    """Fields asked for, under either spelling of the parameter."""
    return [name for key, name in request.query if key in ("expand", "expand[]")]


def refused_field(asked: list[str], refused: Collection[str]) -> Response | None:
    """The Hub's 400 for the first field it does not expand, or None."""
    for place, name in enumerate(asked):
        if name not in EXPANDABLE or name in refused:
            allowed = "|".join(f'"{field}"' for field in EXPANDABLE if field not in refused)
            return refusal(400, f"✖ Invalid option: expected one of {allowed}\n  → at expand[{place}]")
    return None


def fields_of_list(request: Request, asked: list[str]) -> tuple[str, ...]:
    """Names of the fields that each row of the listing carries."""
    if asked:
        return (*ALWAYS, *asked)
    fields = FULL if is_true(request.one("full")) else BRIEF
    extra = tuple(name for key, name in (("cardData", "cardData"), ("config", "config")) if is_true(request.one(key)))
    return (*fields, *extra)


def is_true(value: str | None) -> bool:
    """Whether a query parameter is switched on."""
    return value is not None and value.lower() in ("true", "1")


def pick(record: Record, fields: tuple[str, ...]) -> Record:
    """The fields of a record that it has; the Hub leaves out what does not apply."""
    return {name: record[name] for name in fields if name in record}


def encode_cursor(value: Any, key: str) -> str:
    """Cursor behind a row: base64 JSON over (sort key, ``_id``)."""
    return base64.b64encode(json.dumps([value, key], separators=(",", ":")).encode()).decode()


def decode_cursor(text: str) -> tuple[Any, str] | None:
    """What :func:`encode_cursor` wrote, or None where it is not a cursor."""
    try:
        value, key = json.loads(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError, TypeError):
        return None
    return (value, key) if isinstance(key, str) else None


class CreationOrder:
    """Models by (``createdAt``, ``_id``): the catalog's own order, found by bisection, nothing kept in memory."""

    def __init__(self, view: View) -> None:
        self._view = view

    def start(self, cursor: tuple[Any, str] | None, *, repeat: bool) -> int:
        """Index of the first row at or below the cursor, counting downwards."""
        size = self._view.size
        if cursor is None:
            return size - 1
        catalog = self._view.catalog
        place = bisect.bisect_left(
            range(size), (str(cursor[0]), cursor[1]), key=lambda i: (catalog.created(i), catalog.key(i))
        )
        return place if repeat and place < size else place - 1

    def below(self, start: int) -> Iterator[int]:
        """Indices of models from there on, newest first."""
        return iter(range(start, -1, -1))

    def value(self, record: Record) -> Any:
        """Sort key of a record."""
        return record["createdAt"]


class SortedOrder:
    """Models by another field: sorted once, kept in memory, newcomers added."""

    def __init__(self, view: View, field: str) -> None:
        self._view = view
        self._field = field
        self._rows: list[tuple[Any, str, int]] = []
        self._known = 0
        self._lock = threading.Lock()
        self._grow()

    def _grow(self) -> None:
        with self._lock:
            catalog = self._view.catalog
            for index in range(self._known, self._view.size):
                record = catalog.record(index)
                self._rows.append((self.value(record), record["_id"], index))
            if self._known < self._view.size:
                self._rows.sort()
            self._known = self._view.size

    def start(self, cursor: tuple[Any, str] | None, *, repeat: bool) -> int:
        """Place of the first row at or below the cursor, counting downwards."""
        self._grow()
        if cursor is None:
            return len(self._rows) - 1
        place = bisect.bisect_left(self._rows, cursor, key=lambda row: (row[0], row[1]))
        return place if repeat and place < len(self._rows) else place - 1

    def below(self, start: int) -> Iterator[int]:
        """Indices of models from there on, largest value first."""
        return (self._rows[place][2] for place in range(start, -1, -1))

    def value(self, record: Record) -> Any:
        """Sort key of a record; a missing number counts as 0."""
        return record.get(self._field, "" if self._field == "lastModified" else 0)


class Listing:
    """The listing of one view.

    Args:
        view: Models as they stand.
        refused: Fields that the listing refuses to expand.
    """

    def __init__(self, view: View, refused: Collection[str] = REFUSED_IN_LISTING) -> None:
        self._view = view
        self._refused = frozenset(refused)
        self._orders: dict[str, CreationOrder | SortedOrder] = {"createdAt": CreationOrder(view)}
        self._lock = threading.Lock()
        self._encoder = msgspec.json.Encoder()

    def answer(self, request: Request) -> Response:
        """One page of models, with the address of the next one in ``Link``."""
        asked = expand_asked(request)
        sort = request.one("sort") or self._usual_sort()
        cursor_text = request.one("cursor")
        cursor = decode_cursor(cursor_text) if cursor_text else None
        size = page_size(request.one("limit"))
        problem = refused_field(asked, self._refused) or bad_request(request, sort, size, cursor_text, cursor)
        if problem is not None:
            return problem
        repeat = self._view.turn() and cursor is not None
        order = self._order(sort)
        fields = fields_of_list(request, asked)
        encode = self._encoder.encode
        parts: list[bytes] = []
        last: Record = {}
        # Encoded one by one: a page of records held at once costs twice the time (garbage collection, cache misses).
        for last in itertools.islice(self._rows(request, order.start(cursor, repeat=repeat), order), size):
            parts.append(encode({name: last[name] for name in fields if name in last}))
        headers = {}
        if len(parts) == size:
            headers["Link"] = f'<{next_address(request, encode_cursor(order.value(last), last["_id"]))}>; rel="next"'
        return Response(200, b"[" + b",".join(parts) + b"]", headers)

    def _usual_sort(self) -> str:
        """Sort key where none is asked for; very large catalogs are not sorted for it."""
        return "trendingScore" if len(self._view.catalog) <= MOST_SORTED else "createdAt"

    def _order(self, sort: str) -> CreationOrder | SortedOrder:
        with self._lock:
            if sort not in self._orders:
                self._orders[sort] = SortedOrder(self._view, sort)
            return self._orders[sort]

    def _rows(self, request: Request, start: int, order: CreationOrder | SortedOrder) -> Iterator[Record]:
        """Records from a place on, downwards, that pass the request's tests."""
        catalog, view = self._view.catalog, self._view
        quick, slow = self._tests(request)
        indices = order.below(start)
        if not view.quiet:
            indices = filter(view.alive, indices)
        for test in quick:
            indices = filter(test, indices)
        records: Iterator[Record] = map(catalog.record, indices)
        for check in slow:
            records = filter(check, records)
        return records

    def _tests(self, request: Request) -> tuple[list[Callable[[int], bool]], list[Callable[[Record], bool]]]:
        """Tests on the index alone, where the catalog has a shortcut, and tests on the record."""
        quick: list[Callable[[int], bool]] = []
        slow: list[Callable[[Record], bool]] = []
        author = request.one("author")
        wanted = [tag for text in request.all("filter") for tag in text.split(",") if tag]
        for wish in [*wanted, *([f"author:{author}"] if author else [])]:
            test = self._view.catalog.matcher(wish)
            if test is not None:
                quick.append(test)
        slow.extend(has_tag(tag) for tag in wanted)
        if author:
            slow.append(lambda record: record.get("author") == author)
        search = request.one("search")
        if search:
            slow.append(lambda record: search.lower() in record["id"].lower())
        task = request.one("pipeline_tag")
        if task:
            slow.append(lambda record: record.get("pipeline_tag") == task)
        gating = request.one("gated")
        if gating is not None:
            slow.append(lambda record: bool(record.get("gated")) == is_true(gating))
        return quick, slow


def has_tag(tag: str) -> Callable[[Record], bool]:
    """A test for one tag; task and library count as tags, as on the Hub."""
    return lambda record: tag in record["tags"] or tag in (record.get("pipeline_tag"), record.get("library_name"))


def page_size(text: str | None) -> int | None:
    """Rows of a page: 1000 unless fewer are asked for; None where the text is no number."""
    if text is None:
        return PAGE
    return max(1, min(PAGE, int(text))) if text.isdigit() else None


def bad_request(
    request: Request, sort: str, size: int | None, cursor_text: str | None, cursor: object
) -> Response | None:
    """The Hub's 400 for parameters that cannot be understood, or None."""
    if sort not in SORTS:
        return refusal(400, f'Invalid sort parameter "{sort}"')
    if size is None:
        return refusal(400, f"✖ Invalid input: expected number, received NaN\n  → at limit ({request.one('limit')})")
    if cursor_text and cursor is None:
        return refusal(400, "Invalid cursor")
    return None


def next_address(request: Request, cursor: str) -> str:
    """Address of the next page on the server's own host, with every parameter of this one."""
    query = [(name, value) for name, value in request.query if name != "cursor"]
    return f"{request.host}{request.path}?{urlencode([*query, ('cursor', cursor)])}"
