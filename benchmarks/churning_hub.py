"""A Hub that does not stand still: models appear and vanish while somebody lists them. For tests and benchmarks."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterable
from dataclasses import dataclass

from sample_hub import Catalog
from sample_hub.server.view import View

HIDDEN_SHARE = 0.01


@dataclass(frozen=True)
class Churn:
    """How much the Hub changes with every page that is listed.

    Attributes:
        created_per_page: Models created (newer than all others), where the catalog can grow.
        deleted_per_page: Models deleted, anywhere.
        revealed_per_page: Private models made public, anywhere: rows inserted behind and before the cursor.
        repeat_share: Share of the pages that begin with the last row of the page before (a row shifted over the
            border).
        seed: Seed of all draws.
    """

    created_per_page: int = 2
    deleted_per_page: int = 2
    revealed_per_page: int = 1
    repeat_share: float = 0.1
    seed: int = 0


class ChurningView(View):
    """A catalog as it stands now, and the record of what it was: what a crawler has to find out."""

    def __init__(self, catalog: Catalog, churn: Churn | None = None) -> None:
        super().__init__(catalog)
        self.churn = churn or Churn()
        self._lock = threading.Lock()
        self._random = random.Random(self.churn.seed)
        self._gone: set[int] = set()
        self._revealed: set[int] = set()
        count = round(HIDDEN_SHARE * self.size) if self.churn.revealed_per_page else 0
        self._hidden = self._random.sample(range(self.size), count)
        self._absent = set(self._hidden)
        self._absent_at_start = frozenset(self._hidden)

    def alive(self, index: int) -> bool:
        """Whether the model is public now."""
        return index < self.size and index not in self._absent

    @property
    def quiet(self) -> bool:
        """Whether nothing is missing, so that rows need no check."""
        return not self._absent

    def turn(self) -> bool:
        """Let one page's worth of time pass; whether the page that follows repeats a row of the page before."""
        churn = self.churn
        with self._lock:
            if self.catalog.may_grow():
                self.size += churn.created_per_page
            for _ in range(churn.deleted_per_page):
                index = self._random.randrange(len(self.catalog))
                if index not in self._absent:
                    self._gone.add(index)
                    self._absent.add(index)
            for _ in range(min(churn.revealed_per_page, len(self._hidden))):
                index = self._hidden.pop()
                self._revealed.add(index)
                self._absent.discard(index)
            return self._random.random() < churn.repeat_share

    def _keys(self, indices: Iterable[int]) -> set[str]:
        return {self.catalog.key(index) for index in indices}

    @property
    def throughout(self) -> set[str]:
        """``_id`` of every model that was listed from the start until now."""
        return self._keys(set(range(len(self.catalog))) - self._absent_at_start - self._gone)

    @property
    def created(self) -> set[str]:
        """``_id`` of the models created or made public since the start."""
        return self._keys([*range(len(self.catalog), self.size), *self._revealed])

    @property
    def deleted(self) -> set[str]:
        """``_id`` of the models deleted since the start."""
        return self._keys(self._gone)
