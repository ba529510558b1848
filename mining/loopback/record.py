"""A plan as the Hub's record: every field that an API answer can carry."""

from __future__ import annotations

from typing import Any

from mining.loopback import timeline, world
from mining.loopback.catalog import Record
from mining.loopback.draw import Dice, hexadecimal
from mining.loopback.plan import Plan, Planner, dataset_name, dataset_of, names_dataset

WITHOUT_CARD = frozenset({"bare"})
WITHOUT_WEIGHTS = frozenset({"exercise"})
TOKENIZER = ("special_tokens_map.json", "tokenizer.json", "tokenizer_config.json")
SHARD_BYTES = 5_000_000_000
EVALUATED = {"trainer": 0.95, "rl": 1.0, "keras": 0.3, "st": 0.6, "prose": 0.35, "adapter": 0.4, "st-carbon": 0.8, "setfit-carbon": 0.8}


def key_of(created: int, index: int) -> str:
    """The model's ``_id``: creation second, a constant, its number."""
    return f"{created:08x}5a4d9e5a4d{index:06x}"


class Recorder:
    """Writes records.

    Args:
        planner: Where plans come from.
    """

    def __init__(self, planner: Planner) -> None:
        self._planner = planner
        self._dice = Dice(planner.seed, "record")

    def record(self, plan: Plan, carbon: Any = None) -> Record:
        """Every field of a model.

        Args:
            plan: Its plan.
            carbon: Value of ``co2_eq_emissions`` in its metadata, or None.
        """
        shares = plan.shares
        created = plan.created
        downloads = int(2.0 / (shares[4] + 1e-6) ** 0.95) - 2
        likes = int((downloads + 1) ** 0.3 * shares[5] * 1.6) - 1
        data = self.card_data(plan, carbon)
        base = self.base_models(plan)
        siblings = self.siblings(plan)
        record: Record = {
            "_id": key_of(created, plan.index),
            "id": plan.model_id,
            "private": False,
            "tags": self.tags(plan, data, base),
            "downloads": downloads,
            "downloadsAllTime": downloads * (3 + int(shares[5] * 20)),
            "likes": max(likes, 0),
            "trendingScore": max(likes - 5, 0),
            "modelId": plan.model_id,
            "sha": self.sha(plan),
            "lastModified": timeline.stamp(created + int(shares[5] ** 4 * (max(timeline.LAST_SECOND - created, 0) + 60))),
            "gated": False,
            "disabled": False,
            "config": {},
            "siblings": [{"rfilename": name} for name in siblings],
            "spaces": [],
            "createdAt": timeline.stamp(created),
            "usedStorage": self.storage(plan),
        }
        if plan.author is not None:
            record["author"] = plan.author
        if plan.kind.library is not None:
            record["library_name"] = plan.kind.library
        if plan.kind.name not in ("exercise", "bare") or shares[14] < 0.5:
            record["pipeline_tag"] = plan.task.tag
        if plan.kind.library == "transformers":
            record["config"] = {"architectures": [plan.family.architecture], "model_type": plan.family.model_type}
        if data is not None:
            record["cardData"] = data
            record["model-index"] = data.get("model-index")
        if base is not None:
            record["baseModels"] = base
        self._weights(record, plan)
        self._access(record, plan)
        return record

    def _weights(self, record: Record, plan: Plan) -> None:
        """Parameter counts as the Hub reads them from the weights."""
        total = plan.parameters
        if plan.kind.library == "gguf":
            record["gguf"] = {"total": total, "architecture": plan.family.model_type, "context_length": 8192}
        elif plan.kind.name == "packed":
            packed, rest = total // 8, total // 40
            record["safetensors"] = {"parameters": {"I32": packed, "F16": rest}, "total": packed + rest}
        elif has_safetensors(plan):
            total = adapter_size(plan) if plan.kind.lineage == "adapter" else total
            record["safetensors"] = {"parameters": {"F32" if plan.family.width == 4 else "BF16": total}, "total": total}

    def _access(self, record: Record, plan: Plan) -> None:
        access = self._planner.access(plan)
        if access == "gated":
            record["gated"] = "auto" if plan.shares[8] < 0.012 else "manual"
        record["disabled"] = access == "disabled"

    @staticmethod
    def sha(plan: Plan) -> str:
        """Commit that the listing names."""
        return hexadecimal(f"{plan.model_id}@{plan.second}")

    def storage(self, plan: Plan) -> int:
        """Bytes of the repository."""
        if plan.kind.name in WITHOUT_WEIGHTS:
            return 4096
        width = {"gguf": 0.6, "heir": 0.6, "packed": 0.55}.get(plan.kind.name, float(plan.family.width))
        count = adapter_size(plan) if plan.kind.lineage == "adapter" else plan.parameters
        return int(count * width) + 2_500_000

    def base_models(self, plan: Plan) -> Record | None:
        """What the model was made from, as the Hub lists it; a plain copy does not say."""
        if not plan.base or plan.kind.lineage in ("original", "copy"):
            return None
        bases = [self._planner.plan(index) for index in plan.base]
        return {"relation": plan.kind.lineage, "models": [{"_id": key_of(base.created, base.index), "id": base.model_id} for base in bases]}

    def siblings(self, plan: Plan) -> list[str]:
        """Names of the files, sorted as git sorts them."""
        names = [".gitattributes"]
        if plan.kind.name not in WITHOUT_CARD:
            names.append("README.md")
        if plan.kind.name in WITHOUT_WEIGHTS:
            return names
        if plan.kind.lineage == "adapter" and plan.kind.library == "peft":
            names += ["adapter_config.json", "adapter_model.safetensors"]
        elif plan.kind.library == "gguf":
            names += [f"model.{bits}.gguf" for bits in ("Q4_K_M", "Q5_K_M", "Q8_0")]
        else:
            names += ["config.json", *weight_files(plan)]
        if plan.kind.name == "meter-file":
            names.append("emissions.csv")
        if plan.kind.library == "transformers":
            names += TOKENIZER
        if plan.kind.generator == "trainer":
            names.append("training_args.bin")
        return sorted(names)

    def tags(self, plan: Plan, data: Record | None, base: Record | None) -> list[str]:
        """Tags as the Hub derives them from files and metadata."""
        kind = plan.kind
        tags = [kind.library] if kind.library else []
        if has_safetensors(plan):
            tags.append("safetensors")
        elif kind.library == "transformers":
            tags.append("pytorch")
        tags += [plan.family.model_type, plan.task.tag]
        if data is not None:
            tags += [tag for tag in data.get("tags", ()) if tag not in tags]
            tags += [f"dataset:{name}" for name in data.get("datasets", ())]
            if "language" in data:
                tags += [data["language"]] if isinstance(data["language"], str) else data["language"]
            if "license" in data:
                tags.append(f"license:{data['license']}")
            tags += [name for key, name in (("model-index", "model-index"), ("co2_eq_emissions", "co2_eq_emissions")) if key in data]
        if base is not None:
            for model in base["models"]:
                tags += [f"base_model:{model['id']}", f"base_model:{base['relation']}:{model['id']}"]
        if plan.task.group == "decoder":
            tags.append("text-generation-inference")
        tags += ["autotrain_compatible", "endpoints_compatible"] if kind.library == "transformers" and plan.shares[11] < 0.6 else []
        tags.append("region:us")
        return tags

    def card_data(self, plan: Plan, carbon: Any) -> Record | None:
        """Metadata of the card, in the order in which the card states it; None where there is no readable metadata."""
        kind, shares = plan.kind, plan.shares
        if kind.name in WITHOUT_CARD or (kind.name == "exercise" and shares[13] < 0.15):
            return None
        data: Record = {}
        license_name = world.LICENSES[int(shares[6] * len(world.LICENSES))]
        language = world.LANGUAGES[int(shares[6] * 7919 % 1.0 * len(world.LANGUAGES))]
        if language:
            data["language"] = [language] if shares[14] < 0.5 else language
        if license_name:
            data["license"] = license_name
        if kind.library:
            data["library_name"] = kind.library
        data["tags"] = self._card_tags(plan)
        if names_dataset(plan):
            data["datasets"] = [dataset_name(dataset_of(plan))]
        if plan.base and kind.lineage not in ("original", "copy"):
            names = [self._planner.plan(index).model_id for index in plan.base]
            data["base_model"] = names if len(names) > 1 or shares[14] < 0.3 else names[0]
        if kind.name not in ("template", "bare"):
            data["pipeline_tag"] = plan.task.tag
        if carbon is not None:
            data["co2_eq_emissions"] = carbon
        if shares[13] < EVALUATED.get(kind.name, 0.0):
            data["model-index"] = self._model_index(plan)
        return data

    @staticmethod
    def _card_tags(plan: Plan) -> list[str]:
        kind = plan.kind
        tags = {
            "trainer": ["generated_from_trainer"],
            "autotrain": ["autotrain", plan.task.tag],
            "autonlp": ["autonlp"],
            "keras": ["generated_from_keras_callback"],
            "sentence-transformers": ["sentence-transformers", "feature-extraction", "generated_from_trainer"],
            "setfit": ["setfit", "sentence-transformers", "generated_from_setfit_trainer"],
        }.get(kind.generator or "", [])
        return [
            *tags,
            *{"rl": ["deep-reinforcement-learning"], "diffusers": ["lora", "diffusers-training"]}.get(kind.name, []),
            "synthetic",
        ]

    @staticmethod
    def metric_value(plan: Plan) -> float:
        """The model's result in its task, unrelated to its emissions."""
        return round(0.55 + 0.43 * plan.shares[13], 4)

    def _model_index(self, plan: Plan) -> list[Record]:
        topic = world.TOPICS[int(plan.shares[14] * len(world.TOPICS))]
        metric = {"name": plan.task.metric.capitalize(), "type": plan.task.metric, "value": self.metric_value(plan)}
        task = {"name": plan.task.tag.replace("-", " ").capitalize(), "type": plan.task.tag}
        result = {"task": task, "dataset": {"name": topic, "type": topic, "split": "test"}, "metrics": [metric]}
        return [{"name": plan.model_id.rpartition("/")[2], "results": [result]}]


def adapter_size(plan: Plan) -> int:
    """Parameters of an adapter: a small share of its base."""
    return max(plan.parameters // 200, 1000)


def has_safetensors(plan: Plan) -> bool:
    """Whether the weights are stored as safetensors: rare before 2023, usual since."""
    if plan.kind.library not in ("transformers", "sentence-transformers", "setfit", "diffusers", "peft"):
        return False
    return plan.shares[11] < (0.1, 0.1, 0.1, 0.6, 0.9, 0.93, 0.95)[timeline.era(plan.second)]


def weight_files(plan: Plan) -> list[str]:
    """Names of the weight files."""
    if plan.kind.library in ("stable-baselines3", "keras", None):
        return ["model.zip" if plan.kind.library else "model.bin"]
    stem, end = ("model", "safetensors") if has_safetensors(plan) or plan.kind.name == "packed" else ("pytorch_model", "bin")
    count = -(-plan.parameters * plan.family.width // SHARD_BYTES)
    if count <= 1:
        return [f"{stem}.{end}"]
    return [*(f"{stem}-{part:05d}-of-{count:05d}.{end}" for part in range(1, count + 1)), f"{stem}.{end}.index.json"]
