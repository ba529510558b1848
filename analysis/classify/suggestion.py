"""The fix: a valid ``co2_eq_emissions`` block made from what a card already says, put into its front matter and nowhere else.

Nothing is invented: the grams are those that the card's own words (or its meter's log) state with a unit, and the words go along as a
comment. A family total, a component, a bound, a range, a zero, an assumed or a contradicted value is never suggested.
Specification of the block: the Hub's documentation, docs/hub/model-cards-co2.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from decimal import Decimal

from mining.card.document.front_matter import FrontMatter, find_front_matter
from mining.errors import UsageError
from mining.schema import Claim, Context, ModelRecord

KEY = "co2_eq_emissions"
UNFIT_FLAGS = frozenset(
    {
        "assumed-unit",
        "component",
        "contradicted",
        "copied-card",
        "exercise",
        "family-total",
        "implausible",
        "inherited",
        "near-duplicate",
    }
    | {"placeholder", "zero", "range", "upper-bound", "lower-bound"}
)
"""Marks of values that are no plain measurement of this model; a bound or the middle of a range would read as one."""
UNFIT_SCOPES = frozenset({"family-total", "component", "inference", "embodied", "experiments"})
FENCE = "---"
BOM = "\ufeff"
MAX_WORDS = 120
CLOSE = 0.01
_OUR_KEY = re.compile(rf"[\"']?{KEY}[\"']?\s*:")
_EMISSIONS_LINE = re.compile(r"((\s*)(?:-\s+)?[\"']?emissions[\"']?\s*:)(?=\s|$).*", re.DOTALL)
_KEY_LINE = re.compile(r"\s*(?:-\s+)?[\"']?\w+[\"']?\s*:(?:\s|$)")
_ITEM = re.compile(r"-\s+(?:[\"']?\w+[\"']?\s*:(?:\s|$)|[\d.~\"'{])")
_FLOW_NUMBER = re.compile(r"([{,]\s*[\"']?emissions[\"']?\s*:\s*)[^,{}\[\]\"'#]+?(\s*[,}])")


def suggested_metadata(record: ModelRecord, claims: Sequence[Claim]) -> str | None:
    """The block that would state in metadata what the card states in prose.

    Args:
        record: The model, its emissions settled.
        claims: Its claims, for the evidence.

    Returns:
        YAML lines that end with a newline, or None where there is nothing to mend or nothing safe to say.
    """
    carbon = record.carbon
    if (
        carbon.emissions_gco2e is None
        or UNFIT_FLAGS & set(carbon.emissions_flags)
        or carbon.emissions_scope in UNFIT_SCOPES
    ):
        return None
    if carbon.emissions_source == "metadata" and carbon.emissions_unit_status != "corrected":
        return None
    words = _evidence(carbon.emissions_gco2e, claims)
    if words is None or carbon.emissions_unit_status not in {"stated", "corrected"}:
        return None
    lines = [f"{KEY}:", f"  # {words}", f"  emissions: {plain(carbon.emissions_gco2e)}"]
    return "\n".join([*lines, *_stated(record.training)]) + "\n"


def _stated(training: Context) -> list[str]:
    """The other keys of the specification, where the card states them."""
    hardware = training.hardware and (
        f"{training.hardware_count} x {training.hardware}" if training.hardware_count else training.hardware
    )
    stated = (
        ("source", training.tool),
        ("training_type", training.training_type if training.training_type != "both" else None),
        ("geographical_location", training.region),
        ("hardware_used", hardware),
    )
    return [f"  {key}: {quoted(value)}" for key, value in stated if value]


def _evidence(grams: float, claims: Sequence[Claim]) -> str | None:
    """Where these very grams are stated with a unit outside the metadata, and the words; None where nobody says them."""
    for claim in claims:
        outside = (
            claim.quantity == "emissions" and claim.outcome == "reported" and claim.place.source != "metadata"
        )
        if not outside or claim.unit is None or claim.scope in UNFIT_SCOPES or claim.inner_value is None:
            continue
        if abs(claim.inner_value - grams) <= CLOSE * abs(grams):
            place = claim.section or claim.where.partition(":")[2].partition(":")[0] or claim.where
            return f"{one_line(place)}: {quoted(claim.text)}"
    return None


def plain(grams: float) -> str:
    """A number as YAML 1.1 and 1.2 both read it: digits and a point, no exponent."""
    text = format(Decimal(repr(grams)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def one_line(text: str) -> str:
    """Text without line ends and control characters, shortened."""
    line = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return line if len(line) <= MAX_WORDS else line[: MAX_WORDS - 1] + "…"


def quoted(text: str) -> str:
    """Text as one double-quoted YAML scalar; line ends and control characters cannot leave it."""
    return json.dumps(one_line(text), ensure_ascii=False)


def with_block(card: bytes, block: str) -> bytes:
    """The card with the block in its front matter; every other byte as it was.

    Args:
        card: The card, UTF-8, with or without byte-order mark, with either kind of line end.
        block: Lines made by :func:`suggested_metadata`.

    Returns:
        The new card. An existing mapping keeps its other keys: only its ``emissions`` is replaced.

    Raises:
        UsageError: The card is not UTF-8.
    """
    try:
        text = card.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"the card is not UTF-8 (byte {error.start}); nothing was written") from error
    mark, text = (BOM, text[1:]) if text.startswith(BOM) else ("", text)
    ending = "\r\n" if text.partition("\n")[0].endswith("\r") else "\n"
    lines = text.split("\n")
    ours = [line + ("\r" if ending == "\r\n" else "") for line in block.rstrip("\n").split("\n")]
    return (mark + "\n".join(_placed(lines, ours, ending))).encode("utf-8")


def _placed(lines: list[str], ours: list[str], ending: str) -> list[str]:
    """The lines with ours in their place."""
    front = find_front_matter([line.rstrip("\r") for line in lines])
    # The Hub reads front matter behind blank lines, but not behind words or inside a code fence.
    behind_words = front.status == "misplaced" and any(line.strip() for line in lines[: front.first_line - 1])
    if front.status in {"absent", "fenced"} or behind_words:
        fence = FENCE + ending.removesuffix("\n")
        return [fence, *ours, fence, *lines]
    start, end = _our_block(lines, front)
    if start is None:
        at = front.body_line - 1 if front.status in {"unclosed", "empty"} else front.last_line - 1
        return lines[:at] + ours + lines[at:]
    return lines[:start] + _replaced(lines[start:end], ours) + lines[end:]


def _our_block(lines: Sequence[str], front: FrontMatter) -> tuple[int | None, int]:
    """First line of an existing block and the line behind it, counted from 0; (None, 0) where there is none."""
    last = front.last_line - 1 if front.status != "unclosed" else front.last_line
    for at in range(front.body_line - 1, last):
        if _OUR_KEY.match(lines[at]):
            end = at + 1
            while end < last and _goes_on(lines[end]):
                end += 1
            while end > at + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
                end -= 1
            return at, end
    return None, 0


def _goes_on(line: str) -> bool:
    """Whether a block may go on over this line; a Markdown heading (a comment to YAML) and a Markdown bullet are never part of it."""
    return not line.strip() or (line[0] in " \t#" and not line.startswith("##")) or _ITEM.match(line) is not None


def _replaced(old: list[str], ours: list[str]) -> list[str]:
    """An existing block mended: only its number where it is a mapping with emissions, the whole block otherwise."""
    number = next(match[0][match.end(1) :] for line in ours if (match := _EMISSIONS_LINE.match(line)))
    for at, line in enumerate(old[1:], start=1):
        match = _EMISSIONS_LINE.match(line)
        if match:
            return [*old[:at], f"{match[1]}{number}", *old[_end_of_value(old, at, len(match[2])) :]]
    flow = "\n".join(old)
    mended, count = _FLOW_NUMBER.subn(lambda match: f"{match[1]}{number.strip()}{match[2]}", flow)
    return mended.split("\n") if count == 1 and "#" not in flow else ours


def _end_of_value(lines: Sequence[str], at: int, indent: int) -> int:
    """Line behind a value that may go on over deeper lines."""
    end = at + 1
    while end < len(lines) and lines[end].strip() and len(lines[end]) - len(lines[end].lstrip(" ")) > indent:
        if _KEY_LINE.match(lines[end]):
            break
        end += 1
    return end
