"""All kinds of change, by name, and several at once."""

from __future__ import annotations

from random import Random

from benchmarks.changed_context import (
    context_relabelled,
    count,
    hardware,
    hours,
    hours_converted,
    provider,
    region,
    tool,
    training_type,
)
from benchmarks.changed_emissions import (
    filled,
    label_foreign,
    label_restyled,
    label_reworded,
    metadata_reshaped,
    metadata_unit,
    moved,
    number_rewritten,
    one_sided,
    removed,
    scaled,
    scaled_far,
    unit_converted,
    unit_spelt,
    unit_swapped,
)
from benchmarks.changed_text import Card, Change, LeftOutError


def several(card: Card, rng: Random) -> Card:
    """Three changes at once, as far as they can be made."""
    made = 0
    for change in (
        rng.choice((unit_swapped, scaled, unit_spelt)),
        label_reworded,
        rng.choice((hardware, region, hours)),
    ):
        try:
            changed = change(card, rng)
        except LeftOutError:
            continue
        card, made = changed._replace(expected={**card.expected, **changed.expected}), made + 1
    if made < 2:
        raise LeftOutError("fewer than two changes can be made")
    return card


CHANGES: dict[str, Change] = {
    one.__name__.replace("_", " "): one
    for one in (
        *(
            scaled,
            scaled_far,
            unit_swapped,
            unit_converted,
            unit_spelt,
            label_reworded,
            label_restyled,
            label_foreign,
            moved,
        ),
        *(
            number_rewritten,
            metadata_reshaped,
            metadata_unit,
            removed,
            filled,
            hardware,
            hours,
            hours_converted,
            region,
            provider,
            tool,
        ),
        *(training_type, count, context_relabelled, one_sided, several),
    )
}
