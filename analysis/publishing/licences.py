"""Which licences the data of a snapshot carry, by where they were mined from."""

from __future__ import annotations

from msgspec import Struct

from mining.errors import UsageError


class Licence(Struct, frozen=True, kw_only=True):
    """Licence of a data set that is handed on.

    Attributes:
        id: Identifier as the Hub lists it.
        url: Text of the licence, for Croissant.
        carried: Sources with their licences and what these ask for.
    """

    id: str
    url: str
    carried: tuple[tuple[str, str, str], ...]


HUB = (
    "Metadata of the Hugging Face Hub, and facts read from model cards",
    "facts; each model's own licence is in `models.license`",
    "Terms of service of the Hub",
)
LICENCES = {
    "hub": Licence(id="cc-by-4.0", url="https://creativecommons.org/licenses/by/4.0/", carried=(HUB,)),
    "sample": Licence(
        id="cc0-1.0",
        url="https://creativecommons.org/publicdomain/zero/1.0/",
        carried=(("Synthetic sample of hf-carbon", "CC0-1.0", "synthetic; says nothing about real models"),),
    ),
    "dump": Licence(
        id="odbl",
        url="https://opendatacommons.org/licenses/odbl/1-0/",
        carried=(
            HUB,
            ("cfahlgren1/hub-stats (where it was the dump)", "Apache-2.0", "keep the notice"),
            (
                "hfmlsoc/hub_weekly_snapshots (where it was the dump)",
                "ODbL-1.0",
                "name the source; share databases made from it alike",
            ),
        ),
    ),
}


def licence_of(source: str) -> Licence:
    """Licence of data mined from a source.

    Raises:
        UsageError: The source gives no right to hand its data on.
    """
    if source not in LICENCES:
        reason = {
            "published": "the published data of the 2023 study carry no licence",
            "cards": "a folder of cards says nothing of their licences",
        }.get(source, f"nothing is known of the licence of source '{source}'")
        raise UsageError(f"this snapshot cannot be published: {reason}")
    return LICENCES[source]
