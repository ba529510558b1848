"""Carrying out the fix: into a local card, or as a pull request on the Hub; never without being asked."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

import click

from analysis.classify.cards import classify_card
from analysis.classify.classification import Classification
from analysis.classify.suggestion import KEY, with_block
from mining.errors import CheckFailedError, CouldNotLookError, HfCarbonError, UsageError
from mining.files import write_bytes

CARD = "README.md"
SUMMARY = "Add co2_eq_emissions from the model card to the metadata"
DESCRIPTION = (
    "The card states the training emissions in its text. This change repeats them in the metadata, in grams as the Hub specifies, so that "
    "they can be found and counted. Nothing was estimated: the words the number was taken from stand beside it as a comment. "
    "Made with hf-carbon."
)


def mend(shown: Sequence[Classification], *, write: bool, open_pr: bool, confirmed: bool, endpoint: str | None) -> int:
    """Write or propose the suggested metadata of every answer.

    Args:
        shown: Classifications, some with a suggestion.
        write: Change local cards.
        open_pr: Propose changes on the Hub.
        confirmed: Do not ask before proposing.
        endpoint: The Hub; None for the usual one.

    Returns:
        Worst exit code.

    Raises:
        UsageError: Both ways were asked for at once.
    """
    if write and open_pr:
        raise UsageError(
            "--write and --open-pr exclude each other: the one changes a card on disk, the other proposes a change on the Hub"
        )
    worst = 0
    for answer in shown:
        try:
            if answer.suggested_metadata is None:
                click.echo(f"{answer.input}: nothing to mend that follows from the card's own words", err=True)
            elif write:
                _write(answer, answer.suggested_metadata)
            elif open_pr:
                _propose(answer, answer.suggested_metadata, confirmed=confirmed, endpoint=endpoint)
        except HfCarbonError as error:
            click.echo(f"hf-carbon: {answer.input}: {error}", err=True)
            worst = max(worst, error.exit_code)
    return worst


def mended(before: bytes, answer: Classification, block: str) -> bytes:
    """The card with the block, after a look whether it then says what it said before.

    Args:
        before: The card.
        answer: Its classification.
        block: Its suggested metadata.

    Raises:
        CheckFailedError: The metadata would not state these grams afterwards, beyond doubt; nothing may be written then.
    """
    after = with_block(before, block)
    again = classify_card(after).emissions
    beside_a_log = answer.emissions.source == "file"
    if (
        again.source != "metadata"
        or again.grams != answer.emissions.grams
        or (again.unit_status != "stated" and not beside_a_log)
    ):
        raise CheckFailedError(
            "the front matter is too odd to be mended by machine; nothing was written. The block to add is:\n" + block
        )
    return after


def _write(answer: Classification, block: str) -> None:
    """Put the block into a local card."""
    path = Path(answer.input)
    if not path.is_file():
        raise UsageError("--write needs a card on disk; for a model on the Hub use --open-pr")
    try:
        place = path.resolve()
        mode = place.stat().st_mode
        write_bytes(place, mended(place.read_bytes(), answer, block))
        place.chmod(mode)
    except OSError as error:
        raise UsageError(f"cannot write '{path}': {error.strerror}") from error
    click.echo(f"{path}: {KEY} written", err=True)


def _propose(answer: Classification, block: str, *, confirmed: bool, endpoint: str | None) -> None:
    """Show the difference, ask, and open one pull request with exactly that text."""
    from mining.hub import HubClient, call_card
    from mining.hub.proposals import WHAT_TO_RUN, has_token, propose_file
    from mining.normalize.model_responses import body_bytes

    if answer.model_id is None or Path(answer.input).exists():
        raise UsageError("--open-pr needs a model on the Hub; for a card on disk use --write")
    envelope = call_card(HubClient(endpoint), answer.model_id, None, answer.revision)
    if envelope.failure is not None:
        raise CouldNotLookError(f"the card could not be fetched ({envelope.failure})")
    before = body_bytes(envelope)
    after = mended(before, answer, block)
    if after == before:
        raise CheckFailedError("the card holds this block already")
    click.echo(difference(before, after), err=True)
    if not has_token():
        raise CouldNotLookError(f"{WHAT_TO_RUN} && hf-carbon classify {answer.model_id} --open-pr")
    if not confirmed and not _confirmed(answer.model_id):
        click.echo("nothing was sent", err=True)
        return
    address = propose_file(
        endpoint, answer.model_id, CARD, after, parent=answer.revision, summary=SUMMARY, description=DESCRIPTION
    )
    click.echo(f"opened {address}", err=True)


def _confirmed(model_id: str) -> bool:
    """The user's answer; no answer at all is a no."""
    try:
        return click.confirm(f"Open this as a pull request on {model_id}?", err=True)
    except click.Abort:
        click.echo("\nno answer (scripts say --yes)", err=True)
        return False


def difference(before: bytes, after: bytes) -> str:
    """Unified difference of two cards, control characters shown as spaces."""
    from analysis.label.wording import clean

    old, new = (text.decode("utf-8", "replace").splitlines() for text in (before, after))
    lines = difflib.unified_diff(old, new, f"a/{CARD}", f"b/{CARD}", lineterm="", n=3)
    return "\n".join(clean(line) for line in lines)
