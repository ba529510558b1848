"""The front door: one command group whose commands are imported only when they are called."""

from __future__ import annotations

import gc

GARBAGE = 100_000
"""Objects between two searches for garbage. With Python's own 700 the searches while modules load were a tenth of a
cold start; the answer for one card never comes to so many."""
gc.set_threshold(GARBAGE)  # before the other modules load

import atexit
import importlib
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

import click

from analysis.commands.examples import help_examples
from mining.errors import CouldNotLookError, failure_line
from mining.escaping import escaped

COMMANDS = {
    "study": "Crawl, build, analyse and report, skipping what is current.",
    "crawl": "Fetch a raw snapshot from a source.",
    "verify": "Check a raw snapshot: checksums, manifest, row account.",
    "build": "Turn a raw snapshot into typed tables.",
    "analyse": "Answer the research questions on built tables.",
    "multiverse": "Run every defensible analysis of each claim, with joint tests.",
    "report": "Draw figures, typeset tables and write the report of analysed tables.",
    "explore": "Write one offline page to search, filter and count the models of a snapshot.",
    "publish": "Publish a snapshot as a data set with a card and Croissant metadata.",
    "replicate": "Compare the published numbers of the 2023 study with recomputed ones.",
    "classify": "Judge what one or more models disclose: class, evidence, remedy.",
    "estimate": "Estimate energy and emissions of a training that reports none, with tested intervals.",
    "tree": "Show the family of a model in a snapshot, with its cumulative emissions.",
    "explain": "Explain any word that hf-carbon prints: a probe, flag, rule, class or field.",
    "sample": "Draw a stratified sample with weights.",
    "audit": "Make a labelling sheet, or read one back.",
    "list": "List the snapshots of a data folder.",
    "diff": "Show what changed between two snapshots or dates.",
    "history": "Read a series of dates: the share of reporters and every change.",
    "config": "Show what is configured, and from where.",
    "serve-sample": "Serve the synthetic sample Hub on this machine.",
}


INTERRUPTED = 130
SHOW_TRACEBACK = "HF_CARBON_TRACEBACK"


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
        command.epilog = help_examples(cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a misspelt name is answered with the nearest one."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, n=1, cutoff=0.5)
            hint = f" Did you mean '{near[0]}'?" if near else " `hf-carbon --help` lists the commands."
            ctx.fail(f"No such command '{args[0]}'.{hint}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a reader that went away is an error as any other (click would leave with 1)."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise CouldNotLookError("the output was closed before everything was written") from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with their one-line help, importing none."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="hf-carbon", prog_name="hf-carbon")
def cli() -> None:
    """Carbon disclosure on the Hugging Face Hub: mine it, study it, judge one model.

    Units: emissions in grams of CO2 equivalent unless a column says otherwise, energy in kWh, durations in hours, power
    in W. Exit codes: 0 answered, 1 a check did not hold, 2 wrong use, 3 could not look, 4 damaged data.
    """
    if os.environ.get("NO_COLOR"):  # https://no-color.org: any text but the empty one
        click.get_current_context().color = False


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; an expected error is one line on standard error, never a traceback."""
    atexit.register(gc.freeze)  # a last search, after everything is said, would take as long as reading a card
    with suppress(AttributeError, ValueError):
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    code = _run(arguments)
    if code:
        sys.exit(code)


def _run(arguments: list[str] | None) -> int:
    """Run a command; its exit code."""
    try:
        with _second_interrupt_ends():
            # Outside its standalone mode click hands out the code of an Exit instead of leaving with it.
            code = cli.main(args=arguments, prog_name="hf-carbon", standalone_mode=False)
            sys.stdout.flush()
    except click.exceptions.Abort:
        return _ended("interrupted", INTERRUPTED)
    except click.exceptions.NoArgsIsHelpError as error:
        with suppress(OSError):
            click.echo(error.format_message(), err=True)
        return _flushed(error.exit_code)
    except click.ClickException as error:
        with suppress(OSError):
            if isinstance(error, click.UsageError) and error.ctx is not None:
                click.echo(f"{error.ctx.get_usage()}\nTry '{error.ctx.command_path} -h' for help.\n", err=True)
            click.echo(f"Error: {escaped(error.format_message())}", err=True)
        return _flushed(error.exit_code)
    except Exception as error:
        line = failure_line(error)
        if line is None and os.environ.get(SHOW_TRACEBACK):
            raise
        return _ended(*(line or own_fault(error)))
    return code if isinstance(code, int) else 0


def own_fault(error: Exception) -> tuple[str, int]:
    """What to say of an error that nobody foresaw, and the exit code: nothing was answered."""
    what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    words = f"a fault of this program: {what}; please report it ({SHOW_TRACEBACK}=1 shows where it happened)"
    return words, CouldNotLookError.exit_code


def _ended(words: str, code: int) -> int:
    """Say why a command ended."""
    with suppress(OSError):
        click.echo(f"hf-carbon: {escaped(words)}", err=True)
    return _flushed(code)


def _flushed(code: int) -> int:
    """Write out what is left to be written; what cannot be written any more is dropped."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return code


@contextmanager
def _second_interrupt_ends() -> Iterator[None]:
    """The first interrupt lets a command put its things in order, the second one ends it at once."""

    def interrupted(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGINT, interrupted)
    except ValueError:  # not the main thread: somebody else's program
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
