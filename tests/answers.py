"""What a card answers: reading, settlement and context together, as most tests of card reading ask for them."""

from __future__ import annotations

from mining.card import CardReading, ModelFacts, read_card, settle
from mining.card.extract.context import context
from mining.schema import Context, Settlement


def settled(text: str) -> Settlement:
    """The emissions of a card by itself."""
    reading = read_card(text)
    return settle(reading.claims, front_matter=reading.front_matter, facts=ModelFacts(title=reading.title))


def answered(text: str) -> tuple[CardReading, Settlement, Context]:
    """All that a card answers by itself."""
    reading, emissions = read_card(text), settled(text)
    found = context(reading.claims, front_matter=reading.front_matter, emissions_gco2e=emissions.emissions_gco2e)
    return reading, emissions, found
