"""A plan as the Hub's record: every field that an API answer can carry."""

from __future__ import annotations

import functools
from typing import Any

from sample_hub.server.catalog import Record
from sample_hub.synthetic import timeline, world
from sample_hub.synthetic.plan import DATASET_NAMES, Plan, access, dataset_of, hides_metadata, names_dataset

WITHOUT_CARD = frozenset({"bare"})
WITHOUT_WEIGHTS = frozenset({"exercise"})
TOKENIZER = ("special_tokens_map.json", "tokenizer.json", "tokenizer_config.json")
SHARD_BYTES = 5_000_000_000
WIDTHS = {"gguf": 0.6, "heir": 0.6, "packed": 0.55}
EVALUATED = {
    "trainer": 0.95, "rl": 1.0, "keras": 0.3, "st": 0.6, "prose": 0.35, "adapter": 0.4, "st-carbon": 0.8,
    "setfit-carbon": 0.8, "spec": 0.6, "scalar": 0.5, "body-prose": 0.5,
}  # fmt: skip
GENERATOR_TAGS: dict[str, list[str]] = {
    "trainer": ["generated_from_trainer"],
    "autotrain": ["autotrain"],
    "autonlp": ["autonlp"],
    "keras": ["generated_from_keras_callback"],
    "sentence-transformers": ["sentence-transformers", "feature-extraction", "generated_from_trainer"],
    "setfit": ["setfit", "sentence-transformers", "generated_from_setfit_trainer"],
}
KIND_TAGS = {"rl": ["deep-reinforcement-learning"], "diffusers": ["lora", "diffusers-training"]}
CARD_TAGS = {
    kind.name: [*GENERATOR_TAGS.get(kind.generator or "", []), *KIND_TAGS.get(kind.name, []), "synthetic"]
    for kind in world.KIND_OF.values()
}

LICENSE_TAGS = {name: f"license:{name}" for name in world.LICENSES if name}
DATASET_TAGS = {name: f"dataset:{name}" for name in DATASET_NAMES}
TASK_PARTS = {
    task.tag: {"name": task.tag.replace("-", " ").capitalize(), "type": task.tag}
    for tasks in world.TASKS.values()
    for task in tasks
}
NO_BASE: tuple[Record | None, list[str]] = (None, [])
DATA_PARTS = tuple({"name": topic, "type": topic, "split": "test"} for topic in world.TOPICS)
TOPIC_COUNT = len(world.TOPICS)
LICENSE_COUNT = len(world.LICENSES)
LANGUAGE_COUNT = len(world.LANGUAGES)


def key_of(created: int, index: int) -> str:
    """The model's ``_id``: creation second, a constant, its number."""
    return f"{created:08x}5a4d9e5a4d{index:06x}"


class Recorder:
    """Writes records; remembers lists of files and heads of tag lists, which many models share (never changed)."""

    def __init__(self) -> None:
        self._shapes: dict[tuple[str, str, bool, int], tuple[list[Record], list[str], Record]] = {}

    def record(self, plan: Plan, carbon: Any = None) -> Record:
        """Every field of a model.

        Args:
            plan: Its plan.
            carbon: Value of ``co2_eq_emissions`` in its metadata, or None.
        """
        kind, shares = plan.kind, plan.shares
        created = plan.created
        downloads = int(2.0 / (shares[4] + 1e-6) ** 0.95) - 2
        likes = int((downloads + 1) ** 0.3 * shares[5] * 1.6)
        siblings, head, config = self._shape(plan)
        data = card_data(plan, carbon)
        base, marks = NO_BASE
        if plan.base and kind.lineage != "copy":  # a plain copy does not say where it comes from
            base, marks = base_models(
                tuple([(one.created, one.index, one.model_id) for one in plan.base]), kind.lineage
            )
        state = access(plan) if shares[8] < 0.03 else "open"
        record: Record = {
            "_id": key_of(created, plan.index),
            "id": plan.model_id,
            "private": False,
            "downloads": downloads,
            "downloadsAllTime": downloads * (3 + int(shares[5] * 20)),
            "likes": likes,
            "trendingScore": likes // 6,
            "modelId": plan.model_id,
            "sha": plan.sha,
            "lastModified": timeline.stamp(last_modified(plan)),
            "gated": ("auto" if shares[8] < 0.012 else "manual") if state == "gated" else False,
            "disabled": state == "disabled",
            "config": config,
            "siblings": siblings,
            "spaces": [],
            "createdAt": timeline.stamp(created),
            "usedStorage": storage(plan),
            "tags": tags(plan, head, data, marks),
        }
        if plan.author is not None:
            record["author"] = plan.author
        if kind.library is not None:
            record["library_name"] = kind.library
        if kind.name not in ("exercise", "bare") or shares[14] < 0.5:
            record["pipeline_tag"] = plan.task.tag
        if data is not None:
            record["model-index"] = data.get("model-index")
            record["cardData"] = data
        if base is not None:
            record["baseModels"] = base
        add_weights(record, plan)
        return record

    def _shape(self, plan: Plan) -> tuple[list[Record], list[str], Record]:
        """Files, first tags and configuration, which depend on kind, architecture and size only."""
        parts = -(-plan.parameters * plan.family.width // SHARD_BYTES)
        key = (plan.kind.name, plan.family.stem, plan.modern, parts)
        shape = self._shapes.get(key)
        if shape is None:
            kind, family = plan.kind, plan.family
            config: Record = {}
            if kind.library == "transformers":
                config = {"architectures": [family.architecture], "model_type": family.model_type}
            weights = (
                ["safetensors"]
                if plan.modern or kind.name == "packed"
                else ["pytorch"]
                if kind.library == "transformers"
                else []
            )
            head = [*([kind.library] if kind.library else []), *weights, family.model_type]
            shape = self._shapes[key] = ([{"rfilename": name} for name in file_names(plan, parts)], head, config)
        return shape


def last_modified(plan: Plan) -> int:
    """Second of the last commit: soon after the first one, mostly."""
    return plan.created + int(plan.shares[5] ** 4 * (max(timeline.LAST_SECOND - plan.created, 0) + 60))


def adapter_size(plan: Plan) -> int:
    """Parameters of an adapter: a small share of its base."""
    return max(plan.parameters // 200, 1000)


def storage(plan: Plan) -> int:
    """Bytes of the repository."""
    if plan.kind.name in WITHOUT_WEIGHTS:
        return 4096
    count = adapter_size(plan) if plan.kind.lineage == "adapter" else plan.parameters
    return int(count * WIDTHS.get(plan.kind.name, plan.family.width)) + 2_500_000


def add_weights(record: Record, plan: Plan) -> None:
    """Parameter counts as the Hub reads them from the weights."""
    total = plan.parameters
    if plan.kind.library == "gguf":
        record["gguf"] = {"total": total, "architecture": plan.family.model_type, "context_length": 8192}
    elif plan.kind.name == "packed":
        packed, rest = total // 8, total // 40
        record["safetensors"] = {"parameters": {"I32": packed, "F16": rest}, "total": packed + rest}
    elif plan.modern:
        total = adapter_size(plan) if plan.kind.lineage == "adapter" else total
        record["safetensors"] = {"parameters": {"F32" if plan.family.width == 4 else "BF16": total}, "total": total}


@functools.lru_cache(maxsize=4096)
def base_models(names: tuple[tuple[int, int, str], ...], relation: str) -> tuple[Record, list[str]]:
    """Bases as the Hub lists them, and their tags; few bases serve many models.

    Args:
        names: Creation second, index and name of each base.
        relation: finetune, adapter, quantized or merge.
    """
    models = [{"_id": key_of(created, index), "id": model_id} for created, index, model_id in names]
    marks = [mark for *_, model_id in names for mark in (f"base_model:{model_id}", f"base_model:{relation}:{model_id}")]
    return {"relation": relation, "models": models}, marks


def file_names(plan: Plan, parts: int) -> list[str]:
    """Names of the files, sorted as git sorts them."""
    kind = plan.kind
    names = [".gitattributes"]
    if kind.name not in WITHOUT_CARD:
        names.append("README.md")
    if kind.name in WITHOUT_WEIGHTS:
        return names
    if kind.library == "peft":
        names += ["adapter_config.json", "adapter_model.safetensors"]
    elif kind.library == "gguf":
        names += [f"model.{bits}.gguf" for bits in ("Q4_K_M", "Q5_K_M", "Q8_0")]
    else:
        names += ["config.json", *weight_names(plan, parts)]
    if kind.name == "meter-file":
        names.append("emissions.csv")
    if kind.library == "transformers":
        names += TOKENIZER
    if kind.generator == "trainer":
        names.append("training_args.bin")
    return sorted(names)


def weight_names(plan: Plan, parts: int) -> list[str]:
    """Names of the weight files."""
    if plan.kind.library in ("stable-baselines3", "keras"):
        return ["model.zip"]
    stem, end = ("model", "safetensors") if plan.modern or plan.kind.name == "packed" else ("pytorch_model", "bin")
    if parts <= 1:
        return [f"{stem}.{end}"]
    return [*(f"{stem}-{part:05d}-of-{parts:05d}.{end}" for part in range(1, parts + 1)), f"{stem}.{end}.index.json"]


def tags(plan: Plan, head: list[str], data: Record | None, marks: list[str]) -> list[str]:
    """Tags as the Hub derives them from files and metadata."""
    rows = [*head, plan.task.tag]
    if data is not None:
        add_card_tags(rows, data)
    rows += marks
    if plan.kind.library == "transformers":
        if plan.task.group == "decoder":
            rows.append("text-generation-inference")
        if plan.shares[11] < 0.6:
            rows.append("endpoints_compatible")
    rows.append("region:us")
    return rows


def add_card_tags(rows: list[str], data: Record) -> None:
    """Add the tags that come from the card's metadata."""
    rows += data["tags"]
    names = data.get("datasets")
    if names:
        rows.append(DATASET_TAGS[names[0]])
    language = data.get("language")
    if language:
        rows.append(language if isinstance(language, str) else language[0])
    if "license" in data:
        rows.append(LICENSE_TAGS[data["license"]])
    if "model-index" in data:
        rows.append("model-index")
    if "co2_eq_emissions" in data:
        rows.append("co2_eq_emissions")


def card_data(plan: Plan, carbon: Any) -> Record | None:
    """Metadata of the card in the order in which the card states it; None where the Hub can read none."""
    if plan.kind.name in WITHOUT_CARD or hides_metadata(plan):
        return None
    return card_metadata(plan.base[0] if plan.kind.lineage == "copy" else plan, carbon)


def card_metadata(plan: Plan, carbon: Any) -> Record:
    """Metadata of the card, whether or not the Hub can read it."""
    name, shares = plan.kind.name, plan.shares
    data: Record = {}
    language = world.LANGUAGES[int(shares[6] * 7919 % 1.0 * LANGUAGE_COUNT)]
    if language:
        data["language"] = [language] if shares[14] < 0.5 else language
    license_name = world.LICENSES[int(shares[6] * LICENSE_COUNT)]
    if license_name:
        data["license"] = license_name
    if plan.kind.library:
        data["library_name"] = plan.kind.library
    data["tags"] = CARD_TAGS[name]
    if names_dataset(plan):
        data["datasets"] = [DATASET_NAMES[dataset_of(plan)]]
    if plan.base:
        names = [base.model_id for base in plan.base]
        data["base_model"] = names if len(names) > 1 or shares[14] < 0.3 else names[0]
    if name != "template":
        data["pipeline_tag"] = plan.task.tag
    if carbon is not None:
        data["co2_eq_emissions"] = carbon
    if shares[13] < EVALUATED.get(name, 0.0):
        data["model-index"] = model_index(plan)
    return data


def metric_value(plan: Plan) -> float:
    """The model's result in its task, unrelated to its emissions."""
    return round(0.55 + 0.43 * plan.shares[2] * 17 % 1.0, 4)


def model_index(plan: Plan) -> list[Record]:
    """Evaluation results as the card's metadata states them."""
    metric = {"name": plan.task.metric.capitalize(), "type": plan.task.metric, "value": metric_value(plan)}
    data = DATA_PARTS[int(plan.shares[14] * TOPIC_COUNT)]
    result = {"task": TASK_PARTS[plan.task.tag], "dataset": data, "metrics": [metric]}
    return [{"name": plan.model_id.rpartition("/")[2], "results": [result]}]
