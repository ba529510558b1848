"""Hostile cards: bounded time, a reason for what was left out, nothing executed, never an exception."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.card import ModelFacts, parse, read_card, settle
from mining.card.document.front_matter import find_front_matter, parse_front_matter
from mining.card.read import SIZE_CAP

HOSTILE = Path(__file__).parent / "cards_own" / "hostile"
NAMES = sorted(path.name for path in HOSTILE.glob("*.md"))


def grams(data: bytes | str) -> float | None:
    reading = read_card(data)
    return settle(
        reading.claims, front_matter=reading.front_matter, facts=ModelFacts(title=reading.title)
    ).emissions_gco2e


def spent(card: bytes | str) -> float:
    """Processor seconds of reading a card."""
    start = time.process_time()
    read_card(card)
    return time.process_time() - start


@pytest.fixture(scope="module")
def largest_harmless() -> float:
    """Processor seconds of the largest harmless card that is read whole (four times those of a quarter of it).

    What any card may cost.
    """
    sentence = "The training emitted 5 kg of CO2 on 8 A100 GPUs in 10 hours. " * 3
    return 4 * spent("# T\n\n" + f"{sentence}\n\n" * (SIZE_CAP // 4 // len(sentence)))


@pytest.mark.parametrize("name", NAMES)
def test_no_hostile_card_costs_more_than_a_large_harmless_one(name: str, largest_harmless: float) -> None:
    data = (HOSTILE / name).read_bytes()
    assert spent(data) < 2 * largest_harmless
    reading = read_card(data)
    assert not [reason for reason in reading.rejections if reason.startswith("our-error")]


EXPECTED = {
    "anchors.md": 12.0,
    "anchor_in_key.md": None,
    "merge.md": None,
    "python_tag.md": None,
    "flow_bomb.md": None,
    "dash_bomb.md": None,
    "indent_bomb.md": None,
    "duplicate_keys.md": 2.0,
    "unclosed.md": 7.5,
    "opened_twice.md": 3.0,
    "misplaced.md": 3.0,
    "fenced.md": 3.0,
    "bom_crlf.md": 4.0,
    "tabs.md": None,  # no YAML: the Hub does not read it either
    "norwegian.md": 4.0,
    "nul.md": 5000.0,
    "invalid_utf8.md": 4.0,
    "utf16.md": 4.0,
    "rich_text.md": None,
    "html_injection.md": 12_000.0,
    "only_comment.md": None,
    "widget_text.md": None,
}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_what_hostile_cards_still_say(name: str) -> None:
    assert grams((HOSTILE / name).read_bytes()) == EXPECTED[name]


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("misplaced.md", "misplaced"),
        ("fenced.md", "fenced"),
        ("unclosed.md", "unclosed"),
        ("opened_twice.md", "twice"),
        ("bom_crlf.md", "ok"),
        ("widget_text.md", "ok"),
        ("only_comment.md", "absent"),
    ],
)
def test_front_matter_status(name: str, status: str) -> None:
    assert read_card((HOSTILE / name).read_bytes()).front_matter_status == status


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("anchor_in_key.md", "front-matter-anchors"),
        ("merge.md", "front-matter-anchors"),
        ("python_tag.md", "front-matter-anchors"),
        ("flow_bomb.md", "front-matter-too-deep"),
        ("dash_bomb.md", "front-matter-too-deep"),
        ("indent_bomb.md", "front-matter-too-large"),
        ("invalid_utf8.md", "not-utf8"),
    ],
)
def test_rejections_are_named(name: str, reason: str) -> None:
    assert reason in read_card((HOSTILE / name).read_bytes()).rejections


def test_norwegian_is_a_language_and_numbers_stay_numbers() -> None:
    reading = read_card((HOSTILE / "norwegian.md").read_bytes())
    assert reading.front_matter == {"language": "no", "co2_eq_emissions": 4}


def test_a_hundred_megabytes_on_one_line(largest_harmless: float) -> None:
    data = b"# T\n\n- **Carbon Emitted:** 5 kg CO2 " + b"x 1,2 co2 " * 10_000_000
    assert spent(data) < 2 * largest_harmless
    reading = read_card(data)
    assert {"too-large", "card-cut"} <= set(reading.rejections)
    assert reading.text_bytes == len(data)


def test_metadata_is_found_before_a_huge_body() -> None:
    data = b"---\nco2_eq_emissions: 3\n---\n# T\n" + b"word " * 2_000_000
    assert grams(data) == 3.0


def test_binary_is_no_card() -> None:
    assert read_card(bytes(range(256)) * 50 + b"\x00" * 5000).status == "not-text"


def test_empty_card() -> None:
    reading = read_card(b"")
    assert (reading.status, reading.claims, reading.front_matter_status) == ("empty", (), "absent")


def test_metadata_alone_speaks() -> None:
    reading = read_card(
        b"", metadata={"co2_eq_emissions": {"emissions": 12.5, "source": "codecarbon"}, "license": "mit"}
    )
    assert reading.front_matter_status == "hub"
    assert settle(reading.claims).emissions_gco2e == 12.5


@pytest.mark.parametrize(
    "piece",
    [
        "1,",
        "1.",
        "a: ",
        "co2 ",
        "- [",
        "|",
        "**",
        "<td>",
        "5 kg co2 ",
        "(",
        "  ",
        "carbon: ",
        "x 10^",
        "1e",
        "~",
        "=",
        "\\",
        "`",
        "&amp;",
        "<!--",
        "—5",
    ],
)
def test_time_is_linear(piece: str) -> None:
    def seconds(size: int) -> float:
        text = "## Environmental Impact\n\n- Carbon Emitted: " + piece * (size // len(piece))
        return spent("\n".join([text] + [f"Carbon Emitted {piece * 20}"] * (size // 200)))

    seconds(2000)
    small, large = min(seconds(20_000) for _ in range(2)), seconds(160_000)
    assert large < 40 * max(small, 0.01)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_are_read(data: bytes) -> None:
    reading = read_card(data)
    assert not [reason for reason in reading.rejections if reason.startswith("our-error")]


PIECES = st.sampled_from(
    (
        *(
            "---\n",
            "co2_eq_emissions:",
            " emissions: ",
            "12",
            "0.5 kg",
            "\n",
            "- **Carbon Emitted:** ",
            "5 kg CO2",
            "| a | CO2 (kg) |\n",
        ),
        *(
            "|---|---|\n",
            "| b | 5 |\n",
            "## Environmental Impact\n",
            "<table><tr><td>",
            "</td></tr></table>",
            "```\n",
            "<!--",
            "-->",
        ),
        *("**", "N/A", "1,400", "~", "g CO2eq/kWh", "\t", "\r\n", "é", "：", "tags:\n- x\n", "[", "{", "&a", "*a"),
        *("emissions,energy_consumed,\n", "1,2,3\n", "A100", "8 hours"),
    )
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_evidence_is_verbatim(text: str) -> None:
    """Every claim's words stand at the line that it names, and settling never fails."""
    reading = read_card(text)
    assert not [reason for reason in reading.rejections if reason.startswith("our-error")]
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for claim in reading.claims:
        if claim.line is not None:
            assert claim.text in lines[claim.line - 1], claim
        else:
            assert claim.where.startswith(("metadata:", "file:"))
    settled = settle(reading.claims, front_matter=reading.front_matter, facts=ModelFacts(title=reading.title))
    assert settled.emissions_gco2e is None or settled.emissions_gco2e >= 0


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_plain_text_keeps_its_length(text: str) -> None:
    for line in parse(text).lines:
        assert len(line.plain) == len(line.text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400))
def test_front_matter_never_fails(text: str) -> None:
    find_front_matter(text.split("\n"))
    parse_front_matter(text)


def test_more_lines_with_cue_words_than_any_card_has_are_cut_and_said() -> None:
    line = "Trained for {} hours on 8 A100 GPUs.\n\n"
    reading = read_card("# T\n\n" + "".join(line.format(hours) for hours in range(1, 3000)))
    assert "too-many-cue-lines" in reading.rejections
    assert [claim.value for claim in reading.claims if claim.quantity == "duration"][:3] == [1, 2, 3]
    assert "too-many-cue-lines" not in read_card("# T\n\n" + line.format(3)).rejections


POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 40123\n"


@pytest.mark.parametrize("data", [POINTER, b"{\\rtf1 Carbon Emitted: 12 kg}", bytes(range(256)) * 20])
def test_what_is_no_card_is_no_silence(data: bytes) -> None:
    assert read_card(data).status == "not-text"


def test_a_card_is_read_to_its_end_or_said_to_be_cut() -> None:
    filler = ("lorem ipsum dolor sit amet " * 40 + "\n") * 3000
    read = read_card(f"# Big\n{filler}\n- **Carbon Emitted:** 12.5 kg CO2eq\n")
    assert (read.status, [claim.inner_value for claim in read.claims if claim.quantity == "emissions"]) == (
        "read",
        [12_500.0],
    )
    cut = read_card(f"# Big\n{filler * 2}\n- **Carbon Emitted:** 12.5 kg CO2eq\n")
    assert (cut.status, cut.rejections) == ("too-large", ("too-large",))


@pytest.mark.parametrize(
    ("front", "value"),
    [
        ("note: AT &T and *emphasis* here\nco2_eq_emissions: 12", 12.0),
        ("a: &x {emissions: 12}\nco2_eq_emissions: *x", None),
        ("co2_eq_emissions: [12\nlicense: mit", None),
        ("co2_eq_emissions: 12\nlicense: [mit", None),
    ],
)
def test_metadata_that_cannot_be_read_are_unreadable_not_silent(front: str, value: float | None) -> None:
    settled = settle(read_card(f"---\n{front}\n---\n# M\n").claims)
    assert (settled.emissions_gco2e, settled.emissions_outcome) == (value, "reported" if value else "unreadable")


def test_a_long_front_matter_is_read_to_its_end() -> None:
    index = "".join(f"  - task:\n      type: t{n}\n" for n in range(20_000))
    read = read_card(f"---\nmodel-index:\n- name: m\n  results:\n{index}co2_eq_emissions: 12\n---\n# M\n")
    assert [claim.value for claim in read.claims if claim.quantity == "emissions"] == [12.0]
