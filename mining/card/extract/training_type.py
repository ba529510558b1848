"""The training type that a card's claims and metadata add up to: each kind of evidence has its weight."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from mining.fields import TrainingType
from mining.patterns import regex
from mining.schema import Claim

__all__ = ["WEIGHTS", "is_derived", "training_type"]

WEIGHTS: dict[str, int] = {
    "labelled": 20,
    "relation": 4,
    "template": 4,
    "scratch": 4,
    "cost": 4,
    "stage": 4,
    "made": 3,
    "base": 2,
    "adapter": 3,
    "named": 2,
    "tokens": 2,
    "described": 1,
}
"""Weight of each kind of evidence; a type that a field or the metadata states outright outweighs all others together.
"""
_OF_THE_BASE = frozenset({"cost", "tokens"})
"""Words of a pre-training that, where a model has a base, are of that base's."""
SAID_TOGETHER = 1
"""What a sentence that tells of both trainings weighs more than one that tells of one of them."""
STATED = 20
LEAST = 2
"""Weight below which nothing is answered: a mention of fine-tuning alone may be the users'."""
_DERIVED_TAGS = regex(
    r"gguf|gptq|awq|exl[23]|merge|mergekit|quantiz|bnb|mlx|onnx|openvino|ggml|imatrix|fp8|nf4|w4a16",
    re.IGNORECASE,
    stems="awq;bnb;exl;fp8;ggml;gguf;gptq;imatrix;merge;mlx;nf4;onnx;openvino;quantiz;w4a16",
)
_PRE_TAGS = regex(
    r"(?:trained-)?from-scratch|pre-?trained|pre-?training|base-model",
    re.IGNORECASE,
    stems="base-model;from-scratch;trained;training",
)
_ADAPTER_TAGS = regex(
    r"q?lora|peft|adapter|base_model:(?:finetune|adapter):.*|sft|dpo|fine-?tuned|trl|generated_from_trainer|dreambooth",
    re.IGNORECASE,
    stems="adapter;base_model:;dpo;dreambooth;generated_from_trainer;lora;peft;sft;trl;tuned",
)


def training_type(claims: Iterable[Claim], front_matter: Mapping[str, Any] | None) -> TrainingType | None:
    """The training type that claims and metadata add up to.

    Args:
        claims: Claims of training types.
        front_matter: Metadata of the card.

    Returns:
        The type; None where nothing is said.
    """
    claims = list(claims)
    based = _of_metadata(front_matter or {})
    adapter = any(one.quantity == "training-type" and "adapter" in one.flags for one in claims)
    of_base = _OF_THE_BASE | {"made"} if adapter else _OF_THE_BASE if based > 0 else frozenset()
    weights = {"pre-training": 0, "fine-tuning": 0, "both": 0}
    for claim in claims:
        if claim.quantity == "training-type" and claim.label and claim.outcome == "reported":
            mark = next((flag for flag in claim.flags if flag in WEIGHTS), "labelled")
            if claim.label == "pre-training" and mark in of_base:
                continue
            more = SAID_TOGETHER if (claim.label, mark) == ("both", "made") else 0
            weights[claim.label] = max(weights[claim.label], WEIGHTS[mark] + more)
    told = {"stage"} if based > 0 or adapter else {"stage", "cost"}  # what both took, where none is a base model's
    stages = {one.label for one in claims if one.quantity == "training-type" and told & set(one.flags)}
    is_chat = any(one.label == "fine-tuning" and "named" in one.flags for one in claims)
    if based <= 0 and is_chat and weights["pre-training"] == WEIGHTS["scratch"]:
        weights["both"] = max(weights["both"], WEIGHTS["stage"])  # a chat model whose makers trained the base, too
    if len(stages) > 1 or (weights["pre-training"] >= WEIGHTS["scratch"] and weights["fine-tuning"] >= WEIGHTS["cost"]):
        weights["both"] = max(weights["both"], WEIGHTS["stage"])
    weights["pre-training"] = max(weights["pre-training"], -based)
    weights["fine-tuning"] += max(0, based)
    based = max(0, based)
    pre, fine, both = weights["pre-training"], weights["fine-tuning"], weights["both"]
    if both >= max(pre, fine, 1) and not (based and both < STATED and len(stages) < 2):
        return "both"
    if max(pre, fine, both) < LEAST:
        return None
    if fine != pre or based:
        return "fine-tuning" if fine >= pre else "pre-training"
    pre_first, fine_first = _times(claims, "pre-training"), _times(claims, "fine-tuning")
    return "pre-training" if pre_first < fine_first else "fine-tuning"


def _times(claims: list[Claim], label: str) -> tuple[int, int]:
    """Less for a type that is said oftener, or earlier where both are said equally often."""
    lines = [
        one.line or 0
        for one in claims
        if one.quantity == "training-type" and one.label == label and "made" in one.flags
    ]
    return -len(lines), min(lines, default=0)


def _of_metadata(front: Mapping[str, Any]) -> int:
    """Weight with which metadata say that the model was made from another one; below zero that it was not."""
    says = {_said_by(str(tag)) for tag in _listed(front.get("tags"))}
    relation = str(front.get("base_model_relation") or "").lower()
    if relation in {"finetune", "adapter"}:
        return WEIGHTS["relation"]
    if relation or "derived" in says:
        return 0
    adapter = str(front.get("library_name") or "").lower() in {"peft", "adapter-transformers"} or "adapter" in says
    based = any(str(one).strip() for one in _listed(front.get("base_model")) if one)
    if not (based or adapter) and "scratch" in says:
        return -WEIGHTS["scratch"]
    return WEIGHTS["base"] * based + WEIGHTS["adapter"] * adapter


def is_derived(name: str) -> bool:
    """Whether a name says that its files are converted from another model's ("-GGUF")."""
    return _DERIVED_TAGS.search(name) is not None


@lru_cache(maxsize=4096)
def _said_by(tag: str) -> str | None:
    """What a tag says of how a model was made; most tags are those of many models."""
    if _DERIVED_TAGS.search(tag):
        return "derived"
    return "adapter" if _ADAPTER_TAGS.fullmatch(tag) else "scratch" if _PRE_TAGS.fullmatch(tag) else None


def _listed(values: Any) -> list[Any]:
    return list(values[:500]) if isinstance(values, (list, tuple)) else [values]
