"""Changed copies of the annotated cards.

Does the answer follow when a number, unit, label, device, place or tool is another? python -m benchmarks.changed_cards
[DRAWS] [--list]

Every copy is made by a rule about text, from the annotated truth alone, together with the truth that then holds. A
change that would leave a card contradicting itself, or whose place cannot be found, is left out by a stated reason, and
counted. Seeded, deterministic.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from benchmarks.changed_kinds import CHANGES
from benchmarks.changed_text import Card, LeftOutError
from mining.card import ModelFacts, read_card, settle
from mining.card.extract.context import context

CARDS = Path(__file__).resolve().parent.parent.parent / "shared" / "cards"
SEED = 2023
WARNS = {"contradicted", "corrected", "corrected-unit", "implausible", "inherited", "family-total", "component"}
SLIPS = tuple(a / b for a in (1.0, 453.59237, 1e3, 1e6, 1e9) for b in (1.0, 453.59237, 1e3, 1e6, 1e9) if a != b)


class Case(NamedTuple):
    """A changed copy that was read: what came of it."""

    kind: str
    card: Card
    field: str
    got: Any
    outcome: str


def cards(folder: Path) -> Iterator[Card]:
    """Annotated cards with their truth in grams; the two annotations name some fields differently."""
    for line in (folder / "index.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        more = row.get("also_acceptable_g") or []
        truths = tuple(
            float(one)
            for one in (row["expected_emissions_g"], *(more if isinstance(more, list) else [more]))
            if one is not None
        )
        doubtful = row.get("ambiguous") or row.get("debatable")
        text = (folder / row["file"]).read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
        yield Card(row["file"], text, None if doubtful else truths, row)


def judged(got: float | None, truths: tuple[float, ...], warned: bool) -> str:
    """right, missed, spurious, wrong, or silent: wrong by a unit, without a word of warning."""
    if not truths:
        return "right" if got is None else "spurious"
    if got is None:
        return "missed"
    if any(abs(got - truth) <= 0.01 * truth for truth in truths):
        return "right"
    slip = any(truth > 0 and abs(got / truth / ratio - 1) < 0.05 for truth in truths for ratio in SLIPS)
    return "silent" if slip and not warned else "wrong"


def follows(got: Any, expected: Any) -> str:
    """Whether an answer of the context is what the changed card says."""
    if got is None:
        return "missed"
    if isinstance(expected, float | int):
        return "right" if abs(got - expected) <= 0.02 * expected else "wrong"
    words = re.findall(r"[^\W_]+", str(got).lower())
    joined = "".join(words)
    hit = any(_holds(words, joined, one) for one in str(expected).split("|"))
    return "right" if hit else "wrong"


def _holds(words: list[str], joined: str, expected: str) -> bool:
    wanted = re.findall(r"[^\W_]+", expected)
    return all(word in words for word in wanted) or (len(wanted) > 1 and "".join(wanted) in joined)


def read(card: Card) -> tuple[dict[str, Any], bool]:
    """Everything the reader says of a card, and whether it warns."""
    reading = read_card(card.text)
    settled = settle(reading.claims, front_matter=reading.front_matter, facts=ModelFacts(title=reading.title))
    found = context(reading.claims, front_matter=reading.front_matter, emissions_gco2e=settled.emissions_gco2e)
    answers = {
        "hardware": found.hardware,
        "count": found.hardware_count,
        "hours": found.duration_h,
        "region": found.region,
    }
    answers |= {
        "provider": found.provider,
        "tool": found.tool,
        "training_type": found.training_type,
        "emissions": settled.emissions_gco2e,
    }
    warned = bool(WARNS & set(settled.emissions_flags)) or settled.emissions_unit_status in {
        "corrected",
        "contradicted",
    }
    return {**answers, "doubt": "contradicted" if warned else None}, warned


def cases(kind: str, copy: Card) -> Iterator[Case]:
    """The outcomes of one changed copy: its emissions, and the fields that were changed."""
    answers, warned = read(copy)
    for field, expected in copy.expected.items():
        yield Case(kind, copy, field, answers[field], follows(answers[field], expected))
    if copy.truths is not None:
        field = "emissions beside" if copy.expected else "emissions"
        yield Case(kind, copy, field, answers["emissions"], judged(answers["emissions"], copy.truths, warned))


def run(draws: int, folder: Path = CARDS, seed: int = SEED) -> tuple[list[Case], Counter[tuple[str, str]]]:
    """All changes of all annotated cards, ``draws`` times each; and why which changes were left out."""
    done: list[Case] = []
    left_out: Counter[tuple[str, str]] = Counter()
    for card in (one for part in ("github", "published") for one in cards(folder / part)):
        for kind, change in CHANGES.items():
            for draw in range(draws):
                try:
                    copy = change(card, Random(f"{seed}/{card.name}/{kind}/{draw}"))
                except LeftOutError as reason:
                    left_out[kind, str(reason)] += 1
                    break
                if copy.text != card.text:
                    done.extend(cases(kind, copy))
    return done, left_out


def table(done: list[Case], left_out: Counter[tuple[str, str]]) -> list[dict[str, Any]]:
    """One row a kind of change and field: how many copies, and what came of them."""
    rows: list[dict[str, Any]] = []
    for kind, field in dict.fromkeys((case.kind, case.field) for case in done):
        count = Counter(case.outcome for case in done if (case.kind, case.field) == (kind, field))
        total = sum(count.values())
        outcomes = {word: count[word] for word in ("right", "wrong", "missed", "spurious")}
        skipped = sum(number for (one, _), number in left_out.items() if one == kind)
        row = {"change": kind, "field": field, "copies": total, **outcomes, "silent_unit_error": count["silent"]}
        rows.append({**row, "right_share": count["right"] / total, "cards_left_out": skipped})
    return rows


def summary(draws: int, seed: int = SEED) -> dict[str, Any]:
    """What the benchmark writes: a table of kinds, and the reasons for leaving cards out."""
    done, left_out = run(draws, seed=seed)
    reasons: Counter[str] = Counter()
    for (_, reason), number in left_out.items():
        reasons[reason] += number
    return {
        "seed": seed,
        "draws_per_card_and_change": draws,
        "left_out": dict(sorted(reasons.items())),
        "kinds": table(done, left_out),
    }


def main(words: list[str]) -> int:
    draws = next((int(word) for word in words if word.isdigit()), 3)
    done, left_out = run(draws)
    for row in table(done, left_out):
        print(
            "{change:20} {field:16} {copies:5} {right_share:7.3f}  "
            "wrong {wrong} missed {missed} spurious {spurious}".format(**row),
            end="",
        )
        print(f"  silent {row['silent_unit_error']}  left out {row['cards_left_out']}")
    for case in done if "--list" in words else ():
        if case.outcome != "right":
            print(
                json.dumps(
                    [
                        case.kind,
                        case.card.name,
                        case.field,
                        case.outcome,
                        case.got,
                        case.card.truths,
                        dict(case.card.expected),
                    ]
                )
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
