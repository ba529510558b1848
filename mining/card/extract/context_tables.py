"""Context in tables of several rows: hours, hardware, its number, and energy.

A row may be the model's own, a stage of its training, or a total.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from msgspec.structs import replace

from mining.card.document.document import Document
from mining.card.document.tables import Cell, Table
from mining.card.extract.context_beside import place_behind
from mining.card.extract.context_fields import device_claims, duration_claim
from mining.card.extract.context_own_rows import MeasuredRow, chosen_rows, is_whole
from mining.card.extract.emission_surroundings import is_about_emissions, is_of_others, may_be_of_others
from mining.card.extract.model_names import words_of
from mining.card.extract.tables_of_others import is_of_the_world
from mining.card.lexicon.gloss import Locale, gloss
from mining.card.lexicon.roles import find_concepts
from mining.card.lexicon.words import is_emission_label
from mining.card.values.context_values import Device, is_generic, read_devices, read_duration
from mining.fields import ClaimFlag
from mining.patterns import regex
from mining.remembered import remembered
from mining.schema import Claim, Quantity, Scope
from mining.units import Number, find_number, find_quantities, scaled, unit_factor, unit_in_label

__all__ = ["table_claims"]

_TIME = regex(
    r"^\W*(?:h\W*$|duration|run-?time|hours|hrs|time|days|elapsed|wall\s?time|wall[\s-]clock)\b\W*(?:\(?(?:h"
    r"|hrs?|hours?"
    r"|days?|min|minutes|s)\)?)?\W*$"
    r"|(?:\b[gt]pu|training|trained|train|compute|wall|\b[a-z]{1,2}\d{2,3}[a-z]{0,2})\b.{0,24}\b(?:hours?|time"
    r"|duration|clock)\b"
    r"|\b[gt]pu[\s-]?h\b"
    r"|\btime\b.{0,8}\bhours|\bhours\b.{0,12}\b(?:used|training)|^\W*(?:hours|days)\s(?:on|of|at|with|for|per run)\b",
    re.IGNORECASE,
)
_DEVICE = regex(
    r"\b(?:gpus?|hardware|accelerators?|tpus?|devices?|machine|instance|nodes)\b(?:.{0,3}\b(?:type|model|name"
    r"|used)\b)?\W*$",
    re.IGNORECASE,
)
_COUNTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "per-node",
        regex(
            r"^\W*(?:gpus?|accelerators?|devices?|tpus?)\s(?:per|each|/|a)\s?(?:nodes?|machine|server)\W*$",
            re.IGNORECASE,
            stems="machine;node;server & accelerator;device;gpu;tpu",
        ),
    ),
    ("nodes", regex(r"^\W*(?:number of |num )?(?:nodes|machines|servers)\W*$", re.IGNORECASE)),
    (
        "pieces",
        regex(
            r"^\W*(?:#\s?|number of |num |no\. of )?(?:gpus?|tpus?|accelerators?|devices)(?: count)?\W*$", re.IGNORECASE
        ),
    ),
)
_ENERGY = regex(
    r"\benergy\b|electric|\bpower (?:used|consum)|^\W*\(?[kmg]?wh\b\)?(?:\W*$|\s(?:at|from|of|used|in"
    r"|incl))|[\s(\[][kmg]?wh[)\]\s]*$",
    re.IGNORECASE,
)
_NOTE = regex(r"\s?\([^()]{1,40}\)\W*$")
"""What a head says in brackets ("GPUs (A100 40GB)")."""
_OTHER = regex(
    r"inferen|latency|logit|memory|speed|throughput|per (?:image|token|sample|step|epoch|k?wh|quer"
    r"|request|call|answer|thousand|\d)|intensity|/\s?k?wh|grid",
    re.IGNORECASE,
)
_USE = regex(
    r"latenc|throughput|(?:tokens?|quer\w+|requests?|images?|samples?|pages?|docs?)\s?/\s?s"
    r"|per \d[\d,. ]{0,8}\s?(?:quer|request|image|answer|page)|\bms\b|inferen|per second|\bfps\b|real[- ]time",
    re.IGNORECASE,
    stems="/;per ;fps;inferen;latenc;ms;per second;throughput;time;token",
)
_TRAINS = regex(r"train|\brun\b|stage|phase|carbon footprint", re.IGNORECASE)
_ABOUT_TRAINING = regex(
    r"co2|carbon|emission|energy|power|[km]wh|train|stage|gpu|tpu|cost|footprint|compute|resources|environment",
    re.IGNORECASE,
)
_EXTRA = regex(r"evaluat|inferen|ablat|trial|failed|pilot|search|baseline|compar", re.IGNORECASE)


def table_claims(table: Table, card: Document, locale: Locale) -> Iterator[Claim]:
    """Hours, hardware and energy of a table about training.

    The model's own row counts like a field; stages of one training add up, unless a row states their total.

    Args:
        table: A table of three columns and more.
        card: The card it stands in.
        locale: Of the card.

    Yields:
        Claims; of a table whose rows are of other models those of every row, with the row's name as their subject.
    """
    if table.width < 3:
        return
    head = gloss(f"{' '.join(table.header)} {table.section or ''} {table.caption}", locale)
    above = f"{(table.section or '')[-80:]} {table.caption[:120]}"
    of_others = may_be_of_others(above) and is_of_others(above, frozenset({"en", *locale.languages, *card.languages}))
    if of_others and not (any(map(_THIS_ONE.search, table.labels)) or _is_named(table, card)):
        return
    if (is_about_emissions(card) and not _TRAINS.search(head)) or is_of_the_world(
        table, card.line(table.header_row.line)
    ):
        return  # examples of what the model reads
    turned = not _USE.search(head) and _is_turned(table, locale)
    if _USE.search(head) or not (turned or _ABOUT_TRAINING.search(head)):
        return
    heads = [] if turned else [_head(one, locale) for one in table.header]
    if not turned and not any(map(_kind, heads)):
        return  # whatever its rows hold
    rows = _turned(table, locale) if turned else _straight(table, heads, locale)
    if not any(_kind(name) for row in rows for name, _ in row.cells):
        return
    cites = not turned and any(_CITES.search(gloss(head, locale)) for head in table.header[1:])
    first = "" if turned else _named_stage(table.header[0], locale)
    chosen, mark = chosen_rows(rows, card, gloss(table.header[0], locale) if cites else "", first)
    whole = {id(row) for row in chosen if mark == "total" and is_whole(row)}
    told = {kind for row in chosen if id(row) in whole for kind, _, _ in _read(row, card, locale, mark)}
    for row in chosen:
        yield from (
            replace(
                claim, flags=("labelled", "soft", "cell", "stage", *claim.flags[1:]), scope="training-run", subject=None
            )
            if mark == "total" and id(row) not in whole and kind not in told
            else claim
            for kind, _, claim in _read(row, card, locale, mark)
        )
    taken = set(map(id, chosen))
    for row in rows:
        if id(row) not in taken and not row.is_extra:
            # counts where the emissions that are settled stand in it
            yield from (
                replace(claim, flags=("table", "row", *claim.flags[1:]))
                for kind, _, claim in _read(row, card, locale, "row")
                if kind in {"time", "energy"}
            )


def _is_named(table: Table, card: Document) -> bool:
    """Whether a row bears the whole name of the card's model."""
    own = words_of(card.title or "")
    return len(own) > 1 and any(words_of(label) == own for label in table.labels)


_THIS_ONE = regex(r"\bthis (?:one|model|card|checkpoint|page|repo\w*)\b|\byou are here\b", re.IGNORECASE)
"""In the name of the row that is this model's, in a table that compares it with its siblings."""


def _named_stage(head: str, locale: Locale) -> str:
    """The gloss of a head, with the word for a stage where it is one in any language of the lexicon."""
    hits = find_concepts(head, frozenset({"en", *locale.languages})) if len(head) <= LONGEST_STAGE_HEAD else ()
    return f"{gloss(head, locale)}{' stage' if any(hit.concept == 'stage' for hit in hits) else ''}"


LONGEST_STAGE_HEAD = 24


LONGEST_HEAD = 100


def _head(head: str, locale: Locale) -> str:
    """The gloss of a head; nothing where its column is of what is saved ("Electricidad ahorrada")."""
    hits = (
        find_concepts(head, frozenset({"en", *locale.languages}))
        if len(head) < LONGEST_HEAD and locale.languages
        else ()
    )
    return "" if len(head) >= LONGEST_HEAD or any(hit.concept == "saved" for hit in hits) else gloss(head, locale)


def _straight(table: Table, heads: list[str], locale: Locale) -> list[MeasuredRow]:
    return [_row(row.cells[0], tuple(zip(heads, row.cells, strict=False)), locale) for row in table.rows if row.cells]


def _is_turned(table: Table, locale: Locale) -> bool:
    """Whether the first column holds the heads, and every further column a model or a stage."""
    if any(_kind(gloss(one, locale)) for one in table.header[1:]):
        return False
    labels = (gloss(label, locale) for label in table.labels if len(label) < 60)
    heads = (one for one in labels if _kind(one) or is_emission_label(one))
    return len(list(islice(heads, 2))) == 2


def _turned(table: Table, locale: Locale) -> list[MeasuredRow]:
    found = []
    for at, cell in enumerate(table.header_row.cells[1:], 1):
        cells = tuple((gloss(row.cells[0].plain, locale), row.cells[at]) for row in table.rows if at < len(row.cells))
        found.append(_row(cell, cells, locale))
    return found


def _row(name: Cell, cells: tuple[tuple[str, Cell], ...], locale: Locale) -> MeasuredRow:
    subject = gloss(name.plain, locale).strip()
    bold = name.text.strip().startswith(("**", "__", "<b"))
    is_extra = _EXTRA.search(subject) is not None or is_no_training(name.plain, locale)
    return MeasuredRow(
        subject,
        bold,
        cells,
        is_extra,
        bool(locale.languages) and _named_stage(name.plain, locale) != subject,
        name.plain,
    )


def is_no_training(name: str, locale: Locale) -> bool:
    """Whether a row is named by what is no training of this model: a search, an evaluation, a plan.

    Args:
        name: Plain text of its first cell.
        locale: Of its card.
    """
    return any(hit.concept in _NO_TRAINING for hit in find_concepts(name[:80], frozenset({"en", *locale.languages})))


_NO_TRAINING = frozenset({"trial", "evaluate", "infer", "data", "saved", "plan", "embodied"})


_HEAD_STEMS = (
    *("dura", "run", "hour", "hrs", "time", "day", "elapsed", "wall", "gpu", "energy", "elect", "power", "wh"),
    *("accelerator", "device", "tpu", "node", "machine", "server", "hardware", "instance", "clock"),
)
"""One of these stands in every head that says what its column states."""


@lru_cache(maxsize=4096)
@remembered(4096)
def _kind(head: str) -> str | None:
    """What a column states: time, energy, devices or their number."""
    head = head.replace("_", " ")
    if head.strip(" ()[]").lower() == "h":
        return "time"
    if len(head) <= LONGEST_DEVICE_HEAD and _counted_device(head):
        return "count"
    if not any(map(head.lower().__contains__, _HEAD_STEMS)) or len(head) > 80 or _OTHER.search(head):
        return None
    if _TIME.search(head):
        return "time"
    if _ENERGY.search(head) and not is_emission_label(head):
        # "Power Consumption (W)" is the power of a device
        return "energy" if unit_in_label("energy", head) or not unit_in_label("power", head) else None
    if any(pattern.search(_NOTE.sub("", head)) for _, pattern in _COUNTS):
        return "count"
    return "device" if _DEVICE.search(_NOTE.sub("", head)) else None


def _counted_device(head: str) -> Device | None:
    """The device that a head names and its cells count ("A100 40GB used", "H100s")."""
    if len(head) > LONGEST_DEVICE_HEAD or not any(map(str.isdigit, head)) or _NO_COUNT.search(head):
        return None
    found = read_devices(head, True)
    return found[0] if len(found) == 1 and not is_generic(found[0].name) else None


LONGEST_DEVICE_HEAD = 40
_NO_COUNT = regex(r"\b(?:hours?|hrs?|h|time|days?|memory|power|fps|ms|latency|score|per)\b|[%/(]", re.IGNORECASE)


_CITES = regex(r"^\W*(?:source|reference|paper|citation|cited|report(?:ed)? (?:in|by))", re.IGNORECASE)


def _read(row: MeasuredRow, card: Document, locale: Locale, mark: str) -> Iterator[tuple[str, str, Claim]]:
    """Kind, head and claim of each cell of a row that states something."""
    seen: set[str] = set()
    for head, cell in row.cells:
        kind = _kind(head)
        if kind is None or not cell.plain or (kind in seen and kind in {"time", "energy"}):
            continue
        found = [*_of_cell(kind, head, cell, _base(row, cell, card, mark), locale)]
        if found:
            seen.add(kind)
        yield from ((kind, head, claim) for claim in found)


def _base(row: MeasuredRow, cell: Cell, card: Document, mark: str) -> Claim:
    line = card.line(cell.line)
    total = is_whole(row)
    decided = mark in {"own", "stage"} or (mark == "total" and total)
    scope: Scope = (
        "training-run" if decided else "family-total" if total else "component" if mark == "total" else "training-run"
    )
    flags: tuple[ClaimFlag, ...] = ("labelled", "soft", "cell") if decided else ("table",)
    return Claim(
        quantity="duration",
        text=cell.text if cell.text and cell.text in line.text else line.text.strip(),
        where=f"card:{line.section or ''}:{line.number}",
        line=line.number,
        section=line.section,
        scope=scope,
        subject=None if decided else row.subject or None,
        flags=(*flags, "stage") if mark == "stage" else flags,
    )


def _of_cell(kind: str, head: str, cell: Cell, base: Claim, locale: Locale) -> Iterator[Claim]:
    said = gloss(cell.plain, locale)
    if kind == "time":
        duration = read_duration(said, head)
        if duration is not None:
            yield duration_claim(duration, base, ())
    elif kind == "energy":
        yield from _energy(said, head, base)
    elif kind == "device":
        yield from device_claims(said, True, replace(base, quantity="hardware"))
        if (place := place_behind(cell.plain)) is not None:
            yield replace(base, quantity="region", label=place.name)
    else:
        devices = device_claims(said, True, replace(base, quantity="hardware"))
        number = find_number(said)
        yield from device_claims(head, True, replace(base, quantity="hardware")) if not devices and "(" in head else ()
        if devices:
            yield from devices
        elif isinstance(number, Number) and number.value == int(number.value) and 0 < number.value < 1e6:
            if (counted := _counted_device(head)) is not None:
                yield replace(base, quantity="hardware", label=counted.name, count=int(number.value))
                return
            role = next(name for name, pattern in _COUNTS if pattern.search(_NOTE.sub("", head)))
            yield replace(base, quantity="hardware", count=int(number.value), flags=(*base.flags, role))


def _energy(said: str, head: str, base: Claim) -> Iterator[Claim]:
    quantity: Quantity = "energy"
    found = next((one for one in find_quantities(said, (quantity,)) if one.rate is None), None)
    number = found.number if found is not None else find_number(said)
    unit = found.unit if found is not None else unit_in_label(quantity, head) or "kWh"
    if isinstance(number, Number):
        inner = scaled(number.value, unit_factor(quantity, unit))
        yield replace(base, quantity=quantity, value=number.value, unit=unit, inner_value=inner)
