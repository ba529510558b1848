"""The licences of everything that runs with this program, listed and checked; and dependencies that have gone quiet.

``python -m docs.licences`` writes ``docs/licences.md``; it fails where a dependency is under the GPL or AGPL, or names
no licence. ``--quiet-since YYYY-MM-DD`` also names those of which the newest release is older (asks the package index,
through uv).
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

from mining.files import write_text

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/licences.md"
FORBIDDEN = re.compile(r"(?<![L])(?:A?GPL|GNU (?:Affero )?General Public)", re.IGNORECASE)
CHOICE = re.compile(r"\bOR\b")
HEAD = """# Licences

Written by `make licences` from the metadata of the installed packages: everything that is needed at run time, without
the extras.

| package | version | licence |
|---|---|---|
"""


def needed() -> dict[str, Distribution]:
    """Every distribution that the program needs at run time, by its name.

    The closure of what ``pyproject.toml`` asks for.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    todo, found = [Requirement(text) for text in project["dependencies"]], dict[str, Distribution]()
    asked: set[tuple[str, str]] = set()
    while todo:
        wanted = todo.pop()
        name = re.sub(r"[-_.]+", "-", wanted.name).lower()
        for extra in ("", *sorted(wanted.extras)):
            if (name, extra) in asked or (wanted.marker and not wanted.marker.evaluate({"extra": ""})):
                continue
            asked.add((name, extra))
            try:
                found[name] = distribution(name)
            except PackageNotFoundError:
                sys.exit(f"{name} is not installed: run make install first")
            more = (Requirement(text) for text in found[name].requires or ())
            todo += [one for one in more if one.marker is None or one.marker.evaluate({"extra": extra})]
    return dict(sorted(found.items()))


def licence_of(found: Distribution) -> str:
    """The licence as the package's metadata name it.

    The expression, else the classifiers, else the first line of the text.
    """
    said = found.metadata
    if expression := said.get("License-Expression"):
        return str(expression)
    classifiers = [
        text.rsplit(" :: ", 1)[-1] for text in said.get_all("Classifier") or () if text.startswith("License ::")
    ]
    text = str(said.get("License") or "").strip().splitlines()
    return " AND ".join(classifiers) or (text[0][:80] if text else "")


def faults(licences: dict[str, str]) -> Iterator[str]:
    """What must not run with this program."""
    for name, licence in licences.items():
        if not licence:
            yield f"{name} names no licence"
        elif all(FORBIDDEN.search(choice) for choice in CHOICE.split(licence)):
            yield f"{name} is under {licence}"


def quiet(found: dict[str, Distribution], day: str) -> Iterator[str]:
    """Packages whose installed version was the newest already on that day."""
    for name, one in found.items():
        command = [
            "uv",
            "pip",
            "compile",
            "-",
            "--quiet",
            "--no-deps",
            "--no-header",
            "--no-annotate",
            "--exclude-newer",
            day,
        ]
        done = subprocess.run(command, input=name, capture_output=True, text=True, check=False)
        if done.stdout.strip().partition("==")[2].partition(" ")[0] == one.version:
            yield f"{name} {one.version}: no release since {day}"


def main() -> int:
    """Write the list and say what is wrong with it."""
    parser = argparse.ArgumentParser(prog="python -m docs.licences", description=__doc__)
    parser.add_argument("--quiet-since", metavar="DAY", help="also name dependencies without a release since that day")
    chosen = parser.parse_args()
    found = needed()
    licences = {name: licence_of(one) for name, one in found.items()}
    write_text(PAGE, HEAD + "".join(f"| {name} | {found[name].version} | {licences[name]} |\n" for name in found))
    for line in quiet(found, chosen.quiet_since) if chosen.quiet_since else ():
        sys.stdout.write(f"{line}\n")
    wrong = list(faults(licences))
    for line in wrong:
        sys.stderr.write(f"{line}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
