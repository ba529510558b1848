"""Which reports are no measurement of a training of their own: a second pass over the models that state emissions.

Five kinds are found, each with its evidence; none looks at a particular name.

* ``inherited``: a quantized, merged or otherwise derived model repeats the value of its base, or is a quantized or
  merged model whose base states nothing here (quantizing and merging are no training).
* ``constant``: one author (where unknown: one family of names, or one set-up) states the same value for many models.
* ``copied-card`` and ``near-duplicate``: the value of an older model, with the same text, the same set-up, or so many
  digits that chance is out of the question; by another author (or an unknown one), or by the same.
* ``exercise``: no weights, and a text that several repositories share or values that are an exact product of one
  another.

Thresholds, and why: readings of a meter spread over some five decades, so that among 100,000 reports about one pair is
expected to agree by chance in nine significant digits; a value with as many digits that comes twice was copied. A
shorter one needs a second sign. Five equal values, or three of three and more digits, make a constant; two or three
round values may be one author's rounding.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from msgspec import Struct

from mining.normalize.similar import SIMILAR, groups, similarity
from mining.schema import Claim, Context, Lineage, ModelRecord, Settlement

LONG_DIGITS = 9
SHORT_DIGITS = 3
CONSTANT_LEAST = 5
CONSTANT_LEAST_LONG = 3
EXERCISE_LEAST = 3
FORMULA_TOLERANCE = 1e-3
MAX_COMPARED = 50
UNIT_RATIOS = (1.0, 1e3, 1e-3)
"""Two values are the same also where one of them was taken for kilograms."""

NO_TRAINING = frozenset({"quantized", "merge"})
_TEMPLATE_WORDS = (
    "autonlp autotrain setfit span-marker sentence-transformers keras trl trainer mergekit unsloth "
    "model-hub-mixin template"
)
TEMPLATE_GENERATORS = frozenset(_TEMPLATE_WORDS.split())
"""Generators whose cards share their text by design: it says nothing about copying."""

_DERIVED_NAME = re.compile(
    r"(?:^|[-_.])(?:gguf|ggml|awq|gptq|exl2|mlx|bnb|int[48]|fp8|[48]bit|quantized|merged|onnx|openvino)(?:$|[-_.])"
)


class EmissionRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the second pass knows of one model that states emissions."""

    key: str
    model_id: str | None = None
    author: str | None = None
    name: str = ""
    created_at: str | None = None
    downloads: int = 0
    has_weights: bool | None = None
    generator: str | None = None
    bases: tuple[str, ...] = ()
    relation: str | None = None
    stated: float | None = None
    grams: float | None = None
    hardware: str | None = None
    hardware_count: int | None = None
    region: str | None = None
    duration_h: float | None = None
    energy_kwh: float | None = None
    power_w: float | None = None
    intensity: float | None = None
    pue: float | None = None
    signature: bytes | None = None

    @property
    def age(self) -> tuple[str, int, str]:
        """Order in which one of several equal reports counts: oldest, then most downloaded, then by key."""
        return self.created_at or "9", -self.downloads, self.key

    @property
    def is_templated(self) -> bool:
        """Whether the card's text is a generator's."""
        return self.generator in TEMPLATE_GENERATORS


def emission_record_of(record: ModelRecord, claims: Sequence[Claim], signature: bytes | None) -> EmissionRecord | None:
    """What lineage needs of a model; None where it states no emissions."""
    if record.emissions_metadata_value is None and not any(claim.quantity == "emissions" for claim in claims):
        return None
    carbon: Settlement = record.carbon
    training: Context = record.training
    return EmissionRecord(
        key=record.model_key,
        model_id=record.model_id,
        author=record.author,
        name=record.name,
        created_at=record.created_at,
        downloads=record.downloads_count or 0,
        has_weights=record.has_weights,
        generator=record.generator,
        bases=record.base_models,
        relation=record.base_relation,
        stated=record.emissions_metadata_value
        if record.emissions_metadata_value is not None
        else carbon.emissions_original,
        grams=carbon.emissions_gco2e,
        hardware=training.hardware,
        hardware_count=training.hardware_count,
        region=training.region,
        duration_h=training.duration_h,
        energy_kwh=training.energy_kwh,
        power_w=training.power_w,
        intensity=training.intensity_g_per_kwh,
        pue=training.pue_ratio,
        signature=signature,
    )


class Marks(Struct):
    """Outcome of the second pass.

    Attributes:
        rows: One row a finding.
        duplicate_groups: Group of near-identical cards, by model key.
    """

    rows: list[Lineage]
    duplicate_groups: dict[str, str]

    def flags(self) -> dict[str, tuple[str, ...]]:
        """Flags to add, by model key, sorted."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in self.rows:
            found[row.model_key].add(row.lineage_kind)
        return {key: tuple(sorted(kinds)) for key, kinds in found.items()}


def find(emission_records: Iterable[EmissionRecord]) -> Marks:
    """Find what is inherited, copied, constant or an exercise among all models that state emissions."""
    models = sorted(emission_records, key=lambda model: model.age)
    card_groups = _card_groups(models)
    rows: list[Lineage] = [*_exercises(models, card_groups), *_inherited(models)]
    done = {row.model_key for row in rows}
    constants = list(_constants(models, card_groups, done))
    rows.extend(constants)
    done.update(row.model_key for row in constants)
    rows.extend(_copies(models, done))
    return Marks(rows=sorted(rows, key=lambda row: (row.model_key, row.lineage_kind)), duplicate_groups=card_groups)


def _card_groups(models: list[EmissionRecord]) -> dict[str, str]:
    """Groups of near-identical cards written by hand, two and more together, named after their oldest card."""
    places = groups([None if model.is_templated else model.signature for model in models])
    sizes = Counter(places)
    return {model.key: models[place].key for model, place in zip(models, places, strict=True) if sizes[place] > 1}


def _inherited(models: list[EmissionRecord]) -> Iterable[Lineage]:
    by_id = {model.model_id: model for model in models if model.model_id}
    for model in models:
        known = [by_id[base] for base in model.bases if base in by_id and base != model.model_id]
        twin = next((base for base in known if _same_value(model, base)), None)
        relation = model.relation or "base model"
        if twin is not None:
            yield _row(model, "inherited", twin, f"{relation}: states {_shown(model)}, the value of its base")
        elif not known and model.relation in NO_TRAINING and model.bases:
            evidence = f"{relation}: states {_shown(model)}, and {relation} is no training"
            yield Lineage(model_key=model.key, lineage_kind="inherited", of_model_id=model.bases[0], evidence=evidence)


def _same_value(one: EmissionRecord, other: EmissionRecord) -> bool:
    """Whether two models state the same number, or one a thousandfold of the other."""
    if not one.stated or not other.stated:
        return False
    ratio = one.stated / other.stated
    return any(abs(ratio / known - 1) < 1e-9 for known in UNIT_RATIOS)


def _by_value(models: list[EmissionRecord], done: set[str]) -> list[tuple[float, list[EmissionRecord]]]:
    """Models that state the same number other than zero, two and more together."""
    found: dict[float, list[EmissionRecord]] = defaultdict(list)
    for model in models:
        if model.stated and model.key not in done:
            found[model.stated].append(model)
    return [(value, found[value]) for value in sorted(found) if len(found[value]) > 1]


def _constants(models: list[EmissionRecord], card_groups: dict[str, str], done: set[str]) -> Iterable[Lineage]:
    for value, equal in _by_value(models, done):
        if digits(value) >= LONG_DIGITS:
            continue
        least = CONSTANT_LEAST if digits(value) < SHORT_DIGITS else CONSTANT_LEAST_LONG
        for family in _families(equal, card_groups):
            if len(family) >= CONSTANT_LEAST or (len(family) >= least and not _is_one_text(family)):
                first = family[0]
                evidence = f"{len(family)} models of one {_family_word(first)} state {_shown(first)}"
                yield from (_row(model, "constant", first, evidence, group=first.key) for model in family)


def _families(equal: list[EmissionRecord], card_groups: dict[str, str]) -> list[list[EmissionRecord]]:
    """Split models of one value by author; where unknown by set-up, else near-identical card, else stem of the name."""
    found: dict[tuple[str, ...], list[EmissionRecord]] = defaultdict(list)
    for model in equal:
        if model.author:
            found["author", model.author.lower()].append(model)
        elif model.hardware and model.region:
            found["set-up", model.hardware, model.region].append(model)
        elif model.hardware and stem(model.name):
            found["name", model.hardware, stem(model.name)].append(model)
        elif model.key in card_groups:
            found["card", card_groups[model.key]].append(model)
        else:
            found["name", stem(model.name)].append(model)
    return [found[key] for key in sorted(found)]


def _family_word(model: EmissionRecord) -> str:
    return f"author ({model.author})" if model.author else "family (author unknown)"


def _is_one_text(family: list[EmissionRecord]) -> bool:
    """Whether all cards of a family are the same text: then they are copies of one card, not a constant."""
    return all((similarity(model.signature, family[0].signature) or 0) >= SIMILAR for model in family[1:])


def stem(name: str) -> str:
    """First word of a repository's name."""
    return re.split(r"[-_. ]", name.lower(), maxsplit=1)[0]


def _copies(models: list[EmissionRecord], done: set[str]) -> Iterable[Lineage]:
    """Later models that repeat an older model's value, with a second sign that they copied it."""
    for _, equal in _by_value(models, done):
        for place, model in enumerate(equal):
            for older in equal[: min(place, MAX_COMPARED)]:
                if sign := _sign_of_copying(older, model):
                    yield _copy(older, model, sign)
                    break


def _copy(older: EmissionRecord, model: EmissionRecord, sign: str) -> Lineage:
    if _DERIVED_NAME.search(model.name.lower()) and not _DERIVED_NAME.search(older.name.lower()):
        return _row(model, "inherited", older, f"a converted copy by its name; {sign}")
    is_own = model.author is not None and older.author is not None and model.author.lower() == older.author.lower()
    return _row(model, "near-duplicate" if is_own else "copied-card", older, sign)


def _sign_of_copying(older: EmissionRecord, model: EmissionRecord) -> str | None:
    """Second sign beside the equal value; None where there is none."""
    shown = _shown(model)
    if digits(model.stated or 0) >= LONG_DIGITS:
        return f"states {shown}, to every digit that of an older model"
    if not (older.is_templated or model.is_templated):
        alike = similarity(older.signature, model.signature)
        if alike is not None and alike >= SIMILAR:
            return f"states {shown}, as does an older card of near-identical text"
    if digits(model.stated or 0) >= SHORT_DIGITS:
        for name in ("hardware", "region"):
            said = getattr(model, name)
            if said and said == getattr(older, name):
                return f"states {shown} and the {name} '{said}', as does an older card"
    return None


def _exercises(models: list[EmissionRecord], card_groups: dict[str, str]) -> Iterable[Lineage]:
    """Repositories without weights whose report is a shared text or an exact product."""
    empty = [model for model in models if model.has_weights is False]
    sizes = Counter(card_groups[model.key] for model in empty if model.key in card_groups)
    for model in empty:
        group = card_groups.get(model.key)
        signs = []
        if group is not None and sizes[group] >= EXERCISE_LEAST:
            signs.append(f"{sizes[group]} repositories without weights share its text")
        if (formula := exact_formula(model)) is not None:
            signs.append(f"its values are an exact product: {formula}")
        if signs:
            evidence = "no weights; " + "; ".join(signs)
            yield Lineage(model_key=model.key, lineage_kind="exercise", group=group, evidence=evidence)


def exact_formula(model: EmissionRecord) -> str | None:
    """The formula that the stated values follow exactly, in words; None where they follow none or too few are stated.

    Tried: emissions = energy x intensity, with and without the power usage effectiveness, and energy = power x devices
    x hours.
    """
    grams, energy = model.grams, model.energy_kwh
    overheads = {"": 1.0} | ({" x PUE": model.pue} if model.pue and model.pue > 1 else {})
    for word, overhead in overheads.items():
        if grams and energy and model.intensity and _is_equal(grams, energy * model.intensity * overhead):
            return f"emissions = energy x intensity{word}"
        if energy and model.power_w and model.duration_h:
            product = model.power_w / 1000 * model.duration_h * overhead
            if any(_is_equal(energy, product * count) for count in {1, model.hardware_count or 1}):
                return f"energy = power x devices x hours{word}"
    return None


def _is_equal(one: float, other: float) -> bool:
    return abs(one - other) <= FORMULA_TOLERANCE * abs(other)


def digits(value: float) -> int:
    """Significant digits with which a number is written at least: 149200 has 4, 0.0363 has 3."""
    mantissa = f"{abs(value):.15e}".partition("e")[0]
    shortest = repr(float(mantissa)).replace(".", "").rstrip("0")
    return len(shortest) or 1


def _shown(model: EmissionRecord) -> str:
    return f"{model.stated:.10g}" if model.stated is not None else "a value"


def _row(model: EmissionRecord, kind: str, of: EmissionRecord, evidence: str, group: str | None = None) -> Lineage:
    return Lineage(
        model_key=model.key,
        lineage_kind=kind,  # type: ignore[arg-type]
        of_model_key=of.key,
        of_model_id=of.model_id or of.name,
        group=group,
        evidence=evidence,
        similarity_ratio=similarity(model.signature, of.signature),
    )
