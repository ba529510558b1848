"""The lock file can be installed with hashes, today and when newer releases exist."""

from __future__ import annotations

import re
from importlib.metadata import distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LINE = re.compile(r"^([A-Za-z0-9._-]+)(?:\[([A-Za-z0-9._,-]+)\])?==(\S+)")


def locked(project_dir: Path) -> dict[str, set[str]]:
    """Locked projects, each with the extras that its line names."""
    found = (LINE.match(line) for line in (project_dir / "requirements.lock").read_text(encoding="utf-8").splitlines())
    return {canonicalize_name(match[1]): set(filter(None, (match[2] or "").split(","))) for match in found if match}


def test_extras_that_are_asked_for_are_named(project_dir: Path) -> None:
    """pip asks the index anew for ``X[extra]`` where the lock names only ``X``.

    And refuses the newer release that it then finds.
    """
    lock = locked(project_dir)
    asked: set[tuple[str, str]] = set()
    for distribution in distributions():
        name = canonicalize_name(distribution.metadata["Name"])
        for text in distribution.requires or () if name in lock else ():
            requirement = Requirement(text)
            if requirement.extras and (requirement.marker is None or requirement.marker.evaluate({"extra": ""})):
                asked.update((canonicalize_name(requirement.name), extra) for extra in requirement.extras)
    assert asked
    assert {(name, extra) for name, extra in asked if extra not in lock.get(name, set())} == set()


def test_all_that_the_project_needs_is_locked(project_dir: Path) -> None:
    import tomllib

    project = tomllib.loads((project_dir / "pyproject.toml").read_text(encoding="utf-8"))
    needed = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    assert {canonicalize_name(Requirement(text).name) for text in needed if isinstance(text, str)} <= locked(
        project_dir
    ).keys()
