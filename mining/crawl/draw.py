"""A stratified, seeded draw of models whose cards are fetched although nothing suggests a report."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from hashlib import blake2b

import msgspec
from msgspec import Struct

from mining.hub.models import ModelHead


class DrawHead(Struct):
    """What the strata of the draw are made of."""

    pipeline_tag: str | None = None
    downloads: int | None = None


class Stratum(Struct, frozen=True):
    """One stratum of the draw.

    Attributes:
        name: Task, year of creation, and order of magnitude of the downloads.
        models: Models in it.
        drawn: Models drawn from it; the weight of each is ``models / drawn``.
    """

    name: str
    models: int
    drawn: int


class Draw(Struct, frozen=True):
    """A finished draw, kept with the snapshot so that weights can be computed from it."""

    seed: int
    strata: tuple[Stratum, ...]
    keys: tuple[str, ...]


Models = Callable[[], Iterator[tuple[str, ModelHead, DrawHead]]]


def draw_sample(models: Models, size: int, seed: int) -> Draw:
    """Draw models in proportion to their strata, at least one from each as far as the size allows.

    Args:
        models: Gives all models anew each time it is called: key, head, and what strata are made of.
        size: How many to draw.
        seed: Seed; a model's place in the draw depends on seed and key only.

    Returns:
        The draw; fewer than ``size`` where there are fewer models.
    """
    counts: dict[str, int] = {}
    for _, head, rest in models():
        name = stratum_name(head, rest)
        counts[name] = counts.get(name, 0) + 1
    shares = allocate(counts, size)
    heaps: dict[str, list[tuple[int, str]]] = {name: [] for name in shares}
    for key, head, rest in models():
        name = stratum_name(head, rest)
        entry = (-_ticket(seed, key), key)
        heap = heaps[name]
        if len(heap) < shares[name]:
            heapq.heappush(heap, entry)
        elif heap and entry > heap[0]:
            heapq.heapreplace(heap, entry)
    strata = tuple(Stratum(name, counts[name], len(heaps[name])) for name in sorted(counts))
    return Draw(seed, strata, tuple(sorted(key for heap in heaps.values() for _, key in heap)))


def allocate(counts: dict[str, int], size: int) -> dict[str, int]:
    """Share a sample among strata: one each, the largest strata first, then by largest remainder."""
    names = sorted(counts, key=lambda name: (-counts[name], name))
    size = min(size, sum(counts.values()))
    shares = {name: int(place < size) for place, name in enumerate(names)}
    rest = size - sum(shares.values())
    spare = sum(counts[name] - shares[name] for name in names)
    exact = {name: rest * (counts[name] - shares[name]) / spare if spare else 0.0 for name in names}
    for name in names:
        shares[name] += int(exact[name])
    left = size - sum(shares.values())
    by_remainder = sorted(names, key=lambda name: (-(exact[name] % 1), name))
    for name in [name for name in by_remainder if shares[name] < counts[name]][:left]:
        shares[name] += 1
    return shares


def stratum_name(head: ModelHead, rest: DrawHead) -> str:
    """Stratum of a model: task, year, order of magnitude of the downloads of the last 30 days."""
    downloads = rest.downloads if rest.downloads is not None and rest.downloads > 0 else 0
    year = (head.created_at or "unknown")[:4] if head.created_at else "unknown"
    return f"{rest.pipeline_tag or 'none'}|{year}|{len(str(downloads)) if downloads else 0}"


def read_draw_head(body: str) -> DrawHead:
    """What strata are made of; a body of another shape falls into the stratum of the unknown."""
    try:
        return msgspec.json.decode(body, type=DrawHead)
    except msgspec.MsgspecError:
        return DrawHead()


def _ticket(seed: int, key: str) -> int:
    """Random number of a model, the same on every machine."""
    return int.from_bytes(blake2b(f"{seed}|{key}".encode(), digest_size=8).digest(), "big")
