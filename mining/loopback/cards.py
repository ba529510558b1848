"""README.md texts of the synthetic Hub (first form)."""

from __future__ import annotations

import yaml

from mining.loopback.carbon import Statement
from mining.loopback.catalog import Record
from mining.loopback.plan import Plan


def card_text(plan: Plan, data: Record | None, said: Statement) -> str:
    """The README.md of a model."""
    front = "" if data is None else "---\n" + yaml.safe_dump(data, sort_keys=False) + "---\n\n"
    body = f"# {plan.model_id}\n\nA synthetic model.\n"
    if said.value is not None and said.beside:
        body += f"\n- **Carbon Emitted:** {said.value} {said.unit} CO2eq\n"
    return front + body
