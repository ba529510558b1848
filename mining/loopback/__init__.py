"""A Hub on this machine: a loopback server that behaves as the real one, and a synthetic sample for it to serve."""

from __future__ import annotations

from mining.loopback.catalog import Catalog, RecordHub
from mining.loopback.churn import Churn
from mining.loopback.faults import ALL_FAULTS, Faults
from mining.loopback.quota import ANONYMOUS, PRO, WITH_TOKEN, Counters
from mining.loopback.sample import SampleHub
from mining.loopback.server import HubTruth, LoopbackHub

__all__ = [
    "ALL_FAULTS",
    "ANONYMOUS",
    "PRO",
    "WITH_TOKEN",
    "Catalog",
    "Churn",
    "Counters",
    "Faults",
    "HubTruth",
    "LoopbackHub",
    "RecordHub",
    "SampleHub",
]
