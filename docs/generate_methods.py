"""Writes ``docs/methods.md`` and ``docs/dictionary.md`` from the registry, the rules, the rubric and the protocol.

``python -m docs.generate_methods`` from the root of a checkout (``make docs`` does it); a test compares the committed
pages with what this module gives. A rule or flag that has no words here is an error, so that none can be added
silently.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import get_args

import msgspec

from analysis.classify import classes_2023 as reporting_2023
from analysis.classify import efficiency
from analysis.classify import verdict as reporting
from analysis.classify.rubric import rubric
from analysis.questions import protocol
from mining import fields
from mining.card.resolve import plausibility as plausible
from mining.card.resolve import settling
from mining.card.values import rounding
from mining.files import write_text
from mining.normalize import lineage, similar, strata
from mining.tables import dictionary

HERE = Path(__file__).resolve().parent

INNER_UNITS = {
    "emissions": ("g CO2eq", "carbon dioxide equivalent of training"),
    "energy": ("kWh", "electrical energy of training"),
    "duration": ("h", "training time, by the clock or summed over devices; which of both is kept beside it"),
    "power": ("W", "power of one device"),
    "hardware": ("name, count", "devices used for training"),
    "region": ("name", "country, state, city or cloud region of training"),
    "provider": ("name", "cloud or computing centre"),
    "intensity": ("g/kWh", "carbon intensity of the electricity"),
    "pue": ("1", "power usage effectiveness of the computing centre"),
    "water": ("L", "water used for training"),
    "flop": ("FLOP", "floating-point operations of training"),
    "tool": ("name", "tool or method behind the number"),
    "training-type": ("name", "pre-training, fine-tuning, or both"),
}
RULE_WORDS = {
    "metadata-states-unit": "The metadata write a unit beside the number.",
    "body-agrees": "Text or file state the same grams with a unit; agreement is within the digits written.",
    "body-repeats-number": "Text repeats the metadata's digits with another unit (kg, t): the metadata are corrected "
    "to it.",
    "file-repeats-number": "The meter's file repeats the metadata's digits in kilograms: corrected.",
    "energy-ratio": "Read as grams the number is less than the energy allows, read as kilograms it fits: corrected.",
    "hardware-bound": "The same against hardware, count and hours at rated power: corrected.",
    "tool-prints-kilograms": "Too little for any training, and the tool named prints kilograms: corrected.",
    "metadata-grams": "Nothing else tells: grams, as the Hub's specification has it. The unit is assumed.",
    "body-states-unit": "Metadata and text differ, and the text states its unit: the text is taken, marked "
    "contradicted.",
    "card-label": "A labelled line of the card states the number with its unit.",
    "card-table": "The model's own row of a table states it.",
    "card-prose": "A sentence states it.",
    "card-log": "A printed log of a meter states it.",
    "card-energy-ratio": "A number without unit, whose unit the stated energy tells. The unit is assumed.",
    "card-hardware-bound": "A number without unit, whose unit hardware and hours tell. The unit is assumed.",
    "file-kilograms": "The meter's file states it; its column is defined as kilograms.",
    "by-hand": "A row of `corrections.csv` states the value, with its reason and source.",
}
STATUS_WORDS = {
    "stated": "the unit stands beside the number, or an independent statement with a unit gives the same amount",
    "assumed": "the unit follows from a definition or from physical bounds alone",
    "corrected": "the number was written in another unit than the place defines; the original is kept beside it",
    "contradicted": "two statements differ and cannot both hold",
}
FLAG_WORDS = {
    "assumed-unit": "the unit was assumed",
    "corrected-unit": "the unit was corrected",
    "contradicted": "another statement of the same card differs",
    "zero": "zero is claimed; never missing, never divided by",
    "implausible": "outside what energy, or hardware and hours, allow",
    "inherited": "the value of the base model, on a quantized, merged or otherwise derived one",
    "copied-card": "value and text, set-up or many digits of an older card of another author",
    "family-total": "the sum over a family of models",
    "component": "a part of a total",
    "exercise": "no weights, and a shared text or values that are an exact product of one another",
    "constant": "one value over many models of one author",
    "placeholder": "a template's gap or example",
    "range": "a range is stated; the middle stands for it, both ends are kept",
    "upper-bound": "an upper bound is stated",
    "lower-bound": "a lower bound is stated",
    "approximate": "the card itself says about",
    "near-duplicate": "value and text of an older card of the same author",
}


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; bars in cells are escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines
    )


def code(names: Iterable[str]) -> str:
    """Names set in code, or a dash."""
    return ", ".join(f"`{name}`" for name in names) or "–"


def methods() -> str:
    """The whole page."""
    parts = (
        _opening(),
        _way(),
        _definitions(),
        _units(),
        _flags(),
        _bounds(),
        _lineage(),
        _strata(),
        _rubric(),
        _label(),
        _study(),
    )
    return "\n\n".join(parts) + "\n"


def _opening() -> str:
    plan = protocol.load()
    return f"""# Methods

What is measured, by which rules, in which order. This page is generated from the code that does it (registry, settling
rules, rubric,
protocol), so it cannot differ from it; cite it with the version of the software.

Schema of the tables: {fields.SCHEMA_VERSION}. Rubric: {rubric().version}. Protocol: {plan.version},
SHA-256 `{protocol.protocol_hash()}`. Study that is repeated: {plan.baseline}."""


def _way() -> str:
    return """## One way through

```mermaid
flowchart LR
  hub[Hub, dump, published files, folder of cards] -->|crawl| raw[raw snapshot: answers as received, SHA-256]
  raw -->|build| tables[models, claims, metrics, lineage, rejects]
  tables -->|analyse| results[estimate, interval, effect size, n, corrected p]
  results -->|report| page[report, figures, tables, number macros]
  card[one card] -->|the same rules| verdict[findings, level, score, label]
```

Every raw record becomes a row or a rejection with a reason: in = kept + rejected. A *claim* is one quantity that a
card, its metadata or a
file states, with the words and their place. *Settling* chooses among the claims of a model its training emissions."""


def _definitions() -> str:
    rows = [(f"`{name}`", *INNER_UNITS[name]) for name in get_args(fields.Quantity)]
    return f"""## Quantities

Every amount is kept as written and in one inner unit. The metadata key `co2_eq_emissions` is grams by the
Hub's specification.

{table(("quantity", "inner unit", "what"), rows)}

Scopes of a claim: {code(get_args(fields.Scope))}. Outcomes of looking for something: {code(get_args(fields.Outcome))};
what could not be
looked at is never counted as not reported. A placeholder or an empty label is not reported. Unreadable is not
absent."""


def _units() -> str:
    rows = [(at, f"`{name}`", RULE_WORDS[name]) for at, name in enumerate(settling.RULES, 1)]
    status = [(f"`{name}`", STATUS_WORDS[name]) for name in get_args(fields.UnitStatus)]
    return f"""## Which unit, and which value

The order of judgement is: a unit written beside the number; text or file that repeat the number with a unit; emissions
over energy; hardware,
count and hours at rated power; else the definition of the place. The rule that decided is kept in
`emissions_decided_by`:

{table(("", "rule", "what it says"), rows)}

What is known of the unit afterwards, in `emissions_unit_status`:

{table(("status", "meaning"), status)}

Two writings are the same amount when they differ by at most {rounding.RELATIVE:.0%} or by the last digit written. Among
several claims of a text the model's own row or block wins over others, a training run over a family total, a family
total over experiments; inference, embodied emissions, components and market-based values are
never a training measurement."""


def _flags() -> str:
    rows = [(f"`{name}`", FLAG_WORDS[name]) for name in get_args(fields.EmissionFlag)]
    return (
        f"## Flags\n\nA flag warns; it never changes a value. Headline numbers are reported with and without "
        f"flagged models.\n\n{table(('flag', 'meaning'), rows)}"
    )


def _bounds() -> str:
    devices = ", ".join(f"{kind} {watts:g} W" for kind, watts in plausible.DEFAULT_W.items())
    return f"""## What is physically possible

* Emissions over energy lie between {plausible.LOW_G_PER_KWH:g} and {plausible.HIGH_G_PER_KWH:,.0f} g CO2eq/kWh.
* Without energy: `devices x hours x rated power / 1000` kWh bounds it; emissions may lie up to
{plausible.HARDWARE_SLACK:g} times above rated
  power on the dirtiest grid (hosts, cooling, idle time). Devices of unknown power: {devices}.
* Under {plausible.SUSPICIOUS_G_PER_KWH:g} g/kWh over rated power and hours is doubtful, unless the card itself states
so clean a grid.
* A training that is reported keeps a GPU busy for {plausible.SHORTEST_RUN_S:g} s at least, at
{plausible.TYPICAL_G_PER_KWH:g} g/kWh.

A value that fits as kilograms and not as grams was written in kilograms; a value that fits as neither is
implausible."""


def _lineage() -> str:
    return f"""## Copies, constants, exercises

* Near-identical texts: MinHash of word triples ({similar.PLACES} places, digits masked), Jaccard similarity of
{similar.SIMILAR} and more.
* A value with {lineage.LONG_DIGITS} significant digits that comes twice was copied; one with {lineage.SHORT_DIGITS} and
more needs a second
  sign (text, set-up).
* {lineage.CONSTANT_LEAST} equal values of one author, or {lineage.CONSTANT_LEAST_LONG} of {lineage.SHORT_DIGITS} and
more digits, are a constant.
* Exercise: no weights, and {lineage.EXERCISE_LEAST} repositories share the text, or the values follow a formula within
{lineage.FORMULA_TOLERANCE:.1%}.
* Quantizing and merging are no training: such a model's value is inherited.

Of several equal reports the oldest counts. Where the author is unknown, groups of near-identical cards and stems of
names take its place."""


def _strata() -> str:
    size = [(name, _limits(strata.SIZE_LIMITS, at)) for at, name in enumerate(strata.SIZE_CLASSES)]
    popularity = [(name, _limits(strata.POPULARITY_LIMITS, at)) for at, name in enumerate(strata.POPULARITY_CLASSES)]
    return f"""## Strata

Domain, size class and popularity class. These thresholds are ours.

{table(("size class", "parameters"), size)}

Where only bytes are known, {strata.BYTES_PER_PARAMETER} bytes are a parameter.

{table(("popularity class", "downloads in 30 days"), popularity)}"""


def _limits(limits: Sequence[int], at: int) -> str:
    """The half-open interval of a class."""
    low = limits[at - 1] if at else 0
    return f"{low:,} to under {limits[at]:,}" if at < len(limits) else f"{low:,} and more"


def _rubric() -> str:
    rules = rubric()
    levels = [(at, level.title, level.meaning) for at, level in enumerate(rules.levels)]
    probes = [(f"`{p.id}`", p.weight, p.question, p.rule, p.effort, p.lifecycle) for p in rules.probes]
    disclosure = [(name, meaning) for name, meaning in rules.disclosure.items()]
    items = [
        (f"`{name}`", yard.title, item.asks, code(item.probes))
        for yard in rules.yardsticks.values()
        for name, item in yard.items.items()
    ]
    ways = " or ".join(code(way) for way in reporting.RECOMPUTABLE)
    return f"""## Rubric {rules.version}: how transparent is a model

{table(("", "level", "what it takes"), levels)}

*Context* needs one of {code(reporting.CONTEXT)}. *Explained* needs {code(reporting.EXPLAINED)}. *Verifiable* needs
nothing to speak against
the value, and {ways}. Where nothing could be looked at the level is unknown.

    score    = 100 x (weight of what is reported) / (weight of what applies and was seen)
    coverage =       (weight of what applies and was seen) / (weight of what applies)

What could not be seen lowers the coverage, never the score. Weights are ours and sum to 100.

{table(("probe", "weight", "question", "rule", "effort", "lifecycle"), probes)}

{table(("disclosure", "meaning"), disclosure)}

What other yardsticks ask, and the probes that must all be reported to satisfy it:

{table(("item", "yardstick", "asks for", "probes"), items)}"""


def _label() -> str:
    weights = [(f"`{name}`", f"{float(weight):.2f}", *_cuts(name)) for name, weight in efficiency.WEIGHTS.items()]
    classes = [(at, name) for at, name in enumerate(reporting_2023.CLASSES)]
    return f"""## The two classifications of the 2023 study

Both exist *as published* (bug for bug) and *repaired*; it is always said which is shown.

**Efficiency label.** With the value `v` of a model and `r` of the reference model (`{efficiency.REFERENCE_MODEL}`; the
cohort's median where it has none):

    index  = r / v   (emissions)        index = v / r   (all other metrics)
    rating = 0..4    the first interval (cut point, next higher cut point] that holds the index
    label  = A..E    the weighted mean of the ratings that are there, rounded

{table(("metric", "weight", "A", "B", "C", "D"), weights)}

The columns A to D are percentiles of the index in the cohort. As published, the cut points of the emissions are
percentiles of the square root
of the index while the index itself is rated; repaired, both are on one scale, zero is never divided by, a model without
a rating of its
emissions has no label, and halves go to the worse letter in exact arithmetic. Spelling of the metrics as in the study.

**Reporting classes.** From nothing to everything:

{table(("", "class"), classes)}

As published, *{reporting_2023.BASIC}* (emissions without hardware) and *{reporting_2023.AWARENESS}* (with hardware) are
asked first, so that no
reporter can reach a higher class; repaired, the most demanding class is asked first: *{reporting_2023.OPTIMIZATION}*
needs one of the tags
{code(sorted(reporting_2023.OPTIMIZED_TAGS))}, *{reporting_2023.CERTIFIED}* the tag `{reporting_2023.CERTIFIED_TAG}` as
well."""


def _cuts(metric: str) -> tuple[str, ...]:
    """Percentiles of the cut points of one metric."""
    cuts = efficiency.DOWNLOADS_PERCENTILES if metric == "downloads" else efficiency.PERCENTILES
    return tuple(f"{cut:g} %" for cut in cuts)


def _study() -> str:
    plan = protocol.load()
    frame = [(name.replace("_", " "), words) for name, words in plan.sampling_frame.items()]
    repairs = [(at, f"`{repair.id}`", repair.meaning) for at, repair in enumerate(plan.repairs, 1)]
    exclusions = [(f"`{entry.id}`", entry.meaning, code(entry.flags)) for entry in plan.exclusions]
    questions = "\n\n".join(
        f"**{q.id}** {q.title}\n*Expected:* {q.hypothesis} *Published:* {q.published} *Repairs, in order:* "
        f"{code(q.repairs)}."
        for q in plan.questions
    )
    families = [
        (f"`{family.id}`", family.meaning, len(family.tests), code(family.tests[:3])) for family in plan.families
    ]
    return f"""## The study

{table(("frame", ""), frame)}

Results have an estimate, a 95 % interval, an effect size, n, the number missing, p, and p corrected within its family
({plan.correction.capitalize()}, significant below {plan.level:g}). Fewer than {plan.least_n} values are refused; a
trend needs
{plan.least_months} months of {plan.least_month_n} reports. Seeds:
{", ".join(f"{k} {v}" for k, v in msgspec.to_builtins(plan.seeds).items())}.

{questions}

### Repairs

Switched on one after the other, each on top of those before it; the effect after each is reported.

{table(("", "repair", "what it does"), repairs)}

### Exclusions

{table(("exclusion", "meaning", "flags"), exclusions)}

### Families of p-values

A result belongs to the first family with a matching pattern.

{table(("family", "meaning", "patterns", "the first of them"), families)}"""


def write(folder: Path = HERE) -> list[Path]:
    """Write both pages.

    Args:
        folder: Where to write them.
    """
    pages = {"methods.md": methods(), "dictionary.md": dictionary()}
    for name, text in pages.items():
        write_text(folder / name, text)
    return [folder / name for name in pages]


if __name__ == "__main__":
    write()
