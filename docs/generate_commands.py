"""Writes ``docs/commands.md``, the command reference, from the commands themselves.

``python -m docs.generate_commands``.
"""

from __future__ import annotations

import os
from pathlib import Path

import click

from analysis.cli import COMMANDS, cli
from mining.files import write_text

PAGE = Path(__file__).resolve().parent / "commands.md"
WIDTH = 100
HEAD = (
    "# Commands\n\nMade from `hf-carbon COMMAND --help`. Emissions are grams of CO2 equivalent unless a column "
    "says otherwise.\n"
)


def reference() -> str:
    """Help of every command, as one page."""
    os.environ["COLUMNS"] = str(WIDTH)
    parts = [HEAD]
    for name in COMMANDS:
        context = click.Context(cli, info_name="hf-carbon", terminal_width=WIDTH, max_content_width=WIDTH)
        command = cli.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context, terminal_width=WIDTH, max_content_width=WIDTH)
        parts.append(f"\n## {name}\n\n```text\n{command.get_help(inner)}\n```\n")
    return "".join(parts)


if __name__ == "__main__":
    write_text(PAGE, reference())
