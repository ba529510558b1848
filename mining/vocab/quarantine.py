"""Values that stood in no list of a closed vocabulary: counted, the frequent ones kept by name, in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct

from mining.vocab.encoder import fold

__all__ = ["MOST_KEPT", "Quarantine", "Unseen"]

MOST_KEPT = 2_000
MAX_VALUE = 120


class Unseen(Struct, frozen=True):
    """What stood in no list of one vocabulary.

    Attributes:
        times: How often a value was in no list; exact.
        values: Folded values and how often each was seen, most frequent first, then by name. Where more than
            :data:`MOST_KEPT` differ, seldom ones are forgotten on the way, and a count is a lower bound.
    """

    times: int = 0
    values: tuple[tuple[str, int], ...] = ()


class Quarantine:
    """Counts the values that stood in no vocabulary.

    The same values in any order give the same rows, up to its limit of values.

    Args:
        most: Values of one vocabulary that are kept; twice as many are held for a while.
    """

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._times: Counter[str] = Counter()
        self._values: dict[str, Counter[str]] = {}

    def note(self, vocabulary: str, text: str) -> None:
        """Count one unseen value."""
        self._add(vocabulary, fold(text)[:MAX_VALUE], 1)
        self._times[vocabulary] += 1

    def add(self, counts: Mapping[str, Unseen]) -> None:
        """Add what another quarantine counted, as :meth:`counts` gives it.

        Beyond the limit of values the outcome depends on the order of the additions: keep to one.
        """
        for vocabulary, unseen in counts.items():
            self._times[vocabulary] += unseen.times
            for value, times in unseen.values:
                self._add(vocabulary, value, times)

    def counts(self, most: int | None = None) -> dict[str, Unseen]:
        """Counts by vocabulary, vocabularies by name.

        Args:
            most: Values of one vocabulary that are told; None for all that are kept.
        """
        told = self._most if most is None else most
        return {
            name: Unseen(self._times[name], tuple(_frequent(self._values[name])[:told]))
            for name in sorted(self._values)
        }

    def __len__(self) -> int:
        return sum(map(len, self._values.values()))

    def rows(self) -> list[tuple[str, str, int]]:
        """Vocabulary, folded value, times seen: most frequent first, then by name."""
        rows = [(name, value, times) for name, values in self._values.items() for value, times in values.items()]
        return sorted(rows, key=lambda row: (-row[2], row[:2]))

    def _add(self, vocabulary: str, value: str, times: int) -> None:
        values = self._values.setdefault(vocabulary, Counter())
        values[value] += times
        if len(values) > 2 * self._most:
            self._values[vocabulary] = Counter(dict(_frequent(values)[: self._most]))


def _frequent(values: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(values.items(), key=lambda entry: (-entry[1], entry[0]))
