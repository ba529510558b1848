"""The tool that measured or estimated the emissions, as sentences, tags and generated lines name it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from mining.card.document.document import Document, Line
from mining.card.extract.context_statements import LINE_CAP, line_claim, sentences
from mining.card.lexicon.keywords import Cue
from mining.patterns import regex
from mining.schema import Claim

__all__ = ["tag_claims", "tool_claims", "tool_of_tags"]

_TEMPLATE_TOOL = regex(
    r"(?:machine\s?learning|\bml)\s(?:co2\s)?(?:impact|emissions?|carbon)\s(?:impact\s)?calculator|mlco2\.github\.io"
    r"|ml\s?co2\b|\blacoste\b",
    re.IGNORECASE,
    stems="calculator;co2;lacoste",
)
"""The calculator that the Hub's card template names; "can be estimated using" it is the template's sentence and states
nothing."""
_TOOL_WORDS = (
    (
        "codecarbon",
        regex(
            r"code\s?-?carbon(?:\b|(?=[^\x00-\x7f])|[a-zäöåıüğşçńśкк]{1,4}\b)|\bEmissionsTracker\b|track_emissions\b",
            re.IGNORECASE,
            stems="code;emissionstracker;track_emissions",
        ),
    ),
    ("mlco2", _TEMPLATE_TOOL),
    ("carbontracker", regex(r"carbon\s?tracker\b", re.IGNORECASE, stems="tracker")),
    ("eco2ai", regex(r"eco2\s?ai\b", re.IGNORECASE, stems="eco2")),
    ("green-algorithms", regex(r"green[\s-]algorithms?\b", re.IGNORECASE, stems="green")),
    ("experiment-impact-tracker", regex(r"experiment[\s-]impact[\s-]tracker", re.IGNORECASE, stems="tracker")),
    (
        "google-cloud",
        regex(r"\b(?:google|gcp)(?: cloud)?(?: platform)?(?:'s)? carbon footprint", re.IGNORECASE, stems="footprint"),
    ),
    ("cloud-carbon-footprint", regex(r"(?<!google )\bcloud carbon footprint", re.IGNORECASE, stems="footprint")),
    ("cumulator", regex(r"\bcumulator\b", re.IGNORECASE, stems="cumulator")),
    ("ecologits", regex(r"\becologits\b", re.IGNORECASE, stems="ecologits")),
)
_MEASURED = regex(
    r"measur|estimat|track|calculat|comput|monitor|using|used|with\b|via\b|\bby\b|\bfrom\b|comes?\b|\btold\b"
    r"|\bsays?\b|according to|reported|quantif"
    r"|record|obtained|thanks to|ermittelt|gemessen|mesur|calcul|medid|stimat|見積|計算|测",
    re.IGNORECASE,
)
_ONLY_POSSIBLE = regex(
    r"\b(?:can|could|may|might|should|to) be (?:\w+ )?(?:estimat|calculat|comput|measur)|you can (?:estimate"
    r"|calculate|use)|consider using|peut être estim|pueden? (?:ser )?estimar|podem ser estimad",
    re.IGNORECASE,
    stems="be ;you can;consider;peut;pued;podem",
)
_NOT_USED = regex(
    r"\b(?:not|never|n't)\s(?:\w+\s){0,2}?(?:measur|track|us(?:ed|e)\b|record|run\b)|\bwithout\b|\bwill be\b"
    r"|\bplan(?:ned)? to\b",
    re.IGNORECASE,
    stems="not;never;n't;without;will be;plan",
)
_ADVISED = regex(
    r"\bfor (?:more )?(?:precise|accurate|exact|better|real) (?:\w+ )?(?:measure|estimat|track|number|figure|value)"
    r"|\b(?:us(?:e|ing)|consider|try|recommend\w*) (?:an? |other |dedicated )?(?:tools?|packages?|librar\w+)"
    r" (?:like|such as)\b"
    r"|\b(?:we|i) (?:recommend|suggest|advise)\b",
    re.IGNORECASE,
    stems="for ;like;such as;recommend;suggest;advise",
)
"""Advice to the reader, which says nothing of what was done here."""
_WAS_DONE = regex(
    r"\b(?:we|i|was|were|been)\s(?:\w+\s)?(?:used|ran|run|measured|tracked|estimated|recorded|computed|calculated)\b",
    re.IGNORECASE,
    stems="used;ran;run;measured;tracked;estimated;recorded;computed;calculated",
)
_AMOUNT = regex(r"\d\W{0,3}(?:[km]?wh|квт|k?g|кг|г|t|kilo|كيلو|کیلو|किलो|公斤|千克|千瓦|度|キロ|킬로)", re.IGNORECASE)
"""An amount in the sentence that names a tool, in whatever language the verb is."""
_QUESTION = regex(
    r"[?？؟]|https?://|pip install|\bthe next\b|\binferen|per query|/ ?1k",
    re.IGNORECASE,
    stems="1k;://;?;inferen;per query;pip install;the next;؟;？",
)
_AUTOTRAIN = regex(
    r"(?:train|tun)\w*\s(?:using|with|via|by|on|through)\s(?:the\s)?(?:hugging\s?face'?s?\s|hf\s"
    r"|🤗\s?)?auto-?\s?(?:train|nlp)\b",
    re.IGNORECASE,
    stems="auto",
)
_WIDGET = regex(r"I love Auto(?:Train|NLP)\b")
"""The sentence that the service writes into every card as an example."""
_AUTOTRAIN_LINE = regex(r"^\W{0,6}CO2 Emissions \(in grams\)\W{1,6}\d", re.IGNORECASE, stems="co2 emissions (in grams)")
_TAG = regex(r"(?:^tags:\s*\[?|[\s,\"'-])(?:autotrain|autonlp)(?=[\s,\"'\]]|$)", re.IGNORECASE)


def tool_claims(card: Document, foreign: bool = False) -> Iterator[Claim]:
    """Tool claims of the lines of a body.

    Args:
        card: A parsed card.
        foreign: Whether it is in another language than English, whose verbs need not be known.

    Yields:
        Claims with standard names.
    """
    for line, _ in card.lines_with(Cue.TOOL):
        if line.kind == "code" and _WIDGET.search(line.text):
            yield _named("autotrain", line, 0, len(line.text))
        if line.kind in {"text", "heading", "table"}:
            below = card.line(line.number + 1) if line.number < len(card.lines) and line.kind == "text" else None
            behind = below.plain[:BEHIND_CAP] if below is not None and below.kind == "text" else ""
            yield from _tool(line, line.plain[:LINE_CAP], behind, foreign)


BEHIND_CAP = 60
"""Signs of the next line that a wrapped sentence may go on with."""


def _tool(line: Line, plain: str, behind: str, foreign: bool) -> Iterator[Claim]:
    if _AUTOTRAIN_LINE.match(plain) or ("auto" in plain.lower() and _AUTOTRAIN.search(plain)) or _WIDGET.search(plain):
        yield _named("autotrain", line, 0, len(plain))
        return
    for start, end in sentences(plain):
        # addresses are blanked in the plain text, and a link to the calculator counts as naming it
        for name, pattern in _TOOL_WORDS:
            match = pattern.search(plain, start, end) or (
                pattern.search(line.text, start, end) if name == "mlco2" else None
            )
            goes_on = end == len(plain) and plain[end - 1 : end] not in ".!?:"
            if match is not None and (
                _is_use(plain, line.text, (start, end), match, foreign or line.kind == "table")
                or (goes_on and _goes_on_as_use(plain[start:end], behind, match.re.pattern))
            ):
                yield _named(name, line, start, end)


def _goes_on_as_use(said: str, behind: str, pattern: str) -> bool:
    """Whether a sentence that names a tool at the end of its line says on the next one that it measured."""
    return (
        pattern != _TEMPLATE_TOOL.pattern
        and _NAMED_LAST.search(said) is not None
        and _MEASURED.match(behind.lstrip()) is not None
        and _NOT_USED.search(said) is None
    )


_NAMED_LAST = regex(r"[A-Z]\w+(?:\s\(?v?\d[\d.]*\)?)?\s*$")


def _is_use(plain: str, text: str, span: tuple[int, int], match: re.Match[str], named_is_used: bool) -> bool:
    """Whether the sentence says that the tool was used, not that one could use it or that a package has its name."""
    start, end = span
    if match.re.pattern == _TEMPLATE_TOOL.pattern and _ONLY_POSSIBLE.search(plain, start, end):
        return False
    glued = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 1]
    if "-" in glued or "_" in glued:
        return False
    linked = "mlco2.github.io" in match.group().lower() and any(map(str.isdigit, plain[start:end]))
    advised = _ADVISED.search(plain, start, end) is not None and _WAS_DONE.search(plain, start, end) is None
    if advised or _NOT_USED.search(plain, start, end):
        return False
    if named_is_used and not _QUESTION.search(plain, start, end):
        return True
    return linked or _MEASURED.search(plain, start, end) is not None or _AMOUNT.search(plain, start, end) is not None


def _named(name: str, line: Line, start: int, end: int) -> Claim:
    return replace(line_claim("tool", line, start, end), label=name)


def tag_claims(card: Document) -> Iterator[Claim]:
    """The service that a tag of the front matter names as the trainer (AutoTrain, AutoNLP).

    Args:
        card: A parsed card.

    Yields:
        At most one tool claim.
    """
    low = card.front.text.lower()
    if "autotrain" not in low and "autonlp" not in low:
        return
    in_tags = False
    for number, text in enumerate(card.front.text.split("\n"), card.front.body_line):
        in_tags = text.startswith("tags:") or (in_tags and text[:1] in " -\t")
        if in_tags and _TAG.search(text):
            yield Claim(
                quantity="tool",
                label="autotrain",
                text=text.strip(),
                where="metadata:tags",
                line=number,
                flags=("tag",),
            )
            return


def tool_of_tags(front_matter: Mapping[str, Any] | None) -> str | None:
    """The service that made the model, by a tag, or by the name that it gives to the data it was handed.

    Args:
        front_matter: Metadata of a card.
    """
    front = front_matter or {}
    if {"autotrain", "autonlp"} & set(_lower(front.get("tags"))):
        return "autotrain"
    named = any("autotrain-data" in name or "autonlp-data" in name for name in _lower(front.get("datasets")))
    return "autotrain" if named else None


def _lower(values: Any) -> list[str]:
    """One text or several of the metadata, in small letters."""
    return [str(value).strip().lower() for value in (values if isinstance(values, (list, tuple)) else [values])[:500]]
