"""Which tool wrote a card.

Generators leave three kinds of marks: a sentence of their template in the text, a tag, and a library. The text is asked
first, since tags outlive a card that was rewritten by hand; without a text the tags decide. The first mark that holds
wins, special before general.
"""

from __future__ import annotations

from collections.abc import Sequence

HEAD_CHARACTERS = 20_000

_TEXT_MARKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("autonlp", ("trained using autonlp",)),
    ("autotrain", ("trained using autotrain", "trained with autotrain", "model trained using auto train")),
    ("setfit", ("this is a [setfit]", "# setfit with ", "setfit model that can be used for")),
    ("span-marker", ("this is a [spanmarker]", "# spanmarker with ")),
    (
        "sentence-transformers",
        (
            "this is a [sentence-transformers]",
            "# sentencetransformer based on",
            "this is a sentence-transformers model",
        ),
    ),
    ("keras", ("generated automatically according to the information keras had access to",)),
    ("trl", ("it has been trained using [trl]",)),
    ("trainer", ("generated automatically according to the information the trainer had access to",)),
    (
        "mergekit",
        (
            "merge of pre-trained language models created using [mergekit]",
            "this is a merge of pre-trained language models",
        ),
    ),
    ("unsloth", ("trained 2x faster with [unsloth]", "was trained 2x faster")),
    ("stable-baselines3", ("this is a trained model of a **", "using the [stable-baselines3 library]")),
    ("ml-agents", ("using the [unity ml-agents library]",)),
    ("sample-factory", ("using sample-factory",)),
    ("huggingtweets", ("huggingtweets",)),
    ("huggingpics", ("huggingpics",)),
    ("huggingartists", ("huggingartists",)),
    (
        "diffusers",
        (
            "dreambooth - ",
            "lora text2image fine-tuning",
            "<!-- this model card has been generated automatically. you should probably proofread",
        ),
    ),
    ("model-hub-mixin", ("pushed to the hub using the [pytorchmodelhubmixin]", "pytorchmodelhubmixin](")),
    (
        "gguf-quantizer",
        ("static quants of http", "weighted/imatrix quants of http", "this model was converted to gguf format from"),
    ),
    ("mlx", ("was converted to mlx format from",)),
)

_TEMPLATE_MARK = "[more information needed]"
_TEMPLATE_LEAST = 10
"""Empty slots from which a card counts as the Hub's template left as it was."""

_TEMPLATE_HEADINGS = (
    "## model details", "## uses", "## training details", "## environmental impact", "### direct use",
    "### downstream use", "### out-of-scope use", "## bias, risks, and limitations", "### recommendations",
    "## how to get started with the model", "#### training hyperparameters", "#### speeds, sizes, times",
    "### testing data, factors & metrics", "## technical specifications", "### compute infrastructure",
    "## model card authors", "## model card contact",
)  # fmt: skip
"""Headings of ``modelcard_template.md`` (huggingface_hub 2.4); six of them together hardly come by chance."""
_HEADINGS_LEAST = 6

_TAG_MARKS = {
    "autonlp": (0, "autonlp"),
    "autotrain": (1, "autotrain"),
    "setfit": (2, "setfit"),
    "generated_from_setfit_trainer": (2, "setfit"),
    "span-marker": (3, "span-marker"),
    "generated_from_span_marker_trainer": (3, "span-marker"),
    "generated_from_keras_callback": (4, "keras"),
    "mergekit": (5, "mergekit"),
    "huggingtweets": (6, "huggingtweets"),
    "huggingpics": (7, "huggingpics"),
    "huggingartists": (8, "huggingartists"),
    "pytorch_model_hub_mixin": (9, "model-hub-mixin"),
    "model_hub_mixin": (9, "model-hub-mixin"),
    "generated_from_trainer": (10, "trainer"),
}
"""Tags that a generator leaves, and their rank: the lowest wins."""
_TAG_NAMES = frozenset(_TAG_MARKS)
_TRAINER = "trainer"
_SENTENCE_TAG = "sentence-transformers"


def generator_of(text: str | None, tags: Sequence[str]) -> str | None:
    """Name of the tool that wrote the card.

    Args:
        text: Text of the card; None where it was not read.
        tags: Tags as listed.

    Returns:
        Name of the generator; None where the card was written by hand or the tool is not recognised.
    """
    if text:
        return _by_text(text[:HEAD_CHARACTERS].lower(), tags)
    return _by_tags(tags)


def _by_text(text: str, tags: Sequence[str]) -> str | None:
    for name, marks in _TEXT_MARKS:
        for mark in marks:
            if mark in text:
                return name
    by_tags = _by_tags(tags)
    return "template" if by_tags is None and _is_template(text) else by_tags


def _is_template(text: str) -> bool:
    """Whether the Hub's template can still be seen: many empty slots, or most of its own headings."""
    return (
        text.count(_TEMPLATE_MARK) >= _TEMPLATE_LEAST
        or sum(heading in text for heading in _TEMPLATE_HEADINGS) >= _HEADINGS_LEAST
    )


def _by_tags(tags: Sequence[str]) -> str | None:
    if _TAG_NAMES.isdisjoint(tags):
        return None
    name = min(_TAG_MARKS[tag] for tag in tags if tag in _TAG_MARKS)[1]
    return _SENTENCE_TAG if name == _TRAINER and _SENTENCE_TAG in tags else name
