"""Cue words: what a text must hold before a slower reader looks at it, and which lines of a card hold them.

All words of all readers are sought in one pass of an Aho-Corasick automaton (``ahocorasick_rs``), so that a card
without any of them costs no more than that pass, and a reader is only shown lines that may concern it.
"""

from __future__ import annotations

from functools import cache
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

__all__ = ["Cue", "cue_lines", "cues_in", "has_emission_word", "names_device"]


class Cue:
    """What a word hints at, as bits (several at once); plain numbers, since every line of every card is tested."""

    EMISSION = 1
    ENERGY = 2
    CONTEXT = 4
    TRAINING = 8
    DEVICE = 16
    TIME = 32
    CALCULATOR = 64
    TOOL = 128
    AMOUNT = 256
    RUN = 512
    MACHINE = 1024
    MADE = 2048
    BEGAN = 4096


_TIME_WORDS = (
    "hour;day;week;month;minute;hrs;second;heure;stunde;hora;時間;小时;year;saat;giờ; jam;ساعت;ساعة;घंट;"
    "час;годин;godzin;timm;timer;tunti;ordu; uur;uren;시간; ore;giorn;día;dias;суток; dni;天;日間"
)
_MADE_WORDS = (
    "random init;randomly init;ised random;ized random;ised at;ized at;inherited;starting weights;"
    "based on;no weights;from zero;from nothing;cold start;blank slate;at random;glorot;kaiming;xavier;ab initio"
    ";random start;out random"
    ";random weights;random initial;no upstream;he initiali;instruct;tuned;initialised;initialized;trained from"
    ";trained starting;"
    "sft;fine-tun;finetun;fine tun;lora;adapter;built ;scratch;from scratch;pretrain;pre-train;finjuster;"
    "finträn;fintræn;feinabge;nachtrain;dostroj;dotren;дообуч;донавч;ince ayar;微调;微調;ファインチューニング;미세;"
    "파인튜닝;tinh chỉnh;ajuste fino;afinad;affinat;affinam;bijgetrain;fijnafge;hienosää;doitu;ضبط;"
    "تنظیم دقیق;फाइन;vortrain;预训练;事前学習;사전학습;사전 학습;предобуч;von grund auf;de zéro;desde cero;do zero;"
    "da zero;vanaf nul;od zera;с нуля;з нуля;sıfırdan;dari nol;từ đầu;从零;从头;ゼロから;처음부터;من الصفر;"
    "از صفر;ajustat;ajustad;partim de;parteix de;تصادفی;från grunden;fra bunden;alusta alkaen;hutsetik;des de zero"
)
_BEGAN_WORDS = (
    "start;began;begin;begun;continu;base;foundation;tokens;objective;supervised;labels;transfer;took;taken;residues;"
    "underneath;initiali;tuning;further;adapted;random weights;train;masked"
)
_NUMBERED_GATE = (
    "a6000;a5000;a4000;l40s;gh200;b200;gaudi;trainium;mi250;mi300;mi210;mi100; 4090; 4080; 4070; 3090; 3080"
    "; 3070; 3060; 2080;a10g; a30; l40;h800;a800;"
    "ascend;b100;radeon"
)
_CONTEXT_WORDS = (
    "gpu;nvidia;hardware;a100;v100;h100;rtx;xeon;hours;training time;compute region;ハードウェア; tpu;tpus;"
    "flops;p100;k80;gtx;tesla; t4; a40; l4;h200;b200;gaudi;trainium;macbook;mac mini;mac studio;apple m;"
    "m-series;apple silicon;h20;mi325;gb300;单卡;單卡;双卡;四卡;八卡"
)
_TRAINING_TIME = (
    "trained for;training took;trainingszeit;trainingsdauer;temps d'entra;durée d'entra;tiempo de entrena"
    ";tempo de trein;tempo di addestra;temps d'entrenament;trainingstijd;trainingsduur;czas tren;czas ucz;время обуч"
    ";час навч;eğitim süre;waktu pelatihan;durasi pelatihan;thời gian huấn luyện;训练时间;训练时长;学習時間;訓練時間"
    ";학습 시간;훈련 시간"
    ";مدة التدريب;زمان آموزش;प्रशिक्षण समय;träningstid;træningstid;koulutusaika"
)
_MORE_GATE = "geforce;昇腾;昇騰"
_NUMBERED_DEVICES = " 4090; 4080; 4070; 3090; 3080; 3070; 3060; 2080; 1080;昇腾;昇騰"
_GAS_WORDS = (
    "углекисл;вуглекисл;парник;dióx;diòx;dwutlen;cieplarn;anidride;gas serra;nhà kính;温室;溫室;온실;الدفيئة;"
    "أكسيد;گلخانه;اکسید;ग्रीनहाउस;डाइऑक्साइड;sera gaz;broeikas;växthus;drivhus;kasvihuone;berotegi;"
    "climátic;climàtic;ilmasto;气候;氣候;気候;klimagas;climate;huella;empreinte;impronta;petjada;pegada;voetafdruk"
    ";fußabdruck;ayak iz;"
    "dấu chân;jejak karbon;avtryck;aftryk;jalanjälk;aztarna;بصمة;ردپای;足跡;발자국;klima;climat;dioxid;"
    "dioks"
)
_WORDS: dict[int, tuple[str, ...]] = {
    Cue.EMISSION: (
        *(
            "carbon",
            "co2",
            "emiss",
            "emitt",
            "footprint",
            "greenhouse",
            "ghg",
            "c02",
            "co<",
            "co$",
            "co 2",
            "emisi",
            "emisj",
            "kohlen",
        ),
        *(
            "treibhaus",
            "uitstoot",
            "udledning",
            "karbon",
            "co₂",
            "émiss",
            "碳",
            "炭素",
            "排出",
            "탄소",
            "углерод",
            "выброс",
        ),
        *("utsläpp", "päästö", "koolstof", "węgl", "hiilijalan", "hiilidiok", "uhlík", "カーボン", "フットプリント"),
        *("koldiox", "kuldiox", "hiilidi", "karbono", "isuri", "igorpen", "انبعاث", "كربون", "کربن", "उत्सर्जन", "कार्बन"),
        *(
            "phát thải",
            "khí thải",
            "thải ra",
            "cacbon",
            "co_",
            "вуглец",
            "викид",
            "эмисси",
            "емісі",
            *_GAS_WORDS.split(";"),
            "salım",
            "salın",
            "co２",
            "emisyon",
            *("ausstoß", "ausstoss", "fussabdruck", "klimabilanz", "klimagas", "rejets de", "rumah kaca", "kulstof"),
            *("efecto invernadero", "efeito estufa", "d'hivernacle", "udled", "hiili", "kolekviv", "effet de serre"),
            *("gás carb", "diossid", "dioxyd", "kasvihuone", "điôxit"),
            *("排放", "温暖化ガス", "배출", "انتشار"),
            *("со2", "со₂"),  # in Cyrillic letters
        ),
    ),
    Cue.ENERGY: (
        *("kwh", "mwh", "kilowatt", "megawatt", "квт", "мвт", "киловатт", "кіловат", "千瓦", "キロワット", "킬로와트"),
        *("كيلوواط", "کیلووات", "किलोवाट"),
    ),
    # without one of these, and without a word of emissions or energy, the body makes no claim
    Cue.CONTEXT: tuple(f"{_NUMBERED_GATE};{_MORE_GATE};{_CONTEXT_WORDS};{_TRAINING_TIME}".split(";")),
    # a sentence about a training
    Cue.TRAINING: (
        *(
            "train",
            "tun",
            "performed",
            "conducted",
            "spent",
            "carried out",
            "computation",
            "experiments",
            "ran on",
            "ran for",
            "built ",
        ),
        *("entraîn", "entrain", "entren", "treinad", "addestra", "学習", "训练", "обуч"),
    ),
    # a sentence that names hardware; the vocabulary decides
    Cue.DEVICE: (
        *(
            "gpu",
            "tpu",
            "a100",
            "v100",
            "p100",
            "h100",
            "h200",
            "h800",
            "a800",
            "v-100",
            "rtx",
            "gtx",
            "titan",
            "quadro",
            "t4",
            "l4",
        ),
        *(
            "a10",
            "a40",
            "a30",
            "a4000",
            "a5000",
            "a6000",
            "k80",
            "p40",
            "mi1",
            "mi2",
            "mi3",
            "gaudi",
            "trainium",
            "ipu",
            "dgx",
        ),
        *(
            "ascend",
            "xeon",
            "i3-",
            "i5-",
            "i7-",
            "i9-",
            "epyc",
            "ryzen",
            "core(tm)",
            "macbook",
            "mac mini",
            "mac studio",
            "m-series",
            "apple silicon",
            "apple m",
            "m1 ",
            "m2 ",
            "m3 ",
            "m4 ",
        ),
        *(
            "xlarge",
            "mac mini",
            "mac studio",
            "m-series",
            "apple silicon",
            "cerebras",
            "jetson",
            "gh200",
            "b200",
            "tesla",
        ),
        *_NUMBERED_DEVICES.split(";"),
        *("radeon", "geforce", "b300", "h20", "a16", "mx150", "trillium"),
    ),
    Cue.TIME: (*_TIME_WORDS.split(";"), *(f"{digit}{blank}h" for digit in range(10) for blank in ("", " ")), " min"),
    # the paragraph that the ML impact calculator hands out, and a place in brackets behind an amount
    Cue.CALCULATOR: ("carbon efficiency", "co2"),
    Cue.TOOL: (
        *(
            "carbon",
            "calculator",
            "mlco2",
            "ml co2",
            "lacoste",
            "eco2",
            "green-algo",
            "green algo",
            "greenalgo",
            "impact-tracker",
            "emissionstracker",
            "track_emissions",
        ),
        *(
            "impact tracker",
            "cumulator",
            "ecologits",
            "autotrain",
            "autonlp",
            "auto-train",
            "auto train",
            "emissions (in grams)",
        ),
    ),
    # how a model was made, without any word of hardware or time
    Cue.MADE: tuple(_MADE_WORDS.split(";")),
    Cue.BEGAN: tuple(_BEGAN_WORDS.split(";")),
    Cue.AMOUNT: ("tdp", "wh", "pue", "usage effectiveness", "flop", "water"),
    # a sentence that may say where something ran, and the machines it must speak of besides
    Cue.RUN: ("train", "comput", "experiment", "tuned", "tuning", " ran "),
    Cue.MACHINE: (
        *(
            "co2",
            "carbon",
            "kwh",
            "gpu",
            "tpu",
            "cluster",
            "cloud",
            "supercomputer",
            "super-computer",
            "datacent",
            "data cent",
        ),
        *("jean zay", "idris", "leonardo", "cineca", "lumi", "marenostrum", "bsc", "snellius", "perlmutter", "nersc"),
        *(
            "kaust",
            "gadi",
            "abci",
            "berzelius",
            "cyfronet",
            "juwels",
            "jülich",
            "cscs",
            "epfl",
            "eth z",
            "gwdg",
            "karolina",
            "meluxina",
        ),
        *("aws", "azure", "gcp", "computing cent", "colab", "kaggle", "server", "modal", "runpod", "region"),
    ),
}
MANY = 500
"""Searches from which the automaton that takes longest to build, and finds the same in half the time, pays."""
_LINE_END = b"\n"


def _spellings(word: str) -> set[bytes]:
    """A word as it stands in bytes whose ASCII letters are lower-case; other letters may be capitals."""
    return (
        {form.encode() for form in (word, word.capitalize(), word.upper())} if not word.isascii() else {word.encode()}
    )


_searches = count()
_Hits = list[tuple[int, int, int]]


@cache
def _automaton(is_fast: bool) -> tuple[BytesAhoCorasick, tuple[int, ...]]:
    """The automaton of all words, and the cues of each."""
    import ahocorasick_rs

    codes: dict[bytes, int] = {}
    for cue, words in _WORDS.items():
        for spelling in {form for word in words for form in _spellings(word)}:
            codes[spelling] = codes.get(spelling, 0) | cue
    kinds = ahocorasick_rs.Implementation
    kind = kinds.DFA if is_fast else kinds.ContiguousNFA
    return ahocorasick_rs.BytesAhoCorasick(list(codes), implementation=kind), tuple(codes.values())


def _hits(data: bytes) -> tuple[_Hits, tuple[int, ...]]:
    """Words in a text, each with its number, beginning and end, in the order of the ends; and the cues by number."""
    automaton, codes = _automaton(next(_searches) >= MANY)
    return automaton.find_matches_as_indexes(data, overlapping=True), codes


def cues_in(text: bytes) -> int:
    """What a text hints at.

    Args:
        text: UTF-8, capitals or not.

    Returns:
        The cues of all its words, as bits of :class:`Cue`.
    """
    hits, codes = _hits(text.lower())
    found = 0
    for number, _, _ in hits:
        found |= codes[number]
    return found


def has_emission_word(low: str) -> bool:
    """Whether a lower-case text has any word of emissions."""
    return _has(Cue.EMISSION, low)


def names_device(low: str) -> bool:
    """Whether a lower-case text has any word of hardware."""
    return _has(Cue.DEVICE, low)


def _has(cue: int, low: str) -> bool:
    hits, codes = _hits(low.encode("utf-8", "surrogatepass"))
    return any(codes[number] & cue for number, _, _ in hits)


def cue_lines(text: str, before: int = 0) -> dict[int, int]:
    """Cues of each line that has any.

    Args:
        text: A card, or its rest, with plain line ends.
        before: Number of lines before the text.

    Returns:
        Number of the line, from 1 and in order, and its cues as bits of :class:`Cue`.
    """
    data = text.lower().encode("utf-8", "surrogatepass")
    hits, codes = _hits(data)
    lines: dict[int, int] = {}
    number, found, behind, line_end = before + 1, 0, 0, -1
    for word, _, end in hits:
        if end > line_end:
            # matches come in the order of their ends, and none holds a line end
            if found:
                lines[number] = found
                found = 0
            number += data.count(_LINE_END, behind, end)
            behind, line_end = end, data.find(_LINE_END, end)
            line_end = len(data) if line_end < 0 else line_end
        found |= codes[word]
    if found:
        lines[number] = found
    return lines
