"""One model: its row on the wire and what else was received about it become a record, claims and metrics.

Or a rejection.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct

from mining.normalize.domain import domain_of
from mining.normalize.generator import generator_of
from mining.normalize.licences import licence_of
from mining.normalize.model_responses import ModelResponses, sort_responses
from mining.normalize.settled import settled
from mining.normalize.size import NO_SIZE, Size, has_weights, parameters_of, storage_of, totals_disagree
from mining.normalize.strata import popularity_class, size_class, stratum_of
from mining.normalize.times import creation_of, iso_time
from mining.normalize.values import bases_in_tags, count_of, first_text, literal_number
from mining.normalize.wire import (
    CARBON_WORDS,
    NOTHING,
    CardData,
    HubRow,
    WireFaultError,
    decode_any,
    decode_card_data,
    decode_row,
    is_deep,
    texts,
)
from mining.schema import (
    BASE_RELATIONS,
    CardStatus,
    Claim,
    Context,
    Envelope,
    Metric,
    ModelRecord,
    Rejection,
    Settlement,
    Source,
)

MAX_TEXTS = 200
_GATED = {False: "no", "auto": "auto", "manual": "manual"}
_COULD_NOT_LOOK: frozenset[CardStatus] = frozenset(
    {"not-asked", "gated", "gone", "disabled", "unreachable", "too-large", "not-text", "our-error"}
)
_LIBRARY_WORDS = (
    "transformers pytorch tf jax keras diffusers timm sentence-transformers setfit span-marker spacy flair fasttext "
    "stanza "
    "speechbrain espnet nemo asteroid pyannote-audio fairseq open_clip stable-baselines3 sample-factory ml-agents "
    "lerobot "
    "sklearn onnx safetensors gguf mlx peft adapter-transformers adapters paddlenlp paddlepaddle coreml openvino "
    "tensorboard "
    "rust joblib fastai allennlp ultralytics transformers.js tensorflowtts bertopic unity-sentis litert tflite vllm "
    "llamafile "
    "mindspore k2 sentis"
)
_LIBRARIES = frozenset(_LIBRARY_WORDS.split())


NO_RESPONSES = ModelResponses()
"""Nothing but the row was received; never changed."""

METADATA_LOST = "metadata-not-a-mapping"
"""Note where the Hub gave metadata that are no mapping, are too deep, or hold numbers beyond all bounds."""

NOT_SETTLED = Settlement()
NOT_LOOKED = Settlement(emissions_outcome="could-not-look")
NO_CONTEXT = Context()
"""What most models of the Hub get: shared, so that a table turns each into Arrow once."""


class Normalized(Struct):
    """What became of one model.

    Attributes:
        record: The row of ``models``.
        claims: Its claims, from metadata, card and files.
        metrics: Its performance values.
        notes: Reasons counted in the account: unknown keys, wrong types, unreadable values.
        text: Text of the card, for the comparison of cards; None where none was read.
        title: First heading of the card.
    """

    record: ModelRecord
    claims: tuple[Claim, ...] = ()
    metrics: list[Metric] = msgspec.field(default_factory=list)
    notes: list[str] = msgspec.field(default_factory=list)
    text: str | None = None
    title: str | None = None


def normalize(
    row: Envelope | None,
    responses: Sequence[Envelope] = (),
    *,
    source: Source = "hub",
    dataset_bytes: Mapping[str, float] | None = None,
    has_metrics: bool = True,
) -> Normalized | Rejection:
    """Normalize one model.

    Args:
        row: The model's row of the listing; None where only a single answer or a card was received.
        responses: All other answers about the model.
        source: Where the snapshot was mined from.
        dataset_bytes: Bytes of data sets by name.
        has_metrics: Whether the performance values are wanted.

    Returns:
        The record with its claims and metrics, or a rejection with its reason. Never raises on hostile input.
    """
    sorted_responses = sort_responses(responses) if responses else NO_RESPONSES
    try:
        wire, notes = _wire(row, sorted_responses, responses)
    except WireFaultError as error:
        raw = row or responses[0]
        return Rejection(
            kind=raw.kind, id=raw.id[:200], address=raw.address[:300], reason=str(error), detail=raw.body[:120]
        )
    repaired = row.repaired.split() if row is not None and row.repaired else ()
    notes = (*notes, *(f"repaired:{what}" for what in repaired))
    return _Assembly(wire, sorted_responses, source, dataset_bytes or {}, list(notes)).normalized(
        has_metrics=has_metrics
    )


def normalize_row(wire: HubRow, *, source: Source, speaks: bool) -> Normalized | None:
    """Normalize a row about which nothing else was received; None where its metadata cannot be read as they stand.

    Args:
        wire: The row.
        source: Where the snapshot was mined from.
        speaks: Whether a word of carbon stands in its metadata.
    """
    assembly = _Assembly(wire, NO_RESPONSES, source, {}, [], speaks=speaks)
    return None if assembly.is_metadata_lost else assembly.normalized()


def _wire(
    row: Envelope | None, responses: ModelResponses, others: Sequence[Envelope]
) -> tuple[HubRow, tuple[str, ...]]:
    """The row, completed by the single-model answer; made of the card's envelope where there is neither."""
    if row is None and responses.info is None:
        card = others[0]
        return HubRow(key=card.key, id=card.id), ()
    wire, notes = decode_row(row.body if row is not None else responses.info or "")
    if wire.key is None and row is not None:
        wire.key = row.key
    if row is not None and responses.info is not None:
        try:
            more, more_notes = decode_row(responses.info)
        except WireFaultError as error:
            return wire, (*notes, f"info-{error}")
        _complete(wire, more)
        notes = (*notes, *more_notes)
    return wire, notes


def _complete(wire: HubRow, more: HubRow) -> None:
    """Fill what the listing left out; what the single answer says of revision and dates belongs to the card."""
    for name in HubRow.__struct_fields__:
        if getattr(wire, name) in (None, NOTHING):
            setattr(wire, name, getattr(more, name))


class _Assembly:
    """Puts the record of one model together."""

    def __init__(
        self,
        wire: HubRow,
        responses: ModelResponses,
        source: Source,
        dataset_bytes: Mapping[str, float],
        notes: list[str],
        *,
        speaks: bool | None = None,
    ) -> None:
        self.wire = wire
        self.speaks = speaks
        self.responses = responses
        self.source = source
        self.dataset_bytes = dataset_bytes
        self.notes = notes
        self.model_id = wire.id or wire.model_id or ""
        self.key = wire.key or f"id:{self.model_id}"
        self.tags = tuple(wire.tags or ())
        self.spoken_tags = [tag for tag in self.tags if ":" in tag]
        self.card: CardData | None = decode_card_data(wire.card_data)
        self.is_metadata_lost = self.card is None and wire.card_data not in (NOTHING, b"", b'""')
        if self.is_metadata_lost:
            self.notes.append(METADATA_LOST)
        self.bases: tuple[str, ...] = ()
        self.relation: str | None = None
        self.size = NO_SIZE
        self.claims: tuple[Claim, ...] = ()
        self.text: str | None = None
        self.title: str | None = None
        self.card_bytes: int | None = None
        self.carbon = NOT_SETTLED
        self.training = NO_CONTEXT

    def normalized(self, *, has_metrics: bool = True) -> Normalized:
        """The whole of one model, with or without its performance values."""
        self.bases, self.relation = self._bases()
        self.size = self._size()
        if totals_disagree(self.wire.safetensors):
            self.notes.append("parameters-disagree")
        status = self._read_card()
        metrics = self._metrics() if has_metrics else []
        return Normalized(self._record(status), self.claims, metrics, self.notes, self.text, self.title)

    def _metrics(self) -> list[Metric]:
        """Performance values; those that cannot be read are counted."""
        wire = self.wire
        index = self.card.model_index if self.card is not None else None
        if index is None or index == NOTHING:
            index = wire.model_index if len(wire.model_index) > len(NOTHING) else None
        results = decode_any(wire.eval_results) if len(wire.eval_results) > len(NOTHING) else None
        if index is None and results is None:
            return []
        from mining.normalize.performance import metrics_of

        metrics, skipped = metrics_of(self.key, index, results)
        self.notes.extend(["unreadable-metric"] * skipped)
        return metrics

    def _read_card(self) -> CardStatus:
        """Read the card, or its metadata alone where that may speak of carbon."""
        responses = self.responses
        status: CardStatus = responses.card_status or "read"
        files = responses.files or responses.unread_files
        speaks = _may_speak_of_carbon(self.wire.card_data) if self.speaks is None else self.speaks
        if speaks or responses.card is not None or files:
            status = self._judge(status)
        is_unseen = status in _COULD_NOT_LOOK or (self.is_metadata_lost and self.card is None)
        if is_unseen and self.carbon.emissions_outcome == "not-reported":
            silent = self.carbon is NOT_SETTLED
            self.carbon = (
                NOT_LOOKED if silent else msgspec.structs.replace(self.carbon, emissions_outcome="could-not-look")
            )
        return status

    def _judge(self, status: CardStatus) -> CardStatus:
        """Claims, settlement and context; the status is the reader's where there was a text to read."""
        from mining.card import read_card

        metadata = self._metadata()
        reading = read_card(
            self.responses.card or b"",
            files=self.responses.files or None,
            unread_files=self.responses.unread_files or None,
            metadata=metadata,
            model_index=self.card is None,
        )
        if self.responses.card is not None:
            status = reading.status
            self.title = reading.title
            self.card_bytes = len(self.responses.card)
            self.text = self.responses.card.decode("utf-8", "replace") if status in {"read", "too-large"} else None
            self._take_front_matter(reading.front_matter)
        self.notes.extend(f"card:{reason}" for reason in reading.rejections)
        self.claims = tuple(msgspec.structs.replace(claim, model_key=self.key) for claim in reading.claims)
        front = reading.front_matter if reading.front_matter is not None else metadata
        self.carbon, self.training = settled(
            self.claims, front, self.model_id, reading.title, self.relation, self.size.parameters
        )
        return status

    def _metadata(self) -> dict[str, Any] | None:
        """The metadata as the Hub lists them; None, and a note, where they cannot be taken in."""
        metadata = decode_any(self.wire.card_data)
        if isinstance(metadata, dict) and not is_deep(metadata):
            return metadata
        if not self.is_metadata_lost and metadata is not None:
            self.is_metadata_lost, self.card = True, None
            self.notes.append(METADATA_LOST)
        return None

    def _take_front_matter(self, front: Mapping[str, Any] | None) -> None:
        """The card's own metadata stand in where the Hub listed none."""
        if self.card is None and front:
            names = _card_fields()
            self.card = CardData(**{names[key]: value for key, value in front.items() if key in names})
            if not self.tags:
                self.tags = texts(self.card.tags)
            self.bases, self.relation = self._bases()
            self.size = self._size()

    def _size(self) -> Size:
        """Parameters by the best source."""
        return parameters_of(self.wire.safetensors, self.wire.gguf, (self.model_id, *self.bases), self._config())

    def _record(self, status: CardStatus) -> ModelRecord:
        wire = self.wire
        author, _, name = self.model_id.rpartition("/")
        created = creation_of(wire.created_at, wire.key, self.responses.first_commit)
        size = self.size
        storage = storage_of(wire.siblings, wire.used_storage)
        task = wire.pipeline_tag or first_text(self.card.pipeline_tag if self.card else None)
        library = wire.library_name or first_text(self.card.library_name if self.card else None)
        domain, decided_by = domain_of(task, self.tags, library)
        classes = (domain, size_class(size.parameters, storage), popularity_class(count_of(wire.downloads)))
        datasets = self._datasets()
        return ModelRecord(
            model_key=self.key,
            model_id=self.model_id,
            author=wire.author or author or None,
            name=name,
            source=self.source,
            revision=self.responses.revision or wire.sha,
            created_at=created.created_at,
            created_at_is_floor=created.is_floor,
            last_modified_at=iso_time(wire.last_modified),
            year_month=created.year_month,
            gated=_GATED.get(wire.gated) if wire.gated is not None else None,  # type: ignore[arg-type]
            is_disabled=wire.disabled,
            card_status=status,
            card_bytes=self.card_bytes,
            downloads_count=count_of(wire.downloads),
            downloads_all_time_count=count_of(wire.downloads_all_time),
            likes_count=count_of(wire.likes),
            pipeline_tag=task,
            domain=domain,
            domain_decided_by=decided_by,
            library=library,
            libraries=tuple([tag for tag in self.tags if tag in _LIBRARIES]),
            generator=generator_of(self.text, self.tags),
            license=licence_of(self.card, self.spoken_tags),
            languages=texts(self.card.language, limit=MAX_TEXTS) if self.card is not None else (),
            tags=self.tags,
            parameters_count=size.parameters,
            parameters_source=size.source,
            parameters_is_packed=size.is_packed,
            storage_bytes=count_of(storage),
            has_weights=has_weights(wire.siblings, wire.used_storage, wire.safetensors, wire.gguf),
            base_models=self.bases,
            base_relation=self.relation,
            datasets=datasets,
            datasets_bytes=self._datasets_bytes(datasets),
            emissions_metadata_value=literal_number(self.card.co2_eq_emissions) if self.card is not None else None,
            carbon=self.carbon,
            training=self.training,
            parameters_class=classes[1],
            popularity_class=classes[2],
            stratum=stratum_of(classes),
        )

    def _bases(self) -> tuple[tuple[str, ...], str | None]:
        """Bases and relation: the Hub's own field, then the tags, then the metadata."""
        wire = self.wire
        if wire.base_models is not None and wire.base_models.models:
            return tuple(model.id for model in wire.base_models.models[:MAX_TEXTS]), wire.base_models.relation
        bases, relation = bases_in_tags(self.spoken_tags)
        if self.card is not None:
            bases = bases or texts(self.card.base_model)
            relation = relation or first_text(self.card.base_model_relation)
        return bases, relation if relation in BASE_RELATIONS else None

    def _config(self) -> Mapping[str, Any] | None:
        config = self.responses.files.get("config.json")
        value = decode_any(config) if config else None
        return value if isinstance(value, dict) else None

    def _datasets(self) -> tuple[str, ...]:
        stated = self.card.datasets if self.card is not None else None
        tagged = [tag[8:] for tag in self.spoken_tags if tag[:8] == "dataset:"]
        if stated is None and not tagged:
            return ()
        return tuple(dict.fromkeys((*texts(stated, limit=MAX_TEXTS), *tagged)))

    def _datasets_bytes(self, datasets: tuple[str, ...]) -> float | None:
        """Sum over the data sets named; None where the size of any is not known, since a part of a sum is no sum."""
        if not datasets or not self.dataset_bytes:
            return None
        sizes = [self.dataset_bytes.get(name) for name in datasets]
        return None if None in sizes else float(sum(size for size in sizes if size is not None))


def _may_speak_of_carbon(card_data: msgspec.Raw) -> bool:
    """Whether a word of emissions stands anywhere in the metadata as they lie on the wire."""
    if len(card_data) <= len(NOTHING):
        return False
    words = bytes(card_data).lower()
    return any(word in words for word in CARBON_WORDS)


@cache
def _card_fields() -> dict[str, str]:
    """Names of the fields of the metadata by their keys."""
    return dict(zip(CardData.__struct_encode_fields__, CardData.__struct_fields__, strict=True))
