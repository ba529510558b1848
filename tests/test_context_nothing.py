"""A slot that holds no name answers nothing, and what another size of the family used is not this model's."""

from __future__ import annotations

import pytest

from analysis import classify_card

SLOTS = (
    "Brak",
    "Geen",
    "Nessuno",
    "なし",
    "없음",
    "нет",
    "Over de machines is bij ons niets vastgelegd",
    "Nie wiemy już, na jakim sprzęcie to liczono",
    "Nobody wrote down which cards were in use",
    "Ask the sysadmin of the old lab",
)


@pytest.mark.parametrize("words", SLOTS)
@pytest.mark.parametrize("label", ["Hardware Type", "Cloud Provider"])
def test_a_slot_without_a_name_answers_nothing(label: str, words: str) -> None:
    context = classify_card(f"# M\n\n## Environmental Impact\n\n- **{label}:** {words}\n").context
    assert (context.hardware, context.provider) == (None, None)


@pytest.mark.parametrize("name", ["Foo 9000", "Cerebras CS-2", "Custom ASIC"])
def test_a_name_in_no_list_is_still_a_name(name: str) -> None:
    card = f"# M\n\n## Environmental Impact\n\n- **Hardware Type:** {name}\n"
    assert name.split(maxsplit=1)[0].lower() in (classify_card(card).context.hardware or "").lower()


@pytest.mark.parametrize(
    "sibling",
    [
        "Osprey-70B ran on 512 H100s for 40 days.",
        "For comparison, Osprey-70B occupied 512 H100 GPUs over 40 days.",
        "Osprey-giant kept 512 H100s busy for 40 days.",
    ],
)
def test_compute_of_a_sibling_is_not_this_models(sibling: str) -> None:
    context = classify_card(f"# Osprey-3B\n\n{sibling} Osprey-3B needed 4 L40S and 9 hours.\n").context
    assert "H100" not in (context.hardware or "")
    assert context.hardware_count in {None, 4}
    assert context.hours in {None, 9.0}
