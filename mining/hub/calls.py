"""The calls a crawl makes: one page of the listing, and info, card, file, commits and data set of one repository."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import msgspec
from msgspec import Struct

from mining.errors import UnreachableError, UsageError
from mining.hub.answers import HubResponse, as_envelope, failed, short_address
from mining.hub.client import MAX_PAGE_BYTES, HubClient
from mining.hub.fields import FIELDS, expand_query, fields_left
from mining.hub.retry_policy import Read
from mining.hub.rows import NO_ID, NO_OBJECT, NOT_JSON, envelope_of, envelopes_of, rows_of
from mining.schema import Envelope

PAGE_ROWS = 1000
LISTING = "/api/models"


class Page(Struct):
    """One page of the listing.

    Attributes:
        envelopes: One envelope per row, in the server's order.
        next: Address of the next page; None at the end.
        fields: Fields that were asked for in the end.
        refused: Fields that the server refused.
    """

    envelopes: list[Envelope]
    next: str | None
    fields: tuple[str, ...]
    refused: tuple[str, ...] = ()


def listing_address(
    fields: tuple[str, ...], *, rows: int = PAGE_ROWS, filters: tuple[tuple[str, str], ...] = ()
) -> str:
    """Address of the first page: newest first, a keyset that no download or like can shift."""
    query = [("limit", str(rows)), ("sort", "createdAt"), *filters, *expand_query(fields)]
    return f"{LISTING}?{urlencode(query)}"


def call_page(client: HubClient, address: str) -> Page | HubResponse:
    """One page of the listing.

    Returns:
        The page, or the answer with its ``failure`` where the server refuses the question.

    Raises:
        UnreachableError: No page after all tries.
    """
    shown = short_address(address)
    answer = client.get(address, read=lambda body: envelopes_of(body, shown), max_bytes=MAX_PAGE_BYTES)
    if answer.failure in ("unreadable", "too-large") and answer.status < 400:
        raise UnreachableError(address, f"the answer is {answer.failure}")
    if answer.failure is not None:
        return answer
    if answer.next == address:
        raise UnreachableError(address, "the page names itself as the next one")
    return Page(envelopes=answer.content, next=answer.next, fields=())


def call_first_page(
    client: HubClient, fields: tuple[str, ...], *, rows: int, filters: tuple[tuple[str, str], ...]
) -> Page:
    """The first page; fields that the server refuses are dropped, which costs one request in all.

    Raises:
        UnreachableError: The listing cannot be had.
        UsageError: The server refuses the question itself.
    """
    asked = fields
    for _ in range(len(fields) + 1):
        page = call_page(client, listing_address(asked, rows=rows, filters=filters))
        if isinstance(page, Page):
            page.fields = asked
            page.refused = tuple(name for name in fields if name not in asked)
            return page
        message = _words(page)
        left = fields_left(asked, message) if page.status == 400 else asked
        if left == asked:
            raise UsageError(f"the Hub refuses the listing (HTTP {page.status}): {message[:300]}")
        asked = left
    raise UsageError("the Hub refuses every field of the listing")


def call_info(
    client: HubClient,
    model_id: str,
    key: str | None = None,
    *,
    kind: str = "info",
    revision: str | None = None,
    fields: tuple[str, ...] = FIELDS,
) -> list[Envelope]:
    """Information about one model, with the same fields as the listing.

    A renamed model gives two envelopes: the failure ``moved`` under its old name, and the answer under the new one.
    """
    path = f"{LISTING}/{quoted(model_id)}" + (f"/revision/{quote(revision, safe='')}" if revision else "")
    asked = fields
    answer = _ask(client, f"{path}?{urlencode(expand_query(asked))}", model_id, key, read=as_row)
    if isinstance(answer, HubResponse) and answer.status == 400:
        asked = fields_left(asked, _words(answer))
        answer = _ask(client, f"{path}?{urlencode(expand_query(asked))}", model_id, key, read=as_row)
    if isinstance(answer, Envelope):
        return [answer]
    if answer.failure is not None:
        return [as_envelope(answer, kind, model_id, key)]
    row: Envelope = answer.content
    if row.failure is not None:
        answer.failure = "unreadable"
        return [as_envelope(answer, kind, model_id, key)]
    envelope = msgspec.structs.replace(
        as_envelope(answer, kind, row.id, row.key or key), body=row.body, encoding="utf-8", repaired=row.repaired
    )
    if answer.moved_to is None or row.id == model_id:
        return [envelope]
    moved = Envelope(
        kind="failure",
        id=model_id,
        key=key,
        address=short_address(answer.address),
        status=307,
        headers={"location": answer.moved_to},
        failure="moved",
    )
    return [moved, envelope]


def call_card(client: HubClient, model_id: str, key: str | None, revision: str | None) -> Envelope:
    """The model card at a revision, by resolver."""
    return call_file(client, model_id, key, revision, "README.md", kind="card")


def call_file(
    client: HubClient, model_id: str, key: str | None, revision: str | None, name: str, *, kind: str = "file"
) -> Envelope:
    """A small text file at a revision, by resolver."""
    if any(part in ("", ".", "..") for part in name.split("/")):
        return failed(f"/{model_id}/resolve", model_id, "unreadable", key, reason="path trick in the file name")
    address = f"/{quoted(model_id)}/resolve/{quote(revision or 'main', safe='')}/{quote(name)}"
    answer = _ask(client, address, model_id, key, bucket="resolvers")
    return answer if isinstance(answer, Envelope) else as_envelope(answer, kind, model_id, key)


def call_commits(client: HubClient, model_id: str, key: str | None, revision: str | None) -> Envelope:
    """The page of the commit list that holds the first commit.

    One request, as long as all commits fit on one page; where ``X-Total-Count`` says that they do not, the last page is
    asked for.
    """
    address = f"{LISTING}/{quoted(model_id)}/commits/{quote(revision or 'main', safe='')}"
    answer = _ask(client, f"{address}?p=0&limit={PAGE_ROWS}", model_id, key, read=rows_of)
    if isinstance(answer, HubResponse) and answer.failure is None:
        rows = len(answer.content)
        total = answer.headers.get("x-total-count", "")
        if rows and total.isascii() and total.isdigit() and len(total) < 10 and rows < int(total):
            answer = _ask(client, f"{address}?p={(int(total) - 1) // rows}&limit={rows}", model_id, key, read=rows_of)
    return answer if isinstance(answer, Envelope) else as_envelope(answer, "commits", model_id, key)


def call_dataset(client: HubClient, dataset_id: str) -> Envelope:
    """Information about one data set."""
    answer = _ask(client, f"/api/datasets/{quoted(dataset_id)}", dataset_id, None, read=as_row)
    if isinstance(answer, HubResponse) and answer.failure is None and answer.content.failure is not None:
        answer.failure = "unreadable"
    return answer if isinstance(answer, Envelope) else as_envelope(answer, "dataset", dataset_id)


def _ask(
    client: HubClient, address: str, model_id: str, key: str | None, *, bucket: str = "api", read: Read | None = None
) -> HubResponse | Envelope:
    """The answer, or an envelope that says why there is none."""
    try:
        return client.get(address, bucket=bucket, read=read)
    except UnreachableError as error:
        return failed(short_address(address), model_id, "unreachable", key, reason=error.reason)


def as_row(body: bytes) -> Envelope:
    """The description of one repository, judged as a row of a listing is.

    Raises:
        ValueError: It is no JSON object at all.
    """
    envelope = envelope_of(body, "")
    if envelope.failure in (NOT_JSON, NO_OBJECT, NO_ID):
        raise ValueError(envelope.failure)
    return envelope


def quoted(repository: str) -> str:
    """A repository name for use in a path.

    Raises:
        UsageError: The name could leave its place in the path.
    """
    parts = repository.split("/")
    if len(parts) > 2 or any(part in ("", ".", "..") for part in parts):
        raise UsageError(f"not the name of a repository: {repository!r}")
    try:
        return "/".join(quote(part, safe="") for part in parts)
    except UnicodeEncodeError:
        raise UsageError(f"not the name of a repository: {repository!r}") from None


def _words(answer: HubResponse) -> str:
    """What the server says in a refusal."""
    return f"{answer.headers.get('x-error-message', '')} {answer.body.decode('utf-8', 'replace')}".replace('\\"', '"')
