"""Words that are said of an amount in one sentence and of something else in the next, concept by concept."""

from __future__ import annotations

import pytest
from test_card_mutants_roles import said

PAIRS = {
    "own-name": ("Heron emitted 3 kg of CO2.", "models like Heron emitted 3 kg of CO2."),
    "we": ("our training emitted 3 kg of CO2.", "our data centre emitted 3 kg of CO2."),
    "we ": ("We emitted 3 kg of CO2.", "By our reckoning it emitted 3 kg of CO2."),
    "we  ": ("The 3 kg of CO2 are ours.", "The 3 kg of CO2 are not ours."),
    "train": ("The training run cost 3 kg of CO2.", "The training set cost 3 kg of CO2."),
    "train ": ("The trained one cost 3 kg of CO2.", "The already trained one cost 3 kg of CO2."),
    "base": ("The base model emitted 3 kg of CO2.", "Fine-tuning the base model emitted 3 kg of CO2."),
    "facility": ("The data centre emitted 3 kg of CO2.", "In a data centre 3 kg of CO2 were emitted."),
    "according": ("According to the paper it emitted 3 kg of CO2.", "According to CodeCarbon it emitted 3 kg of CO2."),
    "factor": ("with an emission factor of 300 g", "times the factor: 3.4 kg of CO2"),
    "other": ("other models emitted 3 kg of CO2", "3 kg of CO2 instead of others"),
    "annual": ("an annual 3 kg of CO2", "at the annual mix 3 kg of CO2"),
    "part": ("on average 3 kg of CO2", "3 kg of CO2 at the US average"),
    "part ": ("3 kg of CO2, averaged over the runs", "3 kg of CO2, averaged over the three meters"),
    "would": ("it would emit 3 kg of CO2", "we would like to note that 3 kg of CO2 were emitted"),
    "equal": ("equal to a car, 3 kg of CO2", "It is 3 kg of CO2, equal to a car"),
    "evaluate": ("Evaluation took 3 kg of CO2.", "including evaluation, it took 3 kg of CO2."),
}


@pytest.mark.parametrize("concept", PAIRS)
def test_what_a_word_is_said_of(concept: str) -> None:
    of_it, of_another = PAIRS[concept]
    assert concept.strip() in said(of_it)
    assert concept.strip() not in said(of_another)


@pytest.mark.parametrize(
    ("nearer", "farther", "concept"),
    [
        ("Training emitted 3 kg of CO2.", "Training, as told, emitted 3 kg of CO2.", "train"),
        ("Training, as told, emitted 3 kg of CO2.", "Training, as told, in all, emitted 3 kg of CO2.", "train"),
        ("Training emitted 3 kg of CO2.", "Training is over; now 3 kg of CO2.", "train"),
        ("Training emitted 3 kg of CO2.", f"Training {'so ' * 100}emitted 3 kg of CO2.", "train"),
        ("Training emitted 3 kg of CO2.", "3 kg of CO2 for training.", "train"),
        ("3 kg of CO2 for training.", "3 kg of CO2, for training.", "train"),
        ("We plan 3 kg of CO2.", "We plan it, with care, for 3 kg of CO2.", "plan"),
    ],
)
def test_the_more_stands_between_the_less_sure_is_a_word(nearer: str, farther: str, concept: str) -> None:
    assert said(nearer)[concept] > said(farther)[concept] > 0
