"""What is current: a stage is skipped when its inputs, its options and the code are those it was last run with, and its outputs stand.

Everything is compared by content, never by date, so a second run of the same study does nothing wherever it is run.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

PACKAGES = ("mining", "analysis")
SOURCE_SUFFIXES = {".py", ".yml", ".yaml", ".json", ".csv", ".j2", ".css", ".js"}
STAMP_FOLDER = ".stamps"
DISTRIBUTION = "hf_carbon"


@lru_cache(maxsize=1)
def code_version() -> str:
    """Version of this package with a digest of its source files, so that an edited checkout is another version."""
    import hashlib

    root = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*")):
            if path.suffix in SOURCE_SUFFIXES and path.is_file():
                digest.update(path.relative_to(root).as_posix().encode())
                digest.update(path.read_bytes())
    return f"{package_version()}+{digest.hexdigest()[:12]}"


@lru_cache(maxsize=1)
def package_version() -> str:
    """Version of the installed distribution; ``0+checkout`` when run from a checkout without installation.

    It is read off the name of the distribution's folder, because ``importlib.metadata`` would be a fifth of a cold start.
    """
    for place in sys.path:
        try:
            names = os.listdir(place or ".")  # noqa: PTH208 - names alone are wanted, quickly
        except OSError:
            continue
        found = sorted(
            name for name in names if name.startswith(f"{DISTRIBUTION}-") and name.endswith((".dist-info", ".egg-info"))
        )
        if found:
            return found[0].split("-")[1].removesuffix(".egg").removesuffix(".dist")
    return "0+checkout"


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    import hashlib

    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


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
        said = json.loads(stamp.read_text(encoding="utf-8"))
    except ValueError:
        return False
    if said.get("inputs") != _normal(inputs) or said.get("code_version") != code_version():
        return False
    outputs: dict[str, str] = said.get("outputs", {})
    return all((folder / name).is_file() and file_sha256(folder / name) == digest for name, digest in outputs.items())


def mark_current(folder: Path, stage: str, inputs: dict[str, Any], outputs: Iterable[Path]) -> None:
    """Remember that ``stage`` was run on these inputs and wrote these files below ``folder``."""
    digests = {path.relative_to(folder).as_posix(): file_sha256(path) for path in sorted(outputs)}
    said = {"stage": stage, "code_version": code_version(), "inputs": _normal(inputs), "outputs": digests}
    write_text(folder / STAMP_FOLDER / f"{stage}.json", json.dumps(said, indent=1, sort_keys=True) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write a file beside its place and rename it there, so that nobody ever sees half of it."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, body: bytes) -> None:
    """Write a file beside its place and rename it there; nothing is left behind when the disk is full."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(body)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _normal(inputs: dict[str, Any]) -> dict[str, Any]:
    """The inputs as JSON gives them back."""
    normal: dict[str, Any] = json.loads(json.dumps(inputs, sort_keys=True))
    return normal
