"""The registry: every field of every table, defined once.

A field is a type with a :class:`msgspec.Meta` made by :func:`mining.fields.field`: unit, meaning, what *missing* means,
and where on the Hub it comes from. A table is a struct of such fields. File schemas, the pandera validator and the data
dictionary (``mining.tables``) derive from these structs; the same name always means the same quantity in the same unit,
and the unit is the last word of the name. Units: grams of CO2 equivalent (``gco2e``), kilowatt hours (``kwh``), hours
(``h``), watts (``w``), bytes (``bytes``).
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Struct

from mining.envelope import Envelope
from mining.fields import (
    BASE_RELATIONS,
    LOOKED_AT,
    NOT_LISTED,
    NOT_STATED,
    OWN_SCOPES,
    SCHEMA_VERSION,
    BaseRelation,
    CardStatus,
    ClaimFlags,
    DurationBasis,
    EmissionFlag,
    Grams,
    HighGrams,
    LowGrams,
    ModelId,
    ModelKey,
    Outcome,
    Place,
    Quantity,
    Scope,
    Source,
    StatedIn,
    TrainingType,
    UnitStatus,
    WireFlags,
    field,
    place_of,
)

__all__ = [
    "BASE_RELATIONS", "LOOKED_AT", "NOT_LISTED", "NOT_STATED", "OWN_SCOPES", "SCHEMA_VERSION", "TABLES",
    "BaseRelation", "CardStatus", "Claim", "Context", "DurationBasis", "EmissionFlag", "Envelope", "Grams",
    "HighGrams", "LowGrams", "Metric", "ModelId", "ModelKey", "ModelRecord", "Outcome", "Quantity", "Rejection",
    "Scope", "Settlement", "Source", "StatedIn", "TrainingType", "UnitStatus", "WireFlags", "field",
]  # fmt: skip


class Claim(Struct, frozen=True, kw_only=True):
    """One quantity that a card, its metadata or a file states, with the words that state it."""

    model_key: ModelKey = ""
    quantity: Annotated[Quantity, field("What is stated.")]
    value: Annotated[
        float | None,
        field("Number as written, in `unit`.", missing="the claim is not a number, or its number is unreadable"),
    ] = None
    low: Annotated[float | None, field("Lower end as written, in `unit`.", missing="no range stated")] = None
    high: Annotated[float | None, field("Upper end as written, in `unit`.", missing="no range stated")] = None
    unit: Annotated[
        str | None,
        field(
            "Unit as understood from the words beside the number (g, kg, t, lb, Wh, kWh, MWh, GWh, h, W, ...).",
            missing="no unit is written",
        ),
    ] = None
    inner_value: Annotated[
        float | None,
        field(
            "Value in the inner unit of the quantity: g CO2eq, kWh, h, W, g/kWh, ratio, L, FLOP.",
            missing="the unit could not be determined",
        ),
    ] = None
    label: Annotated[
        str | None,
        field(
            "Standard name, for quantities that are names (hardware, region, provider, tool, training type).",
            missing="the claim is a number, or its name is in no vocabulary",
        ),
    ] = None
    count: Annotated[int | None, field("How many pieces of hardware.", missing=NOT_STATED, ge=0)] = None
    text: Annotated[str, field("The words that state it: a verbatim substring of the stated place.")]
    where: Annotated[str, field("Place: `metadata:KEY`, `card:SECTION:LINE`, or `file:NAME:ROW`.")]
    line: Annotated[
        int | None,
        field("Line in the card, from 1.", missing="the claim is in the Hub's metadata or in another file", ge=1),
    ] = None
    section: Annotated[str | None, field("Heading of the section.", missing="not inside a section")] = None
    scope: Annotated[Scope, field("What the quantity covers.")] = "unknown"
    subject: Annotated[
        str | None,
        field(
            "Name of the model that the claim speaks of, where a table or block names one.",
            missing="the card's own model",
        ),
    ] = None
    outcome: Annotated[
        Outcome,
        field(
            "`reported`, or `unreadable` where a value is written but cannot be understood, or `not-reported` for "
            "placeholders and refusals."
        ),
    ] = "reported"
    flags: ClaimFlags = ()

    @property
    def place(self) -> Place:  # noqa: D102
        return place_of(self.where, self.flags, self.section, self.line)


class Settlement(Struct, frozen=True, kw_only=True):
    """The training emissions chosen among the claims of one model, and the rule that chose them."""

    emissions_gco2e: Grams = None
    emissions_low_gco2e: LowGrams = None
    emissions_high_gco2e: HighGrams = None
    emissions_source: Annotated[
        StatedIn | None,
        field("Place of the chosen value.", missing="no value could be chosen"),
    ] = None
    emissions_unit_status: Annotated[
        UnitStatus | None, field("How sure the unit is.", missing="no value could be chosen")
    ] = None
    emissions_decided_by: Annotated[
        str | None, field("Name of the rule that decided value and unit.", missing="no value could be chosen")
    ] = None
    emissions_scope: Annotated[
        Scope | None, field("What the chosen value covers.", missing="no value could be chosen")
    ] = None
    emissions_flags: WireFlags = ()
    emissions_original: Annotated[
        float | None, field("Number as written, before any correction.", missing="no value could be chosen")
    ] = None
    emissions_original_unit: Annotated[str | None, field("Unit as written.", missing="no unit is written")] = None
    emissions_outcome: Annotated[
        Outcome,
        field("Whether training emissions are reported, not reported, or unreadable, or could not be looked at."),
    ] = "not-reported"


class Context(Struct, frozen=True, kw_only=True):
    """What else is stated of the training of one model."""

    hardware: Annotated[
        str | None, field("Hardware used for training, standard name or as written.", missing=NOT_STATED)
    ] = None
    hardware_count: Annotated[int | None, field("How many devices.", missing=NOT_STATED, ge=0)] = None
    duration_h: Annotated[
        float | None,
        field(
            "Training time as stated (wall clock, or device hours where the card says so).",
            unit="h",
            missing=NOT_STATED,
            ge=0,
        ),
    ] = None
    duration_basis: Annotated[
        DurationBasis | None,
        field("Whether `duration_h` counts the clock or every device.", missing="not stated, or no duration"),
    ] = None
    energy_kwh: Annotated[float | None, field("Energy used for training.", unit="kWh", missing=NOT_STATED, ge=0)] = None
    power_w: Annotated[float | None, field("Power of one device.", unit="W", missing=NOT_STATED, ge=0)] = None
    region: Annotated[
        str | None, field("Country or cloud region, standard name or as written.", missing=NOT_STATED)
    ] = None
    country: Annotated[
        str | None, field("ISO 3166-1 alpha-3 code of the region.", missing="not stated or not recognised")
    ] = None
    provider: Annotated[str | None, field("Cloud or computing centre.", missing=NOT_STATED)] = None
    intensity_g_per_kwh: Annotated[
        float | None, field("Carbon intensity of the electricity, as stated.", unit="g/kWh", missing=NOT_STATED, ge=0)
    ] = None
    pue_ratio: Annotated[float | None, field("Power usage effectiveness.", unit="1", missing=NOT_STATED, ge=1)] = None
    water_l: Annotated[float | None, field("Water used for training.", unit="L", missing=NOT_STATED, ge=0)] = None
    training_flop: Annotated[
        float | None, field("Floating-point operations of the training run.", unit="FLOP", missing=NOT_STATED, ge=0)
    ] = None
    training_type: Annotated[
        TrainingType | None,
        field("Whether the model was trained from scratch or adapted.", missing=NOT_STATED),
    ] = None
    tool: Annotated[str | None, field("Tool or method that gave the emissions.", missing=NOT_STATED)] = None


class ModelRecord(Struct, frozen=True, kw_only=True):
    """One model, one row of ``models.parquet``; the fields of the nested structs become columns of the same row."""

    model_key: ModelKey
    model_id: ModelId = None
    author: Annotated[
        str | None, field("Account that owns the repository.", path="author", missing="legacy repository, or not known")
    ] = None
    name: Annotated[str, field("Name of the repository without its author.")] = ""
    source: Annotated[Source, field("Where the record was mined from.")] = "hub"
    revision: Annotated[
        str | None, field("Commit of the repository that was read.", path="sha", missing="not known")
    ] = None
    created_at: Annotated[
        str | None,
        field(
            "Creation of the repository (UTC, ISO 8601); the first commit's date where that is known.",
            path="createdAt",
            missing="not known",
        ),
    ] = None
    created_at_is_floor: Annotated[
        bool,
        field("Whether `created_at` is only the Hub's floor, 2022-03-02T23:29:04Z, and the true date may be older."),
    ] = False
    last_modified_at: Annotated[
        str | None, field("Last change of the repository (UTC, ISO 8601).", path="lastModified", missing="not known")
    ] = None
    year_month: Annotated[str | None, field("Month of creation, YYYY-MM.", missing="not known")] = None
    gated: Annotated[
        Literal["no", "auto", "manual"] | None,
        field("Whether the files need an accepted agreement.", path="gated", missing=NOT_LISTED),
    ] = None
    is_disabled: Annotated[
        bool | None, field("Whether the Hub disabled the repository.", path="disabled", missing=NOT_LISTED)
    ] = None
    card_status: Annotated[CardStatus, field("Result of reading the model card.")] = "not-asked"
    card_bytes: Annotated[int | None, field("Size of the model card.", unit="B", missing="no card was read", ge=0)] = (
        None
    )
    downloads_count: Annotated[
        int | None, field("Downloads in the last 30 days.", unit="1", path="downloads", missing=NOT_LISTED, ge=0)
    ] = None
    downloads_all_time_count: Annotated[
        int | None, field("Downloads since creation.", unit="1", path="downloadsAllTime", missing=NOT_LISTED, ge=0)
    ] = None
    likes_count: Annotated[int | None, field("Likes.", unit="1", path="likes", missing=NOT_LISTED, ge=0)] = None
    pipeline_tag: Annotated[
        str | None, field("Task as the Hub gives it.", path="pipeline_tag", missing="no task known to the Hub")
    ] = None
    domain: Annotated[
        str | None,
        field(
            "Application domain: NLP, Computer Vision, Audio, Multimodal, Reinforcement Learning, Tabular, Other.",
            missing="no tag tells it",
        ),
    ] = None
    domain_decided_by: Annotated[str | None, field("Rule that gave the domain.", missing="no domain")] = None
    library: Annotated[str | None, field("Main library.", path="library_name", missing="not known to the Hub")] = None
    libraries: Annotated[tuple[str, ...], field("All libraries among the tags.")] = ()
    generator: Annotated[
        str | None,
        field(
            "Tool that generated the card: autotrain, autonlp, trainer, keras, sentence-transformers, setfit, "
            "template, ...",
            missing="written by hand, or not recognised",
        ),
    ] = None
    license: Annotated[str | None, field("Licence identifier.", path="cardData.license", missing="not stated")] = None
    languages: Annotated[tuple[str, ...], field("Languages, ISO 639 codes as stated.", path="cardData.language")] = ()
    tags: Annotated[tuple[str, ...], field("Tags as listed.", path="tags")] = ()
    parameters_count: Annotated[
        int | None, field("Parameters of the model.", unit="1", missing="no source gives it", ge=0)
    ] = None
    parameters_source: Annotated[
        str | None,
        field(
            "Where the parameter count comes from: safetensors, gguf, base-model, config, name, curated, card.",
            missing="no count",
        ),
    ] = None
    parameters_is_packed: Annotated[
        bool | None,
        field(
            "Whether the stored weights are packed, so that stored elements are not parameters.",
            missing="no safetensors",
        ),
    ] = None
    storage_bytes: Annotated[
        int | None,
        field(
            "Bytes of the repository, or of its weights file where only that is known.",
            unit="B",
            path="usedStorage",
            missing=NOT_LISTED,
            ge=0,
        ),
    ] = None
    has_weights: Annotated[
        bool | None, field("Whether the repository holds weights.", missing="no listing of files")
    ] = None
    base_models: Annotated[tuple[str, ...], field("Models that this one was made from.", path="baseModels")] = ()
    base_relation: Annotated[
        str | None,
        field(
            "Relation to the base: finetune, quantized, merge, adapter.",
            path="baseModels.relation",
            missing="no base, or not stated",
        ),
    ] = None
    datasets: Annotated[tuple[str, ...], field("Data sets named.", path="cardData.datasets")] = ()
    datasets_bytes: Annotated[
        float | None,
        field("Bytes of the data sets named.", unit="B", missing="no data set named, or size not known", ge=0),
    ] = None
    duplicate_group: Annotated[
        str | None, field("Key of the group of near-identical cards.", missing="no near-identical card")
    ] = None
    emissions_metadata_value: Annotated[
        float | None,
        field(
            "Number in the metadata key `co2_eq_emissions`, read literally as the 2023 study did.",
            missing="key absent or not a number",
        ),
    ] = None
    carbon: Settlement = Settlement()
    training: Context = Context()
    parameters_class: Annotated[str | None, field("Stratum of model size.", missing="size not known")] = None
    popularity_class: Annotated[str | None, field("Stratum of popularity.", missing="popularity not known")] = None
    stratum: Annotated[str, field("Stratum: domain, size class and popularity class.")] = ""
    corrections: Annotated[
        tuple[str, ...],
        field("Fields corrected by hand, each with the value read, the corrected value, the reason and the source."),
    ] = ()


class Metric(Struct, frozen=True, kw_only=True):
    """One performance value of one model; never pooled across tasks."""

    model_key: ModelKey
    task: Annotated[str | None, field("Task that was evaluated.", missing=NOT_STATED)] = None
    dataset: Annotated[str | None, field("Data set of the evaluation.", missing=NOT_STATED)] = None
    metric: Annotated[str, field("Name of the metric, lower case: accuracy, f1, rouge1, rougel, loss, ...")]
    metric_value: Annotated[float, field("Value; shares lie between 0 and 1.")]
    metric_source: Annotated[str, field("Where it was found: model-index, eval-results, curated, mined.")]


class Rejection(Struct, frozen=True, kw_only=True):
    """One raw record that did not become a row, and why."""

    kind: Annotated[str, field("Kind of the raw record.")]
    id: Annotated[str, field("Repository the record is about.")]
    address: Annotated[str, field("Path and query that were asked for, or file and row.")] = ""
    reason: Annotated[str, field("Why it was not kept, from a closed list.")]
    detail: Annotated[str, field("More of it, shortened.")] = ""


class Lineage(Struct, frozen=True, kw_only=True):
    """One reason why the emissions of a model are not a measurement of a training of its own, with its evidence."""

    model_key: ModelKey
    lineage_kind: Annotated[
        Literal["inherited", "copied-card", "near-duplicate", "constant", "exercise"],
        field("What was found; the flag of the same name is in `emissions_flags` of the model."),
    ]
    of_model_key: Annotated[
        str | None,
        field(
            "Key of the model that is counted in its place.",
            missing="it is in no snapshot, or there is none",
        ),
    ] = None
    of_model_id: Annotated[
        str | None, field("Name of the model that is counted in its place.", missing="there is none")
    ] = None
    group: Annotated[str | None, field("Key of the group of models found together.", missing="in no group")] = None
    evidence: Annotated[str, field("What was compared and found, in one sentence.")] = ""
    similarity_ratio: Annotated[
        float | None,
        field(
            "Estimated Jaccard similarity of the two card texts.",
            unit="1",
            missing="no texts were compared",
            ge=0,
            le=1,
        ),
    ] = None


TABLES: dict[str, type[Struct]] = {
    "models": ModelRecord,
    "claims": Claim,
    "metrics": Metric,
    "rejects": Rejection,
    "lineage": Lineage,
}
