"""Writes ``docs/methods.md``, ``docs/words.md`` and ``docs/dictionary.md`` from registry, rules, rubric and protocol.

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
from analysis.classify.terms import meaning, terms
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
    rows = [(at, f"`{name}`", meaning("rule", name)) for at, name in enumerate(settling.RULES, 1)]
    status = [(f"`{name}`", meaning("unit status", name)) for name in get_args(fields.UnitStatus)]
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
    rows = [(f"`{name}`", meaning("flag", name)) for name in get_args(fields.EmissionFlag)]
    warns = "A flag warns; it never changes a value. Headline numbers are reported with and without flagged models."
    return f"## Flags\n\n{warns}\n\n{table(('flag', 'meaning'), rows)}"


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
that no other stated number conflicts with
the value, and {ways}. If the card could not be read, the level is not assessed.

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


def words() -> str:
    """The page of every printed word: a section a probe, then the closed lists."""
    probes = "\n\n".join(
        f"""### {probe.id}

{probe.question} {probe.motivation}

Judged: {probe.rule} To fix it: {probe.remedy}"""
        for probe in rubric().probes
    )
    kinds = list(dict.fromkeys(term.kind for term in terms()))
    lists = "\n\n".join(
        f"## {kind.capitalize()}\n\n"
        + table(("word", "meaning"), [(f"`{term.name}`", term.meaning) for term in terms() if term.kind == kind])
        for kind in kinds
    )
    return f"""# Words

Every word that is printed beside a model. `hf-carbon explain WORD` says the same in the terminal. This page is
generated from the rubric and the terms.

## Probes

{probes}

{lists}
"""


def write(folder: Path = HERE) -> list[Path]:
    """Write the three pages.

    Args:
        folder: Where to write them.
    """
    pages = {"methods.md": methods(), "dictionary.md": dictionary(), "words.md": words()}
    for name, text in pages.items():
        write_text(folder / name, text)
    return [folder / name for name in pages]


if __name__ == "__main__":
    write()
