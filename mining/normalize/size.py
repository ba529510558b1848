"""Parameters, storage and weights of a model.

The Hub's ``safetensors.total`` sums *stored elements*. In a packed quantized repository one stored element holds
several parameters, so that the sum is a floor and not a count: such a repository is marked, and its count is taken from
elsewhere or left open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from mining.normalize.wire import Gguf, Safetensors, decode_siblings
from mining.patterns import regex

PACKED_PARAMETERS = {"I32": 8, "U32": 8, "I16": 4, "U8": 2, "I8": 2}
"""Parameters that one stored element of an integer type holds where weights are packed in 4 bits (8 bits would be half
of it)."""

PACKED_SHARE = 0.5
"""From this share of (unpacked) elements in integer types on, a repository counts as packed; buffers of positions stay
far below."""

WEIGHT_SUFFIXES = (
    ".safetensors", ".gguf", ".ggml", ".onnx", ".pt", ".pth", ".ckpt", ".h5", ".keras", ".tflite", ".pb", ".msgpack",
    ".mlmodel", ".npz", ".joblib", ".pkl", ".pickle", ".skops", ".nemo", ".pdparams", ".params", ".engine", ".zip",
    ".model.bin",
)  # fmt: skip
_BIN_FILES = regex(
    r"(?:^|/)(?:pytorch_|adapter_|diffusion_pytorch_|open_clip_pytorch_|ggml-|flax_|tf_)?(?:model|weights|consolidated)[^/]*\.bin$"
)
_NO_WEIGHTS = regex(
    r"(?:^|/)(?:training_args|optimizer|scheduler|scaler|rng_state[^/]*|tokenizer[^/]*|vocab[^/]*|special_tokens[^/]*)\.[a-z0-9]+$"
)

_SURE_ENDS = (b'model.safetensors"', b'pytorch_model.bin"', b'.gguf"')
"""Ends of weight files that are looked for in the list as it lies on the wire, before it is taken apart."""

MAX_DISAGREEMENT = 0.1
"""Difference of total and sum by type, as a share of the larger, up to which they are the same count."""

MAX_COUNT = 2**62
"""Counts and bytes from here on are nothing that the Hub counted, and no table holds them."""

SMALL_REPOSITORY_BYTES = 100_000
LARGE_REPOSITORY_BYTES = 1_000_000
"""Without a list of files: a repository below the first holds texts only, one above the second holds weights; between,
nothing is said."""

_SIZE_WORD = regex(r"(?<![a-z0-9.])(?:(\d{1,3})x)?(\d{1,4}(?:\.\d{1,3})?)([bm])(?![a-z0-9])")
_MOST_BILLIONS = 3_000
_MAX_CONFIG = 10**7


class Size(NamedTuple):
    """Parameters of a model, where they were read, and whether its stored weights are packed."""

    parameters: int | None
    source: str | None
    is_packed: bool | None


NO_SIZE = Size(None, None, None)


def parameters_of(
    safetensors: Safetensors | None,
    gguf: Gguf | None,
    names: Sequence[str],
    config: Mapping[str, Any] | None = None,
) -> Size:
    """Parameter count from the best source there is: safetensors, GGUF, base model's name, configuration, own name.

    Args:
        safetensors: Stored elements by type.
        gguf: Header of a GGUF file.
        names: The model's own name, then the names of its bases.
        config: Content of ``config.json``.

    Returns:
        Count, source and mark; the count is None where no source gives one.
    """
    packed = is_packed(safetensors)
    total = stored_elements(safetensors)
    if total and not packed:
        return Size(total, "safetensors", packed)
    if gguf is not None and gguf.total and 0 < gguf.total < MAX_COUNT:
        return Size(gguf.total, "gguf", packed)
    for name in names[1:]:
        if (count := parameters_in_name(name)) is not None:
            return Size(count, "base-model", packed)
    if config and (count := parameters_in_config(config)) is not None:
        return Size(count, "config", packed)
    if names and (count := parameters_in_name(names[0])) is not None:
        return Size(count, "name", packed)
    return Size(None, None, packed)


def stored_elements(safetensors: Safetensors | None) -> int | None:
    """Sum of stored elements; None where the Hub gives none."""
    if safetensors is None:
        return None
    total = safetensors.total if safetensors.total is not None else sum(safetensors.parameters.values())
    return total if 0 < total < MAX_COUNT and not totals_disagree(safetensors) else None


def totals_disagree(safetensors: Safetensors | None) -> bool:
    """Whether the total is another number than the sum by type, so that neither can be believed.

    Shared weights make a real difference of some per cent (11 of 3,760 models of a dump of 2026 differ, two of them by
    more than a tenth).
    """
    if safetensors is None or safetensors.total is None or not safetensors.parameters:
        return False
    total = sum(safetensors.parameters.values())
    return abs(total - safetensors.total) > MAX_DISAGREEMENT * max(total, safetensors.total)


def is_packed(safetensors: Safetensors | None) -> bool | None:
    """Whether integer elements, unpacked, make up most of the weights; None without safetensors."""
    if safetensors is None or not safetensors.parameters:
        return None
    packed = plain = 0
    for kind, count in safetensors.parameters.items():
        if not 0 < count < MAX_COUNT:
            continue
        if kind in PACKED_PARAMETERS:
            packed += count * PACKED_PARAMETERS[kind]
        else:
            plain += count
    return packed > 0 and packed >= PACKED_SHARE * (packed + plain)


@lru_cache(maxsize=8_192)
def parameters_in_name(name: str) -> int | None:
    """Parameters that a repository's name states: ``7b``, ``1.5B``, ``8x7b``, ``460m``; billions before millions.

    Active parameters of sparse models (``A3B``) are not sizes; a mixture ``8x7b`` counts as the product, which is an
    upper bound.
    """
    best: int | None = None
    for count, number, unit in _SIZE_WORD.findall(name.rsplit("/", 1)[-1].lower().replace("_", "-")):
        scale = 1e9 if unit == "b" else 1e6
        value = float(number) * scale * (int(count) if count else 1)
        if 0 < value <= _MOST_BILLIONS * 1e9:
            best = max(best or 0, round(value))
    return best


def parameters_in_config(config: Mapping[str, Any]) -> int | None:
    """Parameters of a dense transformer from its configuration: attention, feed-forward and embeddings.

    Counts 4 h^2 (or less with grouped keys) and 2 or 3 feed-forward matrices a layer, plus one embedding. Mixtures of
    experts and configurations without these keys are refused (None).
    """
    width = _first(config, "hidden_size", "n_embd", "d_model", "dim")
    layers = _first(config, "num_hidden_layers", "n_layer", "num_layers", "n_layers")
    words = _first(config, "vocab_size")
    if width is None or layers is None or words is None or any("expert" in str(key) for key in config):
        return None
    heads = _first(config, "num_attention_heads", "n_head", "n_heads") or 1
    pairs = _first(config, "num_key_value_heads") or heads
    inner = _first(config, "intermediate_size", "n_inner", "ffn_dim", "hidden_dim") or 4 * width
    matrices = 3 if config.get("hidden_act") in {"silu", "swiglu"} else 2
    attention = 2 * width * width + 2 * width * width * pairs // heads
    count = layers * (attention + matrices * width * inner) + words * width
    return count if count < MAX_COUNT else None


def _first(config: Mapping[str, Any], *names: str) -> int | None:
    for name in names:
        value = config.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _MAX_CONFIG:
            return value
    return None


def has_weights(
    siblings: msgspec.Raw, used_storage: int | None, safetensors: Safetensors | None, gguf: Gguf | None
) -> bool | None:
    """Whether the repository holds weights; None where neither files nor storage are listed."""
    if (safetensors is not None and (safetensors.total or safetensors.parameters)) or (gguf is not None and gguf.total):
        return True
    listed = bytes(siblings)
    for end in _SURE_ENDS:
        if end in listed:
            return True
    files = decode_siblings(siblings)
    if files is not None:
        return any(is_weight_file(file.rfilename) for file in files)
    if used_storage is not None:
        if used_storage < SMALL_REPOSITORY_BYTES:
            return False
        if used_storage >= LARGE_REPOSITORY_BYTES:
            return True
    return None


@lru_cache(maxsize=8_192)
def is_weight_file(name: str) -> bool:
    """Whether a file of this name holds weights."""
    name = name.lower()
    if _NO_WEIGHTS.search(name):
        return False
    return name.endswith(WEIGHT_SUFFIXES) or _BIN_FILES.search(name) is not None


def storage_of(siblings: msgspec.Raw, used_storage: int | None) -> int | None:
    """Bytes of the repository, or the sum of its files where only those are listed."""
    if used_storage is not None and used_storage >= 0:
        return used_storage
    sizes = [file.size for file in decode_siblings(siblings) or () if file.size is not None and file.size >= 0]
    return sum(sizes) if sizes else None
