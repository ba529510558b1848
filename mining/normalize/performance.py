"""Performance values of a model.

From ``model-index`` and from the Hub's evaluation results, per task, data set and metric. Values of different tasks are
never pooled. A share written in per cent is divided by 100; text that is no number, lists, and values that a share
cannot have are left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import Any

import msgspec
from msgspec import Struct

from mining.normalize.wire import decode_any
from mining.schema import Metric

MODEL_INDEX = "model-index"
EVAL_RESULTS = "eval-results"
MAX_METRICS = 500
MAX_TEXT = 120
MAX_WHOLE = 10**300
"""Whole numbers from here on are none that a metric has, and some no longer fit a float."""

_SHARE_WORDS = (
    "accuracy f1 precision recall rouge1 rouge2 rougel rougelsum exact_match roc_auc top1_accuracy top5_accuracy "
    "balanced_accuracy map mean_iou iou dice cosine_accuracy"
)
SHARES = frozenset(_SHARE_WORDS.split())
"""Metrics that are shares of one by their definition."""

_SAME = {
    "rouge-l": "rougel", "rouge-1": "rouge1", "rouge-2": "rouge2", "acc": "accuracy", "f1-score": "f1",
    "f1_score": "f1", "exact-match": "exact_match", "em": "exact_match", "eval_loss": "loss",
    "eval_accuracy": "accuracy", "eval_f1": "f1",
}  # fmt: skip


def metrics_of(model_key: str, model_index: Any, eval_results: Any) -> tuple[list[Metric], int]:
    """Metrics of one model.

    Args:
        model_key: Key of the model.
        model_index: The metadata key ``model-index``, as it lies on the wire or as decoded YAML.
        eval_results: The Hub's ``evalResults``, as decoded JSON.

    Returns:
        The metrics, without repetitions, and how many values were left out because they are no usable number.
    """
    found: dict[Metric, None] = {}
    skipped = 0
    for task, dataset, name, value, source in chain(_of_index(model_index), _of_results(eval_results)):
        metric = metric_name(name)
        number = metric_value(metric, value) if metric else None
        if metric is None or number is None:
            skipped += 1
            continue
        found[
            Metric(
                model_key=model_key,
                task=task,
                dataset=dataset,
                metric=metric,
                metric_value=number,
                metric_source=source,
            )
        ] = None
        if len(found) >= MAX_METRICS:
            break
    return list(found), skipped


_Row = tuple[str | None, str | None, Any, Any, str]


class _Named(Struct):
    """A task or a data set; the type comes first."""

    type: Any = None
    name: Any = None


class _Value(_Named):
    """One metric with its value."""

    value: Any = None


class _Result(Struct):
    task: _Named | str | None = None
    dataset: _Named | str | None = None
    metrics: list[_Value] = []


class _Listed(Struct):
    """One model of a ``model-index`` as nearly all are written: what is no value is not even taken apart."""

    results: list[_Result] = []


_index_decoder = msgspec.json.Decoder(list[_Listed])


def _of_index(index: Any) -> Iterator[_Row]:
    """Rows of a ``model-index``: a list of models, each with results, each with task, data set and metrics."""
    if isinstance(index, msgspec.Raw):
        try:
            yield from _of_listed(_index_decoder.decode(index))
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            yield from _of_index(decode_any(index))
        return
    for model in _mappings(index):
        for result in _mappings(model.get("results")):
            task = _text(_in(result.get("task"), "type", "name"))
            dataset = _text(_in(result.get("dataset"), "type", "name"))
            for metric in _mappings(result.get("metrics")):
                yield task, dataset, metric.get("type") or metric.get("name"), metric.get("value"), MODEL_INDEX


def _of_listed(models: list[_Listed]) -> Iterator[_Row]:
    for model in models[:MAX_METRICS]:
        for result in model.results[:MAX_METRICS]:
            task, dataset = _named(result.task), _named(result.dataset)
            for metric in result.metrics[:MAX_METRICS]:
                yield task, dataset, metric.type or metric.name, metric.value, MODEL_INDEX


def _named(value: _Named | str | None) -> str | None:
    return _text(value.type or value.name) if isinstance(value, _Named) else _text(value)


def _of_results(results: Any) -> Iterator[_Row]:
    """Rows of the Hub's evaluation results; the task of the benchmark stands for the metric where none is named."""
    for entry in _mappings(results):
        data = entry["data"] if isinstance(entry.get("data"), dict) else entry
        dataset = data.get("dataset")
        task = _text(_in(dataset, "task_id") or data.get("task_id") or data.get("task"))
        yield task, _text(_in(dataset, "id", "name")), data.get("metric") or "score", data.get("value"), EVAL_RESULTS


def _mappings(value: Any) -> Iterator[dict[str, Any]]:
    items = value if isinstance(value, list) else [value]
    return (item for item in items[:MAX_METRICS] if isinstance(item, dict))


def _in(value: Any, *keys: str) -> Any:
    """The first of the keys inside a mapping, or the text itself."""
    if isinstance(value, dict):
        return next((value[key] for key in keys if value.get(key)), None)
    return value


def _text(value: Any) -> str | None:
    return value.strip()[:MAX_TEXT] or None if isinstance(value, str) else None


def metric_name(value: Any) -> str | None:
    """Name of a metric in lower case, common spellings made one."""
    text = _text(value)
    return _one_spelling(text) if text is not None else None


@lru_cache(maxsize=4_096)
def _one_spelling(text: str) -> str:
    name = text.lower().replace(" ", "_")
    return _SAME.get(name, name)


def metric_value(metric: str, value: Any) -> float | None:
    """A metric's value as a number; shares between 0 and 1.

    Args:
        metric: Name as given by :func:`metric_name`.
        value: A number, or text with a number (``93.1%``, ``0,93``).

    Returns:
        The value, or None where it is no finite number, or outside 0 to 100 for a share.
    """
    number = _number(value)
    if number is None or not math.isfinite(number):
        return None
    if metric in SHARES:
        is_percent = isinstance(value, str) and value.strip().endswith("%")
        if is_percent or number > 1:
            number /= 100
        return number if 0 <= number <= 1 else None
    return number


def _number(value: Any) -> float | None:
    if isinstance(value, float):
        return value
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return float(value) if abs(value) < MAX_WHOLE else None
    if isinstance(value, str) and len(value) <= 40:
        text = value.strip().removesuffix("%").strip()
        text = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
        try:
            return float(text)
        except ValueError:
            return None
    return None
