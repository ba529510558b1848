"""Examples at the end of every command's help, from ``examples.txt``; a test parses each one."""

from __future__ import annotations

from pathlib import Path


def examples() -> dict[str, list[str]]:
    """Examples by the command that they begin with."""
    found: dict[str, list[str]] = {}
    for line in Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines():
        found.setdefault(line.split()[0], []).append(line)
    return found


def help_examples(name: str) -> str:
    """The examples of one command as the last lines of its help."""
    return "\n".join(["\b", "Examples:", *(f"  hf-carbon {example}" for example in examples()[name])])
