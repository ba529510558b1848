"""Numbers and outcomes in words, the same in terminal, badge and page."""

from __future__ import annotations

from analysis.classify.classification import Classification, EmissionsView, ProbeView
from analysis.classify.rubric import rubric
from mining.escaping import escaped
from mining.schema import Outcome

SIGNS: dict[Outcome, str] = {
    "reported": "✓", "not-reported": "✗", "unreadable": "!", "could-not-look": "?", "does-not-apply": "–",
    "our-error": "E",
}  # fmt: skip
OUTCOME_WORDS: dict[Outcome, str] = {
    "reported": "reported", "not-reported": "not reported", "unreadable": "unreadable",
    "could-not-look": "not assessed", "does-not-apply": "not applicable", "our-error": "our error",
}  # fmt: skip
NO_WORDS = {
    "unit-explicit": "not clear",
    "emissions-plausible": "contradicted",
    "model-size-known": "not known",
    "dataset-size-known": "not known",
    "weights-open": "not open",
}
"""What a no means for probes that ask for more than a statement."""
BIDI = (*range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)
CONTROL = dict.fromkeys((*range(32), *range(127, 160), 0x2028, 0x2029, *BIDI), " ")
SMALLEST = 1e-6
STEPS = ((1e6, "t"), (1e3, "kg"), (1.0, "g"), (1e-3, "mg"))


def grams_in_words(grams: float | None) -> str:
    """Grams as a reader says them, three significant digits: 149 kg CO2eq, 0.6 g CO2eq."""
    if grams is None:
        return "not stated"
    if grams == 0:
        return "0 g CO2eq"
    if grams < SMALLEST:
        return "<0.001 mg CO2eq"
    rounded = float(f"{grams:.3g}")
    size, unit = next(((size, unit) for size, unit in STEPS if rounded >= size), STEPS[-1])
    return f"{significant(rounded / size)} {unit} CO2eq"


def significant(value: float, digits: int = 3) -> str:
    """A number with that many significant digits, thousands separated, no exponent for ordinary sizes."""
    value = float(f"{value:.{digits}g}")
    if value >= 10**digits:
        return f"{float(f'{value:.{digits}g}'):,.0f}"
    return f"{value:.{digits}g}"


def emissions_in_words(emissions: EmissionsView) -> str:
    """Emissions with range and doubts in one line."""
    words = grams_in_words(emissions.grams)
    if emissions.grams is None:
        return words
    low, high = emissions.low_grams, emissions.high_grams
    if low is not None and high is not None and (low, high) != (emissions.grams, emissions.grams):
        words += f" ({grams_in_words(low)} to {grams_in_words(high)})"
    details = [f"unit {emissions.unit_status}"] if emissions.unit_status else []
    details += [emissions.scope] if emissions.scope and emissions.scope != "unknown" else []
    return f"{words} [{', '.join([*details, *emissions.flags])}]" if details or emissions.flags else words


def outcome_in_words(probe: ProbeView) -> str:
    """The outcome of a probe: reported, not reported, unreadable, not assessed, not applicable."""
    if probe.outcome == "not-reported" and probe.id in NO_WORDS:
        return NO_WORDS[probe.id]
    return OUTCOME_WORDS[probe.outcome]


def place_in_words(where: str) -> str:
    """Place of a statement as a reader says it: ``line 12``, ``emissions.csv row 3``, ``metadata``."""
    kind, _, rest = where.partition(":")
    if kind == "metadata":
        return "metadata"
    name, _, number = rest.rpartition(":")
    return f"{name} row {number}" if kind == "file" else f"line {number}"


def level_in_words(answer: Classification) -> str:
    """The level as the rubric calls it; where nothing could be seen, that."""
    titles = {level.id: level.title for level in rubric().levels}
    return titles.get(answer.transparency.level, "Not assessed")


def disclosure_in_words(answer: Classification) -> str:
    """Direct, indirect or no (disclosure)."""
    kind = answer.transparency.disclosure
    return "no" if kind == "none" else kind


def name_of(answer: Classification) -> str:
    """What to call the model: its id, the first heading of its card, or what the user asked about."""
    return escaped(answer.model_id or answer.title or answer.input)


def clean(text: str) -> str:
    """Hub text without anything that could steer a terminal: no control, no change of direction, no second line."""
    return text.translate(CONTROL)
