"""The front door: one command group whose commands are imported only when they are called."""

from __future__ import annotations

import gc
import importlib
import sys

import click

from mining.errors import HfCarbonError

COMMANDS = {
    "study": "Crawl, build, analyse and report, skipping what is current.",
    "crawl": "Fetch a raw snapshot from a source.",
    "verify": "Check a raw snapshot: checksums, manifest, row account.",
    "build": "Turn a raw snapshot into typed tables.",
    "analyse": "Answer the research questions on built tables.",
    "report": "Draw figures, typeset tables and write the report of analysed tables.",
    "replicate": "Set the published numbers of the 2023 study beside recomputed ones.",
    "classify": "Judge what one or more models disclose: class, evidence, remedy.",
    "explain": "Explain a probe or a field: what is asked, why, how it is judged, how to fix it.",
    "sample": "Draw a stratified sample with weights.",
    "audit": "Make a labelling sheet, or read one back.",
    "list": "List the snapshots of a data folder.",
    "diff": "Say what changed between two snapshots or dates.",
    "history": "Read a series of dates: the share of reporters and every change.",
    "serve-sample": "Serve the synthetic sample Hub on this machine.",
}


GARBAGE = 50_000
"""Objects between two searches for garbage: with Python's own 700 the searches while modules load are a fifth of a cold start."""


class LazyGroup(click.Group):
    """A group that knows the names of its commands without importing them (cold start)."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the pipeline."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module and hand out its command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"analysis.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with their one-line help, importing none."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="hf-carbon", prog_name="hf-carbon")
def cli() -> None:
    """Carbon disclosure on the Hugging Face Hub: mine it, study it, judge one model.

    Units: emissions in grams of CO2 equivalent unless a column says otherwise, energy in kWh, durations in hours, power in W.
    Exit codes: 0 answered, 1 a check did not hold, 2 wrong use, 3 could not look, 4 damaged data.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; an expected error is one line on standard error, never a traceback."""
    gc.set_threshold(GARBAGE)
    try:
        # Outside its standalone mode click hands out the code of an Exit instead of leaving with it.
        code = cli.main(args=arguments, prog_name="hf-carbon", standalone_mode=False)
    except HfCarbonError as error:
        click.echo(f"hf-carbon: {error}", err=True)
        sys.exit(error.exit_code)
    except click.exceptions.Abort:
        click.echo("hf-carbon: interrupted", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    if isinstance(code, int) and code:
        sys.exit(code)
