"""Measure everything, or the named parts, and write the tables of ``benchmarks/README.md`` from what was measured.

Run ``python -m benchmarks [--quick] [NAME ...]``; without a name all parts run, one after the other, each in a process
of its own.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from benchmarks.tables import write_readme

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results"
PARTS = (
    "study",
    "classify",
    "cards",
    "crawl",
    "census",
    "build",
    "build_base",
    "scale",
    "faults",
    "sampling",
    "sample",
    "statistics",
    "audit",
    "estimates",
    "history",
    "explorer",
    "dump",
)


def main() -> int:
    """Run the parts; a part that fails is named and the others go on."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="NAME", help=f"one of: {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="small sizes: seconds instead of minutes")
    parser.add_argument("--tables", action="store_true", help="measure nothing, only write the tables anew")
    chosen = parser.parse_args()
    unknown = set(chosen.parts) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    RESULTS.mkdir(exist_ok=True)
    failed = [] if chosen.tables else [part for part in chosen.parts or PARTS if not measure(part, quick=chosen.quick)]
    write_readme(FOLDER / "README.md", RESULTS, PARTS)
    for part in failed:
        print(f"failed: {part}", file=sys.stderr)
    return 1 if failed else 0


def measure(part: str, *, quick: bool) -> bool:
    """One part in a process of its own, so that memory and imports of one do not count for another."""
    script = (
        f"from pathlib import Path; from benchmarks.bench_{part} import main; "
        f"main(Path({str(RESULTS / f'{part}.json')!r}), {quick!r})"
    )
    return subprocess.run([sys.executable, "-c", script], check=False, cwd=FOLDER.parent).returncode == 0


if __name__ == "__main__":
    raise SystemExit(main())
