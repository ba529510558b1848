"""620 passages and 3,269 cards of strangers: what is answered right stays right, and how it was read at first.

``cards_own/passages.jsonl`` holds passages of one to five sentences, lists, tables, logs and reports, two fifths of
which state only amounts that are not of the model's own training; ``strangers_structure.jsonl`` and
``strangers_seventh.jsonl`` to ``strangers_fourteenth.jsonl`` whole cards; those called traps were written to mislead a
reader, those called others state no amount that is theirs; the languages of u to x were written after the pattern of
``../shared/cards/elsewhere``. Written and annotated without sight of the code. Each set was read before any of it was
looked at, by a reader that the earlier ones had mended (precision, recall of the emissions, answers that are
another's):

    passages-a          .88 .81  8      passages-languages  .82 .79 14      passages-b          .81 .68 15
    passages-structure  .85 .74 11      english-i          1.0  .94  0      languages-i         .92 .79  1
    tables-a            .76 .68  5      english-j           .96 .86  1      languages-j         .97 .97  1
    english-k           .92 .96  2      languages-k         .96 .93  1
    english-l           .93 .87  2      languages-l        1.0  .97  0
    english-m           .91 .86  2      languages-m         .87 .84  4      languages-n         .97 .88  0
    english-n           .97 .91  1      english-o          1.0  .90  0
    english-p           .96 .86  2      languages-p        1.0  .72  0      traps-p             .63 .50  5
    english-q           .93 .90  3      languages-q         .93 .83  2      traps-q             .76 .62 10
    english-r           .95 .85  2      languages-r         .97 .87  2      traps-r             .69 .75 15
    english-s           .96 .89  3      languages-s         .89 .77  3      traps-s             .59 .59  9
    english-t           .94 .84  1      languages-u        1.0  .93  0      languages-u2        .96 1.0   1
    languages-v         .97 .94  1      languages-w        1.0  .97  0      languages-x         .95 .97   1
    others-a (115 cards)         8      others-b (110 cards)         8
    languages-y         .97 .83  1      languages-z         .96 .75  1      languages-y2        .91 .83  3
    languages-z2       1.0  .95  0      english-u           .95 .91  2      english-v           .92 .94  4
    others-c (110 cards)        16
    languages-a2        .95 .91  1      languages-b2        .97 .90  1      english-w           .94 .84  3
    languages-c2       1.0  .92  0      english-x          1.0  .98  0
    others-d (90 cards)         27      others-e (60 cards)         14

(The sets of p, q and r, english-s, those from languages-u to others-c but z2 and english-v, and a2, b2, w and others-d:
each group by one reader that none of its sets had mended. A sixth of languages-y, z and y2 is in languages that no
table has. english-x holds as many second amounts as ``elsewhere``; the first round's reader has .95 .91 on both.) Of
languages-n and english-o only one answer of another was mended. What follows holds after mending; it is no estimate for
cards never seen.
``passages_misread.txt`` names what is not right: who mends one takes its line out.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from answers import settled
from test_card_strangers_latest import is_right

OWN = Path(__file__).parent / "cards_own"
CARDS = [
    json.loads(line)
    for name in (
        "passages",
        "strangers_structure",
        "strangers_seventh",
        "strangers_eighth",
        "strangers_ninth",
        "strangers_tenth",
        "strangers_eleventh",
        "strangers_twelfth",
        "strangers_thirteenth",
        "strangers_fourteenth",
    )
    for line in (OWN / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
]
KNOWN = frozenset((OWN / "passages_misread.txt").read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("part", sorted({card["part"] for card in CARDS}))
def test_what_is_answered_right_stays_right(part: str) -> None:
    asked = [card for card in CARDS if card["part"] == part and not card["ambiguous"]]
    assert len(asked) > 35
    lost = []
    for card in asked:
        grams = settled(card["text"]).emissions_gco2e
        if grams is None:
            fault = "missed" if card["expected_emissions_g"] is not None else ""
        else:
            fault = "" if is_right(card, grams) else "wrong"
        if fault and f"{card['name']} {fault}" not in KNOWN:
            lost.append((card["name"], fault, grams, card["expected_emissions_g"]))
    assert lost == []


def test_no_part_is_mostly_known_to_be_misread() -> None:
    for part in {card["part"] for card in CARDS}:
        names = {card["name"] for card in CARDS if card["part"] == part}
        known = [line.split()[0] for line in KNOWN if line.split()[0] in names]
        wrong = [line for line in KNOWN if line.split()[0] in names and line.endswith("wrong")]
        assert len(known) <= 0.25 * len(names)
        assert len(wrong) <= 0.1 * len(names)
