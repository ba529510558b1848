"""What is fresh: a stage is skipped when its inputs, its options and the code are those it was last run with.

And its outputs hold. Everything is compared by content, never by date, so a second run of the same study does nothing
wherever it is run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mining.files import file_sha256, write_text
from mining.version import code_version

STAMP_FOLDER = ".stamps"


def is_current(folder: Path, stage: str, inputs: dict[str, Any]) -> bool:
    """Whether ``stage`` has already been run on these inputs by this code, and its outputs are unchanged.

    Args:
        folder: Folder that holds the outputs.
        stage: Name of the stage.
        inputs: Content hashes and options, JSON-compatible.
    """
    stamp = folder / STAMP_FOLDER / f"{stage}.json"
    if not stamp.is_file():
        return False
    try:
        recorded = json.loads(stamp.read_text(encoding="utf-8"))
    except ValueError:
        return False
    if recorded.get("inputs") != _normal(inputs) or recorded.get("code_version") != code_version():
        return False
    outputs: dict[str, str] = recorded.get("outputs", {})
    try:
        return all(file_sha256(folder / name) == digest for name, digest in outputs.items())
    except OSError:
        return False


def mark_current(folder: Path, stage: str, inputs: dict[str, Any], outputs: Iterable[Path]) -> None:
    """Remember that ``stage`` was run on these inputs and wrote these files below ``folder``."""
    digests = {path.relative_to(folder).as_posix(): file_sha256(path) for path in sorted(outputs)}
    record = {"stage": stage, "code_version": code_version(), "inputs": _normal(inputs), "outputs": digests}
    write_text(folder / STAMP_FOLDER / f"{stage}.json", json.dumps(record, indent=1, sort_keys=True) + "\n")


def _normal(inputs: dict[str, Any]) -> dict[str, Any]:
    """The inputs as JSON gives them back."""
    normal: dict[str, Any] = json.loads(json.dumps(inputs, sort_keys=True))
    return normal
