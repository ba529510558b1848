"""RQ3.3: what would the same run emit on another device, in another place, in another year?"""

from __future__ import annotations

from collections import defaultdict

from analysis.estimates.routes import estimate_run
from analysis.questions.estimated_models import Estimated, counted, estimated_models
from analysis.questions.protocol import Protocol
from analysis.questions.study_data import StudyData
from analysis.questions.uncorrected_answer import UncorrectedAnswer
from analysis.rounding import spoken

FLOP = 1e21
"""The run that is moved: about 6 x 1 billion parameters x 170 billion tokens."""
DEVICES = (
    "NVIDIA V100", "NVIDIA A100", "NVIDIA H100", "NVIDIA B200", "AMD Instinct MI300X", "TPU v4",
    "NVIDIA GeForce RTX 3090",
)  # fmt: skip
PLACES = ("SWE", "FRA", "BRA", "GBR", "USA", "DEU", "CHN", "IND", "POL")
YEARS = (2015, 2018, 2021, 2024)
LEAST_PAIRS, LEAST_AUTHORS = 30, 10


def uncorrected(study: StudyData, protocol: Protocol) -> UncorrectedAnswer:
    """One run moved over devices, places and years; a matched comparison only where there are enough pairs."""
    made = UncorrectedAnswer("RQ3.3", protocol)
    devices = [(name, "USA", 2024) for name in DEVICES]
    places = [("NVIDIA A100", place, 2024) for place in PLACES]
    years = [("NVIDIA A100", place, year) for place in ("USA", "GBR") for year in YEARS]
    rows = [
        (lever, *run, *_moved(*run))
        for lever, runs in (("device", devices), ("place", places), ("year", years))
        for run in runs
    ]
    made.put(
        "moved",
        rows,
        f"a training of {spoken(FLOP)} FLOP by the FLOP route: each value is an order of magnitude, the ratios between "
        "rows are surer",
    )
    for lever in ("device", "place", "year"):
        mine = [row for row in rows if row[0] == lever]
        groups = [[row[4] for row in mine if lever != "year" or row[2] == place] for place in {row[2] for row in mine}]
        ratio = max(max(values) / min(values) for values in groups)
        title = f"Emissions of the same run, largest over smallest by {lever}"
        made.add(f"{lever}.repaired", title, counted(ratio, len(mine), name="ratio"))
    pairs, authors = _pairs(estimated_models(study))
    enough = pairs >= LEAST_PAIRS and authors >= LEAST_AUTHORS
    words = f"{pairs} pairs of {authors} authors: at least {LEAST_PAIRS} pairs of {LEAST_AUTHORS} authors are needed"
    made.add(
        "matched.repaired",
        "Pairs of reports alike but for the place",
        counted(float(pairs) if enough else None, pairs, unit="pairs", refused=None if enough else words),
    )
    made.n_flow = [("runs moved", len(rows))]
    return made


def _moved(device: str, place: str, year: int) -> tuple[float, float, float]:
    """Emissions in kg, with the ends of their 90 % interval."""
    emissions = estimate_run(device, flop=FLOP, region=place, year=year).emissions_gco2e
    assert emissions is not None
    return emissions.central / 1000, emissions.low / 1000, emissions.high / 1000


def _pairs(models: list[Estimated]) -> tuple[int, int]:
    """Pairs of reporters with the same devices and hours in different places, and from how many authors."""
    alike: dict[tuple[object, ...], list[Estimated]] = defaultdict(list)
    for one in models:
        run = one.training
        if one.grams and run.region and run.duration_h:
            alike[run.hardware, run.hardware_count, run.duration_h].append(one)
    found = [
        (a.author, b.author)
        for group in alike.values()
        for i, a in enumerate(group)
        for b in group[:i]
        if a.training.region != b.training.region
    ]
    return len(found), len({author for pair in found for author in pair})
