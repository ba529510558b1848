"""The network room: the only code that speaks to the Hub.

It stands on the session, headers, errors and rate-limit parsing of ``huggingface_hub`` and adds what a long crawl
needs: its own page loop, a limiter per rate-limit bucket, retries, bounded bodies, and a timeout on everything.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mining.hub.answers import Answer
    from mining.hub.calls import call_card, call_commits, call_dataset, call_file, call_info, call_page
    from mining.hub.client import HubClient
    from mining.hub.fields import FIELDS
    from mining.hub.models import fetch_model
    from mining.hub.retry_policy import RetryPolicy

__all__ = [
    "FIELDS",
    "Answer",
    "HubClient",
    "RetryPolicy",
    "call_card",
    "call_commits",
    "call_dataset",
    "call_file",
    "call_info",
    "call_page",
    "fetch_model",
]

_HOMES = {
    "Answer": "answers",
    "FIELDS": "fields",
    "HubClient": "client",
    "RetryPolicy": "retry_policy",
    "call_card": "calls",
    "call_commits": "calls",
    "call_dataset": "calls",
    "call_file": "calls",
    "call_info": "calls",
    "call_page": "calls",
    "fetch_model": "models",
}


def __getattr__(name: str) -> Any:
    """Import a public name only when it is used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
