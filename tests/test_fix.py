"""The fix: only our block changes, nothing is invented, hostile words stay words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from analysis.classify.cards import classify_card
from analysis.classify.front_matter_edit import KEY, with_block
from analysis.classify.suggestion import plain, quoted, suggested_metadata
from mining.card import read_card
from mining.errors import CheckFailedError, UsageError
from mining.schema import Claim, Context, ModelRecord, Settlement

CLAIM = Claim(
    quantity="emissions",
    value=1.2,
    unit="kg",
    inner_value=1200.0,
    text="Carbon Emitted: 1.2 kg",
    where="card:Impact:9",
    line=9,
)
CARBON = Settlement(
    emissions_gco2e=1200.0,
    emissions_source="card",
    emissions_unit_status="stated",
    emissions_scope="training-run",
    emissions_original=1.2,
    emissions_original_unit="kg",
    emissions_outcome="reported",
)
BLOCK = f"{KEY}:\n  emissions: 1200\n"


def record(**changes: Any) -> ModelRecord:
    return ModelRecord(
        model_key="k",
        carbon=msgspec.structs.replace(CARBON, **changes),
        training=Context(hardware="NVIDIA T4", hardware_count=2),
    )


def front(card: bytes) -> dict[str, object]:
    return dict(yaml.safe_load(card.decode().lstrip("\ufeff").split("---")[1]))


def test_the_block_says_what_the_card_says() -> None:
    block = suggested_metadata(record(), [CLAIM])
    assert block is not None
    assert yaml.safe_load(block) == {KEY: {"emissions": 1200}}
    assert "Carbon Emitted: 1.2 kg" in block
    counted = Claim(quantity="hardware", text="2x T4", label="NVIDIA T4", count=2, where="card:Impact:8", line=8)
    block = suggested_metadata(record(), [CLAIM, counted])
    assert block is not None
    assert yaml.safe_load(block) == {KEY: {"emissions": 1200, "hardware_used": "2 x NVIDIA T4"}}


OTHER = msgspec.structs.replace(CLAIM, text="9 kg", value=9.0, inner_value=9000.0, line=20)


@pytest.mark.parametrize(
    ("claim", "is_suggested"),
    [
        (OTHER, False),
        (msgspec.structs.replace(OTHER, inner_value=1210.0), True),
        (msgspec.structs.replace(OTHER, subject="another model"), True),
        (msgspec.structs.replace(OTHER, scope="inference"), True),
    ],
)
def test_a_competing_statement_stops_the_suggestion(claim: Claim, is_suggested: bool) -> None:
    assert (suggested_metadata(record(), [CLAIM, claim]) is not None) is is_suggested


def test_energy_times_intensity_must_agree() -> None:
    doubtful = msgspec.structs.replace(record(), training=Context(energy_kwh=50.0, intensity_g_per_kwh=600.0))
    assert suggested_metadata(doubtful, [CLAIM]) is None
    agreeing = msgspec.structs.replace(record(), training=Context(energy_kwh=2.0, intensity_g_per_kwh=600.0))
    assert suggested_metadata(agreeing, [CLAIM]) is not None


def test_the_comment_quotes_words_and_unit() -> None:
    cell = msgspec.structs.replace(CLAIM, text="1.2")
    assert '"1.2" (kg)' in str(suggested_metadata(record(), [cell]))
    measured = msgspec.structs.replace(CLAIM, where="file:emissions.csv:3", text="2026,a,1.2", line=None)
    assert "# emissions.csv, row 3: 1.2 kg CO2eq" in str(
        suggested_metadata(record(emissions_source="file"), [measured])
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"emissions_gco2e": None},
        {"emissions_flags": ("family-total",)},
        {"emissions_flags": ("implausible",)},
        {"emissions_scope": "family-total"},
        {"emissions_scope": "inference"},
        {"emissions_scope": "unknown"},
        {"emissions_flags": ("approximate",)},
        {"emissions_gco2e": 2e12},
        {"emissions_unit_status": "assumed"},
        {"emissions_unit_status": "contradicted"},
        {"emissions_source": "metadata"},
        {"emissions_flags": ("zero",)},
        {"emissions_flags": ("upper-bound",)},
        {"emissions_flags": ("range",)},
        {"emissions_flags": ("inherited",)},
    ],
)
def test_nothing_is_suggested_where_nothing_safe_follows(changes: dict[str, object]) -> None:
    assert suggested_metadata(record(**changes), [CLAIM]) is None


def test_a_wrong_unit_in_the_metadata_is_mended() -> None:
    assert (
        suggested_metadata(record(emissions_source="metadata", emissions_unit_status="corrected"), [CLAIM]) is not None
    )


@pytest.mark.parametrize(
    "claims",
    [
        [],
        [msgspec.structs.replace(CLAIM, where="metadata:co2_eq_emissions")],
        [msgspec.structs.replace(CLAIM, unit=None)],
        [msgspec.structs.replace(CLAIM, inner_value=1300.0)],
        [msgspec.structs.replace(CLAIM, scope="family-total")],
        [msgspec.structs.replace(CLAIM, outcome="unreadable")],
    ],
)
def test_a_number_that_nobody_says_in_words_is_never_suggested(claims: list[Claim]) -> None:
    assert suggested_metadata(record(emissions_source="metadata", emissions_unit_status="corrected"), claims) is None


def test_hostile_words_stay_one_scalar() -> None:
    evil = msgspec.structs.replace(CLAIM, text='1.2 kg"\n---\nlicense: evil\n# ')
    nasty = msgspec.structs.replace(record(), training=Context(region='x"\nlicense: evil'))
    block = suggested_metadata(nasty, [evil])
    assert block is not None
    assert set(yaml.safe_load(block)) == {KEY}
    assert "\n---" not in block


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_new_block_goes_before_the_closing_fence(ending: str, mark: str) -> None:
    card = mark + ending.join(["---", "license: mit", "tags:", "- a", "---", "# Title", "text", ""])
    after = with_block(card.encode(), BLOCK).decode()
    assert after == mark + ending.join(
        ["---", "license: mit", "tags:", "- a", f"{KEY}:", "  emissions: 1200", "---", "# Title", "text", ""]
    )


def test_a_card_without_front_matter_gets_one() -> None:
    after = with_block(b"# Title\n", BLOCK)
    assert after == f"---\n{BLOCK}---\n# Title\n".encode()


def test_a_scalar_is_replaced_and_its_neighbours_stay() -> None:
    card = f"---\nlicense: mit\n{KEY}: 1.2\n# note\ntags: [a]\n---\nbody\n"
    assert with_block(card.encode(), BLOCK).decode() == f"---\nlicense: mit\n{BLOCK}# note\ntags: [a]\n---\nbody\n"


def test_of_a_mapping_only_the_number_changes() -> None:
    card = f"---\n{KEY}:\n  emissions: 1.2\n  source: mine # keep\n  energy_consumed: 3\nlicense: mit\n---\n"
    assert with_block(card.encode(), BLOCK).decode() == card.replace("emissions: 1.2", "emissions: 1200")


def test_a_list_of_mappings_is_mended_in_place() -> None:
    card = f"---\n{KEY}:\n- emissions: 1.2\n- source: mine\n---\n"
    assert with_block(card.encode(), BLOCK).decode().startswith(f"---\n{KEY}:\n")
    assert "1200" in with_block(card.encode(), BLOCK).decode()


def test_of_a_flow_mapping_only_the_number_changes() -> None:
    card = f"---\n{KEY}: {{emissions: 1.2, source: mine}}\nlicense: mit\n---\n"
    assert with_block(card.encode(), BLOCK).decode() == card.replace("1.2", "1200")


def test_a_value_over_several_lines_is_replaced_as_a_whole() -> None:
    card = f"---\n{KEY}:\n  emissions: >-\n    1.2\n    kg\n  source: mine\n---\nbody\n"
    assert with_block(card.encode(), BLOCK).decode() == f"---\n{KEY}:\n  emissions: 1200\n  source: mine\n---\nbody\n"


def test_line_ends_of_the_body_are_not_touched() -> None:
    card = b"---\nlicense: mit\n---\none\r\ntwo\nthree\r"
    assert with_block(card, BLOCK) == b"---\nlicense: mit\n" + BLOCK.encode() + b"---\none\r\ntwo\nthree\r"


def test_a_card_that_is_not_utf8_is_left_alone() -> None:
    with pytest.raises(UsageError, match="nothing was written"):
        with_block(b"---\nlicense: \xff\n---\n", BLOCK)


def test_twice_is_once() -> None:
    once = with_block(b"---\nlicense: mit\n---\n", BLOCK)
    assert with_block(once, BLOCK) == once


@given(st.floats(min_value=0, max_value=1e15, allow_nan=False))
def test_numbers_survive_yaml(grams: float) -> None:
    assert yaml.safe_load(f"a: {plain(grams)}")["a"] == grams


@given(st.text(max_size=300))
def test_any_text_stays_one_line_and_one_scalar(text: str) -> None:
    line = quoted(text)
    assert len(line.splitlines()) == 1
    assert isinstance(yaml.safe_load(f"a: {line}".encode("utf-8", "replace").decode())["a"], str)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=400))
def test_every_other_byte_stays(text: str) -> None:
    before = text.encode()
    try:
        after = with_block(before, BLOCK)
    except CheckFailedError:
        return
    assert len(after) >= len(before) or KEY in text
    if KEY not in text:
        for line in text.split("\n"):
            assert line.encode() in after


def changed(before: bytes, after: bytes) -> tuple[bytes, bytes]:
    """What differs once the equal lines at both ends are taken away."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    return b"".join(old), b"".join(new)


def assert_round_trip(card: bytes) -> bool:
    """Write and classify again; whether there was a suggestion."""
    first = classify_card(card)
    block = first.suggested_metadata
    if block is None:
        return False
    try:
        after = with_block(card, block)
    except CheckFailedError:
        return False
    assert not {"family-total", "assumed-unit", "contradicted", "implausible"} & set(first.emissions.flags)
    again = classify_card(after)
    assert again.emissions.grams == first.emissions.grams
    assert (again.emissions.unit_status, again.emissions.source) == ("stated", "metadata")
    assert again.suggested_metadata is None
    assert with_block(after, block) == after
    gone, come = changed(card, after)
    assert not gone or gone.lstrip(b' -"').startswith((KEY.encode(), b"emissions"))
    assert KEY.encode() in come or b"emissions" in come
    said, says = read_card(card).front_matter or {}, read_card(after).front_matter or {}
    assert {key: value for key, value in says.items() if key != KEY} == {
        key: value for key, value in said.items() if key != KEY
    }
    return True


@pytest.mark.shared
@pytest.mark.parametrize(("part", "least"), [("github", 15), ("published", 1), ("unlabelled", 10)])
def test_round_trip_on_real_cards(shared_dir: Path, part: str, least: int) -> None:
    mended = [assert_round_trip(path.read_bytes()) for path in sorted((shared_dir / "cards" / part).rglob("*.md"))]
    assert sum(mended) >= least


def test_round_trip_on_our_own_cards(project_dir: Path) -> None:
    cards = sorted((project_dir / "examples" / "cards").glob("*.md")) + sorted(
        (project_dir / "tests" / "cards_own").rglob("*.md")
    )
    for path in cards:
        try:
            assert_round_trip(path.read_bytes())
        except UsageError:
            assert path.stem in {"invalid_utf8", "utf16"}


SENTENCE = "## Environmental Impact\n- **Carbon Emitted:** 1.2 kg CO2eq\n"
HEADS = {
    "none": "",
    "plain": "---\nlicense: mit\n---\n",
    "empty": "---\n---\n",
    "unclosed": "---\nlicense: mit\n",
    "twice": "---\n---\nlicense: mit\n---\n",
    "late": "\n\n---\nlicense: mit\n---\n",
    "fenced": "```yaml\n---\nlicense: mit\n---\n```\n",
    "indented": "---\n  license: mit\n---\n",
    "JSON": '---\n{"license": "mit"}\n---\n',
    "JSON_over_lines": '---\n{\n"license": "mit"\n}\n---\n',
    "list_of_words": "---\n- license\n- mit\n---\n",
    "number": "---\n42\n---\n",
    "sentence": "---\nJust words.\n---\n",
    "tab": "---\nbase:\n\t- x\n---\n",
    "broken": "---\nlicense: [mit\n---\n",
    "broken_quote": '---\nlicense: "mit\n---\n',
    "block scalar": "---\nlicense: mit\nnote: |\n  one\n  two\n---\n",
    "comment last": "---\nlicense: mit\n# end\n---\n",
    "date and no": "---\ndate: 2026-01-01\nlanguage: no\nn: 1_000\n---\n",
    "dots": "---\nlicense: mit\n...\n",
    "bomb": "---\na: &a [x,x]\nb: *a\n---\n",
    "deep": "---\nx: " + "[" * 500 + "\n---\n",
    "scalar": f"---\n{KEY}: 1.2\n---\n",
    "flow": f"---\n{KEY}: {{emissions: 1.2}}\n---\n",
    "quoted key": f'---\n"{KEY}": "1.2"\n---\n',
    "list": f"---\n{KEY}:\n- emissions: 1.2\n---\n",
    "empty value": f"---\n{KEY}:\nlicense: mit\n---\n",
    "word": f"---\n{KEY}: unknown\n---\n",
}


LEFT_ALONE = frozenset(
    [
        "unclosed",
        "twice",
        "late",
        "fenced",
        "indented",
        "JSON",
        "JSON_over_lines",
        "list_of_words",
        "number",
        "sentence",
        "tab",
        "broken",
        "broken_quote",
        "bomb",
        "deep",
    ]
)


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_round_trip_whatever_stands_in_front(head: str, ending: str) -> None:
    card = (HEADS[head] + SENTENCE).replace("\n", ending).encode()
    assert assert_round_trip(card) is (head not in LEFT_ALONE)
    if head in LEFT_ALONE:
        with pytest.raises(CheckFailedError, match="nothing was written"):
            with_block(card, BLOCK)
