"""Changes of what a card says of its emissions: each makes a copy, and the truth that holds of the copy."""

from __future__ import annotations

import re
from random import Random

from benchmarks.changed_text import (
    EMISSION,
    LABELLED,
    NUMBER,
    PLACEHOLDER,
    UNIT,
    Card,
    Edit,
    LeftOutError,
    Mention,
    applied,
    clear,
    front_end,
    label_of,
    plain,
    rendered,
    spelt,
    unit_of,
    with_unit,
)
from benchmarks.changed_words import (
    BEFORE_NUMBERS,
    FOREIGN_LABELS,
    GRAMS,
    LABELS,
    PLACEHOLDERS,
    SENTENCES,
    STYLES,
    TABLES,
)


def _times(card: Card, k: float, keep: tuple[Mention, ...] = ()) -> list[Edit]:
    """Edits that multiply every mention."""
    repeated = {one.text: one.text for one in keep}
    known: dict[tuple[str, float], str] = {}
    edits = []
    for at, one in enumerate(clear(card)):
        new = known.setdefault((one.text, one.factor), rendered(plain(one.text) * k, one.text, exact=at == 0))
        # metadata that repeats the body's number in a wrong unit goes on repeating it
        edits.append(Edit(one.start, one.end, repeated.get(one.text, new) if one.unit is None else new))
    return edits


def _made(card: Card, edits: list[Edit], k: float = 1.0) -> Card:
    truths = None if card.truths is None else tuple(truth * k for truth in card.truths)
    return card._replace(text=applied(card.text, edits), truths=truths)


def _unit_of_body(card: Card, rng: Random) -> Mention:
    written = [one for one in clear(card) if one.unit is not None and one.where != "front"]
    if not written:
        raise LeftOutError("no unit written in the body")
    return rng.choice(written)


def _is_mended(card: Card) -> bool:
    """Whether the annotators hold the metadata to be in another unit than the Hub's."""
    return any(one.where == "front" and one.unit is None and one.factor != 1.0 for one in clear(card))


def scaled(card: Card, rng: Random) -> Card:
    k = rng.choice((rng.uniform(0.35, 0.9), rng.uniform(1.1, 2.8)))
    return _made(card, _times(card, k), k)


def scaled_far(card: Card, rng: Random) -> Card:
    """By a hundred and more, where a unit is written.

    Without one, hardware and hours would rightly speak against it.
    """
    _unit_of_body(card, rng)
    k = rng.choice((rng.uniform(20, 400), 1 / rng.uniform(20, 400), 10.0, 0.1, 1000.0, 0.001))
    return _made(card, _times(card, k), k)


def unit_swapped(card: Card, rng: Random) -> Card:
    """The number stays, its unit is another; what else states the same follows."""
    main = _unit_of_body(card, rng)
    unit = rng.choice([name for name in GRAMS if GRAMS[name] != main.factor])
    k = GRAMS[unit] / main.factor
    group = tuple(one for one in clear(card) if one.unit == main.unit)
    kept = [Edit(one.start, one.end, one.text) for one in group]
    return _made(
        card,
        [*with_unit(card.text, main, main.text, _spelling(card, rng, main, unit)), *kept, *_times(card, k, group)],
        k,
    )


def unit_converted(card: Card, rng: Random) -> Card:
    """The same mass in another unit."""
    main = _unit_of_body(card, rng)
    if _is_mended(card):
        raise LeftOutError("metadata repeats the number in a wrong unit")
    units = [name for name in GRAMS if GRAMS[name] != main.factor and 1e-4 < main.grams / GRAMS[name] < 1e8]
    if not units:
        raise LeftOutError("too little for another unit")
    unit = rng.choice(units)
    edits = []
    for one in (one for one in clear(card) if one.unit == main.unit):
        number = rendered(one.grams / GRAMS[unit], one.text, exact=True)
        edits += with_unit(card.text, one, number, _spelling(card, rng, main, unit))
    return _made(card, edits)


def unit_spelt(card: Card, rng: Random) -> Card:
    main = _unit_of_body(card, rng)
    return _made(card, with_unit(card.text, main, main.text, _spelling(card, rng, main, unit_of(main.factor))))


def _spelling(card: Card, rng: Random, main: Mention, unit: str) -> str:
    """With CO2 in it where no label announces emissions."""
    line = card.text[card.text.rfind("\n", 0, main.start) + 1 : main.start]
    return spelt(rng, unit, co2=main.where == "beside" and LABELLED.match(line + "0") is None)


def _alone(card: Card) -> tuple[Card, Mention]:
    """The card without its metadata's emissions, so that the body has to be read; and where it states them."""
    if not any(one.where in {"beside", "label"} and plain(one.text) for one in clear(card)):
        raise LeftOutError("no unit written in the body")
    end = front_end(card.text)
    front = re.sub(r"(?<=\n)co2_eq_emissions:.*\S.*\n|(?<=\n)[ \t-]+\"?emissions\"?:.*\n", "", card.text[:end])
    card = card._replace(text=front + card.text[end:])
    main = next(one for one in clear(card) if one.where in {"beside", "label"})
    return card._replace(truths=(main.grams, *(card.truths or ()))), main


def _relabelled(card: Card, rng: Random, labels: tuple[str, ...], styles: tuple[str, ...]) -> Card:
    card, main = _alone(card)
    found, unit = label_of(card.text, main)
    at = card.text.rfind("\n", 0, main.start) + 1
    label = rng.choice(labels) if labels else found["label"].strip()
    label += unit if labels else ""
    head = (found["indent"] or "") + (rng.choice(("- ", "* ", "")) if not found["indent"] else found["bullet"] or "")
    return _made(card, [Edit(at + found.start(), at + found.end(), head + rng.choice(styles).format(label))])


def label_reworded(card: Card, rng: Random) -> Card:
    return _relabelled(card, rng, LABELS, STYLES[:3])


def label_restyled(card: Card, rng: Random) -> Card:
    return _relabelled(card, rng, (), STYLES)


def label_foreign(card: Card, rng: Random) -> Card:
    return _relabelled(card, rng, FOREIGN_LABELS, STYLES[:3])


def moved(card: Card, rng: Random) -> Card:
    """The labelled line becomes a small table or a sentence."""
    card, main = _alone(card)
    found, _ = label_of(card.text, main)
    at, end = card.text.rfind("\n", 0, main.start) + 1, card.text.find("\n", main.start)
    end = len(card.text) if end < 0 else end
    value = f"{main.text} {spelt(rng, unit_of(main.factor), co2=True)}"
    shape = rng.choice((*SENTENCES, *TABLES))
    line = shape.format(value, label=rng.choice(LABELS[:6]), value=value)
    return _made(card, [Edit(at, end, f"\n\n{line}\n\n" if found else line)])


def number_rewritten(card: Card, rng: Random) -> Card:
    """Separators, exponents and words before the number, its value kept."""
    card, main = _alone(card)
    value = plain(main.text)
    short = rendered(value, f"{value:.4g}" if value < 1e4 else f"{value:.0f}", exact=True)
    forms = [
        f"{value:.4e}",
        f"{value:.6g}",
        main.text,
        f"{float(short):,}",
        f"{value * 0.9:.4g}-{value * 1.1:.4g}",
        f"{value * 0.8:.4g} to {value * 1.2:.4g}",
    ]
    forms += [short.replace(".", ",")] if len(short.partition(".")[2]) not in {0, 3} else []
    form = rng.choice([one for one in forms if not one.endswith(".000")])
    word = rng.choice(BEFORE_NUMBERS)
    bold = word == "**" and main.where == "beside" and card.text[main.end : main.end + 1] != "*"
    return _made(card, [Edit(main.start, main.end, f"**{form}**" if bold else ("" if word == "**" else word) + form)])


def metadata_reshaped(card: Card, rng: Random) -> Card:
    """Scalar, mapping, list and quoted forms of the metadata."""
    main = next((one for one in clear(card) if one.where == "front" and one.unit is None), None)
    if main is None:
        raise LeftOutError("no number in the metadata")
    at = card.text.rfind("\n", 0, main.start) + 1
    forms = [
        f"'{main.text}'",
        f'"{main.text}"',
        f"{main.text}  # grams",
        f"{plain(main.text):.12e}".replace("e", "e+" if plain(main.text) > 1e9 else "e"),
    ]
    if card.text[at:].startswith("co2_eq_emissions:"):
        forms += [
            f"\n  emissions: {main.text}",
            f"\n- emissions: {main.text}",
            f"\n    emissions: '{main.text}'",
            f'\n  "emissions": {main.text}',
        ]
    if not card.text[main.end : main.end + 1].isspace():
        raise LeftOutError("the number in the metadata is quoted")
    return _made(card, [Edit(main.start, main.end, rng.choice(forms))])


def metadata_unit(card: Card, rng: Random) -> Card:
    """The metadata states its unit."""
    main = next((one for one in clear(card) if one.where == "front" and one.unit is None), None)
    if main is None or not card.text[main.end : main.end + 1].isspace():
        raise LeftOutError("no bare number in the metadata")
    unit = rng.choice([name for name in GRAMS if 1e-4 < main.grams / GRAMS[name] < 1e8])
    number = main.text if GRAMS[unit] == main.factor else rendered(main.grams / GRAMS[unit], main.text, exact=True)
    quote = rng.choice(("", "'", '"'))
    return _made(card, [Edit(main.start, main.end, f"{quote}{number}{rng.choice((' ', ''))}{spelt(rng, unit)}{quote}")])


def removed(card: Card, rng: Random) -> Card:
    """A placeholder in place of every statement; left out where the body states further masses."""
    found = clear(card)
    held = {(one.start, one.end) for one in found}
    lines = [match for match in re.finditer(r".+", card.text[front_end(card.text) :]) if EMISSION.search(match.group())]
    for line in lines:
        at = front_end(card.text) + line.start()
        masses = [
            one.span()
            for one in NUMBER.finditer(card.text, at, at + len(line.group()))
            if UNIT.match(card.text, one.end())
        ]
        if any(span not in held for span in masses):
            raise LeftOutError("other masses stand in the body")
    edits = []
    for one in found:
        end = card.text.find("\n", one.end)
        start = (
            one.start
            if one.where == "front"
            else card.text.rfind("\n", 0, one.start) + 1 + label_of(card.text, one)[0].end()
        )
        edits.append(
            Edit(
                start,
                len(card.text) if end < 0 else end,
                rng.choice(PLACEHOLDERS[:5] if one.where != "front" else ("", "null", "unknown")),
            )
        )
    return card._replace(text=applied(card.text, edits), truths=())


def filled(card: Card, rng: Random) -> Card:
    """A labelled placeholder gets a value."""
    if card.truths is None or card.truths:
        raise LeftOutError("something is stated already")
    for line in re.finditer(r".+", card.text):
        found = LABELLED.match(line.group())
        if found and EMISSION.search(found["label"]) and PLACEHOLDER.match(line.group(), found.end()):
            unit, value = rng.choice(tuple(GRAMS)), float(f"{10 ** rng.uniform(-1, 3):.3g}")
            at = line.start() + found.end()
            text = applied(card.text, [Edit(at, line.end(), f"{value:g} {spelt(rng, unit)}")])
            return card._replace(text=text, truths=(value * GRAMS[unit],))
    raise LeftOutError("no labelled placeholder")


def one_sided(card: Card, rng: Random) -> Card:
    """Only the body's number is another: the card contradicts itself, and the answer has to say so."""
    found = clear(card)
    if _is_mended(card) or not any(one.where == "front" for one in found):
        raise LeftOutError("only one side states a number")
    body = [one for one in found if one.where != "front" and plain(one.text)]
    if not body:
        raise LeftOutError("only one side states a number")
    k = rng.uniform(3, 30)
    edits = [Edit(one.start, one.end, rendered(plain(one.text) * k, one.text, exact=True)) for one in body]
    return card._replace(text=applied(card.text, edits), truths=None, expected={"doubt": "contradicted"})
