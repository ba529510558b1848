"""The published model that a card says its own is made of, by name alone ("T5-base, 14 epochs over 6,600 pairs")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from msgspec.structs import replace

from mining.card.document.document import Document, Line
from mining.card.extract.context_roles import Roles
from mining.card.extract.context_statements import LINE_CAP, line_claim, sentences
from mining.card.lexicon.keywords import Cue
from mining.patterns import regex
from mining.schema import Claim

__all__ = ["STARTING_LABELS", "TOKENS", "checkpoint_claims"]

STARTING_LABELS = frozenset(
    [
        "udgangspunkt",
        "초기 가중치",
        "初期重み",
        "初始权重",
        "начальные веса",
        "початкові ваги",
        "başlangıç ağırlıkları",
        "trọng số khởi tạo",
        "bobot awal",
        "وزن‌های اولیه",
        "الأوزان الأولية",
        "startgewichte",
        "poids initiaux",
        "pesos iniciales",
        "pesos iniciais",
        "pesi iniziali",
        "startvikter",
        "startvægte",
        "lähtöpainot",
        "wagi początkowe",
        "utgångspunkt",
        "ausgangspunkt",
        "point de départ",
        "punto de partida",
        "punto di partenza",
        "ponto de partida",
        "punt de partida",
        "startpunt",
        "uitgangspunt",
        "startmodel",
        "punkt wyjścia",
        "отправная точка",
        "база",
        "вихідна модель",
        "başlangıç noktası",
        "titik awal",
        "điểm khởi đầu",
        "基座",
        "底座",
        "基座模型",
        "底座模型",
        "ベース",
        "ベースモデル",
        "元モデル",
        "기반 모델",
        "베이스 모델",
        "نقطة البداية",
        "پایه",
        "مدل پایه",
        "आधार मॉडल",
        "lähtökohta",
        "pohjamalli",
        "pohja",
        "abiapuntua",
        "oinarria",
    ]
)
"""Labels of other languages for the model that a training started from."""
TOKENS = regex(
    r"\b(?:train\w*|saw|seen|parameters|params)\b[^.;]{0,60}?(?<![\w.,])(?:(?:[5-9]|\d{2,}|\d{1,2},\d{3})(?:\.\d+)?\s?"
    r"(?:B|billion)|\d[\d.]*\s?(?:T|trillion))\s(?:\w+\s){0,3}?tokens\b",
    stems="token",
)
"""So many tokens as only the first training of a model sees."""
INTRODUCTION_LINES = 30
_SIZES = r"(?:tiny|mini|small|medium|base|large|x+l|x-large|huge)"
_NAMES = (
    rf"(?:[a-z]{{0,8}}berta?(?:-v\d)?[\s-]{_SIZES}[\w-]*|(?:flan-|[mb]?y?)?t5(?:-v1_1)?[\s-]{_SIZES}|[m]?bart-{_SIZES}"
    rf"|gpt-?2[\s-]{_SIZES}|gpt-(?:neo|j)[\w.-]*|whisper[\s-](?:{_SIZES}|turbo)[\w-]*|xls-?r[\w-]*|electra-{_SIZES}"
    rf"|(?:wav2vec2?|hubert|wavlm)[\w-]*-{_SIZES}[\w-]*|(?:all-)?minilm[\w-]*|xlm-r(?:oberta)?(?:[\s-]{_SIZES})?\b"
    r"|sdxl\b|stable[\s-]diffusion[\s-](?:v?\d[\w.]*|xl)|trocr-\w+|layoutlm\w*|(?:llama|mistral|mixtral|qwen|gemma|phi"
    r"|falcon|olmo|pythia|bloom|opt|yi|starcoder\w*)[\w.]*-[\w.-]*\d(?:\.\d)?[bm](?:-[\w.]+)*)"
)
_CHECKPOINT = regex(
    rf"\b{_NAMES}",
    re.IGNORECASE,
    stems="bert;t5;bart;gpt;whisper;xls;electra;wav2vec;hubert;wavlm;minilm;xlm;sdxl;stable;"
    "trocr;layoutlm;llama;mistral;mixtral;qwen;gemma;phi;falcon;olmo;pythia;bloom;opt;yi;starcoder",
)
"""Published models that others are made from; networks that are often trained anew (ResNet, ViT) are not among them."""
_MADE_OF = (
    regex(
        rf"^\W*(?:an?\s)?{_NAMES}(?:,\s|\s(?:with|on|over|continued|further|trained further|plus)\b)",
        re.IGNORECASE,
        stems="-;bert;diffusion;gpt;layoutlm;minilm;sdxl;t5;wav2vec;wavlm;whisper;xls",
    ),
    regex(
        rf"\b(?:is|it's|was) (?:just |simply |an? |the ){{0,2}}{_NAMES}\s(?:with|on|plus|and a|fine)\b",
        re.IGNORECASE,
    ),
    regex(
        rf"\b(?:lora|adapter|setfit|classifier|head|probe|parser|tagger|model"
        rf"|tuned version)\s(?:\w+\s)?(?:for|on|over|of|on top of|atop)\s(?:the\s)?{_NAMES}",
        re.IGNORECASE,
        stems="adapter;classifier;head;lora;model;parser;probe;setfit;tagger;tuned version",
        as_written=True,
    ),
    regex(
        rf"\w\s[Bb]iaffine over {_NAMES}|\b\w+ (?:over|atop|on top of) {_NAMES}\s?[.,]",
        re.IGNORECASE,
        stems="atop;on top of;over",
    ),
    regex(rf"\({_NAMES}(?:\)|,\s\d+ epochs)", re.IGNORECASE, stems="( &  epochs;)"),
)
"""How a sentence names the published model that its own is made of."""
_COMPARED = regex(
    r"\b(?:compar\w+|baselines?|outperform\w*|better than|worse than|unlike|versus|vs|architecture|style|sized?|like"
    r"|scratch|random\w*|tokeni[sz]er|teacher|distill\w*|evaluat\w+|embeddings from|filtered|labell?ed (?:by|with))\b",
    re.IGNORECASE,
    stems="architecture;baseline;better than;compar;distill;embeddings from;evaluat;filtered;"
    "label;like;outperform;random;scratch;size;style;teacher;tokeni;versus;vs;worse than",
)


def checkpoint_claims(card: Document, own: frozenset[str]) -> Iterator[Claim]:
    """Sentences that name the published model that the card's own is made of.

    Args:
        card: A parsed card; of its lines only the first that are no heading are looked at, where models are introduced.
        own: Words of the names of its model.

    Yields:
        Claims of fine-tuning, flagged as of a base, and of pre-training on so many tokens.
    """
    told = (line for line in card.body if line.kind == "text" and line.plain.strip())
    for line in _from_first_name([*islice(told, INTRODUCTION_LINES)]):
        for start, end in sentences(line.plain[:LINE_CAP]) if _CHECKPOINT.search(line.plain) else ():
            said = line.plain[start:end]
            made = next((one for pattern in _MADE_OF if (one := pattern.search(said))), None)
            if made is not None and not _COMPARED.search(said) and Roles(said, own).at(made.start()) != "planned":
                claim = line_claim("training-type", line, start, end)
                yield replace(claim, label="fine-tuning", flags=("prose", "base"))
                break
    for line, _ in card.lines_with(Cue.TIME | Cue.DEVICE):
        for start, end in sentences(line.plain[:LINE_CAP]) if line.kind == "text" and "token" in line.plain else ():
            seen = TOKENS.search(line.plain, start, end)
            if seen is not None and Roles(line.plain[start:end], own).at(seen.start() - start) is None:
                claim = line_claim("training-type", line, start, end)
                yield replace(claim, label="pre-training", flags=("prose", "tokens"))


def _from_first_name(lines: list[Line]) -> list[Line]:
    """The lines from the first one on that names such a model; most cards name none, which one search tells."""
    named = _CHECKPOINT.search("\n".join([line.plain for line in lines]))
    if named is None:
        return []
    end = 0
    for at, line in enumerate(lines):
        end += len(line.plain) + 1
        if end > named.start():
            return lines[at:]
    return []
