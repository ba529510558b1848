"""The Hub's JSON as typed structs, read tolerantly.

A row that decodes as a whole is the normal and fast case. Where one field has a wrong type, the row is read field by
field: the field is missing and its name is noted; only a row without a name is refused. Keys that are not known are
counted, never silently dropped.

Source of the fields: ``huggingface_hub`` 2.4, ``hf_api.py`` (``expand``), and recorded answers.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

CARBON_WORDS = (b"co2", b"carbon", b"emission")
"""Words without one of which metadata, in lower case, say nothing of carbon."""
NOTHING = msgspec.Raw(b"null")
"""A field that is not there, or null; ``Raw`` cannot stand in a union."""


class Safetensors(Struct):
    """Stored elements by data type, from the headers of the weight files."""

    parameters: dict[str, int] = {}
    total: int | None = None


class Gguf(Struct):
    """What the Hub reads from the header of a GGUF file; ``total`` is the number of parameters."""

    total: int | None = None
    architecture: str | None = None


class NamedModel(Struct):
    """A model that another was made from."""

    id: str


class BaseModels(Struct):
    """Relation to the base, and the bases."""

    relation: str | None = None
    models: list[NamedModel] = []


class Sibling(Struct):
    """One file of the repository."""

    rfilename: str
    size: int | None = None


class CardData(Struct):
    """Keys of the card's metadata that become columns; anything may stand in them."""

    license: Any = None
    license_name: Any = None
    language: Any = None
    datasets: Any = None
    base_model: Any = None
    base_model_relation: Any = None
    library_name: Any = None
    pipeline_tag: Any = None
    tags: Any = None
    co2_eq_emissions: Any = None
    model_index: Any = msgspec.field(default=None, name="model-index")


class ListedCard(CardData):
    """The same as they lie in a listing: what hardly anybody asks for stays as it is on the wire."""

    model_index: msgspec.Raw = msgspec.field(default=NOTHING, name="model-index")


class HubRow(Struct, forbid_unknown_fields=True):
    """One model as listed by ``GET /api/models`` or answered by ``GET /api/models/{id}``.

    What most models do not need is kept as it lies on the wire (``Raw``) and decoded when it is asked for.
    """

    key: str | None = msgspec.field(default=None, name="_id")
    id: str | None = None
    model_id: str | None = msgspec.field(default=None, name="modelId")
    author: str | None = None
    sha: str | None = None
    created_at: str | None = msgspec.field(default=None, name="createdAt")
    last_modified: str | None = msgspec.field(default=None, name="lastModified")
    gated: bool | str | None = None
    disabled: bool | None = None
    downloads: int | None = None
    downloads_all_time: int | None = msgspec.field(default=None, name="downloadsAllTime")
    likes: int | None = None
    pipeline_tag: str | None = None
    library_name: str | None = None
    tags: list[str] | None = None
    card_data: msgspec.Raw = msgspec.field(default=NOTHING, name="cardData")
    siblings: msgspec.Raw = NOTHING
    used_storage: int | None = msgspec.field(default=None, name="usedStorage")
    safetensors: Safetensors | None = None
    gguf: Gguf | None = None
    base_models: BaseModels | None = msgspec.field(default=None, name="baseModels")
    model_index: msgspec.Raw = msgspec.field(default=NOTHING, name="model-index")
    eval_results: msgspec.Raw = msgspec.field(default=NOTHING, name="evalResults")
    private: msgspec.Raw = NOTHING
    config: msgspec.Raw = NOTHING
    trending_score: msgspec.Raw = msgspec.field(default=NOTHING, name="trendingScore")
    spaces: msgspec.Raw = NOTHING
    widget_data: msgspec.Raw = msgspec.field(default=NOTHING, name="widgetData")
    mask_token: msgspec.Raw = NOTHING
    inference: msgspec.Raw = NOTHING
    providers: msgspec.Raw = msgspec.field(default=NOTHING, name="inferenceProviderMapping")
    transformers_info: msgspec.Raw = msgspec.field(default=NOTHING, name="transformersInfo")
    children_count: msgspec.Raw = msgspec.field(default=NOTHING, name="childrenModelCount")
    resource_group: msgspec.Raw = msgspec.field(default=NOTHING, name="resourceGroup")
    security_status: msgspec.Raw = msgspec.field(default=NOTHING, name="securityStatus")
    security_repo_status: msgspec.Raw = msgspec.field(default=NOTHING, name="securityRepoStatus")
    xet_enabled: msgspec.Raw = msgspec.field(default=NOTHING, name="xetEnabled")


_FIELDS = msgspec.structs.fields(HubRow)
_KNOWN = frozenset(field.encode_name for field in _FIELDS)
_row_decoder = msgspec.json.Decoder(HubRow)
_loose_decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])
_card_decoder = msgspec.json.Decoder(ListedCard)
_siblings_decoder = msgspec.json.Decoder(list[Sibling])
_any_decoder = msgspec.json.Decoder()


MAX_DEPTH = 40
MAX_EXACT = 2.0**63
"""Numbers from here on are nothing that was counted."""


class WireFaultError(ValueError):
    """A body that is no model: the message is the reason, from the closed list of rejections."""


def decode_row(body: str | bytes) -> tuple[HubRow, tuple[str, ...]]:
    """Decode one model of the Hub.

    Args:
        body: JSON of one model.

    Returns:
        The row, and notes: ``unknown-key:NAME`` and ``wrong-type:NAME``.

    Raises:
        WireFaultError: ``not-json``, ``not-an-object`` or ``no-name``.
    """
    notes: tuple[str, ...] = ()
    try:
        row = _row_decoder.decode(body)
    except msgspec.ValidationError:
        row, notes = _by_field(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise WireFaultError("not-json") from error
    if not (row.id or row.model_id):
        raise WireFaultError("no-name")
    return row, notes


def _by_field(body: str | bytes) -> tuple[HubRow, tuple[str, ...]]:
    """Read each field on its own; those of a wrong type are missing and named, as are keys that are not known."""
    try:
        loose = _loose_decoder.decode(body)
    except msgspec.ValidationError as error:
        raise WireFaultError("not-an-object") from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise WireFaultError("not-json") from error
    values: dict[str, Any] = {}
    notes = [f"unknown-key:{name[:60]}" for name in sorted(loose.keys() - _KNOWN)]
    for field in _FIELDS:
        raw = loose.get(field.encode_name)
        if raw is None:
            continue
        try:
            values[field.name] = raw if field.type is msgspec.Raw else _typed(raw, field.type)
        except msgspec.MsgspecError:
            notes.append(f"wrong-type:{field.encode_name}")
    return HubRow(**values), tuple(notes)


def _typed(raw: msgspec.Raw, wanted: Any) -> Any:
    """One field in its type.

    A whole number may be written with a point (``7000000000.0``), in digits as text, or stand deep inside.

    Raises:
        msgspec.MsgspecError: It has another type.
    """
    try:
        return msgspec.json.decode(raw, type=wanted)
    except msgspec.ValidationError:
        return msgspec.convert(_with_whole_numbers(msgspec.json.decode(raw)), wanted, strict=wanted not in _COUNTS)


_COUNTS = (int | None, int)


def _with_whole_numbers(value: Any) -> Any:
    """The value with every number that has no fraction as a whole number, and lists without their gaps."""
    if isinstance(value, float) and value.is_integer() and abs(value) < MAX_EXACT:
        return int(value)
    if isinstance(value, dict):
        return {key: _with_whole_numbers(member) for key, member in value.items() if member is not None}
    if isinstance(value, list):
        return [_with_whole_numbers(member) for member in value if member is not None]
    return value


def decode_siblings(raw: msgspec.Raw) -> list[Sibling] | None:
    """Files of the repository; None where they are not listed, or the list cannot be read."""
    if raw == NOTHING:
        return None
    try:
        return _siblings_decoder.decode(raw)
    except msgspec.DecodeError:
        return None


def decode_card_data(raw: msgspec.Raw) -> ListedCard | None:
    """Metadata of the card, or None where there is none or it is no mapping."""
    if len(raw) <= len(NOTHING):
        return None
    try:
        return _card_decoder.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        return None


def decode_any(raw: msgspec.Raw | str | bytes) -> Any:
    """Any JSON value; None where it cannot be read."""
    try:
        return _any_decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def is_deep(value: Any) -> bool:
    """Whether a value is nested deeper than anything that people write."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            return True
        holders = [member for member in level if isinstance(member, dict | list)]
        level = [inner for holder in holders for inner in (holder.values() if isinstance(holder, dict) else holder)]
    return False


def texts(value: Any, *, limit: int = 200) -> tuple[str, ...]:
    """A metadata value as texts: a scalar becomes one, a list several, anything else none.

    YAML 1.1 reads the language code ``no`` as false; false is therefore given back as ``no``.
    """
    if value is None:
        return ()
    if isinstance(value, str):
        value = value.strip()
        return (value,) if value else ()
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        return texts(value[0])
    found: list[str] = []
    items = value if isinstance(value, list) else [value]
    for item in items[:limit]:
        if item is False:
            found.append("no")
        elif isinstance(item, str) and item.strip():
            found.append(item.strip())
    return tuple(dict.fromkeys(found))
