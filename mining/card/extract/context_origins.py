"""What a sentence says its model began as: an existing model that was trained further, or nothing.

Read from the gloss of a sentence. A beginning is a word for starting, taking or adapting beside what was there before:
the name of a published model, or a word for a model. A first training is told by what only it has: an objective
without labels, more tokens than any later stage sees, or the word "base" for the model itself.
"""

from __future__ import annotations

import re

from mining.card.lexicon.keywords import has_emission_word
from mining.patterns import regex

__all__ = ["ADAPTER_NAME", "TUNED_NAME", "began", "is_adapter", "is_first_training", "is_published"]

_SIZES = r"(?:tiny|mini|small|medium|base|large|x+l|x-large|huge|turbo|nano|micro)"
_KNOWN = (
    r"(?:[\w-]{0,14}?(?:bert|gpt|llama|mistral|mixtral|qwen|gemma|whisper|wav2vec|hubert|wavlm|minilm|trocr|nllb"
    r"|bloom|falcon|olmo|pythia|electra|t5|bart|marian|opus-mt|sdxl|starcoder|yolo|detr|clip|dino|convnext|resnet"
    r"|mobilenet|efficientnet|segformer|xlm-r|xls-r|polyglot|depth anything|stable diffusion|layoutlm|donut|esm-?2"
    r"|phi-\d|vit-|imagenet|voxceleb|mpnet|conformer|m2m|seamless|siglip|florence|paligemma|smollm|deepseek)"
    r"[\w.-]*)"
)
_MODEL = (
    r"(?:model(?!l?ing|s? (?:card|architecture))\w*|modell\w*|modèle\w*|модел\w*|模型|モデル|모델\S*|نموذج\w*|مدل\w*"
    r"|मॉडल|malli\w*|eredu\w*|mô hình|checkpoints?|encoders?|decoders?|weights|pesos|poids|pesi|gewichten|wagi|backbone"
    r"|llms?|original)"
)
_LITTLE = r"(?:(?!(?:scratch|zero|random|nothing|data|epoch|step|version|commit)\b)[^\s,.;:]+\s){0,6}?"
_NO_DESIGN = r"(?!\S*\s(?:\w+\s)?(?:architecture|design|recipe|style|config\w*|tokeni[sz]er|vocabulary|hyperparam\w*))"
_BEGAN = (
    regex(
        r"\b(?:start(?:s|ed|ing)?|begins?|began|begun|depart(?:s|ed|ing)|continu(?:ed|es|ing)|resum(?:ed|ing)"
        r"|carried on|initiali[sz](?:ed|es)|grew|derived|warm-started)"
        rf"\s(?:out\s|life\s)?(?:from|with|as|at)\s{_LITTLE}(?:{_KNOWN}|{_MODEL}\b|[^\W\d]\w*[-/]\S*\d){_NO_DESIGN}",
        re.IGNORECASE,
        stems="start;begin;began;begun;depart;continu;resum;carried on;initiali;grew;derived",
    ),
    regex(
        rf"\b(?:took|taken?|picked|grabbed|loaded)\s(?:up\s)?{_LITTLE}(?:{_KNOWN}|{_MODEL}\b)[^.;]{{0,60}}?"
        r"\b(?:tun(?:ed|e|ing)|train(?:ed|ing)|taught|adapted|fine|fit)",
        re.IGNORECASE,
        stems="took;take;picked;grabbed;loaded & adapted;fine;fit;taught;train;tun",
    ),
    regex(
        rf"\b(?:tuned|retrained|adapted)\s(?:an?|the|our|1|it|this)?\s?(?:[^\s,.;]+\s){{0,3}}?(?:{_KNOWN}|q?lora\b"
        rf"|model\b"
        r"|encoder\b|checkpoint\b)",
        re.IGNORECASE,
        stems="tuned;retrained;adapted",
    ),
    regex(
        rf"(?:^|[\s(]){_KNOWN}(?:\s{_SIZES})?,?\s(?:\w+\s){{0,2}}?(?:further (?:pre-?)?trained|trained further"
        rf"|trained more|after"
        r"|adapted|tuned|continued|specialised|specialized|taught|underneath|inside|fine-?tun\w*)\b",
        re.IGNORECASE,
        stems="trained;adapted;tun;continued;speciali;taught;underneath;inside;after & bart;bert;bloom;clip;"
        "conformer;convnext;deepseek;depth anything;detr;dino;donut;efficientnet;electra;esm;falcon;"
        "florence;gemma;gpt;hubert;imagenet;layoutlm;llama;m2m;marian;minilm;mistral;mixtral;mobilenet;"
        "mpnet;nllb;olmo;opus-mt;paligemma;phi-;polyglot;pythia;qwen;resnet;sdxl;seamless;segformer;"
        "siglip;smollm;stable diffusion;starcoder;t5;trocr;vit-;voxceleb;wav2vec;wavlm;whisper;xlm-r;"
        "xls-r;yolo",
    ),
    regex(rf"(?:^\W*|\.\s){_KNOWN}(?:\s{_SIZES})?\s?\+\s", re.IGNORECASE, stems="+"),
    regex(
        r"\btransfer[\s-]learning\b(?! (?:task|benchmark|experiment|performance|results?))",
        re.IGNORECASE,
        stems="transfer",
    ),
    regex(r"\bchat[\s-]tun(?:ed|ing)\b", re.IGNORECASE, stems="chat"),
    regex(
        r"^\W*(?:start(?:ing point)?|base|init\w*|backbone|parent|original)\s?:\s(?!\W*(?:random|none|no\b|scratch"
        r"|xavier"
        rf"|kaiming|from scratch))(?:[^\s,.;]+\s){{0,3}}?(?:{_KNOWN}|[^\W\d]\S*/\S*[^\W\d]|(?:public\s"
        rf"|open\s)(?:weights|pesos))",
        re.IGNORECASE,
        stems="start;base;init;backbone;parent;original",
    ),
)
_FOREIGN = (
    regex(rf"\bstarting from\s{_LITTLE}(?:{_KNOWN}|{_MODEL}|\S*[^\W\d]-\S*\d)", re.IGNORECASE, stems="starting from"),
    regex(rf"\bbased upon\s{_LITTLE}(?:{_KNOWN}|{_MODEL}){_NO_DESIGN}", re.IGNORECASE, stems="based upon"),
    regex(
        rf"(?:{_KNOWN}|{_MODEL})\S*\s(?:\S+\s){{0,2}}?(?:starting from|based upon)\b",
        re.IGNORECASE,
        stems="starting from;based upon",
    ),
    regex(rf"\badapted\b\S*\s(?:\S+\s){{0,4}}?(?:{_KNOWN}|{_MODEL})", re.IGNORECASE, stems="adapted"),
    regex(r"\bbased upon\W{1,3}\S+-\S*[^\W\d]", re.IGNORECASE, stems="based upon"),
)
"""The same in the gloss of other languages, some of which put the word behind the model."""


def began(said: str, foreign: bool) -> re.Match[str] | None:
    """Where a sentence says that its model was made from an existing one.

    Args:
        said: The gloss of the sentence.
        foreign: Whether its card is in another language than English.
    """
    for pattern in (*_BEGAN, *_FOREIGN) if foreign else _BEGAN:
        match = pattern.search(said)
        # an estimate may rest on a model as well
        before = said[: match.start()] if match is not None else ""
        if match is not None and not (_COMPARED.search(before) or has_emission_word(before.lower())):
            return match
    return None


def is_published(said: str, at: int) -> bool:
    """Whether a name at an offset is one of the models that others are made from."""
    return _KNOWN_HERE.match(said, at) is not None


_KNOWN_HERE = regex(_KNOWN, re.IGNORECASE)
_COMPARED = regex(
    r"\b(?:compar\w+|baselines?|outperform\w*|better than|worse than|unlike|versus|vs|teacher|distill\w*"
    r"|tokeni[sz]er)\b"
    r"[^;]{0,60}$",
    re.IGNORECASE,
)
_ADAPTER = regex(
    r"(?:\b(?:is|it's|was|be) (?:just )?(?:an?|1|the) |^\W*(?:an?\s|1\s)?|\b(?:our|this|my) )(?:(?!for\b|of\b"
    r"|to\b)[^\s,.;:]+\s)"
    r"{0,3}?(?:q?lora|dora|adapter)\b(?!\W*(?:yes|no|rank|adapters?\b|support))|\bwith an? q?lora instead\b",
    re.IGNORECASE,
    stems="lora;dora;adapter",
)
_ADAPTER_FOREIGN = regex(r"(?<![\w-])(?:q?lora|adapter)(?![\w-]|\s(?:supp|komp))", re.IGNORECASE, stems="lora;adapter")


def is_adapter(said: str, foreign: bool) -> re.Match[str] | None:
    """Where a sentence calls its model an adapter, which always has a model under it.

    Args:
        said: The gloss of the sentence.
        foreign: Whether its card is in another language than English.
    """
    return (_ADAPTER_FOREIGN if foreign else _ADAPTER).search(said)


ADAPTER_NAME = regex(r"(?:^|[\W_])(?:q?lora|peft|adapter)(?:$|[\W_])", re.IGNORECASE, stems="lora;peft;adapter")
"""A name that calls its model an adapter."""
TUNED_NAME = regex(
    r"[\W_](?:instruct(?:ion)?|chat|sft|dpo|finetuned|fine-tuned|ft|tuned|sohbet)(?:$|[\W_])",
    re.IGNORECASE,
    stems="chat;dpo;ft;instruct;sohbet;tuned",
)
"""A name that says its model was tuned."""
_FIRST = (
    regex(
        r"(?:\b(?:this|it|\S+-\d\S*)(?: is|'s)|\bas|^\W*|\blooking at|\bholds (?:the )?(?:weights of )?|weights"
        r" of)\s?(?:an?|the|1)?"
        r"\s(?:(?!on\b|from\b|of\b|with\b|and\b|tuned\b|adapter\b|fine\S*)[^\s,.;:]+\s){0,5}?(?:base|foundation)\s"
        r"(?:language\s|code\s|text\s|vision\s)?model\b(?!'s|s\b|\W+\S+-|\s(?:page|card|of\b|is\b|was\b|and\b|on\b"
        r"|with a))",
        re.IGNORECASE,
        stems="base;foundation & model",
    ),
    regex(r"^\W*(?:an?\s)?masked language model\b", re.IGNORECASE, stems="masked"),
    regex(r"\b(?:raw|plain|untuned),?\s(?:and\s)?pre-?trained\b", re.IGNORECASE, stems="trained & plain;raw;untuned"),
    regex(
        r"\b(?:masked|causal|denoising|span|next[- ](?:token|word|byte)|self-supervised|autoregressive|contrastive"
        r"|unsupervised|replaced-token)\s(?:\S+\s){0,3}?(?:objective|loss|corruption|masking|autoencoder"
        r"|pre-?training)\b"
        r"|\blearnt? without labels\b|\bself-supervised\b",
        re.IGNORECASE,
        stems="objective;loss;corruption;masking;autoencoder;training;without labels;self-supervised",
    ),
    regex(
        r"\bpre-?training tokens\b|\b(?:final|same|this|our|released|whole|entire|actual)\spre-?training\s(?:run|job)\b"
        r"|\bpre-?training(?: run)? of (?:this|the released|our)\b",
        re.IGNORECASE,
        stems="training",
    ),
    regex(
        r"^\W*pre-?trained\s(?:\w+\s){0,3}?(?:decoder|encoder|transformer|language model|lm)\b|\bautoencoder"
        r" pre-?trained\b"
        r"|^\W*(?:\S+\s){1,4}?pre-?trained (?:on|over)\b",
        re.IGNORECASE,
        stems="trained",
    ),
    regex(
        r"\b(?:language|code|diffusion|protein|genom\w+|dna|speech|foundation"
        r"|generative)\s(?:\w+\s)?models?\b(?:[^.;]|\.(?=\d)){0,80}?"
        r"\btrained\b(?! (?:from|further|to\b|by\b(?! (?:an?|the)\b)))",
        re.IGNORECASE,
        stems="model & code;diffusion;dna;foundation;generative;genom;language;protein;speech",
    ),
    regex(
        r"(?<![\w.,])(?:[\d.,]{1,9}\s?(?:T|trillion)|(?:[1-9]\d{1,3}(?:\.\d+)?|\d,\d{3})\s?(?:B|bn|billion))\s"
        r"(?:\w+[\s-]){0,2}(?:tokens|residues|bases|nucleotides)\b",
        stems="tokens;residues;bases;nucleotides",
    ),
)
"""What only a first training has."""


def is_first_training(said: str) -> re.Match[str] | None:
    """Where a sentence says of its model what only a first training has.

    Args:
        said: The gloss of the sentence.
    """
    return next((match for one in _FIRST if (match := one.search(said)) is not None), None)
