"""A Hub on this machine: a loopback server that behaves as the real one, and a synthetic sample for it to serve."""

from __future__ import annotations

from sample_hub.server.catalog import Catalog, RecordHub
from sample_hub.server.faults import ALL_FAULTS, Faults
from sample_hub.server.quota import ANONYMOUS, PRO, WITH_TOKEN, Counters
from sample_hub.server.server import LoopbackHub
from sample_hub.synthetic.sample import SampleHub

__all__ = [
    "ALL_FAULTS", "ANONYMOUS", "PRO", "WITH_TOKEN", "Catalog", "Counters", "Faults", "HubTruth",
    "LoopbackHub", "RecordHub", "SampleHub",
]  # fmt: skip
