"""Stratified samples of models.

Allocation, drawing, inclusion probabilities, weights, and how large a sample has to be. Drawing is without replacement
within each stratum (Cochran 1977, "Sampling Techniques", chapters 4 and 5). The unit of every formula is the model; a
stratum is a combination of classes (see ``mining.normalize.strata``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, get_args

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mining.errors import UsageError

Allocation = Literal["proportional", "equal", "neyman", "fixed"]
ALLOCATIONS: tuple[Allocation, ...] = get_args(Allocation)
LEAST_PER_STRATUM = 2
"""Two models a stratum, where it has them: with one, its variance cannot be estimated."""

Z95 = 1.959963984540054


class Drawn(NamedTuple):
    """A drawn sample.

    Attributes:
        rows: Places of the drawn models in the frame, rising.
        probabilities: Inclusion probability of each.
        weights: How many models of the frame each stands for: 1 / probability.
    """

    rows: npt.NDArray[np.int64]
    probabilities: npt.NDArray[np.float64]
    weights: npt.NDArray[np.float64]


def allocate(
    sizes: Mapping[str, int], n: int, how: Allocation = "proportional", *, spreads: Mapping[str, float] | None = None
) -> dict[str, int]:
    """Share a sample out among strata.

    Args:
        sizes: Models in each stratum.
        n: Size of the sample; with ``fixed``, models *per stratum*.
        how: ``proportional`` to size, ``equal`` shares, ``neyman`` (size times spread: least variance of an estimated
            mean), or ``fixed``.
        spreads: Standard deviation of the studied quantity in each stratum, for ``neyman``; equal spreads where absent.

    Returns:
        Sample size of each stratum: at least 2 where the stratum has them, never more than the stratum has.

    Raises:
        UsageError: The sample is smaller than two a stratum, or larger than the frame.
    """
    strata = {name: size for name, size in sorted(sizes.items()) if size > 0}
    if how == "fixed":
        return {name: min(n, size) for name, size in strata.items()}
    floors = {name: min(LEAST_PER_STRATUM, size) for name, size in strata.items()}
    if n > sum(strata.values()):
        raise UsageError(f"a sample of {n:,} cannot be drawn from {sum(strata.values()):,} models")
    if n < sum(floors.values()):
        raise UsageError(
            f"{len(strata)} strata need a sample of at least {sum(floors.values())}; take fewer variables (--by) or a "
            f"larger sample (--n)"
        )
    shares = {name: _share(how, size, (spreads or {}).get(name, 1.0)) for name, size in strata.items()}
    return _fill(strata, floors, shares, n)


def _share(how: Allocation, size: int, spread: float) -> float:
    """What a stratum's part of the sample is in proportion to."""
    if how == "equal":
        return 1.0
    return size * max(spread, 0.0) if how == "neyman" else float(size)


def _fill(sizes: Mapping[str, int], floors: Mapping[str, int], shares: Mapping[str, float], n: int) -> dict[str, int]:
    """Share out in proportion within floors and sizes.

    Strata beyond a bound are set to it and the others share the rest, again and again; of the two kinds of bound the
    one that the clipped sum calls for goes first, so that the sum comes out.
    """
    given: dict[str, int] = {}
    rest = dict(sizes)
    while rest:
        left = n - sum(given.values())
        total = sum(shares[name] for name in rest)
        wanted = {name: left * (shares[name] / total if total else 1 / len(rest)) for name in rest}
        below = [name for name in rest if wanted[name] < floors[name]]
        above = [name for name in rest if wanted[name] > sizes[name]]
        if not below and not above:
            return given | _round(wanted, left)
        clipped = sum(min(max(wanted[name], floors[name]), sizes[name]) for name in rest)
        is_over = below and (clipped >= left or not above)
        for name in below if is_over else above:
            given[name] = floors[name] if is_over else sizes[name]
            del rest[name]
    return given


def _round(wanted: Mapping[str, float], total: int) -> dict[str, int]:
    """Whole numbers with the given sum: largest remainders, ties by name."""
    whole = {name: math.floor(value) for name, value in wanted.items()}
    left = total - sum(whole.values())
    for name in sorted(wanted, key=lambda one: (whole[one] - wanted[one], one))[:left]:
        whole[name] += 1
    return whole


def members_of(strata: Sequence[str] | npt.NDArray[np.object_]) -> dict[str, npt.NDArray[np.int64]]:
    """Places of the models of each stratum, rising; strata by name."""
    coded = pa.array(strata, type=pa.string()).dictionary_encode()
    codes = coded.indices.to_numpy(zero_copy_only=False)
    names = coded.dictionary.to_pylist()
    order = np.argsort(codes, kind="stable").astype(np.int64)
    places = np.split(order, np.cumsum(np.bincount(codes, minlength=len(names)))[:-1]) if names else []
    return dict(sorted(zip(names, places, strict=True)))


def draw(strata: Sequence[str] | npt.NDArray[np.object_], allocation: Mapping[str, int], seed: int) -> Drawn:
    """Draw a stratified sample.

    Args:
        strata: Stratum of each model of the frame.
        allocation: Sample size of each stratum.
        seed: Seed; each stratum draws from a stream of its own, so that one stratum's size never changes another's
            draw.

    Returns:
        Places in the frame, inclusion probabilities and weights.
    """
    rows: list[npt.NDArray[np.int64]] = []
    probabilities: list[npt.NDArray[np.float64]] = []
    weights: list[npt.NDArray[np.float64]] = []
    for name, stratum in members_of(strata).items():
        wanted = min(allocation.get(name, 0), len(stratum))
        if wanted:
            stream = np.random.default_rng([seed, *name.encode()])
            rows.append(np.sort(stream.choice(stratum, size=wanted, replace=False)).astype(np.int64))
            probabilities.append(np.full(wanted, wanted / len(stratum)))
            weights.append(np.full(wanted, len(stratum) / wanted))
    if not rows:
        return Drawn(np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
    joined = np.concatenate(rows)
    rising = np.argsort(joined, kind="stable")
    return Drawn(joined[rising], np.concatenate(probabilities)[rising], np.concatenate(weights)[rising])


def size_for_share(margin: float, population: int | None = None, share: float = 0.5, z: float = Z95) -> int:
    """Sample size that estimates a share within a margin of error.

    Cochran 1977, 4.4: n0 = z^2 p (1 - p) / d^2, with the correction for a finite population n0 / (1 + (n0 - 1) / N).

    Args:
        margin: Half the width of the interval, as a share (0.05 for five points).
        population: Models in the frame; None for no correction.
        share: Expected share; 0.5 asks for the largest sample.
        z: Quantile of the normal distribution; 1.96 for 95 %.

    Raises:
        UsageError: The margin or the share is not between 0 and 1.
    """
    if not 0 < margin < 1 or not 0 <= share <= 1:
        raise UsageError(f"margin and share lie between 0 and 1, not {margin:g} and {share:g}")
    infinite = z * z * share * (1 - share) / (margin * margin)
    if population is None:
        return max(1, math.ceil(infinite))
    return max(1, min(population, math.ceil(infinite / (1 + (infinite - 1) / population))))
