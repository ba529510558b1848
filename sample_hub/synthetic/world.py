"""The synthetic world.

Kinds of repositories, tasks, architectures, data sets, machines and regions, and the planted coefficients. All names
and shares are this module's own; nothing is shared with the card reader or its vocabularies.
"""

from __future__ import annotations

import bisect
import itertools
from dataclasses import dataclass
from typing import NamedTuple

LABEL = "SYNTHETIC sample: generated models, not real ones"
PREFIX = "synthetic-"


class Family(NamedTuple):
    """An architecture: stem of names, configuration, parameters, bytes per stored parameter."""

    stem: str
    model_type: str
    architecture: str
    parameters: int
    width: int = 4


class Task(NamedTuple):
    """A task: tag, domain, group of families, metric."""

    tag: str
    domain: str
    group: str
    metric: str


class Kind(NamedTuple):
    """A kind of repository.

    Attributes:
        name: Name of the kind.
        generator: What wrote the card, or None.
        library: Library, or None.
        tasks: Group of tasks to draw from.
        lineage: original, finetune, adapter, quantized, merge, or copy.
        reports: Where emissions are stated: "", metadata, card, or file.
        weights: Relative frequency in each era: before 2021, 2021, ..., 2026.
    """

    name: str
    generator: str | None
    library: str | None
    tasks: str
    lineage: str
    reports: str
    weights: tuple[float, ...]


FAMILIES: dict[str, tuple[Family, ...]] = {
    "encoder": (
        Family("bert-base", "bert", "BertFor", 109_482_240),
        Family("distilbert", "distilbert", "DistilBertFor", 66_362_880),
        Family("roberta-large", "roberta", "RobertaFor", 355_359_744),
        Family("deberta-v3-base", "deberta-v2", "DebertaV2For", 183_831_552),
        Family("xlm-roberta", "xlm-roberta", "XLMRobertaFor", 278_043_648),
        Family("minilm-l12", "bert", "BertFor", 33_360_000),
    ),
    "decoder": (
        Family("gpt2", "gpt2", "GPT2LMHeadModel", 124_439_808),
        Family("qwen2-0.5b", "qwen2", "Qwen2ForCausalLM", 494_032_768, 2),
        Family("llama-1b", "llama", "LlamaForCausalLM", 1_235_814_400, 2),
        Family("qwen2-3b", "qwen2", "Qwen2ForCausalLM", 3_085_938_688, 2),
        Family("mistral-7b", "mistral", "MistralForCausalLM", 7_241_732_096, 2),
        Family("llama-8b", "llama", "LlamaForCausalLM", 8_030_261_248, 2),
        Family("gemma2-27b", "gemma2", "Gemma2ForCausalLM", 27_227_128_320, 2),
    ),
    "seq2seq": (
        Family("t5-small", "t5", "T5ForConditionalGeneration", 60_506_624),
        Family("t5-base", "t5", "T5ForConditionalGeneration", 222_903_552),
        Family("bart-base", "bart", "BartForConditionalGeneration", 139_420_416),
        Family("marian", "marian", "MarianMTModel", 77_518_848),
    ),
    "image": (
        Family("vit-base", "vit", "ViTForImageClassification", 86_567_656),
        Family("resnet-50", "resnet", "ResNetForImageClassification", 25_557_032),
        Family("swin-base", "swin", "SwinForImageClassification", 87_768_224),
        Family("segformer-b0", "segformer", "SegformerForSemanticSegmentation", 3_752_694),
        Family("detr-r50", "detr", "DetrForObjectDetection", 41_302_368),
    ),
    "diffusion": (
        Family("sd-v1", "stable-diffusion", "StableDiffusionPipeline", 859_520_964, 2),
        Family("sdxl", "stable-diffusion-xl", "StableDiffusionXLPipeline", 2_567_463_684, 2),
        Family("flux", "flux", "FluxPipeline", 11_901_408_320, 2),
    ),
    "multimodal": (
        Family("clip-b32", "clip", "CLIPModel", 151_277_313),
        Family("llava-7b", "llava", "LlavaForConditionalGeneration", 7_062_902_784, 2),
        Family("qwen2-vl-2b", "qwen2_vl", "Qwen2VLForConditionalGeneration", 2_208_985_600, 2),
    ),
    "audio": (
        Family("wav2vec2-base", "wav2vec2", "Wav2Vec2ForCTC", 94_396_320),
        Family("whisper-small", "whisper", "WhisperForConditionalGeneration", 241_734_912),
        Family("whisper-large", "whisper", "WhisperForConditionalGeneration", 1_543_490_560, 2),
        Family("speecht5", "speecht5", "SpeechT5ForTextToSpeech", 144_433_890),
    ),
    "policy": (Family("ppo", "ppo", "ActorCriticPolicy", 143_000), Family("dqn", "dqn", "CnnPolicy", 1_690_000)),
    "tabular": (Family("xgb", "xgboost", "XGBClassifier", 210_000), Family("mlp", "mlp", "MLPClassifier", 52_000)),
}

NLP, CV, AUDIO, MULTI, RL, TABULAR = (
    "NLP",
    "Computer Vision",
    "Audio",
    "Multimodal",
    "Reinforcement Learning",
    "Tabular",
)
_T = {
    task.tag: task
    for task in (
        Task("text-classification", NLP, "encoder", "accuracy"),
        Task("token-classification", NLP, "encoder", "f1"),
        Task("fill-mask", NLP, "encoder", "accuracy"),
        Task("question-answering", NLP, "encoder", "f1"),
        Task("sentence-similarity", NLP, "encoder", "accuracy"),
        Task("text-generation", NLP, "decoder", "accuracy"),
        Task("summarization", NLP, "seq2seq", "rouge1"),
        Task("translation", NLP, "seq2seq", "bleu"),
        Task("image-classification", CV, "image", "accuracy"),
        Task("object-detection", CV, "image", "accuracy"),
        Task("image-segmentation", CV, "image", "accuracy"),
        Task("text-to-image", MULTI, "diffusion", "fid"),
        Task("image-text-to-text", MULTI, "multimodal", "accuracy"),
        Task("zero-shot-image-classification", CV, "multimodal", "accuracy"),
        Task("automatic-speech-recognition", AUDIO, "audio", "wer"),
        Task("audio-classification", AUDIO, "audio", "accuracy"),
        Task("text-to-speech", AUDIO, "audio", "accuracy"),
        Task("reinforcement-learning", RL, "policy", "mean_reward"),
        Task("tabular-classification", TABULAR, "tabular", "accuracy"),
    )
}


def _spread(**shares: int) -> tuple[Task, ...]:
    """A list in which each task stands as often as its share says."""
    return tuple(itertools.chain.from_iterable([_T[name.replace("_", "-")]] * count for name, count in shares.items()))


TASKS: dict[str, tuple[Task, ...]] = {
    "any": _spread(
        text_classification=16, token_classification=6, fill_mask=5, question_answering=4, text_generation=34,
        summarization=4,
        translation=5,
        image_classification=9, object_detection=3, image_segmentation=2, text_to_image=4, image_text_to_text=4,
        zero_shot_image_classification=1, automatic_speech_recognition=5, audio_classification=2, text_to_speech=1,
        tabular_classification=2,
    ),
    "auto": _spread(
        text_classification=46, token_classification=10, question_answering=3, summarization=14, translation=3,
        image_classification=18,
        tabular_classification=4,
    ),
    "text": _spread(text_generation=1),
    "similar": _spread(sentence_similarity=1),
    "classify": _spread(text_classification=1),
    "vision": _spread(image_classification=7, object_detection=2, image_segmentation=2),
    "diffuse": _spread(text_to_image=1),
    "play": _spread(reinforcement_learning=1),
}  # fmt: skip

KINDS = (
    Kind("bare", None, "transformers", "any", "original", "", (30, 30, 30, 30, 29, 28, 28)),
    Kind("template", "template", "transformers", "any", "finetune", "", (0, 0, 6, 14, 17, 18, 18)),
    Kind("trainer", "trainer", "transformers", "any", "finetune", "", (0, 14, 24, 19, 16, 15, 15)),
    Kind("keras", "keras", "keras", "vision", "original", "", (0, 2, 3, 1.5, 0.5, 0.3, 0.2)),
    Kind("rl", None, "stable-baselines3", "play", "original", "", (0, 0, 11, 12, 3, 2, 2)),
    Kind("diffusers", None, "diffusers", "diffuse", "adapter", "", (0, 0, 2, 6, 7, 6, 5)),
    Kind("adapter", None, "peft", "text", "adapter", "", (0, 0, 0.2, 6, 9, 10, 11)),
    Kind("gguf", None, "gguf", "text", "quantized", "", (0, 0, 0, 2, 6, 7, 8)),
    Kind("packed", None, "transformers", "text", "quantized", "", (0, 0, 0, 0.7, 3, 3, 3)),
    Kind("merge", None, "transformers", "text", "merge", "", (0, 0, 0, 0.6, 2.5, 2, 1.5)),
    Kind("st", "sentence-transformers", "sentence-transformers", "similar", "finetune", "", (1, 2, 2, 1.2, 0.8, 0.6,
    0.6)),
    Kind("prose", None, "transformers", "any", "original", "", (60, 45, 20, 10, 8, 8, 8)),
    Kind("autotrain-silent", "autotrain", "transformers", "auto", "finetune", "", (0, 0.1, 0.8, 1.0, 0.6, 0.3, 0.2)),
    Kind("autonlp", "autonlp", "transformers", "auto", "finetune", "metadata", (0, 2.6, 0.3, 0, 0, 0, 0)),
    Kind("autotrain", "autotrain", "transformers", "auto", "finetune", "metadata", (0, 0, 2.8, 1.3, 0, 0, 0)),
    Kind("spec", None, "transformers", "any", "original", "metadata", (0.6, 0.4, 0.3, 0.4, 0.4, 0.4, 0.4)),
    Kind("scalar", None, "transformers", "any", "finetune", "metadata", (0.2, 0.2, 0.15, 0.1, 0.1, 0.1, 0.1)),
    Kind("st-carbon", "sentence-transformers", "sentence-transformers", "similar", "finetune", "metadata", (0, 0, 0, 0,
    0.5, 0.9, 1.0)),
    Kind("setfit-carbon", "setfit", "setfit", "classify", "finetune", "metadata", (0, 0, 0, 0.2, 0.35, 0.3, 0.25)),
    Kind("body-template", "template", "transformers", "any", "finetune", "card", (0, 0, 0.1, 0.2, 0.25, 0.25, 0.25)),
    Kind("body-prose", None, "transformers", "any", "original", "card", (0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1)),
    Kind("meter-file", "trainer", "transformers", "any", "finetune", "file", (0, 0, 0.05, 0.08, 0.1, 0.1, 0.1)),
    Kind("exercise", None, None, "classify", "original", "metadata", (0, 0, 0, 0, 0, 0, 0.45)),
    Kind("heir", None, "gguf", "text", "quantized", "metadata", (0, 0, 0, 0.15, 0.2, 0.25, 0.25)),
    Kind("copy", None, "transformers", "any", "copy", "metadata", (0, 0.05, 0.1, 0.1, 0.1, 0.1, 0.1)),
)  # fmt: skip
FOUNDATION = Kind("foundation", None, "transformers", "text", "original", "card", ())
KIND_OF = {kind.name: kind for kind in (*KINDS, FOUNDATION)}


def cumulative(reporter_scale: float) -> tuple[tuple[float, ...], ...]:
    """Cumulative shares of the kinds in each era, the reporting kinds weighted by a factor."""
    rows = []
    for era in range(7):
        weights = [kind.weights[era] * (reporter_scale if kind.reports else 1.0) for kind in KINDS]
        total = sum(weights)
        rows.append(tuple(value / total for value in itertools.accumulate(weights)))
    return tuple(rows)


def kind_at(shares: tuple[float, ...], share: float) -> Kind:
    """Kind at a share of the cumulative shares."""
    return KINDS[min(bisect.bisect_right(shares, share), len(KINDS) - 1)]


class Region(NamedTuple):
    """Where somebody trained: words for it, provider, country, g CO2eq per kWh."""

    name: str
    provider: str
    country: str
    intensity: float


REGIONS = (
    Region("us-east-1", "AWS", "USA", 369.0),
    Region("eu-west-3", "AWS", "FRA", 56.0),
    Region("europe-west3", "GCP", "DEU", 381.0),
    Region("us-central1", "GCP", "USA", 394.0),
    Region("Montreal, Canada", "Calcul Nordique", "CAN", 28.0),
    Region("Mumbai, India", "Azure", "IND", 713.0),
    Region("Warsaw, Poland", "own workstation", "POL", 662.0),
    Region("Stockholm, Sweden", "own cluster", "SWE", 25.0),
)


class Machine(NamedTuple):
    """A machine: name of the device, how many, watts of one."""

    device: str
    devices: int
    watts: int


# Ascending: the energy of a run picks the smallest machine that finishes within a sensible time.
MACHINES = (
    Machine("NVIDIA T4", 1, 70),
    Machine("NVIDIA GeForce RTX 3090", 1, 350),
    Machine("NVIDIA A100-SXM4-40GB", 4, 400),
    Machine("NVIDIA A100-SXM4-80GB", 32, 400),
    Machine("NVIDIA H100 80GB HBM3", 512, 700),
    Machine("NVIDIA H100 80GB HBM3", 4096, 700),
)
LONGEST_RUN_H = 700.0


@dataclass(frozen=True)
class Coefficients:
    """What truly drives the emissions of a training run: the law behind :meth:`SampleHub.truth`.

    ``ln(grams) = intercept + size ln(parameters) + data ln(bytes) + pretraining [pre-training] + domain + trend months
    + sigma z``

    Attributes:
        intercept: Constant.
        size: Elasticity of the number of parameters.
        data: Elasticity of the bytes of training data.
        pretraining: Added for pre-training, against fine-tuning.
        domain: Added for a domain, against NLP.
        trend_per_month: Added per month since January 2022.
        sigma: Standard deviation of the rest.
    """

    intercept: float = -22.5
    size: float = 0.90
    data: float = 0.40
    pretraining: float = 4.5
    domain: tuple[tuple[str, float], ...] = ((CV, -0.6), (MULTI, 0.5), (AUDIO, 0.3), (RL, -0.4), (TABULAR, -1.0))
    trend_per_month: float = -0.012
    sigma: float = 0.8

    def of_domain(self, domain: str) -> float:
        """Coefficient of a domain; 0 for the reference domain."""
        return dict(self.domain).get(domain, 0.0)


PLANTED = Coefficients()
LICENSES = (
    "apache-2.0",
    "apache-2.0",
    "apache-2.0",
    "mit",
    "mit",
    "cc-by-4.0",
    "llama3",
    "openrail",
    "other",
    "cc-by-nc-4.0",
    "",
    "",
    "",
    "",
)
LANGUAGES = ("en", "en", "en", "en", "de", "fr", "es", "zh", "hi", "no", "pt", "multilingual", "", "")
WORDS = (
    "amber", "birch", "cedar", "delta", "ember", "fjord", "glade", "heron", "iris", "juniper", "kelp", "larch", "maple",
    "nimbus", "otter",
    "pebble", "quartz", "raven", "sable", "tundra", "umber", "vesper", "willow", "xenon", "yarrow", "zephyr",
)  # fmt: skip
TOPICS = (
    "reviews", "headlines", "tickets", "recipes", "contracts", "tweets", "birds", "leaves", "xrays", "calls", "lyrics",
    "laws",
    "minutes", "emails", "poems", "logs",
)  # fmt: skip
