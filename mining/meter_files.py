"""Names of the files that meters leave beside a model: CodeCarbon, eco2AI, carbontracker and BoAmps reports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from mining.fields import FileFault
from mining.patterns import regex

MAX_FILES = 6
"""Files of meters that are looked at for one model; the others are named."""
_NAME = regex(
    r"(?:(?P<table>(?:emissions?|codecarbon|eco2ai)[\w .-]*\.csv(?:_\d+)?(?P<old>\.(?:bak|old|orig))?)"
    r"|(?P<log>[\w .-]*carbontracker(?:_output)?\.log)|(?P<report>[\w .-]*boamps[\w .-]*\.json))\Z",
    re.IGNORECASE,
)
_PLAIN = "emissions.csv"


def is_meter_file(path: str) -> bool:
    """Whether a file's name is one that a meter gives to its results.

    Args:
        path: Path inside the repository.

    Examples:
        >>> [is_meter_file(name) for name in ("emissions.csv", "logs/emissions_0.csv", "data.csv")]
        [True, True, False]
    """
    return _NAME.match(path.rpartition("/")[2]) is not None


def meter_files(paths: Iterable[str]) -> list[str]:
    """Meters' files among those of a repository.

    Args:
        paths: Paths inside the repository.

    Returns:
        Their paths: nearest to the root first, then ``emissions.csv``, other tables, reports, logs, and what was set
        aside (``.bak``).
    """
    return sorted(filter(is_meter_file, paths), key=_rank)


def _rank(path: str) -> tuple[int, bool, bool, int, str]:
    name = path.rpartition("/")[2]
    found = _NAME.match(name)
    kind = next((at for at, group in enumerate(("table", "report", "log")) if found and found[group]), 3)
    return path.count("/"), bool(found and found["old"]), name != _PLAIN, kind, path


FILE_FAULTS: Mapping[FileFault, str] = {
    "file-empty": "the file is empty",
    "file-pointer": "the file was not fetched: a Git LFS pointer is in its place",
    "file-not-fetched": "the file could not be fetched",
    "file-too-large": "the file is too large to be read",
    "file-not-text": "the file is not text",
    "file-not-looked-at": "the file was not looked at: too many files of meters",
    "file-unknown": "the file is not in the format of a known meter",
    "file-tasks": "the rows are parts of one run, not runs",
    "file-marks-mixed": "decimal points and decimal commas are mixed",
    "row-fields": "the row and its header differ in their number of fields",
    "row-check": "the row contradicts itself: its parts do not sum to the energy, or its rate is not emissions over "
    "time",
    "row-no-number": "the row holds no amount of emissions",
    "runs-left-out": "earlier runs were left out: the file holds too many",
    "only-predicted": "the file holds a prediction and no measurement",
    "several-measures": "the report holds several measurements, and does not say whether they add up",
}
"""Flags of claims that say why a meter's file, or a row of it, could not be read."""
NOT_LOOKED_AT = frozenset({"file-pointer", "file-not-fetched", "file-too-large", "file-not-looked-at"})
"""Those of them that say that the file itself was not seen."""

CARD_FAULTS: dict[str, str] = {
    "too-large": "The card is too large: only its first 5 MB were read.",
    "card-cut": "Lines of the card are too long or too many: what lies beyond was not read.",
    "too-many-cue-lines": "The card has too many lines about carbon or hardware: the last ones were not read.",
    "too-many-claims": "The card makes too many statements: the last ones were left out.",
    "not-utf8": "The card is not UTF-8: some characters could not be read.",
    "front-matter-too-large": "A key of the metadata is too large and was not read.",
    "front-matter-too-deep": "The metadata are nested too deeply and were not wholly read.",
    "front-matter-anchors": "The metadata hold anchors, merge keys or tags: those keys were not read.",
    "front-matter-invalid-yaml": "The metadata are not valid YAML, so the Hub does not read them: correct the front "
    "matter.",
    "front-matter-not-a-mapping": "The metadata are not a mapping of keys to values, so the Hub does not read them.",
}
"""What of a card could not be read, as a sentence for its author."""
