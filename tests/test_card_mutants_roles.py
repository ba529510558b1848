"""What a sentence says of an amount, word by word: how surely, and which of its words are said of something else."""

from __future__ import annotations

import pytest

from mining.card.document.document import parse
from mining.card.extract.denials import denies, is_estimated
from mining.card.extract.emission_physics import intensities_apart, physics
from mining.card.extract.emission_surroundings import Reader
from mining.card.extract.roles import BREAK, COMMA, NEXT_TO, features_of, zone_features
from mining.card.extract.turning import is_elliptic
from mining.units import find_quantities

ENGLISH = frozenset({"en"})
NAMES = (frozenset({"heron"}),)
BEHIND, BEHIND_COMMA = 0.85, 0.4
"""A word behind an amount is said of it less surely, beyond a comma hardly."""


def said(text: str, which: int = 0) -> dict[str, float]:
    """Concepts that a sentence says of one of its amounts, each with the strength of its surest word."""
    spans = [(one.start, one.end) for one in find_quantities(text, ("emissions",))]
    others = [span for span in spans if span != spans[which]]
    found: dict[str, float] = {}
    for one in features_of(text, spans[which], (0, len(text)), others, NAMES, ENGLISH):
        found[one.name] = max(one.strength, found.get(one.name, 0.0))
    return found


@pytest.mark.parametrize(
    ("text", "which", "found"),
    [
        ("Training emitted 3 kg of CO2.", 0, {"train": 1.0, "emit": 1.0}),
        ("Training, which took days, emitted 3 kg of CO2.", 0, {"train": COMMA**2, "emit": 1.0}),
        ("3 kg of CO2 were emitted by training.", 0, {"emit": BEHIND, "train": BEHIND}),
        ("3 kg of CO2, training.", 0, {"train": BEHIND_COMMA * COMMA}),
        (
            "Training emitted 3 kg of CO2 and inference 4 kg of CO2.",
            0,
            {"train": 1.0, "emit": 1.0, "infer": BEHIND_COMMA * BEHIND, "carbon": BEHIND_COMMA * BEHIND * BREAK},
        ),
        (
            "Training emitted 3 kg of CO2 and inference 4 kg of CO2.",
            1,
            {"infer": 1.0, "carbon": BEHIND, "emit": BREAK * COMMA, "train": BREAK * COMMA},
        ),
        ("We planned 3 kg of CO2.", 0, {"we": 1.0, "plan": NEXT_TO}),
        ("This saved 3 kg of CO2.", 0, {"saved": NEXT_TO}),
        ("It would have been 3 kg of CO2.", 0, {"would": 1.0}),
        ("Had we, as told, trained, it would be 3 kg of CO2.", 0, {"would": 1.0, "we": COMMA**3}),  # one clause
        ("Heron emitted 3 kg of CO2.", 0, {"own-name": 1.0, "emit": 1.0}),
        ("Another model emitted 3 kg of CO2.", 0, {"other": 1.0, "emit": 1.0}),
        ("According to CodeCarbon, 3 kg of CO2.", 0, {"meter": COMMA}),  # a tool is no other model
        ("At the US average, 3 kg of CO2.", 0, {}),  # of the grid
        ("Evaluation: 3 kg of CO2.", 0, {"evaluate": 1.0}),
        ("including evaluation, 3 kg of CO2.", 0, {}),  # a part of what is told of
        ("The whole training set cost 3 kg of CO2.", 0, {"total": 1.0, "emit": 1.0}),  # the material
        ("of which 3 kg of CO2 are from the training.", 0, {"ofwhich": 1.0, "train": BEHIND}),
        ("Training (with evaluation) emitted 3 kg of CO2.", 0, {"train": 1.0, "evaluate": BREAK, "emit": 1.0}),
        ("We predicted 790 g and finally reported 812 g of CO2.", 1, {"measured": 1.0}),
    ],
)
def test_how_surely_a_word_is_said_of_an_amount(text: str, which: int, found: dict[str, float]) -> None:
    now = said(text, which)
    surely = {name: strength for name, strength in now.items() if name in found}
    assert surely == pytest.approx(found)
    if "we" in now and "we" not in found:
        assert max(strength for name, strength in now.items() if name not in found) < BREAK  # said of the other amount
    elif "would" not in now:
        assert now.keys() == found.keys()


@pytest.mark.parametrize("zone", ["head", "label", "before", "after"])
def test_words_of_what_stands_around(zone: str) -> None:
    found = {one.name for one in zone_features("Inference vs training", zone, NAMES, ENGLISH)}
    assert found == {"infer", "train"} | ({"other"} if zone != "head" else set())
    assert {one.name for one in zone_features("Heron, by CodeCarbon", zone, NAMES, ENGLISH)} == {"own-name"}


@pytest.mark.parametrize(
    ("sentence", "is_near", "is_it"),
    [
        ("We did not measure emissions.", False, True),
        ("We did not measure it.", True, True),
        ("We did not measure it.", False, False),
        ("We have no figure for the emissions.", True, True),
        ("We do not know exact emissions.", True, False),
        ("Energy was not logged.", True, False),
        ("The base model's emissions are not known.", True, False),
        ("We did not measure the 3 kg of CO2.", True, False),
        ("We did not measure 3 kg/kWh of CO2.", True, True),
        ("The total was not split by model.", False, True),
        ("A bird.", True, False),
    ],
)
def test_sentences_that_deny(sentence: str, is_near: bool, is_it: bool) -> None:
    assert denies(sentence, ENGLISH, is_near) is is_it


@pytest.mark.parametrize(
    ("sentence", "is_it"),
    [
        ("We estimate 3 kg of CO2.", True),
        ("It is 3 kg of CO2.", False),
        ("We estimate much.", False),
        ("We estimate 3 kg/kWh.", False),
        ("The base model is estimated at 3 kg.", False),
        ("", False),
    ],
)
def test_estimates_in_place_of_a_measurement(sentence: str, is_it: bool) -> None:
    assert is_estimated(sentence, ENGLISH) is is_it


def test_a_clause_that_only_names_the_next_case() -> None:
    assert is_elliptic(" in Ohio, about ")
    assert not is_elliptic(" in Ohio it ran for about ")
    assert not is_elliptic(" in all about ")


def reader(*energies: float, intensities: tuple[float, ...] = ()) -> Reader:
    """What a card says: of its energies in kWh and its intensities in g/kWh alone."""
    card = parse("")
    return Reader(card, NAMES, ENGLISH, energies=frozenset(energies), intensities=frozenset(intensities))


@pytest.mark.parametrize(
    ("text", "energies", "intensities", "found"),
    [
        ("It emitted 3 kg.", (), (), set()),
        ("It emitted 3 kg.", (10.0,), (300.0,), {"agrees"}),
        ("It emitted 3.1 kg.", (10.0,), (300.0,), {"agrees"}),  # rounded
        ("It emitted 3.2 kg.", (10.0,), (300.0,), set()),
        ("It emitted 3 kg.", (1.0,), (), {"disagrees"}),
        ("It emitted 3 kg.", (1.2,), (), set()),
        ("It emitted 3 kg.", (1.0, 1.2), (), set()),
        ("It emitted 3 kg.", (0.001,), (), set()),  # of a request
        ("It used 10 kWh and emitted 3 kg.", (), (), {"energy"}),
        ("It used 0 kWh and emitted 3 kg.", (), (), set()),
        ("It used 1 kWh and emitted 3 kg.", (), (), set()),
        ("It used 2000 kWh and emitted 3 kg.", (), (), set()),
        ("It took 0.25 x 6 x 2 = 3 kg.", (), (), {"agrees"}),
        ("It took 0.25 x 6 x 3 = 3 kg.", (), (), set()),
        ("3 kg = 10 kWh x 300 g/kWh", (), (), {"agrees", "energy"}),
        ("3 kg = 10 kWh x 400 g/kWh", (), (), {"energy"}),
    ],
)
def test_what_energies_say_of_an_amount(
    text: str, energies: tuple[float, ...], intensities: tuple[float, ...], found: set[str]
) -> None:
    (amount, *_) = (one for one in find_quantities(text, ("emissions",)) if one.rate is None)
    given = physics(reader(*energies, intensities=intensities), text, amount, (0, len(text)), "", ())
    assert {one.name for one in given} == found


@pytest.mark.parametrize(
    ("text", "energies", "grams"),
    [
        ("Each kilowatt-hour cost us 560 g of CO2.", (), [560.0]),
        ("Each kilowatt-hour cost us 4 g of CO2.", (), []),  # no grid
        ("Each kilowatt-hour cost us 1600 g of CO2.", (), []),
        ("It was 560 g of CO2 for each kilowatt-hour.", (), [560.0]),
        ("It was 560 g of CO2.", (), []),
        ("We counted 10 kilowatt-hours times 300 g.", (), [300.0]),
        ("At 300 g of CO2 it makes 3 kg.", (10.0,), [300.0]),
        ("At 300 g of CO2 it makes 4 kg.", (10.0,), []),
        ("At the 207 g National Grid quoted", (), [207.0]),
        ("At the 207 g of Heron", (), []),
    ],
)
def test_masses_that_are_of_a_kilowatt_hour(text: str, energies: tuple[float, ...], grams: list[float]) -> None:
    amounts = list(find_quantities(text, ("emissions",)))
    found = intensities_apart(text, amounts, reader(*energies))
    assert list(found.values()) == grams
    assert all(text[at:].startswith(f"{value:g}") for at, value in found.items())
