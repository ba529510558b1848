"""``hf-carbon estimate``: energy and emissions of trainings that report none, with tested intervals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from analysis.commands.options import endpoint_option, revision_option, snapshots_option
from analysis.estimates.contract import Estimate, refused
from analysis.estimates.wording import in_words
from mining.errors import CouldNotLookError, HfCarbonError, UsageError

RUN_OPTIONS = ("hardware", "count", "hours", "power_w", "flop", "parameters", "tokens")
PLACE_OPTIONS = ("region", "year", "pue")
MAX_REQUESTS = 1e18
SCALES = {"k": 1e3, "m": 1e6, "b": 1e9, "g": 1e9, "t": 1e12}


class LargeNumber(click.ParamType[float]):
    """A large number as people write it: 7e9, 7B, 1.5T, 300M, 1,000,000."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number.

        Raises:
            click.BadParameter: It is none.
        """
        text = str(value).strip().lower()
        scale = SCALES.get(text[-1:], 1.0)
        digits = text[:-1].strip() if scale != 1.0 else text
        if "," in digits and not re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", digits):
            self.fail(f"'{value}' is no number; thousands may be set apart by commas.", param, ctx)
        try:
            return float(digits.replace(",", "")) * scale
        except ValueError:
            self.fail(f"'{value}' is no number, such as 7e9, 7B or 1.5T.", param, ctx)


LARGE = LargeNumber()


@click.command()
@click.argument("targets", metavar="[TARGET...]", nargs=-1)
@click.option("--hardware", metavar="TEXT", help='Device of a run without a card, such as "NVIDIA A100 SXM4".')
@click.option("--count", type=float, help="How many devices (1).")
@click.option("--hours", type=float, help="Wall-clock hours of the run.")
@click.option("--power", "power_w", type=float, help="Rated or capped power of one device, W.")
@click.option("--region", metavar="PLACE", help="Country, state, city or cloud region (FRA, us-east-1).")
@click.option("--year", type=int, help="Year of the training: its own carbon intensity.")
@click.option("--pue", type=float, help="Power usage effectiveness of the data centre.")
@click.option("--flop", type=LARGE, help="Floating-point operations of the run (3e23); an order of magnitude.")
@click.option("--parameters", type=LARGE, help="Active parameters (7e9, 7B), with --tokens: trained from scratch.")
@click.option("--tokens", type=LARGE, help="Training tokens (2e12, 2T).")
@click.option(
    "--requests", type=LARGE, help="Requests over the model's life: their energy beside the training's, by task."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per target (a list when there are several).")
@click.option("--snapshot", metavar="S", help="Read models from this raw snapshot instead of the Hub.")
@revision_option
@endpoint_option
@snapshots_option
def command(**given: Any) -> None:
    """Estimate energy (kWh) and emissions (g CO2 equivalent) of a training with an interval, apart from reports.

    TARGET is a card, a folder, or a model, as for classify. Without a target, describe a run: --hardware --count
    --hours, or --flop, or --parameters --tokens. The documentation says
    what was tested and on how many developers; what was not tested is marked "not validated".
    """
    run = {name: given[name] for name in RUN_OPTIONS if given[name] is not None}
    if bool(run) == bool(given["targets"]):
        raise UsageError(
            "give either TARGETs, or a run with --hardware, --count and --hours (--flop, --parameters --tokens)"
        )
    if run:
        found, worst = [_one_run({**run, **{name: given[name] for name in PLACE_OPTIONS}}, as_json=given["as_json"])], 0
    else:
        if any(given[name] is not None for name in PLACE_OPTIONS):
            raise UsageError("--region, --year and --pue describe a run without a card; a card states its own")
        found, worst = _of_targets(given)
    if given["requests"] is not None:
        found = [_with_requests(one, given["requests"]) for one in found]
    if given["as_json"]:
        several = len(given["targets"]) > 1 or len(found) != 1
        click.echo("[" + ",\n".join(one.to_json() for one in found) + "]" if several else found[0].to_json())
    else:
        from mining.escaping import escaped

        click.echo("\n\n".join("\n".join(escaped(line) for line in in_words(one)) for one in found))
    if worst:
        raise click.exceptions.Exit(worst)


def _with_requests(answer: Estimate, requests: float) -> Estimate:
    """The estimate with the energy of inference beside it; a refusal stays as it is."""
    from msgspec.structs import replace

    from analysis.estimates.life_cycle import inference

    if not 0 < requests <= MAX_REQUESTS:
        raise UsageError(f"impossible requests {requests:g}: there must be more than 0 and at most {MAX_REQUESTS:g}")
    machine = answer.boundaries.machine
    if machine is None:
        return answer
    return replace(answer, scenarios=(*answer.scenarios, *inference(machine.central, requests)))


def _one_run(run: dict[str, Any], *, as_json: bool) -> Estimate:
    """The run that the options describe; a refusal is printed as an object, too, where objects are asked for."""
    from analysis.estimates.routes import estimate_run

    try:
        return estimate_run(**run)
    except UsageError as error:
        if as_json:
            click.echo(refused(str(error)).to_json())
        raise


def _of_targets(given: dict[str, Any]) -> tuple[list[Estimate], int]:
    """Estimates of all targets, and the exit code of the worst."""
    answered = _of_cards if all(map(_is_card, given["targets"])) else _of_others
    answers = answered(given)
    if len(given["targets"]) > 1 or Path(given["targets"][0]).is_dir():
        from analysis.classify.local_cards import count_of
        from analysis.commands.options import counted

        answers = counted(answers, "estimate", count_of(given["targets"]))
    found, codes = zip(*answers, strict=True)
    return [answer for answer in found if answer is not None], max(codes)


def _is_card(target: str) -> bool:
    return not target.startswith("hub:") and "://" not in target and Path(target).is_file()


def _of_cards(given: dict[str, Any]) -> Iterator[tuple[Estimate | None, int]]:
    return (_of_card(Path(target)) for target in given["targets"])


def _of_card(path: Path) -> tuple[Estimate | None, int]:
    """A card on disk: read and estimated without being judged, which is half of the work of a cold start."""
    from analysis.classify.local_cards import local_envelopes
    from analysis.estimates.from_card import estimate_of
    from mining.normalize.model import Normalized, normalize
    from mining.schema import LOOKED_AT

    try:
        normalized = normalize(None, local_envelopes(path), source="cards")
    except HfCarbonError as error:
        return _failed(str(path), error)
    if not isinstance(normalized, Normalized):
        return refused(f"the card cannot be read: {normalized.reason}", input=str(path)), CouldNotLookError.exit_code
    record = normalized.record
    is_read = record.card_status in LOOKED_AT
    return estimate_of(
        record, normalized.claims, str(path), normalized.text
    ), 0 if is_read else CouldNotLookError.exit_code


def _of_others(given: dict[str, Any]) -> Iterator[tuple[Estimate | None, int]]:
    """Whatever else classify understands: folders, standard input, models on the Hub or in a snapshot."""
    from analysis.classify.targets import Options, answers
    from mining.schema import LOOKED_AT

    options = Options(
        snapshot=given["snapshot"], revision=given["revision"], endpoint=given["endpoint"], out=given["out"]
    )
    for target, answer in answers(given["targets"], options):
        if isinstance(answer, HfCarbonError):
            yield _failed(target, answer)
        else:
            is_read = not answer.problem or answer.looked_at in LOOKED_AT
            yield answer.estimate, 0 if is_read else CouldNotLookError.exit_code


def _failed(target: str, error: HfCarbonError) -> tuple[Estimate | None, int]:
    """One line on standard error; what could not be looked at is an answer, wrong use is none."""
    from mining.escaping import escaped

    click.echo(f"hf-carbon: {escaped(str(error))}", err=True)
    is_answer = isinstance(error, CouldNotLookError)
    return refused(str(error), input=target) if is_answer else None, error.exit_code
