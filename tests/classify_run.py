"""Runs ``hf-carbon classify`` inside the test's own process and keeps what it said."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec import Struct

from analysis.cli import main


class Said(Struct, frozen=True):
    """Exit code and both streams of one run."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out, parse_constant=_refuse)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line, parse_constant=_refuse) for line in self.out.splitlines()]


def _refuse(constant: str) -> float:
    raise AssertionError(f"{constant} is no JSON")


def classify(capsys: pytest.CaptureFixture[str], *arguments: object) -> Said:
    """Run the command; a traceback fails the test by itself."""
    code = 0
    try:
        main(["classify", *map(str, arguments)])
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    streams = capsys.readouterr()
    assert "Traceback" not in streams.out + streams.err
    return Said(code, streams.out, streams.err)


CARD = """---
license: apache-2.0
datasets:
- org/data
co2_eq_emissions:
  emissions: 12300
  source: codecarbon
  training_type: fine-tuning
  geographical_location: Paris, France
  hardware_used: 8 x A100 80GB
---
# A model

## Environmental Impact

- **Hardware Type:** 8 x A100 80GB
- **Hours used:** 10
- **Cloud Provider:** AWS
- **Carbon Emitted:** 12.3 kg CO2eq

Training consumed 205 kWh in total.
"""
PLAIN = "---\nlicense: mit\n---\n# Nothing\n\nA model.\n"
METADATA_ONLY = "---\nco2_eq_emissions: 0.6\n---\n# Fine\n"
HARDWARE_ONLY = "# Some\n\n## Environmental Impact\n\n- **Hardware Type:** 1 x NVIDIA V100\n"
RTF = "{\\rtf1\\ansi\\deff0 {\\fonttbl {\\f0 Times;}}\n\\f0\\fs24 Carbon Emitted: 12 kg CO2eq\\par\n}\n"
BAD_YAML = "---\nlicense: [mit\nco2_eq_emissions: {emissions: 5\n---\n# Broken\n"
