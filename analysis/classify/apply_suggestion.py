"""Carrying out a suggestion: into a local card, or as a pull request on the Hub; never without being asked."""

from __future__ import annotations

import difflib
import os
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from analysis.classify.cards import classify_envelopes
from analysis.classify.classification import Classification
from analysis.classify.front_matter_edit import KEY, with_block
from analysis.classify.local_cards import card_envelope, local_envelopes
from analysis.classify.suggestion import minimal
from mining.errors import CheckFailedError, CouldNotLookError, HfCarbonError, UsageError
from mining.escaping import escaped
from mining.files import write_bytes, written_place
from mining.schema import Envelope, Source

CARD = "README.md"
SUMMARY = "Add co2_eq_emissions from the model card to the metadata"
DESCRIPTION = (
    "The card states the training emissions in its text. This change repeats them in the metadata, in grams as the "
    "Hub specifies, so that "
    "they can be found and counted. Nothing was estimated: the words the number was taken from stand beside it as a "
    "comment. "
    "Made with hf-carbon."
)
OWN_PROBE = "emissions-in-metadata"
KEPT = ("hardware", "hardware_count", "hours", "energy_kwh", "region", "provider", "training_type", "tool")
"""What is known of the training and must be the same afterwards."""


def apply_suggestions(
    shown: Sequence[Classification], *, write: bool, open_pr: bool, confirmed: bool, endpoint: str | None
) -> int:
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
            "--write and --open-pr exclude each other: the one changes a card on disk, the other proposes a change "
            "on the Hub"
        )
    worst = 0
    for answer in shown:
        try:
            if answer.suggested_metadata is None:
                click.echo(
                    f"{escaped(answer.input)}: no change: nothing in the text can be copied to the metadata", err=True
                )
            elif write:
                _write(answer, answer.suggested_metadata)
            elif open_pr:
                _propose(answer, answer.suggested_metadata, confirmed=confirmed, endpoint=endpoint)
        except HfCarbonError as error:
            click.echo(f"hf-carbon: {escaped(answer.input)}: {escaped(str(error))}", err=True)
            worst = max(worst, error.exit_code)
    return worst


def applied(
    answer: Classification, block: str, envelopes: Sequence[Envelope], card: Envelope, source: Source
) -> tuple[bytes, bytes]:
    """The card before and after, once it is sure that the change says nothing new.

    Args:
        answer: Its classification.
        block: Its suggested metadata.
        envelopes: Everything that was received about the model.
        card: The card among them.
        source: Where they come from.

    Raises:
        CheckFailedError: The metadata cannot be changed safely, or something else would be said afterwards.
    """
    from mining.normalize.model_responses import body_bytes

    before = body_bytes(card)
    changed = ""
    for text in dict.fromkeys((block, minimal(block))):
        after = with_block(before, text)
        new = [_with_body(one, after) if one is card else one for one in envelopes]
        changed = difference_of(answer, _classified(new, source))
        if not changed:
            return before, after
    raise CheckFailedError(
        f"{changed} would change with the metadata; nothing was written. The block to add is:\n{block}"
    )


def _with_body(card: Envelope, body: bytes) -> Envelope:
    new = card_envelope(body, card.id)
    return msgspec.structs.replace(card, body=new.body, encoding=new.encoding, kind=new.kind)


def _classified(envelopes: Sequence[Envelope], source: Source) -> Classification:
    """The verdict of what was received, the card changed; the Hub's own copy of the metadata would be made anew."""
    row = next((envelope for envelope in envelopes if envelope.kind == "model"), None)
    return classify_envelopes("", row, [one for one in envelopes if one is not row], source)


def difference_of(before: Classification, after: Classification) -> str:
    """What a change of the metadata would change in the verdict beside the one probe that it is for.

    Empty where nothing.

    Args:
        before: The classification of the card as it is.
        after: That of the card with the block.
    """
    old, new = before.emissions, after.emissions
    if new.source != "metadata" or new.grams != old.grams:
        return "the emissions"
    if new.unit_status != "stated":
        return "the unit of the emissions"
    if set(new.flags) - set(old.flags):
        return "the marks of the emissions"
    if before.transparency.level != after.transparency.level:
        return "the level"
    outcomes = {probe.id: probe.outcome for probe in after.transparency.probes}
    moved = [probe.id for probe in before.transparency.probes if probe.outcome != outcomes.get(probe.id)]
    if set(moved) - {OWN_PROBE}:
        return ", ".join(name for name in moved if name != OWN_PROBE)
    return ", ".join(name for name in KEPT if getattr(before.context, name) != getattr(after.context, name))


def _write(answer: Classification, block: str) -> None:
    """Put the block into a local card."""
    path = Path(answer.input)
    if not path.is_file():
        raise UsageError("--write needs a card on disk; for a model on the Hub use --open-pr")
    try:
        place = written_place(path)
        _check_replaceable(place)
        envelopes = local_envelopes(path)
        before, after = applied(answer, block, envelopes, envelopes[0], "cards")
        write_bytes(path, after, before=before)
    except OSError as error:
        raise UsageError(f"cannot write '{path}': {error.strerror}") from error
    click.echo(f"{escaped(str(path))}: {KEY} written", err=True)


def _check_replaceable(place: Path) -> None:
    """Refuse a file whose owner, links or attributes would be lost when it is replaced.

    Raises:
        CheckFailedError: One of them would.
    """
    state = place.stat()
    if state.st_nlink > 1:
        raise CheckFailedError("the card has other hard links, which would keep the old text; nothing was written")
    if os.geteuid() not in {0, state.st_uid}:
        raise CheckFailedError("the card belongs to another user; nothing was written")
    names = os.listxattr(place) if hasattr(os, "listxattr") else []
    if any(not name.startswith("security.") for name in names):
        raise CheckFailedError("the card has extended attributes, which would be lost; nothing was written")


def _propose(answer: Classification, block: str, *, confirmed: bool, endpoint: str | None) -> None:
    """Show the difference, ask, and open one pull request with exactly that text."""
    from mining.hub import HubClient, fetch_model
    from mining.hub.proposals import WHAT_TO_RUN, has_token, propose_file

    if answer.model_id is None or Path(answer.input).exists():
        raise UsageError("--open-pr needs a model on the Hub; for a card on disk use --write")
    envelopes = fetch_model(HubClient(endpoint), answer.model_id, answer.revision)
    card = next((one for one in envelopes if one.kind == "card"), None)
    if card is None:
        reason = next((one.failure for one in envelopes if one.failure), "no card")
        raise CouldNotLookError(f"the card could not be fetched ({reason})")
    before, after = applied(answer, block, envelopes, card, "hub")
    if after == before:
        raise CheckFailedError("the card holds this block already")
    click.echo(difference(before, after), err=True)
    if not has_token():
        raise CouldNotLookError(f"{WHAT_TO_RUN} && hf-carbon classify {answer.model_id} --open-pr")
    if not confirmed and not _confirmed(answer.model_id):
        click.echo("nothing was sent", err=True)
        return
    opened = propose_file(
        endpoint, answer.model_id, CARD, after, parent=answer.revision, summary=SUMMARY, description=DESCRIPTION
    )
    click.echo(f"{'opened' if opened.is_new else 'already open:'} {escaped(opened.address)}", err=True)


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
