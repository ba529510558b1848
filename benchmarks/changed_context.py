"""Changes of what a card says beside its emissions: device, count, hours, place, provider, tool, type of training."""

from __future__ import annotations

import re
from random import Random

from benchmarks.changed_context_words import CONTEXT_LABELS, DEVICES, PLACES, PROVIDERS, TOOLS
from benchmarks.changed_text import (
    NUMBER,
    PLACEHOLDER,
    Card,
    Edit,
    LeftOutError,
    applied,
    front_end,
    plain,
    rendered,
)

_MEMORY = r"(?:[\s-]?\d{2,3}\s?GB)?"
_MODEL = (
    r"(?:RTX|GTX)\s?A?\d{4}(?:\s?(?:Ti|Super))?(?:\sLaptop GPU)?(?:\swith Max-Q Design)?|TITAN\s(?:Xp|RTX|Black)"
    r"|(?:A100|V-?100|P100|H100|T4|K80)(?:-(?:SXM\d?|PCIE?))?|TPU\s?v[2-5](?:-\d+)?"
)
DEVICE = re.compile(
    rf"(?:\bNVIDIA\s)?(?:\bTesla\s)?(?:\bGeForce\s)?(?:\bT?(?=TPU)|\b)(?P<model>{_MODEL}){_MEMORY}\b(?!-\d)",
    re.IGNORECASE,
)
TIMES = {
    **dict.fromkeys(("hours", "hour", "hrs", "h"), 1.0),
    **dict.fromkeys(("weeks", "week"), 168.0),
    **dict.fromkeys(("minutes", "min", "mins"), 1 / 60),
    **dict.fromkeys(("seconds", "s"), 1 / 3600),
    "days": 24.0,
}
TIME = re.compile(
    rf"(?P<number>{NUMBER.pattern})\**(?:\s?(?P<unit>{'|'.join(sorted(TIMES, key=len, reverse=True))}))?(?![^\W_])"
)
TOOL = re.compile(
    r"(?<![\w/.-])code\s?carbon(?![\w.-])|(?<![\w/.-])eco2AI\b|(?<![\w/.-])carbon\s?tracker\b", re.IGNORECASE
)


def hardware(card: Card, rng: Random) -> Card:
    """Another device wherever the card names the annotated one."""
    named = DEVICE.findall(str(card.row.get("hardware") or ""))
    if len(named) != 1:
        raise LeftOutError("not one device of the list annotated")
    core = re.sub(r"\W", "", named[0]).lower()
    found = [one for one in DEVICE.finditer(card.text) if re.sub(r"\W", "", one["model"]).lower().startswith(core)]
    if not found:
        raise LeftOutError("device not found as annotated")
    written, expected = rng.choice([one for one in DEVICES if one[0].lower() not in card.text.lower()])
    text = applied(card.text, [Edit(*one.span(), written) for one in found])
    return card._replace(text=text, expected={"hardware": expected})


def hours(card: Card, rng: Random) -> Card:
    """Another duration wherever the annotated one stands, a unit of time beside it or in its label."""
    found, stated = _durations(card)
    k = rng.choice((rng.uniform(0.5, 0.9), rng.uniform(1.1, 2.0)))
    edits = [Edit(*one.span("number"), rendered(plain(one["number"]) * k, one["number"], exact=True)) for one in found]
    return card._replace(text=applied(card.text, edits), expected={"hours": stated * k})


def hours_converted(card: Card, rng: Random) -> Card:
    found, stated = _durations(card)
    unit, factor = rng.choice(
        (("minutes", 1 / 60), ("days", 24.0), ("hours", 1.0), ("h", 1.0), ("hrs", 1.0), ("seconds", 1 / 3600))
    )
    edits = []
    for one in found:
        number = rendered(stated / factor, one["number"], exact=True)
        edits.append(Edit(one.start("number"), one.end(), f"{number} {unit}"))
    return card._replace(text=applied(card.text, edits), expected={"hours": stated})


def _durations(card: Card) -> tuple[list[re.Match[str]], float]:
    if card.text.startswith("{\\rtf"):
        raise LeftOutError("rich text")
    match = re.match(
        r"\W*(?:about|approximately|roughly|less than)?\s*" + TIME.pattern,
        str(card.row.get("hours") or ""),
        re.IGNORECASE,
    )
    if (
        match is None
        or re.search(r"\d\s?(?:-|–|to|and)\s?\d|\d+ days?,? |[–-]", str(card.row["hours"]))
        or re.search(r"hours? \d", str(card.row["hours"]))
    ):
        raise LeftOutError("not one duration annotated")
    stated = plain(match["number"]) * TIMES[match["unit"] or "hours"]
    found = []
    for line in re.finditer(r".+", card.text):
        label = line.group().partition(":")[0].lower()
        for one in TIME.finditer(card.text, line.start(), line.end()):
            factor = TIMES[one["unit"]] if one["unit"] else 1.0 if "hours" in label and len(label) < 40 else 0.0
            if factor and abs(plain(one["number"]) * factor - stated) < 0.01 * stated:
                found.append(one)
    if not found:
        raise LeftOutError("duration not found as annotated")
    return found, stated


def region(card: Card, rng: Random) -> Card:
    """Another place in the lines that are labelled as one, and in brackets behind an amount."""
    named = str(card.row.get("region") or "").strip("`. ")
    lines = re.compile(rf"(?P<before>(?:region|location|geo|country|CO2 \()[^\n]*?){re.escape(named)}", re.IGNORECASE)
    found = list(lines.finditer(card.text)) if named else []
    if not found:
        raise LeftOutError("place not found as annotated")
    spans = [one.span() for one in found]
    for one in re.finditer(
        r"^[ \t*_|-]*(?:[\w ]*(?:region|country|location|city))\b(?!\w*[^\n:|]{30})[^\n:|]*[:|][*_ ]*\w[^\n]*$",
        card.text,
        re.IGNORECASE | re.MULTILINE,
    ):
        if not any(start < one.end() and one.start() < end for start, end in spans) and not PLACEHOLDER.search(
            one.group()
        ):
            raise LeftOutError("another place is labelled")
    written, expected = rng.choice(PLACES)
    text = applied(card.text, [Edit(one.end("before"), one.end(), written) for one in found])
    return card._replace(text=text, expected={"region": expected})


def context_relabelled(card: Card, rng: Random) -> Card:
    """The template's labels of hardware, hours and place in other words."""
    known: dict[str, float | str] = {}
    named = DEVICE.findall(str(card.row.get("hardware") or ""))
    known |= {"hardware": re.sub(r"tpu-?(?=v)", "tpu ", named[0].lower())} if len(named) == 1 else {}
    written = str(card.row.get("hours") or "")
    known |= {"hours": float(written)} if re.fullmatch(r"\d+(?:\.\d+)?", written) else {}
    edits: list[Edit] = []
    expected: dict[str, float | str] = {}
    for field, label in (("hardware", "Hardware Type"), ("hours", "Hours used"), ("region", "Compute Region")):
        found = re.search(rf"^[\s*_-]*(?P<label>{label})\b(?=[^\n\w]*:)", card.text, re.IGNORECASE | re.MULTILINE)
        if found:
            bare = field == "hours" and TIME.search(card.text[: card.text.find("\n", found.end())], found.end())
            words = [
                one
                for one in CONTEXT_LABELS[field]
                if not bare or bare["unit"] or re.search("hour|horas", one, re.IGNORECASE)
            ]
            edits.append(Edit(*found.span("label"), rng.choice(words)))
            expected |= {field: known[field]} if field in known else {}
    if not expected:
        raise LeftOutError("no template label with an annotated value")
    return card._replace(text=applied(card.text, edits), expected=expected)


MACHINES = re.compile(r"\b(\d{1,4}) (?:\S+ )?(?:instances|nodes|machines|servers)\b", re.IGNORECASE)


def count(card: Card, rng: Random) -> Card:
    """Another number of devices, where one stands right before the device."""
    number = str(card.row.get("hardware_count") or "")
    named = DEVICE.search(str(card.row.get("hardware") or ""))
    written = re.match(r"\W*(\d{1,4})\s?[x×*]?\s?(?=\D)", str(card.row.get("hardware") or ""))
    number = number or (written.group(1) if written and named else "")
    found = [
        one
        for one in DEVICE.finditer(card.text)
        if number and re.search(rf"(?<![\w.]){number}\s?[x×*]?\s?$", card.text[: one.start()][-8:])
    ]
    if not found or int(number) == 1:
        raise LeftOutError("no count before the device")
    other = rng.choice([one for one in (2, 3, 4, 6, 8, 16, 32, 64, 128, 256) if str(one) != number])
    if any(other < int(machines) for machines in MACHINES.findall(card.text)):
        raise LeftOutError("fewer devices than machines: the changed card would contradict itself")
    edits = [Edit(at := card.text.rfind(number, 0, one.start()), at + len(number), str(other)) for one in found]
    return card._replace(text=applied(card.text, edits), expected={"count": other})


def provider(card: Card, rng: Random) -> Card:
    """Another provider behind its label, a placeholder included."""
    found = re.search(
        r"^[\s*_-]*Cloud Provider\W{0,3}:[*_]*[ \t]*(?P<value>\S[^\n]*)$", card.text, re.IGNORECASE | re.MULTILINE
    )
    if found is None:
        raise LeftOutError("no provider labelled")
    written, expected = rng.choice(PROVIDERS)
    return card._replace(
        text=applied(card.text, [Edit(*found.span("value"), written)]), expected={"provider": expected}
    )


def tool(card: Card, rng: Random) -> Card:
    """Another tool wherever a tracker is named in words; left out where only an address names it."""
    found = list(TOOL.finditer(card.text))
    if not found or not TOOL.search(str(card.row.get("tool") or card.row.get("source_tool") or "")):
        raise LeftOutError("no tracker named")
    written, expected = rng.choice(TOOLS)
    if "can be" in card.text[: found[0].start()].rpartition("\n")[2] and expected == "mlco2":
        raise LeftOutError("the template's sentence, which states nothing")
    text = re.sub(
        r"\]\(https?://[^)\s]*(?:carbon|eco2)[^)\s]*\)",
        "](https://example.org)",
        applied(card.text, [Edit(*one.span(), written) for one in found]),
    )
    return card._replace(text=text, expected={"tool": expected})


def training_type(card: Card, rng: Random) -> Card:
    found = re.search(
        r"^[ \t-]+training_type:[ \t]*(?P<value>\S[^\n]*)$", card.text[: front_end(card.text)], re.MULTILINE
    )
    if found is None:
        raise LeftOutError("no type in the metadata")
    written = rng.choice(
        ("pre-training", "fine-tuning", "pretraining", "finetuning", "Fine-tuning", '"pre-training"', "fine tuning")
    )
    expected = "pre-training" if "pre" in written else "fine-tuning"
    return card._replace(
        text=applied(card.text, [Edit(*found.span("value"), written)]), expected={"training_type": expected}
    )
