"""Which listed models probably say something of carbon in their card.

The listing shows emissions only where they stand in the metadata. Some authors and some generators write them into the
text of the card, or leave a meter's log in the repository; their models are worth a look. This is a net, not a
judgement: the card decides.
"""

from __future__ import annotations

import re

from mining.hub.models import ModelHead, emissions_file

FLOOR = "2022-03-02T23:29:04"
REPORTER_TAG = "co2_eq_emissions"
# Generators that write consumption into the card when a meter ran.
GENERATOR_TAGS = frozenset({"sentence-transformers", "setfit", "span-marker", "autotrain", "autonlp", "pylate"})
# Accounts that published cards with carbon in prose or tables (model families from 2020 on).
PROSE_AUTHORS = frozenset({
    "allenai", "apple", "bigcode", "bigscience", "bsc-lt", "compvis", "eleutherai", "facebook", "google",
    "huggingfacetb", "ibm-granite", "ibm-nasa-geospatial", "meta-llama", "microsoft", "mistralai", "nvidia",
    "projecte-aina", "runwayml", "stabilityai", "swiss-ai", "tiiuae", "utter-project",
})  # fmt: skip
_WORDS = re.compile(
    r"codecarbon|co2|carbon|emission|green[-_]?ai|sustainab|energy[-_]?(?:label|use|consum)", re.IGNORECASE
)


def is_reporter(head: ModelHead) -> bool:
    """Whether the listing itself shows emissions metadata."""
    if REPORTER_TAG in (head.tags or ()):
        return True
    return isinstance(head.card_data, dict) and head.card_data.get(REPORTER_TAG) is not None


def is_suspect(head: ModelHead) -> bool:
    """Whether tags, author, name or files suggest a report outside the metadata."""
    tags = head.tags or ()
    author, _, name = head.id.rpartition("/")
    if not GENERATOR_TAGS.isdisjoint(tags) or head.library_name in GENERATOR_TAGS or author.lower() in PROSE_AUTHORS:
        return True
    return bool(_WORDS.search(name)) or any(_WORDS.search(tag) for tag in tags) or emissions_file(head) is not None


def is_at_floor(head: ModelHead) -> bool:
    """Whether the creation date is only the day when the Hub began to keep one: the first commit may be older."""
    return head.created_at is not None and head.created_at.startswith(FLOOR)
