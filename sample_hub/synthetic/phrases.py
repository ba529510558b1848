"""The words of the synthetic cards, written for this project."""

from __future__ import annotations

USAGE = """```python
from transformers import pipeline

print(pipeline(model="{model}")("Good morning"))
```
"""

FILLER = (
    "We built this because the {topic} at hand needed a small tool for {task} that anybody can rerun on a laptop.",
    "The labels were checked by two people; where they disagreed, a third one decided.",
    "Do not use the output where a mistake would hurt somebody. Read a few dozen answers yourself first.",
    "Results vary with the random seed by about one point; we report the median of three runs.",
    "The tokenizer was left as it was. Inputs longer than 512 pieces are cut.",
    "Rare spellings and mixed languages are the usual reason for wrong answers on {topic}.",
    "Batches were sorted by length, which halves the padding and changes nothing else.",
    "If you find an odd answer, open a discussion and paste the input; we look at them once a month.",
    "The data came from public {topic}; names of people were replaced before training.",
    "An earlier version had a bug in the evaluation script. The figures here were made after the repair.",
)

# Each has the amount with its unit, and something else of the run.
CLAIMS = (
    "Training took {hours} hours on {devices} x {device} in {region} and emitted about {amount} {unit}.",
    "We estimate the emissions of the training run at {amount} {unit} ({devices} x {device}, {hours} hours, {region}).",
    "The final run ran for {hours} h on {devices} {device} cards. Its carbon footprint was {amount} {unit}.",
    "Carbon footprint of training: {amount} {unit}. Hardware: {devices} x {device}. Region: {region}.",
)

DECOYS = (
    "Serving a million requests needs roughly 0.3 kWh; training was not measured.",
    "The CO2 sensor readings in the data lie between 400 and 1900 ppm.",
    "The grid here has 56 gCO2/kWh on average. We did not log the energy of the run.",
    "Trained on the class list of the emissions standards Euro 4, Euro 5 and Euro 6.",
)

UNIT_WORDS = {
    "g": ("g CO2eq", "grams of CO2eq", "gCO2eq"),
    "kg": ("kg CO2eq", "kg of CO2", "kgCO2eq"),
    "t": ("tCO2eq", "tonnes of CO2eq", "t CO2eq"),
}


def fill(text: str, **values: object) -> str:
    """A sentence with its gaps filled; only the names in braces are gaps."""
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text
