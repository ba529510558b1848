"""An amount of emissions in a sentence, with what it was judged to be."""

from __future__ import annotations

from msgspec import Struct

from mining.card.document.passages import Passage
from mining.card.extract.roles import Feature, Role
from mining.schema import Claim
from mining.units import PhysicalQuantity

__all__ = ["NO_STAGE", "Amount"]

NO_STAGE = frozenset(
    {
        "trial",
        "evaluate",
        "data",
        "infer",
        "saved",
        "plan",
        "would",
        "embodied",
        "base",
        "other",
        "other-name",
        "sibling",
        "base-name",
        "several",
        "equal",
        "annual",
        "rate",
        "future",
        "project",
        "replicate",
        "citation",
        "ofwhich",
    }
)


class Amount(Struct, frozen=True):
    """An amount of a sentence with what speaks for its role.

    Attributes:
        claim: Its claim.
        role: What it was judged to be.
        quantity: Number and unit; None where the unit was lost.
        passage: Paragraph or item that it stands in.
        features: Evidence.
    """

    claim: Claim
    role: Role
    quantity: PhysicalQuantity | None
    passage: Passage
    features: tuple[Feature, ...]

    @property
    def grams(self) -> float:
        """The amount in grams; 0 where the unit was lost."""
        return self.claim.inner_value or 0.0

    def has(self, names: frozenset[str], least: float = 0.5) -> bool:
        """Whether one of the features speaks strongly in its own clause, heading or item."""
        return any(
            one.name in names and one.strength >= least and one.zone in {"clause", "head"} for one in self.features
        )
