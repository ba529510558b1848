"""Durations as other languages abbreviate and count them, and numbers beside them that are no time of a training."""

from __future__ import annotations

import pytest
from answers import answered

SAID: tuple[tuple[str, str, float | None], ...] = (
    ("de", "- Laufzeit des Trainings: 9 Std. 15 Min.", 9.25),
    ("pl", "- Czas treningu: 21 godz. 30 min", 21.5),
    ("uk", "Донавчання тривало близько вісімнадцяти годин на одній RTX 3090.", 18),
    ("uk", "Навчання тривало три години й сорок хвилин на RTX 3090.", 3 + 40 / 60),
    ("ko", "학습은 RTX 4090 두 장으로 마흔두 시간 걸렸습니다.", 42),
    ("zh", "训练使用四张A800，连续跑了三天半。", 84),
    ("ar", "استغرق التدريب سبعًا وعشرين ساعة على بطاقتين RTX 3090.", 27),
    ("en", "Trained with SFT, 1 epoch, 6 hours on an A100 40GB.", 6),
    ("en", "Training took 19 days of effective compute on 64 H100.", 456),
    ("en", "The U-Net forecasts wind 12 hours ahead; it was trained on one A40 for 3 hours.", 3),
    ("en", "The hidden size is 1024 and the feed-forward width 4H.", None),
)


@pytest.mark.parametrize(("language", "body", "hours"), SAID)
def test_hours(language: str, body: str, hours: float | None) -> None:
    found = answered(f"---\nlanguage: {language}\n---\n# Tern\n\n## Training\n\n{body}\n\nCO2: 1.1 kg\n")[2].duration_h
    assert found == (None if hours is None else pytest.approx(hours))


LOG = """# Tern

## Training

```
{above}{{"gpu": "A100", "wall_hours": 12.5, "energy_kwh": 31.4, "location": "Lyon"}}
emissions: 1.6 kg CO2eq
```
"""


def test_a_block_of_code_that_states_emissions_tells_the_rest() -> None:
    found = answered(LOG.format(above=""))[2]
    assert (found.duration_h, found.energy_kwh, found.region) == (12.5, 31.4, "Lyon, France")


def test_a_block_of_code_of_an_evaluation_tells_nothing() -> None:
    assert answered(LOG.format(above="# eval on the dev set\n"))[2].duration_h is None


STEPS = """# Tern-chat

| Step | Hours | kWh | kg CO2e |
|---|---|---|---|
| SFT | 3.1 | 4.2 | 1.3 |
| DPO | 1.2 | 1.6 | 0.5 |
| Total for this checkpoint | 4.3 | 5.8 | 1.8 |
"""


def test_the_total_for_this_checkpoint_counts() -> None:
    found = answered(STEPS)[2]
    assert (found.duration_h, found.energy_kwh) == (4.3, 5.8)
