r"""The labelling sheet: one page to click through and one CSV, about the same items.

The page is one file without any request to a network. Text of model cards is hostile: it travels as JSON in which ``<``
is written ``\\u003c``, is shown as text only, and a content policy forbids everything but the page's own script.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from jinja2 import Environment, StrictUndefined
from msgspec import Struct

from mining.escaping import FORMULA_STARTS

FIELDS = ("emissions", "hardware", "duration", "energy", "region", "tool")
"""Fields that are judged, in their order on the page."""

UNITS = {"emissions": "g CO2eq", "duration": "h", "energy": "kWh"}
LABELS_FOUND = ("right", "wrong", "invented")
LABELS_NONE = ("rightly-none", "missed")
LABELS = (*LABELS_FOUND, *LABELS_NONE, "unsure")
"""What a reader can say. Of a value found: right; wrong (the card states another); invented (the card states none).
Where none was found:
rightly none; missed (the card states one). Unsure counts nowhere and is reported."""

HEADER = ("item", "model_key", "model_id", "stratum", "weight", "field", "found", "evidence", "label", "note")
MAX_CARD_CHARACTERS = 60_000
MAX_FILE_CHARACTERS = 5_000
MAX_EVIDENCE_CHARACTERS = 300
TEMPLATE = Path(__file__).with_name("page.html.j2")


class Question(Struct, frozen=True, kw_only=True):
    """One field of one model: what was found, the words it was found in, their place, and which occurrence it is."""

    field: str
    found: str | None = None
    evidence: str = ""
    place: str = ""
    occurrence: int = 0


class Item(Struct, frozen=True, kw_only=True):
    """One model of the sheet.

    Attributes:
        model_key: Key of the model in its snapshot.
        model_id: Its name.
        stratum: Stratum it was drawn from.
        weight: How many models it stands for.
        card: Text of its card, shortened where it is very long, and of the files that were read beside it.
        questions: One a field.
    """

    model_key: str
    model_id: str
    stratum: str
    weight: float
    card: str
    questions: tuple[Question, ...]


def sheet_id(items: Sequence[Item]) -> str:
    """Short digest of a sheet: what the browser keeps the labels under, so that two sheets never mix."""
    return hashlib.sha256(msgspec.json.encode(list(items))).hexdigest()[:16]


def page(items: Sequence[Item], title: str, meanings: Mapping[str, str] | None = None) -> str:
    """The labelling page.

    Args:
        items: Models to label, in the order in which they are shown.
        title: Shown on top; the name of the snapshot.
        meanings: What each field means, by field; shown beside it.

    Returns:
        HTML of one self-contained page.
    """
    said = {
        "sheet": sheet_id(items),
        "title": title,
        "items": items,
        "units": UNITS,
        "meanings": meanings or {},
        "labels": {"found": LABELS_FOUND, "none": LABELS_NONE},
        "header": HEADER,
    }
    data = msgspec.json.encode(said).decode().replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    return environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(title=title, data=data)


def sheet_csv(items: Sequence[Item]) -> str:
    """The same sheet as CSV with empty labels, safe to open in a spreadsheet."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADER)
    for number, item in enumerate(items, start=1):
        for question in item.questions:
            said = (item.model_key, item.model_id, item.stratum)
            found = (question.field, question.found or "", question.evidence)
            writer.writerow([number, *map(safe, said), repr(item.weight), *map(safe, found), "", ""])
    return stream.getvalue()


def safe(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
