"""Files that derive from code or from files that people write.

Run ``python -m analysis.classify.generated_files`` after a change; tests compare. ``rubric.json`` is ``rubric.yml`` as
JSON; ``classification.schema.json`` is the JSON Schema of ``hf-carbon classify --json``.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec
import yaml

from analysis.classify.classification import CLASSIFICATION_SCHEMA, Classification
from analysis.classify.rubric import HERE
from mining.files import write_text

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DESCRIPTION = (
    "One answer of `hf-carbon classify --json`. Emissions are grams of CO2 equivalent, energy kWh, time "
    "hours. More keys may follow."
)


def rubric_text() -> str:
    """``rubric.yml`` as JSON text."""
    return _text(yaml.safe_load((HERE / "rubric.yml").read_text(encoding="utf-8")))


def schema_text() -> str:
    """The JSON Schema of one classification, from its structs."""
    (top,), parts = msgspec.json.schema_components([Classification], ref_template="#/$defs/{name}")
    schema: dict[str, Any] = {
        "$schema": DIALECT,
        "$id": CLASSIFICATION_SCHEMA,
        "title": "Classification",
        "description": DESCRIPTION,
        **top,
        "$defs": {name: parts[name] for name in sorted(parts)},
    }
    return _text(schema)


def _text(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


DERIVED = {"rubric.json": rubric_text, "classification.schema.json": schema_text}


def main() -> None:
    """Write the derived files beside the code."""
    for name, make in DERIVED.items():
        write_text(HERE / name, make())


if __name__ == "__main__":
    main()
