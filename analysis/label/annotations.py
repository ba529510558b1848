"""Findings where code reviews happen: workflow annotations of GitHub Actions, and SARIF 2.1.0.

Sources: GitHub's documentation of workflow commands; OASIS SARIF 2.1.0.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any, Literal

from analysis.classify.classification import Classification, ProbeView
from analysis.classify.rubric import rubric
from mining.version import package_version

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
INFORMATION = "hf-carbon"
_LINE = re.compile(r"card:.*:(\d+)(?:[: ]|$)")


def annotate(shown: Sequence[Classification], kind: Literal["github", "sarif"] | str) -> str:
    """Findings that call for a remedy, as workflow commands or as one SARIF log.

    Args:
        shown: Classifications of local cards.
        kind: ``github`` or ``sarif``.
    """
    if kind == "sarif":
        return json.dumps(_sarif(shown), indent=1, ensure_ascii=False)
    # The runner shows ten of a kind for a step, so cards take turns.
    rounds = zip_longest(*(_commands(answer) for answer in shown))
    return "\n".join(line for lines in rounds for line in lines if line)


def _open(answer: Classification) -> Iterator[ProbeView]:
    return (probe for probe in answer.transparency.probes if probe.remedy)


def line_of(probe: ProbeView) -> int:
    """Line of the card that a finding points at; the first where it points at none."""
    match = _LINE.match(probe.evidence or "")
    return int(match[1]) if match else 1


def _commands(answer: Classification) -> Iterator[str]:
    """Workflow commands, what adds most first; percent, line ends, colons and commas are encoded as the runner asks."""
    steps = answer.transparency.next_steps
    for probe in sorted(_open(answer), key=lambda probe: steps.index(probe.id) if probe.id in steps else len(steps)):
        level = "warning" if probe.outcome == "unreadable" else "notice"
        message = f"{probe.reason}. {probe.remedy}"
        where = f"file={_property(answer.input)},line={line_of(probe)},title={_property(f'{INFORMATION} {probe.id}')}"
        yield f"::{level} {where}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _sarif(shown: Sequence[Classification]) -> dict[str, Any]:
    rules = [
        {
            "id": probe.id,
            "shortDescription": {"text": probe.question},
            "fullDescription": {"text": probe.rule},
            "help": {"text": probe.remedy},
        }
        for probe in rubric().probes
    ]
    places = {rule["id"]: place for place, rule in enumerate(rules)}
    results = [_result(answer, probe, places[probe.id]) for answer in shown for probe in _open(answer)]
    driver = {"name": INFORMATION, "version": package_version(), "rules": rules}
    return {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _result(answer: Classification, probe: ProbeView, index: int) -> dict[str, Any]:
    from urllib.parse import quote

    place = {
        "artifactLocation": {"uri": quote(os.fsencode(answer.input))},
        "region": {"startLine": line_of(probe)},
    }
    return {
        "ruleId": probe.id,
        "ruleIndex": index,
        "level": "warning" if probe.outcome == "unreadable" else "note",
        "message": {"text": f"{probe.reason}. {probe.remedy}"},
        "locations": [{"physicalLocation": place}],
    }
