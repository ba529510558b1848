"""The fields that are asked of every model.

The same for the census and for a single model, so that both get the same class.
"""

from __future__ import annotations

import re

FIELDS = (
    "author", "baseModels", "cardData", "config", "createdAt", "disabled", "downloads", "downloadsAllTime",
    "evalResults", "gated", "gguf", "lastModified", "library_name", "likes", "model-index", "pipeline_tag",
    "safetensors", "sha", "siblings", "tags", "usedStorage",
)  # fmt: skip

# Fields that the listing has refused at one time or another (huggingface_hub, pull request 3182); dropped together
# where the server refuses one without saying which.
DOUBTFUL = frozenset({"baseModels", "childrenModelCount", "evalResults", "usedStorage"})
_OPTION = re.compile(r'"([A-Za-z_-]{1,40})"')


def fields_left(fields: tuple[str, ...], message: str) -> tuple[str, ...]:
    """Fields to ask for after the server refused some.

    Args:
        fields: What was asked for.
        message: The server's words; they usually list the options that are allowed, or name the one that is not.

    Returns:
        The fields without the refused ones; the same fields where the refusal is about something else.
    """
    named = set(_OPTION.findall(message))
    if "expected one of" in message and named:
        return tuple(name for name in fields if name in named)
    refused = {name for name in fields if re.search(rf"\b{re.escape(name)}\b", message)}
    if not refused and "expand" in message:
        refused = set(fields) & DOUBTFUL
    return tuple(name for name in fields if name not in refused)


def expand_query(fields: tuple[str, ...]) -> list[tuple[str, str]]:
    """Query parameters that ask for the fields."""
    return [("expand[]", name) for name in fields]
