"""One model by its name: what the census would have stored of it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import msgspec

from mining.hub.answers import failed
from mining.hub.calls import call_card, call_file, call_info
from mining.hub.client import HubClient
from mining.meter_files import MAX_FILES, meter_files
from mining.schema import Envelope

EMISSIONS_FILE = "emissions.csv"


class Sibling(msgspec.Struct):
    """One file of a repository."""

    rfilename: str = ""


class ModelHead(msgspec.Struct):
    """What decides which further calls a model needs."""

    id: str
    key: str | None = msgspec.field(name="_id", default=None)
    sha: str | None = None
    created_at: str | None = msgspec.field(name="createdAt", default=None)
    siblings: list[Sibling] | None = None
    tags: list[str] | None = None
    library_name: str | None = None
    card_data: Any = msgspec.field(name="cardData", default=None)


_head_decoder = msgspec.json.Decoder(ModelHead)


def read_head(envelope: Envelope) -> ModelHead:
    """Head of a model or info envelope; a field of another type than it must be is not there."""
    try:
        return _head_decoder.decode(envelope.body)
    except (msgspec.MsgspecError, RecursionError):
        return _head_by_field(envelope)


def _head_by_field(envelope: Envelope) -> ModelHead:
    head = ModelHead(id=envelope.id, key=envelope.key)
    try:
        fields = msgspec.json.decode(envelope.body, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, RecursionError):
        return head
    for field in msgspec.structs.fields(ModelHead):
        if field.encode_name in fields and field.name not in ("id", "key"):
            with suppress(msgspec.MsgspecError, RecursionError):
                setattr(head, field.name, msgspec.json.decode(fields[field.encode_name], type=field.type))
    return head


def emissions_file(head: ModelHead) -> str | None:
    """The meter's log among the listed files: the one nearest to the root, then the first by name."""
    names = [s.rfilename for s in head.siblings or () if s.rfilename.rpartition("/")[2] == EMISSIONS_FILE]
    return min(names, key=lambda name: (name.count("/"), name)) if names else None


def lists_card(head: ModelHead) -> bool:
    """Whether the listing shows a model card, or does not tell."""
    return head.siblings is None or any(s.rfilename == "README.md" for s in head.siblings)


def fetch_card(client: HubClient, head: ModelHead, key: str | None) -> Envelope:
    """The card at the listed revision; not asked where the listing shows none (failure ``absent``, status 0)."""
    if not lists_card(head):
        address = f"/{head.id}/resolve/{head.sha or 'main'}/README.md"
        return failed(address, head.id, "absent", key, reason="not among the listed files")
    return call_card(client, head.id, key, head.sha)


def fetch_model(client: HubClient, model_id: str, revision: str | None = None) -> list[Envelope]:
    """Everything that judging one model needs.

    Args:
        client: The Hub to ask.
        model_id: ``author/name``, or a legacy single name.
        revision: Branch, tag or commit; None for the main branch as it stands.

    Returns:
        A ``model`` envelope, its ``card``, and the ``file`` of each meter in the listed folder nearest to the root.
        What cannot be had is a ``failure`` (gated, gone, disabled, moved, unreadable, unreachable, too-large, absent);
        without a ``model`` envelope there is nothing else.

    Raises:
        UsageError: ``model_id`` is not the name of a repository.
    """
    envelopes = call_info(client, model_id, kind="model", revision=revision)
    model = envelopes[-1]
    if model.kind != "model":
        return envelopes
    head = read_head(model)
    envelopes.append(fetch_card(client, head, model.key))
    names = meter_files(sibling.rfilename for sibling in head.siblings or ())
    folder = names[0].rpartition("/")[0] if names else ""
    names = [name for name in names if name.rpartition("/")[0] == folder][:MAX_FILES]
    return envelopes + [call_file(client, head.id, model.key, head.sha, name) for name in names]
