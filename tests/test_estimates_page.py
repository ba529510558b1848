"""The page of a card shows the life around a training where the run is stated, and nothing of it elsewhere."""

from __future__ import annotations

from analysis import classify_card
from analysis.label.page import page

RUN = "# A model\n\n## Environmental Impact\n\n- **Hardware Type:** 8 x A100 SXM4 80GB\n- **Hours used:** 120\n"
TITLE = "The life around the training"


def test_a_stated_run_has_embodied_emissions_and_break_even_points() -> None:
    shown = page(classify_card(RUN))
    block = shown.partition(TITLE)[2].partition("What other yardsticks ask")[0]
    assert "making of the hardware" in block
    assert "zero-shot summarization" in block
    assert "no number is assumed" in block


def test_a_card_without_a_run_has_no_such_block() -> None:
    assert TITLE not in page(classify_card("# A model\n\nIt writes poems.\n"))
