"""``hf-carbon sample``: a stratified sample of models with weights."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis.commands.options import FILE, LEAST_ONE, SEED, Console, on_snapshot
from mining.errors import UsageError
from mining.paths import Home, Processed

if TYPE_CHECKING:
    from mining.sampling import Frame

ALLOCATIONS = ("proportional", "equal", "neyman", "fixed")


@click.command("sample")
@on_snapshot
@click.option(
    "--by",
    default="domain,size,popularity",
    show_default=True,
    help="Variables: domain, size, popularity, generator, year.",
)
@click.option("--n", type=LEAST_ONE, help="Models to draw; with --allocation fixed, models per stratum.")
@click.option("--margin", type=float, help="Instead of --n: margin of error of a share, 0.05 for five points at 95 %.")
@click.option(
    "--allocation",
    type=click.Choice(ALLOCATIONS),
    default="proportional",
    show_default=True,
    help="How strata share the sample.",
)
@click.option(
    "--spread-of",
    default="emissions_gco2e",
    show_default=True,
    help="Numeric column whose spread (log) decides with neyman.",
)
@click.option("--reporters", is_flag=True, help="Sample only models that report training emissions.")
@click.option("--seed", type=SEED, default=0, show_default=True, help="Seed of the draw.")
@click.option("--to", "target", type=FILE, help="CSV file; standard output without it.")
def command(
    *,
    snapshot: str,
    out: Path,
    by: str,
    n: int | None,
    margin: float | None,
    allocation: str,
    spread_of: str,
    reporters: bool,
    seed: int,
    target: Path | None,
    quiet: bool,
) -> None:
    """Draw a stratified sample from the built tables of SNAPSHOT and print it as CSV.

    Each model comes with its stratum, inclusion probability and weight (how many models it stands for). The same seed
    gives the same sample. The thresholds of the classes are ours: size by decades of parameters, popularity by decades
    of downloads in 30 days.
    """
    from mining.sampling import frame_of, sample_csv

    if (n is None) == (margin is None):
        raise UsageError("say how many models: either --n or --margin")
    processed = built(Home(out), snapshot)
    frame = frame_of(
        processed, tuple(name.strip() for name in by.split(",") if name.strip()), spread_of, only_reporters=reporters
    )
    n = n if n is not None else _size(frame, margin or 0.0)
    text, drawn = sample_csv(frame, n, allocation, seed)  # type: ignore[arg-type]
    if target is None:
        click.echo(text, nl=False)
    else:
        from mining.files import write_text

        write_text(target, text)
    Console(quiet).say(
        f"sample: {drawn:,} of {len(frame.keys):,} models in {len(frame.sizes):,} strata ({allocation}, seed {seed})"
    )


def _size(frame: Frame, margin: float) -> int:
    """Sample size for a margin of error; never below two models a stratum."""
    from mining.sampling.drawing import LEAST_PER_STRATUM, size_for_share

    least = sum(min(LEAST_PER_STRATUM, size) for size in frame.sizes.values())
    return max(least, size_for_share(margin, len(frame.keys)))


def built(home: Home, snapshot: str) -> Processed:
    """Processed folder of a snapshot that was built.

    Raises:
        UsageError: There is no such snapshot, or it was not built yet.
    """
    processed = home.processed_of(home.find(snapshot))
    if not processed.provenance.is_file():
        raise UsageError(f"'{processed.folder.name}' is not built yet; run: hf-carbon build {snapshot}")
    return processed
