"""Parameters, tokens and epochs of a training as its card and its repository give them; or why they give none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.estimates.training_data import Statement, TrainingData, training_data
from analysis.rounding import spoken
from mining.normalize.size import parameters_in_name
from mining.schema import ModelRecord

__all__ = ["NotKnownError", "size_and_data"]

ONE_PASS_TOKENS = 1e11
"""Tokens from which a corpus is taken to have been passed once: fewer are often passed many times, and the card has to
say so."""
BYTES_A_TOKEN = 4.0
ALIKE = 1.1
"""Ratio up to which two statements are the same number, rounded differently."""
NOTHING_TRAINED = {
    "merge": "a merge trains nothing of its own",
    "quantized": "a quantized copy trains nothing of its own",
}
TUNED = frozenset({"finetune", "adapter"})


class NotKnownError(Exception):
    """Size or data are not known, or stated twice and differently."""


def size_and_data(record: ModelRecord, text: str) -> dict[str, Any]:
    """Fields of :class:`analysis.estimates.run_inputs.RunInputs` that size and data fill.

    Args:
        record: The model record.
        text: The card.

    Raises:
        NotKnownError: With the reason, contradicting statements and their places in it.
    """
    if (reason := NOTHING_TRAINED.get(record.base_relation or "")) is not None:
        raise NotKnownError(reason)
    data = training_data(text)
    is_adapter = record.base_relation == "adapter"
    is_tuned = is_adapter or bool(record.base_models) or record.training.training_type == "fine-tuning"
    parameters, of_parameters = _parameters(record, data, is_adapter=is_adapter)
    tokens, is_from_bytes = _tokens(record, data, is_tuned=is_tuned)
    epochs, of_epochs = _epochs(data, tokens, is_tuned=is_tuned)
    return {
        "parameters": parameters,
        "tokens": tokens.value,
        "epochs": epochs,
        "is_fine_tuning": is_tuned,
        "is_frozen_base": is_adapter,
        "where": {"parameters": of_parameters, "tokens": tokens.where, **({"epochs": of_epochs} if of_epochs else {})},
        "assumed": {*(("tokens",) if is_from_bytes else ()), *(("epochs",) if of_epochs.startswith("assumed") else ())},
    }


def _parameters(record: ModelRecord, data: TrainingData, *, is_adapter: bool) -> tuple[float, str]:
    """Parameters that a token passes, and where they stand; an adapter's are those of its base."""
    if data.active_parameters:
        return _one(data.active_parameters, "active parameters")
    if data.is_mixture or _is_mixture(record):
        raise NotKnownError("a mixture of experts, whose active parameters are not stated")
    if is_adapter:
        count = next((n for name in record.base_models if (n := parameters_in_name(name)) is not None), None)
        if count is not None:
            return float(count), "name of the base model"
    elif record.parameters_count and not record.parameters_is_packed:
        return float(record.parameters_count), f"repository: {record.parameters_source}"
    if data.parameters:
        return _one(data.parameters, "parameters")
    raise NotKnownError("the number of parameters is not stated")


def _is_mixture(record: ModelRecord) -> bool:
    names = " ".join((record.name, *record.base_models, *record.tags)).lower()
    return any(mark in names for mark in ("moe", "mixtral", "8x7b", "8x22b", "mixture-of-experts"))


def _tokens(record: ModelRecord, data: TrainingData, *, is_tuned: bool) -> tuple[Statement, bool]:
    """Tokens, and whether they were made of the bytes of the data sets."""
    stated = data.tuned_tokens if is_tuned else data.tokens
    if stated:
        value, where = _one(stated, "tokens")
        return next(one for one in stated if (one.value, one.where) == (value, where)), False
    if is_tuned and data.tokens:
        raise NotKnownError("the tokens stated may be the base model's")
    if is_tuned and record.datasets_bytes and len(record.datasets) == 1:
        where = f"bytes of {record.datasets[0]} / {BYTES_A_TOKEN:g}"
        return Statement(record.datasets_bytes / BYTES_A_TOKEN, where), True
    raise NotKnownError("the number of tokens is not stated")


def _epochs(data: TrainingData, tokens: Statement, *, is_tuned: bool) -> tuple[float, str]:
    """Passes over the data, and where they are stated."""
    if tokens.is_total:
        return 1.0, ""
    if data.epochs:
        return _one(data.epochs, "epochs")
    if not is_tuned and tokens.value >= ONE_PASS_TOKENS:
        return 1.0, "assumed: a corpus of this size is passed once"
    raise NotKnownError("how many epochs is not stated")


def _one(stated: Sequence[Statement], what: str) -> tuple[float, str]:
    """The one value that is stated.

    Raises:
        NotKnownError: There are several; they are shown and not averaged.
    """
    values = [one.value for one in stated]
    if max(values) > ALIKE * min(values):
        shown = "; ".join(f"{spoken(one.value)} ({one.where})" for one in stated[:4])
        raise NotKnownError(f"the card states more than one number of {what}: {shown}")
    return stated[0].value, stated[0].where
