"""Which version of this program runs: for manifests, provenance and what is current."""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from pathlib import Path

PACKAGES = ("mining", "analysis", "sample_hub")
SOURCE_SUFFIXES = (".py", ".yml", ".yaml", ".json", ".csv", ".j2", ".css", ".js")
DISTRIBUTION = "hf_carbon"


@lru_cache(maxsize=1)
def code_version() -> str:
    """Version of this package with a digest of its source files, so that an edited checkout is another version."""
    import hashlib

    root = str(Path(__file__).resolve().parent.parent)
    digest = hashlib.sha256()
    for package in PACKAGES:
        for folder, folders, names in os.walk(os.path.join(root, package)):  # noqa: PTH118 - a third of the time of Path
            folders.sort()
            for name in sorted(names):
                if name.endswith(SOURCE_SUFFIXES):
                    path = f"{folder}{os.sep}{name}"
                    digest.update(path[len(root) :].encode())
                    digest.update(_content(path))
    return f"{package_version()}+{digest.hexdigest()[:12]}"


def _content(path: str) -> bytes:
    with open(path, "rb", buffering=0) as stream:  # noqa: PTH123 - as above
        return stream.read()


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
