"""The page of a card shows the life around a training where the run is stated, and nothing of it elsewhere."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from analysis import classify_card
from analysis.cli import cli
from analysis.estimates.life_cycle import break_even, inference
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


def test_requests_at_the_break_even_point_cost_as_much_as_the_training() -> None:
    """BLOOMZ-sized training: at each task's own point, central inference energy is the training's."""
    for point in break_even(59_257):
        found = next(one for one in inference(59_257, point.requests) if f"requests of {point.task} (equal" in one.what)
        assert found.central == pytest.approx(59_257)
        assert found.low <= found.central <= found.high


@pytest.mark.parametrize("requests", ["0", "-3", "nan", "inf"])
def test_impossible_requests_are_refused(requests: str) -> None:
    words = ["estimate", "--hardware", "A100", "--hours", "1", "--requests", requests]
    said = CliRunner().invoke(cli, words)
    assert said.exit_code != 0
    assert "impossible requests" in f"{said.output}{said.exception}"


def test_requests_stand_beside_the_run_and_change_nothing_of_it() -> None:
    words = ["estimate", "--hardware", "A100", "--hours", "1", "--json"]
    without, with_it = (
        json.loads(CliRunner().invoke(cli, [*words, *more]).output) for more in ((), ("--requests", "1e6"))
    )
    beside = with_it.pop("scenarios")
    assert [one for one in beside if one["kind"] != "requests"] == without.pop("scenarios")
    assert any("1 million requests of" in one["what"] for one in beside)
    assert len(CliRunner().invoke(cli, [*words[:-1], "--requests", "1e6"]).output.splitlines()) < 40
    assert with_it == without
