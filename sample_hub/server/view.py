"""A catalog as it stands now."""

from __future__ import annotations

from sample_hub.server.catalog import Catalog


class View:
    """A catalog that stands still; one that changes with every page that is listed overrides its three questions."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.size = len(catalog)

    def alive(self, index: int) -> bool:
        """Whether the model is public now."""
        return index < self.size

    @property
    def quiet(self) -> bool:
        """Whether nothing is missing, so that rows need no check."""
        return True

    def turn(self) -> bool:
        """Let one page's worth of time pass; whether the page that follows repeats a row of the page before."""
        return False
