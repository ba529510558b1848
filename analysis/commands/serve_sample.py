"""``hf-carbon serve-sample``: the synthetic Hub on this machine, to play with."""

from __future__ import annotations

import signal
import threading

import click

from analysis.commands.options import LEAST_ONE, SEED, FiniteRange


@click.command("serve-sample")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=0, show_default=True, help="Port on 127.0.0.1; 0: a free one."
)
@click.option("--models", type=click.IntRange(1, 16_000_000), default=5_000, show_default=True, help="How many models.")
@click.option("--seed", type=SEED, default=7, show_default=True, help="The same seed gives the same Hub.")
@click.option("--faults", type=FiniteRange(0, 1), default=0.0, help="Share of answers that fail (errors, stalls ...).")
@click.option("--quota", type=LEAST_ONE, help="API requests per 300 s; default: the Hub's own limits.")
def command(port: int, models: int, seed: int, faults: float, quota: int | None) -> None:
    """Serve a SYNTHETIC Hub at 127.0.0.1 until interrupted.

    It answers the Hub's API for models, cards, commits and data sets, with cursors, rate limits and refusals, so that
    any client of the Hub can be tried without the network. Every model in it is generated; none is real.
    """
    from mining.errors import UsageError
    from sample_hub import Faults, LoopbackHub, SampleHub

    hub = LoopbackHub(
        SampleHub(seed, models), faults=Faults(faults, seed=seed) if faults else None, quota=quota, port=port
    )
    try:
        hub.start()
    except OSError as error:
        raise UsageError(f"cannot serve on port {port}: {error.strerror}") from error
    stop = threading.Event()
    previous = {name: signal.signal(name, lambda *_: stop.set()) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        _tell(hub.endpoint, models, seed)
        stop.wait()
    finally:
        hub.stop()
        for name, handler in previous.items():
            signal.signal(name, handler)
    counters = hub.counters
    click.echo(
        f"served {counters.total():,} requests, refused {counters.too_many:,}, faults "
        f"{sum(counters.faults.values()):,}",
        err=True,
    )


def _tell(endpoint: str, models: int, seed: int) -> None:
    """Say where the Hub is and how to use it."""
    click.echo(endpoint)
    lines = (
        f"SYNTHETIC Hub with {models:,} generated models (seed {seed}). Stop it with Ctrl-C. Use it with:",
        f"  HF_ENDPOINT={endpoint} hf-carbon crawl --source hub --plan reporters",
        f"  HF_ENDPOINT={endpoint} python -c 'import huggingface_hub as h; print(next(h.list_models()).id)'",
        f"  curl '{endpoint}/api/models?filter=co2_eq_emissions&sort=createdAt&limit=3&expand=cardData'",
    )
    for line in lines:
        click.echo(line, err=True)
