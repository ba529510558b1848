"""Which version of this program runs: for manifests, provenance and what is current."""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from pathlib import Path

PACKAGES = ("mining", "analysis", "sample_hub")
SOURCE_SUFFIXES = {".py", ".yml", ".yaml", ".json", ".csv", ".j2", ".css", ".js"}
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

    It is read off the name of the distribution's folder, because ``importlib.metadata`` would be a fifth of a cold
    start.
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
