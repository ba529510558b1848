"""How the card's own model was made.

Pre-trained, fine-tuned, or both, from what metadata, labels and sentences say of it. What is said is weighed
(:data:`WEIGHTS`); the heavier side is the answer, both where each is said strongly and no base model is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Literal

from msgspec.structs import replace

from mining.card.document.document import Document
from mining.card.extract.context_roles import Roles
from mining.card.extract.context_statements import claim_of, statements
from mining.card.lexicon.gloss import Locale, gloss
from mining.card.lexicon.keywords import Cue
from mining.card.values.context_values import is_nothing
from mining.patterns import regex
from mining.schema import Claim

__all__ = ["WEIGHTS", "training_type", "type_claims"]

WEIGHTS: dict[str, int] = {
    "labelled": 20,
    "relation": 4,
    "template": 4,
    "scratch": 4,
    "cost": 4,
    "made": 3,
    "base": 2,
    "adapter": 2,
    "described": 1,
}
"""Weight of each kind of evidence; a type that a field or the metadata states outright outweighs all others together.
"""
STATED = 20
_SCRATCH = regex(r"\bfrom scratch\b|\brandom(?:ly)? initiali[sz]", re.IGNORECASE, stems="from scratch;random")
_NO_SCRATCH = regex(
    r"\b(?:not|n't|rather than|instead of|only|than|without|never|head|layers?|tokeni[sz]er|unlike|no longer|engine"
    r"|code|written|implement\w*)\b[^.;]{0,40}$",
    re.IGNORECASE,
)
_TRAINS = regex(
    r"\b(?:pre-?)?(?:train|learn)\w*|\bbuilt\b|\bmodel\b|\bencoder\b|\bdecoder\b|\bnetwork\b", re.IGNORECASE
)
_FINE = regex(
    r"\bfine-?\s?tun(?:ed|e|ing)\b|\bfinetun(?:ed|e|ing)\b|\b(?:q?lora|dora|peft|ia3)\s(?:fine\S*\s)?(?:adapter"
    r"|weights|fine\S*)\b|\badapter (?:for|of|on)\b|\bbuilt (?:on top of|upon) (?=\S{3,60}-)",
    re.IGNORECASE,
    stems="tun;adapter;lora;dora;peft;ia3;built ",
)
_FINE_MADE = regex(
    r"\b(?:version|variant|checkpoint|model|adapter|from|on|with|using|using|by|upon|starting)\b|\bof\s", re.IGNORECASE
)
_NOT_MADE = regex(
    r"(?:\b(?:can|could|may|might|should|must|will|would|to|not|be|please|you|users?|easily|for|before|without|if"
    r"|when|during|any|your|recommend\w*|suited|suitable|need\w*|require\w*|other|these|downstream|further"
    r"|following|via|support\w*|look for|than|ready|intended)\s(?:\w+\s){0,2}?|\btask-specific\s|\bdata (?:for"
    r"|used for)\s)$",
    re.IGNORECASE,
)
_PRE = regex(r"\bpre-?\s?train(?:ed|ing)\b|\bwe pre-?train\b", re.IGNORECASE, stems="pre")
_PRE_MADE = regex(
    r"\s?(?:from scratch|(?:(?:model|checkpoint|weights|encoder|transformer)\s)?(?:on|with|for|using|over|in|took"
    r"|took|lasted|used|consumed|was|has|by)\b|from\b(?=.{0,30}scratch))|\W*$",
    re.IGNORECASE,
)
_OF_BASE = regex(
    r"\b(?:based on|built (?:on|upon)|initiali[sz]\w+|starting (?:from|point)|start(?:s|ed)? from|from|using|uses?"
    r"|leverag\w+|load\w*|of|existing|publicly|with|on top of)\s(?:\w+\s){0,3}?$",
    re.IGNORECASE,
)
_DEFINITION = regex(
    r"\bis an?\b[^.;:,]{0,80}?\b(?:model|transformer|network|encoder|decoder)s?,?\s$|\b(?:was|were|is|has been"
    r"|we)\s(?:first\s|then\s)?$|^\W*$|\bour\s$|\ban?\s(?:\w+\s)?$|\bthis\s$|\bthe\s$",
    re.IGNORECASE,
)
_TEMPLATE = regex(
    r"(?:model )?fine-?\s?tuned from(?: model)?(?: \[optional\])?|parent model|base model(?: \[optional\])?",
    re.IGNORECASE,
)
_DERIVED_TAGS = regex(
    r"gguf|gptq|awq|exl[23]|merge|mergekit|quantiz|bnb|mlx|onnx|openvino|ggml|imatrix|fp8|nf4|w4a16", re.IGNORECASE
)
_ADAPTER_TAGS = regex(
    r"q?lora|peft|adapter|base_model:(?:finetune|adapter):.*|sft|dpo|fine-?tuned|trl|generated_from_trainer|dreambooth",
    re.IGNORECASE,
)
_BOTH = regex(
    r"\b(?:was|were|is|been|we)\s(?:\w+\s)?pre-?\s?train(?:ed)?\b[^.;]{0,100}?\b(?:and|then|followed by"
    r"|before)\s[^.;]{0,40}?\bfine-?\s?tun(?:ed|e|ing)\b",
    re.IGNORECASE,
    stems="tun",
)
_PASSED = regex(
    r"\b(?:pre-?\s?training|fine-?\s?tuning)\s(?:took|takes|lasted|utili[sz]ed|consumed|emitted|ran|was (?:done"
    r"|performed|conducted|carried out)|used (?:a|about|around|approximately|\d))",
    re.IGNORECASE,
    stems="took;takes;lasted;tili;consumed;emitted;ran;was ;used ",
)
SENTENCES_CAP = 400
_WANTED = regex(
    r"tun|train|scratch|adapter|lora|built ",
    re.IGNORECASE,
    stems="tun;train;scratch;adapter;lora;built ",
)


def type_claims(card: Document, locale: Locale, own: frozenset[str]) -> Iterator[Claim]:
    """Claims of training types in labels and sentences.

    Args:
        card: A parsed card.
        locale: Of the card.
        own: Words of the names of its model.

    Yields:
        Claims flagged with their kind of evidence.
    """
    for pair in card.labelled_values:
        label = gloss(pair.label, locale).strip() if len(pair.label) < 40 else ""
        if pair.kind != "code" and _TEMPLATE.fullmatch(label) and not is_nothing(pair.value) and pair.value.strip(" -"):
            line = card.line(pair.value_line)
            mark = "base" if label.lower().startswith(("base", "parent")) else "template"
            text = pair.evidence(card)
            yield Claim(
                quantity="training-type",
                label="fine-tuning",
                text=text,
                where=f"card:{line.section or ''}:{line.number}",
                line=line.number,
                section=line.section,
                scope="training-run",
                flags=("prose", mark),
            )
    for one in islice(statements(card, -1 if locale.languages else Cue.MADE, locale, _WANTED), SENTENCES_CAP):
        if not one.wanted:
            continue
        found = _of_sentence(one.said, Roles(one.said, own), one.line.kind == "heading")
        for label, mark in found:
            yield replace(claim_of("training-type", one), label=label, flags=("prose", mark))


def _of_sentence(said: str, roles: Roles, heading: bool) -> list[tuple[str, str]]:
    """Types that a sentence gives the own model, each with its kind of evidence."""
    passed = _PASSED.search(said)
    if passed is not None and roles.at(passed.start()) is None:
        return [("pre-training" if passed.group().lower().startswith("pre") else "fine-tuning", "cost")]
    both = _BOTH.search(said)
    if both is not None and roles.at(both.start()) is None and roles.at(both.end() - 1) is None:
        return [("both", "made")]
    found: list[tuple[str, str]] = []
    for match in _FINE.finditer(said):
        if roles.at(match.start()) in {"other", "planned", "use", "need"} or _NOT_MADE.search(
            said[max(0, match.start() - 60) : match.start()]
        ):
            continue
        if heading and match.group().lower().endswith("ing"):
            continue
        made = _FINE_MADE.match(said[match.end() :].lstrip()) or match.group().lower().endswith(("ed", "e")) or heading
        found.append(("fine-tuning", "made" if made else "described"))
        break
    scratch = _SCRATCH.search(said)
    if (
        scratch is not None
        and roles.at(scratch.start()) is None
        and _TRAINS.search(said)
        and not _NO_SCRATCH.search(said[max(0, scratch.start() - 60) : scratch.start()])
    ):
        return [("pre-training", "scratch")]
    if found:
        return found
    return [("pre-training", "made")] if _is_pretrained(said, roles) else []


def _is_pretrained(said: str, roles: Roles) -> bool:
    """Whether a sentence says that the own model was pre-trained, not that it began from what was."""
    for match in _PRE.finditer(said):
        before = said[max(0, match.start() - 100) : match.start()]
        if roles.at(match.start()) is not None or _OF_BASE.search(before) or not _DEFINITION.search(before):
            continue
        if _PRE_MADE.match(said[match.end() :]):
            return True
    return False


def training_type(
    claims: Iterable[Claim], front_matter: Mapping[str, Any] | None
) -> Literal["pre-training", "fine-tuning", "both"] | None:
    """The training type that claims and metadata add up to.

    Args:
        claims: Claims of training types.
        front_matter: Metadata of the card.

    Returns:
        The type; None where nothing is said.
    """
    weights = {"pre-training": 0, "fine-tuning": 0, "both": 0}
    for claim in claims:
        if claim.quantity == "training-type" and claim.label and claim.outcome == "reported":
            mark = next((flag for flag in claim.flags if flag in WEIGHTS), "labelled")
            weights[claim.label] = max(weights[claim.label], WEIGHTS[mark])
    based = _of_metadata(front_matter or {})
    weights["fine-tuning"] += based
    pre, fine, both = weights["pre-training"], weights["fine-tuning"], weights["both"]
    if both >= max(pre, fine, 1) and not (based and both < STATED):
        return "both"
    return None if not max(pre, fine, both) else "fine-tuning" if fine >= pre else "pre-training"


def _of_metadata(front: Mapping[str, Any]) -> int:
    """Weight with which metadata say that the model was made from another one."""
    tags = " ".join(str(tag) for tag in _listed(front.get("tags")))
    relation = str(front.get("base_model_relation") or "").lower()
    if relation in {"finetune", "adapter"}:
        return WEIGHTS["relation"]
    if relation or _DERIVED_TAGS.search(tags):
        return 0
    adapter = str(front.get("library_name") or "").lower() in {"peft", "adapter-transformers"} or any(
        _ADAPTER_TAGS.fullmatch(str(tag)) for tag in _listed(front.get("tags"))
    )
    based = any(str(one).strip() for one in _listed(front.get("base_model")) if one)
    return WEIGHTS["base"] * based + WEIGHTS["adapter"] * adapter


def _listed(values: Any) -> list[Any]:
    return list(values[:500]) if isinstance(values, (list, tuple)) else [values]
