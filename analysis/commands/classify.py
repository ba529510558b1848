"""``hf-carbon classify``: one or many models, what they disclose, why, and how to fix it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

from analysis.classify.cards import unseen
from analysis.classify.classification import Classification
from analysis.classify.targets import PREFIXES, Options, answers
from analysis.commands.options import FILE, GIVEN_FILE, endpoint_option, revision_option, snapshots_option
from analysis.label.form_names import FORMS, FormName
from mining.corrections import Corrections
from mining.errors import CheckFailedError, CouldNotLookError, HfCarbonError, UsageError
from mining.escaping import escaped
from mining.files import write_text

if TYPE_CHECKING:
    from analysis.settings import Settings
    from mining.schema import Outcome

COULD_NOT_LOOK = frozenset({"gated", "gone", "disabled", "unreachable", "too-large", "not-text", "our-error"})
LEVELS = ("silent", "context", "stated", "explained", "verifiable")
"""Levels of the rubric, written here so that ``--help`` reads no rubric; a test compares them."""
DEFAULT_OUT = Path("data")
SCORECARDS = ("table", "csv", "md", "html")
FORMATS = ("text", "json", "jsonl", *SCORECARDS)


class Choices(Struct, frozen=True, kw_only=True):
    """What the user chose on the command line."""

    targets: tuple[str, ...]
    as_json: bool
    as_jsonl: bool
    svg: Path | None
    small: bool
    html: Path | None
    snapshot: str | None
    reference: str | None
    corrections: Path | None
    revision: str | None
    endpoint: str | None
    fail_below: str | None
    write: bool
    open_pr: bool
    yes: bool
    annotate: str | None
    to_fill: FormName | None
    out: Path
    quiet: bool
    verbose: bool
    form: str | None
    waived: frozenset[str] = frozenset()

    @property
    def scorecard(self) -> str | None:
        """Form of the scorecard that is asked for; None for the answers themselves."""
        if self.to_fill is not None:
            return None
        if self.form is None and any(target.startswith(PREFIXES) for target in self.targets):
            return None if self.as_json or self.as_jsonl or self.annotate else "table"
        return self.form if self.form in SCORECARDS else None


@click.command()
@click.argument("targets", metavar="TARGET...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per target (a list when there are several).")
@click.option("--jsonl", "as_jsonl", is_flag=True, help="One JSON object per line.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="text, json or jsonl, or a scorecard of all models: table, csv, md, html.",
)
@click.option("--svg", type=FILE, help="Write the badge of a single target.")
@click.option("--small", is_flag=True, help="With --svg: a badge of one line, 20 units high, for a README.")
@click.option("--html", type=FILE, help="Write the one-page label of a single target.")
@click.option("--snapshot", metavar="S", help="Read the model from this raw snapshot instead of the Hub.")
@click.option("--reference", metavar="S", help="Rate efficiency against the cohort of this processed snapshot.")
@click.option("--corrections", type=FILE, help="Apply corrections by hand (CSV: model, field, value, reason, source).")
@revision_option
@endpoint_option
@click.option("--fail-below", type=click.Choice(LEVELS), help="Exit 1 when a target is below this level.")
@click.option("--write", is_flag=True, help="Put the suggested metadata into a local card.")
@click.option("--open-pr", is_flag=True, help="Propose the suggested metadata on the Hub as a pull request.")
@click.option("--yes", is_flag=True, help="Do not ask before opening a pull request.")
@click.option(
    "--form", "to_fill", type=click.Choice(FORMS), help="Fill a form from the card, Markdown or with --json JSON."
)
@click.option("--annotate", type=click.Choice(("github", "sarif")), help="Findings as workflow annotations or SARIF.")
@snapshots_option
@click.option("--config", type=GIVEN_FILE, help="Settings file [hf-carbon.toml or pyproject.toml here or above].")
@click.option("--quiet", is_flag=True, help="Only the verdict of each target.")
@click.option(
    "--verbose", "-v", is_flag=True, help="Every finding with its evidence, and the metadata that could be written."
)
def command(**given: Any) -> None:
    """Judge what models disclose: transparency level, efficiency label, evidence, remedies.

    TARGET is a model card (README.md), a folder of cards, author:NAME or ids:FILE (crawled once, then read from disk),
    a model on the Hub (author/name, a legacy single name, a full address, or hub:NAME), or - for a card on standard
    input. An existing path wins. Emissions are grams of CO2 equivalent, energy kWh, time hours.
    """
    held = _settings(given.pop("config"))
    given = _configured(given, held)
    given["as_json"] |= given["form"] == "json"
    given["as_jsonl"] |= given["form"] == "jsonl"
    choices = Choices(**given)
    if (choices.svg or choices.html) and len(choices.targets) > 1:
        raise UsageError("--svg and --html take a single target")
    shown, worst = _answer(choices)
    if choices.scorecard:
        _scorecard(shown, choices.scorecard, ", ".join(choices.targets))
    if choices.to_fill:
        click.echo(_filled(shown, choices, choices.to_fill))
    elif choices.as_json:
        _print_json(shown, several=len(choices.targets) > 1)
    _files(shown, choices)
    if choices.annotate:
        from analysis.label.annotations import annotate

        click.echo(annotate(shown, choices.annotate))
    if choices.write or choices.open_pr:
        from analysis.classify.apply_suggestion import apply_suggestions

        worst = max(
            worst,
            apply_suggestions(
                shown, write=choices.write, open_pr=choices.open_pr, confirmed=choices.yes, endpoint=choices.endpoint
            ),
        )
    if worst:
        raise click.exceptions.Exit(worst)


def _filled(shown: list[Classification], choices: Choices, form: FormName) -> str:
    """The form of each card that could be looked at: Markdown, or one JSON document, a list where there are several."""
    import json

    from analysis.label.forms import form_json, form_markdown

    kept = [answer for answer in shown if answer.looked_at not in COULD_NOT_LOOK]
    if not (choices.as_json or choices.as_jsonl or form == "cyclonedx"):
        return "\n\n".join(form_markdown(answer, form) for answer in kept)
    made = [form_json(answer, form) for answer in kept]
    if choices.as_jsonl:
        return "\n".join(json.dumps(json.loads(one), ensure_ascii=False) for one in made)
    return made[0] if len(made) == len(choices.targets) == 1 else f"[{','.join(made)}]"


def _settings(named: Path | None) -> Settings | None:
    """Settings from the named file, or of the project that the command runs in; None where there are none."""
    from analysis import settings

    path = named or settings.find(Path.cwd())
    return None if path is None else settings.read(path, levels=LEVELS, formats=FORMATS)


def _configured(given: dict[str, Any], held: Settings | None) -> dict[str, Any]:
    """What was given on the command line, filled in from the settings; an option that was given wins."""
    if held is None:
        return given
    is_form_given = given["form"] or given["as_json"] or given["as_jsonl"] or given["annotate"] or given["to_fill"]
    told = {
        "fail_below": given["fail_below"] or held.fail_below,
        "form": given["form"] if is_form_given else held.format,
        "out": Path(held.out) if held.out and given["out"] == DEFAULT_OUT else given["out"],
        "waived": held.waived(datetime.now(UTC).date()),
    }
    return {**given, **told}


def _answer(choices: Choices) -> tuple[list[Classification], int]:
    """Answer every target; the worst exit code of them."""
    options = Options(
        snapshot=choices.snapshot,
        reference=choices.reference,
        corrections=_corrections(choices.corrections),
        revision=choices.revision,
        endpoint=choices.endpoint,
        out=choices.out,
    )
    shown: list[Classification] = []
    worst = 0
    found_in_turn, say = _in_turn(answers(choices.targets, options), choices.targets)
    for target, found in found_in_turn:
        if isinstance(found, HfCarbonError):
            say(f"hf-carbon: {escaped(str(found))}", err=True)
            worst = max(worst, found.exit_code)
            is_answer = choices.as_json or choices.as_jsonl or choices.scorecard
            if not isinstance(found, CouldNotLookError) or not is_answer:
                continue
        answer = unseen(target, found) if isinstance(found, CouldNotLookError) else found
        shown.append(answer)
        worst = max(worst, _code(answer, choices.fail_below, choices.waived))
        if choices.to_fill:
            continue
        if choices.as_jsonl:
            say(answer.to_json(indent=None))
        elif not choices.as_json and not choices.annotate and not choices.scorecard:
            _show(answer, choices, say, is_first=len(shown) == 1)
    return shown, worst


def _scorecard(shown: list[Classification], form: str, title: str) -> None:
    """One row a model, totals and what to do first."""
    from analysis.label import scorecard as cards
    from analysis.label.scorecard_page import as_page

    if shown:
        writers = {"table": cards.as_table, "csv": cards.as_csv, "md": cards.as_markdown, "html": as_page}
        click.echo(writers[form](cards.scorecard(shown, title)))


def _corrections(path: Path | None) -> Corrections | None:
    """What is put right by hand."""
    if path is None:
        return None
    from mining.corrections import read_corrections

    return read_corrections(path)


def _code(answer: Classification, fail_below: str | None, waived: frozenset[str] = frozenset()) -> int:
    """Exit code of one answer: 3 where it could not be looked at, 1 below the level asked for (waivers count)."""
    if answer.looked_at in COULD_NOT_LOOK:
        return CouldNotLookError.exit_code
    level = answer.transparency.level
    if fail_below is None:
        return 0
    if waived and level in LEVELS:
        from analysis.classify.verdict import level_of

        met: dict[str, Outcome] = {each.id: "reported" for each in answer.transparency.probes if each.id in waived}
        level = level_of({each.id: met.get(each.id, each.outcome) for each in answer.transparency.probes})[0]
    if level not in LEVELS or LEVELS.index(level) < LEVELS.index(fail_below):
        click.echo(f"hf-carbon: {escaped(answer.input)}: level '{level}' is below '{fail_below}'", err=True)
        return CheckFailedError.exit_code
    return 0


def _show(answer: Classification, choices: Choices, say: Callable[..., None], *, is_first: bool) -> None:
    """For a person at a terminal: a row of a table where there are several cards, unless more is asked for."""
    from analysis.label.terminal import ROW_HEAD, render, row

    if choices.verbose or not _several(choices.targets):
        say(render(answer, detail="full" if choices.verbose else "verdict" if choices.quiet else "compact"))
        if choices.verbose:
            say("")
        return
    if is_first:
        say(ROW_HEAD)
    say(row(answer))


def _in_turn(found: Iterator[Any], targets: tuple[str, ...]) -> tuple[Iterator[Any], Callable[..., None]]:
    """The answers and how a line is printed; several cards have a bar with the time left."""
    if not _several(targets):
        return found, click.echo
    from analysis.classify.local_cards import count_of
    from analysis.commands.options import counted, echo_beside_bar

    return counted(found, "classify", count_of(targets)), echo_beside_bar


def _several(targets: tuple[str, ...]) -> bool:
    """Whether more than one card may be answered."""
    return len(targets) > 1 or Path(targets[0]).is_dir()


def _print_json(shown: list[Classification], *, several: bool) -> None:
    """One object, or a list when there were several targets or answers."""
    if several or len(shown) != 1:
        click.echo("[" + ",\n".join(answer.to_json() for answer in shown) + "]")
    else:
        click.echo(shown[0].to_json())


def _files(shown: list[Classification], choices: Choices) -> None:
    """Badge and label of a single answer."""
    if not shown or not (choices.svg or choices.html):
        return
    if len(shown) > 1:
        raise UsageError("--svg and --html take a single card, not a folder of them")
    if choices.svg:
        from analysis.label.badge import badge, small_badge

        write_text(choices.svg, (small_badge if choices.small else badge)(shown[0]))
    if choices.html:
        from analysis.label.page import page

        write_text(choices.html, page(shown[0]))
