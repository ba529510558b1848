"""The single rules of normalizing: domain, generator, size, performance, times, strata."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.normalize.domain import ORDER, domain_of
from mining.normalize.generator import generator_of
from mining.normalize.performance import metric_value, metrics_of
from mining.normalize.size import (
    has_weights,
    is_packed,
    is_weight_file,
    parameters_in_config,
    parameters_in_name,
    parameters_of,
    storage_of,
)
from mining.normalize.strata import POPULARITY_CLASSES, SIZE_CLASSES, popularity_class, size_class, stratum_of
from mining.normalize.times import creation_of, iso_time, oldest
from mining.normalize.wire import NOTHING, Gguf, Safetensors

# ---------------------------------------------------------------- domain


@pytest.mark.parametrize(
    ("task", "tags", "library", "expected"),
    [
        ("text-generation", (), None, ("NLP", "pipeline-tag")),
        ("image-text-to-text", (), None, ("Multimodal", "pipeline-tag")),
        ("automatic-speech-recognition", ("text-generation",), None, ("Audio", "pipeline-tag")),
        (None, ("pytorch", "image-classification"), None, ("Computer Vision", "task-tag")),
        ("unheard-of-task", ("translation",), None, ("NLP", "task-tag")),
        (None, ("translation", "text-to-speech"), None, ("NLP", "task-tag")),
        (None, (), "stable-baselines3", ("Reinforcement Learning", "library")),
        (None, ("en",), "transformers", (None, None)),
    ],
)
def test_domain(task: str | None, tags: tuple[str, ...], library: str, expected: Any) -> None:
    assert domain_of(task, tags, library) == expected


def domain_by_dictionary(tags: Sequence[str], dictionary: Mapping[str, Mapping[str, str]]) -> str | None:
    """Domain by the 2023 study's tag dictionary, deterministic.

    Args:
        tags: Tags, in the study's spelling (lower case, hyphens).
        dictionary: The part ``tags_to_domain`` of the published ``tags_metadata.yaml``.

    Returns:
        The domain with most votes in the first part of the dictionary that knows any tag; None where no part does.
    """
    for part in ("task_to_domain", "model_to_domain", "concepts_to_domain"):
        known = dictionary.get(part, {})
        votes: Counter[str] = Counter(known[tag] for tag in tags if tag in known)
        if votes:
            return min(votes, key=lambda domain: (-votes[domain], ORDER.index(domain)))
    return None


def test_the_dictionary_rule_is_deterministic_and_prefers_tasks() -> None:
    dictionary = {
        "task_to_domain": {"t": "NLP", "u": "Audio"},
        "model_to_domain": {"m": "Computer Vision"},
        "concepts_to_domain": {"c": "Multimodal"},
    }
    assert domain_by_dictionary(["m", "t"], dictionary) == "NLP"
    assert domain_by_dictionary(["u", "t"], dictionary) == domain_by_dictionary(["t", "u"], dictionary) == "NLP"
    assert domain_by_dictionary(["m", "c"], dictionary) == "Computer Vision"
    assert domain_by_dictionary(["c"], dictionary) == "Multimodal"
    assert domain_by_dictionary(["x"], dictionary) is None


@pytest.mark.shared
def test_the_dictionary_rule_gives_the_published_domains(shared_dir: Path) -> None:
    import pandas as pd
    import yaml

    dictionary = yaml.safe_load((shared_dir / "published" / "tags_metadata.yaml").read_text())["tags_to_domain"]
    frame = pd.read_csv(shared_dir / "published" / "HFStreamlit.csv.gz", low_memory=False)
    names = [name for name in frame.columns if name.startswith("is_")]
    agree = 0
    for row in frame.to_dict("records"):
        tags = [name[3:] for name in names if row[name] == 1]
        domain = None if row["domain"] == "Not Specified" else row["domain"]
        agree += domain_by_dictionary(tags, dictionary) == domain
    assert agree / len(frame) > 0.99


# ---------------------------------------------------------------- generator


@pytest.mark.parametrize(
    ("text", "tags", "expected"),
    [
        ("# Model Trained Using AutoTrain\n", (), "autotrain"),
        ("# Model Trained Using AutoNLP\n", ("autotrain",), "autonlp"),
        ("This is a [SetFit](https://x) model", ("sentence-transformers",), "setfit"),
        ("This is a [sentence-transformers](https://x) model", ("generated_from_trainer",), "sentence-transformers"),
        (
            (
                "<!-- This model card has been generated automatically according to the information the Trainer had "
                "access to."
            ),
            (),
            "trainer",
        ),
        (
            "<!-- This model card has been generated automatically according to the information Keras had access to.",
            (),
            "keras",
        ),
        ("[More Information Needed]\n" * 12, (), "template"),
        ("A card by hand.", (), None),
        (None, ("generated_from_trainer",), "trainer"),
        (None, ("sentence-transformers", "generated_from_trainer"), "sentence-transformers"),
        (None, ("autotrain_compatible",), None),
        (None, (), None),
    ],
)
def test_generator(text: str, tags: tuple[str, ...], expected: Any) -> None:
    assert generator_of(text, tags) == expected


# ---------------------------------------------------------------- size


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("meta/Llama-3-70B-Instruct", 70e9),
        ("x/qwen2.5-1.5b", 1.5e9),
        ("x/TeenyTiny-460m", 460e6),
        ("mixtral-8x7B", 56e9),
        ("Qwen3-30B-A3B", 30e9),
        ("Qwen2.5-7B-Instruct-1M", 7e9),
        ("model_7b_v2", 7e9),
        ("gemma-2b-it-4bit", 2e9),
        ("bert-base-uncased", None),
        ("bge-m3", None),
        ("v0.1", None),
        ("99999b", None),
        ("a/7b/name", None),
    ],
)
def test_parameters_in_a_name(name: str, expected: Any) -> None:
    assert parameters_in_name(name) == (None if expected is None else int(expected))


def test_packed_weights() -> None:
    assert is_packed(Safetensors({"BF16": 10**9}, 10**9)) is False
    assert is_packed(Safetensors({"I32": 860_000_000, "F16": 270_000_000}, None)) is True
    assert is_packed(Safetensors({"F32": 10**8, "I64": 514}, None)) is False
    assert is_packed(None) is None
    assert is_packed(Safetensors()) is None


def test_sources_of_parameters_in_their_order() -> None:
    plain, packed = Safetensors({"BF16": 700}, 700), Safetensors({"U8": 350, "BF16": 10}, 360)
    config = {"hidden_size": 4, "num_hidden_layers": 1, "vocab_size": 8}
    assert parameters_of(plain, Gguf(9), ("x-7b",))[:2] == (700, "safetensors")
    assert parameters_of(packed, Gguf(9), ("x-7b",))[:2] == (9, "gguf")
    assert parameters_of(packed, None, ("x", "base-7b"), config)[:2] == (7 * 10**9, "base-model")
    assert parameters_of(packed, None, ("x-7b", "base"), config)[1] == "config"
    assert parameters_of(None, None, ("x-7b", "base"))[1] == "name"
    assert parameters_of(packed, None, ("x",)) == (None, None, True)


def test_parameters_from_a_configuration() -> None:
    """GPT-2: 124,439,808 parameters, of which positions (786,432), norms and biases are not counted here."""
    gpt2 = {"n_embd": 768, "n_layer": 12, "n_head": 12, "vocab_size": 50257}
    assert parameters_in_config(gpt2) == pytest.approx(124_439_808, rel=0.01)
    llama = {
        "hidden_size": 4096,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "intermediate_size": 14336,
        "vocab_size": 128256,
        "hidden_act": "silu",
    }
    assert parameters_in_config(llama) == pytest.approx(8.03e9 - 525e6, rel=0.01)
    assert parameters_in_config(gpt2 | {"num_experts": 8}) is None
    assert parameters_in_config({"hidden_size": "big"}) is None
    assert parameters_in_config({"hidden_size": True, "num_layers": 2, "vocab_size": 3}) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("model.safetensors", True),
        ("pytorch_model.bin", True),
        ("pytorch_model-00001-of-00002.bin", True),
        ("adapter_model.bin", True),
        ("unet/diffusion_pytorch_model.bin", True),
        ("x.Q4_K_M.gguf", True),
        ("training_args.bin", False),
        ("optimizer.pt", False),
        ("tokenizer.model", False),
        ("spiece.model", False),
        ("vocab.pkl", False),
        ("README.md", False),
        ("emissions.csv", False),
        ("model.safetensors.index.json", False),
    ],
)
def test_weight_files(name: str, expected: Any) -> None:
    assert is_weight_file(name) is expected


def raw(value: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(value))


def test_has_weights() -> None:
    assert has_weights(NOTHING, None, None, None) is None
    assert has_weights(raw([{"rfilename": "README.md"}]), None, None, None) is False
    assert has_weights(raw([{"rfilename": "a.gguf"}]), 5, None, None) is True
    assert has_weights(raw([]), None, Safetensors({"F32": 5}, 5), None) is True
    assert has_weights(NOTHING, 4_000, None, None) is False
    assert has_weights(NOTHING, 400_000, None, None) is None
    assert has_weights(NOTHING, 40_000_000, None, None) is True
    assert has_weights(raw({"odd": 1}), 4_000, None, None) is False


def test_storage() -> None:
    assert storage_of(NOTHING, 12) == 12
    assert (
        storage_of(raw([{"rfilename": "a", "size": 3}, {"rfilename": "b", "size": 4}, {"rfilename": "c"}]), None) == 7
    )
    assert storage_of(raw([{"rfilename": "a"}]), None) is None


# ---------------------------------------------------------------- performance


def index(*metrics: object, task: object = None, dataset: object = None) -> list[object]:
    return [
        {
            "name": "m",
            "results": [
                {
                    "task": task or {"type": "t"},
                    "dataset": dataset or {"name": "d", "type": "d"},
                    "metrics": list(metrics),
                }
            ],
        }
    ]


def test_metrics_keep_task_and_data_set_apart() -> None:
    both = index({"type": "f1", "value": 0.9}, task={"type": "ner"}) + index(
        {"type": "F1", "value": 90.0}, task={"type": "cls"}
    )
    found, skipped = metrics_of("k", both, None)
    assert [(one.task, one.metric, one.metric_value) for one in found] == [("ner", "f1", 0.9), ("cls", "f1", 0.9)]
    assert skipped == 0


def test_every_metric_of_a_result_is_read() -> None:
    found, skipped = metrics_of(
        "k",
        index({"type": "accuracy", "value": 0.5}, {"type": "rougeL", "value": 0.25}, {"name": "Loss", "value": 1.5}),
        None,
    )
    assert {one.metric: one.metric_value for one in found} == {"accuracy": 0.5, "rougel": 0.25, "loss": 1.5}
    assert skipped == 0


def test_evaluation_results_of_the_hub() -> None:
    """Shape of ``evalResults``: huggingface_hub 2.4, ``_eval_results.py``."""
    results = [
        {"dataset": {"id": "cais/hle", "task_id": "default"}, "value": 20.9},
        {"data": {"dataset": {"id": "a/b", "task_id": "t"}, "value": 0.4}},
    ]
    found, _ = metrics_of("k", None, results)
    assert [(one.dataset, one.task, one.metric_value, one.metric_source) for one in found] == [
        ("cais/hle", "default", 20.9, "eval-results"),
        ("a/b", "t", 0.4, "eval-results"),
    ]


@pytest.mark.parametrize(
    ("metric", "value", "expected"),
    [
        ("accuracy", 93.1, 0.931),
        ("accuracy", "93.1%", 0.931),
        ("accuracy", "0,5", 0.5),
        ("accuracy", "0.5%", 0.005),
        ("accuracy", 101, None),
        ("accuracy", -0.1, None),
        ("accuracy", [0.5], None),
        ("accuracy", "good", None),
        ("accuracy", True, None),
        ("accuracy", None, None),
        ("loss", 3.2, 3.2),
        ("bleu", 27.5, 27.5),
        ("loss", float("inf"), None),
        ("loss", 10**400, None),
        ("loss", 7, 7.0),
    ],
)
def test_metric_values(metric: str, value: Any, expected: Any) -> None:
    assert metric_value(metric, value) == (None if expected is None else pytest.approx(expected))


def test_unreadable_metrics_are_counted_and_their_number_is_bounded() -> None:
    assert metrics_of("k", index({"type": "f1", "value": "?"}, {"value": 1}), None) == ([], 2)
    found, _ = metrics_of("k", index(*({"type": f"m{n}", "value": n} for n in range(2000))), None)
    assert len(found) <= 500


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from(["results", "metrics", "task", "value", "type"]), inner)
        ),
        max_leaves=12,
    )
)
def test_no_index_crashes(value: Any) -> None:
    metrics_of("k", value, value)


# ---------------------------------------------------------------- times and strata


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-05-07T23:25:30.000Z", "2026-05-07T23:25:30Z"),
        ("2026-05-07T23:25:30Z", "2026-05-07T23:25:30Z"),
        ("2022-01-06 10:05:22+00:00", "2022-01-06T10:05:22Z"),
        ("yesterday", None),
        ("2026-05-07T23:25:30+02:00", "2026-05-07T21:25:30Z"),
        ("2026-05-07 23:25:30.5 UTC", "2026-05-07T23:25:30Z"),
        ("2026-13-07T23:25:30+02:00", None),
        (None, None),
    ],
)
def test_iso_time(value: Any, expected: Any) -> None:
    assert iso_time(value) == expected


def test_creation() -> None:
    assert creation_of(None, None).created_at is None
    assert creation_of(None, "69fd1f6afa2150562b3cc474") == ("2026-05-07T23:25:30Z", False, "2026-05")
    assert creation_of(None, "not-an-object-id") == (None, False, None)
    assert creation_of("2022-03-02T23:29:05.000Z", None).is_floor
    assert creation_of("2022-03-02T23:29:04.000Z", None, "2030-01-01T00:00:00Z").is_floor
    assert oldest([None, "2020-01-01T00:00:00Z", "x", "2019-01-01T00:00:00Z"]) == "2019-01-01T00:00:00Z"
    assert oldest([]) is None


@given(st.integers(min_value=0, max_value=10**14))
def test_classes_are_ordered(count: int) -> None:
    assert SIZE_CLASSES.index(size_class(count)) <= SIZE_CLASSES.index(size_class(count * 2 + 1))
    assert POPULARITY_CLASSES.index(popularity_class(count)) <= POPULARITY_CLASSES.index(
        popularity_class(count * 2 + 1)
    )


def test_class_limits() -> None:
    assert [size_class(value) for value in (0, 10**7 - 1, 10**7, 10**9, 10**11)] == [
        "under 10M",
        "under 10M",
        "10M-100M",
        "1B-10B",
        "100B and more",
    ]
    assert size_class(None) is None
    assert size_class(None, 4 * 10**9) == "1B-10B"
    assert [popularity_class(value) for value in (0, 1, 9, 10, 10_000)] == [
        "none",
        "1-9",
        "1-9",
        "10-99",
        "10,000 and more",
    ]
    assert popularity_class(None) is None
    assert stratum_of(("NLP", None, "1-9")) == "NLP | unknown | 1-9"
