"""Near-identical card texts: MinHash signatures (rensa) and groups by locality-sensitive hashing.

Broder 1997, "On the resemblance and containment of documents": the share of equal places in two signatures estimates
the Jaccard similarity of the two sets of word triples. Digits are masked, so that a template filled with other numbers
is the same text; with 128 places the standard error at a similarity of 0.8 is 0.035.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from rensa import RMinHash

PLACES = 128
SEED = 20230518
BANDS = 16
ROWS = PLACES // BANDS
SIMILAR = 0.8
"""From this similarity on two texts are near-identical; 16 bands of 8 find such a pair with probability 0.95, at 0.9
with 0.9999."""

MAX_CHARACTERS = 200_000
LEAST_WORDS = 20
_FRONT_MATTER = re.compile(r"\A([^-]{0,300}?)^---[ \t]*\n.*?\n---[ \t]*\n", re.DOTALL | re.MULTILINE)
"""The metadata block, also where it was put behind a first line."""
_WORD = re.compile(r"[^\W\d]+|\d")

Signatures = npt.NDArray[np.uint32]


def signature(text: str) -> bytes | None:
    """MinHash signature of a card's text without its front matter; None for a text under 20 words."""
    text = _FRONT_MATTER.sub(r"\1", text[:MAX_CHARACTERS], count=1).lower()
    words = _WORD.findall(re.sub(r"\d[\d.,]*", "0", text))
    if len(words) < LEAST_WORDS:
        return None
    sketch = RMinHash(num_perm=PLACES, seed=SEED)
    sketch.update([f"{a} {b} {c}" for a, b, c in zip(words, words[1:], words[2:], strict=False)])
    return np.array(sketch.digest(), dtype="<u4").tobytes()


def similarity(one: bytes | None, other: bytes | None) -> float | None:
    """Estimated Jaccard similarity of two texts; None where either has no signature."""
    if one is None or other is None:
        return None
    return float(np.mean(np.frombuffer(one, dtype="<u4") == np.frombuffer(other, dtype="<u4")))


def groups(signatures: Sequence[bytes | None]) -> list[int]:
    """Group near-identical texts.

    Args:
        signatures: One signature a text; None where there is none.

    Returns:
        For each text the place of the first text of its group; its own place where it stands alone.
    """
    root = list(range(len(signatures)))
    places = [place for place, one in enumerate(signatures) if one is not None]
    if len(places) < 2:
        return root
    matrix: Signatures = np.frombuffer(b"".join(one for one in signatures if one is not None), dtype="<u4").reshape(
        -1, PLACES
    )
    for band in range(BANDS):
        for bucket in _buckets(matrix[:, band * ROWS : (band + 1) * ROWS]):
            _join_similar(root, matrix, places, bucket)
    return [_find(root, place) for place in range(len(root))]


def _buckets(band: Signatures) -> list[npt.NDArray[np.intp]]:
    """Rows with the same values in a band, two and more together, each in rising order."""
    keys = np.ascontiguousarray(band).view(np.dtype((np.void, band.shape[1] * band.itemsize))).ravel()
    _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    order = np.argsort(inverse, kind="stable")
    ends = np.cumsum(counts)
    return [order[end - count : end] for end, count in zip(ends, counts, strict=True) if count > 1]


def _join_similar(root: list[int], matrix: Signatures, places: list[int], bucket: npt.NDArray[np.intp]) -> None:
    """Join a bucket's texts with its first text, where they are as similar as the bucket suggests."""
    first = bucket[0]
    alike = np.mean(matrix[bucket] == matrix[first], axis=1) >= SIMILAR
    for row in bucket[alike]:
        one, other = _find(root, places[first]), _find(root, places[int(row)])
        root[max(one, other)] = min(one, other)


def _find(root: list[int], place: int) -> int:
    while root[place] != place:
        root[place] = root[root[place]]
        place = root[place]
    return place
