"""The closing account of a crawl."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from mining.hub.client import HubClient
    from mining.snapshot.writer import SnapshotWriter


class Tally(Struct, frozen=True, kw_only=True):
    """What a crawl asked, received and waited for.

    Attributes:
        asked: Requests sent by this run, by rate-limit bucket.
        received: Envelopes in the snapshot, by kind.
        failed: Failed answers in the snapshot, by reason.
        retried: Tries of this run that had to be repeated, by reason.
        duplicates: Model rows that came more than once.
        waited_s: Seconds this run waited for quota and between tries.
        took_s: Seconds this run took.
        notes: Remarks of the manifest.
    """

    asked: dict[str, int] = {}
    received: dict[str, int] = {}
    failed: dict[str, int] = {}
    retried: dict[str, int] = {}
    duplicates: int = 0
    waited_s: float = 0.0
    took_s: float = 0.0
    notes: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """The account in words, for standard error and ``run.log``."""
        lines = [
            f"asked     {_listed(self.asked) or 'nothing'}",
            f"received  {_listed(self.received) or 'nothing'}"
            + (f" ({self.duplicates:,} repeated rows kept once)" if self.duplicates else ""),
            f"failed    {_listed(self.failed) or 'none'}",
        ]
        if self.retried:
            lines.append(f"repeated  {_listed(self.retried)}")
        lines.append(f"waited    {self.waited_s:,.1f} s of {self.took_s:,.1f} s")
        return lines + [f"note      {note}" for note in self.notes]


def tally_of(writer: SnapshotWriter, client: HubClient | None, took_s: float) -> Tally:
    """Account of a writer and, where one asked, its client."""
    return Tally(
        asked=dict(client.traffic.asked) if client else {},
        received=writer.counts,
        failed=writer.failures,
        retried=dict(client.traffic.retried) if client else {},
        duplicates=writer.duplicates,
        waited_s=client.waited_s if client else 0.0,
        took_s=took_s,
        notes=writer.notes,
    )


def _listed(counts: dict[str, int]) -> str:
    """Counts as words, in a fixed order."""
    return ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items()) if count)
